"""What surrounds a stock card: its curve day by day, where its lots lie, who stood on the other side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Select, case, func, literal, select, type_coerce, union_all
from sqlalchemy.orm import aliased

from inventory.catalogue import Lot
from inventory.database import Quantity, db
from inventory.documents import reference
from inventory.ledger import Balance, Entry, Movement
from inventory.reports.called import Called, called, columns_of, sure
from inventory.reports.use import used_by
from inventory.warehouses import ON_HAND, Location, Warehouse

_quantity = type_coerce(Movement.quantity, BigInteger)
# Made once: an alias works its columns out anew, which costs a page more than asking.
_place, _house = aliased(Location), aliased(Warehouse)


@dataclass(frozen=True, slots=True)
class Change:
    """What one day did to an item in a warehouse, in so many lines of its card; base units. ``used`` is below zero when
    more came back than was used."""

    on: date
    received: Decimal
    issued: Decimal
    used: Decimal
    first_entry_id: int
    last_entry_id: int
    lines: int

    @property
    def net(self) -> Decimal:
        return self.received - self.issued

    @property
    def only_entry_id(self) -> int | None:
        """The paper behind all lines of the day, None when there are several."""
        return self.last_entry_id if self.first_entry_id == self.last_entry_id else None


@dataclass(frozen=True, slots=True)
class LotHere:
    """A lot at a place of the warehouse; ``lot`` is empty for what is kept without lots."""

    lot_id: int
    lot: str
    expires_on: date | None
    location: Called
    kind: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class CardSide:
    """Where a line of the card came from or went: the kind of place, and the place or warehouse, if it has a name."""

    kind: str
    place: Called
    warehouse: Called | None


def changes_by_day(item_id: int, warehouse_id: int, *, since: date, until: date) -> list[Change]:
    """One row per day on which something moved: the database sums up, however many movements there were. It is told
    which places count, or PostgreSQL would look them up again for each movement of a long card."""
    places = select(Location.id).where(Location.warehouse_id == warehouse_id, Location.kind.in_(ON_HAND))
    counted = db.session.scalars(places).all()
    sides = union_all(
        *(_moved(side, item_id, warehouse_id, since, until, counted) for side in ("target", "source"))
    ).subquery()
    columns = sides.c
    rows = db.session.execute(
        select(
            columns.on,
            func.sum(columns.received).label("received"),
            func.sum(columns.issued).label("issued"),
            func.sum(columns.used).label("used"),
            func.min(columns.first_entry_id).label("first_entry_id"),
            func.max(columns.last_entry_id).label("last_entry_id"),
            func.sum(columns.lines).label("lines"),
        )
        .group_by(columns.on)
        .order_by(columns.on)
    )
    amount = Quantity.to_decimal
    return [
        Change(
            row.on,
            amount(int(row.received)),
            amount(int(row.issued)),
            amount(int(row.used)),
            row.first_entry_id,
            row.last_entry_id,
            int(row.lines),
        )
        for row in rows
    ]


def _moved(side: str, item_id: int, warehouse_id: int, since: date, until: date, counted: Sequence[int]) -> Select[Any]:
    is_in = side == "target"
    here, there = (Movement.target_id, Movement.source_id) if is_in else (Movement.source_id, Movement.target_id)
    column = Movement.target_warehouse_id if is_in else Movement.source_warehouse_id
    total, nothing = func.sum(_quantity), literal(0)
    return (
        select(
            Movement.on.label("on"),
            (total if is_in else nothing).label("received"),
            (nothing if is_in else total).label("issued"),
            (-used_by(side) if is_in else used_by(side)).label("used"),
            func.min(Movement.entry_id).label("first_entry_id"),
            func.max(Movement.entry_id).label("last_entry_id"),
            func.count().label("lines"),
        )
        .where(column == warehouse_id, Movement.item_id == item_id, Movement.on >= since, Movement.on <= until)
        .where(here.in_(counted), there.not_in(counted))
        .group_by(Movement.on)
    )


def papers_of_days(changes: Sequence[Change]) -> dict[int, str]:
    """The reference of the paper of each day that had only one, by entry."""
    return papers_of_entries([one.only_entry_id for one in changes if one.only_entry_id is not None])


def papers_of_entries(entry_ids: Sequence[int]) -> dict[int, str]:
    """The references of papers: a receiver's card holds papers of the sender's register too."""
    rows = db.session.execute(
        select(Entry.id, Warehouse.code, Entry.kind, Entry.year, Entry.number)
        .join(Warehouse, Warehouse.id == Entry.warehouse_id)
        .where(Entry.id.in_(entry_ids))
    )
    return {row.id: reference(row.code, row.kind, row.year, row.number) for row in rows}


def lots_here(item_id: int, warehouse_id: int) -> list[LotHere]:
    """What lies where in a warehouse, the road and what is on loan included, first expiry first."""
    rows = db.session.execute(
        select(
            Lot.id, Lot.item_id, Lot.number, Lot.expires_on, Location.kind, Balance.quantity,
            *columns_of(Location, "location"),
        )
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.item_id == item_id, Balance.warehouse_id == warehouse_id)
        .where(type_coerce(Balance.quantity, BigInteger) > 0)
        .order_by(Lot.expires_on.is_(None), Lot.expires_on, Lot.number, Location.code)
        .limit(500)
    )  # fmt: skip
    return [
        LotHere(
            row.id, row.number if row.item_id else "", row.expires_on, sure(row, "location"), row.kind, row.quantity
        )
        for row in rows
    ]


def other_sides(movements: Sequence[tuple[int, bool]]) -> dict[int, CardSide]:
    """The other side of the lines of a card, by movement; each comes with whether it was received.

    Goods on the road name the warehouse at its other end, also where they come back from it: the road itself tells a
    reader nothing.
    """
    sides: dict[int, CardSide] = {}
    for is_in in (True, False):
        ids = [one for one, received in movements if received is is_in]
        other = Movement.source_id if is_in else Movement.target_id
        mine = Movement.target_warehouse_id if is_in else Movement.source_warehouse_id
        goes_on = _place.destination_id.is_not(None) & (_place.destination_id != mine)
        owner = case((goes_on, _place.destination_id), else_=_place.warehouse_id)
        rows = db.session.execute(
            select(Movement.id, _place.kind, *columns_of(_place, "place"), *columns_of(_house, "house"))
            .join(_place, _place.id == other)
            .outerjoin(_house, _house.id == owner)
            .where(Movement.id.in_(ids))
        )
        sides.update({row.id: CardSide(row.kind, sure(row, "place"), called(row, "house")) for row in rows})
    return sides
