"""Shared devices: enrolled by a person under their password, known again by a key in a cookie, ended at any time."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NoReturn

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from inventory import audit, errors, settings
from inventory.access import Identity, User
from inventory.database import Id, Instant, Model, db, fetch
from inventory.errors import DeviceUnknown
from inventory.texts import is_writable

LONGEST_NAME = 60


class SharedDevice(Model):
    """A device on a counter. ``key_hash``: SHA-256 of the key in its cookie."""

    __tablename__ = "shared_device"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    enrolled_at: Mapped[datetime] = mapped_column(Instant)
    enrolled_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


class DevicePerson(Model):
    """Somebody who entered their password on a shared device. ``version``: their ``session_version`` then, so that a
    new password ends what was set before it. ``pin_tries``: wrong ones since the last right one."""

    __tablename__ = "device_person"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    device_id: Mapped[int] = mapped_column(ForeignKey("shared_device.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    password_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int]
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    pin_tries: Mapped[int] = mapped_column(default=0)
    is_pin_locked: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (UniqueConstraint("device_id", "user_id"),)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody whom a device lets in by PIN."""

    username: str
    display_name: str


def key_hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def enrol(name: str, *, by: Identity, at: datetime, today: date, address: str) -> tuple[SharedDevice, str]:
    """Enrols the device in front of a person who has just entered their password; returns its key, for its cookie
    alone."""
    if not 1 <= len(name) <= LONGEST_NAME or not is_writable(name):
        message = _l("Give the device a name of at most %(most)s characters.")
        errors.refuse_field("/device_name", "length", message, most=LONGEST_NAME)
    days = settings.value_of("device_days", on=today)
    key = secrets.token_urlsafe(32)
    device = SharedDevice(
        name=name, key_hash=key_hash(key), enrolled_at=at, enrolled_by_id=by.id, expires_at=at + timedelta(days=days)
    )
    db.session.add(device)
    db.session.flush()
    admit(device.id, by, at=at)
    _note("device.enrolled", device, at, by, address)
    return device, key


def device_by_key(key: str, *, at: datetime) -> SharedDevice | None:
    """The device that holds this key; None when it is over or was ended."""
    question = select(SharedDevice).where(SharedDevice.key_hash == key_hash(key), *living_devices(at))
    return db.session.scalar(question)


def refuse_device() -> NoReturn:
    """The one place where a device is refused that lets nobody in."""
    raise DeviceUnknown


def living_devices(at: Any) -> tuple[Any, ...]:
    """The conditions of a device that still lets somebody in."""
    return (SharedDevice.ended_at.is_(None), SharedDevice.expires_at > at)


def admit(device_id: int, person: Identity, *, at: datetime) -> None:
    """Notes that a person entered their password on a device. A PIN from before another password is gone, and so are
    wrong tries."""
    found = db.session.scalar(_row(device_id, person.id))
    if found is None:
        found = DevicePerson(device_id=device_id, user_id=person.id, password_at=at, version=person.session_version)
        db.session.add(found)
    elif found.version != person.session_version:
        found.pin_hash = None
    found.password_at, found.version, found.pin_tries = at, person.session_version, 0
    db.session.flush()


def standing_of(device_id: int, person: Identity) -> DevicePerson | None:
    """How a person stands with a device; None when their password was never entered on it."""
    found: DevicePerson | None = db.session.scalar(_row(device_id, person.id))
    return found


def may_come_in(device_id: int, *, at: datetime, today: date, limit: int = 40) -> list[Member]:
    """Whom a device lets in by PIN, by their names."""
    known = (
        select(User.username, User.display_name)
        .join(DevicePerson, DevicePerson.user_id == User.id)
        .where(DevicePerson.device_id == device_id, DevicePerson.pin_hash.is_not(None))
        .where(*trusted(at, settings.value_of("pin_days", on=today)))
        .order_by(User.display_name, User.id)
    )
    return [Member(*row) for row in fetch(known.limit(limit))]


def trusted(at: datetime, days: int) -> tuple[Any, ...]:
    """The conditions, over ``DevicePerson`` and ``User``, that a password was entered there lately and still holds."""
    return (
        DevicePerson.version == User.session_version,
        DevicePerson.password_at > at - timedelta(days=days),
        User.is_active,
        ~User.password_is_temporary,
    )


def devices(*, at: datetime) -> Sequence[Any]:
    """The devices that still let somebody in, the latest first: ``SharedDevice``, ``enrolled_by``, ``people``."""
    people = select(func.count(DevicePerson.id)).where(DevicePerson.device_id == SharedDevice.id).scalar_subquery()
    question = select(SharedDevice, User.display_name.label("enrolled_by"), people.label("people"))
    return fetch(
        question.join(User, User.id == SharedDevice.enrolled_by_id)
        .where(*living_devices(at))
        .order_by(SharedDevice.id.desc())
    )


def end_device(device_id: int, *, by: Identity, at: datetime, address: str) -> SharedDevice:
    """Ends a device and every session on it; a second time changes nothing. Raises NotFound."""
    device = errors.found(db.session.get(SharedDevice, device_id), device_id)
    if device.ended_at is None:
        device.ended_at = at
        _note("device.ended", device, at, by, address)
    return device


def _row(device_id: int, user_id: int) -> Any:
    return select(DevicePerson).where(DevicePerson.device_id == device_id, DevicePerson.user_id == user_id)


def _note(action: str, device: SharedDevice, at: datetime, by: Identity, address: str) -> None:
    audit.record(
        action, device.name, at=at, actor=by.username, actor_id=by.id, address=address, details={"device": device.id}
    )
