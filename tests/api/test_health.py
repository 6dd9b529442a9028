"""How the house is, for monitoring; and the reference."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from inventory.api import health


def test_a_process_that_answers_is_alive(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert "Set-Cookie" not in answer.headers


def test_ready_means_migrated(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/readyz").json["status"] == "ok"
    monkeypatch.setattr(health, "newest_migration", lambda: "a newer one")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, "not migrated")
    assert answer.headers["Retry-After"]


def test_metrics_name_routes_and_not_addresses(client: FlaskClient) -> None:
    client.get("/api/v1/items/SECRET-CODE")
    told = client.get("/metrics").text
    assert 'route="/api/v1/items/<path:code>"' in told
    assert "SECRET-CODE" not in told


def test_metrics_are_for_this_machine_or_a_token(
    client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 404
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.0.0.1"}).status_code == 404
    monkeypatch.setitem(app.config, "METRICS_TOKEN", "let me see")
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer let me see"}).status_code == 200


def test_the_reference_stands_open(client: FlaskClient) -> None:
    spec = client.get("/api/v1/openapi.json").json
    assert spec["openapi"].startswith("3.")
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    for path in spec["paths"]:
        assert path.split("{")[0] in page.text
    assert "insufficient_stock" in page.text
    assert "<style" not in page.text
    assert 'src="http' not in page.text
