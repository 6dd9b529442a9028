"""How a column writes its numbers, decided over the whole column from evidence, and exact reading afterwards.

"2,760" alone says nothing: two thousand or two and three quarters. What decides:
1. both signs in one number ("1.234,5"): the last one is the decimal sign; a sign that stands twice ("1,234,567")
   groups;
2. a part behind the sign that is not three digits, or a part before it that no group has ("4,5", "1234,567", "0,125").
Without evidence the column is ambiguous and the user says which (`--set decimal=comma`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from flask_babel import lazy_gettext as _l

from .problems import Sentence, unreadable

DecimalSign = Literal[".", ","]

# Arabic-Indic and Persian digits; the Arabic thousands sign is a space to us, the decimal sign is unmistakable.
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٬−\xa0\u202f\u2009", "01234567890123456789 -   ")
ARABIC_DECIMAL = "٫"
SPACED = re.compile(r"-?\d{1,3}( \d{3})+([.,٫]\d+)?")
SIGNED = re.compile(r"\d*([.,]\d+)+")
UNDECIDED = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
PLAIN = re.compile(r"-?\d+(\.\d+)?")
LONGEST = 40


@dataclass(frozen=True)
class Ambiguous:
    """A column that can be read in two ways; `sentence` shows both readings of `example`."""

    example: str
    sentence: Sentence


def tidy(text: str) -> str:
    """The number in ASCII digits, minus sign first, without direction marks and without the spaces of groups."""
    bare = "".join(sign for sign in text if unicodedata.category(sign) != "Cf").translate(DIGITS).strip()
    return bare.replace(" ", "") if SPACED.fullmatch(bare) else bare


def find_decimal_sign(values: Iterable[object]) -> DecimalSign | Ambiguous | None:
    """The decimal sign of a column; None when no text in it holds a point or comma, and nothing is to be decided."""
    proofs: dict[DecimalSign, str] = {}
    undecided: list[str] = []
    for value in values:
        if not isinstance(value, str) or len(value) > LONGEST:
            continue
        text = tidy(value).lstrip("-")
        if UNDECIDED.fullmatch(text):
            undecided.append(text)
        elif (sign := _proof(text)) is not None:
            proofs.setdefault(sign, text)
    if len(proofs) == 2:
        return Ambiguous(proofs[","], _contradiction(proofs[","], proofs["."]))
    if proofs or not undecided:
        return next(iter(proofs), None)
    return Ambiguous(undecided[0], _two_readings(undecided[0]))


def _proof(text: str) -> DecimalSign | None:
    """The decimal sign that this one number proves, or None."""
    if not SIGNED.fullmatch(text):
        return None
    comma, point = text.count(","), text.count(".")
    if comma and point:
        return "," if text.rindex(",") > text.rindex(".") else "."
    if comma > 1 or point > 1:
        return "." if comma else ","
    return "," if comma else "."


def _two_readings(text: str) -> Sentence:
    return _l(
        "“%(text)s” can be %(comma)s (decimal comma) or %(point)s (decimal point): say how this "
        "file writes its numbers",
        text=text,
        comma=_read_as(text, ","),
        point=_read_as(text, "."),
    )


def _contradiction(comma: str, point: str) -> Sentence:
    return _l(
        "this column holds “%(comma)s” with a decimal comma and “%(point)s” with a decimal point: "
        "correct one, or say how this file writes its numbers",
        comma=comma,
        point=point,
    )


def _read_as(text: str, decimal: DecimalSign) -> str:
    group = "." if decimal == "," else ","
    return text.replace(group, "").replace(decimal, ".")


def parse_number(value: object, decimal: DecimalSign | None = None) -> Decimal:
    """The exact number, or `Unreadable`. Never an exponent, an infinity, or digits in groups that are not of three.

    `decimal` is the decimal sign of the column; the other sign then groups thousands. None: a point, and no groups.
    """
    if isinstance(value, Decimal):
        if not value.is_finite() or value.adjusted() > LONGEST:
            unreadable(_NUMBER)
        return value
    text = tidy(value) if isinstance(value, str) and len(value) <= LONGEST else ""
    if ARABIC_DECIMAL in text and not re.search("[.,]", text):
        text = text.replace(ARABIC_DECIMAL, ".")
    elif decimal is not None:
        text = _ungrouped(text, decimal)
    if not text.isascii() or not PLAIN.fullmatch(text):
        unreadable(_NUMBER)
    return Decimal(text)


_NUMBER = _l("a number, such as 12 or 1234.5")


def _ungrouped(text: str, decimal: DecimalSign) -> str:
    group = "." if decimal == "," else ","
    whole, sign, part = text.partition(decimal)
    if group in whole:
        if not re.fullmatch(rf"-?\d{{1,3}}(\{group}\d{{3}})+", whole):
            return ""
        whole = whole.replace(group, "")
    return whole + ("." + part if sign else "")
