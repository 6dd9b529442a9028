"""A paper while it is being written: what was typed, kept as typed, and what it means.

A sheet goes three ways: from a form, from and into a draft (the JSON the API would post, plus its key), and into an
``Order``. Nothing typed is ever thrown away: what cannot be read stays in its field with the reason beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from flask_babel import lazy_gettext as _l

from inventory.documents import KINDS, Document, LineOrder, Order, Side
from inventory.errors import Fault, fault
from inventory.texts import coded, honest, read_day
from inventory.web.numbers import Ambiguous, decimal

MOST_LINES = 400
LINE_FIELDS = (
    "item", "quantity", "unit", "lot", "expires_on", "location", "target_location", "target_item", "target_quantity",
    "target_lot", "unit_cost", "direction", "first_number", "last_number", "reason",
)  # fmt: skip
CODES = ("lot", "target_lot", "location", "target_location")
TYPED = ("item", "target_item")
"""Fields with a search behind them: what was typed is kept beside what was chosen."""

DETAILS = ("delivery_note",)
_LINE = re.compile(r"lines-(\d{1,4})-(\w+)")


@dataclass(frozen=True, slots=True)
class Form:
    """What the form of a kind asks for. ``arrives``: goods come in, so that a lot is typed and not chosen;
    ``is_bought``: what is out of use is not offered."""

    side: str | None = None
    party: str | None = None
    arrives: bool = False
    is_priced: bool = False
    is_moved: bool = False
    is_bought: bool = False


FORMS: dict[str, Form] = {
    "opening": Form(arrives=True, is_priced=True),
    "receipt": Form("source", "supplier", arrives=True, is_priced=True, is_bought=True),
    "issue": Form("target", "service"),
    "move": Form(is_moved=True),
    "transfer": Form("target", "warehouse"),
    "transfer_receipt": Form("source", "document", arrives=True),
    "return": Form("source", "service", arrives=True, is_priced=True),
    "write_off": Form("target", "reason"),
    "adjustment": Form(is_priced=True),
    "conversion": Form(),
}


@dataclass(slots=True)
class Sheet:
    """``head`` and ``rows`` hold text as typed; ``key`` makes sure that this sheet is posted once."""

    kind: str
    warehouse: str
    head: dict[str, str] = field(default_factory=dict)
    rows: list[dict[str, str]] = field(default_factory=list)
    key: str = field(default_factory=lambda: str(uuid4()))
    draft_id: int | None = None
    revision: int | None = None

    @property
    def form(self) -> Form:
        return FORMS[self.kind]

    @property
    def cited(self) -> str:
        """The id of the transfer this paper receives or settles, or nothing."""
        return self.head.get("party", "") if self.form.party == "document" else self.head.get("source", "")

    @classmethod
    def from_form(cls, posted: Mapping[str, str]) -> Sheet | None:
        """What was typed; None when the form is of no kind we know."""
        if posted.get("kind") not in FORMS:
            return None
        rows: dict[int, dict[str, str]] = {}
        for name, value in posted.items():
            found = _LINE.fullmatch(name)
            if found and (found[2] in LINE_FIELDS or found[2].removesuffix("_shown") in TYPED):
                clean = coded if found[2] in CODES else honest
                rows.setdefault(int(found[1]), {})[found[2]] = clean(value.strip())
        names = ("on", "party", "party_shown", "source", "origin", "note", "reason", *DETAILS)
        head = {name: honest(posted[name].strip()) for name in names if name in posted}
        return cls(
            posted["kind"], posted.get("warehouse", ""), head,
            [rows[key] for key in sorted(rows)],
            key=posted.get("key", "") or str(uuid4()),
            draft_id=_whole(posted.get("draft")), revision=_whole(posted.get("revision")),
        )  # fmt: skip

    @classmethod
    def from_content(cls, content: Mapping[str, Any], *, key: str | None = None) -> Sheet:
        """From a draft, or from the content of a posted paper."""
        kind = str(content.get("kind"))
        form = FORMS[kind]
        head = {name: _text(content.get(name)) for name in ("on", "origin", "note", "reason")}
        head |= {name: _text((content.get("details") or {}).get(name)) for name in DETAILS}
        if form.side:
            head["party"] = _text((content.get(form.side) or {}).get(form.party))
        if form.side != "source":
            head["source"] = _text((content.get("source") or {}).get("document"))
        rows = [
            {name: _text(line.get(name)) for name in (*LINE_FIELDS, *(f"{name}_shown" for name in TYPED))}
            for line in content.get("lines") or []
        ]
        return cls(kind, _text(content.get("warehouse")), head, rows, key=key or str(content.get("key") or uuid4()))

    @classmethod
    def copy_of(cls, document: Document, *, numbered: Collection[str] = ()) -> Sheet:
        """A new sheet with what a posted paper asked for: lots that were chosen by first expiry are left open again.
        ``numbered``: the codes of items of which each has a number of its own, which is kept."""
        sheet = cls.from_content(document.content | {"on": ""}, key=str(uuid4()))
        if document.kind == "conversion":
            sheet.rows = _converted_again(document.lines)
            return sheet
        for row, line in zip(sheet.rows, document.lines, strict=True):
            if "unit_cost" not in KINDS[document.kind].fields or row.get("direction") == "out":
                row["unit_cost"] = ""
            if sheet.form.side != "source" and sheet.cited:  # it came off the road: its one place is where it went
                row |= {"location": "", "target_location": row["location"] if sheet.form.is_moved else ""}
            elif not sheet.form.is_moved:
                row["target_location"] = ""
            row["unit"] = "" if line["unit"] == line["base_unit"] else row["unit"]
        if document.kind in ("issue", "transfer"):
            sheet.rows = _left_open(sheet.rows, document.lines, numbered)
        return sheet

    def content(self) -> dict[str, Any]:
        """As a draft keeps it: the shape of the API's paper."""
        lines = [{name: value for name, value in row.items() if value} for row in self.rows]
        content: dict[str, Any] = {"kind": self.kind, "warehouse": self.warehouse, "key": self.key, "lines": lines}
        content |= {name: self.head[name] for name in ("on", "origin", "note", "reason") if self.head.get(name)}
        if details := {name: self.head[name] for name in DETAILS if self.head.get(name)}:
            content["details"] = details
        if self.form.side and self.head.get("party"):
            content[self.form.side] = {self.form.party: self.head["party"]}
        if self.form.side != "source" and self.head.get("source"):
            content["source"] = {"document": self.head["source"]}
        return content

    def order(self) -> tuple[Order, list[Fault], list[int]]:
        """What is asked, what cannot be read, and for each line of the order the row it was typed in."""
        faults: list[Fault] = []
        places = [index for index, row in enumerate(self.rows) if not _is_empty(row, self.kind)]
        lines = tuple(_line(number, self.rows[index], faults) for number, index in enumerate(places))
        sides = {"source": None, "target": None}
        if self.form.side and self.form.party and self.head.get("party"):
            sides[self.form.side] = Side(self.form.party, self.head["party"])  # type: ignore[assignment]
        if self.form.side != "source" and self.head.get("source"):
            sides["source"] = Side("document", self.head["source"])  # type: ignore[assignment]
        order = Order(
            self.kind, self.warehouse, lines,
            on=_read(self.head.get("on", ""), _day, "/on", faults),
            source=sides["source"], target=sides["target"],
            origin=(self.head.get("origin") or None) if self.kind == "receipt" else None,
            reason=self.head.get("reason") or None,
            note=self.head.get("note", ""),
            details={name: self.head[name] for name in DETAILS if self.head.get(name)},
        )  # fmt: skip
        return order, faults, places


def _is_empty(row: Mapping[str, str], kind: str) -> bool:
    """A row nobody filled; on a transfer receipt also one of which nothing arrived."""
    if kind == "transfer_receipt":
        is_numbered = row.get("first_number") or row.get("last_number")
        return not is_numbered and row.get("quantity", "").strip("0.,٠ ") == ""
    return not any(value for name, value in row.items() if name not in ("direction", "unit"))


def _line(number: int, row: Mapping[str, str], faults: list[Fault]) -> LineOrder:
    def read(name: str, meaning: Callable[[str], Any]) -> Any:
        return _read(row.get(name, ""), meaning, f"/lines/{number}/{name}", faults)

    return LineOrder(
        item=row.get("item") or row.get("item_shown", ""),
        quantity=read("quantity", decimal),
        unit=row.get("unit") or None,
        lot=row.get("lot") or None,
        expires_on=read("expires_on", _day),
        location=row.get("location") or None,
        target_location=row.get("target_location") or None,
        target_item=row.get("target_item") or row.get("target_item_shown") or None,
        target_lot=row.get("target_lot") or None,
        target_quantity=read("target_quantity", decimal),
        unit_cost=read("unit_cost", decimal),
        direction=row.get("direction") or None,
        first_number=read("first_number", _number),
        last_number=read("last_number", _number),
        reason=row.get("reason") or None,
    )


def _read(text: str, meaning: Callable[[str], Any], pointer: str, faults: list[Fault]) -> Any:
    """What a text means, None for nothing; what means nothing is noted as a fault."""
    if not text:
        return None
    try:
        return meaning(text)
    except Ambiguous as number:
        message = _l("“%(text)s” can be read in two ways: write %(thousands)s, or %(fraction)s.")
        faults.append(
            fault(pointer, "ambiguous", message, text=text[:60], thousands=number.thousands, fraction=number.fraction)
        )
        return None
    except ValueError:
        message = _l("“%(text)s” is not a date.") if meaning is _day else _l("“%(text)s” is not a number.")
        faults.append(fault(pointer, "format", message, text=text[:60]))
        return None


def _number(text: str) -> int:
    """A number printed on a voucher or a receipt: digits of either script, nothing else."""
    if not re.fullmatch(r"\d{1,12}", text):
        raise ValueError(text)
    return int(text)


def _day(text: str) -> date:
    if (day := read_day(text)) is None:
        raise ValueError(text)
    return day


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _converted_again(lines: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The rows of a conversion: each pair of posted lines, what left and what came, is one row again, in base units.
    Where several lots or places gave, none is named: they are chosen anew, as they were."""
    rows: dict[int, dict[str, str]] = {}
    for line in lines:
        lot, place = _text(line["lot"]), _text(line["location"])
        kept = {name: _text(line[name]) for name in ("item", "first_number", "last_number", "reason")}
        row = rows.setdefault(line["line"], kept | {"lot": lot, "location": place, "quantity": "0"})
        if line["item"] == row["item"]:
            row["quantity"] = _sum(row["quantity"], line["base_quantity"])
            row |= {name: "" for name, given in (("lot", lot), ("location", place)) if row[name] != given}
            continue
        row |= {"target_item": line["item"], "target_lot": lot, "expires_on": _text(line["expires_on"])}
        row |= {"target_quantity": line["base_quantity"], "target_location": place}
    return list(rows.values())


def _left_open(
    rows: list[dict[str, str]], lines: list[dict[str, Any]], numbered: Collection[str]
) -> list[dict[str, str]]:
    """The rows as they were asked: a line that several lots gave is one again, and what was not chosen by hand (with a
    reason, or by its number) is chosen anew."""
    asked: dict[int, dict[str, str]] = {}
    kept = []
    for row, line in zip(rows, lines, strict=True):
        if line["reason"] or line["first_number"] is not None or line["item"] in numbered:
            kept.append(row)
            continue
        first = asked.get(line["line"])
        if first is None:
            asked[line["line"]] = row
            row |= {"lot": "", "location": "", "expires_on": ""}
            kept.append(row)
        else:  # it was split, and counts in base units
            first["quantity"] = _sum(first["quantity"], line["base_quantity"])
    return kept


def _sum(first: str, second: str) -> str:
    return f"{Decimal(first) + Decimal(second):f}"
