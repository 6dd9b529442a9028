"""Trade item numbers printed by makers: EAN-8, UPC-A, EAN-13, GTIN-14.

All four are one number, padded with zeros to fourteen digits; the last digit checks the others
(GS1 General Specifications, section 7.9: weights 3 and 1 from the right, the sum a multiple of ten).
"""

import unicodedata
from dataclasses import dataclass
from typing import Literal

LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class Gtin:
    """A trade item number whose check digit is right, as fourteen digits."""

    digits: str


@dataclass(frozen=True, slots=True)
class NotGtin:
    """Why a text is no trade item number. `expected` is the right check digit where that alone is wrong."""

    reason: Literal["not_digits", "wrong_length", "check_digit"]
    expected: str = ""


def gtin(text: str) -> Gtin | NotGtin:
    """The trade item number in `text`; spaces, hyphens and invisible marks do not count, Arabic digits do."""
    kept = [c for c in text if unicodedata.category(c) not in {"Cc", "Cf", "Pd", "Zs"}]
    if not kept or not all(c.isdecimal() for c in kept):
        return NotGtin("not_digits")
    if len(kept) not in LENGTHS:
        return NotGtin("wrong_length")
    digits = "".join(str(unicodedata.decimal(c)) for c in kept).zfill(14)
    expected = check_digit(digits[:-1])
    return Gtin(digits) if digits[-1] == expected else NotGtin("check_digit", expected)


def check_digit(body: str) -> str:
    """The digit that completes `body` (digits only, any length)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)
