"""All that a device needs of one warehouse to work for a while without the house: goods, what lies where, places,
the other sides of papers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.orm import aliased

from inventory.catalogue import Barcode, Item, Lot, Packaging, Photo, Unit
from inventory.database import Quantity, fetch
from inventory.documents import Reason
from inventory.ledger import Balance
from inventory.parties import Service, Supplier
from inventory.replenishment import NOTHING, Commitment, Figures, stock_of
from inventory.warehouses import Location, Warehouse

Rows = Sequence[Any]
_heir = aliased(Item)
_NAMES = ("name_fr", "name_ar", "name_en")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Rows of the tables, in the order of their codes. ``balances`` come first expiry first and without the road;
    ``figures`` by id of the item, only of what lies here or is promised."""

    units: Rows
    items: Rows
    packagings: Rows
    barcodes: Rows
    balances: Rows
    places: Rows
    services: Rows
    suppliers: Rows
    warehouses: Rows
    reasons: Rows
    figures: dict[int, Figures]


_UNITS = select(Unit.code, *(getattr(Unit, name) for name in _NAMES)).order_by(Unit.code)
_ITEMS = (
    select(
        Item.id, Item.code, Item.name_fr, Item.name_ar, Item.name_en, Unit.code.label("unit"), Item.decimals,
        Item.tracking, Item.has_expiry, Item.retired_on, _heir.code.label("replaced_by"), Item.label_code,
        Photo.digest.label("photo"),
    )
    .join(Unit, Unit.id == Item.unit_id)
    .outerjoin(Photo, Photo.item_id == Item.id)
    .outerjoin(_heir, _heir.id == Item.replaced_by_id)
    .order_by(Item.code)
)  # fmt: skip
_PACKAGINGS = (
    select(Item.code.label("item"), Packaging.name, Packaging.contains, Packaging.divisor)
    .join(Item, Item.id == Packaging.item_id)
    .order_by(Item.code, Packaging.name)
)
_BARCODES = (
    select(Barcode.code, Item.code.label("item"), Packaging.name.label("packaging"))
    .join(Item, Item.id == Barcode.item_id)
    .outerjoin(Packaging, Packaging.id == Barcode.packaging_id)
    .order_by(Barcode.code)
)


def snapshot(warehouse_id: int, *, today: date) -> Snapshot:
    """What a device keeps of a warehouse: a constant number of statements, however much lies there."""
    balances = fetch(_balances(warehouse_id))
    return Snapshot(
        units=fetch(_UNITS),
        items=fetch(_ITEMS),
        packagings=fetch(_PACKAGINGS),
        barcodes=fetch(_BARCODES),
        balances=balances,
        places=fetch(_places(warehouse_id)),
        services=fetch(_in_use(Service)),
        suppliers=fetch(_in_use(Supplier)),
        warehouses=fetch(_others(warehouse_id)),
        reasons=fetch(_in_use(Reason)),
        figures=_figures(balances, fetch(_promised(warehouse_id)), today),
    )


def _balances(warehouse_id: int) -> Any:
    return (
        select(
            Item.id.label("item_id"), Item.code.label("item"), Lot.number.label("lot"), Lot.expires_on,
            Lot.label_code, Location.code.label("location"), Location.kind,
            type_coerce(Balance.quantity, BigInteger).label("quantity"),
        )
        .join(Item, Item.id == Balance.item_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.warehouse_id == warehouse_id, Balance.quantity > 0, Location.kind != "transit")
        .order_by(Lot.expires_on.is_(None), Lot.expires_on, Lot.id, Location.is_default.desc(), Location.code)
    )  # fmt: skip


def _places(warehouse_id: int) -> Any:
    columns = (Location.code, Location.kind, *(getattr(Location, name) for name in _NAMES))
    return (
        select(*columns, Location.label_code, Location.is_default)
        .where(Location.warehouse_id == warehouse_id, Location.kind != "transit", Location.is_active)
        .order_by(Location.code)
    )


def _in_use(kind: Any) -> Any:
    columns = (kind.code, *(getattr(kind, name) for name in _NAMES))
    return select(*columns).where(kind.is_active).order_by(kind.code)


def _others(warehouse_id: int) -> Any:
    """Where goods can be sent: real stores to real ones, those for practice to each other."""
    alike = select(Warehouse.is_practice).where(Warehouse.id == warehouse_id).scalar_subquery()
    return _in_use(Warehouse).where(Warehouse.id != warehouse_id, Warehouse.is_practice == alike)


def _promised(warehouse_id: int) -> Any:
    total = func.sum(type_coerce(Commitment.quantity, BigInteger)).label("quantity")
    mine = (Commitment.warehouse_id == warehouse_id) & (Commitment.kind == "reserved")
    return select(Commitment.item_id, total).where(mine).group_by(Commitment.item_id)


def _figures(balances: Iterable[Any], promised: Iterable[Any], today: date) -> dict[int, Figures]:
    """The figures of each item, from all its balances at once."""
    lying: dict[int, list[Any]] = defaultdict(list)
    for row in balances:
        lying[row.item_id].append((row.quantity, row.kind, row.expires_on))
    reserved = {row.item_id: Quantity.to_decimal(int(row.quantity)) for row in promised}
    return {
        item: Figures(**_decimals(stock_of(lying[item], today)), reserved=reserved.get(item, NOTHING))
        for item in lying.keys() | reserved.keys()
    }


def _decimals(thousandths: dict[str, Any]) -> dict[str, Decimal]:
    return {name: Quantity.to_decimal(int(amount)) for name, amount in thousandths.items()}
