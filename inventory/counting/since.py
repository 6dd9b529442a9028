"""Whether a difference is still the one that was counted: what the books said then, as they tell it now."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, func, or_, select, type_coerce
from sqlalchemy.orm import aliased

from inventory.catalogue import Lot
from inventory.counting.count import CountLine, PlaceCount, WaitingCount
from inventory.ledger import Balance, Entry, Movement
from inventory.warehouses import Location

_ABOUT_THE_BOOKS = ("loss", "count_difference", "opening")
"""The outside places that goods go to, or come from, when the books are told what lies on the shelf."""
_paper = aliased(Entry)


@cache
def has_moved() -> ColumnElement[bool]:
    """Whether the goods of a line must be counted again (law 5): they moved before the comparison; or, while the count
    waits, the books no longer lack or hold too much what they did, since what lies there now, less what honestly came
    and went since, is not what was expected."""
    waits = select(WaitingCount.count_id).where(WaitingCount.count_id == CountLine.count_id)
    then = _lying().scalar_subquery() - _come_since().scalar_subquery()
    is_told_otherwise = then != type_coerce(CountLine.expected, BigInteger)
    return case((CountLine.has_moved, True), (~waits.correlate(CountLine).exists(), False), else_=is_told_otherwise)


def _lying() -> Select[Any]:
    """What the books say lies there of a line's goods."""
    return (
        select(func.coalesce(func.sum(type_coerce(Balance.quantity, BigInteger)), 0))
        .join(Lot, Lot.id == Balance.lot_id)
        .where(Balance.location_id == PlaceCount.location_id)
        .where(Balance.item_id == CountLine.item_id, Lot.number == CountLine.lot)
        .correlate(PlaceCount, CountLine)
    )


def _come_since() -> Select[Any]:
    """What came, less what left, of a line's goods by papers of after the count: made since, and dated on its day or
    later. What is dated earlier, takes back an earlier paper, or says that something was missing or too much, may tell
    what lay behind the difference. A reversal counts as the paper that it takes back."""
    came = and_(Movement.target_warehouse_id == PlaceCount.warehouse_id, Movement.target_id == PlaceCount.location_id)
    left = and_(Movement.source_warehouse_id == PlaceCount.warehouse_id, Movement.source_id == PlaceCount.location_id)
    signed = type_coerce(Movement.quantity, BigInteger) * case((came, 1), else_=-1)
    return (
        select(func.coalesce(func.sum(signed), 0))
        .join(Lot, Lot.id == Movement.lot_id)
        .join(Entry, Entry.id == Movement.entry_id)
        .join(Location, Location.id == case((came, Movement.source_id), else_=Movement.target_id))
        .join(_paper, _paper.id == func.coalesce(Entry.reverses_id, Entry.id))
        .where(Movement.item_id == CountLine.item_id, Lot.number == CountLine.lot, or_(came, left))
        .where(Movement.on >= PlaceCount.counted_on, _paper.on >= PlaceCount.counted_on)
        .where(_paper.recorded_at > PlaceCount.recorded_at, Location.kind.not_in(_ABOUT_THE_BOOKS))
        .correlate(PlaceCount, CountLine)
    )
