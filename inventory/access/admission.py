"""Whether a person may come in at all."""

from __future__ import annotations

from datetime import datetime

from inventory.access.people import User, change_password, keep_an_administrator, record
from inventory.access.policy import Identity
from inventory.access.tokens import end_tokens
from inventory.errors import OwnPassword


def set_active(user: User, is_active: bool, *, at: datetime, by: Identity) -> None:
    """Lets a person in again, or shuts them out: their sessions and tokens end, and none of them comes back."""
    if not is_active:
        keep_an_administrator(user, by)
        end_tokens(user, at=at, by=by)
    user.is_active = is_active
    user.session_version += 1
    record("user.activated" if is_active else "user.deactivated", user.username, at, by)


def reset_password(user: User, password: str, *, at: datetime, by: Identity | None) -> int:
    """Gives somebody a temporary password: their sessions and tokens end, for whoever resets a password does it because
    it may be known. Returns how many tokens ended. OwnPassword for oneself: an open session would be enough to take an
    account from its owner."""
    if by is not None and user.id == by.id:
        raise OwnPassword(username=user.username)
    ended = end_tokens(user, at=at, by=by)
    change_password(user, password, at=at, by=by)
    user.password_is_temporary = True
    return ended
