"""Fast change of user on a shared device, by the pages: whoever comes in has a session of their own."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from inventory import access, audit, clock, sessions, settings
from inventory.database import db, transaction
from inventory.sessions import SharedDevice, UserSession
from tests import make
from tests.script import Store
from tests.web.visitors import PASSWORD, Visitor, add_person, words

PINS = {"salma": "482915", "brahim": "907351"}
LOCKED = "Qui arrive ?"


@pytest.fixture
def counter(app: Flask) -> Visitor:
    """A tablet on the counter of CENTRAL, shared by salma, on which brahim has been too; locked."""
    Store.opened(bolt={})
    for name in PINS:
        add_person(name, ("storekeeper", "CENTRAL"))
    tablet = Visitor(app)
    tablet.post("/language", language="fr")
    tablet.sign_in("salma")
    shared = tablet.post("/account/device", device_name="Comptoir", device_password=PASSWORD)
    assert shared.status_code == 302, words(shared)
    for name in PINS:
        if name != "salma":
            assert tablet.sign_in(name).status_code == 302
        answer = tablet.post("/account/device/pin", pin=PINS[name], pin_again=PINS[name], pin_password=PASSWORD)
        assert answer.status_code == 302, words(answer)
        assert tablet.post("/lock").headers["Location"].startswith("/sign-in")
    return tablet


def come_in(tablet: Visitor, name: str, pin: str = "", **more: str) -> int:
    return tablet.post("/come-in", username=name, pin=pin or PINS[name], **more).status_code


def who(tablet: Visitor) -> str:
    answer = tablet.get("/account")
    return next((name for name in (*PINS, "chief") if f'data-person="{name}"' in answer.text), "")


def test_two_people_change_by_pin_and_each_has_a_session_of_their_own(counter: Visitor, app: Flask) -> None:
    assert LOCKED in words(counter.get("/sign-in"))
    assert who(counter) == ""
    assert come_in(counter, "salma") == 302
    before = counter.cookie() or ""
    assert who(counter) == "salma"
    assert come_in(counter, "brahim") == 302  # without locking first: the session of salma ends all the same
    assert who(counter) == "brahim"
    copy = Visitor(app)
    copy.client.set_cookie("session", before)
    assert who(copy) == ""
    living = db.session.scalars(select(UserSession).where(UserSession.ended_at.is_(None))).all()
    assert [one.user_id for one in living] == [access.get_user("brahim").id]
    assert all(one.shared_device_id is not None for one in living)


def test_a_session_planted_before_is_worth_nothing_after(counter: Visitor, app: Flask) -> None:
    counter.get("/sign-in")
    planted = counter.cookie() or ""
    come_in(counter, "salma")
    assert counter.cookie() != planted
    thief = Visitor(app)
    thief.client.set_cookie("session", planted)
    assert who(thief) == ""


def test_a_pin_is_worth_nothing_elsewhere(counter: Visitor, app: Flask) -> None:
    elsewhere = Visitor(app)
    assert come_in(elsewhere, "salma") == 302
    assert who(elsewhere) == ""
    elsewhere.client.set_cookie("device", "guessed")
    assert come_in(elsewhere, "salma") == 302
    assert who(elsewhere) == ""
    assert LOCKED not in words(elsewhere.get("/sign-in"))


def test_a_page_that_locks_when_another_has_locked_already_finds_it_done(counter: Visitor) -> None:
    come_in(counter, "salma")
    token = counter.token()
    counter.post("/lock")
    answer = counter.client.post("/lock", data={"csrf_token": token})
    assert answer.headers["Location"] == "/sign-in"


def test_the_lock_shows_who_may_come_in_and_nobody_else(counter: Visitor) -> None:
    add_person("chief", ("manager", None))
    page = words(counter.get("/sign-in"))
    assert "Salma" in page
    assert "Brahim" in page
    assert "Chief" not in page
    assert "Comptoir" in page


def test_wrong_pins_are_counted_and_then_the_password_is_needed(counter: Visitor) -> None:
    for _ in range(5):
        assert come_in(counter, "salma", "135790") == 401
    assert come_in(counter, "salma") == 429
    assert "Salma" not in words(counter.get("/sign-in"))
    assert come_in(counter, "brahim") == 302
    assert counter.post("/sign-in", username="salma", password=PASSWORD).status_code == 302
    assert who(counter) == "salma"


def test_a_form_without_its_token_lets_nobody_in(counter: Visitor) -> None:
    answer = counter.client.post("/come-in", data={"username": "salma", "pin": PINS["salma"], "next": "/stock"})
    assert answer.status_code == 400
    assert who(counter) == ""
    assert "restée ouverte trop longtemps" in words(answer)  # the lock again, as it was, that of this very evening
    assert re.search(r'value="salma" required checked', answer.text)
    assert 'name="next" value="/stock"' in answer.text
    assert PINS["salma"] not in answer.text


def test_whoever_comes_back_goes_on_and_anybody_else_begins_anew(counter: Visitor) -> None:
    for name, address in (("salma", "/stock"), ("brahim", "/")):
        come_in(counter, "salma")
        counter.post("/lock", next="/stock")
        answer = counter.post("/come-in", username=name, pin=PINS[name], next="/stock")
        assert answer.headers["Location"] == address
        counter.post("/lock")


def test_the_house_locks_by_itself_and_what_a_page_asks_alone_is_no_use(
    counter: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = clock.now()
    come_in(counter, "salma")
    for seconds, address in ((60, "/api/v1/station/device"), (110, "/api/v1/station/snapshot?warehouse=CENTRAL")):
        monkeypatch.setattr(clock, "now", lambda later=seconds: start + timedelta(seconds=later))
        assert counter.get(address).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=130))
    assert counter.get("/api/v1/station/device").status_code == 401
    assert who(counter) == ""
    monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=140))
    come_in(counter, "salma")
    for minute in range(1, 6):
        monkeypatch.setattr(clock, "now", lambda later=minute: start + timedelta(seconds=140 + 60 * later))
        assert counter.post("/awake").status_code == 204
    assert who(counter) == "salma"


def test_every_paper_bears_the_right_person(counter: Visitor) -> None:
    for name in ("salma", "brahim", "salma"):
        come_in(counter, name)
        body = {"kind": "opening", "warehouse": "CENTRAL", "lines": [{"item": "bolt", "quantity": "1"}]}
        answer = counter.client.post(
            "/api/v1/documents", json=body, headers={"Idempotency-Key": make.key(), "X-CSRFToken": counter.token()}
        )
        assert answer.get_json()["by"] == name
        counter.post("/lock")
    acts = [
        (one.actor, one.action) for one in audit.records(limit=None) if one.action in ("sign_in.pin", "session.locked")
    ]
    turns = [(name, act) for name in ("salma", "brahim", "salma") for act in ("sign_in.pin", "session.locked")]
    assert acts[::-1][-6:] == turns


def badge(app: Flask, username: str) -> str:
    code = "MKB" + username.upper().ljust(26, "0")
    with transaction():
        user = access.get_user(username)
        sessions.issue_badge(user.id, username, code, by=access.identity_of(user), at=clock.now(), address="")
    return code


def test_a_badge_says_who_comes_and_the_pin_lets_them_in(counter: Visitor, app: Flask) -> None:
    code = badge(app, "salma")
    page = counter.post("/come-in", badge=code)
    assert page.status_code == 200
    assert "Badge lu" in words(page)
    assert who(counter) == ""
    assert counter.post("/come-in", badge=code, username="brahim", pin=PINS["brahim"]).status_code == 401
    assert counter.post("/come-in", badge=code, username="brahim", pin=PINS["salma"]).status_code == 302
    assert who(counter) == "salma"
    assert counter.post("/come-in", badge="MKB" + "Z" * 26).status_code == 401


def test_a_badge_alone_lets_in_where_the_commune_decides_so(counter: Visitor, app: Flask) -> None:
    with transaction():
        by = access.identity_of(access.get_user("salma"))
        settings.decide({"badge_needs_pin": 0}, effective_on=clock.today(), at=clock.now(), by=by)
    assert counter.post("/come-in", badge=badge(app, "brahim")).status_code == 302
    assert who(counter) == "brahim"
    assert "sign_in.badge" in [one.action for one in audit.records(limit=None)]


def test_a_device_is_shared_under_a_password_by_who_may(app: Flask) -> None:
    Store.opened(bolt={})
    add_person("salma", ("storekeeper", "CENTRAL"))
    add_person("reader", ("auditor", None))
    tablet = Visitor(app)
    tablet.sign_in("salma")
    assert tablet.post("/account/device", device_name="Comptoir", device_password="wrong").status_code == 422
    assert tablet.post("/account/device", device_name="", device_password=PASSWORD).status_code == 422
    reader = Visitor(app)
    reader.sign_in("reader")
    assert reader.post("/account/device", device_name="X", device_password=PASSWORD).status_code == 403
    assert db.session.scalars(select(SharedDevice)).all() == []
    answer = tablet.post("/account/device", device_name="Comptoir", device_password=PASSWORD)
    kept = answer.headers.getlist("Set-Cookie")
    (cookie,) = (one for one in kept if one.startswith("device="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert tablet.post("/account/device/pin", pin="482915", pin_again="482915", pin_password="no").status_code == 422
    assert (
        tablet.post("/account/device/pin", pin="482915", pin_again="482916", pin_password=PASSWORD).status_code == 422
    )
    assert 'data-lock-after="120"' in tablet.get("/account").text


def test_an_ended_device_opens_nothing_at_once(counter: Visitor, app: Flask) -> None:
    add_person("chief", ("manager", None))
    chief = Visitor(app)
    chief.sign_in("chief")
    come_in(counter, "salma")
    assert "Comptoir" in words(chief.get("/settings/devices"))
    assert "Comptoir" in chief.get("/settings/devices?format=csv&column=act&column=people").get_data(as_text=True)
    assert chief.get("/settings/devices?format=xlsx").status_code == 200
    assert "Entrée par code PIN" in words(counter.get("/account"))
    number = db.session.scalars(select(SharedDevice.id)).one()
    assert counter.post("/settings/devices", device=str(number)).status_code == 403
    assert chief.post("/settings/devices", device=str(number)).status_code == 302
    assert who(counter) == ""
    assert come_in(counter, "salma") == 302
    assert who(counter) == ""
    assert LOCKED not in words(counter.get("/sign-in"))


def test_who_came_in_by_pin_makes_no_token_without_the_password(counter: Visitor) -> None:
    assert come_in(counter, "salma") == 302
    form = {"name": "kept", "days": "365"}
    for password in ("", PINS["salma"]):
        answer = counter.post("/account/tokens", **form, token_password=password)
        assert answer.status_code == 422
        assert 'id="token_password-error"' in answer.text
    assert db.session.scalars(select(access.Token)).all() == []
    assert counter.post("/account/tokens", **form, token_password=PASSWORD).status_code == 200


def test_a_temporary_password_gives_no_pin(counter: Visitor) -> None:
    with transaction():
        user = access.get_user("salma")
        access.reset_password(user, "a temporary password", at=clock.now(), by=None)
    assert come_in(counter, "salma") == 401
    counter.sign_in("salma", "a temporary password")
    assert counter.post("/account/device/pin", pin="482915", pin_again="482915").status_code == 302
    counter.post("/sign-out")
    assert come_in(counter, "salma") == 401


def test_a_temporary_password_keeps_nobody_on_the_device(counter: Visitor) -> None:
    with transaction():
        user = access.get_user("salma")
        access.reset_password(user, "a temporary password", at=clock.now(), by=None)
    counter.sign_in("salma", "a temporary password")
    assert counter.post("/awake").status_code == 204
    assert counter.post("/lock").headers["Location"].startswith("/sign-in")
    assert who(counter) == ""


@pytest.mark.parametrize(
    ("days", "said"), [(1, "يدخلك لمدة يوم واحد"), (2, "يدخلك لمدة يومين"), (3, "يدخلك لمدة 3 أيام"), (11, "11 يوما")]
)
def test_the_days_of_a_pin_are_counted_as_arabic_counts(counter: Visitor, days: int, said: str) -> None:
    with transaction():
        boss = access.identity_of(access.get_user("salma"))
        settings.decide({"pin_days": days}, effective_on=clock.today(), at=clock.now(), by=boss)
    counter.sign_in("salma")
    counter.post("/language", language="ar")
    assert said in words(counter.get("/account"))


def test_a_lost_badge_is_ended_on_the_page_of_its_person(counter: Visitor, app: Flask) -> None:
    code = badge(app, "salma")
    add_person("chief", ("administrator", None))
    chief = Visitor(app)
    chief.sign_in("chief")
    assert "Le badge est perdu" in words(chief.get("/people/@salma"))
    assert chief.post("/people/@salma/badge").status_code == 302
    assert "Le badge est perdu" not in words(chief.get("/people/@salma"))
    assert counter.post("/come-in", badge=code).status_code == 401
