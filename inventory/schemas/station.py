"""What a device keeps of a warehouse, and what it says of a paper that was set aside."""

from __future__ import annotations

from marshmallow import fields

from inventory.documents import KINDS
from inventory.schemas.fields import Choice, CodeText, Part, Rows, Shape, Text

MOST_LINES = 2000


class SnapshotQuery(Shape):
    warehouse = CodeText(most=40, required=True)


class NamedOut(Shape):
    code = fields.String()
    name_fr = fields.String()
    name_ar = fields.String()
    name_en = fields.String()


class KeptItem(NamedOut):
    """``on_hand`` and ``available`` here, in base units; ``label`` is the code on its label."""

    unit = fields.String()
    decimals = fields.Integer()
    tracking = fields.String()
    has_expiry = fields.Boolean()
    retired_on = fields.Date(allow_none=True)
    replaced_by = fields.String(allow_none=True)
    label = fields.String()
    photo = fields.String(allow_none=True)
    on_hand = fields.String()
    available = fields.String()


class KeptPackaging(Shape):
    """``contains``: base units in one, null when not exact in three decimals."""

    item = fields.String()
    name = fields.String()
    contains = fields.String(allow_none=True)


class KeptBarcode(Shape):
    code = fields.String()
    item = fields.String()
    packaging = fields.String(allow_none=True)


class KeptLot(Shape):
    item = fields.String()
    number = fields.String()
    expires_on = fields.Date(allow_none=True)
    label = fields.String()


class KeptBalance(Shape):
    """What lies here, base units, first expiry first."""

    item = fields.String()
    lot = fields.String(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    location = fields.String()
    location_kind = fields.String()
    quantity = fields.String()


class KeptPlace(NamedOut):
    kind = fields.String()
    label = fields.String()
    is_default = fields.Boolean()


class SnapshotOut(Shape):
    """One warehouse as a device keeps it. ``kinds``: the papers the caller may post; ``earliest``: how far back."""

    warehouse = fields.String()
    is_practice = fields.Boolean()
    today = fields.Date()
    earliest = fields.Date(allow_none=True)
    time_zone = fields.String()
    kinds = fields.List(fields.String())
    units = fields.List(Part(NamedOut))
    items = fields.List(Part(KeptItem))
    packagings = fields.List(Part(KeptPackaging))
    barcodes = fields.List(Part(KeptBarcode))
    lots = fields.List(Part(KeptLot))
    balances = fields.List(Part(KeptBalance))
    places = fields.List(Part(KeptPlace))
    services = fields.List(Part(NamedOut))
    suppliers = fields.List(Part(NamedOut))
    warehouses = fields.List(Part(NamedOut))
    reasons = fields.List(Part(NamedOut))


class DeviceOut(Shape):
    """``key``: 32 bytes in base64, the same for ever; ``at``: the instant of the house."""

    username = fields.String()
    key = fields.String()
    csrf_token = fields.String()
    at = fields.String()


class AsideLine(Shape):
    item = CodeText(most=60, required=True)
    quantity = Text(most=40, load_default="")
    lot = Text(most=60, load_default="")


class AsideIn(Shape):
    """A refused paper that a person gives up: which it was, what stood on it, why it was refused and given up."""

    paper = Text(most=36, least=36, required=True)
    kind = Choice((*KINDS, "slip", "count"), required=True)
    warehouse = CodeText(most=40, required=True)
    made_at = Text(most=40, load_default="")
    refusal = Text(most=500, load_default="")
    reason = Text(most=300, least=1, required=True)
    lines = Rows(Part(AsideLine), most=MOST_LINES, load_default=list)


class AsideOut(Shape):
    paper = fields.String()
