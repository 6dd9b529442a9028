"""What the catalogue already holds of what a file speaks of, read in a few questions however long the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import select

from inventory.catalogue import (
    Barcode,
    Category,
    Item,
    NewItem,
    NewPackaging,
    Packaging,
    Unit,
    alike,
    barcode_key,
    code_key,
)
from inventory.database import batches, fetch
from inventory.natures import written_with

from .folding import fold

T = TypeVar("T")


@dataclass(frozen=True)
class Update:
    """Changes to one item that exists: columns of the item, barcodes and packagings to add, and packagings it has that
    get a barcode."""

    item_id: int
    code: str
    changes: dict[str, Any]
    barcodes: tuple[str, ...]
    packagings: tuple[NewPackaging, ...]
    packed: tuple[NewPackaging, ...] = ()


@dataclass
class Known:
    """What the catalogue already holds of what the file speaks of, read in a few questions. Among ``items`` are those
    whose codes differ in their capitals or digits only."""

    items: dict[str, Any]
    barcodes: dict[str, str]
    item_barcodes: set[tuple[int, str]]
    packed: dict[int, list[NewPackaging]]
    units: dict[str, str]
    categories: dict[str, str]
    unit_of: dict[int, str]
    category_of: dict[int, str]
    written: set[str]

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {code_key(code): code for code in self.items}

    @classmethod
    def of(cls, news: Sequence[NewItem]) -> Known:
        items = {row.code: row for row in by_chunks(_items_with, [new.code for new in news])}
        keys = {barcode for new in news for barcode in all_barcodes(new)}
        owners = by_chunks(_barcodes_with, list(keys))
        packagings = by_chunks(_packagings_of, [row.id for row in items.values()])
        packed: dict[int, list[NewPackaging]] = {}
        for row in packagings:
            packed.setdefault(row.item_id, []).append(NewPackaging(row.name, row.contains, None, row.divisor))
        units, unit_of = _spellings(Unit)
        categories, category_of = _spellings(Category)
        return cls(
            items,
            {row.code: row.item_code for row in owners},
            {(row.item_id, row.code) for row in owners},
            packed,
            units,
            categories,
            unit_of,
            category_of,
            written_with(items.keys()),
        )

    def namesake(self, new: NewItem) -> str | None:
        """The code of another item that differs from this one's in its capitals or digits only."""
        return None if new.code in self.items else self._codes.get(code_key(new.code))

    def spelled(self, new: NewItem) -> NewItem:
        """The item with unit and category as the catalogue (or the first row that named them) spells them."""
        unit = self.units.setdefault(fold(new.unit) or new.unit, new.unit)
        category = new.category and self.categories.setdefault(fold(new.category) or new.category, new.category)
        return replace(new, unit=unit, category=category)


@dataclass(frozen=True, slots=True)
class Pack:
    """A packaging: ``contains / divisor`` base units."""

    name: str
    contains: Decimal
    divisor: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How an item is counted; ``packagings`` by their names."""

    decimals: int
    unit: str
    packagings: Mapping[str, Pack]
    tracking: str

    def in_base_units(self, quantity: Decimal, unit: str | None) -> Decimal:
        pack = None if unit is None else self.packagings[unit]
        return quantity if pack is None else quantity * pack.contains / pack.divisor

    def meant(self, said: str, spoken: Mapping[str, set[str]]) -> str | None:
        """Which of its units and packagings is meant, however it is written or in whatever language, if it is one:
        ``spoken`` are the units that have a folded name."""
        mine = [self.unit, *self.packagings]
        if said in mine:
            return said
        like = [name for name in mine if fold(name) == fold(said)] or [
            name for name in mine if name in spoken.get(fold(said), ())
        ]
        return like[0] if len(like) == 1 else None


def _items_with(part: list[str]) -> Any:
    columns = (
        Item.id,
        Item.code,
        Item.name_fr,
        Item.name_ar,
        Item.name_en,
        Item.label_version,
        Item.unit_id,
        Item.category_id,
        Item.decimals,
        Item.tracking,
        Item.has_expiry,
        Item.storage_class,
    )
    return select(*columns).where(alike(part))


def _barcodes_with(part: list[str]) -> Any:
    return (
        select(Barcode.code, Barcode.item_id, Item.code.label("item_code"))
        .join(Item, Item.id == Barcode.item_id)
        .where(Barcode.code.in_(part))
    )


def _packagings_of(part: list[int]) -> Any:
    return select(Packaging.item_id, Packaging.name, Packaging.contains, Packaging.divisor).where(
        Packaging.item_id.in_(part)
    )


def _spellings(kind: type[Any]) -> tuple[dict[str, str], dict[int, str]]:
    """Folded code or name → code, and id → code. Codes come before names."""
    rows = fetch(select(kind.id, kind.code, kind.name_fr, kind.name_ar, kind.name_en).order_by(kind.id))
    found = {fold(row.code) or row.code: row.code for row in rows}
    for row in rows:
        for name in (row.name_fr, row.name_ar, row.name_en):
            if fold(name):
                found.setdefault(fold(name), row.code)
    return found, {row.id: row.code for row in rows}


def all_barcodes(new: NewItem) -> list[str]:
    return [*new.barcodes, *(barcode_key(pack.barcode) for pack in new.packagings if pack.barcode)]


def ids_by_code(question: Callable[[list[str]], Any], keys: Sequence[str]) -> dict[str, int]:
    return {row[0]: row[1] for row in by_chunks(question, keys)}


def by_chunks(question: Callable[[list[T]], Any], keys: Sequence[T]) -> list[Any]:
    return [row for part in batches(keys) for row in fetch(question(part))]
