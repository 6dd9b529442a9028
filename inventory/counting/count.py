"""Counts: the nouns, and the state of a count in its one definition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    and_,
    delete,
    select,
    text,
    true,
)  # fmt: skip
from sqlalchemy.orm import Mapped, aliased, mapped_column

from inventory import audit
from inventory.access import Identity
from inventory.database import Id, Instant, Model, Quantity, db

LONGEST_REASON = 300
STATES = ("matched", "waiting", "adjusted", "dismissed", "replaced")
_DIFFERS = "counted <> expected"
_APPEND_ONLY = {"info": {"append_only": True}}


class PlaceCount(Model):
    """One count of one place. ``counted_at`` is by the device's clock, ``counted_on`` its business day."""

    __tablename__ = "place_count"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    counted_on: Mapped[date]
    counted_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    counter_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    is_whole: Mapped[bool]
    __table_args__ = (Index(None, "warehouse_id", "id"), Index(None, "location_id", "id"), _APPEND_ONLY)


class CountLine(Model):
    """One lot of one item at the place, base units; ``lot`` is empty for goods without lots. ``has_moved``: after it
    was counted and before it was compared (what moved since, ``since.has_moved`` says)."""

    __tablename__ = "count_line"
    count_id: Mapped[int] = mapped_column(ForeignKey("place_count.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    lot: Mapped[str] = mapped_column(String(60))
    expires_on: Mapped[date | None]
    counted: Mapped[Decimal] = mapped_column(Quantity)
    expected: Mapped[Decimal] = mapped_column(Quantity)
    has_moved: Mapped[bool]
    __table_args__ = (
        CheckConstraint("counted >= 0 AND expected >= 0", name="never_negative"),
        Index("ix_count_line_differs", "count_id", sqlite_where=text(_DIFFERS), postgresql_where=text(_DIFFERS)),
        _APPEND_ONLY,
    )

    @property
    def difference(self) -> Decimal:
        """What is too much (or, below zero, too little) at the place."""
        return self.counted - self.expected


class CountDecision(Model):
    """What became of a count's difference: an adjustment (its entry) or a dismissal. One to a count, for ever."""

    __tablename__ = "count_decision"
    count_id: Mapped[int] = mapped_column(ForeignKey("place_count.id"), primary_key=True)
    decided_at: Mapped[datetime] = mapped_column(Instant)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    __table_args__ = (CheckConstraint("reason <> ''", name="says_why"), _APPEND_ONLY)


class WaitingCount(Model):
    """A count that waits for a decision. It says nothing new: it is where to look, so that what waits is found without
    reading all that ever was counted. A count that waits no longer never waits again (laws 3 and 4)."""

    __tablename__ = "waiting_count"
    count_id: Mapped[int] = mapped_column(ForeignKey("place_count.id"), primary_key=True)


class CountRemark(Model):
    """What somebody who knows the place says of a difference, for who decides."""

    __tablename__ = "count_remark"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    count_id: Mapped[int] = mapped_column(ForeignKey("place_count.id"), index=True)
    said_at: Mapped[datetime] = mapped_column(Instant)
    said_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    remark: Mapped[str] = mapped_column(String(LONGEST_REASON))
    __table_args__ = (_APPEND_ONLY,)


_later, _again = aliased(PlaceCount), aliased(CountLine)


@cache
def is_counted_again() -> ColumnElement[bool]:
    """Whether the goods of a line were counted again at its place, before anybody decided on its count (law 3)."""
    later = select(_later.id).where(
        _later.location_id == PlaceCount.location_id, _later.id > PlaceCount.id,
        CountDecision.count_id.is_(None) | (_later.recorded_at < CountDecision.decided_at),
    )  # fmt: skip
    same = _again.count_id == _later.id, _again.item_id == CountLine.item_id, _again.lot == CountLine.lot
    whole = later.where(_later.is_whole).correlate(PlaceCount, CountDecision)
    return whole.exists() | later.where(*same).correlate(PlaceCount, CountLine, CountDecision).exists()


@cache
def states() -> Mapping[str, ColumnElement[bool]]:
    """What makes the state of a count, in its one definition: the first of these that is true."""
    differing = select(CountLine.count_id).where(
        CountLine.count_id == PlaceCount.id, CountLine.counted != CountLine.expected
    )
    left = differing.where(~is_counted_again())
    return {
        "adjusted": CountDecision.entry_id.is_not(None),
        "dismissed": CountDecision.count_id.is_not(None),
        "matched": ~differing.correlate(PlaceCount).exists(),
        "replaced": ~left.correlate(PlaceCount, CountDecision).exists(),
        "waiting": true(),
    }


@cache
def is_in(state: str) -> ColumnElement[bool]:
    """Whether a count is in a state, as a condition that an index can answer."""
    conditions = states()
    before = list(conditions)[: list(conditions).index(state)]
    return and_(conditions[state], *(~conditions[one] for one in before))


def counts() -> Select[Any]:
    """The ids of counts, with what their state is told from."""
    return select(PlaceCount.id).outerjoin(CountDecision, CountDecision.count_id == PlaceCount.id)


def forget_settled(location_id: int) -> None:
    """Takes away what waits no longer at a place where something was just counted or decided."""
    settled = counts().where(
        PlaceCount.id == WaitingCount.count_id, PlaceCount.location_id == location_id, ~is_in("waiting")
    )
    db.session.execute(delete(WaitingCount).where(settled.exists()))


def note(action: str, count: PlaceCount, *, by: Identity, at: datetime, **details: Any) -> None:
    audit.note(action, str(count.id), by=by, at=at, details=details)
