"""Papers as they come in and as they are answered (DESIGN §5)."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import fields

from inventory.documents import KINDS, MOST_ASKED, ORIGINS, LineOrder, Order, Side
from inventory.schemas.fields import Amount, Choice, CodeText, Day, Part, Rows, Shape, Text, Whole, wrong
from inventory.schemas.pages import Page, PageQuery

SIDES = ("service", "supplier", "warehouse", "document", "reason")
MOST_LINES = MOST_ASKED


class SideText(fields.Field[Any]):
    """The other side of a paper: an object with one name and one code. Gives a ``Side``."""

    def __init__(self, **options: Any) -> None:
        described = {
            "type": ["object", "null"],
            "properties": {name: {"type": "string", "minLength": 1, "maxLength": 60} for name in SIDES},
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }
        super().__init__(metadata=described, allow_none=True, load_default=None, **options)
        self.code = CodeText()

    def _deserialize(self, value: Any, attr: Any, data: Any, **named: Any) -> Side:
        if not isinstance(value, dict) or len(value) != 1 or (kind := next(iter(value))) not in SIDES:
            known = ", ".join(SIDES)
            raise wrong(
                "format", _l('An object with one of %(known)s is expected, such as {"service": "BH"}.'), known=known
            )
        return Side(kind, str(self.code.deserialize(value[kind])))


class LineIn(Shape):
    """One line of a paper to be posted."""

    item = CodeText(required=True)
    quantity = Amount(allow_none=True, load_default=None)
    unit = CodeText(allow_none=True, load_default=None)
    lot = CodeText(allow_none=True, load_default=None)
    expires_on = Day(allow_none=True, load_default=None)
    location = CodeText(allow_none=True, load_default=None)
    target_location = CodeText(allow_none=True, load_default=None)
    target_item = CodeText(allow_none=True, load_default=None)
    target_lot = CodeText(allow_none=True, load_default=None)
    target_quantity = Amount(allow_none=True, load_default=None)
    unit_cost = Amount(allow_none=True, load_default=None)
    direction = Choice(("in", "out"), allow_none=True, load_default=None)
    first_number = Whole(allow_none=True, load_default=None)
    last_number = Whole(allow_none=True, load_default=None)
    reason = Text(most=300, allow_none=True, load_default=None)


class PaperIn(Shape):
    """A paper to be posted. ``on`` is today unless given; ``source`` or ``target`` is the other side, by kind."""

    kind = Choice(tuple(KINDS), required=True)
    warehouse = CodeText(most=40, required=True)
    on = Day(allow_none=True, load_default=None)
    source = SideText()
    target = SideText()
    origin = Choice(ORIGINS, allow_none=True, load_default=None)
    reason = Text(most=300, allow_none=True, load_default=None)
    note = Text(most=2000, lines=True, allow_none=True, load_default="")
    details = fields.Dict(
        keys=CodeText(most=40), values=Text(most=300), load_default=dict, metadata={"maxProperties": 20}
    )
    lines = Rows(Part(LineIn), most=MOST_LINES, required=True)


class ReversalIn(Shape):
    """Why a paper is reversed; ``on`` is today unless given."""

    reason = Text(most=300, least=1, required=True)
    on = Day(allow_none=True, load_default=None)


class PaperQuery(PageQuery):
    """Which papers: all filters together."""

    warehouse = CodeText(most=40)
    item = CodeText()
    kind = Choice((*KINDS, "reversal"))
    first_on = Day(data_key="from")
    last_on = Day(data_key="to")


class RegisterOut(Shape):
    """Where the paper stands in its chained register."""

    warehouse = fields.String()
    year = fields.Integer()
    position = fields.Integer()
    hash = fields.String()
    previous = fields.String()


class LineOut(Shape):
    """One line as posted. ``balance``: on hand after the paper; ``base_quantity`` counts in the item's base unit."""

    line = fields.Integer()
    item = fields.String()
    quantity = fields.String()
    unit = fields.String()
    base_quantity = fields.String()
    base_unit = fields.String()
    lot = fields.String(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    location = fields.String(allow_none=True)
    target_location = fields.String(allow_none=True)
    direction = fields.String(allow_none=True)
    first_number = fields.Integer(allow_none=True)
    last_number = fields.Integer(allow_none=True)
    reason = fields.String(allow_none=True)
    unit_cost = fields.String(allow_none=True)
    value = fields.String()
    balance = fields.String()


class PaperOut(Shape):
    """A posted paper. ``id``, ``reverses`` and ``reversed_by`` are opaque; ``code_url`` is what the QR says."""

    id = fields.String()
    kind = fields.String()
    number = fields.String()
    reference = fields.String()
    warehouse = fields.String()
    is_practice = fields.Boolean()
    on = fields.Date()
    recorded_at = fields.DateTime()
    by = fields.String()
    register = Part(RegisterOut)
    code = fields.String()
    code_url = fields.String()
    reverses = fields.String(allow_none=True)
    reversed_by = fields.String(allow_none=True)
    cites = fields.String(allow_none=True)
    source = fields.Raw(allow_none=True, metadata={"type": ["object", "null"]})
    target = fields.Raw(allow_none=True, metadata={"type": ["object", "null"]})
    origin = fields.String(allow_none=True)
    reason = fields.String(allow_none=True)
    note = fields.String()
    details = fields.Dict()
    lines = fields.List(Part(LineOut))
    value = fields.String()


class PaperPage(Page):
    """A page of papers, the newest day first."""

    items = fields.List(Part(PaperOut))


def order_of(data: dict[str, Any]) -> Order:
    """The order that a loaded ``PaperIn`` asks for."""
    return Order(**{**data, "note": data["note"] or "", "lines": tuple(LineOrder(**line) for line in data["lines"])})
