"""The reference of this API: OpenAPI 3.1 at ``/api/v1/openapi.json``, the same as a page at ``/api/v1/docs``."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_smorest import Api
from marshmallow import fields

from inventory.schemas.fields import Part, Shape


class ProblemField(Shape):
    """One bad field: a JSON pointer into the body, or ``/`` and the name of a query parameter or header."""

    pointer = fields.String()
    code = fields.String()
    detail = fields.String()


class Problem(Shape):
    """How the API says no (RFC 9457). ``code`` is stable, ``detail`` is in the language of Accept-Language."""

    type = fields.String()
    title = fields.String()
    status = fields.Integer()
    code = fields.String()
    detail = fields.String()
    errors = fields.List(Part(ProblemField))


class Reference(Api):  # type: ignore[misc]  # flask-smorest has no types
    """The OpenAPI document. Errors are answered by ``problems``, so none of this class's own handlers are set."""

    ERROR_SCHEMA = Problem

    def register_blueprint(self, calls: Any, **options: Any) -> None:
        super().register_blueprint(calls, **options)
        self.spec._tags[-1]["name"] = calls.name.removeprefix("api_")

    def _register_error_handlers(self) -> None:
        return

    def _register_responses(self) -> None:
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/problem+json"  # every one of them is an error
        super()._register_responses()
        del self.DEFAULT_RESPONSE_CONTENT_TYPE


ABOUT = """Quantities and money are strings with a decimal point; days are ISO 8601, instants UTC with Z. Lists come in
pages: send `next` back as `cursor`. Every call that creates takes an `Idempotency-Key`. Errors are
`application/problem+json`; what is refused is refused whole, with every bad field."""


def join(app: Flask) -> Api:
    """Makes the document, for the nouns that register on it."""
    app.config.update(
        API_TITLE="Makhazine",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
        OPENAPI_JSON_PATH="openapi.json",
    )
    options: dict[str, Any] = {
        "info": {"description": " ".join(ABOUT.split())},
        "servers": [{"url": app.config["PUBLIC_URL"]}],
        "security": [{"bearer": []}, {"cookie": []}],
    }
    api = Reference(app, spec_kwargs=options)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    cookie = {"type": "apiKey", "in": "cookie", "name": app.config["SESSION_COOKIE_NAME"]}
    api.spec.components.security_scheme("cookie", cookie)
    return api
