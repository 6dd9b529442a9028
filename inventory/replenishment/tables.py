"""What is kept: rules, what upper rooms promise, and alerts."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Id, Instant, Model, Quantity


class ReorderRule(Model):
    """When to reorder an item in a warehouse, and up to how much; base units."""

    __tablename__ = "reorder_rule"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    reorder_point: Mapped[Decimal] = mapped_column(Quantity)
    target: Mapped[Decimal] = mapped_column(Quantity)
    __table_args__ = (
        Index("uq_reorder_rule_pair", "item_id", "warehouse_id", unique=True),
        Index(None, "warehouse_id"),
        CheckConstraint("reorder_point >= 0 AND target >= reorder_point", name="target_above_point"),
    )


class CategoryRule(Model):
    """The default rule for every item of a category that a warehouse holds or held; for all warehouses when None."""

    __tablename__ = "category_rule"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"))
    warehouse_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"))
    reorder_point: Mapped[Decimal] = mapped_column(Quantity)
    target: Mapped[Decimal] = mapped_column(Quantity)
    __table_args__ = (
        Index("uq_category_rule_pair", "category_id", "warehouse_id", unique=True),
        Index(
            "uq_category_rule_everywhere", "category_id", unique=True,
            sqlite_where=text("warehouse_id IS NULL"), postgresql_where=text("warehouse_id IS NULL"),
        ),
        CheckConstraint("reorder_point >= 0 AND target >= reorder_point", name="target_above_point"),
    )  # fmt: skip


class Commitment(Model):
    """A quantity that upper rooms promise: ``reserved`` for a request, or ``ordered`` and not yet received."""

    __tablename__ = "commitment"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    kind: Mapped[str] = mapped_column(String(10))
    quantity: Mapped[Decimal] = mapped_column(Quantity)
    due_on: Mapped[date | None]
    reference: Mapped[str] = mapped_column(String(80))
    __table_args__ = (
        CheckConstraint("kind IN ('reserved', 'ordered')", name="kind_known"),
        CheckConstraint("quantity > 0", name="something"),
        Index(None, "item_id", "warehouse_id", "kind"),
    )


class Alert(Model):
    """One spell of shortage of an item in a warehouse: open → acknowledged → in progress → closed."""

    __tablename__ = "alert"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    level: Mapped[str] = mapped_column(String(3))
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    acknowledged_at: Mapped[datetime | None] = mapped_column(Instant)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reference: Mapped[str | None] = mapped_column(String(80))
    snoozed_until: Mapped[date | None]
    snooze_reason: Mapped[str | None] = mapped_column(String(300))
    snoozed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    __table_args__ = (
        CheckConstraint("level IN ('out', 'low')", name="level_known"),
        CheckConstraint("(snoozed_until IS NULL) = (snooze_reason IS NULL)", name="snooze_has_reason"),
        Index(
            "uq_alert_open", "item_id", "warehouse_id", unique=True,
            sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL"),
        ),
        Index(None, "warehouse_id", "closed_at", "level"),
    )  # fmt: skip

    @property
    def state(self) -> str:
        if self.closed_at is not None:
            return "closed"
        if self.reference:
            return "in_progress"
        return "acknowledged" if self.acknowledged_at else "open"
