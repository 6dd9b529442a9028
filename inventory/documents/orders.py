"""What somebody asks to be posted, as parsed by a door: an ``Order`` of lines, before any default is filled in."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

ORIGINS = ("purchase", "donation", "recovery")
FINGERPRINT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Side:
    """The other side of a paper: ``kind`` is one of service, supplier, warehouse, document, reason."""

    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class LineOrder:
    """One line as asked. ``quantity`` counts in ``unit`` (None: the item's base unit); ``unit_cost`` is MAD per ``unit``,
    VAT included; ``reason`` says why another lot than the first to expire is taken."""

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

    def fingerprint(self, actor_id: int) -> str:
        """SHA-256 of who asks and what, before defaults, so that the same request is known again for ever (law 4)."""
        return fingerprint(actor_id, {"order": asdict(self)})


def fingerprint(actor_id: int, request: dict[str, Any]) -> str:
    """SHA-256 of an actor and a parsed request, versioned."""
    content = {"version": FINGERPRINT_VERSION, "actor": actor_id, **request}
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _canonical(content: Any) -> str:
    def plain(value: Any) -> str:
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        if isinstance(value, date):
            return value.isoformat()
        raise TypeError(type(value))

    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=plain)
