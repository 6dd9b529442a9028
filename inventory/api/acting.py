"""Who calls: a bearer token, or the session cookie of a page. Nothing else opens this door."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import current_app, g, request
from flask_login import current_user

from inventory import access, clock
from inventory.access import Identity
from inventory.errors import not_signed_in, refuse_temporary

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_BEARER = re.compile(r"Bearer +([\x21-\x7e]{1,200})", re.IGNORECASE)


def identify() -> None:
    """Before every call: notes who it is, and the language asked for. Raises NotSignedIn, or TemporaryPassword for
    whoever must choose a password first. A change is refused to a token that only looks, whatever it changes; one that
    comes with a cookie must carry the CSRF header, or another site could make it."""
    given = request.headers.get("Authorization")
    if given is not None:
        found = _BEARER.fullmatch(given.strip())
        person = access.by_token(found[1] if found else "", at=clock.now())
        if request.method not in SAFE:
            access.require_writing(person)
        g.by = replace(person, address=request.remote_addr)
    else:
        if not current_user.is_authenticated:
            not_signed_in()
        refuse_temporary(g.presence.must_choose)
        g.by = current_user._get_current_object()
        if request.method not in SAFE:
            current_app.extensions["csrf"].protect()
    asked = "Accept-Language" in request.headers
    wanted = request.accept_languages.best_match(current_app.config["LANGUAGES"]) if asked else None
    g.language = wanted or g.by.language


def acting() -> Identity:
    """Who calls."""
    by: Identity = g.by
    return by
