"""The command line: ``flask …``, found through wsgi.py. A refusal is one line and exit status 1."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

ROOMS = ("demo", "imports", "migrations", "people", "proof", "uploads")


def join(app: Flask) -> None:
    """Opens this door: each module of the list has its commands in ``COMMANDS``."""
    for room in ROOMS:
        for command in import_module(f"inventory.cli.{room}").COMMANDS:
            app.cli.add_command(command)
