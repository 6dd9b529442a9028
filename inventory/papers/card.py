"""A stock card as it is printed: one item in one warehouse, oldest movement first."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inventory.names import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """One movement. `paper` is its reference, `other_side` where the goods came from or went."""

    on: date
    paper: str
    other_side: Names
    balance: Decimal
    quantity_in: Decimal | None = None
    quantity_out: Decimal | None = None
    checked_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The card of an item and warehouse from `since` to `until`, both included. Quantities are in `unit`.

    `code` is the item's own QR code; `printed_on` the day of the print; `reorder_point` None without a rule.
    """

    item: str
    names: Names
    unit: Names
    warehouse: Names
    since: date
    until: date
    opening: Decimal
    lines: tuple[CardLine, ...]
    code: str = ""
    reorder_point: Decimal | None = None
    is_practice: bool = False
    printed_on: date

    @property
    def closing(self) -> Decimal:
        """The balance at the end of `until`."""
        return self.lines[-1].balance if self.lines else self.opening
