"""What came in without a price is found at once

Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    unpriced = sa.text("source_warehouse_id IS NULL AND unit_cost IS NULL AND value = 0")
    op.create_index(
        "ix_movement_unpriced",
        "movement",
        ["source_warehouse_id", "target_warehouse_id", "on_date"],
        sqlite_where=unpriced,
        postgresql_where=unpriced,
    )


def downgrade() -> None:
    op.drop_index("ix_movement_unpriced", "movement")
