"""Settings: what the commune decides, from which day on, and why goods are written off."""

from inventory.web.settings import arms, decisions, reasons
from inventory.web.settings.room import pages

__all__ = ["arms", "decisions", "pages", "reasons"]
