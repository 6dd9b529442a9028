"""Finding by a few letters: the rows that hold every word, and the answer of a typed search.

Spelling is folded as in the catalogue. Parties and places are few (hundreds, at most some thousands), so they are
compared here, where an Arabic hamza and a French accent fold the same on both databases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from flask import render_template, request

from inventory.catalogue import folded
from inventory.web.frame import named

MOST_OPTIONS = 12
MOST_WORDS = 8

_folded = lru_cache(maxsize=32_768)(folded)


def matching(rows: Iterable[Any], words: str) -> Iterator[Any]:
    """The rows whose code and names hold every word; all of them when nothing is asked."""
    parts = folded(words[:200]).split()[:MOST_WORDS]
    return (row for row in rows if _holds(row, parts))


def _holds(row: Any, parts: list[str]) -> bool:
    text = _folded(f"{row.code} {row.name_fr} {row.name_ar} {row.name_en}") if parts else ""
    return all(part in text for part in parts)


def options(rows: Iterable[Any], *, icon: str) -> str:
    """The answer to ``?q=`` of a ``forms.pick`` field: the first few that match, codes that begin so first."""
    asked = request.args.get("q", "")
    begins = _folded(asked[:200])
    found = sorted(matching(rows, asked), key=lambda row: (not _folded(row.code).startswith(begins), row.code))
    things = [
        {"value": row.code, "label": named(row) or row.code, "detail": row.code, "icon": icon}
        for row in islice(found, MOST_OPTIONS)
    ]
    target = request.headers.get("HX-Target", "")
    prefix = target if re.fullmatch(r"[\w-]{1,60}", target) else "option"  # two fields of one page never share an id
    return render_template("options.html", things=things, prefix=prefix)
