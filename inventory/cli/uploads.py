"""``flask upload``: a large file that somebody sent to the pages, read or imported apart from the web processes, so
that what it takes in memory is given back when it is done. The pages run it; people have ``import-items``."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app, g
from flask.cli import with_appcontext

from inventory import access, clock
from inventory.cli.answers import refusals_told
from inventory.database import db, transaction
from inventory.errors import found
from inventory.exchange import uploads
from inventory.exchange.dry_run import dry_run, write_items


@click.command("upload", hidden=True)
@click.argument("token")
@click.argument("owner_id", type=int)
@click.argument("language")
@click.option("--write", is_flag=True, help="Import the items, instead of saying what would happen.")
@click.option("--leave-out", is_flag=True, help="Import the good rows and leave the bad ones out.")
@with_appcontext
@refusals_told
def upload(token: str, owner_id: int, language: str, *, write: bool, leave_out: bool) -> None:
    """Read a file that was sent to the pages, or import its items."""
    g.language = language
    file = uploads.find(Path(current_app.instance_path) / "uploads", token, owner_id)
    by = access.identity_of(found(db.session.get(access.User, owner_id), token))
    if not write:
        dry_run(file, by=by, language=language, today=clock.today())
        return
    with transaction():
        result = write_items(file, by=by, today=clock.today(), at=clock.now(), leaves_out=leave_out)
    if result is not None:
        file.use(result)


COMMANDS = (upload,)
