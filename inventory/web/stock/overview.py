"""The list of what lies where: items × warehouses, today or at the end of an earlier day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required

from inventory import clock, languages, reports, settings
from inventory.database import batches
from inventory.reports import StockAsked, StockRow
from inventory.web import asked
from inventory.web.choices import categories, category_asked
from inventory.web.frame import Place, named, own_warehouses
from inventory.web.listing import Column, Listing
from inventory.web.stock.room import pages
from inventory.web.words import state_word

ONLY = ("low", "expiring", "stock")
COLUMNS = (
    Column("name", _l("Item"), "main", is_sortable=True),
    Column("code", _l("Code"), is_sortable=True, is_shown=False),
    Column("state", _l("State"), "state"),
    Column("warehouse", _l("Warehouse")),
    Column("on_hand", _l("On hand"), "number"),
    Column("available", _l("Available"), "number"),
    Column("in_transit", _l("On the way"), "number"),
    Column("ordered", _l("Ordered"), "number", is_shown=False),
    Column("reorder_point", _l("Reorder point"), "number"),
    Column("category", _l("Category"), is_shown=False),
    Column("value", _l("Value (MAD)"), "number", is_sortable=True),
)
THEN = ("name", "code", "warehouse", "on_hand", "category", "value")
"""What is known of an earlier day."""

FILE_COLUMNS = (
    _l("Code"), _l("Item"), _l("Unit"), _l("Category"), _l("Warehouse"), _l("State"), _l("On hand"), _l("Available"),
    _l("Expired"), _l("Quarantine"), _l("Reserved"), _l("On the way"), _l("Ordered"), _l("Reorder point"),
    _l("Value (MAD)"),
)  # fmt: skip


@pages.get("/stock")
@login_required
def show() -> Response | tuple[str, int]:
    """The list: one's own warehouses, or the one that is chosen. A day that cannot be asked for is refused at its
    field."""
    places, here = asked.scope()
    today = clock.today()
    on, typed = asked.read(lambda: asked.day("on", latest=today))
    wanted = _asked(places, today, on)
    if asked.wants_file():
        return _file(wanted)
    order = wanted.language if wanted.sort == "name" else ""
    mark = asked.cursor("stock", order=order)
    after = (mark[0], mark[1], mark[2]) if mark else None
    rows, next_mark = ([], None) if typed.errors else reports.stock_page(wanted, after=after)
    columns = [one for one in COLUMNS if wanted.on is None or one.key in THEN]
    if here is not None and len(own_warehouses()) > 1:
        columns = [one for one in columns if one.key != "warehouse"]
    following = asked.signed("stock", next_mark, order=order)
    listing = Listing(request.path, request.args, columns, rows, next=following, errors=typed.errors)
    dated_back = _dated_back(rows, wanted.on)
    page = render_template(
        "stock/show.html",
        dated_back=dated_back,
        listing=listing,
        chips=_chips(listing, wanted.only),
        places=own_warehouses(),
        here=here,
        everywhere=asked.EVERYWHERE,
        categories=categories(),
        on=wanted.on,
        typed=typed,
        today=wanted.today,
        address=address,
        has_warehouse=bool(own_warehouses()),
    )
    return page, typed.status


def _asked(places: list[Place], today: date, on: date | None) -> StockAsked:
    sort = request.args.get("sort", "")
    return StockAsked(
        warehouse_ids=[place.id for place in places],
        today=today,
        language=languages.language(),
        search=asked.words("search"),
        category_id=category_asked(),
        only=asked.one_of("only", ONLY),
        sort=sort.removeprefix("-") if sort.removeprefix("-") in ("code", "name", "value") else "code",
        is_descending=sort.startswith("-") and sort[1:] in ("code", "name", "value"),
        on=on if on != today else None,
        warning_days=settings.value_of("expiry_warning_days", on=today),
    )


def address(row: Any) -> str:
    """The card of a row."""
    return url_for("stock.card", warehouse=row.warehouse.code, item=row.item.code)


def _chips(listing: Listing, only: str) -> list[dict[str, Any]]:
    words = (("", _("All")), ("low", _("Low or out")), ("expiring", _("Expiring")), ("stock", _("In stock")))
    return [
        {"label": word, "href": listing.address(only=name or None), "is_current": only == name} for name, word in words
    ]


def _file(wanted: StockAsked) -> Response:
    if wanted.on is None:
        rows = (_line(row) for row in reports.stock_rows(wanted))
        return asked.spreadsheet("stock", FILE_COLUMNS, rows, _("Stock"))
    told = (
        [*_line(row, is_then=True), ", ".join(named_)]
        for batch in batches(reports.stock_rows(wanted))
        for row, named_ in zip(batch, _dated_back(batch, wanted.on).values(), strict=True)
    )
    return asked.spreadsheet("stock", (*FILE_COLUMNS, _("Papers dated back")), told, _("Stock"), on=wanted.on)


def _dated_back(rows: Sequence[StockRow], on: date | None) -> dict[tuple[int, int], list[str]]:
    """The papers that make the value of each row doubtful, by warehouse and item; of today none."""
    pairs = [(row.warehouse.id, row.item.id) for row in rows]
    found = {} if on is None else reports.papers_dated_back(pairs, on)
    return {pair: found.get(pair, []) for pair in pairs}


def _line(row: StockRow, *, is_then: bool = False) -> list[Any]:
    figures = row.figures
    now = [
        figures.available, figures.expired, figures.quarantined, figures.reserved, figures.in_transit, figures.ordered,
        figures.reorder_point,
    ]  # fmt: skip
    return [
        row.item.code, named(row.item), named(row.unit) or row.unit.code, named(row.category) if row.category else None,
        named(row.warehouse) or row.warehouse.code, None if is_then else state_word(row.state), figures.on_hand,
        *([None] * len(now) if is_then else now), row.value,
    ]  # fmt: skip
