"""Makhazine (مخازن): the stores of a commune. ``create_app`` is the only joining place."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map

from inventory import database, languages
from inventory.config import PROJECT, Config

__version__ = "0.1.0"


class Addresses(Map):
    """The addresses of the house: with or without a last slash they are the same page (but after a code, which may end
    with one), and a doubled slash is none. A redirect that puts this right is built from the host that the caller
    names."""

    def __init__(self, **options: Any) -> None:
        super().__init__(strict_slashes=False, merge_slashes=False, **options)


class House(Flask):
    """Flask, without asking at each of a dozen calls in a request whether the function is a coroutine: none is."""

    url_map_class: type[Map] = Addresses

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


class Number(IntegerConverter):
    """A number in an address: plain digits, no more than a key of the database can have; else there is no such page."""

    regex = r"[0-9]{1,18}"


def create_app(config: Config | None = None) -> Flask:
    """The application: rooms, doors, languages. ``config`` is read from the environment when not given."""
    config = config or Config.from_environment()
    app = House(
        __name__,
        instance_path=str(config.instance_path),
        template_folder=str(PROJECT / "templates"),
        static_folder=str(PROJECT / "inventory" / "static" / "dist"),
    )
    app.config.from_mapping(
        SECRET_KEY=config.secret_key,
        TESTING=config.testing,
        TIMEZONE=config.timezone,
        LANGUAGES=config.languages,
        PUBLIC_URL=config.public_url,
        METRICS_TOKEN=config.metrics_token,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(config.database_url),
        DATABASE_OWNER_URL=config.owner_url,
        MAX_CONTENT_LENGTH=8 * 1024 * 1024,
        SESSION_COOKIE_SECURE=config.is_secure,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
    )
    app.extensions["makhazine.config"] = config
    app.url_map.converters["int"] = Number
    if config.proxies:  # else everybody would seem to come from the proxy, and one wrong password lock all out
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies)  # type: ignore[method-assign]
    database.initialise(app)
    _load_rooms()
    languages.initialise(app)
    for door in ("web", "api", "cli"):
        import_module(f"inventory.{door}").join(app)
    return app


def _load_rooms() -> None:
    """Every table must be known before the first migration or question."""
    for room in (
        "access",
        "audit",
        "catalogue",
        "counting",
        "documents",
        "labels",
        "ledger",
        "outbox",
        "parties",
        "replays",
        "replenishment",
        "sessions",
        "settings",
        "slips",
        "warehouses",
    ):
        import_module(f"inventory.{room}")
