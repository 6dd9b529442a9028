"""Badges: a code that a person carries. It says who comes, on a shared device that knows them."""

from __future__ import annotations

import hashlib
import re
from datetime import date, datetime
from typing import NoReturn

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from inventory import audit, settings
from inventory.access import Identity, User
from inventory.database import Id, Instant, Model, db, insert_missing
from inventory.errors import BadgeRefused
from inventory.sessions.devices import DevicePerson, SharedDevice, trusted

CODE = re.compile(r"MKB[0-9A-HJKMNP-TV-Z]{26}")


class Badge(Model):
    """A badge that was printed with a code. ``key_hash``: SHA-256 of the code; the last one of a person counts."""

    __tablename__ = "badge"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)


def issue_badge(user_id: int, username: str, code: str, *, by: Identity, at: datetime, address: str) -> None:
    """Makes a code the one that counts for a person; the badges before it open nothing. A second time changes
    nothing."""
    made = {"user_id": user_id, "key_hash": _hash(code), "issued_at": at, "ended_at": None}
    if not insert_missing(Badge, [made]):
        return
    others = (Badge.user_id == user_id) & Badge.ended_at.is_(None) & (Badge.key_hash != made["key_hash"])
    db.session.execute(update(Badge).where(others).values(ended_at=at))
    audit.record("badge.issued", username, at=at, actor=by.username, actor_id=by.id, address=address)


def has_badge(user_id: int) -> bool:
    """Whether a badge of this person opens something."""
    living = select(Badge.id).where(Badge.user_id == user_id, Badge.ended_at.is_(None))
    return db.session.scalar(living.limit(1)) is not None


def end_badges(user: User, *, by: Identity, at: datetime, address: str) -> None:
    """The badge is lost: it opens nothing from now on."""
    if has_badge(user.id):
        mine = (Badge.user_id == user.id) & Badge.ended_at.is_(None)
        db.session.execute(update(Badge).where(mine).values(ended_at=at))
        audit.record("badge.ended", user.username, at=at, actor=by.username, actor_id=by.id, address=address)


def by_badge(device: SharedDevice, text: str, *, at: datetime, today: date, address: str) -> User | None:
    """Whose badge this is, if the device knows them; None otherwise, which is noted."""
    code = text.strip().upper()
    user = db.session.scalar(
        select(User)
        .join(Badge, Badge.user_id == User.id)
        .join(DevicePerson, DevicePerson.user_id == User.id)
        .where(Badge.key_hash == _hash(code), Badge.ended_at.is_(None), DevicePerson.device_id == device.id)
        .where(*trusted(at, settings.value_of("pin_days", on=today)))
    )
    if user is None:
        details = {"device": device.name}
        audit.record("badge.refused", device.name, at=at, actor=device.name, address=address, details=details)
    return user


def refuse_badge() -> NoReturn:
    """The one sentence for a badge that opens nothing here, whatever the reason."""
    raise BadgeRefused


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
