"""An inventory number is found in small letters and capitals at once, however many things have one

Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_lot_inventory_number_capitals", "lot", [sa.text("upper(inventory_number)")])


def downgrade() -> None:
    op.drop_index("ix_lot_inventory_number_capitals", "lot")
