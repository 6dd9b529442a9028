"""A list as a file: exactly its filters, order and columns, all of its rows. And a picture that is kept for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from flask import Response, request
from werkzeug.http import dump_options_header

from inventory.exchange.export import Value
from inventory.web import asked
from inventory.web.listing import Listing

YEAR = 31_536_000


def download(
    listing: Listing, rows: Iterable[Any], cell: Callable[[Any, str], Value], *, name: str, title: str
) -> Response:
    """The rows as the file that the address asks for; ``cell`` gives the value of a row under a column's key, ``title``
    is that of the page."""
    keys = [column.key for column in listing.shown]
    values = ([cell(row, key) for key in keys] for row in rows)
    heads = [column.label for column in listing.shown]
    return asked.spreadsheet(name, heads, values, title)


def attachment(name: str) -> str:
    """The header under which a file is kept by this name, in whatever letters it is (RFC 6266)."""
    named = {"filename": name} if name.isascii() else {"filename*": f"UTF-8''{quote(name, safe='')}"}
    return dump_options_header("attachment", named)


def picture(content: bytes, media_type: str, digest: str, *, is_public: bool = False) -> Response:
    """A picture whose address carries its digest, so that a browser may keep it for ever."""
    answer = Response(content, content_type=media_type)
    answer.headers["Cache-Control"] = f"{'public' if is_public else 'private'}, max-age={YEAR}, immutable"
    answer.headers["Content-Disposition"] = "inline"
    answer.set_etag(digest)
    answer.make_conditional(request)
    return answer
