"""Slips to regularise, and counts of places: nothing of either is ever changed

Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant = sa.DateTime(timezone=True)
TABLES = (
    "slip", "slip_line", "slip_photo", "slip_settlement", "slip_paper", "place_count", "count_line", "count_decision",
    "count_remark",
)  # fmt: skip


def points(table: str, column: str, at: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{at}.id"], name=f"fk_{table}_{column}")


def upgrade() -> None:
    add_slips()
    add_counts()
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in TABLES:
        for event in ("update", "delete", *(("truncate",) if is_postgresql else ())):
            message = f"{table}: refuses {event}"
            refusal = (
                f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change('{message}')"
                if is_postgresql
                else f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
            op.execute(f"CREATE TRIGGER {table}_refuses_{event} BEFORE {event.upper()} ON {table} {refusal}")


def add_slips() -> None:
    op.create_table(
        "slip",
        sa.Column("id", Id, nullable=False),
        sa.Column("warehouse_id", Id, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("made_by_id", Id, nullable=False),
        sa.Column("service_id", Id, nullable=False),
        sa.Column("receiver", sa.String(120), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slip"),
        points("slip", "warehouse_id", "warehouse"),
        points("slip", "made_by_id", "user_account"),
        points("slip", "service_id", "service"),
        sa.UniqueConstraint("warehouse_id", "year", "number", name="uq_slip_warehouse_id_year_number"),
        sa.CheckConstraint("number >= 1", name="ck_slip_number_counts"),
        sa.CheckConstraint("receiver <> ''", name="ck_slip_names_receiver"),
    )
    op.create_index("ix_slip_warehouse_id_id", "slip", ["warehouse_id", "id"])
    op.create_table(
        "slip_line",
        sa.Column("slip_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(60), nullable=True),
        sa.Column("unit_quantity", sa.BigInteger(), nullable=True),
        sa.Column("lot", sa.String(60), nullable=False),
        sa.Column("location", sa.String(60), nullable=False),
        sa.Column("first_number", Id, nullable=True),
        sa.Column("last_number", Id, nullable=True),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("slip_id", "position", name="pk_slip_line"),
        points("slip_line", "slip_id", "slip"),
        points("slip_line", "item_id", "item"),
        sa.CheckConstraint("quantity > 0 AND available >= 0", name="ck_slip_line_hands_out_something"),
        sa.CheckConstraint("(unit IS NULL) = (unit_quantity IS NULL)", name="ck_slip_line_unit_is_counted"),
    )
    op.create_index("ix_slip_line_item_id", "slip_line", ["item_id"])
    op.create_table(
        "slip_photo",
        sa.Column("slip_id", Id, nullable=False),
        sa.Column("media_type", sa.String(20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("slip_id", name="pk_slip_photo"),
        points("slip_photo", "slip_id", "slip"),
    )
    op.create_table(
        "slip_settlement",
        sa.Column("id", Id, nullable=False),
        sa.Column("slip_id", Id, nullable=False),
        sa.Column("settled_at", Instant, nullable=False),
        sa.Column("settled_by_id", Id, nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slip_settlement"),
        points("slip_settlement", "slip_id", "slip"),
        points("slip_settlement", "settled_by_id", "user_account"),
    )
    op.create_index("ix_slip_settlement_slip_id", "slip_settlement", ["slip_id"])
    op.create_table(
        "slip_paper",
        sa.Column("settlement_id", Id, nullable=False),
        sa.Column("entry_id", Id, nullable=False),
        sa.PrimaryKeyConstraint("settlement_id", "entry_id", name="pk_slip_paper"),
        points("slip_paper", "settlement_id", "slip_settlement"),
        points("slip_paper", "entry_id", "entry"),
    )
    op.create_index("ix_slip_paper_entry_id", "slip_paper", ["entry_id"])


def add_counts() -> None:
    op.create_table(
        "place_count",
        sa.Column("id", Id, nullable=False),
        sa.Column("warehouse_id", Id, nullable=False),
        sa.Column("location_id", Id, nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("counted_at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("counter_id", Id, nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_place_count"),
        points("place_count", "warehouse_id", "warehouse"),
        points("place_count", "location_id", "location"),
        points("place_count", "counter_id", "user_account"),
    )
    op.create_index("ix_place_count_warehouse_id_id", "place_count", ["warehouse_id", "id"])
    op.create_index("ix_place_count_location_id_id", "place_count", ["location_id", "id"])
    op.create_table(
        "count_line",
        sa.Column("count_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("lot", sa.String(60), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("counted", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("has_moved", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("count_id", "position", name="pk_count_line"),
        points("count_line", "count_id", "place_count"),
        points("count_line", "item_id", "item"),
        sa.CheckConstraint("counted >= 0 AND expected >= 0", name="ck_count_line_never_negative"),
    )
    op.create_table(
        "count_decision",
        sa.Column("count_id", Id, nullable=False),
        sa.Column("decided_at", Instant, nullable=False),
        sa.Column("decided_by_id", Id, nullable=False),
        sa.Column("entry_id", Id, nullable=True),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("count_id", name="pk_count_decision"),
        points("count_decision", "count_id", "place_count"),
        points("count_decision", "decided_by_id", "user_account"),
        points("count_decision", "entry_id", "entry"),
        sa.UniqueConstraint("entry_id", name="uq_count_decision_entry_id"),
        sa.CheckConstraint("reason <> ''", name="ck_count_decision_says_why"),
    )
    op.create_table(
        "count_remark",
        sa.Column("id", Id, nullable=False),
        sa.Column("count_id", Id, nullable=False),
        sa.Column("said_at", Instant, nullable=False),
        sa.Column("said_by_id", Id, nullable=False),
        sa.Column("remark", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_count_remark"),
        points("count_remark", "count_id", "place_count"),
        points("count_remark", "said_by_id", "user_account"),
    )
    op.create_index("ix_count_remark_count_id", "count_remark", ["count_id"])


def downgrade() -> None:
    for table in (
        "count_remark", "count_decision", "count_line", "place_count", "slip_paper", "slip_settlement", "slip_photo",
        "slip_line", "slip",
    ):  # fmt: skip
        op.drop_table(table)
