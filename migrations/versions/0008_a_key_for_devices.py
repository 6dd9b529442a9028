"""Each person has a key under which their devices keep what waits without network

Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_account", sa.Column("device_key", sa.LargeBinary(32), nullable=True))


def downgrade() -> None:
    op.drop_column("user_account", "device_key")
