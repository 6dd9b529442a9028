"""Who writes the demonstration's papers: posts each through the ordinary door, dated on the day it is told about."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from inventory import documents
from inventory.access import Identity
from inventory.catalogue import Item, Lot
from inventory.cli.demo.goods import Good
from inventory.database import db
from inventory.documents import Document, LineOrder, Order
from inventory.ledger import Balance
from inventory.prepared import Prepared
from inventory.warehouses import Location, Warehouse

# Asked before every paper.
_FREE = Prepared(
    select(Item.code, func.sum(Balance.quantity).label("quantity"))
    .join(Item, Item.id == Balance.item_id)
    .join(Lot, Lot.id == Balance.lot_id)
    .join(Location, Location.id == Balance.location_id)
    .where(
        Balance.warehouse_id == bindparam("warehouse_id"),
        Location.kind == "shelf",
        or_(Lot.expires_on.is_(None), Lot.expires_on >= bindparam("on")),
    )
    .group_by(Item.code)
)

FIRST_NUMBERS = {"VAL-001": 40_001, "VAL-002": 7_001, "VAL-003": 120_001, "VAL-004": 15_001}


@dataclass(slots=True)
class Clerk:
    """Holds what a teller of history needs: people, goods, dice, and the numbers given out so far."""

    today: date
    people: dict[str, Identity]
    stores: dict[str, Warehouse]
    goods: dict[str, Good]
    dice: random.Random
    on: date = date.min
    papers: int = 0
    things: int = 0
    lots: int = 0
    numbers: dict[str, int] = field(default_factory=lambda: dict(FIRST_NUMBERS))
    issued: dict[str, int] = field(default_factory=lambda: dict(FIRST_NUMBERS))
    road: list[tuple[Document, str, bool, bool]] = field(default_factory=list)
    inventory: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def post(self, kind: str, store: str, by: str, lines: Sequence[LineOrder], **order: Any) -> Document:
        """Posts one paper on the day of the story."""
        return documents.post(
            Order(kind, store, tuple(lines), on=self.on, **order),
            by=self.people[by],
            today=self.today,
            at=self.instant(),
            key=self._key(),
        )

    def reverse(self, document: Document, by: str, reason: str) -> Document:
        return documents.reverse(
            document.entry_id,
            reason,
            by=self.people[by],
            today=self.today,
            at=self.instant(),
            key=self._key(),
            on=self.on,
        )

    def instant(self) -> datetime:
        """An instant of the day's working hours, later with every paper."""
        return datetime.combine(self.on, time(8, tzinfo=UTC)) + timedelta(seconds=37 * (self.papers % 600))

    def _key(self) -> str:
        self.papers += 1
        return f"demonstration-{self.papers}"

    def free(self, store: str) -> dict[str, Decimal]:
        """What may be issued in a store, by item: on a shelf and not expired."""
        rows = _FREE.rows(warehouse_id=self.stores[store].id, on=self.on)
        return {row.code: row.quantity for row in rows if row.quantity > 0}

    def expired(self, store: str, code: str) -> list[LineOrder]:
        """Lines for all that a store still has of an item and may no longer issue."""
        rows = db.session.execute(
            select(Balance.quantity, Lot.number, Location.code)
            .join(Item, Item.id == Balance.item_id)
            .join(Lot, Lot.id == Balance.lot_id)
            .join(Location, Location.id == Balance.location_id)
            .where(Balance.warehouse_id == self.stores[store].id, Item.code == code, Lot.expires_on < self.on)
        )
        return [LineOrder(code, quantity, lot=lot, location=place) for quantity, lot, place in rows if quantity > 0]

    def between(self, low: float, high: float) -> Decimal:
        """A number between two others, to the hundredth."""
        return Decimal(self.dice.randint(round(low * 100), round(high * 100))) / 100

    def rounded(self, good: Good, quantity: Decimal, rounding: str = ROUND_FLOOR) -> Decimal:
        return quantity.quantize(Decimal(1).scaleb(-min(good.decimals, 1)), rounding)

    def arriving(self, good: Good, quantity: Decimal, *, expires_in: int | None = None) -> list[LineOrder]:
        """Lines of goods that come in: with their price, lot and expiry, inventory numbers or range."""
        cost = (good.unit_cost * self.between(0.95, 1.06)).quantize(Decimal("0.01"))
        if good.tracking == "unit":
            return [
                LineOrder(good.code, Decimal(1), lot=one, unit_cost=cost) for one in self._new_things(int(quantity))
            ]
        if good.tracking == "range":
            first = self.numbers[good.code]
            self.numbers[good.code] = first + int(quantity)
            return [LineOrder(good.code, first_number=first, last_number=first + int(quantity) - 1, unit_cost=cost)]
        lot, expires_on = self._new_lot(good, expires_in)
        shelf = _SHELF_OF.get(good.code)
        if good.packaging is None or quantity < good.contains:
            return [LineOrder(good.code, quantity, lot=lot, expires_on=expires_on, unit_cost=cost, location=shelf)]
        packs = (quantity / good.contains).quantize(Decimal(1), ROUND_CEILING)
        return [
            LineOrder(
                good.code, packs, good.packaging, lot, expires_on, unit_cost=cost * good.contains, location=shelf
            )
        ]  # fmt: skip

    def _new_lot(self, good: Good, expires_in: int | None) -> tuple[str | None, date | None]:
        if good.tracking != "lot":
            return None, None
        self.lots += 1
        days = expires_in if expires_in is not None else self.dice.randint(270, 720)
        return f"L{self.on:%y%m}-{self.lots:03d}", self.on + timedelta(days=days) if good.has_expiry else None

    def _new_things(self, count: int) -> list[str]:
        first = self.things + 1
        self.things += count
        return [f"CAS-{self.on.year}-{number:05d}" for number in range(first, self.things + 1)]

    def next_numbers(self, code: str, wanted: int) -> LineOrder | None:
        """The next consecutive numbers of a range item, as far as they were received; None when all are gone."""
        first = self.issued[code]
        last = min(first + wanted, self.numbers[code]) - 1
        if last < first:
            return None
        self.issued[code] = last + 1
        return LineOrder(code, first_number=first, last_number=last)


_SHELF_OF = {
    "MED-001": "FROID-1", "BMH-005": "FROID-1", "BMH-006": "FROID-1", "BMH-001": "CLE-1", "BMH-002": "CLE-1",
    "AUT-001": "CUVE", "PEI-005": "COUR", "PEI-006": "COUR", "FOB-001": "A-01", "ENT-001": "B-01",
}  # fmt: skip
