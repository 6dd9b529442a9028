"""The arithmetic of an item in a warehouse (laws 1 and 2), and the parts of questions that bring its numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from inventory.catalogue import Item, Lot
from inventory.database import Quantity
from inventory.ledger import Balance, Holding
from inventory.replenishment.tables import Alert, CategoryRule, Commitment, ReorderRule
from inventory.warehouses import ON_HAND, Location, Warehouse

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Figures:
    """The arithmetic of an item in a warehouse, in base units; ``reorder_point`` None means there is no rule."""

    on_hand: Decimal = NOTHING
    expired: Decimal = NOTHING
    quarantined: Decimal = NOTHING
    reserved: Decimal = NOTHING
    ordered: Decimal = NOTHING
    in_transit: Decimal = NOTHING
    reorder_point: Decimal | None = None
    target: Decimal | None = None

    @property
    def available(self) -> Decimal:
        return self.on_hand - self.expired - self.quarantined - self.reserved

    @property
    def projected(self) -> Decimal:
        return self.available + self.ordered + self.in_transit

    @property
    def level(self) -> str | None:
        """``out``, ``low`` or None."""
        if self.reorder_point is None:
            return None
        if self.available <= 0:
            return "out"
        return "low" if self.projected <= self.reorder_point else None

    def as_text(self) -> dict[str, str | None]:
        """The figures for JSON: strings with a decimal point, the derived ones included."""
        parts = {name: None if value is None else f"{value.normalize():f}" for name, value in asdict(self).items()}
        return {**parts, "available": f"{self.available.normalize():f}", "projected": f"{self.projected.normalize():f}"}


_category_here = aliased(CategoryRule)
_category_all = aliased(CategoryRule)
_alert = aliased(Alert)
_road = aliased(Location)
_loaded = aliased(Balance)


# Parts of questions never change once they are made: building them anew costs a page more than asking.
@cache
def _committed(kind: str) -> Any:
    return (
        select(func.coalesce(func.sum(type_coerce(Commitment.quantity, BigInteger)), 0))
        .where(Commitment.item_id == Item.id, Commitment.warehouse_id == Warehouse.id, Commitment.kind == kind)
        .correlate(Item, Warehouse)
        .scalar_subquery()
    )


@cache
def _in_transit() -> Any:
    return (
        select(func.coalesce(func.sum(type_coerce(_loaded.quantity, BigInteger)), 0))
        .join(_road, _road.id == _loaded.location_id)
        .where(_loaded.item_id == Item.id, _road.destination_id == Warehouse.id)
        .correlate(Item, Warehouse)
        .scalar_subquery()
    )


def _first(*columns: Any) -> Any:
    """The first of several quantities that there is, in thousandths."""
    numbers = [type_coerce(column, BigInteger) for column in columns]
    return func.coalesce(*numbers) if len(numbers) > 1 else numbers[0]


@cache
def _has_held() -> Any:
    """Whether a warehouse holds or ever held an item: only then do the rules of its category count there."""
    return select(Holding.item_id).where(Holding.item_id == Item.id, Holding.warehouse_id == Warehouse.id).exists()


def with_rule(question: Select[Any]) -> Select[Any]:
    """Adds to a question about items × warehouses the rule that counts there, what is committed, what is on the road,
    and the open alert. The columns are read by ``figures_of``."""
    counts = and_(~Warehouse.is_practice, Item.retired_on.is_(None))
    return (
        question.add_columns(
            _first(ReorderRule.reorder_point).label("own_point"),
            _first(ReorderRule.target).label("own_target"),
            _first(_category_here.reorder_point, _category_all.reorder_point).label("category_point"),
            _first(_category_here.target, _category_all.target).label("category_target"),
            _has_held().label("has_held"),
            _committed("reserved").label("reserved"),
            _committed("ordered").label("ordered"),
            _in_transit().label("in_transit"),
            _alert.id.label("alert_id"),
            _alert.level.label("alert_level"),
        )
        .outerjoin(ReorderRule, and_(counts, ReorderRule.item_id == Item.id, ReorderRule.warehouse_id == Warehouse.id))
        .outerjoin(
            _category_here,
            and_(counts, _category_here.category_id == Item.category_id, _category_here.warehouse_id == Warehouse.id),
        )
        .outerjoin(
            _category_all,
            and_(counts, _category_all.category_id == Item.category_id, _category_all.warehouse_id.is_(None)),
        )
        .outerjoin(
            _alert,
            and_(_alert.item_id == Item.id, _alert.warehouse_id == Warehouse.id, _alert.closed_at.is_(None)),
        )
    )


def may_be_short() -> ColumnElement[bool]:
    """Which pairs of a question ``with_rule`` have a rule that counts there, or an alert that is still open."""
    of_category = or_(_category_here.id.is_not(None), _category_all.id.is_not(None))
    return or_(ReorderRule.id.is_not(None), and_(of_category, _has_held()), _alert.id.is_not(None))


def with_stock(question: Select[Any], on: date) -> Select[Any]:
    """Adds what is on hand, expired and quarantined to a question about items × warehouses."""
    return question.add_columns(*_stock_columns(on))


def with_available(question: Select[Any], on: date) -> Select[Any]:
    """Adds what ``available_of`` needs to a question about items × warehouses."""
    return with_stock(question, on).add_columns(_committed("reserved").label("reserved"))


def available_of(row: Any) -> Decimal:
    """What is available (law 1) from a row of ``with_available``."""
    names = ("on_hand", "expired", "quarantined", "reserved")
    return Figures(**{name: Quantity.to_decimal(int(getattr(row, name))) for name in names}).available


def _counted_as(place: Any, lot: Any, on: Any) -> dict[str, Any]:
    """When a balance counts as what, on a day; ``stock_of`` says the same of balances that were read."""
    return {
        "on_hand": or_(*(place.kind == kind for kind in ON_HAND)),
        "expired": and_(place.kind == "shelf", lot.expires_on < on),
        "quarantined": place.kind == "quarantine",
    }


@lru_cache(maxsize=4)
def _stock_columns(on: date) -> tuple[Any, ...]:
    there, lot, place = aliased(Balance), aliased(Lot), aliased(Location)

    def total(condition: Any) -> Any:
        return (
            select(func.coalesce(func.sum(type_coerce(there.quantity, BigInteger)), 0))
            .join(lot, lot.id == there.lot_id)
            .join(place, place.id == there.location_id)
            .where(there.item_id == Item.id, there.warehouse_id == Warehouse.id, condition)
            .correlate(Item, Warehouse)
            .scalar_subquery()
        )

    return tuple(total(condition).label(name) for name, condition in _counted_as(place, lot, on).items())


def stock_over(group: Sequence[Any], there: Any, place: Any, lot: Any, on: Any) -> list[Any]:
    """The same for a question that reads the balances anyway: sums over all rows of a ``group``, before any limit."""
    quantity = type_coerce(there.quantity, BigInteger)
    return [
        func.sum(case((condition, quantity), else_=0)).over(partition_by=group).label(name)
        for name, condition in _counted_as(place, lot, on).items()
    ]


def stock_of(lying: Iterable[tuple[Decimal | int, str, date | None]], on: date) -> dict[str, Decimal]:
    """What is on hand, expired and quarantined of an item in a warehouse, from what lies where: quantity, kind of place
    and expiry of each balance, in the unit they come in. Says what ``with_stock`` asks."""
    stock = dict.fromkeys(("on_hand", "expired", "quarantined"), NOTHING)
    for quantity, kind, expires_on in lying:
        if kind not in ON_HAND:
            continue
        stock["on_hand"] += quantity
        if kind == "quarantine":
            stock["quarantined"] += quantity
        elif expires_on is not None and expires_on < on:
            stock["expired"] += quantity
    return stock


def figures_of(row: Any, *, has_held: bool = False, **stock: Decimal) -> Figures:
    """The figures from a row of ``with_rule``; on hand, expired and quarantined from the row too unless given.
    ``has_held``: the warehouse holds the item by now, whatever the row says."""
    point, target = row.own_point, row.own_target
    if point is None and (has_held or row.has_held):
        point, target = row.category_point, row.category_target
    names = ("on_hand", "expired", "quarantined", "reserved", "ordered", "in_transit")
    parts = {name: stock[name] if name in stock else Quantity.to_decimal(int(getattr(row, name))) for name in names}
    return Figures(
        **parts,
        reorder_point=None if point is None else Quantity.to_decimal(int(point)),
        target=None if target is None else Quantity.to_decimal(int(target)),
    )
