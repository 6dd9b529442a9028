"""The proof from the command line: verify the ledger, work the alerts out again."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from inventory import clock, documents, ledger, replenishment
from inventory.cli.answers import refusals_told
from inventory.database import db, transaction

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

SHOWN = 100


@click.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
@with_appcontext
@refusals_told
def verify(as_json: bool, quiet: bool) -> None:
    """Work out the whole ledger again and list every difference; exit status 1 when there is one."""
    started_at, tally = clock.now(), ledger.Tally()
    total = db.session.scalar(select(func.count()).select_from(ledger.Entry)) or 0
    differences: list[ledger.Difference] = []
    count = 0
    bar: ProgressBar[int] = click.progressbar(length=total, label="Verifying", file=sys.stderr, hidden=quiet or as_json)
    with bar:
        seen = 0

        def advance(now: ledger.Tally) -> None:
            nonlocal seen
            bar.update(now.entries - seen)
            seen = now.entries

        for one in documents.verify(tally, advance):
            count += 1
            if len(differences) < SHOWN:
                differences.append(one)
    with transaction():
        db.session.add(
            ledger.Verification(
                started_at=started_at,
                finished_at=clock.now(),
                entries=tally.entries,
                movements=tally.movements,
                differences=count,
                first_differences=[asdict(one) for one in differences],
            )
        )
    _print(tally, count, differences, as_json=as_json)
    if count:
        raise click.exceptions.Exit(1)


def _print(tally: ledger.Tally, count: int, differences: list[ledger.Difference], *, as_json: bool) -> None:
    if as_json:
        found = [asdict(one) for one in differences]
        click.echo(
            json.dumps({"entries": tally.entries, "movements": tally.movements, "differences": count, "first": found})
        )
        return
    for one in differences:
        click.echo(f"{one.register} {one.position or '-'}: {one.code}: {one.detail}")
    if count > len(differences):
        click.echo(f"… and {count - len(differences)} more")
    click.echo(f"{tally.entries} entries, {tally.movements} movements, {count} differences")


@click.command("review-alerts")
@with_appcontext
@refusals_told
def review_alerts() -> None:
    """Work every alert out again, as the night does (expiries and lead times change by themselves)."""
    with transaction():
        changed = replenishment.rederive(on=clock.today(), at=clock.now())
    click.echo(f"{changed} alerts changed")


COMMANDS = (verify, review_alerts)
