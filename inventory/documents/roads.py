"""Goods of a transfer come off the road: received by the other warehouse, or settled by a second person."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from inventory import ledger, warehouses
from inventory.database import db
from inventory.documents.desk import NOTHING, Desk
from inventory.documents.goods import Goods
from inventory.documents.orders import LineOrder
from inventory.documents.transfers import CitedTransfer, OnTheRoad, cited_transfer, refuse_same_person
from inventory.errors import MoreThanSent, fault
from inventory.ledger import Place, Shift


class Road:
    """What is left of one transfer, while a paper takes from it."""

    def __init__(self, desk: Desk, transfer: CitedTransfer) -> None:
        self.desk, self.transfer = desk, transfer
        self.left: list[OnTheRoad] = transfer.outstanding()
        desk.cites_id = transfer.entry_id

    def unload(self, index: int, line: LineOrder, goods: Goods, quantity: Decimal, target: Place) -> None:
        """Goods arrive: lot by lot in the order sent, never more than is still on the road."""
        if not self.desk.names_lot_well(index, line, goods):
            return
        mine = [one for one in self.left if one.item_id == goods.id and _is_named(one, line) and one.left > 0]
        total = sum((one.left for one in mine), NOTHING)
        if quantity > total:
            self._refuse_excess(index, goods, quantity, total)
            return
        if goods.tracking == "range" and not self._carries(index, line, goods):
            return
        remaining = quantity
        for one in mine:
            here = min(remaining, one.left)
            if here == 0:
                break
            remaining -= here
            self.left[self.left.index(one)] = replace(one, left=one.left - here)
            shift = Shift(
                index + 1, goods.id, goods.code, self.transfer.road, target, here, one.lot_id, goods.tracking,
                first_number=line.first_number, last_number=line.last_number,
            )  # fmt: skip
            self.desk.make(shift, index, goods, one.lot, one.expires_on, is_whole=here == quantity)

    def _refuse_excess(self, index: int, goods: Goods, received: Decimal, outstanding: Decimal) -> None:
        details = {
            "item": goods.code,
            "received": received,
            "outstanding": outstanding,
            "number": self.transfer.number,
        }
        pointer = f"/lines/{index}/quantity"
        self.desk.excess.append(fault(pointer, MoreThanSent.code, MoreThanSent.sentence, **details))

    def _carries(self, index: int, line: LineOrder, goods: Goods) -> bool:
        first, last = line.first_number or 0, line.last_number or 0
        if self.transfer.carries(goods.id, first, last):
            return True
        self.desk.misplaced.append(ledger.misplaced(index + 1, goods.code, first, last, self.transfer.road.code))
        return False


def _is_named(one: OnTheRoad, line: LineOrder) -> bool:
    """Whether a lot on the road is what a line says: of no lot and no expiry, it is any."""
    return line.lot in (None, one.lot) and line.expires_on in (None, one.expires_on)


def received_road(desk: Desk) -> Road | None:
    """The road at its far end; None, and the fault noted, when the transfer goes elsewhere."""
    transfer = cited_transfer(desk.order)
    if transfer.receiver != desk.store.code:
        message = _l("This transfer goes to another warehouse.")
        desk.faults.append(fault("/source/document", "other_warehouse", message))
        return None
    return Road(desk, transfer)


def settled_road(desk: Desk) -> Road | None:
    """The road as its sender settles it: by somebody who neither sent nor received; None when it is another's."""
    transfer = cited_transfer(desk.order)
    if transfer.sender != desk.store.code:
        message = _l("The sender's warehouse settles what is on the road.")
        desk.faults.append(fault("/source/document", "other_warehouse", message))
        return None
    refuse_same_person(transfer, desk.by.id)
    return Road(desk, transfer)


def new_road(sender_id: int, receiver_id: int) -> Place:
    """The road to another warehouse, made at its first use."""
    sender = db.session.get_one(warehouses.Warehouse, sender_id)
    made = warehouses.transit(sender, db.session.get_one(warehouses.Warehouse, receiver_id))
    return Place(made.id, made.code, made.kind, made.warehouse_id, made.destination_id)
