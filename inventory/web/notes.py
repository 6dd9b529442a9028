"""What is noted in the audit trail when somebody changes the house by its pages."""

from __future__ import annotations

from typing import Any

from flask_login import current_user

from inventory import audit, clock


def note(action: str, subject: str, **details: Any) -> None:
    """Adds a record, inside the running transaction, of what the signed-in person does: ``service.added``."""
    audit.note(action, subject, by=current_user, at=clock.now(), details=details)


def note_change(action: str, subject: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Adds a record of what the signed-in person changes, as it was and as it is; none when nothing differs."""
    audit.note_change(action, subject, before, after, by=current_user, at=clock.now())
