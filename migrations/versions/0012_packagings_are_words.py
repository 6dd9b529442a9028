"""What things are packed in is a word among the units, with a name in each language

Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO unit (code, name_fr, name_ar, name_en) "
        "SELECT DISTINCT name, name, '', '' FROM packaging WHERE name NOT IN (SELECT code FROM unit)"
    )


def downgrade() -> None:
    """The words stay: a unit may count in them by now."""
