"""Reorder rules and alerts as they come in and as they are answered."""

from __future__ import annotations

from marshmallow import fields

from inventory.schemas.fields import Amount, Choice, CodeText, Day, Part, Shape, Text
from inventory.schemas.pages import Page, PageQuery

ALERT_STATES = ("open", "acknowledged", "in_progress", "closed")


class RuleIn(Shape):
    """When to reorder an item in a warehouse, and up to how much; base units. A rule that is there is replaced."""

    item = CodeText(required=True)
    warehouse = CodeText(most=40, required=True)
    reorder_point = Amount(required=True)
    target = Amount(required=True)


class RuleOut(Shape):
    item = fields.String()
    warehouse = fields.String()
    reorder_point = fields.String()
    target = fields.String()


class RulePage(Page):
    items = fields.List(Part(RuleOut))


class RuleQuery(PageQuery):
    """Of which warehouse, of which item."""

    warehouse = CodeText(most=40)
    item = CodeText()


class AlertQuery(PageQuery):
    """Of which warehouse; in which state (all that are not closed, unless one is named)."""

    warehouse = CodeText(most=40)
    state = Choice(ALERT_STATES)


class SnoozeIn(Shape):
    """Until when, and why, an alert is put aside; it stays open and counts on."""

    until = Day(required=True)
    reason = Text(most=300, least=1, required=True)


class AlertOut(Shape):
    """One spell of shortage. ``figures`` is its arithmetic in base units: of now while it is open, as it stood when its
    level last changed once it is closed."""

    id = fields.String()
    item = fields.String()
    name_fr = fields.String()
    name_ar = fields.String()
    name_en = fields.String()
    unit = fields.String()
    warehouse = fields.String()
    level = fields.String(metadata={"enum": ["out", "low"]})
    state = fields.String(metadata={"enum": list(ALERT_STATES)})
    figures = fields.Dict()
    opened_at = fields.DateTime()
    closed_at = fields.DateTime(allow_none=True)
    acknowledged_at = fields.DateTime(allow_none=True)
    reference = fields.String(allow_none=True)
    snoozed_until = fields.Date(allow_none=True)
    snooze_reason = fields.String(allow_none=True)


class AlertPage(Page):
    """A page of alerts, the newest first."""

    items = fields.List(Part(AlertOut))
