"""Papers: the list of them, one of them, a new one, drafts, and transfers under way."""

from __future__ import annotations

from importlib import import_module

from inventory.web.documents.desk import pages

for _noun in ("acts", "drafts", "lists", "prints", "show", "transfers", "writing"):
    import_module(f"inventory.web.documents.{_noun}")

__all__ = ["pages"]
