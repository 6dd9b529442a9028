"""The proof (law 8): balances, values, numbers and chain, worked out again from the movements alone.

Streams: memory does not grow with the ledger. Each part reads one snapshot, so that postings may go on meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Id, Instant, Model, db
from inventory.ledger.movements import FACTS, Movement
from inventory.ledger.registers import (
    FIRST_HASH,
    FORM_VERSION,
    Entry,
    MovementFacts,
    Register,
    canonical,
    chained,
    digest_of,
)
from inventory.warehouses import Warehouse

BATCH = 2000


class Verification(Model):
    """The result of one run: how much was read, how much of it is wrong."""

    __tablename__ = "verification"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime] = mapped_column(Instant)
    entries: Mapped[int] = mapped_column(Id)
    movements: Mapped[int] = mapped_column(Id)
    differences: Mapped[int] = mapped_column(Id)
    first_differences: Mapped[list[Any]] = mapped_column(JSON)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not agree. ``register`` is ``WAREHOUSE/year``; ``position`` None when it is not one
    entry's."""

    code: str
    register: str
    position: int | None
    detail: str


@dataclass(slots=True)
class Tally:
    """How much has been read so far."""

    entries: int = 0
    movements: int = 0


def verify(tally: Tally | None = None, progress: Callable[[Tally], None] | None = None) -> Iterator[Difference]:
    """Every difference there is; none when the ledger is in order. Call it outside ``transaction()``."""
    is_whole = True
    with snapshot():
        for row in _unreadable():
            is_whole = False
            yield Difference("unreadable", row.register, row.position, row.detail)
    yield from as_far_as_it_reads(_chains(tally or Tally(), progress, is_whole), "unreadable")
    for code, question in _DERIVED:
        yield from as_far_as_it_reads(_derived(code, question), code)


def as_far_as_it_reads(part: Iterator[Difference], code: str) -> Iterator[Difference]:
    """One part of the proof, on a snapshot of its own. Where something stands that cannot be read at all, which we
    never wrote, the part ends there and says so, and the others go on."""
    with snapshot():
        try:
            yield from part
        except DBAPIError as error:
            reason = str(error.orig).partition("\n")[0]
            yield Difference(code, "", None, f"what follows cannot be read: {reason}")


def _derived(code: str, question: str) -> Iterator[Difference]:
    for row in db.session.execute(text(question)):
        yield Difference(code, row.register or "", row.position, row.detail)


def _unreadable() -> Iterator[Any]:
    """The entries whose day or instant is none: a database may be made to keep one, and nothing can be read of it."""
    is_readable = _DAYS_OF[db.engine.dialect.name]
    yield from db.session.execute(text(_UNREADABLE.format(is_readable=is_readable)))


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside stood there at one moment, however long the reading takes."""
    session = db.session
    session.rollback()
    options = {"isolation_level": "REPEATABLE READ"} if db.engine.dialect.name == "postgresql" else {}
    session.connection(execution_options=options)
    try:
        yield
    finally:
        session.rollback()


def _chains(tally: Tally, progress: Callable[[Tally], None] | None, is_whole: bool) -> Iterator[Difference]:
    """Walks every register from its first entry to its head, but for the entries that cannot be read."""
    names = {row.id: row.code for row in db.session.execute(select(Warehouse.id, Warehouse.code))}
    heads = {
        (row.warehouse_id, row.year): (row.position, row.hash)
        for row in db.session.execute(select(Register.warehouse_id, Register.year, Register.position, Register.hash))
    }
    movements = _Movements(is_whole)
    register: tuple[int, int] | None = None
    position, last_hash = 0, FIRST_HASH
    for entry in _entries(is_whole):
        tally.entries += 1
        if progress and tally.entries % BATCH == 0:
            progress(tally)
        if (entry.warehouse_id, entry.year) != register:
            if register is not None:
                yield from _head(names, register, heads.pop(register, None), position, last_hash)
            register = (entry.warehouse_id, entry.year)
            position, last_hash = 0, FIRST_HASH
        name = f"{names.get(entry.warehouse_id, '?')}/{entry.year}"
        yield from _entry(name, entry, movements.of(entry.id, tally), position, last_hash)
        position, last_hash = entry.position, entry.hash
    if register is not None:
        yield from _head(names, register, heads.pop(register, None), position, last_hash)
    for key, head in heads.items():
        yield from _head(names, key, head, 0, FIRST_HASH)
    if progress:
        progress(tally)


def _entry(
    name: str, entry: Any, movements: list[MovementFacts], position: int, last_hash: str
) -> Iterator[Difference]:
    if entry.position != position + 1:
        yield Difference("gap", name, entry.position, f"follows position {position}")
    if entry.previous_hash != last_hash:
        yield Difference("chain_broken", name, entry.position, "does not cite the hash of the entry before it")
    if digest_of(entry.paper) != entry.digest:
        yield Difference("paper_changed", name, entry.position, f"the paper of {entry.kind} {entry.number} was edited")
    if entry.form != FORM_VERSION:
        yield Difference("unknown_form", name, entry.position, f"form {entry.form} is not known")
    elif not _is_sealed(entry, movements):
        yield Difference(
            "entry_changed", name, entry.position, f"{entry.kind} {entry.number} or its movements were edited"
        )
    if entry.year != entry.on.year:
        yield Difference("wrong_year", name, entry.position, f"is dated {entry.on.isoformat()}")


def _is_sealed(entry: Any, movements: list[MovementFacts]) -> bool:
    try:
        return bool(chained(entry.previous_hash, canonical(entry, movements)) == entry.hash)
    except ValueError:  # what it cites is no hash at all
        return False


def _head(
    names: dict[int, str], register: tuple[int, int], head: tuple[int, str] | None, position: int, last_hash: str
) -> Iterator[Difference]:
    name = f"{names.get(register[0], '?')}/{register[1]}"
    if head is None:
        yield Difference("head_missing", name, position, "the register has entries and no head")
    elif head[0] != position:
        yield Difference(
            "entries_missing", name, position + 1, f"the head says {head[0]} entries, the last found is {position}"
        )
    elif head[1] != last_hash:
        yield Difference("head_changed", name, position, "the head's hash is not that of the last entry")


def _entries(is_whole: bool) -> Iterator[Any]:
    """All entries that can be read, register by register, in order."""
    columns = [
        getattr(Entry, name)
        for name in (
            "id", "warehouse_id", "year", "position", "kind", "number", "on", "recorded_at", "actor_id", "key",
            "fingerprint", "code", "reverses_id", "cites_id", "paper", "digest", "form", "previous_hash", "hash",
        )
    ]  # fmt: skip
    question = select(*columns).order_by(Entry.warehouse_id, Entry.year, Entry.position)
    if not is_whole:
        question = question.where(text(_DAYS_OF[db.engine.dialect.name]))
    yield from db.session.execute(question, execution_options={"yield_per": BATCH})


class _Movements:
    """The movements of all entries in the same order, read alongside."""

    def __init__(self, is_whole: bool) -> None:
        question = (
            select(Movement.entry_id, *FACTS)
            .join(Entry, Entry.id == Movement.entry_id)
            .order_by(Entry.warehouse_id, Entry.year, Entry.position, Movement.line)
        )
        if not is_whole:
            question = question.where(text(_DAYS_OF[db.engine.dialect.name]))
        self._rows = iter(db.session.execute(question, execution_options={"yield_per": BATCH}))
        self._next = next(self._rows, None)

    def of(self, entry_id: int, tally: Tally) -> list[MovementFacts]:
        found = []
        while self._next is not None and self._next[0] == entry_id:
            found.append(MovementFacts(*self._next[1:]))
            self._next = next(self._rows, None)
        tally.movements += len(found)
        return found


# What a day and an instant look like that can be read.
_DAYS_OF = {
    "postgresql": "entry.on_date BETWEEN '0001-01-01' AND '9999-12-31'"
    " AND entry.recorded_at BETWEEN '0001-01-02' AND '9999-12-30'",
    "sqlite": "COALESCE(date(julianday(entry.on_date)) = entry.on_date"  # which knows that February has no 30th
    " AND date(julianday(substr(entry.recorded_at, 1, 10))) = substr(entry.recorded_at, 1, 10)"
    " AND datetime(entry.recorded_at) = substr(entry.recorded_at, 1, 19), 0)",
}
_UNREADABLE = """SELECT COALESCE(w.code, '?') || '/' || entry.year AS register, entry.position,
        'is dated ' || CAST(entry.on_date AS VARCHAR) || ', recorded ' || CAST(entry.recorded_at AS VARCHAR) AS detail
    FROM entry LEFT JOIN warehouse w ON w.id = entry.warehouse_id WHERE NOT ({is_readable})
    ORDER BY entry.warehouse_id, entry.year, entry.position"""
_NET = """
    SELECT item_id, lot_id, place_id, SUM(quantity) AS quantity, MAX(on_date) AS last_on FROM (
        SELECT item_id, lot_id, target_id AS place_id, quantity, on_date FROM movement
        WHERE target_warehouse_id IS NOT NULL
        UNION ALL
        SELECT item_id, lot_id, source_id, -quantity, on_date FROM movement WHERE source_warehouse_id IS NOT NULL
    ) AS sides GROUP BY item_id, lot_id, place_id
"""
_NET_HOLDING = """
    SELECT item_id, warehouse_id, SUM(quantity) AS quantity, SUM(value) AS value FROM (
        SELECT item_id, target_warehouse_id AS warehouse_id, quantity, value FROM movement
        WHERE target_warehouse_id IS NOT NULL AND target_warehouse_id <> COALESCE(source_warehouse_id, 0)
        UNION ALL
        SELECT item_id, source_warehouse_id, -quantity, -value FROM movement
        WHERE source_warehouse_id IS NOT NULL AND source_warehouse_id <> COALESCE(target_warehouse_id, 0)
    ) AS sides GROUP BY item_id, warehouse_id
"""
# Where a run of numbers begins counts 1, just behind its end -1: what movements and ranges leave of it must be nothing.
_NET_NUMBERS = """
    SELECT item_id, place_id, number FROM (
        SELECT item_id, target_id AS place_id, first_number AS number, 1 AS step FROM movement
        WHERE first_number IS NOT NULL AND target_warehouse_id IS NOT NULL
        UNION ALL
        SELECT item_id, target_id, last_number + 1, -1 FROM movement
        WHERE first_number IS NOT NULL AND target_warehouse_id IS NOT NULL
        UNION ALL
        SELECT item_id, source_id, first_number, -1 FROM movement
        WHERE first_number IS NOT NULL AND source_warehouse_id IS NOT NULL
        UNION ALL
        SELECT item_id, source_id, last_number + 1, 1 FROM movement
        WHERE first_number IS NOT NULL AND source_warehouse_id IS NOT NULL
        UNION ALL
        SELECT item_id, location_id, first, -1 FROM number_range
        UNION ALL
        SELECT item_id, location_id, last + 1, 1 FROM number_range
    ) AS steps GROUP BY item_id, place_id, number HAVING SUM(step) <> 0
"""
_ITEM_AT = "'item ' || i.code || ' at ' || l.code"

_DERIVED = (
    (
        "balance_wrong",
        f"""SELECT w.code AS register, NULL AS position,
            {_ITEM_AT} || ': balance ' || COALESCE(b.quantity, 0) || ', movements ' || COALESCE(n.quantity, 0) AS detail
        FROM ({_NET}) AS n
        LEFT JOIN balance b ON b.item_id = n.item_id AND b.lot_id = n.lot_id AND b.location_id = n.place_id
        JOIN item i ON i.id = n.item_id JOIN location l ON l.id = n.place_id JOIN warehouse w ON w.id = l.warehouse_id
        WHERE COALESCE(b.quantity, 0) <> n.quantity""",
    ),
    (
        "balance_wrong",
        f"""SELECT w.code AS register, NULL AS position,
            {_ITEM_AT} || ': balance ' || b.quantity || ', movements none' AS detail
        FROM balance b LEFT JOIN ({_NET}) AS n
            ON b.item_id = n.item_id AND b.lot_id = n.lot_id AND b.location_id = n.place_id
        JOIN item i ON i.id = b.item_id JOIN location l ON l.id = b.location_id JOIN warehouse w ON w.id =
        b.warehouse_id WHERE n.item_id IS NULL AND b.quantity <> 0""",
    ),
    (
        "balance_misplaced",
        f"""SELECT w.code AS register, NULL AS position,
            {_ITEM_AT} || ': the balance names another warehouse or day than its movements' AS detail
        FROM ({_NET}) AS n
        JOIN balance b ON b.item_id = n.item_id AND b.lot_id = n.lot_id AND b.location_id = n.place_id
        JOIN item i ON i.id = n.item_id JOIN location l ON l.id = n.place_id JOIN warehouse w ON w.id = l.warehouse_id
        WHERE b.warehouse_id <> l.warehouse_id OR b.last_on <> n.last_on""",
    ),
    (
        "value_wrong",
        f"""SELECT w.code AS register, NULL AS position,
            'item ' || i.code || ': holding ' || COALESCE(h.quantity, 0) || ' worth ' || COALESCE(h.value, 0)
            || ', movements ' || n.quantity || ' worth ' || n.value AS detail
        FROM ({_NET_HOLDING}) AS n
        LEFT JOIN holding h ON h.item_id = n.item_id AND h.warehouse_id = n.warehouse_id
        JOIN item i ON i.id = n.item_id JOIN warehouse w ON w.id = n.warehouse_id
        WHERE COALESCE(h.quantity, 0) <> n.quantity OR COALESCE(h.value, 0) <> n.value""",
    ),
    (
        "value_wrong",
        f"""SELECT w.code AS register, NULL AS position, 'item ' || i.code || ': holding without movements' AS detail
        FROM holding h LEFT JOIN ({_NET_HOLDING}) AS n ON h.item_id = n.item_id AND h.warehouse_id = n.warehouse_id
        JOIN item i ON i.id = h.item_id JOIN warehouse w ON w.id = h.warehouse_id
        WHERE n.item_id IS NULL AND (h.quantity <> 0 OR h.value <> 0)""",
    ),
    (
        "number_gap",
        """SELECT w.code || '/' || e.year AS register, NULL AS position,
            e.kind || ': ' || COUNT(*) || ' papers, numbered ' || MIN(e.number) || ' to ' || MAX(e.number) AS detail
        FROM entry e JOIN warehouse w ON w.id = e.warehouse_id
        GROUP BY w.code, e.year, e.kind HAVING COUNT(*) <> MAX(e.number) OR MIN(e.number) <> 1""",
    ),
    (
        "name_missing",
        """SELECT COALESCE(w.code, '?') || '/' || e.year AS register, e.position,
            CASE WHEN w.id IS NULL THEN 'its warehouse is gone' ELSE 'who wrote it is gone' END AS detail
        FROM entry e LEFT JOIN warehouse w ON w.id = e.warehouse_id LEFT JOIN user_account u ON u.id = e.actor_id
        WHERE w.id IS NULL OR u.id IS NULL""",
    ),
    (
        "movement_misplaced",
        """SELECT COALESCE(w.code || '/' || e.year, '?') AS register, e.position AS position,
            'movement ' || m.id || ' disagrees with its entry or its places' AS detail
        FROM movement m LEFT JOIN entry e ON e.id = m.entry_id LEFT JOIN warehouse w ON w.id = e.warehouse_id
        LEFT JOIN location s ON s.id = m.source_id LEFT JOIN location t ON t.id = m.target_id
        WHERE e.id IS NULL OR m.on_date <> e.on_date
            OR COALESCE(m.source_warehouse_id, 0) <> COALESCE(s.warehouse_id, 0)
            OR COALESCE(m.target_warehouse_id, 0) <> COALESCE(t.warehouse_id, 0)""",
    ),
    (
        "ranges_wrong",
        """SELECT w.code AS register, NULL AS position,
            'item ' || i.code || ' at ' || l.code || ': numbers and balance disagree' AS detail
        FROM balance b JOIN item i ON i.id = b.item_id AND i.tracking = 'range'
        JOIN location l ON l.id = b.location_id JOIN warehouse w ON w.id = b.warehouse_id
        LEFT JOIN (SELECT item_id, location_id, SUM(last - first + 1) AS numbers FROM number_range
            GROUP BY item_id, location_id) AS r ON r.item_id = b.item_id AND r.location_id = b.location_id
        WHERE b.quantity <> COALESCE(r.numbers, 0) * 1000""",
    ),
    (
        "numbers_wrong",
        f"""SELECT w.code AS register, NULL AS position,
            'item ' || i.code || ' at ' || l.code || ': numbers from ' || MIN(n.number) || ' on and movements disagree'
            AS detail
        FROM ({_NET_NUMBERS}) AS n
        JOIN item i ON i.id = n.item_id JOIN location l ON l.id = n.place_id JOIN warehouse w ON w.id = l.warehouse_id
        GROUP BY w.code, i.code, l.code""",
    ),
    (
        "numbers_overlap",
        """SELECT w.code AS register, NULL AS position,
            'item ' || i.code || ' at ' || l.code || ': numbers from ' || r.first || ' on lie in two places' AS detail
        FROM (SELECT item_id, location_id, first, MAX(last) OVER (PARTITION BY item_id ORDER BY first, id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached FROM number_range) AS r
        JOIN item i ON i.id = r.item_id JOIN location l ON l.id = r.location_id
        JOIN warehouse w ON w.id = l.warehouse_id WHERE r.first <= r.reached""",
    ),
    (
        "unit_twice",
        """SELECT MIN(w.code) AS register, NULL AS position,
            'inventory number ' || t.inventory_number || ' stands ' || SUM(b.quantity) / 1000 || ' times' AS detail
        FROM balance b JOIN lot t ON t.id = b.lot_id AND t.inventory_number IS NOT NULL
        JOIN warehouse w ON w.id = b.warehouse_id
        GROUP BY t.inventory_number HAVING SUM(b.quantity) > 1000""",
    ),
)
