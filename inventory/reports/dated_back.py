"""What makes the value of an earlier day doubtful: papers dated back, named (law 7 of the ledger).

Goods leave at the weighted average of the moment in which their paper is posted. A paper dated back behind a later
receipt takes that receipt's cost with it into days on which the goods were not there yet: what was left then may be
worth less than it cost, even less than nothing. The sum of all days stays right; of such a day the reader is told.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from inventory.catalogue import Item
from inventory.database import fetch
from inventory.ledger import Movement
from inventory.reports.cards import papers_of_entries

MOST_NAMED = 20
_came = aliased(Movement)

Pair = tuple[int, int]
"""A warehouse and an item, by their ids."""


def papers_dated_back(pairs: Collection[Pair], on: date) -> dict[Pair, list[str]]:
    """The papers, at most twenty for each pair, that took goods on or before a day at a cost that came later: posted
    when something of the item dated after the day had already come in. Two statements however many pairs; what is
    tracked by unit leaves at its own cost and is never among them."""
    if not pairs:
        return {}
    warehouse_ids, item_ids = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    later = (
        select(_came.target_warehouse_id, _came.item_id, func.min(_came.id).label("first_id"))
        .where(_came.target_warehouse_id.in_(warehouse_ids), _came.item_id.in_(item_ids), _came.on > on)
        .where(func.coalesce(_came.source_warehouse_id, 0) != _came.target_warehouse_id)
        .group_by(_came.target_warehouse_id, _came.item_id)
        .subquery()
    )
    here, item_id = later.c.target_warehouse_id, later.c.item_id
    question = (
        select(here, item_id, Movement.entry_id)
        .join(Item, Item.id == item_id)
        .join(Movement, (Movement.source_warehouse_id == here) & (Movement.item_id == item_id))
        .where(Movement.on <= on, Movement.id > later.c.first_id, Item.tracking != "unit")
        .where(func.coalesce(Movement.target_warehouse_id, 0) != here)
        .distinct()
        .order_by(Movement.entry_id)
    )
    found: dict[Pair, list[int]] = {}
    for warehouse_id, item, entry_id in fetch(question):
        if (warehouse_id, item) in pairs:
            found.setdefault((warehouse_id, item), []).append(entry_id)
    named = {pair: entries[:MOST_NAMED] for pair, entries in found.items()}
    references = papers_of_entries([one for entries in named.values() for one in entries]) if named else {}
    return {pair: [references[one] for one in entries] for pair, entries in named.items()}
