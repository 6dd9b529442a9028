"""A question first: an item, a place, a day, a person; the answer as a timeline of papers, each with its proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import login_required
from sqlalchemy import func, select

from inventory import languages
from inventory.access import User, folded_username
from inventory.catalogue import Item
from inventory.database import db
from inventory.documents import Document, Filters, find_documents
from inventory.errors import InvalidRequest, refuse_field
from inventory.printing import Known, known_of
from inventory.web import asked
from inventory.web.asked import called
from inventory.web.audit.room import Answer, pages, tabs
from inventory.web.choices import item_asked
from inventory.web.documents.desk import in_language
from inventory.web.downloads import download
from inventory.web.frame import own_warehouses
from inventory.web.listing import PAGE, Column, Listing
from inventory.web.words import kind_word

MARK = "audit.question"
SHOWN = 3  # lines of a paper of which nothing was asked
ON_LINES = {
    "item": "item", "name": "item", "quantity": "base_quantity", "unit": "base_unit", "written": "quantity",
    "written_unit": "unit", "lot": "lot",
}  # fmt: skip
"""What a file tells of each line → where a paper says it."""
Told: TypeAlias = tuple[Document, dict[str, Any], Known]


@pages.get("/audit")
@login_required
def question() -> Answer | tuple[str, int]:
    is_file = asked.wants_file()
    try:
        item = _item()
        filters = _filters(item)
    except InvalidRequest as refusal:
        if is_file:
            raise
        errors = [{"field": one.pointer.strip("/"), "message": one.sentence()} for one in refusal.faults]
        return _page(None, _listing([]), errors), refusal.status
    mark = asked.cursor(MARK)
    before = (date.fromisoformat(mark[0]), int(mark[1])) if mark else None
    found, following = find_documents(filters, before=before, limit=PAGE) if _is_asked() else ([], None)
    listing = _listing(found, asked.signed(MARK, following))
    if is_file:
        return download(listing, _told(filters, item), _cell, name="trace", title=_("Trace"))
    return _page(item, listing)


def _is_asked() -> bool:
    return any(request.args.get(name) for name in ("item", "item_shown", "warehouse", "from", "to", "person"))


def _listing(found: Sequence[Document], following: str | None = None) -> Listing:
    columns = [
        Column("on", _("Day"), "main"),
        Column("reference", _("Paper")),
        Column("kind", _("Kind")),
        Column("by", _("By")),
        Column("recorded_at", _("Recorded"), "day"),
        Column("reversed_by", _("Reversed by")),
        Column("item", _("Code")),
        Column("name", _("Item")),
        Column("quantity", _("Quantity"), "number"),
        Column("unit", _("Unit")),
        Column("written", _("Quantity as written"), "number"),
        Column("written_unit", _("Unit as written")),
        Column("lot", _("Lot")),
        Column("position", _("Position"), "number"),
        Column("hash", _("Hash")),
    ]
    return Listing(request.path, request.args, columns, found, following)


def _page(item: Item | None, listing: Listing, errors: Sequence[dict[str, str]] = ()) -> str:
    question = request.args.to_dict() | ({"item": item.code} if item else {})
    return render_template(
        "audit/question.html",
        tabs=tabs(),
        listing=listing,
        errors=errors,
        is_asked=_is_asked(),
        item=item,
        item_shown=called(item) if item else request.args.get("item_shown", ""),
        items=asked.way("catalogue.item_options"),
        warehouses=[(place.code, place.name) for place in own_warehouses("document.read")],
        kind_word=kind_word,
        paper_page=lambda one: asked.paper(one.entry_id),
        lines_of=lambda one: _lines_of(one, item)[: None if item else SHOWN],
        unit_of=_unit_words(listing.rows),
        card=_card(item),
        dossier=asked.way("reports.dossier", **question),
    )


def _item() -> Item | None:
    """The item asked for; refused by name when there is none."""
    found, code = item_asked(), asked.words("item")
    if code and found is None:
        refuse_field("/item", "unknown", _("There is no item “%(item)s”.", item=code))
    return found


def _filters(item: Item | None) -> Filters:
    """What the address asks, within the warehouses whose papers one reads."""
    own = own_warehouses("document.read")
    place = asked.one_of("warehouse", [one.code for one in own])
    ids = [one.id for one in own if one.code == place] if place else asked.counted_ids("document.read")
    first_on, last_on = asked.days()
    return Filters(
        warehouse_ids=ids,
        item_id=item.id if item else None,
        first_on=first_on,
        last_on=last_on,
        actor_id=_person(),
    )


def _person() -> int | None:
    """The person asked for, by username or else by name; refused when there is none, or more than one."""
    person = asked.words("person")
    if not person:
        return None
    by_username = db.session.scalar(select(User.id).where(User.username == folded_username(person)))
    if by_username is not None:
        return by_username
    called_so = db.session.scalars(
        select(User.id).where(func.lower(User.display_name) == func.lower(person)).limit(2)
    ).all()
    if not called_so:
        refuse_field("/person", "unknown", _("There is nobody called “%(person)s”.", person=person))
    if len(called_so) > 1:
        refuse_field("/person", "several", _("Several people are called so: enter the username."))
    return called_so[0]


def _all(filters: Filters) -> Iterator[Sequence[Document]]:
    """Every paper of the answer, a page of them at a time."""
    before = None
    while True:
        found, before = find_documents(filters, before=before, limit=200)
        yield found
        if before is None:
            return


def _told(filters: Filters, item: Item | None) -> Iterator[Told]:
    """The answer line by line, each with its paper beside it, so that goods can be added up and sifted; a paper that
    moves nothing is told once."""
    for found in _all(filters):
        known = known_of(found)
        for paper in found:
            for line in _lines_of(paper, item) or [{}]:
                yield paper, line, known


def _lines_of(document: Document, item: Item | None) -> list[dict[str, Any]]:
    """The lines that answer the question: those of the item, or all of the paper."""
    lines: list[dict[str, Any]] = document.lines
    return [line for line in lines if item is None or line.get("item") == item.code]


def _unit_words(found: Sequence[Document]) -> Callable[[str], str]:
    """What the units of these papers are called in the language of the moment, by code."""
    known, language = known_of(found), languages.language()
    return lambda code: in_language(known.unit(code), language)


def _card(item: Item | None) -> str | None:
    place = request.args.get("warehouse", "")
    return asked.way("stock.card", warehouse=place, item=item.code) if item and place else None


def _cell(told: Told, key: str) -> Any:
    paper, line, known = told
    if key in ON_LINES:
        return _line_cell(line, known, key) if line else None
    return kind_word(paper.kind) if key == "kind" else getattr(paper, key)


def _line_cell(line: dict[str, Any], known: Known, key: str) -> Any:
    stands, language = line[ON_LINES[key]], languages.language()
    if key == "name":
        return in_language(known.item(stands), language)
    if key in ("unit", "written_unit"):
        return in_language(known.unit(stands), language)
    return Decimal(stands) if key in ("quantity", "written") else stands
