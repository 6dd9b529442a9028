"""Drafts as they come in and as they are answered: papers being written, complete or not."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields

from inventory.documents import KINDS
from inventory.documents.posting import KEY_LENGTH
from inventory.schemas.documents import MOST_LINES
from inventory.schemas.fields import LARGEST_NUMBER, Choice, CodeText, Part, Rows, Shape, Text, Whole, wrong
from inventory.schemas.pages import Page, PageQuery


class Typed(Text):
    """What stands in a field so far: a text that is read when the paper is posted, or a whole number."""

    def __init__(self, *, most: int = 60, **options: Any) -> None:
        described = {"type": ["string", "integer", "null"], "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER}
        super().__init__(most=most, allow_none=True, metadata=described, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **named: Any) -> Any:
        if not isinstance(value, int) or isinstance(value, bool):
            return super()._deserialize(value, attr, data, **named)
        if abs(value) > LARGEST_NUMBER:
            raise wrong("range", _l("From %(least)s to %(most)s."), least=-LARGEST_NUMBER, most=LARGEST_NUMBER)
        return value


class DraftLine(Shape):
    """A line as typed so far. ``item_shown`` and ``target_item_shown``: what was typed to search for an item."""

    item = Typed()
    item_shown = Typed(most=300)
    quantity = Typed()
    unit = Typed()
    lot = Typed()
    expires_on = Typed()
    location = Typed()
    target_location = Typed()
    target_item = Typed()
    target_item_shown = Typed(most=300)
    target_lot = Typed()
    target_quantity = Typed()
    unit_cost = Typed()
    direction = Typed()
    first_number = Typed()
    last_number = Typed()
    reason = Typed(most=300)


class DraftSide(Shape):
    """The other side as chosen so far."""

    service = Typed()
    supplier = Typed()
    warehouse = Typed()
    document = Typed()
    reason = Typed()


class DraftContent(Shape):
    """A paper of which anything may be missing. ``key`` is the one that it will be posted with."""

    kind = Choice(tuple(KINDS))
    warehouse = Typed(most=40)
    key = Typed(most=KEY_LENGTH)
    on = Typed()
    source = Part(DraftSide, allow_none=True)
    target = Part(DraftSide, allow_none=True)
    origin = Typed()
    reason = Typed(most=300)
    note = Typed(most=2000, lines=True)
    details = fields.Dict(keys=CodeText(most=40), values=Text(most=300), metadata={"maxProperties": 20})
    lines = Rows(Part(DraftLine), most=MOST_LINES, allow_none=True)


class DraftIn(Shape):
    """A paper as typed so far: whatever is there has the shape of a paper's, and is read when it is posted."""

    kind = Choice(tuple(KINDS), required=True)
    warehouse = CodeText(most=40, required=True)
    content = Part(DraftContent, required=True)


class DraftChange(DraftIn):
    """The same again; ``revision`` is the one that was read."""

    revision = Whole(least=1, required=True)


class DraftOut(Shape):
    id = fields.String()
    kind = fields.String()
    warehouse = fields.String()
    content = fields.Dict()
    changed_at = fields.DateTime()
    revision = fields.Integer()


class DraftQuery(PageQuery):
    """One's own drafts."""


class DraftPage(Page):
    items = fields.List(Part(DraftOut))
