"""How a slip is settled: by the papers that put it right, or closed with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, exists, func, select, type_coerce

from inventory import ledger
from inventory.access import Identity, require
from inventory.catalogue import Item
from inventory.database import Quantity, db
from inventory.documents import reference
from inventory.errors import fault, refuse, refuse_field, refuse_stale
from inventory.ledger import Entry, Movement
from inventory.slips.questions import papers_of_settlements
from inventory.slips.slip import (
    LONGEST_REASON,
    Slip,
    SlipLine,
    SlipPaper,
    SlipSettlement,
    get_slip,
    note,
    reversal,
    stands,
)  # fmt: skip
from inventory.texts import text_faults
from inventory.warehouses import Location, Warehouse

MOST_PAPERS = 20
_NOTHING = Decimal(0)


def settle(slip_id: int, entry_ids: Sequence[int], *, by: Identity, at: datetime) -> None:
    """Links the papers that put a slip right. The same papers a second time change nothing. Raises NotAllowed,
    InvalidRequest with every line that they do not cover, ChangedMeanwhile when it is settled otherwise."""
    slip, code = _held(slip_id)
    require(by, "slip.settle", slip.warehouse_id)
    wanted = sorted(set(entry_ids))
    standing = _standing_papers(slip_id)
    if standing is not None and standing == wanted:
        return
    refuse_stale(standing is not None)
    if not wanted or len(wanted) > MOST_PAPERS:
        refuse_field("/papers", "required", _l("Choose the papers that put it right."))
    known = {row.id: row for row in _papers(slip, entry_ids=wanted)}
    refuse(
        [
            fault(f"/papers/{index}", "unfit", _l("This paper cannot put the slip right: it is of another warehouse, "
                                                 "older than the slip, reversed, or about other goods."))
            for index, entry_id in enumerate(entry_ids)
            if entry_id not in known
        ]
    )  # fmt: skip
    refuse(_uncovered(slip, wanted))
    kept = SlipSettlement(slip_id=slip_id, settled_at=at, settled_by_id=by.id, reason="")
    db.session.add(kept)
    db.session.flush()
    db.session.add_all(SlipPaper(settlement_id=kept.id, entry_id=one) for one in wanted)
    db.session.flush()
    papers = [reference(code, row.kind, row.year, row.number) for row in (known[one] for one in wanted)]
    note("slip.settled", slip, code, by=by, at=at, papers=papers)


def close(slip_id: int, reason: str, *, by: Identity, at: datetime) -> None:
    """Closes a slip that no paper puts right. Raises NotAllowed, InvalidRequest without a reason or for one's own slip,
    ChangedMeanwhile when it is settled."""
    slip, code = _held(slip_id)
    require(by, "slip.close", slip.warehouse_id)
    faults = text_faults("/reason", reason, LONGEST_REASON)
    if not reason.strip():
        faults.append(fault("/reason", "required", _l("Say why it is closed without a paper.")))
    if slip.made_by_id == by.id:
        message = _l("Who handed the goods out does not close the slip: link its papers, or ask another manager.")
        faults.append(fault("/reason", "second_person", message))
    refuse(faults)
    refuse_stale(_standing_papers(slip_id) is not None)
    db.session.add(SlipSettlement(slip_id=slip_id, settled_at=at, settled_by_id=by.id, reason=reason.strip()))
    db.session.flush()
    note("slip.closed", slip, code, by=by, at=at, reason=reason.strip())


def _held(slip_id: int) -> tuple[Slip, str]:
    """A slip under the pen of its warehouse, so that two who settle it at once do so one after the other."""
    slip = get_slip(slip_id)
    code: str = db.session.get_one(Warehouse, slip.warehouse_id).code
    ledger.lock([code])
    return slip, code


def _uncovered(slip: Slip, entry_ids: Sequence[int]) -> list[Any]:
    """The lines of which the papers issue less than was handed out, all slips that they settle counted together."""
    issued = _issued(slip, entry_ids)
    others = (
        select(SlipSettlement.slip_id)
        .join(SlipPaper, SlipPaper.settlement_id == SlipSettlement.id)
        .where(SlipPaper.entry_id.in_(entry_ids), stands(SlipSettlement))
    )
    rows = db.session.execute(
        select(SlipLine.item_id, Item.code, func.sum(type_coerce(SlipLine.quantity, BigInteger)).label("handed"))
        .join(Item, Item.id == SlipLine.item_id)
        .where((SlipLine.slip_id == slip.id) | SlipLine.slip_id.in_(others))
        .group_by(SlipLine.item_id, Item.code)
        .order_by(Item.code)
    )
    mine = set(db.session.scalars(select(SlipLine.item_id).where(SlipLine.slip_id == slip.id)))
    message = _l("%(item)s: the papers issue %(issued)s to this service, %(handed)s were handed out.")
    return [
        fault(
            "/papers", "not_covered", message, item=row.code, issued=issued.get(row.item_id, _NOTHING),
            handed=Quantity.to_decimal(int(row.handed)),
        )
        for row in rows
        if row.item_id in mine and issued.get(row.item_id, _NOTHING) < Quantity.to_decimal(int(row.handed))
    ]  # fmt: skip


def _issued(slip: Slip, entry_ids: Sequence[int]) -> dict[int, Decimal]:
    """What some papers issue to the slip's service, by item, in base units."""
    rows = db.session.execute(
        select(Movement.item_id, func.sum(type_coerce(Movement.quantity, BigInteger)).label("total"))
        .join(Entry, Entry.id == Movement.entry_id)
        .join(Location, Location.id == Movement.target_id)
        .where(Entry.id.in_(entry_ids), Entry.kind == "issue", Location.service_id == slip.service_id)
        .group_by(Movement.item_id)
    )
    return {row.item_id: Quantity.to_decimal(int(row.total)) for row in rows}


def fitting_papers(slip: Slip) -> Sequence[Any]:
    """Papers that may put a slip right, the newest first: ``id, kind, year, number, on``."""
    return _papers(slip)


def _papers(slip: Slip, *, entry_ids: Sequence[int] | None = None) -> Sequence[Any]:
    """Papers of the warehouse that were posted since the slip was made, that stand, and that move goods of it."""
    its_items = select(SlipLine.item_id).where(SlipLine.slip_id == slip.id)
    moved = select(Movement.id).where(Movement.entry_id == Entry.id, Movement.item_id.in_(its_items))
    question = (
        select(Entry.id, Entry.kind, Entry.year, Entry.number, Entry.on)
        .where(Entry.warehouse_id == slip.warehouse_id, Entry.recorded_at >= slip.made_at, Entry.kind != "reversal")
        .where(moved.exists(), ~exists().where(reversal.reverses_id == Entry.id))
        .order_by(Entry.id.desc())
        .limit(MOST_PAPERS)
    )
    return db.session.execute(question if entry_ids is None else question.where(Entry.id.in_(entry_ids))).all()


def _standing_papers(slip_id: int) -> list[int] | None:
    """The papers of the settlement that stands (none when it was closed with a reason); None while the slip is open."""
    standing = db.session.scalar(
        select(SlipSettlement.id).where(SlipSettlement.slip_id == slip_id, stands(SlipSettlement))
    )
    return None if standing is None else papers_of_settlements([standing])[standing]
