"""Why goods are written off or adjusted: a list the commune keeps, each reason saying where the goods go."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Id, Model, db
from inventory.errors import InvalidRequest, fault
from inventory.parties import Named


class Reason(Named, Model):
    """A reason with its outside place: ``loss``, ``disposal`` or ``count_difference``."""

    __tablename__ = "reason"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    place: Mapped[str] = mapped_column(String(20))
    is_active: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (CheckConstraint("place IN ('loss', 'disposal', 'count_difference')", name="place_known"),)


def find_reason(code: str) -> Reason:
    """The active reason with this code; InvalidRequest listing the codes there are."""
    found = db.session.scalar(select(Reason).where(Reason.code == code, Reason.is_active))
    if found is None:
        known = ", ".join(db.session.scalars(select(Reason.code).where(Reason.is_active).order_by(Reason.code)))
        raise InvalidRequest(
            [
                fault(
                    "/target/reason",
                    "unknown",
                    "“%(code)s” is no reason; there are: %(known)s.",
                    code=code,
                    known=known,
                )
            ]
        )
    return found
