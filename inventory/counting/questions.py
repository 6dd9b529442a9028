"""Questions about counts: lists, lines, what was said of them, how many wait."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, select

from inventory.access import User
from inventory.catalogue import Item
from inventory.counting.count import (
    CountDecision,
    CountLine,
    CountRemark,
    PlaceCount,
    WaitingCount,
    counts,
    is_counted_again,
    is_in,
    states,
)
from inventory.counting.since import has_moved
from inventory.database import cut, db, fetch
from inventory.errors import found
from inventory.warehouses import Location, Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsAsked:
    """Which counts a list shows; ``warehouse_ids`` None for all."""

    warehouse_ids: Collection[int] | None = None
    state: str = ""


def _question() -> Select[Any]:
    mine = CountLine.count_id == PlaceCount.id
    lines = select(func.count()).where(mine).correlate(PlaceCount).scalar_subquery()
    differences = (
        select(func.count())
        .where(mine, CountLine.counted != CountLine.expected)
        .correlate(PlaceCount)
        .scalar_subquery()
    )
    state = case(*((condition, state) for state, condition in states().items()))
    return (
        select(
            PlaceCount, Warehouse.code.label("warehouse"), Location,
            User.username, User.display_name, CountDecision, state.label("state"), lines.label("lines"),
            differences.label("differences"),
        )
        .join(Warehouse, Warehouse.id == PlaceCount.warehouse_id)
        .join(Location, Location.id == PlaceCount.location_id)
        .join(User, User.id == PlaceCount.counter_id)
        .outerjoin(CountDecision, CountDecision.count_id == PlaceCount.id)
    )  # fmt: skip


_AMONG = {
    "waiting": select(WaitingCount.count_id),
    "adjusted": select(CountDecision.count_id).where(CountDecision.entry_id.is_not(None)),
    "dismissed": select(CountDecision.count_id).where(CountDecision.entry_id.is_(None)),
    "replaced": select(CountLine.count_id).where(CountLine.counted != CountLine.expected),
}
"""Where the counts of a state are looked for, few among the many that matched; what is one, ``states`` says."""


def _wanted(asked: CountsAsked) -> Select[Any]:
    question = counts()
    if asked.warehouse_ids is not None:
        question = question.where(PlaceCount.warehouse_id.in_(asked.warehouse_ids))
    if asked.state in _AMONG:
        question = question.where(PlaceCount.id.in_(_AMONG[asked.state].correlate(None)))
    return question.where(is_in(asked.state)) if asked.state else question


def find_counts(
    asked: CountsAsked, *, after: Sequence[int] | None = None, limit: int | None = 50
) -> tuple[Sequence[Any], tuple[int] | None]:
    """A page of rows of ``PlaceCount, warehouse, Location, username, display_name, CountDecision, state, lines,
    differences``, the newest first, and where the next page begins (None at the end); without a limit all of them."""
    wanted = _wanted(asked).order_by(PlaceCount.id.desc())
    if after is not None:
        wanted = wanted.where(PlaceCount.id < after[0])
    page = wanted.limit(None if limit is None else limit + 1).subquery()
    question = _question().join(page, page.c.id == PlaceCount.id).order_by(PlaceCount.id.desc())
    rows, last = cut(fetch(question), limit)
    return rows, (last.PlaceCount.id,) if last else None


def count_row(count_id: int) -> Any:
    """One count as the list has it; NotFound when there is none."""
    return found(db.session.execute(_question().where(PlaceCount.id == count_id)).one_or_none(), count_id)


def lines_of_counts(count_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Rows of ``CountLine, Item, is_counted_again, has_moved``, by count, in the order of counting."""
    told = is_counted_again().label("is_counted_again"), has_moved().label("has_moved")
    rows = db.session.execute(
        select(CountLine, Item, *told)
        .join(Item, Item.id == CountLine.item_id)
        .join(PlaceCount, PlaceCount.id == CountLine.count_id)
        .outerjoin(CountDecision, CountDecision.count_id == PlaceCount.id)
        .where(CountLine.count_id.in_(count_ids))
        .order_by(CountLine.count_id, CountLine.position)
    ).all()
    by_count: dict[int, list[Any]] = {count_id: [] for count_id in count_ids}
    for row in rows:
        by_count[row.CountLine.count_id].append(row)
    return by_count


def remarks_of(count_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Rows of ``CountRemark, display_name``, by count, the oldest first."""
    rows = db.session.execute(
        select(CountRemark, User.display_name)
        .join(User, User.id == CountRemark.said_by_id)
        .where(CountRemark.count_id.in_(count_ids))
        .order_by(CountRemark.id)
    ).all()
    by_count: dict[int, list[Any]] = {count_id: [] for count_id in count_ids}
    for row in rows:
        by_count[row.CountRemark.count_id].append(row)
    return by_count


def waiting_counts(warehouse_ids: Collection[int]) -> int:
    """How many counts of some warehouses wait for a decision."""
    waiting = _wanted(CountsAsked(warehouse_ids=warehouse_ids, state="waiting"))
    return int(db.session.scalar(select(func.count()).select_from(waiting.subquery())) or 0)
