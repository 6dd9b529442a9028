"""Transfers under way: what was sent, what arrived, what still lies on the road, and who may settle the rest."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.orm import aliased

from inventory.catalogue import Item, Lot
from inventory.database import Quantity, db
from inventory.documents.orders import Order
from inventory.errors import InvalidRequest, SecondPerson, fault
from inventory.ledger import Entry, Movement, Place
from inventory.warehouses import Location, Warehouse


@dataclass(frozen=True, slots=True)
class OnTheRoad:
    """What is left on the road of one lot of one item of a transfer, base units."""

    item_id: int
    item: str
    lot_id: int
    lot: str
    sent: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class CitedTransfer:
    """A posted transfer as another paper cites it."""

    entry_id: int
    number: str
    actor_id: int
    sender: str
    receiver: str
    road: Place

    def outstanding(self) -> list[OnTheRoad]:
        """What was sent and neither received nor settled yet, by item and lot; reversed papers do not count."""
        reversal = aliased(Entry)
        is_reversed = select(reversal.id).where(reversal.reverses_id == Entry.id).exists()
        quantity = type_coerce(Movement.quantity, BigInteger)

        def total(condition: object, place: object) -> dict[tuple[int, int], int]:
            rows = db.session.execute(
                select(Movement.item_id, Movement.lot_id, func.sum(quantity))
                .join(Entry, Entry.id == Movement.entry_id)
                .where(condition, place == self.road.id, ~is_reversed)
                .group_by(Movement.item_id, Movement.lot_id)
            )
            return {(item_id, lot_id): int(amount) for item_id, lot_id, amount in rows}

        sent = total(Entry.id == self.entry_id, Movement.target_id)
        gone = total(Entry.cites_id == self.entry_id, Movement.source_id)
        names = {
            (item_id, lot_id): (item, lot)
            for item_id, item, lot_id, lot in db.session.execute(
                select(Item.id, Item.code, Lot.id, Lot.number)
                .join(Movement, Movement.item_id == Item.id)
                .join(Lot, Lot.id == Movement.lot_id)
                .where(Movement.entry_id == self.entry_id)
            )
        }
        return [
            OnTheRoad(
                item_id, names[item_id, lot_id][0], lot_id, names[item_id, lot_id][1],
                Quantity.to_decimal(amount), Quantity.to_decimal(amount - gone.get((item_id, lot_id), 0)),
            )
            for (item_id, lot_id), amount in sent.items()
        ]  # fmt: skip

    def people(self) -> set[int]:
        """Who sent the goods and who received some of them."""
        receivers = db.session.scalars(
            select(Entry.actor_id).where(Entry.cites_id == self.entry_id, Entry.kind == "transfer_receipt")
        )
        return {self.actor_id, *receivers}


def cited_transfer(order: Order) -> CitedTransfer:
    """The transfer that an order cites as its source; InvalidRequest when there is none, or it was reversed."""
    receiver = aliased(Warehouse)
    reversal = aliased(Entry)
    code = order.source.code if order.source else ""
    row = db.session.execute(
        select(
            Entry.id, Entry.number, Entry.year, Entry.actor_id, Warehouse.code.label("sender"), receiver.code.label("receiver"),
            Location.id.label("road_id"), Location.code.label("road"), Location.warehouse_id, Location.destination_id,
            reversal.id.label("reversal_id"),
        )
        .join(Warehouse, Warehouse.id == Entry.warehouse_id)
        .join(Movement, (Movement.entry_id == Entry.id) & (Movement.line == 1))
        .join(Location, Location.id == Movement.target_id)
        .join(receiver, receiver.id == Location.destination_id)
        .outerjoin(reversal, reversal.reverses_id == Entry.id)
        .where(Entry.kind == "transfer", Entry.id == (int(code) if code.isascii() and code.isdigit() and len(code) < 19 else 0))
    ).one_or_none()  # fmt: skip
    if row is None or row.reversal_id is not None:
        message = _l("There is no transfer “%(code)s” under way.")
        raise InvalidRequest([fault("/source/document", "unknown", message, code=code)])
    road = Place(row.road_id, row.road, "transit", row.warehouse_id, row.destination_id)
    return CitedTransfer(row.id, f"{row.number}/{row.year}", row.actor_id, row.sender, row.receiver, road)


def refuse_same_person(transfer: CitedTransfer, actor_id: int) -> None:
    """Who sent or received the goods does not settle the difference (DOMAIN §3, rule 3)."""
    if actor_id in transfer.people():
        raise SecondPerson
