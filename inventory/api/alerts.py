"""Low-stock alerts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response
from sqlalchemy import Select, select

from inventory import clock, replenishment
from inventory.access import require, require_somewhere
from inventory.api.acting import acting
from inventory.api.answers import answer, opened, page
from inventory.api.documents import entry_id_of as number_of
from inventory.api.noun import Noun
from inventory.api.scope import within
from inventory.catalogue import Item, Unit
from inventory.database import db, page_of, transaction
from inventory.replenishment import Alert, figures_of, get_alert, with_rule, with_stock
from inventory.schemas.supply import AlertOut, AlertPage, AlertQuery, SnoozeIn
from inventory.warehouses import Warehouse

calls = Noun("alerts", __name__, "What is out or low.")

_STATES = {
    "open": (Alert.closed_at.is_(None), Alert.acknowledged_at.is_(None), Alert.reference.is_(None)),
    "acknowledged": (Alert.closed_at.is_(None), Alert.acknowledged_at.is_not(None), Alert.reference.is_(None)),
    "in_progress": (Alert.closed_at.is_(None), Alert.reference.is_not(None)),
    "closed": (Alert.closed_at.is_not(None),),
}
_NAMED = ("item", "name_fr", "name_ar", "name_en", "unit", "warehouse")
_KEPT = (
    "level", "state", "opened_at", "closed_at", "acknowledged_at", "reference", "snoozed_until", "snooze_reason",
)  # fmt: skip


@calls.call("GET", "/alerts", query=AlertQuery(), answers=AlertPage())
def list_(query: dict[str, Any]) -> Response:
    """List alerts

    The newest first; all that are not closed, unless a state is named.
    """
    ids = within(acting(), "alert.read", query.get("warehouse"))
    states = _STATES.get(query.get("state", ""), (Alert.closed_at.is_(None),))
    wanted = select(Alert.id).where(*states).order_by(Alert.id.desc()).limit(query["limit"] + 1)
    if ids is not None:
        wanted = wanted.where(Alert.warehouse_id.in_(ids))
    if (after := opened(query.get("cursor"), "alerts")) is not None:
        wanted = wanted.where(Alert.id < after[0])
    rows, last = page_of(_alerts(wanted).order_by(Alert.id.desc()), query["limit"])
    return page([_alert(row) for row in rows], (last.Alert.id,) if last else None, "alerts")


@calls.call("POST", "/alerts/<string:alert_id>/acknowledge", answers=AlertOut())
def acknowledge(alert_id: str) -> Response:
    """Acknowledge an alert

    A second time changes nothing.
    """
    return _handled(alert_id, replenishment.acknowledge)


@calls.call("POST", "/alerts/<string:alert_id>/release", answers=AlertOut())
def release(alert_id: str) -> Response:
    """Take an acknowledgement back

    One's own or a colleague's: nobody takes care of the alert any more. A second time changes nothing.
    """
    return _handled(alert_id, replenishment.release)


@calls.call("POST", "/alerts/<string:alert_id>/snooze", body=SnoozeIn(), answers=AlertOut())
def snooze(data: dict[str, Any], alert_id: str) -> Response:
    """Put an alert aside

    Until a day, with a reason; it stays open and counts on.
    """
    return _handled(alert_id, replenishment.snooze, on=clock.today(), **data)


@calls.call("POST", "/alerts/<string:alert_id>/wake", answers=AlertOut())
def wake(alert_id: str) -> Response:
    """Take a snooze back

    The alert is shown again before its day. A second time changes nothing.
    """
    return _handled(alert_id, replenishment.wake, on=clock.today())


def _handled(alert_id: str, verb: Callable[..., Alert], **told: Any) -> Response:
    """Does something with an alert, for whoever may handle alerts in its warehouse."""
    by, number = acting(), number_of(alert_id)
    require_somewhere(by, "alert.handle")
    with transaction():
        require(by, "alert.handle", get_alert(number).warehouse_id)
        verb(number, by=by, at=clock.now(), **told)
    return answer(_one(number))


def _alerts(wanted: Select[Any]) -> Select[Any]:
    """The alerts with these ids. Which they are is asked within: the figures of a row cost more than finding it."""
    question = (
        select(
            Alert, Item.code.label("item"), Item.name_fr, Item.name_ar, Item.name_en, Unit.code.label("unit"),
            Warehouse.code.label("warehouse"),
        )
        .join(Item, Item.id == Alert.item_id)
        .join(Unit, Unit.id == Item.unit_id)
        .join(Warehouse, Warehouse.id == Alert.warehouse_id)
        .where(Alert.id.in_(wanted))
    )  # fmt: skip
    return with_rule(with_stock(question, clock.today()))


def _one(number: int) -> dict[str, Any]:
    return _alert(db.session.execute(_alerts(select(Alert.id).where(Alert.id == number))).one())


def _alert(row: Any) -> dict[str, Any]:
    alert: Alert = row.Alert
    kept = {name: getattr(row, name) for name in _NAMED} | {name: getattr(alert, name) for name in _KEPT}
    figures = alert.figures if alert.closed_at else figures_of(row).as_text()
    return {"id": str(alert.id), **kept, "figures": figures}
