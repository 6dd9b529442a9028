"""Warehouses: the list, a new one, its names, and the day it is put in service."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from sqlalchemy import select

from inventory import access, clock, practice, replays, warehouses
from inventory.database import db, transaction
from inventory.documents.orders import fingerprint
from inventory.errors import Refusal, fault
from inventory.parties import COMMUNE, Entity
from inventory.warehouses import Warehouse, get_warehouse
from inventory.web import asked, finding
from inventory.web.asked import called, me
from inventory.web.downloads import download
from inventory.web.listing import Column, Listing
from inventory.web.notes import note, note_change
from inventory.web.places.room import Answer, pages, seen_ids
from inventory.web.typed import NAMES, Typed


@pages.get("/warehouses")
@login_required
def list_() -> Answer:
    ids = seen_ids()
    arguments, is_file = request.args, asked.wants_file()
    question = select(
        Warehouse.code, Warehouse.name_fr, Warehouse.name_ar, Warehouse.name_en, Warehouse.in_service_on,
        Warehouse.is_practice, Entity.code.label("entity"),
    ).join(Entity, Entity.id == Warehouse.entity_id)  # fmt: skip
    if ids is not None:
        question = question.where(Warehouse.id.in_(ids))
    rows, following = finding.page(
        question,
        Warehouse.code,
        words=arguments.get("search", ""),
        after=arguments.get("cursor"),
        is_whole=is_file,
    )
    columns = [
        Column("name", _("Name"), "main"),
        Column("code", _("Code")),
        Column("entity", _("Entity")),
        Column("in_service_on", _("In service since"), "day"),
        Column("state", _("State"), "state"),
    ]
    listing = Listing(request.path, arguments, columns, rows, following)
    if is_file:
        return download(listing, rows, _cell, name="warehouses", title=_("Warehouses"))
    may_open = me().may("warehouse.write")
    return render_template("places/list.html", listing=listing, may_open=may_open, key=asked.key())


def _cell(row: Any, key: str) -> Any:
    if key == "name":
        return called(row)
    if key == "state":
        words = [_("Practice")] if row.is_practice else []
        return " · ".join([*words, *([] if row.in_service_on else [_("Not yet in service")])])
    return getattr(row, key)


@pages.get("/warehouses/new")
@login_required
def new() -> Answer:
    access.require(me(), "warehouse.write")
    return _new_page(Typed(entity=COMMUNE, service="now"))


@pages.post("/warehouses")
@login_required
def add() -> Answer:
    access.require(me(), "warehouse.write")
    typed, today = Typed(request.form), clock.today()
    try:
        code, names, entity = typed.code(), typed.names(), typed.text("entity", is_required=True)
        since = today if typed.choice("service", ("now", "later")) == "now" else None
        is_practice = typed.tick("is_practice")
        typed.settle()
        with transaction():
            warehouses.add_warehouse(code, entity=entity, in_service_on=since, is_practice=is_practice, **names)
            said = {"entity": entity, "in_service_on": str(since or ""), "is_practice": is_practice}
            note("warehouse.added", code, **said, **names)
    except Refusal as refusal:
        return _new_page(typed, typed.refuse(refusal))
    flash(_("The warehouse is open. Add its places, then its people."), "posted")
    return redirect(url_for("places.show", code=code))  # type: ignore[return-value]


@pages.post("/warehouses/practice")
@login_required
def add_practice() -> Answer:
    """A store to learn in, in one step; sent twice it is opened once."""
    access.require(me(), "warehouse.write")
    key, mark = f"practice {request.form.get('key', '')[:36]}", fingerprint(me().id, {"call": "practice"})
    with transaction():
        code = replays.answer_of(key, actor_id=me().id, fingerprint=mark)
        if code is None:
            store = practice.open_practice(by=me(), today=clock.today(), at=clock.now(), key=asked.key())
            note("warehouse.added", store.code, in_service_on=str(store.in_service_on), is_practice=True)
            replays.keep(key, code := store.code, actor_id=me().id, fingerprint=mark, at=clock.now())
    flash(_("The practice store is open. Everybody who keeps a store may learn in it."), "posted")
    return redirect(url_for("places.show", code=code))  # type: ignore[return-value]


def _new_page(form: Typed, status: int = 200) -> tuple[str, int]:
    entities = [(one.code, called(one)) for one in db.session.scalars(select(Entity).order_by(Entity.id))]
    return render_template("places/new.html", form=form, entities=entities), status


@pages.route("/warehouses/<code>/names", methods=["GET", "POST"])
@login_required
def rename(code: str) -> Answer:
    warehouse = get_warehouse(code)
    access.require(me(), "place.write", warehouse.id)
    typed = Typed(request.form) if request.method == "POST" else Typed(**{n: getattr(warehouse, n) for n in NAMES})
    if request.method == "GET":
        return render_template("places/names.html", warehouse=warehouse, form=typed)
    try:
        names = typed.names()
        typed.settle()
        with transaction():
            found = get_warehouse(code)
            before = {name: getattr(found, name) for name in NAMES}
            for name, text in names.items():
                setattr(found, name, text)
            note_change("warehouse.changed", code, before, names)
    except Refusal as refusal:
        status = typed.refuse(refusal)
        return render_template("places/names.html", warehouse=get_warehouse(code), form=typed), status
    flash(_("The change is kept."), "posted")
    return redirect(url_for("places.show", code=code))  # type: ignore[return-value]


@pages.post("/warehouses/<code>/service")
@login_required
def put_in_service(code: str) -> Answer:
    """Closes the door for old dates, for ever."""
    access.require(me(), "warehouse.write")
    typed, today = Typed(request.form), clock.today()
    on = typed.day("on", today) or today
    if on > today:
        typed.faults.append(fault("/on", "future", _l("This day has not come yet.")))
    typed.settle()
    with transaction():
        found = get_warehouse(code)
        warehouses.put_in_service(found, on=on)
        note("warehouse.in_service", code, on=on.isoformat())
    flash(_("The warehouse is in service."), "posted")
    return redirect(url_for("places.show", code=code))  # type: ignore[return-value]
