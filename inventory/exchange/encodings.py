"""Text out of bytes, by content: a mark at the start, else strict UTF-8, else the single-byte code page whose reading
looks most like written French or Arabic.

Nothing is guessed silently: when two code pages read the file differently and equally well, the file is refused with
both readings, and the caller names one.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter

from flask_babel import lazy_gettext as _l

from .problems import refuse

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In order of how often they are met here; the first of equals wins only when they read the same text.
CODE_PAGES = ("cp1252", "cp1256", "iso8859-15", "mac-roman", "cp850", "iso8859-6")
OFFERED = ("utf-8", "utf-16", *CODE_PAGES)  # to whoever must choose
NAMES = {"utf-8-sig", "utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "iso8859-1", *CODE_PAGES}

FRENCH = frozenset("àâäçéèêëîïôöùûüœæÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆ")
SIGNS = frozenset("°²³µ×±§«»’‘“”–—…€½¼¾®™©·•№\xa0\u202f،؛؟")
# Letters that only end an Arabic word: in its middle they betray the wrong code page.
ARABIC_ENDINGS = frozenset("ةى")
WORD = re.compile(r"\S*[^\x00-\x7f]\S*")


def decode(content: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text and the encoding it was read in. `encoding` is the user's word and is obeyed strictly, or refused."""
    if encoding is not None:
        return _strict(content, encoding), encoding
    for mark, name in MARKS:
        if content.startswith(mark):
            return _strict(content, name), name
    wide = _wide(content)
    if wide is not None:
        return _strict(content, wide), wide
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _code_page(content)


def _strict(content: bytes, encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
        # A text codec only: "hex" or "zlib" would hand back bytes.
        if name not in NAMES:
            raise LookupError(encoding)
        return content.decode(name)
    except LookupError:
        refuse(
            "unknown_encoding",
            _l(
                "“%(name)s” is not an encoding we read. Known: %(known)s.",
                name=encoding,
                known=", ".join(sorted(NAMES)),
            ),
            encoding=encoding,
        )
    except UnicodeDecodeError as error:
        refuse(
            "wrong_encoding",
            _l(
                "The file is not text in %(name)s: it breaks at byte %(at)s. Save it as UTF-8.",
                name=encoding,
                at=error.start,
            ),
            encoding=encoding,
            at=error.start,
        )


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: separators and line ends give a zero in every other byte, always on the same side."""
    sample = content[:4096]
    if len(sample) < 4 or len(content) % 2:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd >= 2 and odd > 20 * even:
        return "utf-16-le"
    if even >= 2 and even > 20 * odd:
        return "utf-16-be"
    return None


def _code_page(content: bytes) -> tuple[str, str]:
    readings: list[tuple[int, str, str]] = []
    for name in CODE_PAGES:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        readings.append((_plausibility(text), text, name))
    best = max(score for score, _text, _name in readings)
    winners = [(text, name) for score, text, name in readings if score == best]
    text, name = winners[0]
    rival = next(((other, other_name) for other, other_name in winners if other != text), None)
    if rival is not None:
        refuse(
            "ambiguous_encoding",
            _l(
                "The letters of this file can be read in two ways: “%(first)s” (%(first_name)s) or "
                "“%(second)s” (%(second_name)s). Save it as UTF-8, or name the encoding.",
                first=_difference(text, rival[0]),
                first_name=name,
                second=_difference(rival[0], text),
                second_name=rival[1],
            ),
            encodings=[name, rival[1]],
        )
    return text, name


def _difference(text: str, other: str) -> str:
    at = next(i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b)
    return " ".join(text[max(0, at - 12) : at + 12].split())


def _plausibility(text: str) -> int:
    words = Counter(WORD.findall(text))
    return sum(_word(word) * times for word, times in words.items())


def _word(word: str) -> int:
    score = 0
    for at, sign in enumerate(word):
        if sign > "\x7f":
            before = word[at - 1] if at else " "
            after = word[at + 1] if at + 1 < len(word) else " "
            score += _sign(before, sign, after)
    return score


def _sign(before: str, sign: str, after: str) -> int:
    """How natural this sign is between its neighbours: positive as written by people, negative as the wrong table
    shows it."""
    category = unicodedata.category(sign)
    if category in ("Cc", "Cn", "Co"):
        return -10
    if _is_arabic(sign):
        return _arabic(before, sign, after)
    if not category.startswith("L") or sign in SIGNS:
        between = before.isalpha() and after.isalpha()
        return (0 if sign in SIGNS else -2) - (2 if between and sign not in "’‘·°" else 0)
    return _latin(before, sign, after)


def _arabic(before: str, sign: str, after: str) -> int:
    if (_is_latin(before) or _is_latin(after)) and unicodedata.category(sign) != "Mn":
        return -3
    if sign in ARABIC_ENDINGS and _is_arabic(after):
        return -2
    if unicodedata.category(sign) == "Mn" and not _is_arabic(before):
        return -3
    return 1 if _is_arabic(before) or _is_arabic(after) else -1


def _latin(before: str, sign: str, after: str) -> int:
    if _is_arabic(before) or _is_arabic(after):
        return -3
    if not before.isalpha() and not after.isalpha():
        return 1 if sign in "àÀØø" else 0  # the only ones that stand alone
    if sign.isupper() and before.islower():
        return -3
    if sign.islower() and before.isupper() and after.isupper():
        return -3
    if before > "\x7f" and after > "\x7f" and before.isalpha() and after.isalpha():
        return -3
    return 1 if sign in FRENCH else -1


def _is_arabic(sign: str) -> bool:
    return "\u0621" <= sign <= "\u0652" or "\u0671" <= sign <= "\u06d5"


def _is_latin(sign: str) -> bool:
    return sign.isalpha() and not _is_arabic(sign)
