"""Lists come in pages: ``{"items": […], "next": cursor or null}``."""

from __future__ import annotations

from marshmallow import fields

from inventory.schemas.fields import Shape, Text, Whole

MOST = 200


class PageQuery(Shape):
    """How much of a list, and from where: ``cursor`` is the ``next`` of the page before."""

    limit = Whole(least=1, most=MOST, is_text=True, load_default=50)
    cursor = Text(most=500, least=1)


class Page(Shape):
    """A page of a list."""

    next = fields.String(allow_none=True)
