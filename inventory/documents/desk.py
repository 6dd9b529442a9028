"""The desk at which one paper is made: the locked warehouses, the goods, the open page, and what was found wrong so
far.

A kind turns its lines into shifts with ``arrivals`` (goods that come in), ``departures`` (goods that lie here and
leave) and ``roads`` (goods of a transfer under way). Every fault of every line is collected, and refused at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext as _l

from inventory import ledger
from inventory.access import Identity
from inventory.catalogue import ArrivingLot, unit_names
from inventory.documents.goods import Goods
from inventory.documents.orders import LineOrder, Order
from inventory.errors import ExpiredLot, Fault, MoreThanSent, fault, refuse
from inventory.ledger import BalanceRow, Book, Place, Premises, Shift, Store

NOTHING = Decimal(0)
LARGEST = Decimal(999_999_999)
"""The largest quantity of a line, in base units: 64 bits then hold the sum of millions of lines."""
FINEST = -6
"""The smallest power of ten that a quantity may be typed with, in whatever unit."""


@dataclass(slots=True)
class Made:
    """A shift and the line it was made for (from 0); ``quantity`` counts in ``unit``."""

    shift: Shift
    line: int
    goods: Goods
    unit: str
    quantity: Decimal
    lot: str = ""
    expires_on: date | None = None


@dataclass
class Desk:
    """Everything a kind needs to turn its order into shifts."""

    order: Order
    by: Identity
    on: date
    today: date
    store: Store
    premises: Premises
    goods: dict[str, Goods]
    book: Book
    faults: list[Fault] = field(default_factory=list)
    expired: list[Fault] = field(default_factory=list)
    misplaced: list[Fault] = field(default_factory=list)
    excess: list[Fault] = field(default_factory=list)
    too_early: list[Fault] = field(default_factory=list)
    shortages: list[Fault] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    taken: dict[tuple[int, int, int], Decimal] = field(default_factory=dict)
    lots: dict[tuple[int, str], ArrivingLot] = field(default_factory=dict)
    cites_id: int | None = None
    _then: dict[tuple[int, int, int], Decimal] = field(default_factory=dict)

    def refuse(self, line: int, name: str, code: str, message: Any, /, **details: Any) -> None:
        """Notes a fault of a line (counted from 0)."""
        self.faults.append(fault(f"/lines/{line}/{name}", code, message, **details))

    def there(self, row: BalanceRow) -> Decimal:
        """How much a balance can give on the day of the paper: what came later was not there, what left later is not
        there twice."""
        if row.last_on is None or row.last_on <= self.on:
            return row.quantity
        key = (row.item_id, row.lot_id, row.place.id)
        if key not in self._then:
            self._then[key] = max(NOTHING, ledger.least_from(row, self.on))
        return self._then[key]

    def settle(self, guard: Callable[[], None] = lambda: None) -> None:
        """Refuses the whole paper when any line is at fault: first what was entered wrongly, then the day (``guard``),
        then what does not stand in the store, all such lines together."""
        refuse(self.faults)
        guard()
        conflicts = self.expired + self.excess + self.misplaced + self.too_early + self.shortages
        if self.expired:
            _refuse_expired(conflicts)
        if self.excess:
            _refuse_excess(conflicts)
        if self.misplaced:
            ledger.refuse_misplaced(conflicts)
        if self.too_early:
            ledger.refuse_negative_later(conflicts)
        ledger.refuse_shortages(self.shortages)

    @cached_property
    def lines(self) -> list[tuple[int, LineOrder, Goods, Decimal]]:
        """The lines with their goods and quantity in base units; those at fault are noted and left out."""
        sound = []
        for index, line in enumerate(self.order.lines):
            goods = self.goods.get(line.item)
            if goods is None:
                self.refuse(index, "item", "unknown", _l("There is no item “%(item)s”."), item=line.item)
                continue
            quantity = self._quantity(index, line, goods)
            if quantity is not None:
                sound.append((index, line, goods, quantity))
        return sound

    def _quantity(self, index: int, line: LineOrder, goods: Goods) -> Decimal | None:
        if goods.tracking == "range":
            return self._range_quantity(index, line)
        if line.first_number is not None or line.last_number is not None:
            self.refuse(index, "first_number", "not_a_range", _l("%(item)s has no numbers."), item=goods.code)
        elif line.quantity is None:
            self.refuse(index, "quantity", "required", _l("Enter a quantity."))
        elif self.is_countable(index, "quantity", line.quantity):
            base = goods.in_base_units(line.quantity, line.unit)
            if base is None:
                message = _l("%(item)s has no unit or packaging “%(unit)s”.")
                self.refuse(index, "unit", "unknown", message, item=goods.code, unit=line.unit)
            elif self.is_kept(index, "quantity", base, goods):
                return base
        return None

    def is_countable(self, index: int, name: str, quantity: Decimal) -> bool:
        """Whether a quantity, in whatever unit, is a number one can count with; notes the fault when not."""
        exponent = quantity.normalize().as_tuple().exponent if quantity.is_finite() else None
        if isinstance(exponent, int) and exponent >= FINEST and 0 < quantity <= LARGEST:
            return True
        message = _l("A quantity is more than 0 and at most %(most)s, with at most 6 decimals.")
        self.refuse(index, name, "range", message, most=LARGEST)
        return False

    def is_kept(self, index: int, name: str, base: Decimal, goods: Goods) -> bool:
        """Whether a quantity in base units is as coarse as the item is kept; notes the fault when not."""
        if base > LARGEST:
            message = _l("A quantity is more than 0 and at most %(most)s, with at most 6 decimals.")
            self.refuse(index, name, "range", message, most=LARGEST)
        elif goods.is_too_fine(base):
            message = _l("%(item)s is counted in %(unit)s with %(decimals)s decimals: %(quantity)s is too fine.")
            if not goods.decimals:
                message = _l("%(item)s is counted in whole numbers of %(unit)s: %(quantity)s is none.")
            details = {"item": goods.code, "unit": unit_names(goods.unit), "decimals": goods.decimals}
            self.refuse(index, name, "too_fine", message, quantity=base, **details)
        else:
            return True
        return False

    def _range_quantity(self, index: int, line: LineOrder) -> Decimal | None:
        first, last = line.first_number, line.last_number
        if self.store.is_practice:
            message = _l("%(item)s is kept by numbers, which are there only once: practise with other goods.")
            self.refuse(index, "item", "practice", message, item=line.item)
        elif first is None or last is None:
            message = _l("%(item)s is kept by numbers: enter the first and the last.")
            self.refuse(index, "first_number", "required", message, item=line.item)
        elif not 0 < first <= last < 10**12 or last - first >= LARGEST:
            self.refuse(index, "last_number", "range", _l("The last number lies at or after the first."))
        elif line.quantity not in (None, last - first + 1):
            message = _l("From %(first)s to %(last)s there are %(count)s numbers.")
            self.refuse(index, "quantity", "not_the_range", message, first=first, last=last, count=last - first + 1)
        elif line.unit not in (None, self.goods[line.item].unit):
            self.refuse(index, "unit", "unknown", _l("%(item)s is counted one by one."), item=line.item)
        else:
            return Decimal(last - first + 1)
        return None

    def place(self, index: int, code: str | None, *, name: str = "location") -> Place | None:
        """The place with this code in the warehouse, the default shelf when none is named; None when there is no
        such."""
        if code is None:
            return self.store.default
        found = self.premises.inside.get((self.store.id, code))
        if found is None or found.kind == "transit":
            self.refuse(index, name, "unknown", _l("There is no place “%(place)s” here."), place=code)
            return None
        return found

    def make(
        self, shift: Shift, index: int, goods: Goods, lot: str, expires_on: date | None, *, is_whole: bool = True
    ) -> Made:
        """Keeps a shift; a split line counts in base units, a whole one in the unit it was entered in."""
        line = self.order.lines[index]
        unit, quantity = goods.unit, shift.quantity
        if is_whole and line.item == goods.code and line.unit is not None and line.quantity is not None:
            unit, quantity = line.unit, line.quantity
        shift.lot, shift.expires_on = lot, expires_on
        made = Made(shift, index, goods, unit, quantity, lot, expires_on)
        self.made.append(made)
        return made

    def is_expired(self, expires_on: date | None) -> bool:
        """Whether something may not be used any more on the paper's day; the day of expiry is still usable."""
        return expires_on is not None and expires_on < self.on


def _refuse_expired(faults: list[Fault]) -> None:
    raise ExpiredLot(faults, **faults[0].details)


def _refuse_excess(faults: list[Fault]) -> None:
    raise MoreThanSent(faults, **faults[0].details)
