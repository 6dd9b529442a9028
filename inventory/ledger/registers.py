"""Registers and entries: one book per warehouse and year, numbered without gaps and chained by SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Id, Instant, Model

FORM_VERSION = 1
"""The canonical form that new entries are written in. Old forms stay verifiable for ever."""

FIRST_HASH = "0" * 64
"""What the first entry of a register cites as its previous hash."""


class Register(Model):
    """The head of a warehouse's book of one year: how many entries it holds and the hash of the last."""

    __tablename__ = "register"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    year: Mapped[int]
    position: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    __table_args__ = (
        UniqueConstraint("warehouse_id", "year"),
        CheckConstraint("position >= 0", name="position_counts"),
    )


class Entry(Model):
    """One posted event, for ever. ``paper`` is what ``documents`` recorded of it; the ledger only guards its digest."""

    __tablename__ = "entry"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    year: Mapped[int]
    position: Mapped[int]
    preceding: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    on: Mapped[date] = mapped_column("on_date", Date, key="on")
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    key: Mapped[str] = mapped_column(String(80))
    fingerprint: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(40))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    cites_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    paper: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    form: Mapped[int]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    __table_args__ = (
        UniqueConstraint("warehouse_id", "year", "position", name="uq_entry_position"),
        UniqueConstraint("warehouse_id", "kind", "year", "number", name="uq_entry_number"),
        UniqueConstraint("key", name="uq_entry_key"),
        UniqueConstraint("code", name="uq_entry_code"),
        UniqueConstraint("reverses_id", name="uq_entry_reverses"),
        # No gap can be made: each entry stands on the one before it.
        ForeignKeyConstraint(
            ["warehouse_id", "year", "preceding"],
            ["entry.warehouse_id", "entry.year", "entry.position"],
            name="fk_entry_preceding",
        ),
        # A comparison with nothing is no refusal: absence is asked for by name.
        CheckConstraint(
            "(position = 1 AND preceding IS NULL)"
            " OR (position > 1 AND preceding IS NOT NULL AND preceding = position - 1)",
            name="no_gap",
        ),
        CheckConstraint("number >= 1", name="number_counts"),
        CheckConstraint("reverses_id IS NULL OR reverses_id < id", name="reverses_earlier"),
        Index(None, "cites_id"),
        Index(None, "on", "id"),
        Index(None, "warehouse_id", "on", "id"),
        {"info": {"append_only": True}},
    )


class EntryFacts(Protocol):
    """What the canonical form of an entry is made of."""

    warehouse_id: int
    year: int
    position: int
    kind: str
    number: int
    on: date
    recorded_at: datetime
    actor_id: int
    key: str
    fingerprint: str
    code: str
    reverses_id: int | None
    cites_id: int | None
    digest: str


@dataclass(frozen=True, slots=True)
class MovementFacts:
    """What the canonical form holds of a movement; quantity in thousandths, value in centimes, unit cost in
    millionths."""

    line: int
    item_id: int
    lot_id: int
    source_id: int
    target_id: int
    quantity: int
    value: int
    unit_cost: int | None
    first_number: int | None
    last_number: int | None


def canonical(entry: EntryFacts, movements: Iterable[MovementFacts]) -> bytes:
    """Form 1 of an entry: UTF-8 lines ``name=value``, numbers in base 10, days ISO 8601, instants UTC to the
    microsecond, nothing for what is absent; then one line per movement, in order. Specified in the README."""
    at = entry.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    lines = [
        f"makhazine-entry={FORM_VERSION}",
        f"warehouse={entry.warehouse_id}",
        f"year={entry.year}",
        f"position={entry.position}",
        f"kind={entry.kind}",
        f"number={entry.number}",
        f"on={entry.on.isoformat()}",
        f"recorded_at={at}",
        f"actor={entry.actor_id}",
        f"key={entry.key}",
        f"fingerprint={entry.fingerprint}",
        f"code={entry.code}",
        f"reverses={_or_nothing(entry.reverses_id)}",
        f"cites={_or_nothing(entry.cites_id)}",
        f"paper={entry.digest}",
    ]
    lines += [
        f"movement={m.line}|{m.item_id}|{m.lot_id}|{m.source_id}|{m.target_id}|{m.quantity}|{m.value}"
        f"|{_or_nothing(m.unit_cost)}|{_or_nothing(m.first_number)}|{_or_nothing(m.last_number)}"
        for m in movements
    ]
    return ("\n".join(lines) + "\n").encode()


def chained(previous_hash: str, form: bytes) -> str:
    """SHA-256 of the previous hash (32 bytes) followed by the canonical form, in hexadecimal."""
    return hashlib.sha256(bytes.fromhex(previous_hash) + form).hexdigest()


def digest_of(paper: str) -> str:
    """SHA-256 of the paper's text, in hexadecimal."""
    return hashlib.sha256(paper.encode()).hexdigest()


def _or_nothing(number: int | None) -> str:
    return "" if number is None else str(number)
