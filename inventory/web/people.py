"""People: who is here, which roles they hold, how they sign in; and who may do what."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_required
from sqlalchemy import select

from inventory import access, audit, clock, languages, sessions
from inventory import people as directory
from inventory.access import Identity, User, get_user
from inventory.codes.own import SYMBOLS
from inventory.database import db, transaction
from inventory.errors import NotFound, Refusal
from inventory.warehouses import Warehouse, get_warehouse
from inventory.web import asked, finding, notes
from inventory.web import session as signing
from inventory.web.asked import me
from inventory.web.downloads import download
from inventory.web.duties import ROLE_WORDS, matrix, role_word
from inventory.web.frame import named
from inventory.web.listing import Column, Listing
from inventory.web.typed import Typed, number_of

pages = Blueprint("people", __name__)
Answer = Response | str | tuple[str, int]
SIGN_INS_SHOWN = 20
STATES = {"active": True, "inactive": False}
TOKEN_DAYS = (30, 90, 365)


# ---- the list


@pages.get("/people")
@login_required
def list_() -> Answer:
    arguments, is_file = request.args, asked.wants_file()
    question = directory.people(
        role=asked.one_of("role", access.ROLES),
        warehouse=arguments.get("warehouse", ""),
        is_active=STATES.get(asked.one_of("state", list(STATES))),
    )
    rows, following = finding.page(
        question,
        User.username,
        words=arguments.get("search", ""),
        after=arguments.get("cursor"),
        is_whole=is_file,
        text=lambda row: f"{row.username} {row.display_name}",
    )
    held = directory.held_by([row.id for row in rows])
    listing = Listing(request.path, arguments, _columns(), rows, following)
    if is_file:
        return download(listing, rows, lambda row, key: _cell(row, key, held), name="people", title=_("People"))
    return render_template(
        "people/list.html",
        listing=listing,
        roles_of=lambda row: _roles_of(held.get(row.id, [])),
        roles=[(role, role_word(role)) for role in access.ROLES],
        warehouses=_warehouses(),
        may_write=me().may("people.write"),
    )


def _columns() -> list[Column]:
    return [
        Column("display_name", _("Name"), "main"),
        Column("username", _("Username")),
        Column("roles", _("Roles")),
        Column("language", _("Language"), is_shown=False),
        Column("state", _("State"), "state"),
    ]


def _cell(row: Any, key: str, held: dict[int, list[directory.Held]]) -> str:
    if key == "roles":
        return " · ".join(_roles_of(held.get(row.id, [])))
    if key == "state":
        return str(_("Active") if row.is_active else _("Shut out"))
    return str(getattr(row, key))


def _roles_of(held: list[directory.Held]) -> list[str]:
    return [f"{role_word(one.role)} – {one.warehouse.code if one.warehouse else _('everywhere')}" for one in held]


def _warehouses() -> list[tuple[str, str]]:
    found = db.session.scalars(select(Warehouse).where(Warehouse.is_active).order_by(Warehouse.code))
    return [(one.code, named(one) or one.code) for one in found]


@pages.get("/people/policy")
@login_required
def policy() -> Answer:
    """Who may do what: the policy table in words, for whoever reads people."""
    return render_template("people/policy.html", roles=[ROLE_WORDS[role] for role in access.ROLES], groups=matrix())


# ---- somebody new


@pages.get("/people/new")
@login_required
def new() -> Answer:
    access.require(me(), "people.write")
    return _new_page(Typed(language=languages.language()))


def _new_page(typed: Typed, status: int = 200) -> tuple[str, int]:
    page = render_template("people/new.html", form=typed)
    return page, status


@pages.post("/people")
@login_required
def add() -> Answer:
    access.require(me(), "people.write")
    typed = Typed(request.form)
    password = request.form.get("password", "") or _temporary_password()
    try:
        username = typed.text("username", most=60, is_required=True)
        display_name = typed.text("display_name", most=120, is_required=True)
        language = typed.choice("language", dict(languages.offered()))
        typed.settle()
        with transaction():
            user = access.add_user(
                username,
                password,
                at=clock.now(),
                by=me(),
                display_name=display_name,
                language=language,
                is_temporary=True,
            )
    except Refusal as refusal:
        return _new_page(typed, typed.refuse(refusal, "username"))
    flash(_("%(name)s was added. Give them a role now.", name=user.display_name), "posted")
    return _page(user, password=password)


def _temporary_password() -> str:
    """Sixteen symbols without lookalikes (80 bits), in fours, to be read over the telephone; small letters, as a phone
    writes them."""
    return "-".join("".join(secrets.choice(SYMBOLS) for _place in range(4)) for _group in range(4)).lower()


# ---- one person


@pages.get("/people/@<username>")
@login_required
def show(username: str) -> Answer:
    access.require(me(), "people.read")
    return _page(get_user(username))


def _page(
    user: User,
    *,
    status: int = 200,
    form: Typed | None = None,
    token: str = "",
    password: str = "",
    tokens_ended: int = 0,
) -> tuple[str, int]:
    """The page of a person; ``token`` and ``password`` are shown this once, and how many tokens the password ended."""
    at = clock.now()
    page = render_template(
        "people/show.html",
        person=user,
        form=form or Typed(display_name=user.display_name, language=user.language),
        held=directory.held_by([user.id]).get(user.id, []),
        role_words=ROLE_WORDS,
        warehouses=_warehouses(),
        tokens=directory.tokens_of(user.id),
        sessions=sessions.living(user.id, at=at, today=clock.today()),
        has_badge=sessions.has_badge(user.id),
        sign_ins=list(audit.records(action="sign_in", actor=user.username, limit=SIGN_INS_SHOWN)),
        locked_until=directory.locked_until(user.username, at),
        now=at,
        token=token,
        password=password,
        tokens_ended=tokens_ended,
        token_days=TOKEN_DAYS,
        may_write=me().may("people.write"),
        badge_way=_badge_way(user),
        is_self=user.id == current_user.id,
    )
    return page, status


def _badge_way(user: User) -> str | None:
    return asked.way("labels.sheet", of="badges", person=user.username, ones=1) if me().may("badge.print") else None


def _change(username: str, done: str, change: Callable[[User, Typed], Any]) -> Answer:
    """Permits, performs one change of a person, and presents their page again."""
    access.require(me(), "people.write")
    typed = Typed(request.form)
    try:
        with transaction():
            user = get_user(username)
            change(user, typed)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(get_user(username), status=typed.refuse(refusal, ""), form=typed)
    flash(done, "posted")
    return redirect(url_for("people.show", username=user.username))  # type: ignore[return-value]


@pages.post("/people/@<username>/name")
@login_required
def rename(username: str) -> Answer:
    def change(user: User, typed: Typed) -> None:
        name = typed.text("display_name", most=120, is_required=True)
        typed.settle()
        access.rename(user, name, at=clock.now(), by=me())
        access.set_language(user, typed.text("language"), at=clock.now(), by=me())

    return _change(username, _("The change is kept."), change)


@pages.post("/people/@<username>/grants")
@login_required
def give(username: str) -> Answer:
    def change(user: User, typed: Typed) -> None:
        role = typed.choice("role", access.ROLES)
        where = typed.text("warehouse")
        if where != "*":
            typed.choice("warehouse", [code for code, _name in _warehouses()])
        typed.settle()
        access.grant(user, role, None if where == "*" else get_warehouse(where), at=clock.now(), by=me())

    return _change(username, _("The role was given."), change)


@pages.post("/people/@<username>/grants/withdraw")
@login_required
def withdraw(username: str) -> Answer:
    def change(user: User, typed: Typed) -> None:
        access.withdraw(user, number_of(typed.text("grant")) or 0, at=clock.now(), by=me())

    return _change(username, _("The role was withdrawn."), change)


@pages.post("/people/@<username>/active")
@login_required
def set_active(username: str) -> Answer:
    is_active = request.form.get("is_active") == "1"

    def change(user: User, _typed: Typed) -> None:
        access.set_active(user, is_active, at=clock.now(), by=me())

    done = _("They may sign in again.") if is_active else _("They are shut out; their sessions and tokens have ended.")
    return _change(username, done, change)


@pages.post("/people/@<username>/unlock")
@login_required
def unlock(username: str) -> Answer:
    def change(user: User, _typed: Typed) -> None:
        directory.unlock(user.username)
        notes.note("user.unlocked", user.username)

    return _change(username, _("They may try to sign in again."), change)


@pages.post("/people/@<username>/sessions")
@login_required
def end_session(username: str) -> Answer:
    def change(user: User, typed: Typed) -> None:
        found = number_of(typed.text("session")) or 0
        sessions.end(found, user.id, at=clock.now(), by=me(), address=request.remote_addr or "")

    return _change(username, _("The session has ended."), change)


@pages.post("/people/@<username>/password")
@login_required
def reset_password(username: str) -> Answer:
    """A new temporary password, shown once; every session and token of the person ends."""
    access.require(me(), "people.write")
    typed = Typed(request.form)
    password = request.form.get("password", "") or _temporary_password()
    try:
        with transaction():
            user = get_user(username)
            ended = access.reset_password(user, password, at=clock.now(), by=me())
            directory.unlock(user.username)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(get_user(username), status=typed.refuse(refusal), form=typed)
    return _page(user, password=password, tokens_ended=ended)


# ---- tokens


@pages.post("/people/@<username>/tokens")
@login_required
def add_token(username: str) -> Answer:
    access.require(me(), "people.write")
    return make_token(
        username,
        lambda form, token, status: _page(get_user(username), form=form, token=token, status=status),
    )


@pages.post("/people/@<username>/tokens/revoke")
@login_required
def revoke_token(username: str) -> Answer:
    def change(user: User, typed: Typed) -> None:
        revoke_own_token(user, number_of(typed.text("token")), me())

    return _change(username, _("The token was revoked."), change)


def make_token(username: str, page: Callable[[Typed | None, str, int], tuple[str, int]]) -> tuple[str, int]:
    """Makes a token as the form asks and shows it, this once: a redirect would have to keep it somewhere. A token
    outlives the session that makes it, so the password is asked once more."""
    typed = Typed(request.form)
    try:
        name = typed.text("name", most=80, is_required=True)
        days = typed.whole("days", 1, access.LONGEST_DAYS)
        typed.settle()
        signing.confirm("token_password")
        with transaction():
            token = access.create_token(
                get_user(username),
                name,
                at=clock.now(),
                days=days,
                is_read_only=typed.tick("is_read_only"),
                by=me(),
            )
    except Refusal as refusal:
        return page(typed, "", typed.refuse(refusal, "name"))
    return page(None, token, 200)


def revoke_own_token(user: User, token_id: int | None, by: Identity) -> None:
    """Revokes a token of this person; another's is not found."""
    mine = next((one for one in directory.tokens_of(user.id) if one.id == token_id), None)
    access.revoke_token(mine.id if mine else 0, at=clock.now(), by=by)
