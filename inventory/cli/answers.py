"""How the command line answers: in the terminal's language; a refusal is one line on standard error, exit status 1
(a full disk: the number the system has for it)."""

from __future__ import annotations

import errno
import functools
import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click
from flask import current_app, g

from inventory.errors import NoRoom, Refusal, lacks_room, says

P = ParamSpec("P")
R = TypeVar("R")


def refusals_told(command: Callable[P, R]) -> Callable[P, R]:
    """Turns a refusal into an answer; to be put under ``with_appcontext``."""

    @functools.wraps(command)
    def told(*arguments: P.args, **named: P.kwargs) -> R:
        speak()
        try:
            return command(*arguments, **named)
        except Refusal as refusal:
            click.echo(says(refusal), err=True)
            raise click.exceptions.Exit(1) from refusal
        except Exception as error:
            if not lacks_room(error):
                raise
            click.echo(says(NoRoom()), err=True)
            raise click.exceptions.Exit(errno.ENOSPC) from error

    return told


def speak() -> None:
    """Speaks as the terminal does (LC_ALL, LC_MESSAGES, LANG), in English where it says nothing we know."""
    said = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    g.language = said[:2] if said[:2] in current_app.config["LANGUAGES"] else "en"
