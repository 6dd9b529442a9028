"""Lists out: whole, streamed, never run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.exchange.export import FORMULA, Value, csv_bytes, number_text, sheet_name, xlsx_bytes
from inventory.exchange.values import text
from inventory.exchange.workbook import read

COLUMNS = ["Code", "الاسم", "Quantité"]
HERE = ZoneInfo("Africa/Casablanca")


def csv_rows(content: bytes, delimiter: str = ";") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def csv_of(rows: list[list[Value]], language: str = "fr") -> bytes:
    return b"".join(csv_bytes(COLUMNS, rows, language=language, zone=HERE))


def xlsx_of(rows: list[list[Value]], language: str = "fr") -> bytes:
    return b"".join(xlsx_bytes(COLUMNS, rows, language=language, title="Stock: état [1]", zone=HERE))


def test_csv_opens_right_in_a_spreadsheet_of_the_language() -> None:
    rows: list[list[Value]] = [
        ["001", "ورق؛ A4", Decimal("12.500")],
        ["2", None, -3],
        ["3", "a;b\nc", date(2026, 11, 23)],
    ]
    content = csv_of(rows, "ar")
    assert content.startswith(b"\xef\xbb\xbf")
    assert csv_rows(content) == [COLUMNS, ["001", "ورق؛ A4", "12.5"], ["2", "", "-3"], ["3", "a;b\nc", "2026-11-23"]]
    assert csv_rows(csv_of(rows, "en"), ",")[1] == ["001", "ورق؛ A4", "12.5"]


@pytest.mark.parametrize(
    "bad",
    ["=1+1", "+212600", "-x", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "\u200f=1", "＝1", "\n@a", "\ttext"],
)
def test_no_text_is_run_as_a_formula(bad: str) -> None:
    assert csv_rows(csv_of([[bad, bad, bad]]))[1] == ["'" + bad] * 3
    cells = read(xlsx_of([[bad, "x", "y"]])).lines[1].cells
    assert isinstance(cells[0], str)
    assert text(cells[0]) == text(bad)


@given(st.text(max_size=30))
def test_every_csv_cell_is_harmless(value: str) -> None:
    (cell, *_rest) = csv_rows(csv_of([[value, "", ""]]))[1]
    assert not FORMULA.match(cell)


def test_xlsx_keeps_numbers_dates_and_text_apart() -> None:
    rows: list[list[Value]] = [
        ["0012", "ورق", Decimal("-3.250")],
        ["6118001230068", "<b>", 7],
        ["x", "", Decimal("12345678901234567.5")],
        ["d", date(2026, 11, 23), datetime(2026, 11, 23, 10, 30, tzinfo=UTC)],
        ["b", True, None],
    ]
    lines = [line.cells for line in read(xlsx_of(rows, "ar")).lines]
    assert lines[0] == tuple(COLUMNS)
    assert lines[1] == ("0012", "ورق", Decimal("-3.25"))
    assert lines[2] == ("6118001230068", "<b>", Decimal(7))
    assert lines[3] == ("x", None, "12345678901234567.5")
    assert lines[4] == ("d", date(2026, 11, 23), "2026-11-23 11:30:00")
    assert lines[5] == ("b", True, None)


def test_an_instant_is_told_by_the_clocks_of_the_house_in_every_season() -> None:
    usual, ramadan = datetime(2026, 11, 27, 10, 57, 6, 900, UTC), datetime(2026, 3, 1, 10, 57, 6, tzinfo=UTC)
    assert csv_rows(csv_of([[usual, ramadan, ""]]))[1][:2] == [
        "2026-11-27T11:57:06+01:00",
        "2026-03-01T10:57:06+00:00",
    ]
    shown = read(xlsx_of([[usual, ramadan, "x"]])).lines[1].cells
    assert shown[:2] == ("2026-11-27 11:57:06", "2026-03-01 10:57:06")


def test_arabic_sheets_run_from_right_to_left() -> None:
    import zipfile

    for language, is_right in (("ar", True), ("fr", False)):
        with zipfile.ZipFile(io.BytesIO(xlsx_of([], language))) as archive:
            assert (b'rightToLeft="1"' in archive.read("xl/worksheets/sheet1.xml")) is is_right


def test_rows_are_read_as_they_are_written() -> None:
    asked = 0

    def rows() -> Iterator[list[Value]]:
        nonlocal asked
        for number in range(100_000):
            asked = number
            yield [str(number), "nom", number]

    stream = csv_bytes(COLUMNS, rows(), language="fr", zone=HERE)
    first = next(stream)
    assert 60_000 < len(first) < 140_000
    assert asked < 10_000
    assert sum(piece.count(b"\r\n") for piece in [first, *stream]) == 100_001


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inventory.exchange.export.LAST_ROW", 4)
    content = xlsx_of([[str(number), "", number] for number in range(7)])
    found = [line.cells[2] for sheet in ("1", "2", "3") for line in read(content, sheet=sheet).lines[1:]]
    assert found == [Decimal(number) for number in range(7)]


def test_a_sheet_is_called_like_its_list_as_far_as_a_spreadsheet_lets_it() -> None:
    assert sheet_name("سجل التدقيق", 1) == "سجل التدقيق"
    assert sheet_name("Journal d'audit: [2026/1]", 1) == "Journal d'audit 2026 1"
    assert sheet_name("'", 1) == "1"
    assert [sheet_name("x" * 40, number) for number in (1, 12)] == ["x" * 31, "x" * 28 + " 12"]


def test_number_text_has_no_idle_zeros() -> None:
    texts = [number_text(Decimal(n)) for n in ("12.50", "300", "0.000", "1E+3", "-0.10")]
    assert texts == ["12.5", "300", "0", "1000", "-0.1"]
