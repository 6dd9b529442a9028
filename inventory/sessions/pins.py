"""PINs: six digits or more that open one shared device for one person, while their password there is fresh."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NoReturn

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from inventory import audit, settings
from inventory.access import Identity, User, hash_of_nobody, hash_secret, identity_of, matches
from inventory.database import db
from inventory.errors import PinLocked, PinRefused, refuse_field
from inventory.sessions.devices import DevicePerson, SharedDevice, standing_of, trusted

SHORTEST_PIN, LONGEST_PIN = 6, 12
_ROWS = ("0123456789012345678901", "9876543210987654321098")


def set_pin(device: SharedDevice, key: str, pin: str, *, by: Identity, at: datetime, address: str) -> None:
    """Sets the PIN of a person who has just entered their password on this device; the one before stops counting.
    InvalidRequest for one that anybody would try first."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
        message = _l("A PIN has %(least)s to %(most)s digits.")
        refuse_field("/pin", "length", message, least=SHORTEST_PIN, most=LONGEST_PIN)
    if _is_obvious(pin):
        refuse_field("/pin", "obvious", _l("Anybody would try this PIN first: choose digits without a pattern."))
    mine = standing_of(device.id, by)
    assert mine is not None, "the door asks for the password, and admits, before"
    mine.pin_hash, mine.pin_tries, mine.is_pin_locked = hash_secret(_bound(key, pin)), 0, False
    _note("pin.set", device, by.username, by.id, at, address)


def give_up_pin(device: SharedDevice, *, by: Identity, at: datetime, address: str) -> None:
    """From now on only the password lets this person in here."""
    mine = standing_of(device.id, by)
    if mine is not None and mine.pin_hash is not None:
        mine.pin_hash = None
        _note("pin.given_up", device, by.username, by.id, at, address)


def come_in(
    device: SharedDevice, key: str, username: str, pin: str, *, at: datetime, today: date, address: str
) -> Identity | None:
    """Checks a PIN inside a transaction that is committed either way: None for a wrong one, which is counted.

    Raises PinLocked when the PIN was taken away after too many wrong ones. It takes as long for whoever has no PIN.
    """
    limits = settings.values_of(["pin_days", "sign_in_tries"], on=today)
    row = db.session.execute(
        select(DevicePerson, User)
        .join(User, User.id == DevicePerson.user_id)
        .where(DevicePerson.device_id == device.id, User.username == username, *trusted(at, limits["pin_days"]))
        .with_for_update(of=DevicePerson)
    ).one_or_none()
    if row is not None and row.DevicePerson.is_pin_locked:
        raise PinLocked
    pin_hash = row.DevicePerson.pin_hash if row is not None else None
    is_right = matches(pin_hash or hash_of_nobody(), _bound(key, pin)) and pin_hash is not None
    if row is None or not is_right:
        _count(device, row, username, limits["sign_in_tries"], at, address)
        return None
    row.DevicePerson.pin_tries = 0
    return enter(device, row.User, "pin", at=at, address=address)


def enter(device: SharedDevice, user: User, how: str, *, at: datetime, address: str) -> Identity:
    """Notes that somebody comes in by ``pin`` or ``badge``; who it is, for a new session."""
    _note(f"sign_in.{how}", device, user.username, user.id, at, address)
    return identity_of(user)


def _count(device: SharedDevice, row: Any, username: str, most: int, at: datetime, address: str) -> None:
    user_id = row.User.id if row is not None else None
    _note("pin.refused", device, username, user_id, at, address)
    if row is None or row.DevicePerson.pin_hash is None:
        return
    standing: DevicePerson = row.DevicePerson
    standing.pin_tries += 1
    if standing.pin_tries >= most:
        standing.pin_hash, standing.is_pin_locked = None, True
        _note("pin.locked", device, username, user_id, at, address)


def refuse_pin() -> NoReturn:
    """The one sentence for a wrong PIN, whatever was wrong."""
    raise PinRefused


def _bound(key: str, pin: str) -> str:
    """What is hashed: a copy of the database alone cannot be searched for PINs."""
    return f"{key}:{pin}"


def _is_obvious(pin: str) -> bool:
    return len(set(pin)) < 3 or any(pin in row for row in _ROWS) or pin[: len(pin) // 2] * 2 == pin


def _note(action: str, device: SharedDevice, username: str, user_id: int | None, at: datetime, address: str) -> None:
    details = {"device": device.name}
    audit.record(action, username[:60], at=at, actor=username[:60], actor_id=user_id, address=address, details=details)
