"""What labels are printed on: sheets of A4 with rows of labels, and rolls that bring one label after the other.

Measures are in millimetres, two decimals at most. `inset` is what stays white along each edge of a label, because no
printer draws the sheet exactly where the last one lay.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

SHEET, ROLL = "sheet", "roll"
PAGE_WIDTH, PAGE_HEIGHT = Decimal(210), Decimal(297)


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A kind of sheet or roll. `key` is its name in addresses and in the log."""

    key: str
    kind: str
    width: Decimal
    height: Decimal
    columns: int = 1
    rows: int = 1
    left: Decimal = Decimal(0)
    top: Decimal = Decimal(0)
    gap_across: Decimal = Decimal(0)
    gap_down: Decimal = Decimal(0)
    inset: Decimal = Decimal(2)
    name: str = ""

    @property
    def places(self) -> int:
        """How many labels a sheet holds; a roll, one to a page."""
        return self.columns * self.rows

    @property
    def is_roll(self) -> bool:
        return self.kind == ROLL


def _sheet(key: str, columns: int, rows: int, size: str, edges: str, gap: str = "0", inset: str = "2") -> Medium:
    width, height = map(Decimal, size.split("x"))
    left, top = map(Decimal, edges.split("x"))
    return Medium(
        key=key, kind=SHEET, columns=columns, rows=rows, width=width, height=height, left=left, top=top,
        gap_across=Decimal(gap), inset=Decimal(inset),
    )  # fmt: skip


def _roll(size: str) -> Medium:
    width, height = map(Decimal, size.split("x"))
    return Medium(key=f"roll-{size}", kind=ROLL, width=width, height=height)


USUAL: dict[str, Medium] = {
    one.key: one
    for one in (
        # from edge to edge: what prints nearest to the edge is further in
        _sheet("24", 3, 8, "70x37", "0x0.5", inset="4"),
        _sheet("21", 3, 7, "70x42.3", "0x0.45", inset="4"),
        _sheet("65", 5, 13, "38.1x21.2", "4.75x10.7", "2.5", inset="1.5"),
        _sheet("1", 1, 1, "210x297", "0x0", inset="8"),
        _sheet("2", 1, 2, "210x148.5", "0x0", inset="7"),
        _sheet("4", 2, 2, "105x148.5", "0x0", inset="5"),
        _sheet("8", 2, 4, "99.1x67.7", "4.65x13.1", "2.5"),
        _sheet("10", 2, 5, "99.1x57", "4.65x6", "2.5"),
        _sheet("12", 3, 4, "63.5x72", "7.25x4.5", "2.5"),
        _sheet("14", 2, 7, "99.1x38.1", "4.65x15.15", "2.5"),
        _sheet("16", 2, 8, "99.1x33.9", "4.65x12.9", "2.5"),
        _sheet("18", 3, 6, "63.5x46.6", "7.25x8.7", "2.5"),
        _sheet("21-63", 3, 7, "63.5x38.1", "7.25x15.15", "2.5"),
        _sheet("24-63", 3, 8, "63.5x33.9", "7.25x12.9", "2.5"),
        _sheet("30", 3, 10, "70x29.7", "0x0", inset="4"),
        _sheet("33", 3, 11, "70x25.4", "0x8.8", inset="3"),
        _sheet("40", 4, 10, "52.5x29.7", "0x0", inset="4"),
        _sheet("40-45", 4, 10, "45.7x25.4", "9.7x21.5", "2.6", inset="1.5"),
        _sheet("44", 4, 11, "48.3x25.4", "8.4x8.8", inset="1.5"),
        _sheet("48", 4, 12, "45.7x21.2", "9.7x21.3", "2.6", inset="1.5"),
        _roll("50x30"),
        _roll("57x32"),
        _roll("70x40"),
        _roll("100x50"),
        _roll("100x100"),
        _roll("100x150"),
    )
}
"""The sheets of A4 that are sold everywhere, and the usual rolls."""

DEFAULT_MEDIUM = USUAL["24"]
