"""Who is signed in, on which device: kept by the server, and ended for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from inventory import access, audit, sessions, settings
from inventory.access import Identity
from inventory.database import db, transaction
from inventory.errors import NotFound
from inventory.sessions import Presence, UserSession
from tests import make

NOON = datetime.fromisoformat("2026-11-23T12:00:00Z")


@pytest.fixture
def amina(app: Flask) -> Identity:
    return make.person("amina", "storekeeper")


def begun(person: Identity, *, at: datetime = NOON, device: str = "Phone") -> str:
    return make.done(sessions.begin, person, at=at, address="10.0.0.1", device=device)


def present(key: str, *, at: datetime = NOON) -> Presence | None:
    return sessions.by_key(key, at=at, today=make.TODAY)


def living(person: Identity, *, at: datetime = NOON) -> list[UserSession]:
    return sessions.living(person.id, at=at, today=make.TODAY)


def about(username: str, verb: Any, *arguments: Any, by: Identity) -> None:
    with transaction():
        verb(access.get_user(username), *arguments, at=NOON, by=by)


def test_a_key_says_who_is_there_and_what_they_may(amina: Identity) -> None:
    there = present(begun(amina))
    assert there is not None
    assert (there.person, there.must_choose) == (amina, False)


def test_the_database_holds_no_key(amina: Identity) -> None:
    key = begun(amina)
    assert key not in db.session.scalars(select(UserSession.key_hash)).one()
    assert len({key, begun(amina)}) == 2


@pytest.mark.parametrize("foreign", ["", "guess", "x" * 5000])
def test_a_key_that_nobody_was_given_opens_nothing(amina: Identity, foreign: str) -> None:
    begun(amina)
    assert present(foreign) is None


def test_a_session_ends_when_it_is_not_used(amina: Identity) -> None:
    key = begun(amina)
    assert present(key, at=NOON + timedelta(minutes=480)) is not None
    assert present(key, at=NOON + timedelta(minutes=481)) is None


def test_the_commune_decides_how_long_unused_is(amina: Identity) -> None:
    key = begun(amina)
    make.done(settings.decide, {"session_idle_minutes": 5}, effective_on=make.TODAY, at=NOON, by=amina)
    assert present(key, at=NOON + timedelta(minutes=5)) is not None
    assert present(key, at=NOON + timedelta(minutes=6)) is None
    assert living(amina, at=NOON + timedelta(minutes=6)) == []


def test_use_keeps_a_session_alive_for_twelve_hours_at_most(amina: Identity) -> None:
    key = begun(amina)
    for hour in range(1, 12):
        at = NOON + timedelta(hours=hour)
        there = present(key, at=at)
        assert there is not None
        make.done(sessions.seen, there, at=at)
    assert present(key, at=NOON + timedelta(hours=12)) is None


def test_use_is_written_down_once_a_minute(amina: Identity) -> None:
    there = present(begun(amina))
    assert there is not None
    assert not sessions.is_due(there, NOON + timedelta(seconds=59))
    assert sessions.is_due(there, NOON + timedelta(seconds=60))


def test_ended_is_ended(amina: Identity) -> None:
    key = begun(amina)
    make.done(sessions.sign_out, key, amina, at=NOON, address="10.0.0.1")
    assert present(key) is None
    make.done(sessions.leave, key, at=NOON + timedelta(hours=1))
    assert db.session.scalars(select(UserSession.ended_at)).one() == NOON


def test_one_device_is_ended_and_the_others_stay(amina: Identity) -> None:
    phone, desk = begun(amina, device="Phone"), begun(amina, device="Desk", at=NOON + timedelta(minutes=1))
    assert [one.device for one in living(amina)] == ["Desk", "Phone"]
    lost = living(amina)[1].id
    for _ in range(2):  # twice changes nothing
        make.done(sessions.end, lost, amina.id, at=NOON, by=amina, address="10.0.0.1")
    assert (present(phone), present(desk) is not None) == (None, True)
    assert [one.details for one in audit.records(action="session.ended")] == [{"device": "Phone"}]


def test_nobody_ends_a_session_of_another(amina: Identity) -> None:
    key = begun(amina)
    driss = make.person("driss")
    with pytest.raises(NotFound):
        make.done(sessions.end, living(amina)[0].id, driss.id, at=NOON, by=driss, address="10.0.0.1")
    assert present(key) is not None


def test_a_new_password_ends_every_session_that_stands(amina: Identity) -> None:
    keys = [begun(amina), begun(amina)]
    about("amina", access.change_password, "another long secret", by=amina)
    assert [present(key) for key in keys] == [None, None]
    assert present(begun(access.identity_of(access.get_user("amina")))) is not None


def test_who_is_shut_out_is_out_and_no_session_comes_back(amina: Identity) -> None:
    key, nadia = begun(amina), make.person("nadia", "administrator")
    about("amina", access.set_active, False, by=nadia)
    assert present(key) is None
    about("amina", access.set_active, True, by=nadia)
    assert present(key) is None


def test_a_grant_counts_at_the_next_page(amina: Identity) -> None:
    key = begun(amina)
    about("amina", access.grant, "auditor", None, by=amina)
    there = present(key)
    assert there is not None
    assert there.person.may("audit.read")


def test_what_is_long_over_is_forgotten(amina: Identity) -> None:
    begun(amina, at=NOON - timedelta(days=31))
    begun(amina, at=NOON - timedelta(days=29))
    begun(amina)
    assert len(db.session.scalars(select(UserSession.id)).all()) == 2
