"""Labels: choose and print, what has none yet, the log of prints, the house's own sheets and rolls."""

from inventory.web.labels import choosing, log, sheets, unlabelled
from inventory.web.labels.room import pages

__all__ = ["choosing", "log", "pages", "sheets", "unlabelled"]
