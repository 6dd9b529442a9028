"""A warehouse with its places: what lies at each, new ones, names, and those that are used no more."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from sqlalchemy import func, select

from inventory import access, warehouses
from inventory.database import db, fetch, transaction
from inventory.errors import NotEmpty, Refusal
from inventory.ledger import Balance
from inventory.parties import Entity
from inventory.warehouses import Location, Warehouse, get_warehouse, location_in
from inventory.web import asked
from inventory.web.asked import called, me
from inventory.web.downloads import download
from inventory.web.listing import Column, Listing
from inventory.web.notes import note, note_change
from inventory.web.places.room import OWN_KINDS, Answer, pages, seen
from inventory.web.typed import NAMES, Typed
from inventory.web.words import kind_word


@pages.get("/warehouses/<code>")
@login_required
def show(code: str) -> Answer:
    answer: Answer = _page(seen(code))
    return answer


def _page(warehouse: Warehouse, form: Typed | None = None, status: int = 200) -> Any:
    """The warehouse with its places and how many items lie at each, in one question."""
    rows = fetch(
        select(Location, func.count(func.distinct(Balance.item_id)).label("items"))
        .outerjoin(Balance, (Balance.location_id == Location.id) & (Balance.quantity > 0))
        .where(Location.warehouse_id == warehouse.id)
        .group_by(Location.id)
        .order_by(Location.is_default.desc(), Location.kind, Location.code)
    )
    columns = [
        Column("name", _("Name"), "main"),
        Column("code", _("Code")),
        Column("kind", _("Kind")),
        Column("items", _("Items there"), "number"),
        Column("label", _("Label"), is_shown=False),
        Column("state", _("State"), "state"),
    ]
    listing = Listing(request.path, request.args, columns, rows, total=len(rows))
    if asked.wants_file():
        return download(listing, rows, _cell, name="places", title=called(warehouse))
    page = render_template(
        "places/show.html",
        warehouse=warehouse,
        entity=db.session.get(Entity, warehouse.entity_id),
        listing=listing,
        kind_word=kind_word,
        kinds=[(kind, kind_word(kind)) for kind in OWN_KINDS],
        form=form or Typed(kind="shelf"),
        labels=asked.way("labels.sheet", of="places", warehouse=warehouse.code)
        if me().may("label.print", warehouse.id)
        else None,
        stock=asked.way("stock.show", warehouse=warehouse.code) if me().may("stock.read", warehouse.id) else None,
        may_write=me().may("place.write", warehouse.id),
        may_open=me().may("warehouse.write"),
    )
    return page, status


def _cell(row: Any, key: str) -> Any:
    place = row.Location
    if key == "items":
        return row.items
    if key == "name":
        return called(place)
    if key == "kind":
        return kind_word(place.kind)
    if key == "state":
        return _("Active") if place.is_active else _("Retired")
    return place.label_code if key == "label" else place.code


@pages.post("/warehouses/<code>/locations")
@login_required
def add_location(code: str) -> Answer:
    warehouse = get_warehouse(code)
    access.require(me(), "place.write", warehouse.id)
    typed = Typed(request.form)
    try:
        place, kind, names = typed.code(), typed.choice("kind", OWN_KINDS), typed.names()
        typed.settle()
        with transaction():
            warehouses.add_location(get_warehouse(code), place, kind=kind, is_default=False, **names)
            note("location.added", f"{code}/{place}", kind=kind, **names)
    except Refusal as refusal:
        status = typed.refuse(refusal)
        return _page(get_warehouse(code), typed, status)  # type: ignore[no-any-return]
    flash(_("The place was added."), "posted")
    return redirect(url_for("places.show", code=code))  # type: ignore[return-value]


@pages.get("/warehouses/<code>/locations/<path:place>")
@login_required
def location(code: str, place: str) -> Answer:
    warehouse = get_warehouse(code)
    access.require(me(), "place.write", warehouse.id)
    found = location_in(warehouse, place)
    return _location_page(warehouse, found, Typed(**{name: getattr(found, name) for name in NAMES}))


def _location_page(warehouse: Warehouse, place: Location, form: Typed, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "places/location.html", warehouse=warehouse, place=place, form=form, kind_word=kind_word(place.kind)
    )
    return page, status


@pages.post("/warehouses/<code>/locations/<path:place>")
@login_required
def change_location(code: str, place: str) -> Answer:
    access.require(me(), "place.write", get_warehouse(code).id)
    typed = Typed(request.form)
    try:
        with transaction():
            # the pen of the warehouse: nothing is put there while we look whether it is empty
            warehouse = db.session.scalars(select(Warehouse).where(Warehouse.code == code).with_for_update()).one()
            found = location_in(warehouse, place)
            if (act := request.form.get("act", "")) in ACTS:
                _set_active(found, act, f"{code}/{place}")
            else:
                names = typed.names()
                typed.settle()
                before = {name: getattr(found, name) for name in NAMES}
                for name, text in names.items():
                    setattr(found, name, text)
                note_change("location.changed", f"{code}/{place}", before, names)
    except Refusal as refusal:
        status = typed.refuse(refusal)
        warehouse = get_warehouse(code)
        return _location_page(warehouse, location_in(warehouse, place), typed, status)
    flash(_("The change is kept."), "posted")
    return redirect(url_for("places.show", code=code))  # type: ignore[return-value]


ACTS = {"retire": "retired", "restore": "restored"}


def _set_active(place: Location, act: str, subject: str) -> None:
    """Takes a place out of use, or into it again, and notes it; nothing when it is so already."""
    if place.is_active is (act == "restore"):
        return
    if act == "retire":
        _retire(place)
    else:
        place.is_active = True
    note(f"location.{ACTS[act]}", subject)


def _retire(place: Location) -> None:
    """Takes a place out of use; refused while goods lie there."""
    held = db.session.scalar(
        select(Balance.item_id).where(Balance.location_id == place.id, Balance.quantity > 0).limit(1)
    )
    if held is not None:
        raise NotEmpty(what=place.code)
    warehouses.retire_location(place)
