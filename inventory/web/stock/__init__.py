"""Stock: what lies where, and the card of one item in one warehouse."""

from __future__ import annotations

from inventory.web.stock import card, overview
from inventory.web.stock.room import pages

__all__ = ["card", "overview", "pages"]
