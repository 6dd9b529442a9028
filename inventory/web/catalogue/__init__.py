"""The catalogue: the list of items, an item's page, adding and changing it, its photo."""

from __future__ import annotations

from inventory.web.catalogue import items, photos, vocabulary, writing
from inventory.web.catalogue.room import pages

__all__ = ["items", "pages", "photos", "vocabulary", "writing"]
