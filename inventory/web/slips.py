"""Slips to regularise: the list, one slip with its photo, and how it is settled."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from inventory import access, clock, documents, slips
from inventory.database import db, transaction
from inventory.documents import reference
from inventory.errors import Conflict, InvalidRequest, Refusal
from inventory.slips import SlipsAsked
from inventory.web import asked
from inventory.web.asked import me
from inventory.web.documents.desk import word_of
from inventory.web.downloads import download, picture
from inventory.web.frame import named
from inventory.web.listing import PAGE, Column, Listing
from inventory.web.typed import number_of

pages = Blueprint("slips", __name__)
Answer = Response | str | tuple[str, int]
STATES = ("open", "settled")


@pages.get("/slips")
@login_required
def list_() -> Answer:
    """Every slip of one's warehouses; those that wait when nothing else is asked."""
    places, here = asked.scope("slip.read")
    is_file = asked.wants_file()
    wanted = SlipsAsked(
        warehouse_ids=[place.id for place in places], state=asked.one_of("state", STATES), search=asked.words("search")
    )
    rows, following = slips.find_slips(wanted, after=asked.cursor("slips"), limit=None if is_file else PAGE)
    columns = (
        Column("number", _("Number"), "main"),
        Column("made_at", _("Handed out")),
        Column("age", _("Age"), is_shown=not is_file),
        Column("warehouse", _("Warehouse"), is_shown=here is None),
        Column("service", _("Service"), "whole"),
        Column("receiver", _("Receiver")),
        Column("lines", _("Lines"), "number"),
        Column("maker", _("By"), is_shown=is_file),
        Column("state", _("State"), "state"),
    )
    listing = Listing(request.path, request.args, columns, rows, asked.signed("slips", following))
    if is_file:
        return download(listing, rows, _cell, name="slips", title=_("Slips to regularise"))
    return render_template("slips/list.html", listing=listing, cell=_cell, here=here)


def _cell(row: Any, key: str) -> Any:
    slip = row.Slip
    cells = {
        "number": slips.slip_reference(slip, row.warehouse),
        "made_at": slip.made_at,
        "age": age_of(row),
        "warehouse": row.warehouse,
        "service": named(row.Service) or row.Service.code,
        "receiver": slip.receiver,
        "lines": row.lines,
        "maker": row.display_name,
        "state": state_word(row),
    }
    return cells[key]


def state_word(row: Any) -> str:
    return str(_("To regularise") if row.is_open else _("Settled"))


def age_of(row: Any) -> str:
    """How long a slip has waited, while it waits."""
    if not row.is_open:
        return ""
    days = (clock.today() - clock.day_of(row.Slip.made_at)).days
    return str(_("today") if days == 0 else ngettext("%(num)s day", "%(num)s days", days))


@pages.get("/slips/<int:slip_id>")
@login_required
def show(slip_id: int) -> Answer:
    """One slip: what was handed out, to whom, its photo, and what would put it right."""
    return _page(_seen(slip_id))


def _seen(slip_id: int) -> Any:
    access.require_somewhere(me(), "slip.read")
    row = slips.slip_row(slip_id)
    access.require(me(), "slip.read", row.Slip.warehouse_id)
    return row


def _page(row: Any, refusal: Refusal | None = None) -> tuple[str, int]:
    slip = row.Slip
    lines = slips.lines_of_slips([slip.id])[slip.id]
    settlements = slips.settlements_of([slip.id])[slip.id]
    papers = slips.papers_of_settlements([one.SlipSettlement.id for one in settlements])
    cited = documents.documents_by_id(sorted({entry for each in papers.values() for entry in each}))
    may_settle = row.is_open and me().may("slip.settle", slip.warehouse_id)
    fitting = slips.fitting_papers(slip) if may_settle else []
    page = render_template(
        "slips/show.html",
        row=row,
        slip=slip,
        reference=slips.slip_reference(slip, row.warehouse),
        state=state_word(row),
        lines=lines,
        settlements=settlements,
        papers=papers,
        cited={one.entry_id: one for one in cited},
        fitting=[
            (str(one.id), reference(row.warehouse, one.kind, one.year, one.number), word_of(one.kind).title, one.on)
            for one in fitting
        ],
        may_settle=may_settle,
        may_issue=row.is_open and me().may("issue.post", slip.warehouse_id),
        may_close=row.is_open and me().may("slip.close", slip.warehouse_id),
        errors=_errors(refusal),
        chosen=request.form.getlist("papers"),
        reason=request.form.get("reason", ""),
    )
    return page, refusal.status if refusal else 200


def _errors(refusal: Refusal | None) -> list[dict[str, str]]:
    if refusal is None:
        return []
    faults = [{"field": one.pointer.strip("/").split("/")[0], "message": one.sentence()} for one in refusal.faults]
    return faults or [{"field": "", "message": refusal.message()}]


@pages.get("/slips/<int:slip_id>/photo")
@login_required
def photo(slip_id: int) -> Response:
    """The picture of a slip."""
    _seen(slip_id)
    kept = slips.photo_of(slip_id)
    return picture(kept.content, kept.media_type, kept.digest)


@pages.post("/slips/<int:slip_id>/settle")
@login_required
def settle(slip_id: int) -> Answer:
    """Links the papers that were ticked."""
    _seen(slip_id)
    chosen = [number_of(one) or 0 for one in request.form.getlist("papers")]
    try:
        with transaction():
            slips.settle(slip_id, chosen, by=me(), at=clock.now())
    except (InvalidRequest, Conflict) as refusal:
        return _refused(slip_id, refusal)
    return _settled(slip_id)


@pages.post("/slips/<int:slip_id>/close")
@login_required
def close(slip_id: int) -> Answer:
    """Closes the slip without a paper."""
    _seen(slip_id)
    try:
        with transaction():
            slips.close(slip_id, request.form.get("reason", ""), by=me(), at=clock.now())
    except (InvalidRequest, Conflict) as refusal:
        return _refused(slip_id, refusal)
    return _settled(slip_id)


def _refused(slip_id: int, refusal: Refusal) -> Answer:
    db.session.rollback()
    return _page(slips.slip_row(slip_id), refusal)


def _settled(slip_id: int) -> Response:
    flash(_("The slip is settled."), "posted")
    return redirect(url_for("slips.show", slip_id=slip_id), 303)  # type: ignore[return-value]


@pages.post("/slips/<int:slip_id>/issue")
@login_required
def issue(slip_id: int) -> Answer:
    """A draft of the issue note that the slip still owes, to be posted once the goods are in the books."""
    row = _seen(slip_id)
    slip = row.Slip
    access.require(me(), "issue.post", slip.warehouse_id)
    lines = [_draft_line(one) for one in slips.lines_of_slips([slip_id])[slip_id]]
    content = {
        "kind": "issue", "warehouse": row.warehouse, "key": asked.key(), "target": {"service": row.Service.code},
        "note": _("Regularises %(slip)s, received by %(receiver)s",
                  slip=slips.slip_reference(slip, row.warehouse), receiver=slip.receiver),
        "lines": lines,
    }  # fmt: skip
    with transaction():
        draft = documents.keep_draft(content, kind="issue", warehouse_id=slip.warehouse_id, by=me(), at=clock.now())
    return redirect(url_for("documents.new", draft=draft.id), 303)  # type: ignore[return-value]


def _draft_line(row: Any) -> dict[str, str]:
    line = row.SlipLine
    quantity = line.quantity if line.unit_quantity is None else line.unit_quantity
    given = {
        "item": row.Item.code,
        "quantity": "" if line.first_number else f"{quantity.normalize():f}",
        "unit": line.unit,
        "lot": line.lot,
        "location": line.location,
        "first_number": line.first_number and str(line.first_number),
        "last_number": line.last_number and str(line.last_number),
    }
    return {name: value for name, value in given.items() if value}
