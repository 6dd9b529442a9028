"""Counts that wait for a decision are found at once, however many there were that matched

Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# What waited before: it differs, nobody decided it, and nothing of it was counted again at its place.
WAITING = """
    INSERT INTO waiting_count (count_id)
    SELECT DISTINCT c.id FROM count_line l JOIN place_count c ON c.id = l.count_id
    WHERE l.counted <> l.expected
      AND NOT EXISTS (SELECT 1 FROM count_decision d WHERE d.count_id = c.id)
      AND NOT EXISTS (
        SELECT 1 FROM place_count later WHERE later.location_id = c.location_id AND later.id > c.id AND later.is_whole)
      AND NOT EXISTS (
        SELECT 1 FROM place_count later JOIN count_line again ON again.count_id = later.id
        JOIN count_line mine ON mine.item_id = again.item_id AND mine.lot = again.lot
        WHERE later.location_id = c.location_id AND later.id > c.id
          AND mine.count_id = c.id AND mine.counted <> mine.expected)
"""


def upgrade() -> None:
    differs = sa.text("counted <> expected")
    op.create_index("ix_count_line_differs", "count_line", ["count_id"], sqlite_where=differs, postgresql_where=differs)
    op.create_table(
        "waiting_count",
        sa.Column("count_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["count_id"], ["place_count.id"], name="fk_waiting_count_count_id"),
        sa.PrimaryKeyConstraint("count_id", name="pk_waiting_count"),
    )
    op.execute(WAITING)


def downgrade() -> None:
    op.drop_table("waiting_count")
    op.drop_index("ix_count_line_differs", "count_line")
