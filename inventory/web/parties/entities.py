"""Entities: the commune and its arrondissements, which own warehouses and services."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from sqlalchemy import select
from sqlalchemy.orm import aliased

from inventory import access, parties
from inventory.database import fetch, transaction
from inventory.errors import Refusal
from inventory.parties import COMMUNE, Entity
from inventory.web import asked
from inventory.web.asked import called, me
from inventory.web.downloads import download
from inventory.web.listing import Column, Listing
from inventory.web.notes import note
from inventory.web.parties.room import Answer, changed, pages
from inventory.web.typed import NAMES, Typed


@pages.get("/entities")
@login_required
def entities() -> Answer:
    if asked.wants_file():
        listing = _listing()
        return download(listing, listing.rows, _cell, name="entities", title=_("Entities"))
    if edit := request.args.get("edit", ""):
        found = parties.get(Entity, edit)
        return _entities_page(Typed(act=edit, **{name: getattr(found, name) for name in NAMES}))
    return _entities_page(Typed())


@pages.post("/entities")
@login_required
def add_entity() -> Answer:
    """Adds an arrondissement, or changes the names of an entity (``act`` is its code)."""
    access.require(me(), "warehouse.write")
    typed = Typed(request.form)
    act = request.form.get("act", "")
    try:
        code, names = ("" if act else typed.code()), typed.names()
        parent = typed.text("parent") or COMMUNE
        typed.settle()
        with transaction():
            if act:
                changed(parties.get(Entity, act), names)
            else:
                parties.add_entity(code, parent=parent, **names)
                note("entity.added", code, parent=parent, **names)
    except Refusal as refusal:
        return _entities_page(typed, typed.refuse(refusal))
    flash(_("The change is kept."), "posted")
    return redirect(url_for("parties.entities"))  # type: ignore[return-value]


def _listing() -> Listing:
    above = aliased(Entity)
    question = select(Entity, above.code.label("parent")).outerjoin(above, above.id == Entity.parent_id)
    columns = (Column("name", _("Name"), "main"), Column("code", _("Code")), Column("parent", _("Under")))
    rows = fetch(question.order_by(Entity.parent_id.is_not(None), Entity.code))
    return Listing(url_for("parties.entities"), request.args, columns, rows)


def _cell(row: Any, key: str) -> Any:
    return {"name": called(row.Entity), "code": row.Entity.code, "parent": row.parent}[key]


def _entities_page(form: Typed, status: int = 200) -> tuple[str, int]:
    page = render_template(
        "parties/entities.html",
        listing=_listing(),
        form=form,
        may_write=me().may("warehouse.write"),
    )
    return page, status
