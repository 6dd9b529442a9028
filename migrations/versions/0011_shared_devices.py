"""Shared devices, who may come in on them by PIN, and badges

Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "shared_device",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("enrolled_at", Instant, nullable=False),
        sa.Column("enrolled_by_id", Id, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("ended_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(["enrolled_by_id"], ["user_account.id"], name="fk_shared_device_enrolled_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shared_device"),
        sa.UniqueConstraint("key_hash", name="uq_shared_device_key_hash"),
    )
    op.create_table(
        "device_person",
        sa.Column("id", Id, nullable=False),
        sa.Column("device_id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("password_at", Instant, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("pin_hash", sa.String(200), nullable=True),
        sa.Column("pin_tries", sa.Integer(), nullable=False),
        sa.Column("is_pin_locked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["shared_device.id"], name="fk_device_person_device_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_device_person_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_device_person"),
        sa.UniqueConstraint("device_id", "user_id", name="uq_device_person_device_id_user_id"),
    )
    op.create_index("ix_device_person_user_id", "device_person", ["user_id"])
    op.create_table(
        "badge",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("issued_at", Instant, nullable=False),
        sa.Column("ended_at", Instant, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_badge_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_badge"),
        sa.UniqueConstraint("key_hash", name="uq_badge_key_hash"),
    )
    op.create_index("ix_badge_user_id", "badge", ["user_id"])
    # SQLite adds such a column, and what it points at, without rebuilding the table.
    op.execute(
        "ALTER TABLE user_session ADD COLUMN shared_device_id "
        f"{'BIGINT' if op.get_bind().dialect.name == 'postgresql' else 'INTEGER'} "
        "CONSTRAINT fk_user_session_shared_device_id REFERENCES shared_device (id)"
    )
    op.create_index("ix_user_session_shared_device_id", "user_session", ["shared_device_id"])


def downgrade() -> None:
    op.drop_index("ix_user_session_shared_device_id", "user_session")
    with op.batch_alter_table("user_session") as sessions:
        sessions.drop_column("shared_device_id")
    for table in ("badge", "device_person", "shared_device"):
        op.drop_table(table)
