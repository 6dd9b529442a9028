"""Stock over the API."""

from __future__ import annotations

from datetime import timedelta

from inventory import clock
from tests import make
from tests.api.conftest import Caller, receipt


def test_stock_of_an_item(central: Caller) -> None:
    central.receive("BOLT", "10", unit_cost="1.5")
    central.issue("BOLT", "4")
    answer = central.get("/stock?warehouse=CENTRAL&item=BOLT").json
    (row,) = answer["items"]
    assert (row["on_hand"], row["available"], row["projected"], row["value"]) == ("6", "6", "6", "9.00")
    assert answer["next"] is None


def test_an_item_never_held_stands_at_zero(central: Caller) -> None:
    (row,) = central.get("/stock?warehouse=CENTRAL&item=DESK").json["items"]
    assert (row["on_hand"], row["value"]) == ("0", "0.00")


def test_stock_on_a_past_day(central: Caller) -> None:
    yesterday = clock.today() - timedelta(days=1)
    early = {**receipt("BOLT", "10", unit_cost="1"), "on": yesterday.isoformat()}
    assert central.post("/documents", early).status_code == 201
    central.issue("BOLT", "4")
    (row,) = central.get(f"/stock?warehouse=CENTRAL&on={yesterday}").json["items"]
    assert (row["on_hand"], row["value"], row["available"]) == ("10", "10.00", None)
    before = yesterday - timedelta(days=1)
    (row,) = central.get(f"/stock?warehouse=CENTRAL&on={before}").json["items"]
    assert row["on_hand"] == "0"
    assert central.get(f"/stock?on={clock.today() + timedelta(days=1)}").status_code == 422


def test_stock_comes_in_pages_of_ones_own_warehouses(central: Caller, anfa: Caller, boss: Caller) -> None:
    central.receive("BOLT", "1")
    central.receive("PAINT", "1.25")
    anfa.receive("BOLT", "2", "ANFA")
    make.rule("DESK", "ANFA", "1", "2", on=clock.today())  # nothing was ever there: the rule alone brings it here
    seen, cursor = [], ""
    while cursor is not None:
        answer = boss.get(f"/stock?limit=1{'&cursor=' + cursor if cursor else ''}").json
        seen += [(row["item"], row["warehouse"], row["on_hand"]) for row in answer["items"]]
        cursor = answer["next"]
    assert seen == [
        ("BOLT", "ANFA", "2"), ("BOLT", "CENTRAL", "1"), ("DESK", "ANFA", "0"), ("PAINT", "CENTRAL", "1.25"),
    ]  # fmt: skip
    assert {row["warehouse"] for row in anfa.get("/stock").json["items"]} == {"ANFA"}
    everywhere = boss.get("/stock?item=BOLT").json["items"]
    assert [(row["warehouse"], row["on_hand"]) for row in everywhere] == [("ANFA", "2"), ("CENTRAL", "1")]
    assert anfa.get("/stock?warehouse=CENTRAL").status_code == 403
