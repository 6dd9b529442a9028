"""One book, one pen: the open book of the warehouses a posting touches, and the act of posting itself.

``lock`` takes the warehouse rows, ``Book.turn`` reads afresh what stands, ``Book.prepare`` checks everything and
``Book.post`` writes it. A posting of any length costs the same number of statements: lock, page, entry, movements,
balances, holdings, head.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, bindparam, insert, text, update

from inventory.database import Money, Quantity, UnitCost, db
from inventory.errors import Fault, InsufficientStock, fault, refuse_stale
from inventory.ledger.movements import Movement
from inventory.ledger.pages import BalanceRow, HoldingRow, Known, page
from inventory.ledger.periods import later_faults, refuse_negative_later
from inventory.ledger.premises import Place
from inventory.ledger.ranges import Numbers, number_faults, refuse_misplaced
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
from inventory.ledger.shifts import NOTHING, Shift
from inventory.ledger.units import refuse_second_unit, unit_faults
from inventory.ledger.values import CENTIME, own_costs, rests, value_of
from inventory.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Heading:
    """What ``documents`` passes in about the paper that is being posted."""

    kind: str
    on: date
    recorded_at: datetime
    actor_id: int
    key: str
    fingerprint: str
    code: str
    reverses_id: int | None = None
    cites_id: int | None = None


# A writer says what it read: nothing is written over what somebody without the pen has changed.
_COLUMNS = (
    "warehouse_id", "year", "position", "preceding", "kind", "number", "on", "recorded_at", "actor_id", "key",
    "fingerprint", "code", "reverses_id", "cites_id", "paper", "digest", "form", "previous_hash", "hash",
)  # fmt: skip
_MOVED = (
    "entry_id", "line", "item_id", "lot_id", "source_id", "target_id", "source_warehouse_id", "target_warehouse_id",
    "on", "quantity", "value", "unit_cost", "first_number", "last_number",
)  # fmt: skip
_WRITE_BALANCE = Prepared(
    text(
        "INSERT INTO balance (item_id, lot_id, location_id, warehouse_id, quantity, last_on)"
        " VALUES (:item_id, :lot_id, :location_id, :warehouse_id, :quantity, :on)"
        " ON CONFLICT (item_id, lot_id, location_id) DO UPDATE SET quantity = excluded.quantity,"
        " last_on = CASE WHEN balance.last_on > excluded.last_on THEN balance.last_on ELSE excluded.last_on END"
        " WHERE balance.quantity = :quantity_read"
    ).bindparams(
        bindparam("on", type_=Date()),
        bindparam("quantity", type_=Quantity()),
        bindparam("quantity_read", type_=Quantity()),
    )
)
_WRITE_HOLDING = Prepared(
    text(
        "INSERT INTO holding (item_id, warehouse_id, quantity, value)"
        " VALUES (:item_id, :warehouse_id, :quantity, :value)"
        " ON CONFLICT (item_id, warehouse_id) DO UPDATE SET quantity = excluded.quantity, value = excluded.value"
        " WHERE holding.quantity = :quantity_read AND holding.value = :value_read"
    ).bindparams(
        bindparam("quantity", type_=Quantity()),
        bindparam("quantity_read", type_=Quantity()),
        bindparam("value", type_=Money()),
        bindparam("value_read", type_=Money()),
    )
)
_WRITE_HEAD = Prepared(
    update(Register)
    .where(
        Register.warehouse_id == bindparam("w"),
        Register.year == bindparam("y"),
        Register.position == bindparam("before"),
    )
    .values(position=bindparam("position"), hash=bindparam("hash"))
)
_INSERT_ENTRY = Prepared(insert(Entry).values({name: bindparam(name) for name in _COLUMNS}).returning(Entry.id))
_INSERT_MOVEMENTS = Prepared(insert(Movement).values({name: bindparam(name) for name in _MOVED}))


@dataclass(slots=True)
class Book:
    """The open book: who holds it has the pen of its warehouses. ``warehouse_id`` is the register it writes in."""

    warehouse_id: int
    year: int
    position: int = 0
    hash: str = FIRST_HASH
    last_number: int = 0
    closed_on: date | None = None
    known: Known | None = None
    balances: dict[tuple[int, int, int], BalanceRow] = field(default_factory=dict)
    holdings: dict[tuple[int, int], HoldingRow] = field(default_factory=dict)
    values: dict[int, Decimal] = field(default_factory=dict)
    numbers: Numbers = field(default_factory=lambda: Numbers([]))

    @classmethod
    def turn(
        cls, warehouse_id: int, warehouse_ids: Sequence[int], *, on: date, kind: str, key: str, item_ids: Sequence[int]
    ) -> Book:
        """Opens the page of a day: head, next number, whether the key is known, and every standing balance of the items
        in the locked warehouses."""
        book = cls(warehouse_id, on.year)
        rows = page(warehouse_id, warehouse_ids, year=on.year, kind=kind, key=key, item_ids=item_ids)
        first = rows[0]
        if first.known_id is not None:
            book.known = Known(first.known_id, first.known_fingerprint, first.known_actor_id)
        if first.position is not None:
            book.position, book.hash = first.position, first.hash
        book.last_number, book.closed_on = first.last_number or 0, first.closed_on
        for row in rows:
            if row.item_id is not None:
                book._note(row)
        return book

    def _note(self, row: Any) -> None:
        place = Place(row.place_id, row.place_code, row.place_kind, row.warehouse_id, row.destination_id)
        self.balances[row.item_id, row.lot_id, row.place_id] = BalanceRow(
            row.item_id, row.lot_id, place, row.quantity, row.last_on, row.lot, row.expires_on
        )
        self.holdings[row.item_id, row.warehouse_id] = HoldingRow(row.held, row.held_value, row.held, row.held_value)

    def rows_of(self, item_id: int, warehouse_id: int) -> list[BalanceRow]:
        """The balances of an item in a warehouse, as the page shows them."""
        return [
            row for row in self.balances.values() if row.item_id == item_id and row.place.warehouse_id == warehouse_id
        ]

    def prepare(self, shifts: Sequence[Shift], on: date, difference: Place | None = None) -> list[Shift]:
        """Applies the shifts to the open page: values, balances, numbers, the refusals. Writes nothing.

        Returns the shifts to post: those given and, where a reversal cannot move its whole value, value-only shifts
        with the place ``difference``. Raises InsufficientStock, NegativeLater, NumberElsewhere or UnitElsewhere with
        every bad line at once.
        """
        costs = own_costs(shifts)
        settled: list[Shift] = []
        for shift in shifts:
            self._settle(settled, shift, costs)
        if difference is not None:
            for rest in list(rests(settled, self.values, self.holdings, difference)):
                self._settle(settled, rest, costs)
        refuse_shortages(self._short(InsufficientStock.gone if difference else InsufficientStock.sentence))
        refuse_second_unit(unit_faults(settled, on))
        self.numbers = Numbers.around(settled)
        refuse_misplaced(number_faults(self.numbers, settled, on))
        refuse_negative_later(later_faults([row for row in self.balances.values() if row.delta < 0], on))
        for line, shift in enumerate(settled, start=1):
            shift.line = line
        return settled

    def _settle(self, settled: list[Shift], shift: Shift, costs: dict[int, Decimal]) -> None:
        if shift.value_of:
            value = sum((self.values[index] for index in shift.value_of), NOTHING)
        else:
            held = self.holdings.get((shift.item_id, shift.source.warehouse_id or 0), HoldingRow())
            value = value_of(shift, held, costs)
        self.values[len(settled)] = value = value.quantize(CENTIME)
        settled.append(shift)
        self._apply(shift, value)

    def _apply(self, shift: Shift, value: Decimal) -> None:
        for place, sign in ((shift.source, -1), (shift.target, 1)):
            if place.warehouse_id is None:
                continue
            row = self.balances.setdefault(
                (shift.item_id, shift.lot_id, place.id),
                BalanceRow(shift.item_id, shift.lot_id, place, lot=shift.lot, expires_on=shift.expires_on),
            )
            row.delta += sign * shift.quantity
            if sign < 0 and not row.line:
                row.line, row.item_code = shift.line, shift.item_code
            if shift.source.warehouse_id != shift.target.warehouse_id:
                held = self.holdings.setdefault((shift.item_id, place.warehouse_id), HoldingRow())
                held.quantity += sign * shift.quantity
                held.value += sign * value

    def _short(self, sentence: Any) -> list[Fault]:
        """Law 3, after all lines were added up."""
        return [
            shortage(row.line, row.item_code, row.place.code, -row.delta, row.quantity, sentence)
            for row in self.balances.values()
            if row.left < 0
        ]

    def post(self, heading: Heading, settled: Sequence[Shift], paper: str) -> Entry:
        """Writes entry, movements, balances, holdings, numbers and head of what ``prepare`` returned. Returns the entry
        (detached)."""
        entry = self._entry(heading, paper, [_facts(shift, self.values[i]) for i, shift in enumerate(settled)])
        ((entry.id,),) = _INSERT_ENTRY.rows(**{name: getattr(entry, name) for name in _COLUMNS})
        if settled:
            _INSERT_MOVEMENTS.write([_movement(entry, s, self.values[i]) for i, s in enumerate(settled)])
            self._write_balances(heading.on)
            self._write_holdings()
            self.numbers.write()
        self._write_head(entry)
        return entry

    def _entry(self, heading: Heading, paper: str, movements: Sequence[MovementFacts]) -> Entry:
        entry = Entry(
            warehouse_id=self.warehouse_id,
            year=self.year,
            position=self.position + 1,
            preceding=self.position or None,
            kind=heading.kind,
            number=self.last_number + 1,
            on=heading.on,
            recorded_at=heading.recorded_at,
            actor_id=heading.actor_id,
            key=heading.key,
            fingerprint=heading.fingerprint,
            code=heading.code,
            reverses_id=heading.reverses_id,
            cites_id=heading.cites_id,
            paper=paper,
            digest=digest_of(paper),
            form=FORM_VERSION,
            previous_hash=self.hash,
        )
        entry.hash = chained(self.hash, canonical(entry, movements))
        return entry

    def _write_balances(self, on: date) -> None:
        rows = [
            {
                "item_id": row.item_id,
                "lot_id": row.lot_id,
                "location_id": row.place.id,
                "warehouse_id": row.place.warehouse_id,
                "quantity": row.left,
                "quantity_read": row.quantity,
                "on": on,
            }
            for row in self.balances.values()
            if row.delta
        ]
        _write(_WRITE_BALANCE, rows)

    def _write_holdings(self) -> None:
        rows = [
            {
                "item_id": item_id,
                "warehouse_id": warehouse_id,
                "quantity": row.quantity,
                "quantity_read": row.quantity_read,
                "value": row.value,
                "value_read": row.value_read,
            }
            for (item_id, warehouse_id), row in self.holdings.items()
            if row.is_changed
        ]
        _write(_WRITE_HOLDING, rows)

    def _write_head(self, entry: Entry) -> None:
        values = {"position": entry.position, "hash": entry.hash}
        if self.position == 0:
            head = {"warehouse_id": self.warehouse_id, "year": self.year, **values}
            db.session.connection().execute(insert(Register), head)
            return
        where = {"w": self.warehouse_id, "y": self.year, "before": self.position}
        refuse_stale(_WRITE_HEAD.write([where | values]) != 1)


def shortage(
    line: int,
    item: str,
    place: str,
    asked: Decimal,
    available: Decimal,
    sentence: Any = InsufficientStock.sentence,
    /,
    **details: Any,
) -> Fault:
    """One line for which there is not enough; ``sentence``: one of ``InsufficientStock``."""
    details |= {"place": place, "available": available, "item": item, "asked": asked}
    return fault(f"/lines/{line - 1}/quantity", InsufficientStock.code, sentence, **details)


def refuse_shortages(faults: list[Fault]) -> None:
    """The one place where too little stock is refused."""
    if faults:
        raise InsufficientStock(faults, **faults[0].details)


def plain(quantity: Decimal) -> str:
    """A quantity without trailing zeros or exponent."""
    text_ = f"{quantity:f}"
    return text_.rstrip("0").rstrip(".") if "." in text_ else text_


def _write(statement: Prepared, rows: list[dict[str, Any]]) -> None:
    if rows:
        refuse_stale(statement.write(rows) != len(rows))


def _facts(shift: Shift, value: Decimal) -> MovementFacts:
    cost = shift.unit_cost
    return MovementFacts(
        shift.line,
        shift.item_id,
        shift.lot_id,
        shift.source.id,
        shift.target.id,
        Quantity.to_integer(shift.quantity),
        Money.to_integer(value),
        None if cost is None else UnitCost.to_integer(cost),
        shift.first_number,
        shift.last_number,
    )


def _movement(entry: Entry, shift: Shift, value: Decimal) -> dict[str, Any]:
    return {
        "entry_id": entry.id,
        "line": shift.line,
        "item_id": shift.item_id,
        "lot_id": shift.lot_id,
        "source_id": shift.source.id,
        "target_id": shift.target.id,
        "source_warehouse_id": shift.source.warehouse_id,
        "target_warehouse_id": shift.target.warehouse_id,
        "on": entry.on,
        "quantity": shift.quantity,
        "value": value,
        "unit_cost": shift.unit_cost,
        "first_number": shift.first_number,
        "last_number": shift.last_number,
    }
