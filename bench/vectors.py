"""The strings that GS1's own engine was asked about, and whether we say the same of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inventory.codes import gs1


def compare(file: Path) -> tuple[int, list[str]]:
    """How many lines of the file we read as the engine does with its rules of required partners switched off, and the
    others in words. What it refuses may be plain text to us, which the engine was told to take for GS1: then nothing
    but a code that nobody knows is left of it."""
    agreeing, wrong = 0, []
    for line in file.read_text(encoding="utf-8").splitlines():
        asked = json.loads(line)
        if _agrees(asked, read := gs1.read(asked["input"])):
            agreeing += 1
        else:
            wrong.append(f"{asked['id']}: {asked['input']!r} gave {read}")
    return agreeing, wrong


def _agrees(asked: dict[str, Any], read: Any) -> bool:
    verdict = asked["ref_no_assoc"]["verdict"]
    if verdict == "accepted_plain_text":
        return isinstance(read, gs1.Plain)
    if verdict == "rejected":
        return not isinstance(read, gs1.Elements)
    shown = asked["ref_no_assoc"].get("hri") or asked["ref"].get("hri")
    return isinstance(read, gs1.Elements) and [f"({one.identifier}) {one.value}" for one in read.parts] == shown
