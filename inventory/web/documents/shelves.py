"""What the form shows beside a line: its item's units and lots, what is on hand. Three questions for all lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_, select

from inventory.catalogue import Item, Lot, Packaging, Unit, search_condition
from inventory.database import db
from inventory.documents import CitedTransfer, Document, Order, Side, cited_transfer
from inventory.ledger import Balance
from inventory.parties import Service, Supplier
from inventory.reports import whole_code
from inventory.warehouses import ON_HAND, Location
from inventory.web.documents.desk import readable
from inventory.web.documents.sheet import Sheet

MAY_BE_CODE = re.compile(r"\S*[0-9]\S*")
"""What may be a code never means an item of whose code it is but a part (as in combobox.js)."""

AMOUNTS = {"quantity", "first_number", "last_number"}
"""What a line leaves empty of which nothing arrived."""


@dataclass(frozen=True, slots=True)
class Pile:
    """Some of an item that lies at one place in one lot. ``quantity`` in base units."""

    lot: str
    expires_on: date | None
    place: str
    kind: str
    quantity: Decimal

    def is_expired(self, on: date) -> bool:
        return self.expires_on is not None and self.expires_on < on


@dataclass(slots=True)
class Thing:
    """An item as the form shows it; ``piles`` stand in the order in which they should leave."""

    code: str
    item: Item
    unit: Unit
    packagings: list[Packaging] = field(default_factory=list)
    words: dict[str, Unit] = field(default_factory=dict)
    piles: list[Pile] = field(default_factory=list)

    @property
    def on_hand(self) -> Decimal:
        return sum((pile.quantity for pile in self.piles), Decimal(0))

    def barred(self, on: date) -> Decimal:
        """How much of it no use may take: expired, or in quarantine."""
        barred = (pile.quantity for pile in self.piles if pile.kind == "quarantine" or pile.is_expired(on))
        return sum(barred, Decimal(0))

    @property
    def lots(self) -> list[Pile]:
        """One pile per lot, whatever place it lies at."""
        found: dict[str, Pile] = {}
        for pile in self.piles:
            before = found.get(pile.lot)
            quantity = pile.quantity + (before.quantity if before else 0)
            found[pile.lot] = Pile(pile.lot, pile.expires_on, pile.place, pile.kind, quantity)
        return list(found.values())

    @property
    def places(self) -> list[str]:
        return sorted({pile.place for pile in self.piles})

    def first(self, on: date) -> Pile | None:
        """The pile that leaves first: on a shelf, not expired, earliest expiry."""
        return next((pile for pile in self.piles if pile.kind == "shelf" and not pile.is_expired(on)), None)

    def in_base_units(self, quantity: Decimal, unit: str) -> Decimal | None:
        if not unit or unit == self.unit.code:
            return quantity
        return next((one.in_base_units(quantity) for one in self.packagings if one.name == unit), None)


def things_of(codes: Iterable[str], warehouse_id: int) -> dict[str, Thing]:
    """The items with these codes, with what a warehouse holds of each."""
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    rows = db.session.execute(select(Item, Unit).join(Unit, Unit.id == Item.unit_id).where(Item.code.in_(wanted)))
    by_id = {item.id: Thing(item.code, item, unit) for item, unit in rows}
    packed = select(Packaging, Unit).join(Unit, Unit.code == Packaging.name).where(Packaging.item_id.in_(by_id))
    for packaging, word in db.session.execute(packed.order_by(Packaging.id)):
        by_id[packaging.item_id].packagings.append(packaging)
        by_id[packaging.item_id].words[packaging.name] = word
    piles = db.session.execute(
        select(Balance.item_id, Balance.quantity, Lot.number, Lot.expires_on, Location.code, Location.kind)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.warehouse_id == warehouse_id, Balance.item_id.in_(by_id), Location.kind.in_(ON_HAND))
        .order_by(func.coalesce(Lot.expires_on, date.max), Lot.id, Location.is_default.desc(), Location.code)
    )
    for row in piles:
        if row.quantity > 0:
            pile = Pile(row.number, row.expires_on, row.code, row.kind, row.quantity)
            by_id[row.item_id].piles.append(pile)
    return {thing.code: thing for thing in by_id.values()}


def find_typed(sheet: Sheet) -> None:
    """Gives a row its item when only words were typed: a whole code, or words that one item alone carries."""
    for row in sheet.rows:
        for name in ("item", "target_item"):
            typed = row.get(f"{name}_shown", "")
            if typed and not row.get(name):
                row[name] = _one_item(typed) or ""
    if sheet.form.party in ("service", "supplier") and not sheet.head.get("party"):
        sheet.head["party"] = _one_party(sheet.form.party, sheet.head.get("party_shown", ""))


def _one_party(kind: str, typed: str) -> str:
    """The code of the service or supplier that was typed by its code or a whole name; else what was typed, to be
    refused by name."""
    party: Any = Service if kind == "service" else Supplier
    spelled = [func.lower(column) for column in (party.code, party.name_fr, party.name_ar, party.name_en)]
    found = db.session.scalars(select(party.code).where(or_(*(one == typed.lower() for one in spelled))).limit(2)).all()
    return str(found[0]) if typed and len(found) == 1 else typed


def _one_item(typed: str) -> str | None:
    found = db.session.scalars(select(Item.code).where(whole_code(typed)).limit(2)).all()
    if not found and not MAY_BE_CODE.fullmatch(typed.strip()):
        found = db.session.scalars(select(Item.code).where(search_condition(typed)).limit(2)).all()
    return found[0] if len(found) == 1 else None


def copy_of(document: Document) -> Sheet:
    """A new sheet that asks for what a posted paper asked for."""
    codes = {line["item"] for line in document.lines}
    numbered = db.session.scalars(select(Item.code).where(Item.code.in_(codes), Item.tracking == "unit"))
    sheet = Sheet.copy_of(document, numbered=set(numbered))
    if document.kind == "transfer_receipt":
        sheet.rows += _not_arrived(sheet)
    return sheet


def _not_arrived(sheet: Sheet) -> list[dict[str, str]]:
    """What still lies on the road and stands on no line of a transfer receipt: lines of which nothing arrived."""
    there = {(row["item"], row["lot"]) for row in sheet.rows}
    left = [row for row in rows_of_transfer(sheet.cited) if (row["item"], row.get("lot", "")) not in there]
    return [{name: "" if name in AMOUNTS else value for name, value in row.items()} for row in left]


def transfer_of(transfer_id: str) -> Document:
    """The transfer under way that a sheet cites. Raises InvalidRequest when there is none, NotAllowed when it concerns
    neither of one's warehouses."""
    return readable(_cited(transfer_id).entry_id)


def _cited(transfer_id: str) -> CitedTransfer:
    return cited_transfer(Order("transfer_receipt", "", (), source=Side("document", transfer_id)))


def rows_of_transfer(transfer_id: str) -> list[dict[str, str]]:
    """What still lies on the road of a transfer, one row per item and lot (of numbered values: per range), as if all of
    it had arrived.

    Raises InvalidRequest when it is not under way."""
    transfer = _cited(transfer_id)
    numbers = transfer.numbers_left()
    rows = []
    for one in transfer.outstanding():
        if spans := numbers.get(one.item_id):
            rows += [{"item": one.item, "first_number": str(first), "last_number": str(last)} for first, last in spans]
        elif one.left > 0:
            rows.append({"item": one.item, "lot": one.lot, "quantity": f"{one.left.normalize():f}"})
    return rows


def left_of_transfer(transfer_id: str) -> dict[tuple[str, str], Any]:
    """What was sent and what is still on the road, by item and lot; nothing when the transfer is not under way."""
    return {(one.item, one.lot): one for one in _cited(transfer_id).outstanding()}


def shelves_of(warehouse_id: int) -> list[Location]:
    """The places goods can lie at in a warehouse, the default first."""
    return list(
        db.session.scalars(
            select(Location)
            .where(Location.warehouse_id == warehouse_id, Location.kind != "transit", Location.is_active)
            .order_by(Location.is_default.desc(), Location.code)
            .limit(1000)
        )
    )
