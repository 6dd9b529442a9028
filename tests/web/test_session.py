"""Signing in and out: sessions are kept by the server, wrong tries are counted for everybody."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from inventory import access, clock, create_app, sessions, settings
from inventory.database import db, transaction
from tests.databases import dispose
from tests.web.visitors import NOW, PASSWORD, Visitor, add_person, signed_in


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/account").status_code == 200


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask):
    owner = signed_in(app, "owner")
    thief = Visitor(app)
    thief.client.set_cookie("session", owner.cookie() or "")
    assert is_in(thief)
    assert owner.post("/sign-out").status_code == 302
    assert not is_in(owner)
    thief.client.set_cookie("session", thief.cookie() or "")
    assert not is_in(thief)


def test_the_cookie_changes_at_sign_in_and_an_old_one_opens_nothing(app: Flask):
    add_person("keeper")
    visitor, planted = Visitor(app), Visitor(app)
    visitor.get("/sign-in")
    before = visitor.cookie() or ""
    visitor.sign_in("keeper")
    assert visitor.cookie() != before
    planted.client.set_cookie("session", before)
    assert not is_in(planted)


@pytest.mark.parametrize("address", ["/sw.js", "/manifest.webmanifest", "/healthz", "/api/v1/no-such"])
def test_what_shows_no_form_brings_no_cookie(app: Flask, address: str):
    """Its late answer would take the place of the cookie of a page that was asked for after it."""
    asked = Visitor(app)
    asked.get(address)
    assert asked.cookie() is None


def test_the_cookie_outlives_the_window(app: Flask):
    assert "Expires" in Visitor(app).get("/sign-in").headers["Set-Cookie"]


def test_a_sign_in_page_that_was_open_for_too_long_is_there_again(app: Flask):
    add_person("keeper")
    visitor = Visitor(app)
    token = visitor.token()
    visitor.client.delete_cookie("session")
    form = {"csrf_token": token, "username": "keeper", "password": PASSWORD, "next": "/stock"}
    answer = visitor.client.post("/sign-in", data=form)
    assert answer.status_code == 400
    assert not is_in(visitor)
    assert "بقيت هذه الصفحة مفتوحة أكثر مما يجب" in answer.text
    assert PASSWORD not in answer.text
    form["csrf_token"] = re.findall(r'name="csrf_token" value="([^"]+)"', answer.text)[-1]
    assert 'value="keeper"' in answer.text
    assert visitor.client.post("/sign-in", data=form).headers["Location"] == "/stock"
    assert is_in(visitor)


def test_a_language_asked_for_on_a_page_that_was_open_for_too_long_shows_that_page_again(app: Flask):
    visitor = Visitor(app)
    answer = visitor.client.post(
        "/language", data={"csrf_token": "old", "language": "fr", "next": "/sign-in?next=/stock"}
    )
    assert answer.headers["Location"] == "/sign-in?next=/stock"
    page = visitor.get("/sign-in?next=/stock").text
    assert "بقيت هذه الصفحة مفتوحة أكثر مما يجب" in page
    assert 'value="/stock"' in page


def test_signing_in_again_ends_the_session_this_browser_had(app: Flask):
    visitor = signed_in(app, "first")
    copy = Visitor(app)
    copy.client.set_cookie("session", visitor.cookie() or "")
    add_person("second")
    visitor.sign_in("second")
    assert is_in(visitor)
    assert not is_in(copy)


def test_the_database_holds_no_key(app: Flask):
    visitor = signed_in(app, "keeper")
    with visitor.client.session_transaction() as kept:
        key = kept["key"]
    held = db.session.scalars(select(sessions.UserSession.key_hash)).all()
    assert key not in held
    assert len(held) == 1


@pytest.mark.parametrize(
    ("age", "unused", "opens"),
    [
        (timedelta(hours=11, minutes=59), timedelta(minutes=29), True),
        (timedelta(hours=1), timedelta(minutes=31), False),
        (timedelta(hours=12, minutes=1), timedelta(minutes=1), False),
    ],
)
def test_a_session_ends_when_unused_or_too_old(app: Flask, age: timedelta, unused: timedelta, opens: bool):
    visitor = signed_in(app, "keeper")
    by, at = access.identity_of(access.get_user("keeper")), clock.now()
    with transaction():
        settings.decide({"session_idle_minutes": 30}, effective_on=clock.today(), at=at, by=by)
        found = db.session.scalars(select(sessions.UserSession)).one()
        found.created_at, found.last_seen_at = at - age, at - unused
    assert is_in(visitor) is opens
    assert is_in(visitor) is opens  # looking at a page that was refused revives nothing


def test_use_is_written_down_once_a_minute(app: Flask):
    visitor = signed_in(app, "keeper")
    seen = select(sessions.UserSession.last_seen_at)
    first = db.session.scalar(seen)
    visitor.get("/account")
    assert db.session.scalar(seen) == first
    with transaction():
        db.session.scalars(select(sessions.UserSession)).one().last_seen_at = clock.now() - timedelta(seconds=61)
    visitor.get("/account")
    assert clock.now() - db.session.scalar(seen) < timedelta(seconds=30)


def test_a_person_shut_out_is_out_at_once(app: Flask):
    visitor = signed_in(app, "keeper")
    add_person("boss", ("administrator", None))
    with transaction():
        boss = access.identity_of(access.get_user("boss"))
        access.set_active(access.get_user("keeper"), False, at=NOW, by=boss)
    assert not is_in(visitor)
    assert visitor.sign_in("keeper").status_code == 401


def test_wrong_tries_lock_the_name_for_every_process(app: Flask):
    add_person("keeper")
    visitors = [Visitor(app) for _ in range(5)]
    for visitor in visitors:
        answer = visitor.sign_in("keeper", "not the password")
        assert answer.status_code == 401
    for visitor in (visitors[0], Visitor(app)):
        assert visitor.sign_in("keeper").status_code == 429
    words = visitors[0].sign_in("keeper").text
    assert "15" in words
    assert PASSWORD not in words


def test_an_unknown_name_is_refused_in_the_same_words(app: Flask):
    add_person("keeper")
    known, unknown = Visitor(app).sign_in("keeper", "wrong words here"), Visitor(app).sign_in("nobody", "wrong words")
    assert known.status_code == unknown.status_code == 401
    assert known.text.count("data-errors") == unknown.text.count("data-errors") == 1


FOREIGN = (
    "https://elsewhere.example/",
    "//elsewhere.example",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "javascript:alert(1)",
    "////elsewhere.example",
    "///elsewhere.example",
    "/\\/\\/elsewhere.example",
    "/\t/elsewhere.example",
    "//[",
    "http://[x",
)


@pytest.mark.parametrize("foreign", FOREIGN)
def test_nobody_is_led_away_after_signing_in(app: Flask, foreign: str):
    add_person("keeper")
    visitor = Visitor(app)
    assert visitor.sign_in("keeper", next=foreign).headers["Location"] == "/"
    assert visitor.get("/sign-in", query_string={"next": foreign}).headers["Location"] == "/"
    assert visitor.post("/language", language="fr", next=foreign).headers["Location"] == "/"


def test_one_is_led_back_to_where_one_wanted_to_go(app: Flask):
    add_person("keeper")
    assert Visitor(app).sign_in("keeper", next="/account?x=1").headers["Location"] == "/account?x=1"


def test_the_cookie_is_for_us_alone(app: Flask):
    add_person("keeper")
    flags = Visitor(app).sign_in("keeper").headers["Set-Cookie"]
    assert "HttpOnly" in flags
    assert "SameSite=Lax" in flags
    assert "Secure" not in flags


def test_over_https_the_cookie_is_secure_and_bound_to_our_host(app: Flask):
    config = replace(app.extensions["makhazine.config"], public_url="https://stores.example")
    secure = create_app(config)
    try:
        flags = secure.test_client().get("/sign-in", base_url="https://stores.example").headers["Set-Cookie"]
        assert flags.startswith("__Host-session=")
        assert all(flag in flags for flag in ("Secure", "HttpOnly", "Path=/"))
        assert "Domain" not in flags
    finally:
        dispose(secure)


def test_every_change_needs_the_pages_token(app: Flask):
    visitor = signed_in(app, "boss", ("administrator", None))
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.endpoint.partition(".")[0] in OURS:
            address = rule.build(dict.fromkeys(rule.arguments, "x"), append_unknown=False)
            assert address is not None
            assert visitor.client.post(address[1]).status_code == 400, rule.rule


def test_what_a_page_asks_by_itself_is_told_that_nobody_is_signed_in(app: Flask):
    """The page keeps what is typed in it: neither another page nor the word of a forgery comes into it."""
    visitor = Visitor(app)
    asked = {"HX-Request": "true"}
    for answer in (
        visitor.client.get("/catalogue/items/options?q=g", headers=asked),
        visitor.client.post("/documents/new", headers=asked, data={"act": "autosave"}),
    ):
        assert answer.status_code == 401
        assert not answer.data
    assert visitor.client.get("/catalogue/items/options?q=g").status_code == 302


OURS = {"session", "account", "people", "parties", "places", "settings", "audit"}


def test_a_page_asks_who_is_there_in_one_statement(app: Flask):
    visitor = signed_in(app, "keeper", ("storekeeper", None))
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement if statement != "BEGIN" else "")

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        visitor.get("/more")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len([one for one in asked if "user_session" in one or "user_account" in one]) == 1
    assert len([one for one in asked if one]) <= 3
