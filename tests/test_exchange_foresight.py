"""What a dry run foresees: a shortage anywhere in the order of posting, never one that the posting would not find."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from flask import Flask

from inventory import documents
from inventory.access import Identity
from inventory.catalogue import NewItem, NewPackaging, add_item
from inventory.exchange.movements import MovementPlan, plan_movements
from inventory.exchange.papers import apply_movements
from inventory.exchange.reading import Choices
from inventory.schemas.documents import PaperIn, order_of
from tests import make

FIELDS = (
    "on", "reference", "kind", "warehouse", "target_warehouse", "transfer", "service", "reason", "direction", "item",
    "quantity", "unit", "lot", "target_location", "supplier", "note",
)  # fmt: skip


@pytest.fixture
def by(app: Flask) -> Identity:
    for code in ("CENTRAL", "NORD"):
        make.warehouse(code, in_service_on=None)
    make.location("CENTRAL", "B")
    make.service("ANFA")
    make.supplier("ACME")
    carton = NewPackaging("carton", make.Decimal(12))
    make.done(add_item, NewItem("BOLT", "pc", name_fr="Boulon", packagings=(carton,)))
    make.done(add_item, NewItem("SERUM", "box", name_fr="Sérum", tracking="lot"))
    return make.person("salma", "manager")


def rows(*lines: str) -> str:
    """Each line: day of October, kind, warehouse, item, quantity, then field=value."""
    text = ";".join(FIELDS) + "\n"
    for number, line in enumerate(lines, start=1):
        day, kind, warehouse, item, quantity, *rest = line.split()
        said = {"on": f"2026-10-{day}", "kind": kind, "warehouse": warehouse, "item": item, "quantity": quantity}
        said |= {"reference": str(number)} | dict(word.split("=") for word in rest)
        text += ";".join(said.get(name, "") for name in FIELDS) + "\n"
    return text


def plan(*lines: str, source: str = "a.csv") -> MovementPlan:
    return plan_movements(rows(*lines).encode(), Choices(), source=source)


def short(found: MovementPlan) -> list[tuple[int, str]]:
    """(Line from 1, how much at most) of every row that is too much."""
    assert found.reader.blocking == []
    return [(cell.row - 1, str(cell.expected).split()[2]) for cell in found.bad]


def post_all(found: MovementPlan, by: Identity) -> None:
    def post(request: dict[str, object], key: object) -> documents.Document:
        return make.posted(order_of(PaperIn().load(request)), by=by, key=str(key))

    assert [outcome.refusal for outcome in apply_movements(found.papers, post) if outcome.refusal] == []


def test_papers_are_counted_in_the_order_of_their_days(by: Identity) -> None:
    assert short(plan("05 issue CENTRAL BOLT 8 service=ANFA", "01 opening CENTRAL BOLT 10")) == []
    assert short(plan("01 issue CENTRAL BOLT 8 service=ANFA", "05 opening CENTRAL BOLT 10")) == [(1, "0")]


def test_it_begins_with_what_lies_there(by: Identity) -> None:
    post_all(plan("01 opening CENTRAL BOLT 10"), by)
    found = plan("02 issue CENTRAL BOLT 6 service=ANFA", "03 issue CENTRAL BOLT 5 service=ANFA", source="b.csv")
    assert short(found) == [(2, "4")]
    assert [paper.reference for paper in found.papers] == ["1"]


def test_what_came_later_is_not_there_for_an_earlier_day(by: Identity) -> None:
    """The posting refuses it, since a later day would fall below nothing; the dry run once promised it."""
    post_all(plan("01 opening CENTRAL BOLT 3", "10 receipt CENTRAL BOLT 20 supplier=ACME"), by)
    early = ("05 issue CENTRAL BOLT 2 service=ANFA", "06 issue CENTRAL BOLT 5 service=ANFA")
    assert short(plan(*early, "10 issue CENTRAL BOLT 21 service=ANFA", source="b.csv")) == [(2, "1")]
    assert short(plan("10 issue CENTRAL BOLT 24 service=ANFA", source="b.csv")) == [(1, "23")]
    found = plan(early[0], "06 receipt CENTRAL BOLT 4 supplier=ACME", early[1], source="b.csv")
    assert short(found) == []
    post_all(found, by)


def test_what_a_later_day_has_taken_is_not_there_for_an_earlier_one(by: Identity) -> None:
    post_all(plan("01 opening CENTRAL BOLT 10", "08 issue CENTRAL BOLT 9 service=ANFA",
                  "10 receipt CENTRAL BOLT 20 supplier=ACME"), by)  # fmt: skip
    assert short(plan("05 issue CENTRAL BOLT 2 service=ANFA", source="b.csv")) == [(1, "1")]
    found = plan("05 issue CENTRAL BOLT 1 service=ANFA", "10 issue CENTRAL BOLT 20 service=ANFA", source="b.csv")
    assert short(found) == []
    post_all(found, by)


def test_a_lot_that_came_later_is_not_there_for_an_earlier_day(by: Identity) -> None:
    post_all(plan("01 opening CENTRAL SERUM 5 lot=L1", "10 receipt CENTRAL SERUM 5 lot=L2 supplier=ACME"), by)
    assert short(plan("05 issue CENTRAL SERUM 1 lot=L2 service=ANFA", source="b.csv")) == [(1, "0")]
    assert short(plan("05 issue CENTRAL SERUM 6 service=ANFA", source="b.csv")) == [(1, "5")]


def test_a_move_inside_takes_nothing_from_an_earlier_day(by: Identity) -> None:
    post_all(plan("01 opening CENTRAL BOLT 10", "10 move CENTRAL BOLT 10 target_location=B"), by)
    assert short(plan("10 issue CENTRAL BOLT 10 service=ANFA", source="b.csv")) == []


def test_a_paper_too_much_takes_nothing_from_those_after_it(by: Identity) -> None:
    lines = ("01 opening CENTRAL BOLT 10", "02 issue CENTRAL BOLT 9 reference=X service=ANFA",
             "02 issue CENTRAL BOLT 2 reference=X service=ANFA", "03 issue CENTRAL BOLT 10 service=ANFA")  # fmt: skip
    assert short(plan(*lines)) == [(3, "1")]


def test_cartons_count_as_what_they_hold(by: Identity) -> None:
    assert short(plan("01 opening CENTRAL BOLT 2 unit=carton", "02 issue CENTRAL BOLT 25 service=ANFA")) == [(2, "24")]


def test_a_lot_that_is_named_is_counted_by_itself(by: Identity) -> None:
    opened = ("01 opening CENTRAL SERUM 5 lot=L1", "01 opening CENTRAL SERUM 5 lot=L2")
    assert short(plan(*opened, "02 issue CENTRAL SERUM 6 lot=L1 service=ANFA")) == [(3, "5")]
    assert short(plan(*opened, "02 issue CENTRAL SERUM 6 service=ANFA")) == []
    both = ("02 issue CENTRAL SERUM 8 service=ANFA", "03 issue CENTRAL SERUM 3 lot=L2 service=ANFA")
    assert short(plan(*opened, *both)) == [(4, "2")]


def test_what_is_on_the_road_is_neither_here_nor_there(by: Identity) -> None:
    sent = ("01 opening CENTRAL BOLT 10", "02 transfer CENTRAL BOLT 6 reference=T target_warehouse=NORD")
    assert short(plan(*sent, "03 issue CENTRAL BOLT 5 service=ANFA")) == [(3, "4")]
    assert short(plan(*sent, "03 issue NORD BOLT 1 service=ANFA")) == [(3, "0")]
    received = "03 transfer_receipt NORD BOLT 5 transfer=T"
    assert short(plan(*sent, received, "04 issue NORD BOLT 5 service=ANFA")) == []
    assert short(plan(*sent, received, "04 transfer_receipt NORD BOLT 2 transfer=T")) == [(4, "1")]


def test_a_lot_received_without_its_name_is_not_called_missing(by: Identity) -> None:
    lines = ("01 opening CENTRAL SERUM 5 lot=L1", "02 transfer CENTRAL SERUM 5 reference=T target_warehouse=NORD",
             "03 transfer_receipt NORD SERUM 5 transfer=T", "04 issue NORD SERUM 5 lot=L1 service=ANFA")  # fmt: skip
    found = plan(*lines)
    assert short(found) == []
    post_all(found, by)


def test_returns_adjustments_and_moves_count_as_they_are(by: Identity) -> None:
    lines = ("01 opening CENTRAL BOLT 1", "02 return CENTRAL BOLT 2 service=ANFA",
             "03 adjustment CENTRAL BOLT 3 direction=in", "04 adjustment CENTRAL BOLT 4 direction=out",
             "05 move CENTRAL BOLT 2 target_location=B", "06 receipt CENTRAL BOLT 1 supplier=ACME",
             "07 write_off CENTRAL BOLT 3 reason=lost", "08 issue CENTRAL BOLT 1 service=ANFA")  # fmt: skip
    assert short(plan(*lines)) == [(8, "0")]
    assert short(plan("01 opening CENTRAL BOLT 1", "02 move CENTRAL BOLT 2 target_location=B")) == [(2, "1")]


def test_a_file_half_posted_is_not_counted_twice(by: Identity) -> None:
    lines = (
        "01 opening CENTRAL BOLT 10",
        "02 issue CENTRAL BOLT 8 service=ANFA",
        "03 issue CENTRAL BOLT 2 service=ANFA",
    )
    found = plan(*lines)
    found.papers = found.papers[:2]
    post_all(found, by)
    assert short(plan(*lines)) == []
    post_all(plan(*lines), by)
    assert short(plan(*lines)) == []


def test_it_asks_no_question_per_row(by: Identity) -> None:
    def asked(lines: Iterable[str]) -> int:
        with make.statements() as seen:
            plan(*lines)
        return len(seen)

    few, many = (["01 opening CENTRAL BOLT 900"] + ["02 issue CENTRAL BOLT 1 service=ANFA"] * n for n in (2, 200))
    assert asked(few) == asked(many)
