"""What a scanned code is, as asked and answered."""

from __future__ import annotations

from marshmallow import fields

from inventory.schemas.documents import PaperOut
from inventory.schemas.fields import CodeText, Part, Shape, Text


class ScanQuery(Shape):
    """A code as a scanner or a person gave it, and the warehouse one stands in."""

    code = Text(most=300, least=1, required=True)
    warehouse = CodeText(most=40)


class ScannedItem(Shape):
    """The item. ``unit_name``: what people call its unit, in the language asked; ``photo``: the address of its picture,
    for a session of the same person; another picture has another address."""

    code = fields.String()
    name_fr = fields.String()
    name_ar = fields.String()
    name_en = fields.String()
    unit = fields.String()
    unit_name = fields.String()
    decimals = fields.Integer()
    tracking = fields.String()
    has_expiry = fields.Boolean()
    retired_on = fields.Date(allow_none=True)
    photo = fields.String(allow_none=True)


class ScannedPlace(Shape):
    code = fields.String()
    kind = fields.String()
    name_fr = fields.String()
    name_ar = fields.String()
    name_en = fields.String()
    warehouse = fields.String()


class LyingOut(Shape):
    """What lies of a lot at a place, in base units."""

    item = fields.String()
    lot = fields.String(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    location = fields.String()
    location_kind = fields.String()
    quantity = fields.String()


class ScanOut(Shape):
    """What the code is. ``unit``: the unit or packaging one scan counts as, ``contains`` the base units in
    one (null when not exact in three decimals); ``lot``: the one scanned, else the first to
    expire; ``balances``: at most 50, first expiry first; ``reason`` and ``detail`` say why a code is unknown."""

    kind = fields.String(metadata={"enum": ["item", "lot", "unit", "location", "document", "unknown"]})
    code = fields.String()
    item = Part(ScannedItem, allow_none=True)
    unit = fields.String(allow_none=True)
    contains = fields.String(allow_none=True)
    lot = fields.String(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    warehouse = fields.String(allow_none=True)
    on_hand = fields.String(allow_none=True)
    available = fields.String(allow_none=True)
    projected = fields.String(allow_none=True)
    balances = fields.List(Part(LyingOut))
    location = Part(ScannedPlace, allow_none=True)
    document = Part(PaperOut, allow_none=True)
    choices = fields.List(fields.String())
    reason = fields.String(allow_none=True)
    detail = fields.String(allow_none=True)
    actions = fields.List(fields.String())
