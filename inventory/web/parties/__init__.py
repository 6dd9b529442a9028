"""Services that consume, suppliers that deliver, entities that own: lists, sheets, and fields that search."""

from inventory.web.parties import entities, services, suppliers
from inventory.web.parties.room import pages

__all__ = ["entities", "pages", "services", "suppliers"]
