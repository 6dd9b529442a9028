"""Tokens: keys to the API, kept as a hash and shown once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, String, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from inventory.access.people import PERSON, Grant, User, identity_from, record
from inventory.access.policy import Identity
from inventory.database import Id, Instant, Model, db
from inventory.errors import found, not_signed_in, refuse, refuse_field, refuse_temporary
from inventory.prepared import Prepared
from inventory.texts import text_faults

LONGEST_DAYS = 366
"""A key in a forgotten program ends by itself: whoever still needs it makes a new one once a year."""


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

    def lives(self, at: datetime) -> bool:
        """Whether it still opens the API."""
        return self.revoked_at is None and self.expires_at > at


_BY_TOKEN = Prepared(
    select(*PERSON, User.password_is_temporary, Token.is_read_only, Token.expires_at)
    .join(Token, Token.user_id == User.id)
    .outerjoin(Grant, Grant.user_id == User.id)
    .where(User.is_active, Token.revoked_at.is_(None), Token.token_hash == bindparam("hash"))
)


def by_token(token: str, *, at: datetime) -> Identity:
    """Whose token this is, in one statement; raises NotSignedIn when unknown, revoked or expired,
    TemporaryPassword while its owner has yet to choose a password."""
    rows = _BY_TOKEN.rows(hash=_hash_token(token))
    if not rows or rows[0].expires_at <= at:
        not_signed_in()
    refuse_temporary(rows[0].password_is_temporary)
    return identity_from(rows, is_read_only=rows[0].is_read_only)


def create_token(
    user: User, name: str, *, at: datetime, days: int = 365, is_read_only: bool = False, by: Identity | None = None
) -> str:
    """Makes a token, valid for 1 to 366 days, and returns it: the only time it is seen."""
    if not 1 <= days <= LONGEST_DAYS:
        refuse_field("/days", "range", _l("A token lives 1 to %(most)s days."), most=LONGEST_DAYS)
    refuse(text_faults("/name", name, 80))
    _guard_name(user, name, at)
    token = f"mkz_{secrets.token_urlsafe(32)}"
    db.session.add(
        Token(
            user_id=user.id,
            name=name,
            token_hash=_hash_token(token),
            is_read_only=is_read_only,
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
    )
    db.session.flush()
    record("token.created", user.username, at, by, name=name, days=days)
    return token


def _guard_name(user: User, name: str, at: datetime) -> None:
    """One live token of a name: who revokes one knows which, and a form sent twice makes one."""
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
    live = select(Token.id).where(
        Token.user_id == user.id, Token.name == name, Token.revoked_at.is_(None), Token.expires_at > at
    )
    if db.session.scalar(live) is not None:
        refuse_field("/name", "taken", _l("There is a token of this name: revoke it first, or choose another name."))


def revoke_token(token_id: int, *, at: datetime, by: Identity) -> None:
    """Ends a token at once; revoking twice changes nothing."""
    token = found(db.session.get(Token, token_id), token_id)
    if token.revoked_at is None:
        _end(token, db.session.get_one(User, token.user_id), at, by)


def end_tokens(user: User, *, at: datetime, by: Identity | None) -> int:
    """Ends every token of a person, each with its line in the audit trail, and says how many."""
    living = select(Token).where(Token.user_id == user.id, Token.revoked_at.is_(None), Token.expires_at > at)
    tokens = db.session.scalars(living.order_by(Token.id)).all()
    for token in tokens:
        _end(token, user, at, by)
    return len(tokens)


def _end(token: Token, owner: User, at: datetime, by: Identity | None) -> None:
    token.revoked_at = at
    record("token.revoked", owner.username, at, by, name=token.name)


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
