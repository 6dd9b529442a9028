"""Every law is guarded twice: here speaks the database itself, to whoever owns its tables and writes past the code."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import create_engine, exc, text
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool

from inventory import access, audit, counting, settings, slips
from inventory.counting import NewCount
from inventory.database import db, transaction
from inventory.documents import LineOrder
from inventory.replays import Replay
from inventory.slips import NewSlip
from tests import make
from tests.databases import Database
from tests.script import Store

APPEND_ONLY = (
    "entry", "movement", "audit_record", "setting_value", "emblem", "slip", "slip_line", "slip_photo",
    "slip_settlement", "slip_paper", "place_count", "count_line", "count_decision", "count_remark",
    "period", "barrier",
)  # fmt: skip
TRIGGERS = {
    *(f"{table}_refuses_{event}" for table in APPEND_ONLY for event in ("update", "delete")),
    "register_refuses_delete",
    "replay_refuses_delete",
    "replay_keeps_its_answer",
    "register_only_advances",
    "warehouse_stays_in_service",
    "item_keeps_its_nature_once_moved",
    *(f"{table}_keeps_what_papers_cite" for table in ("item", "warehouse", "service", "supplier", "location")),
}
TRUNCATIONS = {f"{table}_refuses_truncate" for table in (*APPEND_ONLY, "register", "replay")}
LISTS = {
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'",
}


@make.furnished
def stores() -> None:
    """A little of everything in the stores."""
    store = Store.opened("NORTH", bolt={}, desk={"tracking": "unit"}, voucher={"tracking": "range"})
    store.play("""
        SUPPLIER -> SHELF bolt 10 cost=2.50
        wrong: SHELF -> CITY bolt 4
        reverse wrong
        SUPPLIER -> NORTH desk 1 lot=INV-1, voucher numbers=1-100
        SUPPLIER -> SHELF voucher numbers=201-300
    """)
    with transaction():
        audit.record("test.guarded", "guards", at=make.now(), actor="amina")
        settings.decide({"mention_fr": "x"}, effective_on=make.TODAY, at=make.now(), by=store.people["amina"])
        settings.decide_arms(b"a picture", effective_on=make.TODAY, at=make.now(), by=store.people["amina"])


@pytest.fixture
def owner(stores: None, database: Database) -> Iterator[Engine]:
    """The owner's way to the tables."""
    if database.name == "sqlite":
        yield db.engine
        return
    engine = create_engine(database.owner_url, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def beside(owner: Engine) -> None:
    """A slip that a paper settles, and a count that is explained and dismissed."""
    amina = access.identity_of(access.get_user("amina"))
    store = Store({"amina": amina})
    lines = (LineOrder("bolt", Decimal(99)),)
    new = NewSlip(
        warehouse="CENTRAL", service="CITY", receiver="Said", lines=lines, photo=b"x", media_type="image/webp"
    )
    slip = make.done(slips.record, new, by=amina, today=make.TODAY, at=make.now())
    store.play("SUPPLIER -> SHELF bolt 99")
    paper = store.play("SHELF -> CITY bolt 99")
    make.done(slips.settle, slip.id, [paper.entry_id], by=amina, at=make.now())
    counted = NewCount(warehouse="CENTRAL", location=None, lines=(LineOrder("bolt", Decimal(1)),))
    count = make.done(counting.record, counted, by=amina, today=make.TODAY, at=make.now())
    make.done(counting.remark, count.id, "x", by=amina, at=make.now())
    make.done(counting.dismiss, count.id, "x", by=amina, at=make.now())
    store.papers["sheet"] = paper
    store.play("""
        close 2026-01-31
        count sheet SHELF bolt
    """)
    with transaction():
        db.session.add(Replay(key="x", actor_id=amina.id, fingerprint="x", answer={}, answered_at=make.now()))
    db.session.rollback()


def refusal(engine: Engine, statement: str) -> str:
    """What the database says to a statement that it must refuse."""
    with engine.connect() as connection, pytest.raises(exc.IntegrityError) as caught:
        connection.execute(text(statement))
    return str(caught.value.orig)


def first_column(table: str) -> str:
    return str(next(iter(db.metadata.tables[table].columns)).name)


def row(table: str, **changes: str) -> str:
    """The statement that adds a copy of the last such row, with some columns otherwise."""
    columns = {c.name: f'"{c.name}"' for c in db.metadata.tables[table].columns if c.name != "id"} | changes
    names = ", ".join(f'"{name}"' for name in columns)
    order = "id" if "id" in db.metadata.tables[table].columns else "item_id"
    return (
        f'INSERT INTO "{table}" ({names}) SELECT {", ".join(columns.values())} FROM "{table}"'
        f" ORDER BY {order} DESC LIMIT 1"
    )


def test_after_the_migrations_every_trigger_stands(database: Database, app: Flask) -> None:
    """A migration that rebuilds a table of SQLite drops its triggers without a word."""
    standing = set(db.session.scalars(text(LISTS[database.name])))
    assert standing == TRIGGERS | (TRUNCATIONS if database.name == "postgresql" else set())


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_is_written_is_neither_changed_nor_removed(owner: Engine, beside: None, table: str) -> None:
    assert f"{table}: refuses update" in refusal(
        owner, f"UPDATE {table} SET {first_column(table)} = {first_column(table)}"
    )
    assert f"{table}: refuses delete" in refusal(owner, f"DELETE FROM {table}")
    if owner.dialect.name == "postgresql":
        assert f"{table}: refuses truncate" in refusal(owner, f"TRUNCATE {table} CASCADE")


def test_on_sqlite_nothing_is_removed_by_writing_over_it(owner: Engine) -> None:
    if owner.dialect.name == "sqlite":
        statement = row("entry").replace("INSERT", "INSERT OR REPLACE")
        assert "entry: refuses delete" in refusal(owner, statement)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_on_postgresql_the_application_has_not_even_the_right(app_postgresql: Flask, table: str) -> None:
    for statement in (
        f"UPDATE {table} SET {first_column(table)} = {first_column(table)}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
    ):
        with pytest.raises(exc.ProgrammingError, match="permission denied"), transaction():
            db.session.execute(text(statement))


@pytest.mark.parametrize(
    "change",
    [
        "position = position",
        "position = position + 2",
        "position = position - 1",
        "year = year + 1, position = position + 1",
    ],
)
def test_the_head_of_a_register_only_advances(owner: Engine, change: str) -> None:
    assert "register: only advances" in refusal(owner, f"UPDATE register SET {change}")


def test_a_register_stays(owner: Engine) -> None:
    assert "register: refuses delete" in refusal(owner, "DELETE FROM register")
    if owner.dialect.name == "postgresql":
        assert "register: refuses truncate" in refusal(owner, "TRUNCATE register")


def test_a_key_once_answered_stays_answered(owner: Engine, beside: None) -> None:
    assert "replay: keeps its answer" in refusal(owner, "UPDATE replay SET fingerprint = 'other'")
    assert "replay: refuses delete" in refusal(owner, "DELETE FROM replay")
    if owner.dialect.name == "postgresql":
        assert "replay: refuses truncate" in refusal(owner, "TRUNCATE replay")


@pytest.mark.parametrize("day", ["NULL", "'2026-02-02'"])
def test_a_warehouse_stays_in_service(owner: Engine, day: str) -> None:
    statement = f"UPDATE warehouse SET in_service_on = {day}"
    assert "warehouse: stays in service" in refusal(owner, statement)


@pytest.mark.parametrize(
    "change",
    ["item SET code = 'other'", "item SET decimals = 3", "item SET tracking = 'lot'", "item SET unit_id = unit_id + 1",
     "item SET has_expiry = true, tracking = 'lot' WHERE code = 'bolt'",
     "warehouse SET code = 'other'", "service SET code = 'other'", "supplier SET code = 'other'",
     "location SET kind = 'shelf' WHERE kind = 'quarantine'", "location SET code = 'other'",
     "location SET warehouse_id = warehouse_id + 1"],
)  # fmt: skip
def test_what_papers_cite_stays(owner: Engine, change: str) -> None:
    assert "keeps what papers cite" in refusal(owner, f"UPDATE {change}")


def test_how_a_thing_is_counted_may_change_until_a_paper_moves_it(owner: Engine) -> None:
    make.item("nut")
    with owner.begin() as connection:
        connection.execute(text("UPDATE item SET decimals = 3, has_expiry = true, tracking = 'lot' WHERE code = 'nut'"))


NEXT = {
    "warehouse_id": "1", "position": "5", "preceding": "4", "number": "99", "key": "'fresh'", "code": "'fresh'",
    "reverses_id": "NULL",
}  # fmt: skip
"""An entry that would stand in CENTRAL's register, so that only what a case changes is wrong with it."""
LATER = {"line": "99"}
BARE = LATER | {"first_number": "NULL", "last_number": "NULL"}
GUARDS = [
    ("uq_entry_key", "entry.key", "entry", NEXT | {"key": '"key"'}),
    ("uq_entry_code", "entry.code", "entry", NEXT | {"code": "code"}),
    ("uq_entry_position", "entry.position", "entry", NEXT | {"position": "3", "preceding": "2"}),
    ("uq_entry_number", "entry.number", "entry", NEXT | {"kind": "'receipt'", "number": "1"}),
    ("uq_entry_reverses", "entry.reverses_id", "entry", NEXT | {"reverses_id": "2"}),
    ("ck_entry_reverses_earlier", "", "entry", NEXT | {"reverses_id": "999"}),
    ("ck_entry_number_counts", "", "entry", NEXT | {"number": "0"}),
    ("ck_entry_no_gap", "", "entry", NEXT | {"position": "6"}),
    ("ck_entry_no_gap", "", "entry", NEXT | {"position": "6", "preceding": "NULL"}),
    ("ck_entry_no_gap", "", "entry", NEXT | {"position": "0", "preceding": "NULL"}),
    ("fk_entry_preceding", "FOREIGN KEY", "entry", NEXT | {"position": "9", "preceding": "8"}),
    ("ck_movement_moves_something", "", "movement", BARE | {"quantity": "0", "value": "0"}),
    ("ck_movement_moves_something", "", "movement", BARE | {"quantity": "-1"}),
    ("ck_movement_value_not_negative", "", "movement", LATER | {"value": "-1"}),
    ("ck_movement_goes_elsewhere", "", "movement", LATER | {"target_id": "source_id"}),
    ("ck_movement_range_is_quantity", "", "movement", LATER | {"last_number": "last_number + 1"}),
    ("ck_movement_range_is_quantity", "", "movement", LATER | {"first_number": "NULL"}),
    ("ck_movement_range_is_quantity", "", "movement", LATER | {"last_number": "NULL"}),
    ("uq_movement_entry_id_line", "movement.line", "movement", {}),
    ("ck_balance_never_negative", "", "balance", {"lot_id": "2", "quantity": "-1"}),
    ("ck_holding_never_negative", "", "holding", {"quantity": "-1", "value": "0"}),
    ("ck_holding_never_negative", "", "holding", {"value": "-1"}),
    ("ck_holding_no_value_on_nothing", "", "holding", {"quantity": "0", "value": "1"}),
    ("ck_number_range_in_order", "", "number_range", {"first": "400", "last": "399"}),
    ("uq_number_range_item_id_first", "number_range.first", "number_range", {"last": "400"}),
    ("uq_number_range_item_id_last", "number_range.last", "number_range", {"first": "250"}),
    ("uq_register_warehouse_id_year", "register.year", "register", {}),
    ("ck_register_position_counts", "", "register", {"year": "2030", "position": "-1"}),
    ("uq_lot_inventory_number", "lot.inventory_number", "lot", {"item_id": "1", "label_code": "'fresh'"}),
    ("uq_lot_item_id_number", "lot.number", "lot", {"inventory_number": "NULL", "label_code": "'fresh'"}),
    ("ck_lot_unit_number", "", "lot", {"number": "'INV-2'", "label_code": "'fresh'"}),
    ("ck_lot_only_no_lot_lacks_item", "", "lot", {"item_id": "NULL", "inventory_number": "NULL", "label_code": "'x'"}),
]  # fmt: skip


@pytest.mark.parametrize(("guard", "on_sqlite", "table", "changes"), GUARDS)
def test_every_law_of_the_ledger_is_a_constraint(
    owner: Engine, guard: str, on_sqlite: str, table: str, changes: dict[str, str]
) -> None:
    """SQLite names a check, and of a unique key its columns."""
    said = refusal(owner, row(table, **changes))
    assert (on_sqlite or guard if owner.dialect.name == "sqlite" else guard) in said


def test_the_entry_that_the_cases_change_would_be_taken(owner: Engine) -> None:
    """Otherwise a case would prove another guard than it says."""
    with owner.connect() as connection:
        connection.execute(text(row("entry", **NEXT)))
        connection.execute(text(row("movement", **LATER)))
