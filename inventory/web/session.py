"""Signing in and out, the language, the warehouse one is in."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user, login_required, login_user, logout_user

from inventory import access, audit, clock
from inventory.database import transaction
from inventory.errors import LockedOut, SignInRefused
from inventory.web.frame import own_warehouses

pages = Blueprint("session", __name__)
LONGEST = 1000


def _to(address: str | None) -> Response:
    """Back to an address of ours, never to a foreign one."""
    parts = urlsplit((address or "").replace("\\", "/"))
    is_ours = bool(address) and not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return redirect(parts.geturl() if is_ours else url_for("home.show"))  # type: ignore[return-value]


@pages.get("/sign-in")
def sign_in() -> Response | str:
    if current_user.is_authenticated:
        return _to(request.args.get("next"))
    return render_template("sign_in.html", next=request.args.get("next", ""), username="", errors=[])


@pages.post("/sign-in")
def accept() -> Response | tuple[str, int]:
    username = request.form.get("username", "")[:LONGEST]
    password = request.form.get("password", "")[:LONGEST]
    try:
        with transaction():
            person = access.sign_in(
                username, password, at=clock.now(), today=clock.today(), address=request.remote_addr or ""
            )
        if person is None:
            access.refuse_sign_in()
    except (SignInRefused, LockedOut) as refusal:
        page = render_template(
            "sign_in.html", next=request.form.get("next", ""), username=username, errors=[{"message": refusal.message()}]
        )
        return page, refusal.status
    chosen = session.get("language")
    session.clear()  # a session begun before signing in is worth nothing after it
    if chosen:
        session["language"] = chosen
    login_user(person)
    return _to(request.form.get("next"))


@pages.post("/sign-out")
@login_required
def sign_out() -> Response:
    with transaction():
        audit.record(
            "sign_out",
            current_user.username,
            at=clock.now(),
            actor=current_user.username,
            actor_id=current_user.id,
            address=request.remote_addr,
        )
    logout_user()
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
