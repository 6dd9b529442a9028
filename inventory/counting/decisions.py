"""What becomes of a count: its difference is adjusted or dismissed, once; before that it may be explained."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from inventory import documents, ledger
from inventory.access import Identity, require
from inventory.counting.count import (
    LONGEST_REASON,
    CountDecision,
    CountLine,
    CountRemark,
    PlaceCount,
    forget_settled,
    note,
)
from inventory.counting.questions import count_row, lines_of_counts
from inventory.database import db
from inventory.documents import Document, LineOrder, Order
from inventory.errors import refuse, refuse_field, refuse_stale
from inventory.ledger import Barrier
from inventory.ledger.questions import entry_by_key
from inventory.texts import text_faults


def adjust(count_id: int, reason: str, *, by: Identity, today: date, at: datetime, key: str) -> Document:
    """Posts what a count found too much or too little and nobody counted again, first in a transaction. The same key
    again gives the first paper. Raises what posting raises; InvalidRequest without a reason, without a difference, or
    when goods have moved since they were counted; ChangedMeanwhile when the count was decided or replaced."""
    _refuse_wordless(reason)
    row = count_row(count_id)
    require(by, "adjustment.post", row.PlaceCount.warehouse_id)
    ledger.lock([row.warehouse])
    row = count_row(count_id)
    posted = entry_by_key(key)
    is_again = posted is not None and row.state == "adjusted" and row.CountDecision.entry_id == posted.id
    refuse_stale(row.state not in ("waiting", "matched") and not is_again)
    counted = [one for one in lines_of_counts([count_id])[count_id] if not one.is_counted_again]
    lines = [one for one in counted if one.CountLine.difference]
    if not lines:
        refuse_field("/reason", "matched", _l("This count found no difference."))
    if any(one.has_moved for one in lines):
        refuse_field("/reason", "moved", _l("Some goods moved after they were counted: count the place again."))
    orders = tuple(_order_of(one, row.Location.code) for one in lines)
    order = Order("adjustment", row.warehouse, orders, reason=reason.strip(), details={"count": str(count_id)})
    document = documents.post(order, by=by, today=today, at=at, key=key)
    if document.is_replay:
        return document
    count: PlaceCount = row.PlaceCount
    _decide(count, reason, by=by, at=at, entry_id=document.entry_id)
    items = {one.CountLine.item_id for one in counted if not one.has_moved}
    db.session.add_all(
        Barrier(
            warehouse_id=count.warehouse_id, item_id=item_id, location_id=count.location_id, on=count.counted_on,
            entry_id=document.entry_id,
        )
        for item_id in sorted(items)
    )  # fmt: skip
    db.session.flush()
    note("count.adjusted", count, by=by, at=at, paper=document.reference, reason=reason.strip())
    return document


def _order_of(row: Any, location: str) -> LineOrder:
    line: CountLine = row.CountLine
    is_more = line.difference > 0
    return LineOrder(
        row.Item.code, abs(line.difference), lot=line.lot or None, location=location,
        expires_on=line.expires_on if is_more and row.Item.has_expiry else None,
        direction="in" if is_more else "out",
    )  # fmt: skip


def dismiss(count_id: int, reason: str, *, by: Identity, at: datetime) -> None:
    """Leaves the books as they are, with a reason. Raises NotAllowed, InvalidRequest without a reason, ChangedMeanwhile
    when the count was decided or replaced."""
    _refuse_wordless(reason)
    row = count_row(count_id)
    require(by, "adjustment.post", row.PlaceCount.warehouse_id)
    ledger.lock([row.warehouse])
    refuse_stale(count_row(count_id).state != "waiting")
    _decide(row.PlaceCount, reason, by=by, at=at)
    note("count.dismissed", row.PlaceCount, by=by, at=at, reason=reason.strip())


def remark(count_id: int, words: str, *, by: Identity, at: datetime) -> None:
    """Adds what explains a difference, for who decides."""
    refuse(text_faults("/remark", words, LONGEST_REASON))
    if not words.strip():
        refuse_field("/remark", "required", _l("Say what may explain it."))
    row = count_row(count_id)
    require(by, "count.write", row.PlaceCount.warehouse_id)
    refuse_stale(row.state != "waiting")
    db.session.add(CountRemark(count_id=count_id, said_at=at, said_by_id=by.id, remark=words.strip()))
    db.session.flush()


def _refuse_wordless(reason: str) -> None:
    refuse(text_faults("/reason", reason, LONGEST_REASON))
    if not reason.strip():
        refuse_field("/reason", "required", _l("Say why."))


def _decide(count: PlaceCount, reason: str, *, by: Identity, at: datetime, entry_id: int | None = None) -> None:
    decision = CountDecision(
        count_id=count.id, decided_at=at, decided_by_id=by.id, entry_id=entry_id, reason=reason.strip()
    )
    db.session.add(decision)
    db.session.flush()
    forget_settled(count.location_id)
