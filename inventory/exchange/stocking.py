"""Writes a plan of items into the catalogue: a handful of statements however long the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update

from inventory import codes, natures, replenishment
from inventory.catalogue import (
    NATURE,
    Barcode,
    Category,
    Item,
    NewItem,
    NewPackaging,
    Packaging,
    Unit,
    barcode_key,
    is_flawed,
    search_text_of,
)
from inventory.database import db
from inventory.errors import refuse_stale

from .items import ItemPlan
from .known import Update, all_barcodes, by_chunks, ids_by_code
from .matching import is_arabic


def apply_items(plan: ItemPlan, *, today: date, at: datetime) -> None:
    """Writes the plan: a handful of statements however long the file. Within the caller's transaction."""
    filed = [change.item_id for change in plan.update if "category" in change.changes]
    unwritten = [change.code for change in plan.update if not change.changes.keys().isdisjoint(NATURE)]
    if filed or unwritten:
        replenishment.lock()
    refuse_stale(bool(natures.written_with(unwritten)))
    said = [*(new.unit for new in plan.create), *(u.changes["unit"] for u in plan.update if "unit" in u.changes)]
    units = _ensure(Unit, said)
    categories = _ensure(
        Category,
        [
            *(new.category for new in plan.create if new.category),
            *(u.changes["category"] for u in plan.update if u.changes.get("category")),
        ],
    )
    if plan.create:
        db.session.execute(insert(Item), [_item_row(new, units, categories) for new in plan.create])
    ids = ids_by_code(
        lambda part: select(Item.code, Item.id).where(Item.code.in_(part)), [new.code for new in plan.create]
    )
    owned = [(ids[new.code], new.barcodes, new.packagings) for new in plan.create]
    owned += [(change.item_id, change.barcodes, change.packagings) for change in plan.update]
    _add_packagings(owned)
    _add_barcodes(owned + [(change.item_id, (), change.packed) for change in plan.update if change.packed])
    _apply_updates(plan.update, units, categories)
    natures.filed(filed, today=today, at=at)


def _item_row(new: NewItem, units: dict[str, int], categories: dict[str, int]) -> dict[str, Any]:
    return {
        "code": new.code,
        "name_fr": new.name_fr,
        "name_ar": new.name_ar,
        "name_en": new.name_en,
        "unit_id": units[new.unit],
        "category_id": categories[new.category] if new.category else None,
        "decimals": new.decimals,
        "tracking": new.tracking,
        "has_expiry": new.has_expiry,
        "storage_class": new.storage_class,
        "label_code": codes.mint(codes.Kind.ITEM),
        "search_text": search_text_of(new.code, (new.name_fr, new.name_ar, new.name_en), all_barcodes(new)),
    }


def _ensure(kind: type[Any], wanted: Iterable[str]) -> dict[str, int]:
    """Code → id of units or categories, those that are missing made on the way."""
    names = sorted(set(wanted))
    find: Callable[[list[str]], Any] = lambda part: select(kind.code, kind.id).where(kind.code.in_(part))  # noqa: E731
    found = ids_by_code(find, names)
    missing = [name for name in names if name not in found]
    if missing:
        db.session.execute(insert(kind), [_group_row(name) for name in missing])
        found |= ids_by_code(find, missing)
    return found


def _group_row(name: str) -> dict[str, str]:
    language = "name_ar" if is_arabic([name]) else "name_fr"
    return {"code": name, "name_fr": "", "name_ar": "", "name_en": ""} | {language: name}


def _add_packagings(owned: list[tuple[int, tuple[str, ...], tuple[NewPackaging, ...]]]) -> None:
    rows = [
        {"item_id": item_id, "name": one.name, "contains": one.contains, "divisor": one.divisor}
        for item_id, _barcodes, packagings in owned
        for one in packagings
    ]
    if rows:
        _ensure(Unit, (one.name for _item_id, _barcodes, packagings in owned for one in packagings))
        db.session.execute(insert(Packaging), rows)


def _add_barcodes(owned: list[tuple[int, tuple[str, ...], tuple[NewPackaging, ...]]]) -> None:
    rows = [_barcode_row(key, item_id, None) for item_id, barcodes, _packagings in owned for key in barcodes]
    packed = [(item_id, one) for item_id, _barcodes, packagings in owned for one in packagings if one.barcode]
    ids = {(row.item_id, row.name): row.id for row in by_chunks(_packaging_ids, [item_id for item_id, _one in packed])}
    rows += [_barcode_row(barcode_key(one.barcode or ""), item_id, ids[item_id, one.name]) for item_id, one in packed]
    if rows:
        db.session.execute(insert(Barcode), rows)


def _packaging_ids(part: list[int]) -> Any:
    return select(Packaging.id, Packaging.item_id, Packaging.name).where(Packaging.item_id.in_(part))


def _barcode_row(key: str, item_id: int, packaging_id: int | None) -> dict[str, Any]:
    return {"code": key, "item_id": item_id, "packaging_id": packaging_id, "is_flagged": is_flawed(key)}


def _apply_updates(changes: list[Update], units: dict[str, int], categories: dict[str, int]) -> None:
    """The columns and the search text of changed items: one statement per set of columns."""
    barcodes: dict[int, list[str]] = {}
    for row in by_chunks(_barcodes_of, [change.item_id for change in changes]):
        barcodes.setdefault(row.item_id, []).append(row.code)
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for change in changes:
        row = dict(change.changes) | {"id": change.item_id}
        for name, ids in (("unit", units), ("category", categories)):
            if name in row:
                row[f"{name}_id"] = ids[row.pop(name)]
        names = (row["name_fr"], row["name_ar"], row["name_en"])
        row["search_text"] = search_text_of(change.code, names, barcodes.get(change.item_id, ()))
        by_columns.setdefault(tuple(sorted(row)), []).append(row)
    for rows in by_columns.values():
        db.session.execute(update(Item), rows)


def _barcodes_of(part: list[int]) -> Any:
    return select(Barcode.item_id, Barcode.code).where(Barcode.item_id.in_(part))
