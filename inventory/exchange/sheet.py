"""A sheet: one header and the rows under it, out of a file as people really export it.

Title blocks, repeated headers, sections, subtotals, totals, footers and blank lines are recognised by their place and
shape, and *listed* in `left_out`. A line that is none of these is a row, however odd: then its cells must answer for
it. A row is never given up merely because it looks strange. Where the file prints how many articles it lists, the count
must come out equal, or the file is refused.

A section ("Famille : Sirops" on a line of its own) becomes a column of its own, so that it can be mapped to a field.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from .folding import fold
from .numbers import DecimalSign, parse_number
from .problems import Sentence, Unreadable, refuse
from .workbook import Broken, Cell, Grid, Line, Unworked

HEADER_WITHIN = 60  # lines
TOTAL = re.compile(
    r"^((sous[ -]?total|total|grand total|subtotal|nombre (total )?d\w*|a reporter|المجموع|مجموع|عدد)\b|report$)"
)
SIGNS: tuple[DecimalSign, ...] = (",", ".")
COUNT = re.compile(
    r"^(nombre|number|count|عدد)\b.*\b(articles?|aticles?|lignes?|items?|produits?|rows?|المواد|مواد|الاصناف)\b"
)

KINDS: dict[str, Sentence] = {
    "title": _l("above the header"),
    "blank": _l("blank line"),
    "header": _l("repeated header"),
    "section": _l("section title"),
    "total": _l("subtotal or total"),
    "footer": _l("page footer or note"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of goods or movements; `cells` in the order of `Sheet.columns`."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that is not a row, and why (`kind` is a key of `KINDS`)."""

    number: int
    kind: str
    text: str
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Sheet:
    columns: tuple[str, ...]
    header_row: int
    rows: list[Row]
    left_out: list[LeftOut] = field(default_factory=list)
    grid: Grid = field(default_factory=lambda: Grid([], "csv"))

    def column(self, name: str) -> Iterable[Cell]:
        """The cells of one column, top to bottom."""
        at = self.columns.index(name)
        return (row.cells[at] for row in self.rows)


def find_sheet(grid: Grid, is_known: Callable[[str], bool], header_row: int | None = None) -> Sheet:
    """The rows of the grid. `is_known` says whether a label names something we import: it finds the header under
    titles."""
    at = _header(grid.lines, is_known) if header_row is None else _given_header(grid.lines, header_row)
    header = grid.lines[at]
    columns = _labels(header, grid.lines[at + 1 :])
    left_out = [LeftOut(line.number, "blank" if _is_blank(line) else "title", _text(line)) for line in grid.lines[:at]]
    sorter = _Sorter(header, columns, grid.lines[at + 1 :])
    above = grid.lines[at - 1] if at else None
    is_section = above is not None and len(_filled(above)) == 2 and _is_labelled(above)
    sorter.sort(_section(above) if above is not None and is_section else {})
    if not sorter.rows:
        refuse(
            "no_rows", _l("There is no row under the header (line %(line)s).", line=header.number), line=header.number
        )
    sections = tuple(dict.fromkeys(label for sections in sorter.sections for label in sections if label not in columns))
    rows = [
        Row(line.number, _widened(line, len(columns)) + tuple(named.get(label) for label in sections))
        for line, named in zip(sorter.rows, sorter.sections, strict=True)
    ]
    return Sheet(columns + sections, header.number, rows, left_out + sorter.left_out, grid)


def _header(lines: list[Line], is_known: Callable[[str], bool]) -> int:
    """The line with most labels we know; failing that, the first full line of words over a table."""
    best, most = -1, 0
    for at, line in enumerate(lines[:HEADER_WITHIN]):
        filled = [value for value in line.cells if value is not None]
        known = sum(isinstance(value, str) and is_known(value) for value in filled)
        if known > most and all(isinstance(value, str) for value in filled):
            best, most = at, known
    if most >= 2:
        return best
    widths = Counter(len(_filled(line)) for line in lines if not _is_blank(line))
    usual = widths.most_common(1)[0][0] if widths else 0
    for at, line in enumerate(lines[:HEADER_WITHIN]):
        texts = [value for value in line.cells if isinstance(value, str) and not _is_number(value)]
        if len(texts) == len(_filled(line)) >= max(usual, 1):
            return at
    if most:
        return best
    return refuse(
        "no_header",
        _l("No line looks like a header (such as: code, designation, unit). Say which line it is, or add one."),
    )


def _given_header(lines: list[Line], number: int) -> int:
    for at, line in enumerate(lines):
        if line.number == number and not _is_blank(line):
            return at
    return refuse(
        "no_header", _l("Line %(line)s cannot be the header: it is empty or does not exist.", line=number), line=number
    )


def _labels(header: Line, below: list[Line]) -> tuple[str, ...]:
    """A name for each column up to the last one used: its label, or its letter; two equal labels get their letters."""
    width = max((len(line.cells) - _trailing(line) for line in [header, *below]), default=0)
    labels = [_label(value) for value in _widened(header, width)]
    times = Counter(labels)
    return tuple(
        f"[{letters(at)}]" if not label else f"{label} [{letters(at)}]" if times[label] > 1 else label
        for at, label in enumerate(labels)
    )


def letters(at: int) -> str:
    """The name a spreadsheet gives to column `at` (from 0): A … Z, AA …"""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name


class _Sorter:
    """Puts every line under the header in its place: a row, or left out with its kind."""

    def __init__(self, header: Line, columns: tuple[str, ...], lines: list[Line]):
        self.header = tuple(_fold_cell(value) for value in _widened(header, len(columns)))
        self.lines = lines
        self.rows: list[Line] = []
        self.sections: list[dict[str, str]] = []
        self.left_out: list[LeftOut] = []
        self.before_header = self._runs_before_headers()
        self.full, self.numeric = self._shape()

    def sort(self, section: dict[str, str]) -> None:
        since_count = 0
        for at, line in enumerate(self.lines):
            kind = self._kind(at, line)
            if kind is None:
                self.rows.append(line)
                self.sections.append(section)
                since_count += 1
                continue
            self.left_out.append(LeftOut(line.number, kind, _text(line), _widened(line, len(self.header))))
            if kind == "section":
                section = _section(line) or section
            elif kind == "total":
                since_count = self._check_count(line, since_count)

    def _kind(self, at: int, line: Line) -> str | None:
        if _is_blank(line):
            return "blank"
        if self._is_header(line):
            return "header"
        if not self._lacks_usual_cell(line):
            return None
        first, *others = _filled(line)
        words = sum(not _is_number(value) for value in others)
        if isinstance(first, str) and TOTAL.match(fold(first)) and not words and (others or re.search(r"\d", first)):
            return "total"
        if isinstance(first, str) and first.rstrip().endswith(":") and len(others) <= 1:
            return "section" if words or not others else "total"
        if at in self.before_header and not others:
            return "section"
        return "footer" if self._is_footer(line) else None

    def _is_footer(self, line: Line) -> bool:
        """Words where numbers stand, no number there at all, and several usual cells empty: printed around the
        table."""
        cells = _widened(line, len(self.header))
        under_numbers = [cells[at] for at in self.numeric if cells[at] not in (None, "")]
        lacking = sum(cells[at] in (None, "") for at in self.full)
        return lacking >= 2 and bool(under_numbers) and not any(map(_is_number, under_numbers))

    def _is_header(self, line: Line) -> bool:
        cells = _widened(line, len(self.header))
        return all(_fold_cell(value) == label for value, label in zip(cells, self.header, strict=True))

    def _runs_before_headers(self) -> set[int]:
        """Places of the short lines directly above a repeated header: page and section titles, not rows."""
        found: set[int] = set()
        for at, line in enumerate(self.lines):
            if self._is_header(line):
                above = at - 1
                while above >= 0 and len(_filled(self.lines[above])) <= 2:
                    found.add(above)
                    above -= 1
        return found

    def _shape(self) -> tuple[set[int], set[int]]:
        """Columns that nearly every row fills, and those that nearly always hold a number."""
        candidates = [
            line for line in self.lines if not (_is_blank(line) or self._is_header(line) or _is_labelled(line))
        ]
        filled: Counter[int] = Counter()
        numbers: Counter[int] = Counter()
        for line in candidates:
            for at, value in enumerate(line.cells):
                if value is not None and value != "":
                    filled[at] += 1
                    numbers[at] += _is_number(value)
        enough = 0.8 * len(candidates)
        return {at for at, times in filled.items() if times >= enough}, {
            at for at, times in numbers.items() if times >= 0.8 * filled[at] and times > 2
        }

    def _lacks_usual_cell(self, line: Line) -> bool:
        return any(at >= len(line.cells) or line.cells[at] in (None, "") for at in self.full)

    def _check_count(self, line: Line, since: int) -> int:
        """Where the file prints how many articles it lists, we must have read as many."""
        first, *others = _filled(line)
        is_said = len(others) == 1 and _is_number(others[0]) and not isinstance(others[0], Unworked)
        if not is_said or not COUNT.match(fold(str(first))):
            return since
        is_total = "total" in fold(str(first))
        read = len(self.rows) if is_total else since
        if read not in _counts(others[0]):
            refuse(
                "count_differs",
                _l(
                    "Line %(line)s says “%(text)s”, but we read %(read)s rows above it: the file was not understood. "
                    "Save the bare table and try again.",
                    line=line.number,
                    text=_text(line),
                    read=read,
                ),
                line=line.number,
                read=read,
            )
        return since if is_total else 0


def _section(line: Line) -> dict[str, str]:
    """A labelled section, "Famille :" | "Sirops" → {"Famille": "Sirops"}; a bare title names nothing."""
    first, *others = _filled(line)
    if not others:
        return {}
    value = others[0] if isinstance(others[0], Broken) else str(others[0]).strip()
    return {str(first).strip().rstrip(":").strip(): value}


def _is_labelled(line: Line) -> bool:
    first = _filled(line)[0]
    return isinstance(first, str) and (first.rstrip().endswith(":") or bool(TOTAL.match(fold(first))))


def _counts(value: Cell) -> set[Decimal]:
    """What a printed count may say: its comma or point stands between thousands, or before decimals."""
    said = set()
    for sign in SIGNS:
        with suppress(Unreadable):
            said.add(parse_number(value, sign))
    return said


def _is_number(value: Cell) -> bool:
    return isinstance(value, Decimal | Unworked) or (  # formulas stand where numbers do: what lacks is the result
        isinstance(value, str) and bool(re.fullmatch(r"[-−]?\d[\d.,\s ]*", value.strip()))
    )


def _is_blank(line: Line) -> bool:
    return not _filled(line)


def _filled(line: Line) -> list[Cell]:
    return [value for value in line.cells if value is not None and (not isinstance(value, str) or value.strip())]


def _trailing(line: Line) -> int:
    """How many empty cells end the line."""
    count = 0
    for value in reversed(line.cells):
        if value is not None and value != "":
            break
        count += 1
    return count


def _widened(line: Line, width: int) -> tuple[Cell, ...]:
    return line.cells[:width] + (None,) * (width - len(line.cells))


def _label(value: Cell) -> str:
    return "" if value is None else " ".join(str(value).split())


def _fold_cell(value: Cell) -> str:
    return "" if value is None else fold(str(value))


def _text(line: Line) -> str:
    return " | ".join(_label(value) for value in _filled(line))
