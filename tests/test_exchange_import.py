"""`flask import-movements`: through the ordinary door, once, in the order of the days, and on after a stop."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import event, select

from inventory import access, clock, documents, ledger
from inventory.catalogue import NewItem, add_item, get_item
from inventory.cli.imports import import_movements
from inventory.database import db, transaction
from inventory.documents import Filters, find_documents
from inventory.parties import add_service, add_supplier
from inventory.warehouses import DEFAULT_SHELF, add_location, add_warehouse, get_warehouse
from tests import make

HEADER = "date;type;magasin;n° bon;article;quantité;fournisseur;service;motif;sens\n"
PAPERS = (
    HEADER
    + "01/10/2026;ouverture;CENTRAL;1;BLEACH;10;;;;\n"
    + "01/10/2026;ouverture;CENTRAL;1;CABLE;2,5;;;;\n"
    + "05/10/2026;entrée;CENTRAL;2;BLEACH;5;ACME;;;\n"
    + "06/10/2026;sortie;CENTRAL;3;BLEACH;12;;ANFA;;\n"
    + "07/10/2026;ajustement;CENTRAL;4;CABLE;1,5;;;source_break;out\n"
)
KEYS = {
    "f0569fc9-32cf-59a7-8684-8b7fc0c2c4d5", "cd9ffafb-4c8a-570b-92d8-fc67502f815d",
    "e6518112-70b7-5450-81b3-b68b0ed4ae86", "54720fce-34a0-5588-980a-e2cd347f6f92",
}  # fmt: skip
AT = datetime(2026, 9, 1, 9, tzinfo=UTC)


@pytest.fixture
def store(app: Flask) -> None:
    with transaction():
        central = add_warehouse("CENTRAL", in_service_on=None, name_fr="Magasin central")
        add_warehouse("NORD", in_service_on=None, name_fr="Dépôt nord")
        add_supplier("ACME", name_fr="Acme")
        add_service("ANFA", name_fr="Anfa")
        add_item(NewItem("BLEACH", "bidon", name_fr="Javel"))
        add_item(NewItem("CABLE", "m", name_fr="Câble", decimals=3))
        access.grant(access.add_user("salma", "a good long password", at=AT), "manager", None, at=AT)
        access.grant(access.add_user("karim", "a good long password", at=AT), "manager", central, at=AT)


@pytest.fixture
def run(cli: FlaskCliRunner, tmp_path: Path) -> Any:
    def invoke(text: str, *options: str, name: str = "stock.csv") -> Any:
        file = tmp_path / name
        file.write_bytes(text.encode())
        return cli.invoke(import_movements, [str(file), *options])

    return invoke


def on_hand(item: str, warehouse: str = "CENTRAL") -> Decimal:
    return ledger.on_hand(get_item(item).id, get_warehouse(warehouse).id)


def answer_of(done: Any) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_a_file_becomes_papers(store: None, run: Any) -> None:
    done = run(PAPERS)
    assert done.exit_code == 0, done.output
    assert "Papers: 4, lines: 5." in done.stdout
    assert (on_hand("BLEACH"), on_hand("CABLE")) == (3, 1)
    papers, _next = find_documents(Filters())
    assert [(paper.kind, str(paper.on), paper.by) for paper in reversed(papers)] == [
        ("opening", "2026-10-01", "salma"), ("receipt", "2026-10-05", "salma"),
        ("issue", "2026-10-06", "salma"), ("adjustment", "2026-10-07", "salma"),
    ]  # fmt: skip
    assert list(ledger.verify()) == []


def test_a_second_run_finds_everything_there(store: None, run: Any) -> None:
    run(PAPERS)
    answer = answer_of(run(PAPERS, "--json"))
    assert (answer["posted"], answer["already_there"], answer["stopped"]) == (0, 4, None)
    assert on_hand("BLEACH") == 3
    assert answer_of(run(PAPERS, "--json", "--source", "another count", "--dry-run"))["posted"] == 0


def test_a_dry_run_says_what_is_there_already_without_a_question_for_each_paper(store: None, run: Any) -> None:
    assert answer_of(run(PAPERS, "--json", "--dry-run"))["already_there"] == 0
    run(PAPERS)
    more = PAPERS + "08/10/2026;entrée;CENTRAL;5;BLEACH;5;ACME;;;\n"
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    done = run(more, "--dry-run")
    few = len(asked)
    assert "Papers: 5, lines: 6.\n4 of these papers are posted already: they are not posted again.\n" in done.stdout
    answer = answer_of(run(more, "--json", "--dry-run"))
    assert (answer["posted"], answer["already_there"], answer["applied"]) == (0, 4, False)
    asked.clear()
    many = "".join(f"09/10/2026;entrée;CENTRAL;B{n};BLEACH;1;ACME;;;\n" for n in range(90))
    run(more + many, "--dry-run")
    assert len(asked) == few


def test_it_stops_where_a_paper_is_refused_and_goes_on_once_the_cause_is_gone(store: None, run: Any) -> None:
    with transaction():
        add_location(get_warehouse("CENTRAL"), "Q", kind="quarantine", name_fr="Quarantaine")
    held = PAPERS.replace("sens\n", "sens;emplacement\n").replace("BLEACH;10;;;;", "BLEACH;10;;;;;Q")
    stopped = run(held)
    assert stopped.exit_code == 1
    assert "Stopped at paper 3 (issue, CENTRAL, 2026-10-06; lines 5)" in stopped.stderr
    assert answer_of(run(held, "--json"))["stopped"]["errors"][0]["row"] == 5
    assert (on_hand("BLEACH"), on_hand("CABLE")) == (15, Decimal("2.5"))
    freed = make.line("BLEACH", "10", location="Q", target_location=DEFAULT_SHELF)
    by = access.identity_of(access.get_user("salma"))
    make.posted(make.order("move", "CENTRAL", freed, on=date(2026, 10, 5)), by=by)
    answer = answer_of(run(held, "--json"))
    assert (answer["posted"], answer["already_there"]) == (2, 2)
    assert on_hand("BLEACH") == 3


@pytest.mark.parametrize(
    ("was", "now", "row", "column"),
    [("BLEACH;5", "BLEACH;6", 4, "quantité"), ("CABLE;2,5", "BLEACH;1", 3, "article"),
     ("source_break", "found", 6, "n° bon"), ("01/10/2026;ouverture;CENTRAL;1;CABLE;2,5;;;;\n", "", 2, "n° bon")],
)  # fmt: skip
def test_a_paper_that_reads_otherwise_than_it_was_posted_is_told_before_anything_is(
    store: None, run: Any, was: str, now: str, row: int, column: str
) -> None:
    run(PAPERS)
    assert was in PAPERS
    changed = PAPERS.replace(was, now) + "08/10/2026;sortie;CENTRAL;9;BLEACH;1;;ANFA;;\n"
    answer = answer_of(run(changed, "--json"))
    assert [(one["row"], one["column"]) for one in answer["bad"]] == [(row, column)]
    assert re.search("CENTRAL/../2026/00000.", answer["bad"][0]["expected"])
    assert answer["posted"] == 0
    answer = answer_of(run(changed, "--json", "--leave-out-bad"))
    assert (answer["posted"], answer["stopped"]) == (1, None)


def test_what_somebody_else_posted_from_the_same_file_is_passed_over(store: None, run: Any) -> None:
    run(PAPERS)
    answer = answer_of(run(PAPERS, "--json", "--by", "karim"))
    assert (answer["posted"], answer["already_there"], answer["stopped"]) == (0, 4, None)


@pytest.mark.parametrize(
    ("was", "now", "value"),
    [("05/10/2026;entrée;CENTRAL;2", "04/10/2026;entrée;CENTRAL;2", "04/10/2026"),
     ("05/10/2026;entrée;CENTRAL;2", "05/10/2026;entrée;NORD;2", "NORD"),
     ("05/10/2026;entrée;CENTRAL;2;BLEACH;5;ACME", "05/10/2026;ouverture;CENTRAL;2;BLEACH;5;", "ouverture")],
)  # fmt: skip
def test_a_paper_whose_day_kind_or_store_is_corrected_is_not_posted_again(
    store: None, run: Any, was: str, now: str, value: str
) -> None:
    run(PAPERS)
    corrected = PAPERS.replace(was, now)
    dry = answer_of(run(corrected, "--json", "--dry-run"))
    assert [(one["row"], one["value"]) for one in dry["bad"]] == [(4, value)]
    assert "CENTRAL/BE/2026/000001" in dry["bad"][0]["expected"]
    assert run(corrected).exit_code == 1
    answer = answer_of(run(corrected, "--json", "--leave-out-bad"))
    assert (answer["posted"], answer["already_there"]) == (0, 3)
    assert (on_hand("BLEACH"), on_hand("BLEACH", "NORD")) == (3, 0)
    assert answer_of(run(corrected, "--json", "--dry-run", "--source", "another"))["bad"] == []


def test_what_was_posted_wrong_is_reversed_and_then_comes_in_corrected(store: None, run: Any) -> None:
    papers = PAPERS.replace("BLEACH;12", "BLEACH;5")
    run(papers.replace("06/10/2026;sortie", "08/10/2026;sortie"))
    issue = next(one for one in find_documents(Filters())[0] if one.kind == "issue")
    assert len(answer_of(run(papers, "--json"))["bad"]) == 1
    by = access.identity_of(access.get_user("salma"))
    with transaction():
        documents.reverse(
            issue.entry_id, "The day", by=by, today=clock.today(), at=clock.now(), key="back", on=issue.on
        )
    for posted in (1, 0):
        answer = answer_of(run(papers, "--json"))
        assert (answer["posted"], answer["bad"], answer["stopped"]) == (posted, [], None)
    assert on_hand("BLEACH") == 10


def test_a_row_that_goes_from_one_paper_to_another_is_not_posted_in_both(store: None, run: Any) -> None:
    both = HEADER + "".join(f"05/10/2026;entrée;CENTRAL;7 · A;{item};5;ACME;;;\n" for item in ("BLEACH", "CABLE"))
    run(both)
    moved = both.replace("05/10/2026;entrée;CENTRAL;7 · A;CABLE", "04/10/2026;entrée;CENTRAL;7 · A;CABLE")
    for leaving in ((), ("--leave-out-bad",)):
        answer = answer_of(run(moved, "--json", *leaving))
        assert ([one["row"] for one in answer["bad"]], answer["posted"]) == ([2, 3], 0)
    whole = both.replace("05/10/2026", "04/10/2026")
    assert [one["row"] for one in answer_of(run(whole, "--json"))["bad"]] == [2]
    assert on_hand("CABLE") == 5


RESTARTED = HEADER + "".join(
    f"{day};{kind};{store};1;BLEACH;5;{'' if kind == 'ouverture' else 'ACME'};;;\n"
    for day, kind, store in (
        ("01/10/2026", "ouverture", "CENTRAL"), ("01/10/2026", "ouverture", "NORD"), ("02/10/2026", "entrée", "NORD"),
        ("02/10/2025", "entrée", "NORD"),
    )
)  # fmt: skip


def test_numbers_that_begin_again_per_store_kind_and_year_come_in_by_one_file(store: None, run: Any) -> None:
    first = "".join(RESTARTED.splitlines(keepends=True)[:2])
    assert answer_of(run(first, "--json"))["posted"] == 1
    for posted in (3, 0):
        answer = answer_of(run(RESTARTED, "--json"))
        assert (answer["posted"], answer["already_there"], answer["bad"]) == (posted, 4 - posted, [])
    alone = RESTARTED.splitlines(keepends=True)[0] + "03/10/2026;entrée;CENTRAL;1;BLEACH;5;ACME;;;\n"
    assert len(answer_of(run(alone, "--json"))["bad"]) == 1
    assert (on_hand("BLEACH"), on_hand("BLEACH", "NORD")) == (5, 15)
    assert list(ledger.verify()) == []


def test_papers_keep_the_keys_they_had(store: None, run: Any) -> None:
    """Keys are for ever: what was posted by them before is recognised by whatever comes after."""
    run(PAPERS)
    assert {row.key for row in db.session.execute(select(ledger.Entry.key))} == KEYS


SENT = (
    "date;type;magasin;magasin destination;bon;transfert;article;quantité\n"
    "01/10/2026;ouverture;CENTRAL;;1;;BLEACH;10\n"
    "02/10/2026;transfert;CENTRAL;NORD;T1;;BLEACH;6\n"
    "03/10/2026;réception transfert;NORD;;R1;T1;BLEACH;4\n"
)


def test_a_transfer_and_its_receipts_come_in_by_one_file_or_by_two(store: None, run: Any) -> None:
    answer = answer_of(run(SENT, "--json"))
    assert (answer["posted"], answer["bad"]) == (3, [])
    assert (on_hand("BLEACH"), on_hand("BLEACH", "NORD")) == (4, 4)
    assert answer_of(run(SENT, "--json"))["already_there"] == 3
    first = SENT.splitlines(keepends=True)[0]
    rest = first + "04/10/2026;réception transfert;NORD;;R2;CENTRAL/BT/2026/000001;BLEACH;2\n"
    assert answer_of(run(rest, "--json", name="october.csv"))["posted"] == 1
    assert on_hand("BLEACH", "NORD") == 6
    assert list(ledger.verify()) == []


def test_a_receipt_names_a_transfer_to_its_warehouse_and_takes_no_more_than_was_sent(store: None, run: Any) -> None:
    def bad(text: str, name: str = "stock.csv") -> list[tuple[int, str, str]]:
        return [(one["row"], one["column"], one["value"]) for one in answer_of(run(text, "--json", name=name))["bad"]]

    assert bad(SENT.replace("R1;T1", "R1;T2")) == [(4, "transfert", "T2")]
    assert bad(SENT.replace("R1;T1", "R1;")) == [(4, "transfert", "")]
    assert bad(SENT.replace("NORD;;R1", "CENTRAL;;R1")) == [(4, "transfert", "T1")]
    assert bad(SENT.replace("BLEACH;4", "BLEACH;7")) == [(4, "quantité", "7")]
    assert run(SENT).exit_code == 0
    late = SENT.splitlines(keepends=True)[0] + "04/10/2026;réception transfert;NORD;;R2;{};BLEACH;{}\n"
    assert bad(late.format("CENTRAL/BT/2026/1", 3), "late.csv") == [(2, "quantité", "3")]
    assert bad(late.format("CENTRAL/BT/2026/2", 2), "late.csv") == [(2, "transfert", "CENTRAL/BT/2026/2")]
    assert bad(late.format("CENTRAL/BS/2026/1", 2), "late.csv") == [(2, "transfert", "CENTRAL/BS/2026/1")]


def test_a_dry_run_and_bad_rows_write_nothing(store: None, run: Any) -> None:
    assert run(PAPERS, "--dry-run").exit_code == 0
    bad = PAPERS.replace("ANFA", "NOWHERE")
    refused = run(bad)
    assert refused.exit_code == 1
    assert "line 5, service “NOWHERE”" in refused.stderr
    assert on_hand("BLEACH") == 0
    assert answer_of(run(bad, "--leave-out-bad", "--json"))["posted"] == 3
    assert on_hand("BLEACH") == 15


def test_whoever_imports_may_post_what_the_file_holds(store: None, run: Any) -> None:
    answer = answer_of(run(PAPERS.replace("CENTRAL;3", "NORD;3"), "--by", "karim", "--json"))
    assert [(cell["row"], cell["value"]) for cell in answer["bad"]] == [(5, "NORD")]
    assert answer_of(run(PAPERS, "--by", "karim", "--json"))["posted"] == 4
    with transaction():
        access.add_user("nobody", "a good long password", at=AT)
    assert run(PAPERS, "--by", "nobody").exit_code == 1
    assert run(PAPERS, "--by", "unknown").exit_code == 1


def test_it_asks_who_imports_when_several_may(store: None, run: Any) -> None:
    with transaction():
        access.grant(access.add_user("zineb", "a good long password", at=AT), "manager", None, at=AT)
    asked = run(PAPERS)
    assert asked.exit_code == 2
    assert "salma, zineb" in asked.stderr
    assert on_hand("BLEACH") == 0


def test_an_interruption_leaves_whole_papers_and_the_next_run_goes_on(
    store: None, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, posted = documents.post, []

    def interrupted(*arguments: Any, **named: Any) -> Any:
        document = post(*arguments, **named)
        posted.append(document)
        if len(posted) == 3:
            raise KeyboardInterrupt
        return document

    monkeypatch.setattr(documents, "post", interrupted)
    assert run(PAPERS).exit_code == 1
    monkeypatch.setattr(documents, "post", post)
    assert on_hand("BLEACH") == 15
    answer = answer_of(run(PAPERS, "--json"))
    assert (answer["posted"], answer["already_there"]) == (2, 2)
    assert list(ledger.verify()) == []
