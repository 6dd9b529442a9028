"""Stock: what is there now, or was there on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Response
from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, select, true, tuple_, union, union_all
from sqlalchemy.orm import aliased

from inventory import clock, ledger, reports
from inventory.api.acting import acting
from inventory.api.answers import money, opened, page, plain
from inventory.api.noun import Noun
from inventory.api.scope import within
from inventory.catalogue import Item, Unit, get_item
from inventory.database import Money, Quantity, cut, fetch
from inventory.errors import refuse_field
from inventory.ledger import Holding
from inventory.replenishment import ReorderRule, figures_of, with_rule, with_stock
from inventory.schemas.stock import StockPage, StockQuery
from inventory.warehouses import Warehouse

calls = Noun("stock", __name__, "What is in the stores.")

_held = aliased(Holding)  # the rule's own question asks for holdings too


@calls.call("GET", "/stock", query=StockQuery(), answers=StockPage())
def list_(query: dict[str, Any]) -> Response:
    """Stock

    One row per item and warehouse, by item code: everything that was ever held there, or has a rule there. With `on`,
    what was there at the end of that day; what was available then depended on the promises of that moment: null.
    """
    today = clock.today()
    on = query.get("on") or today
    if on > today:
        refuse_field("/on", "future", _l("This day has not come yet."))
    warehouse_ids = within(acting(), "stock.read", query.get("warehouse"))
    item_id = get_item(query["item"]).id if "item" in query else None
    after = opened(query.get("cursor"), "stock")
    limit = query["limit"]
    rows, last = cut(fetch(_question(today, warehouse_ids, item_id, after, limit + 1)), limit)
    items = [_now(row) for row in rows] if on == today else _past(rows, on)
    return page(items, (last.item, last.warehouse) if last else None, "stock", on=on)


def _question(
    today: date, warehouse_ids: Sequence[int] | None, item_id: int | None, after: tuple[Any, ...] | None, limit: int
) -> Any:
    """The page is cut first, from pairs of item and warehouse alone; figures are worked out for its rows."""
    pairs = _pairs(warehouse_ids, item_id, after, limit)
    cut = (
        select(pairs.c.item_id, pairs.c.warehouse_id)
        .join(Item, Item.id == pairs.c.item_id)
        .join(Warehouse, Warehouse.id == pairs.c.warehouse_id)
        .order_by(Item.code, Warehouse.code)
        .limit(limit)
    )
    if after is not None:
        cut = cut.where(tuple_(Item.code, Warehouse.code) > tuple_(*after))
    shown = cut.subquery("page")
    columns = select(
        Item.id, Item.code.label("item"), Item.name_fr, Item.name_ar, Item.name_en, Unit.code.label("unit"),
        Warehouse.id.label("warehouse_id"), Warehouse.code.label("warehouse"), _held.value,
    )  # fmt: skip
    question = with_rule(
        with_stock(
            columns.select_from(shown)
            .join(Item, Item.id == shown.c.item_id)
            .join(Unit, Unit.id == Item.unit_id)
            .join(Warehouse, Warehouse.id == shown.c.warehouse_id)
            .outerjoin(_held, (_held.item_id == Item.id) & (_held.warehouse_id == Warehouse.id)),
            today,
        )
    )
    return question.order_by(Item.code, Warehouse.code)


def _pairs(warehouse_ids: Sequence[int] | None, item_id: int | None, after: tuple[Any, ...] | None, limit: int) -> Any:
    """Item and warehouse wherever something was held or a rule stands; one item in one warehouse is always answered.

    Of several warehouses only the page's items are looked for, the first that have a pair at all: a page then costs the
    same however many pairs there are. Those of one warehouse are few.
    """
    only = warehouse_ids[0] if warehouse_ids is not None and len(warehouse_ids) == 1 else None
    if item_id is not None and only is not None:
        asked = select(Item.id.label("item_id"), Warehouse.id.label("warehouse_id")).join(Warehouse, true())
        return asked.where(Item.id == item_id, Warehouse.id == only).subquery("pairs")
    sides = []
    for kind in (Holding, ReorderRule):
        side = select(kind.item_id.label("item_id"), kind.warehouse_id.label("warehouse_id"))
        if warehouse_ids is not None:  # as a sum the warehouse leads to no index: many of them are found by the item
            side = side.where((kind.warehouse_id + 0).in_(warehouse_ids) if only is None else kind.warehouse_id == only)
        sides.append((kind, side))
    if only is not None:
        return union(*(side for _kind, side in sides)).subquery("pairs")
    present = exists(union_all(*(side.where(kind.item_id == Item.id).correlate(Item) for kind, side in sides)))
    first = select(Item.id).where(present).order_by(Item.code)
    if item_id is not None:
        first = first.where(Item.id == item_id)
    if after is not None:  # the item that the last page ended in may have more warehouses
        first = first.where(Item.code >= after[0])
    items = first.limit(limit + 1).subquery("page_items")
    return union(*(side.join(items, items.c.id == kind.item_id) for kind, side in sides)).subquery("pairs")


def _row(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("item", "name_fr", "name_ar", "name_en", "unit", "warehouse")}


def _now(row: Any) -> dict[str, Any]:
    figures = figures_of(row)
    return {
        **_row(row),
        "on_hand": plain(figures.on_hand),
        "available": plain(figures.available),
        "projected": plain(figures.projected),
        "value": money(row.value or Money.to_decimal(0)),
        "reorder_point": plain(figures.reorder_point),
        "level": figures.level,
        "dated_back": [],
    }


def _past(rows: Sequence[Any], on: date) -> list[dict[str, Any]]:
    """What stood at the end of a day, and what makes its value doubtful: six questions however long the page."""
    stood = ledger.stocks_on({row.warehouse_id for row in rows}, on, {row.id for row in rows})
    doubtful = reports.papers_dated_back({(row.warehouse_id, row.id) for row in rows}, on)
    nothing = ledger.Standing(0, Quantity.to_decimal(0), Money.to_decimal(0))
    made = []
    for row in rows:
        then = stood.get((row.warehouse_id, row.id), nothing)
        made.append(
            {
                **_row(row),
                "on_hand": plain(then.on_hand),
                "available": None,
                "projected": None,
                "value": money(then.value),
                "reorder_point": None,
                "level": None,
                "dated_back": doubtful.get((row.warehouse_id, row.id), []),
            }
        )
    return made
