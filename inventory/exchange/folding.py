"""Labels compared as people read them: case, accents, Arabic spelling variants and punctuation do not count."""

from __future__ import annotations

import re
import unicodedata

# Hamza and alef forms, alef maqsura and Farsi yeh, ta marbuta, Farsi kaf: one letter each for the eye of a reader.
ARABIC = str.maketrans("أإآٱؤئىیةک", "اااا" + "ويييهك", "\u0640")
NOT_WORD = re.compile(r"[^\w/%]+")


def fold(label: str) -> str:
    """"UNITÉ_Mesure " → "unite mesure"; "الوَحْدة" → "الوحده"."""
    text = unicodedata.normalize("NFKD", label.replace("\u0640", "").translate(ARABIC))
    bare = "".join(sign for sign in text if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf")
    bare = bare.translate(ARABIC).casefold().replace("œ", "oe").replace("_", " ").replace("°", " ").replace("º", " ")
    return " ".join(NOT_WORD.sub(" ", bare).split())
