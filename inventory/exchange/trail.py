"""What is noted in the audit trail when a file of items came in."""

from __future__ import annotations

from datetime import datetime

from inventory import audit
from inventory.access import Identity

from .items import ItemPlan


def note_items(name: str, plan: ItemPlan, *, by: Identity | None, at: datetime) -> None:
    """Who brought which file in, and how many items it made and changed; ``by`` is None on the command line."""
    audit.note(
        "item.imported",
        name,
        by=by,
        at=at,
        details={
            "added": len(plan.create),
            "changed": len(plan.update),
            "unchanged": plan.unchanged,
            "left_out": plan.rows_left_out,
        },
    )
