"""Labels compared as people read them: case, accents, Arabic spelling variants and punctuation do not count."""

from __future__ import annotations

import re
from functools import lru_cache

from inventory.catalogue import folded

NOT_WORD = re.compile(r"[^\w/%]+|_")


@lru_cache(maxsize=4096)
def fold(label: str) -> str:
    """ "UNITÉ_Mesure " → "unite mesure"; "الوَحْدة" → "الوحده"."""
    return NOT_WORD.sub(" ", folded(label)).strip()
