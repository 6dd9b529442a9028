"""The proof of a register and the result of a verification, as answered."""

from __future__ import annotations

from marshmallow import fields

from inventory.schemas.fields import Part, Shape
from inventory.schemas.pages import Page, PageQuery


class ProofQuery(PageQuery):
    """Entries from the newest back."""


class ProofEntry(Shape):
    """One entry of the chain. ``digest`` is SHA-256 of the whole paper."""

    position = fields.Integer()
    document = fields.String()
    reference = fields.String()
    on = fields.Date()
    recorded_at = fields.DateTime()
    digest = fields.String()
    previous = fields.String()
    hash = fields.String()


class Proof(Page):
    """The head of a register: how many entries, the hash of the last; ``genesis`` is what the first one cites."""

    warehouse = fields.String()
    year = fields.Integer()
    form = fields.Integer()
    genesis = fields.String()
    position = fields.Integer()
    hash = fields.String()
    items = fields.List(Part(ProofEntry))


class DifferenceOut(Shape):
    code = fields.String()
    register = fields.String()
    position = fields.Integer(allow_none=True)
    detail = fields.String()


class VerificationOut(Shape):
    """The last verification of the whole ledger; ``started_at`` is null when there was none. ``first_differences`` are
    those of one's own warehouses."""

    started_at = fields.DateTime(allow_none=True)
    finished_at = fields.DateTime(allow_none=True)
    entries = fields.Integer()
    movements = fields.Integer()
    differences = fields.Integer()
    first_differences = fields.List(Part(DifferenceOut))
