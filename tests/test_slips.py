"""Slips to regularise: the goods have gone, the books have not; nothing is forgotten until papers put it right."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from inventory import audit, slips
from inventory.access import Identity
from inventory.catalogue import NewPackaging, get_item
from inventory.database import db, transaction
from inventory.documents import LineOrder
from inventory.errors import ChangedMeanwhile, InsufficientStock, InvalidRequest, NotAllowed, NumberElsewhere
from inventory.replenishment import Commitment
from inventory.slips import NewSlip, Slip, SlipsAsked
from inventory.warehouses import get_warehouse
from tests import make
from tests.script import Store


@make.furnished
def store() -> Store:
    made = Store.opened(
        "NORTH",
        bolt={"packagings": (NewPackaging("box", Decimal(50)),)},
        nut={},
        insulin={"tracking": "lot", "has_expiry": True},
        desk={"tracking": "unit"},
        ticket={"tracking": "range"},
    )
    made.people["karim"] = make.person("karim", "storekeeper", at="CENTRAL")
    made.people["omar"] = make.person("omar", "storekeeper", at="NORTH")
    return made


def handed(store: Store, *lines: LineOrder, by: str = "karim", **given: Any) -> Slip:
    new = NewSlip(**{"warehouse": "CENTRAL", "service": "CITY", "receiver": "Said, équipe 4", "lines": lines, **given})
    return make.done(slips.record, new, by=store.people[by], today=make.TODAY, at=make.now())


def wanted(quantity: str = "5", item: str = "bolt", **details: Any) -> LineOrder:
    return make.line(item, quantity, **details)


def settle(slip: Slip, *papers: Any, by: Identity) -> None:
    make.done(slips.settle, slip.id, [paper.entry_id for paper in papers], by=by, at=make.now())


def refused(verb: Any, *arguments: Any, **named: Any) -> list[str]:
    with pytest.raises(InvalidRequest) as caught:
        verb(*arguments, **named)
    return [fault.code for fault in caught.value.faults]


def is_open(slip: Slip) -> bool:
    return bool(slips.slip_row(slip.id).is_open)


def test_a_slip_changes_no_stock_and_stands_in_no_register(store: Store) -> None:
    store.play("SUPPLIER -> SHELF bolt 3")
    slip = handed(store, wanted("5"))
    store.play("SHELF bolt 3")
    assert make.differences() == []
    assert slips.slip_reference(slip, "CENTRAL") == "CENTRAL/AR/2026/000001"
    (line,) = slips.lines_of_slips([slip.id])[slip.id]
    assert (line.SlipLine.quantity, line.SlipLine.available) == (5, 3)
    (record,) = audit.records(action="slip.recorded")
    assert (record.actor, record.subject) == ("karim", "CENTRAL/AR/2026/000001")


def test_slips_are_numbered_per_warehouse_without_gaps(store: Store) -> None:
    numbers = [handed(store, wanted()).number_in_year for _ in range(2)]
    with pytest.raises(InvalidRequest):
        handed(store, wanted(), receiver=" ")
    numbers.append(handed(store, wanted()).number_in_year)
    assert numbers == ["1/2026", "2/2026", "3/2026"]
    assert handed(store, wanted(), warehouse="NORTH", by="omar").number_in_year == "1/2026"


def test_what_the_store_has_is_issued_and_needs_no_slip(store: Store) -> None:
    store.play("SUPPLIER -> SHELF bolt 10")
    assert refused(handed, store, wanted("10")) == ["in_stock"]
    handed(store, wanted("6"), wanted("6"))  # together too much
    handed(store, wanted("1", "nut"), wanted("1"))  # one of them is wanting


IN_TWO_LOTS = "SUPPLIER -> SHELF insulin 5 lot=A expires=2027-01-31, insulin 5 lot=B expires=2027-02-28"
AT_TWO_PLACES = "SUPPLIER -> CENTRAL/S1 bolt 6\nSUPPLIER -> SHELF bolt 4"
OTHER_NUMBERS = "SUPPLIER -> SHELF ticket numbers=1-10"


@pytest.mark.parametrize(
    ("there", "lines"),
    [
        pytest.param(AT_TWO_PLACES, [("6", {"location": "S1"}), ("6", {})], id="a place, then any"),
        pytest.param(AT_TWO_PLACES, [("6", {}), ("6", {"location": "S1"})], id="any place, then one"),
        pytest.param(IN_TWO_LOTS, [("5", {"lot": "A"}), ("10", {})], id="a lot, then any"),
        pytest.param(IN_TWO_LOTS, [("5", {"lot": "B"}), ("6", {})], id="the later lot, then any"),
        pytest.param(OTHER_NUMBERS, [(None, {"first_number": 11, "last_number": 20})], id="other numbers"),
    ],
)
def test_what_an_issue_refuses_for_want_of_goods_a_slip_takes(
    store: Store, there: str, lines: list[tuple[str | None, dict[str, Any]]]
) -> None:
    make.location("CENTRAL", "S1")
    item = str(store.play(there).lines[0]["item"])
    asked = [make.line(item, quantity, **details) for quantity, details in lines]
    paper = make.order("issue", "CENTRAL", *asked, target="service:CITY", reason="All of it")
    with pytest.raises((InsufficientStock, NumberElsewhere)):
        make.posted(paper, by=store.people["karim"])
    handed(store, *asked)


def test_lines_that_share_what_is_there_need_no_slip(store: Store) -> None:
    make.location("CENTRAL", "S1")
    store.play(f"""
        SUPPLIER -> CENTRAL/S1 bolt 6
        SUPPLIER -> SHELF bolt 6, ticket numbers=1-10, desk 1 lot=INV-1, desk 1 lot=INV-2
        {IN_TWO_LOTS}
    """)
    enough = (
        [wanted("6", location="S1"), wanted("6")],
        [wanted("5", "insulin", lot="B"), wanted("5", "insulin")],
        [wanted("1", "desk"), wanted("1", "desk")],
        [make.line("ticket", first_number=1, last_number=4), make.line("ticket", first_number=5, last_number=10)],
    )
    for lines in enough:
        assert refused(handed, store, *lines) == ["in_stock"]
    handed(store, wanted("1", "desk"), wanted("1", "desk"), wanted("1", "desk"))
    handed(store, wanted("6", location="ATTIC"))


def test_what_is_reserved_for_others_is_wanting(store: Store) -> None:
    store.play("SUPPLIER -> SHELF bolt 10")
    with transaction():
        here = get_warehouse("CENTRAL").id
        db.session.add(
            Commitment(
                item_id=get_item("bolt").id, warehouse_id=here, kind="reserved", quantity=Decimal(8), reference="R"
            )
        )
    handed(store, wanted("3"))


def test_a_slip_made_without_network_is_taken_though_goods_came_since(store: Store) -> None:
    made_at = make.now() - timedelta(hours=3)
    store.play("SUPPLIER -> SHELF bolt 10")
    slip = handed(store, wanted("5"), made_at=made_at)
    assert slip.made_at == made_at
    ahead = handed(store, wanted("50"), made_at=make.now() + timedelta(days=1))
    assert ahead.made_at == ahead.recorded_at  # a device's clock runs ahead, the house's does not


def test_packagings_are_kept_as_they_were_counted(store: Store) -> None:
    slip = handed(store, wanted("2", unit="box"))
    (line,) = slips.lines_of_slips([slip.id])[slip.id]
    assert (line.SlipLine.quantity, line.SlipLine.unit, line.SlipLine.unit_quantity) == (100, "box", 2)


def test_bad_lines_are_refused_all_at_once(store: Store) -> None:
    faults = refused(handed, store, wanted("0.5"), wanted("1", "nothing"), wanted("1", unit="crate"))
    assert sorted(faults) == ["too_fine", "unknown", "unknown"]
    assert slips.find_slips(SlipsAsked())[0] == []


def test_who_keeps_another_warehouse_writes_no_slip_here(store: Store) -> None:
    with pytest.raises(NotAllowed):
        handed(store, wanted(), by="omar")


# – settling ----------------------------------------------------------------------------------------------------------


def test_the_papers_that_put_it_right_settle_it(store: Store) -> None:
    slip = handed(store, wanted("5"))
    late = store.play("SUPPLIER -> SHELF bolt 20")
    issue = store.play("SHELF -> CITY bolt 5")
    assert slips.open_slips([slip.warehouse_id])[0] == 1
    assert [one.id for one in slips.fitting_papers(slip)] == [issue.entry_id, late.entry_id]
    settle(slip, late, issue, by=store.people["karim"])
    assert not is_open(slip)
    assert slips.open_slips([slip.warehouse_id]) == (0, None)
    settle(slip, issue, late, by=store.people["karim"])  # the same once more
    assert len(slips.settlements_of([slip.id])[slip.id]) == 1
    (record,) = audit.records(action="slip.settled")
    assert record.details["papers"] == [late.reference, issue.reference]
    with pytest.raises(ChangedMeanwhile):
        settle(slip, issue, by=store.people["karim"])


@pytest.mark.parametrize(
    "paper", ["SHELF -> CITY bolt 4", "SHELF -> SCHOOL bolt 5", "SHELF -> CITY nut 5", "SHELF -> NORTH bolt 5"]
)
def test_less_or_to_somebody_else_or_something_else_puts_nothing_right(store: Store, paper: str) -> None:
    slip = handed(store, wanted("5"))
    store.play("SUPPLIER -> SHELF bolt 20, nut 20")
    issue = store.play(paper)
    expected = ["unfit"] if "nut" in paper else ["not_covered"]
    assert refused(settle, slip, issue, by=store.people["karim"]) == expected
    assert is_open(slip)


def test_a_paper_from_before_or_from_elsewhere_puts_nothing_right(store: Store) -> None:
    store.play("SUPPLIER -> SHELF bolt 5")
    before = store.play("SHELF -> CITY bolt 5")
    slip = handed(store, wanted("5"))
    store.play("SUPPLIER -> NORTH bolt 5")
    elsewhere = store.play("NORTH -> CITY bolt 5")
    assert refused(settle, slip, before, elsewhere, by=store.people["karim"]) == ["unfit", "unfit"]
    assert refused(settle, slip, by=store.people["karim"]) == ["required"]


def test_two_slips_share_what_a_paper_moved(store: Store) -> None:
    first, second = handed(store, wanted("5")), handed(store, wanted("3"))
    store.play("SUPPLIER -> SHELF bolt 20")
    issue = store.play("SHELF -> CITY bolt 7")
    settle(first, issue, by=store.people["karim"])
    assert refused(settle, second, issue, by=store.people["karim"]) == ["not_covered"]
    more = store.play("SHELF -> CITY bolt 1")
    settle(second, issue, more, by=store.people["karim"])
    assert not is_open(second)


def test_a_slip_whose_paper_is_reversed_waits_again(store: Store) -> None:
    slip = handed(store, wanted("5"))
    store.play("SUPPLIER -> SHELF bolt 20")
    issue = store.play("issue: SHELF -> CITY bolt 5")
    settle(slip, issue, by=store.people["karim"])
    store.play("reverse issue")
    assert is_open(slip)
    assert [row.Slip.id for row in slips.find_slips(SlipsAsked(state="open"))[0]] == [slip.id]
    assert refused(settle, slip, issue, by=store.people["karim"]) == ["unfit"]
    again = store.play("SHELF -> CITY bolt 5")
    settle(slip, again, by=store.people["karim"])
    assert [bool(one.stands) for one in slips.settlements_of([slip.id])[slip.id]] == [True, False]


def close(slip: Slip, reason: str, by: Identity) -> None:
    make.done(slips.close, slip.id, reason, by=by, at=make.now())


def test_a_manager_who_did_not_write_it_closes_it_with_a_reason(store: Store) -> None:
    slip, own = handed(store, wanted()), handed(store, wanted(), by="amina")
    with pytest.raises(NotAllowed):
        close(slip, "Rendu le soir même", store.people["karim"])
    assert refused(close, slip, " ", store.people["amina"]) == ["required"]
    assert refused(close, own, "Rendu", store.people["amina"]) == ["second_person"]
    close(slip, "Rendu le soir même", store.people["amina"])
    close(own, "Rendu", store.people["driss"])
    assert [bool(row.is_open) for row in slips.find_slips(SlipsAsked())[0]] == [False, False]
    with pytest.raises(ChangedMeanwhile):
        close(slip, "Encore", store.people["driss"])
    assert {record.details["reason"] for record in audit.records(action="slip.closed")} == {
        "Rendu le soir même",
        "Rendu",
    }
