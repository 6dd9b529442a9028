"""What a scanned code is, as asked and answered."""

from __future__ import annotations

from marshmallow import fields

from inventory.codes.gs1 import SEPARATOR
from inventory.schemas.documents import PaperOut
from inventory.schemas.fields import Choice, CodeText, Part, Shape, Text
from inventory.schemas.station import NamedOut


class ScannedText(Text):
    """What a scanner sends: a text, and between the parts of a GS1 code its separator (U+001D)."""

    def _is_control(self, character: str) -> bool:
        return character != SEPARATOR and super()._is_control(character)


class ScanQuery(Shape):
    """A code as a scanner or a person gave it, and the warehouse one stands in. ``purpose``: who counts is told what a
    thing is, and nothing of how much of it should be there."""

    code = ScannedText(most=300, least=1, required=True)
    warehouse = CodeText(most=40)
    purpose = Choice(("count",))


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


class ElementOut(Shape):
    """An application identifier of a GS1 code and its value, as they stand in it."""

    identifier = fields.String()
    value = fields.String()


class LyingOut(Shape):
    """What lies of a lot at a place, in base units."""

    item = fields.String()
    lot = fields.String(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    location = fields.String()
    location_kind = fields.String()
    quantity = fields.String()


class ScanOut(Shape):
    """What the code is. ``unit``: the unit or packaging one scan counts as (``unit_name``: what people call it, in the
    language asked), ``contains`` the base units in one (null when not exact in three decimals), ``quantity`` how many
    of it a GS1 code says; ``lot``: the one scanned, known here or not, else the first of them; ``serial``: the maker's
    number of the one thing; ``details``: a GS1 code without an item, which completes the one scanned beside it;
    ``elements``: what a GS1 code says, in its order; ``barcode``: what could be attached to an item; ``label_is_old``:
    our label shows what the thing was once called; ``balances``: at most 50, first expiry first; ``reason`` and
    ``detail`` say why a code is unknown, or (``expiry_differs``) not what it says."""

    kind = fields.String(metadata={"enum": ["item", "lot", "unit", "location", "document", "details", "unknown"]})
    code = fields.String()
    item = Part(ScannedItem, allow_none=True)
    unit = fields.String(allow_none=True)
    unit_name = fields.String(allow_none=True)
    contains = fields.String(allow_none=True)
    lot = fields.String(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    serial = fields.String(allow_none=True)
    quantity = fields.String(allow_none=True)
    barcode = fields.String(allow_none=True)
    elements = fields.List(Part(ElementOut))
    label_is_old = fields.Boolean()
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


class LookupQuery(Shape):
    """A code, and the warehouse from which one looks."""

    code = ScannedText(most=300, least=1, required=True)
    warehouse = CodeText(most=40, required=True)


class NamedItemOut(NamedOut):
    """``unit_name``: what people call its unit, in the language asked."""

    unit = fields.String()
    unit_name = fields.String()


class MovedOut(Shape):
    """A movement that touched the warehouse. ``quantity`` in base units; ``direction``: in, out, or within it."""

    document = fields.String()
    reference = fields.String()
    kind = fields.String()
    on = fields.Date()
    lot = fields.String(allow_none=True)
    quantity = fields.String()
    direction = fields.String(metadata={"enum": ["in", "out", "within"]})
    source = Part(NamedOut)
    target = Part(NamedOut)


class ElsewhereOut(NamedOut):
    """Another warehouse of the caller's and what it has on hand, base units."""

    on_hand = fields.String()


class LookupOut(Shape):
    """``found``: what the code is; ``items``: the names of all items that ``found`` speaks of; ``movements``: the last
    ones in the warehouse, newest first; ``elsewhere``: other warehouses that have the item, most first."""

    found = Part(ScanOut)
    items = fields.List(Part(NamedItemOut))
    movements = fields.List(Part(MovedOut))
    elsewhere = fields.List(Part(ElsewhereOut))
