"""Movements, and what is derived from them: balances, holdings, the ranges of numbered values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    UniqueConstraint,
    literal_column,
    text,
    type_coerce,
)
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Id, Model, Money, Quantity, UnitCost

_UNPRICED = text("source_warehouse_id IS NULL AND unit_cost IS NULL AND value = 0")


class Movement(Model):
    """One item (and lot) from a source to a target. Days and warehouses are repeated from the entry and the places, so
    that a stock card is one walk along an index; ``verify`` compares them."""

    __tablename__ = "movement"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    line: Mapped[int]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    source_warehouse_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"))
    target_warehouse_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"))
    on: Mapped[date] = mapped_column("on_date", Date, key="on")
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    value: Mapped[Decimal] = mapped_column(Money)
    unit_cost: Mapped[Decimal | None] = mapped_column(UnitCost)
    first_number: Mapped[int | None] = mapped_column(Id)
    last_number: Mapped[int | None] = mapped_column(Id)
    __table_args__ = (
        UniqueConstraint("entry_id", "line"),
        CheckConstraint("quantity > 0 OR (quantity = 0 AND value > 0)", name="moves_something"),
        CheckConstraint("value >= 0", name="value_not_negative"),
        CheckConstraint("source_id <> target_id", name="goes_elsewhere"),
        CheckConstraint(
            "(first_number IS NULL) = (last_number IS NULL)"
            " AND (first_number IS NULL OR quantity = (last_number - first_number + 1) * 1000)",
            name="range_is_quantity",
        ),
        Index("ix_movement_source", "source_warehouse_id", "item_id", "on", "id"),
        Index("ix_movement_target", "target_warehouse_id", "item_id", "on", "id"),
        Index("ix_movement_lot", "lot_id", "id"),
        Index(
            "ix_movement_unpriced",
            "source_warehouse_id",  # always nothing: else SQLite would rather walk all that ever came in
            "target_warehouse_id",
            "on",
            sqlite_where=_UNPRICED,
            postgresql_where=_UNPRICED,
        ),
        {"info": {"append_only": True}},
    )


UNPRICED = (
    Movement.source_warehouse_id.is_(None),
    Movement.unit_cost.is_(None),
    Movement.value == literal_column("0"),
)
"""Came in from outside without a price, in the words of the index that finds it."""

FACTS = (
    Movement.line,
    Movement.item_id,
    Movement.lot_id,
    Movement.source_id,
    Movement.target_id,
    type_coerce(Movement.quantity, BigInteger),
    type_coerce(Movement.value, BigInteger),
    type_coerce(Movement.unit_cost, BigInteger),
    Movement.first_number,
    Movement.last_number,
)
"""What an entry's hash covers of a movement, in the order of ``registers.MovementFacts``, as the kept integers."""


class Balance(Model):
    """What is left of an item and lot at an inside location. A writer says what it read, so that nobody can overwrite
    what they have not seen."""

    __tablename__ = "balance"
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    last_on: Mapped[date]
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="never_negative"),
        Index(None, "warehouse_id", "item_id"),
        Index(
            "ix_balance_standing", "warehouse_id", "item_id",
            sqlite_where=text("quantity > 0"), postgresql_where=text("quantity > 0"),
        ),
        Index(None, "location_id"),
        Index(None, "lot_id"),
    )  # fmt: skip


class Holding(Model):
    """What a warehouse holds of an item in all its locations, the road included: quantity and value, from which goods
    leave at their weighted average."""

    __tablename__ = "holding"
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"), primary_key=True)
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    value: Mapped[Decimal] = mapped_column(Money)
    __table_args__ = (
        CheckConstraint("quantity >= 0 AND value >= 0", name="never_negative"),
        CheckConstraint("quantity > 0 OR value = 0", name="no_value_on_nothing"),
        Index(None, "warehouse_id", "item_id"),
        Index(None, "value", "item_id", "warehouse_id"),
    )


class NumberRange(Model):
    """Consecutive numbers of a range item that lie at one inside location. No number lies in two ranges."""

    __tablename__ = "number_range"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)
    first: Mapped[int] = mapped_column(Id)
    last: Mapped[int] = mapped_column(Id)
    __table_args__ = (
        CheckConstraint("first <= last", name="in_order"),
        UniqueConstraint("item_id", "first"),
        UniqueConstraint("item_id", "last"),
    )
