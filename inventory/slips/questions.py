"""Questions about slips: lists, lines, how they were settled, how many wait."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from inventory.access import User
from inventory.catalogue import Item
from inventory.database import db, page_of
from inventory.errors import found
from inventory.parties import Service
from inventory.slips.slip import Slip, SlipLine, SlipPaper, SlipPhoto, SlipSettlement, is_open, stands
from inventory.warehouses import Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipsAsked:
    """Which slips a list shows. ``warehouse_ids``: None for all; ``search``: words of a receiver."""

    warehouse_ids: Collection[int] | None = None
    state: str = ""
    search: str = ""


def _question() -> Select[Any]:
    counted = select(func.count()).where(SlipLine.slip_id == Slip.id).correlate(Slip).scalar_subquery()
    photographed = select(SlipPhoto.digest).where(SlipPhoto.slip_id == Slip.id).correlate(Slip).scalar_subquery()
    return (
        select(
            Slip, Warehouse.code.label("warehouse"), Service, User.username, User.display_name,
            is_open().label("is_open"), counted.label("lines"), photographed.label("photo"),
        )
        .join(Warehouse, Warehouse.id == Slip.warehouse_id)
        .join(Service, Service.id == Slip.service_id)
        .join(User, User.id == Slip.made_by_id)
    )  # fmt: skip


def find_slips(
    asked: SlipsAsked, *, after: Sequence[int] | None = None, limit: int | None = 50
) -> tuple[Sequence[Any], tuple[int] | None]:
    """A page of rows of ``Slip, warehouse, Service, username, display_name, is_open, lines, photo``, the newest first,
    and where the next page begins (None at the end); without a limit all of them."""
    question = _question().order_by(Slip.id.desc())
    if asked.warehouse_ids is not None:
        question = question.where(Slip.warehouse_id.in_(asked.warehouse_ids))
    if asked.state:
        question = question.where(is_open() if asked.state == "open" else ~is_open())
    if asked.search:
        question = question.where(func.lower(Slip.receiver).contains(asked.search.lower(), autoescape=True))
    if after is not None:
        question = question.where(Slip.id < after[0])
    rows, last = page_of(question, limit)
    return rows, (last.Slip.id,) if last else None


def slip_row(slip_id: int) -> Any:
    """One slip as the list has it; NotFound when there is none."""
    return found(db.session.execute(_question().where(Slip.id == slip_id)).one_or_none(), slip_id)


def lines_of_slips(slip_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Rows of ``SlipLine, Item``, by slip, in order."""
    rows = db.session.execute(
        select(SlipLine, Item)
        .join(Item, Item.id == SlipLine.item_id)
        .where(SlipLine.slip_id.in_(slip_ids))
        .order_by(SlipLine.slip_id, SlipLine.position)
    ).all()
    by_slip: dict[int, list[Any]] = {slip_id: [] for slip_id in slip_ids}
    for row in rows:
        by_slip[row.SlipLine.slip_id].append(row)
    return by_slip


def settlements_of(slip_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Rows of ``SlipSettlement, username, display_name, stands``, by slip, the newest first."""
    rows = db.session.execute(
        select(SlipSettlement, User.username, User.display_name, stands(SlipSettlement).label("stands"))
        .join(User, User.id == SlipSettlement.settled_by_id)
        .where(SlipSettlement.slip_id.in_(slip_ids))
        .order_by(SlipSettlement.id.desc())
    ).all()
    by_slip: dict[int, list[Any]] = {slip_id: [] for slip_id in slip_ids}
    for row in rows:
        by_slip[row.SlipSettlement.slip_id].append(row)
    return by_slip


def papers_of_settlements(settlement_ids: Sequence[int]) -> dict[int, list[int]]:
    """The entries that each settlement links."""
    rows = db.session.execute(
        select(SlipPaper.settlement_id, SlipPaper.entry_id)
        .where(SlipPaper.settlement_id.in_(settlement_ids))
        .order_by(SlipPaper.entry_id)
    )
    by_settlement: dict[int, list[int]] = {one: [] for one in settlement_ids}
    for row in rows:
        by_settlement[row.settlement_id].append(row.entry_id)
    return by_settlement


def open_slips(warehouse_ids: Collection[int]) -> tuple[int, datetime | None]:
    """How many slips wait to be settled in some warehouses, and since when the oldest does."""
    row = db.session.execute(
        select(func.count(Slip.id).label("total"), func.min(Slip.made_at).label("oldest")).where(
            Slip.warehouse_id.in_(warehouse_ids), is_open()
        )
    ).one()
    return int(row.total), row.oldest


def photo_of(slip_id: int) -> SlipPhoto:
    """The picture of a slip; NotFound when it has none."""
    return found(db.session.get(SlipPhoto, slip_id), slip_id)
