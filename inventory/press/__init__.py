"""The press: templates and data in, PDF out, always in a process of its own.

Why a process per print, and neither a thread nor a standing worker: typesetting keeps what it once read, so a web
process that prints would grow to hundreds of megabytes and stay there. A fresh worker that imports nothing of ours
is up in a few hundredths of a second, less than anyone notices; when it ends, its memory, its faults and whatever
a strange input did to it are gone. It is killed at a time limit, bounded in memory, and few run at once.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from inventory.press.letters import printable

PROJECT = Path(__file__).resolve().parents[2]
FONTS = PROJECT / "node_modules" / "@expo-google-fonts" / "ibm-plex-sans-arabic"
TEMPLATES = PROJECT / "templates"
_WORKER = Path(__file__).with_name("worker.py")

Data = Mapping[str, object]


class PressError(RuntimeError):
    """The press could not print: a fault of a template or of the installation, never of what a user typed."""


class PressBusyError(RuntimeError):
    """Too many prints at once, or one that took too long: worth trying again later (503 at the door)."""


@dataclass(frozen=True)
class Press:
    """Where the press finds its type and its forms, and what it may spend on one print.

    `seconds` is both the longest print and the longest wait for a free place; `places` is how many print at once.
    """

    fonts: Path = FONTS
    templates: Path = TEMPLATES
    seconds: float = 30
    megabytes: int = 1500
    places: int = 2
    _free: threading.BoundedSemaphore = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_free", threading.BoundedSemaphore(self.places))

    def pdf(self, template: str, data: Data) -> bytes:
        """The PDF of `template` (a path under `templates`) filled with `data`; the same bytes for the same input.

        Letters that the type lacks are printed as question marks. Raises PressBusyError when no place is free or time
        is up, PressError on anything the typesetter complains of: a warning is a fault on a paper someone signs.
        """
        if not self._free.acquire(timeout=self.seconds):
            raise PressBusyError(f"no free place at the press within {self.seconds} s")
        try:
            return self._run(self._order(template, data))
        finally:
            self._free.release()

    def _order(self, template: str, data: Data) -> bytes:
        order = {
            "template": template,
            "data": json.dumps(printable(data, self.fonts), ensure_ascii=False),
            "templates": str(self.templates),
            "fonts": str(self.fonts),
            "megabytes": self.megabytes,
        }
        return json.dumps(order).encode()

    def _run(self, order: bytes) -> bytes:
        command = [sys.executable, "-I", str(_WORKER)]
        try:
            done = subprocess.run(command, input=order, capture_output=True, timeout=self.seconds)  # noqa: S603
        except subprocess.TimeoutExpired as late:
            raise PressBusyError(f"the print took more than {self.seconds} s") from late
        if done.returncode != 0:
            raise PressError(done.stderr.decode(errors="replace").strip() or f"worker ended with {done.returncode}")
        return done.stdout
