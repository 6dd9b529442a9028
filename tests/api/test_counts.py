"""Counts of places, by the API: blind before, compared after, posted once."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.api.conftest import Caller


def count(*lines: dict[str, Any], **given: Any) -> dict[str, Any]:
    return {"warehouse": "CENTRAL", "location": None, "lines": list(lines), **given}


BOLTS = {"item": "BOLT", "quantity": "7"}


def test_a_count_is_compared_when_it_is_handed_in(central: Caller) -> None:
    central.receive("BOLT", "10")
    central.receive("SERUM", "7", lot="L2", expires_on="2030-01-31")
    key = str(uuid.uuid4())
    first = central.post("/counts", count(BOLTS), key)
    assert (first.status_code, first.json["state"], first.json["location"]["code"]) == (201, "waiting", "MAG")
    told = {
        (one["item"], one["lot"]): (one["counted"], one["expected"], one["difference"]) for one in first.json["lines"]
    }
    assert told == {("BOLT", None): ("7", "10", "-3"), ("SERUM", "L2"): ("0", "7", "-7")}
    again = central.post("/counts", count(BOLTS), key)
    assert (again.status_code, again.json) == (200, first.json)


def test_who_counts_is_not_told_what_should_be_there(central: Caller) -> None:
    central.receive("BOLT", "10")
    central.receive("SERUM", "7", lot="L2", expires_on="2030-01-31")
    for code in ("BOLT", "SERUM", "L2", "16111245591060"):
        told = central.get(f"/scan?code={code}&warehouse=CENTRAL&purpose=count").json
        assert (told["on_hand"], told["available"], told["projected"], told["balances"]) == (None, None, None, [])
        assert told["item"]["code"] in ("BOLT", "SERUM")
    assert central.get("/scan?code=SERUM&warehouse=CENTRAL&purpose=count").json["lot"] is None
    assert central.get("/scan?code=L2&warehouse=CENTRAL&purpose=count").json["lot"] == "L2"


def test_the_difference_is_posted_once(central: Caller, boss: Caller) -> None:
    central.receive("BOLT", "10")
    made = central.post("/counts", count(BOLTS)).json
    way, key = f"/counts/{made['id']}/adjustment", str(uuid.uuid4())
    assert central.post(way, {"reason": "Casse"}).status_code == 403
    assert boss.post(way, {"reason": " "}).status_code == 422
    done = boss.post(way, {"reason": "Casse"}, key)
    assert (done.status_code, done.json["state"]) == (201, "adjusted")
    again = boss.post(way, {"reason": "Casse"}, key)
    assert (again.status_code, again.json) == (200, done.json)
    assert boss.post(way, {"reason": "Casse"}).json["code"] == "changed_meanwhile"
    paper = boss.get(f"/documents/{done.json['decision']['document']}").json
    assert (paper["kind"], paper["reason"], paper["lines"][0]["direction"]) == ("adjustment", "Casse", "out")
    assert boss.get("/stock?warehouse=CENTRAL&item=BOLT").json["items"][0]["on_hand"] == "7"


def test_what_was_not_counted_again_can_still_be_posted(central: Caller, boss: Caller) -> None:
    central.receive("BOLT", "10")
    central.receive("SERUM", "7", lot="L2", expires_on="2030-01-31")
    made = central.post("/counts", count(BOLTS, {"item": "SERUM", "quantity": "4", "lot": "L2"})).json
    central.post("/counts", count({"item": "BOLT", "quantity": "10"}, is_whole=False))
    (waiting,) = central.get("/counts?state=waiting").json["items"]
    assert waiting["id"] == made["id"]
    assert {one["item"]: one["is_counted_again"] for one in waiting["lines"]} == {"BOLT": True, "SERUM": False}
    done = boss.post(f"/counts/{made['id']}/adjustment", {"reason": "Casse"})
    assert (done.status_code, done.json["state"]) == (201, "adjusted")
    on_hand = {one["item"]: one["on_hand"] for one in boss.get("/stock?warehouse=CENTRAL").json["items"]}
    assert (on_hand["BOLT"], on_hand["SERUM"]) == ("10", "4")


def test_none_may_be_left_of_a_thing(central: Caller) -> None:
    central.receive("BOLT", "10")
    made = central.post("/counts", count({"item": "BOLT", "quantity": "0"}, is_whole=False))
    assert (made.status_code, [one["difference"] for one in made.json["lines"]]) == (201, ["-10"])


def test_who_knows_the_place_remarks_and_who_decides_dismisses(central: Caller, boss: Caller) -> None:
    central.receive("BOLT", "10")
    made = central.post("/counts", count(BOLTS)).json
    said = central.post(f"/counts/{made['id']}/remarks", {"remark": "Prêtés"})
    assert (said.status_code, [one["remark"] for one in said.json["remarks"]]) == (201, ["Prêtés"])
    assert central.call("POST", f"/counts/{made['id']}/dismissal", {"reason": "Non"}).status_code == 403
    assert boss.call("POST", f"/counts/{made['id']}/dismissal", {"reason": "Rendus"}).json["state"] == "dismissed"
    assert central.post(f"/counts/{made['id']}/remarks", {"remark": "Trop tard"}).json["code"] == "changed_meanwhile"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"location": "Z9"}, "/location"),
        ({"lines": [{"item": "BOLT", "quantity": "-1"}]}, "/lines/0/quantity"),
        ({"lines": [{"item": "BOLT", "quantity": "1.5"}]}, "/lines/0/quantity"),
        ({"lines": [{"item": "NOTHING", "quantity": "1"}]}, "/lines/0/item"),
        ({"lines": [{"item": "SERUM", "quantity": "1"}]}, "/lines/0/lot"),
        ({"lines": [{"item": "SERUM", "quantity": "1", "lot": "NEW"}]}, "/lines/0/expires_on"),
        ({"lines": [{"item": "BOLT"}]}, "/lines/0/quantity"),
        ({"counted_at": "noon"}, "/counted_at"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_name(central: Caller, change: dict[str, Any], pointer: str) -> None:
    refused = central.post("/counts", count(BOLTS) | change)
    assert (refused.status_code, [one["pointer"] for one in refused.json["errors"]]) == (422, [pointer])
    assert central.get("/counts").json["items"] == []


def test_counts_are_seen_where_one_may(central: Caller, anfa: Caller, auditor: Caller, asker: Caller) -> None:
    made = central.post("/counts", count(BOLTS)).json
    assert auditor.get(f"/counts/{made['id']}").json["by"] == "central"
    for caller in (anfa, asker):
        assert caller.get(f"/counts/{made['id']}").status_code == 403
        assert caller.get("/counts?warehouse=CENTRAL").status_code == 403
        assert caller.post("/counts", count(BOLTS)).status_code == 403
        assert caller.post(f"/counts/{made['id']}/remarks", {"remark": "x"}).status_code == 403
    assert anfa.get("/counts").json["items"] == []
    assert auditor.post("/counts", count(BOLTS)).status_code == 403


def test_a_list_of_any_length_costs_the_same(central: Caller, statements: list[str]) -> None:
    counts = []
    for times in (2, 8):
        for _ in range(times):
            central.post("/counts", count(BOLTS))
        del statements[:]
        assert central.get("/counts?limit=200").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 7, counts
    states = [one["state"] for one in central.get("/counts").json["items"]]
    assert states == ["waiting"] + ["replaced"] * 9
