"""Text that people type: how long it may be, and without what no page, file or database can show.

PostgreSQL keeps no U+0000 and counts characters where SQLite lets everything through: both are refused here, in words,
before either database is asked.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from flask_babel import lazy_gettext as _l

from inventory.errors import Fault, Pointer, fault

# Control characters other than tab and line ends, and halves of surrogate pairs, which UTF-8 cannot write.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

# Embeddings, overrides and isolates make a text read as something else than it is; marks of direction do not.
_DECEIVING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
"""The days that anybody may write: what lies outside is a slip of the hand."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def honest(text: str) -> str:
    """The text without the invisible characters that would make it read as something else than it is."""
    return text if text.isascii() else _DECEIVING.sub("", text)


def seen(code: str) -> str:
    """A code without the characters that nobody sees: no code means anything by them."""
    return code if code.isascii() else "".join(sign for sign in code if unicodedata.category(sign) != "Cf")


def coded(text: str) -> str:
    """A code as it is kept and compared: full-width signs and unbreakable spaces as the plain ones, nothing that nobody
    sees, no space at its ends."""
    return text.strip() if text.isascii() else seen(unicodedata.normalize("NFKC", text)).strip()


def is_writable(text: str) -> bool:
    """Whether every character can be kept and shown."""
    return _UNWRITABLE.search(text) is None


def text_faults(pointer: Pointer, text: str | None, limit: int) -> list[Fault]:
    """What is wrong with a text by itself; ``limit`` counts characters."""
    if text is None:
        return []
    faults = []
    if len(text) > limit:
        faults.append(fault(pointer, "too_long", _l("At most %(limit)s characters."), limit=limit))
    if not is_writable(text):
        faults.append(fault(pointer, "unwritable", _l("There are characters in it that cannot be written.")))
    return faults


def read_day(text: str) -> date | None:
    """The day written ``2026-11-23``, in no other spelling of ISO 8601; None for what is no day of the calendar between
    1900 and 2200."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day is not None and EARLIEST <= day <= LATEST else None
