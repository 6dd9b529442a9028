"""Alerts: the morning of the buyer, and one alert with its arithmetic and what was done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import login_required

from inventory import access, clock, languages, people, replenishment, reports
from inventory.database import db, transaction
from inventory.errors import InvalidRequest, refuse_field
from inventory.replenishment import Alert, Figures
from inventory.reports import AlertRow, AlertsAsked
from inventory.web import asked, charts
from inventory.web.frame import Place, named, own_warehouses
from inventory.web.listing import Column, Listing
from inventory.web.words import state_word

pages = Blueprint("alerts", __name__)

LEVELS = ("out", "low")
KEPT = ("warehouse", "search", "level", "state", "sort", "cursor")
LEAD_DAYS, FULL_DAYS = 15, 90
"""A cover shorter than the first is red; the bar is full at the second."""

MOST_AT_ONCE = 200
COLUMNS = (
    Column("item", _l("Item"), "main"),
    Column("level", _l("Level"), "state"),
    Column("warehouse", _l("Warehouse"), is_shown=False),
    Column("available", _l("Available"), "number"),
    Column("incoming", _l("Expected"), "number"),
    Column("cover", _l("Lasts"), "whole"),
    Column("age", _l("Since")),
    Column("owner", _l("In whose hands"), is_shown=False),
    Column("state", _l("State")),
)
FILE_COLUMNS = (
    _l("Code"), _l("Item"), _l("Unit"), _l("Warehouse"), _l("Level"), _l("State"), _l("On hand"), _l("Available"),
    _l("Ordered"), _l("On the way"), _l("Reorder point"), _l("Fill up to"), _l("Use per day"), _l("Lasts (days)"),
    _l("Open since"), _l("In whose hands"), _l("Why"),
)  # fmt: skip


# By whether the alert is over, and whether there is any.
_LEFT = {
    (False, False): _l("Nothing usable is left."),
    (False, True): _l("%(available)s %(unit)s can be used."),
    (True, False): _l("Nothing usable was left."),
    (True, True): _l("%(available)s %(unit)s could be used."),
}
_EXPECTED = {
    (False, False): _l("Nothing is expected; the reorder point is %(point)s."),
    (False, True): _l("%(expected)s are expected; the reorder point is %(point)s."),
    (True, False): _l("Nothing was expected; the reorder point was %(point)s."),
    (True, True): _l("%(expected)s were expected; the reorder point was %(point)s."),
}


def sentence(
    figures: Figures, unit: str, *, level: str | None, cover_days: Decimal | None = None, is_past: bool = False
) -> str:
    """Why an alert stands, or stood, with its numbers, in the language of the moment: the one place that says it."""
    numbers = {
        "available": languages.quantity(figures.available),
        "unit": f"({unit})",  # set apart: the name of a unit has no plural
        "expected": languages.quantity(figures.ordered + figures.in_transit),
        "point": languages.quantity(figures.reorder_point),
        "expired": languages.quantity(figures.expired),
        "quarantined": languages.quantity(figures.quarantined),
        "reserved": languages.quantity(figures.reserved),
    }
    parts = [str(_LEFT[is_past, figures.available > 0]) % numbers]
    if figures.expired > 0:
        parts.append(_("Expired: %(expired)s.", **numbers))
    if figures.quarantined > 0:
        parts.append(_("In quarantine: %(quarantined)s.", **numbers))
    if figures.reserved > 0:
        parts.append(_("Reserved: %(reserved)s.", **numbers))
    parts.append(str(_EXPECTED[is_past, figures.ordered + figures.in_transit > 0]) % numbers)
    if level == "low" and cover_days is not None and not is_past:
        parts.append(cover_words(cover_days, _("At the present use this lasts %(days)s.")))
    return " ".join(parts)


def cover_words(days: Decimal | None, frame: str = "%(days)s") -> str:
    """“23 days”, alone or inside a sentence; “less than a day”, “not used” when nothing leaves."""
    if days is None:
        return str(_("not used"))
    count = int(days)
    return frame % {"days": ngettext("%(num)s day", "%(num)s days", count) if count else _("less than a day")}


def line(row: AlertRow) -> str:
    """The sentence of an alert; of one that is closed, as it stood."""
    is_past = row.closed_at is not None
    return sentence(row.figures, unit_of(row), level=row.level, cover_days=row.cover_days, is_past=is_past)


def address(row: AlertRow) -> str:
    """The page of an alert."""
    return url_for("alerts.show", alert_id=row.id)


def unit_of(row: AlertRow) -> str:
    """The word for the unit in which the alert counts."""
    return asked.called(row.unit)


@pages.get("/alerts")
@login_required
def list_() -> str | Response:
    """Every open alert of one's warehouses that nobody put off: out of stock first, then the oldest."""
    wanted, here = _asked()
    if asked.wants_file():
        return _file(wanted)
    return _page(wanted, here)


def _asked() -> tuple[AlertsAsked, Place | None]:
    """The alerts that the address names, and the warehouse they are limited to."""
    places, here = asked.scope("alert.read")
    wanted = AlertsAsked(
        [place.id for place in places],
        clock.today(),
        search=asked.words("search"),
        level=asked.one_of("level", LEVELS),
        state=asked.one_of("state", reports.STATES),
    )
    return wanted, here


def _kept() -> dict[str, Any]:
    """What the address says of the list, so that one comes back to it."""
    return {name: request.args[name] for name in KEPT if request.args.get(name)}


def _page(wanted: AlertsAsked, here: Place | None, errors: Sequence[dict[str, str]] = ()) -> str:
    mark = asked.cursor("alerts")
    rows, after = reports.alert_page(
        wanted, after=(mark[0], datetime.fromisoformat(mark[1]), mark[2]) if mark else None
    )
    listing = Listing(url_for("alerts.list_"), request.args, COLUMNS, rows, next=asked.signed("alerts", after))
    return render_template(
        "alerts/list.html",
        listing=listing,
        chips=_chips(listing, wanted),
        places=own_warehouses("alert.read"),
        here=here,
        everywhere=asked.EVERYWHERE,
        snooze_days=replenishment.snooze_days(wanted.today),
        covers={row.id: cover(row) for row in rows},
        ages={row.id: age(row) for row in rows},
        why=line,
        cover_words=cover_words,
        unit_of=unit_of,
        errors=errors,
        state=wanted.state,
        may_handle=asked.me().may_somewhere("alert.handle"),
        alert_address=address,
        may_rule=asked.me().may_somewhere("rule.write"),
        may_see_rules=asked.me().may_somewhere("rule.read"),
        typed=request.form,
        ticked=request.form.getlist("alert"),
        kept=_kept(),
    )


def _chips(listing: Listing, wanted: AlertsAsked) -> list[dict[str, Any]]:
    words = (
        ("", "", _("To do")), ("level", "out", _("Out of stock")), ("state", "open", _("Nobody looked")),
        ("state", "acknowledged", _("Seen")), ("state", "in_progress", _("In progress")),
        ("state", "snoozed", _("Snoozed")), ("state", "closed", _("Closed")),
    )  # fmt: skip
    now = {"level": wanted.level, "state": wanted.state}
    return [
        {
            "label": word,
            "href": listing.address(**{"level": None, "state": None} | ({name: value} if name else {})),
            "is_current": now == {"level": "", "state": ""} | ({name: value} if name else {}),
        }
        for name, value, word in words
    ]


def cover(row: AlertRow) -> charts.Cover | None:
    """How far the stock of an alert reaches, as a bar."""
    return charts.cover(row.cover_days, lead_days=LEAD_DAYS, full_days=FULL_DAYS)


def age(row: AlertRow) -> str:
    """For how long an alert has stood open, or stood before it was closed."""
    if row.closed_at:
        return cover_words(Decimal((row.closed_at - row.opened_at).days))
    days = (clock.now() - row.opened_at).days
    return str(ngettext("%(num)s day", "%(num)s days", days)) if days else str(_("today"))


def _file(wanted: AlertsAsked) -> Response:
    rows = (
        [
            row.item.code, named(row.item), unit_of(row), named(row.warehouse) or row.warehouse.code,
            state_word(row.level), state_word(row.state), row.figures.on_hand, row.figures.available,
            row.figures.ordered, row.figures.in_transit, row.figures.reorder_point, row.figures.target,
            row.use.per_day, row.cover_days, clock.day_of(row.opened_at), row.owner, line(row),
        ]
        for row in reports.alerts_in(wanted)
    )  # fmt: skip
    return asked.spreadsheet("alerts", FILE_COLUMNS, rows, _("Alerts"))


@pages.get("/alerts/<int:alert_id>")
@login_required
def show(alert_id: int) -> str:
    """One alert: the sentence, the calculation, what was done and by whom."""
    return _alert_page(alert_id)


def _alert_page(alert_id: int, errors: Sequence[dict[str, str]] = ()) -> str:
    alert = replenishment.get_alert(alert_id)
    access.require(asked.me(), "alert.read", alert.warehouse_id)
    row = reports.alert_row(alert_id, alert.warehouse_id, today=clock.today())
    assert row is not None  # it was there a line ago
    papers = reports.papers_of_entries([one for one in (row.opened_by_id, row.closed_by_id) if one])
    return render_template(
        "alerts/show.html",
        row=row,
        unit=unit_of(row),
        why=line(row),
        cover=cover(row),
        cover_words=cover_words(row.cover_days),
        history=_history(row),
        opened_on=clock.day_of(row.opened_at),
        closed_on=clock.day_of(row.closed_at) if row.closed_at else None,
        papers={entry_id: (text, asked.paper(entry_id)) for entry_id, text in papers.items()},
        age=age(row),
        snooze_days=replenishment.snooze_days(clock.today()),
        may_handle=asked.me().may("alert.handle", alert.warehouse_id),
        errors=errors,
        typed=request.form,
        remedies=_remedies(row),
    )


def _history(row: AlertRow) -> list[dict[str, Any]]:
    """What people did with an alert while it stood: when, who, what, and whose hands or which delay it was."""
    records = replenishment.handled(row.warehouse.code, row.item.code, since=row.opened_at)
    records = [one for one in records if row.closed_at is None or one.at <= row.closed_at]
    owners = [one.details["owner"] for one in records if "owner" in one.details]
    called = people.names_of({*owners, *(one.actor for one in records)})
    return [
        {
            "at": one.at,
            "act": one.action.removeprefix("alert."),
            "by": called.get(one.actor, one.actor),
            "owner": called.get(one.details.get("owner", "")),
            "until": date.fromisoformat(one.details["until"]) if "until" in one.details else None,
            "reason": one.details.get("reason"),
        }
        for one in records
    ]


def _remedies(row: AlertRow) -> list[dict[str, str]]:
    """What a shortage calls for, as far as one may do it and the house has the page."""
    known = (
        ("receipt.post", "receive", _("Receive"), {"kind": "receipt"}),
        ("transfer_receipt.post", "transfer", _("Receive a transfer"), {"kind": "transfer_receipt"}),
    )
    return [
        {"label": label, "icon": icon, "href": href}
        for action, icon, label, values in known
        if asked.me().may(action, row.warehouse.id)
        and (href := asked.way("documents.new", **values, warehouse=row.warehouse.code, item=row.item.code)) is not None
    ]


@pages.post("/alerts/acknowledge")
@login_required
def acknowledge() -> Response:
    """Takes note of the ticked alerts: all of them, or none."""
    ids = _each(replenishment.acknowledge)
    flash(ngettext("%(num)s alert is in your hands.", "%(num)s alerts are in your hands.", len(ids)), "posted")
    return _back(ids)


@pages.post("/alerts/release")
@login_required
def release() -> Response:
    """Takes the acknowledgement of the ticked alerts back: of all of them, or of none."""
    ids = _each(replenishment.release)
    sentence = ngettext("Nobody takes care of %(num)s alert now.", "Nobody takes care of %(num)s alerts now.", len(ids))
    flash(sentence, "posted")
    return _back(ids)


@pages.post("/alerts/wake")
@login_required
def wake() -> Response:
    """Shows the ticked alerts again before their day: all of them, or none."""
    ids = _each(replenishment.wake, on=clock.today())
    flash(ngettext("%(num)s alert is shown again.", "%(num)s alerts are shown again.", len(ids)), "posted")
    return _back(ids)


@pages.post("/alerts/snooze")
@login_required
def snooze() -> Response | tuple[str, int]:
    """Puts the ticked alerts off until a day, with a reason: all of them, or none."""
    ids = _ticked()
    try:
        until, reason = asked.day("until"), request.form.get("reason", "").strip()
        if until is None:
            refuse_field("/until", "required", _l("Say until which day."))
        _each(replenishment.snooze, until=until, reason=reason, on=clock.today())
    except InvalidRequest as refusal:
        db.session.rollback()
        errors = [{"field": one.pointer.strip("/"), "message": one.sentence()} for one in refusal.faults]
        if request.form.get("from") == "alert" and len(ids) == 1:
            return _alert_page(ids[0], errors), refusal.status
        return _page(*_asked(), errors), refusal.status
    flash(ngettext("%(num)s alert put off.", "%(num)s alerts put off.", len(ids)), "posted")
    return _back(ids)


def _ticked() -> list[int]:
    """The ids of the ticked alerts; refuses none, and more than a page can hold."""
    ids = sorted(
        {int(one) for one in request.form.getlist("alert") if one.isascii() and one.isdigit() and len(one) < 19}
    )
    if not 0 < len(ids) <= MOST_AT_ONCE:
        refuse_field("/alert", "required", _l("Tick the alerts first."))
    return ids


def _each(verb: Callable[..., Alert], **told: Any) -> list[int]:
    """Does something with each ticked alert, once all are known to be where one may handle alerts."""
    ids = _ticked()
    with transaction():
        for alert in [replenishment.get_alert(one) for one in ids]:
            access.require(asked.me(), "alert.handle", alert.warehouse_id)
        for one in ids:
            verb(one, by=asked.me(), at=clock.now(), **told)
    return ids


def _back(ids: Sequence[int]) -> Response:
    if request.form.get("from") == "alert" and len(ids) == 1:
        return redirect(url_for("alerts.show", alert_id=ids[0]))  # type: ignore[return-value]
    return redirect(url_for("alerts.list_", **_kept()))  # type: ignore[return-value]
