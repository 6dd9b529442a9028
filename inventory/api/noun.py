"""A noun of the API: a blueprint whose calls are authenticated, read by shapes, and described in the reference."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

import orjson
from flask import Request, Response, request
from flask_babel import lazy_gettext as _l
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from inventory.api.acting import identify
from inventory.errors import invalid, refuse_field
from inventory.schemas.fields import faults_in

PREFIX = "/api/v1"
KEY = "Idempotency-Key"
View = Callable[..., Response]
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_KEY_DESCRIBED = {
    "in": "header",
    "name": KEY,
    "required": True,
    "description": "A UUID made by the caller. The same key and content is answered again, and creates nothing more.",
    "schema": {"type": "string", "format": "uuid"},
}


class Reader(FlaskParser):
    """Reads a request by a shape; every fault is refused at once, with its pointer."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {"json": None, "query": None}

    def load_json(self, req: Request, schema: Schema) -> Any:
        if not req.is_json:
            raise UnsupportedMediaType(str(_l("Send application/json.")))
        body = req.get_data(cache=False)
        try:
            content = orjson.loads(body)
            json.loads(body, object_pairs_hook=_refuse_repeated, parse_int=str, parse_float=str)
        except (orjson.JSONDecodeError, RecursionError):
            raise BadRequest(str(_l("The body is not JSON."))) from None
        return content

    def load_querystring(self, req: Request, schema: Schema) -> Any:
        _refuse_repeated([(name, value) for name, value in req.args.items(multi=True)])
        return super().load_querystring(req, schema)

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **named: Any) -> NoReturn:
        messages = next(iter(error.messages.values())) if isinstance(error.messages, dict) else error.messages
        invalid(faults_in(messages))


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> None:
    """Of two values under one name, most readers silently take one."""
    seen: set[str] = set()
    for name, _value in pairs:
        if name in seen:
            refuse_field(f"/{name[:100]}", "repeated", _l("This is given more than once."))
        seen.add(name)


class Noun(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """The calls of one noun."""

    ARGUMENTS_PARSER = Reader()

    def __init__(self, name: str, module: str, description: str) -> None:
        super().__init__(f"api_{name}", module, url_prefix=PREFIX, description=description)
        self.before_request(identify)

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Schema | None = None,
        query: Schema | None = None,
        answers: Schema | None = None,
        is_creating: bool = False,
    ) -> Callable[[View], View]:
        """Opens a call. The view gets what ``body`` or ``query`` read, then the parts of the path; a call that creates
        gets the caller's ``key`` and answers 201, or 200 when the key had created it before."""

        def open_(view: View) -> View:
            told = _keyed(view) if is_creating else view
            if path.endswith(".pdf"):
                told = self.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")(told)
            else:
                told = self.response(201 if is_creating else 200 if answers else 204, answers)(told)
            if is_creating:
                told = self.alt_response(200, schema=answers, description="Created before, by this key", success=True)(
                    told
                )
            if body is not None:
                told = self.arguments(body)(told)
            if query is not None:
                told = self.arguments(query, location="query")(told)
            self.route(path, methods=[method], tags=[self.name.removeprefix("api_")])(told)
            return view

        return open_


def _keyed(view: View) -> View:
    @wraps(view)
    def asked(*arguments: Any, **named: Any) -> Response:
        return view(*arguments, key=given_key(), **named)

    asked._apidoc = {"arguments": {"parameters": [dict(_KEY_DESCRIBED)]}}  # type: ignore[attr-defined]
    return asked


def given_key() -> str:
    """The caller's key, in lower case; InvalidRequest when it is missing or not a UUID."""
    key = request.headers.get(KEY, "")
    if not _UUID.fullmatch(key):
        message = _l("Send the header Idempotency-Key with a UUID of your own, a new one for each thing you create.")
        refuse_field(f"/{KEY}", "format" if key else "required", message)
    return key.lower()
