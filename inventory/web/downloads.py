"""A list as a file: exactly its filters, order and columns, all of its rows, written as they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Response, stream_with_context

from inventory import clock, languages
from inventory.exchange.export import Value, csv_bytes, xlsx_bytes
from inventory.web.listing import Listing

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def wanted(listing: Listing) -> str | None:
    """The file that the address asks for: ``csv``, ``xlsx`` or none."""
    asked = listing.arguments.get("format", "")
    return asked if asked in listing.files and asked in TYPES else None


def download(listing: Listing, rows: Iterable[Any], cell: Callable[[Any, str], Value], *, name: str) -> Response:
    """The rows as the file asked for; ``cell`` gives the value of a row under a column's key, ``name`` is Latin."""
    shown, kind, language = listing.shown, wanted(listing) or "csv", languages.language()
    heads = [str(column.label) for column in shown]
    values = ([cell(row, column.key) for column in shown] for row in rows)
    if kind == "csv":
        pieces = csv_bytes(heads, values, language=language)
    else:
        pieces = xlsx_bytes(heads, values, language=language, title=name)
    answer = Response(stream_with_context(pieces), mimetype=TYPES[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{clock.today().isoformat()}.{kind}"'
    return answer
