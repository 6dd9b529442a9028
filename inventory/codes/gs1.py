"""GS1 in all the ways a scanner or a person gives it: text in, elements out.

1. What GS1's own engine reads without its rules of required partners, we read to the same elements; what it refuses is
   refused with a reason. Contradicting identifiers, and one identifier with two values, are refused.
2. The separator (FNC1) is whatever a scanner sends for it. Where it was lost, an element string is read only if it can
   be read in one way.
3. What is no GS1 at all is plain text, and no error.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal
from urllib.parse import unquote

from inventory.codes import identifiers
from inventory.codes.contents import CHARACTERS, RULES
from inventory.codes.gtin import Gtin, check_digit, gtin
from inventory.codes.identifiers import Identifier, Part

SEPARATOR = "\x1d"
MOST = 64  # elements in one code

Reason = Literal[
    "ambiguous", "brackets", "characters", "content", "contradiction", "identifier", "length", "link", "symbology"
]
"""Why a code is refused: the separators were lost; brackets that do not pair; characters that may not stand there; a
value that breaks its rule (check digit, day, country …); identifiers that contradict each other; an unknown
identifier; a value too short or too long; a Digital Link put together wrong; an unknown kind of barcode."""


@dataclass(frozen=True, slots=True)
class Plain:
    """No GS1; ``text`` without the prefix by which a scanner says what kind of barcode it read."""

    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It has the look of GS1, but breaks its rules. ``identifier``: where, if that is known; ``text`` as in `Plain`."""

    reason: Reason
    identifier: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """An application identifier and its value: ``10``, ``ABC123``."""

    identifier: str
    value: str


@dataclass(frozen=True, slots=True)
class Elements:
    """What a GS1 code says, in its order. ``primary``: the EAN or UPC to which a composite part belongs."""

    parts: tuple[Element, ...]
    primary: str = ""

    def value(self, *identifiers: str) -> str:
        """The value of the first of these identifiers that is there; empty when none is."""
        return next((part.value for one in identifiers for part in self.parts if part.identifier == one), "")

    @property
    def gtin(self) -> str:
        """The trade item number it names, fourteen digits; empty when it names none."""
        number = self.value("01", "02", "8006", "8026")[:14] or self.primary
        return number and number.zfill(14)

    def expires_on(self, today: date, *, best_before: bool = True) -> date | None:
        """The last day on which it may be used: expiry, else (``best_before``) best before or sell by. None when it
        says none."""
        written = self.value("17") or self.value("7003")[:6] or (self.value("15", "16") if best_before else "")
        return day(written, today) if written else None

    def measure(self) -> tuple[Decimal, str] | None:
        """A net measure with its unit: ``(1.250, "kg")``; None when the code has none."""
        for part in self.parts:
            unit = _MEASURES.get(part.identifier[:3]) if len(part.identifier) == 4 else None
            if unit:
                return Decimal(part.value).scaleb(-int(part.identifier[3])), unit
        return None


_MEASURES = {"310": "kg", "311": "m", "314": "m2", "315": "l", "316": "m3"}


def day(text: str, today: date) -> date:
    """The day that YYMMDD means: the year is the one within 50 years of ours, day 00 the last of its month."""
    year = today.year - today.year % 100 + int(text[:2])
    year += 100 if year - today.year <= -50 else -100 if year - today.year >= 51 else 0
    month = int(text[2:4])
    if text[4:6] == "00":
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return date(year, month, int(text[4:6]))


def base(digits: str) -> str:
    """The number of the single item in a carton's, for indicators 1 to 8; empty for all others."""
    body = f"0{digits[1:13]}"
    return body + check_digit(body) if digits[0] in "12345678" else ""


# – in which of its forms a text comes ---------------------------------------------------------------------------------

_EDGES = " \t\r\n\0\u200e\u200f\ufeff"
_MARKS = re.compile(r"<GS>|\{GS\}|\[GS\]|<FNC1>|\{FNC1\}|\\F|\\x1d|[\u241d|~]", re.IGNORECASE)
_SYMBOLOGIES = {  # of prefixes `]C1`: whether what follows are elements, a plain text, or the digits of an EAN
    **dict.fromkeys(("C1", "e0", "d2", "Q3", "J1"), "elements"),
    **dict.fromkeys(("d1", "Q1", "J0"), "plain"),
    "E0": "ean",
    "E4": "ean",
}
_BARE = re.compile(r"0[0-3][0-9]{14}")
_BARE_DAY = re.compile(r"1[135-7][0-9]{6}.")
_LINK = re.compile(r"https?://|HTTPS?://")
_SEPARATES = re.compile(r"[\x1d^<{\[\\\u241d|~]")


def read(text: str) -> Elements | Refused | Plain:
    """The elements in ``text``, why it is refused, or the plain text that it is."""
    text = text.strip(_EDGES)
    if text.startswith("]"):
        return _after_prefix(text)
    if text.startswith("("):
        return _bracketed(text)
    if _LINK.match(text):
        return _link(text)
    return _marked(text) if _SEPARATES.search(text) else _bare(text)


def _after_prefix(text: str) -> Elements | Refused | Plain:
    kind, rest = _SYMBOLOGIES.get(text[1:3]), text[3:]
    if kind == "elements":
        # GS1's engine takes ^ for data here, since a scanner that sends the prefix sends the separator too
        return Refused("characters", text=text) if "^" in rest else _elements(_MARKS.sub(SEPARATOR, rest), rest)
    if kind == "ean":
        return _ean(rest, 13 if text[2] == "0" else 8)
    if kind == "plain":
        return _link(rest) if _LINK.match(rest) else Plain(rest)
    return Refused("symbology", text=rest)


def _ean(text: str, length: int) -> Elements | Refused | Plain:
    digits, mark, composite = text.partition("|]e0")
    if len(digits) != length or not re.fullmatch(r"[0-9]+", digits):
        return Refused("length", text=text)
    if isinstance(gtin(digits), Gtin):
        return _elements(_MARKS.sub(SEPARATOR, composite), text, primary=digits) if mark else Plain(digits)
    return Refused("content", text=digits)


def _marked(text: str) -> Elements | Refused | Plain:
    """It begins with the first separator, or has separators inside."""
    marked = _MARKS.sub(SEPARATOR, text.replace("^", SEPARATOR))
    found = _elements(marked.removeprefix(SEPARATOR), text)
    is_certain = text[0] in f"^{SEPARATOR}" or SEPARATOR in text or _BARE.match(text)
    return found if is_certain or (isinstance(found, Elements) and SEPARATOR in marked) else Plain(text)


def _bare(text: str) -> Elements | Refused | Plain:
    """Without any separator: a trade item number or a day must come first, and nothing may be read in two ways."""
    if not (_BARE.match(text) or _BARE_DAY.match(text)) or isinstance(gtin(text), Gtin):
        return Plain(text)
    found = _elements(text, text)
    if isinstance(found, Elements):
        if _is_ambiguous(text):
            return Refused("ambiguous", found.parts[-1].identifier, text)
        return found if _BARE.match(text) or len(found.parts) > 1 else Plain(text)
    return found if _BARE.match(text) and isinstance(gtin(text[2:16]), Gtin) else Plain(text)


# – element strings ----------------------------------------------------------------------------------------------------


class _Broken(Exception):
    """Where reading stopped."""

    def __init__(self, reason: Reason, identifier: str = "") -> None:
        self.reason, self.identifier = reason, identifier


def _elements(text: str, whole: str, primary: str = "") -> Elements | Refused:
    return _settled(lambda: _parsed(text), whole, primary)


def _settled(parse: Callable[[], list[Element]], whole: str, primary: str = "") -> Elements | Refused:
    try:
        parts = parse()
        _refuse_contradictions(parts)
    except _Broken as why:
        return Refused(why.reason, why.identifier, whole)
    return Elements(tuple(parts), primary)


def _parsed(text: str) -> list[Element]:
    """The elements of a string whose separators are all ``SEPARATOR``, the first of them taken off."""
    if not text:
        raise _Broken("length")
    place, parts = 0, []
    while place < len(text):
        known = _identifier_at(text, place)
        place += len(known.digits)
        end = text.find(SEPARATOR, place)
        value = _value(known, text[place : len(text) if end < 0 else end])
        place += len(value)
        parts.append(Element(known.digits, value))
        if text[place : place + 1] == SEPARATOR:
            place += 1
        elif known.is_terminated and place < len(text):
            raise _Broken("length", known.digits)
    return parts


def _identifier_at(text: str, place: int) -> Identifier:
    known = identifiers.at(text, place)
    if known is None:
        raise _Broken("identifier", text[place : place + 4])
    return known


def _value(known: Identifier, text: str) -> str:
    """The beginning of ``text`` that is this identifier's value, every part of it looked at."""
    if not text:
        raise _Broken("length", known.digits)
    place = 0
    for part in known.parts:
        written = text[place : place + part.most]
        if not written and part.is_optional:
            continue
        _look_at(part, written, known.digits)
        place += len(written)
    return text[:place]


def _look_at(part: Part, written: str, digits: str) -> None:
    if len(written) < part.least:
        raise _Broken("length", digits)
    if not CHARACTERS[part.characters].fullmatch(written):
        raise _Broken("characters", digits)
    is_padded_wrong = part.characters == "Z" and written.endswith("=") and len(written) % 3
    if is_padded_wrong or not all(RULES[rule](written) for rule in part.rules):
        raise _Broken("content", digits)


_WITH_SERIAL = {"253": 13, "255": 13, "8003": 14}  # under a digital signature they need what follows so many digits


def _refuse_contradictions(parts: list[Element]) -> None:
    if len(parts) > MOST:
        raise _Broken("length")
    values: dict[str, str] = {}
    for part in parts:
        if values.setdefault(part.identifier, part.value) != part.value:
            raise _Broken("contradiction", part.identifier)
    for one in values:
        never = identifiers.IDENTIFIERS[one].never_with
        if any(other != one and other.startswith(never) for other in values):
            raise _Broken("contradiction", one)
        if "8030" in values and len(values[one]) <= _WITH_SERIAL.get(one, 0):
            raise _Broken("length", one)


_LIKELY = re.compile(r"(1[0135-7]|21|3[07]|24[01]|31[0-6][0-5])")


def _is_ambiguous(text: str) -> bool:
    """Whether a value of free length could also end earlier, with other elements of trade items behind it.

    Only identifiers that makers print beside one another on goods are thought of: with all 541, hardly a lot number
    would be left that could not be read in two ways."""
    place = 0
    while place < len(text):
        known = _identifier_at(text, place)
        place += len(known.digits)
        value = _value(known, text[place:])
        if known.is_terminated and any(
            _goes_on(text[: place + end], text[place + end :]) for end in range(known.least, len(value))
        ):
            return True
        place += len(value)
    return False


def _goes_on(before: str, after: str) -> bool:
    if not _LIKELY.match(after):
        return False
    found = _elements(f"{before}{SEPARATOR}{after}", "")
    return isinstance(found, Elements) and all(
        _LIKELY.match(part.identifier) or part.identifier in ("00", "01", "02", "03") for part in found.parts
    )


# – brackets, as people write it ---------------------------------------------------------------------------------------

_BRACKET = re.compile(r"\(([0-9]{2,4})\) *((?:\\\(|[^(])*)")


def _bracketed(text: str) -> Elements | Refused:
    return _settled(lambda: list(_between_brackets(text)), text)


def _between_brackets(text: str) -> Iterator[Element]:
    place = 0
    while place < len(text):
        found = _BRACKET.match(text, place)
        if found is None:
            raise _Broken("brackets")
        place = found.end()
        yield _whole(found[1], found[2].replace("\\(", "(").rstrip(" "))


def _whole(digits: str, value: str) -> Element:
    """An element whose value is known to end where it ends."""
    known = identifiers.IDENTIFIERS.get(digits)
    if known is None:
        raise _Broken("identifier", digits)
    if not known.least <= len(value) <= known.most:
        raise _Broken("length", digits)
    if _value(known, value) != value:
        raise _Broken("length", digits)
    return Element(digits, value)


# – Digital Link -------------------------------------------------------------------------------------------------------

_ADDRESS = re.compile(r"[Hh][Tt][Tt][Pp][Ss]?://([-A-Za-z0-9.:/\[\]]+?)(/[^?#]*)(?:\?([^#]*))?(?:#.*)?")
_OF_ADDRESSES = re.compile(r"[-A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%]*")


def _link(text: str) -> Elements | Refused:
    return _settled(lambda: list(_linked(text)), text)


def _linked(text: str) -> Iterator[Element]:
    found = _ADDRESS.fullmatch(text)
    if found is None or "/" in found[1] or not _OF_ADDRESSES.fullmatch(text):
        raise _Broken("link")
    path = _path(found[2])
    sequence = [digits for digits, _ in path]
    if not _is_order(sequence):
        raise _Broken("link", sequence[-1])
    for digits, value in path:
        yield _whole(digits, _decoded(value, digits))
    seen = set(sequence)
    for pair in (found[3] or "").split("&"):
        digits, mark, value = pair.partition("=")
        if not mark or not re.fullmatch(r"[0-9]+", digits):
            continue
        if digits in seen or digits not in identifiers.IDENTIFIERS or not _is_attribute(digits, sequence):
            raise _Broken("link", digits)
        seen.add(digits)
        yield _whole(digits, _decoded(value.replace("+", " "), digits))


def _path(path: str) -> list[tuple[str, str]]:
    """The pairs of identifier and value at the end of a path, from the last key on."""
    pairs: list[tuple[str, str]] = []
    steps = path.split("/")[1:]
    while len(steps) >= 2:
        digits, value = steps[-2:]
        del steps[-2:]
        known = identifiers.IDENTIFIERS.get(digits)
        if known is None:
            break
        pairs.insert(0, (digits, value))
        if known.orders is not None:
            return pairs
    raise _Broken("link")


def _is_order(sequence: list[str]) -> bool:
    """Whether these identifiers may follow each other in a path: a key, then some of its qualifiers in their order."""
    key, *rest = sequence
    orders = identifiers.IDENTIFIERS[key].orders or ()
    return not rest or any(list(_kept(order, rest)) == rest for order in orders)


def _kept(order: tuple[str, ...], wanted: list[str]) -> Iterator[str]:
    return (one for one in order if one in wanted)


def _is_attribute(digits: str, sequence: list[str]) -> bool:
    """Whether an identifier may stand in the query: what belongs in this path may not."""
    in_path = any(_is_order([*sequence[:at], digits, *sequence[at:]]) for at in range(1, len(sequence) + 1))
    return identifiers.IDENTIFIERS[digits].is_attribute and not in_path


def _decoded(value: str, digits: str) -> str:
    plain = unquote(value, encoding="latin-1")
    if "\0" in plain:
        raise _Broken("characters", digits)
    return plain
