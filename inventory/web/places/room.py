"""What the pages of warehouses and places share: whose they are, who may see them."""

from __future__ import annotations

from flask import Blueprint, Response

from inventory import access
from inventory.warehouses import Warehouse, get_warehouse
from inventory.web.asked import me
from inventory.web.frame import shows

pages = Blueprint("places", __name__)
Answer = Response | str | tuple[str, int]

OWN_KINDS = ("shelf", "quarantine", "loan", "office")
"""The kinds of place that people add; roads make themselves."""


def seen_ids() -> frozenset[int] | None:
    """The warehouses one may look at (None: all): those whose stock one reads and those whose places one changes."""
    if not me().may_somewhere("place.write"):
        return access.require_somewhere(me(), "stock.read")
    reads, writes = me().warehouses("stock.read"), me().warehouses("place.write")
    return None if reads is None or writes is None else reads | writes


def seen(code: str) -> Warehouse:
    """A warehouse one may look at; NotFound, or NotAllowed when it is another's."""
    warehouse = get_warehouse(code)
    if not me().may("place.write", warehouse.id):
        access.require(me(), "stock.read", warehouse.id)
    shows(warehouse.code)
    return warehouse
