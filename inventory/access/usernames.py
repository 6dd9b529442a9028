"""The one spelling of a username."""

from __future__ import annotations

import re
import unicodedata

PATTERN = re.compile(r"[\w.@+-]{2,60}")


def folded_username(username: str) -> str:
    """NFKC, lower case, without spaces around; what could not be a username becomes one that nobody bears."""
    name = unicodedata.normalize("NFKC", username).strip().lower()
    return name if PATTERN.fullmatch(name) else "?" + re.sub(r"[^\w.@+-]", "?", name)[:59]


def is_username(name: str) -> bool:
    return PATTERN.fullmatch(name) is not None
