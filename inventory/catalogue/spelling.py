"""One spelling for search: hamza, accents and case never hide an item (DOMAIN §5)."""

from __future__ import annotations

import re
import unicodedata

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
