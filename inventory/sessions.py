"""Sessions: who is signed in, on which device, kept by the server.

Laws:
1. The browser holds a random key, the database only its SHA-256: a copy of either opens nothing on its own for long.
2. A session ends with signing out, when its owner ends it, when nothing was asked for the minutes the commune decided,
   and after twelve hours at the latest; all of a person's sessions end when the password changes or they are shut out.
3. Ended is ended: no cookie brings a session back.
"""

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
from inventory.settings import KNOWN, SettingValue

LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
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


@dataclass(frozen=True, slots=True)
class Presence:
    """A living session and who it belongs to. ``must_choose``: the password is temporary, another must be chosen."""

    session_id: int
    last_seen_at: datetime
    must_choose: bool
    person: Identity


_IDLE = "session_idle_minutes"
_idle_minutes = (
    select(SettingValue.value)
    .where(SettingValue.name == _IDLE, SettingValue.effective_on <= bindparam("today"))
    .order_by(SettingValue.effective_on.desc(), SettingValue.id.desc())
    .limit(1)
    .scalar_subquery()
    .label("idle_minutes")
)
_LIVING = (
    UserSession.ended_at.is_(None),
    UserSession.version == User.session_version,
    UserSession.created_at > bindparam("oldest"),
    User.is_active,
)
_BY_KEY = Prepared(
    select(
        UserSession.id.label("session_id"),
        UserSession.last_seen_at,
        User.password_is_temporary,
        _idle_minutes,
        *PERSON,
    )
    .join(User, User.id == UserSession.user_id)
    .outerjoin(Grant, Grant.user_id == User.id)
    .where(UserSession.key_hash == bindparam("hash"), *_LIVING)
)
_OF_PERSON = (
    select(UserSession, _idle_minutes)
    .join(User, User.id == UserSession.user_id)
    .where(UserSession.user_id == bindparam("user_id"), *_LIVING)
    .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
)


def begin(person: Identity, *, at: datetime, address: str, device: str) -> str:
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
        )
    )
    db.session.flush()
    return key


def by_key(key: str, *, at: datetime, today: date) -> Presence | None:
    """Whose session this is, in one statement; None when it is over or the person was shut out."""
    rows = _BY_KEY.rows(hash=_hash(key), oldest=at - LONGEST, today=today)
    if not rows or _is_idle(rows[0].last_seen_at, rows[0].idle_minutes, at):
        return None
    first = rows[0]
    return Presence(first.session_id, first.last_seen_at, first.password_is_temporary, identity_from(rows))


def living(user_id: int, *, at: datetime, today: date) -> list[UserSession]:
    """The sessions of a person that still open pages, the latest used first."""
    rows = db.session.execute(_OF_PERSON, {"user_id": user_id, "oldest": at - LONGEST, "today": today}).all()
    return [found for found, minutes in rows if not _is_idle(found.last_seen_at, minutes, at)]


def is_due(presence: Presence, at: datetime) -> bool:
    """Whether it is time to write down that the session was used: once a minute is enough."""
    return at - presence.last_seen_at >= SEEN_EVERY


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


def sign_out(key: str, person: Identity, *, at: datetime, address: str) -> None:
    """Ends the session of this browser, and notes it."""
    leave(key, at=at)
    audit.record("sign_out", person.username, at=at, actor=person.username, actor_id=person.id, address=address)


def _is_idle(last_seen_at: datetime, minutes: Any, at: datetime) -> bool:
    limit = minutes if isinstance(minutes, int) else KNOWN[_IDLE].default
    return at - last_seen_at > timedelta(minutes=limit)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
