"""Lists by name and by value begin at once, however many items there are

Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAMES = {"fr": ("fr", "ar", "en"), "ar": ("ar", "fr", "en"), "en": ("en", "fr", "ar")}


def upgrade() -> None:
    for language, order in NAMES.items():
        names = ", ".join(f"nullif(name_{one}, '')" for one in order)
        op.create_index(f"ix_item_name_{language}", "item", [sa.text(f"coalesce({names}, '')"), "id"])
    op.create_index("ix_holding_value_item_id_warehouse_id", "holding", ["value", "item_id", "warehouse_id"])


def downgrade() -> None:
    op.drop_index("ix_holding_value_item_id_warehouse_id", "holding")
    for language in NAMES:
        op.drop_index(f"ix_item_name_{language}", "item")
