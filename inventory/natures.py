"""How items are counted and kept, and where they belong: put right without a number being misread or an alert missed.

A number stands in the unit in which it was written. So unit, decimals, tracking and expiry of an item stay from the
moment a paper, a count, a slip or a rule was written with them; until then they can be put right. An item that goes
into another category goes under the default rules of that one, and its alerts are worked out at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from inventory import catalogue, replenishment
from inventory.catalogue import NATURE, Item
from inventory.counting import CountLine
from inventory.database import batches, db
from inventory.ledger import Holding
from inventory.replenishment import ReorderRule
from inventory.slips import SlipLine

TRACES = (Holding, CountLine, SlipLine, ReorderRule)
"""What says of an item that something was written with how it is counted and kept; a holding stays for ever."""


def written_with(items: Collection[str]) -> set[str]:
    """Those of the items with these codes whose nature something was written with; in some questions however many."""
    found: set[str] = set()
    for part in batches(sorted(items)):
        for kind in TRACES:
            there = select(kind.item_id).where(kind.item_id == Item.id).exists()
            found |= set(db.session.scalars(select(Item.code).where(Item.code.in_(part), there)))
    return found


def change_item(item: Item, changes: Mapping[str, Any], *, today: date, at: datetime) -> None:
    """Changes what is given of an item; nobody posts anything meanwhile that would be written with what it was."""
    is_of_nature = not changes.keys().isdisjoint(NATURE)
    if is_of_nature or "category" in changes:
        replenishment.lock()
        db.session.refresh(item)
    category = item.category_id
    is_written = is_of_nature and bool(written_with([item.code]))
    catalogue.change_item(item, dict(changes), is_written=is_written)
    if item.category_id != category:
        filed([item.id], today=today, at=at)


def filed(item_ids: Collection[int], *, today: date, at: datetime) -> None:
    """Opens or closes the alerts of items that stand under other default rules now. Whoever filed them holds every
    pen."""
    for part in batches(sorted(item_ids)):
        replenishment.review(list(replenishment.standing(today, item_ids=part)), at=at)
