"""Periods that are closed, barriers that a count has set, and how far back a paper may be dated."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    UniqueConstraint,
    bindparam,
    case,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Mapped, mapped_column

from inventory import settings
from inventory.catalogue import Item
from inventory.database import Id, Model, Quantity, db
from inventory.errors import BackDated, ClosedPeriod, CountBarrier, Fault, FutureDate, NegativeLater, fault
from inventory.ledger.movements import Movement
from inventory.ledger.registers import Entry
from inventory.prepared import Prepared, among, ids
from inventory.warehouses import Location

if TYPE_CHECKING:
    from inventory.ledger.pages import BalanceRow


class Period(Model):
    """A span of days of an entity that is closed for ever by an entry."""

    __tablename__ = "period"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="in_order"),
        UniqueConstraint("entity_id", "last_on"),
        {"info": {"append_only": True}},
    )


class Barrier(Model):
    """An approved count: nothing dated before ``on`` may touch the item (None: any) at the place (None: any) again,
    unless the entry that brought the books to what was counted is reversed."""

    __tablename__ = "barrier"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    on: Mapped[date] = mapped_column("on_date", Date, key="on")
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    __table_args__ = (Index(None, "warehouse_id", "item_id"), {"info": {"append_only": True}})


@dataclass(frozen=True, slots=True)
class Touched:
    """An item at an inside place that a paper touches."""

    warehouse_id: int
    item_id: int
    location_id: int


def guard_date(on: date, *, today: date, closed_on: date | None, in_service: bool) -> None:
    """Raises FutureDate, BackDated or ClosedPeriod when a paper may not bear this date (law 6).

    ``closed_on`` is the last closed day of the warehouses' entities. A warehouse not yet in service knows no window,
    only closed periods and counts.
    """
    days = back_dating_days(today) if on < today and in_service else None
    found = date_fault(on, today=today, closed_on=closed_on, days=days)
    if found is None:
        return
    if found.code == FutureDate.code:
        raise FutureDate(**found.details)
    if found.code == ClosedPeriod.code:
        raise ClosedPeriod(**found.details)
    raise BackDated(**found.details)


def date_fault(on: date, *, today: date, closed_on: date | None, days: int | None) -> Fault | None:
    """What is wrong with the date of a paper; ``days``: how far back it may lie (None: as far as one likes)."""
    if on > today:
        return fault("/on", FutureDate.code, FutureDate.sentence, on=on)
    if closed_on is not None and on <= closed_on:
        return fault("/on", ClosedPeriod.code, ClosedPeriod.sentence, last_on=closed_on)
    if days is not None and on < (earliest_on := today - timedelta(days=days)):
        return fault("/on", BackDated.code, BackDated.sentence, days=days, earliest_on=earliest_on)
    return None


def back_dating_days(today: date) -> int:
    """How many days back a paper may be dated where a warehouse is in service."""
    days: int = settings.value_of("back_dating_days", on=today)
    return days


def closed_days() -> dict[int, date]:
    """The last closed day of each entity that has one, by its id."""
    question = select(Period.entity_id, func.max(Period.last_on).label("last_on")).group_by(Period.entity_id)
    return {row.entity_id: row.last_on for row in db.session.execute(question)}


_UNDONE = select(Entry.id).where(Entry.reverses_id == Barrier.entry_id)
_BARRIERS = (
    select(
        Barrier.warehouse_id,
        Barrier.item_id,
        Barrier.location_id,
        Barrier.on,
        Item.code.label("item"),
        Location.code.label("location"),
    )
    .outerjoin(Item, Item.id == Barrier.item_id)
    .outerjoin(Location, Location.id == Barrier.location_id)
    .where(among(Barrier.warehouse_id, ids("warehouse_ids")), ~_UNDONE.exists())
    .order_by(Barrier.on.desc())
)
_COUNTED_AFTER_DAY = Prepared(_BARRIERS.where(Barrier.on > bindparam("on")))
_COUNTED_AFTER_ENTRY = Prepared(_BARRIERS.where(Barrier.entry_id > bindparam("entry_id")))


def guard_counts(on: date, touched: AbstractSet[Touched], *, today: date) -> None:
    """Raises CountBarrier when what a paper of the past touches was counted since its day (law 6)."""
    if on < today:
        _refuse_counted(touched, _COUNTED_AFTER_DAY, on=on)


def guard_reversal(reversed_id: int, touched: AbstractSet[Touched]) -> None:
    """Raises CountBarrier when what an entry moved was counted since: the count has settled it."""
    _refuse_counted(touched, _COUNTED_AFTER_ENTRY, entry_id=reversed_id)


def _refuse_counted(touched: AbstractSet[Touched], counted: Prepared, **since: date | int) -> None:
    rows = counted.rows(warehouse_ids=sorted({one.warehouse_id for one in touched}), **since)
    faults = [
        fault("/on", CountBarrier.code, CountBarrier.sentence, on=on, item=item or "*", location=place or "*")
        for warehouse_id, item_id, location_id, on, item, place in rows
        if any(
            one.warehouse_id == warehouse_id
            and item_id in (None, one.item_id)
            and location_id in (None, one.location_id)
            for one in touched
        )
    ]
    if faults:
        raise CountBarrier(faults, **faults[0].details)


def later_faults(rows: Iterable[BalanceRow], on: date) -> list[Fault]:
    """The balances that taking goods on a past day would bring below nothing at any later point, in the order of (day,
    posting); asked only of balances that moved after that day."""
    faults = []
    for row in rows:
        if row.last_on is None or on >= row.last_on:
            continue
        day, least = _lowest_from(row, on)
        if least + row.delta < 0:
            details = {"item": row.item_code, "on": day, "location": row.place.code}
            faults.append(
                fault(f"/lines/{row.line - 1}/quantity", NegativeLater.code, NegativeLater.sentence, **details)
            )
    return faults


def refuse_negative_later(faults: list[Fault]) -> None:
    """The one place where a past day is refused because a later one would go below nothing."""
    if faults:
        raise NegativeLater(faults, **faults[0].details)


def least_from(row: BalanceRow, on: date) -> Decimal:
    """The least that a balance held from the end of a day to now: as much could have left that day."""
    return _lowest_from(row, on)[1]


def _lowest_from(row: BalanceRow, on: date) -> tuple[date, Decimal]:
    """The day and the depth of the lowest point of a balance from the end of ``on`` to now. What one entry moves
    counts as one step: the window's frame takes all rows that stand at the same (day, entry)."""
    here = or_(Movement.source_id == row.place.id, Movement.target_id == row.place.id)
    signed = type_coerce(Movement.quantity, BigInteger) * case((Movement.target_id == row.place.id, 1), else_=-1)
    history = (
        select(Movement.on, func.sum(signed).over(order_by=(Movement.on, Movement.entry_id)).label("running"))
        .where(Movement.item_id == row.item_id, Movement.lot_id == row.lot_id, here)
        .subquery()
    )
    before = db.session.scalar(
        select(func.coalesce(func.sum(signed), 0)).where(
            Movement.item_id == row.item_id, Movement.lot_id == row.lot_id, here, Movement.on <= on
        )
    )
    later = db.session.execute(
        select(history.c.on, history.c.running)
        .where(history.c.on > on)
        .order_by(history.c.running, history.c.on)
        .limit(1)
    ).first()
    points = [(on, int(before or 0))] + ([(later.on, int(later.running))] if later else [])
    day, least = min(points, key=lambda point: point[1])
    return day, Quantity.to_decimal(least)
