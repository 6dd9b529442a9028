"""Closed periods, approved counts and answered keys stay so; a place stays what it is: quarantine never turns shelf

Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ANSWERED = "OLD.answered_at IS NOT NULL"
MOVED = " OR ".join(
    f"COALESCE(NEW.{column}, {nothing}) <> COALESCE(OLD.{column}, {nothing})"
    for column, nothing in (("kind", "''"), ("code", "''"), ("warehouse_id", "0"), ("destination_id", "0"))
)


def guards() -> list[tuple[str, str, str, str | None]]:
    """Table, event, name and condition of each trigger; SQLite knows no TRUNCATE."""
    removal = ("DELETE", "TRUNCATE") if op.get_bind().dialect.name == "postgresql" else ("DELETE",)
    found: list[tuple[str, str, str, str | None]] = [
        ("replay", "UPDATE", "keeps_its_answer", ANSWERED),
        ("location", "UPDATE", "keeps_what_papers_cite", MOVED),
    ]
    found += [("replay", event, f"refuses_{event.lower()}", None) for event in removal]
    for table in ("period", "barrier"):
        found += [(table, event, f"refuses_{event.lower()}", None) for event in ("UPDATE", *removal)]
    return found


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, event, name, condition in guards():
        message = f"{table}: {name.replace('_', ' ')}"
        if is_postgresql:
            each = f"ROW WHEN ({condition})" if condition else "STATEMENT"
            refusal = f"FOR EACH {each} EXECUTE FUNCTION refuse_change('{message}')"
        else:
            when = f"WHEN {condition} " if condition else ""
            refusal = f"{when}BEGIN SELECT RAISE(ABORT, '{message}'); END"
        op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} {refusal}")


def downgrade() -> None:
    at = (lambda table: f" ON {table}") if op.get_bind().dialect.name == "postgresql" else (lambda _table: "")
    for table, _event, name, _condition in guards():
        op.execute(f"DROP TRIGGER {table}_{name}{at(table)}")
