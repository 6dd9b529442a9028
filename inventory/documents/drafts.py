"""Drafts: papers being written. They have no number and live in a table of their own (law 2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column

from inventory.access import Identity
from inventory.database import Id, Instant, Model, db
from inventory.errors import found, refuse_stale
from inventory.texts import is_writable

PARTS = ("source", "target", "details")
EMPTY_LINE = {"item": "", "quantity": ""}


class Draft(Model):
    """A paper as typed so far: the JSON a door would post, complete or not. It is read as ``paper``."""

    __tablename__ = "draft"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    revision: Mapped[int] = mapped_column(default=1)
    __table_args__ = (Index(None, "owner_id", "changed_at"), Index(None, "warehouse_id", "changed_at"))

    @property
    def paper(self) -> dict[str, Any]:
        """The content as far as it has the shape of a paper, in texts: doors of old kept whatever came."""
        lines = self.content.get("lines")
        rows = [_texts(line) for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
        parts = {name: _texts(self.content.get(name)) for name in PARTS}
        return {**_texts(self.content), **parts, "lines": rows, "kind": self.kind}

    @property
    def lines(self) -> int:
        """How many lines name an item."""
        return sum(1 for row in self.paper["lines"] if row.get("item"))


def _texts(content: Any) -> dict[str, str]:
    """What can be shown of an object's values, each as a text."""
    if not isinstance(content, dict):
        return {}
    plain = {name: str(value) for name, value in content.items() if isinstance(value, str | int | float)}
    return {name: text for name, text in plain.items() if is_writable(text)}


def keep_draft(
    content: dict[str, Any], *, kind: str, warehouse_id: int, by: Identity, at: datetime,
    draft_id: int | None = None, revision: int | None = None,
) -> Draft:  # fmt: skip
    """Saves a draft, new or again. Raises ChangedMeanwhile when it was saved elsewhere since ``revision``."""
    if draft_id is None:
        draft = Draft(kind=kind, warehouse_id=warehouse_id, content=content, owner_id=by.id, changed_at=at, revision=1)
        db.session.add(draft)
        db.session.flush()
        return draft
    draft = get_draft(draft_id, by=by)
    refuse_stale(revision is not None and draft.revision != revision)
    draft.kind, draft.warehouse_id, draft.content, draft.changed_at = kind, warehouse_id, content, at
    draft.revision += 1
    db.session.flush()
    return draft


def get_draft(draft_id: int, *, by: Identity) -> Draft:
    """One's own draft; NotFound for anybody else's."""
    draft = db.session.get(Draft, draft_id)
    return found(draft if draft is not None and draft.owner_id == by.id else None, draft_id)


def drafts_of(by: Identity, *, limit: int | None = 50) -> list[Draft]:
    """One's drafts, the latest first; all of them without a limit."""
    return list(db.session.scalars(_latest_of(by).limit(limit)))


def _latest_of(by: Identity) -> Select[tuple[Draft]]:
    return select(Draft).where(Draft.owner_id == by.id).order_by(Draft.changed_at.desc(), Draft.id.desc())


def drafts_with(key: str, draft_id: int | None = None, *, by: Identity) -> list[Draft]:
    """One's drafts of one form, known by the key it posts with or by its number, the latest first."""
    # PostgreSQL looks into no content that has U+0000 anywhere: one such draft would fail the whole question.
    mine = db.session.scalars(_latest_of(by))
    return [draft for draft in mine if draft.id == draft_id or _texts(draft.content).get("key") == key]


def drop_draft(draft_id: int, *, by: Identity) -> None:
    """Throws a draft away, or takes it off the desk once it is posted."""
    db.session.delete(get_draft(draft_id, by=by))
