"""A file as lines of cells: what it is (by content, never by name), within limits, each line with its true number.

A cell is exact: text as it stands, a `Decimal` for a number a spreadsheet holds as one, a date, true or false, or None;
and what is none of these though it looks empty to a reader of workbooks: an error or a formula without a value.
Floats end in the process that reads the workbook; none reaches this side.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

from .encodings import decode
from .problems import refuse


class Broken(str):
    """What stands in a cell in place of a value: an error of the spreadsheet."""

    __slots__ = ()


class Unworked(Broken):
    """A formula whose value the file does not hold: the program that wrote it works nothing out."""

    __slots__ = ()


Cell = str | Decimal | date | bool | None

MAX_BYTES = 32 * 1024 * 1024
MAX_UNPACKED = 512 * 1024 * 1024
MAX_ROWS = 250_000
MAX_COLUMNS = 256
MAX_TEXT = 32_767  # of one cell: the limit of spreadsheets themselves
PATIENCE = 90  # seconds for the reading process
SEPARATORS = (";", "\t", "|", ",")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file, `number` from 1: of a text file where its record begins, of a workbook its row."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Grid:
    """All lines of one sheet and how they were read, so that a person can see it and correct it. ``hidden``: the rows
    that a spreadsheet does not show."""

    lines: list[Line]
    format: str  # "csv" or "workbook"
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    hidden: frozenset[int] = frozenset()


def read(
    content: bytes, *, sheet: str | None = None, encoding: str | None = None, separator: str | None = None
) -> Grid:
    """The cells of a CSV, XLSX, ODS or XLS file. `sheet` is a name or a number from 1; refusals are
    `UnreadableFile`."""
    if len(content) > MAX_BYTES:
        refuse(
            "too_large",
            _l("The file is larger than %(limit)s MB: split it.", limit=MAX_BYTES >> 20),
            bytes=len(content),
        )
    if not content.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        refuse("empty", _l("The file is empty."))
    if content.startswith(b"PK\x03\x04"):
        _check_archive(content)
        return _workbook(content, sheet)
    if content.startswith(OLE):
        return _workbook(content, sheet)
    if content.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"{\\rtf")
    ):
        refuse("not_a_spreadsheet", _l("This is not a spreadsheet. We read CSV, XLSX, ODS and XLS."))
    return _csv(content, encoding, separator)


def _check_archive(content: bytes) -> None:
    """A zip that says what it is and unpacks to a bearable size. (One that lies is met by the ceiling of the
    process.)"""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {info.filename: info.file_size for info in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError):
        refuse("broken_workbook", _l("The workbook is broken: open it in the spreadsheet program and save it again."))
    if sum(names.values()) > MAX_UNPACKED or len(names) > 5_000:
        refuse(
            "too_large_unpacked",
            _l("Unpacked, this workbook is larger than %(limit)s MB: split it.", limit=MAX_UNPACKED >> 20),
        )
    if "xl/workbook.xml" not in names and "content.xml" not in names:
        refuse("not_a_spreadsheet", _l("This is not a spreadsheet. We read CSV, XLSX, ODS and XLS."))


def _workbook(content: bytes, sheet: str | None) -> Grid:
    told = _process(content, None if sheet is None else "")
    if not told.sheets:
        refuse("empty", _l("The file is empty."))
    number = _choose(told.sheets, sheet)
    name = next(name for at, name in told.sheets if at == number)
    if sheet is not None:
        told = _process(content, str(number))
    names = tuple(name for _at, name in told.sheets)
    return Grid(_within_limits(told.lines), "workbook", sheet=name, sheets=names, hidden=told.hidden)


def _choose(sheets: list[tuple[int, str]], sheet: str | None) -> int:
    if sheet is None and len(sheets) == 1:
        return sheets[0][0]
    names = [name for _at, name in sheets]
    if sheet is None:
        refuse(
            "several_sheets",
            _l("The workbook has several sheets, choose one: %(names)s.", names=" · ".join(names)),
            sheets=names,
        )
    for at, name in sheets:
        if name.strip() == sheet.strip():
            return at
    if sheet.isdecimal() and 1 <= int(sheet) <= len(sheets):
        return sheets[int(sheet) - 1][0]
    return refuse(
        "unknown_sheet",
        _l("There is no sheet “%(sheet)s”: choose one of %(names)s.", sheet=sheet, names=" · ".join(names)),
        sheets=names,
    )


@dataclass(frozen=True)
class _Told:
    """What the reading program tells of a workbook and of one sheet of it."""

    sheets: list[tuple[int, str]]
    lines: Iterator[Line]
    hidden: frozenset[int] = frozenset()


def _process(content: bytes, chosen: str | None) -> _Told:
    """Run the reading program. `chosen` None: the only sheet if there is one; "": names only."""
    program = Path(__file__).with_name("cells_process.py")
    with tempfile.NamedTemporaryFile(suffix=".workbook") as file:
        file.write(content)
        file.flush()
        command = [sys.executable, "-I", str(program), file.name, "names" if chosen == "" else chosen or ""]
        try:
            done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603 (ours)
        except subprocess.TimeoutExpired:
            refuse("too_slow", _l("The workbook takes too long to read: save it again as CSV."))
    if done.returncode != 0:
        _explain(done)
    out = io.StringIO(done.stdout.decode(), newline="\n")
    sheets = [(int(at), str(name)) for at, name in json.loads(out.readline())]
    size = out.readline()
    rows, columns, hidden = json.loads(size or "[0, 0, []]")
    _check_size(rows, columns)
    lines = (Line(at, tuple(map(_cell, json.loads(line)))) for at, line in enumerate(out, start=1))
    return _Told(sheets, lines, frozenset(hidden))


def _explain(done: subprocess.CompletedProcess[bytes]) -> None:
    last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    if "PasswordError" in last:
        refuse("protected", _l("The workbook is protected by a password: remove it and try again."))
    if done.returncode < 0 or "MemoryError" in last or "capacity overflow" in last or "memory" in last:
        refuse(
            "too_large_unpacked",
            _l("This workbook claims more cells than we read: delete the empty rows and columns, or save it as CSV."),
        )
    refuse("broken_workbook", _l("The workbook is broken: open it in the spreadsheet program and save it again."))


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        if "n" in value:
            return Decimal(value["n"])
        if "d" in value:
            return date.fromisoformat(value["d"])
        return Broken(value["e"]) if "e" in value else Unworked(value["f"]) if "f" in value else str(value["t"])
    return value  # type: ignore[no-any-return] # null, true, false or text


def _csv(content: bytes, encoding: str | None, separator: str | None) -> Grid:
    text, name = decode(content, encoding)
    first, _, rest = text.partition("\n")
    if first.strip().lower() in {f"sep={sign}" for sign in SEPARATORS}:  # a spreadsheet's own note to itself
        separator, text = separator or first.strip()[-1], "\n" + rest
    if separator is None:
        separator = _separator(text)
    elif len(separator) != 1 or separator in '"\r\n':
        refuse("bad_separator", _l("The separator must be one sign, such as “;” or “,”."))
    return Grid(_within_limits(_records(text, separator)), "csv", encoding=name, separator=separator)


def _records(text: str, separator: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0  # as a spreadsheet counts its rows: a cell may hold several lines
    while True:
        number, began = number + 1, reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            refuse(
                "bad_quoting",
                _l(
                    "Line %(line)s cannot be read: quotation marks do not match (%(error)s).",
                    line=began,
                    error=str(error),
                ),
                line=began,
            )
        yield Line(number, tuple(value if value else None for value in record))


def _separator(text: str) -> str:
    """The sign that cuts most lines into the same number of parts; of equals the rarer in ordinary writing."""
    best, best_score = ",", (0.0, 0)
    for sign in SEPARATORS:
        widths: Counter[int] = Counter()
        try:
            for record in csv.reader(io.StringIO(text[:65_536], newline=""), delimiter=sign):
                if any(record):
                    widths[len(record)] += 1
        except csv.Error:
            continue
        width, times = max(((w, n) for w, n in widths.items() if w > 1), key=lambda pair: pair[1], default=(1, 0))
        score = (round(times / max(1, widths.total()), 2), width)
        if score > best_score:
            best, best_score = sign, score
    return best


def _within_limits(lines: Iterator[Line]) -> list[Line]:
    kept: list[Line] = []
    for line in lines:
        _check_size(line.number, len(line.cells))
        for value in line.cells:
            if isinstance(value, str) and len(value) > MAX_TEXT:
                refuse(
                    "cell_too_long",
                    _l("Line %(line)s holds a cell of more than %(limit)s letters.", line=line.number, limit=MAX_TEXT),
                )
        kept.append(line)
    return kept


def _check_size(rows: int, columns: int) -> None:
    if rows > MAX_ROWS:
        refuse("too_many_rows", _l("The file has more than %(limit)s rows: split it.", limit=MAX_ROWS))
    if columns > MAX_COLUMNS:
        refuse("too_many_columns", _l("The file has more than %(limit)s columns.", limit=MAX_COLUMNS))
