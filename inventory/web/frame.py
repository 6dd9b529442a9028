"""What stands around every page: assets, navigation, the warehouse one is in, and the headers that keep it safe."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, current_app, g, has_request_context, request, session, url_for
from flask_login import current_user
from gunicorn.http.errors import ParseException
from sqlalchemy import select
from werkzeug.exceptions import RequestEntityTooLarge

from inventory import clock, languages, settings
from inventory.access import Identity
from inventory.names import steady
from inventory.parties import name_in
from inventory.prepared import Prepared, among, ids
from inventory.warehouses import Warehouse
from inventory.web.doors import navigation

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A warehouse as the frame shows it."""

    id: int
    code: str
    name: str
    is_practice: bool
    is_in_service: bool


def join(app: Flask) -> None:
    app.before_request(_number_request)
    app.before_request(_refuse_nul)
    app.after_request(_protect)
    app.context_processor(_context)
    app.jinja_env.globals["asset"] = asset  # macros that are imported see globals only
    app.template_filter("named")(lambda thing: steady(named(thing)))
    app.template_filter("steady")(steady)
    app.config["PERMANENT_SESSION_LIFETIME"] = 12 * 3600  # the server ends a session sooner
    # A cookie is sent when it changed and else never: what a page asked before somebody else came in would otherwise
    # bring the cookie of before back with its late answer.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def named(thing: Any) -> str:
    """The name of anything with names, in the language of the moment."""
    return name_in(languages.language(), thing.name_fr, thing.name_ar, thing.name_en)


def asset(name: str) -> str:
    """The address of a built file, with the hash of its content in its name. A page asks for its icons a hundred times:
    each address is worked out once in a request."""
    known: dict[str, str] = g.setdefault("assets", {})
    if name not in known:
        built = _manifest(Path(current_app.static_folder or "") / "manifest.json", current_app.testing)
        known[name] = url_for("static", filename=built.get(name, name))
    return known[name]


def own_warehouses(action: str = "stock.read") -> list[Place]:
    """The warehouses in which the signed-in person may do something; one question per request and action."""
    kept: dict[str, list[Place]] = g.setdefault("own_warehouses", {})
    if action not in kept:
        kept[action] = _own_warehouses(current_user, action) if current_user.is_authenticated else []
    return kept[action]


def counted_warehouses(action: str = "stock.read") -> list[Place]:
    """The warehouses that a list or a sum is about when it names none: who is in one for practice sees that alone,
    everybody else those that count."""
    mine, here = own_warehouses(action), current_warehouse()
    if here is not None and here.is_practice:
        return [place for place in mine if place.id == here.id]
    return [place for place in mine if not place.is_practice]


_ACTIVE = (
    select(
        Warehouse.id,
        Warehouse.code,
        Warehouse.name_fr,
        Warehouse.name_ar,
        Warehouse.name_en,
        Warehouse.is_practice,
        Warehouse.in_service_on,
    )
    .where(Warehouse.is_active)
    .order_by(Warehouse.code)
)
_EVERYWHERE, _SOMEWHERE = Prepared(_ACTIVE), Prepared(_ACTIVE.where(among(Warehouse.id, ids("allowed"))))


def _own_warehouses(by: Identity, action: str) -> list[Place]:
    allowed = by.warehouses(action)
    rows = _EVERYWHERE.rows() if allowed is None else _SOMEWHERE.rows(allowed=allowed)
    return [
        Place(one.id, one.code, named(one) or one.code, one.is_practice, one.in_service_on is not None) for one in rows
    ]


def current_warehouse() -> Place | None:
    """The warehouse one is in: the one chosen, else the only one that is not for practice, else None."""
    mine = own_warehouses()
    chosen = next((place for place in mine if place.code == session.get("warehouse")), None)
    likely = [place for place in mine if not place.is_practice] or mine
    return chosen or (likely[0] if len(likely) == 1 else None)


def shows(code: str) -> None:
    """Says which warehouse the page is about, where its address does not."""
    g.shown_warehouse = code


def is_practice() -> bool:
    """Whether the page is about a warehouse for practice: the one it says, the one its address names, else the one one
    is in."""
    if not has_request_context() or not current_user.is_authenticated:
        return False
    named_ = (g.get("shown_warehouse"), (request.view_args or {}).get("warehouse"), _sent("warehouse"))
    known = {place.code: place.is_practice for place in own_warehouses()}
    here = current_warehouse()
    return next((known[code] for code in named_ if code in known), here is not None and here.is_practice)


def _sent(name: str) -> str | None:
    """A value of the address or the form; of a form that is refused as too large or broken off, none."""
    try:
        return request.values.get(name)
    except (RequestEntityTooLarge, ParseException):
        return None


def _context() -> dict[str, Any]:
    return {
        "locale": languages.language(),
        "direction": languages.direction(),
        "languages_offered": languages.offered(),
        "navigation": navigation(),
        "commune": {} if g.get("is_unreachable") else commune(),
        "own_warehouses": own_warehouses() if has_request_context() else [],
        "current_warehouse": current_warehouse() if has_request_context() else None,
        "is_practice": is_practice(),
        "lock_minutes": g.presence.lock_minutes if has_request_context() and g.get("presence") else None,
    }


def commune() -> dict[str, Any]:
    found = settings.values_of(["commune_name_fr", "commune_name_ar", "arms"], on=clock.today())
    return {
        "name_fr": found["commune_name_fr"],
        "name_ar": found["commune_name_ar"],
        "name": found["commune_name_ar" if languages.language() == "ar" else "commune_name_fr"],
        "arms": url_for("settings.arms", digest=found["arms"]) if found["arms"] else None,
    }


def _refuse_nul() -> None:
    """No name, number or word holds a NUL; PostgreSQL cannot even be asked for one. The API says so at the field."""
    if request.path.startswith("/api/") and "\x00" not in request.path:
        return
    typed = (text for values in (request.args, request.form) for text in values.values())
    if "\x00" in request.path or any("\x00" in text for text in typed):
        abort(400)


def _number_request() -> None:
    g.request_id = secrets.token_hex(8)


def _protect(response: Response) -> Response:
    """Adds what every answer bears; what a view has said itself stands."""
    if request.endpoint == "static" and response.status_code < 400:  # its name has the hash of its content
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    said = {name.lower() for name, _ in response.headers}
    response.headers.extend([(name, value) for name, value in _borne() if name.lower() not in said])
    return response


def _borne() -> Iterator[tuple[str, str]]:
    yield from SECURITY_HEADERS.items()
    if current_app.config["SESSION_COOKIE_SECURE"]:
        yield "Strict-Transport-Security", "max-age=31536000"
    yield "Cache-Control", "no-store"
    yield "X-Request-Id", g.get("request_id", "")


@lru_cache(maxsize=1)
def _read_manifest(path: Path) -> dict[str, str]:
    read: dict[str, str] = json.loads(path.read_text())
    return read


def _manifest(path: Path, is_fresh: bool) -> dict[str, str]:
    if is_fresh:
        _read_manifest.cache_clear()
    return _read_manifest(path)
