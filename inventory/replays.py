"""Answers kept under the caller's key, so that a call that creates something can be sent again and creates once.

Papers keep their key in the ledger itself (law 4 there); this is for everything else that a call creates.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Id, Instant, Model, db
from inventory.errors import KeyReused


class Replay(Model):
    """One answered call: who asked what under which key, and the answer."""

    __tablename__ = "replay"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    actor_id: Mapped[int] = mapped_column(Id)
    fingerprint: Mapped[str] = mapped_column(String(64))
    answer: Mapped[Any] = mapped_column(JSON)
    answered_at: Mapped[datetime] = mapped_column(Instant)


def answer_of(key: str, *, actor_id: int, fingerprint: str) -> Any | None:
    """The first answer again, or None for a new key; KeyReused when another request or person used it."""
    kept = db.session.get(Replay, key)
    if kept is None:
        return None
    if (kept.actor_id, kept.fingerprint) != (actor_id, fingerprint):
        raise KeyReused
    return kept.answer


def keep(key: str, answer: Any, *, actor_id: int, fingerprint: str, at: datetime) -> None:
    """Keeps the answer inside the transaction that creates the thing."""
    db.session.add(Replay(key=key, actor_id=actor_id, fingerprint=fingerprint, answer=answer, answered_at=at))
    db.session.flush()
