"""How an item is counted and kept can be put right until a paper has moved it; an expiry stays then, too

Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NATURE = ("unit_id", "decimals", "tracking", "has_expiry")
ANSWER = "item: keeps what papers cite"


def differs(*columns: str) -> str:
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


def drop() -> None:
    on = " ON item" if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(f"DROP TRIGGER item_keeps_what_papers_cite{on}")


def guard(condition: str) -> None:
    """The guard of the first migration, for as many columns as are named."""
    if op.get_bind().dialect.name == "postgresql":
        act = f"FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION refuse_change('{ANSWER}')"
    else:
        act = f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{ANSWER}'); END"
    op.execute(f"CREATE TRIGGER item_keeps_what_papers_cite BEFORE UPDATE ON item {act}")


def upgrade() -> None:
    drop()
    guard(differs("code"))
    moved = "EXISTS (SELECT 1 FROM holding WHERE item_id = OLD.id)"
    if op.get_bind().dialect.name != "postgresql":
        refusal = f"WHEN ({differs(*NATURE)}) AND {moved} BEGIN SELECT RAISE(ABORT, '{ANSWER}'); END"
        op.execute(f"CREATE TRIGGER item_keeps_its_nature_once_moved BEFORE UPDATE ON item {refusal}")
        return
    op.execute(
        "CREATE FUNCTION refuse_change_once_moved() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {moved} THEN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER item_keeps_its_nature_once_moved BEFORE UPDATE ON item FOR EACH ROW WHEN ({differs(*NATURE)}) "
        f"EXECUTE FUNCTION refuse_change_once_moved('{ANSWER}')"
    )


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(f"DROP TRIGGER item_keeps_its_nature_once_moved{' ON item' if is_postgresql else ''}")
    if is_postgresql:
        op.execute("DROP FUNCTION refuse_change_once_moved()")
    drop()
    guard(differs("code", "unit_id", "decimals", "tracking"))
