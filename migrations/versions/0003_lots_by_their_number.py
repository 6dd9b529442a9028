"""Lots are found by their number alone: a scan and the search know no item yet

Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_lot_number", "lot", ["number"])


def downgrade() -> None:
    op.drop_index("ix_lot_number", "lot")
