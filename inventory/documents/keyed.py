"""Papers whose key was made from a name, as imports make theirs: found again by whoever knows the name."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import JSON, Text, cast, func, select
from sqlalchemy.orm import aliased

from inventory.database import streamed
from inventory.documents.papers import reference
from inventory.ledger import Entry
from inventory.warehouses import Warehouse

_reversal = aliased(Entry)
_content = cast(Entry.paper, JSON().with_variant(Text(), "sqlite"))  # SQLite asks a text for its parts


@dataclass(frozen=True, slots=True)
class Keyed:
    """A paper that stands, by its key; ``reference`` as printed, ``note`` as whoever posted it wrote it."""

    key: str
    warehouse: str
    kind: str
    on: date
    reference: str
    note: str


def keyed_by_name() -> Generator[Keyed, None, None]:
    """Every paper whose key is a UUID made from a name (version 5: keys of chance have another) and that was not
    reversed."""
    rows = streamed(
        select(Entry.key, Warehouse.code, Entry.kind, Entry.on, Entry.year, Entry.number, _content["note"].as_string())
        .join(Warehouse, Warehouse.id == Entry.warehouse_id)
        .where(
            func.substr(Entry.key, 15, 1) == "5",
            ~select(_reversal.id).where(_reversal.reverses_id == Entry.id).exists(),
        )
    )
    for key, warehouse, kind, on, year, number, note in rows:
        yield Keyed(key, warehouse, kind, on, reference(warehouse, kind, year, number), note)
