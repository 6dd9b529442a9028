"""Services: the tree of those who consume."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_required
from sqlalchemy import select

from inventory import access, parties, warehouses
from inventory.catalogue import code_and_names, matching
from inventory.database import cut, db, fetch, transaction
from inventory.errors import InvalidRequest, Refusal, fault
from inventory.parties import COMMUNE, Entity, Service
from inventory.web import asked, finding
from inventory.web.asked import called, me
from inventory.web.downloads import download
from inventory.web.listing import PAGE, Column, Listing
from inventory.web.notes import note
from inventory.web.parties.room import STATES, Answer, changed, entity_choices, pages, set_active
from inventory.web.typed import NAMES, Typed

DEEPEST = 6
"""How far a list shows services under services; below that they stand at the same depth."""


@pages.get("/services/options")
@login_required
def service_options() -> str:
    """Services in use, for a field of a form."""
    access.require_somewhere(current_user, "catalogue.read")
    columns = (Service.code, Service.name_fr, Service.name_ar, Service.name_en)
    return finding.options(fetch(select(*columns).where(Service.is_active).order_by(Service.code)), icon="service")


@pages.get("/services")
@login_required
def services() -> Answer:
    """The tree of services; a search shows what it found, each with what stands above it."""
    arguments, is_file = request.args, asked.wants_file()
    rows = _tree(_all_services(arguments.get("entity", ""), asked.one_of("state", STATES) or "active"))
    rows = list(matching(rows, arguments.get("search", ""), code_and_names))
    page, following = (rows, None) if is_file else _from(rows, arguments.get("cursor"))
    columns = [
        Column("name", _("Name"), "main"),
        Column("code", _("Code")),
        Column("parent", _("Under"), is_shown=is_file),
        Column("entity", _("Entity")),
        Column("state", _("State"), "state"),
    ]
    listing = Listing(request.path, arguments, columns, page, following, total=len(rows))
    if is_file:
        return download(listing, rows, _service_cell, name="services", title=_("Services"))
    return render_template(
        "parties/services.html",
        listing=listing,
        entities=entity_choices(),
        may_write=me().may("party.write"),
    )


class Branch:
    """A service as it stands in the tree."""

    def __init__(self, row: Any, above: list[Any]) -> None:
        self.code, self.is_active, self.entity = row.code, row.is_active, row.entity
        self.name_fr, self.name_ar, self.name_en = row.name_fr, row.name_ar, row.name_en
        self.depth = min(len(above), DEEPEST)
        self.above = above


def _service_cell(row: Branch, key: str) -> str:
    if key == "name":
        return called(row)
    if key == "state":
        return str(_("Active") if row.is_active else _("Retired"))
    if key == "parent":
        return row.above[-1].code if row.above else ""
    return str(getattr(row, key))


def _all_services(entity: str, state: str) -> list[Any]:
    question = select(
        Service.id, Service.parent_id, Service.code, Service.name_fr, Service.name_ar, Service.name_en,
        Service.is_active, Entity.code.label("entity"),
    ).join(Entity, Entity.id == Service.entity_id)  # fmt: skip
    if entity:
        question = question.where(Entity.code == entity)
    if state != "all":
        question = question.where(Service.is_active.is_(state != "retired"))
    return list(fetch(question.order_by(Service.code)))


def _tree(rows: Iterable[Any]) -> list[Branch]:
    """The rows in the order of a tree; one whose parent is not among them stands at the root."""
    rows = list(rows)
    here = {row.id for row in rows}
    below: dict[int | None, list[Any]] = {}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in here else None, []).append(row)
    found: list[Branch] = []
    waiting = [(row, list[Any]()) for row in reversed(below.get(None, []))]
    while waiting:
        row, above = waiting.pop()
        found.append(Branch(row, above))
        waiting.extend((child, [*above, row]) for child in reversed(below.get(row.id, [])))
    return found


def _from(rows: list[Branch], cursor: str | None) -> tuple[list[Branch], str | None]:
    """The page of a tree that begins after a code."""
    start = next((place + 1 for place, row in enumerate(rows) if row.code == cursor), 0)
    page, last = cut(rows[start:], PAGE)
    return page, last.code if last else None


@pages.get("/services/new")
@login_required
def new_service() -> Answer:
    access.require(me(), "party.write")
    return _service_page(None, Typed(entity=COMMUNE, parent=request.args.get("parent", "")))


@pages.post("/services")
@login_required
def add_service() -> Answer:
    access.require(me(), "party.write")
    typed = Typed(request.form)
    try:
        code, names = typed.code(), typed.names()
        entity, parent = typed.text("entity", is_required=True), typed.text("parent")
        _refuse_half_typed(typed, "parent")
        typed.settle()
        with transaction():
            service = parties.add_service(code, entity=entity, parent=parent or None, **names)
            warehouses.follow(service)
            note("service.added", code, entity=entity, parent=parent, **names)
    except Refusal as refusal:
        return _service_page(None, typed, typed.refuse(refusal))
    flash(_("%(name)s was added.", name=called(service)), "posted")
    return redirect(url_for("parties.service", code=code))  # type: ignore[return-value]


@pages.get("/services/<path:code>")
@login_required
def service(code: str) -> Answer:
    return _service_page(parties.get(Service, code))


@pages.post("/services/<path:code>")
@login_required
def change_service(code: str) -> Answer:
    access.require(me(), "party.write")
    typed = Typed(request.form)
    try:
        with transaction():
            found = parties.get(Service, code)
            if (act := request.form.get("act")) in ("retire", "restore"):
                set_active(found, act == "restore")
            else:
                names, parent = typed.names(), typed.text("parent")
                _refuse_half_typed(typed, "parent")
                typed.settle()
                above = parties.find(Service, parent, "/parent") if parent else None
                was = db.session.get(Service, found.parent_id) if found.parent_id else None
                parties.move_service(found, above)
                changed(found, names, parent=(was.code if was else "", parent))
    except InvalidRequest as refusal:
        return _service_page(parties.get(Service, code), typed, typed.refuse(refusal))
    flash(_("The change is kept."), "posted")
    return redirect(url_for("parties.service", code=code))  # type: ignore[return-value]


def _refuse_half_typed(typed: Typed, name: str) -> None:
    """A name typed into a field that searches, without choosing: not a choice."""
    if typed.text(f"{name}_shown") and not typed.text(name):
        typed.faults.append(fault(f"/{name}", "unknown", _l("Choose one of the list.")))


def _service_page(found: Service | None, form: Typed | None = None, status: int = 200) -> tuple[str, int]:
    parent = entity = None
    if found is not None:
        parent = db.session.get(Service, found.parent_id) if found.parent_id else None
        entity = db.session.get(Entity, found.entity_id)
    kept = {name: getattr(found, name) for name in NAMES} if found else {}
    form = form or Typed(**kept, parent=parent.code if parent else "")
    typed_parent = form.value("parent")
    shown = form.value("parent_shown") or (called(parent) if parent and parent.code == typed_parent else typed_parent)
    page = render_template(
        "parties/service.html",
        service=found,
        entity=entity,
        parent=parent,
        parent_shown=shown,
        form=form,
        entities=entity_choices(),
        may_write=me().may("party.write"),
        papers=asked.way("documents.list_", service=found.code) if found else None,
    )
    return page, status
