"""What a device takes with it: one warehouse whole, a key of its person, and what it gives up."""

from __future__ import annotations

import gzip
import uuid
from base64 import b64decode
from decimal import Decimal
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from inventory import access, audit, clock
from inventory.access import Grant
from inventory.catalogue import get_item
from inventory.database import db, transaction
from inventory.replenishment import Commitment
from inventory.warehouses import get_warehouse
from tests.api.conftest import Caller
from tests.api.test_cookie import csrf_of

SNAPSHOT = "/station/snapshot?warehouse=CENTRAL"
DEVICE = "/api/v1/station/device"


def by_code(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in rows}


def sign_in(client: FlaskClient, username: str) -> None:
    asked = {"csrf_token": csrf_of(client), "username": username, "password": "a long enough password"}
    assert client.post("/sign-in", data=asked).status_code == 302


def test_a_snapshot_tells_what_the_station_asks(boss: Caller, central: Caller) -> None:
    boss.receive("BOLT", "120")
    boss.receive("SERUM", "7", lot="L2", expires_on="2030-01-31")
    boss.receive("SERUM", "5", lot="L1", expires_on="2029-01-31")
    boss.receive("BOLT", "9", "ANFA")
    with transaction():
        bolt, here = get_item("BOLT"), get_warehouse("CENTRAL")
        db.session.add(
            Commitment(item_id=bolt.id, warehouse_id=here.id, kind="reserved", quantity=Decimal(20), reference="R1")
        )
    told = central.get(SNAPSHOT).json
    items = by_code(told["items"])
    assert (items["BOLT"]["on_hand"], items["BOLT"]["available"]) == ("120", "100")
    assert (items["PAINT"]["on_hand"], items["PAINT"]["decimals"]) == ("0", 2)
    assert told["today"] == clock.today().isoformat()
    assert told["time_zone"] == "Africa/Casablanca"
    assert "issue" in told["kinds"]
    assert "write_off" not in told["kinds"]
    serum = [(one["lot"], one["quantity"]) for one in told["balances"] if one["item"] == "SERUM"]
    assert serum == [("L1", "5"), ("L2", "7")]  # first expiry first
    assert [one["number"] for one in told["lots"]] == ["L1", "L2"]
    assert {"item": "BOLT", "name": "carton", "contains": "50"} in told["packagings"]
    assert {"code": "16111245591060", "item": "BOLT", "packaging": "carton"} in told["barcodes"]
    assert {"carton", *(item["unit"] for item in items.values())} <= by_code(told["units"]).keys()
    assert [one["code"] for one in told["places"] if one["is_default"]] == ["MAG"]
    assert "BH" in by_code(told["services"])
    assert "ACME" in by_code(told["suppliers"])
    assert list(by_code(told["warehouses"])) == ["ANFA"]
    scanned = central.get("/scan?code=SERUM&warehouse=CENTRAL").json
    mine = [{**one} for one in told["balances"] if one["item"] == "SERUM"]
    assert mine == scanned["balances"]  # one shape: the station reads both alike


def test_an_unchanged_snapshot_is_not_sent_again(boss: Caller) -> None:
    first = boss.get(SNAPSHOT)
    mark = first.headers["ETag"]
    assert boss.get(SNAPSHOT, If_None_Match=mark).status_code == 304
    boss.receive("BOLT", "1")
    second = boss.get(SNAPSHOT, If_None_Match=mark, Accept_Encoding="gzip")
    assert second.status_code == 200
    assert by_code(orjson.loads(gzip.decompress(second.data))["items"])["BOLT"]["on_hand"] == "1"


def test_a_snapshot_is_for_who_reads_the_stock_there(anfa: Caller, asker: Caller, auditor: Caller) -> None:
    assert anfa.get(SNAPSHOT).status_code == 403
    assert asker.get(SNAPSHOT).status_code == 403
    assert auditor.get(SNAPSHOT).json["kinds"] == []


def test_a_snapshot_costs_the_same_however_much_lies_there(boss: Caller, statements: list[str]) -> None:
    counts = []
    for numbers in (range(2), range(2, 14)):
        for number in numbers:
            boss.post("/items", {"code": f"I{number}", "name_fr": "x", "unit": "piece", "barcodes": [f"B{number}"]})
            boss.receive(f"I{number}", "5")
        del statements[:]
        assert boss.get(SNAPSHOT).status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 16, counts


def test_a_key_is_its_persons_for_ever(commune: None, client: FlaskClient) -> None:
    sign_in(client, "central")
    first = client.get(DEVICE)
    assert first.headers["Cache-Control"] == "no-store"
    assert first.json["username"] == "central"
    assert len(b64decode(first.json["key"])) == 32
    assert client.get(DEVICE).json["key"] == first.json["key"]
    token = {"X-CSRFToken": first.json["csrf_token"], "Idempotency-Key": str(uuid.uuid4())}
    client.post("/sign-out", data={"csrf_token": first.json["csrf_token"]})
    assert client.get(DEVICE).status_code == 401
    sign_in(client, "anfa")
    assert client.get(DEVICE).json["key"] != first.json["key"]
    # the token of the session before opens nothing in this one: what one person made is not posted by another
    paper = {"kind": "receipt", "warehouse": "ANFA", "source": {"supplier": "ACME"}, "lines": []}
    refused = client.post("/api/v1/documents", json=paper, headers=token)
    assert (refused.status_code, refused.json["code"]) == (400, "csrf")


def test_a_token_gets_no_key(boss: Caller) -> None:
    assert boss.get("/station/device").status_code == 401
    sign_in(boss.client, "boss")
    assert boss.get("/station/device").status_code == 401  # not even beside a cookie


def test_what_is_given_up_stays_in_the_audit_trail(central: Caller) -> None:
    aside = {
        "paper": str(uuid.uuid4()), "kind": "issue", "warehouse": "CENTRAL", "reason": "Compté deux fois",
        "refusal": "Stock insuffisant", "lines": [{"item": "BOLT", "quantity": "3"}],
    }  # fmt: skip
    key = str(uuid.uuid4())
    assert central.post("/station/set-aside", aside, key).status_code == 201
    assert central.post("/station/set-aside", aside, key).status_code == 200
    (record,) = audit.records(action="paper.set_aside")
    assert (record.actor, record.subject) == ("central", aside["paper"])
    assert record.details["lines"] == [{"item": "BOLT", "quantity": "3", "lot": ""}]
    assert record.details["reason"] == "Compté deux fois"


@pytest.mark.parametrize("missing", ["reason", "paper", "kind"])
def test_a_paper_is_not_given_up_without_saying_what_and_why(central: Caller, missing: str) -> None:
    aside = {"paper": str(uuid.uuid4()), "kind": "issue", "warehouse": "CENTRAL", "reason": "Compté deux fois"}
    refused = central.post("/station/set-aside", {**aside, missing: ""})
    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json["errors"]] == [f"/{missing}"]
    assert list(audit.records(action="paper.set_aside")) == []


def given_up(kind: str, warehouse: str = "CENTRAL") -> dict[str, str]:
    return {"paper": str(uuid.uuid4()), "kind": kind, "warehouse": warehouse, "reason": "Compté deux fois"}


@pytest.mark.parametrize("kind", ["issue", "slip", "count"])
def test_who_could_not_write_a_paper_does_not_give_it_up(
    central: Caller, anfa: Caller, auditor: Caller, asker: Caller, kind: str
) -> None:
    for caller in (anfa, auditor, asker):
        refused = caller.post("/station/set-aside", given_up(kind))
        assert (refused.status_code, refused.json["code"]) == (403, "not_allowed")
    assert anfa.post("/station/set-aside", given_up(kind, "NOWHERE")).status_code == 403
    assert list(audit.records(action="paper.set_aside")) == []
    assert central.post("/station/set-aside", given_up(kind)).status_code == 201


def test_a_storekeeper_gives_up_no_write_off(central: Caller, boss: Caller) -> None:
    assert central.post("/station/set-aside", given_up("write_off")).status_code == 403
    assert boss.post("/station/set-aside", given_up("write_off")).status_code == 201


def test_whose_right_was_taken_meanwhile_gives_up_what_they_made(boss: Caller, central: Caller) -> None:
    """The paper was refused because of just that, and would lie on the device for ever."""
    withdraw("central")
    assert central.get("/stock?warehouse=CENTRAL").status_code == 403
    for warehouse, kind in (("CENTRAL", "write_off"), ("ANFA", "issue")):
        assert central.post("/station/set-aside", given_up(kind, warehouse)).status_code == 403
    assert central.post("/station/set-aside", given_up("issue")).status_code == 201
    (record,) = audit.records(action="paper.set_aside")
    assert (record.actor, record.details["warehouse"]) == ("central", "CENTRAL")


def test_whose_right_everywhere_was_taken_gives_up_what_they_made_anywhere(boss: Caller) -> None:
    withdraw("boss", "manager")
    assert boss.post("/station/set-aside", given_up("write_off", "ANFA")).status_code == 201
    assert boss.post("/station/set-aside", given_up("write_off", "NOWHERE")).status_code == 404


def withdraw(username: str, role: str = "storekeeper") -> None:
    """Takes a role from somebody, by another who may."""
    with transaction():
        user = access.get_user(username)
        held = db.session.scalars(select(Grant).where(Grant.user_id == user.id, Grant.role == role)).one()
        access.withdraw(user, held.id, at=clock.now(), by=access.identity_of(access.get_user("boss")))
