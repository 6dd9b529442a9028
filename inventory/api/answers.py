"""How this door answers: JSON by orjson, quantities and money as strings, lists in pages with signed cursors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import orjson
from flask import Response, current_app
from flask.json.provider import JSONProvider
from flask_babel import lazy_gettext as _l
from itsdangerous import BadData, URLSafeSerializer

from inventory import codes
from inventory.errors import refuse_field

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def _other(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)  # lazy translations


class Orjson(JSONProvider):
    """The application's JSON: ISO days, UTC instants with ``Z``, letters as they are."""

    def dumps(self, obj: Any, **named: Any) -> str:
        return orjson.dumps(obj, default=_other, option=_OPTIONS).decode()

    def loads(self, s: str | bytes, **named: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        return answer(self._prepare_response_obj(args, kwargs))


def answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response."""
    body = orjson.dumps(content, default=_other, option=_OPTIONS)
    return current_app.response_class(body, status, headers, mimetype="application/json")


def created(content: Any, *, is_replay: bool) -> Response:
    """201; or 200 with ``Idempotency-Replayed: true`` when the key had created it before."""
    if is_replay:
        return answer(content, 200, {"Idempotency-Replayed": "true"})
    return answer(content, 201)


def plain(number: Decimal | int | None) -> str | None:
    """A quantity without exponent and trailing zeros: ``12.5``."""
    return None if number is None else f"{Decimal(number).normalize() + 0:f}"


def money(amount: Decimal) -> str:
    """An amount in MAD with its centimes: ``12.50``."""
    return f"{amount:.2f}"


def code_url(code: str) -> str:
    """What the QR of a code of ours says."""
    return codes.address(current_app.config["PUBLIC_URL"], code)


def page(items: list[Any], following: tuple[Any, ...] | None, of: str, **head: Any) -> Response:
    """A page of a list; ``following`` is the key after which the next page begins."""
    return answer({**head, "items": items, "next": None if following is None else sealed(following, of)})


def sealed(key: tuple[Any, ...], of: str) -> str:
    """A cursor: the key of the last row of a page, signed, so that nobody builds one."""
    parts = [{"day": part.isoformat()} if isinstance(part, date) else part for part in map(_kept, key)]
    return str(_signer(of).dumps(parts))


def opened(cursor: str | None, of: str) -> tuple[Any, ...] | None:
    """The key in a cursor of this list; None without a cursor; InvalidRequest when it is not one of ours."""
    if cursor is None:
        return None
    try:
        parts = _signer(of).loads(cursor)
    except BadData:
        message = _l("This cursor belongs to no page of this list: begin without one.")
        refuse_field("/cursor", "format", message)
    return tuple(_read(part) for part in parts)


def _kept(part: Any) -> Any:
    return {"number": str(part)} if isinstance(part, Decimal) else part


def _read(part: Any) -> Any:
    if isinstance(part, dict):
        return date.fromisoformat(part["day"]) if "day" in part else Decimal(part["number"])
    return part


def _signer(of: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"cursor of {of}")
