"""Drafts over the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import Caller, issue
from tests.api.test_bad_input import refused


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


@pytest.mark.parametrize(
    ("content", "pointer"),
    [
        ({"lines": 5}, "/content/lines"),
        ({"lines": "abc"}, "/content/lines"),
        ({"lines": {"a": 1}}, "/content/lines"),
        ({"lines": [1]}, "/content/lines/0"),
        ({"lines": [{"item": ["BOLT"]}]}, "/content/lines/0/item"),
        ({"lines": [{"item": "x" * 61}]}, "/content/lines/0/item"),
        ({"lines": [{"quantity": 1.5}]}, "/content/lines/0/quantity"),
        ({"lines": [{"quantity": True}]}, "/content/lines/0/quantity"),
        ({"lines": [{"quantity": 10**13}]}, "/content/lines/0/quantity"),
        ({"lines": [{"qty": "1"}]}, "/content/lines/0/qty"),
        ({"lines": [{}] * 2001}, "/content/lines"),
        ({"target": "x"}, "/content/target"),
        ({"target": {"moon": "x"}}, "/content/target/moon"),
        ({"details": "x"}, "/content/details"),
        ({"kind": "nope"}, "/content/kind"),
        ({"note": "x" * 2001}, "/content/note"),
        ({"note": "a\x00b"}, "/content/note"),
        ({"key": "x" * 81}, "/content/key"),
        ({"anything": "x"}, "/content/anything"),
        ("x", "/content"),
        (None, "/content"),
    ],
)
def test_what_has_not_the_shape_of_a_paper_is_no_draft(central: Caller, content: Any, pointer: str) -> None:
    refused(central.post("/drafts", {"kind": "issue", "warehouse": "CENTRAL", "content": content}), pointer)
    made = central.post("/drafts", {"kind": "issue", "warehouse": "CENTRAL", "content": {}}).json
    change = {"kind": "issue", "warehouse": "CENTRAL", "revision": 1, "content": content}
    refused(central.call("PUT", f"/drafts/{made['id']}", change), pointer)
    assert central.get("/drafts").json["items"] == [made]


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"lines": []},
        {"lines": None, "target": None, "note": None, "on": None},
        {"lines": [{}, {"item": "BO", "quantity": "12,5", "first_number": 7, "item_shown": "Boul"}]},
        {"kind": "issue", "target": {}, "on": "demain", "details": {"delivery_note": "BL 7"}, "note": "à\nfinir"},
    ],
)
def test_what_is_typed_so_far_is_kept_as_it_is(central: Caller, content: dict[str, Any]) -> None:
    made = central.post("/drafts", {"kind": "issue", "warehouse": "CENTRAL", "content": content})
    assert (made.status_code, made.json["content"]) == (201, content)
