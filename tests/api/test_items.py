"""The catalogue over the API."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from inventory.audit import AuditRecord
from inventory.database import db
from tests.api.conftest import Caller

NEW = {
    "code": "MED-001",
    "name_fr": "Paracétamol",
    "name_ar": "باراسيتامول",
    "category": "MED",
    "unit": "box",
    "tracking": "lot",
    "has_expiry": True,
    "barcodes": ["5000112637922"],
    "packagings": [{"name": "carton", "contains": "50", "barcode": "15000112637929"}],
}


def test_an_item_is_added_once(boss: Caller) -> None:
    key = str(uuid.uuid4())
    first = boss.post("/items", NEW, key)
    assert first.status_code == 201, first.text
    assert first.json["barcodes"] == ["5000112637922"]
    assert first.json["packagings"] == [{"name": "carton", "contains": "50", "divisor": 1, "barcode": "15000112637929"}]
    again = boss.post("/items", NEW, key)
    assert (again.status_code, again.json) == (200, first.json)
    assert boss.get("/items/MED-001").json == first.json
    taken = boss.post("/items", NEW)
    assert (taken.status_code, taken.json["code"]) == (409, "already_exists")
    assert boss.post("/items", {**NEW, "name_fr": "Other"}, key).json["code"] == "key_reused"


def test_only_code_name_and_unit_are_needed(boss: Caller) -> None:
    assert boss.post("/items", {"code": "X", "name_fr": "X", "unit": "u"}).status_code == 201
    answer = boss.post("/items", {})
    assert {error["pointer"] for error in answer.json["errors"]} >= {"/code", "/unit"}
    answer = boss.post("/items", {"code": "Y", "unit": "u"})
    assert answer.json["errors"][0]["pointer"] == "/name_fr"


def test_search_folds_spelling(central: Caller) -> None:
    for words in ("peinture", "PEINTÛRE", "صباغه", "paint"):
        assert [item["code"] for item in central.get(f"/items?search={words}").json["items"]] == ["PAINT"]


def test_items_come_in_pages(central: Caller) -> None:
    seen, cursor = [], ""
    while cursor is not None:
        answer = central.get(f"/items?limit=3{'&cursor=' + cursor if cursor else ''}").json
        seen += [item["code"] for item in answer["items"]]
        cursor = answer["next"]
    assert seen == ["BOLT", "DESK", "PAINT", "SERUM"]


def test_an_item_changes_in_names_alone(boss: Caller, central: Caller) -> None:
    changed = boss.patch("/items/BOLT", {"name_ar": "برغي", "barcodes": ["6111245591063", "ABC-1"]})
    assert changed.status_code == 200, changed.text
    assert (changed.json["name_ar"], changed.json["barcodes"]) == ("برغي", ["6111245591063", "ABC-1"])
    assert boss.patch("/items/BOLT", {"code": "litre"}).json["errors"][0]["code"] == "unknown_field"
    assert boss.patch("/items/NONE", {"name_fr": "x"}).status_code == 404
    assert central.patch("/items/BOLT", {"name_fr": "x"}).status_code == 403


def test_how_an_item_is_counted_changes_until_a_paper_has_moved_it(boss: Caller) -> None:
    changed = boss.patch("/items/BOLT", {"unit": "litre", "decimals": 2, "tracking": "lot", "has_expiry": True})
    assert changed.status_code == 200, changed.text
    assert [changed.json[name] for name in ("unit", "decimals", "tracking", "has_expiry")] == ["litre", 2, "lot", True]
    assert boss.patch("/items/BOLT", {"tracking": "none"}).json["errors"][0]["pointer"] == "/has_expiry"
    received = boss.receive("BOLT", "2.5", lot="A", expires_on="2027-01-01", unit="box", unit_cost="1")
    assert received.json["errors"][0]["pointer"] == "/lines/0/unit"  # who still counts in boxes is not misread
    assert boss.receive("BOLT", "2.5", lot="A", expires_on="2027-01-01", unit_cost="1").status_code == 201
    refused = boss.patch("/items/BOLT", {"name_fr": "Vis", "unit": "kilo", "decimals": 2})
    assert [(one["pointer"], one["code"]) for one in refused.json["errors"]] == [("/unit", "written")]
    assert boss.get("/items/BOLT").json["name_fr"] != "Vis"


def test_an_item_is_retired_for_another(boss: Caller) -> None:
    retired = boss.patch("/items/BOLT", {"retired_on": "2026-11-01", "replaced_by": "DESK"})
    assert (retired.json["retired_on"], retired.json["replaced_by"]) == ("2026-11-01", "DESK")


def test_who_is_replaced_is_retired(boss: Caller) -> None:
    """A successor without a day was once forgotten in silence."""
    answer = boss.patch("/items/BOLT", {"replaced_by": "DESK"})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/retired_on")


@pytest.mark.parametrize(
    ("packaging", "pointer"),
    [
        ({"name": "carton", "contains": "60"}, "/packagings/0/contains"),
        ({"name": "carton", "contains": "50", "divisor": 3}, "/packagings/0/contains"),
        ({"name": "carton", "contains": "50", "barcode": "3700123456"}, "/packagings/0/barcode"),
        ({"name": "pallet", "contains": "0"}, "/packagings"),
        ({"name": "piece", "contains": "5"}, "/packagings"),
    ],
)
def test_a_packaging_means_one_thing(boss: Caller, packaging: dict[str, object], pointer: str) -> None:
    """Once a packaging that was there, with another content, was answered as if it had been taken; one of nothing by a
    page, and one under the name of the item's own unit made five of one."""
    before = boss.get("/items/BOLT").json
    answer = boss.patch("/items/BOLT", {"packagings": [packaging]})
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert answer.json["errors"][0]["pointer"] == pointer
    assert boss.get("/items/BOLT").json == before
    assert boss.patch("/items/BOLT", {"packagings": before["packagings"]}).json == before


def test_the_card_counts_back(central: Caller, anfa: Caller) -> None:
    central.receive("BOLT", "10", unit_cost="2")
    central.issue("BOLT", "4")
    central.issue("BOLT", "1")
    card = central.get("/items/BOLT/card?warehouse=CENTRAL").json
    assert [(row["received"], row["issued"], row["balance"]) for row in card["items"]] == [
        ("0", "1", "5"),
        ("0", "4", "6"),
        ("10", "0", "10"),
    ]
    first = central.get("/items/BOLT/card?warehouse=CENTRAL&limit=1").json
    second = central.get(f"/items/BOLT/card?warehouse=CENTRAL&limit=2&cursor={first['next']}").json
    assert first["items"] + second["items"] == card["items"]
    assert second["next"] is None
    assert anfa.get("/items/BOLT/card?warehouse=CENTRAL").status_code == 403
    assert central.get("/items/BOLT/card").json["errors"][0]["pointer"] == "/warehouse"


def noted(subject: str) -> list[AuditRecord]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditRecord).where(AuditRecord.subject == subject).order_by(AuditRecord.id)))


def test_what_is_done_to_an_item_is_noted_once_with_what_it_was(boss: Caller) -> None:
    key = str(uuid.uuid4())
    for _ in range(2):
        boss.post("/items", {"code": "GLUE", "name_fr": "Colle", "unit": "tube", "barcodes": ["123"]}, key)
    for _ in range(2):  # the second changes nothing
        boss.patch("/items/GLUE", {"name_fr": "Colle forte", "category": "travaux", "barcodes": ["456"]})
    assert boss.patch("/items/GLUE", {"name_fr": "Autre", "storage_class": "warm"}).status_code == 422
    boss.patch("/items/GLUE", {"retired_on": "2026-11-20", "replaced_by": "BOLT"})
    boss.patch("/items/GLUE", {"retired_on": None})
    added, changed, retired, restored = noted("GLUE")
    assert [one.action for one in (added, changed, retired, restored)] == [
        "item.added", "item.changed", "item.retired", "item.restored"
    ]  # fmt: skip
    assert {(one.actor, one.address) for one in noted("GLUE")} == {("boss", "127.0.0.1")}
    assert (added.details["name_fr"], added.details["unit"], added.details["barcodes"]) == ("Colle", "tube", ["123"])
    assert changed.details == {
        "before": {"name_fr": "Colle", "category": None, "barcodes": ["123"]},
        "after": {"name_fr": "Colle forte", "category": "travaux", "barcodes": ["123", "456"]},
    }
    assert retired.details["after"] == {"retired_on": "2026-11-20", "replaced_by": "BOLT"}
    assert restored.details["before"] == retired.details["after"]
