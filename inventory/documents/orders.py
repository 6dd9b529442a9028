"""What somebody asks to be posted, as parsed by a door: an ``Order`` of lines, before any default is filled in."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from inventory.errors import Fault, fault
from inventory.texts import is_writable, text_faults

ORIGINS = ("purchase", "donation", "recovery")
FINGERPRINT_VERSION = 1
MOST_LINES = 5000
MOST_ASKED = 2000
"""The most lines of a paper that comes through a door; a count may settle more."""
_TEXTS = {"warehouse": 40, "origin": 20, "reason": 500, "note": 2000}
_LINE_TEXTS = {
    "item": 60, "unit": 60, "lot": 60, "location": 60, "target_location": 60, "target_item": 60, "target_lot": 60,
    "direction": 3, "reason": 500,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """The other side of a paper: ``kind`` is one of service, supplier, warehouse, document, reason."""

    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class LineOrder:
    """One line as asked. ``quantity`` counts in ``unit`` (None: the item's base unit); ``unit_cost`` is MAD per
    ``unit``, VAT included; ``reason`` says why another lot than the first to expire is taken."""

    item: str
    quantity: Decimal | None = None
    unit: str | None = None
    lot: str | None = None
    expires_on: date | None = None
    location: str | None = None
    target_location: str | None = None
    target_item: str | None = None
    target_lot: str | None = None
    target_quantity: Decimal | None = None
    unit_cost: Decimal | None = None
    direction: str | None = None
    first_number: int | None = None
    last_number: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A paper as asked; ``on`` None means the day of posting."""

    kind: str
    warehouse: str
    lines: tuple[LineOrder, ...]
    on: date | None = None
    source: Side | None = None
    target: Side | None = None
    origin: str | None = None
    reason: str | None = None
    note: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    def faults(self) -> list[Fault]:
        """What is wrong with its texts and its length, whatever kind of paper it is."""
        found = []
        if not self.lines:
            found.append(fault("/lines", "required", _l("A paper has at least one line.")))
        found += self.length_faults(MOST_LINES)
        for name, limit in _TEXTS.items():
            found += text_faults(f"/{name}", getattr(self, name), limit)
        for name, side in (("source", self.source), ("target", self.target)):
            if side is not None:
                found += text_faults(f"/{name}/{side.kind}", side.code, 60)
        if len(_canonical(self.details)) > 20_000 or not is_writable(_canonical(self.details)):
            found.append(fault("/details", "too_long", _l("These details cannot be kept.")))
        for index, line in enumerate(self.lines[:MOST_LINES]):
            for name, limit in _LINE_TEXTS.items():
                found += text_faults(f"/lines/{index}/{name}", getattr(line, name), limit)
        return found

    def length_faults(self, most: int) -> list[Fault]:
        """What is wrong with its length, where a paper has at most so many lines."""
        message = _l("A paper has at most %(most)s lines.")
        return [fault("/lines", "too_many", message, most=most)] if len(self.lines) > most else []

    def fingerprint(self, actor_id: int) -> str:
        """SHA-256 of who asks and what, before defaults, so that the same request is known again for ever (law 4)."""
        return fingerprint(actor_id, {"order": self})


def fingerprint(actor_id: int, request: dict[str, Any]) -> str:
    """SHA-256 of an actor and a parsed request, versioned."""
    content = {"version": FINGERPRINT_VERSION, "actor": actor_id, **request}
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _canonical(content: Any) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {one.name: getattr(value, one.name) for one in fields(value)}
    raise TypeError(type(value))
