"""The picture of a code: a QR as a small SVG.

The mask is fixed: every mask decodes, and trying all eight for the prettiest costs six times the rest of the work.
The strongest correction (H) is taken when it makes the picture no larger than the next one (Q).
"""

import re

from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_Q
from qrcode.main import QRCode

BORDER = 4  # modules of quiet zone the standard asks for, kept inside the picture so that no layout can eat it
_MASK = 3
_DARK = re.compile("1+")
_LEAST_VERSION = 3  # in a smaller one the marks of the corners are a third of a side, and a blot easily covers one


def svg(text: str) -> str:
    """A black QR of `text` on white, one unit per module, quiet zone included. Upper-case text makes it smaller."""
    rows = _modules(text)
    side = len(rows) + 2 * BORDER
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{_path(rows)}"/></svg>'
    )


def side(text: str) -> int:
    """How many modules wide the picture of `text` is, quiet zone included: 37 at least, 185 at most."""
    return 17 + 4 * int(_chosen(text).version) + 2 * BORDER


def _chosen(text: str) -> QRCode:
    strong, fair = (_fitted(text, level) for level in (ERROR_CORRECT_H, ERROR_CORRECT_Q))
    return strong if strong.version == fair.version else fair


def _modules(text: str) -> list[str]:
    """The rows of the picture: 1 for a dark module, 0 for a light one."""
    chosen = _chosen(text)
    chosen.make(fit=False)
    return ["".join("1" if module else "0" for module in row) for row in chosen.modules]


def _fitted(text: str, level: int) -> QRCode:
    qr = QRCode(error_correction=level, mask_pattern=_MASK, border=0)
    qr.add_data(text)
    qr.best_fit(start=_LEAST_VERSION)
    return qr


def _path(rows: list[str]) -> str:
    """Each run of dark modules in a row as one rectangle: a third of the size of one square per module."""
    return "".join(
        f"M{run.start() + BORDER} {y}h{len(run[0])}v1h-{len(run[0])}z"
        for y, row in enumerate(rows, BORDER)
        for run in _DARK.finditer(row)
    )
