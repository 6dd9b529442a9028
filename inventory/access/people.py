"""Users and their grants: one role of one person in one warehouse, or everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from inventory import audit
from inventory.access.passwords import hash_password
from inventory.access.policy import ROLES, Identity
from inventory.access.usernames import folded_username, is_username
from inventory.database import Id, Instant, Model, db, row_faults
from inventory.errors import already_exists, found, refuse, refuse_field
from inventory.warehouses import Warehouse


class User(Model):
    """A person who works here."""

    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    display_name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="ar")
    is_active: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (CheckConstraint("username = lower(username)", name="username_lower"),)


class Grant(Model):
    """One role of one user in one warehouse, or everywhere."""

    __tablename__ = "role_grant"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    warehouse_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"))
    granted_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (
        CheckConstraint("role IN ({})".format(", ".join(f"'{role}'" for role in ROLES)), name="role_known"),
        UniqueConstraint("user_id", "role", "warehouse_id"),
        Index(
            "uq_role_grant_everywhere", "user_id", "role", unique=True,
            sqlite_where=text("warehouse_id IS NULL"), postgresql_where=text("warehouse_id IS NULL"),
        ),
    )  # fmt: skip


def add_user(
    username: str,
    password: str,
    *,
    at: datetime,
    by: Identity | None = None,
    display_name: str = "",
    language: str = "ar",
) -> User:
    """Adds a person without any role. Raises AlreadyExists, or InvalidRequest for a weak password."""
    name = folded_username(username)
    if not is_username(name):
        message = _l("A username has 2 to 60 letters, digits or . - _ @ +, without spaces.")
        refuse_field("/username", "format", message)
    if db.session.scalar(select(User.id).where(User.username == name)):
        already_exists(name)
    user = User(
        username=name,
        display_name=display_name or username,
        password_hash=hash_password(password, name),
        language=language,
        created_at=at,
    )
    refuse(row_faults(user))
    db.session.add(user)
    db.session.flush()
    record("user.added", name, at, by)
    return user


def grant(user: User, role: str, warehouse: Warehouse | None, *, at: datetime, by: Identity | None = None) -> None:
    """Gives a role in a warehouse, or everywhere (None); giving it twice changes nothing."""
    if role not in ROLES:
        refuse_field("/role", "unknown", _l("“%(role)s” is not a role."), role=role)
    where = warehouse.id if warehouse else None
    held = select(Grant.id).where(Grant.user_id == user.id, Grant.role == role, Grant.warehouse_id.is_(where))
    if where is not None:
        held = select(Grant.id).where(Grant.user_id == user.id, Grant.role == role, Grant.warehouse_id == where)
    if db.session.scalar(held):
        return
    db.session.add(Grant(user_id=user.id, role=role, warehouse_id=where, granted_at=at))
    db.session.flush()
    record("grant.given", user.username, at, by, role=role, warehouse=warehouse.code if warehouse else "*")


def withdraw(user: User, grant_id: int, *, at: datetime, by: Identity) -> None:
    """Takes a grant back. Raises NotFound when the user does not hold it."""
    given = db.session.get(Grant, grant_id)
    held = found(given if given is not None and given.user_id == user.id else None, grant_id)
    where = db.session.get(Warehouse, held.warehouse_id) if held.warehouse_id else None
    db.session.delete(held)
    record("grant.withdrawn", user.username, at, by, role=held.role, warehouse=where.code if where else "*")


def change_password(user: User, password: str, *, at: datetime, by: Identity | None) -> None:
    """Sets a new password and ends every session of the user."""
    user.password_hash = hash_password(password, user.username)
    user.session_version += 1
    record("password.changed", user.username, at, by)


def set_active(user: User, is_active: bool, *, at: datetime, by: Identity) -> None:
    """Lets a person in again, or shuts them out: their sessions end, their tokens stop counting."""
    user.is_active = is_active
    user.session_version += 1
    record("user.activated" if is_active else "user.deactivated", user.username, at, by)


def get_user(username: str) -> User:
    """The person with this username; NotFound when there is none."""
    return found(db.session.scalar(select(User).where(User.username == folded_username(username))), username)


def identity_of(user: User) -> Identity:
    """The acting person as a plain value, with the grants of this moment."""
    grants = db.session.execute(select(Grant.role, Grant.warehouse_id).where(Grant.user_id == user.id))
    return identity_from(user, [(role, where) for role, where in grants])


def identity_from(row: Any, grants: Iterable[tuple[str, int | None]], *, is_read_only: bool = False) -> Identity:
    return Identity(
        row.id,
        row.username,
        row.display_name,
        row.language,
        row.session_version,
        frozenset(grants),
        is_read_only,
    )


PERSON = (
    User.id,
    User.username,
    User.display_name,
    User.language,
    User.session_version,
    Grant.role,
    Grant.warehouse_id,
)
_BY_SESSION = select(*PERSON).outerjoin(Grant, Grant.user_id == User.id).where(User.is_active, User.id == text(":id"))


def by_session(session_id: str) -> Identity | None:
    """Whose session this is, in one statement; None when it ended or the person was shut out."""
    number, _, version = session_id.partition(".")
    if not (number.isdigit() and version.isdigit()):
        return None
    rows = db.session.execute(_BY_SESSION, {"id": int(number)}).all()
    if not rows or rows[0].session_version != int(version):
        return None
    return identity_from(rows[0], [(row.role, row.warehouse_id) for row in rows if row.role])


def record(action: str, subject: str, at: datetime, by: Identity | None, **details: Any) -> None:
    actor = by.username if by else "command line"
    audit.record(action, subject, at=at, actor=actor, actor_id=by.id if by else None, details=details)
