"""Choose what, how many of each, on which sheet and from which free position; out comes a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true

from inventory import labels, languages, printing
from inventory.access import User, require
from inventory.catalogue import Item, Lot, search_condition
from inventory.database import db
from inventory.errors import InvalidRequest, Refusal
from inventory.labels import MOST, Label
from inventory.ledger import Balance
from inventory.printing import Choice
from inventory.warehouses import Location, Warehouse
from inventory.web import asked
from inventory.web.asked import me
from inventory.web.documents.desk import in_language, readable
from inventory.web.frame import Place, counted_warehouses, current_warehouse, own_warehouses
from inventory.web.labels.badges import badges_printed
from inventory.web.labels.room import (
    chosen_medium,
    copies_of,
    may_print,
    medium_options,
    offered,
    order_of,
    pages,
    permit,
    permit_reading,
    place_context,
    printed,
    printed_before,
    tabs,
)

SHOWN = 60
SUBJECTS: dict[str, Any] = {
    "items": _l("Items"),
    "lots": _l("Lots and units"),
    "places": _l("Places"),
    "doors": _l("Doors"),
    "badges": _l("Badges"),
    "paper": _l("A paper"),
    "missing": _l("Without a label"),
}
TAKEN_ALONG = ("paper", "missing")
"""Subjects that another page leads to; their quantities stand there already."""
LOTS = ("lot", "unit")
"""Designs of what lies in some warehouses and not in others."""
SEARCHED = ("items", "lots", "places", "doors", "badges")


@pages.get("/labels")
@login_required
def sheet() -> str | Response:
    """What can be labelled: items and lots by search, places and doors, people, what a paper brought in."""
    permit_reading()
    if not may_print():  # who prints nothing may still see what was printed
        return redirect(url_for("labels.log"))  # type: ignore[return-value]
    return _page()


@pages.post("/labels")
@login_required
def print_() -> Response | tuple[str, int]:
    permit()
    copies = {name.removeprefix("copies-"): value for name, value in request.form.items() if name.startswith("copies-")}
    try:
        wanted = []
        for choice in _choices(MOST if request.form.get("rest") else SHOWN):
            rest = str(choice.usual) if request.form.get("rest") and _subject() in TAKEN_ALONG else ""
            wanted.append((choice.label, copies_of(copies.get(choice.label.key, rest))))
        before = printed_before() if _subject() == "missing" else []
        order = order_of(before or [(label, count) for label, count in wanted if count], offered())
        if _subject() == "badges" and request.form.get("with_code"):
            return badges_printed(order)
        return printed(order, warehouse_id=_whose(order.wanted))
    except InvalidRequest as refusal:
        db.session.rollback()
        return _page(copies, refusal), refusal.status


@pages.get("/labels/place")
@login_required
def place_options() -> str:
    """The sheet to tap, or how a roll is printed: the part of the page that follows the choice of a medium."""
    permit()
    return render_template("labels/place.html", **place_context(chosen_medium(offered())))


def _page(copies: dict[str, str] | None = None, refusal: Refusal | None = None) -> str:
    language, subject, place, known = languages.language(), _subject(), _place(), offered()
    choices = _choices(MOST if subject in TAKEN_ALONG else SHOWN + 1)
    rest = choices[SHOWN:] if subject in TAKEN_ALONG else []
    medium = chosen_medium(known, labels.last_medium(me().id))
    first = request.form.get("first", type=int)
    is_filled = subject in TAKEN_ALONG or bool(request.values.get("ones")) or len(choices) == 1
    return render_template(
        "labels/sheet.html",
        tabs=tabs(),
        subjects=_subjects(),
        of=subject,
        is_searched=subject in SEARCHED,
        search=request.values.get("search", ""),
        document=request.values.get("document", ""),
        item=request.values.get("item", ""),
        person=request.values.get("person", ""),
        place=place,
        place_options=[(one.code, one.name) for one in own_warehouses("label.print")] if subject in OF_PLACE else [],
        choices=[_shown(choice, copies, language, is_filled=is_filled) for choice in choices[:SHOWN]],
        rest=len(rest),
        rest_labels=sum(choice.usual for choice in rest),
        is_rest_wanted=refusal is None or bool(request.form.get("rest")),
        is_cut=len(choices) > SHOWN and not rest,
        is_filled=is_filled,
        media=medium_options(known),
        key=request.form.get("key") or asked.key(),
        most=MOST,
        errors=[{"field": None, "message": one.sentence()} for one in refusal.faults] if refusal else [],
        **place_context(medium, first if refusal and first and 1 <= first <= medium.places else None),
    )


OF_PLACE = ("lots", "places", "missing")


def _subjects() -> list[tuple[str, Any]]:
    """What one may print: people's badges are not for everybody, nor is the rest."""
    mine = [one for one in SUBJECTS if one != "badges"] if me().may_somewhere("label.print") else []
    mine += ["badges"] if me().may("badge.print") else []
    return [(one, SUBJECTS[one]) for one in SUBJECTS if one in mine and (one not in TAKEN_ALONG or one == _asked())]


def _asked() -> str:
    asked_for = request.values.get("of", "")
    return "paper" if request.values.get("document") and not asked_for else asked_for


def _subject() -> str:
    known = dict(_subjects())
    return _asked() if _asked() in known else next(iter(known))


def _choices(limit: int) -> list[Choice]:
    """What the address asks for, as labels."""
    subject, words, place = _subject(), asked.words("search"), _place()
    if subject == "paper":
        return _of_paper()
    if subject == "badges":
        return _of_people(words, limit)
    if subject == "doors":
        ids = [one.id for one in own_warehouses("label.print")]
        return printing.labels_of_doors(and_(Warehouse.id.in_(ids), _says(Warehouse, words)))[:limit]
    if subject == "places":
        return _of_places(place, words, limit)
    if subject == "missing":
        if place is None:
            return []
        state = asked.one_of("state", labels.STATES) or "never"
        return printing.labels_of_goods(
            db.session.execute(labels.without_label(place.id, state=state, search=words).limit(limit))
        )
    if subject == "lots":
        held = and_(_was_in([place.id] if place else []), Balance.quantity > 0)
        return printing.labels_of_lots(and_(exists().where(held), search_condition(words)), limit=limit)
    if code := request.values.get("item", ""):
        lots = and_(Item.code == code, exists().where(_was_in([one.id for one in counted_warehouses("label.print")])))
        return printing.labels_of_items(Item.code == code, limit=1) + printing.labels_of_lots(lots, limit=limit)
    return printing.labels_of_items(and_(Item.retired_on.is_(None), search_condition(words)), limit=limit)


def _was_in(warehouse_ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether the lot lies, or lay, in one of these warehouses."""
    return and_(Balance.lot_id == Lot.id, Balance.item_id == Item.id, Balance.warehouse_id.in_(warehouse_ids))


def _of_paper() -> list[Choice]:
    number = request.values.get("document", "")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return []
    document = readable(int(number))
    require(me(), "label.print", document.warehouse_id)
    return printing.labels_of_document(document)


def _of_places(place: Place | None, words: str, limit: int) -> list[Choice]:
    if place is None:
        return []
    return printing.labels_of_places(and_(Location.warehouse_id == place.id, _says(Location, words)), limit=limit)


def _says(kind: Any, words: str) -> Any:
    """The condition that a place or warehouse bears some words in its code or names."""
    texts = (kind.code, kind.name_fr, kind.name_ar, kind.name_en)
    return or_(*(func.lower(text).contains(words.lower(), autoescape=True) for text in texts)) if words else true()


def _of_people(words: str, limit: int) -> list[Choice]:
    require(me(), "badge.print")
    if person := request.values.get("person", ""):
        return printing.labels_of_people(User.username == person, {})
    texts = (User.username, User.display_name)
    found = or_(*(func.lower(text).contains(words.lower(), autoescape=True) for text in texts)) if words else true()
    return printing.labels_of_people(and_(User.is_active, found), {})[:limit]


def _whose(wanted: Sequence[tuple[Label, int]]) -> int | None:
    """The warehouse whose print it is: of the paper, or where the lots lie, else where one is; none for badges, nor for
    items outside of practice."""
    here = current_warehouse()
    if all(label.design == "badge" or (label.design == "item" and not _is_practised(here)) for label, _count in wanted):
        return None
    if _subject() == "paper":
        return readable(int(request.values["document"])).warehouse_id
    place = _place()
    if _subject() not in OF_PLACE and (lots := [label.subject_id for label, _count in wanted if label.design in LOTS]):
        return _where(lots, place)
    return place.id if place else None


def _where(lot_ids: Sequence[int], place: Place | None) -> int | None:
    """One's own warehouse in which most of some lots lie or lay; where one is, if any of them did there."""
    held = db.session.scalars(
        select(Balance.warehouse_id)
        .where(Balance.lot_id.in_(lot_ids), Balance.warehouse_id.in_([one.id for one in own_warehouses("label.print")]))
        .group_by(Balance.warehouse_id)
        .order_by(func.count(Balance.lot_id.distinct()).desc(), Balance.warehouse_id)
    ).all()
    return place.id if place and (place.id in held or not held) else next(iter(held), None)


def _is_practised(here: Place | None) -> bool:
    if _subject() == "paper":
        return readable(int(request.values["document"])).is_practice
    place = _place() if _subject() in OF_PLACE else here
    return place is not None and place.is_practice


def _place() -> Place | None:
    """The warehouse whose places and lots are labelled."""
    mine = own_warehouses("label.print")
    here = current_warehouse()
    wanted = (request.values.get("warehouse"), here.code if here else None)
    named = next((place for code in wanted for place in mine if place.code == code), None)
    return named or (mine[0] if mine else None)


def _shown(choice: Choice, copies: dict[str, str] | None, language: str, *, is_filled: bool) -> dict[str, Any]:
    """A row of the page; what another page leads to, or what stands alone, is filled in as it is usually wanted."""
    label: Label = choice.label
    usual = choice.usual if is_filled else ""
    return {
        "key": label.key,
        "name": in_language(label.names, language) or label.reference,
        "reference": label.reference,
        "lot": label.lot,
        "expires_on": label.expires_on,
        "location": label.location,
        "copies": usual if copies is None else copies.get(label.key, ""),
    }
