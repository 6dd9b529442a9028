"""Reorder rules."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import select, tuple_

from inventory import clock, replenishment
from inventory.api.acting import acting
from inventory.api.answers import opened, page, plain
from inventory.api.creating import create
from inventory.api.noun import Noun
from inventory.api.scope import permitted, within
from inventory.catalogue import Item, get_item
from inventory.database import db, page_of
from inventory.replenishment import ReorderRule
from inventory.schemas.supply import RuleIn, RuleOut, RulePage, RuleQuery
from inventory.warehouses import Warehouse

calls = Noun("rules", __name__, "When to reorder, and up to how much.")


@calls.call("GET", "/rules", query=RuleQuery(), answers=RulePage())
def list_(query: dict[str, Any]) -> Response:
    """List rules"""
    ids = within(acting(), "rule.read", query.get("warehouse"))
    question = (
        select(
            Item.code.label("item"), Warehouse.code.label("warehouse"), ReorderRule.reorder_point, ReorderRule.target
        )
        .join(Item, Item.id == ReorderRule.item_id)
        .join(Warehouse, Warehouse.id == ReorderRule.warehouse_id)
    )
    if ids is not None:
        question = question.where(Warehouse.id.in_(ids))
    if "item" in query:
        question = question.where(Item.code == query["item"])
    if (after := opened(query.get("cursor"), "rules")) is not None:
        question = question.where(tuple_(Item.code, Warehouse.code) > tuple_(*after))
    rows, last = page_of(question.order_by(Item.code, Warehouse.code), query["limit"])
    return page([_rule(row) for row in rows], (last.item, last.warehouse) if last else None, "rules")


@calls.call("POST", "/rules", body=RuleIn(), answers=RuleOut(), is_creating=True)
def set_(data: dict[str, Any], *, key: str) -> Response:
    """Set a rule

    One per item and warehouse: another one replaces it. Its alert opens or closes at once.
    """
    by = acting()
    place = permitted(by, "rule.write", data["warehouse"])

    def perform() -> dict[str, Any]:
        item, warehouse = get_item(data["item"]), db.session.get_one(Warehouse, place.id)
        quantities = {name: data[name] for name in ("reorder_point", "target")}
        replenishment.set_rule(item, warehouse, **quantities, by=by, on=clock.today(), at=clock.now())
        return {"item": data["item"], "warehouse": place.code} | {
            name: plain(quantity) for name, quantity in quantities.items()
        }

    return create("POST /rules", data, by=by, key=key, perform=perform)


def _rule(row: Any) -> dict[str, Any]:
    return {
        "item": row.item,
        "warehouse": row.warehouse,
        "reorder_point": plain(row.reorder_point),
        "target": plain(row.target),
    }
