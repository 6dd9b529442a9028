"""Stock as it is asked for and answered."""

from __future__ import annotations

from marshmallow import fields

from inventory.schemas.fields import CodeText, Day, Part, Shape
from inventory.schemas.pages import Page, PageQuery


class StockQuery(PageQuery):
    """Of which warehouse and item; ``on``: at the end of a past day."""

    warehouse = CodeText(most=40)
    item = CodeText()
    on = Day()


class StockRow(Shape):
    """An item in a warehouse: quantities in base units, value in MAD (goods on the road included).

    ``available``, ``projected`` and ``level`` are known for today alone: null on a past day. ``dated_back`` names the
    papers (at most 20) that took goods by that day at a cost that came later: with any, ``value`` is doubtful.
    """

    item = fields.String()
    name_fr = fields.String()
    name_ar = fields.String()
    name_en = fields.String()
    unit = fields.String()
    warehouse = fields.String()
    on_hand = fields.String()
    available = fields.String(allow_none=True)
    projected = fields.String(allow_none=True)
    value = fields.String()
    reorder_point = fields.String(allow_none=True)
    level = fields.String(allow_none=True, metadata={"enum": ["out", "low", None]})
    dated_back = fields.List(fields.String())


class StockPage(Page):
    """A page of stock, by item code and warehouse code."""

    on = fields.Date()
    items = fields.List(Part(StockRow))
