"""``flask db``: the migrations. What knows them takes a third of a second to load, which nothing that serves or posts
needs: it is loaded when somebody asks for it."""

from __future__ import annotations

from typing import Any

import click
from flask import Flask, current_app

from inventory.config import PROJECT
from inventory.database import db


def of(app: Flask) -> Any:
    """Flask-Migrate's module, and with it the commands: in the place of what stood for them."""
    import flask_migrate

    if "migrate" not in app.extensions:
        folder = str(PROJECT / "migrations")
        flask_migrate.Migrate(app, db, directory=folder, render_as_batch=True, compare_type=True)
    return flask_migrate


class Migrations(click.Command):
    """Stands for the commands of Flask-Migrate until one of them is called."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        of(current_app)
        return current_app.cli.commands["db"].make_context(info_name, args, parent, **extra)


COMMANDS = (Migrations("db", help="Perform database migrations."),)
