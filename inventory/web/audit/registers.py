"""The registers: one book per warehouse and year, each entry standing on the one before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import login_required
from sqlalchemy import select

from inventory import access
from inventory.access import User
from inventory.database import db, fetch, page_of
from inventory.documents import reference
from inventory.errors import found
from inventory.ledger import Entry, Register
from inventory.warehouses import Warehouse, get_warehouse
from inventory.web import asked
from inventory.web.asked import called, me
from inventory.web.audit.room import Answer, pages, tabs
from inventory.web.downloads import download
from inventory.web.frame import shows
from inventory.web.listing import PAGE, Column, Listing
from inventory.web.typed import number_of
from inventory.web.words import kind_word


@pages.get("/audit/registers")
@login_required
def registers() -> Answer:
    """Every book one may read, with its head: what to compare a printed seal with."""
    ids = access.require_somewhere(me(), "document.read")
    question = select(
        Warehouse.code, Warehouse.name_fr, Warehouse.name_ar, Warehouse.name_en, Register.year, Register.position,
        Register.hash,
    ).join(Warehouse, Warehouse.id == Register.warehouse_id)  # fmt: skip
    if ids is not None:
        question = question.where(Register.warehouse_id.in_(ids))
    rows = fetch(question.order_by(Register.year.desc(), Warehouse.code))
    columns = [
        Column("name", _("Warehouse"), "main"),
        Column("code", _("Code")),
        Column("year", _("Year")),
        Column("position", _("Entries"), "number"),
        Column("hash", _("Head"), "whole"),
    ]
    listing = Listing(request.path, request.args, columns, rows, total=len(rows))
    if asked.wants_file():
        return download(listing, rows, _head_cell, name="registers", title=_("Registers"))
    return render_template("audit/registers.html", listing=listing, tabs=tabs())


def _head_cell(row: Any, key: str) -> Any:
    return called(row) if key == "name" else getattr(row, key)


@pages.get("/audit/registers/<code>/<int:year>")
@login_required
def register(code: str, year: int) -> Answer:
    """The entries of a book in their order, the latest on top."""
    warehouse = get_warehouse(code)
    access.require(me(), "document.read", warehouse.id)
    shows(code)
    year = min(year, 9999)
    head = found(
        db.session.scalar(select(Register).where(Register.warehouse_id == warehouse.id, Register.year == year)),
        f"{code}/{year}",
    )
    rows, following = _entries(warehouse.id, year)
    listing = Listing(request.path, request.args, _columns(), rows, following)

    def paper(row: Any) -> str:
        return reference(code, row.kind, year, row.number)

    if asked.wants_file():
        title = f"{_('Register')} {called(warehouse)} {year}"
        return download(listing, rows, partial(_cell, paper), name=f"register-{year}", title=title)
    return render_template(
        "audit/register.html",
        warehouse=warehouse,
        year=year,
        head=head,
        listing=listing,
        paper=paper,
        paper_page=lambda row: asked.paper(row.id),
        kind_word=kind_word,
    )


def _entries(warehouse_id: int, year: int) -> tuple[Sequence[Any], str | None]:
    """The entries of a book that are asked for: a page and what follows it, or all of them for a file."""
    question = (
        select(
            Entry.id, Entry.position, Entry.kind, Entry.number, Entry.on, Entry.recorded_at, Entry.hash,
            Entry.previous_hash, Entry.reverses_id, User.username.label("by"),
        )
        .join(User, User.id == Entry.actor_id)
        .where(Entry.warehouse_id == warehouse_id, Entry.year == year)
        .order_by(Entry.position.desc())
    )  # fmt: skip
    if asked.wants_file():
        return fetch(question), None
    before = number_of(request.args.get("cursor"))
    if before is not None:
        question = question.where(Entry.position < min(before, 2**31 - 1))
    rows, last = page_of(question, PAGE)
    return rows, str(last.position) if last else None


def _columns() -> list[Column]:
    return [
        Column("position", _("Position"), "number"),
        Column("paper", _("Paper"), "main"),
        Column("kind", _("Kind")),
        Column("on", _("Day"), "day"),
        Column("recorded_at", _("Recorded"), "day"),
        Column("by", _("By")),
        Column("hash", _("Hash"), "whole"),
        Column("previous_hash", _("Previous")),
    ]


def _cell(paper: Callable[[Any], str], row: Any, key: str) -> Any:
    if key == "paper":
        return paper(row)
    return kind_word(row.kind) if key == "kind" else getattr(row, key)
