"""Shared devices: enrolled from one's own account, locked after a short while, opened by PIN or badge.

Whoever comes in begins a session of their own; the cookie of the device only says which device it is.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required

from inventory import access, clock, sessions, settings
from inventory.access import Identity
from inventory.database import transaction
from inventory.errors import BadgeRefused, PinLocked, PinRefused, Refusal, refuse_field
from inventory.sessions import SharedDevice
from inventory.web import asked
from inventory.web import session as signing
from inventory.web.account import account_page
from inventory.web.asked import me
from inventory.web.downloads import download
from inventory.web.listing import Column, Listing
from inventory.web.typed import Typed, number_of

pages = Blueprint("shared", __name__)
Answer = Response | str | tuple[str, int]


@pages.post("/come-in")
def come_in() -> Answer:
    """Somebody comes in by PIN, by badge, or by both; the session before ends."""
    device = signing.this_device()
    if device is None:
        return redirect(url_for("session.sign_in", next=request.form.get("next")))  # type: ignore[return-value]
    username, badge = request.form.get("username", "")[:60], request.form.get("badge", "")[:100]
    try:
        if badge:
            username = _holder(device, badge)
            if settings.value_of("badge_needs_pin", on=clock.today()) and not request.form.get("pin"):
                return signing.lock_page(device, username=username, badge=badge)
        person = _let_in(device, username, badge)
    except (PinRefused, PinLocked, BadgeRefused) as refusal:
        kept = badge if not isinstance(refusal, BadgeRefused) else ""
        page = signing.lock_page(device, username=username, badge=kept, errors=[{"message": refusal.message()}])
        return page, refusal.status
    return signing.onward(person)


def _holder(device: SharedDevice, badge: str) -> str:
    """The username of whose badge it is; BadgeRefused, and noted, when it opens nothing here."""
    with transaction():
        user = sessions.by_badge(device, badge, at=clock.now(), today=clock.today(), address=_address())
    if user is None:
        sessions.refuse_badge()
    return user.username


def _let_in(device: SharedDevice, username: str, badge: str) -> Identity:
    """A new session for whoever proved who they are; a wrong PIN is counted before it is refused."""
    at, today = clock.now(), clock.today()
    is_alone = badge and not settings.value_of("badge_needs_pin", on=today)
    with transaction():
        if is_alone:
            person: Identity | None = sessions.enter(
                device, access.get_user(username), "badge", at=at, address=_address()
            )
        else:
            pin = request.form.get("pin", "").strip()[:100]
            person = sessions.come_in(
                device, signing.device_key(), username, pin, at=at, today=today, address=_address()
            )
        if person is not None:
            signing.begin(person, by_password=False)
    if person is None:
        sessions.refuse_pin()
    return person


@pages.post("/lock")
@login_required
def lock() -> Answer:
    """The next person may come: this session ends, the device stays."""
    was = current_user.id
    with transaction():
        sessions.lock(session[signing.KEY], me(), at=clock.now(), address=_address())
    signing.forget()
    session[signing.WAS] = was
    return redirect(url_for("session.sign_in", next=request.form.get("next")))  # type: ignore[return-value]


@pages.post("/awake")
@login_required
def awake() -> Answer:
    """Somebody types or scans on a page that asks nothing of us: the session was used."""
    return "", 204


@pages.post("/account/device")
@login_required
def enrol() -> Answer:
    """Makes the device in front of the person a shared one; the password is asked once more."""
    access.require_somewhere(me(), "device.enrol")
    typed, at = Typed(request.form), clock.now()
    try:
        name = typed.text("device_name", most=sessions.LONGEST_DEVICE_NAME, is_required=True)
        typed.settle()
        signing.confirm("device_password")
        with transaction():
            device, key = sessions.enrol(name, by=me(), at=at, today=clock.today(), address=_address())
            signing.begin(me(), device=device)
    except Refusal as refusal:
        return _account(typed, typed.refuse(refusal, "device_password"))
    flash(
        _("This device is shared now. Set your PIN, then lock it: the next person signs in once with the password."),
        "posted",
    )
    answer = _to_account()
    _keep_key(answer, key, device)
    return answer


@pages.post("/account/device/pin")
@login_required
def set_pin() -> Answer:
    """One's own PIN on this device, under one's password."""
    typed, device, at = Typed(request.form), signing.this_device(), clock.now()
    try:
        pin = request.form.get("pin", "").strip()[:100]
        if device is None:
            sessions.refuse_device()
        if pin != request.form.get("pin_again", "").strip()[:100]:
            refuse_field("/pin_again", "differs", _("The two PINs differ."))
        signing.confirm("pin_password")
        with transaction():
            sessions.admit(device.id, me(), at=at)
            sessions.set_pin(device, signing.device_key(), pin, by=me(), at=at, address=_address())
    except Refusal as refusal:
        return _account(typed, typed.refuse(refusal, "pin_password"))
    flash(_("Your PIN is set for this device."), "posted")
    return _to_account()


@pages.post("/account/device/pin/give-up")
@login_required
def give_up_pin() -> Answer:
    device = signing.this_device()
    if device is not None:
        with transaction():
            sessions.give_up_pin(device, by=me(), at=clock.now(), address=_address())
    flash(_("On this device only your password lets you in."), "posted")
    return _to_account()


@pages.get("/settings/devices")
@login_required
def list_() -> Answer:
    """The devices that people share, and the way to end each."""
    access.require(me(), "settings.read")
    rows = sessions.devices(at=clock.now())
    columns = [
        Column("name", _("Device"), "main"),
        Column("enrolled_by", _("Enrolled by")),
        Column("enrolled_at", _("Since"), "day"),
        Column("expires_at", _("Ends on"), "day"),
        Column("people", _("People"), "number"),
    ]
    if asked.wants_file():
        return download(
            Listing(request.path, request.args, columns, rows),
            rows,
            _cell,
            name="shared-devices",
            title=_("Shared devices"),
        )
    listing = Listing(request.path, request.args, [*columns, Column("act", _("Actions"))], rows, total=len(rows))
    here = signing.this_device()
    return render_template(
        "settings/devices.html", listing=listing, may_end=me().may("device.end"), here=here.id if here else None
    )


def _cell(row: Any, key: str) -> Any:
    return getattr(row, key) if key in ("enrolled_by", "people") else getattr(row.SharedDevice, key)


@pages.post("/settings/devices")
@login_required
def end() -> Answer:
    """Ends a device: whoever is on it is signed out, no PIN opens it any more."""
    access.require(me(), "device.end")
    with transaction():
        ended = sessions.end_device(
            number_of(request.form.get("device")) or 0, by=me(), at=clock.now(), address=_address()
        )
    flash(_("%(device)s opens nothing any more.", device=ended.name), "posted")
    return redirect(url_for("shared.list_"))  # type: ignore[return-value]


@pages.post("/people/@<username>/badge")
@login_required
def end_badge(username: str) -> Answer:
    """A badge is lost: it opens nothing from now on."""
    access.require(me(), "people.write")
    with transaction():
        sessions.end_badges(access.get_user(username), by=me(), at=clock.now(), address=_address())
    flash(_("The badge opens nothing any more. Print a new one."), "posted")
    return redirect(url_for("people.show", username=username))  # type: ignore[return-value]


def _account(typed: Typed, status: int) -> Answer:
    return account_page(typed, status=status)


def _to_account() -> Response:
    return redirect(url_for("account.show") + "#device")  # type: ignore[return-value]


def _keep_key(answer: Response, key: str, device: SharedDevice) -> None:
    answer.set_cookie(
        signing.device_cookie(), key, expires=device.expires_at, httponly=True, samesite="Lax", path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )  # fmt: skip


def _address() -> str:
    return request.remote_addr or ""
