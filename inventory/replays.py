"""Answers kept under the caller's key, so that a call that creates something can be sent again and creates once.

Papers keep their key in the ledger itself (law 4 there); this is for everything else that a call creates.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String, select, update
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Id, Instant, Model, db, insert_missing
from inventory.errors import key_reused, refuse
from inventory.texts import text_faults


class Replay(Model):
    """One answered call: who asked what under which key, and the answer."""

    __tablename__ = "replay"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    actor_id: Mapped[int] = mapped_column(Id)
    fingerprint: Mapped[str] = mapped_column(String(64))
    answer: Mapped[Any] = mapped_column(JSON)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)


def answer_of(key: str, *, actor_id: int, fingerprint: str) -> Any | None:
    """The first answer again, or None for a new key, which is then ours: who sends the same at the same moment waits
    for our answer. Raises KeyReused when another request or person used it."""
    refuse(text_faults("/key", key, 80))
    claim = {"key": key, "actor_id": actor_id, "fingerprint": fingerprint, "answer": None, "answered_at": None}
    if insert_missing(Replay, [claim]):
        return None
    kept = db.session.get_one(Replay, key)
    if (kept.actor_id, kept.fingerprint) != (actor_id, fingerprint):
        key_reused()
    return kept.answer


def answered(key: str, *, actor_id: int, fingerprint: str) -> Any | None:
    """The answer that was given under a key of one's own for the same content; None when there is none. Only asks."""
    mine = (Replay.key == key) & (Replay.actor_id == actor_id) & (Replay.fingerprint == fingerprint)
    return db.session.scalar(select(Replay.answer).where(mine))


def keep(key: str, answer: Any, *, actor_id: int, fingerprint: str, at: datetime) -> None:
    """Keeps the answer inside the transaction that creates the thing."""
    mine = (Replay.key == key) & (Replay.actor_id == actor_id) & (Replay.fingerprint == fingerprint)
    db.session.execute(update(Replay).where(mine).values(answer=answer, answered_at=at))
