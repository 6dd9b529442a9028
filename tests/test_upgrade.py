"""A store that is in use keeps everything when the house grows: brought from an old migration to the newest, it has
lost nothing, has the tables of a new store, and proves itself.

``store-0008.json`` is a small store as the house of migration 0008 left it in SQLite: rows of every table there was, in
an order in which each finds what it points at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Boolean, Connection, DateTime, Engine, create_engine, inspect, select, text
from sqlalchemy.pool import NullPool

from inventory import access, counting, create_app
from inventory.catalogue import Lot
from inventory.cli import migrations
from inventory.counting import CountsAsked, NewCount, WaitingCount
from inventory.database import db
from inventory.warehouses import get_warehouse
from tests import make
from tests.conftest import Runner
from tests.databases import Database, config_for, dispose
from tests.script import Store

OLD = "0008"
SOWN = ("lot", "reason", "entity")
"""What the first migration sows; the old store has its own."""
KEPT: dict[str, Any] = json.loads(Path(__file__).with_name("store-0008.json").read_text())
SCHEMA = {
    "sqlite": ("SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'",),
    "postgresql": (
        "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length"
        " FROM information_schema.columns WHERE table_schema = 'public'",
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace",
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT table_name, grantee, privilege_type FROM information_schema.table_privileges"
        " WHERE table_schema = 'public'",
    ),
}


def schema(on: Engine) -> set[tuple[Any, ...]]:
    """Every table, column, constraint, index, trigger and right, as the database itself tells them."""
    with on.connect() as connection:
        rows = [row for question in SCHEMA[on.dialect.name] for row in connection.execute(text(question))]
    return {tuple(map(plain, row)) for row in rows}


def plain(said: Any) -> Any:
    """Without line breaks; a table that was rebuilt in SQLite names its constraints in any order."""
    words = " ".join(said.split()) if isinstance(said, str) else said
    return "\n".join(sorted(words.strip(" )").split(", "))) if str(words).startswith("CREATE TABLE") else words


@pytest.fixture
def old(database: Database) -> Iterator[Flask]:
    """The house on a database without a single table."""
    with database.empty() as (url, owner_url):
        app = create_app(config_for(url, owner_url=owner_url))
        with app.app_context():
            yield app
        dispose(app)


def owner(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool)


def fill(connection: Connection) -> None:
    """Writes the old store, past all our code, in the place of what the first migrations sow."""
    looked = inspect(connection)
    assert set(looked.get_table_names()) - {"alembic_version"} == KEPT.keys()
    for table in SOWN:
        connection.exec_driver_sql(f"DELETE FROM {table}")
    sign = "?" if connection.dialect.name == "sqlite" else "%s"
    for table, kept in KEPT.items():
        kinds = {column["name"]: column["type"] for column in looked.get_columns(table)}
        assert kinds.keys() == set(kept["columns"]), table
        assert kept["rows"], table
        names, signs = ", ".join(f'"{name}"' for name in kept["columns"]), ", ".join([sign] * len(kinds))
        for row in kept["rows"]:
            values = tuple(driven(value, kinds[name]) for name, value in zip(kept["columns"], row, strict=True))
            connection.exec_driver_sql(f'INSERT INTO "{table}" ({names}) VALUES ({signs})', values)
        if connection.dialect.name == "postgresql" and "id" in kinds:  # the next row gets the next number
            counter = f"pg_get_serial_sequence('{table}', 'id')"
            connection.exec_driver_sql(f'SELECT setval({counter}, max(id)) FROM "{table}"')


def driven(value: Any, kind: Any) -> Any:
    """A value as the driver of either database takes it; an instant is kept without its zone, which is UTC."""
    if isinstance(value, dict):
        return bytes.fromhex(value["hex"])
    if isinstance(kind, Boolean):
        return bool(value)
    if value is not None and isinstance(kind, DateTime) and kind.timezone:
        return f"{value}+00"
    return value


def rows_of(connection: Connection) -> dict[str, set[tuple[str, ...]]]:
    """The rows of the old tables, in their old columns."""
    found = {}
    for table, kept in KEPT.items():
        names = ", ".join(f'"{name}"' for name in kept["columns"])
        found[table] = {tuple(map(repr, row)) for row in connection.exec_driver_sql(f'SELECT {names} FROM "{table}"')}
    return found


def test_a_store_of_an_old_migration_becomes_one_of_today_and_loses_nothing(old: Flask, database: Database) -> None:
    engine = owner(old.config["DATABASE_OWNER_URL"] or old.config["SQLALCHEMY_DATABASE_URI"])
    migrations.of(old).upgrade(revision=OLD)
    with engine.begin() as connection:
        fill(connection)
    with engine.connect() as connection:
        before = rows_of(connection)
    migrations.of(old).upgrade()
    with engine.connect() as connection:
        after = rows_of(connection)
    changed = {table: (before[table] - after[table], after[table] - before[table]) for table in KEPT}
    gone, come = changed.pop("lot")
    assert [row[4] for row in gone] == ["'INV-X'"]  # a thing of practice gives its inventory number back
    assert {(*row[:4], "None", *row[5:]) for row in gone} == come
    gone, come = changed.pop("unit")
    assert (gone, [row[1] for row in come]) == (set(), ["'carton'"])  # what things are packed in became a word
    assert {table: rows for table, rows in changed.items() if any(rows)} == {}
    assert schema(engine) == schema(owner(database.owner_url))
    assert db.session.scalars(select(Lot.number).where(Lot.is_practice).order_by(Lot.number)).all() == ["INV-X", "LX"]

    told = Runner(old).invoke(args=["verify", "--json"])
    assert (told.exit_code, json.loads(told.output)["entries"]) == (0, len(KEPT["entry"]["rows"]))
    amina = access.identity_of(access.get_user("amina"))
    paper = Store({"amina": amina}).play("SUPPLIER -> SHELF bolt 1")
    assert (paper.position, make.differences()) == (last_position("CENTRAL") + 1, [])


def last_position(warehouse: str) -> int:
    """The last position in the book of a warehouse of the old store."""
    stores = {code: id_ for id_, code, *_ in KEPT["warehouse"]["rows"]}
    return max(position for _, store, _, position, _ in KEPT["register"]["rows"] if store == stores[warehouse])


def test_counts_that_waited_before_there_was_a_place_to_look_for_them_are_found(database: Database) -> None:
    """Counts of every kind, brought to before migration 0013 and back. Of one, only a part was counted again."""
    database.touch()
    app = create_app(config_for(database.url, owner_url=database.owner_url))
    with app.app_context():
        store = Store.opened("NORTH", bolt={}, nut={})
        store.play("SUPPLIER -> SHELF bolt 10, nut 4\nSUPPLIER -> NORTH bolt 10")
        for item, quantity, place in (
            ("bolt", "10", "CENTRAL"), ("bolt", "9", "CENTRAL"), ("bolt", "8", "CENTRAL"), ("nut", "3", "CENTRAL"),
            ("bolt", "7", "NORTH"), ("bolt", "6", "NORTH"),
        ):  # fmt: skip
            new = NewCount(warehouse=place, location=None, lines=(make.line(item, quantity),), is_whole=False)
            count = make.done(counting.record, new, by=store.people["amina"], today=make.TODAY, at=make.now())
        make.done(counting.dismiss, count.id, "À recompter", by=store.people["amina"], at=make.now())
        shelf = {"warehouse": "NORTH", "location": "QUARANTAINE"}
        for *lines, is_whole in ((make.line("bolt", "2"), make.line("nut", "2"), True), (make.line("nut", "2"), False)):
            new = NewCount(**shelf, lines=tuple(lines), is_whole=is_whole)
            make.done(counting.record, new, by=store.people["amina"], today=make.TODAY, at=make.now())
        places = [get_warehouse(code).id for code in ("CENTRAL", "NORTH")]
        states = {row.PlaceCount.id: row.state for row in counting.find_counts(CountsAsked())[0]}
        told = ["waiting", "waiting", "dismissed", "replaced", "waiting", "waiting", "replaced", "matched"]
        assert list(states.values()) == told
        db.session.rollback()
        migrations.of(app).downgrade(revision="0012")
        migrations.of(app).upgrade()
        assert {row.PlaceCount.id: row.state for row in counting.find_counts(CountsAsked())[0]} == states
        assert counting.waiting_counts(places) == 4
        waiting = [id_ for id_, state in states.items() if state == "waiting"]
        assert sorted(db.session.scalars(select(WaitingCount.count_id))) == sorted(waiting)
    dispose(app)
