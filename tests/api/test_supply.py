"""Rules and alerts over the API."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy import select

from inventory import clock
from inventory.audit import AuditRecord
from inventory.database import db
from tests.api.conftest import Caller


def test_a_rule_opens_an_alert_and_a_receipt_closes_it(boss: Caller, central: Caller) -> None:
    rule = {"item": "BOLT", "warehouse": "CENTRAL", "reorder_point": "10", "target": "50"}
    assert boss.post("/rules", rule).json == rule
    (alert,) = central.get("/alerts?warehouse=CENTRAL").json["items"]
    assert (alert["level"], alert["state"], alert["figures"]["reorder_point"]) == ("out", "open", "10")
    central.receive("BOLT", "20")
    assert central.get("/alerts").json["items"] == []
    (closed,) = central.get("/alerts?state=closed").json["items"]
    assert closed["id"] == alert["id"]


def test_a_rule_sent_again_is_replaced(boss: Caller) -> None:
    rule = {"item": "BOLT", "warehouse": "CENTRAL", "reorder_point": "10", "target": "50"}
    for point in ("10", "20"):
        assert boss.post("/rules", {**rule, "reorder_point": point}).status_code == 201
    assert boss.get("/rules").json["items"] == [{**rule, "reorder_point": "20"}]
    answer = boss.post("/rules", {**rule, "reorder_point": "0.5", "target": "0"})
    assert {error["pointer"] for error in answer.json["errors"]} == {"/reorder_point", "/target"}


def test_a_rule_is_set_once_under_its_key(boss: Caller, central: Caller) -> None:
    """A call that comes late, sent again by a program that saw no answer, does not undo what was set since."""
    key, rule = str(uuid.uuid4()), {"item": "BOLT", "warehouse": "CENTRAL", "reorder_point": "10", "target": "50"}
    missing = boss.call("POST", "/rules", rule)
    assert (missing.status_code, missing.json["errors"][0]["pointer"]) == (422, "/Idempotency-Key")
    first = boss.post("/rules", rule, key)
    assert (first.status_code, first.json) == (201, rule)
    assert boss.post("/rules", {**rule, "reorder_point": "20"}).status_code == 201
    again = boss.post("/rules", {**rule, "target": "50.0"}, key)
    assert (again.status_code, again.json, again.headers["Idempotency-Replayed"]) == (200, rule, "true")
    assert boss.get("/rules").json["items"] == [{**rule, "reorder_point": "20"}]
    assert boss.post("/rules", {**rule, "target": "60"}, key).json["code"] == "key_reused"
    assert central.post("/rules", rule, key).status_code == 403
    db.session.rollback()
    assert len(list(db.session.scalars(select(AuditRecord).where(AuditRecord.action == "rule.changed")))) == 2


def test_an_open_alert_answers_what_is_there_now(boss: Caller, central: Caller) -> None:
    central.receive("BOLT", "18")
    boss.post("/rules", {"item": "BOLT", "warehouse": "CENTRAL", "reorder_point": "20", "target": "50"})
    central.issue("BOLT", "5")  # still low: the level does not change
    (alert,) = central.get("/alerts").json["items"]
    parts = ("on_hand", "available", "projected", "reorder_point", "target")
    assert {name: alert["figures"][name] for name in parts} == dict(
        zip(parts, ("13", "13", "13", "20", "50"), strict=True)
    )
    assert central.call("POST", f"/alerts/{alert['id']}/acknowledge").json["figures"] == alert["figures"]
    boss.post("/rules", {"item": "BOLT", "warehouse": "CENTRAL", "reorder_point": "25", "target": "50"})
    assert central.get("/alerts").json["items"][0]["figures"]["reorder_point"] == "25"
    central.receive("BOLT", "40")
    central.issue("BOLT", "3")
    (closed,) = central.get("/alerts?state=closed").json["items"]
    assert closed["figures"]["on_hand"] == "18", "as it stood when its level last changed"


def test_an_alert_is_acknowledged_and_put_aside(boss: Caller, central: Caller, anfa: Caller, auditor: Caller) -> None:
    boss.post("/rules", {"item": "BOLT", "warehouse": "CENTRAL", "reorder_point": "10", "target": "50"})
    (alert,) = central.get("/alerts").json["items"]
    assert anfa.get("/alerts").json["items"] == []
    assert anfa.call("POST", f"/alerts/{alert['id']}/acknowledge").status_code == 403
    assert auditor.call("POST", f"/alerts/{alert['id']}/acknowledge").status_code == 403
    assert central.call("POST", f"/alerts/{alert['id']}/acknowledge").json["state"] == "acknowledged"
    until = (clock.today() + timedelta(days=7)).isoformat()
    snoozed = central.call("POST", f"/alerts/{alert['id']}/snooze", {"until": until, "reason": "Delivery on Monday"})
    assert snoozed.json["snoozed_until"] == until
    refused = central.call("POST", f"/alerts/{alert['id']}/snooze", {"until": "2020-01-01", "reason": "x"})
    assert refused.json["errors"][0]["pointer"] == "/until"
    assert central.call("POST", "/alerts/999/acknowledge").status_code == 404
    assert [one["id"] for one in central.get("/alerts?state=acknowledged").json["items"]] == [alert["id"]]


def test_what_was_done_with_an_alert_is_taken_back(
    boss: Caller, central: Caller, anfa: Caller, auditor: Caller
) -> None:
    boss.post("/rules", {"item": "BOLT", "warehouse": "CENTRAL", "reorder_point": "10", "target": "50"})
    (alert,) = central.get("/alerts").json["items"]
    way = f"/alerts/{alert['id']}"
    central.call("POST", f"{way}/acknowledge")
    until = (clock.today() + timedelta(days=7)).isoformat()
    central.call("POST", f"{way}/snooze", {"until": until, "reason": "Delivery on Monday"})
    for act in ("release", "wake"):
        assert anfa.call("POST", f"{way}/{act}").status_code == 403
        assert auditor.call("POST", f"{way}/{act}").status_code == 403
        assert central.call("POST", f"/alerts/999/{act}").status_code == 404
    (kept,) = central.get("/alerts").json["items"]
    assert (kept["state"], kept["snoozed_until"]) == ("acknowledged", until)
    for _ in range(2):
        assert boss.call("POST", f"{way}/release").json["state"] == "open"
        woken = boss.call("POST", f"{way}/wake").json
    assert (woken["acknowledged_at"], woken["snoozed_until"], woken["snooze_reason"]) == (None, None, None)
    central.receive("BOLT", "20")
    assert central.call("POST", f"{way}/release").status_code == 404
