"""People from the command line: the first administrator, tokens for programs."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from inventory import access, clock
from inventory.cli.answers import refusals_told
from inventory.config import KNOWN_LANGUAGES
from inventory.database import transaction


@click.command("create-admin")
@click.argument("username")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--display-name", default="", help="The name that people see.")
@click.option("--language", type=click.Choice(KNOWN_LANGUAGES), help="Of their pages; else the first of LANGUAGES.")
@with_appcontext
@refusals_told
def create_admin(username: str, password_stdin: bool, display_name: str, language: str | None) -> None:
    """Add a user who may do everything: administrator and manager everywhere.

    Give the second role to somebody else as soon as there is somebody else.
    """
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    at, language = clock.now(), language or current_app.config["LANGUAGES"][0]
    with transaction():
        user = access.add_user(username, password, at=at, display_name=display_name, language=language)
        for role in ("administrator", "manager"):
            access.grant(user, role, None, at=at)
    click.echo(f"{user.username}: administrator and manager everywhere", err=True)


@click.command("create-token")
@click.argument("username")
@click.option("--name", default="command line", help="What the token is for.")
@click.option("--days", default=365, show_default=True, help=f"How long it lives, at most {access.LONGEST_DAYS}.")
@click.option("--read-only", is_flag=True, help="It may look and not change.")
@with_appcontext
@refusals_told
def create_token(username: str, name: str, days: int, read_only: bool) -> None:
    """Make an API token for a user and print it; it is shown this once."""
    at = clock.now()
    with transaction():
        token = access.create_token(access.get_user(username), name, at=at, days=days, is_read_only=read_only)
    click.echo(token)


COMMANDS = (create_admin, create_token)
