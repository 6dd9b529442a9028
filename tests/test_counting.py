"""Counting a place: blind, whole, compared once, decided once; and a barrier for what is dated before."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from inventory import audit, counting
from inventory.access import Identity
from inventory.catalogue import Lot, NewPackaging
from inventory.counting import STATES, CountsAsked, NewCount, PlaceCount, WaitingCount
from inventory.database import db
from inventory.documents import Document, LineOrder
from inventory.errors import ChangedMeanwhile, InvalidRequest, NotAllowed, Refusal
from tests import make
from tests.plans import plans, questions, read_whole
from tests.script import Store, quantity_at


@make.furnished
def store() -> Store:
    made = Store.opened(
        "NORTH", bolt={"packagings": (NewPackaging("box", Decimal(50)),)}, nut={},
        serum={"tracking": "lot", "has_expiry": True}, desk={"tracking": "unit"}, lamp={"tracking": "unit"},
        voucher={"tracking": "range"},
    )  # fmt: skip
    make.location("CENTRAL", "A1")
    made.people["karim"] = make.person("karim", "storekeeper", at="CENTRAL")
    made.people["salma"] = make.person("salma", "auditor")
    return made


def counted(store: Store, *lines: LineOrder, place: str | None = "A1", by: str = "karim", **given: Any) -> PlaceCount:
    new = NewCount(warehouse="CENTRAL", location=place, lines=lines, **given)
    return make.done(counting.record, new, by=store.people[by], today=make.TODAY, at=make.now())


def found(count: PlaceCount) -> dict[tuple[str, str], tuple[int, int]]:
    """What was counted and what was expected, by item and lot."""
    rows = counting.lines_of_counts([count.id])[count.id]
    return {
        (one.Item.code, one.CountLine.lot): (int(one.CountLine.counted), int(one.CountLine.expected)) for one in rows
    }


def state(count: PlaceCount) -> str:
    """The state of a count; where to look for what waits says the same, whatever happened before."""
    told = str(counting.count_row(count.id).state)
    assert (db.session.get(WaitingCount, count.id) is not None) == (told == "waiting")
    return told


def lines_counted_again(count: PlaceCount) -> list[str]:
    return [one.Item.code for one in counting.lines_of_counts([count.id])[count.id] if one.is_counted_again]


def lines_moved(count: PlaceCount) -> list[str]:
    return [one.Item.code for one in counting.lines_of_counts([count.id])[count.id] if one.has_moved]


def listed(state: str = "") -> list[int]:
    return [row.PlaceCount.id for row in counting.find_counts(CountsAsked(state=state))[0]]


def adjust(count: PlaceCount, reason: str = "Compté deux fois", *, by: Identity, key: str | None = None) -> Document:
    return make.done(counting.adjust, count.id, reason, by=by, today=make.TODAY, at=make.now(), key=key or make.key())


def refused(verb: Any, *arguments: Any, **named: Any) -> list[str]:
    with pytest.raises(InvalidRequest) as caught:
        verb(*arguments, **named)
    return [fault.code for fault in caught.value.faults]


LOTS = "SUPPLIER -> CENTRAL/A1 serum 7 lot=L1 expires=2027-01-31, serum 5 lot=L2 expires=2028-01-31"


def test_a_place_is_compared_whole(store: Store) -> None:
    store.play(f"SUPPLIER -> CENTRAL/A1 bolt 110, nut 4\n{LOTS}\nSUPPLIER -> SHELF bolt 9")
    count = counted(
        store, make.line("bolt", "2", unit="box"), make.line("bolt", "12"), make.line("serum", "7", lot="L1")
    )
    assert found(count) == {
        ("bolt", ""): (112, 110),
        ("serum", "L1"): (7, 7),
        ("nut", ""): (0, 4),
        ("serum", "L2"): (0, 5),
    }
    assert state(count) == "waiting"
    store.play("CENTRAL/A1 bolt 110")  # nothing has moved yet


def test_what_agrees_needs_no_decision(store: Store) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 bolt 12")
    count = counted(store, make.line("bolt", "12"))
    assert state(count) == "matched"
    assert refused(adjust, count, by=store.people["amina"]) == ["matched"]
    empty = counted(store, place=None)
    assert (state(empty), found(empty)) == ("matched", {})


def test_the_difference_becomes_an_adjustment_with_its_reason(store: Store) -> None:
    store.play(f"SUPPLIER -> CENTRAL/A1 bolt 110 cost=2, nut 4\n{LOTS}\nSUPPLIER -> CENTRAL/A1 desk 1 lot=INV-1")
    count = counted(
        store, make.line("bolt", "108"), make.line("nut", "6"), make.line("serum", "7", lot="L1"),
        make.line("serum", "2", lot="L9", expires_on=make.TODAY + timedelta(days=90)),
    )  # fmt: skip
    key = make.key()
    paper = adjust(count, "Erreur de rangement", by=store.people["amina"], key=key)
    store.play("""
        CENTRAL/A1 bolt 108
        CENTRAL/A1 nut 6
        CENTRAL/A1 serum 9
        CENTRAL/A1 desk 0
    """)
    assert (paper.kind, paper.content["reason"], paper.content["details"]) == (
        "adjustment", "Erreur de rangement", {"count": str(count.id)},
    )  # fmt: skip
    assert state(count) == "adjusted"
    assert counting.count_row(count.id).CountDecision.entry_id == paper.entry_id
    again = adjust(count, "Erreur de rangement", by=store.people["amina"], key=key)
    assert (again.entry_id, again.is_replay) == (paper.entry_id, True)
    with pytest.raises(ChangedMeanwhile):
        adjust(count, by=store.people["driss"])
    store.play("CENTRAL/A1 bolt 108")
    (record,) = audit.records(action="count.adjusted")
    assert record.details["paper"] == paper.reference
    assert make.differences() == []


def test_two_who_decide_at_once_post_once(store: Store, app: Flask) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10")
    count = counted(store, make.line("bolt", "7"))
    gate, told = threading.Barrier(2), []

    def decide(name: str) -> None:
        with app.app_context():
            gate.wait()
            try:
                told.append(adjust(count, by=store.people[name]).kind)
            except Refusal as refusal:
                told.append(refusal.code)

    threads = [threading.Thread(target=decide, args=(name,)) for name in ("amina", "driss")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["adjustment", "changed_meanwhile"]
    store.play("CENTRAL/A1 bolt 7")


def test_who_may_not_adjust_hands_it_on(store: Store) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10")
    count = counted(store, make.line("bolt", "7"))
    with pytest.raises(NotAllowed):
        adjust(count, by=store.people["karim"])
    make.done(counting.remark, count.id, "Trois sacs percés", by=store.people["karim"], at=make.now())
    assert counting.waiting_counts([count.warehouse_id]) == 1
    assert [one.CountRemark.remark for one in counting.remarks_of([count.id])[count.id]] == ["Trois sacs percés"]
    with pytest.raises(NotAllowed):
        make.done(counting.dismiss, count.id, "Non", by=store.people["karim"], at=make.now())
    make.done(counting.dismiss, count.id, "À recompter", by=store.people["amina"], at=make.now())
    assert (state(count), counting.waiting_counts([count.warehouse_id])) == ("dismissed", 0)
    store.play("CENTRAL/A1 bolt 10")
    with pytest.raises(ChangedMeanwhile):
        adjust(count, by=store.people["amina"])
    with pytest.raises(NotAllowed):
        counted(store, make.line("bolt", "10"), by="salma")


def test_no_decision_without_a_reason(store: Store) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10")
    count = counted(store, make.line("bolt", "7"))
    assert refused(adjust, count, "  ", by=store.people["amina"]) == ["required"]
    assert refused(make.done, counting.dismiss, count.id, "", by=store.people["amina"], at=make.now()) == ["required"]


def test_a_later_count_of_the_place_replaces_one_that_waits(store: Store) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10\nSUPPLIER -> SHELF bolt 3")
    first = counted(store, make.line("bolt", "7"))
    elsewhere = counted(store, make.line("bolt", "2"), place=None)
    second = counted(store, make.line("bolt", "8"))
    assert [state(one) for one in (first, elsewhere, second)] == ["replaced", "waiting", "waiting"]
    with pytest.raises(ChangedMeanwhile):
        adjust(first, by=store.people["amina"])
    adjust(second, by=store.people["amina"])
    store.play("CENTRAL/A1 bolt 8")
    assert listed("waiting") == [elsewhere.id]


def test_only_some_things_are_compared_when_who_counts_says_so(store: Store) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10, nut 4")
    some = counted(store, make.line("bolt", "7"), is_whole=False)
    assert found(some) == {("bolt", ""): (7, 10)}
    others = counted(store, make.line("nut", "3"), is_whole=False)
    assert (state(some), state(others)) == ("waiting", "waiting")  # other goods: neither replaces the other
    again = counted(store, make.line("bolt", "8"), is_whole=False)
    assert [state(one) for one in (some, others, again)] == ["replaced", "waiting", "waiting"]
    counted(store, make.line("bolt", "10"), make.line("nut", "4"))
    assert [state(one) for one in (some, others, again)] == ["replaced", "replaced", "replaced"]
    assert refused(counted, store, is_whole=False) == ["required"]


def test_what_nobody_counted_again_still_waits(store: Store) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10, nut 10 on=11-20")
    first = counted(store, make.line("bolt", "8"), make.line("nut", "7"))
    again = counted(store, make.line("bolt", "10"), is_whole=False)
    assert [state(one) for one in (first, again)] == ["waiting", "matched"]
    assert listed("waiting") == [first.id]
    assert lines_counted_again(first) == ["bolt"]
    key = make.key()
    paper = adjust(first, by=store.people["amina"], key=key)
    store.play("CENTRAL/A1 bolt 10\nCENTRAL/A1 nut 7")
    store.play("CENTRAL/A1 -> CITY bolt 1 on=11-22\nCENTRAL/A1 -> CITY nut 1 on=11-22 !count_barrier")
    counted(store, make.line("bolt", "10"), make.line("nut", "7"))
    assert lines_counted_again(first) == ["bolt"]  # what was decided before is not undecided by counting later
    assert adjust(first, by=store.people["amina"], key=key).entry_id == paper.entry_id


def test_a_count_is_replaced_when_all_that_differed_was_counted_again(store: Store) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10, nut 10, serum 4 lot=L1 expires=2030-01-31")
    first = counted(store, make.line("bolt", "8"), make.line("nut", "7"), make.line("serum", "4", lot="L1"))
    counted(store, make.line("bolt", "8"), is_whole=False)
    assert state(first) == "waiting"
    counted(store, make.line("nut", "7"), is_whole=False)
    assert state(first) == "replaced"
    with pytest.raises(ChangedMeanwhile):
        adjust(first, by=store.people["amina"])


def test_the_list_of_a_state_holds_the_counts_in_it(store: Store) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10, nut 4")
    made = []
    for item, quantity in (("bolt", "10"), ("bolt", "9"), ("bolt", "8"), ("bolt", "10"), ("bolt", "7"), ("nut", "3")):
        made.append(counted(store, make.line(item, quantity), is_whole=False))
        if quantity == "8":
            make.done(counting.dismiss, made[-1].id, "À recompter", by=store.people["amina"], at=make.now())
        elif quantity == "7":
            adjust(made[-1], by=store.people["amina"])
    in_state = [state(one) for one in made]
    assert in_state == ["matched", "replaced", "dismissed", "matched", "adjusted", "waiting"]
    for one in STATES:
        assert listed(one) == [count.id for count, told in zip(made, in_state, strict=True) if told == one][::-1]
    assert listed() == [count.id for count in made][::-1]
    first, mark = counting.find_counts(CountsAsked(state="matched"), limit=1)
    rest, end = counting.find_counts(CountsAsked(state="matched"), after=mark, limit=1)
    assert ([row.PlaceCount.id for row in (*first, *rest)], end) == ([made[3].id, made[0].id], None)


def test_what_waits_is_found_without_reading_what_matched(store: Store) -> None:
    """Years of counts that agreed would be felt on every home page."""
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10")
    counted(store, make.line("bolt", "10"))
    count = counted(store, make.line("bolt", "7"))
    with questions() as asked:
        assert counting.waiting_counts([count.warehouse_id]) == 1
        assert listed("waiting") == [count.id]
    assert len(asked) == 2
    for plan in plans(asked):
        assert "waiting_count" in plan
        assert not read_whole(plan) & {"place_count", "count_line", "count_decision"}, plan


def test_what_moves_after_the_comparison_changes_no_difference(store: Store) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10")
    count = counted(store, make.line("bolt", "7"))
    store.play("CENTRAL/A1 -> CITY bolt 2")
    adjust(count, by=store.people["amina"])
    store.play("CENTRAL/A1 bolt 5")


LATE = {
    "an issue that was forgotten": "CENTRAL/A1 -> CITY bolt 2 on=11-22",
    "what was wrong and put right on its day": "reverse wrong on=11-20\nSUPPLIER -> CENTRAL/A1 bolt 8 on=11-20",
    "what was wrong and put right today": "reverse wrong\nSUPPLIER -> CENTRAL/A1 bolt 8",
    "an adjustment by hand": "CENTRAL/A1 -> COUNT bolt 2",
    "a report of loss": "CENTRAL/A1 -> STOLEN bolt 2",
    "a move from there that was forgotten": "CENTRAL/A1 -> SHELF bolt 2 on=11-22",
}


@pytest.mark.parametrize("script", LATE.values(), ids=LATE)
def test_what_a_late_paper_puts_right_is_not_corrected_twice(store: Store, script: str) -> None:
    store.play("wrong: SUPPLIER -> CENTRAL/A1 bolt 10 on=11-20\nSUPPLIER -> CENTRAL/A1 nut 4 on=11-20")
    count = counted(store, make.line("bolt", "8"), make.line("nut", "3"))
    store.play(script)
    lies = quantity_at("CENTRAL", "A1", "bolt")
    assert lines_moved(count) == ["bolt"]
    assert refused(adjust, count, by=store.people["amina"]) == ["moved"]
    again = counted(store, make.line("bolt", str(lies)), is_whole=False)  # counted again, the rest can be decided
    assert state(again) == "matched"
    adjust(count, by=store.people["amina"])
    store.play(f"CENTRAL/A1 bolt {lies}\nCENTRAL/A1 nut 3")
    assert lines_moved(count) == []


def test_what_came_and_went_after_the_count_leaves_the_difference_as_it_was(store: Store) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10 on=11-20")
    count = counted(store, make.line("bolt", "8"))
    store.play("""
        out: CENTRAL/A1 -> CITY bolt 3
        SUPPLIER -> CENTRAL/A1 bolt 5
        reverse out
        CENTRAL/A1 -> SHELF bolt 1
        CENTRAL/A1 -> DAMAGED bolt 1
        late: CENTRAL/A1 -> CITY bolt 1 on=11-21
        reverse late
    """)
    assert lines_moved(count) == []
    adjust(count, by=store.people["amina"])
    store.play("CENTRAL/A1 bolt 11")


def test_lots_are_told_apart_when_a_late_paper_comes(store: Store) -> None:
    store.play(f"{LOTS} on=11-20")
    count = counted(store, make.line("serum", "6", lot="L1"), make.line("serum", "5", lot="L2"))
    store.play("CENTRAL/A1 -> CITY serum 1 lot=L2 because=ouvert on=11-22")
    adjust(count, by=store.people["amina"])
    store.play("CENTRAL/A1 serum 10")


def test_goods_that_agreed_and_were_corrected_since_are_kept_open(store: Store) -> None:
    """The count says nothing of them any more: what was posted late can be taken back."""
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10, nut 10 on=11-20")
    count = counted(store, make.line("bolt", "8"), make.line("nut", "10"))
    store.play("late: CENTRAL/A1 -> CITY nut 1 on=11-22")
    adjust(count, by=store.people["amina"])
    store.play("reverse late")


def test_what_moved_while_a_count_was_under_way_is_counted_again(store: Store) -> None:
    """A count is made at ten without network, a colleague issues from the shelf, the count arrives at noon."""
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10, nut 4")
    counted_at = make.now()
    store.play("CENTRAL/A1 -> CITY bolt 2")
    count = counted(store, make.line("bolt", "10"), make.line("nut", "3"), counted_at=counted_at)
    moved = {one.Item.code: one.CountLine.has_moved for one in counting.lines_of_counts([count.id])[count.id]}
    assert moved == {"bolt": True, "nut": False}
    assert refused(adjust, count, by=store.people["amina"]) == ["moved"]
    store.play("CENTRAL/A1 bolt 8")


def test_papers_that_a_device_made_before_counting_have_not_moved_anything_since(store: Store) -> None:
    """The device made a paper, then counted; both arrive later, the paper first."""
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10")
    counted_at = make.now()
    store.play("CENTRAL/A1 -> CITY bolt 2 by=karim key=k1")
    store.play("CENTRAL/A1 -> CITY bolt 1 by=amina key=k2")
    mine = counted(store, make.line("bolt", "6"), counted_at=counted_at, before=["k1"])
    (line,) = counting.lines_of_counts([mine.id])[mine.id]
    assert line.CountLine.has_moved  # the colleague's
    calm = counted(store, make.line("bolt", "6"), counted_at=make.now(), before=["k1", "k2"])
    (line,) = counting.lines_of_counts([calm.id])[calm.id]
    assert (line.CountLine.has_moved, line.CountLine.expected) == (False, 7)


def test_nobody_calls_anothers_paper_ones_own(store: Store) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10")
    counted_at = make.now()
    store.play("CENTRAL/A1 -> CITY bolt 1 by=amina key=k2")
    count = counted(store, make.line("bolt", "9"), counted_at=counted_at, before=["k2"])
    (line,) = counting.lines_of_counts([count.id])[count.id]
    assert line.CountLine.has_moved


def test_a_posted_count_is_a_barrier(store: Store) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10, nut 10 on=11-20\nSUPPLIER -> SHELF bolt 5 on=11-20")
    wrong = store.play("wrong: CENTRAL/A1 -> CITY bolt 1, nut 1 on=11-20")
    count = counted(store, make.line("bolt", "8"), make.line("nut", "9"))
    store.play("late: CENTRAL/A1 -> CITY bolt 1 on=11-22\nreverse late")  # nobody has decided yet
    adjust(count, by=store.people["amina"])
    assert wrong is not None
    store.play("""
        CENTRAL/A1 -> CITY bolt 1 on=11-22 !count_barrier
        CENTRAL/A1 -> CITY nut 1 on=11-22 !count_barrier   # it was counted too, and agreed
        SHELF -> CITY bolt 1 on=11-22                       # another place was not counted
        reverse wrong !count_barrier
        CENTRAL/A1 -> CITY bolt 1                           # today goes on
    """)


def test_what_was_posted_and_taken_back_is_no_barrier(store: Store) -> None:
    """The books say again what the count did not find: they can be put right on the day of what was forgotten."""
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10 on=11-20")
    store.papers["paper"] = adjust(counted(store, make.line("bolt", "8")), by=store.people["amina"])
    store.play("""
        CENTRAL/A1 -> CITY bolt 2 on=11-22 !count_barrier
        reverse paper
        CENTRAL/A1 -> CITY bolt 2 on=11-22
        CENTRAL/A1 bolt 8
    """)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (make.line("nothing", "1"), "unknown"),
        (make.line("bolt", "0.5"), "too_fine"),
        (make.line("bolt", "1", unit="crate"), "unknown"),
        (make.line("bolt", "1", lot="L1"), "no_lots"),
        (make.line("serum", "1"), "required"),
        (make.line("serum", "1", lot="NEW"), "required"),
        (make.line("serum", "1", lot="NEW", expires_on=date(2300, 1, 31)), "range"),
        (make.line("serum", "1", lot="L1", expires_on=make.TODAY), "contradicts"),
        (make.line("bolt", "1", expires_on=make.TODAY), "no_expiry"),
        (make.line("desk", "1"), "required"),
        (make.line("desk", "1", lot="KU9"), "taken"),
        (make.line("desk", "2", lot="INV-1"), "one_thing"),
        (make.line("voucher", first_number=1, last_number=5), "range"),
    ],
)
def test_a_line_that_cannot_be_counted_is_refused(store: Store, line: LineOrder, code: str) -> None:
    """Whatever could never be posted is refused when it is handed in, in the words of papers."""
    store.play(f"{LOTS}\nSUPPLIER -> SHELF lamp 1 lot=KU9")
    assert refused(counted, store, line) == [code]
    assert listed() == []


def test_one_inventory_number_is_one_thing_in_whatever_letters(store: Store) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 desk 1 lot=KU1")
    twice = (make.line("desk", "1", lot="KU1"), make.line("desk", "1", lot="ku1"))
    assert refused(counted, store, *twice) == ["one_thing"]
    assert found(counted(store, make.line("desk", "1", lot="ku1"))) == {("desk", "KU1"): (1, 1)}


def test_a_lot_is_known_by_its_number_and_counting_makes_none(store: Store) -> None:
    store.play(LOTS)
    lines = make.line("serum", "7", lot="L1"), make.line("serum", "1", lot="L3", expires_on=make.TODAY)
    count = counted(store, *lines, make.line("desk", "1", lot="ku2"), is_whole=False)
    expiries = {one.CountLine.lot: one.CountLine.expires_on for one in counting.lines_of_counts([count.id])[count.id]}
    assert expiries == {"L1": date(2027, 1, 31), "L3": make.TODAY, "ku2": None}
    assert set(db.session.scalars(select(Lot.number))) == {"", "L1", "L2"}


def test_one_may_say_that_nothing_is_left_of_a_thing(store: Store) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 bolt 10, nut 4\nSUPPLIER -> CENTRAL/A1 desk 1 lot=KU1")
    count = counted(store, make.line("bolt", "0"), make.line("desk", "0", lot="KU1"), is_whole=False)
    assert found(count) == {("bolt", ""): (0, 10), ("desk", "KU1"): (0, 1)}
    adjust(count, by=store.people["amina"])
    store.play("CENTRAL/A1 bolt 0\nCENTRAL/A1 desk 0\nCENTRAL/A1 nut 4")
    assert refused(counted, store, make.line("bolt", "-1")) == ["range"]


def test_numbered_values_are_counted_elsewhere_and_never_found_missing(store: Store) -> None:
    store.play("SUPPLIER -> CENTRAL/A1 voucher numbers=1-100, bolt 1")
    count = counted(store, make.line("bolt", "1"))
    assert state(count) == "matched"


def test_an_unknown_place_is_refused(store: Store) -> None:
    assert refused(counted, store, place="Z9") == ["unknown"]
    assert refused(counted, store, place="→ NORTH") == ["unknown"]
