"""Value moves with goods (law 7): weighted average, own cost of a unit, the rest that a reversal cannot move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import Subquery, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from inventory.database import Money, Quantity, db
from inventory.ledger.movements import Movement
from inventory.ledger.pages import HoldingRow
from inventory.ledger.premises import Place
from inventory.ledger.shifts import NOTHING, Shift

CENTIME = Decimal("0.01")


def share(value: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """The value of a part at the average of the whole, rounded half-up to the centime; exact whatever the size."""
    centimes, thousandths, of = Money.to_integer(value), Quantity.to_integer(part), Quantity.to_integer(whole)
    return Money.to_decimal((2 * centimes * thousandths + of) // (2 * of))


def value_of(shift: Shift, holding: HoldingRow, own_costs: Mapping[int, Decimal]) -> Decimal:
    """What a shift moves in MAD; ``holding`` is what its source's warehouse holds before it."""
    if shift.source.warehouse_id is None:
        return shift.value or NOTHING
    if shift.mirrors or shift.quantity == 0:
        return min(shift.value or NOTHING, holding.value)
    if shift.quantity >= holding.quantity:
        return holding.value  # the last unit takes the remainder
    if shift.tracking == "unit":
        return min(own_costs.get(shift.lot_id, NOTHING), holding.value)
    return share(holding.value, shift.quantity, holding.quantity)


def own_costs(shifts: Iterable[Shift]) -> dict[int, Decimal]:
    """What each unit that is about to leave was last taken in for, and what was corrected of it since, by lot id."""
    lots = {s.lot_id for s in shifts if s.tracking == "unit" and s.source.warehouse_id is not None and not s.mirrors}
    if not lots:
        return {}
    came = _last(lots, Movement.source_warehouse_id, Movement.target_warehouse_id)
    signed = case(
        (Movement.source_warehouse_id.is_(None), Movement.value),
        (Movement.target_warehouse_id.is_(None), -Movement.value),
        else_=0,
    )
    rows = db.session.execute(
        select(Movement.lot_id, func.sum(signed))
        .join(came, and_(came.c.lot_id == Movement.lot_id, came.c.id <= Movement.id))
        .group_by(Movement.lot_id)
    )
    return {lot_id: cost for lot_id, cost in rows}  # noqa: C416 -- a row is not a pair to mypy


def last_values(lot_ids: Iterable[int]) -> dict[int, Decimal]:
    """What each unit that stands outside was worth when it last left, by lot id; it comes back at that value."""
    left = _last(set(lot_ids), Movement.target_warehouse_id, Movement.source_warehouse_id)
    rows = db.session.execute(select(Movement.lot_id, Movement.value).join(left, left.c.id == Movement.id))
    return {lot_id: value for lot_id, value in rows}  # noqa: C416 -- a row is not a pair to mypy


def _last(
    lots: AbstractSet[int], outside: InstrumentedAttribute[int | None], inside: InstrumentedAttribute[int | None]
) -> Subquery:
    """The last movement of each lot over the threshold, by lot id; a correction of value moves nothing over it."""
    return (
        select(Movement.lot_id, func.max(Movement.id).label("id"))
        .where(Movement.lot_id.in_(lots), outside.is_(None), inside.is_not(None), Movement.quantity > 0)
        .group_by(Movement.lot_id)
        .subquery()
    )


def rests(
    shifts: list[Shift], values: Mapping[int, Decimal], holdings: Mapping[tuple[int, int], HoldingRow], to: Place
) -> Iterator[Shift]:
    """What a reversal could not move, or left behind on no quantity, as value-only shifts from and to the place
    ``to``."""
    emptied: dict[tuple[int, int], Shift] = {}
    for index, shift in enumerate(shifts):
        missing = (shift.value or NOTHING) - values[index]
        if shift.mirrors and missing > 0 and shift.target.warehouse_id is None:
            yield _value_only(shift, missing, source=to)
        if shift.leaves and shift.source.warehouse_id is not None:
            emptied[shift.item_id, shift.source.warehouse_id] = shift
    for key, shift in emptied.items():
        if holdings[key].quantity == 0 and holdings[key].value > 0:
            yield _value_only(shift, holdings[key].value, target=to)


def _value_only(shift: Shift, value: Decimal, *, source: Place | None = None, target: Place | None = None) -> Shift:
    return replace(
        shift,
        source=source or shift.source,
        target=target or shift.target,
        quantity=NOTHING,
        value=value,
        mirrors=False,
        unit_cost=None,
        first_number=None,
        last_number=None,
    )
