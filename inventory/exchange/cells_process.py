"""A small program of its own: prints the cells of a workbook (path and sheet number in argv) as lines of JSON.

Spreadsheet files come from strangers. A few kilobytes can claim a billion cells, and the parser would ask for that much
memory before we could look. So it runs apart, with a ceiling on memory and processor time: it dies, the server does
not. Run by path, never imported: it must not load the application.

First line: the visible sheets, `[[number, name], …]`. Then, when a sheet is named, one line per row from row 1: a
list of null, true/false, "text", {"n": "decimal"} or {"d": "2026-11-23"} or {"t": "2026-11-23 10:30:00"}.
"""

import datetime
import json
import re
import resource
import sys
import zipfile
from xml.etree import ElementTree

from python_calamine import CalamineWorkbook, SheetVisibleEnum

MEMORY = 1 << 30
SECONDS = 60
ERROR_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>(?:<(?:\w+:)?f\b.*?</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)?<(?:\w+:)?v>(#[^<]*)</"
)
ERROR_TYPE = re.compile(rb"\bt\s*=\s*[\"']e[\"']")
REFERENCE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,3})(\d{1,7})[\"']")


def cell(value: object) -> object:
    if value is None or value == "":
        return None
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int | float):
        return {"n": number(value)}
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return {"d": value.date().isoformat()} if midnight else {"t": value.isoformat(" ")}
    if isinstance(value, datetime.date):
        return {"d": value.isoformat()}
    return {"t": str(value)}


def number(value: float) -> str:
    """What the spreadsheet shows: it keeps fifteen digits, the rest is noise of binary fractions (0.1 + 0.2)."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e22):
        return str(int(value))
    exact = repr(value)
    digits = exact.partition("e")[0].replace(".", "").replace("-", "").lstrip("0")
    return exact if len(digits) <= 15 else f"{value:.15g}"


def main(path: str, chosen: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    with CalamineWorkbook.from_path(path) as workbook:
        out = sys.stdout
        sheets = [
            [at, meta.name]
            for at, meta in enumerate(workbook.sheets_metadata)
            if meta.visible == SheetVisibleEnum.Visible and workbook.get_sheet_by_index(at).end
        ]
        out.write(json.dumps(sheets) + "\n")
        if chosen == "" and len(sheets) == 1:  # nobody had to choose
            chosen = str(sheets[0][0])
        if chosen.isdecimal():
            sheet = workbook.get_sheet_by_index(int(chosen))
            rows, columns = (place + 1 for place in sheet.end or (-1, -1))
            out.write(json.dumps([rows, columns]) + "\n")
            errors = error_cells(path, sheet.name)
            for row_number, row in enumerate(sheet.to_python(skip_empty_area=False), start=1):
                cells = [cell(value) for value in row]
                for column, error in errors.get(row_number, ()):
                    cells[column] = error
                out.write(json.dumps(cells, ensure_ascii=False) + "\n")


def error_cells(path: str, name: str) -> dict[int, list[tuple[int, str]]]:
    """Row → (column, "#DIV/0!") of an XLSX sheet. The parser hands errors out as empty cells: that would hide them."""
    found: dict[int, list[tuple[int, str]]] = {}
    if not zipfile.is_zipfile(path):
        return found
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return found
        xml = archive.read(sheet_path(archive, name))
        for attributes, error in ERROR_CELL.findall(xml):
            place = REFERENCE.search(attributes)
            if ERROR_TYPE.search(attributes) and place:
                letters, row = place.groups()
                column = 0
                for letter in letters:
                    column = column * 26 + letter - 64
                found.setdefault(int(row), []).append((column - 1, error.decode()))
    return found


def sheet_path(archive: zipfile.ZipFile, name: str) -> str:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 (apart, under ceilings)
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 (as above)
    (sheet,) = (node for node in book.iter() if node.tag.endswith("}sheet") and node.get("name") == name)
    link = next(value for key, value in sheet.items() if key.endswith("}id"))
    target = next(node.get("Target", "") for node in links if node.get("Id") == link)
    return target.lstrip("/") if target.startswith("/") else "xl/" + target


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
