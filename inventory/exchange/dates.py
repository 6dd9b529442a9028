"""How a column writes its dates, decided over the whole column, and strict reading afterwards.

ISO dates (2026-11-23) and dates that a workbook holds as dates need no decision. "03/04/2026" does: a first part above
12 anywhere proves day first, a second part above 12 proves month first. Without proof, French or Arabic labels count as
evidence for day first (nobody writes the month first here), with a caution; else the column is refused with both
readings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from flask_babel import lazy_gettext as _l

from .numbers import Ambiguous, tidy
from .problems import Sentence, unreadable

DateOrder = Literal["dmy", "mdy"]

ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
SLASHED = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?: 00:00(?::00)?)?")
FIRST_YEAR, LAST_YEAR = 1950, 2100

_DATE = _l("a date, such as 2026-11-23 or 23/11/2026")


def find_date_order(values: Iterable[object], *, is_day_first_usual: bool) -> tuple[DateOrder | Ambiguous | None, bool]:
    """The order of the column's dates and whether it was only presumed. None: nothing to decide."""
    proofs: dict[DateOrder, str] = {}
    open_ = ""
    for value in values:
        match = SLASHED.fullmatch(tidy(value)) if isinstance(value, str) else None
        if match is None:
            continue
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            proofs.setdefault("dmy", match[0])
        elif second > 12 >= first:
            proofs.setdefault("mdy", match[0])
        elif first != second and first <= 12:
            open_ = open_ or match[0]
    if len(proofs) == 2:
        return Ambiguous(proofs["dmy"], _contradiction(proofs["dmy"], proofs["mdy"])), False
    if proofs:
        return next(iter(proofs)), False
    if not open_:
        return None, False
    if is_day_first_usual:
        return "dmy", True
    return Ambiguous(open_, _two_readings(open_)), False


def _two_readings(text: str) -> Sentence:
    return _l(
        "“%(text)s” can be %(day)s (day first) or %(month)s (month first): say how this file writes its dates",
        text=text,
        day=parse_date(text, "dmy").isoformat(),
        month=parse_date(text, "mdy").isoformat(),
    )


def _contradiction(day: str, month: str) -> Sentence:
    return _l(
        "this column holds “%(day)s” with the day first and “%(month)s” with the month first: correct one, or say "
        "how this file writes its dates",
        day=day,
        month=month,
    )


def parse_date(value: object, order: DateOrder | None = None) -> date:
    """The date, or `Unreadable`: no times, no two-digit years, no numbers, nothing before 1950 or after 2100.

    Without `order` (nothing to decide in the column) a date such as 05/05/2026 reads the same both ways.
    """
    if isinstance(value, date):
        found: date | None = value
    else:
        found = _from_text(tidy(value), order) if isinstance(value, str) and len(value) <= 40 else None
    if found is None:
        unreadable(_DATE)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        unreadable(_l("a date between %(first)s and %(last)s", first=FIRST_YEAR, last=LAST_YEAR))
    return found


def _from_text(text: str, order: DateOrder | None) -> date | None:
    if not text.isascii():
        return None
    if match := ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := SLASHED.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        day, month = (second, first) if order == "mdy" else (first, second)
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
