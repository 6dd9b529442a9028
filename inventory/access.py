"""Users, roles, grants per warehouse; one policy table; ``require()``.

Laws:
1. What a role may do stands in ``POLICY`` and nowhere else; every door asks ``require()``.
2. A grant gives one role in one warehouse or everywhere. An auditor reads everything and changes nothing.
3. Passwords are kept as argon2id, tokens as SHA-256; wrong tries are counted in the database, per name and per address,
   so that a lock holds across processes and restarts.
4. Changing a password, or signing out everywhere, ends every session and no token.
5. There is always an active administrator, and nobody shuts themselves out.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, delete, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from inventory import audit, settings
from inventory.database import Id, Instant, Model, db
from inventory.errors import (
    AlreadyExists,
    InvalidRequest,
    LastAdministrator,
    LockedOut,
    NotAllowed,
    NotFound,
    NotSignedIn,
    OwnAccess,
    SignInRefused,
    fault,
)
from inventory.parties import LANGUAGES
from inventory.warehouses import Warehouse

ROLES = ("storekeeper", "requester", "buyer", "manager", "auditor", "administrator")
_STORE = frozenset({"storekeeper", "manager"})
_READ = frozenset({"storekeeper", "buyer", "manager", "auditor"})

POLICY: dict[str, frozenset[str]] = {
    "stock.read": _READ,
    "catalogue.read": frozenset(ROLES),
    "document.read": _READ,
    "opening.post": _STORE,
    "receipt.post": _STORE,
    "issue.post": _STORE,
    "move.post": _STORE,
    "transfer.post": _STORE,
    "transfer_receipt.post": _STORE,
    "return.post": _STORE,
    "conversion.post": _STORE,
    "write_off.post": frozenset({"manager"}),
    "adjustment.post": frozenset({"manager"}),
    "reversal.post": _STORE,
    "import.run": frozenset({"manager", "administrator"}),
    "label.print": _READ - {"auditor"},
    "alert.read": _READ,
    "alert.handle": frozenset({"storekeeper", "buyer", "manager"}),
    "rule.write": frozenset({"buyer", "manager"}),
    "catalogue.write": frozenset({"manager", "administrator"}),
    "place.write": frozenset({"manager", "administrator"}),
    "party.write": frozenset({"buyer", "manager", "administrator"}),
    "warehouse.write": frozenset({"administrator"}),
    "people.read": frozenset({"auditor", "administrator"}),
    "people.write": frozenset({"administrator"}),
    "settings.read": frozenset({"manager", "auditor", "administrator"}),
    "settings.write": frozenset({"administrator"}),
    "audit.read": frozenset({"auditor", "administrator"}),
    "ledger.verify": frozenset({"manager", "auditor", "administrator"}),
    "period.close": frozenset({"manager"}),
}
"""Who may do what: the whole law of access, action by action."""

READING = frozenset(action for action in POLICY if action.endswith(".read"))
MINIMUM_PASSWORD = 12

# One hash at a time: argon2 takes 19 MiB, and the web process has little to spare (OWASP's minimum: m=19 MiB, t=2, p=1).
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_hashing = threading.Lock()
_nobody: list[str] = []


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


class Token(Model):
    """A key to the API, kept as a hash; shown once, when it is made."""

    __tablename__ = "api_token"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    is_read_only: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class WrongTry(Model):
    """Wrong sign-ins of a name or from an address since the last right one."""

    __tablename__ = "wrong_try"
    subject: Mapped[str] = mapped_column(String(160), primary_key=True)
    tries: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Instant)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is acting, with the roles held; what every verb takes as ``by``. Flask-Login's user."""

    id: int
    username: str
    display_name: str
    language: str
    session_version: int
    grants: frozenset[tuple[str, int | None]]
    is_read_only: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return str(self.id)

    def may(self, action: str, warehouse_id: int | None = None) -> bool:
        """Whether the policy table allows an action, in a warehouse or (None) everywhere."""
        if self.is_read_only and action not in READING:
            return False
        roles = POLICY[action]
        return any(role in roles and (where is None or where == warehouse_id) for role, where in self.grants)

    def may_somewhere(self, action: str) -> bool:
        """Whether there is at least one warehouse where the action is allowed."""
        roles = POLICY[action]
        return not (self.is_read_only and action not in READING) and any(role in roles for role, _ in self.grants)

    def warehouses(self, action: str) -> frozenset[int] | None:
        """The ids of the warehouses where an action is allowed; None means everywhere."""
        roles = POLICY[action]
        places = {where for role, where in self.grants if role in roles}
        return None if None in places else frozenset(place for place in places if place is not None)

    def has_role(self, role: str) -> bool:
        return any(held == role for held, _ in self.grants)


def require(by: Identity, action: str, warehouse_id: int | None = None) -> None:
    """Raises NotAllowed unless the policy table allows it."""
    if not by.may(action, warehouse_id):
        raise NotAllowed(action=action)


def require_somewhere(by: Identity, action: str) -> frozenset[int] | None:
    """The warehouses in which ``by`` may do it (None: all); NotAllowed when there are none."""
    if not by.may_somewhere(action):
        require(by, action)
    return by.warehouses(action)


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
    if not re.fullmatch(r"[\w.@+-]{2,60}", name):
        raise InvalidRequest(
            [fault("/username", "format", "A username has 2 to 60 letters, digits or . - _ @ +, without spaces.")]
        )
    if db.session.scalar(select(User.id).where(User.username == name)):
        raise AlreadyExists(what=name)
    user = User(
        username=name,
        display_name=display_name or username,
        password_hash=hash_password(password, name),
        language=language,
        password_is_temporary=is_temporary,
        created_at=at,
    )
    db.session.add(user)
    db.session.flush()
    _record("user.added", name, at, by)
    return user


def folded_username(username: str) -> str:
    """The one spelling of a username: NFKC, lower case."""
    return unicodedata.normalize("NFKC", username).strip().lower()


def grant(user: User, role: str, warehouse: Warehouse | None, *, at: datetime, by: Identity | None = None) -> None:
    """Gives a role in a warehouse, or everywhere (None); giving it twice changes nothing."""
    if role not in ROLES:
        raise InvalidRequest([fault("/role", "unknown", "“%(role)s” is not a role.", role=role)])
    where = warehouse.id if warehouse else None
    held = select(Grant.id).where(Grant.user_id == user.id, Grant.role == role, Grant.warehouse_id.is_(where))
    if where is not None:
        held = select(Grant.id).where(Grant.user_id == user.id, Grant.role == role, Grant.warehouse_id == where)
    if db.session.scalar(held):
        return
    db.session.add(Grant(user_id=user.id, role=role, warehouse_id=where, granted_at=at))
    db.session.flush()
    _record("grant.given", user.username, at, by, role=role, warehouse=warehouse.code if warehouse else "*")


def withdraw(user: User, grant_id: int, *, at: datetime, by: Identity) -> None:
    """Takes a grant back. Raises NotFound when the user does not hold it."""
    held = db.session.get(Grant, grant_id)
    if held is None or held.user_id != user.id:
        raise NotFound(what=str(grant_id))
    where = db.session.get(Warehouse, held.warehouse_id) if held.warehouse_id else None
    if held.role == "administrator" and where is None:
        _keep_an_administrator(user, by)
    db.session.delete(held)
    _record("grant.withdrawn", user.username, at, by, role=held.role, warehouse=where.code if where else "*")


def change_password(
    user: User, password: str, *, at: datetime, by: Identity | None, is_temporary: bool = False
) -> None:
    """Sets a new password and ends every session of the user."""
    user.password_hash = hash_password(password, user.username)
    user.password_is_temporary = is_temporary
    user.session_version += 1
    _record("password.changed", user.username, at, by)


def set_active(user: User, is_active: bool, *, at: datetime, by: Identity) -> None:
    """Lets a person in again, or shuts them out: their sessions end, their tokens stop counting."""
    if not is_active:
        _keep_an_administrator(user, by)
    user.is_active = is_active
    user.session_version += 1
    _record("user.activated" if is_active else "user.deactivated", user.username, at, by)


def _keep_an_administrator(user: User, by: Identity) -> None:
    """Law 5. The rows are locked: two administrators who shut each other out at the same moment do it one after the other."""
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
        raise InvalidRequest(
            [fault("/language", "unknown", "“%(language)s” is not one of our languages.", language=language)]
        )
    if user.language != language:
        user.language = language
        _record("language.chosen", user.username, at, by, language=language)


def rename(user: User, display_name: str, *, at: datetime, by: Identity) -> None:
    """The name that people see, 1 to 120 characters; papers already posted keep who did it by number."""
    if not 1 <= len(display_name) <= 120:
        raise InvalidRequest([fault("/display_name", "length", "A name has 1 to 120 characters.")])
    if user.display_name != display_name:
        _record("user.renamed", user.username, at, by, before=user.display_name, after=display_name)
        user.display_name = display_name


def hash_password(password: str, username: str = "") -> str:
    """The argon2id hash; InvalidRequest when shorter than 12 characters or the username itself."""
    if len(password) < MINIMUM_PASSWORD or len(password) > 1000:
        raise InvalidRequest(
            [fault("/password", "length", "A password has at least %(least)s characters.", least=MINIMUM_PASSWORD)]
        )
    if username and folded_username(password) == username:
        raise InvalidRequest([fault("/password", "same", "The password must differ from the username.")])
    with _hashing:
        return _hasher.hash(password)


def sign_in(username: str, password: str, *, at: datetime, today: date, address: str) -> Identity | None:
    """Checks a name and a password inside a transaction that is committed either way.

    Returns None for a wrong pair (the try is counted); raises LockedOut while the name or the address is locked.
    The time taken does not tell whether the name exists.
    """
    name = folded_username(username)[:60]
    user = _tried(name, password, at=at, today=today, address=address)
    actor_id = user.id if user else None
    action = "sign_in.accepted" if user else "sign_in.refused"
    audit.record(action, name, at=at, actor=name, actor_id=actor_id, address=address)
    return identity_of(user) if user else None


def confirm(by: Identity, password: str, *, at: datetime, today: date, address: str) -> bool:
    """Whether the person acting knows their own password; wrong tries count like those of a sign-in.

    Inside a transaction that is committed either way; raises LockedOut.
    """
    if _tried(by.username, password, at=at, today=today, address=address):
        return True
    audit.record("password.refused", by.username, at=at, actor=by.username, actor_id=by.id, address=address)
    return False


def _tried(name: str, password: str, *, at: datetime, today: date, address: str) -> User | None:
    """The active person whose name and password these are; a wrong try is counted for the name and the address."""
    subjects = (f"name:{name}", f"address:{address}"[:160])
    _refuse_locked(subjects, at)
    user = db.session.scalar(select(User).where(User.username == name))
    if _matches(user.password_hash if user else _hash_of_nobody(), password) and user and user.is_active:
        db.session.execute(delete(WrongTry).where(WrongTry.subject == subjects[0]))
        return user
    limits = settings.values_of(["sign_in_tries", "sign_in_lock_minutes"], on=today)
    for subject, factor in zip(subjects, (1, 10), strict=True):  # an address is shared by many people
        _count_wrong_try(subject, at, limits["sign_in_tries"] * factor, limits["sign_in_lock_minutes"])
    return None


def refuse_sign_in() -> None:
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
    row = db.session.get(WrongTry, subject)
    if row is None:
        row = WrongTry(subject=subject, tries=0, last_at=at)
        db.session.add(row)
    if at - row.last_at > timedelta(minutes=minutes):
        row.tries = 0
    row.tries += 1
    row.last_at = at
    if row.tries >= limit:
        row.locked_until, row.tries = at + timedelta(minutes=minutes), 0


def _matches(password_hash: str, password: str) -> bool:
    with _hashing:
        try:
            return _hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def _hash_of_nobody() -> str:
    """A hash that no password matches, so that an unknown name takes as long as a known one."""
    if not _nobody:
        with _hashing:
            _nobody.append(_hasher.hash(secrets.token_urlsafe(32)))
    return _nobody[0]


def identity_of(user: User) -> Identity:
    """The acting person as a plain value, with the grants of this moment."""
    grants = db.session.execute(select(Grant.role, Grant.warehouse_id).where(Grant.user_id == user.id))
    return _identity(user, [(role, where) for role, where in grants])


def identity_from(rows: Sequence[Any], *, is_read_only: bool = False) -> Identity:
    """The acting person from rows of ``PERSON``."""
    grants = [(row.role, row.warehouse_id) for row in rows if row.role]
    return _identity(rows[0], grants, is_read_only=is_read_only)


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
_BY_TOKEN = (
    select(*PERSON, Token.is_read_only, Token.expires_at)
    .join(Token, Token.user_id == User.id)
    .outerjoin(Grant, Grant.user_id == User.id)
    .where(User.is_active, Token.revoked_at.is_(None), Token.token_hash == text(":hash"))
)


def by_token(token: str, *, at: datetime) -> Identity:
    """Whose token this is, in one statement; raises NotSignedIn when unknown, revoked or expired."""
    rows = db.session.execute(_BY_TOKEN, {"hash": _hash_token(token)}).all()
    if not rows or rows[0].expires_at <= at:
        raise NotSignedIn
    return identity_from(rows, is_read_only=rows[0].is_read_only)


def create_token(
    user: User, name: str, *, at: datetime, days: int = 365, is_read_only: bool = False, by: Identity | None = None
) -> str:
    """Makes a token, valid for 1 to 3,650 days, and returns it: the only time it is seen."""
    if not 1 <= days <= 3650:
        raise InvalidRequest([fault("/days", "range", "A token lives 1 to 3650 days.")])
    token = f"mkz_{secrets.token_urlsafe(32)}"
    db.session.add(
        Token(
            user_id=user.id,
            name=name[:80],
            token_hash=_hash_token(token),
            is_read_only=is_read_only,
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
    )
    db.session.flush()
    _record("token.created", user.username, at, by, name=name, days=days)
    return token


def revoke_token(token_id: int, *, at: datetime, by: Identity) -> None:
    """Ends a token at once; revoking twice changes nothing."""
    token = db.session.get(Token, token_id)
    if token is None:
        raise NotFound(what=str(token_id))
    if token.revoked_at is None:
        db.session.execute(update(Token).where(Token.id == token_id).values(revoked_at=at))
        owner = db.session.get_one(User, token.user_id)
        _record("token.revoked", owner.username, at, by, name=token.name)


def get_user(username: str) -> User:
    """The person with this username; NotFound when there is none."""
    found = db.session.scalar(select(User).where(User.username == folded_username(username)))
    if found is None:
        raise NotFound(what=username)
    return found


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _record(action: str, subject: str, at: datetime, by: Identity | None, **details: Any) -> None:
    actor = by.username if by else "command line"
    audit.record(action, subject, at=at, actor=actor, actor_id=by.id if by else None, details=details)
