"""The list of papers: by kind, warehouse, item, day, person, number; whole as a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from inventory import access, codes, documents, languages
from inventory.access import User
from inventory.database import db
from inventory.documents import ABBREVIATIONS, Document, Filters
from inventory.printing import Known, known_of, other_side, worth_of
from inventory.warehouses import Location
from inventory.web import asked
from inventory.web.choices import item_asked
from inventory.web.documents.desk import WORDS, in_language, kinds_allowed, pages, word_of
from inventory.web.frame import current_warehouse, own_warehouses
from inventory.web.listing import PAGE, Column, Listing
from inventory.web.words import state_word

COLUMNS = (
    Column("number", _l("Paper"), "main"),
    Column("on", _l("Date"), "day"),
    Column("warehouse", _l("Warehouse"), "whole"),
    Column("other_side", _l("From or to"), "whole"),
    Column("lines", _l("Lines"), "number"),
    Column("value", _l("Value (MAD)"), "number"),
    Column("by", _l("By"), is_shown=False),
    Column("recorded_at", _l("Recorded"), is_shown=False),
    Column("kind", _l("Kind"), is_shown=False),
    Column("reference", _l("Reference"), is_shown=False),
    Column("state", _l("State"), "state"),
)
REFERENCE = re.compile(r"(?P<warehouse>[^/]+)/(?P<kind>[^/]+)/(?P<year>\d{4})/(?P<number>\d{1,9})")
NUMBER = re.compile(r"(?P<number>\d{1,9})(?:/(?P<year>\d{4}))?")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, and whether it can match anything at all."""

    filters: Filters
    is_possible: bool = True


@pages.get("/documents")
@login_required
def list_() -> Response | tuple[str, int]:
    question, typed = asked.read(lambda: _asked(request.args))
    if (own := codes.read(request.args.get("search", ""))) and isinstance(own, codes.Code):
        return redirect(url_for("codes.open_", code=own.text))  # type: ignore[return-value]
    if question and asked.wants_file():
        return _spreadsheet(question)
    mark = asked.cursor("documents")
    before = (date.fromisoformat(mark[0]), mark[1]) if mark else None
    found, after = _page(question, before) if question else ([], None)
    known = known_of(found, with_lines=False)
    rows, following = [_row(one, known) for one in found], asked.signed("documents", after)
    listing = Listing(request.path, request.args, COLUMNS, rows, next=following, errors=typed.errors)
    page = render_template(
        "documents/list.html",
        listing=listing,
        chips=_chips(listing),
        kinds=[(kind, word.title) for kind, word in WORDS.items()],
        item=asked.read(item_asked)[0],
        typed=typed,
        may_post=kinds_allowed(),
        here=current_warehouse(),
    )
    return page, typed.status


def _chips(listing: Listing) -> list[dict[str, Any]]:
    only = listing.arguments.get("only", "")
    words = (("", _("All")), ("unpriced", _("Without a price")))
    return [
        {"label": word, "href": listing.address(only=name or None), "is_current": only == name} for name, word in words
    ]


def _asked(arguments: MultiDict[str, str]) -> Asked:
    """Reads the address: what cannot be read is refused, and what is not there, or not one's own, matches nothing."""
    filters = Filters(warehouse_ids=asked.counted_ids("document.read"))
    is_possible = True
    if code := arguments.get("warehouse"):
        own = [place.id for place in own_warehouses("document.read") if place.code == code]
        filters, is_possible = replace(filters, warehouse_ids=own), bool(own)
    if kinds := asked.some_of("kind", tuple(ABBREVIATIONS)):
        filters = replace(filters, kinds=kinds)
    if (item := item_asked()) or arguments.get("item"):
        filters, is_possible = replace(filters, item_id=item.id if item else None), is_possible and item is not None
    if username := arguments.get("by"):
        actor_id = db.session.scalar(select(User.id).where(User.username == access.folded_username(username)))
        filters, is_possible = replace(filters, actor_id=actor_id), is_possible and actor_id is not None
    for kind in ("service", "supplier"):
        if code := arguments.get(kind):
            place_id = db.session.scalar(select(Location.id).where(Location.code == f"{kind}:{code}"))
            filters, is_possible = replace(filters, place_id=place_id), is_possible and place_id is not None
    filters = replace(filters, is_unpriced=bool(asked.one_of("only", ("unpriced",))))
    first_on, last_on = asked.days()
    filters = replace(filters, first_on=first_on, last_on=last_on)
    if search := arguments.get("search", "").strip():
        numbered = _numbered(filters, search)
        return Asked(numbered or filters, is_possible and numbered is not None)
    return Asked(filters, is_possible)


def _numbered(filters: Filters, search: str) -> Filters | None:
    """“12”, “12/2026” or a whole reference; None for anything else."""
    if whole := REFERENCE.fullmatch(search):
        kinds = [kind for kind, short in ABBREVIATIONS.items() if short == whole["kind"].upper()]
        own = [place.id for place in own_warehouses("document.read") if place.code == whole["warehouse"]]
        if not kinds or not own:
            return None
        return replace(filters, kinds=kinds, warehouse_ids=own, year=int(whole["year"]), number=int(whole["number"]))
    if short := NUMBER.fullmatch(search):
        return replace(filters, number=int(short["number"]), year=int(short["year"]) if short["year"] else None)
    return None


def _page(question: Asked, before: tuple[date, int] | None, limit: int = PAGE) -> Any:
    if not question.is_possible:
        return [], None
    return documents.find_documents(question.filters, before=before, limit=limit)


def _row(document: Document, known: Known) -> dict[str, Any]:
    language = languages.language()
    state = "reversal" if document.kind == "reversal" else "reversed" if document.reversed_by else "posted"
    return {
        "id": document.id,
        "number": document.number,
        "kind": str(word_of(document.kind).title),
        "icon": word_of(document.kind).icon,
        "on": document.on,
        "warehouse": in_language(known.warehouses[document.warehouse], language) or document.warehouse,
        "other_side": in_language(other_side(document, known), language),
        "lines": len(document.lines),
        "value": Decimal(worth_of(document)).scaleb(-2),
        "by": known.people.get(document.actor_id, document.by),
        "recorded_at": document.recorded_at,
        "reference": document.reference,
        "state": state,
    }


def _spreadsheet(question: Asked) -> Response:
    listing = Listing(request.path, request.args, COLUMNS, [])
    keys = [column.key for column in listing.shown]

    def rows() -> Iterator[list[Any]]:
        before = None
        while True:
            found, before = _page(question, before, 500)
            known = known_of(found, with_lines=False)
            for document in found:
                row = _row(document, known)
                row |= {"number": document.reference, "state": state_word(row["state"])}
                yield [row[key] for key in keys]
            if before is None:
                return

    return asked.spreadsheet("papers", [column.label for column in listing.shown], rows(), _("Papers"))
