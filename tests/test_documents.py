"""The papers: what each takes, puts and refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from inventory import documents, warehouses
from inventory.database import db, transaction
from inventory.documents import LineOrder, Order, Side
from inventory.errors import InsufficientStock, InvalidRequest, NotFound, Refusal
from tests import make
from tests.script import Store

CARTON = {"packagings": (make.catalogue.NewPackaging("carton", Decimal(50)), make.catalogue.NewPackaging("third", Decimal(1), divisor=3))}  # fmt: skip  # noqa: E501
LOTTED = {"tracking": "lot", "has_expiry": True}


@make.furnished
def store() -> Store:
    return Store.opened(
        "NORTH",
        bolt=CARTON,
        nail={},
        wire={"unit": "metre", "decimals": 2},
        insulin=LOTTED,
        paint={"tracking": "lot"},
        desk={"tracking": "unit"},
        chair={"tracking": "unit"},
        ticket={"tracking": "range"},
    )


def codes(store: Store, asked: Order) -> list[tuple[str, str]]:
    """Pointer and code of everything that is wrong with an order."""
    with pytest.raises(Refusal) as caught:
        make.posted(asked, by=store.people["amina"])
    return [(fault.pointer, fault.code) for fault in caught.value.faults]


# ---- quantities


def test_a_packaging_is_counted_in_base_units(store: Store) -> None:
    paper = store.play("SUPPLIER -> SHELF bolt 2 unit=carton cost=10.00, bolt 3 unit=third")
    store.play("SHELF bolt 101 worth 20.00")
    assert [(line["quantity"], line["unit"], line["base_quantity"]) for line in paper.lines] == [
        ("2", "carton", "100"),
        ("3", "third", "1"),
    ]


def test_what_one_item_is_counted_in_another_may_be_packed_in(store: Store) -> None:
    make.item("wax", unit="carton")
    store.play("""
        SUPPLIER -> SHELF bolt 2 unit=carton, wax 3 unit=carton
        SHELF bolt 100
        SHELF wax 3
    """)


def test_half_a_piece_is_refused_and_never_rounded(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 0.5 !too_fine
        SUPPLIER -> SHELF bolt 0.01 unit=carton !too_fine
        SUPPLIER -> SHELF bolt 1 unit=third !too_fine
        SUPPLIER -> SHELF wire 0.001 !too_fine
        SUPPLIER -> SHELF bolt 0.02 unit=carton, wire 0.01
        SHELF bolt 1
    """)


@pytest.mark.parametrize("quantity", ["0", "-1", "1e400", "NaN", "Infinity", "1000000000", "1.0000001", "1e-400"])
def test_what_is_no_quantity_is_refused(store: Store, quantity: str) -> None:
    asked = make.order("opening", "CENTRAL", LineOrder("bolt", Decimal(quantity)))
    assert codes(store, asked) == [("/lines/0/quantity", "range")]


@pytest.mark.parametrize("cost", ["-0.01", "NaN", "1e12", "0.0000001"])
def test_what_is_no_cost_is_refused(store: Store, cost: str) -> None:
    asked = make.order("opening", "CENTRAL", make.line("bolt", "1", unit_cost=cost))
    assert codes(store, asked) == [("/lines/0/unit_cost", "range")]


def test_everything_wrong_with_a_paper_is_said_at_once(store: Store) -> None:
    asked = make.order(
        "receipt",
        "CENTRAL",
        make.line("bolt"),
        make.line("gold", "1"),
        make.line("bolt", "1", unit="pallet"),
        make.line("bolt", "1", location="ATTIC"),
        make.line("bolt", "1", lot="A"),
        make.line("insulin", "1"),
        make.line("ticket", "5"),
        make.line("bolt", "1", first_number=1, last_number=2),
        make.line("ticket", first_number=5, last_number=4),
        make.line("ticket", "3", first_number=1, last_number=4),
        make.line("desk", "2", lot="INV-1"),
        source="supplier:SUPPLIER",
    )
    assert codes(store, asked) == [
        ("/lines/0/quantity", "required"),
        ("/lines/1/item", "unknown"),
        ("/lines/2/unit", "unknown"),
        ("/lines/6/first_number", "required"),
        ("/lines/7/first_number", "not_a_range"),
        ("/lines/8/last_number", "range"),
        ("/lines/9/quantity", "not_the_range"),
        ("/lines/3/location", "unknown"),
        ("/lines/4/lot", "no_lots"),
        ("/lines/5/lot", "required"),
        ("/lines/10/quantity", "one_thing"),
    ]


def test_the_head_of_a_paper_is_checked(store: Store) -> None:
    line = make.line("bolt", "1")
    assert codes(store, make.order("gift", "CENTRAL", line)) == [("/kind", "unknown")]
    assert codes(store, make.order("issue", "CENTRAL")) == [("/lines", "required"), ("/target", "required")]
    assert codes(store, make.order("receipt", "CENTRAL", line)) == [("/source", "required")]
    assert codes(store, make.order("receipt", "CENTRAL", line, origin="theft")) == [("/origin", "unknown")]
    assert codes(store, make.order("opening", "NOWHERE", line)) == [("/warehouse", "unknown")]
    assert codes(store, make.order("issue", "CENTRAL", line, target="service:MOON")) == [("/target/service", "unknown")]
    assert codes(store, make.order("issue", "CENTRAL", line, target="supplier:SUPPLIER")) == [("/target", "unexpected")]
    assert codes(store, make.order("write_off", "CENTRAL", line, target="reason:BORED")) == [
        ("/target/reason", "unknown")
    ]
    assert codes(store, make.order("transfer", "CENTRAL", line, target="warehouse:CENTRAL")) == [
        ("/target/warehouse", "unknown")
    ]
    assert codes(store, make.order("transfer_receipt", "CENTRAL", line, source="document:7")) == [
        ("/source/document", "unknown")
    ]
    assert codes(store, make.order("opening", "CENTRAL", line, source="supplier:SUPPLIER")) == [
        ("/source", "unexpected")
    ]


def test_what_does_not_belong_on_a_line_is_refused_and_never_ignored(store: Store) -> None:
    issue = make.order("issue", "CENTRAL", make.line("bolt", "1", unit_cost="2"), target="service:CITY")
    assert codes(store, issue) == [("/lines/0/unit_cost", "unexpected")]
    opening = make.order("opening", "CENTRAL", make.line("bolt", "1", direction="in"))
    assert codes(store, opening) == [("/lines/0/direction", "unexpected")]


@pytest.mark.parametrize("text", ["nul\x00", "half\ud800", "bell\x07"])
def test_text_that_cannot_be_written_is_refused(store: Store, text: str) -> None:
    line = make.line("bolt", "1")
    assert codes(store, make.order("opening", "CENTRAL", line, note=text)) == [("/note", "unwritable")]
    paint = make.order("opening", "CENTRAL", make.line("paint", "1", lot=text))
    assert codes(store, paint) == [("/lines/0/lot", "unwritable")]
    for place in ("item", "unit", "location"):
        asked = make.order(
            "opening", "CENTRAL", LineOrder(**({"item": "bolt", "quantity": Decimal(1)} | {place: text}))
        )
        assert codes(store, asked) == [(f"/lines/0/{place}", "unwritable")]
    assert codes(store, make.order("opening", text, line)) == [("/warehouse", "unwritable")]
    issue = make.order("issue", "CENTRAL", line, target=Side("service", text))
    assert codes(store, issue) == [("/target/service", "unwritable")]


def test_text_that_is_too_long_is_refused(store: Store) -> None:
    line = make.line("bolt", "1")
    assert codes(store, make.order("opening", "CENTRAL", line, note="n" * 2001)) == [("/note", "too_long")]
    paint = make.order("opening", "CENTRAL", make.line("paint", "1", lot="l" * 61))
    assert codes(store, paint) == [("/lines/0/lot", "too_long")]
    with pytest.raises(InvalidRequest):
        make.posted(make.order("opening", "CENTRAL", line), by=store.people["amina"], key="k" * 81)
    with pytest.raises(InvalidRequest):
        make.posted(make.order("opening", "CENTRAL", line), by=store.people["amina"], key="k\x00")
    long = make.order("opening", "CENTRAL", *[line] * 5001)
    assert codes(store, long) == [("/lines", "too_many")]


def test_a_note_in_arabic_with_marks_and_an_emoji_is_kept(store: Store) -> None:
    note = "تسليم جزئي \u200f— reçu « à moitié » 📦\nsuite"
    paper = make.posted(make.order("opening", "CENTRAL", make.line("bolt", "1"), note=note), by=store.people["amina"])
    assert documents.document_of(paper.entry_id).content["note"] == note
    assert make.differences() == []


# ---- lots


def test_the_first_to_expire_goes_first_and_the_line_is_split(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF insulin 5 lot=LATE expires=2027-06-01
        SUPPLIER -> SHELF insulin 3 lot=SOON expires=2026-12-01
    """)
    paper = store.play("SHELF -> CITY insulin 4")
    assert [(line["line"], line["lot"], line["quantity"], line["expires_on"]) for line in paper.lines] == [
        (1, "SOON", "3", "2026-12-01"),
        (1, "LATE", "1", "2027-06-01"),
    ]


def test_another_lot_needs_a_reason(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF insulin 5 lot=LATE expires=2027-06-01, insulin 3 lot=SOON expires=2026-12-01
        SHELF -> CITY insulin 1 lot=LATE !required
        SHELF -> CITY insulin 1 lot=LATE because=cold_box
        SHELF -> CITY insulin 1 lot=SOON
    """)


def test_the_day_of_expiry_is_still_usable(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF insulin 2 lot=TODAY expires=2026-11-23
        SHELF -> CITY insulin 1
    """)
    store.today = make.TOMORROW
    store.play("SHELF -> CITY insulin 1 !insufficient_stock")


def test_what_has_expired_is_issued_by_no_path(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF insulin 5 lot=OLD expires=2026-11-22
        SHELF -> CITY insulin 1 !insufficient_stock
        SHELF -> CITY insulin 1 lot=OLD !expired_lot
        SHELF -> CITY insulin 1 lot=OLD because=urgent !expired_lot
        SHELF -> NORTH insulin 1 !insufficient_stock
        SHELF -> NORTH insulin 1 lot=OLD !expired_lot
        SHELF -> CENTRAL/QUARANTAINE insulin 2 lot=OLD
        SHELF -> EXPIRED insulin 3
        SHELF insulin 0
    """)
    convert = make.order(
        "conversion",
        "CENTRAL",
        make.line("insulin", "1", location="QUARANTAINE", target_item="bolt", target_quantity="1"),
    )
    assert codes(store, convert) == [("/lines/0/quantity", "insufficient_stock")]


def test_what_has_expired_is_passed_over_for_what_has_not(store: Store) -> None:
    paper = store.play("""
        SUPPLIER -> SHELF insulin 5 lot=OLD expires=2026-11-22, insulin 3 lot=NEW expires=2026-12-31
        SHELF -> CITY insulin 2
    """)
    assert [line["lot"] for line in paper.lines] == ["NEW"]


def test_every_expired_lot_and_every_shortage_is_said_at_once(store: Store) -> None:
    store.play("SUPPLIER -> SHELF insulin 5 lot=OLD expires=2026-11-01, insulin 5 lot=OLDER expires=2026-10-01")
    asked = make.order(
        "issue",
        "CENTRAL",
        make.line("insulin", "1", lot="OLD"),
        make.line("bolt", "1"),
        make.line("insulin", "1", lot="OLDER"),
        target="service:CITY",
    )
    assert codes(store, asked) == [
        ("/lines/0/lot", "expired_lot"),
        ("/lines/2/lot", "expired_lot"),
        ("/lines/1/quantity", "insufficient_stock"),
    ]


def test_an_expiry_is_asked_once_and_never_contradicted(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF insulin 5 lot=A !required
        SUPPLIER -> SHELF insulin 5 lot=A expires=2027-01-01
        SUPPLIER -> SHELF insulin 5 lot=A
        SUPPLIER -> SHELF insulin 5 lot=A expires=2027-02-01 !contradicts
        SUPPLIER -> SHELF paint 1 lot=A expires=2027-02-01 !no_expiry
        SUPPLIER -> SHELF insulin 5 lot=B expires=9999-01-01 !range
        SHELF -> CITY insulin 1 lot=A expires=2028-01-01 !insufficient_stock
        SHELF insulin 10
    """)


def test_two_lines_of_one_paper_may_not_contradict_each_other(store: Store) -> None:
    store.play("SUPPLIER -> SHELF insulin 5 lot=A expires=2027-01-01, insulin 5 lot=A expires=2027-02-01 !contradicts")


def test_quarantine_is_neither_issued_nor_sent(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 5
        SHELF -> CENTRAL/QUARANTAINE bolt 5
        SHELF -> CITY bolt 1 !insufficient_stock
        CENTRAL/QUARANTAINE -> CITY bolt 1 !insufficient_stock
        CENTRAL/QUARANTAINE -> NORTH bolt 1 !insufficient_stock
        CENTRAL/QUARANTAINE -> SHELF bolt 2
        SHELF -> CITY bolt 2
        CENTRAL/QUARANTAINE -> DAMAGED bolt 3
    """)


def test_what_lies_there_and_cannot_leave_is_said(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF insulin 5 lot=OLD expires=2026-11-22, insulin 4 lot=NEW expires=2027-05-01
        SHELF -> CENTRAL/QUARANTAINE insulin 1 lot=NEW
    """)
    for details, available, barred in (
        ({}, 3, 6),
        ({"location": "QUARANTAINE"}, 0, 1),
        ({"lot": "NEW"}, 3, 1),
    ):
        asked = make.order("issue", "CENTRAL", make.line("insulin", "7", **details), target="service:CITY")
        with pytest.raises(InsufficientStock) as caught:
            make.posted(asked, by=store.people["amina"])
        assert (caught.value.details["available"], caught.value.details["barred"]) == (available, barred)
        assert f"({barred})" in caught.value.message()
    nothing = make.order("issue", "CENTRAL", make.line("bolt", "1"), target="service:CITY")
    with pytest.raises(InsufficientStock) as caught:
        make.posted(nothing, by=store.people["amina"])
    assert "barred" not in caught.value.details


def test_a_paper_of_the_past_takes_the_lots_that_were_there(store: Store) -> None:
    """The first to expire of those: what came later was not there, and is no reason to refuse."""
    store.play("""
        SUPPLIER -> SHELF insulin 50 lot=A expires=2027-06-01 on=11-18
        SUPPLIER -> SHELF insulin 50 lot=B expires=2027-09-01 on=11-18
        SUPPLIER -> SHELF insulin 80 lot=C expires=2027-01-01 on=11-22
        SHELF -> CITY insulin 20 lot=A on=11-21
    """)
    paper = store.play("SHELF -> CITY insulin 60 on=11-20")
    assert [(line["lot"], line["quantity"]) for line in paper.lines] == [("A", "30"), ("B", "30")]
    store.play("SHELF -> CITY insulin 1 lot=B on=11-20")  # nothing that expires earlier was there any more


def test_what_a_lot_could_give_on_a_day_is_said_with_the_day(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF insulin 9 lot=A expires=2027-06-01 on=11-18
        SUPPLIER -> SHELF insulin 80 lot=C expires=2027-01-01 on=11-22
    """)
    for details, asked in (({"lot": "C"}, "5"), ({}, "500")):
        order = make.order(
            "issue", "CENTRAL", make.line("insulin", asked, **details), on=date(2026, 11, 20), target="service:CITY"
        )
        with pytest.raises(InsufficientStock) as caught:
            make.posted(order, by=store.people["amina"])
        assert caught.value.details["on"] == date(2026, 11, 20)
        assert caught.value.details["available"] == (0 if details else 9)
    store.play("SHELF -> CITY insulin 80 on=11-20 !negative_later")  # there are as many now


def test_what_is_reserved_for_others_stays(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10
        reserve SHELF bolt 4
        SHELF -> CITY bolt 7 !insufficient_stock
        SHELF -> CITY bolt 3, bolt 4 !insufficient_stock
        SHELF -> CITY bolt 6
        SHELF -> DAMAGED bolt 1
    """)


def test_a_late_paper_takes_what_has_expired_since_and_leaves_what_is_reserved(store: Store) -> None:
    """Only what can be used today is kept for somebody: what was good on the day of the paper is not, any more."""
    store.play("""
        SUPPLIER -> SHELF insulin 5 lot=A expires=2026-11-21 on=11-20
        SUPPLIER -> SHELF insulin 5 lot=B expires=2026-12-21 on=11-20
        reserve SHELF insulin 4
        SHELF -> CITY insulin 2 lot=B because=asked on=11-21 !insufficient_stock
        SHELF -> CITY insulin 7 on=11-21 !insufficient_stock
        SHELF -> CITY insulin 6 on=11-21
        SHELF insulin 4
    """)


# ---- places


def test_goods_are_taken_from_where_they_lie(store: Store) -> None:
    make.location("CENTRAL", "A1")
    store.play("""
        SUPPLIER -> SHELF bolt 3
        SUPPLIER -> CENTRAL/A1 bolt 3
        CENTRAL/A1 -> CITY bolt 4 !insufficient_stock
        SHELF -> CITY bolt 1
        CENTRAL/A1 bolt 3
        SHELF -> CENTRAL/A1 bolt 2
        CENTRAL/A1 bolt 5
        CENTRAL/A1 -> CENTRAL/A1 bolt 1 !same
    """)
    paper = make.posted(
        make.order("issue", "CENTRAL", make.line("bolt", "5"), target="service:CITY"), by=store.people["amina"]
    )
    assert paper.lines[0]["location"] == "A1"


def test_a_place_out_of_use_takes_nothing_and_gives_the_rest(store: Store) -> None:
    place = make.location("CENTRAL", "A1")
    store.play("SUPPLIER -> CENTRAL/A1 bolt 3")
    with transaction():
        warehouses.retire_location(db.session.get_one(warehouses.Location, place.id))
    store.play("SUPPLIER -> CENTRAL/A1 bolt 3 !unknown")
    make.posted(make.order("issue", "CENTRAL", make.line("bolt", "3"), target="service:CITY"), by=store.people["amina"])


def test_a_road_is_no_place_to_put_goods(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 3
        SHELF -> NORTH bolt 1
    """)
    asked = make.order("opening", "CENTRAL", make.line("bolt", "1", location=warehouses.road_code("NORTH")))
    assert codes(store, asked) == [("/lines/0/location", "unknown")]


# ---- units


def test_one_inventory_number_is_one_thing_in_the_whole_commune(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF desk 1 lot=INV-1 cost=500.00
        SUPPLIER -> SHELF desk 1 lot=INV-1 !unit_elsewhere
        SUPPLIER -> NORTH desk 1 lot=INV-1 !unit_elsewhere
        SUPPLIER -> NORTH desk 1 lot=INV-2, desk 1 lot=INV-2 !unit_elsewhere
        SUPPLIER -> NORTH chair 1 lot=INV-1 !taken
        SHELF -> CITY desk 1 !required
        SHELF -> CITY desk 1 lot=INV-1
        CITY -> NORTH desk 1 lot=INV-1
        NORTH desk 1 worth 500.00
    """)


def test_an_inventory_number_is_one_in_small_letters_and_capitals(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF desk 1 lot=Inv-1
        SUPPLIER -> NORTH desk 1 lot=INV-1 !unit_elsewhere
        SUPPLIER -> NORTH chair 1 lot=inv-1 !taken
        SUPPLIER -> NORTH desk 1 lot=NEW-1, desk 1 lot=new-1 !unit_elsewhere
        left: SHELF -> CITY desk 1 lot=iNV-1
        back: CITY -> NORTH desk 1 lot=INV-1
        NORTH desk 1
    """)
    papers = [store.papers[name] for name in ("left", "back")]
    assert [line["lot"] for paper in papers for line in paper.lines] == ["Inv-1", "Inv-1"]


def test_one_inventory_number_is_bought_once(store: Store) -> None:
    """Fifteen mattresses under one number, one after the other, would be fifteen things."""
    store.play("""
        first: SUPPLIER -> SHELF desk 1 lot=INV-1
        SHELF -> CITY desk 1 lot=INV-1
        SUPPLIER -> SHELF desk 1 lot=INV-1 !unit_elsewhere
        DONOR -> NORTH desk 1 lot=INV-1 !unit_elsewhere
        OPENING -> NORTH desk 1 lot=INV-1 !unit_elsewhere
        back: CITY -> SHELF desk 1 lot=INV-1
        SHELF -> LOST desk 1 lot=INV-1
        SUPPLIER -> SHELF desk 1 lot=INV-1 !unit_elsewhere
        COUNT -> SHELF desk 1 lot=INV-1
        SHELF -> CITY desk 1 lot=INV-1
        RECOVERY -> NORTH desk 1 lot=INV-1
    """)


def test_a_receipt_taken_back_leaves_its_number_free(store: Store) -> None:
    store.play("""
        wrong: SUPPLIER -> SHELF desk 1 lot=INV-1
        reverse wrong
        SUPPLIER -> NORTH desk 1 lot=INV-1
        SUPPLIER -> SHELF desk 1 lot=INV-1 !unit_elsewhere
    """)


def test_a_lot_named_by_its_expiry_needs_a_reason_too(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF insulin 5 lot=LATE expires=2027-06-01, insulin 3 lot=SOON expires=2026-12-01
        SHELF -> CITY insulin 1 expires=2027-06-01 !required
        SHELF -> CITY insulin 1 expires=2027-06-01 because=broken
        SHELF -> CITY insulin 1 expires=2026-12-01
        SHELF insulin 6
    """)


def test_a_unit_leaves_at_its_own_cost(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF desk 1 lot=A cost=100.00, desk 1 lot=B cost=300.00, desk 1 lot=C cost=50.00
        SHELF -> CITY desk 1 lot=B
        SHELF desk 2 worth 150.00
        sent: SHELF -> NORTH desk 1 lot=A
        receive sent desk 1
        SHELF desk 1 worth 50.00
        NORTH desk 1 worth 100.00
        CITY -> NORTH desk 1 lot=B
        NORTH desk 2 worth 400.00
        NORTH -> DAMAGED desk 1 lot=A
        NORTH desk 1 worth 300.00
    """)
    assert make.differences() == []


def test_a_unit_is_worth_what_it_was_last_taken_in_for(store: Store) -> None:
    """What a reversal could not take back left with it, and neither comes in nor goes out with it again."""
    store.play("""
        came: SUPPLIER -> SHELF desk 1 lot=A cost=100.00
        SHELF -> CITY desk 1 lot=A
        CITY -> SHELF desk 1 lot=A cost=10.00
        reverse came
        CITY -> SHELF desk 1 lot=A
        SHELF desk 1 worth 10.00
        SUPPLIER -> SHELF desk 1 lot=B cost=500.00
        SHELF -> CITY desk 1 lot=A
        SHELF desk 1 worth 500.00
        back: CITY -> SHELF desk 1 lot=A
        SHELF -> CITY desk 1 lot=A
        CITY -> SHELF desk 1 lot=A cost=40.00
        reverse back  # it takes 10.00, and leaves 30.00 to the other
        SUPPLIER -> SHELF desk 1 lot=A cost=70.00
        SHELF -> CITY desk 1 lot=A
        SHELF desk 1 worth 530.00
        SHELF -> CITY desk 1 lot=B  # the last one takes what is left
        SHELF desk 0 worth 0.00
    """)


def test_a_unit_does_not_come_back_before_it_left(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF desk 1 lot=A on=11-18
        SHELF -> CITY desk 1 lot=A on=11-20
        CITY -> SHELF desk 1 lot=A on=11-19 !unit_elsewhere
        CITY -> SHELF desk 1 lot=A on=11-20
    """)


# ---- ranges


def test_ranges_move_by_first_and_last_number(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF ticket numbers=1-100 cost=0.10
        SHELF -> CITY ticket numbers=11-20
        SHELF ticket 90 worth 9.00
        SHELF -> CITY ticket numbers=15-25 !number_elsewhere
        SHELF -> CITY ticket numbers=95-105 !number_elsewhere
        SUPPLIER -> NORTH ticket numbers=50-60 !number_elsewhere
        SUPPLIER -> NORTH ticket numbers=11-12
        CITY -> SHELF ticket numbers=11-20 !number_elsewhere
        CITY -> SHELF ticket numbers=13-20
        SHELF -> CITY ticket numbers=13-100
        SHELF ticket 10
    """)
    assert make.differences() == []


def test_numbers_are_found_where_they_lie(store: Store) -> None:
    make.location("CENTRAL", "SAFE")
    store.play("""
        SUPPLIER -> SHELF ticket numbers=1-10
        SUPPLIER -> CENTRAL/SAFE ticket numbers=11-20
    """)
    issue = make.order("issue", "CENTRAL", make.line("ticket", first_number=11, last_number=13), target="service:CITY")
    assert make.posted(issue, by=store.people["amina"]).lines[0]["location"] == "SAFE"
    over_both = make.order(
        "issue", "CENTRAL", make.line("ticket", first_number=9, last_number=14), target="service:CITY"
    )
    assert codes(store, over_both) == [("/lines/0/first_number", "number_elsewhere")]
    store.play("CENTRAL/MAG -> CITY ticket numbers=14-15 !number_elsewhere")


def test_numbers_that_overlap_within_a_paper_are_refused(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF ticket numbers=1-10, ticket numbers=10-12 !number_elsewhere
        SUPPLIER -> SHELF ticket numbers=1-10, ticket numbers=11-12
        SHELF -> CITY ticket numbers=1-5, ticket numbers=5-6 !number_elsewhere
        SHELF -> CITY ticket numbers=1-5, ticket numbers=6-12
    """)


def test_the_story_of_a_number_is_told_in_the_order_of_days(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF ticket numbers=1-100 on=11-10
        SUPPLIER -> SHELF ticket numbers=101-200 on=11-20
        SHELF -> CITY ticket numbers=101-110 on=11-15 !number_elsewhere
        SHELF -> CITY ticket numbers=1-10 on=11-15
    """)


def test_the_story_of_a_number_is_told_in_all_stores(store: Store) -> None:
    store.play("""
        SUPPLIER -> NORTH ticket numbers=1-10 on=11-18
        NORTH -> CITY ticket numbers=1-10 on=11-20
        CITY -> SHELF ticket numbers=1-10 on=11-19 !number_elsewhere
        SUPPLIER -> SHELF ticket numbers=10-12 on=11-17 !number_elsewhere
        CITY -> SHELF ticket numbers=1-10 on=11-20
    """)


def test_ranges_travel_and_come_back(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF ticket numbers=1-100
        one: SHELF -> NORTH ticket numbers=1-10
        two: SHELF -> NORTH ticket numbers=11-20
        receive one ticket numbers=11-12 !number_elsewhere
        receive one ticket numbers=3-10
        back one ticket numbers=1-2 !second_person
    """)
    store.people["fatima"] = make.person("fatima", "manager")
    paper = store.play("back one ticket numbers=1-2 by=fatima")
    store.play("SHELF ticket 82")
    store.play("NORTH ticket 8")
    assert paper.kind == "move"
    store.play("receive two ticket numbers=11-20")
    assert make.differences() == []


def test_reversing_puts_the_numbers_back_together(store: Store) -> None:
    store.play("""
        came: SUPPLIER -> SHELF ticket numbers=1-100
        out: SHELF -> CITY ticket numbers=40-60
        reverse came !insufficient_stock
        reverse out
        reverse came
        SHELF ticket 0
    """)


# ---- transfers


def test_what_is_sent_is_received_and_the_difference_settled_by_a_second_person(store: Store) -> None:
    store.people["fatima"] = make.person("fatima", "manager")
    store.play("""
        SUPPLIER -> SHELF bolt 10
        sent: SHELF -> NORTH bolt 6
        receive sent bolt 7 !more_than_sent
        receive sent bolt 4 by=driss
        receive sent bolt 3 !more_than_sent
        lost sent bolt 1 !second_person
        lost sent bolt 1 by=driss !second_person
        lost sent bolt 3 by=fatima !more_than_sent
        lost sent bolt 1 by=fatima
        back sent bolt 1 by=fatima
        receive sent bolt 1 !more_than_sent
        SHELF bolt 5
        NORTH bolt 4
    """)
    transfer = documents.find_transfer(store.papers["sent"].id)
    assert transfer is not None
    assert [(one.item, one.sent, one.left) for one in transfer.outstanding()] == [("bolt", 6, 0)]
    assert make.differences() == []


def test_a_transfer_of_several_lots_arrives_lot_by_lot(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF insulin 2 lot=A expires=2027-01-01, insulin 3 lot=B expires=2027-02-01
        sent: SHELF -> NORTH insulin 5
        receive sent insulin 1 lot=B
        receive sent insulin 3 lot=B !more_than_sent
        receive sent insulin 1 lot=A expires=2027-02-01 !more_than_sent
        receive sent insulin 1 expires=2027-02-01
        receive sent insulin 2
    """)
    paper = store.play("receive sent insulin 1")
    assert [line["lot"] for line in paper.lines] == ["B"]
    assert documents.find_transfer(store.papers["sent"].id).outstanding()[0].left == 0


def test_a_transfer_is_received_where_it_was_sent(store: Store) -> None:
    make.warehouse("SOUTH")
    store.play("""
        SUPPLIER -> SHELF bolt 10
        sent: SHELF -> NORTH bolt 6
    """)
    elsewhere = make.order(
        "transfer_receipt", "SOUTH", make.line("bolt", "1"), source=f"document:{store.papers['sent'].id}"
    )
    assert codes(store, elsewhere) == [("/source/document", "other_warehouse")]
    settled_there = make.order(
        "write_off",
        "NORTH",
        make.line("bolt", "1"),
        source=f"document:{store.papers['sent'].id}",
        target="reason:lost_on_the_road",
    )
    assert codes(store, settled_there) == [("/source/document", "other_warehouse")]


def test_two_transfers_on_one_road_are_kept_apart(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10
        one: SHELF -> NORTH bolt 3
        two: SHELF -> NORTH bolt 4
        receive one bolt 4 !more_than_sent
        receive two bolt 4
        receive one bolt 3
    """)


def test_a_transfer_is_reversed_only_after_its_receipt_is(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10
        sent: SHELF -> NORTH bolt 6
        got: receive sent bolt 4
        reverse sent !not_reversible
        reverse got
        NORTH bolt 0
        reverse sent
        SHELF bolt 10
        receive sent bolt 1 !unknown
    """)
    assert make.differences() == []


def test_what_a_reversed_receipt_said_is_on_the_road_again(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 5
        sent: SHELF -> NORTH bolt 5
        came: receive sent bolt 3
        reverse came
        receive sent bolt 6 !more_than_sent
        receive sent bolt 5
        NORTH bolt 5
    """)


def test_goods_for_practice_never_mix_with_real_ones(store: Store) -> None:
    with transaction():
        warehouses.add_warehouse("EX-SCHOOL", in_service_on=make.OPENED, is_practice=True, name_fr="École")
    store.play("""
        SUPPLIER -> SHELF bolt 10
        SHELF -> EX-SCHOOL bolt 1 !practice_apart
    """)


# ---- write-offs, adjustments, conversions


def test_a_write_off_says_why(store: Store) -> None:
    store.play("SUPPLIER -> SHELF bolt 10 cost=1.00")
    paper = store.play("SHELF -> LOST bolt 4")
    assert paper.content["target"] == {"reason": "lost"}
    store.play("SHELF bolt 6 worth 6.00")


def test_an_adjustment_makes_the_book_agree_with_the_shelf(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10 cost=2.00
        SHELF -> COUNT bolt 1
        COUNT -> SHELF bolt 3
        SHELF bolt 12 worth 24.00
    """)
    asked = make.order("adjustment", "CENTRAL", make.line("bolt", "1"))
    assert codes(store, asked) == [("/lines/0/direction", "required")]
    named = make.order(
        "adjustment", "CENTRAL", make.line("bolt", "1", direction="out"), target="reason:source_break", note="file"
    )
    assert make.posted(named, by=store.people["amina"]).content["target"] == {"reason": "source_break"}


def test_a_conversion_conserves_value(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF wire 10 cost=1.11
        SUPPLIER -> SHELF insulin 3 lot=A expires=2027-01-01 cost=7.00, insulin 3 lot=B expires=2027-02-01 cost=8.00
    """)
    convert = make.order(
        "conversion",
        "CENTRAL",
        make.line("insulin", "4", target_item="bolt", target_quantity="3"),
        make.line("wire", "10", target_item="nail", target_quantity="7"),
    )
    paper = make.posted(convert, by=store.people["amina"])
    assert make.worth("bolt", "CENTRAL") == 30
    assert make.worth("insulin", "CENTRAL") == 15
    assert make.worth("nail", "CENTRAL") == Decimal("11.10")
    make.reversed_(paper, by=store.people["amina"])
    assert make.worth("insulin", "CENTRAL") == 45
    assert make.differences() == []


def test_a_conversion_says_into_what_and_how_much(store: Store) -> None:
    store.play("SUPPLIER -> SHELF bolt 10")
    for details, fault in (
        ({"target_item": "bolt", "target_quantity": "1"}, ("target_item", "unknown")),
        ({"target_item": "gold", "target_quantity": "1"}, ("target_item", "unknown")),
        ({"target_item": "desk", "target_quantity": "1"}, ("target_item", "unknown")),
        ({"target_item": "nail"}, ("target_quantity", "required")),
        ({"target_item": "nail", "target_quantity": "0.5"}, ("target_quantity", "too_fine")),
        ({"target_item": "nail", "target_quantity": "NaN"}, ("target_quantity", "range")),
        ({"target_item": "paint", "target_quantity": "1"}, ("target_lot", "required")),
    ):
        asked = make.order("conversion", "CENTRAL", make.line("bolt", "1", **details))
        assert codes(store, asked) == [(f"/lines/0/{fault[0]}", fault[1])]


def test_what_is_out_of_use_is_issued_and_not_received(store: Store) -> None:
    store.play("SUPPLIER -> SHELF bolt 10")
    with transaction():
        make.catalogue.retire(make.catalogue.get_item("bolt"), on=make.TODAY)
    store.play("""
        SUPPLIER -> SHELF bolt 1 !retired
        SHELF -> CITY bolt 1
        CITY -> SHELF bolt 1
    """)


def test_what_came_before_it_went_out_of_use_is_still_received(store: Store) -> None:
    with transaction():
        make.catalogue.retire(make.catalogue.get_item("bolt"), on=date(2026, 11, 22))
    store.play("""
        SUPPLIER -> SHELF bolt 10 on=11-21
        DONOR -> SHELF bolt 1 on=11-22 !retired
        SUPPLIER -> SHELF bolt 1 on=11-23 !retired
        SHELF bolt 10
    """)


def test_a_service_out_of_use_receives_nothing(store: Store) -> None:
    store.play("SUPPLIER -> SHELF bolt 10")
    store.play("SHELF -> CITY bolt 1")
    for code in ("CITY", "SCHOOL"):
        with transaction():
            make.parties.retire(make.parties.get(make.parties.Service, code))
        store.play(f"SHELF -> {code} bolt 1 !retired")


# ---- reversals


def test_a_paper_is_reversed_once_and_says_so(store: Store) -> None:
    store.play("""
        came: SUPPLIER -> SHELF bolt 10
        back: reverse came
        reverse came !already_reversed
        reverse back !not_reversible
        SHELF bolt 0
    """)
    came, back = (documents.document_of(store.papers[name].entry_id) for name in ("came", "back"))
    assert came.reversed_by == back.reference == "CENTRAL/AN/2026/000001"
    assert back.reverses == came.reference
    assert (back.content["reason"], back.content["target"]) == ("typed wrongly", {"supplier": "SUPPLIER"})


def test_who_could_not_post_a_paper_does_not_reverse_it(store: Store) -> None:
    store.people["omar"] = make.person("omar", "storekeeper", at="CENTRAL")
    store.play("""
        SUPPLIER -> SHELF bolt 5
        lost: SHELF -> LOST bolt 1
        out: SHELF -> CITY bolt 1
        reverse lost by=omar !not_allowed
        reverse out by=omar
        elsewhere: SUPPLIER -> NORTH bolt 5
        reverse elsewhere by=omar !not_allowed
    """)


def test_a_reversal_needs_the_goods(store: Store) -> None:
    store.play("""
        came: SUPPLIER -> SHELF bolt 10, nail 10
        SHELF -> CITY bolt 7, nail 1
    """)
    with pytest.raises(Refusal) as caught:
        store.play("reverse came")
    assert caught.value.code == "insufficient_stock"
    assert sorted(fault.details["item"] for fault in caught.value.faults) == ["bolt", "nail"]


def test_goods_do_not_go_back_to_a_place_out_of_use(store: Store) -> None:
    places = {code: make.location("CENTRAL", code).id for code in ("T1", "T2")}
    store.play("""
        came: SUPPLIER -> CENTRAL/T1 bolt 5
        out: CENTRAL/T1 -> CITY bolt 4
        sent: CENTRAL/T1 -> NORTH bolt 1
        SUPPLIER -> CENTRAL/T2 nail 5
        moved: CENTRAL/T2 -> SHELF nail 5
    """)
    with transaction():
        for id_ in places.values():
            warehouses.retire_location(db.session.get_one(warehouses.Location, id_))
    for name in ("out", "sent", "moved"):
        store.play(f"reverse {name} !not_reversible")
    with pytest.raises(Refusal, match="T1"):
        store.play("reverse out")
    with transaction():
        db.session.get_one(warehouses.Location, places["T1"]).is_active = True
    store.play("""
        reverse out
        reverse sent
        CENTRAL/T1 bolt 5
        reverse came
    """)


def test_a_reversal_is_dated_today_or_not_before_its_paper(store: Store) -> None:
    store.play("""
        came: SUPPLIER -> SHELF bolt 10 on=11-20
        reverse came on=11-19 !too_early
        reverse came on=11-21
    """)


def test_a_reversal_says_why(store: Store) -> None:
    paper = store.play("SUPPLIER -> SHELF bolt 10")
    for reason in ("", "  ", "r" * 501, "\x00"):
        with pytest.raises(InvalidRequest):
            make.reversed_(paper, by=store.people["amina"], reason=reason)


def test_every_kind_can_be_reversed(store: Store) -> None:
    make.location("CENTRAL", "A1")
    store.people["fatima"] = make.person("fatima", "manager")
    lines = (
        "OPENING -> SHELF bolt 20 cost=2.00",
        "SUPPLIER -> SHELF bolt 10 cost=5.00",
        "SHELF -> CITY bolt 3",
        "CITY -> SHELF bolt 2",
        "SHELF -> CENTRAL/A1 bolt 4",
        "SHELF -> NORTH bolt 5",
        "receive p5 bolt 2",
        "lost p5 bolt 1 by=fatima",
        "SHELF -> DAMAGED bolt 1",
        "COUNT -> SHELF bolt 6",
        "SHELF -> COUNT bolt 2",
    )
    for number, line in enumerate(lines):
        store.play(f"p{number}: {line}")
    for number in reversed(range(len(lines))):
        store.play(f"reverse p{number}")
    store.play("""
        SHELF bolt 0 worth 0.00
        NORTH bolt 0 worth 0.00
    """)
    assert make.differences() == []


# ---- papers and drafts


def test_a_paper_is_found_again(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10 on=11-20
        SHELF -> CITY bolt 1 on=11-21
        SUPPLIER -> NORTH nail 1 on=11-22
        SHELF -> CITY bolt 1 by=driss
    """)
    find = documents.find_documents
    everything, more = find(documents.Filters())
    assert [paper.on.day for paper in everything] == [23, 22, 21, 20]
    assert more is None
    page, mark = find(documents.Filters(), limit=3)
    assert [paper.on.day for paper in page] == [23, 22, 21]
    assert [paper.on.day for paper in find(documents.Filters(), before=mark)[0]] == [20]
    north = warehouses.get_warehouse("NORTH").id
    bolt = make.catalogue.get_item("bolt").id
    driss = store.people["driss"].id
    for filters, days in (
        (documents.Filters(warehouse_ids=[north]), [22]),
        (documents.Filters(warehouse_ids=[]), []),
        (documents.Filters(kinds=["issue"]), [23, 21]),
        (documents.Filters(item_id=bolt), [23, 21, 20]),
        (documents.Filters(first_on=date(2026, 11, 21), last_on=date(2026, 11, 22)), [22, 21]),
        (documents.Filters(actor_id=driss), [23]),
        (documents.Filters(number=2, year=2026, kinds=["issue"]), [23]),
    ):
        assert [paper.on.day for paper in find(filters)[0]] == days
    assert documents.document_by_code(everything[0].code).id == everything[0].id
    with pytest.raises(NotFound):
        documents.document_of(999)


def test_the_answer_of_a_posting_is_the_paper_as_it_is_found(store: Store) -> None:
    posted = store.play("SUPPLIER -> SHELF bolt 10 cost=1.50")
    found = documents.document_of(posted.entry_id)
    assert found == posted
    assert found.lines[0]["balance"] == "10"


def test_the_paper_quotes_codes_and_never_names(store: Store) -> None:
    paper = store.play("SUPPLIER -> SHELF bolt 10")
    assert "Amina" not in str(paper.content)
    assert paper.content["source"] == {"supplier": "SUPPLIER"}


def test_a_draft_is_ones_own_and_has_no_number(store: Store) -> None:
    amina, driss = store.people["amina"], store.people["driss"]
    where = warehouses.get_warehouse("CENTRAL").id
    content = {"lines": [documents.EMPTY_LINE]}
    draft = make.done(documents.keep_draft, content, kind="issue", warehouse_id=where, by=amina, at=make.now())
    assert [one.id for one in documents.drafts_of(amina)] == [draft.id]
    assert documents.drafts_of(driss) == []
    with pytest.raises(NotFound):
        documents.get_draft(draft.id, by=driss)
    again = {"kind": "issue", "warehouse_id": where, "by": amina, "at": make.now(), "draft_id": draft.id}
    make.done(documents.keep_draft, {"lines": []}, **again, revision=1)
    with pytest.raises(Refusal) as caught:
        make.done(documents.keep_draft, {"lines": [1]}, **again, revision=1)
    assert caught.value.code == "changed_meanwhile"
    assert documents.get_draft(draft.id, by=amina).content == {"lines": []}
    keyed = make.done(documents.keep_draft, {"key": "form"}, kind="issue", warehouse_id=where, by=amina, at=make.now())
    assert [one.id for one in documents.drafts_with("form", by=amina)] == [keyed.id]
    assert {one.id for one in documents.drafts_with("form", draft.id, by=amina)} == {draft.id, keyed.id}
    assert documents.drafts_with("form", draft.id, by=driss) == documents.drafts_with("other", by=amina) == []
    make.done(documents.drop_draft, keyed.id, by=amina)
    make.done(documents.drop_draft, draft.id, by=amina)
    assert documents.drafts_of(amina) == []
    assert make.differences() == []


# ---- alerts


def test_an_expired_lot_that_arrives_closes_no_alert(store: Store) -> None:
    """Nor when it comes back by a reversal: what may not be used is not available."""
    make.item("serum", tracking="lot", has_expiry=True)
    make.rule("serum", "CENTRAL", "5", "9")
    store.play("""
        DONOR -> SHELF serum 9 lot=OLD expires=2026-11-01
        out: SHELF -> EXPIRED serum 9 lot=OLD
        reverse out
    """)
    with transaction():
        assert make.replenishment.rederive(on=make.TODAY, at=make.now()) == 0
