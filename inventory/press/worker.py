"""One print: an order as JSON on standard input, the print on standard output; complaints and status 1 otherwise.

Run by path, not as a module, so that neither Flask nor the rest of the house is imported: start-up is what a small
paper costs. The data reaches the template as a JSON string (`sys.inputs.data`), never as template source, and beside it
the pictures of the codes that were asked for (`sys.inputs.codes`); files outside the templates' folder cannot be read.

A PDF can be archived and read aloud (PDF/A-2a, PDF/UA-1); both standards also refuse a letter without a glyph. Dots,
for printers that know nothing else, are a bitmap a page: PBM pictures (`P4`, one bit a dot, 1 is black), one after
another.
"""

import io
import json
import multiprocessing
import os
import runpy
import sys
from pathlib import Path
from typing import Any

import typst

MANY = 200  # codes that are worth the start of other processes
BLACK_BELOW = 140  # of 256: a dot that is covered by half prints; a little more keeps thin strokes whole


def main() -> int:
    """Print the order on standard input; returns the exit status."""
    order = json.load(sys.stdin.buffer)
    _limit(order["megabytes"])
    inputs = {"data": order["data"], "codes": json.dumps(_drawn(order["codes"]))}
    how: dict[str, Any] = {"format": "pdf", "pdf_standards": ["a-2a", "ua-1"], "timestamp": 0}
    if order["dots"]:
        how = {"format": "png", "ppi": order["dots"]}
    try:
        made, warnings = _compiler(order).compile_with_warnings(sys_inputs=inputs, **how)
    except typst.TypstError as error:
        return _complain([error])
    if warnings:
        return _complain(warnings)
    assert made is not None, "nothing is written to a file"
    try:
        for page in made if isinstance(made, list) else [made]:
            sys.stdout.buffer.write(_bits(page) if order["dots"] else page)
        sys.stdout.flush()
    except OSError as error:
        return error.errno or 1
    return 0


def _drawn(codes: list[str]) -> list[str]:
    """The QR of each text; many are drawn by all processors, for they take as long as setting the type."""
    if not codes:
        return []
    # The one module of the house that is needed here is read by its path, like this one.
    _draw.svg = runpy.run_path(str(Path(__file__).parents[1] / "codes" / "qr.py"))["svg"]  # type: ignore[attr-defined]
    if len(codes) < MANY or not hasattr(os, "fork"):
        return [_draw(text) for text in codes]
    with multiprocessing.get_context("fork").Pool(min(4, os.cpu_count() or 1)) as hands:
        return hands.map(_draw, codes, chunksize=100)


def _draw(text: str) -> str:
    drawn: str = _draw.svg(text)  # type: ignore[attr-defined]
    return drawn


def _bits(png: bytes) -> bytes:
    """A page as PBM: every dot black or white."""
    from PIL import Image

    grey = Image.open(io.BytesIO(png)).convert("L")
    black = grey.point([255 if level < BLACK_BELOW else 0 for level in range(256)], mode="1")
    return b"P4\n%d %d\n" % black.size + black.tobytes()


def _compiler(order: dict[str, str]) -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[order["fonts"]])
    return typst.Compiler(
        input=f"{order['templates']}/{order['template']}",
        root=order["templates"],
        font_paths=fonts,
        ignore_system_fonts=True,
    )


def _limit(megabytes: int) -> None:
    """A ceiling of memory: a print that runs away fails alone, instead of taking the machine with it."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def _complain(faults: list[typst.TypstWarning] | list[typst.TypstError]) -> int:
    for fault in faults:
        sys.stderr.write(f"{fault.diagnostic or fault.message}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
