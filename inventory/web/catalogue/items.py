"""The list of items, the page of one, and the answers of fields that look for an item, a category or a unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from sqlalchemy import select

from inventory import access, catalogue, clock, languages, reports
from inventory.catalogue import Barcode, Category, Item, Packaging, Photo, Unit
from inventory.database import db
from inventory.reports import ItemRow, ItemsAsked, StockAsked, StockRow
from inventory.web import asked
from inventory.web.catalogue.room import pages
from inventory.web.choices import categories, category_asked
from inventory.web.frame import counted_warehouses, named, own_warehouses
from inventory.web.listing import Column, Listing
from inventory.web.words import STORAGES, TRACKINGS

ONLY = ("all", "retired", "flagged", "bare")
MOST_WAREHOUSES = 500
COLUMNS = (
    Column("name", _l("Item"), "main", is_sortable=True),
    Column("code", _l("Code"), is_sortable=True, is_shown=False),
    Column("category", _l("Category")),
    Column("unit", _l("Unit")),
    Column("tracking", _l("Kept")),
    Column("storage", _l("Storage"), is_shown=False),
    Column("barcodes", _l("Barcodes"), "number"),
    Column("state", _l("State"), "state"),
)
FILE_COLUMNS = (
    _l("Code"), _l("Name in French"), _l("Name in Arabic"), _l("Name in English"), _l("Category"), _l("Unit"),
    _l("Decimals"), _l("Tracking"), _l("Expires"), _l("Storage"), _l("Barcodes"), _l("Retired on"),
)  # fmt: skip


PACKAGING_COLUMNS = (
    _l("Code"), _l("Name in French"), _l("Name in Arabic"), _l("Name in English"), _l("Unit"), _l("Packaging"),
    _l("Packaging holds"), _l("Packaging barcode"),
)  # fmt: skip


@pages.get("/items")
@login_required
def list_() -> str | Response:
    """The catalogue: items in use, unless others are asked for."""
    wanted = _asked()
    if asked.wants_file():
        return _file(wanted)
    attach = asked.words("attach") if asked.me().may("catalogue.write") else ""
    order = wanted.language if wanted.sort == "name" else ""
    mark = asked.cursor("items", order=order)
    rows, after = reports.item_page(wanted, after=(mark[0], mark[1]) if mark else None)
    listing = Listing(request.path, request.args, COLUMNS, rows, next=asked.signed("items", after, order=order))
    return render_template(
        "catalogue/list.html",
        listing=listing,
        chips=_chips(listing, wanted.only),
        categories=categories(),
        trackings=list(TRACKINGS.items()),
        tracking_words=TRACKINGS,
        storage_words=STORAGES,
        address=partial(address, attach=attach),
        attach=attach,
        may_write=asked.me().may("catalogue.write"),
        imports=asked.way("imports.start"),
        packagings=replace(listing, path=url_for("catalogue.packagings")).address(format="xlsx"),
    )


def _asked() -> ItemsAsked:
    sort = request.args.get("sort", "")
    is_known = sort.removeprefix("-") in ("code", "name")
    return ItemsAsked(
        languages.language(),
        search=asked.words("search"),
        category_id=category_asked(),
        tracking=asked.one_of("tracking", catalogue.TRACKINGS),
        only=asked.one_of("only", ONLY),
        sort=sort.removeprefix("-") if is_known else "code",
        is_descending=is_known and sort.startswith("-"),
    )


def _chips(listing: Listing, only: str) -> list[dict[str, Any]]:
    words = (
        ("", _("In use")), ("bare", _("Without a barcode")), ("flagged", _("Doubtful barcode")),
        ("retired", _("Out of use")), ("all", _("All items")),
    )  # fmt: skip
    return [
        {"label": word, "href": listing.address(only=name or None), "is_current": only == name} for name, word in words
    ]


def address(row: Any, attach: str = "") -> str:
    """The page of an item, with a barcode to attach there already typed."""
    return url_for("catalogue.show", code=row.item.code, barcode=attach or None, _anchor="barcode" if attach else None)


def _file(wanted: ItemsAsked) -> Response:
    rows = (_line(*found) for found in reports.items_in(wanted))
    return asked.spreadsheet("items", FILE_COLUMNS, rows, _("Items"))


def _line(row: ItemRow, codes: str) -> list[Any]:
    """In words of our pages, which an import of items understands."""
    item = row.item
    return [
        item.code, item.name_fr, item.name_ar, item.name_en, row.category.code if row.category else None, row.unit.code,
        row.decimals, str(TRACKINGS[row.tracking]), _("yes") if row.has_expiry else _("no"),
        str(STORAGES[row.storage_class]), codes, row.retired_on,
    ]  # fmt: skip


@pages.get("/catalogue/packagings")
@login_required
def packagings() -> Response:
    """The packagings of the items that the list shows, as a file: one a row, as an import of items reads them."""
    access.require_somewhere(asked.me(), "catalogue.read")
    rows = (
        [
            row.item.code, row.item.name_fr, row.item.name_ar, row.item.name_en, row.unit.code, packaging.name,
            packaging.in_base_units(Decimal(1)), barcode,
        ]
        for row, packaging, barcode in reports.packagings_in(_asked())
    )  # fmt: skip
    return asked.spreadsheet("packagings", PACKAGING_COLUMNS, rows, _("Packagings"))


@pages.get("/items/<path:code>")
@login_required
def show(code: str) -> str:
    """Everything about an item, and where it stands in one's own warehouses."""
    access.require_somewhere(asked.me(), "catalogue.read")
    return item_page(catalogue.get_item(code))


def item_page(item: Item, errors: list[dict[str, str]] | None = None) -> str:
    """The page of an item, with what was wrong in one of its small forms."""
    own = [place.id for place in counted_warehouses()]
    wanted = StockAsked(own, clock.today(), languages.language(), item_id=item.id)
    packagings = catalogue.packagings_of(item)
    barcodes = db.session.execute(
        select(Barcode.code, Barcode.is_flagged, Packaging.name)
        .outerjoin(Packaging, Packaging.id == Barcode.packaging_id)
        .where(Barcode.item_id == item.id)
        .order_by(Barcode.code)
    ).all()
    rows = reports.stock_page(wanted, limit=MOST_WAREHOUSES)[0] if own else []
    return render_template(
        "catalogue/show.html",
        item=item,
        unit=db.session.get_one(Unit, item.unit_id),
        category=db.session.get(Category, item.category_id) if item.category_id else None,
        replaced_by=catalogue.replacement_of(item),
        packagings=packagings,
        words=catalogue.words_of(packagings),
        barcodes=barcodes,
        photo=db.session.scalar(select(Photo.digest).where(Photo.item_id == item.id)),
        rows=rows,
        tracking=TRACKINGS[item.tracking],
        storage=STORAGES[item.storage_class],
        errors=errors or [],
        typed=request.form or request.args,
        may_write=asked.me().may("catalogue.write"),
        label=_label(item),
        conversion=_conversion(item, rows),
        address=lambda row: url_for("stock.card", warehouse=row.warehouse.code, item=row.item.code),
    )


def _label(item: Item) -> str | None:
    return asked.way("labels.sheet", item=item.code) if asked.me().may_somewhere("label.print") else None


def _conversion(item: Item, rows: Sequence[StockRow]) -> str | None:
    """Where the rest of a retired item becomes its replacement, where most of it lies."""
    mine = {place.code for place in own_warehouses("conversion.post")}
    held = [row for row in rows if row.warehouse.code in mine and row.figures.on_hand > 0]
    if item.retired_on is None or not held:
        return None
    most = max(held, key=lambda row: row.figures.on_hand)
    return asked.way("documents.new", kind="conversion", item=item.code, warehouse=most.warehouse.code)


@pages.get("/catalogue/items/options")
@login_required
def item_options() -> str:
    """The answer to ``?q=`` of a field that looks for an item; with ``retired=1`` for what still lies in stores and is
    bought no more."""
    access.require_somewhere(asked.me(), "catalogue.read")
    rows = reports.found_items(asked.words("q"), with_retired=request.args.get("retired") == "1")
    things = [
        {
            "value": row.item_code,
            "label": asked.called(reports.sure(row, "item")),
            "detail": f"{row.item_code} · {asked.called(reports.sure(row, 'unit'))}"
            + (f" · {_('Retired')}" if row.retired_on else ""),
            "icon": "item",
            "is_exact": row.is_exact,
        }
        for row in rows
    ]
    return options(things)


@pages.get("/catalogue/categories/options")
@login_required
def category_options() -> str:
    return _few(Category)


@pages.get("/catalogue/units/options")
@login_required
def unit_options() -> str:
    return _few(Unit)


def _few(kind: Any) -> str:
    """The categories or units that a few letters mean, and the way to make what is not there yet."""
    access.require_somewhere(asked.me(), "catalogue.read")
    words = asked.words("q")
    found = reports.found_named(kind, words)
    things = [
        {
            "value": one.code,
            "label": named(one) or one.code,
            "detail": one.code,
            "is_exact": one.code.lower() == words.lower(),
        }
        for one in found
    ]
    is_there = any(words.lower() in (one.code.lower(), named(one).lower()) for one in found)
    if words and not is_there and len(words) <= 60 and asked.me().may("catalogue.write"):
        things.append({"value": words, "label": words, "detail": _("make it new"), "icon": "plus"})
    return options(things)


def options(things: list[dict[str, Any]]) -> str:
    """A typed search answered; the ids begin with the field that asks, so that two fields never share one."""
    target = request.headers.get("HX-Target", "")
    prefix = target if re.fullmatch(r"[\w-]{1,60}", target) else "option"
    return render_template("options.html", things=things, prefix=prefix)
