"""The HTML door: pages for people. One module per room, its templates beside it under the same noun.

Laws:
1. A view has four beats: parse, permit, perform, present.
2. Every page but sign-in and a paper's verdict asks who is there, and so does every picture but the commune's arms;
   every change carries a CSRF token.
3. A way is shown, and the page at its end opens, by the same line of ``doors.DOORS``.
4. Nothing comes from outside the house, no script or style stands in a page.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask
from flask_login import LoginManager
from flask_wtf import CSRFProtect

from inventory.web import doors, frame, refusals, session


def join(app: Flask) -> None:
    """Opens this door: signed-in people, CSRF, the frame of every page, the rooms."""
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    if app.config["SESSION_COOKIE_SECURE"]:
        app.config["SESSION_COOKIE_NAME"] = "__Host-session"  # browsers then refuse one set by a neighbouring host
    app.session_interface = session.Cookies(app)
    CSRFProtect(app)
    people = LoginManager(app)
    people.request_loader(session.who)
    people.unauthorized_handler(refusals.signed_out)
    people.session_protection = None
    frame.join(app)
    app.before_request(session.look)
    app.before_request(doors.guard)
    refusals.join(app)
    for found in iter_modules(__path__):
        room = import_module(f"{__name__}.{found.name}")
        if hasattr(room, "pages"):  # a module with pages is a room; the others serve several
            app.register_blueprint(room.pages)
