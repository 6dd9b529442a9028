"""What our type can print. The typesetter says nothing of a letter its font lacks: it prints an empty box.

Names come from people and spreadsheets, and a posted paper must print whatever they typed; so a letter that the font
lacks becomes a plain question mark, and marks nobody sees are dropped, above all those that turn text around:
they could show a figure other than the one that was posted.
"""

import struct
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

UNPRINTABLE = "?"
_JOINERS = "\u200c\u200d"  # they shape Arabic letters
_KEPT = "\n\u00a0\u202f"  # the typesetter makes these itself, glyph or not


def printable(value: object, fonts: Path) -> object:
    """Plain data (lists, mappings, texts, anything else as it is) whose texts hold only what `fonts` can print."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else _printable_text(value, covered(fonts))
    if isinstance(value, Mapping):
        return {key: printable(inner, fonts) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [printable(inner, fonts) for inner in value]
    return value


def _printable_text(text: str, letters: frozenset[int]) -> str:
    return "".join(_printable_letter(letter, letters) for letter in unicodedata.normalize("NFC", text))


def _printable_letter(letter: str, letters: frozenset[int]) -> str:
    if letter in _KEPT or (ord(letter) in letters and unicodedata.category(letter) not in {"Cc", "Cf"}):
        return letter
    if letter in _JOINERS:
        return letter if ord(letter) in letters else ""
    if letter.isspace():
        return " "
    return "" if unicodedata.category(letter) in {"Cc", "Cf"} else UNPRINTABLE


@cache
def covered(fonts: Path) -> frozenset[int]:
    """The code points that every face under `fonts` has a glyph for."""
    faces = [frozenset(_code_points(path.read_bytes())) for path in sorted(fonts.rglob("*.ttf"))]
    return frozenset.intersection(*faces) if faces else frozenset()


def _code_points(face: bytes) -> Iterator[int]:
    """The code points in a TrueType face's `cmap` (OpenType 1.9, formats 4 and 12)."""
    (tables,) = struct.unpack_from(">H", face, 4)
    records = (struct.unpack_from(">4sLLL", face, 12 + 16 * index) for index in range(tables))
    cmap = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (subtables,) = struct.unpack_from(">H", face, cmap + 2)
    for index in range(subtables):
        _, _, offset = struct.unpack_from(">HHL", face, cmap + 4 + 8 * index)
        (form,) = struct.unpack_from(">H", face, cmap + offset)
        if form == 4:
            yield from _segments(face, cmap + offset)
        elif form == 12:
            yield from _groups(face, cmap + offset)


def _segments(face: bytes, start: int) -> Iterator[int]:
    """Format 4: parallel arrays of the last and first code points of each run; 0xFFFF ends them."""
    (double,) = struct.unpack_from(">H", face, start + 6)
    count = double // 2
    lasts = struct.unpack_from(f">{count}H", face, start + 14)
    firsts = struct.unpack_from(f">{count}H", face, start + 16 + double)
    for first, last in zip(firsts, lasts, strict=True):
        if first != 0xFFFF:
            yield from range(first, last + 1)


def _groups(face: bytes, start: int) -> Iterator[int]:
    """Format 12: runs of code points."""
    (count,) = struct.unpack_from(">L", face, start + 12)
    for index in range(count):
        first, last, _ = struct.unpack_from(">LLL", face, start + 16 + 12 * index)
        yield from range(first, last + 1)
