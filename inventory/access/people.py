"""Users and their grants: one role of one person in one warehouse, or everywhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from inventory import audit
from inventory.access.passwords import hash_password
from inventory.access.policy import POLICY, ROLES, Identity
from inventory.access.usernames import folded_username, is_username
from inventory.database import Id, Instant, Model, db, row_faults
from inventory.errors import LastAdministrator, OwnAccess, already_exists, found, refuse, refuse_field
from inventory.parties import LANGUAGES
from inventory.texts import is_writable
from inventory.warehouses import Warehouse

EVERYWHERE = "*"
"""How the audit trail writes that a role was given in no warehouse alone."""


class User(Model):
    """A person who works here."""

    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    display_name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(2), default="ar")
    password_is_temporary: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    session_version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)
    device_key: Mapped[bytes | None] = mapped_column(LargeBinary(32), deferred=True)
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
    is_temporary: bool = False,
) -> User:
    """Adds a person without any role. Raises AlreadyExists, or InvalidRequest for a weak password.

    A temporary password opens only the page on which its owner chooses another.
    """
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
        password_is_temporary=is_temporary,
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
    record("grant.given", user.username, at, by, role=role, warehouse=warehouse.code if warehouse else EVERYWHERE)


def withdraw(user: User, grant_id: int, *, at: datetime, by: Identity) -> None:
    """Takes a grant back. Raises NotFound when the user does not hold it."""
    given = db.session.get(Grant, grant_id)
    held = found(given if given is not None and given.user_id == user.id else None, grant_id)
    where = db.session.get(Warehouse, held.warehouse_id) if held.warehouse_id else None
    if held.role == "administrator" and where is None:
        keep_an_administrator(user, by)
    db.session.delete(held)
    record("grant.withdrawn", user.username, at, by, role=held.role, warehouse=where.code if where else EVERYWHERE)


def has_lost(by: Identity, action: str, warehouse: str) -> bool:
    """Whether a role that allowed it in a warehouse (by code) was taken from somebody, as the audit trail tells."""
    came_at = db.session.get_one(User, by.id).created_at
    taken = audit.history(by.username, ["grant.withdrawn"], since=came_at)
    return any(
        one.details["role"] in POLICY[action] and one.details["warehouse"] in (warehouse, EVERYWHERE) for one in taken
    )


def change_password(user: User, password: str, *, at: datetime, by: Identity | None) -> None:
    """Sets the password that a person chose and ends every session of theirs."""
    user.password_hash = hash_password(password, user.username)
    user.password_is_temporary = False
    user.session_version += 1
    record("password.changed", user.username, at, by)


def keep_an_administrator(user: User, by: Identity) -> None:
    """Law 5. The rows are locked: two administrators who shut each other out at the same moment do it one after the
    other."""
    if user.id == by.id:
        raise OwnAccess(username=user.username)
    holders = db.session.execute(
        select(Grant.id, Grant.user_id)
        .join(User, User.id == Grant.user_id)
        .where(Grant.role == "administrator", Grant.warehouse_id.is_(None), User.is_active)
        .order_by(Grant.id)
        .with_for_update()
    ).all()
    if holders and all(holder == user.id for _, holder in holders):
        raise LastAdministrator(username=user.username)


def set_language(user: User, language: str, *, at: datetime, by: Identity) -> None:
    """The language in which pages speak to a person."""
    if language not in LANGUAGES:
        refuse_field("/language", "unknown", _l("“%(language)s” is not one of our languages."), language=language)
    if user.language != language:
        user.language = language
        record("language.chosen", user.username, at, by, language=language)


def rename(user: User, display_name: str, *, at: datetime, by: Identity) -> None:
    """The name that people see, 1 to 120 characters; papers already posted keep who did it by number."""
    if not 1 <= len(display_name) <= 120 or not is_writable(display_name):
        refuse_field("/display_name", "length", _l("A name has 1 to 120 characters."))
    if user.display_name != display_name:
        record("user.renamed", user.username, at, by, before=user.display_name, after=display_name)
        user.display_name = display_name


def get_user(username: str) -> User:
    """The person with this username; NotFound when there is none."""
    return found(db.session.scalar(select(User).where(User.username == folded_username(username))), username)


def identity_of(user: User) -> Identity:
    """The acting person as a plain value, with the grants of this moment."""
    grants = db.session.execute(select(Grant.role, Grant.warehouse_id).where(Grant.user_id == user.id))
    return _identity(user, [(role, where) for role, where in grants])


PERSON = (
    User.id,
    User.username,
    User.display_name,
    User.language,
    User.session_version,
    Grant.role,
    Grant.warehouse_id,
)
"""What a question selects to know who somebody is: a row per grant, one without role for a person who has none."""


def identity_from(rows: Sequence[Any], *, is_read_only: bool = False) -> Identity:
    """The acting person from rows of ``PERSON``."""
    return _identity(rows[0], [(row.role, row.warehouse_id) for row in rows if row.role], is_read_only=is_read_only)


def _identity(row: Any, grants: Iterable[tuple[str, int | None]], *, is_read_only: bool = False) -> Identity:
    return Identity(
        row.id,
        row.username,
        row.display_name,
        row.language,
        row.session_version,
        frozenset(grants),
        is_read_only,
    )


def record(action: str, subject: str, at: datetime, by: Identity | None, **details: Any) -> None:
    audit.note(action, subject, by=by, at=at, details=details)
