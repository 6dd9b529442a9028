"""The drawings of a stock card: its curve over time, and what was given to services month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import render_template, request, url_for
from flask_babel import ngettext
from flask_login import login_required

from inventory import catalogue, clock, languages, reports
from inventory.catalogue import Item
from inventory.reports import Called, Change, StockRow
from inventory.web import asked, charts
from inventory.web.frame import Place, named
from inventory.web.stock.room import pages

LONGEST_CURVE = 3660
MOST_POINTS = 60
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Range:
    """The days the card is about. ``since`` and ``until`` bound the curve; None in the others means no bound."""

    first_on: date | None
    last_on: date | None
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Drawings:
    """What there is to draw, each for a desk and for a phone."""

    curves: tuple[Any, Any]
    bars: tuple[Any, Any] | None


@pages.get("/stock/<warehouse>/<path:item>/drawings")
@login_required
def drawings(warehouse: str, item: str) -> str:
    """The drawings of a long card, fetched after it: adding up a busy year takes longer than the page itself."""
    place = asked.own_warehouse(warehouse)
    thing = catalogue.get_item(item)
    today = clock.today()
    row, days = row_of(thing, place, today), range_asked(today)
    return render_template(
        "stock/drawings.html",
        name=named(thing) or thing.code,
        days=days,
        unit=named(row.unit) or row.unit.code,
        drawings=drawn(thing, place, row, days, today),
    )


def row_of(item: Item, place: Place, today: date) -> StockRow:
    """How an item stands in a warehouse."""
    here = Called(place.id, place.code, "", "", "")
    row = reports.stock_row(item.id, here, today=today, language=languages.language())
    assert row is not None  # the item and the warehouse are there
    return row


def range_asked(today: date) -> Range:
    return range_of(today, *asked.days(latest=today))


def range_of(today: date, first_on: date | None = None, last_on: date | None = None) -> Range:
    until = last_on or today
    since = first_on or until - timedelta(days=365)
    return Range(first_on, last_on, max(min(since, until), until - timedelta(days=LONGEST_CURVE)), until)


def drawn(item: Item, place: Place, row: StockRow, days: Range, today: date) -> Drawings:
    """Both drawings; one statement for the days, one for the papers behind single points."""
    since = min(days.since, _months_ago(today, MONTHS - 1))
    changes = reports.changes_by_day(item.id, place.id, since=since, until=today)
    return Drawings(_curves(changes, row, days), _bars(changes, today, is_whole=row.decimals == 0))


def _curves(changes: Sequence[Change], row: StockRow, days: Range) -> tuple[Any, Any]:
    """The curve for a desk and for a phone."""
    points = _points(changes, row, days)
    told: dict[str, Any] = {
        "since": days.since, "until": days.until, "reorder": row.figures.reorder_point, "is_whole": row.decimals == 0,
    }  # fmt: skip
    return charts.curve(points, **told), charts.curve(points, **told, width=400, height=240)


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
    last = ones[-1]
    entry_id = last.only_entry_id if len(ones) == 1 else None
    if entry_id in papers:
        return charts.Point(last.on, level, papers[entry_id], asked.paper(entry_id))
    assert request.view_args is not None
    days: dict[str, Any] = {"from": ones[0].on.isoformat(), "to": last.on.isoformat()}
    address, lines = url_for("stock.card", **request.view_args, **days), sum(one.lines for one in ones)
    return charts.Point(last.on, level, ngettext("%(num)s line", "%(num)s lines", lines), address)


def _bars(changes: Sequence[Change], today: date, *, is_whole: bool) -> tuple[Any, Any] | None:
    """What went to services, month by month; a month in which more came back than left counts as nothing."""
    months = {_months_ago(today, back): Decimal(0) for back in range(MONTHS - 1, -1, -1)}
    for one in changes:
        if (month := one.on.replace(day=1)) in months:
            months[month] += one.used
    used = [(month, max(total, Decimal(0))) for month, total in months.items()]
    if not any(total for _month, total in used):
        return None
    told: dict[str, Any] = {"today": today, "is_whole": is_whole}
    return charts.bars(used, **told), charts.bars(used, **told, width=400, height=220)


def _months_ago(today: date, months: int) -> date:
    """The first day of the month that many months ago."""
    count = today.year * 12 + today.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)
