"""One spelling for search: hamza, accents and case never hide an item (DOMAIN §5)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Select

from inventory.database import cut, streamed

MARKS = re.compile(
    r"[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_LETTERS = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ي", "ء": "", "ة": "ه", "ى": "ي", "ی": "ي", "ې": "ي",
        "ک": "ك", "گ": "ك", "ڭ": "ك", "پ": "ب", "چ": "ج", "ڤ": "ف", "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l",
        "٠": "0", "١": "1", "٢": "2", "٣": "3", "٤": "4", "٥": "5", "٦": "6", "٧": "7", "٨": "8", "٩": "9",
        "’": "'", "ʼ": "'",
    }
)  # fmt: skip


def folded(text: str) -> str:
    """One spelling for search: no case, accents, harakat, tatweel or bidi marks; hamza and alef forms, ta marbuta and
    alef maqsura as one; digits western; single spaces (DOMAIN §5)."""
    plain = MARKS.sub("", unicodedata.normalize("NFKC", text)).lower().translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return " ".join(plain.split())


def western(text: str) -> str:
    """The same with the digits that printed codes have: whoever types Arabic ones means these."""
    return text if text.isascii() else "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


def code_key(code: str) -> str:
    """What codes are compared by: two that differ in their capitals or digits are one to whoever types them."""
    return western(code).lower()


MOST_WORDS = 8
_folded = lru_cache(maxsize=32_768)(folded)


def matching(rows: Iterable[Any], words: str, text: Callable[[Any], str]) -> Iterator[Any]:
    """The rows whose text holds every word, in any spelling; all of them when nothing is asked.

    For what is few (parties and places: hundreds, at most some thousands) and keeps no folded text as items do: it is
    compared here, where an Arabic hamza and a French accent fold the same on both databases.
    """
    parts = folded(words[:200]).split()[:MOST_WORDS]
    return (row for row in rows if not parts or all(part in _folded(text(row)) for part in parts))


def code_and_names(row: Any) -> str:
    """What a party or a place is found by."""
    return f"{row.code} {row.name_fr} {row.name_ar} {row.name_en}"


def page_matching(
    question: Select[Any], words: str, limit: int | None, text: Callable[[Any], str] = code_and_names
) -> tuple[list[Any], Any | None]:
    """The first of a question's rows whose text holds every word, in any spelling (all of them without a limit), and
    the last of these when more follow. Compared while reading on: see ``matching``."""
    with closing(streamed(question if words or limit is None else question.limit(limit + 1))) as rows:
        held = matching(rows, words, text)
        return cut(list(held if limit is None else islice(held, limit + 1)), limit)
