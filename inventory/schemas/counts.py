"""Counts of places, as they come in and as they are answered."""

from __future__ import annotations

from marshmallow import fields

from inventory.counting import LONGEST_REASON, MOST_BEFORE, STATES
from inventory.schemas.fields import Amount, Choice, CodeText, Day, Flag, Part, Rows, Shape, Text
from inventory.schemas.pages import Page, PageQuery
from inventory.schemas.station import NamedOut

MOST_LINES = 1000


class CountLineIn(Shape):
    """``quantity`` 0: none of it is left. ``expires_on`` is needed of a lot that is not known yet."""

    item = CodeText(required=True)
    quantity = Amount(required=True)
    unit = CodeText(allow_none=True, load_default=None)
    lot = CodeText(allow_none=True, load_default=None)
    expires_on = Day(allow_none=True, load_default=None)


class CountIn(Shape):
    """All that lies at a place (``location`` null: the default one; no line says that nothing does), or, unless
    ``is_whole``, only what the lines name. ``counted_at``: when, of a count that was made without network; ``before``:
    the keys of papers that the same person had made before it and that the device sent since."""

    warehouse = CodeText(most=40, required=True)
    location = CodeText(allow_none=True, load_default=None)
    is_whole = Flag(load_default=True)
    counted_at = fields.AwareDateTime(allow_none=True, load_default=None)
    before = Rows(CodeText(most=80), most=MOST_BEFORE, load_default=list)
    lines = Rows(Part(CountLineIn), most=MOST_LINES, required=True)


class CountQuery(PageQuery):
    warehouse = CodeText(most=40)
    state = Choice(STATES)


class CountReasonIn(Shape):
    reason = Text(most=LONGEST_REASON, least=1, required=True)


class RemarkIn(Shape):
    remark = Text(most=LONGEST_REASON, least=1, required=True)


class CountLineOut(Shape):
    """Base units. ``has_moved``: after it was counted, or in the books by a paper that came late, so that it must be
    counted again. ``is_counted_again``: by a
    later count, before this one was decided, so that nothing is decided about it here."""

    item = fields.String()
    name_fr = fields.String()
    name_ar = fields.String()
    name_en = fields.String()
    lot = fields.String(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    counted = fields.String()
    expected = fields.String()
    difference = fields.String()
    has_moved = fields.Boolean()
    is_counted_again = fields.Boolean()


class CountDecisionOut(Shape):
    """What became of the difference; ``document`` is the adjustment's id, null when the count was dismissed."""

    decided_at = fields.DateTime()
    reason = fields.String()
    document = fields.String(allow_none=True)


class CountRemarkOut(Shape):
    said_at = fields.DateTime()
    by = fields.String()
    remark = fields.String()


class CountOut(Shape):
    """A count of a place. ``state``: matched (no difference), waiting (for a decision), adjusted, dismissed, or
    replaced (all that differed was counted again there)."""

    id = fields.String()
    warehouse = fields.String()
    location = Part(NamedOut)
    counted_at = fields.DateTime()
    recorded_at = fields.DateTime()
    by = fields.String()
    is_whole = fields.Boolean()
    state = fields.String(metadata={"enum": list(STATES)})
    lines = fields.List(Part(CountLineOut))
    decision = Part(CountDecisionOut, allow_none=True)
    remarks = fields.List(Part(CountRemarkOut))


class CountPage(Page):
    """A page of counts, the newest first."""

    items = fields.List(Part(CountOut))
