"""The JSON door: ``/api/v1``. One module per noun; a view has four beats: parse, permit, perform, present.

Laws:
1. Who calls is asked once, in ``acting``: a bearer token, or the session cookie (a change then needs the CSRF header).
2. What comes in is read by the shapes of ``schemas``, exactly or not at all; errors are ``application/problem+json``.
3. Every list stays inside the caller's warehouses and comes in pages.
4. Every call that creates takes an ``Idempotency-Key`` and creates once.
"""

from __future__ import annotations

from importlib import import_module

from flask import Flask
from flask_wtf import CSRFProtect

from inventory.api import docs, health, problems, reference
from inventory.api.answers import Orjson

NOUNS = (
    "documents",
    "items",
    "stock",
    "scan",
    "station",
    "alerts",
    "rules",
    "places",
    "proof",
    "drafts",
    "slips",
    "counts",
)
"""The modules of this door; each has its calls on a blueprint named ``calls``."""


def join(app: Flask) -> None:
    """Opens this door."""
    app.json = Orjson(app)
    api = reference.join(app)
    if "csrf" not in app.extensions:
        CSRFProtect(app)
    for noun in NOUNS:
        calls = import_module(f"inventory.api.{noun}").calls
        app.extensions["csrf"].exempt(calls)  # asked for by ``acting``, for cookies alone
        api.register_blueprint(calls)
    app.register_blueprint(docs.pages)
    health.join(app)
    problems.join(app)
