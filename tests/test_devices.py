"""Shared devices: a PIN or badge opens one device for one person, for a while, and never by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from inventory import access, audit, sessions, settings
from inventory.access import Identity, User
from inventory.database import db, transaction
from inventory.errors import InvalidRequest, PinLocked
from inventory.sessions import DevicePerson, SharedDevice
from tests import make

NOON = datetime.fromisoformat("2026-11-23T12:00:00Z")
PIN, OTHER = "482915", "907351"
DAY = timedelta(days=1)


@pytest.fixture
def amina(app: Flask) -> Identity:
    return make.person("amina", "storekeeper")


@pytest.fixture
def driss(app: Flask) -> Identity:
    return make.person("driss", "storekeeper")


class Counter:
    """A device on a counter, enrolled by somebody."""

    def __init__(self, by: Identity, at: datetime = NOON) -> None:
        self.device, self.key = make.done(
            sessions.enrol, "Comptoir", by=by, at=at, today=make.TODAY, address="10.0.0.1"
        )

    def set_pin(self, by: Identity, pin: str = PIN, at: datetime = NOON) -> None:
        with transaction():
            sessions.admit(self.device.id, by, at=at)
            sessions.set_pin(self.device, self.key, pin, by=by, at=at, address="10.0.0.1")

    def come_in(self, username: str, pin: str = PIN, *, at: datetime = NOON, key: str | None = None) -> Identity | None:
        return make.done(
            sessions.come_in, self.device, key or self.key, username, pin, at=at, today=make.TODAY, address="10.0.0.1"
        )

    def names(self, at: datetime = NOON) -> list[str]:
        return [one.username for one in sessions.may_come_in(self.device.id, at=at, today=make.TODAY)]


def acts() -> list[str]:
    return [record.action for record in audit.records(limit=None)][::-1]


def test_a_pin_opens_its_device_for_its_person(amina: Identity, driss: Identity) -> None:
    counter = Counter(amina)
    counter.set_pin(amina)
    counter.set_pin(driss, OTHER)
    assert counter.names() == ["amina", "driss"]
    assert counter.come_in("amina") == amina
    assert counter.come_in("driss", OTHER) == driss
    assert counter.come_in("driss", PIN) is None
    assert acts() == [
        "device.enrolled", "pin.set", "pin.set", "sign_in.pin", "sign_in.pin", "pin.refused",
    ]  # fmt: skip


def test_a_pin_opens_no_other_device(amina: Identity) -> None:
    counter, other = Counter(amina), Counter(amina)
    counter.set_pin(amina)
    assert other.come_in("amina") is None
    assert counter.come_in("amina", key=other.key) is None


def test_the_database_holds_neither_the_key_nor_anything_that_can_be_searched_for_pins(amina: Identity) -> None:
    counter = Counter(amina)
    counter.set_pin(amina)
    kept = db.session.scalars(select(DevicePerson.pin_hash)).one()
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert access.matches(kept, f"{counter.key}:{PIN}")
    assert not access.matches(kept, PIN)
    assert counter.key not in db.session.scalars(select(SharedDevice.key_hash)).one()


@pytest.mark.parametrize(
    "pin", ["", "12345", "1234567890123", "48291a", "٤٨٢٩١٥", "111111", "112211", "123456", "765432", "482482"]
)
def test_a_pin_is_long_enough_and_no_pattern(amina: Identity, pin: str) -> None:
    counter = Counter(amina)
    with pytest.raises(InvalidRequest):
        counter.set_pin(amina, pin)


def test_wrong_pins_take_the_pin_away_and_the_password_brings_a_new_one(amina: Identity) -> None:
    counter = Counter(amina)
    counter.set_pin(amina)
    for _ in range(5):
        assert counter.come_in("amina", OTHER) is None
    with pytest.raises(PinLocked):
        counter.come_in("amina")
    assert counter.names() == []
    assert acts().count("pin.refused") == 5
    assert acts()[-1] == "pin.locked"
    make.done(sessions.admit, counter.device.id, amina, at=NOON)  # the password alone brings the old PIN not back
    with pytest.raises(PinLocked):
        counter.come_in("amina")
    counter.set_pin(amina, OTHER)
    assert counter.come_in("amina", OTHER) == amina


def test_a_right_pin_forgives_the_wrong_ones_before_it(amina: Identity) -> None:
    counter = Counter(amina)
    counter.set_pin(amina)
    for _ in range(3):
        for _ in range(4):
            assert counter.come_in("amina", OTHER) is None
        assert counter.come_in("amina") == amina


def test_a_pin_holds_while_the_password_was_entered_here_lately(amina: Identity) -> None:
    counter = Counter(amina)
    counter.set_pin(amina)
    assert counter.come_in("amina", at=NOON + 13 * DAY) == amina
    assert counter.come_in("amina", at=NOON + 14 * DAY) is None
    make.done(sessions.admit, counter.device.id, amina, at=NOON + 14 * DAY)
    assert counter.come_in("amina", at=NOON + 20 * DAY) == amina


@pytest.mark.parametrize("change", ["password", "shut out"])
def test_a_new_password_or_being_shut_out_ends_the_pin(amina: Identity, driss: Identity, change: str) -> None:
    counter = Counter(amina)
    counter.set_pin(amina)
    with transaction():
        user = access.get_user("amina")
        if change == "password":
            access.change_password(user, "another long password", at=NOON, by=driss)
        else:
            access.set_active(user, False, at=NOON, by=driss)
    assert counter.names() == []
    assert counter.come_in("amina") is None
    if change == "password":  # entering the new password does not bring the old PIN back
        make.done(sessions.admit, counter.device.id, access.identity_of(access.get_user("amina")), at=NOON)
        assert counter.come_in("amina") is None


def test_a_device_ends_by_itself_and_by_hand(amina: Identity, driss: Identity) -> None:
    counter = Counter(amina)
    assert sessions.device_by_key(counter.key, at=NOON + 89 * DAY) is not None
    assert sessions.device_by_key(counter.key, at=NOON + 90 * DAY) is None
    assert sessions.device_by_key("guess", at=NOON) is None
    for _ in range(2):
        make.done(sessions.end_device, counter.device.id, by=driss, at=NOON, address="10.0.0.1")
    assert sessions.device_by_key(counter.key, at=NOON) is None
    assert list(sessions.devices(at=NOON)) == []
    assert acts() == ["device.enrolled", "device.ended"]


def begun(person: Identity, counter: Counter) -> str:
    named: Any = {"address": "", "device": "", "shared_device_id": counter.device.id}
    return make.done(sessions.begin, person, at=NOON, **named)


def test_a_session_on_a_shared_device_locks_after_two_minutes_and_dies_with_it(amina: Identity) -> None:
    counter = Counter(amina)
    key = begun(amina, counter)

    def present(after: timedelta) -> sessions.Presence | None:
        return sessions.by_key(key, at=NOON + after, today=make.TODAY)

    there = present(timedelta(minutes=2))
    assert there is not None
    assert there.lock_minutes == 2
    assert sessions.is_due(there, NOON + timedelta(seconds=10))
    assert present(timedelta(minutes=2, seconds=1)) is None
    assert sessions.living(amina.id, at=NOON + timedelta(minutes=3), today=make.TODAY) == []
    make.done(settings.decide, {"device_lock_minutes": 5}, effective_on=make.TODAY, at=NOON, by=amina)
    assert present(timedelta(minutes=5)) is not None
    make.done(sessions.end_device, counter.device.id, by=amina, at=NOON, address="")
    assert present(timedelta(0)) is None


def holder(counter: Counter, code: str, at: datetime = NOON) -> User | None:
    return make.done(sessions.by_badge, counter.device, code, at=at, today=make.TODAY, address="")


def issue(person: Identity, code: str) -> None:
    make.done(sessions.issue_badge, person.id, person.username, code, by=person, at=NOON, address="")


def test_the_last_badge_counts_on_devices_that_know_its_person(amina: Identity, driss: Identity) -> None:
    counter = Counter(amina)
    first, second = "MKB" + "A" * 26, "MKB" + "B" * 26
    issue(amina, first)
    issue(driss, "MKB" + "C" * 26)
    assert holder(counter, first.lower()) is not None
    assert holder(counter, "MKB" + "C" * 26) is None  # his password was never entered here
    issue(amina, second)
    issue(amina, second)
    assert holder(counter, first) is None
    assert holder(counter, second) is not None
    assert holder(counter, second, at=NOON + 14 * DAY) is None
    make.done(sessions.end_badges, access.get_user("amina"), by=driss, at=NOON, address="")
    assert holder(counter, second) is None
    assert acts().count("badge.issued") == 3
    assert acts().count("badge.ended") == 1
    assert acts().count("badge.refused") == 4
