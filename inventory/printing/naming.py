"""What the codes and numbers of posted papers are called: everything a set of papers speaks of, in a fixed number of
questions however many papers there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from inventory.access import User
from inventory.catalogue import Item, Unit
from inventory.database import db
from inventory.documents import Document, Reason, reference
from inventory.ledger import Entry
from inventory.names import NAMELESS, Names
from inventory.parties import Service, Supplier
from inventory.warehouses import Warehouse


@dataclass(frozen=True, slots=True)
class Paper:
    """Another paper, as far as it is cited."""

    id: int
    kind: str
    number: str
    reference: str
    warehouse: str
    actor_id: int


@dataclass(slots=True)
class Known:
    """Names by code, papers and people by id."""

    items: dict[str, Names] = field(default_factory=dict)
    units: dict[str, Names] = field(default_factory=dict)
    services: dict[str, Names] = field(default_factory=dict)
    suppliers: dict[str, Names] = field(default_factory=dict)
    reasons: dict[str, Names] = field(default_factory=dict)
    warehouses: dict[str, Names] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)
    papers: dict[int, Paper] = field(default_factory=dict)

    def item(self, code: str) -> Names:
        return self.items.get(code) or Names(fr=code)

    def unit(self, code: str) -> Names:
        """The unit's name; a packaging has the one name it was given."""
        return self.units.get(code) or Names(fr=code)

    def side(self, side: dict[str, str] | None) -> Names:
        """The name of a paper's source or target."""
        if not side:
            return NAMELESS
        ((kind, code),) = side.items()
        if kind == "document":
            cited = self.papers.get(int(code)) if code.isdigit() else None
            return self.warehouses.get(cited.warehouse, Names(fr=cited.warehouse)) if cited else NAMELESS
        named = {"service": self.services, "supplier": self.suppliers, "warehouse": self.warehouses}
        return named.get(kind, self.reasons).get(code) or Names(fr=code)


def other_side(document: Document, known: Known) -> Names:
    """Who or what stands across the counter: the service, the supplier, the other warehouse, the reason."""
    target, source = document.content.get("target"), document.content.get("source")
    return known.side(target) if target else known.side(source)


def known_of(documents: Sequence[Document], *, with_lines: bool = True) -> Known:
    """What the papers speak of; a list that shows no lines leaves their items and units aside."""
    known = Known()
    known.papers = _papers({id_ for one in documents for id_ in (one.cites_id, one.reversed_by_id) if id_})
    sides = [side for one in documents for side in (one.content.get("source"), one.content.get("target")) if side]
    known.services = names_by_code(Service, _codes(sides, "service"))
    known.suppliers = names_by_code(Supplier, _codes(sides, "supplier"))
    known.reasons = names_by_code(Reason, _codes(sides, "reason"))
    stores = _codes(sides, "warehouse") | {one.warehouse for one in documents}
    stores |= {one.warehouse for one in known.papers.values()}
    known.warehouses = names_by_code(Warehouse, stores)
    people = {one.actor_id for one in documents} | {one.actor_id for one in known.papers.values()}
    rows = db.session.execute(select(User.id, User.display_name).where(User.id.in_(people)))
    known.people = dict(rows.tuples().all())
    if with_lines:
        lines = [line for one in documents for line in one.lines]
        known.items = names_by_code(Item, {line["item"] for line in lines})
        known.units = names_by_code(Unit, {line[name] for line in lines for name in ("unit", "base_unit")})
    return known


def names(thing: Any) -> Names:
    """The names of anything that is named."""
    return Names(fr=thing.name_fr, ar=thing.name_ar, en=thing.name_en)


def names_by_code(kind: Any, codes: set[str]) -> dict[str, Names]:
    """The names of the things of a kind that bear these codes."""
    if not codes:
        return {}
    rows = db.session.execute(select(kind.code, kind.name_fr, kind.name_ar, kind.name_en).where(kind.code.in_(codes)))
    return {row.code: names(row) for row in rows}


def _codes(sides: Iterable[dict[str, str]], kind: str) -> set[str]:
    return {side[kind] for side in sides if kind in side}


def _papers(ids: set[int]) -> dict[int, Paper]:
    if not ids:
        return {}
    rows = db.session.execute(
        select(Entry.id, Entry.kind, Entry.number, Entry.year, Entry.actor_id, Warehouse.code)
        .join(Warehouse, Warehouse.id == Entry.warehouse_id)
        .where(Entry.id.in_(ids))
    )
    return {
        row.id: Paper(
            row.id, row.kind, f"{row.number}/{row.year}", reference(row.code, row.kind, row.year, row.number),
            row.code, row.actor_id,
        )
        for row in rows
    }  # fmt: skip
