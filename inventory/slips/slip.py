"""Slips: what was handed out, to whom, of what, with which picture; and whether it still waits to be settled."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    exists,
    func,
    select,
)  # fmt: skip
from sqlalchemy.orm import Mapped, aliased, mapped_column

from inventory import audit, ledger
from inventory.access import Identity, require
from inventory.database import Id, Instant, Model, Quantity, db
from inventory.documents import KINDS, LineOrder, Order, Side
from inventory.documents.departures import take
from inventory.documents.desk import Desk
from inventory.documents.goods import Goods, goods_of
from inventory.documents.posting import locked_store, opened_book
from inventory.errors import fault, found, refuse, refuse_field
from inventory.ledger import Entry, Place
from inventory.parties import Service, find
from inventory.texts import text_faults

ABBREVIATION = "AR"
"""What stands in a slip's reference, as no paper's does: CENTRAL/AR/2026/000003."""
LONGEST_RECEIVER, LONGEST_REASON, LONGEST_NOTE = 120, 300, 2000
LATE = timedelta(minutes=2)
"""A slip that was made longer ago than this comes from a device without network (law 2)."""
_APPEND_ONLY = {"info": {"append_only": True}}
_NOTHING = Decimal(0)


class Slip(Model):
    """Goods handed out. ``made_at`` is when, by the device; ``recorded_at`` when the house heard of it."""

    __tablename__ = "slip"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    year: Mapped[int]
    number: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    receiver: Mapped[str] = mapped_column(String(LONGEST_RECEIVER))
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE))
    __table_args__ = (
        UniqueConstraint("warehouse_id", "year", "number"),
        CheckConstraint("number >= 1", name="number_counts"),
        CheckConstraint("receiver <> ''", name="names_receiver"),
        Index(None, "warehouse_id", "id"),
        _APPEND_ONLY,
    )

    @property
    def number_in_year(self) -> str:
        """As written on the slip: ``3/2026``."""
        return f"{self.number}/{self.year}"


class SlipLine(Model):
    """What was handed out: ``quantity`` in base units, ``unit_quantity`` of ``unit`` when it was counted in a
    packaging; ``available`` is what the store had then, by its books."""

    __tablename__ = "slip_line"
    slip_id: Mapped[int] = mapped_column(ForeignKey("slip.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    unit: Mapped[str | None] = mapped_column(String(60))
    unit_quantity: Mapped[Decimal | None] = mapped_column(Quantity)
    lot: Mapped[str] = mapped_column(String(60))
    location: Mapped[str] = mapped_column(String(60))
    first_number: Mapped[int | None] = mapped_column(Id)
    last_number: Mapped[int | None] = mapped_column(Id)
    available: Mapped[Decimal] = mapped_column(Quantity)
    __table_args__ = (
        CheckConstraint("quantity > 0 AND available >= 0", name="hands_out_something"),
        CheckConstraint("(unit IS NULL) = (unit_quantity IS NULL)", name="unit_is_counted"),
        _APPEND_ONLY,
    )


class SlipPhoto(Model):
    """What the storekeeper saw: one small picture, drawn anew by us."""

    __tablename__ = "slip_photo"
    slip_id: Mapped[int] = mapped_column(ForeignKey("slip.id"), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    __table_args__ = (_APPEND_ONLY,)


class SlipSettlement(Model):
    """How a slip was settled: by papers (no reason is needed), or closed with a reason (no paper is there)."""

    __tablename__ = "slip_settlement"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    slip_id: Mapped[int] = mapped_column(ForeignKey("slip.id"), index=True)
    settled_at: Mapped[datetime] = mapped_column(Instant)
    settled_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    __table_args__ = (_APPEND_ONLY,)


class SlipPaper(Model):
    """A posted paper that puts a slip right."""

    __tablename__ = "slip_paper"
    settlement_id: Mapped[int] = mapped_column(ForeignKey("slip_settlement.id"), primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    __table_args__ = (Index(None, "entry_id"), _APPEND_ONLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSlip:
    """A slip as a door read it. ``photo``: small already; ``made_at``: by the device's clock."""

    warehouse: str
    service: str
    receiver: str
    lines: tuple[LineOrder, ...]
    note: str = ""
    photo: bytes | None = None
    media_type: str = ""
    made_at: datetime | None = None


def record(new: NewSlip, *, by: Identity, today: date, at: datetime) -> Slip:
    """Writes a slip, first in a transaction. Raises NotAllowed, and InvalidRequest with every fault: also when the
    store has all of it, and it can simply be issued."""
    order = Order("issue", new.warehouse, new.lines, target=Side("service", new.service), note=new.note)
    faults = order.faults() + text_faults("/receiver", new.receiver, LONGEST_RECEIVER)
    if not new.receiver.strip():
        faults.append(fault("/receiver", "required", _l("Say who takes the goods.")))
    refuse(faults)
    premises = ledger.lock([new.warehouse], inside=KINDS["issue"].needs(order).inside)
    store = locked_store(premises, new.warehouse)
    require(by, "slip.write", store.id)
    service = find(Service, new.service, "/service")
    goods = goods_of(order, [store.id])
    book = opened_book(premises, store, goods, on=today, kind="issue", key="")
    desk = Desk(order, store, premises, goods, by, today, today, book)
    lines = [_line(desk, *one) for one in desk.lines]
    desk.settle()
    made_at = min(new.made_at or at, at)
    if made_at > at - LATE and not _is_wanting(desk, lines):
        refuse_field("/lines", "in_stock", _l("The store has all of this: issue it."))
    slip = Slip(
        warehouse_id=store.id, year=today.year, number=_next_number(store.id, today.year), made_at=made_at,
        recorded_at=at, made_by_id=by.id, service_id=service.id, receiver=new.receiver.strip(), note=new.note.strip(),
    )  # fmt: skip
    db.session.add(slip)
    db.session.flush()
    for line in lines:
        line.slip_id = slip.id
    db.session.add_all(lines)
    if new.photo is not None:
        digest = hashlib.sha256(new.photo).hexdigest()
        db.session.add(SlipPhoto(slip_id=slip.id, media_type=new.media_type, content=new.photo, digest=digest))
    db.session.flush()
    note("slip.recorded", slip, store.code, by=by, at=at, receiver=slip.receiver, service=service.code)
    return slip


def _line(desk: Desk, index: int, line: LineOrder, goods: Goods, quantity: Decimal) -> SlipLine:
    counted = line.quantity if line.unit not in (None, goods.unit) else None
    if counted is not None and counted != counted.quantize(Decimal("0.001")):
        counted = None  # too fine to be kept as it was counted
    return SlipLine(
        position=index + 1, item_id=goods.id, quantity=quantity, unit=line.unit if counted is not None else None,
        unit_quantity=counted, lot=line.lot or "", location=line.location or "", first_number=line.first_number,
        last_number=line.last_number, available=_available(desk, line, goods),
    )  # fmt: skip


def _available(desk: Desk, line: LineOrder, goods: Goods) -> Decimal:
    """What the books would let leave for this line: on shelves, not expired, not reserved, of its lot, at its place."""
    rows = [
        row
        for row in desk.book.rows_of(goods.id, desk.store.id)
        if row.place.kind == "shelf" and not desk.is_expired(row.expires_on)
    ]
    reserved = Quantity.to_decimal(int(goods.rules[desk.store.id].reserved))
    free = max(_NOTHING, sum((row.quantity for row in rows), _NOTHING) - reserved)
    there = [row for row in rows if line.location in (None, row.place.code) and line.lot in (None, "", row.lot)]
    return min(free, sum((row.quantity for row in there), _NOTHING))


def _is_wanting(desk: Desk, lines: Sequence[SlipLine]) -> bool:
    """Whether an issue of all this would be refused for want of goods: too little for a line by itself, or beside the
    lines before it, which take from the same lots and places as they would on its paper."""
    if any(line.quantity > line.available for line in lines):
        return True
    target = Place(0, "service", "service", None)
    for index, line, goods, quantity in desk.lines:
        if goods.tracking == "unit":  # handed out without its number, it is any of them
            goods = replace(goods, tracking="lot")
        # Why another lot than the first was taken is asked when it is issued, not here.
        take(desk, index, replace(line, reason=ABBREVIATION), goods, quantity, target)
    return bool(desk.shortages or desk.expired or desk.misplaced)


def _next_number(warehouse_id: int, year: int) -> int:
    """The pen of the warehouse is held: nobody else draws a number now."""
    last = select(func.max(Slip.number)).where(Slip.warehouse_id == warehouse_id, Slip.year == year)
    return int(db.session.scalar(last) or 0) + 1


def note(action: str, slip: Slip, code: str, *, by: Identity, at: datetime, **details: Any) -> None:
    audit.note(action, slip_reference(slip, code), by=by, at=at, details=details)


reversal = aliased(Entry)


def stands(settlement: Any) -> ColumnElement[bool]:
    """Whether a settlement still stands: none of its papers was reversed (law 4)."""
    undone = (
        select(SlipPaper.entry_id)
        .join(reversal, reversal.reverses_id == SlipPaper.entry_id)
        .where(SlipPaper.settlement_id == settlement.id)
    )
    return ~undone.exists()


def is_open() -> ColumnElement[bool]:
    """Whether a slip still waits to be settled, as a condition."""
    return ~exists().where(SlipSettlement.slip_id == Slip.id, stands(SlipSettlement))


def slip_reference(slip: Slip, warehouse: str) -> str:
    """As cited elsewhere: ``CENTRAL/AR/2026/000003``; no paper bears these letters."""
    return f"{warehouse}/{ABBREVIATION}/{slip.year}/{slip.number:06d}"


def get_slip(slip_id: int) -> Slip:
    """The slip with this id; NotFound when there is none."""
    return found(db.session.get(Slip, slip_id), slip_id)
