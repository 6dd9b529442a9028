"""Text that people type: how long it may be, and without what no page, file or database can show.

PostgreSQL keeps no U+0000 and counts characters where SQLite lets everything through: both are refused here, in words,
before either database is asked.
"""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l

from inventory.errors import Fault, Pointer, fault

# Control characters other than tab and line ends, and halves of surrogate pairs, which UTF-8 cannot write.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


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
