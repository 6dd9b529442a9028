"""The lines of a paper beside the goods and the places they name: what is wrong with them whatever lies in the stores.

Asked while a paper is posted (``Desk``), and of many papers before any of them is (``Rehearsal``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext as _l

from inventory.catalogue import ArrivingLot, WantedLot, arriving, unit_names
from inventory.documents.goods import Goods
from inventory.documents.orders import LineOrder, Order
from inventory.errors import Fault, fault
from inventory.ledger import Place, Premises, Store

LARGEST = Decimal(999_999_999)
"""The largest quantity of a line, in base units: 64 bits then hold the sum of millions of lines."""
FINEST = -6
"""The smallest power of ten that a quantity may be typed with, in whatever unit."""


@dataclass
class Lines(ABC):
    """An order beside what it names. Every fault of every line is collected."""

    order: Order
    store: Store
    premises: Premises
    goods: dict[str, Goods]
    faults: list[Fault] = field(default_factory=list, kw_only=True)

    @property
    @abstractmethod
    def lots(self) -> Mapping[tuple[int, str], ArrivingLot]:
        """The lots in which the lines put goods, by item id and number; a number of another item's is left out."""

    @property
    def day(self) -> date:
        """The day of the paper; the last of all when nothing says one."""
        return self.order.on or date.max

    def refuse(self, line: int, name: str, code: str, message: Any, /, **details: Any) -> None:
        """Notes a fault of a line (counted from 0)."""
        self.faults.append(fault(f"/lines/{line}/{name}", code, message, **details))

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

    def names_lot_well(self, index: int, line: LineOrder, goods: Goods) -> bool:
        """Whether a lot or an expiry is named only where there are such; notes the fault when not."""
        if line.lot and goods.tracking not in ("lot", "unit"):
            self.refuse(index, "lot", "no_lots", _l("%(item)s is not kept by lots."), item=goods.code)
            return False
        if line.expires_on is not None and not goods.has_expiry:
            message = _l("%(item)s has no expiry: leave this empty, or say on the page of the item that it expires.")
            self.refuse(index, "expires_on", "no_expiry", message, item=goods.code)
            return False
        return True

    def lots_beside(
        self, known: Mapping[tuple[int, str], ArrivingLot], owners: Mapping[str, int]
    ) -> Mapping[tuple[int, str], ArrivingLot]:
        """The lots in which the lines put goods, beside those that are known, and made nowhere; ``owners``: whose each
        inventory number is."""
        owners = {} if self.store.is_practice else owners
        wanted = self.wanted_lots()
        return arriving(
            known, [one for one in wanted if not one.is_unit or owners.get(one.number, one.item_id) == one.item_id]
        )

    def wanted_lots(self) -> list[WantedLot]:
        """The lots in which the lines put goods."""
        wanted = []
        for line in self.order.lines:
            for code, number in ((line.item, line.lot), (line.target_item, line.target_lot)):
                goods = self.goods.get(code or "")
                if goods is not None and number and goods.tracking in ("lot", "unit"):
                    expires_on = line.expires_on if goods.has_expiry else None
                    wanted.append(WantedLot(goods.id, number, expires_on, goods.tracking == "unit"))
        return wanted
