"""Slips to regularise, by the API: created once, seen by who may, settled by papers."""

from __future__ import annotations

import base64
import io
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from tests.api.conftest import Caller


def slip(quantity: str = "5", **given: Any) -> dict[str, Any]:
    body = {
        "warehouse": "CENTRAL",
        "service": "BH",
        "receiver": "Said",
        "lines": [{"item": "BOLT", "quantity": quantity}],
    }
    return body | given


def photo() -> str:
    made = io.BytesIO()
    Image.new("RGB", (2000, 1500), "#8a5a2b").save(made, "JPEG")
    return base64.b64encode(made.getvalue()).decode()


def test_a_slip_is_written_once_for_its_key(central: Caller) -> None:
    key = str(uuid.uuid4())
    first = central.post("/slips", slip(photo=photo()), key)
    assert (first.status_code, first.json["number"].split("/")[0], first.json["state"]) == (201, "1", "open")
    assert first.json["reference"].startswith("CENTRAL/AR/")
    assert first.json["photo"].startswith(f"/slips/{first.json['id']}/photo")
    again = central.post("/slips", slip(photo=photo()), key)
    assert (again.status_code, again.json) == (200, first.json)
    assert central.post("/slips", slip("6"), key).json["code"] == "key_reused"
    assert len(central.get("/slips").json["items"]) == 1
    assert central.get("/stock?warehouse=CENTRAL&item=BOLT").json["items"][0]["on_hand"] == "0"


def test_packagings_are_told_as_packagings(central: Caller) -> None:
    body = slip(lines=[{"item": "BOLT", "quantity": "2", "unit": "carton"}])
    (line,) = central.post("/slips", body).json["lines"]
    assert (line["quantity"], line["unit"], line["unit_quantity"], line["available"]) == ("100", "carton", "2", "0")


def test_papers_settle_it(central: Caller) -> None:
    made = central.post("/slips", slip()).json
    late = central.receive("BOLT", "20").json
    issue = central.issue("BOLT", "5").json
    way = f"/slips/{made['id']}/settlement"
    short = central.call("POST", way, {"papers": [late["id"]]})
    assert (short.status_code, [one["code"] for one in short.json["errors"]]) == (422, ["not_covered"])
    done = central.call("POST", way, {"papers": [late["id"], issue["id"]]})
    assert (done.status_code, done.json["state"]) == (200, "settled")
    assert done.json["settlements"][0]["papers"] == [late["id"], issue["id"]]
    assert central.call("POST", way, {"papers": [issue["id"], late["id"]]}).json == done.json
    assert central.get("/slips?state=open").json["items"] == []
    assert [one["id"] for one in central.get("/slips?state=settled").json["items"]] == [made["id"]]


def test_who_wrote_it_does_not_close_it(central: Caller, boss: Caller) -> None:
    made, own = central.post("/slips", slip()).json, boss.post("/slips", slip()).json
    assert central.call("POST", f"/slips/{made['id']}/closing", {"reason": "Rendu"}).status_code == 403
    assert (
        boss.call("POST", f"/slips/{own['id']}/closing", {"reason": "Rendu"}).json["errors"][0]["code"]
        == "second_person"
    )
    assert boss.call("POST", f"/slips/{made['id']}/closing", {"reason": "Rendu"}).json["state"] == "settled"
    assert boss.call("POST", f"/slips/{made['id']}/closing", {"reason": "Rendu"}).json["code"] == "changed_meanwhile"


def test_what_is_there_needs_no_slip_unless_it_was_made_before(central: Caller) -> None:
    central.receive("BOLT", "20")
    refused = central.post("/slips", slip())
    assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "in_stock")
    made_at = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    assert central.post("/slips", slip(made_at=made_at)).status_code == 201


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"receiver": " "}, "/receiver"),
        ({"service": "NOBODY"}, "/service"),
        ({"lines": []}, "/lines"),
        ({"lines": [{"item": "BOLT", "quantity": "0"}]}, "/lines/0/quantity"),
        ({"lines": [{"item": "BOLT", "quantity": "1.5"}]}, "/lines/0/quantity"),
        ({"lines": [{"item": "BOLT"}]}, "/lines/0/quantity"),
        ({"photo": "no picture"}, "/photo"),
        ({"photo": "صورة"}, "/photo"),
        ({"photo": "AAAA"}, "/photo"),
        ({"made_at": "yesterday"}, "/made_at"),
        ({"made_at": "2026-11-23T08:00:00"}, "/made_at"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_name(central: Caller, change: dict[str, Any], pointer: str) -> None:
    refused = central.post("/slips", slip(**change))
    assert (refused.status_code, [one["pointer"] for one in refused.json["errors"]]) == (422, [pointer])
    assert central.get("/slips").json["items"] == []


def test_slips_are_seen_where_one_may(central: Caller, anfa: Caller, auditor: Caller, asker: Caller) -> None:
    made = central.post("/slips", slip()).json
    assert auditor.get(f"/slips/{made['id']}").json["receiver"] == "Said"
    for caller in (anfa, asker):
        assert caller.get(f"/slips/{made['id']}").status_code == 403
        assert caller.get("/slips?warehouse=CENTRAL").status_code == 403
        assert caller.post("/slips", slip()).status_code == 403
        assert caller.call("POST", f"/slips/{made['id']}/settlement", {"papers": ["1"]}).status_code == 403
    assert anfa.get("/slips").json["items"] == []
    assert auditor.post("/slips", slip()).status_code == 403
    assert central.get("/slips/999").status_code == 404


def test_a_list_of_any_length_costs_the_same(central: Caller, statements: list[str]) -> None:
    counts = []
    for times in (2, 8):
        for _ in range(times):
            central.post("/slips", slip())
        del statements[:]
        assert central.get("/slips?limit=200").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8, counts
    first = central.get("/slips?limit=3").json
    rest = central.get(f"/slips?limit=200&cursor={first['next']}").json
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (3, 7, None)
