"""What comes in wrong is refused with a pointer and a sentence, and never ends in a fault of ours."""

from __future__ import annotations

import io
import json
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from gunicorn.http.errors import InvalidChunkSize
from sqlalchemy.exc import IntegrityError

from inventory import catalogue
from tests.api.conftest import Caller, issue, receipt

BAD_LINES: list[tuple[dict[str, Any], str]] = [
    ({"quantity": 1.5}, "/lines/0/quantity"),
    ({"quantity": True}, "/lines/0/quantity"),
    ({"quantity": "NaN"}, "/lines/0/quantity"),
    ({"quantity": "Infinity"}, "/lines/0/quantity"),
    ({"quantity": "1e400"}, "/lines/0/quantity"),
    ({"quantity": "1e2"}, "/lines/0/quantity"),
    ({"quantity": "+1"}, "/lines/0/quantity"),
    ({"quantity": "-1"}, "/lines/0/quantity"),
    ({"quantity": "0"}, "/lines/0/quantity"),
    ({"quantity": "1,5"}, "/lines/0/quantity"),
    ({"quantity": "1 000"}, "/lines/0/quantity"),
    ({"quantity": "١٢"}, "/lines/0/quantity"),
    ({"quantity": "0.5"}, "/lines/0/quantity"),
    ({"quantity": "9" * 40}, "/lines/0/quantity"),
    ({"quantity": "1." + "0" * 40}, "/lines/0/quantity"),
    ({"quantity": ""}, "/lines/0/quantity"),
    ({"quantity": None}, "/lines/0/quantity"),
    ({"quantity": []}, "/lines/0/quantity"),
    ({"unit_cost": "1.1234567"}, "/lines/0/unit_cost"),
    ({"unit_cost": 0.1}, "/lines/0/unit_cost"),
    ({"unit": "barrel"}, "/lines/0/unit"),
    ({"item": "bolt"}, "/lines/0/item"),
    ({"item": "BOLT\x00"}, "/lines/0/item"),
    ({"item": "x" * 61}, "/lines/0/item"),
    ({"item": 7}, "/lines/0/item"),
    ({"location": "'; DROP TABLE entry; --"}, "/lines/0/location"),
    ({"expires_on": "2026-02-30"}, "/lines/0/expires_on"),
    ({"direction": "sideways"}, "/lines/0/direction"),
    ({"first_number": "1"}, "/lines/0/first_number"),
    ({"first_number": 10**13}, "/lines/0/first_number"),
    ({"qty": "1"}, "/lines/0/qty"),
]
BAD_HEADS: list[tuple[dict[str, Any], str]] = [
    ({"on": "2026-02-30"}, "/on"),
    ({"on": "9999-01-01"}, "/on"),
    ({"on": "23/11/2026"}, "/on"),
    ({"on": "٢٠٢٦-١١-٢٣"}, "/on"),
    ({"on": "20261123"}, "/on"),
    ({"on": 20261123}, "/on"),
    ({"kind": "theft"}, "/kind"),
    ({"kind": None}, "/kind"),
    ({"warehouse": "NOWHERE"}, "/warehouse"),
    ({"warehouse": ["CENTRAL"]}, "/warehouse"),
    ({"source": {}}, "/source"),
    ({"source": {"supplier": "ACME", "service": "BH"}}, "/source"),
    ({"source": {"supplier": "NOBODY"}}, "/source/supplier"),
    ({"source": "ACME"}, "/source"),
    ({"target": {"moon": "x"}}, "/target"),
    ({"note": "a\x07b"}, "/note"),
    ({"note": "x" * 2001}, "/note"),
    ({"lines": []}, "/lines"),
    ({"lines": {}}, "/lines"),
    ({"lines": [None]}, "/lines/0"),
    ({"lines": ["BOLT"]}, "/lines/0"),
    ({"nota": "x"}, "/nota"),
    ({"details": {"a": 1}}, "/details"),
]


def refused(answer: Any, pointer: str) -> None:
    assert answer.status_code == 422, answer.text
    assert answer.content_type == "application/problem+json"
    pointers = [error["pointer"] for error in answer.json["errors"]]
    assert any(one.startswith(pointer) for one in pointers), answer.text
    assert all(error["detail"] for error in answer.json["errors"])


@pytest.mark.parametrize(("bad", "pointer"), BAD_LINES)
def test_a_bad_line_is_pointed_at(boss: Caller, bad: dict[str, Any], pointer: str) -> None:
    refused(
        boss.post("/documents", receipt("BOLT", "1") | {"lines": [{"item": "BOLT", "quantity": "1"} | bad]}), pointer
    )


@pytest.mark.parametrize(("bad", "pointer"), BAD_HEADS)
def test_a_bad_head_is_pointed_at(boss: Caller, bad: dict[str, Any], pointer: str) -> None:
    refused(boss.post("/documents", receipt("BOLT", "1") | bad), pointer)


def test_all_faults_are_listed_at_once(boss: Caller) -> None:
    answer = boss.post("/documents", {"kind": "theft", "lines": [{"quantity": 1.5}, 7], "oops": 1})
    pointers = {error["pointer"] for error in answer.json["errors"]}
    assert pointers == {"/kind", "/warehouse", "/lines/0/item", "/lines/0/quantity", "/lines/1", "/oops"}


def test_what_is_unusual_and_right_is_kept(boss: Caller) -> None:
    note = "Reçu 👍🏽 — صُنِع\u200f في المغرب\nligne 2"
    lines = [{"item": " BOLT\u200f", "quantity": 7}]
    paper = boss.post("/documents", {**receipt("BOLT", "1"), "note": note, "lines": lines})
    assert paper.status_code == 201, paper.text
    assert (paper.json["note"], paper.json["lines"][0]["base_quantity"]) == (note, "7")
    deceiving = boss.post("/documents", {**receipt("BOLT", "1"), "note": "cod\u202exe"})
    assert deceiving.json["note"] == "codxe"
    name = "<script>alert('x')</script> ' OR 1=1 --"
    item = boss.post("/items", {"code": "A/B ' \"<é>", "name_fr": name, "unit": "u"})
    assert item.status_code == 201, item.text
    assert boss.get("/items/A%2FB%20'%20%22%3C%C3%A9%3E").json["name_fr"] == name
    assert boss.get("/items?search=%27%20OR%201").json["items"][0]["name_fr"] == name
    assert boss.get("/items?search=%25").json["items"] == []


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=x", "limit=", "limit=١", "limit=-1", "limit=1e9", "cursor=x", "cursor=", "from=x",
     "from=2026-13-01", "kind=theft", "colour=red", "item=%00", "warehouse=" + "x" * 100],
)  # fmt: skip
def test_a_bad_question_is_pointed_at(boss: Caller, query: str) -> None:
    refused(boss.get(f"/documents?{query}"), "/" + query.partition("=")[0])


@pytest.mark.parametrize("query", ["limit=1&limit=2", "warehouse=CENTRAL&warehouse=NORTH", "kind=issue&kind=issue"])
def test_a_question_says_each_thing_once(boss: Caller, query: str) -> None:
    refused(boss.get(f"/documents?{query}"), "/" + query.partition("=")[0])


@pytest.mark.parametrize(
    "body",
    ['{"kind": "receipt", "kind": "issue"}', '{"lines": [{"item": "BOLT", "quantity": "1", "quantity": "9"}]}'],
)
def test_of_two_values_under_one_name_none_is_taken(central: Caller, body: str) -> None:
    answer = central.client.post(
        "/api/v1/documents",
        data=body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {central.token}", "Idempotency-Key": str(uuid.uuid4())},
    )
    assert [error["code"] for error in answer.json["errors"]] == ["repeated"], answer.text


def test_a_cursor_of_another_list_is_refused(boss: Caller) -> None:
    cursor = boss.get("/items?limit=1").json["next"]
    refused(boss.get(f"/stock?cursor={cursor}"), "/cursor")
    refused(boss.get(f"/items?cursor={cursor[:-2]}xx"), "/cursor")


@pytest.mark.parametrize(
    ("body", "media", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"kind": NaN}', "application/json", 400),
        (b'"\\ud800"', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"a":' * 1010 + b"1" + b"}" * 1010, "application/json", 400),
        (b"[]", "application/json", 422),
        (b"null", "application/json", 422),
        (b'{"lines": 1e400}', "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"a=b", "application/x-www-form-urlencoded", 415),
        (b"x" * (11 * 1024 * 1024), "application/json", 413),
    ],
)
def test_what_is_no_json_object_is_a_problem(central: Caller, body: bytes, media: str, status: int) -> None:
    answer = central.client.post(
        "/api/v1/documents",
        data=body,
        content_type=media,
        headers={"Authorization": f"Bearer {central.token}", "Idempotency-Key": str(uuid.uuid4())},
    )
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert json.loads(answer.data)["status"] == status


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer x", "Bearer " + "x" * 300, "Basic YTpi", "bearer mkz_é", "mkz_x"]
)
def test_a_stranger_is_asked_who_it_is(commune: None, client: FlaskClient, given: str) -> None:
    answer = client.get("/api/v1/items", headers={"Authorization": given})
    assert (answer.status_code, answer.json["code"]) == (401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert client.get("/api/v1/items").status_code == 401


def test_wrong_addresses_and_methods_are_problems(central: Caller) -> None:
    nowhere = central.get("/nowhere")
    assert (nowhere.status_code, nowhere.json["code"]) == (404, "not_found")
    wrong = central.call("DELETE", "/items")
    assert (wrong.status_code, wrong.json["code"]) == (405, "method_not_allowed")
    assert "GET" in wrong.headers["Allow"]


def test_a_fault_of_ours_is_shown_without_detail(
    central: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret of the house")

    monkeypatch.setattr("inventory.documents.find_documents", broken)
    monkeypatch.setitem(central.client.application.config, "PROPAGATE_EXCEPTIONS", False)
    answer = central.get("/documents")
    assert (answer.status_code, answer.json["code"]) == (500, "fault")
    assert "secret" not in answer.text
    assert answer.headers["X-Request-Id"] in answer.json["detail"]
    assert answer.headers["X-Request-Id"] in caplog.text


@pytest.mark.parametrize(("language", "word"), [("fr", "disponibles"), ("ar", "المتوفر"), ("en", "can be taken")])
def test_a_refusal_speaks_the_language_asked_for(central: Caller, language: str, word: str) -> None:
    answer = central.post("/documents", issue("BOLT", "5"), Accept_Language=language)
    assert answer.status_code == 409
    assert word in answer.json["detail"]


def test_what_only_the_database_refuses_is_a_problem_too(boss: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such an answer was once a page."""

    def clash(*_arguments: object, **_named: object) -> None:
        raise IntegrityError("UPDATE item", {}, Exception("CHECK constraint failed"))

    monkeypatch.setattr(catalogue, "change_item", clash)
    answer = boss.patch("/items/BOLT", {"name_fr": "x"})
    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    assert answer.json["code"] == "changed_meanwhile"


class BrokenPieces(io.RawIOBase):
    """A body whose pieces do not add up, as the web server tells of it."""

    def readable(self) -> bool:
        return True

    def readinto(self, _into: object) -> int:
        raise InvalidChunkSize(b"zz")


@pytest.mark.parametrize("address", ["/api/v1/documents", "/sign-in"])
def test_a_body_that_breaks_off_cannot_be_read(boss: Caller, address: str) -> None:
    kind = "application/json" if address.startswith("/api") else "application/x-www-form-urlencoded"
    answer = boss.client.post(
        address,
        content_type=kind,
        headers={"Authorization": f"Bearer {boss.token}", "Idempotency-Key": str(uuid.uuid4())},
        environ_overrides={"wsgi.input": io.BufferedReader(BrokenPieces()), "wsgi.input_terminated": True},
    )
    assert answer.status_code == 400
