"""The import pages: a file is sent, read, corrected and imported; others never see it."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from inventory import access, ledger
from inventory.catalogue import Item, NewItem, add_item, get_item
from inventory.database import db, transaction
from inventory.exchange import uploads
from inventory.parties import add_service, add_supplier
from inventory.warehouses import add_warehouse, get_warehouse
from inventory.web import imports
from tests.conftest import Client

AT = datetime(2026, 9, 1, 9, tzinfo=UTC)
PASSWORD = "a good long password"
ITEMS = "code;désignation;unité\n1;Sérum;boîte\n2;Gants;paire\n"
MOVEMENTS = (
    "date;type;magasin;n° bon;article;quantité;service\n"
    "01/10/2026;ouverture;CENTRAL;1;BLEACH;10;\n"
    "06/10/2026;sortie;CENTRAL;2;BLEACH;4;ANFA\n"
    "07/10/2026;sortie;CENTRAL;3;BLEACH;4;ANFA\n"
)


@pytest.fixture
def house(app: Flask) -> None:
    with transaction():
        central = add_warehouse("CENTRAL", in_service_on=None, name_fr="Magasin central")
        add_supplier("ACME", name_fr="Acme")
        add_service("ANFA", name_fr="Anfa")
        add_item(NewItem("BLEACH", "bidon", name_fr="Javel"))
        for name, role in (("salma", "manager"), ("karim", "manager"), ("omar", "storekeeper")):
            access.grant(access.add_user(name, PASSWORD, at=AT, language="en"), role, central, at=AT)


class Visitor:
    """Somebody at a browser without scripts."""

    def __init__(self, client: FlaskClient, name: str) -> None:
        self.client = client
        self.page = ""
        self.status = 0
        self.at = ""
        self.go("/sign-in")
        self.post("/sign-in", username=name, password=PASSWORD)
        self.post("/language", language="en")

    def go(self, address: str) -> Visitor:
        return self._see(self.client.get(address))

    def post(self, address: str, **fields: Any) -> Visitor:
        token = re.search(r'name="csrf-token" content="([^"]+)"', self.page)
        assert token
        data = {"csrf_token": token.group(1), **fields}
        return self._see(self.client.post(address, data=data))

    def send(self, text: str | bytes, what: str = "items", name: str = "stock.csv") -> Visitor:
        content = text.encode() if isinstance(text, str) else text
        return self.go("/imports/").post("/imports/", what=what, file=(io.BytesIO(content), name))

    def _see(self, response: Any) -> Visitor:
        while response.status_code in (302, 308):
            response = self.client.get(response.location)
        self.page, self.status, self.at = response.get_data(as_text=True), response.status_code, response.request.path
        return self


@pytest.fixture
def salma(house: None, client: FlaskClient) -> Visitor:
    return Visitor(client, "salma")


def items() -> int:
    return db.session.scalar(select(func.count()).select_from(Item)) or 0


def on_hand() -> Any:
    return ledger.on_hand(get_item("BLEACH").id, get_warehouse("CENTRAL").id)


def test_items_are_read_shown_and_then_imported(salma: Visitor) -> None:
    salma.send(ITEMS)
    assert "Import 2 items" in salma.page
    assert items() == 1
    salma.post(f"{salma.at}/items")
    assert "Items added" in salma.page
    assert items() == 3
    assert salma.post(f"{salma.at}/items").status == 404  # a second click finds the file used
    assert "already there" in salma.send(ITEMS).page


def test_a_guess_is_corrected(salma: Visitor) -> None:
    salma.send("n;libellé bis\n1;Sérum\n")
    assert "Import 1 item" not in salma.page
    salma.post(f"{salma.at}/choices", **{"column-0": "code", "column-1": "name_fr", "constant-unit": "boîte"})
    assert "Import 1 item" in salma.page
    salma.post(f"{salma.at}/items")
    assert get_item("1").name_fr == "Sérum"


def test_a_correction_that_cannot_be_is_said_and_can_be_undone(salma: Visitor) -> None:
    salma.send(ITEMS)
    salma.post(f"{salma.at}/choices", **{"column-0": "code", "column-1": "code", "column-2": "unit"})
    assert (salma.status, "given twice" in salma.page) == (422, True)
    salma.post(f"{salma.at}/choices")
    assert "Import 2 items" in salma.page
    assert salma.post(f"{salma.at}/choices", header_row="x").status == 422


def test_bad_rows_are_listed_paged_downloaded_and_left_out(salma: Visitor) -> None:
    salma.send(ITEMS + "".join(f"{n};;boîte\n" for n in range(100, 200)))
    assert "Leave 100 rows out" in salma.page
    address = salma.at
    assert "Next page" in salma.page
    assert "103" in salma.go(f"{address}?after=50").page
    listed = salma.client.get(f"{address}/problems.csv").get_data(as_text=True).splitlines()
    assert len(listed) == 101
    assert listed[1].startswith("4,désignation,,")
    salma.go(address).post(f"{address}/items")
    assert items() == 1
    salma.post(f"{address}/items", leave_out="1")
    assert "Rows left out" in salma.page
    assert items() == 3


def test_a_file_that_cannot_be_read_says_why(salma: Visitor) -> None:
    assert (salma.send("").status, "The file is empty" in salma.page) == (422, True)
    assert "not a spreadsheet" in salma.send(b"%PDF-1.7", name="a.pdf").page
    salma.go("/imports/").post("/imports/", what="items")
    assert (salma.status, "Choose a file." in salma.page) == (422, True)
    assert salma.post("/imports/", what="nothing").status == 422


def test_movements_are_posted_once_in_parts(salma: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "PATIENCE", -1)  # one paper a request
    salma.send(MOVEMENTS, "movements")
    assert "Post 3 papers" in salma.page
    address = salma.at
    salma.post(f"{address}/papers")
    assert "1 / 3" in salma.page
    part = salma.client.post(f"{address}/papers", headers={"HX-Request": "true", "X-CSRFToken": token_of(salma)})
    assert "2 / 3" in part.get_data(as_text=True)
    last = salma.client.post(f"{address}/papers", headers={"HX-Request": "true", "X-CSRFToken": token_of(salma)})
    assert last.headers["HX-Redirect"] == address
    assert "Papers posted" in salma.go(address).page
    assert on_hand() == 2
    monkeypatch.undo()
    salma.send(MOVEMENTS, "movements").post(f"{salma.at}/papers")
    assert "Were already there" in salma.page
    assert on_hand() == 2


def token_of(visitor: Visitor) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', visitor.page)
    assert found
    return found.group(1)


def test_a_refused_paper_stops_and_can_be_gone_on_with(salma: Visitor) -> None:
    salma.send(MOVEMENTS.replace(";10;", ";5;"), "movements").post(f"{salma.at}/papers")
    assert "Stopped at paper 3" in salma.page
    assert on_hand() == 1
    address = salma.at
    assert "Stopped at paper 3" in salma.post(f"{address}/papers").page
    assert "Post 3 papers" in salma.post(f"{address}/again").page


def test_bad_papers_are_left_out_only_when_told(salma: Visitor) -> None:
    salma.send(MOVEMENTS.replace("3;BLEACH", "3;UNKNOWN"), "movements")
    address = salma.at
    assert "whole papers out" in salma.page
    salma.post(f"{address}/papers")
    assert on_hand() == 0
    salma.post(f"{address}/papers", leave_out="1")
    assert on_hand() == 6


def test_a_file_is_seen_by_its_sender_alone(salma: Visitor, client: FlaskClient, app: Flask) -> None:
    address = salma.send(ITEMS).at
    karim = Visitor(Client(app, app.response_class), "karim")
    for way in ("", "/problems.csv"):
        assert karim.go(address + way).status == 404
    karim.go("/")
    for way in ("/items", "/papers", "/choices", "/again", "/drop"):
        assert karim.post(address + way).status == 404
    assert Visitor(Client(app, app.response_class), "omar").go("/imports/").status == 403
    assert salma.go("/imports/../../etc/passwd").status == 404
    assert salma.go("/imports/unknown").status == 404


def test_a_file_waits_for_its_sender_and_can_be_removed(salma: Visitor) -> None:
    address = salma.send(ITEMS, name="my list.csv").at
    assert "my list.csv" in salma.go("/imports/").page
    salma.post(f"{address}/drop")
    assert "my list.csv" not in salma.go("/imports/").page
    assert salma.go(address).status == 404


def test_a_file_is_forgotten_after_a_day(tmp_path: Path) -> None:
    old = uploads.keep(tmp_path, io.BytesIO(b"x"), owner_id=1, what="items", name="old.csv", at=AT)
    new = uploads.keep(
        tmp_path, io.BytesIO(b"y"), owner_id=1, what="items", name="new.csv", at=AT + timedelta(hours=25)
    )
    assert not old.folder.exists()
    assert [upload.name for upload in uploads.waiting(tmp_path, 1)] == ["new.csv"]
    assert uploads.waiting(tmp_path, 2) == []
    assert uploads.find(tmp_path, new.token, 1).content() == b"y"
    assert new.folder.stat().st_mode & 0o077 == 0


def test_a_large_file_is_taken_here_and_nowhere_else(salma: Visitor) -> None:
    big = "code;désignation;unité\n1;Sérum;boîte\n" + "\n" * (9 << 20)
    assert salma.send(big).status in (200, 422)
    assert salma.post("/language", language="x" * (9 << 20)).status == 413


def test_what_was_found_is_said_in_the_language_of_the_moment(salma: Visitor) -> None:
    address = salma.send("code;désignation;unité\n1;;boîte\n").at
    salma.post("/language", language="fr")
    assert "cette colonne doit être remplie" in salma.go(address).page


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_page_speaks_the_language(salma: Visitor, language: str) -> None:
    salma.send(ITEMS)
    address = salma.at
    salma.post("/language", language=language)
    for page in ("/imports/", "/imports/formats", address):
        assert salma.go(page).status == 200
        assert f'lang="{language}"' in salma.page
