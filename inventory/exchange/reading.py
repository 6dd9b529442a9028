"""Typed rows out of a sheet: each cell read once, each failure listed with its row, column, value and expectation."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l

from . import values
from .dates import DateOrder, find_date_order, parse_date
from .folding import fold
from .matching import ARABIC_LETTER, Matcher, Matching
from .numbers import Ambiguous, DecimalSign, find_decimal_sign
from .problems import MISSING, NOT_YET, BadCell, Caution, Sentence, Unreadable, refuse, unreadable
from .sheet import Row, Sheet, find_sheet
from .workbook import Cell, read

T = TypeVar("T")

DECIMALS: Mapping[str, DecimalSign] = {"comma": ",", "point": "."}
ORDERS: Mapping[str, DateOrder] = {"dmy": "dmy", "mdy": "mdy"}
FRENCH_LABEL = re.compile(
    r"\b(quantite|qte|unite|designation|libelle|fournisseur|magasin|depot|peremption|prix|famille|emplacement|motif)\b"
)


@dataclass(frozen=True)
class Choices:
    """What the user says about a file: all of it optional, none of it guessed over.

    `mapped`: column → field ("-" leaves the column out). `constants`: field → value for all rows, and with the names
    "decimal" (comma, point) and "dates" (dmy, mdy) how the file writes numbers and dates.
    `most_rows`: more than these are refused, where somebody waits for the answer.
    """

    mapped: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    encoding: str | None = None
    separator: str | None = None
    header_row: int | None = None
    most_rows: int | None = None


class Reader:
    """One file being read against the fields of a `Matcher`.

    `bad` lists cells and rows that cannot be used; `blocking` what concerns a whole column, so that leaving rows out
    does not help; `cautions` what is kept but should be looked at.
    """

    def __init__(self, content: bytes, matcher: Matcher, choices: Choices):
        grid = read(content, sheet=choices.sheet, encoding=choices.encoding, separator=choices.separator)
        mapped = {fold(column) for column in choices.mapped}
        constants = dict(choices.constants)
        self.decimal = _choice(constants, "decimal", DECIMALS)
        self.order = _choice(constants, "dates", ORDERS)
        self.sheet: Sheet = find_sheet(
            grid, lambda label: matcher.is_known(label) or fold(label) in mapped, choices.header_row
        )
        if choices.most_rows is not None and len(self.sheet.rows) > choices.most_rows:
            refuse("too_many_rows", _l("The file has more than %(limit)s rows: split it.", limit=choices.most_rows))
        self.matching: Matching = matcher.match(self.sheet.columns, choices.mapped, constants)
        self.bad: list[BadCell] = []
        self.blocking: list[BadCell] = []
        self.cautions: list[Caution] = []
        self._signs: dict[str, DecimalSign | None] = {}
        self._orders: dict[str, DateOrder | None] = {}
        self._places = {column: at for at, column in enumerate(self.sheet.columns)}
        self._bad_rows: set[int] = set()
        self._take_back_rows()
        self._say_hidden()
        for name, columns in self.matching.contested.items():
            self.block(name, " · ".join(columns), _l("one column: choose which"))

    def _take_back_rows(self) -> None:
        """A line that was taken for print around the table and names goods by one word is a row, however odd."""
        named = next((column for name in ("code", "item") if (column := self.matching.column_of(name))), None)
        at = None if named is None else self._places[named]
        back = [
            one
            for one in self.sheet.left_out
            if at is not None and one.kind == "footer" and len(values.shown(one.cells[at]).split()) == 1
        ]
        if back:
            numbers = {one.number for one in back}
            rows = (Row(one.number, one.cells + (None,) * (len(self.sheet.columns) - len(one.cells))) for one in back)
            self.sheet.rows[:] = sorted([*self.sheet.rows, *rows], key=lambda row: row.number)
            self.sheet.left_out[:] = [one for one in self.sheet.left_out if one.number not in numbers]

    def _say_hidden(self) -> None:
        hidden = [row.number for row in self.sheet.rows if row.number in self.sheet.grid.hidden]
        if hidden:
            said = ", ".join(map(str, hidden))
            message = _l("rows that the spreadsheet hides or filters out are read too: %(count)s", count=len(hidden))
            self.caution(hidden[0], "", said, message)

    def as_dict(self) -> dict[str, Any]:
        """How the file was read and everything found in it, for programs."""
        grid = self.sheet.grid
        return {
            "read": len(self.sheet.rows),
            "columns": {column: guess.field for column, guess in self.matching.columns.items()},
            "constants": dict(self.matching.constants),
            "unused": list(self.matching.unused),
            "encoding": grid.encoding,
            "separator": grid.separator,
            "sheet": grid.sheet,
            "header_row": self.sheet.header_row,
            "left_out": [{"row": line.number, "kind": line.kind, "text": line.text} for line in self.sheet.left_out],
            "blocking": [cell.as_dict() for cell in self.blocking],
            "bad": [cell.as_dict() for cell in sorted(self.bad, key=lambda cell: cell.row)],
            "cautions": [caution.as_dict() for caution in self.cautions],
        }

    # What a row says

    def cell(self, row: Row, name: str) -> tuple[str, Cell]:
        """(column, cell) of a field in a row, of several columns the first that is filled; a constant has no column."""
        return self._said(row, name)[0]

    def cells(self, row: Row, name: str) -> list[tuple[str, Cell]]:
        """All (column, cell) of a field that several columns hold."""
        if name in self.matching.constants:
            return [(name, self.matching.constants[name])]
        return [(column, row.cells[self._places[column]]) for column in self.matching.columns_of(name)]

    def says(self, row: Row, name: str) -> bool:
        """Whether a row, or a value set for all, says anything of a field."""
        return not values.is_empty(self.cell(row, name)[1])

    def take(self, row: Row, name: str, parse: Callable[[Cell], T], *, is_required: bool = False) -> T | None:
        """The value of a field, None when the cell is empty or cannot be read (then it is listed)."""
        (column, value), *others = self._said(row, name)
        for other, said in others:
            self.fail(row.number, other, said, _l("nothing: “%(column)s” is filled in this row", column=column))
            return None
        return self.parse(row, column or name, value, parse, is_required=is_required)

    def _said(self, row: Row, name: str) -> list[tuple[str, Cell]]:
        """The (column, cell) of a field that are filled; when none is, one that is empty."""
        held = self.cells(row, name)
        return [one for one in held if not values.is_empty(one[1])] or held[:1] or [("", None)]

    def parse(
        self, row: Row, column: str, value: Cell, parse: Callable[[Cell], T], *, is_required: bool = False
    ) -> T | None:
        """One given cell, read or listed; a value set for all rows is listed once, whatever the rows."""
        if values.is_empty(value):
            if is_required:
                self.fail(row.number, column, value, MISSING)
            return None
        try:
            return parse(values.sound(value))
        except Unreadable as failure:
            if column in self.matching.constants and column not in self.matching.columns:
                self._bad_rows.add(row.number)
                self.block(column, values.shown(value), failure.expected)
            else:
                self.fail(row.number, column, value, failure.expected)
            return None

    def known(self, row: Row, name: str, parse: Callable[[Cell], T]) -> T | None:
        """The value of a field that was taken before; nothing is listed."""
        cell = self.cell(row, name)[1]
        try:
            return None if values.is_empty(cell) else parse(values.sound(cell))
        except Unreadable:
            return None

    def text(self, row: Row, name: str, longest: int) -> str | None:
        """The text of a field, made of all its columns in their order."""
        found = [
            one
            for column, cell in self.cells(row, name)
            if (one := self.parse(row, column, cell, lambda cell: values.name(cell, longest)))
        ]
        whole = " ".join(found)
        if len(whole) <= longest:
            return whole or None
        self.fail(row.number, self.cell(row, name)[0], whole, values.too_long(longest))
        return None

    def quantity(self, row: Row, name: str, **limits: Any) -> Decimal | None:
        is_required = bool(limits.pop("is_required", False))
        sign = self.sign_of(name)
        return self.take(row, name, lambda value: values.quantity(value, sign, **limits), is_required=is_required)

    def money(self, row: Row, name: str) -> Decimal | None:
        sign = self.sign_of(name)
        return self.take(row, name, lambda value: values.money(value, sign))

    def day(self, row: Row, name: str, *, is_required: bool = False, latest: date = date.max) -> date | None:
        order = self.order_of(name)

        def parse(value: Cell) -> date:
            found = parse_date(value, order)
            return found if found <= latest else unreadable(NOT_YET)

        return self.take(row, name, parse, is_required=is_required)

    # How a column writes

    def sign_of(self, name: str) -> DecimalSign | None:
        """The decimal sign of a field's column, decided once over the whole column."""
        if self.decimal is not None:
            return self.decimal
        if name not in self._signs:
            column = self.matching.column_of(name)
            found = None
            if column and name not in self.matching.constants:
                found = find_decimal_sign(map(values.without_currency, self.sheet.column(column)))
            if isinstance(found, Ambiguous):
                self.block(column or name, found.example, found.sentence)
                found = None
            self._signs[name] = found
        return self._signs[name]

    def order_of(self, name: str) -> DateOrder | None:
        """The order of day and month in a field's column, decided once over the whole column."""
        if self.order is not None:
            return self.order
        if name not in self._orders:
            column = self.matching.column_of(name)
            self._orders[name] = self._decide_order(column) if column and name not in self.matching.constants else None
        return self._orders[name]

    def _decide_order(self, column: str) -> DateOrder | None:
        found, is_presumed = find_date_order(self.sheet.column(column), is_day_first_usual=self._is_written_here())
        if isinstance(found, Ambiguous):
            self.block(column, found.example, found.sentence)
            return None
        if is_presumed:
            self.cautions.append(
                Caution(self.sheet.header_row, column, "", _l("all dates of this column were read with the day first"))
            )
        return found

    def _is_written_here(self) -> bool:
        """French or Arabic labels: the file was made where nobody writes the month first."""
        return any(ARABIC_LETTER.search(column) or FRENCH_LABEL.search(fold(column)) for column in self.sheet.columns)

    # What is wrong

    def fail(self, row_number: int, column: str, value: Cell, expected: Sentence) -> None:
        self.bad.append(BadCell(row_number, column, values.shown(value), expected))
        self._bad_rows.add(row_number)

    def fail_row(self, row_number: int, name: str, expected: Sentence) -> None:
        """Lists the field of a row that was read before."""
        column, cell = self.cell(self.row(row_number), name)
        self.fail(row_number, column or name, cell, expected)

    def row(self, number: int) -> Row:
        """The row that stands at this line of the file."""
        return self.sheet.rows[bisect_left(self.sheet.rows, number, key=lambda row: row.number)]

    def disagree(self, row: Row, names: Sequence[str], expected: Sentence, *, by: Sequence[str] = ()) -> None:
        """Lists what fields say together that cannot be: in the row, at the first of ``names`` that a column holds;
        once, at those that were set for all rows, when no column holds any of them or of ``by``, which have a say."""
        said = self.matching.constants
        held = [name for name in names if self.matching.column_of(name)]
        if held or any(self.matching.column_of(name) for name in by):
            column, cell = self.cell(row, (held or names)[0])
            self.fail(row.number, column or names[0], cell, expected)
            return
        self._bad_rows.add(row.number)
        for name in [name for name in names if name in said] or names[:1]:
            self.block(name, values.shown(said.get(name)), expected)

    def is_bad(self, row: Row) -> bool:
        return row.number in self._bad_rows

    def block(self, column: str, value: str, expected: Sentence) -> None:
        if all(cell.column != column for cell in self.blocking):
            self.blocking.append(BadCell(self.sheet.header_row, column, value, expected))

    def caution(self, row_number: int, column: str, value: Cell, message: Sentence) -> None:
        self.cautions.append(Caution(row_number, column, values.shown(value), message))

    def needs(self, name: str, sentence: Sentence) -> None:
        """A field without which nothing can be imported: a column or a constant must give it."""
        if not self.matching.has(name) and name not in self.matching.contested:
            self.block(name, "", sentence)


def _choice(constants: dict[str, str], name: str, known: Mapping[str, T]) -> T | None:
    said = constants.pop(name, None)
    if said is None:
        return None
    if said not in known:
        refuse(
            "unknown_choice",
            _l(
                "“%(said)s” is not one of: %(known)s.",
                said=f"{name}={said}",
                known=", ".join(f"{name}={k}" for k in known),
            ),
        )
    return known[said]
