"""Where text and code stand on a label: whole micrometres, and on thermal printers whole dots.

A module of the code is never smaller than three dots of the coarsest printer. On a printer that knows only dots all
modules are the same number of dots wide and begin where a dot begins, or some would come out broader than others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from inventory.labels.designs import DESIGNS
from inventory.labels.media import PAGE_HEIGHT, PAGE_WIDTH, Medium

SMALLEST_MODULE = 375  # micrometres: three dots at 203 to the inch
PRINTERS = {"203": 203.2, "300": 300.0}
"""Dots to an inch by the name of the printer; what is sold as 203 has eight to the millimetre."""

_SMALL, _LARGE = 620, 6000  # thousandths of the sizes that a label of 70 × 37 mm has
_POINT = 353  # micrometres in a point, rounded up
_LINE = 1.32  # the height of a line, in sizes of its type


class TooSmallError(ValueError):
    """The label has no room for its code; another medium, or a shorter address, has."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Two boxes on a label, from its top left corner in micrometres: text, and QR with the code in figures. `step` and
    the sizes of type are in thousandths; `lines` is in how many lines the figures stand, none when among the text."""

    x: int
    y: int
    width: int
    height: int
    qr_x: int
    qr_y: int
    qr_side: int
    code_x: int
    code_y: int
    code_width: int
    code_height: int
    lines: int
    step: int
    names: int
    loud: int
    least: int


def micrometres(millimetres: object) -> int:
    return int(millimetres * 1000)  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class _Room:
    """A label without what stays white along its edges."""

    x: int
    y: int
    width: int
    height: int
    dot: float

    @property
    def is_upright(self) -> bool:
        """Whether the code stands below the text instead of beside it."""
        return self.height * 10 > self.width * 11

    @property
    def step(self) -> int:
        wide, tall = (40, 60) if self.is_upright else (62, 29)
        return max(_SMALL, min(self.height // tall, self.width // wide, _LARGE))

    def snapped(self, place: float) -> int:
        """The next dot; any place where the printer's dots are finer than anyone sees."""
        return round(round(place / self.dot) * self.dot)


def dots_of(medium: Medium, dots: float) -> tuple[int, int]:
    """The width and height of a label in dots."""
    return tuple(round(micrometres(one) * dots / 25400) for one in (medium.width, medium.height))  # type: ignore[return-value]


@cache
def frame_of(design: str, medium: Medium, modules: int, figures: tuple[int, ...], dots: float) -> Frame:
    """Where everything stands. `modules`: how wide the QR is, 0 for none; `figures`: the lengths of the groups in which
    the code is written; `dots`: of a thermal printer to the inch, else 0. Raises TooSmallError."""
    inset, width, height = (micrometres(one) for one in (medium.inset, medium.width, medium.height))
    room = _Room(inset, inset, width - 2 * inset, height - 2 * inset, 25400 / dots if dots else 1)
    step = room.step
    least = 6000 if dots else 4000
    high = max(3300 * step // 1000, 2300, round(least * _POINT * _LINE / 1000) if dots else 0)
    rows, side, is_aside = _code(room, DESIGNS[design].share, modules, figures, high, least)
    under = 0 if is_aside else high * rows
    gap = 2500 * step // 1000 if step > _SMALL else 1000
    if modules == 0:
        text = (room.x, room.y, room.width, room.height)
    elif room.is_upright:
        text = (room.x, room.y, room.width, room.height - side - under - gap)
    else:
        text = (room.x + side + gap, room.y, room.width - side - gap, room.height)
    if modules and room.is_upright:
        qr = (room.snapped(room.x + (room.width - side) / 2), room.snapped(room.y + text[3] + gap))
    else:
        qr = (room.snapped(room.x), room.snapped(room.y + (room.height - side - under) / 2))
    loud = 44 * step if room.is_upright or not DESIGNS[design].is_loud else 30 * step
    names = max(12 * step, round(text[3] / _POINT / 3.2 * 1000)) if DESIGNS[design].is_loud else 12 * step
    upright = modules and room.is_upright
    return Frame(
        *text, *qr, side, room.x if upright else qr[0], qr[1] + side, room.width if upright else side, high,
        0 if is_aside else rows, step, names, loud, least,
    )  # fmt: skip


def _code(
    room: _Room, share: int, modules: int, figures: Sequence[int], high: int, least: int
) -> tuple[int, int, bool]:
    """In how many lines the figures stand, the side of the QR, and whether the figures stand among the text because
    under the QR they would cost it its size or be too small to read."""
    if not modules:
        return 0, 0, True
    rows = (2 if len(figures) > 3 else 1) if figures else 0
    widest = room.width if room.is_upright else room.width * share // 100
    tallest = room.height // 2 if room.is_upright else room.height
    side = _side(room, modules, min(widest, tallest - high * rows))
    needed = max((sum(part) + len(part) - 1) for part in split(figures, rows)) if rows else 0
    if rows and side and not room.is_upright and needed * least * _POINT * 0.56 / 1000 > side:
        side = 0
    if side:
        return rows, side, False
    side = _side(room, modules, min(widest, tallest)) or _least_side(room, modules)
    return rows, side, True


def split(groups: Sequence[object], rows: int) -> list[list]:  # type: ignore[type-arg]
    """Groups of figures on so many lines, the first the fullest."""
    each = -(-len(groups) // rows) if rows else 0
    return [list(groups[start : start + each]) for start in range(0, len(groups), each)] if each else []


def _side(room: _Room, modules: int, most: int) -> int:
    """The side of the largest QR within `most`; 0 when its modules would be too small."""
    module = int(most / modules / room.dot) * room.dot
    return round(module * modules) if module >= SMALLEST_MODULE - 0.5 else 0


def _least_side(room: _Room, modules: int) -> int:
    """The side of the smallest QR that can be read, where the design's share of the label is too little for it."""
    module = -(-(SMALLEST_MODULE - 0.5) // room.dot) * room.dot
    side = round(module * modules)
    if side > min(room.height, room.width * 7 // 10):
        raise TooSmallError(f"{side} µm of {room.width} × {room.height}")
    return side


def page_of(medium: Medium, dots: float) -> tuple[int, int]:
    """The page on which labels are printed, in micrometres: A4, or the label itself in whole dots."""
    if not medium.is_roll:
        return micrometres(PAGE_WIDTH), micrometres(PAGE_HEIGHT)
    width, height = dots_of(medium, dots)
    return round(width * 25400 / dots), round(height * 25400 / dots)
