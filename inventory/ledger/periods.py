"""Periods that are closed, barriers that a count has set, and how far back a paper may be dated."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    UniqueConstraint,
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
from inventory.errors import BackDated, ClosedPeriod, CountBarrier, FutureDate, NegativeLater
from inventory.ledger.movements import Movement
from inventory.warehouses import Location, Warehouse


class Period(Model):
    """A span of days of an entity that is closed for ever by an entry."""

    __tablename__ = "period"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    __table_args__ = (CheckConstraint("first_on <= last_on", name="in_order"), UniqueConstraint("entity_id", "last_on"))


class Barrier(Model):
    """An approved count: nothing dated before ``on`` may touch the item (None: any) at the place (None: any) again."""

    __tablename__ = "barrier"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("location.id"))
    on: Mapped[date] = mapped_column("on_date", Date, key="on")
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    __table_args__ = (Index(None, "warehouse_id", "item_id"),)


def guard_date(
    on: date, *, today: date, warehouse_ids: set[int], item_ids: set[int], location_ids: set[int], in_service: bool
) -> None:
    """Raises FutureDate, BackDated, ClosedPeriod or CountBarrier when a paper may not bear this date (law 6).

    A warehouse not yet in service knows no window, only closed periods and counts.
    """
    if on > today:
        raise FutureDate(on=on.isoformat())
    if on == today:
        return
    days = settings.value_of("back_dating_days", on=today)
    if in_service and on < today - timedelta(days=days):
        raise BackDated(days=days, earliest_on=(today - timedelta(days=days)).isoformat())
    closed_on = db.session.scalar(
        select(func.max(Period.last_on))
        .join(Warehouse, Warehouse.entity_id == Period.entity_id)
        .where(Warehouse.id.in_(warehouse_ids), Period.last_on >= on)
    )
    if closed_on is not None:
        raise ClosedPeriod(last_on=closed_on.isoformat())
    barrier = db.session.execute(
        select(Barrier.on, Item.code, Location.code)
        .outerjoin(Item, Item.id == Barrier.item_id)
        .outerjoin(Location, Location.id == Barrier.location_id)
        .where(
            Barrier.warehouse_id.in_(warehouse_ids),
            Barrier.on > on,
            or_(Barrier.item_id.is_(None), Barrier.item_id.in_(item_ids)),
            or_(Barrier.location_id.is_(None), Barrier.location_id.in_(location_ids)),
        )
        .order_by(Barrier.on.desc())
    ).first()
    if barrier is not None:
        raise CountBarrier(on=barrier[0].isoformat(), item=barrier[1] or "*", location=barrier[2] or "*")


class LowerBalance(Protocol):
    """A balance that a posting lowers by ``delta`` (negative)."""

    item_id: int
    lot_id: int
    quantity: Decimal
    delta: Decimal
    last_on: date | None
    place: Any


def guard_later_days(rows: Iterable[LowerBalance], on: date) -> None:
    """Raises NegativeLater when taking goods on a past day would leave less than nothing at any later point, in the
    order of (day, posting); asked only of balances that moved after that day."""
    for row in rows:
        if row.last_on is None or on >= row.last_on:
            continue
        day, least = _lowest_after(row, on)
        if least + row.delta < 0:
            item = db.session.get_one(Item, row.item_id)
            raise NegativeLater(item=item.code, on=day.isoformat(), location=row.place.code)


def _lowest_after(row: LowerBalance, on: date) -> tuple[date, Decimal]:
    """The lowest running balance from the end of ``on`` on, and its day."""
    sign = case((Movement.target_id == row.place.id, 1), else_=-1)
    history = (
        select(
            Movement.on,
            func.sum(type_coerce(Movement.quantity, BigInteger) * sign)
            .over(order_by=(Movement.on, Movement.id))
            .label("running"),
        )
        .where(
            Movement.item_id == row.item_id,
            Movement.lot_id == row.lot_id,
            or_(Movement.source_id == row.place.id, Movement.target_id == row.place.id),
            or_(
                Movement.source_warehouse_id == row.place.warehouse_id,
                Movement.target_warehouse_id == row.place.warehouse_id,
            ),
        )
        .subquery()
    )
    at_day = db.session.scalar(
        select(func.coalesce(func.sum(type_coerce(Movement.quantity, BigInteger) * sign), 0)).where(
            Movement.item_id == row.item_id,
            Movement.lot_id == row.lot_id,
            or_(Movement.source_id == row.place.id, Movement.target_id == row.place.id),
            Movement.on <= on,
        )
    )
    later = db.session.execute(
        select(history.c.on, history.c.running)
        .where(history.c.on > on)
        .order_by(history.c.running, history.c.on)
        .limit(1)
    ).first()
    lowest = (on, Quantity.to_decimal(int(at_day or 0)))
    if later is not None:
        lowest = min(lowest, (later.on, Quantity.to_decimal(int(later.running))), key=lambda pair: pair[1])
    return lowest
