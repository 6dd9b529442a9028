"""The commune's arms: pictures that stay, each under its digest; a setting names the one that counts

Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "emblem",
        sa.Column("id", Id, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_emblem"),
        sa.UniqueConstraint("digest", name="uq_emblem_digest"),
    )
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for event in ("update", "delete", *(("truncate",) if is_postgresql else ())):
        message = f"emblem: refuses {event}"
        refusal = (
            f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('{message}')"
            if is_postgresql
            else f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        op.execute(f"CREATE TRIGGER emblem_refuses_{event} BEFORE {event.upper()} ON emblem {refusal}")
    # the one reason that every house began with in typewriter's letters, unless the commune has renamed it
    op.execute("UPDATE reason SET name_fr = 'Hors d’usage' WHERE code = 'worn_out' AND name_fr = 'Hors d''usage'")


def downgrade() -> None:
    op.drop_table("emblem")
