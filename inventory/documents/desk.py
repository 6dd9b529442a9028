"""The desk at which one paper is made: the locked warehouses, the goods, the open page; and the moves every kind shares.

A kind turns its lines into shifts with ``take`` (goods that lie here, first expiry first) and ``put`` (goods that arrive).
Every fault of every line is collected and refused at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from inventory import ledger, warehouses
from inventory.access import Identity
from inventory.catalogue import NO_LOT, Lot, ensure_lot
from inventory.database import db
from inventory.documents.goods import Goods
from inventory.documents.orders import LineOrder, Order
from inventory.documents.transfers import CitedTransfer, OnTheRoad, cited_transfer, refuse_same_person
from inventory.errors import ExpiredLot, Fault, InvalidRequest, MoreThanSent, fault
from inventory.ledger import Book, Place, Premises, Shift, Store
from inventory.ledger.books import BalanceRow

CENTIME = Decimal("0.01")
LARGEST = Decimal("999999999999")
LATEST_EXPIRY = date(2200, 1, 1)


@dataclass(slots=True)
class Made:
    """A shift and the line it was made for; ``quantity`` counts in ``unit``."""

    shift: Shift
    line: int
    goods: Goods
    unit: str
    quantity: Decimal
    lot: str = ""
    expires_on: date | None = None


@dataclass(slots=True)
class Desk:
    """Everything a kind needs to turn its order into shifts."""

    order: Order
    by: Identity
    on: date
    store: Store
    premises: Premises
    goods: dict[str, Goods]
    book: Book
    faults: list[Fault] = field(default_factory=list)
    shortages: list[Fault] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    taken: dict[tuple[int, int, int], Decimal] = field(default_factory=dict)
    cites_id: int | None = None

    def refuse(self, line: int, name: str, code: str, message: Any, **details: Any) -> None:
        """Notes a fault of a line (counted from 0)."""
        self.faults.append(fault(f"/lines/{line}/{name}", code, message, **details))

    def settle(self) -> None:
        """Refuses the whole paper when any line is at fault."""
        if self.faults:
            raise InvalidRequest(self.faults)
        ledger.refuse_shortages(self.shortages)

    def lines(self) -> Iterable[tuple[int, LineOrder, Goods, Decimal]]:
        """The lines with their goods and quantity in base units; those at fault are noted and left out."""
        for index, line in enumerate(self.order.lines):
            goods = self.goods.get(line.item)
            if goods is None:
                self.refuse(index, "item", "unknown", _l("There is no item “%(item)s”."), item=line.item)
                continue
            quantity = self._quantity(index, line, goods)
            if quantity is not None:
                yield index, line, goods, quantity

    def _quantity(self, index: int, line: LineOrder, goods: Goods) -> Decimal | None:
        if goods.tracking == "range":
            return self._range_quantity(index, line)
        if line.first_number is not None or line.last_number is not None:
            self.refuse(index, "first_number", "not_a_range", _l("%(item)s has no numbers."), item=goods.code)
            return None
        if line.quantity is None:
            self.refuse(index, "quantity", "required", _l("Enter a quantity."))
            return None
        if not line.quantity.is_finite() or not 0 < line.quantity <= LARGEST:
            self.refuse(index, "quantity", "range", _l("A quantity is more than 0 and at most %(most)s."), most=LARGEST)
            return None
        base = goods.in_base_units(line.quantity, line.unit)
        if base is None:
            message = _l("%(item)s has no unit or packaging “%(unit)s”.")
            self.refuse(index, "unit", "unknown", message, item=goods.code, unit=line.unit)
            return None
        if base > LARGEST or goods.is_too_fine(base):
            message = _l("%(item)s is counted in %(unit)s with %(decimals)s decimals: %(quantity)s is too fine.")
            details = {"item": goods.code, "unit": goods.unit, "decimals": goods.decimals}
            self.refuse(index, "quantity", "too_fine", message, quantity=ledger.plain(base), **details)
            return None
        return base

    def _range_quantity(self, index: int, line: LineOrder) -> Decimal | None:
        first, last = line.first_number, line.last_number
        if first is None or last is None:
            message = _l("%(item)s is kept by numbers: enter the first and the last.")
            self.refuse(index, "first_number", "required", message, item=line.item)
            return None
        if not 0 < first <= last < 10**12:
            self.refuse(index, "last_number", "range", _l("The last number lies at or after the first."))
            return None
        quantity = Decimal(last - first + 1)
        if line.quantity is not None and line.quantity != quantity:
            message = _l("From %(first)s to %(last)s there are %(count)s numbers.")
            self.refuse(index, "quantity", "not_the_range", message, first=first, last=last, count=quantity)
            return None
        return quantity

    def place(
        self, index: int, code: str | None, *, name: str = "location", otherwise: Place | None = None
    ) -> Place | None:
        """The place with this code in the warehouse; ``otherwise`` (the default shelf) when none is named."""
        if code is None:
            return otherwise or self.store.default
        found = self.premises.inside.get((self.store.id, code))
        if found is None or found.kind == "transit":
            self.refuse(index, name, "unknown", _l("There is no place “%(place)s” here."), place=code)
            return None
        return found

    def put(
        self, index: int, line: LineOrder, goods: Goods, quantity: Decimal, source: Place, target: Place | None = None
    ) -> None:
        """Goods arrive from outside: at the place the line names, in the lot it names."""
        target = target or self.place(index, line.location)
        lot_id = self._arriving_lot(index, line, goods, quantity)
        if target is None or lot_id is None:
            return
        if goods.retired_on is not None and source.kind in ("supplier", "donor"):
            self.refuse(
                index, "item", "retired", _l("%(item)s is out of use: receive what replaced it."), item=goods.code
            )
            return
        value = self._line_value(index, line, quantity)
        shift = Shift(
            index + 1, goods.id, goods.code, source, target, quantity, lot_id, goods.tracking, value, line.unit_cost,
            first_number=line.first_number, last_number=line.last_number,
        )  # fmt: skip
        self._make(shift, index, line, goods, line.lot or "", line.expires_on)

    def _arriving_lot(self, index: int, line: LineOrder, goods: Goods, quantity: Decimal) -> int | None:
        if goods.tracking not in ("lot", "unit"):
            if line.lot:
                self.refuse(index, "lot", "no_lots", _l("%(item)s is not kept by lots."), item=goods.code)
                return None
            return NO_LOT
        if not line.lot:
            message = (
                _l("Enter the lot of %(item)s.")
                if goods.tracking == "lot"
                else _l("Enter the inventory number of %(item)s.")
            )
            self.refuse(index, "lot", "required", message, item=goods.code)
            return None
        if goods.tracking == "unit" and quantity != 1:
            self.refuse(index, "quantity", "one_thing", _l("One inventory number is one thing: quantity 1."))
            return None
        known = next(
            (row.expires_on for row in self.book.balances.values() if (row.item_id, row.lot) == (goods.id, line.lot)),
            None,
        )
        if line.expires_on is not None and (not goods.has_expiry or line.expires_on > LATEST_EXPIRY):
            self.refuse(index, "expires_on", "no_expiry", _l("Check the expiry of %(item)s."), item=goods.code)
            return None
        lot_id = ensure_lot(goods, line.lot, line.expires_on)
        if goods.has_expiry and line.expires_on is None and known is None and not _has_expiry(lot_id):
            self.refuse(index, "expires_on", "required", _l("Enter when lot %(lot)s expires."), lot=line.lot)
            return None
        return lot_id

    def _line_value(self, index: int, line: LineOrder, quantity: Decimal) -> Decimal | None:
        """Unit cost × quantity as entered, rounded half-up once to the centime; None is unpriced."""
        cost = line.unit_cost
        if cost is None:
            return None
        if not cost.is_finite() or not 0 <= cost <= LARGEST or cost != cost.quantize(Decimal("0.000001")):
            self.refuse(index, "unit_cost", "range", _l("A unit cost is 0 or more, with at most 6 decimals."))
            return None
        return ((line.quantity if line.quantity is not None else quantity) * cost).quantize(CENTIME, ROUND_HALF_UP)

    def take(
        self,
        index: int,
        line: LineOrder,
        goods: Goods,
        quantity: Decimal,
        target: Place,
        *,
        usable: bool = True,
        source: Place | None = None,
    ) -> None:
        """Goods leave their place. ``usable``: only what has not expired nor lies in quarantine, and never another's
        reservation; lots go first expiry first, and another lot needs a reason."""
        if source is None and line.location is not None:
            source = self.place(index, line.location)
            if source is None:
                return
        rows = self._candidates(index, line, goods, source, usable=usable)
        if rows is None:
            return
        free = self._free(goods, usable=usable)
        left = min(quantity, free)
        picked: list[tuple[BalanceRow, Decimal]] = []
        for row in rows:
            key = (row.item_id, row.lot_id, row.place.id)
            here = min(left, row.quantity - self.taken.get(key, Decimal(0)))
            if here > 0 and row.place.id != target.id:
                picked.append((row, here))
                left -= here
        missing = quantity - sum((here for _, here in picked), Decimal(0))
        if missing > 0:
            self._short(index, line, goods, quantity, quantity - missing)
            return
        for row, here in picked:
            self.taken[row.item_id, row.lot_id, row.place.id] = (
                self.taken.get((row.item_id, row.lot_id, row.place.id), Decimal(0)) + here
            )
            shift = Shift(
                index + 1, goods.id, goods.code, row.place, target, here, row.lot_id, goods.tracking,
                first_number=line.first_number, last_number=line.last_number,
            )  # fmt: skip
            self._make(shift, index, line, goods, row.lot, row.expires_on, whole=len(picked) == 1)

    def _candidates(
        self, index: int, line: LineOrder, goods: Goods, source: Place | None, *, usable: bool
    ) -> list[BalanceRow] | None:
        """The balances that may give, in the order in which they should; None when the line was refused."""
        if goods.tracking == "unit" and not line.lot:
            self.refuse(index, "lot", "required", _l("Enter the inventory number of %(item)s."), item=goods.code)
            return None
        rows = [row for row in self.book.rows_of(goods.id, self.store.id) if row.quantity > 0]
        if source is not None:
            rows = [row for row in rows if row.place.id == source.id]
        if usable or source is None:
            kinds = ("shelf",) if usable else ("shelf", "quarantine")
            rows = [row for row in rows if row.place.kind in kinds]
        rows.sort(
            key=lambda row: (
                row.expires_on or date.max,
                row.lot_id,
                row.place.id != self.store.default.id,
                row.place.code,
            )
        )
        if usable and line.lot is None:
            rows = [row for row in rows if not self._is_expired(row)]
        if line.lot is None:
            return rows
        return self._named_lot(index, line, goods, rows, usable=usable)

    def _named_lot(
        self, index: int, line: LineOrder, goods: Goods, rows: list[BalanceRow], *, usable: bool
    ) -> list[BalanceRow] | None:
        named = [row for row in rows if row.lot == line.lot]
        if not usable:
            return named
        if any(self._is_expired(row) for row in named):
            raise ExpiredLot(lot=line.lot, item=goods.code, expires_on=str(named[0].expires_on))
        first = next((row for row in rows if not self._is_expired(row)), None)
        skips = (
            goods.has_expiry
            and named
            and first is not None
            and (first.expires_on or date.max) < (named[0].expires_on or date.max)
        )
        if skips and not (line.reason or self.order.reason):
            message = _l("Lot %(first)s expires earlier: take it, or say why not.")
            self.refuse(index, "reason", "required", message, first=first.lot if first else "")
            return None
        return named

    def _is_expired(self, row: BalanceRow) -> bool:
        return row.expires_on is not None and row.expires_on < self.on

    def _free(self, goods: Goods, *, usable: bool) -> Decimal:
        """What may be taken at all: what is reserved for others stays."""
        if not usable:
            return LARGEST
        rows = [
            row
            for row in self.book.rows_of(goods.id, self.store.id)
            if row.place.kind == "shelf" and not self._is_expired(row)
        ]
        standing = sum((row.quantity for row in rows), Decimal(0))
        taken = sum((q for (item, _, _), q in self.taken.items() if item == goods.id), Decimal(0))
        reserved = Decimal(int(goods.rules[self.store.id].reserved)).scaleb(-3)
        return max(Decimal(0), standing - taken - reserved)

    def _short(self, index: int, line: LineOrder, goods: Goods, asked: Decimal, available: Decimal) -> None:
        self.shortages.append(
            ledger.shortage(index + 1, goods.code, line.location or self.store.code, asked, available, unit=goods.unit)
        )

    def _make(
        self,
        shift: Shift,
        index: int,
        line: LineOrder,
        goods: Goods,
        lot: str,
        expires_on: date | None,
        *,
        whole: bool = True,
    ) -> None:
        """Keeps a shift; a split line counts in base units, a whole one in the unit it was entered in."""
        unit, quantity = goods.unit, shift.quantity
        if whole and line.unit is not None and line.quantity is not None:
            unit, quantity = line.unit, line.quantity
        self.made.append(Made(shift, index, goods, unit, quantity, lot, expires_on))

    def average(self, goods: Goods, quantity: Decimal) -> Decimal | None:
        """The value of a quantity at the present average, rounded half-up; None when nothing is there to compare with."""
        holding = self.book.holdings.get((goods.id, self.store.id))
        if holding is None or holding.quantity == 0:
            return None
        return (holding.value * quantity / holding.quantity).quantize(CENTIME, ROUND_HALF_UP)

    def new_road(self, receiver_id: int) -> Place:
        """The road to another warehouse, made at its first use."""
        made = warehouses.transit(
            db.session.get_one(warehouses.Warehouse, self.store.id),
            db.session.get_one(warehouses.Warehouse, receiver_id),
        )
        return Place(made.id, made.code, made.kind, made.warehouse_id, made.destination_id)

    def settles_road(self) -> Place | None:
        """The road of the transfer that this paper settles; notes a fault, or refuses the person who moved the goods."""
        transfer = cited_transfer(self.order)
        if transfer.sender != self.store.code:
            message = _l("The sender's warehouse settles what is on the road.")
            self.faults.append(fault("/source/document", "other_warehouse", message))
            return None
        refuse_same_person(transfer, self.by.id)
        self.cites_id = transfer.entry_id
        left: dict[str, Decimal] = {}
        for one in transfer.outstanding():
            left[one.item] = left.get(one.item, Decimal(0)) + one.left
        for index, line, goods, quantity in list(self.lines()):
            if quantity > left.get(goods.code, Decimal(0)):
                self._short(index, line, goods, quantity, left.get(goods.code, Decimal(0)))
        return transfer.road

    def unload(
        self, index: int, line: LineOrder, goods: Goods, quantity: Decimal, transfer: CitedTransfer,
        outstanding: list[OnTheRoad], target: Place,
    ) -> None:  # fmt: skip
        """Goods of a transfer arrive: lot by lot in the order sent, never more than is still on the road."""
        mine = [one for one in outstanding if one.item_id == goods.id and line.lot in (None, one.lot) and one.left > 0]
        total = sum((one.left for one in mine), Decimal(0))
        if quantity > total:
            raise MoreThanSent(
                item=goods.code,
                received=ledger.plain(quantity),
                outstanding=ledger.plain(total),
                number=transfer.number,
            )
        left = quantity
        for one in mine:
            here = min(left, one.left)
            if here == 0:
                break
            left -= here
            outstanding[outstanding.index(one)] = replace(one, left=one.left - here)
            shift = Shift(
                index + 1, goods.id, goods.code, transfer.road, target, here, one.lot_id, goods.tracking,
                first_number=line.first_number, last_number=line.last_number,
            )  # fmt: skip
            row = self.book.balances.get((goods.id, one.lot_id, transfer.road.id))
            self._make(shift, index, line, goods, one.lot, row.expires_on if row else None, whole=here == quantity)

    def convert(self, index: int, line: LineOrder, goods: Goods, quantity: Decimal, into: Goods, middle: Place) -> None:
        """Goods become other goods: the value that leaves one item enters the other, to the centime."""
        arriving = line.target_quantity
        if arriving is None or not arriving.is_finite() or not 0 < arriving <= LARGEST or into.is_too_fine(arriving):
            self.refuse(index, "target_quantity", "range", _l("Enter how much of %(item)s it becomes."), item=into.code)
            return
        before = len(self.made)
        self.take(index, line, goods, quantity, middle, usable=False)
        leaving = list(range(before, len(self.made)))
        lot_line = replace(
            line, lot=line.target_lot, unit=None, quantity=arriving, unit_cost=None, location=line.target_location
        )
        self.put(index, lot_line, into, arriving, middle)
        if leaving and len(self.made) > leaving[-1] + 1:
            self.made[-1].shift.value_of = tuple(leaving)


def _has_expiry(lot_id: int) -> bool:
    return db.session.get_one(Lot, lot_id).expires_on is not None
