"""Signing in: wrong tries are counted in the database, per name and per address, so that a lock holds across
processes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NoReturn

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from inventory import audit, settings
from inventory.access.passwords import hash_of_nobody, matches
from inventory.access.people import User, identity_of
from inventory.access.policy import Identity
from inventory.access.usernames import folded_username
from inventory.database import Instant, Model, db, insert_missing
from inventory.errors import LockedOut, SignInRefused


class WrongTry(Model):
    """Wrong sign-ins of a name or from an address since the last right one."""

    __tablename__ = "wrong_try"
    subject: Mapped[str] = mapped_column(String(160), primary_key=True)
    tries: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Instant)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)


def sign_in(username: str, password: str, *, at: datetime, today: date, address: str) -> Identity | None:
    """Checks a name and a password inside a transaction that is committed either way.

    Returns None for a wrong pair (the try is counted); raises LockedOut while the name or the address is locked.
    The time taken does not tell whether the name exists.
    """
    name, address = folded_username(username), address[:64]
    user = _tried(name, password, at=at, today=today, address=address)
    action = "sign_in.accepted" if user else "sign_in.refused"
    audit.record(action, name, at=at, actor=name, actor_id=user.id if user else None, address=address)
    return identity_of(user) if user else None


def confirm(by: Identity, password: str, *, at: datetime, today: date, address: str) -> bool:
    """Whether the person acting knows their own password; wrong tries count like those of a sign-in.

    Inside a transaction that is committed either way; raises LockedOut.
    """
    address = address[:64]
    if _tried(by.username, password, at=at, today=today, address=address):
        return True
    audit.record("password.refused", by.username, at=at, actor=by.username, actor_id=by.id, address=address)
    return False


def _tried(name: str, password: str, *, at: datetime, today: date, address: str) -> User | None:
    """The active person whose name and password these are; a wrong try is counted for the name and the address."""
    subjects = (f"name:{name}", f"address:{address}")
    _refuse_locked(subjects, at)
    user = db.session.scalar(select(User).where(User.username == name))
    if matches(user.password_hash if user else hash_of_nobody(), password) and user and user.is_active:
        db.session.execute(delete(WrongTry).where(WrongTry.subject == subjects[0]))
        return user
    limits = settings.values_of(["sign_in_tries", "sign_in_lock_minutes"], on=today)
    for subject, factor in zip(subjects, (1, 10), strict=True):  # an address is shared by many people
        _count_wrong_try(subject, at, limits["sign_in_tries"] * factor, limits["sign_in_lock_minutes"])
    return None


def refuse_sign_in() -> NoReturn:
    """The one sentence for a wrong pair, whichever half was wrong."""
    raise SignInRefused


def _refuse_locked(subjects: Iterable[str], at: datetime) -> None:
    locked = db.session.scalars(
        select(WrongTry.locked_until).where(WrongTry.subject.in_(subjects), WrongTry.locked_until > at)
    ).all()
    if locked:
        rest = max(until for until in locked if until) - at
        raise LockedOut(minutes=int(rest.total_seconds() // 60) + 1)


def _count_wrong_try(subject: str, at: datetime, limit: int, minutes: int) -> None:
    insert_missing(WrongTry, [{"subject": subject, "tries": 0, "last_at": at, "locked_until": None}])
    row = db.session.get_one(WrongTry, subject, with_for_update=True)  # who tries at the same moment is counted too
    if at - row.last_at > timedelta(minutes=minutes):
        row.tries = 0
    row.tries += 1
    row.last_at = at
    if row.tries >= limit:
        row.locked_until, row.tries = at + timedelta(minutes=minutes), 0
