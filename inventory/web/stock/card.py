"""The stock card: what happened to an item in a warehouse, drawn, told, and line by line as on paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import login_required

from inventory import catalogue, clock, languages, ledger, reports, settings
from inventory.catalogue import Item
from inventory.documents import reference
from inventory.ledger import CardMark, CardRow
from inventory.reports import Called, CardSide, Change, StockRow
from inventory.web import asked, charts
from inventory.web.alerts import sentence
from inventory.web.frame import Place, named, own_warehouses
from inventory.web.listing import Column, Listing
from inventory.web.stock.room import pages
from inventory.web.words import kind_word

LONGEST_CURVE = 3660
MOST_POINTS = 60
MONTHS = 12
BATCH = 500
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


@dataclass(frozen=True, slots=True)
class Range:
    """The days the card is about. ``since`` and ``until`` bound the curve; None in the others means no bound."""

    first_on: date | None
    last_on: date | None
    since: date
    until: date


@pages.get("/stock/<warehouse>/<path:item>")
@login_required
def card(warehouse: str, item: str) -> str | Response:
    """The card of an item in one of one's own warehouses."""
    place = asked.own_warehouse(warehouse)
    thing = catalogue.get_item(item)
    today = clock.today()
    days = _range(today)
    if asked.wants_file():
        return _file(thing, place, days)
    here = Called(place.id, place.code, "", "", "")
    row = reports.stock_row(thing.id, here, today=today, language=languages.language())
    assert row is not None  # the item and the warehouse are there
    listing = _listing(thing, place, days)
    changes = reports.changes_by_day(
        thing.id, place.id, since=min(days.since, _months_ago(today, MONTHS - 1)), until=today
    )
    return render_template(
        "stock/card.html",
        item=thing,
        place=place,
        row=row,
        unit=named(row.unit) or row.unit.code,
        listing=listing,
        days=days,
        today=today,
        curves=_curves(changes, row, days),
        bars=_bars(changes, today),
        lots=reports.lots_here(thing.id, place.id),
        warning_on=today + timedelta(days=settings.value_of("expiry_warning_days", on=today)),
        why=sentence(row.figures, named(row.unit) or row.unit.code, level=row.level) if row.level else "",
        others=[one for one in own_warehouses() if one.id != place.id],
        actions=_actions(place, thing),
    )


def _range(today: date) -> Range:
    first_on, last_on = asked.days()
    until = min(last_on or today, today)
    since = first_on or until - timedelta(days=365)
    return Range(first_on, last_on, max(min(since, until), until - timedelta(days=LONGEST_CURVE)), until)


def _listing(item: Item, place: Place, days: Range) -> Listing:
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


def _curves(changes: Sequence[Change], row: StockRow, days: Range) -> tuple[Any, Any]:
    """The curve for a desk and for a phone."""
    points = _points(changes, row, days)
    reorder = row.figures.reorder_point
    return (
        charts.curve(points, since=days.since, until=days.until, reorder=reorder),
        charts.curve(points, since=days.since, until=days.until, reorder=reorder, width=400, height=240),
    )


def _points(changes: Sequence[Change], row: StockRow, days: Range) -> list[charts.Point]:
    """The levels of the curve, counted back from what is there now. A crowded year is told in about sixty steps: the
    eye sees no more, and each still leads to its papers."""
    level = row.figures.on_hand - sum((one.net for one in changes if one.on > days.until), Decimal(0))
    inside = [one for one in changes if days.since <= one.on <= days.until]
    start = level - sum((one.net for one in inside), Decimal(0))
    step = 1 if len(inside) <= MOST_POINTS else -(-(days.until - days.since).days // MOST_POINTS)
    steps: dict[int, list[Change]] = {}
    for one in inside:
        steps.setdefault((one.on - days.since).days // step, []).append(one)
    papers = reports.papers_of_days([ones[0] for ones in steps.values() if len(ones) == 1])
    points, level = [charts.Point(days.since - timedelta(days=1), start)], start
    for ones in steps.values():
        level += sum((one.net for one in ones), Decimal(0))
        points.append(_point(ones, level, papers))
    return points if inside or start else []


def _point(ones: Sequence[Change], level: Decimal, papers: dict[int, str]) -> charts.Point:
    last, count = ones[-1], sum(one.papers for one in ones)
    if count == 1 and last.entry_id in papers:
        return charts.Point(last.on, level, papers[last.entry_id], asked.paper(last.entry_id))
    assert request.view_args is not None
    days: dict[str, Any] = {"from": ones[0].on.isoformat(), "to": last.on.isoformat()}
    address = url_for("stock.card", **request.view_args, **days)
    return charts.Point(last.on, level, ngettext("%(num)s paper", "%(num)s papers", count), address)


def _bars(changes: Sequence[Change], today: date) -> tuple[Any, Any] | None:
    """What went to services, month by month; a month in which more came back than left counts as nothing."""
    months = {_months_ago(today, back): Decimal(0) for back in range(MONTHS - 1, -1, -1)}
    for one in changes:
        if (month := one.on.replace(day=1)) in months:
            months[month] += one.used
    used = [(month, max(total, Decimal(0))) for month, total in months.items()]
    if not any(total for _month, total in used):
        return None
    return charts.bars(used, today=today), charts.bars(used, today=today, width=400, height=220)


def _months_ago(today: date, months: int) -> date:
    """The first day of the month that many months ago."""
    count = today.year * 12 + today.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def _actions(place: Place, item: Item) -> list[dict[str, Any]]:
    """What one may do with this item here, as far as the house has the page."""
    person = asked.me()
    known = (
        ("issue.post", "issue", _("Issue this"), "documents.new", {"kind": "issue"}),
        ("receipt.post", "receive", _("Receive this"), "documents.new", {"kind": "receipt"}),
        ("transfer.post", "transfer", _("Send to another store"), "documents.new", {"kind": "transfer"}),
    )
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
        for batch in _batches(_whole(item, place, days))
        for line in lines(batch, place)
    )  # fmt: skip
    name = "".join(c if c.isascii() and c.isalnum() else "-" for c in f"card-{place.code}-{item.code}")
    return asked.spreadsheet(name, FILE_COLUMNS, told, item.code)


def _whole(item: Item, place: Place, days: Range) -> Iterator[CardRow]:
    """Every line, oldest first; asked for when the first is wanted, inside the answer that is being sent."""
    _opening, rows = ledger.card_oldest_first(item.id, place.id, first_on=days.first_on, last_on=days.last_on)
    yield from rows


def _batches(rows: Iterable[CardRow]) -> Iterator[list[CardRow]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch
