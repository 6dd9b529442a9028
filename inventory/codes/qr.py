"""The picture of a code: a QR as a small SVG.

The mask is fixed: every mask decodes, and trying all eight for the prettiest costs six times the rest of the work.
The strongest correction (H) is taken when it makes the picture no larger than the next one (Q).
"""

import re

from qrcode.constants import ERROR_CORRECT_H, ERROR_CORRECT_Q
from qrcode.exceptions import DataOverflowError
from qrcode.main import QRCode

BORDER = 4  # modules of quiet zone the standard asks for, kept inside the picture so that no layout can eat it
_MASK = 3
_DARK = re.compile(rb"\x01+")
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
    return 17 + 4 * _version(text) + 2 * BORDER


def _version(text: str) -> int:
    """The least version that holds `text` at the weaker correction; the stronger one must fit into the same."""
    fair = _code(text, ERROR_CORRECT_Q)
    return int(fair.best_fit(start=_LEAST_VERSION))


def _modules(text: str) -> list[bytes]:
    """The rows of the picture: 1 for a dark module, 0 for a light one."""
    version = _version(text)
    try:
        return _made(_code(text, ERROR_CORRECT_H, version))
    except DataOverflowError:
        return _made(_code(text, ERROR_CORRECT_Q, version))


def _code(text: str, level: int, version: int | None = None) -> QRCode:
    code = QRCode(version=version, error_correction=level, mask_pattern=_MASK, border=0)
    code.add_data(text)
    return code


def _made(code: QRCode) -> list[bytes]:
    code.make(fit=False)
    return [bytes(row) for row in code.modules]


def _path(rows: list[bytes]) -> str:
    """Each run of dark modules in a row as one rectangle: a third of the size of one square per module."""
    return "".join(
        f"M{run.start() + BORDER} {y}h{len(run[0])}v1h-{len(run[0])}z"
        for y, row in enumerate(rows, BORDER)
        for run in _DARK.finditer(row)
    )
