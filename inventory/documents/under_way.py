"""Transfers under way: what lies on the roads from and to one's warehouses, paper by paper."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Select, and_, func, or_, select, tuple_, type_coerce
from sqlalchemy.orm import aliased

from inventory.access import Identity
from inventory.catalogue import Item
from inventory.database import Quantity, db
from inventory.documents.kinds import ABBREVIATIONS
from inventory.documents.papers import Document, reference
from inventory.documents.transfers import find_transfer
from inventory.ledger import Balance, Entry, Movement
from inventory.warehouses import Location, Warehouse

_road = aliased(Location)
_receiver = aliased(Warehouse)
_reversal = aliased(Entry)
_quantity = type_coerce(Movement.quantity, BigInteger)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A transfer of which something still lies on the road. ``left`` is per item code, in base units; ``is_received``
    tells that some of it arrived, so that the rest is a difference to be settled."""

    entry_id: int
    number: str
    reference: str
    on: date
    actor_id: int
    sender_id: int
    sender: str
    receiver_id: int
    receiver: str
    left: dict[str, Decimal]
    is_received: bool
    receiver_actor_ids: frozenset[int]

    def may_settle(self, actor_id: int) -> bool:
        """Who sent or received the goods does not settle the difference."""
        return actor_id != self.actor_id and actor_id not in self.receiver_actor_ids


def transfers_under_way(warehouse_ids: Collection[int] | None, *, limit: int | None = 200) -> list[UnderWay]:
    """The transfers from or to these warehouses (None: all) that are not wholly received or settled, oldest first; all
    of them without a limit.

    Begins at what lies on the roads today, so that it costs nothing when the roads are empty, however long the ledger.
    """
    sent = db.session.execute(_sent(warehouse_ids)).all()
    ids = {row.entry_id for row in sent}
    if not ids:
        return []
    gone: dict[tuple[int, int, int], int] = {}
    receivers: dict[int, set[int]] = {}
    for row in db.session.execute(_gone(ids)):
        key = (row.cites_id, row.item_id, row.lot_id)
        gone[key] = gone.get(key, 0) + int(row.amount)
        if row.kind == "transfer_receipt":
            receivers.setdefault(row.cites_id, set()).add(row.actor_id)
    left: dict[int, dict[str, Decimal]] = {}
    heads = {row.entry_id: row for row in sent}
    for row in sent:
        rest = int(row.amount) - gone.get((row.entry_id, row.item_id, row.lot_id), 0)
        if rest > 0:
            mine = left.setdefault(row.entry_id, {})
            mine[row.item] = mine.get(row.item, Decimal(0)) + Quantity.to_decimal(rest)
    found = [_made(heads[id_], rest, frozenset(receivers.get(id_, ()))) for id_, rest in left.items()]
    return sorted(found, key=lambda one: (one.on, one.entry_id))[:limit]


def may_receive(document: Document, *, by: Identity) -> bool:
    """Whether somebody may receive a transfer: it goes to a warehouse where they do so, and some is still under way."""
    transfer = find_transfer(document.id) if document.kind == "transfer" else None
    if transfer is None or transfer.is_reversed:
        return False
    is_theirs = by.may("transfer_receipt.post", transfer.road.destination_id)
    return is_theirs and any(one.left > 0 for one in transfer.outstanding())


def transfers_cited(references: Collection[str]) -> dict[str, tuple[int, str]]:
    """Entry id and receiving warehouse of the transfers with these references (``CENTRAL/BT/2026/000012``), those that
    were reversed left out."""
    asked: dict[tuple[str, int, int], str] = {}
    for one in references:
        warehouse, _, rest = one.partition(f"/{ABBREVIATIONS['transfer']}/")
        year, _, number = rest.partition("/")
        if all(part.isascii() and part.isdigit() and len(part) < 10 for part in (year, number)):
            asked[warehouse, int(year), int(number)] = one
    rows = db.session.execute(
        select(Warehouse.code, Entry.year, Entry.number, Entry.id, _receiver.code)
        .join(Warehouse, Warehouse.id == Entry.warehouse_id)
        .join(Movement, and_(Movement.entry_id == Entry.id, Movement.line == 1))
        .join(_road, _road.id == Movement.target_id)
        .join(_receiver, _receiver.id == _road.destination_id)
        .where(Entry.kind == "transfer", _stands(), tuple_(Warehouse.code, Entry.year, Entry.number).in_(asked))
    )
    return {asked[code, year, number]: (id_, receiver) for code, year, number, id_, receiver in rows}


def _made(row: Any, left: dict[str, Decimal], receivers: frozenset[int]) -> UnderWay:
    return UnderWay(
        row.entry_id, f"{row.number}/{row.year}", reference(row.sender, "transfer", row.year, row.number), row.on,
        row.actor_id, row.sender_id, row.sender, row.receiver_id, row.receiver, left, bool(receivers), receivers,
    )  # fmt: skip


def _stands() -> Any:
    return ~select(_reversal.id).where(_reversal.reverses_id == Entry.id).exists()


def _sent(warehouse_ids: Collection[int] | None) -> Select[Any]:
    question = (
        select(
            Entry.id.label("entry_id"), Entry.number, Entry.year, Entry.on, Entry.actor_id, Movement.item_id,
            Movement.lot_id, Item.code.label("item"), func.sum(_quantity).label("amount"),
            Warehouse.id.label("sender_id"), Warehouse.code.label("sender"),
            _receiver.id.label("receiver_id"), _receiver.code.label("receiver"),
        )
        .select_from(_road)
        .join(Balance, and_(Balance.location_id == _road.id, type_coerce(Balance.quantity, BigInteger) > 0))
        .join(
            Movement,
            and_(
                Movement.target_warehouse_id == _road.warehouse_id, Movement.item_id == Balance.item_id,
                Movement.lot_id == Balance.lot_id, Movement.target_id == _road.id,
            ),
        )
        .join(Entry, and_(Entry.id == Movement.entry_id, Entry.kind == "transfer"))
        .join(Item, Item.id == Movement.item_id)
        .join(Warehouse, Warehouse.id == _road.warehouse_id)
        .join(_receiver, _receiver.id == _road.destination_id)
        .where(_road.kind == "transit", _stands())
        .group_by(
            Entry.id, Entry.number, Entry.year, Entry.on, Entry.actor_id, Movement.item_id, Movement.lot_id, Item.code,
            Warehouse.id, Warehouse.code, _receiver.id, _receiver.code,
        )
    )  # fmt: skip
    if warehouse_ids is None:
        return question
    return question.where(or_(_road.warehouse_id.in_(warehouse_ids), _road.destination_id.in_(warehouse_ids)))


def _gone(ids: Collection[int]) -> Select[Any]:
    """What left the road again under papers that cite these transfers and stand."""
    return (
        select(
            Entry.cites_id, Entry.kind, Entry.actor_id, Movement.item_id, Movement.lot_id,
            func.sum(_quantity).label("amount"),
        )
        .join(Movement, Movement.entry_id == Entry.id)
        .join(_road, and_(_road.id == Movement.source_id, _road.kind == "transit"))
        .where(Entry.cites_id.in_(ids), Entry.kind != "reversal", _stands())
        .group_by(Entry.cites_id, Entry.kind, Entry.actor_id, Movement.item_id, Movement.lot_id)
    )  # fmt: skip
