"""Numbered values: which numbers lie where. Only asked and written when a posting moves a range item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from inventory.database import db
from inventory.errors import NumberElsewhere
from inventory.ledger.movements import NumberRange

if TYPE_CHECKING:
    from inventory.ledger.books import Shift


def move(shifts: Sequence[Shift]) -> None:
    """Takes the numbers of each shift from where they lie and puts them where they go; raises NumberElsewhere when one
    of them is not there, or already lies in a store."""
    for shift in shifts:
        if shift.first_number is None or shift.last_number is None:
            continue
        if shift.source.warehouse_id is None:
            _refuse_overlap(shift)
        else:
            _take(shift, shift.first_number, shift.last_number)
        if shift.target.warehouse_id is not None:
            _put(shift, shift.first_number, shift.last_number)


def _refuse_overlap(shift: Shift) -> None:
    clash = db.session.scalar(
        select(NumberRange.id)
        .where(
            NumberRange.item_id == shift.item_id,
            NumberRange.first <= shift.last_number,
            NumberRange.last >= shift.first_number,
        )
        .limit(1)
    )
    _refuse(clash is not None, shift)


def _take(shift: Shift, first: int, last: int) -> None:
    """Cuts [first, last] out of the one range that holds it whole."""
    row = db.session.execute(
        select(NumberRange.id, NumberRange.first, NumberRange.last).where(
            NumberRange.item_id == shift.item_id,
            NumberRange.location_id == shift.source.id,
            NumberRange.first <= first,
            NumberRange.last >= last,
        )
    ).one_or_none()
    _refuse(row is None, shift)
    assert row is not None
    db.session.execute(delete(NumberRange).where(NumberRange.id == row.id))
    for low, high in ((row.first, first - 1), (last + 1, row.last)):
        if low <= high:
            _insert(shift.item_id, shift.source.id, low, high)


def _put(shift: Shift, first: int, last: int) -> None:
    """Lays [first, last] down and joins it with its neighbours there, so that a range comes out whole as it went in."""
    neighbours = db.session.execute(
        select(NumberRange.id, NumberRange.first, NumberRange.last).where(
            NumberRange.item_id == shift.item_id,
            NumberRange.location_id == shift.target.id,
            (NumberRange.last == first - 1) | (NumberRange.first == last + 1),
        )
    ).all()
    for row in neighbours:
        db.session.execute(delete(NumberRange).where(NumberRange.id == row.id))
        first, last = min(first, row.first), max(last, row.last)
    _insert(shift.item_id, shift.target.id, first, last)


def _insert(item_id: int, location_id: int, first: int, last: int) -> None:
    db.session.execute(insert(NumberRange).values(item_id=item_id, location_id=location_id, first=first, last=last))


def _refuse(is_bad: bool, shift: Shift) -> None:
    if is_bad:
        raise NumberElsewhere(
            first=shift.first_number, last=shift.last_number, item=shift.item_code, location=shift.source.code
        )
