"""Warehouses, places, services and suppliers over the API."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from inventory import clock
from inventory.audit import AuditRecord
from inventory.database import db
from tests.api.conftest import Caller


def test_a_warehouse_is_in_service_today_unless_told(boss: Caller) -> None:
    key = str(uuid.uuid4())
    made = boss.post("/warehouses", {"code": "NORD", "name_fr": "Dépôt Nord"}, key)
    assert made.status_code == 201, made.text
    assert (made.json["in_service_on"], made.json["entity"]) == (clock.today().isoformat(), "COMMUNE")
    assert boss.post("/warehouses", {"code": "NORD", "name_fr": "Dépôt Nord"}, key).status_code == 200
    waiting = boss.post("/warehouses", {"code": "SUD", "name_fr": "Sud", "in_service_on": None})
    assert waiting.json["in_service_on"] is None
    assert [one["code"] for one in boss.get("/warehouses").json["items"]] == ["ANFA", "CENTRAL", "NORD", "SUD"]


def test_one_sees_ones_own_warehouses(central: Caller, asker: Caller) -> None:
    assert [one["code"] for one in central.get("/warehouses").json["items"]] == ["CENTRAL"]
    assert asker.get("/warehouses").status_code == 403
    assert central.get("/warehouses/ANFA/locations").status_code == 403
    assert central.post("/warehouses", {"code": "MINE", "name_fr": "x"}).status_code == 403


def test_a_place_is_added(boss: Caller, central: Caller) -> None:
    made = boss.post("/warehouses/CENTRAL/locations", {"code": "A-01", "name_fr": "Allée A"})
    assert made.status_code == 201, made.text
    assert made.json["code_url"].endswith(made.json["label_code"])
    listed = central.get("/warehouses/CENTRAL/locations").json["items"]
    assert [one["code"] for one in listed] == ["A-01", "MAG", "QUARANTAINE"]
    again = boss.post("/warehouses/CENTRAL/locations", {"code": "A-01"})
    assert again.json["code"] == "already_exists"


@pytest.mark.parametrize(
    ("path", "more"), [("/services", {"parent": "BH"}), ("/suppliers", {"ice": "001234567890123"})]
)
def test_a_party_is_added_once_and_found(boss: Caller, path: str, more: dict[str, str]) -> None:
    body = {"code": "NEW-1", "name_fr": "Éts Nouveau", "name_ar": "الجديد", **more}
    made = boss.post(path, body)
    assert made.status_code == 201, made.text
    assert made.json.items() >= body.items()
    for words in ("nouveau", "ETS NOUVEAU", "الجديد new", "جديد"):
        assert boss.get(f"{path}?search={words}").json["items"] == [made.json]
    assert boss.get(f"{path}?search=nouveau+autre").json["items"] == []
    assert boss.post(path, body).json["code"] == "already_exists"
    assert boss.post(path, {"code": "NEW-2"}).json["errors"][0]["pointer"] == "/name_fr"
    first = boss.get(f"{path}?limit=1").json
    assert boss.get(f"{path}?limit=1&cursor={first['next']}").json["items"] != first["items"]


def test_what_is_added_is_noted_once_with_what_it_is(boss: Caller) -> None:
    for path, subject, body in (
        ("/warehouses", "NORD", {"code": "NORD", "name_fr": "Dépôt Nord"}),
        ("/warehouses/CENTRAL/locations", "CENTRAL/A-01", {"code": "A-01", "name_fr": "Allée A"}),
        ("/services", "VOIRIE", {"code": "VOIRIE", "name_fr": "Voirie", "parent": "BH"}),
        ("/suppliers", "ATLAS", {"code": "ATLAS", "name_fr": "Atlas", "ice": "001234567000089"}),
    ):
        key = str(uuid.uuid4())
        assert [boss.post(path, body, key).status_code for _ in range(2)] == [201, 200]
        db.session.rollback()
        (noted,) = db.session.scalars(select(AuditRecord).where(AuditRecord.subject == subject))
        assert (noted.action, noted.actor, noted.address) == (
            f"{path.rsplit('/', 1)[1].removesuffix('s')}.added", "boss", "127.0.0.1"
        )  # fmt: skip
        assert {name: text for name, text in body.items() if name != "code"}.items() <= noted.details.items()
