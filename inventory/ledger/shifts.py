"""Shifts: movements to be, before they are posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.catalogue import NO_LOT
from inventory.ledger.premises import Place

NOTHING = Decimal(0)


@dataclass(slots=True)
class Shift:
    """A movement to be: a quantity (base units) of an item and lot from a place to a place.

    ``value`` (MAD) is given for what comes in; None means "what the ledger works out": the weighted average for what
    leaves, and nothing (unpriced) for what comes in. ``value_of`` names the earlier shifts whose value this one takes.
    ``mirrors`` marks a reversal, which moves ``value`` as far as the holding still has it.
    """

    line: int
    item_id: int
    item_code: str
    source: Place
    target: Place
    quantity: Decimal
    lot_id: int = NO_LOT
    tracking: str = "none"
    value: Decimal | None = None
    unit_cost: Decimal | None = None
    value_of: tuple[int, ...] = ()
    mirrors: bool = False
    first_number: int | None = None
    last_number: int | None = None
    lot: str = ""
    expires_on: date | None = None

    @property
    def leaves(self) -> bool:
        """Whether goods go from inside to another warehouse or outside."""
        return self.source.warehouse_id is not None and self.source.warehouse_id != self.target.warehouse_id

    @property
    def arrives(self) -> bool:
        """Whether goods come in from outside."""
        return self.source.warehouse_id is None and self.target.warehouse_id is not None
