"""Bytes to cells: encodings, separators, workbooks, limits."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from inventory.errors import UnreadableFile
from inventory.exchange import workbook
from inventory.exchange.encodings import decode
from inventory.exchange.workbook import read

FRENCH = "désignation;unité\nSérum à 0,9 % « froid »;boîte\nÉCHELLE MÉTALLIQUE Ø 12;œillet n° 3\n"
ARABIC = "الرمز;الاسم\n12;مصل مضاد للسعار\n13;ورق الطباعة 80 غ\n14;مادة ة\n"


def xlsx(*sheets: tuple[str, list[list[Any]]], **cells: Any) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return out.getvalue()


def reason_of(content: bytes, **choices: Any) -> str:
    with pytest.raises(UnreadableFile) as refused:
        read(content, **choices)
    assert refused.value.message()
    return str(refused.value.details["reason"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("text", [FRENCH, ARABIC])
def test_unicode_is_read_by_its_mark_or_its_form(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize("encoding", ["cp1252", "cp1256", "cp850", "iso8859-15", "mac-roman"])
def test_french_in_an_old_code_page(encoding: str) -> None:
    text = (
        FRENCH
        if encoding not in ("cp850", "cp1256")
        else "désignation;unité\nSérum à chauffer;boîte\nclé à pétrole;x\n"
    )
    assert decode(text.encode(encoding))[0] == text


@pytest.mark.parametrize("encoding", ["cp1256", "iso8859-6"])
def test_arabic_in_an_old_code_page(encoding: str) -> None:
    text, name = decode(ARABIC.encode(encoding))
    assert (text, name) == (ARABIC, encoding)


def test_two_equal_readings_are_asked_not_guessed() -> None:
    content = b"code;nom\n1;\xd8\n"  # Ø alone, or the letter tah alone: nothing around it tells
    text, name = decode(content)
    assert (text[-2], name) == ("Ø", "cp1252")
    with pytest.raises(UnreadableFile) as refused:
        decode(b"code;nom\n1;a\xa4\n")  # a currency sign or a euro
    assert refused.value.details["reason"] == "ambiguous_encoding"
    assert decode(b"a\xa4", "iso8859-15") == ("a€", "iso8859-15")


def test_a_named_encoding_is_obeyed_or_refused() -> None:
    assert decode("é".encode(), "cp1252")[0] == "Ã©"
    for encoding, reason in (("hex", "unknown_encoding"), ("klingon", "unknown_encoding"), ("utf-8", "wrong_encoding")):
        with pytest.raises(UnreadableFile) as refused:
            decode(b"\xff\xfea", encoding)
        assert refused.value.details["reason"] == reason


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff\x00"), max_size=200))
def test_utf8_always_comes_back(text: str) -> None:
    assert decode(b"\xef\xbb\xbf" + text.encode())[0] == text


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator: str) -> None:
    rows = [["code", "nom", "prix"], ["1", "Savon", "2.50"], ["2", "Eau", "3.75"]]
    grid = read("\n".join(separator.join(row) for row in rows).encode())
    assert grid.separator == separator
    assert [list(line.cells) for line in grid.lines] == rows


def test_semicolons_with_decimal_commas_and_commas_in_names() -> None:
    grid = read(b"code;nom;prix\n1;Savon, dur;2,50\n2;Eau;3,75\n")
    assert (grid.separator, grid.lines[1].cells) == (";", ("1", "Savon, dur", "2,50"))


def test_a_spreadsheets_own_note_of_its_separator() -> None:
    grid = read(b"sep=|\ncode|nom\n1|a,b;c\n")
    assert [line.cells for line in grid.lines if line.cells] == [("code", "nom"), ("1", "a,b;c")]
    assert grid.lines[-1].number == 3


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    grid = read(b'code,nom\n1,"two\nlines"\n\n2,b\n')
    assert [(line.number, line.cells) for line in grid.lines] == [
        (1, ("code", "nom")),
        (2, ("1", "two\nlines")),
        (3, ()),
        (4, ("2", "b")),
    ]


def test_quotation_marks_that_do_not_match_are_refused_with_their_line() -> None:
    with pytest.raises(UnreadableFile) as refused:
        read(b'code,nom\n1,"never closed\n2,b\n')
    assert refused.value.details["reason"] == "bad_quoting"
    assert refused.value.details["line"] == 2
    assert read(b'code,nom\n1,TUBE 5" dia\n').lines[1].cells == ("1", 'TUBE 5" dia')


def test_cells_of_a_workbook_are_exact() -> None:
    rows: list[list[Any]] = [
        [],
        ["", "code", "quantity", "on"],
        ["", 6118001230068, 0.1 + 0.2, date(2026, 5, 3)],
        ["", "00123", 1e-7, datetime(2026, 5, 3, 10, 30)],
        ["", True, 12345678901234567890, " x "],
    ]
    grid = read(xlsx(("Stock", rows)))
    assert (grid.format, grid.sheet) == ("workbook", "Stock")
    assert grid.lines[1].number == 2
    assert grid.lines[1].cells == (None, "code", "quantity", "on")
    assert grid.lines[2].cells == (None, Decimal("6118001230068"), Decimal("0.3"), date(2026, 5, 3))
    assert grid.lines[3].cells == (None, "00123", Decimal("1E-7"), "2026-05-03 10:30:00")
    assert grid.lines[4].cells[1] is True
    assert grid.lines[4].cells[2] == Decimal(12345678901234569216)
    assert not any(isinstance(value, float) for line in grid.lines for value in line.cells)


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">
<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>"""
EMPTY = "<table:table-cell/>"


def ods(*sheets: tuple[str, list[str]]) -> bytes:
    """A workbook of sheets (name, rows of cells as XML)."""
    made = "".join(
        f'<table:table table:name="{name}">{"".join(f"<table:table-row>{row}</table:table-row>" for row in rows)}'
        "</table:table>"
        for name, rows in sheets
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", ODS.format(sheets=made))
    return out.getvalue()


def ods_cell(kind: str, value: str, shown: str, more: str = "") -> str:
    name = {"date": "date-value", "boolean": "boolean-value"}.get(kind, "value")
    return (
        f'<table:table-cell office:value-type="{kind}" office:{name}="{value}"{more}><text:p>{shown}</text:p>'
        "</table:table-cell>"
    )


def ods_text(*texts: str) -> str:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    return "".join(cell.format(text) for text in texts)


def test_cells_of_an_ods_are_exact() -> None:
    rows = [
        ods_text("code", "الاسم", "quantité", "date", "actif"),
        ods_text("00123", "مصل") + ods_cell("float", "0.30000000000000004", "0,3")
        + ods_cell("date", "2026-05-03", "03/05/2026") + ods_cell("boolean", "true", "VRAI"),
        '<table:table-cell table:number-columns-repeated="5"/>',
        ods_cell("float", "6118001230068", "6,12E+12") + EMPTY
        + ods_cell("currency", "12.5", "12,50 DH", ' office:currency="MAD"')
        + ods_cell("date", "2026-05-03T10:30:00", "03/05/26 10:30") + ods_cell("percentage", "0.2", "20 %"),
    ]  # fmt: skip
    grid = read(ods(("Stock", rows), ("Autre", [])))
    assert (grid.format, grid.sheet) == ("workbook", "Stock")
    assert [line.cells for line in grid.lines] == [
        ("code", "الاسم", "quantité", "date", "actif"),
        ("00123", "مصل", Decimal("0.3"), date(2026, 5, 3), True),
        (None, None, None, None, None),
        (Decimal("6118001230068"), None, Decimal("12.5"), "2026-05-03 10:30:00", Decimal("0.2")),
    ]


def test_an_ods_repeats_cells_and_rows_without_end() -> None:
    endless = '<table:table-cell table:number-columns-repeated="16000"/>'
    rows = [ods_text("code", "unité") + endless, ods_text("1", "boîte") + endless]
    assert [line.cells[:2] for line in read(ods(("Stock", rows))).lines] == [("code", "unité"), ("1", "boîte")]
    assert reason_of(ods(("Janvier", rows), ("Février", rows))) == "several_sheets"
    assert read(ods(("Janvier", rows), ("Février", rows)), sheet="Février").sheet == "Février"


def test_cells_of_an_xls_are_exact() -> None:
    """The file was made by a spreadsheet program (Gnumeric, Excel 97 format), since nothing we use writes one."""
    grid = read((Path(__file__).parent / "stock-excel97.xls").read_bytes())
    assert (grid.format, grid.sheet) == ("workbook", "Stock")
    assert [line.cells for line in grid.lines] == [
        ("code", "الاسم", "quantité", "date", "prix"),
        ("00123", "مصل مضاد للسعار", Decimal(1500), date(2026, 5, 3), Decimal("12.5")),
        ("É-45", "Œillet n° 3", Decimal("0.3"), date(2027, 12, 31), None),
    ]


def test_an_error_in_a_workbook_is_not_an_empty_cell() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("A & B")
        sheet.write_row(0, 0, ["code", "unit"])
        sheet.write(1, 0, "1")
        sheet.write_formula(1, 1, "=VLOOKUP(1,A:A,2)", None, "#N/A")
    assert read(out.getvalue()).lines[1].cells == ("1", "#N/A")


def test_of_several_sheets_one_is_chosen_by_name_or_number() -> None:
    content = xlsx(("Janvier", [["a"]]), ("Empty", []), ("Février", [["b"]]))
    assert reason_of(content) == "several_sheets"
    assert reason_of(content, sheet="Mars") == "unknown_sheet"
    assert read(content, sheet="Février").lines[0].cells == ("b",)
    assert read(content, sheet="2").lines[0].cells == ("b",)


def test_a_sheet_that_claims_billions_of_cells_does_not_harm() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, 1)
        sheet.write(1_048_575, 16_383, 2)
    assert reason_of(out.getvalue()) in ("too_large_unpacked", "too_many_rows")


def test_a_zip_bomb_is_refused_by_its_size() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as member:
        for _ in range(520):
            member.write(bytes(1 << 20))
    assert reason_of(out.getvalue()) == "too_large_unpacked"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"%PDF-1.7 ...", "not_a_spreadsheet"),
        (b"\x89PNG\r\n\x1a\n....", "not_a_spreadsheet"),
        (b"PK\x03\x04 not a zip", "broken_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 not a workbook", "broken_workbook"),
    ],
)
def test_what_is_no_spreadsheet_is_told_from_its_content(content: bytes, reason: str) -> None:
    assert reason_of(content) == reason


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert reason_of(out.getvalue()) == "not_a_spreadsheet"


def test_limits_of_size_rows_and_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    assert reason_of(b"a\n" * 4) == "too_many_rows"
    assert reason_of(b",".join([b"a"] * 300)) == "too_many_columns"
    assert reason_of(b"a," + b"b" * 40_000) == "cell_too_long"
    monkeypatch.setattr(workbook, "MAX_BYTES", 10)
    assert reason_of(b"a,b,c,d,e,f,g") == "too_large"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        grid = read(content if not content.startswith((b"PK\x03\x04", workbook.OLE)) else b"x" + content)
    except UnreadableFile:
        return
    assert grid.lines
