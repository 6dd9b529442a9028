"""Whose paper it is: what the commune has decided about its headers."""

import base64
from dataclasses import dataclass

from inventory.names import NAMELESS, Names

_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The header of every paper, from settings. `header`: its lines from the top (kingdom, ministry, commune …).

    `arms` is a PNG or SVG picture, `mention` a line printed at the foot; `public_url` is where our QR codes lead.
    """

    public_url: str
    header: tuple[Names, ...] = ()
    arms: bytes = b""
    mention: Names = NAMELESS

    @property
    def arms_svg(self) -> str:
        """The arms as SVG, the one kind of picture the template takes as text; empty when there are none."""
        if not self.arms.startswith(_PNG):
            return self.arms.decode()
        width, height = (int.from_bytes(self.arms[start : start + 4], "big") for start in (16, 20))
        picture = base64.b64encode(self.arms).decode()
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
            f'<image width="{width}" height="{height}" href="data:image/png;base64,{picture}"/></svg>'
        )
