"""Pictures of numbers, drawn by the server: points in, places on a sheet of pixels out.

1. Floats are for pixels only. A quantity that is read as text stays the Decimal it was; the template formats it.
2. Time runs from left to right in every language, like on the paper form.
3. Stock changes in steps: between two papers the curve is level. A slanted line would show stock that never was.
4. The quantity axis begins at zero: a small change never looks like a large one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

#: Room around the drawing for the axis words, in pixels.
TOP, BOTTOM, SIDE, END = 16, 28, 56, 16


@dataclass(frozen=True)
class Point:
    """What was in stock at the end of a day, with the paper that made it so (or none)."""

    on: date
    quantity: Decimal
    label: str = ""
    href: str | None = None


@dataclass(frozen=True)
class Mark:
    """A place on an axis, and what is written there."""

    at: float
    value: Decimal | date


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    point: Point


@dataclass(frozen=True)
class Curve:
    """A stock curve ready to be drawn in ``width`` × ``height`` pixels."""

    width: int
    height: int
    line: str
    area: str
    dots: Sequence[Dot]
    quantities: Sequence[Mark]
    days: Sequence[Mark]
    reorder: Mark | None

    left = SIDE

    @property
    def right(self) -> int:
        return self.width - END

    @property
    def base(self) -> int:
        return self.height - BOTTOM


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    month: date
    value: Decimal
    is_part: bool


@dataclass(frozen=True)
class Bars:
    """Bars by month. ``is_part`` marks a month that is not over."""

    width: int
    height: int
    bars: Sequence[Bar]
    quantities: Sequence[Mark]

    left = SIDE

    @property
    def right(self) -> int:
        return self.width - END

    @property
    def base(self) -> int:
        return self.height - BOTTOM


@dataclass(frozen=True)
class Cover:
    """How far the stock reaches, as part of a full bar (0 to 100), with its tone."""

    share: int
    tone: str


def curve(
    points: Sequence[Point],
    *,
    since: date,
    until: date,
    reorder: Decimal | None = None,
    is_whole: bool = False,
    width: int = 880,
    height: int = 280,
) -> Curve | None:
    """The step curve of a stock from ``since`` to ``until``, both included; None when there is nothing to draw.

    ``points`` are in order of date; one before ``since`` gives the level the curve begins at. Several on one day are
    drawn one above the other, in their order. ``is_whole``: what is counted in whole units has no half on its axis.
    """
    if not points:
        return None
    scale = nice_scale(max(*(point.quantity for point in points), reorder or Decimal(0)), is_whole=is_whole)
    span, base, days = width - SIDE - END, height - BOTTOM, max((until - since).days, 1)

    def x(on: date) -> float:
        return _pixel(SIDE + span * min(max((on - since).days, 0), days) / days)

    def y(quantity: Decimal) -> float:
        return _pixel(base - (base - TOP) * float(quantity / scale[-1]))

    before = [point for point in points if point.on < since]
    inside = [point for point in points if since <= point.on <= until]
    steps = _steps([(x(point.on), y(point.quantity)) for point in before[-1:] + inside], end=x(until))
    drawn = " L".join(f"{left} {top}" for left, top in steps)
    return Curve(
        width=width,
        height=height,
        line=f"M{drawn}",
        area=f"M{steps[0][0]} {base} L{drawn} L{steps[-1][0]} {base} Z",
        dots=[Dot(x(point.on), y(point.quantity), point) for point in inside],
        quantities=[Mark(y(value), value) for value in scale],
        days=[Mark(x(on), on) for on in _day_marks(since, until, 3 if width < 480 else 6)],
        reorder=None if reorder is None else Mark(y(reorder), reorder),
    )


def bars(
    months: Sequence[tuple[date, Decimal]],
    *,
    today: date,
    is_whole: bool = False,
    width: int = 880,
    height: int = 240,
) -> Bars | None:
    """Bars of a use by month; ``months`` hold the first day of each month and its total, in order."""
    if not months:
        return None
    scale = nice_scale(max(value for _, value in months), is_whole=is_whole)
    slot = (width - SIDE - END) / len(months)
    rise, thick = height - TOP - BOTTOM, min(slot * 0.62, 48.0)
    drawn = []
    for place, (month, value) in enumerate(months):
        tall = _pixel(rise * float(value / scale[-1]))
        left = _pixel(SIDE + slot * place + (slot - thick) / 2)
        is_part = (month.year, month.month) == (today.year, today.month)
        drawn.append(Bar(left, _pixel(TOP + rise - tall), _pixel(thick), tall, month, value, is_part))
    marks = [Mark(_pixel(TOP + rise * (1 - float(value / scale[-1]))), value) for value in scale]
    return Bars(width, height, drawn, marks)


def cover(days: Decimal | None, *, lead_days: int, full_days: int) -> Cover | None:
    """A cover in days as a small bar, full at ``full_days``; red when it ends before a delivery could come."""
    if days is None:
        return None
    share = min(100, max(0, int(days * 100 / max(full_days, 1))))
    tone = "bad" if days <= lead_days else "warn" if days <= 2 * lead_days else "good"
    return Cover(share, tone)


def nice_scale(most: Decimal, steps: int = 4, *, is_whole: bool = False) -> list[Decimal]:
    """Round values from 0 up to at least ``most``: 1, 2, 2.5 or 5 times a power of ten apart, in about ``steps``; whole
    ones only when ``is_whole``."""
    if most <= 0:
        return [Decimal(0), Decimal(1)]
    rough = max(most / steps, Decimal(is_whole))
    power = Decimal(10) ** rough.adjusted()
    step = next(
        power * part
        for part in (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
        if power * part >= rough and not (is_whole and power * part % 1)
    )
    scale = [Decimal(0)]
    while scale[-1] < most:
        scale.append(scale[-1] + step)
    return scale


def _steps(places: Sequence[tuple[float, float]], end: float) -> list[tuple[float, float]]:
    """Level, then straight up or down: the corners of a step line that reaches to ``end``."""
    corners = [places[0]]
    for left, top in places[1:]:
        corners += [(left, corners[-1][1]), (left, top)]
    return [*corners, (end, corners[-1][1])]


def _day_marks(since: date, until: date, most: int) -> list[date]:
    """First days of months where they fit, else days evenly apart."""
    firsts = []
    month = since if since.day == 1 else (since.replace(day=1) + timedelta(days=32)).replace(day=1)
    while month <= until:
        firsts.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    if len(firsts) >= 2:
        return firsts[:: -(-len(firsts) // most)]
    days = (until - since).days
    count = min(most, days) or 1
    return [since + timedelta(days=days * place // count) for place in range(count + 1)][:-1] or [since]


def _pixel(value: float) -> float:
    return round(value, 1)
