"""The words of the catalogue: units (also what things are packed in) and families, named in each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from sqlalchemy import func, or_, select

from inventory import access, catalogue
from inventory.catalogue import Category, Item, Packaging, Unit
from inventory.database import db, transaction
from inventory.errors import Refusal, found
from inventory.web import asked, finding
from inventory.web.asked import called
from inventory.web.catalogue.room import pages
from inventory.web.downloads import download
from inventory.web.listing import Column, Listing
from inventory.web.notes import note_change
from inventory.web.typed import NAMES, Typed

Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Words:
    """A kind of words: what the audit trail calls one, its table, what its page is called and asks, and which items a
    word counts for."""

    called: str
    kind: type[Any]
    title: Any
    question: Any
    items: Any


KINDS = {
    "units": Words(
        "unit", Unit, _l("Units"), _l("In what is counted, and in what things are packed"), Item.unit_id == Unit.id
    ),
    "categories": Words(
        "category", Category, _l("Categories"), _l("Families of items"), Item.category_id == Category.id
    ),
}


@pages.get("/catalogue/<any(units, categories):which>")
@login_required
def words(which: str) -> Answer:
    """The words with their names; ``edit`` opens one of them below the list."""
    access.require_somewhere(asked.me(), "catalogue.read")
    if edit := asked.words("edit"):
        access.require(asked.me(), "catalogue.write")
        word = _word(which, edit)
        return _page(which, Typed(act=edit, **{name: getattr(word, name) for name in NAMES}))
    return _page(which, Typed())


@pages.post("/catalogue/<any(units, categories):which>")
@login_required
def rename(which: str) -> Answer:
    """Names a word in each language; ``act`` is its code, which never changes."""
    access.require(asked.me(), "catalogue.write")
    typed, act = Typed(request.form), asked.words("act")
    try:
        names = typed.names()
        typed.settle()
        with transaction():
            word = _word(which, act)
            before = catalogue.rename(word, **names)
            note_change(f"{KINDS[which].called}.changed", act, before, {name: names[name] for name in before})
    except Refusal as refusal:
        return _page(which, typed, typed.refuse(refusal))
    flash(_("The change is kept."), "posted")
    return redirect(url_for("catalogue.words", which=which))  # type: ignore[return-value]


def _word(which: str, code: str) -> Any:
    kind = KINDS[which].kind
    return found(db.session.scalar(select(kind).where(kind.code == code)), code)


def _page(which: str, form: Typed, status: int = 200) -> Answer:
    about, arguments, is_file = KINDS[which], request.args, asked.wants_file()
    counted = select(func.count()).select_from(Item).where(about.items).scalar_subquery()
    packed = select(func.count()).select_from(Packaging).where(Packaging.name == about.kind.code).scalar_subquery()
    question = select(*about.kind.__table__.columns, counted.label("items"), packed.label("packagings"))
    if is_lacking := bool(asked.one_of("missing", ["1"])):
        question = question.where(or_(*(getattr(about.kind, name) == "" for name in NAMES)))
    rows, following = finding.page(
        question,
        about.kind.code,
        words=arguments.get("search", ""),
        after=arguments.get("cursor"),
        is_whole=is_file,
    )
    listing = Listing(request.path, arguments, _columns(which, is_file), rows, following)
    if is_file:
        return download(listing, rows, _cell, name=which, title=str(about.title))
    page = render_template(
        "catalogue/words.html",
        which=which,
        about=about,
        listing=listing,
        chips=_chips(which, is_lacking),
        form=form,
        may_write=asked.me().may("catalogue.write"),
    )
    return page, status


def _chips(which: str, is_lacking: bool) -> list[dict[str, Any]]:
    whole = [
        {
            "label": one.title,
            "href": url_for("catalogue.words", which=name),
            "is_current": name == which and not is_lacking,
        }
        for name, one in KINDS.items()
    ]
    lacking = url_for("catalogue.words", which=which, missing="1")
    return [*whole, {"label": _("A name is missing"), "href": lacking, "is_current": is_lacking}]


def _columns(which: str, is_file: bool) -> list[Column]:
    columns = [
        Column("name", _("Name"), "main"),
        Column("code", _("Code")),
        Column("name_ar", _("Name in Arabic")),
        Column("name_fr", _("Name in French")),
        Column("name_en", _("Name in English")),
        Column("items", _("Items"), "number"),
    ]
    return [*columns, Column("packagings", _("Packagings"), "number")] if which == "units" else columns


def _cell(row: Any, key: str) -> Any:
    return called(row) if key == "name" else getattr(row, key)
