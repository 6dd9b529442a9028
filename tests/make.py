"""Makers: what a test needs to begin with, in one word each. They open transactions; a test is a door.

The day is a Monday in November and the clock ticks a second at every paper, unless the test says otherwise.
"""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import wraps
from typing import Any, TypeVar

import pytest
from flask import Flask
from sqlalchemy import event

from inventory import access, catalogue, documents, ledger, parties, replenishment, warehouses
from inventory.access import Grant, Identity, User
from inventory.database import db, transaction
from inventory.documents import Document, LineOrder, Order, Side
from tests.databases import Database

TODAY = date(2026, 11, 23)
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)
OPENED = date(2026, 1, 1)
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
BUYER = Identity(0, "buyer", "Buyer", "fr", 0, frozenset())
"""Whoever sets a rule or handles an alert where it does not matter who: records quote, they point at nothing."""
# Nobody signs in with it: hashing one is slow on purpose, and most tests need the person, not the password.
NO_PASSWORD = "not a hash"
_ticks = (MORNING, itertools.count())

T = TypeVar("T")


def now() -> datetime:
    """The next second of the test's day."""
    begin, seconds = _ticks
    return begin + timedelta(seconds=next(seconds) % 30000)


def furnished(build: Callable[[], T]) -> Any:
    """A fixture that is what `build` answers, on a database that holds what it makes: made once in a run, then copied.
    It is made in the hour before the day, for the day of another process may have begun later."""

    @wraps(build)
    def early() -> T:
        global _ticks
        day, _ticks = _ticks, (MORNING - timedelta(hours=1), itertools.count())
        try:
            return build()
        finally:
            _ticks = day

    def fixture(database: Database, app: Flask) -> T:
        return database.furnish(early)

    return pytest.fixture(fixture, name=build.__name__)


def key() -> str:
    return str(uuid.uuid4())


def done(verb: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """One verb in a transaction of its own."""
    with transaction():
        return verb(*arguments, **named)


def person(username: str, *roles: str, at: str | None = None, language: str = "fr") -> Identity:
    """Somebody with these roles, in one warehouse or everywhere."""
    with transaction():
        user = User(
            username=username,
            display_name=username.title(),
            password_hash=NO_PASSWORD,
            language=language,
            created_at=now(),
        )
        db.session.add(user)
        db.session.flush()
        where = warehouses.get_warehouse(at).id if at else None
        db.session.add_all(Grant(user_id=user.id, role=role, warehouse_id=where, granted_at=now()) for role in roles)
        db.session.flush()
        return access.identity_of(user)


def warehouse(code: str, *, in_service_on: date | None = OPENED, entity: str = parties.COMMUNE) -> warehouses.Warehouse:
    names = {"name_fr": code.title(), "name_ar": f"مستودع {code}", "name_en": code.title()}
    return done(warehouses.add_warehouse, code, entity=entity, in_service_on=in_service_on, **names)


def location(store: str, code: str, kind: str = "shelf") -> warehouses.Location:
    with transaction():
        return warehouses.add_location(warehouses.get_warehouse(store), code, kind=kind, name_fr=code)


def service(code: str) -> parties.Service:
    return done(parties.add_service, code, name_fr=code.title())


def supplier(code: str) -> parties.Supplier:
    return done(parties.add_supplier, code, name_fr=code.title())


def item(code: str, **details: Any) -> catalogue.Item:
    """An item counted in pieces unless told otherwise."""
    details.setdefault("unit", "piece")
    details.setdefault("name_fr", code.title())
    return done(catalogue.add_item, catalogue.NewItem(code=code, **details))


def rule(item_code: str, store: str, reorder_point: str, target: str, *, on: date = TODAY) -> None:
    with transaction():
        replenishment.set_rule(
            catalogue.get_item(item_code),
            warehouses.get_warehouse(store),
            reorder_point=Decimal(reorder_point),
            target=Decimal(target),
            by=BUYER,
            on=on,
            at=now(),
        )


def line(item_code: str, quantity: str | None = None, **details: Any) -> LineOrder:
    """A line as asked; quantities and costs may be given as text."""
    for name in ("unit_cost", "target_quantity"):
        if isinstance(details.get(name), str):
            details[name] = Decimal(details[name])
    return LineOrder(item_code, None if quantity is None else Decimal(quantity), **details)


def order(kind: str, store: str, *lines: LineOrder, **details: Any) -> Order:
    """A paper as asked; ``source`` and ``target`` are written ``kind:code``."""
    for side in ("source", "target"):
        if isinstance(details.get(side), str):
            details[side] = Side(*details[side].split(":", 1))
    return Order(kind, store, tuple(lines), **details)


def posted(
    asked: Order, *, by: Identity, today: date = TODAY, key: str | None = None, at: datetime | None = None
) -> Document:
    """Posts a paper in a transaction of its own."""
    with transaction():
        return documents.post(asked, by=by, today=today, at=at or now(), key=key or str(uuid.uuid4()))


def reversed_(
    paper: Document, *, by: Identity, reason: str = "typed wrongly", today: date = TODAY, on: date | None = None,
    key: str | None = None,
) -> Document:  # fmt: skip
    """Reverses a paper in a transaction of its own."""
    with transaction():
        return documents.reverse(
            paper.entry_id, reason, by=by, today=today, at=now(), key=key or str(uuid.uuid4()), on=on
        )


def on_hand(item_code: str, store: str) -> Decimal:
    return ledger.on_hand(catalogue.get_item(item_code).id, warehouses.get_warehouse(store).id)


def worth(item_code: str, store: str) -> Decimal:
    """What the ledger says the stock of an item is worth in a warehouse, the road included."""
    held = ledger.holding(catalogue.get_item(item_code).id, warehouses.get_warehouse(store).id)
    return held.value if held else Decimal(0)


def differences() -> list[ledger.Difference]:
    return list(documents.verify())


@contextmanager
def statements() -> Iterator[list[str]]:
    """The SQL statements that run inside the block, BEGIN and COMMIT apart."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
