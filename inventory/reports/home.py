"""What waits for somebody this morning, in sums and short lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.orm import aliased

from inventory.access import User
from inventory.catalogue import Item, Lot
from inventory.database import db
from inventory.documents import Draft, reference
from inventory.ledger import Balance, Entry, Holding, Movement, Verification
from inventory.replenishment import Alert
from inventory.reports.called import Called, columns_of, sure
from inventory.warehouses import Location, Warehouse

_quantity = type_coerce(Balance.quantity, BigInteger)
# Made once: an alias works its columns out anew, which costs a page more than asking.
_road, _sender, _receiver, _reversal = aliased(Location), aliased(Warehouse), aliased(Warehouse), aliased(Entry)
_way = aliased(Location)
_sent, _taken, _citing, _off = aliased(Movement), aliased(Movement), aliased(Entry), aliased(Location)
_undoing = aliased(Entry)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A transfer of which something is still on the road."""

    entry_id: int
    reference: str
    on: date
    sender: Called
    receiver: Called


def waiting_for(warehouse_ids: Sequence[int], *, limit: int = 20) -> list[Waiting]:
    """Transfers under way to some warehouses, the oldest first: sent there, and more on that road than was received.

    It begins with what lies on the roads, so that years of finished papers cost nothing.
    """
    rows = db.session.execute(
        select(
            Entry.id, Entry.on, Entry.kind, Entry.year, Entry.number,
            *columns_of(_sender, "sender"), *columns_of(_receiver, "receiver"),
        )
        .join(Movement, (Movement.entry_id == Entry.id) & (Movement.line == 1))
        .join(_road, _road.id == Movement.target_id)
        .join(_sender, _sender.id == Entry.warehouse_id)
        .join(_receiver, _receiver.id == _road.destination_id)
        .where(Entry.id.in_(_sent_and_lying(warehouse_ids)), Entry.kind == "transfer", Entry.reverses_id.is_(None))
        .where(_left_of_entry() > 0)
        .where(~select(_reversal.id).where(_reversal.reverses_id == Entry.id).exists())
        .order_by(Entry.on, Entry.id)
        .limit(limit)
    )  # fmt: skip
    return [
        Waiting(
            row.id, reference(row.sender_code, row.kind, row.year, row.number), row.on, sure(row, "sender"),
            sure(row, "receiver"),
        )
        for row in rows
    ]  # fmt: skip


def _sent_and_lying(warehouse_ids: Sequence[int]) -> Any:
    """The entries that sent there, at any time, something of which some still lies on the road."""
    sent = (Movement.target_id == _way.id) & (Movement.item_id == Balance.item_id)
    return (
        select(Movement.entry_id)
        .select_from(_way)
        .join(Balance, Balance.location_id == _way.id)
        .join(Movement, sent & (Movement.target_warehouse_id == _way.warehouse_id))  # the road is its sender's
        .where(_way.destination_id.in_(warehouse_ids), _quantity > 0)
    )


@cache
def _left_of_entry() -> Any:
    """What a transfer sent less what papers that cite it took off the road, in thousandths over all its items."""

    def total(moved: Any) -> Any:
        return func.coalesce(func.sum(type_coerce(moved.quantity, BigInteger)), 0)

    gone = (
        select(total(_taken))
        .join(_citing, _citing.id == _taken.entry_id)
        .join(_off, (_off.id == _taken.source_id) & (_off.kind == "transit"))
        .where(_citing.cites_id == Entry.id)
        .where(~select(_undoing.id).where(_undoing.reverses_id == _citing.id).exists())
        .correlate(Entry)
        .scalar_subquery()
    )
    return select(total(_sent)).where(_sent.entry_id == Entry.id).correlate(Entry).scalar_subquery() - gone


@dataclass(frozen=True, slots=True)
class ExpiringLot:
    item: Called
    warehouse: Called
    lot: str
    expires_on: date
    quantity: Decimal


def expiring_soon(
    warehouse_ids: Sequence[int], *, today: date, warning_days: int, limit: int = 5
) -> tuple[int, list[ExpiringLot]]:
    """How many lots on shelves have expired or will within some days, and the first of them."""
    there = (
        select(
            *columns_of(Item, "item"), *columns_of(Warehouse, "warehouse"),
            Lot.number, Lot.expires_on, Balance.quantity, func.count().over().label("total"),
        )
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Balance.item_id)
        .join(Location, Location.id == Balance.location_id)
        .join(Warehouse, Warehouse.id == Balance.warehouse_id)
        .where(Balance.warehouse_id.in_(warehouse_ids), _quantity > 0, Location.kind == "shelf")
        .where(Lot.expires_on <= today + timedelta(days=warning_days))
        .order_by(Lot.expires_on, Item.code)
        .limit(limit)
    )  # fmt: skip
    rows = db.session.execute(there).all()
    found = [
        ExpiringLot(sure(row, "item"), sure(row, "warehouse"), row.number, row.expires_on, row.quantity) for row in rows
    ]
    return (rows[0].total if rows else 0), found


def sums_of_alerts(warehouse_ids: Sequence[int], *, today: date) -> dict[str, int]:
    """How many alerts nobody put off are open, by level: ``{"out": 3, "low": 12}``."""
    rows = db.session.execute(
        select(Alert.level, func.count(Alert.id).label("count_"))
        .where(Alert.warehouse_id.in_(warehouse_ids), Alert.closed_at.is_(None))
        .where(Alert.snoozed_until.is_(None) | (Alert.snoozed_until <= today))
        .group_by(Alert.level)
    )
    return {"out": 0, "low": 0, **{row.level: row.count_ for row in rows}}


def counts_today(warehouse_ids: Sequence[int], *, today: date) -> dict[str, int]:
    """Papers recorded under today's date, by kind, most first."""
    count = func.count(Entry.id).label("count_")
    rows = db.session.execute(
        select(Entry.kind, count)
        .where(Entry.warehouse_id.in_(warehouse_ids), Entry.on == today)
        .group_by(Entry.kind)
        .order_by(count.desc(), Entry.kind)
    )
    return {row.kind: row.count_ for row in rows}


@dataclass(frozen=True, slots=True)
class DraftRow:
    id: int
    kind: str
    warehouse: Called
    changed_at: datetime
    lines: int


def drafts_of(user_id: int, *, limit: int = 10) -> list[DraftRow]:
    """The papers somebody began and did not post, the latest first."""
    rows = db.session.execute(
        select(Draft, *columns_of(Warehouse, "warehouse"))
        .join(Warehouse, Warehouse.id == Draft.warehouse_id)
        .where(Draft.owner_id == user_id)
        .order_by(Draft.changed_at.desc(), Draft.id.desc())
        .limit(limit)
    )
    return [
        DraftRow(row.Draft.id, row.Draft.kind, sure(row, "warehouse"), row.Draft.changed_at, row.Draft.lines)
        for row in rows
    ]


def first_steps() -> dict[str, bool]:
    """What of a new house is done: a warehouse, an item, stock, a second person; one statement."""
    real = select(Warehouse.id).where(~Warehouse.is_practice)
    row = db.session.execute(
        select(
            real.exists().label("warehouse"),
            select(Item.id).exists().label("item"),
            real.join(Holding, Holding.warehouse_id == Warehouse.id).exists().label("stock"),
            (select(func.count(User.id)).scalar_subquery() > 1).label("people"),
        )
    ).one()
    return {name: bool(value) for name, value in row._mapping.items()}


def last_verification() -> Verification | None:
    """The latest time the whole ledger was worked out again, None when it never was."""
    return db.session.scalar(select(Verification).order_by(Verification.id.desc()).limit(1))
