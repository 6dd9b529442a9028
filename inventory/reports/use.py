"""Use: what a warehouse gave of an item to services. The chart of a card, rules, alerts and cover all ask here.

Laws:
1. What came back from services lessens the use of the period in which it came back.
2. A reversed paper and its reversal count for nothing, whatever their days: what was cancelled was never used.
3. A period in which more came back than left counts as none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, CompoundSelect, func, select, type_coerce, union_all

from inventory.catalogue import Item
from inventory.database import Quantity
from inventory.ledger import Entry, Movement
from inventory.warehouses import Location, Warehouse

USE_DAYS = 90
"""How far back the use per day looks."""

# For filters, not to be joined: a database would look them up for each movement. Of few reversals it makes one set, and
# "> 0" rather than "is not nothing" leads SQLite to the index too.
_SERVICES = select(Location.id).where(Location.kind == "service").correlate(None)
_CANCELLED: CompoundSelect[Any] = union_all(
    select(Entry.reverses_id).where(Entry.reverses_id > 0).correlate(None),
    select(Entry.id).where(Entry.reverses_id > 0).correlate(None),
)


def used_by(side: str) -> Any:
    """What the movements of a question used, in thousandths: ``source`` for those that left the warehouse, ``target``
    for those that came, whose sum is to be taken off."""
    other = Movement.target_id if side == "source" else Movement.source_id
    counts = (other.in_(_SERVICES), Movement.entry_id.not_in(_CANCELLED))
    return func.coalesce(func.sum(type_coerce(Movement.quantity, BigInteger)).filter(*counts), 0)


@lru_cache(maxsize=4)
def used_until(today: date) -> Any:
    """What an item × warehouse of a question used in the ``USE_DAYS`` that end today, in thousandths."""
    return _moved("source", today) - _moved("target", today)


def _moved(side: str, today: date) -> Any:
    here = Movement.source_warehouse_id if side == "source" else Movement.target_warehouse_id
    return (
        select(used_by(side))
        .where(here == Warehouse.id, Movement.item_id == Item.id, Movement.on > today - timedelta(days=USE_DAYS))
        .correlate(Item, Warehouse)
        .scalar_subquery()
    )


@dataclass(frozen=True, slots=True)
class Use:
    """What was used in the ``USE_DAYS`` up to today. It is divided exactly and rounded once, at the end."""

    total: Decimal

    @classmethod
    def of(cls, row: Any) -> Use:
        """The use of a row that asked for ``used_until`` as ``used``."""
        return cls(max(Quantity.to_decimal(int(row.used)), Decimal(0)))

    @property
    def per_day(self) -> Decimal:
        """The mean of one day, to a thousandth."""
        return round(self.total / USE_DAYS, 3)

    def lasts(self, available: Decimal) -> Decimal | None:
        """For how many whole days so much lasts at this use; None when nothing is used."""
        if not self.total:
            return None
        return (max(available, Decimal(0)) * USE_DAYS / self.total).to_integral_value(ROUND_DOWN)
