"""Who did what: sign-ins, grants, settings, looks at personal data.

Laws:
1. Append-only: a record is never changed or removed (a trigger refuses both).
2. A record quotes names and points at nothing, so it stays readable when what it speaks of is gone.
3. Never a password, a token or a session key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import JSON, Index, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Id, Instant, Model, db, streamed

COMMAND_LINE = "command line"
"""Who acted when nobody had signed in: no username has a space."""


class AuditRecord(Model):
    """One act outside the ledger."""

    __tablename__ = "audit_record"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(Id)
    actor: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    address: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = (
        Index(None, "at"),
        Index(None, "action", "at"),
        Index(None, "actor_id", "at"),
        Index(None, "actor", "id"),
        {"info": {"append_only": True}},
    )


class Actor(Protocol):
    """Who acts, and from which address; ``access.Identity`` is one."""

    @property
    def id(self) -> int: ...
    @property
    def username(self) -> str: ...
    @property
    def address(self) -> str | None: ...


def note(action: str, subject: str, *, by: Actor | None, at: datetime, details: dict[str, Any] | None = None) -> None:
    """Adds a record of what somebody did who is known, with the address they act from; None: the command line."""
    told = (by.username, by.id, by.address) if by else (COMMAND_LINE, None, None)
    actor, actor_id, address = told
    record(action, subject[:200], at=at, actor=actor, actor_id=actor_id, address=address, details=details)


def note_change(
    action: str,
    subject: str,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    by: Actor | None,
    at: datetime,
    **beside: Any,
) -> None:
    """Notes what differs, as it was and as it is, with what is to be told ``beside``; nothing when nothing differs."""
    changed = [name for name in after if after[name] != before.get(name)]
    if changed:
        was, now = ({name: side.get(name) for name in changed} for side in (before, after))
        note(action, subject, by=by, at=at, details={"before": was, "after": now, **beside})


def record(
    action: str,
    subject: str,
    *,
    at: datetime,
    actor: str,
    actor_id: int | None = None,
    address: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Adds a record inside the running transaction. ``action`` is ``noun.verb``, such as ``grant.given``."""
    db.session.execute(
        insert(AuditRecord).values(
            at=at,
            actor_id=actor_id,
            actor=actor,
            action=action,
            subject=subject,
            address=address,
            details=details or {},
        )
    )


def records(
    *,
    action: str | None = None,
    actor: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before_id: int | None = None,
    limit: int | None = 50,
) -> Iterator[AuditRecord]:
    """The newest records first, streamed; ``before_id`` continues a page, ``limit`` None reads on to the end.

    ``action`` is a whole action or its beginning; ``since`` is included, ``until`` is not.
    """
    question = select(AuditRecord).order_by(AuditRecord.id.desc()).limit(limit)
    if action:
        question = question.where(AuditRecord.action.startswith(action, autoescape=True))
    if actor is not None:
        question = question.where(AuditRecord.actor == actor)
    if since is not None:
        question = question.where(AuditRecord.at >= since)
    if until is not None:
        question = question.where(AuditRecord.at < until)
    if before_id is not None:
        question = question.where(AuditRecord.id < before_id)
    if limit is not None:
        return iter(db.session.scalars(question))
    return (record for (record,) in streamed(question))


def history(subject: str, actions: Sequence[str], *, since: datetime) -> list[AuditRecord]:
    """What was done about one thing since an instant, the oldest first."""
    question = select(AuditRecord).where(AuditRecord.action.in_(actions), AuditRecord.at >= since)
    return list(db.session.scalars(question.where(AuditRecord.subject == subject).order_by(AuditRecord.id)))
