"""Two stores with people and goods, and a person at a screen: what the tests of the pages of papers begin with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.test import TestResponse

from inventory import access, catalogue, clock, documents, parties, warehouses
from inventory.access import Identity
from inventory.catalogue import NewItem, NewPackaging
from inventory.database import transaction
from inventory.documents import Document, LineOrder, Order, Side
from tests.conftest import Client

PASSWORD = "seven storks over Anfa"
AT = datetime(2020, 1, 1, tzinfo=UTC)
INSTANT = re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:00\b")
"""When something was, as a file of ours tells it: it sorts by itself and names its offset."""
PEOPLE = {
    "keeper": ("storekeeper", "CENTRAL"),
    "other": ("storekeeper", "ANFA"),
    "chief": ("manager", None),
    "auditor": ("auditor", None),
}


def furnish() -> None:
    """Two warehouses, four people, one item of each tracking, a service and a supplier."""
    with transaction():
        stores = {
            code: warehouses.add_warehouse(
                code, in_service_on=clock.today() - timedelta(days=300), name_fr=fr, name_ar=ar, name_en=fr
            )
            for code, fr, ar in (("CENTRAL", "Dépôt central", "المخزن المركزي"), ("ANFA", "Dépôt Anfa", "مخزن أنفا"))
        }
        warehouses.add_location(stores["CENTRAL"], "B-03", name_fr="Rayon B3", name_ar="الرف ب3")
        for username, (role, store) in PEOPLE.items():
            user = access.add_user(username, PASSWORD, at=AT, display_name=f"{username.title()} Alami", language="en")
            access.grant(user, role, stores[store] if store else None, at=AT)
        parties.add_service("BH-ANFA", name_fr="Bureau d'hygiène", name_ar="مكتب حفظ الصحة")
        parties.add_supplier("ATLAS", name_fr="Atlas Fournitures", name_ar="أطلس للتجهيز")
        for new in GOODS:
            catalogue.add_item(new)


GOODS = (
    NewItem("PAP-A4", "rame", "Papier A4", "ورق A4", "A4 paper", packagings=(NewPackaging("carton", Decimal(5)),)),
    NewItem("VAC-01", "dose", "Vaccin antirabique", "لقاح السعار", "Rabies vaccine", tracking="lot", has_expiry=True),
    NewItem("PC-01", "u", "Ordinateur", "حاسوب", "Computer", tracking="unit"),
    NewItem("BON-20", "bon", "Bons de carburant", "سندات الوقود", "Fuel vouchers", tracking="range"),
    NewItem("JAV-B", "bidon", "Javel bidon", "ماء جافيل صفيحة", "Bleach, can"),
    NewItem("JAV-F", "flacon", "Javel flacon", "ماء جافيل قارورة", "Bleach, bottle"),
)


def person(username: str) -> Identity:
    return access.identity_of(access.get_user(username))


def post(kind: str, *lines: LineOrder, by: str = "keeper", warehouse: str = "CENTRAL", **given: Any) -> Document:
    """Posts a paper as the doors do."""
    order = Order(kind, warehouse, lines, **given)
    with transaction():
        return documents.post(order, by=person(by), today=clock.today(), at=clock.now(), key=str(uuid4()))


def receive(item: str = "PAP-A4", quantity: str | None = "100", cost: str | None = "42.50", **given: Any) -> Document:
    line = LineOrder(item, Decimal(quantity) if quantity else None, unit_cost=Decimal(cost) if cost else None, **given)
    return post("receipt", line, source=Side("supplier", "ATLAS"))


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)


@dataclass
class Clerk:
    """Somebody at a screen: opens pages, fills the fields of a form, presses one of its buttons."""

    client: Client
    page: TestResponse | None = None

    @classmethod
    def arrives(cls, app: Flask) -> Clerk:
        """Somebody at a browser of his own, not signed in."""
        return cls(Client(app, app.response_class, use_cookies=True))

    @classmethod
    def signed_in(cls, app: Flask, username: str, language: str = "en") -> Clerk:
        clerk = cls.arrives(app)
        clerk.client.enter(username, language=language)
        return clerk

    @property
    def text(self) -> str:
        assert self.page is not None
        return unescape(self.page.get_data(as_text=True))

    @property
    def words(self) -> str:
        """What the page says, without its marks."""
        return " ".join(re.sub(r"<[^>]*>", " ", self.text).split())

    def open(self, address: str) -> TestResponse:
        self.page = self.client.get(address, buffered=True, headers={"Accept-Language": "en"})
        return self.page

    def send(self, address: str, fields: dict[str, Any]) -> TestResponse:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.text) if self.page is not None else None
        token = {"csrf_token": found[1]} if found else {}
        self.page = self.client.post(address, data=token | fields)
        return self.page

    def fields(self) -> dict[str, str]:
        """What the paper's form holds, as a browser would send it."""
        form = self.text.split('action="/documents/new"', 1)[1].split("</form>", 1)[0]
        held: dict[str, str] = {}
        for tag in re.findall(r"<input\b[^>]*>", form):
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            if name and not (re.search(r'type="(radio|checkbox)"', tag) and "checked" not in tag):
                held[name[1]] = unescape(value[1]) if value else ""
        for name, body in re.findall(r'<textarea\b[^>]*name="([^"]*)"[^>]*>(.*?)</textarea>', form, re.S):
            held[name] = body
        for name, body in re.findall(r'<select\b[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
            options = re.findall(r'<option value="([^"]*)"( selected)?', body)
            chosen = [value for value, is_selected in options if is_selected] or [value for value, _ in options[:1]]
            held[name] = unescape(chosen[0]) if chosen else ""
        return held

    def press(self, act: str, **typed: str) -> TestResponse:
        """Fills fields (``line0_quantity`` is a field of the first line) and presses a button of the paper's form."""
        given = {re.sub(r"^line(\d+)_", r"lines-\1-", name): value for name, value in typed.items()}
        return self.send("/documents/new", self.fields() | given | {"act": act})

    def follow(self) -> TestResponse:
        assert self.page is not None
        assert self.page.status_code in (302, 303), self.words
        return self.open(self.page.headers["Location"])
