"""Numbers as people type them: digits of either script, spaces between thousands, comma or point for the decimals."""

from __future__ import annotations

import re
from decimal import Decimal

from inventory import languages
from inventory.exchange.numbers import tidy

_NUMBER = re.compile(r"-?\d{1,60}([.,]\d{1,30})?")
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}[.,]000")
_ENGLISH_THOUSANDS = re.compile(r"-?[1-9]\d{0,2},\d{3}")


class Ambiguous(ValueError):
    """A number that one person reads as thousands and another as a fraction: 1,000. Nobody types that to mean 1, and
    who means a thousand must not get one."""

    def __init__(self, plain: str) -> None:
        super().__init__(plain)
        self.thousands = re.sub("[.,]", "", plain)
        self.fraction = f"{Decimal(plain.replace(',', '.')).normalize():f}"


def decimal(text: str) -> Decimal:
    """The number; Ambiguous, or another ValueError when it is none."""
    plain = tidy(text).replace("٫", ",")
    if not _NUMBER.fullmatch(plain):
        raise ValueError(text)
    if _THOUSANDS.fullmatch(plain) or (languages.language() == "en" and _ENGLISH_THOUSANDS.fullmatch(plain)):
        raise Ambiguous(plain)
    return Decimal(plain.replace(",", "."))
