"""The physics of stock: nothing appears or vanishes, nothing goes below zero, value moves with goods."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from inventory import catalogue, clock, ledger, warehouses
from inventory.database import db, fetch, transaction
from inventory.errors import KeyReused, NegativeLater, Refusal
from tests import make
from tests.script import Store


@make.furnished
def store() -> Store:
    return Store.opened("NORTH", bolt={}, nail={}, wire={"unit": "metre", "decimals": 2})


def net_quantities() -> list[int]:
    """Per item, what all locations together gained: targets minus sources."""
    sums = "SELECT SUM(amount) FROM (SELECT item_id, quantity AS amount, target_id FROM movement UNION ALL SELECT item_id, -quantity, source_id FROM movement) AS sides GROUP BY item_id"  # noqa: E501
    return [int(row[0]) for row in db.session.execute(text(sums))]


# ---- laws 1 and 3


def test_what_leaves_was_there(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10
        SHELF -> CITY bolt 7
        SHELF -> CITY bolt 4 !insufficient_stock
        SHELF bolt 3
    """)


def test_nothing_appears_or_vanishes(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10, nail 100
        SHELF -> CITY bolt 3, nail 40
        CITY -> SHELF bolt 1
        sent: SHELF -> NORTH bolt 4
        receive sent bolt 3
        SHELF -> DAMAGED nail 1
        COUNT -> SHELF nail 2
        reverse sent !not_reversible
    """)
    assert net_quantities() == [0, 0]
    assert make.differences() == []


def test_the_lines_of_a_paper_are_added_up_before_it_is_checked(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10
        SHELF -> CITY bolt 6, bolt 5 !insufficient_stock
        SHELF -> CITY bolt 6, bolt 4
        SHELF bolt 0
    """)


def test_every_bad_line_is_named_at_once(store: Store) -> None:
    store.play("SUPPLIER -> SHELF bolt 1, nail 1, wire 5")
    with pytest.raises(Refusal) as caught:
        store.play("SHELF -> CITY bolt 2, wire 1, nail 3")
    assert [fault.pointer for fault in caught.value.faults] == ["/lines/0/quantity", "/lines/2/quantity"]
    assert caught.value.code == "insufficient_stock"
    assert caught.value.details == {"item": "bolt", "place": "CENTRAL", "available": 1, "asked": 2}


def test_a_refused_paper_leaves_no_number_and_frees_its_key(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 1
        SHELF -> CITY bolt 2 key=same !insufficient_stock
        SUPPLIER -> SHELF bolt 1
    """)
    assert store.play("SHELF -> CITY bolt 2 key=same").number == "1/2026"


# ---- law 4


def test_the_same_order_under_the_same_key_posts_once(store: Store) -> None:
    first = store.play("SUPPLIER -> SHELF bolt 5 key=k1")
    again = store.play("SUPPLIER -> SHELF bolt 5 key=k1")
    assert (again.id, again.is_replay, first.is_replay) == (first.id, True, False)
    store.play("SHELF bolt 5")


def test_the_key_is_known_for_ever(store: Store) -> None:
    """A day later, when the date it means by default is another; and when what it names is out of use."""
    first = store.play("SUPPLIER -> SHELF bolt 5 key=k1")
    store.play("gone: SUPPLIER -> SHELF bolt 1")
    undone = store.play("reverse gone key=k2")
    store.today += timedelta(days=400)
    with transaction():
        supplier = make.parties.get(make.parties.Supplier, "SUPPLIER")
        make.parties.retire(supplier)
    assert store.play("SUPPLIER -> SHELF bolt 5 key=k1").id == first.id
    assert store.play("reverse gone key=k2").id == undone.id
    store.play("SUPPLIER -> SHELF bolt 5 !retired")


def test_a_key_belongs_to_one_order_of_one_person(store: Store) -> None:
    store.play("""
        paper: SUPPLIER -> SHELF bolt 5 key=k1
        SUPPLIER -> SHELF bolt 6 key=k1 !key_reused
        SUPPLIER -> SHELF bolt 5 key=k1 by=driss !key_reused
        SUPPLIER -> NORTH bolt 5 key=k1 !key_reused
        reverse paper key=k1 !key_reused
        SHELF bolt 5
    """)


def test_the_first_answer_is_for_who_may_still_do_it(store: Store) -> None:
    store.play("""
        wrong: SUPPLIER -> SHELF bolt 5 key=k1
        reverse wrong key=k2
    """)
    store.people["amina"] = replace(store.people["amina"], grants=frozenset())
    store.play("""
        SUPPLIER -> SHELF bolt 5 key=k1 !not_allowed
        reverse wrong key=k2 !not_allowed
    """)


def test_a_quantity_spelt_otherwise_is_the_same_order(store: Store) -> None:
    store.play("SUPPLIER -> SHELF wire 5 key=k1")
    assert store.play("SUPPLIER -> SHELF wire 5.00 key=k1").is_replay


def test_a_key_that_another_process_uses_at_the_same_moment_is_key_reused(store: Store) -> None:
    """The unique key of the entry speaks, when the look-up came too early."""
    first = store.play("SUPPLIER -> SHELF bolt 5 key=k1")
    columns = ", ".join(c.name for c in ledger.Entry.__table__.columns if c.name not in ("id", "warehouse_id", "code"))
    other = warehouses.get_warehouse("NORTH").id
    with pytest.raises(KeyReused), transaction():
        db.session.execute(
            text(
                f"INSERT INTO entry (warehouse_id, code, {columns}) SELECT :other, 'other', {columns} FROM entry WHERE id = :id"  # noqa: E501
            ),
            {"id": first.entry_id, "other": other},
        )


# ---- law 5


def test_papers_are_numbered_per_warehouse_kind_and_year_and_entries_per_register(store: Store) -> None:
    papers = [
        store.play(line)
        for line in (
            "SUPPLIER -> SHELF bolt 9",
            "SUPPLIER -> NORTH bolt 9",
            "SHELF -> CITY bolt 1",
            "SUPPLIER -> SHELF bolt 1",
            "SHELF -> CITY bolt 1",
        )
    ]
    assert [paper.reference for paper in papers] == [
        "CENTRAL/BE/2026/000001",
        "NORTH/BE/2026/000001",
        "CENTRAL/BS/2026/000001",
        "CENTRAL/BE/2026/000002",
        "CENTRAL/BS/2026/000002",
    ]
    assert [paper.position for paper in papers] == [1, 1, 2, 3, 4]
    assert papers[2].previous_hash == papers[0].hash
    assert papers[0].previous_hash == "0" * 64


def test_the_year_of_the_day_chooses_the_register(store: Store) -> None:
    store.today = date(2026, 12, 31)
    last = store.play("SUPPLIER -> SHELF bolt 9")
    store.today = date(2027, 1, 4)
    first = store.play("SUPPLIER -> SHELF bolt 9")
    late = make.posted(
        make.order("receipt", "CENTRAL", make.line("bolt", "1"), source="supplier:SUPPLIER", on=date(2026, 12, 30)),
        by=store.people["amina"],
        today=store.today,
    )
    assert [(paper.year, paper.position, paper.number) for paper in (last, first, late)] == [
        (2026, 1, "1/2026"),
        (2027, 1, "1/2027"),
        (2026, 2, "2/2026"),
    ]
    assert late.previous_hash == last.hash
    assert make.differences() == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE balance SET quantity = quantity - 1000",
        "UPDATE holding SET quantity = quantity - 1000",
        "UPDATE holding SET value = value + 1",
        "UPDATE register SET position = position + 1",
    ],
)
def test_nothing_is_written_over_what_somebody_without_the_pen_changed(
    store: Store, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    store.play("SUPPLIER -> SHELF bolt 10 cost=1.00")
    prepare = ledger.Book.prepare

    def meanwhile(book: ledger.Book, shifts: list[ledger.Shift], on: date) -> list[ledger.Shift]:
        settled = prepare(book, shifts, on)
        db.session.execute(text(change))
        return settled

    monkeypatch.setattr(ledger.Book, "prepare", meanwhile)
    store.play("SHELF -> CITY bolt 1 !changed_meanwhile")
    monkeypatch.undo()
    store.play("SHELF bolt 10 worth 10.00")


# ---- law 6


def test_no_paper_is_dated_in_the_future(store: Store) -> None:
    store.play("SUPPLIER -> SHELF bolt 9 on=11-24 !future_date")


def test_a_paper_may_be_dated_back_within_the_window(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 9 on=10-24
        SUPPLIER -> SHELF bolt 9 on=10-23 !back_dated
    """)


def test_a_past_day_cannot_take_what_later_days_needed(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 100 on=11-20
        SHELF -> CITY bolt 80 on=11-22
        SHELF -> CITY bolt 50 on=11-21 !negative_later
        SHELF -> CITY bolt 20 on=11-21
    """)


def test_the_refusal_names_the_day_below_zero_and_the_line(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 100, nail 5 on=11-18
        SHELF -> CITY bolt 80 on=11-20
        SUPPLIER -> SHELF bolt 60 on=11-22
    """)
    with pytest.raises(NegativeLater) as caught:
        store.play("SHELF -> CITY nail 1, bolt 50 on=11-19")
    assert caught.value.details["on"] == date(2026, 11, 20)
    assert [fault.pointer for fault in caught.value.faults] == ["/lines/1/quantity"]


def test_what_arrives_late_on_a_day_counts_for_that_day(store: Store) -> None:
    """Order is (day, posting): what is posted last on a day stands after all of that day."""
    store.play("""
        SUPPLIER -> SHELF bolt 10 on=11-20
        SHELF -> CITY bolt 10 on=11-21
        SUPPLIER -> SHELF bolt 5 on=11-21
        SHELF -> CITY bolt 5 on=11-20 !negative_later
        SHELF -> CITY bolt 5 on=11-21
    """)


def test_nothing_can_be_taken_before_it_came(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10 on=11-20
        SHELF -> CITY bolt 1 on=11-19 !negative_later
    """)


def test_one_entry_is_one_step(store: Store) -> None:
    """Within one paper the lines may cross zero; only its end counts."""
    store.play("""
        SUPPLIER -> SHELF bolt 10 on=11-20
        SUPPLIER -> SHELF nail 10 on=11-20
    """)
    out_and_in = make.order(
        "adjustment",
        "CENTRAL",
        make.line("bolt", "9", direction="out"),
        make.line("bolt", "9", direction="in"),
        on=date(2026, 11, 21),
    )
    make.posted(out_and_in, by=store.people["amina"])
    store.play("SHELF -> CITY bolt 10 on=11-20")


def test_a_warehouse_not_yet_in_service_takes_old_dates(store: Store) -> None:
    make.warehouse("OLD", in_service_on=None)
    store.play("""
        OPENING -> OLD bolt 9 on=01-01
        OLD -> CITY bolt 1 on=02-01
        OLD -> NORTH bolt 1 on=02-01 !back_dated  # for it would be as old in NORTH
        serve OLD
        OLD -> CITY bolt 1 on=02-02 !back_dated
        serve OLD !already_exists
    """)


def test_a_closed_period_is_closed(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 9 on=11-20
        close 11-20
        SUPPLIER -> SHELF bolt 9 on=11-20 !closed_period
        SUPPLIER -> SHELF bolt 9 on=11-21
    """)


def test_a_period_may_be_closed_on_its_last_day(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 9
        close 11-23
        SUPPLIER -> SHELF bolt 9 !closed_period
    """)


def test_nothing_is_reversed_into_a_closed_period(store: Store) -> None:
    store.play("""
        came: SUPPLIER -> SHELF bolt 9 on=11-19
        close 11-20
        reverse came on=11-20 !closed_period
        reverse came on=11-21
    """)


def test_nothing_is_posted_before_a_count_of_the_same_item_and_place(store: Store) -> None:
    make.location("CENTRAL", "A1")
    store.play("""
        SUPPLIER -> SHELF bolt 9, nail 9 on=11-20
        sheet: COUNT -> SHELF bolt 1 on=11-22
        count sheet SHELF bolt
        SHELF -> CITY bolt 1 on=11-21 !count_barrier
        SUPPLIER -> SHELF bolt 1 on=11-21 !count_barrier
        SHELF -> CITY nail 1 on=11-21
        SUPPLIER -> CENTRAL/A1 bolt 1 on=11-21
        SUPPLIER -> CENTRAL/A1 bolt 1, nail 1 on=11-21
        SHELF -> CITY bolt 1 on=11-22
        SHELF -> CITY bolt 1
    """)


def test_a_count_of_everything_stops_everything(store: Store) -> None:
    store.play("""
        sheet: COUNT -> SHELF bolt 9 on=11-22
        count sheet CENTRAL
        SUPPLIER -> SHELF nail 1 on=11-21 !count_barrier
        SUPPLIER -> NORTH nail 1 on=11-21
    """)


def test_what_was_counted_since_is_not_reversed(store: Store) -> None:
    store.play("""
        came: SUPPLIER -> SHELF bolt 9 on=11-20
        sheet: COUNT -> SHELF bolt 1
        count sheet SHELF bolt
        reverse came !count_barrier
        after: SUPPLIER -> SHELF bolt 2
        reverse after
        reverse sheet  # a count that was itself wrong is taken back like any paper
    """)


# ---- law 7


def test_goods_leave_at_the_weighted_average(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10 cost=1.00
        SUPPLIER -> SHELF bolt 10 cost=2.00
        SHELF bolt 20 worth 30.00
        SHELF -> CITY bolt 5
        SHELF bolt 15 worth 22.50
    """)


def test_the_last_unit_takes_the_remainder(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 3 cost=0.333333
        SHELF bolt 3 worth 1.00
        SHELF -> CITY bolt 1
        SHELF bolt 2 worth 0.67
        SHELF -> CITY bolt 1
        SHELF bolt 1 worth 0.33
        SHELF -> CITY bolt 1
        SHELF bolt 0 worth 0.00
    """)


def test_a_line_is_rounded_half_up_once(store: Store) -> None:
    paper = store.play("SUPPLIER -> SHELF bolt 3 cost=0.335, nail 1 cost=0.005")
    assert [line["value"] for line in paper.lines] == ["1.01", "0.01"]


def test_what_has_no_price_is_worth_nothing(store: Store) -> None:
    paper = store.play("DONOR -> SHELF bolt 3")
    assert (paper.lines[0]["unit_cost"], paper.lines[0]["value"]) == (None, "0.00")


def test_the_largest_values_are_exact(store: Store) -> None:
    store.play("SUPPLIER -> SHELF bolt 999999999 cost=99.999999")
    store.play("SUPPLIER -> SHELF bolt 999999999 cost=0.010001")
    held = make.worth("bolt", "CENTRAL")
    paper = store.play("SHELF -> CITY bolt 333333333")
    exact = held * 333333333 / Decimal(2 * 999999999)
    assert Decimal(paper.lines[0]["value"]) == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    store.play("SUPPLIER -> SHELF bolt 999999999 cost=999 !range")


def test_what_comes_back_is_worth_the_present_average(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10 cost=3.00
        SHELF -> CITY bolt 4
        CITY -> SHELF bolt 2
        SHELF bolt 8 worth 24.00
        CITY -> SHELF bolt 1 cost=1.00
        SHELF bolt 9 worth 25.00
    """)


def test_goods_on_the_road_belong_to_the_sender(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10 cost=1.00
        sent: SHELF -> NORTH bolt 4
        SHELF bolt 6 worth 10.00
        receive sent bolt 3
        SHELF bolt 6 worth 7.00
        NORTH bolt 3 worth 3.00
    """)


def test_a_reversed_receipt_takes_its_own_value_back(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10 cost=1.00
        dear: SUPPLIER -> SHELF bolt 10 cost=3.00
        reverse dear
        SHELF bolt 10 worth 10.00
    """)


def test_a_reversed_receipt_never_leaves_less_than_nothing(store: Store) -> None:
    """Its value was 30 and only 20 is left: the rest goes to the valuation difference."""
    paper = store.play("""
        SUPPLIER -> SHELF bolt 10 cost=1.00
        dear: SUPPLIER -> SHELF bolt 10 cost=3.00
        SHELF -> CITY bolt 10
        reverse dear
    """)
    store.play("SHELF bolt 0 worth 0.00")
    assert paper.content["difference"] == "10.00"
    assert [line["value"] for line in paper.lines] == ["20.00"]
    assert make.differences() == []


def test_a_reversed_receipt_never_leaves_value_on_nothing(store: Store) -> None:
    paper = store.play("""
        cheap: SUPPLIER -> SHELF bolt 10 cost=1.00
        SUPPLIER -> SHELF bolt 10 cost=3.00
        SHELF -> CITY bolt 10
        reverse cheap
    """)
    store.play("SHELF bolt 0 worth 0.00")
    assert paper.content["difference"] == "10.00"
    assert make.differences() == []


def test_a_reversed_issue_brings_back_what_it_took(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10 cost=1.00
        out: SHELF -> CITY bolt 5
        SUPPLIER -> SHELF bolt 5 cost=9.00
        reverse out
        SHELF bolt 15 worth 55.00
    """)


def test_value_is_conserved(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 7 cost=1.37
        SHELF -> CITY bolt 3
        came: SUPPLIER -> SHELF bolt 3 cost=7.77
        SHELF -> NORTH bolt 5
        reverse came !insufficient_stock
    """)
    inside = db.session.scalar(select(func.sum(ledger.Holding.value)))
    rows = fetch(
        select(ledger.Movement.value, ledger.Movement.source_warehouse_id, ledger.Movement.target_warehouse_id)
    )
    came = sum(row.value for row in rows if row.source_warehouse_id is None)
    went = sum(row.value for row in rows if row.target_warehouse_id is None)
    assert inside == came - went


# ---- questions


def test_on_hand_the_past_and_the_card_agree(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10 on=11-18
        SHELF -> CITY bolt 4 on=11-20
        SHELF -> CENTRAL/QUARANTAINE bolt 2 on=11-21
        SHELF -> NORTH bolt 1
        SUPPLIER -> SHELF bolt 5 on=11-19
    """)
    item, where = catalogue.get_item("bolt").id, warehouses.get_warehouse("CENTRAL").id
    assert ledger.on_hand(item, where) == 10
    days = [date(2026, 11, day) for day in (17, 18, 19, 20, 21, 23)]
    standing = [ledger.stock_on(where, day).get(item) for day in days]
    assert [one.on_hand if one else 0 for one in standing] == [0, 10, 15, 11, 11, 10]
    rows, mark = ledger.card(item, where)
    assert [(row.on.day, row.received - row.issued, row.balance) for row in rows] == [
        (23, -1, 10),
        (20, -4, 11),
        (19, 5, 15),
        (18, 10, 10),
    ]
    assert mark is None
    opening, lines = ledger.card_oldest_first(item, where, first_on=date(2026, 11, 19), last_on=date(2026, 11, 20))
    assert (opening, [line.balance for line in lines]) == (10, [15, 11])


def test_a_card_is_read_page_by_page(store: Store) -> None:
    for number in range(7):
        store.play(f"SUPPLIER -> SHELF bolt {number + 1}")
    item, where = catalogue.get_item("bolt").id, warehouses.get_warehouse("CENTRAL").id
    seen, mark = [], None
    while True:
        rows, mark = ledger.card(item, where, after=mark, limit=3)
        seen += [row.balance for row in rows]
        if mark is None:
            break
    assert seen == [28, 21, 15, 10, 6, 3, 1]


def test_a_day_ends_at_midnight_in_casablanca(app: Flask) -> None:
    """UTC+1 for most of the year, UTC+0 during Ramadan (from 15 February 2026)."""
    assert clock.day_of(datetime(2026, 11, 23, 22, 30, tzinfo=UTC)) == date(2026, 11, 23)
    assert clock.day_of(datetime(2026, 11, 23, 23, 30, tzinfo=UTC)) == date(2026, 11, 24)
    assert clock.day_of(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)) == date(2026, 3, 1)
    assert clock.day_of(datetime(2026, 3, 2, 0, 30, tzinfo=UTC)) == date(2026, 3, 2)
    assert clock.today() == clock.day_of(clock.now())


# ---- how much it costs


def statements_for(store: Store, lines: int) -> int:
    issue = make.order(
        "issue", "CENTRAL", *(make.line(f"item{number}", "1") for number in range(lines)), target="service:CITY"
    )
    with make.statements() as seen:
        make.posted(issue, by=store.people["amina"])
    return len(seen)


def test_a_line_costs_at_most_eight_statements_and_fifty_cost_no_more(store: Store) -> None:
    for number in range(50):
        make.item(f"item{number}")
    every = [make.line(f"item{number}", "9") for number in range(50)]
    make.posted(make.order("opening", "CENTRAL", *every), by=store.people["amina"])
    statements_for(store, 1)
    one, fifty = statements_for(store, 1), statements_for(store, 50)
    assert one <= 8
    assert fifty == one
