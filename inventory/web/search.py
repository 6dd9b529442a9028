"""One box for everything: what the words mean, within what one may see."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_login import login_required

from inventory import reports
from inventory.languages import day
from inventory.reports import Found
from inventory.web import asked
from inventory.web.catalogue.items import options
from inventory.web.doors import opens
from inventory.web.frame import counted_warehouses, named
from inventory.web.words import kind_word

pages = Blueprint("search", __name__)

ICONS = {"document": "papers"}
FEW, MANY = 4, 25


@pages.get("/search")
@login_required
def find() -> str:
    """The page of what was found; to a typed search only its options."""
    words = asked.words("q")
    is_typed = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Target") != "content"
    found = reports.search_everything(
        words,
        stock_ids=[place.id for place in counted_warehouses("stock.read")],
        paper_ids=[place.id for place in counted_warehouses("document.read")],
        limit=FEW if is_typed else MANY,
        may_see_items=opens("catalogue.list_"),
        may_see_parties=opens("parties.services"),
    )
    things = [thing for one in found if (thing := _thing(one)) is not None]
    if is_typed:
        return options(things)
    return render_template("search/find.html", things=things, words=words, most=MANY)


def _thing(found: Found) -> dict[str, Any] | None:
    """What a list shows of it, None while the house has no page for it."""
    href = _address(found)
    if href is None:
        return None
    details = [kind_word(found.detail if found.kind == "document" else found.kind)]
    if found.kind != "document" and found.detail:
        details.append(found.detail)
    if found.warehouse and found.kind == "location":
        details.append(found.warehouse)
    if found.on:
        details.append(day(found.on))
    label = found.thing.code if found.kind == "document" else named(found.thing) or found.thing.code
    icon = ICONS.get(found.kind, found.kind)
    return {"value": found.thing.code, "label": label, "detail": " · ".join(details), "href": href, "icon": icon}


def _address(found: Found) -> str | None:
    code = found.thing.code
    if found.kind == "item":
        return url_for("catalogue.show", code=code)
    if found.kind == "lot":
        return asked.way("audit.lot", item=code, lot=found.detail) or url_for("catalogue.show", code=code)
    if found.kind == "document":
        return asked.paper(found.thing.id)
    if found.kind == "warehouse":
        return url_for("stock.show", warehouse=code)
    if found.kind == "location":
        return url_for("stock.show", warehouse=found.warehouse)
    listing = "parties.services" if found.kind == "service" else "parties.suppliers"
    return asked.way(listing, search=code)
