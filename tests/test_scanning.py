"""What a scanned code means (`tests/api` asks the same over HTTP)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from inventory import catalogue, clock
from inventory.catalogue import Item, Lot, Unit
from inventory.database import db, transaction
from inventory.warehouses import Location
from tests.api.conftest import *  # noqa: F403  (the same small commune)
from tests.api.conftest import Caller, issue, receipt


def scan(caller: Caller, code: str, warehouse: str | None = "CENTRAL") -> dict:
    asked = {"code": code} | ({"warehouse": warehouse} if warehouse else {})
    answer = caller.client.get(
        "/api/v1/scan", query_string=asked, headers={"Authorization": f"Bearer {caller.token}", "Accept-Language": "en"}
    )
    assert answer.status_code == 200, answer.text
    return answer.json


def label_of(kind: type, **named: str) -> str:
    return db.session.scalar(select(kind.label_code).filter_by(**named))


def test_a_barcode_names_the_item_in_its_unit(central: Caller) -> None:
    central.receive("BOLT", "120")
    for code in ("6111245591063", "06111245591063", " 6111 2455 91063"):
        found = scan(central, code)
        assert (found["kind"], found["item"]["code"], found["unit"]) == ("item", "BOLT", "piece")
        assert (found["on_hand"], found["available"]) == ("120", "120")
        assert found["balances"][0]["location"] == "MAG"
        assert found["actions"] == ["issue", "transfer", "move", "receipt", "return", "label", "card"]
    assert scan(central, "16111245591060")["unit"] == "carton"
    with transaction():
        db.session.scalars(select(Unit).where(Unit.code == "piece")).one().name_en = "pieces"
    found = scan(central, "BOLT")
    assert (found["unit"], found["unit_name"], found["item"]["unit_name"]) == ("piece", "pieces", "pieces")


def test_a_packaging_is_called_by_its_name(central: Caller) -> None:
    carton = "16111245591060"
    assert scan(central, carton)["unit_name"] == "carton"
    with transaction():
        catalogue.rename(db.session.scalars(select(Unit).where(Unit.code == "carton")).one(), name_en="box of fifty")
    found = scan(central, carton)
    assert (found["unit"], found["unit_name"], found["item"]["unit_name"]) == ("carton", "box of fifty", "piece")


def test_the_photo_is_named_by_an_address_that_changes_with_it(central: Caller) -> None:
    assert scan(central, "BOLT")["item"]["photo"] is None
    addresses = set()
    for picture in (b"bright", b"dark"):
        with transaction():
            catalogue.set_photo(catalogue.get_item("BOLT"), picture, media_type="image/webp")
        addresses.add(scan(central, "BOLT")["item"]["photo"])
    assert len(addresses) == 2
    assert all(address.startswith("/catalogue/photo/BOLT?v=") for address in addresses)


def test_our_own_label_names_the_item(central: Caller) -> None:
    label = label_of(Item, code="BOLT")
    for code in (label, label.lower(), f"HTTP://ELSEWHERE.EXAMPLE/S/{label}"):
        assert scan(central, code)["item"]["code"] == "BOLT"
    assert scan(central, "BOLT")["item"]["name_fr"] == "Boulon"


def test_the_first_to_expire_is_proposed(central: Caller) -> None:
    today = clock.today()
    for lot, days in (("L2", 200), ("L1", 100), ("OLD", -1)):
        expires_on = (today + timedelta(days=days)).isoformat()
        assert central.receive("SERUM", "5", lot=lot, expires_on=expires_on).status_code == 201
    found = scan(central, "SERUM")
    assert (found["lot"], found["on_hand"], found["available"]) == ("L1", "15", "10")
    assert [one["lot"] for one in found["balances"]] == ["OLD", "L1", "L2"]
    by_label = scan(central, label_of(Lot, number="L2"))
    assert (by_label["kind"], by_label["lot"], len(by_label["balances"])) == ("lot", "L2", 1)
    assert scan(central, "L2")["kind"] == "lot"


def test_the_stock_is_whole_however_many_lots_there_are(central: Caller) -> None:
    first = clock.today() + timedelta(days=100)
    lots = [{"lot": f"N{n:02}", "expires_on": (first + timedelta(days=n)).isoformat()} for n in range(60)]
    paper = receipt("SERUM", "2") | {"lines": [{"item": "SERUM", "quantity": "2", **lot} for lot in lots]}
    assert central.post("/documents", paper).status_code == 201
    found = scan(central, "SERUM")
    assert (found["on_hand"], found["available"], found["lot"]) == ("120", "120", "N00")
    assert [one["lot"] for one in found["balances"]] == [f"N{n:02}" for n in range(50)]
    last = scan(central, label_of(Lot, number="N59"))
    assert (last["lot"], last["on_hand"], [one["lot"] for one in last["balances"]]) == ("N59", "120", ["N59"])


def test_what_is_on_the_road_lies_nowhere(central: Caller) -> None:
    central.receive("BOLT", "5")
    sent = issue("BOLT", "5") | {"kind": "transfer", "target": {"warehouse": "ANFA"}}
    assert central.post("/documents", sent).status_code == 201
    found = scan(central, "BOLT")
    assert (found["kind"], found["on_hand"], found["balances"]) == ("item", "0", [])


def test_an_inventory_number_is_one_thing(central: Caller) -> None:
    central.receive("DESK", "1", lot="INV-7")
    found = scan(central, "INV-7")
    assert (found["kind"], found["item"]["code"], found["lot"]) == ("unit", "DESK", "INV-7")


def test_a_place_shows_what_lies_there(central: Caller, anfa: Caller) -> None:
    central.receive("BOLT", "5")
    label = db.session.scalar(select(Location.label_code).where(Location.code == "MAG").order_by(Location.id))
    found = scan(central, label)
    assert (found["kind"], found["location"]["warehouse"], found["balances"][0]["quantity"]) == (
        "location",
        "CENTRAL",
        "5",
    )
    assert anfa.get(f"/scan?code={label}").status_code == 403


def test_a_paper_is_opened_by_its_code(central: Caller, anfa: Caller) -> None:
    paper = central.receive("BOLT", "5").json
    found = scan(central, paper["code_url"])
    assert (found["kind"], found["document"]["id"], found["actions"]) == ("document", paper["id"], ["read", "reverse"])
    assert anfa.get(f"/scan?code={paper['code']}").status_code == 403


def test_a_paper_offers_what_its_reader_may_do_with_it(boss: Caller, central: Caller, anfa: Caller) -> None:
    central.receive("BOLT", "9")
    line = {"item": "BOLT", "quantity": "2"}

    def posted(caller: Caller, kind: str, warehouse: str = "CENTRAL", **given: Any) -> dict[str, Any]:
        answer = caller.post("/documents", {"kind": kind, "warehouse": warehouse, "lines": [line], **given})
        assert answer.status_code == 201, answer.text
        paper: dict[str, Any] = answer.json
        return paper

    def offered(paper: dict[str, Any], *callers: Caller) -> list[list[str]]:
        return [scan(caller, paper["code"])["actions"][1:] for caller in callers]

    lost = posted(boss, "write_off", target={"reason": "damaged"})
    assert offered(lost, boss, central) == [["reverse"], []]
    sent = posted(central, "transfer", target={"warehouse": "ANFA"})
    assert offered(sent, boss, central, anfa) == [["reverse", "transfer_receipt"], ["reverse"], ["transfer_receipt"]]
    posted(anfa, "transfer_receipt", "ANFA", source={"document": sent["id"]})
    assert offered(sent, boss, central, anfa) == [[], [], []]


def test_what_is_wrong_with_an_unknown_code_is_said(central: Caller, app: Flask) -> None:
    label = label_of(Item, code="BOLT")
    damaged = label[:-1] + ("0" if label[-1] != "0" else "1")
    assert scan(central, damaged)["reason"] == "damaged_code"
    assert scan(central, "6111245591064")["reason"] == "check_digit"
    unknown = scan(central, "nothing at all")
    assert (unknown["kind"], unknown["reason"], unknown["detail"]) == (
        "unknown",
        "unknown_code",
        "Nothing here bears this code.",
    )
    assert scan(central, "\U0001f4a9")["kind"] == "unknown"


def test_a_scan_stays_in_ones_warehouse(central: Caller, anfa: Caller, asker: Caller) -> None:
    central.receive("BOLT", "5")
    assert anfa.get("/scan?code=BOLT&warehouse=CENTRAL").status_code == 403
    assert anfa.get("/scan?code=nothing&warehouse=CENTRAL").status_code == 403
    assert anfa.get("/scan?code=BOLT&warehouse=NONE").status_code == 403
    assert asker.get("/scan?code=BOLT").status_code == 403
    assert scan(anfa, "BOLT", None)["on_hand"] is None


def test_a_scan_costs_two_statements(central: Caller, app: Flask, statements: list[str]) -> None:
    central.receive("BOLT", "5")
    del statements[:]
    scan(central, "6111245591063")
    assert len(statements) == 2, "\n".join(statements)
