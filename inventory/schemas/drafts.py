"""Drafts as they come in and as they are answered: papers being written, complete or not."""

from __future__ import annotations

from marshmallow import fields

from inventory.documents import KINDS
from inventory.schemas.fields import Choice, CodeText, Part, Shape, Whole
from inventory.schemas.pages import Page, PageQuery


class DraftIn(Shape):
    """A paper as typed so far. ``content`` is free, so that nothing typed is lost; it is read when it is posted."""

    kind = Choice(tuple(KINDS), required=True)
    warehouse = CodeText(most=40, required=True)
    content = fields.Dict(required=True, metadata={"maxProperties": 50})


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
