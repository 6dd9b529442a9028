"""A small program of its own: prints the cells of a workbook (path and sheet number in argv) as lines of JSON.

Spreadsheet files come from strangers. A few kilobytes can claim a billion cells, and the parser would ask for that much
memory before we could look. So it runs apart, with a ceiling on memory and processor time: it dies, the server does
not. Run by path, never imported: it must not load the application.

First line: the visible sheets, `[[number, name], …]`. Then, when a sheet is named, its size and which of its rows are
hidden, `[rows, columns, [row, …]]`, and one line per row from row 1: a list of null, true/false, "text",
{"n": "decimal"}, {"d": "2026-11-23"}, {"t": "2026-11-23 10:30:00"}, {"e": "#DIV/0!"} for an error of the spreadsheet or
{"f": "=A1/2"} for a formula that nothing has worked out.
"""

import datetime
import json
import re
import resource
import sys
import zipfile
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

MEMORY = 1 << 30
SECONDS = 60
CHUNK = 1 << 20
# A formula, an error, a hidden row, zeros before a number, entities; what is in UTF-16 is read whatever it holds.
MARKED = rb"<(?:\w+:)?f\b|=\s*[\"']e[\"']|hidden|formula|error|visibility|>0\d+<|<!DOCTYPE|\x00"
PADDED = re.compile(r"(?:\[[^\]]*\])?(0{2,})(?:;@)?")  # a number format that shows zeros: 00000
ERROR = re.compile(r"#(N/A|N/D|REF|VALUE|VALEUR|NAME|NOM|DIV/0|NUM|NOMBRE|NULL)\s?[!?]?|Err:\d+")
OFFICE, TABLE, TEXT = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0 " for name in ("office", "table", "text"))
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
VALUES = {"date": "date-value", "time": "time-value", "boolean": "boolean-value", "string": "value-type"}


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
            show(path, workbook.get_sheet_by_index(int(chosen)))


def show(path: str, sheet: CalamineSheet) -> None:
    """Prints a sheet: the values the parser reads, and in their places what it hands out as empty cells."""
    rows, columns = (place + 1 for place in sheet.end or (-1, -1))
    marks = marks_of(path, sheet.name, rows, columns)
    rows = max([rows, *marks.cells])
    sys.stdout.write(json.dumps([rows, columns, marks.hidden]) + "\n")
    values = iter(sheet.to_python(skip_empty_area=False))
    for number in range(1, rows + 1):
        cells = [cell(value) for value in next(values, ())]
        for column, mark in marks.cells.get(number, {}).items():
            cells += [None] * (column + 1 - len(cells))
            cells[column] = padded(cells[column], mark["z"]) if "z" in mark else mark
        sys.stdout.write(json.dumps(cells, ensure_ascii=False) + "\n")


def padded(value: object, width: str) -> object:
    """A number as it is shown: what is a code has its zeros, what is a quantity is the same with them."""
    digits = value.get("n", "") if isinstance(value, dict) else ""
    return digits.zfill(int(width)) if digits.isdecimal() else value


# What the parser does not tell: errors, formulas without a value, hidden rows, zeros before a number


class Marks:
    """What is told of a sheet while its XML streams by: row → column (from 0) → mark, and the hidden rows.

    A formula has no value when a program wrote it that works nothing out: until a spreadsheet has done so nobody knows
    what the cell says, and it is not empty.
    """

    def __init__(self, name: str, rows: int, columns: int) -> None:
        self.name, self.rows, self.columns = name, rows, columns
        self.cells: dict[int, dict[int, dict[str, str]]] = {}
        self.hidden: list[int] = []
        self.row = 0
        self.kept: list[str] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True

    def read(self, file: IO[bytes]) -> None:
        self.parser.StartDoctypeDeclHandler = refuse_doctype
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.start, self.end
        self.parser.ParseFile(file)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError

    def keep(self, *, is_kept: bool = True) -> None:
        """Text is listened to only where it matters: there are millions of it."""
        self.parser.CharacterDataHandler = self.kept.append if is_kept else None

    def mark(self, row: int, column: int, mark: dict[str, str]) -> None:
        self.cells.setdefault(row, {})[column] = mark


class Xlsx(Marks):
    """The XML of a sheet of an XLSX. A cell that does not say where it stands comes behind the one before it."""

    is_open = False  # a cell of which the texts matter
    reference = type = ""
    behind = 0
    formula: str | None = None
    value: str | None = None
    tags: dict[str, str] | None = None

    def __init__(self, name: str, rows: int, columns: int, widths: dict[str, str]) -> None:
        super().__init__(name, rows, columns)
        self.widths = widths  # of the styles that show zeros before a number

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self.tags is None:  # the root says in which namespace the others stand
            space = name.rpartition(" ")[0]
            self.tags = {f"{space} {tag}".lstrip(): tag for tag in ("row", "c", "f", "v", "t")}
            return
        tag = self.tags.get(name)
        if tag == "c":
            reference = attributes.get("r")
            self.reference, self.behind = (reference, 0) if reference else (self.reference, self.behind + 1)
            self.type = attributes.get("t", "")
            self.is_open, self.formula, self.value = self.type == "e", None, None
            if attributes.get("s") in self.widths:
                self.mark(self.row, column_of(self.reference) + self.behind, {"z": self.widths[attributes["s"]]})
        elif tag == "row":
            self.row, self.reference, self.behind = int(attributes.get("r", self.row + 1)), "", 0
            if attributes.get("hidden") in ("1", "true"):
                self.hidden.append(self.row)
        elif tag == "f" or (tag and self.is_open):
            self.is_open = True
            self.kept = []
            self.keep()

    def end(self, name: str) -> None:
        if not self.is_open or self.tags is None:
            return
        tag = self.tags.get(name)
        if tag == "c":
            self.is_open = False
            self.close_cell()
        elif tag == "f":
            self.formula = "".join(self.kept)
        elif tag:
            self.value = "".join(self.kept)
        self.keep(is_kept=False)

    def close_cell(self) -> None:
        # A text that a formula makes may be empty: then it was worked out.
        is_known = self.value is not None if self.type == "str" else bool(self.value)
        if self.type == "e":
            self.mark(self.row, column_of(self.reference) + self.behind, {"e": self.value or "#"})
        elif self.formula is not None and not is_known:
            self.mark(self.row, column_of(self.reference) + self.behind, {"f": "=" + self.formula})


class Ods(Marks):
    """The XML of an ODS, which holds all sheets. Cells and rows that repeat are written once."""

    depth = inside = column = 0
    row_times = 1
    attributes: dict[str, str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == TABLE + "table":
            self.depth += bool(self.depth or attributes.get(TABLE + "name") == self.name)
        elif self.attributes is not None:
            self.inside += 1
            if self.inside == 1:
                self.keep(is_kept=name == TEXT + "p")
        elif self.depth == 1 and name == TABLE + "table-row":
            self.row, self.column = self.row + 1, 0
            self.row_times = int(attributes.get(TABLE + "number-rows-repeated", 1))
            if attributes.get(TABLE + "visibility", "visible") != "visible":
                self.hidden += self.repeated(self.row, self.row_times, self.rows)
        elif self.depth == 1 and name in (TABLE + "table-cell", TABLE + "covered-table-cell"):
            self.attributes, self.kept = attributes, []

    def end(self, name: str) -> None:
        if name == TABLE + "table":
            self.depth -= bool(self.depth)
        elif self.attributes is not None and self.inside:
            self.inside -= 1
            self.keep(is_kept=bool(self.inside) and self.parser.CharacterDataHandler is not None)
        elif self.attributes is not None:
            self.close_cell(self.attributes, "".join(self.kept))
            self.attributes = None
        elif self.depth == 1 and name == TABLE + "table-row":
            self.row += self.row_times - 1

    def close_cell(self, attributes: dict[str, str], shown: str) -> None:
        times = int(attributes.get(TABLE + "number-columns-repeated", 1))
        if mark := self.mark_of(attributes, shown):
            for row in self.repeated(self.row, self.row_times, self.rows):
                for column in self.repeated(self.column, times, self.columns - 1):
                    self.mark(row, column, mark)
        self.column += times

    @staticmethod
    def repeated(first: int, times: int, last: int) -> range:
        """The places of what repeats, as far as the sheet has something: a million times nothing may end it."""
        return range(first, max(min(first + times, last + 1), first + 1))

    @staticmethod
    def mark_of(attributes: dict[str, str], shown: str) -> dict[str, str] | None:
        formula = attributes.get(TABLE + "formula")
        is_error = formula is not None and ERROR.fullmatch(shown.strip())
        if is_error or attributes.get(CALC + "value-type") == "error":
            return {"e": shown or "#"}
        held = VALUES.get(attributes.get(OFFICE + "value-type", ""), "value")
        if formula is not None and OFFICE + held not in attributes:
            return {"f": formula}
        return {"z": str(len(shown))} if held == "value" and re.fullmatch(r"0\d+", shown) else None


def marks_of(path: str, name: str, rows: int, columns: int) -> Marks:
    """What the XML of a sheet tells, read in one pass; nothing of a file that is no archive (XLS)."""
    if not zipfile.is_zipfile(path):
        return Marks(name, rows, columns)
    with zipfile.ZipFile(path) as archive:
        is_xlsx = "xl/workbook.xml" in archive.namelist()
        widths = widths_of(archive) if is_xlsx else {}
        marks: Marks = Xlsx(name, rows, columns, widths) if is_xlsx else Ods(name, rows, columns)
        member = sheet_path(archive, name) if is_xlsx else "content.xml"
        styled = "".join(f"|\\bs=[\"']{style}[\"']" for style in widths)
        if has_any(archive, member, re.compile(MARKED + styled.encode())):
            with archive.open(member) as file:
                marks.read(file)
    return marks


def widths_of(archive: zipfile.ZipFile) -> dict[str, str]:
    """The styles of an XLSX that show zeros before a number, and to how many digits."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))  # noqa: S314 (apart, under ceilings)
    formats = {
        node.get("numFmtId"): str(len(found[1]))
        for node in styles.iter()
        if node.tag.endswith("}numFmt") and (found := PADDED.fullmatch(node.get("formatCode", "")))
    }
    cells = next((node for node in styles if node.tag.endswith("}cellXfs")), ())
    return {str(at): formats[node.get("numFmtId")] for at, node in enumerate(cells) if node.get("numFmtId") in formats}


def has_any(archive: zipfile.ZipFile, member: str, marked: re.Pattern[bytes]) -> bool:
    """Whether there may be anything to mark. Most files hold plain values, and looking for a word is ten times faster
    than reading."""
    before = b""
    with archive.open(member) as file:
        while part := file.read(CHUNK):
            if marked.search(before + part):
                return True
            before = part[-64:]
    return False


def refuse_doctype(*_said: object) -> None:
    """No spreadsheet program declares entities: that is how a few bytes are made to mean gigabytes."""
    raise ValueError("a workbook with a document type")


def column_of(reference: str) -> int:
    """The column, from 0, that a reference such as "AB12" names; before the first, when there is none."""
    column = 0
    for letter in reference.rstrip("0123456789"):
        column = column * 26 + ord(letter) - 64
    return column - 1


def sheet_path(archive: zipfile.ZipFile, name: str) -> str:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 (apart, under ceilings)
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 (as above)
    (sheet,) = (node for node in book.iter() if node.tag.endswith("}sheet") and node.get("name") == name)
    link = next(value for key, value in sheet.items() if key.endswith("}id"))
    target = next(node.get("Target", "") for node in links if node.get("Id") == link)
    return target.lstrip("/") if target.startswith("/") else "xl/" + target


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
