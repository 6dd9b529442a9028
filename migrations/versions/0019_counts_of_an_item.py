"""Whether an item was ever counted is known at once, however many counts there are

Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_count_line_item_id", "count_line", ["item_id"])


def downgrade() -> None:
    op.drop_index("ix_count_line_item_id", "count_line")
