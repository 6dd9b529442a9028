"""A label printer on paper: reads exactly the commands that ``inventory.labels.zpl`` writes, and draws the dots."""

from __future__ import annotations

import re
from dataclasses import dataclass

import zxingcpp
from PIL import Image

_LABEL = re.compile(rb"\^XA\^PW(\d+)\^LL(\d+)\^LH0,0\^FO0,0\^GFA,(\d+),(\d+),(\d+),([0-9A-F,:]+)\^FS\^PQ(\d+)\^XZ\n")


@dataclass(frozen=True)
class Printed:
    """A label as it comes out of the printer, and how often."""

    picture: Image.Image
    copies: int

    def codes(self) -> list[str]:
        found = zxingcpp.read_barcodes(self.picture, formats=zxingcpp.BarcodeFormat.QRCode)
        return [code.text for code in found]


def printed(zpl: bytes) -> list[Printed]:
    """Every label of a file; AssertionError for anything a printer would not understand."""
    found = list(_LABEL.finditer(zpl))
    assert b"".join(match[0] for match in found) == zpl, "something stands between the labels"
    return [_drawn(match) for match in found]


def _drawn(match: re.Match[bytes]) -> Printed:
    width, height, sent, total, row = (int(match[index]) for index in range(1, 6))
    data = _rows(match[6].decode(), row)
    assert sent == total == len(data) == row * height
    assert row == -(-width // 8)
    black = Image.frombytes("1", (width, height), data)
    return Printed(Image.eval(black.convert("L"), lambda level: 255 - level), int(match[7]))


def _rows(text: str, row: int) -> bytes:
    """Hexadecimal rows: a comma fills a row with white, a colon is the row above."""
    rows: list[bytes] = []
    at = 0
    while at < len(text):
        if text[at] == ":":
            rows.append(rows[-1])
            at += 1
            continue
        until = at
        while until < at + 2 * row and text[until] not in ",:":
            until += 1
        rows.append(bytes.fromhex(text[at:until]).ljust(row, b"\0"))
        assert until == at + 2 * row or text[until] == ",", "a row that neither is full nor says it is done"
        at = until + (until < len(text) and text[until] == "," and until < at + 2 * row)
    return b"".join(rows)
