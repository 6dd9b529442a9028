"""A count is taken in: what was counted, beside what the books say lies there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, select, type_coerce

from inventory import ledger
from inventory.access import Identity, require
from inventory.catalogue import ArrivingLot, Item, Lot, inventoried, lots_numbered, spelled
from inventory.counting.count import CountLine, PlaceCount, WaitingCount, forget_settled, note
from inventory.database import db
from inventory.documents import LineOrder, Order
from inventory.documents.arrivals import lot_of
from inventory.documents.goods import goods_of, in_known_letters, unit_numbers
from inventory.documents.lines import Lines
from inventory.documents.posting import locked_store
from inventory.errors import refuse, refuse_field
from inventory.ledger import Balance, Entry, Movement, Place, Premises, Store

MOST_BEFORE = 50
_NOTHING, _ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCount:
    """A count as a door read it. ``location`` None is the default place; no line means that nothing lies there.
    ``is_whole``: all that lies there was counted, else only what the lines name.
    ``counted_at`` and ``counted_on`` are given by a device that hands it in late; ``before`` are the keys of papers
    that the same person had made before counting, so that they have not moved anything since."""

    warehouse: str
    location: str | None
    lines: tuple[LineOrder, ...]
    is_whole: bool = True
    counted_at: datetime | None = None
    counted_on: date | None = None
    before: Collection[str] = ()


@dataclass(slots=True)
class _Lying:
    """One lot of one item at a place, while it is compared."""

    item_id: int
    lot: str
    expires_on: date | None
    counted: Decimal = _NOTHING
    expected: Decimal = _NOTHING


def record(new: NewCount, *, by: Identity, today: date, at: datetime) -> PlaceCount:
    """Takes a count in and compares it, first in a transaction. Raises NotAllowed, and InvalidRequest with every bad
    line."""
    premises = ledger.lock([new.warehouse], inside=[new.location] if new.location else [])
    store = locked_store(premises, new.warehouse)
    require(by, "count.write", store.id)
    place = _place(premises, store, new.location)
    lying = _counted(new, premises, store)
    for row in _expected(place.id):
        if not new.is_whole and (row.item_id, row.lot) not in lying:
            continue
        goods = lying.setdefault((row.item_id, row.lot), _Lying(row.item_id, row.lot, row.expires_on))
        goods.expected, goods.expires_on = row.quantity, row.expires_on
    counted_at = min(new.counted_at or at, at)
    count = PlaceCount(
        warehouse_id=store.id, location_id=place.id, counted_on=min(new.counted_on or today, today),
        counted_at=counted_at, recorded_at=at, counter_id=by.id, is_whole=new.is_whole,
    )  # fmt: skip
    db.session.add(count)
    db.session.flush()
    moved = set(_moved_since(counted_at, place, store, new.before, by)) if new.counted_at else set()
    db.session.add_all(
        CountLine(
            count_id=count.id, position=position, item_id=one.item_id, lot=one.lot, expires_on=one.expires_on,
            counted=one.counted, expected=one.expected, has_moved=(one.item_id, one.lot) in moved,
        )
        for position, one in enumerate(lying.values(), 1)
    )  # fmt: skip
    db.session.add(WaitingCount(count_id=count.id))
    db.session.flush()
    forget_settled(place.id)
    note("count.recorded", count, by=by, at=at, place=f"{store.code} {place.code}")
    return count


def _place(premises: Premises, store: Store, code: str | None) -> Place:
    place = store.default if code is None else premises.inside.get((store.id, code))
    if place is None or place.kind == "transit":
        refuse_field("/location", "unknown", _l("There is no place “%(place)s” here."), place=code)
    return place


def _counted(new: NewCount, premises: Premises, store: Store) -> dict[tuple[int, str], _Lying]:
    """What was counted, by item and lot, in the order of counting; the same goods twice are added up."""
    if not new.lines and not new.is_whole:
        refuse_field("/lines", "required", _l("Count at least one thing."))
    if not new.lines:
        return {}
    order = Order("adjustment", new.warehouse, new.lines)
    refuse(order.faults())
    goods = goods_of(order, [store.id])
    if not store.is_practice:
        order = in_known_letters(order, goods, spelled(unit_numbers(order, goods)))
    lines = _Counted(order, store, premises, goods)
    lying: dict[tuple[int, str], _Lying] = {}
    for index, line, one, quantity in lines.lines:
        if one.tracking == "range":
            lines.refuse(index, "item", "range", _l("%(item)s has numbers: count it on a count sheet."), item=one.code)
            continue
        known = lying.get((one.id, line.lot or ""))
        total = quantity + (known.counted if known else _NOTHING)
        lot = lot_of(lines, index, line, one, total or _ONE)  # none of a single thing may be there
        if lot is not None:
            lying[one.id, line.lot or ""] = _Lying(one.id, line.lot or "", lot.expires_on, total)
    refuse(lines.faults)
    return lying


class _Counted(Lines):
    """What was counted, as papers read their lines, so that the difference can be posted. There may be none of it, and
    counting makes no lot."""

    @cached_property
    def lots(self) -> Mapping[tuple[int, str], ArrivingLot]:
        numbers = {one.number for one in self.wanted_lots()}
        return self.lots_beside(lots_numbered(numbers, is_practice=self.store.is_practice), inventoried(numbers))

    def is_countable(self, index: int, name: str, quantity: Decimal) -> bool:
        return quantity.is_zero() or super().is_countable(index, name, quantity)


def _expected(location_id: int) -> Sequence[Any]:
    """What the books say lies at a place, but for numbered values (law 2)."""
    return db.session.execute(
        select(Balance.item_id, Lot.number.label("lot"), Lot.expires_on, Balance.quantity)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Balance.item_id)
        .where(Balance.location_id == location_id, type_coerce(Balance.quantity, BigInteger) > 0)
        .where(Item.tracking != "range")
        .order_by(Item.code, Lot.expires_on.is_(None), Lot.expires_on, Lot.number)
    ).all()


def _moved_since(
    since: datetime, place: Place, store: Store, before: Collection[str], by: Identity
) -> Iterator[tuple[int, str]]:
    """The goods that moved at a place since an instant, by papers that were not made before it by the same person."""
    rows = db.session.execute(
        select(Movement.item_id, Lot.number)
        .join(Entry, Entry.id == Movement.entry_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .where(Entry.warehouse_id == store.id, Entry.year >= since.year, Entry.recorded_at > since)
        .where((Movement.source_id == place.id) | (Movement.target_id == place.id))
        .where((Entry.actor_id != by.id) | Entry.key.not_in(before))
    )
    return ((row.item_id, row.number) for row in rows)
