"""Lots with their expiry, and single things with their inventory number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from inventory import codes
from inventory.database import Id, Model, db, insert_missing
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
    """A lot as it stands in the catalogue: a unit's number in the letters in which it came first."""

    id: int
    number: str
    expires_on: date | None


def ensure_lots(wanted: Sequence[WantedLot], *, is_practice: bool = False) -> dict[tuple[int, str], ArrivingLot]:
    """The lots by item id and number, made at their first receipt. A known expiry is never wiped nor contradicted; a
    unit whose inventory number belongs to another item is left out."""
    found, taken = _lots(wanted, is_practice), _taken(wanted)
    new = {
        (one.item_id, _key(one.number) if one.is_unit else one.number): one
        for one in reversed(wanted)
        if (one.item_id, one.number) not in found and one.number not in taken
    }
    insert_missing(
        Lot,
        [
            {
                "item_id": one.item_id,
                "number": one.number,
                "expires_on": one.expires_on,
                "inventory_number": one.number if one.is_unit and not is_practice else None,
                "is_practice": is_practice,
                "label_code": codes.mint(codes.Kind.LOT),
            }
            for _, one in sorted(new.items())
        ],
    )
    if new:
        found = _lots(wanted, is_practice)
    for one in wanted:
        lot = found.get((one.item_id, one.number))
        if lot is not None and lot.expires_on is None and one.expires_on is not None:
            # its label shows the expiry: what was printed without it is out of date
            became = {"expires_on": one.expires_on, "label_version": Lot.label_version + 1}
            db.session.execute(update(Lot).where(Lot.id == lot.id).values(became))
            found[one.item_id, one.number] = replace(lot, expires_on=one.expires_on)
    return found


def same_number(one: str | None, other: str | None) -> bool:
    """Whether two inventory numbers are one: small and capital letters do not count."""
    return one == other or (one is not None and other is not None and _key(one) == _key(other))


def _key(number: str) -> str:
    """What inventory numbers are compared by; letters that the databases turn to capitals differently stay."""
    return number.upper() if number.isascii() else number


def _taken(wanted: Sequence[WantedLot]) -> set[str]:
    """The inventory numbers that belong to another item, in whatever letters."""
    keys = {_key(one.number): one for one in wanted if one.is_unit}
    if not keys:
        return set()
    rows = db.session.execute(
        select(Lot.item_id, Lot.inventory_number).where(func.upper(Lot.inventory_number).in_(keys))
    )
    others = {(_key(row.inventory_number), row.item_id) for row in rows}
    return {
        one.number
        for one in wanted
        if one.is_unit and any(key == _key(one.number) and item_id != one.item_id for key, item_id in others)
    }


def _lots(wanted: Sequence[WantedLot], is_practice: bool) -> dict[tuple[int, str], ArrivingLot]:
    """What is known of them, by item id and number as wanted; a unit in whatever letters."""
    units = {_key(one.number) for one in wanted if one.is_unit}
    rows = db.session.execute(
        select(Lot.item_id, Lot.number, Lot.id, Lot.expires_on).where(
            Lot.item_id.in_({one.item_id for one in wanted}),
            Lot.number.in_({one.number for one in wanted})
            | (func.upper(Lot.inventory_number).in_(units) if units else false()),
            Lot.is_practice.is_(is_practice),
        )
    ).all()
    exact = {(row.item_id, row.number): ArrivingLot(row.id, row.number, row.expires_on) for row in rows}
    alike = {(lot_of, _key(number)): lot for (lot_of, number), lot in exact.items()}
    found = {}
    for one in wanted:
        known = exact.get((one.item_id, one.number)) or (one.is_unit and alike.get((one.item_id, _key(one.number))))
        if known:
            found[one.item_id, one.number] = known
    return found
