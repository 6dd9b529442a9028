"""What is noted in the audit trail when somebody changes the house by its pages."""

from __future__ import annotations

from typing import Any

from flask_login import current_user

from inventory import audit, clock


def note(action: str, subject: str, **details: Any) -> None:
    """Adds a record, inside the running transaction, of what the signed-in person does: ``service.changed``."""
    audit.note(action, subject, by=current_user, at=clock.now(), details=details)
