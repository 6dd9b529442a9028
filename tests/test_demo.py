"""The demonstration: loaded once, whole, into an empty database only."""

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import func, select

from inventory import clock, ledger
from inventory.cli.demo import town
from inventory.database import db
from inventory.documents import KINDS
from inventory.ledger import Entry
from inventory.replenishment import Alert

KINDS_TOLD = {*KINDS, "reversal"} - {"conversion"}


def kinds_told() -> set[str]:
    return set(db.session.scalars(select(Entry.kind).distinct()))


def open_levels() -> set[str]:
    return set(db.session.scalars(select(Alert.level).where(Alert.closed_at.is_(None))))


def test_the_demonstration_is_loaded_once_and_its_ledger_is_in_order(app, cli):
    first = cli.invoke(args=["demo"])
    assert first.exit_code == 0, first.output
    assert town.PASSWORD in first.output
    assert all(username in first.output for username, *_ in town.PEOPLE)

    papers = db.session.scalar(select(func.count()).select_from(Entry))
    assert papers > 300
    assert kinds_told() == KINDS_TOLD
    assert list(ledger.verify()) == []
    assert open_levels() == {"low", "out"}
    assert db.session.scalar(select(func.max(Entry.on))) < clock.today()

    again = cli.invoke(args=["demo"])
    assert again.exit_code == 0
    assert town.PASSWORD in again.output
    assert db.session.scalar(select(func.count()).select_from(Entry)) == papers


@pytest.mark.parametrize("day", [date(2026, 12, 11), date(2027, 9, 23)])
def test_the_demonstration_is_whole_on_whatever_day_it_is_loaded(app_sqlite, monkeypatch, day):
    """It ends yesterday, so that each day other goods run out or expire: on these it could not be told, once."""
    monkeypatch.setattr(clock, "now", lambda: datetime.combine(day, time(9), UTC))
    told = app_sqlite.test_cli_runner().invoke(args=["demo"])
    assert told.exit_code == 0, told.output
    assert (kinds_told(), open_levels()) == (KINDS_TOLD, {"low", "out"})


def test_the_demonstration_stays_out_of_a_database_in_use(app, cli):
    assert cli.invoke(args=["create-admin", "nadia", "--password-stdin"], input="a long enough secret\n").exit_code == 0
    refused = cli.invoke(args=["demo"])
    assert refused.exit_code == 1
    assert "make serve" in refused.output
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 0
