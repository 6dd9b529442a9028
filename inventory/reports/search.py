"""One box that finds everything: items, lots, papers, places, services, suppliers; within what one may see."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import func, select

from inventory.catalogue import Barcode, Item, Lot, barcode_key, folded, matching, search_condition
from inventory.codes import read
from inventory.database import db, streamed
from inventory.documents import ABBREVIATIONS, reference
from inventory.ledger import Balance, Entry
from inventory.parties import Service, Supplier
from inventory.reports.called import Called, columns_of, sure
from inventory.warehouses import Location, Warehouse

NUMBER = re.compile(r"(?:(?P<kind>[A-Za-z]{2})[\s/-]*)?(?P<number>\d{1,7})\s*/\s*(?P<year>20\d\d)")
SHORTEST_PART = 3  # of a lot's number: with fewer signs nearly every lot would be meant
REFERENCE = re.compile(r"(?P<warehouse>.+)/(?P<kind>[A-Za-z_]+)/(?P<year>20\d\d)/(?P<number>\d{1,9})")


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found. ``kind``: item, lot, document, warehouse, location, service, supplier."""

    kind: str
    thing: Called
    detail: str = ""
    warehouse: str = ""
    on: date | None = None


def search_everything(
    words: str,
    *,
    stock_ids: Sequence[int],
    paper_ids: Sequence[int],
    limit: int = 5,
    may_see_items: bool = True,
    may_see_parties: bool = True,
) -> list[Found]:
    """What the words may mean, the surest first: at most ``limit`` of each kind. ``stock_ids`` and ``paper_ids`` are
    the warehouses whose stock and papers may be shown."""
    plain = words.strip()[:200]
    if not folded(plain):
        return []
    found = _papers(plain, paper_ids, limit)
    if may_see_items:
        found += _items(plain, limit)
    if stock_ids:
        found += _lots(plain, stock_ids, limit) + _places(plain, stock_ids, limit)
    return found + _parties(plain, limit) if may_see_parties else found


def _items(words: str, limit: int) -> list[Found]:
    exact = select(Barcode.item_id).where(Barcode.code == barcode_key(words))
    label = Item.label_code == _label(words)
    rows = db.session.execute(
        select(*columns_of(Item, "item"))
        .where(search_condition(words) | Item.id.in_(exact) | label)
        .order_by(Item.retired_on.is_not(None), func.lower(Item.code) != words.lower(), Item.code)
        .limit(limit)
    )
    return [Found("item", sure(row, "item"), row.item_code) for row in rows]


def _lots(words: str, warehouse_ids: Sequence[int], limit: int) -> list[Found]:
    """Lots and numbered things by their number or a part of it, as far as they are or were in one's warehouses; the
    whole number comes first."""
    whole = Lot.number.in_({words, words.upper()})
    part = func.upper(Lot.number).contains(words.upper(), autoescape=True)
    named = whole | part if len(words) >= SHORTEST_PART else whole
    here = select(Balance.lot_id).where(Balance.lot_id == Lot.id, Balance.warehouse_id.in_(warehouse_ids))
    rows = db.session.execute(
        select(*columns_of(Item, "item"), Lot.number, Lot.expires_on)
        .join(Item, Item.id == Lot.item_id)
        .where(named | (Lot.label_code == _label(words)), here.exists())
        .order_by(~whole, Lot.number, Item.code)
        .limit(limit)
    )
    return [Found("lot", sure(row, "item"), row.number, on=row.expires_on) for row in rows]


def _papers(words: str, warehouse_ids: Sequence[int], limit: int) -> list[Found]:
    question = (
        select(*columns_of(Warehouse, "warehouse"), Entry.id, Entry.kind, Entry.year, Entry.number, Entry.on)
        .join(Warehouse, Warehouse.id == Entry.warehouse_id)
        .where(Entry.warehouse_id.in_(warehouse_ids))
        .order_by(Entry.on.desc(), Entry.id.desc())
        .limit(limit)
    )
    condition = _paper_condition(words)
    if condition is None:
        return []
    rows = db.session.execute(question.where(*condition))
    return [
        Found(
            "document",
            Called(row.id, reference(row.warehouse_code, row.kind, row.year, row.number), "", "", ""),
            row.kind, row.warehouse_code, row.on,
        )
        for row in rows
    ]  # fmt: skip


def _paper_condition(words: str) -> list[Any] | None:
    """By reference (CENTRAL/BS/2026/000012), by number (12/2026, BS 12/2026) or by the code printed on it."""
    kinds = {short.upper(): kind for kind, short in ABBREVIATIONS.items()}
    if whole := REFERENCE.fullmatch(words):
        kind = kinds.get(whole["kind"].upper(), whole["kind"].lower())
        return [
            func.upper(Warehouse.code) == whole["warehouse"].upper(), Entry.kind == kind,
            Entry.year == int(whole["year"]), Entry.number == int(whole["number"]),
        ]  # fmt: skip
    if short := NUMBER.fullmatch(words):
        condition = [Entry.number == int(short["number"]), Entry.year == int(short["year"])]
        return [*condition, Entry.kind == kinds.get(short["kind"].upper(), "")] if short["kind"] else condition
    code = _label(words)
    return [Entry.code == code] if code else None


def _label(words: str) -> str:
    """The canonical spelling of one of our own printed codes; empty when it is none."""
    code = read(words)
    return str(getattr(code, "text", "") or "")


def _places(words: str, warehouse_ids: Sequence[int], limit: int) -> list[Found]:
    house = _named(Warehouse).where(Warehouse.id.in_(warehouse_ids), Warehouse.is_active)
    shelf = (
        _named(Location)
        .add_columns(Warehouse.code.label("warehouse"))
        .join(Warehouse, Warehouse.id == Location.warehouse_id)
        .where(Location.warehouse_id.in_(warehouse_ids), Location.is_active, Location.kind != "transit")
    )
    houses = [Found("warehouse", sure(row, "one"), row.one_code) for row in _matching(house, words, limit)]
    shelves = _matching(shelf, words, limit)
    return houses + [Found("location", sure(row, "one"), row.one_code, row.warehouse) for row in shelves]


def _parties(words: str, limit: int) -> list[Found]:
    found = []
    for name, kind in (("service", Service), ("supplier", Supplier)):
        rows = _matching(_named(kind).where(kind.is_active), words, limit)
        found += [Found(name, sure(row, "one"), row.one_code) for row in rows]
    return found


def _named(kind: Any) -> Any:
    return select(*columns_of(kind, "one")).order_by(kind.code)


def _matching(question: Any, words: str, limit: int) -> list[Any]:
    """The first things whose code and names hold every word, in any spelling, as their own lists find them."""
    with closing(streamed(question)) as rows:
        return list(islice(matching(rows, words, _code_and_names), limit))


def _code_and_names(row: Any) -> str:
    return f"{row.one_code} {row.one_name_fr} {row.one_name_ar} {row.one_name_en}"
