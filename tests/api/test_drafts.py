"""Drafts over the API."""

from __future__ import annotations

from tests.api.conftest import Caller, issue


def test_a_draft_is_ones_own(central: Caller, boss: Caller) -> None:
    body = {"kind": "issue", "warehouse": "CENTRAL", "content": issue("BOLT", "")}
    made = central.post("/drafts", body)
    assert made.status_code == 201, made.text
    draft = made.json
    assert central.get("/drafts").json["items"] == [draft]
    assert boss.get("/drafts").json["items"] == []
    assert boss.get(f"/drafts/{draft['id']}").status_code == 404
    changed = central.call("PUT", f"/drafts/{draft['id']}", {**body, "revision": 1})
    assert changed.json["revision"] == 2
    stale = central.call("PUT", f"/drafts/{draft['id']}", {**body, "revision": 1})
    assert (stale.status_code, stale.json["code"]) == (409, "changed_meanwhile")
    assert central.call("DELETE", f"/drafts/{draft['id']}").status_code == 204
    assert central.get(f"/drafts/{draft['id']}").status_code == 404


def test_a_draft_stays_in_ones_warehouse(anfa: Caller) -> None:
    assert anfa.post("/drafts", {"kind": "issue", "warehouse": "CENTRAL", "content": {}}).status_code == 403
