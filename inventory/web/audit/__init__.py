"""Audit: who did what, what the books hold, and the proof that nothing was changed."""

from inventory.web.audit import proof, question, registers, trail
from inventory.web.audit.room import pages

__all__ = ["pages", "proof", "question", "registers", "trail"]
