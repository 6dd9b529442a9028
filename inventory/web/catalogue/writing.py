"""Adding an item, changing it, giving it packagings and barcodes, retiring it."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required

from inventory import access, catalogue, clock, natures, replays, replenishment, reports
from inventory.catalogue import Category, Item, NewItem, NewPackaging, Unit
from inventory.database import db, transaction
from inventory.documents.orders import fingerprint
from inventory.errors import AlreadyExists, InvalidRequest, Refusal, fault, refuse, refuse_field
from inventory.web import asked
from inventory.web.catalogue.items import item_page
from inventory.web.catalogue.room import pages
from inventory.web.words import STORAGES, TRACKINGS

ROWS = 4
"""How many empty lines for packagings a form offers."""

MOST_BARCODES = 50
DRAFT = "item-new"
"""Under which name the browser keeps the form of a new item until it was added."""
FIELDS = {"/packagings": "packaging-0-name", "/barcodes": "barcodes"}


@pages.get("/catalogue/new")
@login_required
def new() -> str:
    """The form of a new item; ``?barcode=`` begins it with a code that was scanned and is unknown."""
    access.require(asked.me(), "catalogue.write")
    return _form(None, {"barcodes": asked.words("barcode"), "tracking": "none", "storage_class": "ordinary"})


@pages.post("/catalogue/new")
@login_required
def add() -> Response | tuple[str, int]:
    """Adds the item once, however often the form is sent."""
    access.require(asked.me(), "catalogue.write")
    try:
        with transaction():
            code = _added()
    except (InvalidRequest, AlreadyExists) as refusal:
        db.session.rollback()
        return _form(None, request.form, refusal), refusal.status
    flash(_("Item %(code)s is in the catalogue.", code=code), "posted")
    flash(DRAFT, "draft")
    return redirect(url_for("catalogue.show", code=code))  # type: ignore[return-value]


def _added() -> str:
    """The code of the item that this form added, now or the first time it was sent."""
    typed = {name: request.form.getlist(name) for name in sorted(request.form) if name not in ("csrf_token", "key")}
    mark = fingerprint(asked.me().id, {"item": json.dumps(typed, sort_keys=True)})
    key = f"item:{request.form.get('key', '')[:60]}"
    kept = replays.answer_of(key, actor_id=asked.me().id, fingerprint=mark)
    if kept is None:
        item = catalogue.add_item(_new_item())
        catalogue.note_added(item, by=asked.me(), at=clock.now())
        kept = {"code": item.code}
        replays.keep(key, kept, actor_id=asked.me().id, fingerprint=mark, at=clock.now())
    return str(kept["code"])


def _new_item() -> NewItem:
    return NewItem(
        code=asked.code("code"),
        name_fr=asked.long_words("name_fr"),
        name_ar=asked.long_words("name_ar"),
        name_en=asked.long_words("name_en"),
        category=_picked("category", Category),
        **_nature(),
        storage_class=asked.words("storage_class"),
        barcodes=_barcodes(),
        packagings=tuple(_packagings()),
    )


def _picked(name: str, kind: Any) -> str | None:
    """The code chosen in a typed search; what was typed and not chosen means the thing of exactly that name, else a new
    one. Raises InvalidRequest for a name that is too long to be a code."""
    value = asked.words(name) or asked.words(f"{name}_shown")
    if not value:
        return None
    plain = catalogue.folded(value)
    for one in reports.found_named(kind, value, limit=200):
        if plain in [catalogue.folded(text) for text in (one.code, one.name_fr, one.name_ar, one.name_en)]:
            return one.code
    if len(value) > 60:
        refuse_field(f"/{name}", "length", _l("At most 60 characters."))
    return value


def _barcodes() -> tuple[str, ...]:
    """One code a line, as scanners send them; twice the same is once."""
    lines = request.form.get("barcodes", "").split()
    if len(lines) > MOST_BARCODES:
        refuse_field("/barcodes", "too_many", _l("At most %(most)s barcodes at once."), most=MOST_BARCODES)
    return tuple({catalogue.barcode_key(line): line for line in lines}.values())


def _packagings() -> list[NewPackaging]:
    """The lines in which something was typed."""
    found, faults = [], []
    for row in range(ROWS):
        name, contains, barcode = (asked.words(f"packaging-{row}-{part}") for part in ("name", "contains", "barcode"))
        if not (name or contains or barcode):
            continue
        number = asked.number(contains)
        if number is None or number <= 0 or number != round(number, 3):
            message = _l("Say how many units one “%(name)s” contains.")
            faults.append(fault(f"/packaging-{row}-contains", "number", message, name=name or "?"))
        elif not name:
            faults.append(fault(f"/packaging-{row}-name", "required", _l("Give the packaging a name.")))
        else:
            found.append(NewPackaging(name, number, barcode or None))
    refuse(faults)
    return found


def _form(item: Item | None, typed: Any, refusal: Refusal | None = None) -> str:
    return render_template(
        "catalogue/form.html",
        item=item,
        is_written=item is not None and bool(natures.written_with([item.code])),
        typed=typed,
        key=typed.get("key") or asked.key(),
        draft=DRAFT,
        errors=errors_of(refusal) if refusal else [],
        trackings=[(name, word) for name, word in TRACKINGS.items()],
        storages=[(name, word) for name, word in STORAGES.items()],
        rows=range(ROWS),
    )


def errors_of(refusal: Refusal) -> list[dict[str, str]]:
    """A refusal as errors of the form: each at its field as far as it names one."""
    if not refusal.faults:
        return [{"field": "", "message": refusal.message()}]
    return [
        {"field": FIELDS.get("/" + one.pointer.split("/")[1], one.pointer.strip("/")), "message": one.sentence()}
        for one in refusal.faults
    ]


@pages.get("/catalogue/change/<path:code>")
@login_required
def change(code: str) -> str:
    """The form of an item's names, family and storage, and of how it is counted and kept until anything was written
    with that."""
    access.require(asked.me(), "catalogue.write")
    item = catalogue.get_item(code)
    kept = ("name_fr", "name_ar", "name_en", "storage_class", "decimals", "tracking")
    shown = {name: str(getattr(item, name)) for name in kept} | {"has_expiry": "1" if item.has_expiry else ""}
    unit = db.session.get_one(Unit, item.unit_id)
    category = db.session.get(Category, item.category_id) if item.category_id else None
    for name, one in (("unit", unit), ("category", category)):
        if one is not None:
            shown |= {name: one.code, f"{name}_shown": asked.called(one)}
    return _form(item, shown)


@pages.post("/catalogue/change/<path:code>")
@login_required
def changed(code: str) -> Response | tuple[str, int]:
    access.require(asked.me(), "catalogue.write")
    try:
        with transaction():
            item = catalogue.get_item(code)
            with catalogue.noted(item, by=asked.me(), at=clock.now()):
                natures.change_item(item, _changes(), today=clock.today(), at=clock.now())
    except InvalidRequest as refusal:
        db.session.rollback()
        return _form(catalogue.get_item(code), request.form, refusal), refusal.status
    flash(_("Item %(code)s is changed.", code=code), "posted")
    return redirect(url_for("catalogue.show", code=code))  # type: ignore[return-value]


def _changes() -> dict[str, Any]:
    storage = asked.one_of("storage_class", catalogue.STORAGE_CLASSES) or "ordinary"
    names = {name: asked.long_words(name) for name in ("name_fr", "name_ar", "name_en")}
    nature = _nature() if "tracking" in request.form else {}
    return {**names, **nature, "category": _picked("category", Category), "storage_class": storage}


def _nature() -> dict[str, Any]:
    """How an item is counted and kept, as the form says it."""
    decimals = asked.words("decimals") or "0"
    return {
        "unit": _picked("unit", Unit) or "",
        "decimals": int(decimals) if decimals in ("0", "1", "2", "3") else -1,
        "tracking": asked.words("tracking"),
        "has_expiry": bool(request.form.get("has_expiry")),
    }


@pages.post("/catalogue/barcodes/<path:code>")
@login_required
def attach(code: str) -> Response | tuple[str, int]:
    """Lets one more printed code name the item or one of its packagings."""
    return _small_change(code, _attach, _l("The barcode is attached."))


def _attach(item: Item) -> None:
    chosen = asked.words("packaging")
    packaging = next((one for one in catalogue.packagings_of(item) if one.name == chosen), None)
    if chosen and packaging is None:
        refuse_field("/packaging", "unknown", _l("“%(value)s” is not one of the choices."), value=chosen[:40])
    catalogue.attach_barcode(item, request.form.get("barcode", ""), packaging)
    catalogue.refresh_search(item)


@pages.post("/catalogue/packagings/<path:code>")
@login_required
def pack(code: str) -> Response | tuple[str, int]:
    """Adds a packaging; what it contains is said once and for ever."""
    return _small_change(code, _pack, _l("The packaging is added."))


def _pack(item: Item) -> None:
    new = _packagings()
    if not new:
        refuse_field("/packaging-0-name", "required", _l("Give the packaging a name."))
    for one in new:
        catalogue.add_packaging(item, one)
    catalogue.refresh_search(item)


@pages.post("/catalogue/retire/<path:code>")
@login_required
def retire(code: str) -> Response | tuple[str, int]:
    """Takes an item out of use everywhere, with the one that replaces it, if there is one."""
    return _small_change(code, _retire, _l("The item is retired. What is left of it can still be issued."))


def _retire(item: Item) -> None:
    other = asked.words("replaced_by")
    if not other and asked.words("replaced_by_shown"):
        refuse_field("/replaced_by", "unknown", _l("Choose the replacing item from the list."))
    successor = catalogue.get_item(other) if other else None
    today = clock.today()
    replenishment.retire(item, retired_on=today, replaced_by=successor, today=today, at=clock.now())


@pages.post("/catalogue/restore/<path:code>")
@login_required
def restore(code: str) -> Response | tuple[str, int]:
    """Takes a retired item back into use."""
    return _small_change(code, _restore, _l("The item is in use again."))


def _restore(item: Item) -> None:
    replenishment.retire(item, retired_on=None, replaced_by=None, today=clock.today(), at=clock.now())


def _small_change(code: str, verb: Any, word: Any) -> Response | tuple[str, int]:
    """One small form of an item's page, done or shown again with what is wrong."""
    access.require(asked.me(), "catalogue.write")
    try:
        with transaction():
            item = catalogue.get_item(code)
            with catalogue.noted(item, by=asked.me(), at=clock.now()):
                verb(item)
    except (InvalidRequest, AlreadyExists) as refusal:
        db.session.rollback()
        return item_page(catalogue.get_item(code), errors_of(refusal)), refusal.status
    flash(str(word), "posted")
    return redirect(url_for("catalogue.show", code=code))  # type: ignore[return-value]
