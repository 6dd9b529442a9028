"""What lies in a warehouse and bears no label, or an old one: the list, its file, and the way to print them all."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from inventory import labels
from inventory.database import page_of, streamed
from inventory.labels import STATES
from inventory.web import asked
from inventory.web.asked import called
from inventory.web.downloads import download
from inventory.web.frame import Place, own_warehouses
from inventory.web.labels.room import Answer, pages, tabs
from inventory.web.listing import PAGE, Column, Listing


@pages.get("/labels/without")
@login_required
def without() -> Answer:
    places, chosen = asked.scope("label.print")
    here = chosen or (places[0] if places else None)
    state = asked.one_of("state", STATES) or "never"
    mark = asked.cursor("without-label")
    question = labels.without_label(
        here.id if here else 0, state=state, search=asked.words("search"),
        after=(mark[0], mark[1], int(mark[2])) if mark else None,
    )  # fmt: skip
    if asked.wants_file():
        return download(_listing([], None), streamed(question), _cell, name="without-label", title=_("Without a label"))
    rows, last = page_of(question, PAGE)
    listing = _listing(rows, asked.signed("without-label", (last.code, last.lot, last.id) if last else None))
    return render_template(
        "labels/without.html",
        tabs=tabs(),
        listing=listing,
        here=here,
        places=[(one.code, one.name) for one in own_warehouses("label.print")],
        chips=[
            {"label": word, "href": listing.address(state=one), "is_current": one == state}
            for one, word in (("never", _("Never printed")), ("old", _("Label out of date")))
        ],
        print_all=_way_to_print(here, state) if rows else None,
        called=called,
    )


def _way_to_print(here: Place | None, state: str) -> str | None:
    if here is None:
        return None
    return url_for("labels.sheet", of="missing", warehouse=here.code, state=state, search=asked.words("search") or None)


def _listing(rows: Any, following: str | None) -> Listing:
    columns = (
        Column("name", _("Item"), "main"),
        Column("code", _("Code")),
        Column("lot", _("Lot or number")),
        Column("expires_on", _("Expiry"), "day"),
        Column("quantity", _("On hand"), "number"),
    )
    return Listing(request.path, request.args, columns, rows, following)


def _cell(row: Any, key: str) -> Any:
    return called(row) if key == "name" else getattr(row, key)
