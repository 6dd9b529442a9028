"""The time of day and the business day. Only doors read the clock; verbs are told.

A business day is a day in the commune's time zone (Morocco: UTC+1, UTC+0 during Ramadan); an instant is UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

EARLIEST, LATEST = date(1900, 1, 1), date(2200, 12, 31)
"""The days that anybody may write: what lies outside is a slip of the hand."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def now() -> datetime:
    """This instant, in UTC, to the microsecond."""
    return datetime.now(UTC)


def day_of(instant: datetime) -> date:
    """The business day in which an instant falls."""
    zone: str = current_app.config["TIMEZONE"]
    return instant.astimezone(ZoneInfo(zone)).date()


def today() -> date:
    """The business day of this instant."""
    return day_of(now())


def read_day(text: str) -> date | None:
    """The day written ``2026-11-23``, in no other spelling of ISO 8601; None for what is no day of the calendar between
    1900 and 2200."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day is not None and EARLIEST <= day <= LATEST else None
