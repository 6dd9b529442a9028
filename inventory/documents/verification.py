"""The proof, papers included: what came in still bears the name, unit, lot and expiry that its paper wrote down, and
every place, service and supplier the code that its papers cite.

The ledger knows goods and places by number alone; a paper is the only record of what those numbers were called.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Select, String, cast, func, select, union
from sqlalchemy.orm import aliased

from inventory import ledger
from inventory.catalogue import Item, Lot, Unit
from inventory.database import db
from inventory.ledger import Difference, Entry, Movement, Tally
from inventory.parties import Service, Supplier
from inventory.warehouses import Location, Warehouse, road_code

BATCH = 500


def verify(tally: Tally | None = None, progress: Callable[[Tally], None] | None = None) -> Iterator[Difference]:
    """Every difference of the ledger, then those between papers and goods. Call it outside ``transaction()``."""
    yield from ledger.verify(tally, progress)
    yield from ledger.as_far_as_it_reads(_renamed(), "name_changed")


def _renamed() -> Iterator[Difference]:
    """Walks all papers that moved something once, oldest first, beside what each brought in and where it moved it."""
    goods, places = _Goods(), _Places()
    arrived = groupby(_read(_arrivals()), key=lambda row: row.entry_id)
    walked = groupby(_read(_sides()), key=lambda row: row.entry_id)
    next_in = next(arrived, None)
    for row, (_entry_id, sides) in zip(_read(_papers()), walked, strict=True):
        paper = _Paper(row.id, f"{row.warehouse}/{row.year}", row.position, row.warehouse, _content(row.paper))
        if next_in is not None and next_in[0] == row.id:  # not every paper brings something in
            yield from goods.beside(paper, next_in[1])
            next_in = next(arrived, None)
        yield from places.beside(paper, sides)
    yield from goods.never_told()


class _Paper(NamedTuple):
    entry_id: int
    register: str
    position: int
    warehouse: str
    content: dict[str, Any]

    def differs(self, code: str, detail: str) -> Difference:
        return Difference(code, self.register, self.position, detail)


class _Goods:
    """What came in still bears the name, the unit, the lot and the expiry that its paper says."""

    def __init__(self) -> None:
        self._told: set[int] = set()  # lots whose expiry some paper says
        self._silent: dict[int, Difference] = {}

    def beside(self, paper: _Paper, goods: Iterator[Any]) -> Iterator[Difference]:
        written = {(str(line.get("item")), str(line.get("lot") or "")): line for line in _lines(paper.content)}
        for row in goods:
            name = f"item {row.item}" + (f" lot {row.lot}" if row.lot else "")
            line = written.get((row.item, row.lot))
            if line is None or row.lot_item_id not in (None, row.item_id):
                yield paper.differs("name_changed", f"the paper does not name {name}")
                continue
            if line.get("base_unit") != row.unit:
                detail = f"{name}: the paper counts in {line.get('base_unit')}, the item in {row.unit}"
                yield paper.differs("name_changed", detail)
            yield from self._expiry(paper, name, line.get("expires_on"), row)

    def _expiry(self, paper: _Paper, name: str, said: Any, row: Any) -> Iterator[Difference]:
        if said is not None:
            self._told.add(row.lot_id)
            if said != row.expires_on:
                yield paper.differs("expiry_changed", f"{name}: the paper says {said}, the lot {row.expires_on}")
        elif row.expires_on is not None:
            detail = f"{name}: no paper says {row.expires_on}"
            self._silent.setdefault(row.lot_id, paper.differs("expiry_changed", detail))

    def never_told(self) -> Iterator[Difference]:
        """The lots whose expiry no paper says: known once all of them were read."""
        yield from (one for lot_id, one in self._silent.items() if lot_id not in self._told)


class _Places:
    """A place that bears another code than its papers say is told once, at the first of them."""

    def __init__(self) -> None:
        self._places = {place.id: place for place in db.session.execute(_places())}
        self._told: set[int] = set()

    def beside(self, paper: _Paper, sides: Iterator[Any]) -> Iterator[Difference]:
        if paper.content.get("warehouse") != paper.warehouse:
            yield paper.differs("name_changed", f"the paper says warehouse {paper.content.get('warehouse')}")
        cited = _cited(paper.content)
        for side in sides:
            place = self._places.get(side.place_id)
            if place is None or place.id in self._told:  # that a place is gone, the ledger tells
                continue
            for name in sorted(_names_of(place)):
                if name not in cited and name != _road_of(place):
                    self._told.add(place.id)
                    yield paper.differs("name_changed", f"the paper does not name {name}")


def _cited(content: dict[str, Any]) -> set[str]:
    """The codes of the places that a paper names: those of its lines, and its other side as ``kind:code``."""
    inside = {str(line.get(name)) for line in _lines(content) for name in ("location", "target_location")}
    sides = [side for name in ("source", "target") if isinstance(side := content.get(name), dict)]
    return inside | {f"{kind}:{code}" for side in sides for kind, code in side.items()}


def _names_of(place: Any) -> set[str]:
    """The codes that the papers of a place must say; none for the places where goods are lost or found."""
    if place.kind in ("service", "supplier"):
        return {place.code, f"{place.kind}:{place.party}"}
    return {place.code} if place.warehouse_id is not None else set()


def _road_of(place: Any) -> str | None:
    """The code of a road, which its receiver gives and not every paper names."""
    return None if place.destination is None else road_code(place.destination)


def _places() -> Select[Any]:
    receiver = aliased(Warehouse)
    party = func.coalesce(Service.code, Supplier.code).label("party")
    return (
        select(Location.id, Location.code, Location.kind, Location.warehouse_id, party)
        .add_columns(receiver.code.label("destination"))
        .outerjoin(Service, Service.id == Location.service_id)
        .outerjoin(Supplier, Supplier.id == Location.supplier_id)
        .outerjoin(receiver, receiver.id == Location.destination_id)
    )


def _sides() -> Select[Any]:
    ends = (select(Movement.entry_id, end.label("place_id")) for end in (Movement.source_id, Movement.target_id))
    moved = union(*ends).subquery()
    return (
        select(moved)
        .join(Entry, Entry.id == moved.c.entry_id)
        .join(Warehouse, Warehouse.id == Entry.warehouse_id)
        .order_by(moved.c.entry_id, moved.c.place_id)
    )


def _papers() -> Select[Any]:
    moved = select(Movement.id).where(Movement.entry_id == Entry.id).exists()
    columns = (Entry.id, Entry.year, Entry.position, Entry.paper, Warehouse.code.label("warehouse"))
    return select(*columns).join(Warehouse, Warehouse.id == Entry.warehouse_id).where(moved).order_by(Entry.id)


def _arrivals() -> Select[Any]:
    columns = (Movement.entry_id, Item.code.label("item"), Lot.id.label("lot_id"), Lot.number.label("lot"))
    meant = (Movement.item_id, Lot.item_id.label("lot_item_id"), Unit.code.label("unit"))
    return (
        select(*columns, *meant, cast(Lot.expires_on, String).label("expires_on"))  # as it is kept, be it a day or not
        .join(Entry, Entry.id == Movement.entry_id)
        .join(Warehouse, Warehouse.id == Entry.warehouse_id)
        .outerjoin(Item, Item.id == Movement.item_id)
        .outerjoin(Unit, Unit.id == Item.unit_id)
        .outerjoin(Lot, Lot.id == Movement.lot_id)
        .where(Movement.source_warehouse_id.is_(None), Movement.quantity > 0)
        .order_by(Movement.entry_id, Movement.line)
    )


def _read(question: Select[Any]) -> Iterator[Any]:
    yield from db.session.execute(question, execution_options={"yield_per": BATCH})


def _content(paper: str) -> dict[str, Any]:
    """What a paper says; nothing when somebody made it unreadable, which the chain tells already."""
    try:
        content = json.loads(paper)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _lines(content: dict[str, Any]) -> list[dict[str, Any]]:
    lines = content.get("lines")
    return [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
