"""Living sessions: begun with a new key each, used, and ended for good."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, bindparam, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from inventory import audit, errors
from inventory.access import PERSON, Grant, Identity, User, identity_from
from inventory.database import Id, Instant, Model, db
from inventory.prepared import Prepared
from inventory.sessions.devices import SharedDevice, living_devices
from inventory.settings import KNOWN, SettingValue

LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
SEEN_EVERY_SHARED = timedelta(seconds=10)
"""How often the use of a session is written down: on a shared device, which locks within minutes, more often."""
KEPT = timedelta(days=30)
"""How long a session stays on record after it began; the audit trail remembers for ever."""


class UserSession(Model):
    """One signed-in browser. ``version`` is the owner's ``session_version`` when it began."""

    __tablename__ = "user_session"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    address: Mapped[str] = mapped_column(String(64), default="")
    device: Mapped[str] = mapped_column(String(200), default="")
    shared_device_id: Mapped[int | None] = mapped_column(ForeignKey("shared_device.id"), index=True)


@dataclass(frozen=True, slots=True)
class Presence:
    """A living session and who it belongs to. ``must_choose``: the password is temporary, another must be chosen;
    ``lock_minutes``: after how long without use the shared device locks, None on a device of one's own."""

    session_id: int
    last_seen_at: datetime
    must_choose: bool
    person: Identity
    shared_device_id: int | None = None
    lock_minutes: int | None = None


_IDLE, _LOCK = "session_idle_minutes", "device_lock_minutes"


def _decided(name: str) -> Any:
    """What the commune decided of a number, NULL when nothing."""
    return (
        select(SettingValue.value)
        .where(SettingValue.name == name, SettingValue.effective_on <= bindparam("today"))
        .order_by(SettingValue.effective_on.desc(), SettingValue.id.desc())
        .limit(1)
        .scalar_subquery()
    )


_LIMITS = (_decided(_IDLE).label("idle_minutes"), _decided(_LOCK).label("lock_minutes"))
_LIVING = (
    UserSession.ended_at.is_(None),
    UserSession.version == User.session_version,
    UserSession.created_at > bindparam("oldest"),
    User.is_active,
    UserSession.shared_device_id.is_(None)
    | select(SharedDevice.id)
    .where(SharedDevice.id == UserSession.shared_device_id, *living_devices(bindparam("now", type_=Instant)))
    .exists(),
)
_BY_KEY = Prepared(
    select(
        UserSession.id.label("session_id"),
        UserSession.last_seen_at,
        User.password_is_temporary,
        UserSession.shared_device_id,
        *_LIMITS,
        *PERSON,
    )
    .join(User, User.id == UserSession.user_id)
    .outerjoin(Grant, Grant.user_id == User.id)
    .where(UserSession.key_hash == bindparam("hash"), *_LIVING)
)
_OF_PERSON = (
    select(UserSession, UserSession.last_seen_at, UserSession.shared_device_id, *_LIMITS)
    .join(User, User.id == UserSession.user_id)
    .where(UserSession.user_id == bindparam("user_id"), *_LIVING)
    .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
)


def begin(person: Identity, *, at: datetime, address: str, device: str, shared_device_id: int | None = None) -> str:
    """Begins a session and returns its key, for the browser alone. What is long over is forgotten."""
    key = secrets.token_urlsafe(32)
    db.session.execute(delete(UserSession).where(UserSession.user_id == person.id, UserSession.created_at < at - KEPT))
    db.session.add(
        UserSession(
            user_id=person.id,
            key_hash=_hash(key),
            version=person.session_version,
            created_at=at,
            last_seen_at=at,
            address=address[:64],
            device=device[:200],
            shared_device_id=shared_device_id,
        )
    )
    db.session.flush()
    return key


def by_key(key: str, *, at: datetime, today: date) -> Presence | None:
    """Whose session this is, in one statement; None when it is over or the person was shut out."""
    rows = _BY_KEY.rows(hash=_hash(key), oldest=at - LONGEST, today=today, now=at)
    if not rows or _is_idle(rows[0], at):
        return None
    first = rows[0]
    return Presence(
        first.session_id,
        first.last_seen_at,
        first.password_is_temporary,
        identity_from(rows),
        first.shared_device_id,
        _lock_minutes(first) if first.shared_device_id else None,
    )


def living(user_id: int, *, at: datetime, today: date) -> list[UserSession]:
    """The sessions of a person that still open pages, the latest used first."""
    asked = {"user_id": user_id, "oldest": at - LONGEST, "today": today, "now": at}
    return [row.UserSession for row in db.session.execute(_OF_PERSON, asked) if not _is_idle(row, at)]


def is_due(presence: Presence, at: datetime) -> bool:
    """Whether it is time to write down that the session was used."""
    return at - presence.last_seen_at >= (SEEN_EVERY_SHARED if presence.shared_device_id else SEEN_EVERY)


def seen(presence: Presence, *, at: datetime) -> None:
    """Writes down that a session was used."""
    db.session.execute(update(UserSession).where(UserSession.id == presence.session_id).values(last_seen_at=at))


def end(session_id: int, user_id: int, *, at: datetime, by: Identity, address: str) -> None:
    """Ends one session of a person; ending it twice changes nothing. NotFound when it is not theirs."""
    found = errors.found(
        db.session.scalar(select(UserSession).where(UserSession.id == session_id, UserSession.user_id == user_id)),
        session_id,
    )
    if found.ended_at is None:
        found.ended_at = at
        owner = db.session.get_one(User, user_id)
        audit.record(
            "session.ended",
            owner.username,
            at=at,
            actor=by.username,
            actor_id=by.id,
            address=address,
            details={"device": found.device},
        )


def leave(key: str, *, at: datetime) -> None:
    """Ends the session of this browser, if it has one."""
    found = update(UserSession).where(UserSession.key_hash == _hash(key), UserSession.ended_at.is_(None))
    db.session.execute(found.values(ended_at=at))


def lock(key: str, person: Identity, *, at: datetime, address: str) -> None:
    """Ends the session of this browser because its device locks, and notes it."""
    leave(key, at=at)
    audit.record("session.locked", person.username, at=at, actor=person.username, actor_id=person.id, address=address)


def sign_out(key: str, person: Identity, *, at: datetime, address: str) -> None:
    """Ends the session of this browser, and notes it."""
    leave(key, at=at)
    audit.record("sign_out", person.username, at=at, actor=person.username, actor_id=person.id, address=address)


def _is_idle(row: Any, at: datetime) -> bool:
    limit = row.idle_minutes if isinstance(row.idle_minutes, int) else KNOWN[_IDLE].default
    if row.shared_device_id is not None:
        limit = min(limit, _lock_minutes(row))
    return bool(at - row.last_seen_at > timedelta(minutes=limit))


def _lock_minutes(row: Any) -> int:
    return int(row.lock_minutes if isinstance(row.lock_minutes, int) else KNOWN[_LOCK].default)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
