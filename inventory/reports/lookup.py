"""What somebody who looks a thing up wants to know beside its figures: what moved lately, and where else it lies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Select, func, select, type_coerce, union_all
from sqlalchemy.orm import aliased

from inventory.catalogue import Item, Lot, Unit
from inventory.database import Quantity, db
from inventory.documents import reference
from inventory.ledger import Balance, Entry, Movement
from inventory.reports.called import Called, columns_of, sure
from inventory.warehouses import ON_HAND, Location, Warehouse

_source, _target = aliased(Location), aliased(Location)
_quantity = type_coerce(Movement.quantity, BigInteger)


@dataclass(frozen=True, slots=True)
class Moved:
    """One movement of goods that touched a warehouse; ``quantity`` in base units, never below nothing. ``is_in``: into
    the warehouse; ``is_within``: from one of its places to another."""

    entry_id: int
    reference: str
    kind: str
    on: date
    lot: str
    quantity: Decimal
    source: Called
    target: Called
    is_in: bool
    is_within: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What another warehouse has of an item, base units."""

    warehouse: Called
    on_hand: Decimal


def last_moved(item_id: int, warehouse_id: int, *, lot_id: int | None = None, limit: int = 5) -> list[Moved]:
    """The last movements of an item, or of one of its lots, into, out of and inside a warehouse; the newest first."""
    sides = [Movement.target_warehouse_id == warehouse_id, Movement.source_warehouse_id == warehouse_id]
    walks = [select(_walk(lot_id).where(Movement.item_id == item_id, side).limit(limit).subquery()) for side in sides]
    found = union_all(*walks).subquery()  # a move inside is found from both sides, and stands once in the end
    rows = db.session.execute(
        select(
            Movement.id, Movement.on, Movement.source_warehouse_id, Movement.target_warehouse_id,
            _quantity.label("amount"), Entry.id.label("entry_id"), Entry.kind, Entry.year, Entry.number,
            Lot.number.label("lot"), Warehouse.code.label("store"),
            *columns_of(_source, "source"), *columns_of(_target, "target"),
        )
        .join(Entry, Entry.id == Movement.entry_id)
        .join(Warehouse, Warehouse.id == Entry.warehouse_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(_source, _source.id == Movement.source_id)
        .join(_target, _target.id == Movement.target_id)
        .where(Movement.id.in_(select(found.c.id)))
        .order_by(Movement.on.desc(), Movement.id.desc())
        .limit(limit)
    )  # fmt: skip
    return [_moved(row, warehouse_id) for row in rows]


def _walk(lot_id: int | None) -> Select[Any]:
    """Along an index, newest first: of a lot by its own, of an item by the warehouse's."""
    question = select(Movement.id).where(_quantity > 0)
    if lot_id is not None:
        return question.where(Movement.lot_id == lot_id).order_by(Movement.id.desc())
    return question.order_by(Movement.on.desc(), Movement.id.desc())


def _moved(row: Any, warehouse_id: int) -> Moved:
    is_in = row.target_warehouse_id == warehouse_id
    return Moved(
        row.entry_id, reference(row.store, row.kind, row.year, row.number), row.kind, row.on, row.lot,
        Quantity.to_decimal(int(row.amount)), sure(row, "source"), sure(row, "target"), is_in,
        is_in and row.source_warehouse_id == warehouse_id,
    )  # fmt: skip


def lies_elsewhere(
    item_id: int, warehouse_ids: Collection[int] | None, *, without: int, limit: int = 10
) -> list[Elsewhere]:
    """Which other of these warehouses (None: all) have an item on their shelves, most first."""
    total = func.sum(type_coerce(Balance.quantity, BigInteger)).label("total")
    question = (
        select(*columns_of(Warehouse, "warehouse"), total)
        .join(Location, Location.id == Balance.location_id)
        .join(Warehouse, Warehouse.id == Balance.warehouse_id)
        .where(Balance.item_id == item_id, Balance.warehouse_id != without, Location.kind.in_(ON_HAND))
        .where(type_coerce(Balance.quantity, BigInteger) > 0, Warehouse.is_active, ~Warehouse.is_practice)
        .group_by(*(column.element for column in columns_of(Warehouse, "warehouse")))
        .order_by(total.desc(), Warehouse.code)
        .limit(limit)
    )
    if warehouse_ids is not None:
        question = question.where(Balance.warehouse_id.in_(warehouse_ids))
    return [
        Elsewhere(sure(row, "warehouse"), Quantity.to_decimal(int(row.total))) for row in db.session.execute(question)
    ]


def items_called(codes: Sequence[str]) -> Sequence[Any]:
    """The names and units of items by their codes, in that order."""
    rows = db.session.execute(
        select(
            Item.code, Item.name_fr, Item.name_ar, Item.name_en, Unit.code.label("unit"),
            Unit.name_fr.label("unit_name_fr"), Unit.name_ar.label("unit_name_ar"),
            Unit.name_en.label("unit_name_en"),
        )
        .join(Unit, Unit.id == Item.unit_id)
        .where(Item.code.in_(codes))
    )  # fmt: skip
    by_code = {row.code: row for row in rows}
    return [by_code[code] for code in codes if code in by_code]
