"""Suppliers: who delivers, with what orders print of them."""

from __future__ import annotations

import re
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from sqlalchemy import select

from inventory import access, parties, warehouses
from inventory.catalogue import code_and_names
from inventory.database import fetch, transaction
from inventory.errors import InvalidRequest, Refusal, fault
from inventory.parties import Supplier
from inventory.web import asked, finding
from inventory.web.asked import called, me
from inventory.web.downloads import download
from inventory.web.listing import Column, Listing
from inventory.web.notes import note
from inventory.web.parties.room import STATES, Answer, changed, pages, set_active
from inventory.web.typed import NAMES, Typed

PARTICULARS = {"ice": 15, "tax_id": 20, "trade_register": 30, "bank_account": 30, "phone": 40, "email": 254}
"""What orders print of a supplier, and how long each may be."""


@pages.get("/suppliers/options")
@login_required
def supplier_options() -> str:
    """Suppliers in use, for a field of a form; for who may read the list."""
    columns = (Supplier.code, Supplier.name_fr, Supplier.name_ar, Supplier.name_en)
    return finding.options(fetch(select(*columns).where(Supplier.is_active).order_by(Supplier.code)), icon="supplier")


@pages.get("/suppliers")
@login_required
def suppliers() -> Answer:
    arguments, is_file = request.args, asked.wants_file()
    question = select(*Supplier.__table__.columns)
    if (state := asked.one_of("state", STATES) or "active") != "all":
        question = question.where(Supplier.is_active.is_(state != "retired"))
    rows, following = finding.page(
        question,
        Supplier.code,
        words=arguments.get("search", ""),
        after=arguments.get("cursor"),
        is_whole=is_file,
        text=lambda row: f"{code_and_names(row)} {row.ice} {row.phone} {row.email}",
    )
    columns = [
        Column("name", _("Name"), "main"),
        Column("code", _("Code")),
        Column("ice", _("ICE"), "whole"),
        Column("phone", _("Phone")),
        Column("email", _("Mail")),
        Column("tax_id", _("Tax number"), is_shown=is_file),
        Column("trade_register", _("Trade register"), is_shown=is_file),
        Column("state", _("State"), "state"),
    ]
    listing = Listing(request.path, arguments, columns, rows, following)
    if is_file:
        return download(listing, rows, _supplier_cell, name="suppliers", title=_("Suppliers"))
    return render_template("parties/suppliers.html", listing=listing, may_write=me().may("party.write"))


def _supplier_cell(row: Any, key: str) -> str:
    if key == "name":
        return called(row)
    if key == "state":
        return str(_("Active") if row.is_active else _("Retired"))
    return str(getattr(row, key))


@pages.get("/suppliers/new")
@login_required
def new_supplier() -> Answer:
    access.require(me(), "party.write")
    return _supplier_page(None, Typed())


@pages.post("/suppliers")
@login_required
def add_supplier() -> Answer:
    access.require(me(), "party.write")
    typed = Typed(request.form)
    try:
        code, details = typed.code(), _particulars(typed)
        with transaction():
            supplier = parties.add_supplier(code, **details)
            warehouses.follow(supplier)
            note("supplier.added", code, **details)
    except Refusal as refusal:
        return _supplier_page(None, typed, typed.refuse(refusal))
    flash(_("%(name)s was added.", name=called(supplier)), "posted")
    return redirect(url_for("parties.supplier", code=code))  # type: ignore[return-value]


@pages.get("/suppliers/<path:code>")
@login_required
def supplier(code: str) -> Answer:
    return _supplier_page(parties.get(Supplier, code))


@pages.post("/suppliers/<path:code>")
@login_required
def change_supplier(code: str) -> Answer:
    access.require(me(), "party.write")
    typed = Typed(request.form)
    try:
        with transaction():
            found = parties.get(Supplier, code)
            if (act := request.form.get("act")) in ("retire", "restore"):
                set_active(found, act == "restore")
            else:
                changed(found, _particulars(typed))
    except InvalidRequest as refusal:
        return _supplier_page(parties.get(Supplier, code), typed, typed.refuse(refusal))
    flash(_("The change is kept."), "posted")
    return redirect(url_for("parties.supplier", code=code))  # type: ignore[return-value]


def _particulars(typed: Typed) -> dict[str, str]:
    """Names and what orders print, all checked; refused whole."""
    for name in ("ice", "bank_account"):  # people write them in groups
        typed.fields[name] = re.sub(r"\s", "", typed.value(name))
    details = typed.names() | {name: typed.text(name, most=most) for name, most in PARTICULARS.items()}
    for name, pattern, sentence in (
        ("ice", r"\d{15}", _l("An ICE has 15 digits.")),
        ("bank_account", r"\d{24}", _l("A bank account (RIB) has 24 digits.")),
        ("email", r"[^\s@]+@[^\s@]+\.[^\s@]+", _l("This is not a mail address.")),
    ):
        if details[name] and not re.fullmatch(pattern, details[name]):
            typed.faults.append(fault(f"/{name}", "format", sentence))
    typed.settle()
    return details


def _supplier_page(found: Supplier | None, form: Typed | None = None, status: int = 200) -> tuple[str, int]:
    kept = {name: getattr(found, name) for name in (*NAMES, *PARTICULARS)} if found else {}
    page = render_template(
        "parties/supplier.html",
        supplier=found,
        form=form or Typed(**kept),
        may_write=me().may("party.write"),
        papers=asked.way("documents.list_", supplier=found.code) if found else None,
    )
    return page, status
