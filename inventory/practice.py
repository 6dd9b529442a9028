"""A store to learn in: opened in one step, with a few goods in it and everybody let in who keeps a store.

Laws:
1. Its goods come in by an ordinary opening paper, in a register of its own, so that from then on nothing is pretended:
   what one learns there is what one does elsewhere.
2. Nothing is known of it outside (``warehouses``, law 5).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from inventory import access, documents, warehouses
from inventory.access import Grant, Identity, User
from inventory.catalogue import Item
from inventory.database import db
from inventory.documents import LineOrder, Order
from inventory.warehouses import PRACTICE, Warehouse

GOODS = 6
"""How many items of each kind of tracking begin in it."""

COST = Decimal(10)


def open_practice(*, by: Identity, today: date, at: datetime, key: str) -> Warehouse:
    """Opens a store for practice with a few goods of the catalogue; who opens it and who keeps a store anywhere keep
    this one too. Where there are no goods yet, it is empty."""
    store = warehouses.add_warehouse(
        _next_code(),
        in_service_on=today,
        is_practice=True,
        name_fr="Magasin d’exercice",
        name_ar="مخزن التدريب",
        name_en="Practice store",
    )
    for user in _keepers(by):
        access.grant(user, "storekeeper", store, at=at, by=by)
    if lines := tuple(_lines(today)):
        opener = access.identity_of(db.session.get_one(User, by.id))
        documents.post(Order("opening", store.code, lines), by=opener, today=today, at=at, key=f"practice {key}")
    return store


def _next_code() -> str:
    taken = set(db.session.scalars(select(Warehouse.code).where(Warehouse.code.startswith(PRACTICE))))
    return next(code for number in range(1, len(taken) + 2) if (code := f"{PRACTICE}{number}") not in taken)


def _keepers(by: Identity) -> list[User]:
    keeps = select(Grant.id).where(Grant.user_id == User.id, Grant.role == "storekeeper")
    question = select(User).where(User.is_active, keeps.exists() | (User.id == by.id)).order_by(User.id)
    return list(db.session.scalars(question))


def _lines(today: date) -> Iterator[LineOrder]:
    """Goods that count in pieces, then goods by lots of which one expires soon: what there is only once stays out."""
    for tracking in ("none", "lot"):
        question = select(Item).where(Item.tracking == tracking, Item.retired_on.is_(None)).order_by(Item.code)
        for item in db.session.scalars(question.limit(GOODS)):
            if tracking == "none":
                yield LineOrder(item.code, Decimal(50), unit_cost=COST)
                continue
            for lot, days in (("A", 30), ("B", 400)):
                expires_on = today + timedelta(days=days) if item.has_expiry else None
                yield LineOrder(item.code, Decimal(20), lot=f"{PRACTICE}{lot}", expires_on=expires_on, unit_cost=COST)
