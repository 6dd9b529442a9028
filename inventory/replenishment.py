"""Low stock: one definition, rules, commitments, alerts.

Laws:
1. available = on hand − expired − quarantined − reserved; projected = available + ordered + in transit in. The day of
   expiry is still usable. ``Figures`` is the only place where this is worked out.
2. With a rule, an item is *out* when available ≤ 0 and *low* when projected ≤ the reorder point, stock row or not.
3. One open alert per item and warehouse, opened and closed in the transaction of the posting that caused it; the
   nightly re-derivation gives the same answer.
4. Every alert can show its arithmetic in one sentence.
5. In a warehouse for practice no rule counts, so that nothing there is ever low.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Select,
    String,
    and_,
    case,
    func,
    insert,
    or_,
    select,
    text,
    true,
    type_coerce,
    update,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from inventory.catalogue import Item, Lot
from inventory.database import BATCH, Id, Instant, Model, Quantity, db, streamed
from inventory.errors import fault, found, refuse, refuse_field
from inventory.ledger import Balance, Holding
from inventory.texts import text_faults
from inventory.warehouses import ON_HAND, Location, Warehouse

NOTHING = Decimal(0)
LARGEST = Decimal(999_999_999_999)


class ReorderRule(Model):
    """When to reorder an item in a warehouse, and up to how much; base units."""

    __tablename__ = "reorder_rule"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    reorder_point: Mapped[Decimal] = mapped_column(Quantity)
    target: Mapped[Decimal] = mapped_column(Quantity)
    __table_args__ = (
        Index("uq_reorder_rule_pair", "item_id", "warehouse_id", unique=True),
        Index(None, "warehouse_id"),
        CheckConstraint("reorder_point >= 0 AND target >= reorder_point", name="target_above_point"),
    )


class CategoryRule(Model):
    """The default rule for every item of a category that a warehouse holds or held; for all warehouses when None."""

    __tablename__ = "category_rule"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    warehouse_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"))
    reorder_point: Mapped[Decimal] = mapped_column(Quantity)
    target: Mapped[Decimal] = mapped_column(Quantity)
    __table_args__ = (
        Index("uq_category_rule_pair", "category_id", "warehouse_id", unique=True),
        Index(
            "uq_category_rule_everywhere", "category_id", unique=True,
            sqlite_where=text("warehouse_id IS NULL"), postgresql_where=text("warehouse_id IS NULL"),
        ),
        CheckConstraint("reorder_point >= 0 AND target >= reorder_point", name="target_above_point"),
    )  # fmt: skip


class Commitment(Model):
    """A quantity that upper rooms promise: ``reserved`` for a request, or ``ordered`` and not yet received."""

    __tablename__ = "commitment"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    kind: Mapped[str] = mapped_column(String(10))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    due_on: Mapped[date | None]
    reference: Mapped[str] = mapped_column(String(80))
    __table_args__ = (
        CheckConstraint("kind IN ('reserved', 'ordered')", name="kind_known"),
        CheckConstraint("quantity > 0", name="something"),
        Index(None, "item_id", "warehouse_id", "kind"),
    )


class Alert(Model):
    """One spell of shortage of an item in a warehouse: open → acknowledged → in progress → closed."""

    __tablename__ = "alert"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    level: Mapped[str] = mapped_column(String(3))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reference: Mapped[str | None] = mapped_column(String(80))
    snoozed_until: Mapped[date | None]
    snooze_reason: Mapped[str | None] = mapped_column(String(300))
    snoozed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    __table_args__ = (
        CheckConstraint("level IN ('out', 'low')", name="level_known"),
        CheckConstraint("(snoozed_until IS NULL) = (snooze_reason IS NULL)", name="snooze_has_reason"),
        Index(
            "uq_alert_open", "item_id", "warehouse_id", unique=True,
            sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL"),
        ),
        Index(None, "warehouse_id", "closed_at", "level"),
    )  # fmt: skip

    @property
    def state(self) -> str:
        if self.closed_at is not None:
            return "closed"
        if self.reference:
            return "in_progress"
        return "acknowledged" if self.acknowledged_at else "open"


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


@dataclass(frozen=True, slots=True)
class Review:
    """What a posting touched: the figures after it, and the alert that was open before it."""

    item_id: int
    warehouse_id: int
    figures: Figures
    alert_id: int | None
    alert_level: str | None


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
    has_held, counts = _has_held(), ~Warehouse.is_practice
    return (
        question.add_columns(
            _first(ReorderRule.reorder_point).label("own_point"),
            _first(ReorderRule.target).label("own_target"),
            _first(_category_here.reorder_point, _category_all.reorder_point).label("category_point"),
            _first(_category_here.target, _category_all.target).label("category_target"),
            has_held.label("has_held"),
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


def with_stock(question: Select[Any], on: date) -> Select[Any]:
    """Adds what is on hand, expired and quarantined to a question about items × warehouses."""
    return question.add_columns(*_stock_columns(on))


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


def review(touched: Iterable[Review], *, at: datetime, entry_id: int | None = None) -> None:
    """Opens, changes or closes the alert of each pair; writes only where something changes."""
    for one in touched:
        level = one.figures.level
        if level == one.alert_level:
            continue
        if one.alert_id is None:
            db.session.execute(
                insert(Alert).values(
                    item_id=one.item_id,
                    warehouse_id=one.warehouse_id,
                    level=level,
                    figures=one.figures.as_text(),
                    opened_at=at,
                    opened_by_id=entry_id,
                )
            )
        elif level is None:
            _change(one.alert_id, closed_at=at, closed_by_id=entry_id)
        else:
            _change(one.alert_id, level=level, figures=one.figures.as_text())


def _change(alert_id: int, **values: Any) -> None:
    db.session.execute(update(Alert).where(Alert.id == alert_id).values(**values))


def standing(
    on: date, *, item_ids: list[int] | None = None, warehouse_ids: list[int] | None = None
) -> Iterator[Review]:
    """The figures and open alert of every pair that has a rule or an open alert."""
    yield from _reviews(db.session.execute(_standing(on, item_ids, warehouse_ids)))


def _reviews(rows: Iterable[Any]) -> Iterator[Review]:
    for row in rows:
        yield Review(row.id, row.warehouse_id, figures_of(row), row.alert_id, row.alert_level)


def _standing(on: date, item_ids: list[int] | None = None, warehouse_ids: list[int] | None = None) -> Select[Any]:
    question = with_rule(
        with_stock(select(Item.id, Warehouse.id.label("warehouse_id")).select_from(Item).join(Warehouse, true()), on)
    )
    question = question.where(
        or_(
            ReorderRule.id.is_not(None),
            and_(or_(_category_here.id.is_not(None), _category_all.id.is_not(None)), _has_held()),
            _alert.id.is_not(None),
        )
    )
    if item_ids is not None:
        question = question.where(Item.id.in_(item_ids))
    if warehouse_ids is not None:
        question = question.where(Warehouse.id.in_(warehouse_ids))
    return question


def is_outdated(*, on: date) -> bool:
    """Whether time itself has changed some alert. Nobody waits for the answer: it locks nothing."""
    with closing(streamed(_standing(on))) as rows:
        return any(one.figures.level != one.alert_level for one in _reviews(rows))


def rederive(*, on: date, at: datetime) -> int:
    """Works out every alert anew, as the night does; returns how many changed (0 unless time itself changed
    something)."""
    db.session.execute(select(Warehouse.id).order_by(Warehouse.id).with_for_update())
    rows = db.session.execute(_standing(on), execution_options={"yield_per": BATCH})
    changed = [one for one in _reviews(rows) if one.figures.level != one.alert_level]
    review(changed, at=at)
    return len(changed)


def set_rule(
    item: Item, warehouse: Warehouse, *, reorder_point: Decimal, target: Decimal, on: date, at: datetime
) -> ReorderRule:
    """Sets the rule of an item in a warehouse and opens or closes its alert at once."""
    _refuse_practice(warehouse)
    _refuse_bad_rule(reorder_point, target, item.decimals)
    db.session.execute(select(Warehouse.id).where(Warehouse.id == warehouse.id).with_for_update())
    rule = db.session.scalar(
        select(ReorderRule).where(ReorderRule.item_id == item.id, ReorderRule.warehouse_id == warehouse.id)
    )
    if rule is None:
        rule = ReorderRule(item_id=item.id, warehouse_id=warehouse.id)
        db.session.add(rule)
    rule.reorder_point, rule.target = reorder_point, target
    db.session.flush()
    review(list(standing(on, item_ids=[item.id], warehouse_ids=[warehouse.id])), at=at)
    return rule


def set_category_rule(
    category_id: int, warehouse: Warehouse | None, *, reorder_point: Decimal, target: Decimal, on: date, at: datetime
) -> CategoryRule:
    """Sets the default rule of a category, in a warehouse or everywhere, and reviews every item it counts for."""
    if warehouse is not None:
        _refuse_practice(warehouse)
    _refuse_bad_rule(reorder_point, target, 3)
    where = warehouse.id if warehouse else None
    touched = Warehouse.id > 0 if where is None else Warehouse.id == where
    db.session.execute(select(Warehouse.id).where(touched).order_by(Warehouse.id).with_for_update())
    condition = CategoryRule.warehouse_id.is_(None) if where is None else CategoryRule.warehouse_id == where
    rule = db.session.scalar(select(CategoryRule).where(CategoryRule.category_id == category_id, condition))
    if rule is None:
        rule = CategoryRule(category_id=category_id, warehouse_id=where)
        db.session.add(rule)
    rule.reorder_point, rule.target = reorder_point, target
    db.session.flush()
    items = list(db.session.scalars(select(Item.id).where(Item.category_id == category_id)))
    review(list(standing(on, item_ids=items, warehouse_ids=[where] if where else None)), at=at)
    return rule


def acknowledge(alert_id: int, *, by: Any, at: datetime) -> Alert:
    """Somebody has seen it; a second time changes nothing. Raises NotFound when there is no such open alert."""
    alert = _open_alert(alert_id)
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by_id = at, by.id
    return alert


def snooze(alert_id: int, *, until: date, reason: str, by: Any, on: date) -> Alert:
    """Hides an alert until a day (at most a year ahead), with a reason; it stays open and counts on."""
    faults = []
    if not on < until <= date(on.year + 1, on.month, min(on.day, 28)):
        faults.append(fault("/until", "range", _l("Choose a day after today, within a year.")))
    if not reason.strip():
        faults.append(fault("/reason", "required", _l("Say why.")))
    refuse(faults + text_faults("/reason", reason, 300))
    alert = _open_alert(alert_id)
    alert.snoozed_until, alert.snooze_reason, alert.snoozed_by_id = until, reason.strip(), by.id
    return alert


def get_alert(alert_id: int) -> Alert:
    """The alert with this id, open or closed; NotFound when there is none."""
    return found(db.session.get(Alert, alert_id), alert_id)


def _open_alert(alert_id: int) -> Alert:
    alert = get_alert(alert_id)
    return found(alert if alert.closed_at is None else None, alert_id)


def _refuse_practice(warehouse: Warehouse) -> None:
    if warehouse.is_practice:
        refuse_field("/warehouse", "practice", _l("In a warehouse for practice nothing is ever low: it has no rules."))


def _refuse_bad_rule(reorder_point: Decimal, target: Decimal, decimals: int) -> None:
    faults = []
    for pointer, quantity in (("/reorder_point", reorder_point), ("/target", target)):
        if not quantity.is_finite() or not 0 <= quantity <= LARGEST or quantity != round(quantity, decimals):
            faults.append(fault(pointer, "range", "A quantity of 0 or more, not finer than the item is counted."))
    if target.is_finite() and reorder_point.is_finite() and target < reorder_point:
        faults.append(fault("/target", "range", _l("The target lies at or above the reorder point.")))
    refuse(faults)
