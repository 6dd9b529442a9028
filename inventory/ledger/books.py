"""One book, one pen: the open book of the warehouses a posting touches, and the act of posting itself.

``lock`` takes the warehouse rows, ``Book.turn`` reads afresh what stands, ``Book.post`` checks everything and writes it.
A posting of any length costs the same number of statements: lock, page, entry, movements, balances, holdings, head.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import Date, bindparam, func, insert, literal, select, text, update
from sqlalchemy.orm import aliased

from inventory.catalogue import NO_LOT, Lot
from inventory.database import Money, Quantity, UnitCost, db
from inventory.errors import ChangedMeanwhile, Fault, InsufficientStock, UnitElsewhere, fault
from inventory.ledger import ranges
from inventory.ledger.movements import Balance, Holding, Movement
from inventory.ledger.periods import guard_later_days
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
from inventory.warehouses import QUARANTINE, Location, Warehouse

CENTIME = Decimal("0.01")
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Place:
    """A location, as far as the ledger cares."""

    id: int
    code: str
    kind: str
    warehouse_id: int | None
    destination_id: int | None = None


@dataclass(slots=True)
class Shift:
    """A movement to be: a quantity (base units) of an item and lot from a place to a place.

    ``value`` (MAD) is given for what comes in; None means "what the ledger works out": the weighted average for what
    leaves, and nothing (unpriced) for what comes in. ``value_of`` names the earlier shifts whose value this one takes.
    ``mirrors`` marks a reversal, which moves ``value`` as far as the holding still has it.
    """

    line: int
    item_id: int
    item_code: str
    source: Place
    target: Place
    quantity: Decimal
    lot_id: int = NO_LOT
    tracking: str = "none"
    value: Decimal | None = None
    unit_cost: Decimal | None = None
    value_of: tuple[int, ...] = ()
    mirrors: bool = False
    first_number: int | None = None
    last_number: int | None = None


@dataclass(slots=True)
class BalanceRow:
    """A balance as it stands on the open page; changes are counted in ``delta`` until they are written."""

    item_id: int
    lot_id: int
    place: Place
    quantity: Decimal
    last_on: date | None
    revision: int
    lot: str = ""
    expires_on: date | None = None
    delta: Decimal = NOTHING


@dataclass(slots=True)
class HoldingRow:
    quantity: Decimal = NOTHING
    value: Decimal = NOTHING
    revision: int = 0
    is_changed: bool = False


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


@dataclass(frozen=True, slots=True)
class Known:
    """The entry that a key already posted."""

    id: int
    fingerprint: str
    actor_id: int


@dataclass(frozen=True, slots=True)
class Store:
    """A locked warehouse, as a posting needs it."""

    id: int
    code: str
    entity_id: int
    in_service_on: date | None
    is_practice: bool
    is_active: bool
    default: Place
    quarantine: Place


@dataclass(slots=True)
class Premises:
    """The locked warehouses and the places that a posting names. An outside place is known by its code alone."""

    stores: dict[str, Store] = field(default_factory=dict)
    inside: dict[tuple[int, str], Place] = field(default_factory=dict)
    outside: dict[str, Place] = field(default_factory=dict)


_LOCK = (
    select(
        Warehouse.id,
        Warehouse.code,
        Warehouse.entity_id,
        Warehouse.in_service_on,
        Warehouse.is_practice,
        Warehouse.is_active,
        Location.id.label("place_id"),
        Location.code.label("place_code"),
        Location.kind,
        Location.warehouse_id,
        Location.destination_id,
        Location.is_default,
    )
    .join(
        Location,
        (
            (Location.warehouse_id == Warehouse.id)
            & (
                Location.is_default
                | (Location.kind == "quarantine")
                | Location.code.in_(bindparam("inside", expanding=True))
            )
        )
        | (Location.warehouse_id.is_(None) & Location.code.in_(bindparam("outside", expanding=True))),
    )
    .where(Warehouse.code.in_(bindparam("codes", expanding=True)), Location.is_active)
    .order_by(Warehouse.id)
    .with_for_update(of=Warehouse)
)


def lock(codes: Iterable[str], *, inside: Iterable[str] = (), outside: Iterable[str] = ()) -> Premises:
    """Takes the pen of each warehouse, in ascending id (law 5), and looks up the places named on the way: ``inside`` by
    their code in those warehouses, ``outside`` by their own. First in every posting; unknown codes are left out."""
    rows = db.session.connection().execute(
        _LOCK, {"codes": sorted(set(codes)), "inside": sorted(set(inside)), "outside": sorted(set(outside))}
    )
    premises = Premises()
    standing: dict[str, Any] = {}
    for row in rows:
        place = Place(row.place_id, row.place_code, row.kind, row.warehouse_id, row.destination_id)
        if row.warehouse_id is None:
            premises.outside[row.place_code] = place
            continue
        premises.inside[row.id, row.place_code] = place
        kept = standing.setdefault(row.code, {"row": row})
        if row.is_default:
            kept["default"] = place
        if row.place_code == QUARANTINE:
            kept["quarantine"] = place
    for code, kept in standing.items():
        row = kept["row"]
        premises.stores[code] = Store(
            row.id, code, row.entity_id, row.in_service_on, row.is_practice, row.is_active,
            kept["default"], kept["quarantine"],
        )  # fmt: skip
    return premises


_holding = aliased(Holding)
_known = aliased(Entry)
_page = select(literal(1).label("one")).subquery("page")
_PAGE = (
    select(
        Register.position,
        Register.hash,
        select(func.max(Entry.number))
        .where(
            Entry.warehouse_id == bindparam("warehouse_id"),
            Entry.kind == bindparam("kind"),
            Entry.year == bindparam("year"),
        )
        .scalar_subquery()
        .label("last_number"),
        Balance.item_id,
        Balance.lot_id,
        Balance.warehouse_id,
        Balance.quantity,
        Balance.last_on,
        Balance.revision,
        Lot.number.label("lot"),
        Lot.expires_on,
        Location.id.label("place_id"),
        Location.code.label("place_code"),
        Location.kind.label("place_kind"),
        Location.destination_id,
        _holding.quantity.label("held"),
        _holding.value.label("held_value"),
        _holding.revision.label("held_revision"),
        _known.id.label("known_id"),
        _known.fingerprint.label("known_fingerprint"),
        _known.actor_id.label("known_actor_id"),
    )
    .select_from(_page)
    .outerjoin(
        Register,
        (Register.warehouse_id == bindparam("warehouse_id")) & (Register.year == bindparam("year")),
    )
    .outerjoin(_known, _known.key == bindparam("key"))
    .outerjoin(
        Balance,
        Balance.item_id.in_(bindparam("item_ids", expanding=True))
        & Balance.warehouse_id.in_(bindparam("warehouse_ids", expanding=True)),
    )
    .outerjoin(Lot, Lot.id == Balance.lot_id)
    .outerjoin(Location, Location.id == Balance.location_id)
    .outerjoin(_holding, (_holding.item_id == Balance.item_id) & (_holding.warehouse_id == Balance.warehouse_id))
)

_WRITE_BALANCE = text(
    "INSERT INTO balance (item_id, lot_id, location_id, warehouse_id, quantity, last_on, revision)"
    " VALUES (:item_id, :lot_id, :location_id, :warehouse_id, :quantity, :last_on, :revision)"
    " ON CONFLICT (item_id, lot_id, location_id) DO UPDATE"
    " SET quantity = excluded.quantity, last_on = excluded.last_on, revision = excluded.revision"
    " WHERE balance.revision = excluded.revision - 1"
).bindparams(bindparam("last_on", type_=Date()), bindparam("quantity", type_=Quantity()))

_WRITE_HOLDING = text(
    "INSERT INTO holding (item_id, warehouse_id, quantity, value, revision)"
    " VALUES (:item_id, :warehouse_id, :quantity, :value, :revision)"
    " ON CONFLICT (item_id, warehouse_id) DO UPDATE"
    " SET quantity = excluded.quantity, value = excluded.value, revision = excluded.revision"
    " WHERE holding.revision = excluded.revision - 1"
).bindparams(bindparam("quantity", type_=Quantity()), bindparam("value", type_=Money()))

_INSERT_ENTRY = insert(Entry).returning(Entry.id)
_INSERT_MOVEMENTS = insert(Movement)


@dataclass(slots=True)
class Book:
    """The open book: who holds it has the pen of its warehouses. ``warehouse_id`` is the register it writes in."""

    warehouse_id: int
    warehouse_ids: tuple[int, ...]
    year: int
    position: int = 0
    hash: str = FIRST_HASH
    last_number: int = 0
    is_new: bool = True
    known: Known | None = None
    balances: dict[tuple[int, int, int], BalanceRow] = field(default_factory=dict)
    holdings: dict[tuple[int, int], HoldingRow] = field(default_factory=dict)
    values: dict[int, Decimal] = field(default_factory=dict)

    @classmethod
    def turn(
        cls, warehouse_id: int, warehouse_ids: Sequence[int], *, on: date, kind: str, key: str, item_ids: Sequence[int]
    ) -> Book:
        """Opens the page of a day: head, next number, whether the key is known, and every balance of the items in the
        locked warehouses. One statement, read after the lock."""
        book = cls(warehouse_id, tuple(warehouse_ids), on.year)
        rows = (
            db.session.connection()
            .execute(
                _PAGE,
                {
                    "warehouse_id": warehouse_id,
                    "year": on.year,
                    "kind": kind,
                    "key": key,
                    "item_ids": list(item_ids),
                    "warehouse_ids": list(warehouse_ids),
                },
            )
            .all()
        )
        first = rows[0]
        if first.known_id is not None:
            book.known = Known(first.known_id, first.known_fingerprint, first.known_actor_id)
        if first.position is not None:
            book.position, book.hash, book.is_new = first.position, first.hash, False
        book.last_number = first.last_number or 0
        for row in rows:
            if row.item_id is not None:
                book._note(row)
        return book

    def _note(self, row: Any) -> None:
        place = Place(row.place_id, row.place_code, row.place_kind, row.warehouse_id, row.destination_id)
        self.balances[row.item_id, row.lot_id, row.place_id] = BalanceRow(
            row.item_id, row.lot_id, place, row.quantity, row.last_on, row.revision, row.lot, row.expires_on
        )
        self.holdings[row.item_id, row.warehouse_id] = HoldingRow(row.held, row.held_value, row.held_revision)

    def rows_of(self, item_id: int, warehouse_id: int) -> list[BalanceRow]:
        """The balances of an item in a warehouse, as the page shows them."""
        return [
            row for row in self.balances.values() if row.item_id == item_id and row.place.warehouse_id == warehouse_id
        ]

    def post(self, heading: Heading, shifts: Sequence[Shift], paper: str) -> Entry:
        """Checks all, then writes entry, movements, balances, holdings and head. Returns the entry (detached).

        Raises InsufficientStock, NegativeLater, NumberElsewhere, UnitElsewhere with every bad line at once; nothing is
        written then. ``shifts`` are those that ``prepare`` returned.
        """
        movements = [_facts(shift, self.values[index]) for index, shift in enumerate(shifts)]
        entry = self._entry(heading, paper, movements)
        connection = db.session.connection()
        entry.id = connection.execute(_INSERT_ENTRY, _columns(entry)).scalar_one()
        if shifts:
            connection.execute(_INSERT_MOVEMENTS, [_movement(entry, s, self.values[i]) for i, s in enumerate(shifts)])
            self._write_balances(heading.on)
            self._write_holdings()
            ranges.move(shifts)
        self._write_head(entry)
        return entry

    def prepare(self, shifts: Sequence[Shift], on: date, difference: Place | None = None) -> list[Shift]:
        """Applies the shifts to the open page: values at weighted average, balances, the refusals. Writes nothing.

        Returns the shifts to post: those given and, where a reversal cannot move its whole value, a value-only shift
        with the place ``difference``.
        """
        settled: list[Shift] = []
        for shift in shifts:
            value = self._settle(settled, shift)
            if shift.mirrors and difference is not None:
                for rest in self._rests(shift, value, difference):
                    self._settle(settled, rest)
        for line, shift in enumerate(settled, start=1):
            shift.line = line
        self._refuse_shortage(settled)
        self._refuse_second_unit(settled)
        guard_later_days([row for row in self.balances.values() if row.delta < 0], on)
        return settled

    def _settle(self, settled: list[Shift], shift: Shift) -> Decimal:
        value = self._value(shift)
        self.values[len(settled)] = value
        settled.append(shift)
        self._apply(shift, value)
        return value

    def _rests(self, shift: Shift, value: Decimal, difference: Place) -> list[Shift]:
        """What a reversal could not move, or left behind on no quantity, as value-only shifts (law 7)."""
        rests = []
        if shift.value is not None and value < shift.value and shift.target.warehouse_id is None:
            rests.append(replace(shift, source=difference, quantity=NOTHING, value=shift.value - value, mirrors=False))
        inside = shift.source.warehouse_id
        holding = self.holdings.get((shift.item_id, inside)) if inside is not None else None
        if holding is not None and holding.quantity == 0 and holding.value > 0:
            rests.append(replace(shift, target=difference, quantity=NOTHING, value=holding.value, mirrors=False))
        return [replace(rest, unit_cost=None, first_number=None, last_number=None) for rest in rests]

    def _value(self, shift: Shift) -> Decimal:
        """The value that moves (law 7), rounded half-up to the centime."""
        if shift.value_of:
            return sum((self.values[index] for index in shift.value_of), NOTHING)
        inside = shift.source.warehouse_id
        if inside is None:
            return shift.value if shift.value is not None else NOTHING
        holding = self.holdings.get((shift.item_id, inside), HoldingRow())
        if shift.mirrors or shift.quantity == 0:
            return min(shift.value or NOTHING, holding.value)
        if shift.tracking == "unit":
            return min(own_cost(shift.lot_id), holding.value)
        if shift.quantity >= holding.quantity:
            return holding.value
        return (holding.value * shift.quantity / holding.quantity).quantize(CENTIME, ROUND_HALF_UP)

    def _apply(self, shift: Shift, value: Decimal) -> None:
        for place, sign in ((shift.source, -1), (shift.target, 1)):
            if place.warehouse_id is None:
                continue
            row = self.balances.setdefault(
                (shift.item_id, shift.lot_id, place.id),
                BalanceRow(shift.item_id, shift.lot_id, place, NOTHING, None, 0),
            )
            row.delta += sign * shift.quantity
            if shift.source.warehouse_id != shift.target.warehouse_id:
                holding = self.holdings.setdefault((shift.item_id, place.warehouse_id), HoldingRow())
                holding.quantity += sign * shift.quantity
                holding.value += sign * value
                holding.is_changed = True

    def _refuse_shortage(self, shifts: Sequence[Shift]) -> None:
        """Law 3, after all lines were added up."""
        faults = []
        for row in self.balances.values():
            if row.quantity + row.delta < 0:
                line = next(
                    s for s in shifts if (s.item_id, s.lot_id, s.source.id) == (row.item_id, row.lot_id, row.place.id)
                )
                faults.append(shortage(line.line, line.item_code, row.place.code, -row.delta, row.quantity))
        refuse_shortages(faults)

    def _refuse_second_unit(self, shifts: Sequence[Shift]) -> None:
        units = [s for s in shifts if s.tracking == "unit" and s.target.warehouse_id is not None]
        arriving = [s.lot_id for s in units if s.source.warehouse_id is None]
        if not arriving:
            return
        rows = db.session.execute(
            select(Balance.lot_id, func.sum(Balance.quantity))
            .where(Balance.lot_id.in_(arriving))
            .group_by(Balance.lot_id)
        )
        standing = {lot_id: quantity for lot_id, quantity in rows}
        bad = [
            s for s in units if s.lot_id in arriving and standing.get(s.lot_id, NOTHING) + arriving.count(s.lot_id) > 1
        ]
        if bad:
            raise UnitElsewhere(lot=db.session.get_one(Lot, bad[0].lot_id).number, item=bad[0].item_code)

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
                "quantity": row.quantity + row.delta,
                "last_on": max(on, row.last_on) if row.last_on else on,
                "revision": row.revision + 1,
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
                "value": row.value,
                "revision": row.revision + 1,
            }
            for (item_id, warehouse_id), row in self.holdings.items()
            if row.is_changed
        ]
        _write(_WRITE_HOLDING, rows)

    def _write_head(self, entry: Entry) -> None:
        values = {"position": entry.position, "hash": entry.hash}
        connection = db.session.connection()
        if self.is_new:
            connection.execute(insert(Register), {"warehouse_id": self.warehouse_id, "year": self.year, **values})
            return
        written = connection.execute(
            update(Register)
            .where(
                Register.warehouse_id == bindparam("w"),
                Register.year == bindparam("y"),
                Register.position == bindparam("before"),
            )
            .values(position=bindparam("position"), hash=bindparam("hash")),
            {"w": self.warehouse_id, "y": self.year, "before": self.position, **values},
        )
        refuse_stale(written.rowcount, 1)


def shortage(line: int, item: str, location: str, asked: Decimal, available: Decimal, *, unit: str = "") -> Fault:
    """One line for which there is not enough."""
    return fault(
        f"/lines/{line - 1}/quantity",
        InsufficientStock.code,
        InsufficientStock.sentence,
        warehouse=location,
        available=plain(available),
        unit=unit,
        item=item,
        asked=plain(asked),
    )


def refuse_shortages(faults: list[Fault]) -> None:
    """The one place where too little stock is refused."""
    if faults:
        raise InsufficientStock(faults, **faults[0].details)


def refuse_stale(written: int, expected: int) -> None:
    """Somebody wrote without holding the pen; nothing of this posting may stand."""
    if written != expected:
        raise ChangedMeanwhile


def plain(quantity: Decimal) -> str:
    """A quantity without trailing zeros or exponent."""
    text_ = f"{quantity:f}"
    return text_.rstrip("0").rstrip(".") if "." in text_ else text_


def own_cost(lot_id: int) -> Decimal:
    """What one unit was taken in for, less what left with it (law 7: units leave at their own cost), in MAD."""
    arrived = func.coalesce(
        func.sum(Movement.value).filter(
            Movement.source_warehouse_id.is_(None), Movement.target_warehouse_id.is_not(None)
        ),
        0,
    )
    left = func.coalesce(
        func.sum(Movement.value).filter(
            Movement.source_warehouse_id.is_not(None), Movement.target_warehouse_id.is_(None)
        ),
        0,
    )
    row = db.session.execute(select(arrived, left).where(Movement.lot_id == lot_id)).one()
    return Decimal(row[0]) - Decimal(row[1])


def _write(statement: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        written = db.session.connection().execute(statement, rows)
        refuse_stale(written.rowcount, len(rows))


def _columns(entry: Entry) -> dict[str, Any]:
    return {
        name: getattr(entry, name)
        for name in (
            "warehouse_id", "year", "position", "preceding", "kind", "number", "on", "recorded_at", "actor_id", "key",
            "fingerprint", "code", "reverses_id", "cites_id", "paper", "digest", "form", "previous_hash", "hash",
        )
    }  # fmt: skip


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
