"""The desk at which one paper is made: the locked warehouses, the goods, the open page, and what was found wrong so
far.

A kind turns its lines into shifts with ``arrivals`` (goods that come in), ``departures`` (goods that lie here and
leave) and ``roads`` (goods of a transfer under way). Every fault of every line is collected, and refused at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from inventory import ledger
from inventory.access import Identity
from inventory.catalogue import ArrivingLot, ensure_lots
from inventory.documents.goods import Goods
from inventory.documents.lines import Lines
from inventory.errors import ExpiredLot, Fault, MoreThanSent, refuse
from inventory.ledger import BalanceRow, Book, Shift

NOTHING = Decimal(0)


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
class Desk(Lines):
    """Everything a kind needs to turn its order into shifts."""

    by: Identity
    on: date
    today: date
    book: Book
    expired: list[Fault] = field(default_factory=list)
    misplaced: list[Fault] = field(default_factory=list)
    excess: list[Fault] = field(default_factory=list)
    too_early: list[Fault] = field(default_factory=list)
    shortages: list[Fault] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    taken: dict[tuple[int, int, int], Decimal] = field(default_factory=dict)
    cites_id: int | None = None
    _then: dict[tuple[int, int, int], Decimal] = field(default_factory=dict)

    @property
    def day(self) -> date:
        return self.on

    @cached_property
    def lots(self) -> Mapping[tuple[int, str], ArrivingLot]:
        """The lots in which the lines put goods, made where there were none."""
        return ensure_lots(self.wanted_lots(), is_practice=self.store.is_practice)

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
