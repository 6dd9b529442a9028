"""Signing in and out, the language, the warehouse one is in.

The cookie is signed and holds the key of a session that the server keeps (``sessions``); who holds a copy of it after
signing out holds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime

from flask import (
    Blueprint,
    Flask,
    Request,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user, login_required
from itsdangerous import URLSafeTimedSerializer

from inventory import access, clock, sessions
from inventory.access import Identity
from inventory.database import transaction
from inventory.errors import Busy, LockedOut, SignInRefused, refuse_field
from inventory.sessions import SharedDevice
from inventory.web.frame import own_warehouses

pages = Blueprint("session", __name__)
LONGEST = 1000
KEY, WAS = "key", "was"
"""What the cookie holds: the key of the session; and after a lock, by the number, whose it was."""

QUIET = {"api_station.device", "api_station.read"}
"""What a page asks by itself: on a shared device it keeps nobody signed in."""

# Browsers read a second slash or a backslash as the beginning of a host, and leave tabs and line ends out.
_OURS = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]*")


class Cookies(SecureCookieSessionInterface):
    """The cookies of sessions, with one signer for all of them: Flask makes it anew for each request.

    All of them outlive the browser's window. To mark the session as lasting would be to write it: then the late answer
    to a question that shows nothing, as a worker's, would put a cookie of its own in the place of a page's.
    """

    def __init__(self, app: Flask) -> None:
        self.signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return self.signer

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:
        return datetime.now(UTC) + app.permanent_session_lifetime  # by the browser's clock, not by that of the books


def who(_request: Request) -> Identity | None:
    """Whose session the cookie opens; Flask-Login asks once per request."""
    key = session.get(KEY)
    if not isinstance(key, str) or g.get("is_unreachable"):
        return None
    g.presence = sessions.by_key(key, at=clock.now(), today=clock.today())
    return replace(g.presence.person, address=request.remote_addr) if g.presence else None


ALWAYS_OPEN = {
    "account.show", "account.change_password", "session.sign_out", "session.language", "shared.lock",
    "shared.awake", "device.worker", "settings.arms",
}  # fmt: skip
"""What a person with a temporary password may ask for, or their page by itself: nothing here tells of the stores."""


def look() -> Response | None:
    """Before each view: know who is there while no transaction is open, and note that the session is alive."""
    if request.endpoint in (None, "static") or KEY not in session:
        return None
    if not current_user.is_authenticated or g.get("presence") is None:
        return None
    at = clock.now()
    is_quiet = g.presence.shared_device_id is not None and request.endpoint in QUIET
    if sessions.is_due(g.presence, at) and not is_quiet:
        with suppress(Busy), transaction():  # looking at a page never fails because somebody posts
            sessions.seen(g.presence, at=at)
    if request.path.startswith("/api/"):  # that door refuses in its own form, which no script takes for a lost network
        return None
    if g.presence.must_choose and request.endpoint not in ALWAYS_OPEN:
        flash(_("Your password is temporary: choose your own first."), "warning")
        return redirect(url_for("account.show"))  # type: ignore[return-value]
    return None


def begin(person: Identity, *, by_password: bool = True, device: SharedDevice | None = None) -> None:
    """Begins a session for a person in this browser: a new key, nothing of what the cookie held but the language.

    Inside a transaction. A key that somebody planted before signing in is worth nothing after it. On a shared device
    the session is bound to it, and a password that was entered is noted there.
    """
    at, old = clock.now(), session.get(KEY)
    if isinstance(old, str):
        sessions.leave(old, at=at)
    device = device or this_device()
    if device is not None and by_password:
        sessions.admit(device.id, person, at=at)
    g.was = session.get(WAS)
    forget()
    if not by_password:
        session.pop("language", None)  # who comes next on a shared device reads in their own language
    session[KEY] = sessions.begin(
        person, at=at, address=request.remote_addr or "", device=request.user_agent.string,
        shared_device_id=device.id if device else None,
    )  # fmt: skip


def confirm(field: str) -> None:
    """Refuses a form, at its field, unless the person acting knows their own password: a session may have been left
    open, or begun by PIN. Wrong tries count like those of a sign-in."""
    password = request.form.get(field, "")[:LONGEST]
    with transaction():
        is_right = access.confirm(
            current_user._get_current_object(), password, at=clock.now(), today=clock.today(),
            address=request.remote_addr or "",
        )  # fmt: skip
    if not is_right:
        refuse_field(f"/{field}", "wrong", _("This is not your password of now."))


def forget() -> None:
    """Empties the cookie, but for the language somebody chose."""
    chosen = session.get("language")
    session.clear()
    if chosen:
        session["language"] = chosen


def device_cookie() -> str:
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def device_key() -> str:
    """The key that this browser holds as a shared device; empty when it holds none."""
    return request.cookies.get(device_cookie(), "")[:LONGEST]


def this_device() -> SharedDevice | None:
    """The shared device this browser is, if it is one and still lets somebody in; asked once per request."""
    if "device" not in g:
        key = device_key()
        g.device = sessions.device_by_key(key, at=clock.now()) if key else None
    found: SharedDevice | None = g.device
    return found


def sign_in_page(username: str = "", errors: Sequence[dict[str, str]] = ()) -> str:
    """Where somebody signs in; on with ``next`` afterwards."""
    return render_template("sign_in.html", next=request.values.get("next", ""), username=username, errors=errors)


def lock_page(
    device: SharedDevice, *, username: str = "", badge: str = "", errors: Sequence[dict[str, str]] = ()
) -> str:
    """Who may come in on a shared device, by PIN or badge; and the way in by password."""
    return render_template(
        "lock.html",
        device=device,
        people=sessions.may_come_in(device.id, at=clock.now(), today=clock.today()),
        username=username,
        badge=badge,
        errors=errors,
        next=request.values.get("next", ""),
    )


FOR_STRANGERS = {"session.accept", "session.language", "shared.come_in"}
"""Forms that nobody is signed in for: their page may have stood open for days."""


def anew(sentence: str) -> Response:
    """The page of a form for strangers that no longer counts, once more; who was named stays."""
    if request.endpoint == "session.language":
        flash(sentence, "refused")
        return _to(request.form.get("next"))
    username, device, errors = request.form.get("username", "")[:LONGEST], this_device(), [{"message": sentence}]
    if device is not None and request.endpoint == "shared.come_in":
        return make_response(lock_page(device, username=username, errors=errors), 400)
    return make_response(sign_in_page(username, errors), 400)


def onward(person: Identity) -> Response:
    """Where somebody goes who came in: on with what the same person did before; anybody else begins anew."""
    return _to(request.form.get("next") if g.get("was") in (None, person.id) else None)


def _to(address: str | None) -> Response:
    """Back to an address of ours, never to a foreign one."""
    is_ours = address is not None and _OURS.fullmatch(address) is not None
    return redirect(address if is_ours else url_for("home.show"))  # type: ignore[return-value,arg-type]


@pages.get("/sign-in")
def sign_in() -> Response | str:
    if current_user.is_authenticated:
        return _to(request.args.get("next"))
    device = this_device()
    if device is not None:
        return lock_page(device)
    return sign_in_page()


@pages.post("/sign-in")
def accept() -> Response | tuple[str, int]:
    username = request.form.get("username", "")[:LONGEST]
    password = request.form.get("password", "")[:LONGEST]
    try:
        with transaction():
            person = access.sign_in(
                username, password, at=clock.now(), today=clock.today(), address=request.remote_addr or ""
            )
            if person is not None:
                begin(person)
        if person is None:
            access.refuse_sign_in()
        return onward(person)
    except (SignInRefused, LockedOut) as refusal:
        return sign_in_page(username, [{"message": refusal.message()}]), refusal.status


@pages.post("/sign-out")
@login_required
def sign_out() -> Response:
    with transaction():
        sessions.sign_out(
            session[KEY], current_user._get_current_object(), at=clock.now(), address=request.remote_addr or ""
        )
    session.clear()
    return redirect(url_for("session.sign_in"))  # type: ignore[return-value]


@pages.post("/language")
def language() -> Response:
    wanted = request.form.get("language", "")
    if wanted not in current_app.config["LANGUAGES"]:
        abort(422)
    session["language"] = wanted
    refresh()
    return _to(request.form.get("next"))


@pages.post("/warehouse")
@login_required
def warehouse() -> Response:
    wanted = request.form.get("warehouse", "")
    if wanted and wanted not in [place.code for place in own_warehouses()]:
        abort(403)
    session["warehouse"] = wanted
    flash(_("You are now in %(warehouse)s.", warehouse=wanted) if wanted else _("You see all your warehouses."), "info")
    return _to(request.form.get("next"))
