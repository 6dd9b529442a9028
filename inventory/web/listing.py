"""A list on a page: its columns, what the address keeps of it, and the way to its next page.

1. Everything a reader chose stands in the address: filters, order, columns. A copied address shows the same list.
2. Paging is by key (a cursor the room understands), never by offset: the millionth row costs what the first does.
3. A spreadsheet of a list holds exactly its filters, order and columns, and all of its rows.

Pure: knows neither the request nor a table. A view makes one from ``request.path`` and ``request.args``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

#: How many rows a page has.
PAGE = 50
#: What belongs to one page or one file of a list and not to the list itself.
PASSING = ("cursor", "format")


@dataclass(frozen=True)
class Column:
    """One column. ``kind``: ``main`` (the row's name), ``text``, ``whole`` (a text that takes the whole width of a card
    on the phone), ``number`` (end side), ``state`` (badge), ``day``."""

    key: str
    label: str
    kind: str = "text"
    is_sortable: bool = False
    is_shown: bool = True


@dataclass(frozen=True)
class Listing:
    """The rows of one page and the addresses around them.

    ``next`` is the room's cursor or None on the last page; ``total`` is None where counting would cost more than
    it tells. ``files`` names the formats offered. ``errors``: why what is asked cannot be, each with its ``field``.
    """

    path: str
    arguments: MultiDict[str, str]
    columns: Sequence[Column]
    rows: Sequence[Any]
    next: str | None = None
    total: int | None = None
    files: Sequence[str] = ("csv", "xlsx")
    errors: Sequence[dict[str, str]] = ()

    @property
    def shown(self) -> list[Column]:
        """The columns to draw: those the address asks for, else those shown by default; the main one always."""
        asked = self.arguments.getlist("column")
        if not asked:
            return [column for column in self.columns if column.is_shown]
        return [column for column in self.columns if column.key in asked or column.kind == "main"]

    @property
    def sort(self) -> str:
        """The key of the column in whose order the rows stand, or an empty text for the room's own order."""
        key = self.arguments.get("sort", "").removeprefix("-")
        return key if any(column.key == key and column.is_sortable for column in self.columns) else ""

    @property
    def is_descending(self) -> bool:
        return bool(self.sort) and self.arguments.get("sort", "").startswith("-")

    @property
    def is_filtered(self) -> bool:
        """Whether something was asked for, so that an empty answer can say so instead of “nothing yet”."""
        return any(value for key, value in self.arguments.items(multi=True) if key not in (*PASSING, "sort", "column"))

    def set_of(self, fields: Iterable[str]) -> int:
        """How many of some filters are set."""
        return sum(any(self.arguments.getlist(field)) for field in fields)

    def address(self, **changes: str | None) -> str:
        """This list with some arguments changed (None takes one away), from its first row."""
        kept = [(key, value) for key, value in self._lasting() if key not in changes]
        added = [(key, value) for key, value in changes.items() if value is not None]
        query = urlencode(kept + added)
        return f"{self.path}?{query}" if query else self.path

    def sort_address(self, column: Column) -> str:
        """Where a tap on the column's head leads: ascending first, then descending, then back."""
        is_ascending = self.sort == column.key and not self.is_descending
        return self.address(sort=f"-{column.key}" if is_ascending else column.key)

    def kept(self, without: Iterable[str] = ()) -> list[tuple[str, str]]:
        """The arguments a form carries along as hidden fields, except those it asks for itself, and the words that it
        shows for their codes (`forms.pick`)."""
        fields = {name for field in without for name in (field, f"{field}_shown")}
        return [(key, value) for key, value in self._lasting() if key not in fields]

    def _lasting(self) -> list[tuple[str, str]]:
        return [(key, value) for key, value in self.arguments.items(multi=True) if value and key not in PASSING]
