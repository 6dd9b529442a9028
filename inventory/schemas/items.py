"""Items and their stock cards as they come in and as they are answered."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from inventory.catalogue import STORAGE_CLASSES, TRACKINGS, NewItem, NewPackaging
from inventory.schemas.fields import Amount, Choice, CodeText, Day, Flag, Part, Rows, Shape, Text, Whole
from inventory.schemas.pages import Page, PageQuery

LONGEST_NAME = 300


class PackagingIn(Shape):
    """A carton, a pallet: how many base units it contains (divided by ``divisor``, for a third of something)."""

    name = CodeText(required=True)
    contains = Amount(required=True)
    divisor = Whole(least=1, most=1000, load_default=1)
    barcode = CodeText(most=80, allow_none=True, load_default=None)


class ItemIn(Shape):
    """A new item; only a code, one name and a unit are required."""

    code = CodeText(required=True)
    name_fr = Text(most=LONGEST_NAME, load_default="")
    name_ar = Text(most=LONGEST_NAME, load_default="")
    name_en = Text(most=LONGEST_NAME, load_default="")
    category = CodeText(allow_none=True, load_default=None)
    unit = CodeText(required=True)
    decimals = Whole(most=3, load_default=0)
    tracking = Choice(TRACKINGS, load_default="none")
    has_expiry = Flag(load_default=False)
    storage_class = Choice(STORAGE_CLASSES, load_default="ordinary")
    barcodes = Rows(CodeText(most=80), most=50, load_default=list)
    packagings = Rows(Part(PackagingIn), most=20, load_default=list)


class ItemChange(Shape):
    """What may change: names, category, storage; more barcodes and packagings; out of use from a day on.

    Unit, decimals, tracking and expiry stay once a paper, a count, a slip or a rule was written with them.
    """

    name_fr = Text(most=LONGEST_NAME)
    name_ar = Text(most=LONGEST_NAME)
    name_en = Text(most=LONGEST_NAME)
    category = CodeText(allow_none=True)
    unit = CodeText()
    decimals = Whole(most=3)
    tracking = Choice(TRACKINGS)
    has_expiry = Flag()
    storage_class = Choice(STORAGE_CLASSES)
    barcodes = Rows(CodeText(most=80), most=50)
    packagings = Rows(Part(PackagingIn), most=20)
    retired_on = Day(allow_none=True)
    replaced_by = CodeText(allow_none=True)


class ItemQuery(PageQuery):
    """``search``: words in any spelling, of names, code and barcodes."""

    search = Text(most=200)
    category = CodeText()


class CardQuery(PageQuery):
    """Whose card, and of which days."""

    warehouse = CodeText(most=40, required=True)
    first_on = Day(data_key="from")
    last_on = Day(data_key="to")


class PackagingOut(Shape):
    name = fields.String()
    contains = fields.String()
    divisor = fields.Integer()
    barcode = fields.String(allow_none=True)


class ItemOut(Shape):
    """An item of the catalogue. ``code_url`` is what the QR of its label says."""

    code = fields.String()
    name_fr = fields.String()
    name_ar = fields.String()
    name_en = fields.String()
    category = fields.String(allow_none=True)
    unit = fields.String()
    decimals = fields.Integer()
    tracking = fields.String()
    has_expiry = fields.Boolean()
    storage_class = fields.String()
    barcodes = fields.List(fields.String())
    packagings = fields.List(Part(PackagingOut))
    label_code = fields.String()
    code_url = fields.String()
    retired_on = fields.Date(allow_none=True)
    replaced_by = fields.String(allow_none=True)


class ItemPage(Page):
    items = fields.List(Part(ItemOut))


class CardLine(Shape):
    """One movement on a card; ``balance`` is what was there after it, in base units."""

    document = fields.String()
    reference = fields.String()
    kind = fields.String()
    on = fields.Date()
    other_side = fields.String()
    lot = fields.String(allow_none=True)
    received = fields.String()
    issued = fields.String()
    value = fields.String()
    balance = fields.String()


class CardPage(Page):
    """A page of a stock card, the newest movement first."""

    item = fields.String()
    warehouse = fields.String()
    unit = fields.String()
    items = fields.List(Part(CardLine))


def new_item(data: dict[str, Any]) -> NewItem:
    """The item that a loaded ``ItemIn`` asks for."""
    return NewItem(**{**data, "barcodes": tuple(data["barcodes"]), "packagings": packagings(data)})


def packagings(data: dict[str, Any]) -> tuple[NewPackaging, ...]:
    return tuple(NewPackaging(**one) for one in data.get("packagings", ()))
