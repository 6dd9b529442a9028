"""The verdict on one paper: whether what stands in the register is what was posted, worked out at that moment."""

from __future__ import annotations

from sqlalchemy import select

from inventory.database import db
from inventory.ledger.movements import FACTS, Movement
from inventory.ledger.registers import (
    FIRST_HASH,
    FORM_VERSION,
    Entry,
    MovementFacts,
    Register,
    canonical,
    chained,
    digest_of,
)


def is_unchanged(entry_id: int) -> bool:
    """Whether an entry, its paper and its movements still give the hash it was posted with, and its neighbours in the
    register still hold it in the chain. Four questions, however long the register."""
    entry = db.session.get_one(Entry, entry_id, populate_existing=True)
    movements = db.session.execute(select(*FACTS).where(Movement.entry_id == entry_id).order_by(Movement.line))
    facts = [MovementFacts(*row) for row in movements]
    return (
        entry.form == FORM_VERSION
        and digest_of(entry.paper) == entry.digest
        and chained(entry.previous_hash, canonical(entry, facts)) == entry.hash
        and _is_held(entry)
    )


def _is_held(entry: Entry) -> bool:
    """Whether the entry before (or the register's beginning) and the one after (or its head) agree with this one."""
    around = {
        row.position: row
        for row in db.session.execute(
            select(Entry.position, Entry.hash, Entry.previous_hash).where(
                Entry.warehouse_id == entry.warehouse_id,
                Entry.year == entry.year,
                Entry.position.in_((entry.position - 1, entry.position + 1)),
            )
        )
    }
    before, after = around.get(entry.position - 1), around.get(entry.position + 1)
    if entry.previous_hash != (before.hash if before else FIRST_HASH) or (before is None) != (entry.position == 1):
        return False
    if after is not None:
        return bool(after.previous_hash == entry.hash)
    head = select(Register.hash).where(Register.warehouse_id == entry.warehouse_id, Register.year == entry.year)
    return db.session.scalar(head) == entry.hash
