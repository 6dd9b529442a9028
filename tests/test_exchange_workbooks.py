"""What a reader of workbooks hands out as an empty cell though it is none: errors, formulas that nothing worked out;
and the rows that a spreadsheet does not show."""

from __future__ import annotations

import io
import time
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
from flask import Flask
from flask_babel import force_locale

from inventory.catalogue import NewItem, add_item
from inventory.database import transaction
from inventory.errors import UnreadableFile
from inventory.exchange.items import plan_items
from inventory.exchange.movements import MovementPlan, plan_movements
from inventory.exchange.reading import Choices
from inventory.exchange.workbook import Broken, Cell, read
from inventory.parties import add_supplier
from inventory.warehouses import add_warehouse
from tests.test_exchange_files import EMPTY, ods, ods_cell, ods_text

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
HEADER = ("reference", "type", "magasin", "date", "article", "quantité", "prix unitaire", "fournisseur")
ROW = ("U1", "entrée", "CENTRAL", "2026-10-05", "CABLE", "1", "", "ACME")


def spreadsheetml(*rows: str, before: str = "", prefix: str = "") -> bytes:
    """An XLSX whose sheet holds these rows of XML."""
    out, made = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet("Stock").write(0, 0, "x")
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                start, _, rest = content.partition("<sheetData>")
                end = rest.partition("</sheetData>")[2]
                content = f"{start}<sheetData>{''.join(rows)}</sheetData>{end}"
                content = content.replace("<worksheet", before + "<worksheet")
                if prefix:
                    start, end = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>', "</x:sheetData></x:worksheet>"
                    content = f"{start}{''.join(rows)}{end}"
            new.writestr(name, content)
    return made.getvalue()


def inline(*texts: str) -> str:
    return "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' if text else "<c/>" for text in texts)


def cells(content: bytes) -> list[tuple[Cell, ...]]:
    return [line.cells for line in read(content).lines]


def told(value: Cell) -> tuple[str, str]:
    assert isinstance(value, Broken)
    return type(value).__name__, str(value)


def test_an_error_behind_a_shared_formula_is_told() -> None:
    shared = '<c r="A2"><f t="shared" ref="A2:A3" si="0">B2/2</f><v>1</v></c>'
    more = '<c r="A3"><f t="shared" si="0"/><v>2</v></c><c r="B3" t="e"><v>#DIV/0!</v></c>'
    rows = [
        f"<row r='1'>{inline('a', 'b', 'c')}</row>",
        f"<row r='2'>{shared}<c r='B2' t='e'><f>1/0</f><v>#N/A</v></c></row>",
        f"<row r='3'>{more}<c r='C3'><f>A3</f><v>2</v></c></row>",
    ]
    found = cells(spreadsheetml(*rows))
    assert [told(found[1][1]), told(found[2][1])] == [("Broken", "#N/A"), ("Broken", "#DIV/0!")]
    assert [found[1][0], found[2][0], found[2][2]] == [1, 2, 2]


def test_a_column_of_shared_formulas_is_read_in_the_time_of_its_length() -> None:
    rows = [f"<row>{inline('a', 'b')}</row>", '<row><c><f t="shared" ref="A2:A20001" si="0">B2</f><v>1</v></c></row>']
    rows += ['<row><c><f t="shared" si="0"/><v>1</v></c><c><v>2</v></c></row>'] * 20_000
    started = time.monotonic()
    assert len(read(spreadsheetml(*rows)).lines) == 20_002
    assert time.monotonic() - started < 15


def test_marks_are_found_where_a_program_names_things_its_own_way() -> None:
    """With a prefix, without places, over the border of what is looked at in one piece."""
    rows = [f"<x:row><x:c><x:v>{at}</x:v></x:c><x:c/></x:row>" for at in range(40_000)]
    content = spreadsheetml(*rows, "<x:row><x:c><x:v>1</x:v></x:c><x:c><x:f>A1</x:f></x:c></x:row>", prefix="x:")
    assert told(cells(content)[40_000][1]) == ("Unworked", "=A1")


def test_a_formula_that_nothing_worked_out_is_not_an_empty_cell() -> None:
    rows = [
        f"<row>{inline('a', 'b', 'c', 'd', 'e')}</row>",
        # Without a value, with an empty one (openpyxl), shared; a text may be empty.
        '<row><c><f>5/2</f></c><c><f>B1*2</f><v></v></c><c><f t="shared" si="0"/><v/></c>'
        '<c t="str"><f>""</f><v></v></c>'
        "<c><f>1-1</f><v>0</v></c></row>",
        '<row r="9"><c r="B9"><f>A9</f></c></row>',
    ]
    found = cells(spreadsheetml(*rows))
    assert [told(value) for value in found[1][:3]] == [("Unworked", "=5/2"), ("Unworked", "=B1*2"), ("Unworked", "=")]
    assert found[1][3:] == (None, 0)
    assert not any(map(any, found[2:8]))
    assert told(found[8][1]) == ("Unworked", "=A9")


def test_errors_and_formulas_without_a_value_of_an_ods_are_told() -> None:
    calc = f' table:formula="of:=1/0" xmlns:calcext="{CALC}" calcext:value-type="error"'
    excel = ods_cell("float", "0", "#DIV/0!", ' table:formula="of:=1/0"')
    calculated = (
        f'<table:table-cell{calc} office:value-type="string" office:string-value=""><text:p>#DIV/0!</text:p>'
        "</table:table-cell>"
        f'<table:table-cell{calc} office:value-type="float" office:value="0" table:number-columns-repeated="2">'
        "<office:annotation><text:p>why</text:p></office:annotation><text:p>Err:<text:span>502</text:span></text:p>"
        "</table:table-cell>"
    )
    unworked = (
        '<table:table-cell table:formula="of:=A1" office:value-type="float"/><table:table-cell table:formula="A"/>'
    )
    known = '<table:table-cell table:formula="x" office:value-type="string" office:string-value=""/>' + ods_cell(
        "float", "3", "3", ' table:formula="of:=1+2"'
    )
    rows = [ods_text(*"abcdefgh"), calculated + excel + unworked + known, EMPTY + calculated]
    content = ods(("Autre", [ods_text("a"), calculated]), ("Stock", rows))
    found = [line.cells for line in read(content, sheet="Stock").lines]
    assert [told(value) for value in found[1][:6]] == [
        ("Broken", "#DIV/0!"), ("Broken", "Err:502"), ("Broken", "Err:502"), ("Broken", "#DIV/0!"),
        ("Unworked", "of:=A1"), ("Unworked", "A"),
    ]  # fmt: skip
    assert found[1][6:] == (None, 3)
    assert [told(value)[1] for value in found[2][1:4]] == ["#DIV/0!", "Err:502", "Err:502"]


def test_a_number_keeps_the_zeros_with_which_it_is_shown() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Stock")
        shown = [book.add_format({"num_format": one}) for one in ("00000", "0.00", "[$-40C]000;@", "#,##0")]
        for column, value in enumerate((77, 5, 7, 12345)):
            sheet.write_number(0, column, value, shown[column])
        sheet.write_number(1, 0, 1.5, shown[0])
        sheet.write_string(1, 1, "7", shown[0])
        sheet.write_number(1, 2, 123456, shown[0])
    assert cells(out.getvalue()) == [("00077", 5, "007", 12345), (Decimal("1.5"), "7", "123456", None)]
    row = ods_cell("float", "77", "00077") + ods_cell("float", "5", "5,00") + ods_cell("float", "0", "0")
    assert [line.cells for line in read(ods(("Stock", [row]))).lines] == [("00077", 5, 0)]


def test_hidden_and_filtered_rows_are_known() -> None:
    shown, hidden = f"<row>{inline('a')}</row>", f'<row hidden="1">{inline("b")}</row>'
    assert read(spreadsheetml(shown, hidden, shown, hidden)).hidden == {2, 4}
    rows = [ods_text("a")] * 5
    content = ods_with(ods(("Stock", rows)), '<table:table-row>', '<table:table-row table:visibility="{}">', "visible",
                       "filter", "visible", "collapse", "visible")  # fmt: skip
    assert read(content).hidden == {2, 4}


def ods_with(content: bytes, old: str, new: str, *said: str) -> bytes:
    """The workbook with each mark in turn said otherwise."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w") as made:
        for name in archive.namelist():
            text = archive.read(name).decode()
            for one in said if name == "content.xml" else ():
                text = text.replace(old, new.format(one), 1)
            made.writestr(name, text)
    return out.getvalue()


def test_rows_repeated_without_end_are_marked_where_the_sheet_has_something() -> None:
    endless = ods_with(
        ods(("Stock", [ods_text("a", "b"), ods_text("1", "2"), EMPTY])), "<table:table-row><table:table-cell/>",
        "<table:table-row table:number-rows-repeated='1048000' table:visibility='{}'><table:table-cell/>", "collapse",
    )  # fmt: skip
    grid = read(endless)
    assert len(grid.lines) < 5
    assert len(grid.hidden) < 5


def test_a_workbook_that_declares_entities_is_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    for content in (
        spreadsheetml(f"<row>{inline('&b;')}</row>", before=bomb),
        ods_with(ods(("Stock", [ods_text("a")])), "<office:document-content", bomb + "<office:document-content{}", ""),
    ):
        with pytest.raises(UnreadableFile) as refused:
            read(content)
        assert refused.value.details["reason"] == "broken_workbook"


# What a dry run says of them


@pytest.fixture
def store(app: Flask) -> None:
    with transaction():
        add_warehouse("CENTRAL", in_service_on=None, name_fr="Magasin central")
        add_supplier("ACME", name_fr="Acme")
        add_item(NewItem("CABLE", "m", name_fr="Câble", decimals=3))


def plan(content: bytes) -> MovementPlan:
    return plan_movements(content, Choices(), source="stock")


def refusals(found: MovementPlan) -> list[tuple[int, str, str, str]]:
    with force_locale("en"):
        return [(cell.row, cell.column, cell.value, str(cell.expected)) for cell in found.bad]


ERROR = "a value: this is an error of the spreadsheet"
FORMULA = "a value: this is a formula without one; open the file in a spreadsheet, save, send it again"


@pytest.mark.parametrize(
    ("price", "value", "expected"),
    [
        ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!", ERROR),
        ("<c><f>5/2</f></c>", "=5/2", FORMULA),
        ("<c><f>5/2</f><v></v></c>", "=5/2", FORMULA),
    ],
)
def test_a_price_that_is_no_value_is_refused_in_an_xlsx(store: None, price: str, value: str, expected: str) -> None:
    row = f"<row>{inline(*ROW[:6])}{price}{inline(ROW[7])}</row>"
    found = plan(spreadsheetml(f"<row>{inline(*HEADER)}</row>", row))
    assert refusals(found) == [(2, "prix unitaire", value, expected)]
    assert found.papers == []


@pytest.mark.parametrize(
    ("price", "value", "expected"),
    [
        (f'xmlns:calcext="{CALC}" calcext:value-type="error" office:value-type="string" office:string-value=""',
         "#DIV/0!", ERROR),
        (f'xmlns:calcext="{CALC}" calcext:value-type="error" office:value-type="float" office:value="0"',
         "#DIV/0!", ERROR),
        ('office:value-type="float" office:value="0"', "#DIV/0!", ERROR),
        ('office:value-type="float"', "of:=1/0", FORMULA),
    ],
)  # fmt: skip
def test_a_price_that_is_no_value_is_refused_in_an_ods(store: None, price: str, value: str, expected: str) -> None:
    shown = "#DIV/0!" if expected == ERROR else ""
    cell = f'<table:table-cell table:formula="of:=1/0" {price}><text:p>{shown}</text:p></table:table-cell>'
    found = plan(ods(("Stock", [ods_text(*HEADER), ods_text(*ROW[:6]) + cell + ods_text(ROW[7])])))
    assert refusals(found) == [(2, "prix unitaire", value, expected)]
    assert found.papers == []


def test_a_formula_without_a_value_in_a_column_that_is_not_taken_harms_nothing(store: None) -> None:
    row = f"<row>{inline(*ROW)}<c><f>G2*F2</f></c></row>"
    found = plan(spreadsheetml(f"<row>{inline(*HEADER, 'xyz')}</row>", row))
    assert (refusals(found), len(found.papers)) == ([], 1)


def test_a_barcode_that_is_a_formula_without_a_value_is_refused(store: None) -> None:
    row = f"<row>{inline('A', 'Savon', 'pièce')}<c><f>A1,B1</f></c></row>"
    found = plan_items(
        spreadsheetml(f"<row>{inline('code', 'désignation', 'unité', 'code barres')}</row>", row), Choices()
    )
    assert [(cell.row, cell.column, cell.value) for cell in found.bad] == [(2, "code barres", "=A1,B1")]


def test_a_total_that_nothing_worked_out_is_a_total(store: None) -> None:
    rows = [f"<row>{inline(*HEADER)}</row>"] + [f"<row>{inline(f'U{at}', *ROW[1:])}</row>" for at in range(5)]
    found = plan(spreadsheetml(*rows, f"<row>{inline('Total', '', '', '', '')}<c><f>SUM(F2:F6)</f></c></row>"))
    assert (refusals(found), len(found.papers)) == ([], 5)
    assert [line.kind for line in found.reader.sheet.left_out] == ["total"]


def test_the_dry_run_says_which_rows_are_hidden(store: None) -> None:
    hidden = {3: ' hidden="1"', 4: ' hidden="1"'}
    rows = [f"<row{hidden.get(at, '')}>{inline(f'U{at}', *ROW[1:])}</row>" for at in range(1, 5)]
    found = plan(spreadsheetml(f"<row>{inline(*HEADER)}</row>", *rows))
    assert (refusals(found), len(found.papers)) == ([], 4)
    (caution,) = found.reader.cautions
    with force_locale("en"):
        assert (caution.row, caution.value, str(caution.message)) == (
            4, "4, 5", "rows that the spreadsheet hides or filters out are read too: 2",
        )  # fmt: skip
    assert found.can_apply(leave_out_bad=False)
