"""The API does what its OpenAPI document says, and never fails on what the document allows (or does not)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from inventory.database import db
from tests.api.conftest import furnish, token_of
from tests.conftest import outside
from tests.databases import Database

EXAMPLES = 6
"""Requests for each call, well-formed and not."""


@pytest.fixture
def bosses(app_sqlite: Flask, app_postgresql: Flask, databases: dict[str, Database]) -> dict[str, tuple[Flask, str]]:
    """The application on each database, and the token of somebody there who may do nearly everything."""
    found = {}
    for engine, app in (("sqlite", app_sqlite), ("postgresql", app_postgresql)):
        with app.app_context():
            databases[engine].furnish(furnish)
            found[engine] = app, token_of("boss")
            db.session.remove()
    return found


@pytest.mark.parametrize("are_well_formed", [True, False])
def test_the_document_is_kept(bosses: dict[str, tuple[Flask, str]], are_well_formed: bool) -> None:
    """On both databases, which are asked the same: to think of the requests takes longer than to answer them."""
    schema, other = (schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app) for app, _ in bosses.values())
    assert schema.raw_schema == other.raw_schema
    mode = schemathesis.GenerationMode.POSITIVE if are_well_formed else schemathesis.GenerationMode.NEGATIVE
    checks = [
        schemathesis.checks.not_a_server_error,
        schemathesis.specs.openapi.checks.status_code_conformance,
        schemathesis.specs.openapi.checks.content_type_conformance,
        schemathesis.specs.openapi.checks.response_schema_conformance,
    ]
    for result in schema.get_all_operations():
        _try(result.ok(), mode, bosses, checks)


def _try(operation: Any, mode: Any, bosses: dict[str, tuple[Flask, str]], checks: list[Callable[..., Any]]) -> None:
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        for engine, (app, token) in bosses.items():
            headers = {"Authorization": f"Bearer {token}"}
            response = outside(case.call, headers=headers, app=app)
            try:
                case.validate_response(response, checks=checks, headers=headers)
            except BaseException as failure:
                failure.add_note(f"On {engine}.")
                raise

    one()
