"""Lists out: CSV and XLSX, whole, written as they are read, safe to open in any spreadsheet program.

CSV is UTF-8 with its mark (without it spreadsheets take Arabic for something else), separated by ";" in French and
Arabic and by "," in English, which is what the spreadsheets of these languages cut at. Numbers keep their decimal point
everywhere and are never grouped, dates are ISO: what goes out comes in again unchanged. An instant is told in the time
zone of the house, as pages tell it: in CSV with its offset, in XLSX (which knows no zones) by what the clock showed.

A text that a spreadsheet would run as a formula (= + - @, also after spaces, tabs or line breaks) gets an apostrophe in
CSV; in XLSX it is stored as text, which is never run. Numbers are numbers, also below zero.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

Value = str | int | Decimal | date | datetime | bool | None

FORMULA = re.compile(r"^[\s\ufeff\u200b\u200e\u200f]*[=+\-@＝＋－＠]|^[\t\r\n]")
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
CHUNK = 64 * 1024
EXACT_DIGITS = 15  # what a spreadsheet keeps of a number; longer ones go out as text
UNTITLED = re.compile(r"[\[\]:*?/\\\x00-\x1f\ufffe\uffff]")
LONGEST_TITLE = 31  # of a sheet, as spreadsheet programs count it
LAST_ROW = 1_048_576
LONGEST = 32_767


def csv_bytes(
    columns: Sequence[str], rows: Iterable[Sequence[Value]], *, language: str, zone: tzinfo
) -> Iterator[bytes]:
    """The list as CSV, in pieces of about 64 kB."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter="," if language == "en" else ";", lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([_plain(column, zone) for column in columns])
    for row in rows:
        writer.writerow([_plain(value, zone) for value in row])
        if buffer.tell() >= CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _plain(value: Value, zone: tzinfo) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    text = UNSTORABLE.sub("�", value)
    return "'" + text if FORMULA.match(text) else text


def number_text(value: Decimal) -> str:
    """12.50 → "12.5", 300 → "300": plain digits, a decimal point, no idle zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"


def xlsx_bytes(
    columns: Sequence[str], rows: Iterable[Sequence[Value]], *, language: str, title: str, zone: tzinfo
) -> Iterator[bytes]:
    """The list as a workbook with one sheet (right to left in Arabic), built row by row on disk, handed out in pieces.

    More rows than a sheet holds go on in further sheets: nothing is cut off. It is whole before the first piece goes
    out, so that a failure can still be told.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever has the pieces closes it
    try:
        with xlsxwriter.Workbook(file, options) as workbook:
            _Sheets(workbook, columns, language, title, zone).write(rows)
    except BaseException:
        file.close()
        raise
    return _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


def sheet_name(title: str, number: int) -> str:
    """What a sheet may be called: the title of the list, as far as spreadsheet programs let it stand, with the number
    of a sheet in which the list goes on."""
    ending = f" {number}" if number > 1 else ""
    words = " ".join(UNTITLED.sub(" ", title).split()).strip("'")[: LONGEST_TITLE - len(ending)].rstrip(" '")
    return (words or "1") + ending


class _Sheets:
    def __init__(self, workbook: Any, columns: Sequence[str], language: str, title: str, zone: tzinfo):
        self.workbook = workbook
        self.columns = columns
        self.zone = zone
        self.is_right_to_left = language == "ar"
        self.title = title
        self.head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        self.instant = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.sheet: Any = None
        self.number = 0
        self.next_row = LAST_ROW

    def write(self, rows: Iterable[Sequence[Value]]) -> None:
        self._open()
        for row in rows:
            if self.next_row >= LAST_ROW:
                self._open()
            for at, value in enumerate(row):
                self._put(at, value)
            self.next_row += 1

    def _open(self) -> None:
        self.number += 1
        self.sheet = self.workbook.add_worksheet(sheet_name(self.title, self.number))
        if self.is_right_to_left:
            self.sheet.right_to_left()
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_column(0, max(0, len(self.columns) - 1), 18)
        for at, column in enumerate(self.columns):
            self.sheet.write_string(0, at, column, self.head)
        self.next_row = 1

    def _put(self, at: int, value: Value) -> None:
        row = self.next_row
        if value is None or value == "":
            return
        if isinstance(value, bool):
            self.sheet.write_boolean(row, at, value)
        elif isinstance(value, int | Decimal):
            number = Decimal(value)
            if len(number.normalize().as_tuple().digits) > EXACT_DIGITS:
                self.sheet.write_string(row, at, number_text(number))
            else:
                self.sheet.write_number(row, at, number)
        elif isinstance(value, datetime):
            shown = value.astimezone(self.zone).replace(tzinfo=None, microsecond=0)
            self.sheet.write_datetime(row, at, shown, self.instant)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, at, value, self.day)
        else:
            self.sheet.write_string(row, at, UNSTORABLE.sub("�", value)[:LONGEST])
