"""What lies at the places of a warehouse: a row per item, lot and place."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import login_required
from sqlalchemy import literal, select, tuple_

from inventory import access, languages
from inventory.catalogue import Item, Lot, Unit, search_condition
from inventory.database import db, fetch, page_of
from inventory.errors import found
from inventory.ledger import Balance
from inventory.parties import name_in
from inventory.warehouses import Location, Warehouse, get_warehouse
from inventory.web import asked
from inventory.web.asked import called, me
from inventory.web.downloads import download
from inventory.web.frame import shows
from inventory.web.listing import PAGE, Column, Listing
from inventory.web.places.room import Answer, pages

MARK = "places.content"


@pages.get("/warehouses/<code>/content")
@login_required
def content(code: str) -> Answer:
    warehouse = get_warehouse(code)
    access.require(me(), "stock.read", warehouse.id)
    shows(warehouse.code)
    is_file = asked.wants_file()
    question = _question(warehouse)
    if is_file:
        rows, following = fetch(question), None
    else:
        if mark := asked.cursor(MARK):
            place = tuple_(Item.code, Balance.lot_id, Balance.location_id)
            question = question.where(place > tuple_(*map(literal, mark)))
        rows, last = page_of(question, PAGE)
        following = asked.signed(MARK, (last.item_code, last.lot_id, last.location_id)) if last else None
    columns = [
        Column("item", _("Item"), "main"),
        Column("item_code", _("Code"), is_shown=is_file),
        Column("location", _("Place")),
        Column("lot", _("Lot")),
        Column("expires_on", _("Expiry"), "day"),
        Column("quantity", _("Quantity"), "number"),
        Column("unit", _("Unit"), is_shown=is_file),
    ]
    listing = Listing(request.path, request.args, columns, rows, following)
    if is_file:
        return download(listing, rows, _cell, name="content", title=_("What lies where"))
    return render_template(
        "places/content.html",
        warehouse=warehouse,
        listing=listing,
        named_unit=_unit,
        card=lambda row: asked.way("stock.card", warehouse=warehouse.code, item=row.item_code),
        locations=[(one.code, called(one)) for one in _locations(warehouse)],
    )


def _question(warehouse: Warehouse) -> Any:
    question = (
        select(
            Item.code.label("item_code"), Item.name_fr, Item.name_ar, Item.name_en, Balance.lot_id,
            Balance.location_id, Balance.quantity, Lot.number.label("lot"), Lot.expires_on,
            Location.code.label("location"), Unit.code.label("unit_code"), Unit.name_fr.label("unit_fr"),
            Unit.name_ar.label("unit_ar"), Unit.name_en.label("unit_en"),
        )
        .select_from(Balance)
        .join(Item, Item.id == Balance.item_id)
        .join(Unit, Unit.id == Item.unit_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.warehouse_id == warehouse.id, Balance.quantity > 0)
        .order_by(Item.code, Balance.lot_id, Balance.location_id)
    )  # fmt: skip
    if place := request.args.get("location", ""):
        here = found(next((one for one in _locations(warehouse) if one.code == place), None), place)
        question = question.where(Balance.location_id == here.id)
    if words := asked.words("search"):
        question = question.where(search_condition(words))
    return question


def _locations(warehouse: Warehouse) -> list[Location]:
    question = select(Location).where(Location.warehouse_id == warehouse.id)
    return list(db.session.scalars(question.order_by(Location.is_default.desc(), Location.code)))


def _unit(row: Any) -> str:
    return name_in(languages.language(), row.unit_fr, row.unit_ar, row.unit_en) or str(row.unit_code)


def _cell(row: Any, key: str) -> Any:
    if key == "item":
        return name_in(languages.language(), row.name_fr, row.name_ar, row.name_en) or row.item_code
    return _unit(row) if key == "unit" else getattr(row, key)
