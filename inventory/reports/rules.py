"""Reorder rules as a list to be filled in: items of a warehouse, or categories, with what each needs to be decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, func, literal, select, tuple_, type_coerce
from sqlalchemy.orm import aliased

from inventory.catalogue import Category, Item, Unit, search_condition
from inventory.database import db, page_of
from inventory.ledger import Balance, Holding
from inventory.replenishment import CategoryRule, ReorderRule, available_of, with_available
from inventory.reports.called import Called, columns_of, sure
from inventory.reports.use import Use, used_until
from inventory.warehouses import ON_HAND, Location, Warehouse

Mark = tuple[str, int]
# Made once: an alias works its columns out anew, which costs a page more than asking.
_here, _everywhere = aliased(CategoryRule), aliased(CategoryRule)


@dataclass(frozen=True, slots=True)
class RulesAsked:
    """Which rules are asked for: of one warehouse; ``only`` is "", ``with`` or ``without`` a rule of the item's own."""

    warehouse_id: int
    today: date
    search: str = ""
    category_id: int | None = None
    only: str = ""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """An item with its own rule in the warehouse (or None), what it inherits, what is available as low stock is
    defined, and its use per day over 90 days."""

    item: Called
    unit: Called
    decimals: int
    available: Decimal
    use: Use
    reorder_point: Decimal | None
    target: Decimal | None
    inherited_point: Decimal | None
    inherited_target: Decimal | None


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A category with its default everywhere, and in one warehouse."""

    category: Called
    items: int
    reorder_point: Decimal | None
    target: Decimal | None
    point_here: Decimal | None
    target_here: Decimal | None


def rule_page(asked: RulesAsked, *, after: Mark | None = None, limit: int = 50) -> tuple[list[RuleRow], Mark | None]:
    """A page of items in the order of their codes; one statement."""
    read, more = page_of(_question(asked, after), limit)
    rows = [_row(row) for row in read]
    return rows, (rows[-1].item.code, rows[-1].item.id) if more else None


def rules_of(asked: RulesAsked) -> list[RuleRow]:
    """All of them, for a spreadsheet."""
    return [_row(row) for row in db.session.execute(_question(asked, None))]


def _question(asked: RulesAsked, after: Mark | None) -> Any:
    question = (
        select(
            *columns_of(Item, "item"), *columns_of(Unit, "unit"), Item.decimals, Holding.item_id.label("holding"),
            used_until(asked.today).label("used"),
            ReorderRule.reorder_point, ReorderRule.target,
            _here.reorder_point.label("point_here"), _here.target.label("target_here"),
            _everywhere.reorder_point.label("point_everywhere"), _everywhere.target.label("target_everywhere"),
        )
        .select_from(Item)
        .join(Warehouse, Warehouse.id == asked.warehouse_id)
        .join(Unit, Unit.id == Item.unit_id)
        .outerjoin(Holding, (Holding.item_id == Item.id) & (Holding.warehouse_id == asked.warehouse_id))
        .outerjoin(ReorderRule, (ReorderRule.item_id == Item.id) & (ReorderRule.warehouse_id == asked.warehouse_id))
        .outerjoin(_here, (_here.category_id == Item.category_id) & (_here.warehouse_id == asked.warehouse_id))
        .outerjoin(_everywhere, (_everywhere.category_id == Item.category_id) & _everywhere.warehouse_id.is_(None))
        .order_by(Item.code, Item.id)
    )  # fmt: skip
    if asked.search:
        question = question.where(search_condition(asked.search))
    if asked.category_id is not None:
        question = question.where(Item.category_id == asked.category_id)
    if asked.only == "with":
        question = question.where(ReorderRule.id.is_not(None))
    elif asked.only == "without":
        question = question.where(Item.retired_on.is_(None), Item.id.in_(_without_rule(asked.warehouse_id)))
    else:
        question = question.where(ReorderRule.id.is_not(None) | Item.retired_on.is_(None))
    if after is not None:
        question = question.where(tuple_(Item.code, Item.id) > tuple_(*(literal(one) for one in after)))
    return with_available(question, asked.today)


def _without_rule(warehouse_id: int) -> Any:
    """The items of which there is some in the warehouse (what an office holds is not in stock) and no rule of their
    own: found first, since they are few of all items."""
    here = (
        select(Balance.item_id)
        .join(Location, Location.id == Balance.location_id)
        .where(
            Balance.warehouse_id == warehouse_id, Location.kind.in_(ON_HAND),
            type_coerce(Balance.quantity, BigInteger) > 0,
        )
    )  # fmt: skip
    return here.except_(select(ReorderRule.item_id).where(ReorderRule.warehouse_id == warehouse_id))


def _row(row: Any) -> RuleRow:
    is_held = row.holding is not None  # a category's default counts only where the item is or was
    inherited = (row.point_here, row.target_here) if row.point_here is not None else (
        row.point_everywhere, row.target_everywhere
    )  # fmt: skip
    return RuleRow(
        sure(row, "item"), sure(row, "unit"), row.decimals, available_of(row), Use.of(row),
        row.reorder_point, row.target, *(inherited if is_held else (None, None)),
    )  # fmt: skip


def category_rules(warehouse_id: int | None) -> list[CategoryRow]:
    """Every category with its defaults, in the order of their codes."""
    rows = db.session.execute(
        select(
            *columns_of(Category, "category"),
            select(func.count(Item.id)).where(Item.category_id == Category.id).scalar_subquery().label("items"),
            _everywhere.reorder_point, _everywhere.target,
            _here.reorder_point.label("point_here"), _here.target.label("target_here"),
        )
        .outerjoin(_everywhere, (_everywhere.category_id == Category.id) & _everywhere.warehouse_id.is_(None))
        .outerjoin(_here, (_here.category_id == Category.id) & (_here.warehouse_id == (warehouse_id or 0)))
        .order_by(Category.code)
    )  # fmt: skip
    return [
        CategoryRow(sure(row, "category"), row.items, row.reorder_point, row.target, row.point_here, row.target_here)
        for row in rows
    ]
