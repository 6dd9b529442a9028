"""Reorder rules."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import select, tuple_

from inventory import clock, replenishment
from inventory.api.acting import acting
from inventory.api.answers import answer, opened, page, plain
from inventory.api.noun import Noun
from inventory.api.scope import permitted, within
from inventory.catalogue import Item, get_item
from inventory.database import db, page_of, transaction
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


@calls.call("POST", "/rules", body=RuleIn(), answers=RuleOut())
def set_(data: dict[str, Any]) -> Response:
    """Set a rule

    One per item and warehouse: sending it again changes it, so no key is needed. Its alert opens or closes at once.
    """
    by = acting()
    place = permitted(by, "rule.write", data["warehouse"])
    with transaction():
        replenishment.set_rule(
            get_item(data["item"]),
            db.session.get_one(Warehouse, place.id),
            reorder_point=data["reorder_point"],
            target=data["target"],
            by=by,
            on=clock.today(),
            at=clock.now(),
        )
    kept = {"reorder_point": plain(data["reorder_point"]), "target": plain(data["target"])}
    return answer({"item": data["item"], "warehouse": place.code, **kept}, 201)


def _rule(row: Any) -> dict[str, Any]:
    return {
        "item": row.item,
        "warehouse": row.warehouse,
        "reorder_point": plain(row.reorder_point),
        "target": plain(row.target),
    }
