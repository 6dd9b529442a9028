"""The stock card: what happened to an item in a warehouse, drawn, told, and line by line as on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required

from inventory import catalogue, clock, ledger, reports, settings
from inventory.catalogue import Item
from inventory.database import batches
from inventory.documents import reference
from inventory.ledger import CardMark, CardRow
from inventory.reports import CardSide
from inventory.web import asked
from inventory.web.alerts import sentence
from inventory.web.frame import Place, named, own_warehouses
from inventory.web.listing import Column, Listing
from inventory.web.stock.drawings import Range, drawn, range_asked, range_of, row_of
from inventory.web.stock.room import pages
from inventory.web.typed import Typed
from inventory.web.words import kind_word

COLUMNS = (
    Column("paper", _l("Paper"), "main"),
    Column("on", _l("Date"), "day"),
    Column("other_side", _l("From or to"), "whole"),
    Column("lot", _l("Lot")),
    Column("received", _l("In"), "number"),
    Column("issued", _l("Out"), "number"),
    Column("balance", _l("Balance"), "number"),
    Column("value", _l("Value (MAD)"), "number", is_shown=False),
)
FILE_COLUMNS = (
    _l("Date"), _l("Paper"), _l("Kind"), _l("From or to"), _l("Lot"), _l("In"), _l("Out"), _l("Balance"),
    _l("Value (MAD)"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the card with the words around its numbers."""

    row: CardRow
    paper: str
    kind: str
    href: str | None
    other_side: str

    @property
    def lot(self) -> str:
        """The lot's number, empty for what is kept without lots."""
        return self.row.lot


@pages.get("/stock/<warehouse>/<path:item>")
@login_required
def card(warehouse: str, item: str) -> Response | tuple[str, int]:
    """The card of an item in one of one's own warehouses."""
    place = asked.own_warehouse(warehouse)
    thing = catalogue.get_item(item)
    today = clock.today()
    wanted, typed = asked.read(lambda: range_asked(today))
    days = wanted or range_of(today)
    if asked.wants_file():
        return _file(thing, place, days)
    row = row_of(thing, place, today)
    listing = _listing(thing, place, days, typed)
    page = render_template(
        "stock/card.html",
        typed=typed,
        item=thing,
        replaced_by=catalogue.replacement_of(thing),
        place=place,
        row=row,
        unit=named(row.unit) or row.unit.code,
        listing=listing,
        days=days,
        today=today,
        drawings=None if listing.next else drawn(thing, place, row, days, today),
        lots=reports.lots_here(thing.id, place.id),
        warning_on=today + timedelta(days=settings.value_of("expiry_warning_days", on=today)),
        why=sentence(row.figures, named(row.unit) or row.unit.code, level=row.level) if row.level else "",
        others=[one for one in own_warehouses() if one.id != place.id],
        actions=_actions(place, thing),
    )
    return page, typed.status


def _listing(item: Item, place: Place, days: Range, typed: Typed) -> Listing:
    if typed.errors:
        return Listing(request.path, request.args, COLUMNS, [], errors=typed.errors)
    mark = asked.cursor("card")
    after = CardMark(date.fromisoformat(mark[0]), mark[1], Decimal(mark[2])) if mark else None
    rows, more = ledger.card(item.id, place.id, first_on=days.first_on, last_on=days.last_on, after=after)
    cursor = asked.signed("card", (more.on, more.movement_id, more.balance) if more else None)
    return Listing(request.path, request.args, COLUMNS, list(lines(rows, place)), next=cursor)


def lines(rows: Sequence[CardRow], place: Place) -> Iterator[Line]:
    """The rows of a card with their papers and other sides; one or two statements however many."""
    sides = reports.other_sides([(row.movement_id, row.received > 0) for row in rows])
    papers = reports.papers_of_entries([row.entry_id for row in rows])
    for row in rows:
        yield Line(
            row,
            papers.get(row.entry_id) or reference(place.code, row.kind, row.year, row.number),
            kind_word("reversal" if row.reverses_id else row.kind),
            asked.paper(row.entry_id),
            side_words(sides[row.movement_id]),
        )


def side_words(side: CardSide) -> str:
    """Where goods came from or went, in words: a party, a store, or the way they appeared or vanished."""
    if side.warehouse is not None:
        return named(side.warehouse) or side.warehouse.code
    if side.kind in ("service", "supplier"):
        return named(side.place) or side.place.code.partition(":")[2]
    return kind_word(side.kind)


def _actions(place: Place, item: Item) -> list[dict[str, Any]]:
    """What one may do with this item here, as far as the house has the page."""
    person = asked.me()
    known = [("issue.post", "issue", _("Issue this"), "documents.new", {"kind": "issue"})]
    if item.retired_on is None:
        known += [
            ("receipt.post", "receive", _("Receive this"), "documents.new", {"kind": "receipt"}),
            ("transfer.post", "transfer", _("Send to another store"), "documents.new", {"kind": "transfer"}),
        ]
    else:
        known += [("conversion.post", "transfer", _("Convert what is left"), "documents.new", {"kind": "conversion"})]
    return [
        {"label": label, "icon": icon, "href": href}
        for action, icon, label, endpoint, values in known
        if person.may(action, place.id)
        and (href := asked.way(endpoint, **values, warehouse=place.code, item=item.code)) is not None
    ]


def _file(item: Item, place: Place, days: Range) -> Response:
    told: Iterator[list[Any]] = (
        [
            line.row.on, line.paper, line.kind, line.other_side, line.lot,
            line.row.received, line.row.issued, line.row.balance, line.row.value,
        ]
        for batch in batches(_whole(item, place, days))
        for line in lines(batch, place)
    )  # fmt: skip
    name = "".join(c if c.isascii() and c.isalnum() else "-" for c in f"card-{place.code}-{item.code}")
    return asked.spreadsheet(name, FILE_COLUMNS, told, item.code, on=days.last_on)


def _whole(item: Item, place: Place, days: Range) -> Iterator[CardRow]:
    """Every line, oldest first; asked for when the first is wanted, inside the answer that is being sent."""
    _opening, rows = ledger.card_oldest_first(item.id, place.id, first_on=days.first_on, last_on=days.last_on)
    yield from rows
