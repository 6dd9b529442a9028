"""Goods that come in: their place, their lot and what they are worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from flask_babel import lazy_gettext as _l

from inventory import ledger
from inventory.catalogue import NO_LOT, ArrivingLot, Item
from inventory.database import db
from inventory.documents.desk import Desk, Made
from inventory.documents.goods import Goods
from inventory.documents.lines import LARGEST, Lines
from inventory.documents.orders import LineOrder
from inventory.errors import Fault
from inventory.ledger import Place, Shift

CENTIME = Decimal("0.01")
FINEST_COST = Decimal("0.000001")
LARGEST_VALUE = Decimal(99_999_999_999)
_BECAME = {name: f"target_{name}" for name in ("item", "quantity", "lot", "location")}
EARLIEST_EXPIRY, LATEST_EXPIRY = date(1990, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where a line's goods come to lie, in which lot, and what they are worth (None: it does not say)."""

    target: Place
    lot: ArrivingLot
    value: Decimal | None


def put(desk: Desk, index: int, line: LineOrder, goods: Goods, quantity: Decimal, source: Place) -> Made | None:
    """Goods arrive from outside, at the place and in the lot the line names; None when the line is at fault."""
    found = arrival(desk, index, line, goods, quantity, source.kind)
    if found is None:
        return None
    shift = Shift(
        index + 1, goods.id, goods.code, source, found.target, quantity, found.lot.id, goods.tracking, found.value,
        line.unit_cost, first_number=line.first_number, last_number=line.last_number,
    )  # fmt: skip
    return desk.make(shift, index, goods, line.lot or "", found.lot.expires_on)


def arrival(
    lines: Lines, index: int, line: LineOrder, goods: Goods, quantity: Decimal, comes_from: str
) -> Arrival | None:
    """How a line's goods arrive from an outside place of this kind, whatever lies there already; None, and every fault
    noted, when they cannot."""
    target = lines.place(index, line.location)
    lot = lot_of(lines, index, line, goods, quantity)
    if goods.is_retired(lines.day) and comes_from in ("supplier", "donor", "conversion"):
        other = db.session.get(Item, goods.replaced_by_id) if goods.replaced_by_id else None
        message = _l("%(item)s is out of use: nothing more of it comes in.")
        if other is not None:
            message = _l("%(item)s is out of use: take %(other)s, which replaced it.")
        lines.refuse(index, "item", "retired", message, item=goods.code, other=other.code if other else None)
        return None
    is_priced, value = _line_value(lines, index, line, quantity)
    return Arrival(target, lot, value) if target is not None and lot is not None and is_priced else None


def put_back(desk: Desk, index: int, line: LineOrder, goods: Goods, quantity: Decimal, source: Place) -> None:
    """Goods come back or turn up: unless the line says a cost, at the present average; a unit at what it left with."""
    made = put(desk, index, line, goods, quantity, source)
    if made is None or made.shift.value is not None:
        return
    if goods.tracking == "unit":
        made.shift.value = ledger.last_values([made.shift.lot_id]).get(made.shift.lot_id)
        return
    held = desk.book.holdings.get((goods.id, desk.store.id))
    if held is not None and held.quantity > 0:
        made.shift.value = ledger.share(held.value, quantity, held.quantity)


def lot_of(lines: Lines, index: int, line: LineOrder, goods: Goods, quantity: Decimal) -> ArrivingLot | None:
    """The lot the goods arrive in, or were found in; None, and the fault noted, when it cannot be said."""
    has_lot, is_unit = goods.tracking in ("lot", "unit"), goods.tracking == "unit"
    if not lines.names_lot_well(index, line, goods):
        return None
    message = None
    if not line.lot and is_unit:
        name, code, message = "lot", "required", _l("Enter the inventory number of %(item)s.")
    elif not line.lot and has_lot:
        name, code, message = "lot", "required", _l("Enter the lot of %(item)s.")
    elif is_unit and quantity != 1:
        name, code, message = "quantity", "one_thing", _l("One inventory number is one thing: quantity 1.")
    elif line.expires_on is not None and not EARLIEST_EXPIRY <= line.expires_on <= LATEST_EXPIRY:
        name, code, message = "expires_on", "range", _l("Check the year in which %(item)s expires.")
    if message is not None:
        lines.refuse(index, name, code, message, item=goods.code)
        return None
    return _known_lot(lines, index, line, goods, line.lot) if line.lot else ArrivingLot(NO_LOT, None)


def _known_lot(lines: Lines, index: int, line: LineOrder, goods: Goods, number: str) -> ArrivingLot | None:
    """The lot in the catalogue, when its expiry is known and is not contradicted."""
    lot = lines.lots.get((goods.id, number))
    if lot is None:
        message = _l("The inventory number %(lot)s belongs to another item.")
        lines.refuse(index, "lot", "taken", message, lot=number)
    elif line.expires_on is not None and lot.expires_on != line.expires_on:
        message = _l("Lot %(lot)s expires on %(on)s: check the label.")
        lines.refuse(index, "expires_on", "contradicts", message, lot=number, on=lot.expires_on)
    elif goods.has_expiry and lot.expires_on is None:
        lines.refuse(index, "expires_on", "required", _l("Enter when lot %(lot)s expires."), lot=number)
    else:
        return lot
    return None


def _line_value(lines: Lines, index: int, line: LineOrder, quantity: Decimal) -> tuple[bool, Decimal | None]:
    """Whether the cost can be used, and unit cost × quantity as entered, rounded half-up once; None is unpriced."""
    cost = line.unit_cost
    if cost is None:
        return True, None
    if not cost.is_finite() or not 0 <= cost <= LARGEST or cost != cost.quantize(FINEST_COST):
        lines.refuse(index, "unit_cost", "range", _l("A unit cost is 0 or more, with at most 6 decimals."))
        return False, None
    value = ((line.quantity if line.quantity is not None else quantity) * cost).quantize(CENTIME, ROUND_HALF_UP)
    if value > LARGEST_VALUE:
        message = _l("This line is worth more than %(most)s MAD: check quantity and cost.")
        lines.refuse(index, "unit_cost", "range", message, most=LARGEST_VALUE)
        return False, None
    return True, value


def convert(desk: Desk, index: int, line: LineOrder, goods: Goods, into: Goods, leaving: range, middle: Place) -> None:
    """What a line became arrives, with the value of the shifts ``leaving``, to the centime."""
    arriving = line.target_quantity
    if arriving is None:
        message = _l("Enter how much of %(item)s it becomes.")
        desk.refuse(index, "target_quantity", "required", message, item=into.code)
        return
    if not desk.is_countable(index, "target_quantity", arriving):
        return
    if not desk.is_kept(index, "target_quantity", arriving, into):
        return
    became = replace(
        line, item=into.code, quantity=arriving, unit=None, lot=line.target_lot, location=line.target_location,
        unit_cost=None, first_number=None, last_number=None,
    )  # fmt: skip
    before = len(desk.faults)
    made = put(desk, index, became, into, arriving, middle)
    desk.faults[before:] = [_of_what_it_became(one) for one in desk.faults[before:]]
    if made is not None:
        made.shift.value_of = tuple(leaving)


def _of_what_it_became(found: Fault) -> Fault:
    """The fault at the field of the conversion that says what comes."""
    line, _, name = found.pointer.rpartition("/")
    return replace(found, pointer=f"{line}/{_BECAME.get(name, name)}")
