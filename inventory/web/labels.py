"""Labels: choose what, how many of each, on which sheet and from which free position; out comes a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from sqlalchemy import ColumnElement, and_, exists

from inventory import languages, printing
from inventory.access import require, require_somewhere
from inventory.catalogue import Item, Lot, search_condition
from inventory.errors import InvalidRequest, Refusal
from inventory.labels import MOST, SHEETS, Label
from inventory.ledger import Balance
from inventory.printing import Choice
from inventory.web.documents.desk import in_language, me, readable
from inventory.web.documents.prints import pdf_answer
from inventory.web.frame import Place, current_warehouse, own_warehouses
from inventory.web.typed import Typed

pages = Blueprint("labels", __name__)
SHOWN = 60
SUBJECTS = (("items", _l("Items")), ("lots", _l("Lots and units")), ("places", _l("Places")), ("paper", _l("A paper")))


@pages.get("/labels")
@login_required
def sheet() -> str:
    """What can be labelled: items and lots by search, the places of a warehouse, what a paper brought in."""
    require_somewhere(me(), "label.print")
    return _page({})


@pages.post("/labels")
@login_required
def print_() -> Response | tuple[str, int]:
    require_somewhere(me(), "label.print")
    copies = {name.removeprefix("copies-"): value for name, value in request.form.items() if name.startswith("copies-")}
    typed, kind = Typed(request.form), request.form.get("sheet", "24")
    try:
        wanted = [
            (choice.label, typed.whole(f"copies-{choice.label.code}", 0, 10 * MOST))
            for choice in _choices()
            if copies.get(choice.label.code)
        ]
        first = typed.whole(f"first-{kind}", 1, MOST) if typed.value(f"first-{kind}") else 1
        typed.settle()
        content = printing.labels_pdf(wanted, sheet=kind, first=first)
    except InvalidRequest as refusal:
        return _page(copies, refusal), refusal.status
    return pdf_answer(content, _("labels"))


def _page(copies: dict[str, str], refusal: Refusal | None = None) -> str:
    language = languages.language()
    choices = _choices()
    return render_template(
        "labels/sheet.html",
        subjects=SUBJECTS,
        of=_subject(),
        search=request.values.get("search", ""),
        document=request.values.get("document", ""),
        item=request.values.get("item", ""),
        place=_place(),
        places=own_warehouses("label.print"),
        place_options=[(one.code, one.name) for one in own_warehouses("label.print")],
        choices=[_shown(choice, copies, language) for choice in choices],
        is_cut=len(choices) >= SHOWN and _subject() in ("items", "lots"),
        sheets=SHEETS,
        chosen=request.values.get("sheet", "24"),
        firsts={name: request.form.get(f"first-{name}", "1") for name in SHEETS},
        most=MOST,
        errors=[{"field": None, "message": one.sentence()} for one in refusal.faults] if refusal else [],
    )


def _subject() -> str:
    asked = request.values.get("of", "")
    if request.values.get("document") and not asked:
        return "paper"
    return asked if asked in dict(SUBJECTS) else "items"


def _choices() -> list[Choice]:
    """What the address asks for, as labels."""
    subject, search = _subject(), request.values.get("search", "").strip()
    place = _place()
    if subject == "paper":
        number = request.values.get("document", "")
        if not number.isascii() or not number.isdigit() or len(number) > 18:
            return []
        document = readable(int(number))
        require(me(), "label.print", document.warehouse_id)
        return printing.labels_of_document(document)
    if subject == "places":
        return printing.labels_of_places(place.id) if place else []
    if subject == "lots":
        held = and_(_was_in([place.id] if place else []), Balance.quantity > 0)
        return printing.labels_of_lots(and_(exists().where(held), search_condition(search)), limit=SHOWN)
    if code := request.values.get("item", ""):
        lots = and_(Item.code == code, exists().where(_was_in([one.id for one in own_warehouses("label.print")])))
        return printing.labels_of_items(Item.code == code, limit=1) + printing.labels_of_lots(lots, limit=SHOWN)
    return printing.labels_of_items(and_(Item.retired_on.is_(None), search_condition(search)), limit=SHOWN)


def _was_in(warehouse_ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether the lot lies, or lay, in one of these warehouses."""
    return and_(Balance.lot_id == Lot.id, Balance.item_id == Item.id, Balance.warehouse_id.in_(warehouse_ids))


def _place() -> Place | None:
    """The warehouse whose places and lots are labelled."""
    mine = own_warehouses("label.print")
    here = current_warehouse()
    wanted = (request.values.get("warehouse"), here.code if here else None)
    named = next((place for code in wanted for place in mine if place.code == code), None)
    return named or (mine[0] if mine else None)


def _shown(choice: Choice, copies: dict[str, str], language: str) -> dict[str, Any]:
    label: Label = choice.label
    return {
        "code": label.code,
        "name": in_language(label.names, language),
        "reference": label.reference,
        "lot": label.lot,
        "expires_on": label.expires_on,
        "location": label.location,
        "copies": copies.get(label.code, choice.usual if _subject() == "paper" else ""),
    }
