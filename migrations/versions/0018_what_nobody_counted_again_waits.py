"""What a count found, and no later count of the same goods did, waits again for a decision

Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# One recounted thing had taken the whole count away, and its other differences with it.
WAITING = """
    INSERT INTO waiting_count (count_id)
    SELECT DISTINCT c.id FROM count_line l JOIN place_count c ON c.id = l.count_id
    WHERE l.counted <> l.expected
      AND NOT EXISTS (SELECT 1 FROM count_decision d WHERE d.count_id = c.id)
      AND NOT EXISTS (SELECT 1 FROM waiting_count w WHERE w.count_id = c.id)
      AND NOT EXISTS (
        SELECT 1 FROM place_count later WHERE later.location_id = c.location_id AND later.id > c.id AND later.is_whole)
      AND NOT EXISTS (
        SELECT 1 FROM place_count later JOIN count_line again ON again.count_id = later.id
        WHERE later.location_id = c.location_id AND later.id > c.id
          AND again.item_id = l.item_id AND again.lot = l.lot)
"""


def upgrade() -> None:
    op.execute(WAITING)


def downgrade() -> None:
    """Where to look may name too much: what waits is told by the lines."""
