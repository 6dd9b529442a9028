"""What is recorded of a paper, for ever: canonical JSON, whose digest stands in the chain. Codes and ids, never
names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from inventory.documents.desk import NOTHING, Desk, Made
from inventory.documents.orders import Side
from inventory.ledger import Book, Shift, plain
from inventory.warehouses import ON_HAND

PAPER_VERSION = 1
TWO_WAYS = ("adjustment", "conversion")  # kinds whose lines go in or out
FINEST_COST = Decimal("0.000001")


def content_of(desk: Desk) -> str:
    """The paper that a desk has made, ready to be posted."""
    order = desk.order
    return canonical(
        {
            "version": PAPER_VERSION,
            "kind": order.kind,
            "warehouse": order.warehouse,
            "on": desk.on.isoformat(),
            "source": _side(order.source),
            "target": _side(order.target),
            "origin": (order.origin or "purchase") if order.kind == "receipt" else None,
            "reason": order.reason,
            "note": order.note,
            "details": order.details,
            "lines": [_line(desk, made, desk.book.values[index]) for index, made in enumerate(desk.made)],
        }
    )


def mirror_of(
    content: dict[str, Any], reference: str, reason: str, on: str, book: Book, settled: Sequence[Shift]
) -> str:
    """The mirror of a paper: its lines, last first as they went back, with what they are worth now. ``difference`` is
    the value that could not go back with the goods, in MAD."""
    lines = list(reversed(content["lines"]))
    mirrored = [
        line
        | {
            "line": number,
            "direction": _way(settled[number - 1]) if content["kind"] in TWO_WAYS else line["direction"],
            **_way_back(line),
            "value": f"{book.values[number - 1]:f}",
            "balance": plain(_on_hand(book, settled[number - 1])),
        }
        for number, line in enumerate(lines, start=1)
    ]
    difference = sum((book.values[index] for index in range(len(lines), len(settled))), NOTHING)
    return canonical(
        {
            "version": PAPER_VERSION,
            "kind": "reversal",
            "warehouse": content["warehouse"],
            "on": on,
            "reverses": reference,
            "source": content["target"],
            "target": content["source"],
            "origin": None,
            "reason": reason,
            "note": "",
            "details": {},
            "difference": f"{difference:f}" if difference else None,
            "lines": mirrored,
        }
    )


def canonical(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _way_back(line: dict[str, Any]) -> dict[str, Any]:
    """From shelf to shelf, a mirror goes from the second to the first."""
    if line.get("target_location") is None:
        return {}
    return {"location": line["target_location"], "target_location": line["location"]}


def _way(shift: Shift) -> str:
    return "in" if shift.source.warehouse_id is None else "out"


def _line(desk: Desk, made: Made, value: Decimal) -> dict[str, Any]:
    shift, asked = made.shift, desk.order.lines[made.line]
    cost = shift.unit_cost
    if cost is None and (shift.value is None or shift.source.warehouse_id is not None) and value:
        cost = (value / made.quantity).quantize(FINEST_COST)
    leaves = shift.source.warehouse_id is not None and shift.source.kind != "transit"
    return {
        "line": made.line + 1,
        "item": made.goods.code,
        "quantity": plain(made.quantity),
        "unit": made.unit,
        "base_quantity": plain(shift.quantity),
        "base_unit": made.goods.unit,
        "lot": made.lot or None,
        "expires_on": made.expires_on.isoformat() if made.expires_on else None,
        "location": shift.source.code if leaves else shift.target.code,
        "target_location": shift.target.code if leaves and shift.target.warehouse_id else None,
        "direction": asked.direction,
        "first_number": shift.first_number,
        "last_number": shift.last_number,
        "reason": asked.reason,
        "unit_cost": None if cost is None else f"{cost:f}",
        "value": f"{value:f}",
        "balance": plain(_on_hand(desk.book, shift)),
    }


def _on_hand(book: Book, shift: Shift) -> Decimal:
    """What the warehouse that the line is about has on hand after the paper."""
    arrives = shift.source.warehouse_id is None or shift.source.kind == "transit"
    store = shift.target if arrives and shift.target.warehouse_id is not None else shift.source
    rows = book.rows_of(shift.item_id, store.warehouse_id or 0)
    return sum((row.left for row in rows if row.place.kind in ON_HAND), NOTHING)


def _side(side: Side | None) -> dict[str, str] | None:
    return {side.kind: side.code} if side else None
