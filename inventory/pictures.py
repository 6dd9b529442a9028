"""Pictures made small: bytes of any honest picture in, a small photo or emblem out. Knows no table.

1. What comes in is read by its content, never by its name; a picture with too many pixels is refused undrawn.
2. What goes out is drawn anew: no place, no camera, no hidden data of the first file is left in it.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable

from flask_babel import lazy_gettext as _l
from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_BYTES = 6 * 1024 * 1024
MOST_PIXELS = 25_000_000
SIDE = 512
EVIDENCE_SIDE = 1024
EMBLEM_SIDE = 320
FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/webp"


WHY = {
    "large": _l("This file is larger than 6 MB: take the photo with a lower resolution."),
    "kind": _l("This is not a photo we read: send a JPEG, PNG or WebP."),
    "pixels": _l("This photo has more than 25 million points: take it with a lower resolution."),
    "broken": _l("This photo is damaged: take it again."),
}


class NotAPicture(ValueError):
    """``reason`` is one of ``large``, ``kind``, ``pixels``, ``broken``."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def small(content: bytes) -> bytes:
    """A photo upright, at most 512 pixels wide and high, as WebP. Raises NotAPicture."""
    return _made(content, _photo)


def evidence(content: bytes) -> bytes:
    """A photo that must show what was there: upright, at most 1,024 pixels wide and high, as WebP. Raises
    NotAPicture."""
    return _made(content, lambda picture: _photo(picture, EVIDENCE_SIDE))


def emblem(content: bytes) -> bytes:
    """Arms or a logo, at most 320 pixels wide and high, as PNG: what was transparent stays so, for pages by day and by
    night and for paper. Raises NotAPicture."""
    return _made(content, _emblem)


def _made(content: bytes, draw: Callable[[Image.Image], bytes]) -> bytes:
    if len(content) > LARGEST_BYTES:
        raise NotAPicture("large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which is thrown away; the size is checked here
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NotAPicture("pixels")
                return draw(picture)
    except UnidentifiedImageError as error:
        raise NotAPicture("kind") from error
    except Image.DecompressionBombError as error:
        raise NotAPicture("pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, NotAPicture):
            raise
        raise NotAPicture("broken") from error


def _upright(picture: Image.Image, side: int) -> Image.Image:
    picture.draft("RGB", (side * 2, side * 2))  # a large JPEG is never unpacked at its full size
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    upright.thumbnail((side, side))
    return upright


def _photo(picture: Image.Image, side: int = SIDE) -> bytes:
    upright = _upright(picture, side)
    ground = Image.new("RGB", upright.size, "white")
    ground.paste(upright, mask=upright.getchannel("A"))
    made = io.BytesIO()
    ground.save(made, "WEBP", quality=80, method=4)
    return made.getvalue()


def _emblem(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    _upright(picture, EMBLEM_SIDE).save(made, "PNG", optimize=True)
    return made.getvalue()
