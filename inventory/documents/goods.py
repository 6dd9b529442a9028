"""The goods a paper names: what the catalogue says of them, and their reorder rule in each warehouse. One question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select, true

from inventory.catalogue import Item, Packaging, Unit
from inventory.database import batches, db
from inventory.documents.orders import LineOrder, Order
from inventory.prepared import Prepared, among, codes, ids
from inventory.replenishment import with_rule
from inventory.warehouses import Warehouse


@dataclass(slots=True)
class Goods:
    """An item as a posting needs it; ``rules`` holds, per warehouse id, the row that ``replenishment.figures_of``
    reads."""

    id: int
    code: str
    unit: str
    decimals: int
    tracking: str
    has_expiry: bool
    retired_on: date | None
    replaced_by_id: int | None
    rules: dict[int, Any] = field(default_factory=dict)
    packagings: dict[str, Packaging] = field(default_factory=dict)

    def is_retired(self, on: date) -> bool:
        """Whether the item is out of use on a day; what came in before it went out of use may still be written down."""
        return self.retired_on is not None and self.retired_on <= on

    def in_base_units(self, quantity: Decimal, unit: str | None) -> Decimal | None:
        """``quantity`` of a unit or packaging in base units, not rounded; None when the item has no such packaging."""
        if unit is None or unit == self.unit:
            return quantity
        packaging = self.packagings.get(unit)
        return None if packaging is None else packaging.in_base_units(quantity)

    def is_too_fine(self, quantity: Decimal) -> bool:
        """Whether a quantity in base units has more decimals than the item allows."""
        return quantity != quantity.quantize(Decimal(1).scaleb(-self.decimals)) if quantity.is_finite() else True


_GOODS = Prepared(
    with_rule(
        select(
            Item.id,
            Item.code,
            Unit.code.label("unit"),
            Item.decimals,
            Item.tracking,
            Item.has_expiry,
            Item.retired_on,
            Item.replaced_by_id,
            Warehouse.id.label("warehouse_id"),
        )
        .select_from(Item)
        .join(Unit, Unit.id == Item.unit_id)
        .join(Warehouse, true())
        .where(
            among(Item.code, codes("codes")),
            among(Warehouse.id, ids("warehouse_ids")),
        )
    )
)


def goods_of(order: Order, warehouse_ids: Sequence[int]) -> dict[str, Goods]:
    """The goods that an order names, by code; unknown ones are left out. Packagings are asked for only when a line
    names a unit that is not its item's own."""
    lines = order.lines
    named = {line.item for line in lines} | {line.target_item for line in lines if line.target_item}
    found = goods_with_codes(named, warehouse_ids)
    add_packagings(found, lines)
    return found


def unit_numbers(order: Order, goods: Mapping[str, Goods]) -> list[str]:
    """The inventory numbers that an order names, as they are typed."""
    return [line.lot for line in order.lines if line.lot and _is_unit(goods.get(line.item))]


def in_known_letters(order: Order, goods: Mapping[str, Goods], letters: Mapping[str, str]) -> Order:
    """The order with inventory numbers as ``catalogue.spelled`` writes them: whoever compares them may be strict."""
    if all(letters[number] == number for number in unit_numbers(order, goods)):
        return order
    lines = (
        replace(line, lot=letters[line.lot]) if line.lot and _is_unit(goods.get(line.item)) else line
        for line in order.lines
    )
    return replace(order, lines=tuple(lines))


def _is_unit(goods: Goods | None) -> bool:
    return goods is not None and goods.tracking == "unit"


def add_packagings(found: Mapping[str, Goods], lines: Iterable[LineOrder]) -> None:
    """Gives the goods the packagings in which lines count them. One item's unit may be what another is packed in."""
    counted = ((found[line.item], line.unit) for line in lines if line.unit is not None and line.item in found)
    packed = {(goods.id, unit) for goods, unit in counted if unit != goods.unit}
    by_id = {goods.id: goods for goods in found.values()}
    units = {unit for _item_id, unit in packed}
    for part in batches({item_id for item_id, _unit in packed}):
        question = select(Packaging).where(Packaging.item_id.in_(part), Packaging.name.in_(units))
        for packaging in db.session.scalars(question):
            by_id[packaging.item_id].packagings[packaging.name] = packaging


def goods_with_codes(named: Collection[str], warehouse_ids: Sequence[int]) -> dict[str, Goods]:
    """The goods with these codes, with their rules in these warehouses; one statement."""
    rows = _GOODS.rows(codes=sorted(named), warehouse_ids=warehouse_ids)
    found: dict[str, Goods] = {}
    for row in rows:
        if row.code not in found:
            found[row.code] = Goods(
                row.id,
                row.code,
                row.unit,
                row.decimals,
                row.tracking,
                row.has_expiry,
                row.retired_on,
                row.replaced_by_id,
            )
        found[row.code].rules[row.warehouse_id] = row
    return found
