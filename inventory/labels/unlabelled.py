"""What lies in a warehouse and bears no label, or an old one; what was printed and voided counts as not printed.

Goods that are kept by lot or by unit are labelled lot by lot; all others bear the label of their item.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, case, func, literal, null, or_, select

from inventory.catalogue import NO_LOT, Item, Lot, search_condition
from inventory.labels.jobs import LabelJob, LabelJobLine
from inventory.ledger import Balance
from inventory.warehouses import Warehouse

NEVER, OLD = "never", "old"
STATES = (NEVER, OLD)


def without_label(
    warehouse_id: int, *, state: str = NEVER, search: str = "", after: tuple[str, str, int] | None = None
) -> Select[Any]:
    """Items and lots with stock in a warehouse whose label was never printed (``never``), or only in an older version
    (``old``): ``item_id, code, name_…, lot_id`` (none: the item itself), ``lot``, ``expires_on``, ``quantity``, in the
    order of codes and lots. ``after`` continues behind a row (code, lot, lot id)."""
    stock = (
        select(Balance.item_id, Balance.lot_id, func.sum(Balance.quantity).label("quantity"))
        .where(Balance.warehouse_id == warehouse_id, Balance.quantity > 0)
        .group_by(Balance.item_id, Balance.lot_id)
        .subquery()
    )
    is_lot = stock.c.lot_id != NO_LOT
    current = case((is_lot, Lot.label_version + Item.label_version - 1), else_=Item.label_version)
    printed = _printed(is_lot, stock, warehouse_id)
    number = case((is_lot, Lot.number), else_=literal(""))
    question = (
        select(
            Item.id.label("item_id"), Item.code, Item.name_fr, Item.name_ar, Item.name_en,
            case((is_lot, stock.c.lot_id), else_=null()).label("lot_id"), number.label("lot"), Lot.expires_on,
            stock.c.quantity, stock.c.lot_id.label("id"),
        )
        .join(Item, Item.id == stock.c.item_id)
        .join(Lot, Lot.id == stock.c.lot_id)
        .where(or_(printed < current, printed.is_(None)) if state == "" else _is(state, printed, current))
        .order_by(Item.code, number, stock.c.lot_id)
    )  # fmt: skip
    if search:
        question = question.where(search_condition(search))
    if after is not None:
        code, lot, lot_id = after
        same = and_(Item.code == code, or_(number > lot, and_(number == lot, stock.c.lot_id > lot_id)))
        question = question.where(or_(Item.code > code, same))
    return question


def _is(state: str, printed: Any, current: Any) -> Any:
    return printed.is_(None) if state == NEVER else printed < current


def _printed(is_lot: Any, stock: Any, warehouse_id: int) -> Any:
    """The latest version of a label that was printed and not voided; NULL when there is none. What was printed in
    practice labels nothing real, nor the reverse."""
    practice = select(Warehouse.id).where(Warehouse.is_practice)
    in_practice = LabelJob.warehouse_id.in_(practice) & LabelJob.warehouse_id.is_not(None)
    is_practised = practice.where(Warehouse.id == warehouse_id).exists()

    def latest(subject: Any, *designs: str) -> Any:
        return (
            select(func.max(LabelJobLine.version))
            .join(LabelJob, LabelJob.id == LabelJobLine.job_id)
            .where(LabelJobLine.design.in_(designs), LabelJobLine.subject_id == subject, LabelJob.voided_at.is_(None))
            .where(in_practice == is_practised)
            .correlate(stock)
            .scalar_subquery()
        )

    return case((is_lot, latest(stock.c.lot_id, "lot", "unit")), else_=latest(stock.c.item_id, "item"))
