"""A small commune and callers of its API, for every contract test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from inventory import access, catalogue, clock, parties, warehouses
from inventory.catalogue import NewItem, NewPackaging
from inventory.database import db, transaction
from tests.databases import Database

LONG_AGO = date(2026, 1, 1)


@dataclass
class Caller:
    """Somebody with a token."""

    client: FlaskClient
    token: str

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        named = {"Authorization": f"Bearer {self.token}"} | {k.replace("_", "-"): v for k, v in headers.items()}
        given = {} if body is None else {"json": body}
        return self.client.open(f"/api/v1{path}", method=method, headers=named, **given)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any, key: str | None = None, **headers: str) -> Any:
        return self.call("POST", path, body, Idempotency_Key=key or str(uuid.uuid4()), **headers)

    def patch(self, path: str, body: Any) -> Any:
        return self.call("PATCH", path, body)

    def receive(self, item: str, quantity: str, warehouse: str = "CENTRAL", **line: Any) -> Any:
        return self.post("/documents", receipt(item, quantity, warehouse, **line))

    def issue(self, item: str, quantity: str, warehouse: str = "CENTRAL", **line: Any) -> Any:
        return self.post("/documents", issue(item, quantity, warehouse, **line))


def receipt(item: str, quantity: str, warehouse: str = "CENTRAL", **line: Any) -> dict[str, Any]:
    lines = [{"item": item, "quantity": quantity, **line}]
    return {"kind": "receipt", "warehouse": warehouse, "source": {"supplier": "ACME"}, "lines": lines}


def issue(item: str, quantity: str, warehouse: str = "CENTRAL", **line: Any) -> dict[str, Any]:
    lines = [{"item": item, "quantity": quantity, **line}]
    return {"kind": "issue", "warehouse": warehouse, "target": {"service": "BH"}, "lines": lines}


@pytest.fixture
def commune(app: Flask, database: Database) -> None:
    """What `furnish` makes."""
    database.furnish(furnish)


def furnish() -> None:
    """Two warehouses, a service, a supplier, four items; a manager, an auditor, a storekeeper of each warehouse."""
    at = clock.now()
    with transaction():
        for code in ("CENTRAL", "ANFA"):
            warehouses.add_warehouse(code, in_service_on=LONG_AGO, name_fr=f"Dépôt {code}", name_ar="المخزن")
        parties.add_service("BH", name_fr="Bureau d'hygiène", name_ar="مكتب حفظ الصحة")
        parties.add_supplier("ACME", name_fr="Acme")
        for new in (
            NewItem("BOLT", "piece", name_fr="Boulon", barcodes=("6111245591063",),
                    packagings=(NewPackaging("carton", Decimal(50), "16111245591060"),)),
            NewItem("PAINT", "litre", name_fr="Peinture", name_ar="صباغة", decimals=2),
            NewItem("SERUM", "box", name_fr="Sérum", tracking="lot", has_expiry=True),
            NewItem("DESK", "piece", name_fr="Bureau", tracking="unit"),
        ):  # fmt: skip
            catalogue.add_item(new)
        people = {
            "boss": [("administrator", None), ("manager", None), ("buyer", None)],
            "auditor": [("auditor", None)],
            "central": [("storekeeper", "CENTRAL")],
            "anfa": [("storekeeper", "ANFA")],
            "asker": [("requester", None)],
        }
        for name, grants in people.items():
            user = access.add_user(name, "a long enough password", at=at, language="fr")
            for role, where in grants:
                access.grant(user, role, warehouses.get_warehouse(where) if where else None, at=at)


def token_of(name: str, **named: Any) -> str:
    with transaction():
        return access.create_token(access.get_user(name), "test", at=clock.now(), **named)


@pytest.fixture
def boss(commune: None, client: FlaskClient) -> Caller:
    return Caller(client, token_of("boss"))


@pytest.fixture
def auditor(commune: None, client: FlaskClient) -> Caller:
    return Caller(client, token_of("auditor"))


@pytest.fixture
def central(commune: None, client: FlaskClient) -> Caller:
    """The storekeeper of CENTRAL."""
    return Caller(client, token_of("central"))


@pytest.fixture
def anfa(commune: None, client: FlaskClient) -> Caller:
    """The storekeeper of ANFA."""
    return Caller(client, token_of("anfa"))


@pytest.fixture
def asker(commune: None, client: FlaskClient) -> Caller:
    """Somebody who may only ask for goods."""
    return Caller(client, token_of("asker"))


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """Every statement that reaches the database, but for the beginning of transactions."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)
