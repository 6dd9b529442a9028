"""Run the migrations: as the owner of the database, one at a time, each whole or not at all."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Engine, TypeDecorator, create_engine, event, inspect, make_url
from sqlalchemy.pool import NullPool

from inventory.database import db

LOCK = 0x6D616B68  # any number that nothing else locks in this database


def owner_url() -> str:
    """On PostgreSQL the application's own user may not alter tables: another one, the owner, migrates."""
    return current_app.config.get("DATABASE_OWNER_URL") or current_app.config["SQLALCHEMY_DATABASE_URI"]


def migrating_engine() -> Engine:
    """An engine of its own: on SQLite a migration needs a transaction around its DDL, which the driver would end, and
    no foreign keys, which a rebuilt table would pull along."""
    url = make_url(owner_url())
    engine = create_engine(url, poolclass=NullPool)
    if url.get_backend_name() == "sqlite":

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: Any) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.execute("PRAGMA busy_timeout = 30000")

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def skip_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """`flask db migrate` writes no file when nothing changed."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def as_stored(kind: str, thing: Any, _context: Any) -> str | bool:
    """A migration says how a column is stored, not what our own type makes of it: it outlives that type."""
    return f"sa.{thing.impl!r}" if kind == "type" and isinstance(thing, TypeDecorator) else False


def grant(connection: Connection) -> None:
    """The application's own user reads and writes, alters nothing, and changes no row of a table that only grows
    (`__table_args__ = {"info": {"append_only": True}}`)."""
    user = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"]).username
    if user is None or user == make_url(owner_url()).username:
        return
    name = connection.dialect.identifier_preparer.quote
    there = set(inspect(connection).get_table_names())
    rights = {"alembic_version": "SELECT"}
    for table in db.metadata.tables.values():
        rights[table.name] = "SELECT, INSERT" + ("" if table.info.get("append_only") else ", UPDATE, DELETE")
    for table_name in sorted(there & rights.keys()):
        connection.exec_driver_sql(f"REVOKE ALL ON {name(table_name)} FROM {name(user)}")
        connection.exec_driver_sql(f"GRANT {rights[table_name]} ON {name(table_name)} TO {name(user)}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name(user)}")


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
        render_item=as_stored,
        process_revision_directives=skip_empty,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":  # two servers started at once: the second waits, then finds it done
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        context.run_migrations()
        if connection.dialect.name == "postgresql":
            grant(connection)
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            assert not broken, f"the migration leaves rows that point at nothing: {broken[:5]}"


assert not context.is_offline_mode(), "migrations need a database to look at: run them without --sql"
engine = migrating_engine()
with engine.connect() as opened:
    migrate(opened)
engine.dispose()
