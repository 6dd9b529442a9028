"""What a dry run tries: each row that posting would refuse, whatever lies in the stores, is told at its cell before
anything is posted, and leaving its paper out lets all others through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import insert, select, update

from inventory import documents, parties, settings
from inventory.access import Identity
from inventory.catalogue import Item, NewPackaging, get_item, retire
from inventory.cli.imports import import_movements
from inventory.database import db, transaction
from inventory.documents import MOST_ASKED, Filters, find_documents
from inventory.exchange.movements import MovementPlan, plan_movements
from inventory.exchange.papers import apply_movements
from inventory.exchange.reading import Choices
from inventory.ledger import Period
from inventory.schemas.documents import PaperIn, order_of
from tests import make

FIELDS = (
    "on", "reference", "kind", "warehouse", "target_warehouse", "transfer", "service", "supplier", "reason", "origin",
    "direction", "item", "quantity", "unit", "unit_cost", "lot", "expires_on", "first_number", "last_number",
    "location", "target_location",
)  # fmt: skip
DAY = make.YESTERDAY.isoformat()
Told = list[tuple[int, str, str]]


@make.furnished
def by() -> Identity:
    for code in ("CENTRAL", "NORD"):
        make.warehouse(code)
    make.location("CENTRAL", "B")
    make.service("ANFA")
    for code in ("ACME", "GONE"):
        make.supplier(code)
    make.item("BOLT", packagings=(NewPackaging("trio", Decimal(3)),))
    make.item("SERUM", tracking="lot", has_expiry=True)
    make.item("BATCH", tracking="lot")
    make.item("DESK", tracking="unit")
    make.item("CHAIR", tracking="unit")
    make.item("BON", tracking="range")
    make.item("OLD")
    make.item("OLDER")
    with transaction():
        retire(get_item("OLD"), on=make.TODAY)
        retire(get_item("OLDER"), on=make.TODAY, replaced_by=get_item("BOLT"))
        db.session.execute(update(parties.Supplier).where(parties.Supplier.code == "GONE").values(is_active=False))
        entity_id = db.session.scalars(select(parties.Entity.id)).one()
        closed = {"entity_id": entity_id, "first_on": date(2026, 1, 1), "last_on": date(2026, 10, 10)}
        db.session.execute(insert(Period).values(closed))
    by = make.person("salma", "manager")
    known = make.line("SERUM", "5", lot="KNOWN", expires_on=date(2028, 1, 1))
    things = [make.line("DESK", "1", lot=number) for number in ("D-HERE", "D-GONE")]
    make.posted(make.order("receipt", "CENTRAL", known, *things, source=documents.Side("supplier", "ACME")), by=by)
    gone = make.line("DESK", "1", lot="D-GONE")
    make.posted(make.order("issue", "CENTRAL", gone, target=documents.Side("service", "ANFA")), by=by)
    return by


def row(**said: str) -> dict[str, str]:
    usual = {"on": make.TODAY.isoformat(), "reference": "X", "kind": "receipt", "warehouse": "CENTRAL"}
    usual |= {"item": "BOLT", "quantity": "1"}
    if said.get("kind", "receipt") == "receipt":
        usual["origin"] = "donation"
    return usual | said


def text(*rows: dict[str, str]) -> str:
    return "".join(
        ";".join(line) + "\n" for line in [FIELDS, *([one.get(name, "") for name in FIELDS] for one in rows)]
    )


def among_good(*bad: dict[str, str]) -> str:
    """A good paper before and good papers after; the bad rows begin in line 3 of the file."""
    before = row(reference="1", on=DAY, quantity="10", unit_cost="2.5")
    after = (
        row(reference="2", kind="issue", service="ANFA", quantity="4", reason="asked for"),
        row(reference="3", item="SERUM", lot="NEW", expires_on="2028-06-30", origin="", supplier="ACME"),
    )
    return text(before, *bad, *after)


def plan(file: str, today: date | None = make.TODAY) -> MovementPlan:
    return plan_movements(file.encode(), Choices(), source="a.csv", today=today)


def post_all(found: MovementPlan, by: Identity) -> list[Any]:
    def post(request: dict[str, object], key: object) -> documents.Document:
        return make.posted(order_of(PaperIn().load(request)), by=by, key=str(key))

    return list(apply_movements(found.papers, post))


ISSUE = {"kind": "issue", "service": "ANFA"}
CASES: dict[str, tuple[list[dict[str, str]], Told]] = {
    "a lot without its number": ([row(item="BATCH")], [(3, "lot", "")]),
    "a lot without its expiry": ([row(item="SERUM", lot="Q")], [(3, "expires_on", "")]),
    "an expiry that cannot be": (
        [row(item="SERUM", lot="Q", expires_on="1900-01-01")], [(3, "expires_on", "1900-01-01")],
    ),
    "two expiries of one lot in a paper": (
        [row(item="SERUM", lot="Q", expires_on=f"20{year}-01-01") for year in (27, 28)],
        [(4, "expires_on", "2028-01-01")],
    ),
    "an expiry that is known to be another": (
        [row(item="SERUM", lot="KNOWN", expires_on="2027-01-01")], [(3, "expires_on", "2027-01-01")],
    ),
    "an expiry of what has none": ([row(expires_on="2028-01-01")], [(3, "expires_on", "2028-01-01")]),
    "an expiry of what has none, leaving": ([row(**ISSUE, expires_on="2028-01-01")], [(3, "expires_on", "2028-01-01")]),
    "a lot of what has none": ([row(lot="Q")], [(3, "lot", "Q")]),
    "a lot of what has none, leaving": ([row(**ISSUE, lot="Q")], [(3, "lot", "Q")]),
    "two of one thing": ([row(item="DESK", lot="N", quantity="2")], [(3, "quantity", "2")]),
    "a thing without its number": ([row(item="DESK")], [(3, "lot", "")]),
    "a thing without its number, leaving": ([row(**ISSUE, item="DESK")], [(3, "lot", "")]),
    "a thing twice in a paper": ([row(item="DESK", lot="N"), row(item="DESK", lot="N")], [(4, "lot", "N")]),
    "a thing that stands here": ([row(item="DESK", lot="D-HERE")], [(3, "lot", "D-HERE")]),
    "a thing that was bought before": ([row(item="DESK", lot="D-GONE")], [(3, "lot", "D-GONE")]),
    "a number of another item": ([row(item="CHAIR", lot="D-HERE")], [(3, "lot", "D-HERE")]),
    "a range without its numbers": ([row(item="BON", quantity="5")], [(3, "first_number", "")]),
    "a range of another quantity": (
        [row(item="BON", quantity="5", first_number="1", last_number="3")], [(3, "quantity", "5")],
    ),
    "a range that ends before it begins": (
        [row(item="BON", quantity="1", first_number="3", last_number="1")], [(3, "last_number", "1")],
    ),
    "numbers of what has none": ([row(first_number="1", last_number="1")], [(3, "first_number", "1")]),
    "half a piece in a packaging": ([row(unit="trio", quantity="0.5")], [(3, "quantity", "0.5")]),
    "an unknown packaging": ([row(unit="pallet")], [(3, "unit", "pallet")]),
    "too much": ([row(quantity="1000000000")], [(3, "quantity", "1000000000")]),
    "too dear": ([row(unit_cost="1000000000")], [(3, "unit_cost", "1000000000")]),
    "out of use": ([row(item="OLD"), row(item="OLDER")], [(3, "item", "OLD"), (4, "item", "OLDER")]),
    "bought of nobody": ([row(origin="")], [(3, "supplier", "")]),
    "bought of who is no more": ([row(origin="", supplier="GONE")], [(3, "supplier", "GONE")]),
    "an issue with a price": ([row(**ISSUE, unit_cost="3.5")], [(3, "unit_cost", "3.5")]),
    "an issue with an origin": ([row(**ISSUE, origin="donation")], [(3, "origin", "donation")]),
    "an issue with a supplier": ([row(**ISSUE, supplier="ACME")], [(3, "supplier", "ACME")]),
    "a receipt for a service": ([row(service="ANFA")], [(3, "service", "ANFA")]),
    "a receipt with a direction": ([row(direction="in")], [(3, "direction", "in")]),
    "a receipt with a new place": ([row(target_location="B")], [(3, "target_location", "B")]),
    "an adjustment without a direction": ([row(kind="adjustment")], [(3, "direction", "")]),
    "an adjustment that leaves at a price": (
        [row(kind="adjustment", direction="out", unit_cost="2")], [(3, "unit_cost", "2")],
    ),
    "a move to nowhere": ([row(kind="move")], [(3, "target_location", "")]),
    "a move to where it lies": (
        [row(kind="move", location="B", target_location="B")], [(3, "target_location", "B")],
    ),
    "a move that settles a transfer": (
        [row(kind="move", target_location="B", transfer="CENTRAL/BT/2026/000001")],
        [(3, "transfer", "CENTRAL/BT/2026/000001")],
    ),
    "a transfer to itself": (
        [row(kind="transfer", target_warehouse="CENTRAL")], [(3, "target_warehouse", "CENTRAL")],
    ),
    "too long ago": ([row(on="2026-10-20")], [(3, "on", "2026-10-20")]),
    "in a closed period": ([row(on="2026-10-10")], [(3, "on", "2026-10-10")]),
    "two cells of one row": (
        [row(**ISSUE, unit_cost="3.5", origin="donation")], [(3, "origin", "donation"), (3, "unit_cost", "3.5")],
    ),
    "beside a row that cannot be read": (
        [row(item="NOTHING"), row(item="BATCH"), row()], [(3, "item", "NOTHING"), (4, "lot", "")],
    ),
}  # fmt: skip


def test_a_row_that_posting_refuses_is_told_before(by: Identity) -> None:
    for name, (bad, told) in CASES.items():
        found = plan(among_good(*bad))
        assert found.reader.blocking == [], name
        assert [(cell.row, cell.column, cell.value) for cell in found.bad] == told, name
        assert all(str(cell.expected) for cell in found.bad), name
        assert not found.can_apply(leave_out_bad=False), name
        assert found.can_apply(leave_out_bad=True), name
        assert [paper.reference for paper in found.papers] == ["1", "2", "3"], name


def test_what_is_bad_is_left_out_and_all_others_are_posted(by: Identity) -> None:
    """Every bad paper of the table in one file, each under a reference of its own."""
    rows = [one | {"reference": f"X{n}"} for n, (bad, _told) in enumerate(CASES.values()) for one in bad]
    found = plan(among_good(*rows))
    outcomes = post_all(found, by)
    assert [outcome.refusal for outcome in outcomes] == [None, None, None]
    assert [(outcome.answer.kind, outcome.answer.on) for outcome in outcomes] == [
        ("receipt", make.YESTERDAY), ("issue", make.TODAY), ("receipt", make.TODAY),
    ]  # fmt: skip
    assert (make.on_hand("BOLT", "CENTRAL"), str(make.worth("BOLT", "CENTRAL"))) == (6, "15.00")
    assert make.on_hand("SERUM", "CENTRAL") == 6
    assert make.differences() == []
    assert plan(among_good(*rows)).already_there == 3


def test_nothing_is_told_that_posting_takes(by: Identity) -> None:
    """Posted in spite of what was told, each paper is refused, or would have lost what was told."""
    lost = {"service", "supplier", "transfer"}
    for case, (bad, told) in CASES.items():
        found = plan(text(*bad))
        if any(cell.value == "NOTHING" for cell in found.bad) or {name for _row, name, value in told if value} & lost:
            continue
        assert all(outcome.refusal for outcome in post_all(plan_papers(text(*bad)), by)), case


def plan_papers(file: str) -> MovementPlan:
    """The papers of a file as if nobody had tried them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("inventory.exchange.rehearsing.Rehearsing.is_sound", lambda *_: True)
        patch.setattr("inventory.exchange.foresight.Foresight._follow", lambda *_: True)
        patch.setattr("inventory.exchange.rehearsing.Rehearsing.note", lambda *_: None)
        return plan(file)


def test_what_is_set_for_all_rows_is_meant_for_the_papers_that_take_it(by: Identity) -> None:
    mixed = text(row(reference="1", origin=""), row(reference="2", **ISSUE))
    found = plan_movements(mixed.encode(), Choices(constants={"origin": "donation"}), source="a.csv")
    assert (found.bad, found.reader.blocking) == ([], [])
    assert [paper.request.get("origin") for paper in found.papers] == ["donation", None]
    alike = mixed.replace("receipt", "issue").replace("ANFA", "").replace("kind", "-")
    choices = Choices(constants={"kind": "issue", "service": "ANFA", "origin": "donation"})
    assert [cell.column for cell in plan_movements(alike.encode(), choices, source="a.csv").reader.blocking] == [
        "origin"
    ]


def test_what_came_before_it_went_out_of_use_comes_in(by: Identity) -> None:
    found = plan(text(row(item="OLD", on=DAY), row(item="OLD", reference="LATE")))
    assert [(cell.row, cell.column, cell.value) for cell in found.bad] == [(3, "item", "OLD")]
    assert [outcome.refusal for outcome in post_all(found, by)] == [None]
    assert make.on_hand("OLD", "CENTRAL") == 1


def test_a_paper_of_more_lines_than_one_may_have_is_told(by: Identity) -> None:
    found = plan(among_good(*[row(unit_cost="1")] * (MOST_ASKED + 1)))
    assert [(cell.row, cell.column, cell.value) for cell in found.bad] == [(3, "reference", "X")]
    assert [paper.reference for paper in found.papers] == ["1", "2", "3"]


def test_papers_of_one_file_know_each_other(by: Identity) -> None:
    def lot(reference: str, expires_on: str) -> dict[str, str]:
        return row(reference=reference, item="SERUM", lot="Q", expires_on=expires_on)

    def thing(reference: str, **said: str) -> dict[str, str]:
        return row(reference=reference, item="DESK", lot="N", **said)

    told = plan(text(lot("1", "2027-01-01"), lot("2", "2028-01-01"), lot("3", ""))).bad
    assert [(cell.row, cell.column, cell.value) for cell in told] == [(3, "expires_on", "2028-01-01")]
    away, back = thing("2", **ISSUE), thing("3", kind="return", service="ANFA")
    assert [(cell.row, cell.column) for cell in plan(text(thing("1"), thing("2"), away | {"reference": "3"})).bad] == [
        (3, "lot")
    ]
    assert [(cell.row, cell.column) for cell in plan(text(thing("1"), away, thing("3"))).bad] == [(4, "lot")]
    good = plan(text(thing("1"), away, back, lot("4", "2027-01-01"), lot("5", "")))
    assert good.bad == []
    assert [outcome.refusal for outcome in post_all(good, by)] == [None] * 5


def test_a_paper_that_is_left_out_says_nothing_of_its_lots(by: Identity) -> None:
    left_out = [row(item="SERUM", lot="Q", expires_on="2027-01-01"), row(item="NOTHING")]
    also = [row(reference="Y", item="SERUM", lot="Q", expires_on="2027-06-01"), row(reference="Y", unit_cost="9" * 10)]
    found = plan(text(*left_out, *also, row(reference="Z", item="SERUM", lot="Q", expires_on="2028-01-01")))
    assert [cell.row for cell in found.bad] == [3, 5]
    assert [paper.reference for paper in found.papers] == ["Z"]
    assert [outcome.refusal for outcome in post_all(found, by)] == [None]


def test_a_store_that_is_not_in_service_takes_old_days_but_no_closed_ones(by: Identity) -> None:
    make.warehouse("SUD", in_service_on=None)
    days = ("2026-10-20", "2026-10-10")
    found = plan(text(*(row(reference=day, warehouse="SUD", on=day) for day in days)))
    assert [(cell.row, cell.value) for cell in found.bad] == [(3, "2026-10-10")]
    assert [outcome.refusal for outcome in post_all(found, by)] == [None]


def test_how_far_back_is_as_the_commune_decides(by: Identity) -> None:
    make.done(settings.decide, {"back_dating_days": 1}, effective_on=make.TODAY, at=make.now(), by=by)
    days = [make.TODAY - timedelta(days=back) for back in (0, 1, 2)]
    found = plan(text(*(row(reference=str(n), on=day.isoformat()) for n, day in enumerate(days))))
    assert [cell.value for cell in found.bad] == [days[2].isoformat()]


def test_what_is_posted_is_not_tried_again(by: Identity) -> None:
    file = text(row(reference="1", on=DAY), row(reference="2", item="DESK", lot="N"))
    post_all(plan(file), by)
    make.done(lambda: retire(get_item("BOLT"), on=make.TODAY))
    later = plan(file, today=make.TODAY + timedelta(days=90))
    assert (later.bad, later.already_there) == ([], 2)


def test_it_asks_no_question_per_row(by: Identity) -> None:
    def asked(count: int) -> int:
        kinds: list[Callable[[int], dict[str, str]]] = [
            lambda n: row(reference=f"A{n}", item="DESK", lot=f"N{n}"),
            lambda n: row(reference=f"B{n}", item="SERUM", lot=f"L{n}", expires_on="2028-01-01"),
            lambda n: row(reference=f"C{n}", item="OLDER"),
            lambda n: row(reference=f"D{n}", on="2026-09-01"),
            lambda n: row(reference=f"E{n}", unit="trio", quantity="2", location="B"),
            lambda n: row(reference=f"F{n}", kind="write_off", reason="damaged"),
            lambda n: row(reference=f"G{n}", kind="transfer", target_warehouse="NORD"),
        ]
        file = text(*(kind(n) for n in range(count) for kind in kinds))
        with make.statements() as seen:
            plan(file)
        return len(seen)

    assert db.session.scalar(select(Item.id).where(Item.code == "OLDER"))
    assert asked(2) == asked(60)


def test_the_command_posts_what_is_good_and_only_when_told_to(
    by: Identity, cli: FlaskCliRunner, tmp_path: Path
) -> None:
    day = date.today().isoformat()
    good = {"on": day, "quantity": "3"}
    file = tmp_path / "stock.csv"
    file.write_text(
        text(row(reference="1", **good), row(reference="2", on=day, item="BATCH"), row(reference="3", **good))
    )
    before = len(find_documents(Filters())[0])
    for options in (["--dry-run"], []):
        done = cli.invoke(import_movements, [str(file), *options])
        assert done.exit_code == 1
        assert "line 3, lot “”" in done.output
        assert len(find_documents(Filters())[0]) == before
    done = cli.invoke(import_movements, [str(file), "--leave-out-bad"])
    assert (done.exit_code, "Posted: 2" in done.output) == (0, True), done.output
    assert make.on_hand("BOLT", "CENTRAL") == 6
