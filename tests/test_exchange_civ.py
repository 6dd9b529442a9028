"""Monthly stock of many sites, in the shape of the real data of `make data`: every month-end comes out as stated."""

from __future__ import annotations

import csv
import io
import random
from datetime import date

import pytest
from flask import Flask

from bench import civ
from inventory import ledger

COLUMNS = ("site_code", "product_code", "year", "month", "stock_initial", "stock_received", "stock_distributed",
           "stock_adjustment", "stock_end")  # fmt: skip


def sample(seed: int = 3) -> list[civ.SiteMonth]:
    """Three sites, two items, eighteen months, with breaks, months that are missing, and losses down to nothing."""
    chance = random.Random(seed)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for site in ("C1", "C2", "C3"):
        for item in ("AS27134", "AS17005"):
            stock = chance.choice((0, 40))
            for number in range(18):
                if chance.random() < 0.1:
                    continue
                opening = max(0, stock + chance.choice((0, 0, 0, 5, -3)))
                received = chance.choice((0, 0, 30))
                adjusted = chance.choice((0, 0, 4, -2)) if opening + received > 2 else 0
                issued = min(chance.choice((0, 9, 99)), opening + received + min(adjusted, 0))
                stock = opening + received + adjusted - issued
                rows.writerow(
                    (site, item, 2016 + number // 12, number % 12 + 1, opening, received, issued, adjusted, stock)
                )
    return civ.read(io.StringIO(text.getvalue()))


def test_every_month_end_is_the_stock_on_that_day(app: Flask) -> None:
    months = sample()
    figures = civ.run(months, is_quiet=True)
    assert figures["breaks"] > 0
    assert figures["gaps"] >= figures["gaps_with_change"] > 0
    assert (figures["posted"], figures["already_there"]) == (figures["papers"], 0)
    assert (figures["mismatches"], figures["differences"]) == (0, 0)


def test_a_run_cut_short_goes_on_and_doubles_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    months, count = sample(), 0

    def cut() -> None:
        nonlocal count
        count += 1
        if count == 20:
            raise KeyboardInterrupt

    whole = civ.import_all
    monkeypatch.setattr(civ, "import_all", lambda papers, by, advance: whole(papers, by, cut))
    with pytest.raises(KeyboardInterrupt):
        civ.run(months, is_quiet=True)
    monkeypatch.undo()
    figures = civ.run(months, is_quiet=True)
    assert (figures["already_there"], figures["posted"]) == (20, figures["papers"] - 20)
    assert (figures["mismatches"], figures["differences"]) == (0, 0)
    assert civ.run(months, is_quiet=True)["posted"] == 0


def test_a_month_end_that_differs_is_found(app: Flask) -> None:
    months = sample()
    civ.run(months, is_quiet=True)
    first = months[0]
    wrong = civ.SiteMonth(first.site, first.item, first.first_on, 0, 0, 0, 0, first.closing + 1)
    assert [month for month, _found in civ.mismatches([wrong], lambda: None)] == [wrong]
    assert list(ledger.verify()) == []


def test_breaks_and_gaps_are_told_apart() -> None:
    def month(number: int, opening: int, closing: int, site: str = "A") -> civ.SiteMonth:
        return civ.SiteMonth(site, "X", date(2016, number, 1), opening, 0, 0, 0, closing)

    months = [month(1, 0, 5), month(2, 5, 6), month(3, 7, 7), month(5, 7, 7), month(7, 8, 8), month(1, 3, 3, "B")]
    found = [(one.after.first_on.month, one.months_missing, one.change) for one in civ.breaks(months)]
    assert found == [(3, 0, 1), (5, 1, 0), (7, 1, 1)]
