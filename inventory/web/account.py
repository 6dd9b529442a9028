"""My account: my password, my language, my tokens, the devices on which I am signed in."""

from __future__ import annotations

from flask import Blueprint, Response, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user, login_required

from inventory import access, audit, clock, languages, sessions, settings
from inventory import people as directory
from inventory.access import get_user
from inventory.database import transaction
from inventory.errors import Refusal, refuse_field
from inventory.web import duties
from inventory.web import session as signing
from inventory.web.asked import me
from inventory.web.people import SIGN_INS_SHOWN, TOKEN_DAYS, make_token, revoke_own_token
from inventory.web.typed import Typed, number_of

pages = Blueprint("account", __name__)
Answer = Response | str | tuple[str, int]


def _back() -> Response:
    return redirect(url_for("account.show"))  # type: ignore[return-value]


BROWSERS = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung", "Firefox": "Firefox", "Chrome": "Chrome",
            "Safari": "Safari"}  # fmt: skip
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "macOS",
           "Linux": "Linux"}  # fmt: skip


@pages.app_template_filter("device")
def device(agent: str) -> str:
    """The browser and the system, out of what a browser says of itself: ``Firefox · Windows``."""
    words = [next((word for sign, word in known.items() if sign in agent), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(word for word in words if word) or agent[:40] or "—"


@pages.get("/account")
@login_required
def show() -> Answer:
    return account_page()


def account_page(form: Typed | None = None, token: str = "", status: int = 200) -> tuple[str, int]:
    at, device = clock.now(), signing.this_device()
    tokens = directory.tokens_of(current_user.id)
    page = render_template(
        "account/show.html",
        device=device,
        standing=sessions.standing_of(device.id, me()) if device else None,
        may_enrol=me().may_somewhere("device.enrol"),
        pin_days=settings.value_of("pin_days", on=clock.today()),
        form=form or Typed(),
        token=token,
        held=directory.held_by([current_user.id]).get(current_user.id, []),
        role_words=duties.ROLE_WORDS,
        tokens=tokens,
        has_tokens=any(one.lives(at) for one in tokens),
        token_days=TOKEN_DAYS,
        sessions=sessions.living(current_user.id, at=at, today=clock.today()),
        this_session=g.presence.session_id if g.get("presence") else None,
        sign_ins=list(audit.records(action="sign_in", actor=current_user.username, limit=SIGN_INS_SHOWN)),
        now=at,
        must_choose=bool(g.get("presence") and g.presence.must_choose),
    )
    return page, status


@pages.post("/account/password")
@login_required
def change_password() -> Answer:
    """A new password for oneself: every other session ends, this one goes on under a new key."""
    typed = Typed(request.form)
    by, at = me(), clock.now()
    old, new, again = (request.form.get(name, "")[:2000] for name in ("old", "password", "again"))
    try:
        signing.confirm("old")
        if new != again:
            refuse_field("/again", "differs", _("The two new passwords differ."))
        if new == old:
            refuse_field("/password", "same", _("Choose a password that differs from the old one."))
        with transaction():
            user = get_user(by.username)
            access.change_password(user, new, at=at, by=by)
            signing.begin(access.identity_of(user))
    except Refusal as refusal:
        return account_page(typed, status=typed.refuse(refusal, "password"))
    flash(_("Your password was changed. You are signed out everywhere else."), "posted")
    if any(one.lives(at) for one in directory.tokens_of(by.id)):
        flash(_("Your tokens for programs stay: they are keys of their own, listed below."), "info")
    return _back()


@pages.post("/account/language")
@login_required
def change_language() -> Answer:
    """The language of one's own pages and papers from now on, on every device."""
    typed = Typed(request.form)
    try:
        language = typed.choice("language", dict(languages.offered()))
        typed.settle()
        with transaction():
            access.set_language(get_user(current_user.username), language, at=clock.now(), by=me())
    except Refusal as refusal:
        return account_page(typed, status=typed.refuse(refusal, "language"))
    session["language"] = language
    refresh()
    flash(_("The change is kept."), "posted")
    return _back()


@pages.post("/account/sessions")
@login_required
def end_session() -> Answer:
    """Signs out on another device."""
    with transaction():
        sessions.end(
            number_of(request.form.get("session")) or 0,
            current_user.id,
            at=clock.now(),
            by=me(),
            address=request.remote_addr or "",
        )
    flash(_("The session has ended."), "posted")
    return _back()


@pages.post("/account/tokens")
@login_required
def add_token() -> Answer:
    return make_token(current_user.username, lambda form, token, status: account_page(form, token, status))


@pages.post("/account/tokens/revoke")
@login_required
def revoke_token() -> Answer:
    with transaction():
        revoke_own_token(get_user(current_user.username), number_of(request.form.get("token")), me())
    flash(_("The token was revoked."), "posted")
    return _back()
