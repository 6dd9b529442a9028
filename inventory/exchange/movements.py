"""Movements in: rows become papers, each posted through the ordinary door, once.

Rows with the same `reference`, warehouse, kind and date are the lines of one paper. Its key is made from the name of
the source and these four (`keys`), so that running the same file again goes on where it stopped and doubles nothing;
the same reference with other content is refused as a reused key, with another date, kind or warehouse in the dry run.
The dry run reads every row, looks up every code, tries each paper (`rehearsing`) and counts what it would take
(`foresight`); while any row is bad nothing is posted, unless bad *papers* are left out whole: a paper is never posted
without its bad lines.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from inventory.access import Identity
from inventory.catalogue import Item, Packaging, Unit, western
from inventory.database import fetch
from inventory.documents import KINDS, reasons
from inventory.parties import Service, Supplier
from inventory.warehouses import Location, Warehouse

from . import values
from .citing import cite
from .export import number_text
from .folding import fold
from .foresight import Foresight
from .keys import BETWEEN, NAMED_BY, doubles, key_of
from .known import Counted, Pack
from .matching import Matcher
from .papers import COLUMNS, Paper
from .posted import otherwise, posted_of
from .problems import BadCell, unreadable
from .reading import Choices, Reader
from .rehearsing import Rehearsing
from .sheet import Row
from .vocabulary import DIRECTIONS, KINDS_OF_PAPER, MOVEMENT_FIELDS, ORIGINS
from .workbook import Cell

MATCHER = Matcher(MOVEMENT_FIELDS)
KIND = values.one_of(
    KINDS_OF_PAPER,
    _l("opening, receipt, issue, move, transfer, transfer receipt, return, write-off or adjustment"),
)
ORIGIN = values.one_of(ORIGINS, _l("purchase, donation or recovery"))
DIRECTION = values.one_of(DIRECTIONS, _l("in or out"))
LARGEST_NUMBER = 10**12 - 1  # printed on a voucher or a receipt book
# The side of a paper that its rows name, and what that is.
SIDES = {
    "receipt": ("source", "supplier"),
    "return": ("source", "service"),
    "transfer_receipt": ("source", "document"),
    "issue": ("target", "service"),
    "transfer": ("target", "warehouse"),
    "write_off": ("target", "reason"),
}
OF_SOME_KINDS = ("origin", *(column for what, column in COLUMNS.items() if what != "reason"))
OPTIONAL_SIDES = {"receipt"}  # a donation or a recovery has no supplier
HEAD = ("note", "reason", *OF_SOME_KINDS)


@dataclass
class MovementPlan:
    """The papers of a file, in the order of their dates, and everything that is wrong with it."""

    reader: Reader
    papers: list[Paper] = field(default_factory=list)

    @property
    def waiting(self) -> list[Paper]:
        """The papers that are not there yet."""
        return [paper for paper in self.papers if not paper.stands]

    @property
    def already_there(self) -> int:
        return len(self.papers) - len(self.waiting)

    @property
    def bad(self) -> list[BadCell]:
        return sorted(self.reader.bad, key=lambda cell: cell.row)

    @property
    def lines(self) -> int:
        """How many rows stand in the papers."""
        return sum(len(paper.rows) for paper in self.papers)

    @property
    def rows_left_out(self) -> int:
        """How many rows are not posted when the bad ones are left out: theirs and all others of their papers."""
        return len(self.reader.sheet.rows) - self.lines

    def can_apply(self, *, leave_out_bad: bool) -> bool:
        return not self.reader.blocking and (leave_out_bad or not self.reader.bad)

    def as_dict(self) -> dict[str, Any]:
        return self.reader.as_dict() | {
            "papers": len(self.papers),
            "lines": self.lines,
        }


def plan_movements(
    content: bytes, choices: Choices, *, source: str, may_post: Callable[[str, str], bool] | None = None,
    today: date | None = None,
) -> MovementPlan:  # fmt: skip
    """The dry run. `source` names the file for ever: the same name and references post the same papers.

    `may_post(kind, warehouse code)` says whether whoever imports may post such a paper there (None: everything). After
    `today` no paper is dated (None: on any day).
    """
    reader = Reader(content, MATCHER, choices)
    for name in ("kind", "warehouse", "on", "reference", "item", "quantity"):
        reader.needs(name, _l("this field: choose its column, or set one value for all rows"))
    plan = MovementPlan(reader)
    if reader.blocking:
        return plan
    premises = _Premises.read()
    papers: dict[uuid.UUID, Paper] = {}
    spoiled: set[uuid.UUID] = set()
    for row in reader.sheet.rows:
        read = _Line(reader, premises, row, today or date.max)
        head = read.head()
        line = read.line(str(head["kind"]))
        if line is None:
            continue
        key = key_of(source, *(head[name] for name in NAMED_BY))
        paper = papers.setdefault(key, Paper(key, str(head["reference"]), _request(head), head=head))
        _check_same_head(reader, row, paper, head)
        _check_right(reader, row, head, may_post)
        paper.request["lines"].append(line)
        paper.rows.append(row.number)
        if reader.is_bad(row):
            spoiled.add(key)
    spoiled |= _torn(papers.values())
    good = [paper for paper in papers.values() if paper.key not in spoiled]
    plan.papers = sorted(good, key=lambda paper: (str(paper.request["on"]), paper.rows[0]))
    if not reader.blocking:
        _foresee(plan, premises, source, papers, today)
    return plan


def _foresee(
    plan: MovementPlan, premises: _Premises, source: str, papers: dict[uuid.UUID, Paper], today: date | None
) -> None:
    """Leaves in the plan what can be posted, as far as can be told before. ``papers``: all that the file holds."""
    spoiled = papers.keys() - {paper.key for paper in plan.papers}
    plan.papers = cite(plan.reader, _new_or_same(plan.reader, source, plan.papers, papers))
    posted = posted_of(papers.values())
    for paper in plan.papers:
        paper.stands = str(paper.key) in posted
    left = otherwise(plan.reader, premises.items, plan.papers, posted)
    plan.papers = [paper for paper in plan.papers if str(paper.key) not in left]
    torn = [papers[key] for key in papers if key in spoiled and str(key) not in posted]
    rehearsing = Rehearsing(plan.reader, plan.waiting + torn, today)
    for paper in torn:  # it is left out for a row that cannot be read: what is wrong with its others is told too
        rehearsing.is_sound(paper)
    foresight = Foresight(plan.reader, premises.items, plan.papers, posted)
    plan.papers = sorted(foresight.possible(rehearsing), key=lambda paper: not paper.stands)


def _new_or_same(reader: Reader, source: str, papers: list[Paper], keys: Iterable[uuid.UUID]) -> list[Paper]:
    """The papers without those that are posted with another day, kind or warehouse, which are listed as bad."""
    twice = doubles(source, {str(paper.key): paper.reference for paper in papers}, set(map(str, keys)))
    for paper in papers:
        if posted := twice.get(str(paper.key)):
            was = {"on": posted.on.isoformat(), "kind": posted.kind, "warehouse": posted.warehouse}
            changed = next(name for name, value in was.items() if value != paper.head[name])
            sentence = _l(
                "a paper that is not posted yet: this one is already %(paper)s, with another day, kind or warehouse; "
                "reverse that first. Another paper needs another reference, or its file another name",
                paper=posted.reference,
            )
            reader.fail_row(paper.rows[0], changed, sentence)
    return [paper for paper in papers if str(paper.key) not in twice]


def _torn(papers: Iterable[Paper]) -> set[uuid.UUID]:
    """The papers to which a row may belong whose reference, store, kind or date cannot be read: it would be missing in
    them."""
    by_words: dict[tuple[str, ...], dict[tuple[str | None, ...], set[uuid.UUID]]] = {}
    found: set[uuid.UUID] = set()
    every = list(papers)
    for vague in every:
        said = tuple(name for name in NAMED_BY if vague.head[name] is not None)
        if len(said) == len(NAMED_BY):
            continue
        if said not in by_words:  # the papers by what such a row still says
            by_words[said] = {}
            for paper in every:
                by_words[said].setdefault(tuple(paper.head[name] for name in said), set()).add(paper.key)
        found |= by_words[said][tuple(vague.head[name] for name in said)]
    return found


def may_post(by: Identity) -> Callable[[str, str], bool]:
    """Whether somebody may post a kind of paper in a warehouse (by code), for ``plan_movements``."""
    ids = {row.code: row.id for row in fetch(select(Warehouse.code, Warehouse.id))}
    return lambda kind, warehouse: by.may(KINDS[kind].action, ids[warehouse])


def _request(head: dict[str, str | None]) -> dict[str, Any]:
    """The paper without its lines, as `POST /documents` takes it."""
    note = BETWEEN.join(part for part in (head["reference"], head["note"]) if part)
    request: dict[str, Any] = {
        "kind": head["kind"],
        "warehouse": head["warehouse"],
        "on": head["on"],
        "note": note,
        "lines": [],
    }
    side, what = SIDES.get(str(head["kind"]), ("", ""))
    named = head[COLUMNS[what]] if side else None
    if named and what != "document":  # a receipt's transfer is looked up once all papers are known
        request[side] = {what: named}
    if head["origin"] or head["kind"] == "receipt":
        request["origin"] = head["origin"] or "purchase"
    if head["reason"] and head["kind"] != "write_off":  # there it is one of the commune's, and the other side
        request["reason"] = head["reason"]
    return request


def _check_same_head(reader: Reader, row: Row, paper: Paper, head: dict[str, str | None]) -> None:
    """All lines of a paper say the same of what stands at its head."""
    for name in HEAD:
        if head[name] != paper.head[name]:
            column, cell = reader.cell(row, name)
            reader.fail(
                row.number,
                column,
                cell,
                _l(
                    "the same as in row %(row)s, which is of the same paper: correct it, or leave this column out",
                    row=paper.rows[0],
                ),
            )


def _check_right(
    reader: Reader, row: Row, head: dict[str, str | None], may_post: Callable[[str, str], bool] | None
) -> None:
    """Whoever imports may post the paper where it stands."""
    if may_post is not None and not reader.is_bad(row) and not may_post(str(head["kind"]), str(head["warehouse"])):
        reader.disagree(row, ("warehouse",), _l("a warehouse where you may post this kind of paper"), by=("kind",))


@dataclass(frozen=True)
class _Premises:
    """Every code that a row may name, read once."""

    items: dict[str, Counted]
    warehouses: set[str]
    services: set[str]
    suppliers: set[str]
    locations: set[tuple[str, str]]
    reasons: set[str]
    units: dict[str, set[str]]

    @classmethod
    def read(cls) -> _Premises:
        packagings: dict[str, dict[str, Pack]] = {}
        packs = select(Item.code, Packaging.name, Packaging.contains, Packaging.divisor)
        for code, *pack in fetch(packs.join(Packaging, Packaging.item_id == Item.id)):
            packagings.setdefault(code, {})[pack[0]] = Pack(*pack)
        counted = select(Item.code, Item.decimals, Unit.code, Item.tracking)
        items = fetch(counted.join(Unit, Unit.id == Item.unit_id))
        places = select(Warehouse.code, Location.code).join(Location, Location.warehouse_id == Warehouse.id)
        return cls(
            {
                code: Counted(decimals, unit, packagings.get(code, {}), tracking)
                for code, decimals, unit, tracking in items
            },
            _codes(Warehouse),
            _codes(Service),
            _codes(Supplier),
            {(warehouse, location) for warehouse, location in fetch(places)},
            {reason.code for reason in reasons() if reason.is_active},
            _spoken(),
        )


def _own_side(kind: str | None) -> str:
    """The field that names the other side of such a paper."""
    _side, what = SIDES.get(kind or "", ("", ""))
    return COLUMNS.get(what, "")


def _spoken() -> dict[str, set[str]]:
    """The codes of the units that have a folded name, in any language."""
    found: dict[str, set[str]] = {}
    for code, *names in fetch(select(Unit.code, Unit.name_fr, Unit.name_ar, Unit.name_en)):
        for name in filter(None, map(fold, names)):
            found.setdefault(name, set()).add(code)
    return found


def _codes(kind: type[Warehouse] | type[Service] | type[Supplier]) -> set[str]:
    return {code for (code,) in fetch(select(kind.code))}


class _Line:
    """One row, read as the head of its paper and as one of its lines."""

    def __init__(self, reader: Reader, premises: _Premises, row: Row, today: date):
        self.today = today
        self.reader = reader
        self.premises = premises
        self.row = row

    def head(self) -> dict[str, str | None]:
        kind = self._take("kind", KIND, is_required=True)
        on = self.reader.day(self.row, "on", is_required=True, latest=self.today)
        found = {
            "kind": kind,
            "on": on.isoformat() if on else None,
            "reference": self._take("reference", values.code, is_required=True),
            "warehouse": self._code("warehouse", self.premises.warehouses, is_required=True),
            "note": self._take("note", lambda cell: values.text(cell, 500)),
            "reason": self._reason(kind),
            "origin": self._take("origin", ORIGIN),
            "supplier": self._code("supplier", self.premises.suppliers),
            "service": self._code("service", self.premises.services),
            "target_warehouse": self._code("target_warehouse", self.premises.warehouses),
            "transfer": self._take("transfer", values.code),
        }
        self._leave_to_others(kind, found)
        self._check_side(kind, found)
        return found

    def line(self, kind: str) -> dict[str, Any] | None:
        """The line; None for what a list of opening stock counts as none: there is nothing to open, and it is told."""
        code = self._code("item", self.premises.items, is_required=True)
        goods = self.premises.items.get(code or "")
        unit = self._unit(goods)
        decimals = 3 if goods is None or unit is not None else goods.decimals
        quantity = self.reader.quantity(
            self.row, "quantity", is_required=True, decimals=decimals, is_zero_allowed=kind == "opening"
        )
        expires_on = self.reader.day(self.row, "expires_on")
        found: dict[str, Any] = {
            "item": code,
            "quantity": number_text(quantity) if quantity is not None else None,
            "unit": unit,
            "unit_cost": self._money(),
            "lot": self._take("lot", lambda cell: values.code(cell, 60)),
            "expires_on": expires_on.isoformat() if expires_on else None,
            "location": self._location("location", "warehouse"),
            "target_location": self._location("target_location", "warehouse"),
            "direction": self._take("direction", DIRECTION),
            "first_number": self._number("first_number"),
            "last_number": self._number("last_number"),
        }
        if quantity == 0 and not self.reader.is_bad(self.row):
            column, cell = self.reader.cell(self.row, "quantity")
            self.reader.caution(self.row.number, column, cell, _l("no stock to open with: this row is passed over"))
            return None
        return {name: value for name, value in found.items() if value is not None}

    def _take(self, name: str, parse: Callable[[Cell], str], *, is_required: bool = False) -> str | None:
        return self.reader.take(self.row, name, parse, is_required=is_required)

    def _number(self, name: str) -> int | None:
        return self.reader.take(self.row, name, lambda cell: values.whole(cell, 0, LARGEST_NUMBER))

    def _code(self, name: str, known: Container[str], *, is_required: bool = False) -> str | None:
        def parse(cell: Cell) -> str:
            code = values.code(cell)
            found = next((one for one in (code, western(code)) if one in known), None)
            return found or unreadable(_l("a code that exists: add it first, or correct it"))

        return self._take(name, parse, is_required=is_required)

    def _reason(self, kind: str | None) -> str | None:
        """A write-off names one of the commune's reasons; elsewhere it is a text."""
        if kind == "write_off":
            return self._code("reason", self.premises.reasons)
        return self._take("reason", lambda cell: values.text(cell, 300))

    def _leave_to_others(self, kind: str | None, found: dict[str, str | None]) -> None:
        """Where each row says its kind, what is set for all rows is meant for the papers that take it."""
        said = self.reader.matching.constants
        own = (_own_side(kind), "origin" if kind == "receipt" else "")
        if "kind" not in said:
            found |= {name: None for name in OF_SOME_KINDS if name in said and name not in own}

    def _check_side(self, kind: str | None, found: dict[str, str | None]) -> None:
        """An issue names its service, a transfer its other store, its receipt the transfer, a write-off its reason."""
        name = _own_side(kind)
        if name and kind not in OPTIONAL_SIDES and not found[name] and not self.reader.is_bad(self.row):
            self.reader.disagree(self.row, (name,), _l("a value: this kind of paper needs it"), by=("kind",))

    def _unit(self, goods: Counted | None) -> str | None:
        """The packaging the row counts in; None for the item's own unit."""
        unit = self._take("unit", lambda cell: values.text(cell, 60))
        if unit is None or goods is None:
            return None
        meant = goods.meant(unit, self.premises.units)
        if meant is None:
            column, cell = self.reader.cell(self.row, "unit")
            names = ", ".join([goods.unit, *goods.packagings])
            self.reader.fail(self.row.number, column, cell, _l("a unit of this item: %(names)s", names=names))
        return None if meant == goods.unit else meant

    def _money(self) -> str | None:
        cost = self.reader.money(self.row, "unit_cost")
        return None if cost is None else number_text(cost)

    def _location(self, name: str, warehouse: str) -> str | None:
        location = self._take(name, values.code)
        store = self.reader.known(self.row, warehouse, values.code)
        if location is not None and (store, location) not in self.premises.locations:
            sentence = _l("a place in this warehouse: add it first, or correct it")
            self.reader.disagree(self.row, (name,), sentence, by=(warehouse,))
        return location
