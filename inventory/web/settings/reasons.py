"""Why goods are written off or adjusted: the list the commune keeps."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from sqlalchemy import select

from inventory import access, documents
from inventory.database import db, transaction
from inventory.documents import PLACES, Reason
from inventory.errors import Refusal, found
from inventory.web import asked
from inventory.web.asked import called, me
from inventory.web.downloads import download
from inventory.web.listing import Column, Listing
from inventory.web.notes import note, note_change
from inventory.web.settings.room import Answer, pages
from inventory.web.typed import NAMES, Typed
from inventory.web.words import kind_word


def _reason(code: str) -> Reason:
    return found(db.session.scalar(select(Reason).where(Reason.code == code)), code)


@pages.get("/settings/reasons")
@login_required
def reasons() -> Answer:
    if asked.wants_file():
        listing = _listing()
        return download(listing, listing.rows, _cell, name="reasons", title=_("Reasons of write-offs"))
    if edit := request.args.get("edit", ""):
        reason = _reason(edit)
        return _page(Typed(edit=edit, **{name: getattr(reason, name) for name in NAMES}))
    return _page(Typed(place="disposal"))


def _listing(*more: Column) -> Listing:
    columns = (
        Column("name", _("Name"), "main"),
        Column("code", _("Code")),
        Column("place", _("Where the goods go")),
        Column("state", _("State"), "state"),
    )
    return Listing(url_for("settings.reasons"), request.args, (*columns, *more), documents.reasons())


def _cell(reason: Reason, key: str) -> Any:
    state = _("Active") if reason.is_active else _("Retired")
    return {"name": called(reason), "code": reason.code, "place": kind_word(reason.place), "state": state}[key]


def _page(form: Typed, status: int = 200) -> tuple[str, int]:
    may_write = me().may("settings.write")
    page = render_template(
        "settings/reasons.html",
        listing=_listing(*([Column("actions", _("Actions"))] if may_write else [])),
        kind_word=kind_word,
        places=[(place, kind_word(place)) for place in PLACES],
        form=form,
        may_write=may_write,
    )
    return page, status


@pages.post("/settings/reasons")
@login_required
def change_reasons() -> Answer:
    """Adds a reason; or, with ``edit``, renames one, retires it or takes it into use again (``act``)."""
    access.require(me(), "settings.write")
    typed = Typed(request.form)
    edit, act = request.form.get("edit", ""), request.form.get("act", "")
    try:
        if edit and act in ("retire", "restore"):
            with transaction():
                reason, is_active = _reason(edit), act == "restore"
                if reason.is_active is not is_active:
                    reason.is_active = is_active
                    note(f"reason.{'restored' if is_active else 'retired'}", edit)
        elif edit:
            _rename(edit, typed)
        else:
            _add(typed)
    except Refusal as refusal:
        return _page(typed, typed.refuse(refusal))
    flash(_("The change is kept."), "posted")
    return redirect(url_for("settings.reasons"))  # type: ignore[return-value]


def _add(typed: Typed) -> None:
    code, place, names = typed.code(), typed.choice("place", PLACES), typed.names()
    typed.settle()
    with transaction():
        documents.add_reason(code, place, **names)
        note("reason.added", code, place=place, **names)


def _rename(code: str, typed: Typed) -> None:
    names = typed.names()
    typed.settle()
    with transaction():
        reason = _reason(code)
        before = {name: getattr(reason, name) for name in NAMES}
        for name, text in names.items():
            setattr(reason, name, text)
        note_change("reason.changed", code, before, names)
