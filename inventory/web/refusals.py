"""How a page says no: a refusal keeps its status and sentence; the unforeseen is logged and shown without detail."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from gunicorn.http.errors import ParseException
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import BadHost, BadRequest, HTTPException, InternalServerError

from inventory.database import db
from inventory.errors import Busy, ChangedMeanwhile, NoRoom, NotSignedIn, Refusal, Unreachable, lacks_room
from inventory.web import session as signing

log = logging.getLogger(__name__)


def join(app: Flask) -> None:
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(IntegrityError, _clashed)
    app.register_error_handler(ParseException, lambda _error: _http(BadRequest()))  # pieces that do not add up
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, unforeseen)


def refused(refusal: Refusal) -> Response:
    """The page of a refusal that a view did not put beside its field."""
    if isinstance(refusal, NotSignedIn):
        return signed_out()
    g.is_unreachable = isinstance(refusal, Unreachable)  # then no frame is asked for either
    errors = [{"message": one.sentence()} for one in refusal.faults] if len(refusal.faults) > 1 else []
    retry = refusal.retry_after_seconds if isinstance(refusal, Busy) else None
    page = error_page(refusal.status, refusal.message(), errors=errors, retry_after=retry)
    if retry:
        page.headers["Retry-After"] = str(retry)
    return page


def signed_out() -> Response:
    """Nobody is signed in (any more): to the sign-in page; what a page asks by itself is told so and nothing else, for
    the page keeps what is typed in it."""
    if "HX-Request" in request.headers:
        return make_response("", 401)
    return redirect(url_for("session.sign_in", next=request.full_path))  # type: ignore[return-value]


def error_page(
    status: int, sentence: str = "", *, errors: list[dict[str, str]] | None = None, retry_after: int | None = None
) -> Response:
    db.session.rollback()
    page = render_template(
        "error.html",
        status=status,
        sentence=sentence,
        errors=errors or [],
        request_id=g.get("request_id"),
        retry_after=retry_after,
    )
    return make_response(page, status)


def _forged(_error: CSRFError) -> Response:
    if request.endpoint == "shared.lock":  # two pages of one device lock at once: the second finds it done
        return redirect(url_for("session.sign_in"))  # type: ignore[return-value]
    if "HX-Request" in request.headers and not current_user.is_authenticated:
        return signed_out()
    if request.endpoint in signing.FOR_STRANGERS and not current_user.is_authenticated:
        return signing.anew(_("This page was open for too long. Try again."))
    return error_page(400, _("This page was open for too long, or was not ours. Reload it and try again."))


def _clashed(error: IntegrityError) -> Response:
    """Two people made the same thing at the same moment: the database let one of them through."""
    log.warning("request %s: %s clashed", g.get("request_id"), request.path, exc_info=error)
    return refused(ChangedMeanwhile())


def _http(error: HTTPException) -> Response:
    response = error.get_response()
    if response.status_code < 400 or isinstance(error, BadHost):  # without a host a page could link to nothing
        return response  # type: ignore[return-value]
    page = error_page(response.status_code)
    if "Allow" in response.headers:
        page.headers["Allow"] = response.headers["Allow"]
    return page


def unforeseen(error: Exception) -> Response:
    """A fault of ours: everything to the log under the request's id, nothing to the page."""
    log.error("request %s: %s %s failed", g.get("request_id"), request.method, request.path, exc_info=error)
    return refused(NoRoom()) if lacks_room(error) else error_page(InternalServerError.code)
