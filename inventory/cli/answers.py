"""How the command line says no: one line on standard error and exit status 1, no stack trace."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import click

from inventory.errors import Refusal, says

P = ParamSpec("P")
R = TypeVar("R")


def refusals_told(command: Callable[P, R]) -> Callable[P, R]:
    """Turns a refusal into an answer; to be put under ``with_appcontext``."""

    @functools.wraps(command)
    def told(*arguments: P.args, **named: P.kwargs) -> R:
        try:
            return command(*arguments, **named)
        except Refusal as refusal:
            click.echo(says(refusal), err=True)
            raise click.exceptions.Exit(1) from refusal

    return told
