"""Labels as files: a PDF of sheets or of a roll, or what a label printer understands (ZPL)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import IO

from inventory import codes
from inventory.labels import zpl
from inventory.labels.designs import Label
from inventory.labels.frames import Frame, dots_of, frame_of, micrometres, page_of, split
from inventory.labels.media import Medium
from inventory.press import Press

MOST = 2400  # labels in one print: a hundred sheets of 24
MOST_DOTS = 120_000_000  # of all different labels in one file for a label printer: some seconds, and 400 MB of a worker
TEMPLATE = "labels/label.typ"

Wanted = Sequence[tuple[Label, int]]
"""Labels in order, each so many times."""


def pdf(wanted: Wanted, public_url: str, press: Press, *, medium: Medium, first: int = 1, dots: float = 0) -> IO[bytes]:
    """A PDF of labels, beginning at position `first` (from 1) of the first sheet; of a roll, one label to a page, for a
    printer of so many `dots` to the inch. An open file.

    At most MOST labels in one call. Raises TooSmallError, and what the press raises.
    """
    assert 1 <= first <= medium.places, "the door checks the position"
    assert 0 < sum(copies for _, copies in wanted) <= MOST, "the door splits longer lists"
    labels = [(label, 1) for label, copies in wanted for _ in range(copies)]
    data, texts = layout(labels, public_url, medium, first, dots if medium.is_roll else 0)
    return press.print(TEMPLATE, data, codes=texts)


def roll_zpl(wanted: Wanted, public_url: str, press: Press, *, medium: Medium, dots: float) -> Iterator[bytes]:
    """The labels of a roll in the language of label printers, piece by piece; printed before the first piece is given.

    At most ``most_different`` labels in one call, and MOST with their copies. Raises TooSmallError, and what the press
    raises.
    """
    assert medium.is_roll, "only a roll goes through a label printer"
    assert 0 < sum(copies for _, copies in wanted) <= MOST, "the door splits longer lists"
    kept = [(label, copies) for label, copies in wanted if copies]
    assert len(kept) <= most_different(medium, dots), "the door splits longer lists"
    data, texts = layout(kept, public_url, medium, 1, dots)
    pictures = press.print(TEMPLATE, data, codes=texts, dots=dots)
    return zpl.labels(pictures, [copies for _, copies in kept], *dots_of(medium, dots))


def most_different(medium: Medium, dots: float) -> int:
    """How many different labels of a roll one file for a label printer may hold, whatever the copies of each."""
    width, height = dots_of(medium, dots)
    return max(1, min(MOST, MOST_DOTS // (width * height)))


def layout(
    wanted: Wanted, public_url: str, medium: Medium, first: int, dots: float
) -> tuple[dict[str, object], list[str]]:
    """What the template prints, as plain data, and the texts of the codes it places. Each is worked out once, however
    many copies there are."""
    texts: dict[str, int] = {}
    frames: dict[Frame, int] = {}
    known: dict[Label, dict[str, object]] = {}
    for label, _ in wanted:
        if label not in known:
            known[label] = _set(label, public_url, medium, dots, texts, frames)
    width, height = page_of(medium, dots or 1)
    measures = ("width", "height", "left", "top", "gap_across", "gap_down")
    data: dict[str, object] = {
        "medium": {name: micrometres(getattr(medium, name)) for name in measures}
        | {"columns": medium.columns, "rows": medium.rows, "page_width": width, "page_height": height},
        "frames": [asdict(frame) for frame in frames],
        "first": first,
        "labels": [known[label] for label, _ in wanted],
    }
    return data, list(texts)


def _set(
    label: Label, public_url: str, medium: Medium, dots: float, texts: dict[str, int], frames: dict[Frame, int]
) -> dict[str, object]:
    text = label.scanned(public_url)
    groups = codes.grouped(label.code).split() if label.code else []
    frame = frame_of(label.design, medium, codes.side(text) if text else 0, tuple(len(group) for group in groups), dots)
    said = label.texts()
    lines = [" ".join(line) for line in split(groups, frame.lines)]
    if groups and not frame.lines:
        said["lines"] = _with_figures(said["lines"], groups)
    return said | {
        "frame": frames.setdefault(frame, len(frames)),
        "qr": texts.setdefault(text, len(texts)) if text else None,
        "alt": codes.grouped(label.code) or label.reference,
        "code": lines,
    }


def _with_figures(lines: object, groups: Iterable[str]) -> list[object]:
    """The figures of a code among the text, where there is no room for them under the QR."""
    assert isinstance(lines, list)
    kept = list(groups)
    rows = split(kept, 2 if len(kept) > 3 else 1)
    figures = {"latin": True, "size": 7.5, "weight": "semibold"}
    return [*lines, *([{"text": " ".join(row)} | figures] for row in rows)]
