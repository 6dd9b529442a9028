"""One cell, one value: codes, texts, quantities, costs, yes and no. What a cell is not is never made of it: it is
refused with what was expected. Only what cannot be seen is taken away: outer space, direction marks, zero-width
signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from .folding import fold
from .matching import words
from .numbers import DecimalSign, parse_number
from .problems import Sentence, unreadable
from .workbook import Broken, Cell, Unworked

EXACT_BELOW = 10**15  # a spreadsheet keeps fifteen digits of a number
MAX_QUANTITY = Decimal(10) ** 12
MAX_MONEY = Decimal(10) ** 12
DIRHAM = r"(?:MAD|DHS?|د\.?م|دراهم|درهما?)\.?"
CURRENCY = re.compile(rf"^[\s\u200e\u200f]*{DIRHAM}(?![^\W\d])|(?<![^\W\d]){DIRHAM}[\s\u200e\u200f]*$", re.IGNORECASE)
GUARDED = re.compile(r"'\s*[=+\-@]")  # the apostrophe our own lists put before what a spreadsheet would run
SCIENTIFIC = re.compile(r"\s*\d+([.,]\d+)?E\+\d+\s*", re.IGNORECASE)
SHOWN_BY_SPREADSHEET = re.compile(r"#+|#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|N/D|VALEUR!|NOM\?|NOMBRE!)")

DATED = _l("a text: the spreadsheet made a date of it, format the column as text and enter it again")
ERROR = _l("a value: this is an error of the spreadsheet")

YES = {fold(word) or word for word in ("yes", "y", "true", "oui", "o", "vrai", "x", "1", "نعم", "صحيح")}
NO = {fold(word) or word for word in ("no", "n", "false", "non", "faux", "0", "-", "لا", "خطأ")}


def is_empty(value: Cell) -> bool:
    """Nothing to see in the cell."""
    if isinstance(value, str) and not isinstance(value, Broken):
        return all(sign.isspace() or unicodedata.category(sign) == "Cf" for sign in value)
    return value is None


def sound(value: Cell) -> Cell:
    """The cell, unless it holds what a spreadsheet says in place of a value."""
    if isinstance(value, Unworked):
        unreadable(_l("a value: this is a formula without one; open the file in a spreadsheet, save, send it again"))
    is_error = isinstance(value, str) and SHOWN_BY_SPREADSHEET.fullmatch(value.strip())
    return unreadable(ERROR) if is_error or isinstance(value, Broken) else value


def text(value: Cell, longest: int = 200) -> str:
    """A text on one line: NFC, runs of space (also breaks) become one space. Control signs and spreadsheet errors
    refused."""
    found = _visible(_as_text(value))
    return found if len(found) <= longest else unreadable(too_long(longest))


def name(value: Cell, longest: int = 200) -> str:
    """What something is called: a text, no date, which spreadsheets make of "3-26" and "1/2"."""
    return unreadable(DATED) if isinstance(value, date) else text(value, longest)


def too_long(longest: int) -> Sentence:
    return _l("at most %(longest)s letters", longest=longest)


def code(value: Cell, longest: int = 64) -> str:
    """A code exactly as it stands, leading zeros kept. Refused: a number of which a spreadsheet has lost digits."""
    if isinstance(value, date):
        unreadable(DATED)
    if isinstance(value, Decimal):
        if value != value.to_integral_value():
            unreadable(_l("a code: this is a number with decimals, format the column as text and enter it again"))
        if abs(value) >= EXACT_BELOW:
            unreadable(_lost())
        if value < 0:
            unreadable(_l("a code, not a negative number"))
        return str(int(value))
    found = text(value, longest)
    return unreadable(_lost()) if has_lost_digits(found) else found


def has_lost_digits(said: str) -> bool:
    """Whether a text is what a spreadsheet shows of a number that is too long for it: 6,11124E+12."""
    return SCIENTIFIC.fullmatch(said) is not None


def _lost() -> Sentence:
    return _l(
        "a code: the spreadsheet kept only the first digits of this number, "
        "format the column as text and enter it again"
    )


def quantity(
    value: Cell, decimal: DecimalSign | None = None, *, decimals: int = 3, is_zero_allowed: bool = False
) -> Decimal:
    """A quantity above zero with at most `decimals` decimals (0 for pieces); a finer one is refused, never rounded."""
    found = parse_number(value, decimal)
    if found < 0 or (found == 0 and not is_zero_allowed):
        unreadable(_l("zero or more") if is_zero_allowed else _l("a quantity above zero"))
    if found >= MAX_QUANTITY:
        unreadable(_l("a quantity below %(limit)s", limit=f"{MAX_QUANTITY:f}"))
    _check_decimals(found, decimals)
    return found


def money(value: Cell, decimal: DecimalSign | None = None, *, decimals: int = 6) -> Decimal:
    """An amount in dirhams, zero or more ("12,50 DH" with decimal comma), up to `decimals` decimals."""
    found = parse_number(without_currency(value), decimal)
    if not 0 <= found < MAX_MONEY:
        unreadable(_l("an amount from 0 to %(limit)s", limit=f"{MAX_MONEY:f}"))
    _check_decimals(found, decimals)
    return found


def without_currency(value: Cell) -> Cell:
    """An amount without the name of the dirham before or behind it."""
    return CURRENCY.sub("", value) if isinstance(value, str) and not isinstance(value, Broken) else value


def whole(value: Cell, low: int, high: int) -> int:
    """A whole number between `low` and `high`."""
    found = parse_number(value)
    if found != found.to_integral_value() or not low <= found <= high:
        unreadable(_l("a whole number from %(low)s to %(high)s", low=low, high=high))
    return int(found)


def yes_or_no(value: Cell) -> bool:
    """Yes or no in Arabic, French or English."""
    if isinstance(value, bool):
        return value
    word = fold(str(value)) or str(value).strip()
    if word in YES:
        return True
    if word not in NO:
        unreadable(_l("yes or no"))
    return False


def one_of(known: Mapping[str, tuple[str, ...]], expected: Sentence) -> Callable[[Cell], str]:
    """A parser of the words people say for a few things: the key of `known` whose words hold the cell's.
    `expected` names them to whoever said something else."""
    meant = {words(said) or said: name for name, sayings in known.items() for said in (name, *sayings)}

    def parse(value: Cell) -> str:
        said = text(value)
        found = meant.get(words(said) or said)
        return found if found is not None else unreadable(expected)

    return parse


def shown(value: Cell) -> str:
    """The cell as a person sees it, for a list of problems: shortened, control signs made visible."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_l("yes") if value else _l("no"))
    if isinstance(value, Decimal):
        return format(value, "f") if abs(value.adjusted()) < 40 else str(value)
    found = "".join(sign if unicodedata.category(sign) not in ("Cc", "Cf", "Cs") else "�" for sign in str(value))
    return found if len(found) <= 80 else found[:79] + "…"


def _check_decimals(found: Decimal, decimals: int) -> None:
    exponent = found.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > decimals:
        if decimals == 0:
            unreadable(_l("a whole number: this unit is not divided"))
        unreadable(_l("at most %(decimals)s decimals", decimals=decimals))


def _as_text(value: Cell) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bool):
        unreadable(_l("a text, not a yes or no of the spreadsheet"))
    if isinstance(value, date):
        return value.isoformat()
    return value or ""


def _visible(found: str) -> str:
    if SHOWN_BY_SPREADSHEET.fullmatch(found.strip()):
        unreadable(ERROR)
    for sign in found:
        if unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\r\n":
            unreadable(_l("no control characters"))
    # Joiners (U+200C, U+200D) shape letters and emoji: they are content. Marks of direction and zero-width spaces
    # are not.
    kept = "".join(sign for sign in found if unicodedata.category(sign) != "Cf" or sign in "\u200c\u200d")
    visible = " ".join(unicodedata.normalize("NFC", kept).split())
    return visible[1:] if GUARDED.match(visible) else visible
