"""Mail and webhooks: rows committed with the fact, sent later, by nobody yet: no room writes one.

Laws:
1. Nothing leaves the house inside a transaction: a message is a row first.
2. A message is sent at least once; its ``id`` lets the receiver drop a second copy.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, insert
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Id, Instant, Model, db


class Message(Model):
    """Something to tell somebody outside."""

    __tablename__ = "outbox_message"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel: Mapped[str] = mapped_column(String(20))
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(default=0)
    __table_args__ = (Index(None, "sent_at", "id"),)


def put(channel: str, recipient: str, subject: str, body: dict[str, Any], *, at: datetime) -> None:
    """Adds a message inside the running transaction."""
    db.session.execute(
        insert(Message).values(channel=channel, recipient=recipient, subject=subject, body=body, created_at=at, tries=0)
    )
