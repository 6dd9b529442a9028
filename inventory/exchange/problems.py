"""What is wrong with a file, a row or a cell: said with its place, its value and what was expected.

A `BadCell` is a fact listed in a plan; `refuse` stops the reading of the whole file. Both carry lazy sentences: the
language is chosen where they are shown, not where they are found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from inventory.errors import UnreadableFile

Sentence: TypeAlias = str | LazyString


@dataclass(frozen=True)
class BadCell:
    """One cell that cannot be read, or one row that cannot be posted (then `column` is empty).

    `row` is the true line (CSV) or row (workbook) of the file, from 1. `value` is the text as it stands there.
    """

    row: int
    column: str
    value: str
    expected: Sentence

    def as_dict(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "value": self.value, "expected": str(self.expected)}


@dataclass(frozen=True)
class Caution:
    """Something kept as it stands that a person should look at: a failed check digit, a date read day first."""

    row: int
    column: str
    value: str
    message: Sentence

    def as_dict(self) -> dict[str, Any]:
        return {"row": self.row, "column": self.column, "value": self.value, "message": str(self.message)}


def refuse(reason: str, sentence: Sentence, **details: Any) -> NoReturn:
    """The one place where a file is refused whole. `reason` is stable, for programs; `sentence` says the way out."""
    raise UnreadableFile(why=sentence, reason=reason, **details)


class Unreadable(ValueError):
    """A value that is not what its column holds; `expected` becomes that of the `BadCell`."""

    def __init__(self, expected: Sentence):
        super().__init__()
        self.expected = expected


def unreadable(expected: Sentence) -> NoReturn:
    """The one place where a value is refused."""
    raise Unreadable(expected)


MISSING = _l("a value: this column must be filled")
NOT_YET = _l("a day that has come: a paper is dated today or earlier")
