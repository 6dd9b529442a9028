"""The time of day and the business day. Only doors read the clock; verbs are told.

A business day is a day in the commune's time zone (Morocco: UTC+1, UTC+0 during Ramadan); an instant is UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from flask import current_app


def now() -> datetime:
    """This instant, in UTC, to the microsecond."""
    return datetime.now(UTC)


def zone() -> ZoneInfo:
    """The commune's time zone: what its clocks show."""
    return ZoneInfo(current_app.config["TIMEZONE"])


def day_of(instant: datetime) -> date:
    """The business day in which an instant falls."""
    return instant.astimezone(zone()).date()


def midnight(on: date) -> datetime:
    """The instant at which a business day begins."""
    return datetime.combine(on, time(), zone())


def today() -> date:
    """The business day of this instant."""
    return day_of(now())
