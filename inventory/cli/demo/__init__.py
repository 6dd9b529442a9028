"""``flask demo``: the stores of an invented town, with six months of history, for trying the house out.

Loaded once, whole or not at all. Its people share a password that everybody can read here, so it is only loaded into a
database that holds nothing yet.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import func, select

from inventory import audit, clock, warehouses
from inventory.access import User
from inventory.cli.answers import refusals_told
from inventory.cli.demo import history, town
from inventory.cli.demo.clerk import Clerk
from inventory.cli.demo.goods import stock_catalogue
from inventory.database import db, transaction
from inventory.ledger import Entry

MARK = "demonstration.loaded"


@click.command("demo")
@with_appcontext
@refusals_told
def demo() -> None:
    """Load the demonstration store, once, and say who can sign in to it.

    Refused when the database already holds people or papers of its own.
    """
    if not any(audit.records(action=MARK, limit=1)):
        if _is_in_use():
            raise click.ClickException(
                _("This database holds stores of its own: the demonstration stays out of it. Use `make serve`.")
            )
        click.echo(_("Loading the demonstration store …"))
        click.echo(_("%(count)s papers posted.", count=_load()))
    _introduce()


def _is_in_use() -> bool:
    return any(db.session.scalar(select(func.count()).select_from(table)) for table in (User, Entry))


def _load() -> int:
    """Builds the town and tells its history, in one transaction; returns the number of papers."""
    today, now = clock.today(), clock.now()
    founded_on = today - timedelta(days=history.DAYS)
    at = datetime.combine(founded_on, time(7), UTC)
    with transaction():
        stores = town.found()
        people = town.populate(stores, at)
        dice = random.Random(20_261_123)  # noqa: S311 - the same history for everybody
        clerk = Clerk(today, people, stores, stock_catalogue(), dice)
        history.tell(clerk)
        for store in stores.values():
            warehouses.put_in_service(store, on=founded_on)
        audit.record(MARK, "demonstration", at=now, actor=audit.COMMAND_LINE, details={"papers": clerk.papers})
    return clerk.papers


def _introduce() -> None:
    """Who can sign in, and with what."""
    click.echo(_("Demonstration users; the password of each is %(password)s", password=town.PASSWORD))
    for username, role, store, language, name in town.PEOPLE:
        click.echo(f"  {username:<12} {role:<14} {store or '*':<10} {language}  {name}")


COMMANDS = (demo,)
