"""What arrives in a warehouse for practice arrives in lots of its own, so that the same numbers stay free for real ones

Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OLD, NEW = "uq_lot_item_id_number", "uq_lot_item_id_number_is_practice"
APART = "ck_lot_practice_has_no_inventory_number"

# What lay in warehouses for practice alone, before there were lots of practice.
MARK = """
    UPDATE lot SET is_practice = true, inventory_number = NULL
    WHERE item_id IS NOT NULL
      AND EXISTS (SELECT 1 FROM movement m WHERE m.lot_id = lot.id)
      AND NOT EXISTS (
        SELECT 1 FROM movement m JOIN warehouse w ON w.id IN (m.source_warehouse_id, m.target_warehouse_id)
        WHERE m.lot_id = lot.id AND NOT w.is_practice)
"""


def lots(*more: sa.schema.SchemaItem) -> sa.Table:
    """The table as it stands; SQLite cannot tell what its checks are."""
    return sa.Table(
        "lot",
        sa.MetaData(),
        sa.Column("id", Id, nullable=False),
        sa.Column("item_id", Id, nullable=True),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("inventory_number", sa.String(60), nullable=True),
        sa.Column("label_code", sa.String(40), nullable=False),
        sa.Column("label_version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("(id = 1) = (item_id IS NULL)", name="ck_lot_only_no_lot_lacks_item"),
        sa.CheckConstraint("inventory_number IS NULL OR inventory_number = number", name="ck_lot_unit_number"),
        sa.CheckConstraint("label_version >= 1", name="ck_lot_label_version_from_one"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_lot_item_id"),
        sa.PrimaryKeyConstraint("id", name="pk_lot"),
        sa.UniqueConstraint("inventory_number", name="uq_lot_inventory_number"),
        sa.UniqueConstraint("label_code", name="uq_lot_label_code"),
        sa.Index("ix_lot_number", "number"),
        *more,
    )


def upgrade() -> None:
    before = lots(sa.UniqueConstraint("item_id", "number", name=OLD))
    with op.batch_alter_table("lot", copy_from=before) as lot:
        lot.add_column(sa.Column("is_practice", sa.Boolean(), nullable=False, server_default=sa.false()))
        lot.drop_constraint(op.f(OLD), type_="unique")
        lot.create_unique_constraint(op.f(NEW), ["item_id", "number", "is_practice"])
        lot.create_check_constraint(op.f(APART), "inventory_number IS NULL OR NOT is_practice")
    op.execute(MARK)


def downgrade() -> None:
    after = lots(
        sa.Column("is_practice", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("item_id", "number", "is_practice", name=NEW),
        sa.CheckConstraint("inventory_number IS NULL OR NOT is_practice", name=APART),
    )
    with op.batch_alter_table("lot", copy_from=after) as lot:
        lot.drop_constraint(op.f(APART), type_="check")
        lot.drop_constraint(op.f(NEW), type_="unique")
        lot.create_unique_constraint(op.f(OLD), ["item_id", "number"])
        lot.drop_column("is_practice")
