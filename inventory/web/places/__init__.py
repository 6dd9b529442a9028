"""Warehouses and their places: where goods can be."""

from inventory.web.places import content, locations, options, warehouses
from inventory.web.places.room import pages

__all__ = ["content", "locations", "options", "pages", "warehouses"]
