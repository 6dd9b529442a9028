"""Counts of places: the list, one count with what was expected, and what becomes of its difference."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required

from inventory import access, clock, counting, documents
from inventory.counting import STATES, CountsAsked
from inventory.database import db, transaction
from inventory.errors import Refusal
from inventory.web import asked
from inventory.web.asked import me
from inventory.web.downloads import download
from inventory.web.frame import named
from inventory.web.listing import PAGE, Column, Listing

pages = Blueprint("counting", __name__)
Answer = Response | str | tuple[str, int]
STATE_WORDS: dict[str, tuple[str, Any]] = {
    "matched": ("in_order", _l("No difference")),
    "waiting": ("waiting", _l("Waits for a decision")),
    "adjusted": ("posted", _l("Adjusted")),
    "dismissed": ("closed", _l("Dismissed")),
    "replaced": ("cancelled", _l("Counted again")),
}
"""The badge and the word of each state."""


@pages.get("/counts")
@login_required
def list_() -> Answer:
    """The counts of one's warehouses."""
    places, here = asked.scope("count.read")
    is_file = asked.wants_file()
    wanted = CountsAsked(warehouse_ids=[place.id for place in places], state=asked.one_of("state", STATES))
    rows, following = counting.find_counts(wanted, after=asked.cursor("counts"), limit=None if is_file else PAGE)
    columns = (
        Column("counted_at", _("Counted"), "main"),
        Column("place", _("Place"), "whole"),
        Column("warehouse", _("Warehouse"), is_shown=here is None),
        Column("counter", _("By")),
        Column("lines", _("Lines"), "number"),
        Column("differences", _("Differences"), "number"),
        Column("state", _("State"), "state"),
    )
    listing = Listing(request.path, request.args, columns, rows, asked.signed("counts", following))
    if is_file:
        return download(listing, rows, _cell, name="counts", title=_("Counts"))
    states = [(state, STATE_WORDS[state][1]) for state in STATES]
    station = asked.way("scanning.count") if me().may_somewhere("count.write") else None
    return render_template(
        "counting/list.html", listing=listing, cell=_cell, states=states, badges=STATE_WORDS, station=station
    )


def _cell(row: Any, key: str) -> Any:
    if key == "counted_at":
        return row.PlaceCount.counted_at
    if key == "place":
        return named(row.Location) or row.Location.code
    if key == "counter":
        return row.display_name
    if key == "state":
        return str(STATE_WORDS[row.state][1])
    return getattr(row, key)


@pages.get("/counts/<int:count_id>")
@login_required
def show(count_id: int) -> Answer:
    """One count: what was counted, what the books said, the difference."""
    return _page(_seen(count_id))


def _seen(count_id: int) -> Any:
    access.require_somewhere(me(), "count.read")
    row = counting.count_row(count_id)
    access.require(me(), "count.read", row.PlaceCount.warehouse_id)
    return row


def _page(row: Any, refusal: Refusal | None = None) -> tuple[str, int]:
    count, decision = row.PlaceCount, row.CountDecision
    lines = counting.lines_of_counts([count.id])[count.id]
    paper = documents.document_of(decision.entry_id) if decision and decision.entry_id else None
    is_waiting = row.state == "waiting"
    left = [one for one in lines if one.CountLine.difference and not one.is_counted_again]
    page = render_template(
        "counting/show.html",
        row=row,
        count=count,
        badge=STATE_WORDS[row.state],
        lines=sorted(lines, key=lambda one: one not in left),
        has_moved=is_waiting and any(one.has_moved for one in left),
        remarks=counting.remarks_of([count.id])[count.id],
        decision=decision,
        paper=paper,
        may_decide=is_waiting and me().may("adjustment.post", count.warehouse_id),
        may_remark=is_waiting and me().may("count.write", count.warehouse_id),
        key=request.form.get("key") or asked.key(),
        reason=request.form.get("reason", ""),
        errors=[{"field": "", "message": refusal.message()}] if refusal else [],
    )
    return page, refusal.status if refusal else 200


@pages.post("/counts/<int:count_id>/adjust")
@login_required
def adjust(count_id: int) -> Answer:
    """Posts the difference as an adjustment."""
    _seen(count_id)
    reason, key = request.form.get("reason", ""), request.form.get("key", "") or asked.key()
    try:
        with transaction():
            paper = counting.adjust(count_id, reason, by=me(), today=clock.today(), at=clock.now(), key=key)
    except Refusal as refusal:
        return _refused(count_id, refusal)
    flash(_("Adjusted by %(paper)s.", paper=paper.reference), "posted")
    return _shown(count_id)


@pages.post("/counts/<int:count_id>/dismiss")
@login_required
def dismiss(count_id: int) -> Answer:
    """Leaves the books as they are."""
    _seen(count_id)
    try:
        with transaction():
            counting.dismiss(count_id, request.form.get("reason", ""), by=me(), at=clock.now())
    except Refusal as refusal:
        return _refused(count_id, refusal)
    flash(_("The count is dismissed; the books stay as they are."), "info")
    return _shown(count_id)


@pages.post("/counts/<int:count_id>/remark")
@login_required
def remark(count_id: int) -> Answer:
    """Adds what may explain the difference."""
    _seen(count_id)
    try:
        with transaction():
            counting.remark(count_id, request.form.get("remark", ""), by=me(), at=clock.now())
    except Refusal as refusal:
        return _refused(count_id, refusal)
    return _shown(count_id)


def _refused(count_id: int, refusal: Refusal) -> Answer:
    if refusal.status == 403 or refusal.status >= 500:
        raise refusal
    db.session.rollback()
    return _page(counting.count_row(count_id), refusal)


def _shown(count_id: int) -> Response:
    return redirect(url_for("counting.show", count_id=count_id), 303)  # type: ignore[return-value]
