"""A list as a file: exactly its filters, order and columns, all of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Response

from inventory import clock
from inventory.exchange.export import Value
from inventory.web import asked
from inventory.web.listing import Listing


def download(listing: Listing, rows: Iterable[Any], cell: Callable[[Any, str], Value], *, name: str) -> Response:
    """The rows as the file that the address asks for; ``cell`` gives the value of a row under a column's key."""
    keys = [column.key for column in listing.shown]
    values = ([cell(row, key) for key in keys] for row in rows)
    heads = [column.label for column in listing.shown]
    return asked.spreadsheet(f"{name}-{clock.today().isoformat()}", heads, values, name)
