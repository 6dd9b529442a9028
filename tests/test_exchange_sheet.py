"""Rows out of a file as people really export it: nothing is half read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from inventory.errors import UnreadableFile
from inventory.exchange.items import MATCHER
from inventory.exchange.sheet import Sheet, find_sheet, letters
from inventory.exchange.workbook import read

REPORT = """PHARMACIE DU PORT,,,,
,LISTE DES PRODUITS,,,
,Période du 10/12/2025,,,
Rayon :,AMPOULES,,,
Code,Désignation,Qté,Stock,Prix
8169827,DYNAMO AMP B/20,1,19,"4,390"
0297033,MAG 2 AMP,1,-3,"5,000"
,,Nombre d'articles :,2,
Rayon :,SIROPS,,,
Code,Désignation,Qté,Stock,Prix
8151141,ASTA 250MG,1,5,820
1656731D,TOTAL BIO 100X10,2,36,200
,,,,
3528138,LASI 40MG,1,34,"2,740"
,,Nombre d'articles :,3,
,,,Nombre total d'aticles :,5
LISTE DES PRODUITS - imprimée le 10/12,,Page : 1/1,@ 2023,
"""


def sheet_of(text: str, header_row: int | None = None) -> Sheet:
    return find_sheet(read(text.encode()), MATCHER.is_known, header_row)


def test_a_printed_report_is_read_whole_and_everything_else_is_listed() -> None:
    sheet = sheet_of(REPORT)
    assert sheet.columns == ("Code", "Désignation", "Qté", "Stock", "Prix", "Rayon")
    assert [(row.number, row.cells[0], row.cells[5]) for row in sheet.rows] == [
        (6, "8169827", "AMPOULES"),
        (7, "0297033", "AMPOULES"),
        (11, "8151141", "SIROPS"),
        (12, "1656731D", "SIROPS"),
        (14, "3528138", "SIROPS"),
    ]
    assert [(line.number, line.kind) for line in sheet.left_out] == [
        (1, "title"), (2, "title"), (3, "title"), (4, "title"), (8, "total"), (9, "section"), (10, "header"),
        (13, "blank"), (15, "total"), (16, "total"), (17, "footer"),
    ]  # fmt: skip
    assert len(sheet.rows) + len(sheet.left_out) + 1 == len(REPORT.splitlines())


def test_a_printed_count_that_differs_refuses_the_file() -> None:
    with pytest.raises(UnreadableFile) as refused:
        sheet_of(REPORT.replace("articles :,3", "articles :,4"))
    assert refused.value.details["reason"] == "count_differs"
    assert (refused.value.details["line"], refused.value.details["read"]) == (15, 3)


def test_a_printed_count_is_read_however_its_thousands_are_written() -> None:
    rows = "".join(f"{n},Savon,u,1\n" for n in range(1200))
    for count in ("1200", "1 200", "1\u202f200", "1.200", '"1,200"', "1200.00", '"1200,0"'):
        assert len(sheet_of(f"code,designation,unit,stock\n{rows}Nombre d'articles,{count},,\n").rows) == 1200
    for count in ("1 20", "1 300", "1..200"):
        with pytest.raises(UnreadableFile) as refused:
            sheet_of(f"code,designation,unit,stock\n{rows}Nombre d'articles,{count},,\n")
        assert refused.value.details["reason"] == "count_differs"


def test_an_odd_row_stays_a_row() -> None:
    sheet = sheet_of(
        "code,designation,unit,stock\n1,Savon,u,5\n2,Total lait,u,7\n,Total huile,u,3\n"
        "x:,note,u,1\n4,,u,douze\n5,E,u,2\n"
    )
    assert [row.number for row in sheet.rows] == [2, 3, 4, 5, 6, 7]
    assert sheet.left_out == []


def test_a_row_with_few_cells_is_not_taken_for_a_title() -> None:
    sheet = sheet_of("code,designation,unit\n1,a,u\n2,b,u\nCONSOMMABLES,,\n3,c,u\n")
    assert [row.number for row in sheet.rows] == [2, 3, 4, 5]


def test_a_plain_total_line_is_left_out() -> None:
    sheet = sheet_of("code,designation,stock\n1,a,5\n2,b,7\nTotal,,12\n")
    assert [row.number for row in sheet.rows] == [2, 3]
    assert [(line.number, line.kind) for line in sheet.left_out] == [(4, "total")]


def test_columns_without_a_label_or_with_the_same_have_their_letter() -> None:
    sheet = sheet_of("code,designation,,prix,prix\n1,a,x,1,2\n")
    assert sheet.columns == ("code", "designation", "[C]", "prix [D]", "prix [E]")
    assert [letters(at) for at in (0, 25, 26, 51, 52, 702)] == ["A", "Z", "AA", "AZ", "BA", "AAA"]


def test_a_header_nobody_knows_and_a_header_that_is_told() -> None:
    assert sheet_of("foo,bar\n1,2\n3,4\n").columns == ("foo", "bar")
    told = sheet_of("x,1\nfoo,bar\n3,4\n", header_row=2)
    assert (told.columns, len(told.rows)) == (("foo", "bar"), 1)
    for text, header_row, reason in (
        ("1,2\n3,4\n", None, "no_header"),
        ("a,b\n1,2\n", 9, "no_header"),
        ("code,unit\n", None, "no_rows"),
    ):
        with pytest.raises(UnreadableFile) as refused:
            sheet_of(text, header_row)
        assert refused.value.details["reason"] == reason


def test_a_long_list_with_negative_numbers_and_empty_cells_keeps_every_row() -> None:
    lines = [f"C{n},{'' if n % 7 == 0 else n},{-n}" for n in range(200)]
    sheet = sheet_of("code,stock,difference\n" + "\n".join(lines))
    assert len(sheet.rows) == 200
    assert list(sheet.column("code"))[:2] == ["C0", "C1"]
    assert not any(isinstance(cell, Decimal) for cell in sheet.column("stock"))
