"""Why goods are written off or adjusted: a list the commune keeps, each reason saying where the goods go."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Id, Model, db
from inventory.documents.orders import Side
from inventory.errors import already_exists, refuse_field
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


def find_reason(side: Side | None) -> Reason | None:
    """The reason that an order's side names, in use or not; None when there is none."""
    if side is None or side.kind != "reason":
        return None
    return db.session.scalar(select(Reason).where(Reason.code == side.code))


def named_reason(side: Side | None) -> Reason:
    """The reason in use that an order's side names; InvalidRequest listing those there are."""
    reason = find_reason(side)
    if reason is None or not reason.is_active:
        known = ", ".join(db.session.scalars(select(Reason.code).where(Reason.is_active).order_by(Reason.code)))
        message = _l("“%(code)s” is no reason; there are: %(known)s.")
        refuse_field("/target/reason", "unknown", message, code=side.code if side else "", known=known)
    return reason


def add_reason(code: str, place: str, **names: str) -> Reason:
    """Adds a reason; its code and the place where the goods go never change. Raises AlreadyExists."""
    if db.session.scalar(select(Reason.id).where(Reason.code == code)):
        already_exists(code)
    if place not in PLACES:
        refuse_field("/place", "unknown", _l("“%(place)s” is no place for written-off goods."), place=place)
    reason = Reason(code=code, place=place, **names)
    db.session.add(reason)
    db.session.flush()
    return reason


def reasons() -> list[Reason]:
    """All reasons, those in use first."""
    return list(db.session.scalars(select(Reason).order_by(Reason.is_active.desc(), Reason.place, Reason.code)))
