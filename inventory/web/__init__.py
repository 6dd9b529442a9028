"""The HTML door: pages for people. One module per room, its templates beside it under the same noun.

Laws:
1. A view has four beats: parse, permit, perform, present.
2. Every page but sign-in and a paper's verdict asks who is there; every change carries a CSRF token.
3. Nothing comes from outside the house, no script or style stands in a page.
"""

from __future__ import annotations

from importlib import import_module

from flask import Flask
from flask_login import LoginManager
from flask_wtf import CSRFProtect

from inventory import access
from inventory.web import frame, refusals

ROOMS = ("session", "home", "parties", "places", "documents", "codes", "labels", "scanning")


def join(app: Flask) -> None:
    """Opens this door: signed-in people, CSRF, the frame of every page, the rooms."""
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    CSRFProtect(app)
    people = LoginManager(app)
    people.user_loader(access.by_session)
    people.login_view = "session.sign_in"
    people.login_message = None
    people.session_protection = None
    frame.join(app)
    refusals.join(app)
    for room in ROOMS:
        app.register_blueprint(import_module(f"inventory.web.{room}").pages)
