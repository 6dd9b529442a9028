"""How this door says no: ``application/problem+json`` (RFC 9457), in the caller's language.

``code`` is stable and for programs, ``detail`` is for people, ``errors`` lists every bad field with a JSON pointer (a
query parameter or header is pointed at by its name).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from gunicorn.http.errors import ParseException
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError

from inventory.api.answers import answer
from inventory.database import db
from inventory.errors import Busy, ChangedMeanwhile, NoRoom, Refusal, Unreachable, lacks_room

log = logging.getLogger(__name__)

KEPT = ("Allow", "Retry-After", "WWW-Authenticate")
CODES: dict[int, tuple[str, Any]] = {
    400: ("malformed", _l("The request cannot be read")),
    401: ("not_signed_in", _l("Sign in first")),
    403: ("not_allowed", _l("Not allowed")),
    404: ("not_found", _l("Not found")),
    405: ("method_not_allowed", _l("This cannot be done here")),
    413: ("too_large", _l("Too large")),
    414: ("too_long", _l("Too long")),
    415: ("media_type", _l("Wrong media type")),
    429: ("too_many_requests", _l("Too many requests")),
    500: ("fault", _l("Something went wrong here")),
    503: ("busy", _l("Busy")),
}
DETAILS: dict[int, Any] = {
    404: _l("There is no such address in this API; see /api/v1/docs."),
    405: _l("This address does not take this method."),
    413: _l("The body is larger than is taken at once: send it in parts."),
    500: _l("Nothing was changed. Say this number when you ask for help: %(request_id)s."),
}


def join(app: Flask) -> None:
    """Answers the errors of ``/api`` addresses; those of pages stay with whoever answered them before."""
    answers: tuple[tuple[type[Exception], Callable[[Any], Response]], ...] = (
        (Refusal, refused),
        (IntegrityError, _clashed),
        (ParseException, lambda _error: _http(BadRequest())),  # the pieces of a body do not add up
        (CSRFError, _forged),
        (HTTPException, _http),
        (Exception, _unforeseen),
    )
    for kind, told in answers:
        status = kind.code if issubclass(kind, HTTPException) else None  # Flask keeps them by status
        pages = app.error_handler_spec[None][status].get(kind)
        app.register_error_handler(kind, _by_door(told, pages))


def _by_door(told: Callable[[Any], Response], pages: Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    def tell(error: Any) -> Any:
        if request.path.startswith("/api/"):
            return told(error)
        if pages is not None:
            return pages(error)
        if isinstance(error, HTTPException):
            return error
        raise error

    return tell


def problem(
    status: int, code: str, title: Any, detail: Any = "", *, errors: list[dict[str, str]] | None = None
) -> Response:
    """One problem. ``type`` names the code under the API's own address."""
    response = answer(
        {
            "type": f"{current_app.config['PUBLIC_URL']}/api/v1/docs#{code}",
            "title": str(title),
            "status": status,
            "code": code,
            "detail": str(detail),
            "errors": errors or [],
        },
        status,
    )
    response.mimetype = "application/problem+json"
    return response


def refused(refusal: Refusal) -> Response:
    """The answer to a refusal: its own status, code and sentence, and every fault."""
    g.is_unreachable = isinstance(refusal, Unreachable)
    db.session.rollback()
    errors = [{"pointer": one.pointer, "code": one.code, "detail": one.sentence()} for one in refusal.faults]
    response = problem(refusal.status, refusal.code, refusal.title, refusal.message(), errors=errors)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="makhazine"'
    if isinstance(refusal, Busy):
        response.headers["Retry-After"] = str(refusal.retry_after_seconds)
    return response


def _clashed(error: IntegrityError) -> Response:
    """What only the database refused, mostly since two did the same at the same moment."""
    log.warning("request %s: %s clashed", g.get("request_id"), request.path, exc_info=error)
    return refused(ChangedMeanwhile())


def _forged(error: CSRFError) -> Response:
    return problem(
        400,
        "csrf",
        _("Not asked by one of our pages"),
        _("A change that comes with a cookie needs the header X-CSRFToken."),
    )


def _http(error: HTTPException) -> Response:
    """An error of the protocol: unknown address, method, media type, size."""
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]
    code, title = CODES.get(status, ("http_error", error.name))
    said = error.description if error.description != type(error).description else ""  # the library's own is English
    told = DETAILS.get(status, said if status in (400, 415) else "")
    detail = str(told) % {"request_id": g.get("request_id", "")} if status == 500 else told
    response = problem(status, code, title, detail)
    for name, value in error.get_headers():
        if name in KEPT:
            response.headers[name] = value
    return response


def _unforeseen(error: Exception) -> Response:
    """A fault of ours: everything to the log under the request's id, nothing of it to the caller."""
    log.error("request %s: %s %s failed", g.get("request_id"), request.method, request.path, exc_info=error)
    db.session.rollback()
    return refused(NoRoom()) if lacks_room(error) else _http(InternalServerError())
