"""The press: templates and data in, a print out, always in a process of its own.

Why a process per print, and neither a thread nor a standing worker: typesetting keeps what it once read, so a web
process that prints would grow to hundreds of megabytes and stay there. A fresh worker that imports nothing of ours
is up in a few hundredths of a second, less than anyone notices; when it ends, its memory, its faults and whatever
a strange input did to it are gone. It is killed at a time limit, bounded in memory, and few run at once. What it
prints goes into a file without a name and from there to whoever asked: a long print is never whole in our memory.
"""

import errno
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

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
        Raises what ``print`` raises.
        """
        with self.print(template, data) as printed:
            return printed.read()

    def print(self, template: str, data: Data, *, codes: Sequence[str] = (), dots: float = 0) -> IO[bytes]:
        """The print of `template` filled with `data`, as an open file that is gone once it is closed.

        `codes` are texts whose QR the template places (`sys.inputs.codes`, in that order). Without `dots` it is a PDF;
        with `dots` (how many to an inch) one PBM picture a page, black and white.
        Letters that the type lacks are printed as question marks. Raises PressBusyError when no place is free or time
        is up, OSError when the disk is full, PressError on anything the typesetter complains of: a warning is a fault
        on a paper someone signs.
        """
        if not self._free.acquire(timeout=self.seconds):
            raise PressBusyError(f"no free place at the press within {self.seconds} s")
        try:
            return self._run(self._order(template, data, codes, dots))
        finally:
            self._free.release()

    def _order(self, template: str, data: Data, codes: Sequence[str], dots: float) -> bytes:
        order = {
            "template": template,
            "data": json.dumps(printable(data, self.fonts), ensure_ascii=False),
            "codes": list(codes),
            "dots": dots,
            "templates": str(self.templates),
            "fonts": str(self.fonts),
            "megabytes": self.megabytes,
        }
        return json.dumps(order).encode()

    def _run(self, order: bytes) -> IO[bytes]:
        command = [sys.executable, "-I", str(_WORKER)]
        printed = tempfile.TemporaryFile()  # noqa: SIM115 - whoever asked for the print closes it
        try:
            done = subprocess.run(  # noqa: S603
                command, input=order, stdout=printed, stderr=subprocess.PIPE, timeout=self.seconds
            )
            if done.returncode == errno.ENOSPC:
                raise OSError(errno.ENOSPC, "no room for what is printed")
            if done.returncode != 0:
                raise PressError(done.stderr.decode(errors="replace").strip() or f"worker ended with {done.returncode}")
        except subprocess.TimeoutExpired as late:
            printed.close()
            raise PressBusyError(f"the print took more than {self.seconds} s") from late
        except BaseException:
            printed.close()
            raise
        printed.seek(0)
        return printed
