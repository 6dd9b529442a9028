"""Alerts: opened and closed with what causes them (law 3), worked out anew when time itself changes something, and what
people do with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, insert, select, true, update

from inventory import audit
from inventory.access import Identity, User
from inventory.audit import AuditRecord
from inventory.catalogue import Item
from inventory.database import BATCH, db, streamed
from inventory.errors import fault, found, refuse
from inventory.replenishment.figures import Figures, figures_of, may_be_short, with_rule, with_stock
from inventory.replenishment.tables import Alert
from inventory.texts import text_faults
from inventory.warehouses import Warehouse

ItemIds = list[int] | Select[tuple[int]] | None
"""Which items: by their ids, by a question for these, or all."""


WOKEN: dict[str, None] = {"snoozed_until": None, "snooze_reason": None, "snoozed_by_id": None}
"""What an alert says of a delay when there is none, or none any more."""

HANDLING = ("alert.acknowledged", "alert.released", "alert.snoozed", "alert.woken")
"""What the audit trail calls that people do with an alert."""


@dataclass(frozen=True, slots=True)
class Review:
    """What a posting touched: the figures after it, and the alert that was open before it."""

    item_id: int
    warehouse_id: int
    figures: Figures
    alert_id: int | None
    alert_level: str | None


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
            worse = WOKEN if level == "out" else {}  # what was put off while there was some is not put off any more
            _change(one.alert_id, level=level, figures=one.figures.as_text(), **worse)


def _change(alert_id: int, **values: Any) -> None:
    db.session.execute(update(Alert).where(Alert.id == alert_id).values(**values))


def standing(on: date, *, item_ids: ItemIds = None, warehouse_ids: list[int] | None = None) -> Iterator[Review]:
    """The figures and open alert of every pair that has a rule or an open alert."""
    yield from _reviews(db.session.execute(_standing(on, item_ids, warehouse_ids)))


def _reviews(rows: Iterable[Any]) -> Iterator[Review]:
    for row in rows:
        yield Review(row.id, row.warehouse_id, figures_of(row), row.alert_id, row.alert_level)


def _standing(on: date, item_ids: ItemIds = None, warehouse_ids: list[int] | None = None) -> Select[Any]:
    question = with_rule(
        with_stock(select(Item.id, Warehouse.id.label("warehouse_id")).select_from(Item).join(Warehouse, true()), on)
    )
    question = question.where(may_be_short())
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
    lock()
    rows = db.session.execute(_standing(on), execution_options={"yield_per": BATCH})
    changed = [one for one in _reviews(rows) if one.figures.level != one.alert_level]
    review(changed, at=at)
    return len(changed)


def lock(*which: ColumnElement[bool]) -> None:
    """Nobody posts in these warehouses (in all, when none is named) while their alerts are worked out anew."""
    db.session.execute(select(Warehouse.id).where(*which).order_by(Warehouse.id).with_for_update())


def acknowledge(alert_id: int, *, by: Identity, at: datetime) -> Alert:
    """Somebody takes care of it; a second time changes nothing. Raises NotFound when there is no such open alert."""
    alert = _open_alert(alert_id)
    if alert.acknowledged_at is None:
        alert.acknowledged_at, alert.acknowledged_by_id = at, by.id
        _note("alert.acknowledged", alert, by=by, at=at)
    return alert


def release(alert_id: int, *, by: Identity, at: datetime) -> Alert:
    """Takes an acknowledgement back, one's own or a colleague's: nobody takes care of it; a second time changes
    nothing."""
    alert = _open_alert(alert_id)
    if alert.acknowledged_at is not None:
        owner = db.session.get_one(User, alert.acknowledged_by_id)
        alert.acknowledged_at = alert.acknowledged_by_id = None
        _note("alert.released", alert, by=by, at=at, owner=owner.username)
    return alert


def snooze_days(on: date) -> tuple[date, date]:
    """The first and the last day until which an alert can be put off: tomorrow, and a year ahead."""
    return on + timedelta(days=1), date(on.year + 1, on.month, min(on.day, 28))


def snooze(alert_id: int, *, until: date, reason: str, by: Identity, on: date, at: datetime) -> Alert:
    """Hides an alert until a day, with a reason; it stays open and counts on."""
    faults = []
    first, last = snooze_days(on)
    if not first <= until <= last:
        faults.append(fault("/until", "range", _l("Choose a day after today, within a year.")))
    if not reason.strip():
        faults.append(fault("/reason", "required", _l("Say why.")))
    refuse(faults + text_faults("/reason", reason, 300))
    alert = _open_alert(alert_id)
    alert.snoozed_until, alert.snooze_reason, alert.snoozed_by_id = until, reason.strip(), by.id
    _note("alert.snoozed", alert, by=by, at=at, until=until.isoformat(), reason=reason.strip())
    return alert


def wake(alert_id: int, *, by: Identity, on: date, at: datetime) -> Alert:
    """Shows an alert again before its day; one that is not put off, or no longer, stays as it is."""
    alert = _open_alert(alert_id)
    if alert.snoozed_until is not None and alert.snoozed_until > on:
        undone = {"until": alert.snoozed_until.isoformat(), "reason": alert.snooze_reason}
        alert.snoozed_until = alert.snooze_reason = alert.snoozed_by_id = None
        _note("alert.woken", alert, by=by, at=at, **undone)
    return alert


def handled(warehouse: str, item: str, *, since: datetime) -> list[AuditRecord]:
    """What people did with the alerts of an item in a warehouse, the oldest first."""
    return audit.history(_subject(warehouse, item), HANDLING, since=since)


def get_alert(alert_id: int) -> Alert:
    """The alert with this id, open or closed; NotFound when there is none."""
    return found(db.session.get(Alert, alert_id), alert_id)


def _open_alert(alert_id: int) -> Alert:
    alert = get_alert(alert_id)
    return found(alert if alert.closed_at is None else None, alert_id)


def _subject(warehouse: str, item: str) -> str:
    return f"{warehouse}/{item}"


def _note(action: str, alert: Alert, *, by: Identity, at: datetime, **details: Any) -> None:
    warehouse, item = db.session.get_one(Warehouse, alert.warehouse_id), db.session.get_one(Item, alert.item_id)
    subject = _subject(warehouse.code, item.code)
    audit.note(action, subject, by=by, at=at, details=details)
