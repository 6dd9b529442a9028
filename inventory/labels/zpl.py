"""The language of label printers (ZPL II), as little of it as there is need for.

A label is one picture of dots, set by the same hand as the PDF: Arabic is joined and in order whatever letters the
printer knows, and the code has the modules we gave it. So a label says no more than

    ^XA ^PWwidth ^LLheight ^LH0,0 ^FO0,0 ^GFA,bytes,bytes,bytes a row,rows ^FS ^PQcopies ^XZ

with the rows in hexadecimal figures; `,` ends a row whose rest is white, `:` is the row above once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import IO


def labels(pictures: IO[bytes], copies: Sequence[int], width: int, height: int) -> Iterator[bytes]:
    """Each picture (PBM, one after another) as a label of `width` × `height` dots, so many times; closes the file."""
    with pictures:
        for times in copies:
            yield _label(_picture(pictures, width, height), -(-width // 8), width, height, times)


def _picture(pictures: IO[bytes], width: int, height: int) -> bytes:
    head = pictures.readline() + pictures.readline()
    assert head == b"P4\n%d %d\n" % (width, height), f"a picture of {width} × {height} was asked for, not {head!r}"
    return pictures.read(-(-width // 8) * height)


def _label(picture: bytes, row: int, width: int, height: int, times: int) -> bytes:
    return b"^XA^PW%d^LL%d^LH0,0^FO0,0^GFA,%d,%d,%d,%s^FS^PQ%d^XZ\n" % (
        width, height, len(picture), len(picture), row, _rows(picture, row), times,
    )  # fmt: skip


def _rows(picture: bytes, row: int) -> bytes:
    kept, above = [], b""
    for start in range(0, len(picture), row):
        line = picture[start : start + row]
        if line == above:
            kept.append(b":")
            continue
        above = line
        inked = line.rstrip(b"\0")
        kept.append(inked.hex().upper().encode() + (b"," if len(inked) < row else b""))
    return b"".join(kept)
