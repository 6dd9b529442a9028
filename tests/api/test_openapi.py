"""The API does what its OpenAPI document says, and never fails on what the document allows (or does not)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings

from tests.api.conftest import Caller
from tests.conftest import outside

EXAMPLES = 6
"""Requests for each call, well-formed and not."""


def test_the_document_is_kept(boss: Caller, app: Flask) -> None:
    schema: Any = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    checks = [
        schemathesis.checks.not_a_server_error,
        schemathesis.specs.openapi.checks.status_code_conformance,
        schemathesis.specs.openapi.checks.content_type_conformance,
        schemathesis.specs.openapi.checks.response_schema_conformance,
    ]
    for result in schema.get_all_operations():
        operation = result.ok()
        for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
            _try(operation, mode, boss.token, checks)


def _try(operation: Any, mode: Any, token: str, checks: list[Callable[..., Any]]) -> None:
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Any) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        response = outside(case.call, headers=headers)
        case.validate_response(response, checks=checks, headers=headers)

    one()
