"""Single things with their inventory number: each stands in one store at most, and comes new into one once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from inventory.catalogue import Lot
from inventory.database import db
from inventory.errors import Fault, UnitElsewhere, fault
from inventory.ledger.movements import Balance, Movement
from inventory.ledger.premises import hold
from inventory.ledger.shifts import NOTHING, Shift
from inventory.warehouses import Location

NEW_FROM = ("supplier", "donor", "opening")
"""Where new things come from. What left the stores comes back otherwise: returned, recovered, found at a count."""


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """How much of a unit the stores hold (one or nothing), the day it last moved, and whether it came new into one by
    a receipt that stands."""

    quantity: Decimal = NOTHING
    last_on: date | None = None
    is_known: bool = False

    def refusal(self, quantity: Decimal, on: date, comes_from: str) -> Any | None:
        """Why the unit cannot arrive on a day from an outside place of this kind; None when it can."""
        if self.quantity + quantity > 1 or (self.last_on is not None and self.last_on > on):
            return UnitElsewhere.sentence
        return UnitElsewhere.known if self.is_known and comes_from in NEW_FROM else None

    def moved(self, quantity: Decimal, on: date, comes_from: str) -> UnitStanding:
        """As it stands once it has arrived, or (less than nothing) left."""
        return UnitStanding(self.quantity + quantity, on, self.is_known or comes_from in NEW_FROM)


def unit_fault(line: int, item: str, lot: str, sentence: Any) -> Fault:
    """The fault of a line (from 1) whose unit cannot arrive."""
    return fault(f"/lines/{line - 1}/lot", UnitElsewhere.code, sentence, item=item, lot=lot)


def units_standing(lot_ids: Collection[int], new: Collection[int]) -> dict[int, UnitStanding]:
    """How units stand, by their lot's id; only of ``new`` ones it is asked whether they are known."""
    rows = db.session.execute(
        select(Balance.lot_id, func.sum(Balance.quantity), func.max(Balance.last_on))
        .where(Balance.lot_id.in_(lot_ids))
        .group_by(Balance.lot_id)
    )
    standing = {lot_id: UnitStanding(quantity, last_on) for lot_id, quantity, last_on in rows}
    for lot_id in _received(new):
        standing[lot_id] = replace(standing.get(lot_id, UnitStanding()), is_known=True)
    return standing


def unit_faults(shifts: Sequence[Shift], on: date) -> list[Fault]:
    """The units that arrive while they stand in a store, come twice in the same paper, moved after this day, or come
    new once more."""
    coming = [shift for shift in shifts if shift.tracking == "unit" and shift.arrives and shift.quantity]
    if not coming:
        return []
    lot_ids = {shift.lot_id for shift in coming}
    hold(Lot, lot_ids)
    standing = units_standing(lot_ids, {shift.lot_id for shift in coming if shift.source.kind in NEW_FROM})
    faults = []
    for shift in coming:
        unit = standing.get(shift.lot_id, UnitStanding())
        sentence = unit.refusal(shift.quantity, on, shift.source.kind)
        if sentence is not None:
            faults.append(unit_fault(shift.line, shift.item_code, shift.lot, sentence))
        standing[shift.lot_id] = unit.moved(shift.quantity, on, shift.source.kind)
    return faults


def _received(lot_ids: Collection[int]) -> set[int]:
    """The units that came new into a store and whose receipt stands: one number on fifteen mattresses would be fifteen
    things under one name."""
    if not lot_ids:
        return set()
    source, target = aliased(Location), aliased(Location)
    came = func.sum(case((source.kind.in_(NEW_FROM), 1), (target.kind.in_(NEW_FROM), -1), else_=0))
    question = (
        select(Movement.lot_id)
        .join(source, source.id == Movement.source_id)
        .join(target, target.id == Movement.target_id)
        .where(Movement.lot_id.in_(lot_ids), Movement.quantity > 0)
        .group_by(Movement.lot_id)
        .having(came > 0)
    )
    return set(db.session.scalars(question))


def refuse_second_unit(faults: list[Fault]) -> None:
    """The one place where a thing is refused that already stands somewhere."""
    if faults:
        raise UnitElsewhere(faults, **faults[0].details)
