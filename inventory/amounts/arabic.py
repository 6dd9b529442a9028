"""Numbers and counted nouns in Arabic words, in the nominative, without vowel signs.

The noun decides as much as the number (the grammar of العدد والمعدود):

* 1 and 2 are the noun itself: درهم واحد, درهمان.
* 3 to 10 take the plural, and the number the gender opposite to the noun's: ثلاثة دراهم, ثلاث مواد.
* 11 to 99 take the accusative singular: أحد عشر درهما; 11 and 12 agree with the noun, 13 to 19 only in their tens.
* Whole hundreds, thousands and millions take the singular, and lose the dual's nun before it: مائتا درهم, ألفا درهم.
* In a compound the last part decides: مائة وثلاثة دراهم; where that part would be 1 or 2 the noun is said again:
  مائة درهم ودرهم واحد, مائتا درهم ودرهمان.

ألف, مليون and مليار are counted nouns themselves, so the same rule builds the whole number.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun as it is counted. `one` is how a single one is said; `construct_dual` is the dual before a noun."""

    one: str
    singular: str
    dual: str
    construct_dual: str
    plural: str
    accusative: str
    is_feminine: bool = False


DIRHAM = Noun("درهم واحد", "درهم", "درهمان", "درهما", "دراهم", "درهما")
CENTIME = Noun("سنتيم واحد", "سنتيم", "سنتيمان", "سنتيما", "سنتيمات", "سنتيما")
ITEM = Noun("مادة واحدة", "مادة", "مادتان", "مادتا", "مواد", "مادة", is_feminine=True)

_THOUSAND = Noun("ألف", "ألف", "ألفان", "ألفا", "آلاف", "ألفا")
_MILLION = Noun("مليون", "مليون", "مليونان", "مليونا", "ملايين", "مليونا")
_MILLIARD = Noun("مليار", "مليار", "ملياران", "مليارا", "ملايير", "مليارا")

_UNITS = ("", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة")
_UNITS_SHORT = ("", "إحدى", "اثنتان", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع", "عشر")
_TENS = ("", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون")
_HUNDREDS = ("", "مائة", "مائتان", "ثلاثمائة", "أربعمائة", "خمسمائة", "ستمائة", "سبعمائة", "ثمانمائة", "تسعمائة")
_NONE = "صفر"
_LESS = "ناقص"
_AND = " و"


def cardinal(number: int) -> str:
    """`number` in words, standing alone; negative numbers begin with ناقص."""
    if number < 0:
        return f"{_LESS} {cardinal(-number)}"
    return _AND.join(_parts(number, is_construct=False, is_feminine=False)) or _NONE


def counted(number: int, noun: Noun, is_construct: bool = False) -> str:
    """`number` (from 0) and its noun. `is_construct`: another noun follows, as درهم follows in ثلاثة آلاف درهم."""
    if number == 1:
        return noun.one
    if number == 2:
        return noun.construct_dual if is_construct else noun.dual
    last = number % 100
    if number > 100 and last in (1, 2):
        return counted(number - last, noun) + _AND + counted(last, noun, is_construct)
    is_whole = last == 0
    words = _AND.join(_parts(number, is_construct=is_whole, is_feminine=noun.is_feminine, has_noun=True)) or _NONE
    if 3 <= last <= 10:
        return f"{words} {noun.plural}"
    return f"{words} {noun.singular if is_whole or is_construct else noun.accusative}"


def dirhams(centimes: int) -> str:
    """An amount in words: ألف ومائتان وأربعة وثلاثون درهما وخمسون سنتيما."""
    whole, rest = divmod(abs(centimes), 100)
    parts = []
    if whole or not rest:
        parts.append(counted(whole, DIRHAM))
    if rest:
        parts.append(counted(rest, CENTIME))
    return (f"{_LESS} " if centimes < 0 else "") + _AND.join(parts)


def _parts(number: int, *, is_construct: bool, is_feminine: bool, has_noun: bool = False) -> list[str]:
    """The parts of a number, to be joined by و. In the construct its last part is one that a noun follows."""
    parts = []
    for size, scale in ((10**9, _MILLIARD), (10**6, _MILLION), (1000, _THOUSAND)):
        count, number = divmod(number, size)
        if count:
            parts.append(counted(count, scale, is_construct and not number))
    hundreds, below = divmod(number, 100)
    if hundreds:
        parts.append("مائتا" if hundreds == 2 and is_construct and not below else _HUNDREDS[hundreds])
    if below:
        parts.append(_below_hundred(below, is_feminine, has_noun))
    return parts


def _below_hundred(number: int, is_feminine: bool, has_noun: bool) -> str:
    """1 to 99. `is_feminine` is the counted noun's gender; bare numbers are said as before a masculine noun."""
    units = _UNITS_SHORT if is_feminine else _UNITS
    if number <= 10:
        return "ثماني" if number == 8 and is_feminine and has_noun else units[number]
    tens, unit = divmod(number, 10)
    if tens == 1:
        return _teen(unit, is_feminine)
    return f"{units[unit]}{_AND}{_TENS[tens]}" if unit else _TENS[tens]


def _teen(unit: int, is_feminine: bool) -> str:
    ten = "عشرة" if is_feminine else "عشر"
    if unit == 1:
        return f"{'إحدى' if is_feminine else 'أحد'} {ten}"
    if unit == 2:
        return f"{'اثنتا' if is_feminine else 'اثنا'} {ten}"
    if unit == 8 and is_feminine:
        return f"ثماني {ten}"
    return f"{(_UNITS_SHORT if is_feminine else _UNITS)[unit]} {ten}"
