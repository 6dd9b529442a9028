"""The open page of a book: what stands at the moment the pen is held, read in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, literal, select, text
from sqlalchemy.orm import aliased

from inventory.catalogue import Lot
from inventory.ledger.movements import Balance, Holding
from inventory.ledger.periods import Period
from inventory.ledger.premises import Place
from inventory.ledger.registers import Entry, Register
from inventory.ledger.shifts import NOTHING
from inventory.prepared import Prepared, among, ids
from inventory.warehouses import Location, Warehouse


@dataclass(slots=True)
class BalanceRow:
    """A balance as it stands on the open page; changes are counted in ``delta`` until they are written. ``line`` is the
    first line that takes from it."""

    item_id: int
    lot_id: int
    place: Place
    quantity: Decimal = NOTHING
    last_on: date | None = None
    lot: str = ""
    expires_on: date | None = None
    delta: Decimal = NOTHING
    line: int = 0
    item_code: str = ""

    @property
    def left(self) -> Decimal:
        """What will be there once the shifts so far are written."""
        return self.quantity + self.delta


@dataclass(slots=True)
class HoldingRow:
    """What a warehouse holds of an item, and what was read of it; written only when it has changed."""

    quantity: Decimal = NOTHING
    value: Decimal = NOTHING
    quantity_read: Decimal = NOTHING
    value_read: Decimal = NOTHING

    @property
    def is_changed(self) -> bool:
        return (self.quantity, self.value) != (self.quantity_read, self.value_read)


@dataclass(frozen=True, slots=True)
class Known:
    """The entry that a key already posted."""

    id: int
    fingerprint: str
    actor_id: int


_holding = aliased(Holding)
_known = aliased(Entry)
_one = select(literal(1).label("one")).subquery("page")
_last_number = (
    select(func.max(Entry.number))
    .where(
        Entry.warehouse_id == bindparam("warehouse_id"),
        Entry.kind == bindparam("kind"),
        Entry.year == bindparam("year"),
    )
    .scalar_subquery()
)
_closed_on = (
    select(func.max(Period.last_on))
    .join(Warehouse, Warehouse.entity_id == Period.entity_id)
    .where(among(Warehouse.id, ids("warehouse_ids")))
    .scalar_subquery()
)
# Written out, not bound: only so does either database see that the index of standing balances serves.
_STANDING = text("balance.quantity > 0")
_PAGE = Prepared(
    select(
        Register.position,
        Register.hash,
        _last_number.label("last_number"),
        _closed_on.label("closed_on"),
        _known.id.label("known_id"),
        _known.fingerprint.label("known_fingerprint"),
        _known.actor_id.label("known_actor_id"),
        Balance.item_id,
        Balance.lot_id,
        Balance.warehouse_id,
        Balance.quantity,
        Balance.last_on,
        Lot.number.label("lot"),
        Lot.expires_on,
        Location.id.label("place_id"),
        Location.code.label("place_code"),
        Location.kind.label("place_kind"),
        Location.destination_id,
        _holding.quantity.label("held"),
        _holding.value.label("held_value"),
    )
    .select_from(_one)
    .outerjoin(
        Register,
        (Register.warehouse_id == bindparam("warehouse_id")) & (Register.year == bindparam("year")),
    )
    .outerjoin(_known, _known.key == bindparam("key"))
    .outerjoin(
        Balance,
        among(Balance.item_id, ids("item_ids")) & among(Balance.warehouse_id, ids("warehouse_ids")) & _STANDING,
    )
    .outerjoin(Lot, Lot.id == Balance.lot_id)
    .outerjoin(Location, Location.id == Balance.location_id)
    .outerjoin(_holding, (_holding.item_id == Balance.item_id) & (_holding.warehouse_id == Balance.warehouse_id))
)


def page(
    warehouse_id: int, warehouse_ids: Sequence[int], *, year: int, kind: str, key: str, item_ids: Sequence[int]
) -> Sequence[Any]:
    """Head, last number, last closed day and the entry of the key, repeated for every balance of the items that stands
    in the locked warehouses; one row when none does. One statement, read after the lock."""
    return _PAGE.rows(
        warehouse_id=warehouse_id, year=year, kind=kind, key=key, item_ids=item_ids, warehouse_ids=warehouse_ids
    )
