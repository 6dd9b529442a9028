"""The demonstration: loaded once, whole, into an empty database only."""

from sqlalchemy import func, select

from inventory import clock, ledger
from inventory.cli.demo import town
from inventory.database import db
from inventory.documents import KINDS
from inventory.ledger import Entry
from inventory.replenishment import Alert


def test_the_demonstration_is_loaded_once_and_its_ledger_is_in_order(app, cli):
    first = cli.invoke(args=["demo"])
    assert first.exit_code == 0, first.output
    assert town.PASSWORD in first.output
    assert all(username in first.output for username, *_ in town.PEOPLE)

    papers = db.session.scalar(select(func.count()).select_from(Entry))
    assert papers > 300
    assert set(db.session.scalars(select(Entry.kind).distinct())) == {*KINDS, "reversal"} - {"conversion"}
    assert list(ledger.verify()) == []
    levels = set(db.session.scalars(select(Alert.level).where(Alert.closed_at.is_(None))))
    assert levels == {"low", "out"}
    assert db.session.scalar(select(func.max(Entry.on))) < clock.today()

    again = cli.invoke(args=["demo"])
    assert again.exit_code == 0
    assert town.PASSWORD in again.output
    assert db.session.scalar(select(func.count()).select_from(Entry)) == papers


def test_the_demonstration_stays_out_of_a_database_in_use(app, cli):
    assert cli.invoke(args=["create-admin", "nadia", "--password-stdin"], input="a long enough secret\n").exit_code == 0
    refused = cli.invoke(args=["demo"])
    assert refused.exit_code == 1
    assert "make serve" in refused.output
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 0
