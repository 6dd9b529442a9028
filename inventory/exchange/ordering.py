"""A paper's request, in the shape of ``POST /documents``, as the order that ``documents.post`` takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from inventory.documents import LineOrder, Order, Side

TEXTS = ("unit", "lot", "location", "target_location", "direction", "reason")


def order_of(request: Mapping[str, Any]) -> Order:
    """The order of a request made by ``plan_movements``, whose every cell was read and checked there."""
    return Order(
        kind=request["kind"],
        warehouse=request["warehouse"],
        lines=tuple(_line(line) for line in request["lines"]),
        on=date.fromisoformat(request["on"]),
        source=_side(request.get("source")),
        target=_side(request.get("target")),
        origin=request.get("origin"),
        reason=request.get("reason"),
        note=request["note"],
    )


def _side(named: Mapping[str, str] | None) -> Side | None:
    return None if named is None else Side(*next(iter(named.items())))


def _line(line: Mapping[str, Any]) -> LineOrder:
    return LineOrder(
        item=line["item"],
        quantity=_as(Decimal, line.get("quantity")),
        unit_cost=_as(Decimal, line.get("unit_cost")),
        expires_on=_as(date.fromisoformat, line.get("expires_on")),
        first_number=_as(int, line.get("first_number")),
        last_number=_as(int, line.get("last_number")),
        **{name: line.get(name) for name in TEXTS},
    )


def _as(read: Any, value: str | None) -> Any:
    return None if value is None else read(value)
