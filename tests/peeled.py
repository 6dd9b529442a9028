"""Labels off their sheet: each as it is once it sticks on a shelf, and as it looks after some years there."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import zxingcpp
from PIL import Image, ImageDraw

from inventory.labels import Medium
from tests.pages import Page


def peeled(sheets: Sequence[Page], medium: Medium, dpi: int, first: int = 1) -> Iterator[Image.Image]:
    """Every label of a print from position `first` on, cut along its own edges: nothing of its neighbours helps."""
    dots = dpi / 25.4
    for sheet in sheets:
        picture = sheet.picture(dpi)
        for place in range(first - 1, medium.places):
            row, column = divmod(place, medium.columns)
            x = float(medium.left + column * (medium.width + medium.gap_across)) * dots
            y = float(medium.top + row * (medium.height + medium.gap_down)) * dots
            edges = (x, y, x + float(medium.width) * dots, y + float(medium.height) * dots)
            yield picture.crop(tuple(round(edge) for edge in edges))  # type: ignore[arg-type]
        first = 1


def read(picture: Image.Image, **looking: bool) -> list[str]:
    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode, **looking)
    return [code.text for code in found]


ONE_LOOK = {"try_rotate": False, "try_downscale": False, "try_invert": False}
"""The reader does not turn a picture, make it smaller or take white for black: it reads less than it could."""


def read_blotted(label: Image.Image, dice: random.Random, trials: int) -> int:
    """How often a label is still read right with a square blot, ink or bare paper, on a tenth of its code's area,
    anywhere on it; by a scanner that is held to the code, so that it sees a third of a code around it, and looks once.
    AssertionError when the code corrects less than level Q."""
    (found,) = zxingcpp.read_barcodes(label, formats=zxingcpp.BarcodeFormat.QRCode)
    assert found.ec_level in ("Q", "H"), found.ec_level
    left, top = found.position.top_left.x, found.position.top_left.y
    side = found.position.top_right.x - left
    blot = round((side * side / 10) ** 0.5)
    around = side // 3
    x0, y0 = max(left - around, 0), max(top - around, 0)
    before = label.crop((x0, y0, min(left + side + around, label.width), min(top + side + around, label.height)))
    still = 0
    for trial in range(trials):
        worn = before.copy()
        x, y = left - x0 + dice.randrange(side - blot), top - y0 + dice.randrange(side - blot)
        ImageDraw.Draw(worn).rectangle((x, y, x + blot, y + blot), fill=0 if trial % 2 else 255)
        still += read(worn, **ONE_LOOK) == [found.text]
    return still
