"""Whatever somebody changes behind the house's back, ``verify`` finds it and says where."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from inventory import documents, ledger
from inventory.database import db
from inventory.web.audit.proof import FINDINGS
from tests import make
from tests.databases import Database
from tests.script import Store

BOOK, HOUSE = "CENTRAL/2026", "CENTRAL"
CHANGED = ("entry_changed", BOOK, 3)
BALANCE, VALUE = ("balance_wrong", HOUSE, None), ("value_wrong", HOUSE, None)
NUMBERS, COUNTED = ("numbers_wrong", HOUSE, None), ("ranges_wrong", HOUSE, None)
NO_NUMBER = ("number_gap", BOOK, None)
SHELF = "SELECT id FROM location WHERE warehouse_id = 1 AND is_default"


def _copy(table: str, where: str, **changes: str) -> str:
    """The statement that adds copies of some rows, with some columns otherwise."""
    columns = {column.name: column.name for column in db.metadata.tables[table].columns} | changes
    if table in ("movement", "number_range"):
        del columns["id"]
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} FROM {table} WHERE {where}"


FOUND = {
    "a quantity": (["UPDATE movement SET quantity = 5000 WHERE entry_id = 3"], {CHANGED, BALANCE, VALUE}),
    "a value": (["UPDATE movement SET value = value + 1 WHERE entry_id = 3"], {CHANGED, VALUE}),
    "a unit cost": (["UPDATE movement SET unit_cost = 1 WHERE entry_id = 1"], {("entry_changed", BOOK, 1)}),
    "a place": (
        ["UPDATE movement SET source_id = source_id + 1 WHERE entry_id = 3"],
        {CHANGED, BALANCE, ("name_changed", BOOK, 3)},
    ),
    "a warehouse of a movement": (
        ["UPDATE movement SET source_warehouse_id = 2 WHERE entry_id = 3"],
        {("movement_misplaced", BOOK, 3), VALUE, ("value_wrong", "NORTH", None)},
    ),
    "a movement that is gone": (["DELETE FROM movement WHERE entry_id = 3"], {CHANGED, BALANCE, VALUE}),
    "a movement too many": (
        [_copy("movement", "entry_id = 3", line="2")],
        {CHANGED, BALANCE, VALUE},
    ),
    "an entry that is gone": (
        ["DELETE FROM movement WHERE entry_id = 3", "DELETE FROM entry WHERE id = 3"],
        {("gap", BOOK, 4), ("chain_broken", BOOK, 4), NO_NUMBER, BALANCE, VALUE},
    ),
    "an entry that is gone without its movements": (
        ["DELETE FROM entry WHERE id = 3"],
        {("gap", BOOK, 4), ("chain_broken", BOOK, 4), NO_NUMBER, ("movement_misplaced", "?", None)},
    ),
    "the last entry, with all that came of it": (
        ["DELETE FROM movement WHERE entry_id = 4", "DELETE FROM entry WHERE id = 4",
         "UPDATE balance SET quantity = quantity + 1000 WHERE item_id = 1",
         "UPDATE holding SET quantity = quantity + 1000, value = value + 250 WHERE item_id = 1"],
        {("entries_missing", BOOK, 4)},
    ),
    "two entries in another order": (
        ["UPDATE entry SET position = 90, preceding = 89 WHERE id = 3",
         "UPDATE entry SET position = 3, preceding = 2 WHERE id = 4",
         "UPDATE entry SET position = 4, preceding = 3 WHERE id = 3"],
        {(code, BOOK, position) for code in ("chain_broken", "entry_changed") for position in (3, 4)}
        | {("head_changed", BOOK, 4)},
    ),
    "a paper": (
        ["UPDATE entry SET paper = replace(paper, 'CITY', 'SCHOOL') WHERE id = 3"],
        {("paper_changed", BOOK, 3), ("name_changed", BOOK, 3)},
    ),
    "a digest": (["UPDATE entry SET digest = hash WHERE id = 3"], {("paper_changed", BOOK, 3), CHANGED}),
    "who did it": (["UPDATE entry SET actor_id = actor_id + 1 WHERE id = 3"], {CHANGED}),
    "the day": (["UPDATE entry SET on_date = '2026-11-20' WHERE id = 3"], {CHANGED, ("movement_misplaced", BOOK, 3)}),
    "the day, into another year": (
        ["UPDATE entry SET on_date = '2025-11-20' WHERE id = 3",
         "UPDATE movement SET on_date = '2025-11-20' WHERE entry_id = 3"],
        {CHANGED, ("wrong_year", BOOK, 3)},
    ),
    "the instant": (["UPDATE entry SET recorded_at = '2026-11-23 11:11:11.000000' WHERE id = 3"], {CHANGED}),
    "the number": (["UPDATE entry SET number = 7 WHERE id = 3"], {CHANGED, NO_NUMBER}),
    "the key": (["UPDATE entry SET key = 'other' WHERE id = 3"], {CHANGED}),
    "the code on the paper": (["UPDATE entry SET code = 'other' WHERE id = 3"], {CHANGED}),
    "what it reverses": (["UPDATE entry SET reverses_id = 1 WHERE id = 3"], {CHANGED}),
    "what it cites": (["UPDATE entry SET cites_id = 1 WHERE id = 3"], {CHANGED}),
    "the form": (["UPDATE entry SET form = 9 WHERE id = 3"], {("unknown_form", BOOK, 3)}),
    "a hash": (["UPDATE entry SET hash = previous_hash WHERE id = 3"], {CHANGED, ("chain_broken", BOOK, 4)}),
    "the hash of the head": (["UPDATE register SET hash = 'x' WHERE warehouse_id = 1"], {("head_changed", BOOK, 4)}),
    "the head put back": (["UPDATE register SET position = 3 WHERE warehouse_id = 1"], {("entries_missing", BOOK, 5)}),
    "a head that is gone": (["DELETE FROM register WHERE warehouse_id = 1"], {("head_missing", BOOK, 4)}),
    "a whole register that is gone": (
        ["DELETE FROM movement WHERE entry_id = 5", "DELETE FROM entry WHERE id = 5",
         "DELETE FROM balance WHERE item_id = 2", "DELETE FROM holding WHERE item_id = 2"],
        {("entries_missing", "NORTH/2026", 1)},
    ),
    "a balance": (["UPDATE balance SET quantity = quantity + 1000 WHERE item_id = 1"], {BALANCE}),
    "a balance that is gone": (["DELETE FROM balance WHERE item_id = 1"], {BALANCE}),
    "a balance out of nowhere": (
        [_copy("balance", "item_id = 1", location_id="location_id + 1")],
        {BALANCE},
    ),
    "the warehouse of a balance": (
        ["UPDATE balance SET warehouse_id = 2 WHERE item_id = 1"],
        {("balance_misplaced", HOUSE, None)},
    ),
    "the last day of a balance": (
        ["UPDATE balance SET last_on = '2020-01-01' WHERE item_id = 1"],
        {("balance_misplaced", HOUSE, None)},
    ),
    "the warehouse of a place": (
        [f"UPDATE location SET warehouse_id = 2, is_default = false, code = 'MOVED' WHERE id = ({SHELF})"],
        {("movement_misplaced", BOOK, position) for position in (1, 2, 3, 4)}
        | {("balance_misplaced", "NORTH", None), ("name_changed", BOOK, 1)},
    ),
    "the expiry of a lot": (
        ["UPDATE lot SET expires_on = '2030-01-01' WHERE number = 'L-1'"],
        {("expiry_changed", "EAST/2026", 1)},
    ),
    "the expiry of a lot taken away": (
        ["UPDATE lot SET expires_on = NULL WHERE number = 'L-1'"],
        {("expiry_changed", "EAST/2026", 1)},
    ),
    "an expiry that no paper tells": (
        ["UPDATE lot SET expires_on = '2030-01-01' WHERE number = 'INV-1'"],
        {("expiry_changed", "NORTH/2026", 1)},
    ),
    "the number of a lot": (
        ["UPDATE lot SET number = 'L-2' WHERE number = 'L-1'"],
        {("name_changed", "EAST/2026", 1)},
    ),
    "the codes of two items": (
        ["UPDATE item SET code = 'x' WHERE code = 'bolt'", "UPDATE item SET code = 'bolt' WHERE code = 'voucher'",
         "UPDATE item SET code = 'voucher' WHERE code = 'x'"],
        {("name_changed", BOOK, 1), ("name_changed", BOOK, 2)},
    ),
    "the code of a warehouse": (
        ["UPDATE warehouse SET code = 'SOUTH' WHERE code = 'NORTH'"],
        {("name_changed", "SOUTH/2026", 1)},
    ),
    "the code of a service": (
        ["UPDATE service SET code = 'TOWN' WHERE code = 'CITY'"],
        {("name_changed", BOOK, 3)},
    ),
    "the code of a service and of its place": (
        ["UPDATE service SET code = 'TOWN' WHERE code = 'CITY'",
         "UPDATE location SET code = 'service:TOWN' WHERE code = 'service:CITY'"],
        {("name_changed", BOOK, 3)},
    ),
    "the place of a service alone": (
        ["UPDATE location SET code = 'service:TOWN' WHERE code = 'service:CITY'"],
        {("name_changed", BOOK, 3)},
    ),
    "the code of a supplier": (
        ["UPDATE supplier SET code = 'OTHER' WHERE code = 'SUPPLIER'"],
        {("name_changed", BOOK, 1)},
    ),
    "the code of a place": (
        [f"UPDATE location SET code = 'A-1' WHERE id = ({SHELF})"],
        {("name_changed", BOOK, 1)},
    ),
    "the unit of an item": (
        ["INSERT INTO unit (code, name_fr, name_ar, name_en) VALUES ('carton', '', '', '')",
         "UPDATE item SET unit_id = (SELECT id FROM unit WHERE code = 'carton') WHERE code = 'serum'"],
        {("name_changed", "EAST/2026", 1)},
    ),
    "the item of a lot": (
        ["UPDATE lot SET item_id = 1 WHERE number = 'L-1'"],
        {("name_changed", "EAST/2026", 1)},
    ),
    "a warehouse that is gone": (
        ["DELETE FROM warehouse WHERE code = 'NORTH'"],
        {("name_missing", "?/2026", 1)},
    ),
    "a person who is gone": (
        ["DELETE FROM user_account"],
        {("name_missing", BOOK, position) for position in (1, 2, 3, 4)}
        | {("name_missing", "NORTH/2026", 1), ("name_missing", "EAST/2026", 1)},
    ),
    "a hash that is none": (
        ["UPDATE entry SET previous_hash = 'zz' WHERE id = 3"],
        {CHANGED, ("chain_broken", BOOK, 3)},
    ),
    "a paper that is none": (
        ["UPDATE entry SET paper = '{\"lines\": [{\"item\": [1], \"lot\": {}}]}' WHERE id = 6"],
        {("paper_changed", "EAST/2026", 1), ("name_changed", "EAST/2026", 1)},
    ),
    "a holding": (["UPDATE holding SET value = value + 1 WHERE item_id = 1"], {VALUE}),
    "a holding that is gone": (["DELETE FROM holding WHERE item_id = 1"], {VALUE}),
    "a holding out of nowhere": (
        [_copy("holding", "item_id = 1", warehouse_id="2")],
        {("value_wrong", "NORTH", None)},
    ),
    "numbers that grew": (["UPDATE number_range SET last = last + 5"], {NUMBERS, COUNTED}),
    "numbers that became others": (["UPDATE number_range SET first = first + 5, last = last + 5"], {NUMBERS}),
    "numbers in two places": (
        [_copy("number_range", "first = 1", location_id="location_id + 1", first="first + 5", last="last + 5")],
        {NUMBERS, ("numbers_overlap", HOUSE, None)},
    ),
    "a thing in two places": (
        [_copy("balance", "item_id = 2", warehouse_id="1", location_id=f"({SHELF})")],
        {BALANCE, ("unit_twice", HOUSE, None)},
    ),
}  # fmt: skip


NONE = {
    "postgresql": {"day": "infinity", "instant": "-infinity", "expiry": "infinity"},
    "sqlite": {"day": "2026-02-30", "instant": "soon", "expiry": "never"},
}
"""What a database can be made to keep that is no day."""


@make.furnished
def store() -> Store:
    """Entries 1 to 4 stand in CENTRAL's book, 5 in NORTH's, 6 in EAST's."""
    store = Store.opened(
        "NORTH", "EAST",
        bolt={}, desk={"tracking": "unit"}, voucher={"tracking": "range"},
        serum={"tracking": "lot", "has_expiry": True},
    )  # fmt: skip
    store.play("""
        SUPPLIER -> SHELF bolt 10 cost=2.50
        SUPPLIER -> SHELF voucher numbers=1-100
        SHELF -> CITY bolt 4
        SHELF -> CITY bolt 1
        SUPPLIER -> NORTH desk 1 lot=INV-1
        SUPPLIER -> EAST serum 5 lot=L-1 expires=2027-05-05
    """)
    return store


@pytest.mark.parametrize("change", FOUND)
def test_what_was_changed_is_found(database: Database, store: Store, change: str) -> None:
    assert make.differences() == []
    statements, expected = FOUND[change]
    database.tamper(*statements)
    assert {(one.code, one.register, one.position) for one in make.differences()} == expected


EVERY_KIND = """
    OPENING -> SHELF bolt 100 cost=1
    DONOR -> CENTRAL/A1 bolt 5
    CITY -> SHELF bolt 1
    SHELF -> CENTRAL/A1 bolt 3
    COUNT -> SHELF bolt 2
    SHELF -> COUNT bolt 1
    SHELF -> LOST bolt 1
    convert SHELF bolt 1 into nut 50
    sent: SHELF -> NORTH bolt 9
    receive sent bolt 4
    lost sent bolt 1 by=driss
    back sent bolt 1 by=driss
    bought: SUPPLIER -> SHELF bolt 10 cost=3
    SHELF -> CITY bolt 85
    reverse bought
"""


def test_a_paper_of_any_kind_names_its_places(app: Flask, database: Database) -> None:
    store = Store.opened("NORTH", bolt={}, nut={})
    make.location("CENTRAL", "A1")
    store.play(EVERY_KIND)
    assert make.differences() == []
    database.tamper("UPDATE location SET code = '→ SOUTH' WHERE code = '→ NORTH'")
    assert [(one.code, one.register, one.detail) for one in make.differences()] == [
        ("name_changed", BOOK, "the paper does not name → SOUTH")
    ]


def test_a_place_under_another_code_is_told_once(database: Database, store: Store) -> None:
    """At the first of its papers, however many follow: a hundred findings would hide the others."""
    database.tamper("UPDATE service SET code = 'TOWN' WHERE code = 'CITY'")
    assert [(one.position, one.detail) for one in make.differences()] == [(3, "the paper does not name service:TOWN")]


@pytest.mark.parametrize("what", ["day", "instant"])
def test_what_cannot_be_read_hides_nothing(database: Database, store: Store, what: str) -> None:
    """The proof once ended there, without a word of what it had found before."""
    column = {"day": "on_date", "instant": "recorded_at"}[what]
    database.tamper(
        f"UPDATE entry SET {column} = '{NONE[database.name][what]}' WHERE id = 3",
        "UPDATE entry SET actor_id = actor_id + 1 WHERE id IN (1, 6)",
    )
    found = {(one.code, one.register, one.position) for one in make.differences()}
    assert {("unreadable", BOOK, 3), ("entry_changed", BOOK, 1), ("entry_changed", "EAST/2026", 1)} <= found


def test_an_expiry_that_is_no_day_is_found(database: Database, store: Store) -> None:
    database.tamper(f"UPDATE lot SET expires_on = '{NONE[database.name]['expiry']}' WHERE number = 'L-1'")
    assert {(one.code, one.register, one.position) for one in make.differences()} == {
        ("expiry_changed", "EAST/2026", 1)
    }


def test_a_number_out_of_all_measure_ends_one_part_of_the_proof(database: Database, store: Store) -> None:
    most = 2**63 - 1
    database.tamper(
        f"UPDATE number_range SET last = {most}",
        f"UPDATE movement SET quantity = {most} WHERE entry_id IN (1, 3)",
        "UPDATE entry SET key = 'other' WHERE id = 6",
    )
    found = {(one.code, one.register, one.position) for one in make.differences()}
    assert {CHANGED, ("entry_changed", BOOK, 1), ("entry_changed", "EAST/2026", 1)} <= found
    assert {code for code, _register, _position in found} >= {"ranges_wrong", "numbers_wrong", "balance_wrong"}


def test_every_finding_has_words() -> None:
    codes = {code for _statements, expected in FOUND.values() for code, _register, _position in expected}
    codes.add("unreadable")
    assert codes <= FINDINGS.keys()


def test_a_ledger_that_nobody_touched_is_in_order(store: Store) -> None:
    tally = ledger.Tally()
    assert list(documents.verify(tally)) == []
    assert (tally.entries, tally.movements) == (6, 6)


def test_the_command_says_what_is_wrong_and_fails(database: Database, store: Store, cli: FlaskCliRunner) -> None:
    fine = cli.invoke(args=["verify", "--quiet"])
    assert (fine.exit_code, fine.stdout) == (0, "6 entries, 6 movements, 0 differences\n")
    database.tamper(*FOUND["who did it"][0])
    wrong = cli.invoke(args=["verify", "--quiet"])
    assert wrong.exit_code == 1
    assert wrong.stdout.splitlines() == [
        "CENTRAL/2026 3: entry_changed: issue 1 or its movements were edited",
        "6 entries, 6 movements, 1 differences",
    ]
    told = cli.invoke(args=["verify", "--json"])
    assert told.exit_code == 1
    assert json.loads(told.stdout)["first"][0]["position"] == 3
    kept = db.session.scalars(select(ledger.Verification).order_by(ledger.Verification.id)).all()
    assert [run.differences for run in kept] == [0, 1, 1]
