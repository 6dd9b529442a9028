"""Whose paper it is, and the press it is printed on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

from flask import current_app

from inventory import settings
from inventory.errors import PressBusy
from inventory.names import Names
from inventory.papers import Office
from inventory.press import Press, PressBusyError

T = TypeVar("T")
_PRESS = "makhazine.press"
_DECIDED = ["arms", "header_fr", "header_ar", "mention_fr", "mention_ar"]


def office(on: date) -> Office:
    """The letterhead that held on a day."""
    decided = settings.values_of(_DECIDED, on=on)
    lines = zip_longest(decided["header_ar"].splitlines(), decided["header_fr"].splitlines(), fillvalue="")
    return Office(
        public_url=current_app.config["PUBLIC_URL"],
        header=tuple(Names(ar=ar.strip(), fr=fr.strip()) for ar, fr in lines),
        arms=settings.emblem(decided["arms"]) or b"" if decided["arms"] else b"",
        mention=Names(ar=decided["mention_ar"], fr=decided["mention_fr"]),
    )


def press() -> Press:
    """The press of this process, with the type that the assets brought."""
    known = current_app.extensions.get(_PRESS)
    if known is None:
        fonts = Path(current_app.static_folder or "") / "ttf"
        known = current_app.extensions.setdefault(_PRESS, Press(fonts=fonts))
    found: Press = known
    return found


def printed(work: Callable[[Press], T]) -> T:
    """What the press makes of a piece of work; PressBusy (503) when it has no place or time for it."""
    try:
        return work(press())
    except PressBusyError as error:
        raise PressBusy from error
