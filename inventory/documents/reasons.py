"""Why goods are written off or adjusted: a list the commune keeps, each reason saying where the goods go."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Id, Model, db
from inventory.errors import AlreadyExists, InvalidRequest, fault
from inventory.parties import Named

PLACES = ("loss", "disposal", "count_difference")
"""The outside places that goods can be written off to."""


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


def add_reason(code: str, place: str, **names: str) -> Reason:
    """Adds a reason; its code and the place where the goods go never change. Raises AlreadyExists."""
    if db.session.scalar(select(Reason.id).where(Reason.code == code)):
        raise AlreadyExists(what=code)
    if place not in PLACES:
        raise InvalidRequest(
            [fault("/place", "unknown", "“%(place)s” is no place for written-off goods.", place=place)]
        )
    reason = Reason(code=code, place=place, **names)
    db.session.add(reason)
    db.session.flush()
    return reason


def reasons() -> list[Reason]:
    """All reasons, those in use first."""
    return list(db.session.scalars(select(Reason).order_by(Reason.is_active.desc(), Reason.place, Reason.code)))
