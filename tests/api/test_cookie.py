"""A page of ours may call the API with its cookie; a change needs the CSRF header, so nobody else's page can."""

from __future__ import annotations

import re
import uuid

from flask import Flask
from flask.testing import FlaskClient

from inventory import access, clock
from inventory.api.acting import SAFE
from inventory.database import transaction
from tests.api.conftest import receipt, token_of


def csrf_of(client: FlaskClient) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/sign-in").text)
    assert found, "the sign-in page carries the token"
    return found[1]


def test_a_change_with_a_cookie_needs_the_header(commune: None, client: FlaskClient) -> None:
    asked = {"csrf_token": csrf_of(client), "username": "central", "password": "a long enough password"}
    assert client.post("/sign-in", data=asked).status_code in (302, 303)
    assert client.get("/api/v1/items").status_code == 200
    key = {"Idempotency-Key": str(uuid.uuid4())}
    forged = client.post("/api/v1/documents", json=receipt("BOLT", "1"), headers=key)
    assert (forged.status_code, forged.json["code"]) == (400, "csrf")
    with client.session_transaction() as session:
        assert session.get("key")
    page = client.get("/").text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token
    posted = client.post("/api/v1/documents", json=receipt("BOLT", "1"), headers={**key, "X-CSRFToken": token[1]})
    assert posted.status_code == 201, posted.text


def test_a_temporary_password_opens_no_call_and_is_no_place_elsewhere(commune: None, client: FlaskClient) -> None:
    with transaction():
        access.reset_password(access.get_user("central"), "a temporary password", at=clock.now(), by=None)
    asked = {"csrf_token": csrf_of(client), "username": "central", "password": "a temporary password"}
    assert client.post("/sign-in", data=asked).status_code in (302, 303)
    for address in ("/station/device", "/station/snapshot?warehouse=CENTRAL", "/items"):
        answer = client.get(f"/api/v1{address}")
        assert (answer.status_code, answer.json["code"]) == (403, "temporary_password")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    refused = client.post("/api/v1/documents", json=receipt("BOLT", "1"), headers=key)
    assert (refused.status_code, refused.json["code"]) == (403, "temporary_password")
    by_token = client.get("/api/v1/items", headers={"Authorization": f"Bearer {token_of('central')}"})
    assert (by_token.status_code, by_token.json["code"]) == (403, "temporary_password")


def test_a_token_needs_no_cookie_and_gets_none(commune: None, client: FlaskClient) -> None:
    answer = client.get("/api/v1/items", headers={"Authorization": f"Bearer {token_of('central')}"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_a_reading_token_changes_nothing(commune: None, client: FlaskClient) -> None:
    headers = {"Authorization": f"Bearer {token_of('boss', is_read_only=True)}"}
    assert client.get("/api/v1/items", headers=headers).status_code == 200
    key = {"Idempotency-Key": str(uuid.uuid4())}
    refused = client.post("/api/v1/documents", json=receipt("BOLT", "1"), headers=headers | key)
    assert (refused.status_code, refused.json["code"]) == (403, "read_only_token")


def test_no_call_that_changes_something_lets_a_reading_token_in(commune: None, client: FlaskClient, app: Flask) -> None:
    """Also a call whose right is one to read, or that asks for none since it concerns one's own things."""
    headers = {"Authorization": f"Bearer {token_of('boss', is_read_only=True)}", "Idempotency-Key": str(uuid.uuid4())}
    changing = [
        (method, re.sub(r"<[^>]*>", "1", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - SAFE
    ]
    assert len(changing) > 20
    for method, address in changing:
        refused = client.open(address, method=method, json={}, headers=headers)
        assert (refused.status_code, refused.json["code"]) == (403, "read_only_token"), (method, address)
