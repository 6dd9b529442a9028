"""Lots with their expiry, and single things with their inventory number."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from inventory import codes
from inventory.database import Id, Model, batches, db, insert_missing
from inventory.labelled import FROM_ONE, Labelled

NO_LOT = 1
"""The id of the canonical "no lot" row."""


class Lot(Labelled, Model):
    """A batch of an item with its expiry; for an item tracked by unit, the one thing with this inventory number."""

    __tablename__ = "lot"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    number: Mapped[str] = mapped_column(String(60))
    expires_on: Mapped[date | None]
    inventory_number: Mapped[str | None] = mapped_column(String(60), unique=True)
    is_practice: Mapped[bool] = mapped_column(default=False, server_default=false())
    __table_args__ = (
        UniqueConstraint("item_id", "number", "is_practice"),
        Index(None, "number"),
        Index("ix_lot_inventory_number_capitals", func.upper(inventory_number)),
        CheckConstraint(f"(id = {NO_LOT}) = (item_id IS NULL)", name="only_no_lot_lacks_item"),
        CheckConstraint("inventory_number IS NULL OR inventory_number = number", name="unit_number"),
        CheckConstraint("inventory_number IS NULL OR NOT is_practice", name="practice_has_no_inventory_number"),
        CheckConstraint(FROM_ONE, name="label_version_from_one"),
    )


@dataclass(frozen=True, slots=True)
class WantedLot:
    """A lot in which goods arrive; ``is_unit``: its number is an inventory number."""

    item_id: int
    number: str
    expires_on: date | None
    is_unit: bool


@dataclass(frozen=True, slots=True)
class ArrivingLot:
    """A lot as it stands in the catalogue."""

    id: int
    expires_on: date | None


def ensure_lots(wanted: Sequence[WantedLot], *, is_practice: bool = False) -> dict[tuple[int, str], ArrivingLot]:
    """The lots by item id and number, made at their first receipt. A known expiry is never wiped nor contradicted; a
    unit whose inventory number belongs to another item is left out."""
    found = _lots(wanted, is_practice)
    units = {(one.item_id, one.number) for one in wanted if one.is_unit and not is_practice}
    new = {key: lot for key, lot in arriving(found, wanted).items() if key not in found}
    insert_missing(
        Lot,
        [
            {
                "item_id": key[0],
                "number": key[1],
                "expires_on": lot.expires_on,
                "inventory_number": key[1] if key in units else None,
                "is_practice": is_practice,
                "label_code": codes.mint(codes.Kind.LOT),
            }
            for key, lot in sorted(new.items(), key=lambda one: one[0])
        ],
    )
    if new:
        found = _lots(wanted, is_practice)
    left = {key: lot for key, lot in arriving(found, wanted).items() if key in found}
    for key, lot in left.items():
        if lot != found[key]:
            # its label shows the expiry: what was printed without it is out of date
            became = {"expires_on": lot.expires_on, "label_version": Lot.label_version + 1}
            db.session.execute(update(Lot).where(Lot.id == lot.id).values(became))
    return left


def arriving(
    found: Mapping[tuple[int, str], ArrivingLot], wanted: Sequence[WantedLot]
) -> dict[tuple[int, str], ArrivingLot]:
    """The lots that are wanted as they are once goods have come in them: the first expiry that is said of one holds.
    Those that are not found have no id yet."""
    left: dict[tuple[int, str], ArrivingLot] = {}
    for one in wanted:
        key = one.item_id, one.number
        lot = left.get(key) or found.get(key) or ArrivingLot(0, None)
        left[key] = ArrivingLot(lot.id, lot.expires_on or one.expires_on)
    return left


def lots_numbered(numbers: Collection[str], *, is_practice: bool = False) -> dict[tuple[int, str], ArrivingLot]:
    """The lots with these numbers, whatever their item."""
    question = select(Lot.item_id, Lot.number, Lot.id, Lot.expires_on).where(
        Lot.number.in_(numbers), Lot.is_practice.is_(is_practice), Lot.item_id.is_not(None)
    )
    return {(row.item_id or 0, row.number): ArrivingLot(row.id, row.expires_on) for row in db.session.execute(question)}


def inventoried(numbers: Collection[str]) -> dict[str, int]:
    """The id of the item that each of these inventory numbers belongs to."""
    question = select(Lot.inventory_number, Lot.item_id).where(Lot.inventory_number.in_(numbers))
    return {str(number): item_id or 0 for number, item_id in db.session.execute(question)}


def spelled(numbers: Sequence[str]) -> dict[str, str]:
    """Inventory numbers, each in the letters in which it stands or, if it is new, comes first here: small letters and
    capitals make no difference."""
    if not numbers:
        return {}
    standing: list[str] = []
    for keys in batches(sorted({_key(one) for one in numbers})):
        question = select(Lot.inventory_number).where(func.upper(Lot.inventory_number).in_(keys))
        standing += [str(number) for number in db.session.scalars(question)]
    first: dict[str, str] = {}
    for number in (*standing, *numbers):
        first.setdefault(_key(number), number)
    exact = set(standing)
    return {number: number if number in exact else first[_key(number)] for number in numbers}


def _key(number: str) -> str:
    """What inventory numbers are compared by; letters that the databases turn to capitals differently stay."""
    return number.upper() if number.isascii() else number


def _lots(wanted: Sequence[WantedLot], is_practice: bool) -> dict[tuple[int, str], ArrivingLot]:
    pairs = {(one.item_id, one.number) for one in wanted}
    rows = db.session.execute(
        select(Lot.item_id, Lot.number, Lot.id, Lot.expires_on).where(
            Lot.item_id.in_({item_id for item_id, _ in pairs}),
            Lot.number.in_({number for _, number in pairs}),
            Lot.is_practice.is_(is_practice),
        )
    )
    return {(row.item_id, row.number): ArrivingLot(row.id, row.expires_on) for row in rows if tuple(row[:2]) in pairs}
