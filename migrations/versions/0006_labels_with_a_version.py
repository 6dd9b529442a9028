"""Labels have a version, own sheets, and a log of what was printed

Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)
LABELLED = ("item", "lot", "location")
MEASURES = ("width", "height", "left_edge", "top_edge", "gap_across", "gap_down", "inset")


def upgrade() -> None:
    # SQLite adds such a column, and what it must be, without rebuilding the table, which would drop its triggers.
    for table in LABELLED:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN label_version INTEGER DEFAULT 1 NOT NULL "
            f"CONSTRAINT ck_{table}_label_version_from_one CHECK (label_version >= 1)"
        )
    op.create_table(
        "label_sheet",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("columns", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in MEASURES),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_label_sheet"),
        sa.UniqueConstraint("name", name="uq_label_sheet_name"),
        sa.CheckConstraint("kind IN ('sheet', 'roll')", name="ck_label_sheet_kind_known"),
        sa.CheckConstraint(
            "kind = 'sheet' OR (columns = 1 AND rows = 1)", name="ck_label_sheet_roll_is_single"
        ),
        sa.CheckConstraint(
            "columns >= 1 AND rows >= 1 AND width > 0 AND height > 0", name="ck_label_sheet_holds_labels"
        ),
        sa.CheckConstraint(
            "left_edge >= 0 AND top_edge >= 0 AND gap_across >= 0 AND gap_down >= 0 AND inset >= 0",
            name="ck_label_sheet_not_negative",
        ),
        sa.CheckConstraint(
            "kind = 'roll' OR left_edge + columns * width + (columns - 1) * gap_across <= 21000",
            name="ck_label_sheet_fits_across",
        ),
        sa.CheckConstraint(
            "kind = 'roll' OR top_edge + rows * height + (rows - 1) * gap_down <= 29700",
            name="ck_label_sheet_fits_down",
        ),
    )
    op.create_table(
        "label_job",
        sa.Column("id", Id, nullable=False),
        sa.Column("printed_at", Instant, nullable=False),
        sa.Column("actor_id", Id, nullable=False),
        sa.Column("warehouse_id", Id, nullable=True),
        sa.Column("medium", sa.String(40), nullable=False),
        sa.Column("form", sa.String(10), nullable=False),
        sa.Column("printer", sa.String(10), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("cites_id", Id, nullable=True),
        sa.Column("voided_at", Instant, nullable=True),
        sa.Column("voided_by_id", Id, nullable=True),
        sa.Column("void_reason", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_label_job"),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_label_job_actor_id"),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name="fk_label_job_warehouse_id"),
        sa.ForeignKeyConstraint(["cites_id"], ["label_job.id"], name="fk_label_job_cites_id"),
        sa.ForeignKeyConstraint(["voided_by_id"], ["user_account.id"], name="fk_label_job_voided_by_id"),
        sa.CheckConstraint("first >= 1 AND total >= 1", name="ck_label_job_prints_something"),
        sa.CheckConstraint("form IN ('pdf', 'zpl')", name="ck_label_job_form_known"),
        sa.CheckConstraint(
            "(voided_at IS NULL) = (void_reason = '') AND (voided_at IS NULL) = (voided_by_id IS NULL)",
            name="ck_label_job_voided_with_reason",
        ),
        sa.CheckConstraint("cites_id < id", name="ck_label_job_cites_earlier"),
    )
    op.create_index("ix_label_job_actor_id_id", "label_job", ["actor_id", "id"])
    op.create_index("ix_label_job_warehouse_id_id", "label_job", ["warehouse_id", "id"])
    op.create_index("ix_label_job_cites_id", "label_job", ["cites_id"])
    op.create_table(
        "label_job_line",
        sa.Column("id", Id, nullable=False),
        sa.Column("job_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("design", sa.String(10), nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(130), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_label_job_line"),
        sa.ForeignKeyConstraint(["job_id"], ["label_job.id"], name="fk_label_job_line_job_id"),
        sa.UniqueConstraint("job_id", "position", name="uq_label_job_line_job_id_position"),
        sa.CheckConstraint(
            "design IN ('item', 'lot', 'unit', 'shelf', 'paper', 'badge', 'door')", name="ck_label_job_line_design_known"
        ),
        sa.CheckConstraint("copies >= 1 AND version >= 1", name="ck_label_job_line_counted_from_one"),
    )
    op.create_index(
        "ix_label_job_line_design_subject_id_version", "label_job_line", ["design", "subject_id", "version"]
    )


def downgrade() -> None:
    for table in ("label_job_line", "label_job", "label_sheet"):
        op.drop_table(table)
    for table in LABELLED:
        op.drop_column(table, "label_version")
