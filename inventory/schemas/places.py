"""Warehouses, locations, services and suppliers as they come in and as they are answered."""

from __future__ import annotations

from marshmallow import fields

from inventory.schemas.fields import Choice, CodeText, Day, Flag, Part, Shape, Text
from inventory.schemas.pages import Page, PageQuery

LONGEST_NAME = 300
KINDS_OF_PLACE = ("shelf", "quarantine", "loan", "office")


class NamedIn(Shape):
    """A code, and at least one name."""

    code = CodeText(most=40, required=True)
    name_fr = Text(most=LONGEST_NAME, load_default="")
    name_ar = Text(most=LONGEST_NAME, load_default="")
    name_en = Text(most=LONGEST_NAME, load_default="")


class NamedOut(Shape):
    code = fields.String()
    name_fr = fields.String()
    name_ar = fields.String()
    name_en = fields.String()


class WarehouseIn(NamedIn):
    """A new warehouse. ``in_service_on``: today unless given; null while old papers are still brought in. The code of
    one for practice begins with EX-."""

    entity = CodeText(most=40)
    is_practice = Flag(load_default=False)
    in_service_on = Day(allow_none=True)


class WarehouseOut(NamedOut):
    entity = fields.String()
    in_service_on = fields.Date(allow_none=True)
    is_practice = fields.Boolean()
    is_active = fields.Boolean()


class WarehousePage(Page):
    items = fields.List(Part(WarehouseOut))


class LocationIn(NamedIn):
    """A new place inside a warehouse."""

    code = CodeText(required=True)
    kind = Choice(KINDS_OF_PLACE, load_default="shelf")


class LocationOut(NamedOut):
    warehouse = fields.String()
    kind = fields.String()
    is_default = fields.Boolean()
    label_code = fields.String()
    code_url = fields.String()


class LocationPage(Page):
    items = fields.List(Part(LocationOut))


class ServiceIn(NamedIn):
    """A new service that consumes; ``parent``: the one it stands under."""

    entity = CodeText(most=40)
    parent = CodeText(most=40, allow_none=True)


class ServiceOut(NamedOut):
    entity = fields.String()
    parent = fields.String(allow_none=True)
    is_active = fields.Boolean()


class ServicePage(Page):
    items = fields.List(Part(ServiceOut))


class SupplierIn(NamedIn):
    """A new supplier, with what is printed on orders."""

    ice = CodeText(most=15, least=0, load_default="")
    tax_id = CodeText(most=20, least=0, load_default="")
    trade_register = CodeText(most=30, least=0, load_default="")
    bank_account = CodeText(most=30, least=0, load_default="")
    phone = CodeText(most=40, least=0, load_default="")
    email = CodeText(most=254, least=0, load_default="")


class SupplierOut(NamedOut):
    ice = fields.String()
    tax_id = fields.String()
    trade_register = fields.String()
    bank_account = fields.String()
    phone = fields.String()
    email = fields.String()
    is_active = fields.Boolean()


class SupplierPage(Page):
    items = fields.List(Part(SupplierOut))


class NameQuery(PageQuery):
    """``search``: words in any spelling, of code and names."""

    search = Text(most=200)
