"""The key under which what a person keeps on a device without network is closed: random, made once, never changed."""

from __future__ import annotations

import secrets

from sqlalchemy import select, update

from inventory.access.people import User
from inventory.access.policy import Identity
from inventory.database import db

LENGTH = 32
"""Bytes of a key (AES-256)."""


def device_key(by: Identity) -> bytes | None:
    """The key of the person acting, for their own browser alone; None before it was made."""
    key: bytes | None = db.session.scalar(select(User.device_key).where(User.id == by.id))
    return key


def make_device_key(by: Identity) -> None:
    """Makes the key of the person acting, unless it is there: what was closed under it must open for ever."""
    mine = (User.id == by.id) & User.device_key.is_(None)
    db.session.execute(update(User).where(mine).values(device_key=secrets.token_bytes(LENGTH)))
