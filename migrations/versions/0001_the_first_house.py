"""The first house

Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = ("entry", "movement", "audit_record", "setting_value")
FIXED = {
    "item": ("code", "unit_id", "decimals", "tracking"),
    "warehouse": ("code",),
    "service": ("code",),
    "supplier": ("code",),
}
REASONS = (
    ("expired", "disposal", "Périmé", "منتهي الصلاحية", "Expired"),
    ("damaged", "disposal", "Avarié", "تالف", "Damaged"),
    ("worn_out", "disposal", "Hors d'usage", "غير صالح للاستعمال", "Worn out"),
    ("lost", "loss", "Perdu", "مفقود", "Lost"),
    ("stolen", "loss", "Volé", "مسروق", "Stolen"),
    ("lost_on_the_road", "loss", "Perdu en route", "ضاع في الطريق", "Lost on the road"),
    ("miscounted", "count_difference", "Erreur de comptage", "خطأ في العد", "Miscounted"),
    ("source_break", "count_difference", "Rupture dans la source", "انقطاع في المصدر", "Source break"),
)


def is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def add_trigger(table: str, event: str, name: str, condition: str | None = None) -> None:
    """One trigger that refuses; the same name and the same refusal on both databases."""
    message = f"{table}: {name.replace('_', ' ')}"
    if not is_postgresql():
        when = f" WHEN {condition}" if condition else ""
        refusal = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table}{when} {refusal}")
        return
    each = "ROW" if condition else "STATEMENT"
    when = f" WHEN ({condition})" if condition else ""
    refusal = f"EXECUTE FUNCTION refuse_change('{message}')"
    op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH {each}{when} {refusal}")


def guard() -> None:
    """What Python promises, the database holds: append-only, heads that only advance, codes that never change."""
    if is_postgresql():
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    removal = ("DELETE", "TRUNCATE") if is_postgresql() else ("DELETE",)
    for table in APPEND_ONLY:
        for event in ("UPDATE", *removal):
            add_trigger(table, event, f"refuses_{event.lower()}")
    for event in removal:
        add_trigger("register", event, f"refuses_{event.lower()}")
    moved = "NEW.position <> OLD.position + 1 OR NEW.warehouse_id <> OLD.warehouse_id OR NEW.year <> OLD.year"
    add_trigger("register", "UPDATE", "only_advances", moved)
    never = "DATE '1900-01-01'" if is_postgresql() else "''"
    add_trigger("warehouse", "UPDATE", "stays_in_service", f"OLD.in_service_on <> COALESCE(NEW.in_service_on, {never})")
    for table, columns in FIXED.items():
        changed = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)
        add_trigger(table, "UPDATE", "keeps_what_papers_cite", changed)


def seed() -> None:
    """The commune itself, the canonical "no lot", the reasons a store begins with."""
    op.execute("INSERT INTO entity (code, name_fr, name_ar, name_en) VALUES ('COMMUNE', 'Commune', 'الجماعة', 'Commune')")
    op.execute("INSERT INTO lot (id, number, label_code) VALUES (1, '', 'NO-LOT')")
    if is_postgresql():
        op.execute("SELECT setval(pg_get_serial_sequence('lot', 'id'), 1)")
    columns = ("code", "place", "name_fr", "name_ar", "name_en", "is_active")
    reason = sa.table("reason", *(sa.column(column) for column in columns))
    op.bulk_insert(reason, [dict(zip(columns, (*one, True), strict=True)) for one in REASONS])


def upgrade() -> None:

    op.create_table(
        "audit_record",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_record")),
    )
    with op.batch_alter_table("audit_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_record_action_at"), ["action", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_record_actor_id_at"), ["actor_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_record_at"), ["at"], unique=False)

    op.create_table(
        "category",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_ar", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("code", name=op.f("uq_category_code")),
    )
    op.create_table(
        "entity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_ar", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["entity.id"], name=op.f("fk_entity_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity")),
        sa.UniqueConstraint("code", name=op.f("uq_entity_code")),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_message_sent_at_id"), ["sent_at", "id"], unique=False)

    op.create_table(
        "reason",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_ar", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.CheckConstraint("place IN ('loss', 'disposal', 'count_difference')", name=op.f("ck_reason_place_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reason")),
        sa.UniqueConstraint("code", name=op.f("uq_reason_code")),
    )
    op.create_table(
        "replay",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_replay")),
    )
    op.create_table(
        "setting_value",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting_value")),
    )
    with op.batch_alter_table("setting_value", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_setting_value_name_effective_on"), ["name", "effective_on"], unique=False)

    op.create_table(
        "supplier",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("ice", sa.String(length=15), nullable=False),
        sa.Column("tax_id", sa.String(length=20), nullable=False),
        sa.Column("trade_register", sa.String(length=30), nullable=False),
        sa.Column("bank_account", sa.String(length=30), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_ar", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier")),
        sa.UniqueConstraint("code", name=op.f("uq_supplier_code")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_ar", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("display_name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("username = lower(username)", name=op.f("ck_user_account_username_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    op.create_table(
        "verification",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entries", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("movements", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("differences", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_differences", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    op.create_table(
        "wrong_try",
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_wrong_try")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("is_read_only", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_api_token_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_user_id"), ["user_id"], unique=False)

    op.create_table(
        "item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("tracking", sa.String(length=10), nullable=False),
        sa.Column("has_expiry", sa.Boolean(), nullable=False),
        sa.Column("storage_class", sa.String(length=20), nullable=False),
        sa.Column("search_text", sa.String(length=2000), nullable=False),
        sa.Column("label_code", sa.String(length=40), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.Column("replaced_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_ar", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.CheckConstraint("NOT has_expiry OR tracking = 'lot'", name=op.f("ck_item_expiry_needs_lot")),
        sa.CheckConstraint("tracking IN ('none', 'lot') OR decimals = 0", name=op.f("ck_item_numbered_whole")),
        sa.CheckConstraint("tracking IN ('none', 'lot', 'unit', 'range')", name=op.f("ck_item_tracking_known")),
        sa.CheckConstraint("decimals BETWEEN 0 AND 3", name=op.f("ck_item_decimals_kept")),
        sa.CheckConstraint("replaced_by_id <> id", name=op.f("ck_item_not_its_own_replacement")),
        sa.CheckConstraint(
            "replaced_by_id IS NULL OR retired_on IS NOT NULL", name=op.f("ck_item_replaced_is_retired")
        ),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_item_category_id")),
        sa.ForeignKeyConstraint(["replaced_by_id"], ["item.id"], name=op.f("fk_item_replaced_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_item_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item")),
        sa.UniqueConstraint("code", name=op.f("uq_item_code")),
        sa.UniqueConstraint("label_code", name=op.f("uq_item_label_code")),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_category_id"), ["category_id"], unique=False)

    op.create_table(
        "service",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_ar", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_service_not_its_own_parent")),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_service_entity_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["service.id"], name=op.f("fk_service_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("code", name=op.f("uq_service_code")),
    )
    with op.batch_alter_table("service", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_entity_id"), ["entity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "warehouse",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("entity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("in_service_on", sa.Date(), nullable=True),
        sa.Column("is_practice", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_ar", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_warehouse_entity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warehouse")),
        sa.UniqueConstraint("code", name=op.f("uq_warehouse_code")),
    )
    with op.batch_alter_table("warehouse", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_warehouse_entity_id"), ["entity_id"], unique=False)

    op.create_table(
        "category_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reorder_point", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "reorder_point >= 0 AND target >= reorder_point", name=op.f("ck_category_rule_target_above_point")
        ),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_category_rule_category_id")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_category_rule_warehouse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_rule")),
    )
    with op.batch_alter_table("category_rule", schema=None) as batch_op:
        batch_op.create_index(
            "uq_category_rule_everywhere",
            ["category_id"],
            unique=True,
            sqlite_where=sa.text("warehouse_id IS NULL"),
            postgresql_where=sa.text("warehouse_id IS NULL"),
        )
        batch_op.create_index("uq_category_rule_pair", ["category_id", "warehouse_id"], unique=True)

    op.create_table(
        "commitment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.CheckConstraint("kind IN ('reserved', 'ordered')", name=op.f("ck_commitment_kind_known")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_commitment_something")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_commitment_item_id")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_commitment_warehouse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_commitment_item_id_warehouse_id_kind"), ["item_id", "warehouse_id", "kind"], unique=False
        )

    op.create_table(
        "draft",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_draft_owner_id")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_draft_warehouse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_owner_id_changed_at"), ["owner_id", "changed_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_draft_warehouse_id_changed_at"), ["warehouse_id", "changed_at"], unique=False
        )

    op.create_table(
        "entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("preceding", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cites_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(position = 1 AND preceding IS NULL)"
            " OR (position > 1 AND preceding IS NOT NULL AND preceding = position - 1)",
            name=op.f("ck_entry_no_gap"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_entry_number_counts")),
        sa.CheckConstraint("reverses_id IS NULL OR reverses_id < id", name=op.f("ck_entry_reverses_earlier")),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_entry_actor_id")),
        sa.ForeignKeyConstraint(["cites_id"], ["entry.id"], name=op.f("fk_entry_cites_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["entry.id"], name=op.f("fk_entry_reverses_id")),
        sa.ForeignKeyConstraint(
            ["warehouse_id", "year", "preceding"],
            ["entry.warehouse_id", "entry.year", "entry.position"],
            name="fk_entry_preceding",
        ),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_entry_warehouse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("code", name="uq_entry_code"),
        sa.UniqueConstraint("key", name="uq_entry_key"),
        sa.UniqueConstraint("reverses_id", name="uq_entry_reverses"),
        sa.UniqueConstraint("warehouse_id", "kind", "year", "number", name="uq_entry_number"),
        sa.UniqueConstraint("warehouse_id", "year", "position", name="uq_entry_position"),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_cites_id"), ["cites_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entry_on_date_id"), ["on_date", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_entry_warehouse_id_on_date_id"), ["warehouse_id", "on_date", "id"], unique=False
        )

    op.create_table(
        "holding",
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0 OR value = 0", name=op.f("ck_holding_no_value_on_nothing")),
        sa.CheckConstraint("quantity >= 0 AND value >= 0", name=op.f("ck_holding_never_negative")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_holding_item_id")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_holding_warehouse_id")),
        sa.PrimaryKeyConstraint("item_id", "warehouse_id", name=op.f("pk_holding")),
    )
    with op.batch_alter_table("holding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holding_warehouse_id_item_id"), ["warehouse_id", "item_id"], unique=False)

    op.create_table(
        "item_photo",
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_item_photo_item_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_item_photo")),
    )
    op.create_table(
        "location",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("destination_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("service_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("label_code", sa.String(length=40), nullable=False),
        sa.Column("name_fr", sa.String(length=300), nullable=False),
        sa.Column("name_ar", sa.String(length=300), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(kind = 'service') = (service_id IS NOT NULL)", name=op.f("ck_location_service_location_names_service")
        ),
        sa.CheckConstraint(
            "(kind = 'supplier') = (supplier_id IS NOT NULL)", name=op.f("ck_location_supplier_location_names_supplier")
        ),
        sa.CheckConstraint(
            "(kind = 'transit') = (destination_id IS NOT NULL)", name=op.f("ck_location_transit_names_receiver")
        ),
        sa.CheckConstraint(
            "(warehouse_id IS NOT NULL) = (kind IN ('shelf', 'quarantine', 'transit', 'loan', 'office'))",
            name=op.f("ck_location_inside_has_warehouse"),
        ),
        sa.CheckConstraint("NOT is_default OR kind = 'shelf'", name=op.f("ck_location_default_is_shelf")),
        sa.CheckConstraint(
            "kind IN ('shelf', 'quarantine', 'transit', 'loan', 'office', 'supplier', 'service', 'donor', 'recovery', 'loss', 'count_difference', 'opening', 'disposal', 'conversion', 'valuation_difference')",
            name=op.f("ck_location_kind_known"),
        ),
        sa.ForeignKeyConstraint(["destination_id"], ["warehouse.id"], name=op.f("fk_location_destination_id")),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("fk_location_service_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_location_supplier_id")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_location_warehouse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("label_code", name=op.f("uq_location_label_code")),
        sa.UniqueConstraint("service_id", name=op.f("uq_location_service_id")),
        sa.UniqueConstraint("supplier_id", name=op.f("uq_location_supplier_id")),
        sa.UniqueConstraint("warehouse_id", "code", name=op.f("uq_location_warehouse_id_code")),
        sa.UniqueConstraint("warehouse_id", "destination_id", name=op.f("uq_location_warehouse_id_destination_id")),
    )
    with op.batch_alter_table("location", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_location_destination_id"), ["destination_id"], unique=False)
        batch_op.create_index(
            "uq_location_one_default",
            ["warehouse_id"],
            unique=True,
            sqlite_where=sa.text("is_default"),
            postgresql_where=sa.text("is_default"),
        )
        batch_op.create_index(
            "uq_location_outside_code",
            ["code"],
            unique=True,
            sqlite_where=sa.text("warehouse_id IS NULL"),
            postgresql_where=sa.text("warehouse_id IS NULL"),
        )

    op.create_table(
        "lot",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("inventory_number", sa.String(length=60), nullable=True),
        sa.Column("label_code", sa.String(length=40), nullable=False),
        sa.CheckConstraint("(id = 1) = (item_id IS NULL)", name=op.f("ck_lot_only_no_lot_lacks_item")),
        sa.CheckConstraint("inventory_number IS NULL OR inventory_number = number", name=op.f("ck_lot_unit_number")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_lot_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
        sa.UniqueConstraint("inventory_number", name=op.f("uq_lot_inventory_number")),
        sa.UniqueConstraint("item_id", "number", name=op.f("uq_lot_item_id_number")),
        sa.UniqueConstraint("label_code", name=op.f("uq_lot_label_code")),
    )
    op.create_table(
        "packaging",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("contains", sa.BigInteger(), nullable=False),
        sa.Column("divisor", sa.Integer(), nullable=False),
        sa.CheckConstraint("contains > 0 AND divisor > 0", name=op.f("ck_packaging_contains_something")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_packaging_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_packaging")),
        sa.UniqueConstraint("item_id", "name", name=op.f("uq_packaging_item_id_name")),
    )
    op.create_table(
        "register",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("position >= 0", name=op.f("ck_register_position_counts")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_register_warehouse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register")),
        sa.UniqueConstraint("warehouse_id", "year", name=op.f("uq_register_warehouse_id_year")),
    )
    op.create_table(
        "reorder_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reorder_point", sa.BigInteger(), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "reorder_point >= 0 AND target >= reorder_point", name=op.f("ck_reorder_rule_target_above_point")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_reorder_rule_item_id")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_reorder_rule_warehouse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorder_rule")),
    )
    with op.batch_alter_table("reorder_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reorder_rule_warehouse_id"), ["warehouse_id"], unique=False)
        batch_op.create_index("uq_reorder_rule_pair", ["item_id", "warehouse_id"], unique=True)

    op.create_table(
        "role_grant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('storekeeper', 'requester', 'buyer', 'manager', 'auditor', 'administrator')",
            name=op.f("ck_role_grant_role_known"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_role_grant_user_id")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_role_grant_warehouse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("user_id", "role", "warehouse_id", name=op.f("uq_role_grant_user_id_role_warehouse_id")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_role_grant_everywhere",
            ["user_id", "role"],
            unique=True,
            sqlite_where=sa.text("warehouse_id IS NULL"),
            postgresql_where=sa.text("warehouse_id IS NULL"),
        )

    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.String(length=3), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reference", sa.String(length=80), nullable=True),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("snooze_reason", sa.String(length=300), nullable=True),
        sa.Column("snoozed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("level IN ('out', 'low')", name=op.f("ck_alert_level_known")),
        sa.CheckConstraint(
            "(snoozed_until IS NULL) = (snooze_reason IS NULL)", name=op.f("ck_alert_snooze_has_reason")
        ),
        sa.ForeignKeyConstraint(["acknowledged_by_id"], ["user_account.id"], name=op.f("fk_alert_acknowledged_by_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["entry.id"], name=op.f("fk_alert_closed_by_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_alert_item_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["entry.id"], name=op.f("fk_alert_opened_by_id")),
        sa.ForeignKeyConstraint(["snoozed_by_id"], ["user_account.id"], name=op.f("fk_alert_snoozed_by_id")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_alert_warehouse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_alert_warehouse_id_closed_at_level"), ["warehouse_id", "closed_at", "level"], unique=False
        )
        batch_op.create_index(
            "uq_alert_open",
            ["item_id", "warehouse_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "balance",
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_balance_never_negative")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_balance_item_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_balance_location_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_balance_lot_id")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_balance_warehouse_id")),
        sa.PrimaryKeyConstraint("item_id", "lot_id", "location_id", name=op.f("pk_balance")),
    )
    with op.batch_alter_table("balance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_balance_location_id"), ["location_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_balance_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(
            "ix_balance_standing",
            ["warehouse_id", "item_id"],
            unique=False,
            sqlite_where=sa.text("quantity > 0"),
            postgresql_where=sa.text("quantity > 0"),
        )
        batch_op.create_index(batch_op.f("ix_balance_warehouse_id_item_id"), ["warehouse_id", "item_id"], unique=False)

    op.create_table(
        "barcode",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("packaging_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_barcode_item_id")),
        sa.ForeignKeyConstraint(["packaging_id"], ["packaging.id"], name=op.f("fk_barcode_packaging_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barcode")),
        sa.UniqueConstraint("code", name=op.f("uq_barcode_code")),
    )
    with op.batch_alter_table("barcode", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_barcode_item_id"), ["item_id"], unique=False)

    op.create_table(
        "barrier",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_barrier_entry_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_barrier_item_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_barrier_location_id")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_barrier_warehouse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barrier")),
    )
    with op.batch_alter_table("barrier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_barrier_warehouse_id_item_id"), ["warehouse_id", "item_id"], unique=False)

    op.create_table(
        "movement",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("target_warehouse_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("unit_cost", sa.BigInteger(), nullable=True),
        sa.Column("first_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(first_number IS NULL) = (last_number IS NULL)"
            " AND (first_number IS NULL OR quantity = (last_number - first_number + 1) * 1000)",
            name=op.f("ck_movement_range_is_quantity"),
        ),
        sa.CheckConstraint("quantity > 0 OR (quantity = 0 AND value > 0)", name=op.f("ck_movement_moves_something")),
        sa.CheckConstraint("source_id <> target_id", name=op.f("ck_movement_goes_elsewhere")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_movement_value_not_negative")),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name=op.f("fk_movement_entry_id")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_movement_item_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_movement_lot_id")),
        sa.ForeignKeyConstraint(["source_id"], ["location.id"], name=op.f("fk_movement_source_id")),
        sa.ForeignKeyConstraint(
            ["source_warehouse_id"], ["warehouse.id"], name=op.f("fk_movement_source_warehouse_id")
        ),
        sa.ForeignKeyConstraint(["target_id"], ["location.id"], name=op.f("fk_movement_target_id")),
        sa.ForeignKeyConstraint(
            ["target_warehouse_id"], ["warehouse.id"], name=op.f("fk_movement_target_warehouse_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement")),
        sa.UniqueConstraint("entry_id", "line", name=op.f("uq_movement_entry_id_line")),
    )
    with op.batch_alter_table("movement", schema=None) as batch_op:
        batch_op.create_index("ix_movement_lot", ["lot_id", "id"], unique=False)
        batch_op.create_index("ix_movement_source", ["source_warehouse_id", "item_id", "on_date", "id"], unique=False)
        batch_op.create_index("ix_movement_target", ["target_warehouse_id", "item_id", "on_date", "id"], unique=False)

    op.create_table(
        "number_range",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_number_range_in_order")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_number_range_item_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_number_range_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_range")),
        sa.UniqueConstraint("item_id", "first", name=op.f("uq_number_range_item_id_first")),
        sa.UniqueConstraint("item_id", "last", name=op.f("uq_number_range_item_id_last")),
    )
    with op.batch_alter_table("number_range", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_number_range_location_id"), ["location_id"], unique=False)

    op.create_table(
        "period",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_period_in_order")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["entry.id"], name=op.f("fk_period_closed_by_id")),
        sa.ForeignKeyConstraint(["entity_id"], ["entity.id"], name=op.f("fk_period_entity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period")),
        sa.UniqueConstraint("entity_id", "last_on", name=op.f("uq_period_entity_id_last_on")),
    )

    guard()
    seed()


def downgrade():
    """There is nothing before the first house; a ledger is never taken apart."""
    raise RuntimeError("restore a backup instead")
