"""What counts as use, told in ledgers: the one figure behind the chart of a card, rules, alerts and cover."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from inventory import catalogue, reports, warehouses
from inventory.reports import AlertsAsked, RulesAsked
from inventory.reports.use import Use
from tests import make
from tests.script import Store

RECEIVED = "SUPPLIER -> SHELF bolt 100 cost=1 on={early}\n"


@pytest.fixture
def store(app: Flask) -> Store:
    return Store.opened(bolt={})


def told(store: Store, script: str) -> list[Decimal]:
    """Plays a script that begins with 100 bolts; answers what the rules, the alert and the days of the card say was
    used."""
    days = {f"day_{back}": (store.today - timedelta(days=back)).isoformat() for back in (1, 5, 20, 29)}
    store.play((RECEIVED + script).format(early=days["day_29"], **days))
    make.rule("bolt", "CENTRAL", "1000", "2000", on=store.today)
    item, place = catalogue.get_item("bolt"), warehouses.get_warehouse("CENTRAL")
    rules = reports.rules_of(RulesAsked(place.id, store.today))
    alerts = list(reports.alerts_in(AlertsAsked([place.id], store.today)))
    since = store.today - timedelta(days=89)
    days_of = reports.changes_by_day(item.id, place.id, since=since, until=store.today)
    totals = {one.use.total for one in (*rules, *alerts)} | {sum((one.used for one in days_of), Decimal(0))}
    assert len(rules) == len(alerts) == 1
    return sorted(totals)


def test_what_went_to_services_is_use(store: Store) -> None:
    assert told(store, "SHELF -> CITY bolt 5\nSHELF -> SCHOOL bolt 7 on={day_20}") == [12]


def test_a_cancelled_issue_and_its_reversal_count_for_nothing(store: Store) -> None:
    script = """
        SHELF -> CITY bolt 5 on={day_20}
        wrong: SHELF -> CITY bolt 70 on={day_20}
        reverse wrong
        SHELF -> CITY bolt 7
        CITY -> SHELF bolt 2
        """
    assert told(store, script) == [10]


def test_a_cancelled_issue_counts_on_neither_of_its_days(store: Store) -> None:
    told(store, "wrong: SHELF -> CITY bolt 70 on={day_20}\nreverse wrong on={day_5}\nSHELF -> CITY bolt 3 on={day_5}")
    item, place = catalogue.get_item("bolt"), warehouses.get_warehouse("CENTRAL")
    days = reports.changes_by_day(item.id, place.id, since=store.today - timedelta(days=25), until=store.today)
    assert [one.used for one in days] == [0, 3]


def test_what_was_cancelled_long_after_takes_nothing_off(store: Store) -> None:
    today = store.today
    store.today = today - timedelta(days=100)
    store.play("SUPPLIER -> SHELF bolt 100\nwrong: SHELF -> CITY bolt 70")
    store.today = today
    assert told(store, "reverse wrong\nSHELF -> CITY bolt 5") == [5]


def test_a_cancelled_return_lessens_nothing(store: Store) -> None:
    script = "SHELF -> CITY bolt 9 on={day_20}\nback: CITY -> SHELF bolt 4 on={day_5}\nreverse back"
    assert told(store, script) == [9]


def test_what_was_lost_or_sent_on_was_not_used(store: Store) -> None:
    assert told(store, "SHELF -> LOST bolt 5\nSHELF -> CITY bolt 1") == [1]


def test_more_that_came_back_than_left_is_no_use(store: Store) -> None:
    store.play("SUPPLIER -> SHELF bolt 10\nSHELF -> CITY bolt 4\nCITY -> SHELF bolt 6")
    make.rule("bolt", "CENTRAL", "1000", "2000", on=store.today)
    place = warehouses.get_warehouse("CENTRAL")
    (row,) = reports.alerts_in(AlertsAsked([place.id], store.today))
    assert (row.use.total, row.use.per_day, row.cover_days) == (0, 0, None)


def test_cover_is_divided_exactly_and_rounded_once() -> None:
    use = Use(Decimal("12"))
    assert use.per_day == Decimal("0.133")
    assert use.lasts(Decimal("65")) == 487  # 65 × 90 / 12 = 487.5
    assert use.lasts(Decimal("65.1")) == 488  # at 0.133 a day it would be 489
    assert use.lasts(Decimal("-3")) == 0
    assert Use(Decimal("0.001")).lasts(Decimal(1)) == 90000  # at 0.000 a day nothing would be used at all
