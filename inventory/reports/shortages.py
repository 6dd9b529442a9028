"""Alerts as the buyer reads them: out of stock first, then the oldest, each with its figures of now and its cover."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, literal, select, tuple_
from sqlalchemy.orm import aliased

from inventory.access import User
from inventory.catalogue import Item, Unit, search_condition
from inventory.database import Instant, cut, fetch, streamed
from inventory.replenishment import Alert, Commitment, Figures, figures_of, with_rule, with_stock
from inventory.reports.called import Called, columns_of, sure
from inventory.reports.use import Use, used_until
from inventory.warehouses import Warehouse

STATES = ("open", "acknowledged", "in_progress", "snoozed", "closed")
Mark = tuple[str, datetime, int]
# Made once: an alias works its columns out anew, which costs a page more than asking.
_owner = aliased(User)
"""Where a page ended: level, instant of opening and id of its last alert."""


@dataclass(frozen=True, slots=True)
class AlertsAsked:
    """Which alerts are asked for. ``state`` "" means every open one that nobody put off."""

    warehouse_ids: Sequence[int]
    today: date
    search: str = ""
    level: str = ""
    state: str = ""
    alert_ids: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert with the arithmetic of now (of its opening or last change, once it is closed)."""

    id: int
    item: Called
    unit: Called
    warehouse: Called
    level: str
    state: str
    figures: Figures
    use: Use
    next_delivery_on: date | None
    opened_at: datetime
    closed_at: datetime | None
    owner: str | None
    reference: str | None
    snoozed_until: date | None
    snooze_reason: str | None
    opened_by_id: int | None
    closed_by_id: int | None
    acknowledged_at: datetime | None

    @property
    def cover_days(self) -> Decimal | None:
        """For how many whole days what is available lasts at the present use; None when nothing is used."""
        return self.use.lasts(self.figures.available)


def alert_page(asked: AlertsAsked, *, after: Mark | None = None, limit: int = 50) -> tuple[list[AlertRow], Mark | None]:
    """A page of alerts, what is out before what is low, the oldest first; and where the next page begins."""
    rows, last = cut([_row(row, asked.today) for row in fetch(_question(asked, after, limit + 1))], limit)
    return rows, (last.level, last.opened_at, last.id) if last else None


def alerts_in(asked: AlertsAsked) -> Iterator[AlertRow]:
    """All of them, streamed."""
    for row in streamed(_question(asked, None, None)):
        yield _row(row, asked.today)


def alert_row(alert_id: int, warehouse_id: int, *, today: date) -> AlertRow | None:
    """One alert, in whatever state."""
    asked = AlertsAsked((warehouse_id,), today, state="any", alert_ids=(alert_id,))
    return next(iter(alert_page(asked, limit=1)[0]), None)


def _question(asked: AlertsAsked, after: Mark | None, limit: int | None) -> Select[Any]:
    wanted = (
        select(Alert.id, Alert.level, Alert.opened_at)
        .join(Item, Item.id == Alert.item_id)
        .where(Alert.warehouse_id.in_(asked.warehouse_ids), *_in_state(asked))
        .order_by(Alert.level.desc(), Alert.opened_at, Alert.id)
    )
    if asked.search:
        wanted = wanted.where(search_condition(asked.search))
    if asked.level:
        wanted = wanted.where(Alert.level == asked.level)
    if asked.alert_ids is not None:
        wanted = wanted.where(Alert.id.in_(asked.alert_ids))
    if after is not None:
        level, opened_at, alert_id = after
        later = tuple_(Alert.opened_at, Alert.id) > tuple_(literal(opened_at, Instant), literal(alert_id))
        wanted = wanted.where((Alert.level < level) | ((Alert.level == level) & later))
    if limit is not None:
        wanted = wanted.limit(limit)
    return _described(wanted.subquery(), asked.today)


def _in_state(asked: AlertsAsked) -> list[Any]:
    is_put_off = func.coalesce(Alert.snoozed_until, date.min) > asked.today
    is_open = Alert.closed_at.is_(None)
    if asked.state == "any":
        return []
    if asked.state == "closed":
        return [Alert.closed_at.is_not(None)]
    if asked.state == "snoozed":
        return [is_open, is_put_off]
    found = [is_open, ~is_put_off]
    if asked.state == "open":
        found += [Alert.acknowledged_at.is_(None), Alert.reference.is_(None)]
    elif asked.state == "acknowledged":
        found += [Alert.acknowledged_at.is_not(None), Alert.reference.is_(None)]
    elif asked.state == "in_progress":
        found += [Alert.reference.is_not(None)]
    return found


def _described(wanted: Any, today: date) -> Select[Any]:
    due = (
        select(func.min(Commitment.due_on))
        .where(Commitment.item_id == Item.id, Commitment.warehouse_id == Warehouse.id, Commitment.kind == "ordered")
        .correlate(Item, Warehouse)
        .scalar_subquery()
    )
    question: Select[Any] = (
        select(
            Alert,
            *columns_of(Item, "item"),
            *columns_of(Unit, "unit"),
            *columns_of(Warehouse, "warehouse"),
            _owner.display_name.label("owner"),
            used_until(today).label("used"),
            due.label("due_on"),
        )
        .select_from(wanted)
        .join(Alert, Alert.id == wanted.c.id)
        .join(Item, Item.id == Alert.item_id)
        .join(Warehouse, Warehouse.id == Alert.warehouse_id)
        .join(Unit, Unit.id == Item.unit_id)
        .outerjoin(_owner, _owner.id == Alert.acknowledged_by_id)
        .order_by(wanted.c.level.desc(), wanted.c.opened_at, wanted.c.id)
    )
    return with_rule(with_stock(question, today))


def _row(row: Any, today: date) -> AlertRow:
    alert: Alert = row.Alert
    is_put_off = alert.closed_at is None and alert.snoozed_until is not None and alert.snoozed_until > today
    return AlertRow(
        alert.id, sure(row, "item"), sure(row, "unit"), sure(row, "warehouse"), alert.level,
        "snoozed" if is_put_off else alert.state, _then(alert) if alert.closed_at else figures_of(row),
        Use.of(row), row.due_on, alert.opened_at, alert.closed_at, row.owner, alert.reference,
        alert.snoozed_until, alert.snooze_reason, alert.opened_by_id, alert.closed_by_id, alert.acknowledged_at,
    )  # fmt: skip


def _then(alert: Alert) -> Figures:
    """The figures an alert was opened (or last changed) with."""
    names = ("on_hand", "expired", "quarantined", "reserved", "ordered", "in_transit")
    kept = {name: Decimal(alert.figures[name]) for name in names if alert.figures.get(name) is not None}
    point, target = (alert.figures.get(name) for name in ("reorder_point", "target"))
    return Figures(
        **kept,
        reorder_point=None if point is None else Decimal(point),
        target=None if target is None else Decimal(target),
    )
