"""Documents: posted papers as people speak of them, found again by number, code, item, day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from inventory.access import Identity, User, require
from inventory.database import db, page_of
from inventory.documents.contents import TWO_WAYS
from inventory.documents.kinds import ABBREVIATIONS
from inventory.errors import found
from inventory.ledger import UNPRICED, Entry, Movement
from inventory.warehouses import Location, Warehouse

KINDS_BY_ABBREVIATION = {short: kind for kind, short in ABBREVIATIONS.items()}


@dataclass(slots=True)
class Document:
    """A posted paper. ``content`` is what was recorded (see ``posting``), the rest its place in the register."""

    entry_id: int
    kind: str
    warehouse: str
    warehouse_id: int
    year: int
    position: int
    number_in_year: int
    on: date
    recorded_at: datetime
    by: str
    actor_id: int
    code: str
    hash: str
    previous_hash: str
    reverses_id: int | None
    cites_id: int | None
    content: dict[str, Any] = field(repr=False)
    is_practice: bool = False
    reverses: str | None = None
    reversed_by: str | None = None
    reversed_by_id: int | None = None
    is_replay: bool = False

    @property
    def id(self) -> str:
        """The opaque id of the API and of addresses."""
        return str(self.entry_id)

    @property
    def number(self) -> str:
        """As written on the paper: ``12/2026``."""
        return f"{self.number_in_year}/{self.year}"

    @property
    def reference(self) -> str:
        """As cited elsewhere: ``CENTRAL/BS/2026/000012``."""
        return reference(self.warehouse, self.kind, self.year, self.number_in_year)

    @property
    def form(self) -> str:
        """The kind of paper on whose form it stands: a reversal on that of what it reverses."""
        return KINDS_BY_ABBREVIATION.get(self.reverses.split("/")[-3], self.kind) if self.reverses else self.kind

    @property
    def ways(self) -> list[str | None]:
        """Per line ``in`` or ``out``, where a paper goes both ways. A line says it itself; one of a conversion by its
        order: of each pair, the first item leaves."""
        if self.form not in TWO_WAYS:
            return [None] * len(self.lines)
        first: dict[int, str] = {}
        for line in self.lines:
            first.setdefault(line["line"], line["item"])
        return [
            line.get("direction") or ("out" if line["item"] == first[line["line"]] else "in") for line in self.lines
        ]

    @property
    def lines(self) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = self.content["lines"]
        return lines

    @classmethod
    def of(cls, entry: Entry, *, by: str, store: str, is_practice: bool, reversal: Entry | None = None) -> Document:
        """From an entry, its author and its store."""
        content = json.loads(entry.paper)
        return cls(
            entry.id, entry.kind, store, entry.warehouse_id, entry.year, entry.position, entry.number, entry.on,
            entry.recorded_at, by, entry.actor_id, entry.code, entry.hash, entry.previous_hash, entry.reverses_id,
            entry.cites_id, content, is_practice,
            reverses=content.get("reverses"),
            reversed_by=reference(store, reversal.kind, reversal.year, reversal.number) if reversal else None,
            reversed_by_id=reversal.id if reversal else None,
        )  # fmt: skip


def reference(warehouse: str, kind: str, year: int, number: int) -> str:
    """A paper's citation; a kind that later rooms add stands under its own name."""
    return f"{warehouse}/{ABBREVIATIONS.get(kind, kind)}/{year}/{number:06d}"


_reversal = aliased(Entry)

PRICED = ("opening", "receipt")
"""The kinds of which a price is expected."""


def _question() -> Select[Any]:
    return (
        select(Entry, User.username, Warehouse.code, Warehouse.is_practice, _reversal)
        .join(User, User.id == Entry.actor_id)
        .join(Warehouse, Warehouse.id == Entry.warehouse_id)
        .outerjoin(_reversal, _reversal.reverses_id == Entry.id)
    )


def document_of(entry_id: int) -> Document:
    """The paper of an entry; NotFound when there is none."""
    return _one(_question().where(Entry.id == entry_id), str(entry_id))


def documents_by_id(entry_ids: Sequence[int]) -> list[Document]:
    """The papers of several entries, in their order, in one question."""
    rows = db.session.execute(_question().where(Entry.id.in_(entry_ids)).order_by(Entry.id))
    return [_document(row) for row in rows]


def document_by_code(code: str) -> Document:
    """The paper that bears a printed code."""
    return _one(_question().where(Entry.code == code), code)


def permit_reading(document: Document, *, by: Identity) -> None:
    """A paper is read where it stands, where its goods come from or go to, and where they were on the road to;
    NotAllowed elsewhere."""
    if not may_read(document, by=by):
        require(by, "document.read", document.warehouse_id)


def may_read(document: Document, *, by: Identity) -> bool:
    """Whether the paper stands in a warehouse whose papers one reads, or its goods come from or go to one or the road
    to it: who waits for goods reads what became of them."""
    if by.may("document.read", document.warehouse_id):
        return True
    mine = by.warehouses("document.read") or frozenset()
    roads = select(Location.id).where(Location.destination_id.in_(mine))
    touches = select(Movement.id).where(
        Movement.entry_id == document.entry_id,
        or_(
            Movement.source_warehouse_id.in_(mine),
            Movement.target_warehouse_id.in_(mine),
            Movement.source_id.in_(roads),
            Movement.target_id.in_(roads),
        ),
    )
    return db.session.scalar(touches.limit(1)) is not None


def _one(question: Select[Any], what: str) -> Document:
    return _document(found(db.session.execute(question).one_or_none(), what))


def _document(row: Any) -> Document:
    entry, username, warehouse, is_practice, reversal = row
    return Document.of(entry, by=username, store=warehouse, is_practice=is_practice, reversal=reversal)


@dataclass(frozen=True, slots=True)
class Filters:
    """Which papers are asked for; ``warehouse_ids`` None means all; ``place_id`` is any place that
    goods moved from or to (a service, a supplier); ``is_unpriced``: goods were bought or opened with on it without a
    price, so that they count for nothing in the value of the stock, and it was not reversed."""

    warehouse_ids: Sequence[int] | None = None
    kinds: Sequence[str] = ()
    item_id: int | None = None
    place_id: int | None = None
    first_on: date | None = None
    last_on: date | None = None
    actor_id: int | None = None
    cites_id: int | None = None
    number: int | None = None
    year: int | None = None
    is_unpriced: bool = False


def find_documents(
    filters: Filters, *, before: tuple[date, int] | None = None, limit: int = 50
) -> tuple[list[Document], tuple[date, int] | None]:
    """A page of papers, newest day first, and where the next page begins (None at the end)."""
    question = _filtered(_question(), filters)
    if before is not None:
        question = question.where(tuple_(Entry.on, Entry.id) < before)
    rows, last = page_of(question.order_by(Entry.on.desc(), Entry.id.desc()), limit)
    found = [_document(row) for row in rows]
    return found, (found[-1].on, found[-1].entry_id) if last else None


def count_documents(filters: Filters) -> int:
    """How many papers there are of those that are asked for."""
    return db.session.scalar(_filtered(_question().with_only_columns(func.count(Entry.id)), filters)) or 0


def _filtered(question: Select[Any], filters: Filters) -> Select[Any]:
    if filters.warehouse_ids is not None:
        question = question.where(Entry.warehouse_id.in_(filters.warehouse_ids))
    if filters.kinds:
        question = question.where(Entry.kind.in_(filters.kinds))
    if filters.item_id is not None:
        moved = select(Movement.id).where(Movement.entry_id == Entry.id, Movement.item_id == filters.item_id)
        question = question.where(moved.exists())
    if filters.place_id is not None:
        here = or_(Movement.source_id == filters.place_id, Movement.target_id == filters.place_id)
        question = question.where(select(Movement.id).where(Movement.entry_id == Entry.id, here).exists())
    if filters.is_unpriced:
        question = question.where(Entry.kind.in_(PRICED), Entry.id.in_(_unpriced(filters)), _reversal.id.is_(None))
    if filters.first_on is not None:
        question = question.where(Entry.on >= filters.first_on)
    if filters.last_on is not None:
        question = question.where(Entry.on <= filters.last_on)
    for column, value in (
        (Entry.actor_id, filters.actor_id),
        (Entry.cites_id, filters.cites_id),
        (Entry.number, filters.number),
        (Entry.year, filters.year),
    ):
        if value is not None:
            question = question.where(column == value)
    return question


def _unpriced(filters: Filters) -> Select[Any]:
    """The entries on which goods came in from outside without a price: so few have one that it begins with these."""
    came = select(Movement.entry_id).where(*UNPRICED)
    if filters.warehouse_ids is not None:
        came = came.where(Movement.target_warehouse_id.in_(filters.warehouse_ids))
    if filters.first_on is not None:
        came = came.where(Movement.on >= filters.first_on)
    return came
