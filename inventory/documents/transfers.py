"""Transfers under way: what was sent, what arrived, what still lies on the road, and who may settle the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, ColumnElement, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, aliased

from inventory.catalogue import Item, Lot
from inventory.database import Quantity, db
from inventory.documents.orders import Order
from inventory.errors import SecondPerson, refuse_field
from inventory.ledger import Entry, Movement, NumberRange, Place
from inventory.warehouses import Location, Warehouse


@dataclass(frozen=True, slots=True)
class OnTheRoad:
    """What is left on the road of one lot of one item of a transfer, base units."""

    item_id: int
    item: str
    lot_id: int
    lot: str
    expires_on: date | None
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
    is_reversed: bool = False

    def outstanding(self) -> list[OnTheRoad]:
        """What was sent and neither received nor settled yet, by item and lot; reversed papers do not count."""
        sent = self._total(Entry.id == self.entry_id, Movement.target_id)
        gone = self._total(Entry.cites_id == self.entry_id, Movement.source_id)
        rows = db.session.execute(
            select(Item.id, Item.code, Lot.id, Lot.number, Lot.expires_on)
            .join(Movement, Movement.item_id == Item.id)
            .join(Lot, Lot.id == Movement.lot_id)
            .where(Movement.entry_id == self.entry_id)
            .order_by(Movement.line)
        )
        lots = {(item_id, lot_id): (item, lot, expires_on) for item_id, item, lot_id, lot, expires_on in rows}
        return [
            OnTheRoad(
                item_id, item, lot_id, lot, expires_on,
                Quantity.to_decimal(sent.get((item_id, lot_id), 0)),
                Quantity.to_decimal(sent.get((item_id, lot_id), 0) - gone.get((item_id, lot_id), 0)),
            )
            for (item_id, lot_id), (item, lot, expires_on) in lots.items()
        ]  # fmt: skip

    def _total(self, condition: ColumnElement[bool], place: InstrumentedAttribute[int]) -> dict[tuple[int, int], int]:
        """Thousandths by item and lot that papers which stand moved to or from the road."""
        reversal = aliased(Entry)
        rows = db.session.execute(
            select(Movement.item_id, Movement.lot_id, func.sum(type_coerce(Movement.quantity, BigInteger)))
            .join(Entry, Entry.id == Movement.entry_id)
            .where(condition, place == self.road.id)
            .where(~select(reversal.id).where(reversal.reverses_id == Entry.id).exists())
            .group_by(Movement.item_id, Movement.lot_id)
        )
        return {(item_id, lot_id): int(amount) for item_id, lot_id, amount in rows}

    def carries(self, item_id: int, first: int, last: int) -> bool:
        """Whether all these numbers were sent with it, in one line."""
        sent = select(Movement.id).where(
            Movement.entry_id == self.entry_id,
            Movement.item_id == item_id,
            Movement.first_number <= first,
            Movement.last_number >= last,
        )
        return db.session.scalar(sent) is not None

    def numbers_left(self) -> dict[int, list[tuple[int, int]]]:
        """The numbers it sent that still lie on the road, first and last, by item."""
        sent = (Movement.first_number, Movement.last_number)
        rows = db.session.execute(
            select(NumberRange.item_id, *sent, NumberRange.first, NumberRange.last)
            .join(
                Movement,
                (Movement.item_id == NumberRange.item_id)
                & (Movement.first_number <= NumberRange.last)
                & (Movement.last_number >= NumberRange.first),
            )
            .where(Movement.entry_id == self.entry_id, NumberRange.location_id == self.road.id)
            .order_by(NumberRange.item_id, NumberRange.first, Movement.first_number)
        )
        left: dict[int, list[tuple[int, int]]] = {}
        for item_id, first_sent, last_sent, first, last in rows:
            left.setdefault(item_id, []).append((max(first_sent, first), min(last_sent, last)))
        return left

    def people(self) -> set[int]:
        """Who sent the goods and who received some of them."""
        receivers = db.session.scalars(
            select(Entry.actor_id).where(Entry.cites_id == self.entry_id, Entry.kind == "transfer_receipt")
        )
        return {self.actor_id, *receivers}


_sender, _receiver, _reversal = aliased(Warehouse), aliased(Warehouse), aliased(Entry)


def find_transfer(document_id: str) -> CitedTransfer | None:
    """The transfer with this id, whether it still stands or was reversed; None when there is none. All its lines go to
    the same road, so its first says which."""
    if not (document_id.isascii() and document_id.isdigit() and len(document_id) < 19):
        return None
    row = db.session.execute(
        select(Entry, _sender.code, _receiver.code, Location, _reversal.id)
        .join(_sender, _sender.id == Entry.warehouse_id)
        .join(Movement, (Movement.entry_id == Entry.id) & (Movement.line == 1))
        .join(Location, Location.id == Movement.target_id)
        .join(_receiver, _receiver.id == Location.destination_id)
        .outerjoin(_reversal, _reversal.reverses_id == Entry.id)
        .where(Entry.kind == "transfer", Entry.id == int(document_id))
    ).one_or_none()
    if row is None:
        return None
    entry, sender, receiver, place, reversal_id = row
    road = Place(place.id, place.code, place.kind, place.warehouse_id, place.destination_id)
    number = f"{entry.number}/{entry.year}"
    return CitedTransfer(entry.id, number, entry.actor_id, sender, receiver, road, reversal_id is not None)


def cited_transfer(order: Order) -> CitedTransfer:
    """The transfer under way that an order cites as its source; InvalidRequest when there is none, or it was
    reversed."""
    code = order.source.code if order.source else ""
    transfer = find_transfer(code)
    if transfer is None or transfer.is_reversed:
        message = _l("There is no transfer “%(code)s” under way.")
        refuse_field("/source/document", "unknown", message, code=code)
    return transfer


def refuse_same_person(transfer: CitedTransfer, actor_id: int) -> None:
    """Who sent or received the goods does not settle the difference (DOMAIN §3, rule 3)."""
    if actor_id in transfer.people():
        raise SecondPerson
