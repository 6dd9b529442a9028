"""Slips to regularise, as they come in and as they are answered."""

from __future__ import annotations

from marshmallow import fields

from inventory.schemas.fields import Amount, Choice, CodeText, Part, Rows, Shape, Text, Whole
from inventory.schemas.pages import Page, PageQuery
from inventory.slips import LONGEST_NOTE, LONGEST_REASON, LONGEST_RECEIVER

MOST_LINES = 200
LONGEST_PHOTO = 8_000_000
"""In base64: a photo of 6 MB."""


class SlipLineIn(Shape):
    item = CodeText(required=True)
    quantity = Amount(allow_none=True, load_default=None)
    unit = CodeText(allow_none=True, load_default=None)
    lot = CodeText(allow_none=True, load_default=None)
    location = CodeText(allow_none=True, load_default=None)
    first_number = Whole(allow_none=True, load_default=None)
    last_number = Whole(allow_none=True, load_default=None)


class SlipIn(Shape):
    """What was handed out while the books said there was none. ``photo``: a JPEG, PNG or WebP in base64; ``made_at``:
    when, of a slip that was made without network."""

    warehouse = CodeText(most=40, required=True)
    service = CodeText(most=60, required=True)
    receiver = Text(most=LONGEST_RECEIVER, least=1, required=True)
    note = Text(most=LONGEST_NOTE, lines=True, allow_none=True, load_default="")
    photo = Text(most=LONGEST_PHOTO, allow_none=True, load_default=None)
    made_at = fields.AwareDateTime(allow_none=True, load_default=None)
    lines = Rows(Part(SlipLineIn), most=MOST_LINES, required=True)


class SlipQuery(PageQuery):
    warehouse = CodeText(most=40)
    state = Choice(("open", "settled"))


class SettlementIn(Shape):
    """The ids of the posted papers that put a slip right."""

    papers = Rows(CodeText(most=20), most=20, required=True)


class ClosingIn(Shape):
    reason = Text(most=LONGEST_REASON, least=1, required=True)


class SlipLineOut(Shape):
    """``quantity`` and ``available`` (by the books, when it was handed out) in base units; ``unit_quantity`` of
    ``unit`` when it was counted in a packaging."""

    item = fields.String()
    quantity = fields.String()
    unit = fields.String(allow_none=True)
    unit_quantity = fields.String(allow_none=True)
    lot = fields.String(allow_none=True)
    location = fields.String(allow_none=True)
    first_number = fields.Integer(allow_none=True)
    last_number = fields.Integer(allow_none=True)
    available = fields.String()


class SettlementOut(Shape):
    """``stands`` is false once one of its papers was reversed."""

    settled_at = fields.DateTime()
    by = fields.String()
    reason = fields.String(allow_none=True)
    papers = fields.List(fields.String())
    stands = fields.Boolean()


class SlipOut(Shape):
    """A slip. It stands in no register and changes no stock; ``photo`` is an address."""

    id = fields.String()
    number = fields.String()
    reference = fields.String()
    warehouse = fields.String()
    service = fields.String()
    receiver = fields.String()
    note = fields.String()
    made_at = fields.DateTime()
    recorded_at = fields.DateTime()
    by = fields.String()
    state = fields.String(metadata={"enum": ["open", "settled"]})
    photo = fields.String(allow_none=True)
    lines = fields.List(Part(SlipLineOut))
    settlements = fields.List(Part(SettlementOut))


class SlipPage(Page):
    """A page of slips, the newest first."""

    items = fields.List(Part(SlipOut))
