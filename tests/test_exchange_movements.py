"""Movements in: rows become papers, posted once each."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from inventory.catalogue import NewItem, NewPackaging, Packaging, Unit, add_item, get_item, rename
from inventory.database import db, transaction
from inventory.errors import InsufficientStock
from inventory.exchange.movements import MovementPlan, plan_movements
from inventory.exchange.papers import apply_movements
from inventory.exchange.reading import Choices
from inventory.parties import add_service, add_supplier
from inventory.schemas.documents import PaperIn, order_of
from inventory.warehouses import add_location, add_warehouse, get_warehouse
from tests import make

HEADER = "date;type;magasin;n° bon;article;quantité;unité;fournisseur;service;prix unitaire;lot;péremption\n"
PAPERS = (
    HEADER
    + "23/11/2026;Entrée;CENTRAL;7;BLEACH;2;carton;ACME;;12,50;L1;30/06/2027\n"
    + "24/11/2026;Sortie;CENTRAL;8;BLEACH;5;;;ANFA;;;\n"
    + "23/11/2026;Entrée;CENTRAL;7;CABLE;1,5;m;ACME;;;;\n"
)


@pytest.fixture
def store(app: Flask) -> None:
    with transaction():
        add_warehouse("CENTRAL", in_service_on=None, name_fr="Magasin central")
        add_warehouse("NORD", in_service_on=None, name_fr="Dépôt nord")
        add_supplier("ACME", name_fr="Acme")
        add_service("ANFA", name_fr="Anfa")
        pack = NewPackaging("Carton", Decimal(12))
        add_item(NewItem("BLEACH", "bidon", name_fr="Javel", tracking="lot", has_expiry=True, packagings=(pack,)))
        add_item(NewItem("CABLE", "m", name_fr="Câble", decimals=3))


def plan(text: str, source: str = "stock.csv", **constants: str) -> MovementPlan:
    return plan_movements(text.encode(), Choices(constants=constants), source=source)


def refusals(found: MovementPlan) -> list[tuple[int, str, str]]:
    assert all(str(cell.expected) for cell in found.bad)
    return [(cell.row, cell.column, cell.value) for cell in found.bad]


def test_a_day_that_has_not_come_is_a_bad_row(store: None) -> None:
    rows = HEADER + "".join(f"2026-01-0{day};entrée;CENTRAL;B{day};CABLE;5;m;ACME;;2,50;;\n" for day in (5, 6))
    found = plan_movements(rows.encode(), Choices(), source="stock.csv", today=date(2026, 1, 5))
    assert refusals(found) == [(3, "date", "2026-01-06")]


def test_a_lot_of_what_is_not_kept_by_lots_is_a_bad_row(store: None) -> None:
    found = plan(HEADER + "2026-01-05;entrée;CENTRAL;B1;CABLE;5;m;ACME;;2,50;L1;\n")
    assert refusals(found) == [(2, "lot", "L1")]


def test_lots_and_inventory_numbers_may_stand_in_columns_of_their_own(store: None) -> None:
    with transaction():
        add_item(NewItem("DESK", "piece", name_fr="Bureau", tracking="unit"))
    head = "date;type;magasin;n° bon;article;quantité;lot;péremption;n° inventaire\n"
    rows = (
        head
        + "2026-01-05;stock initial;CENTRAL;1;BLEACH;2;L1;30/06/2027;\n"
        + "2026-01-05;stock initial;CENTRAL;1;DESK;1;;;INV-1\n"
    )
    (paper,) = plan(rows).papers
    assert [line["lot"] for line in paper.request["lines"]] == ["L1", "INV-1"]
    found = plan(rows + "2026-01-05;stock initial;CENTRAL;2;DESK;1;L1;;INV-2\n")
    assert refusals(found) == [(4, "n° inventaire", "INV-2")]


def test_units_and_packagings_are_known_by_any_of_their_names(store: None) -> None:
    with transaction():
        for code, names in {"bidon": {"name_ar": "قنينة"}, "Carton": {"name_ar": "كرتون", "name_en": "Box"}}.items():
            unit = db.session.scalars(select(Unit).where(Unit.code == code)).one()
            rename(unit, name_fr=code, **names)
    said = ("كرتون", "قنينة", "CARTON", "box", "Bidon", "")
    line = "2026-01-05;entrée;CENTRAL;{};BLEACH;2;{};ACME;;1;L1;30/06/2027\n"
    found = plan(HEADER + "".join(line.format(number, unit) for number, unit in enumerate(said)))
    units = [paper.request["lines"][0].get("unit") for paper in found.papers]
    assert units == ["Carton", None, "Carton", "Carton", None, None]
    assert refusals(plan(HEADER + line.format(1, "علبة"))) == [(2, "unité", "علبة")]


def test_of_two_packagings_that_differ_in_their_capitals_the_one_that_is_written_is_meant(store: None) -> None:
    with transaction():  # as some stand in the books from before
        item = get_item("BLEACH")
        db.session.add(Packaging(item_id=item.id, name="CARTON", contains=Decimal(24)))
    line = "2026-01-05;entrée;CENTRAL;{0};BLEACH;2;{0};ACME;;1;L1;30/06/2027\n"
    found = plan(HEADER + line.format("Carton") + line.format("CARTON"))
    assert [paper.request["lines"][0]["unit"] for paper in found.papers] == ["Carton", "CARTON"]
    assert refusals(plan(HEADER + line.format("carton"))) == [(2, "unité", "carton")]


def test_codes_in_arabic_digits_and_marks_that_nobody_sees_are_read(store: None) -> None:
    with transaction():
        add_item(NewItem("007", "u", name_fr="Sept"))
        add_location(get_warehouse("CENTRAL"), "A-1", name_fr="A-1")
    head = HEADER.replace("péremption", "emplacement")
    (paper,) = plan(head + "2026-01-05;وارد;\u200fCENTRAL;١;٠٠٧;٢;;ACME;;1;;A-1\n").papers
    assert (paper.request["kind"], paper.request["warehouse"]) == ("receipt", "CENTRAL")
    assert (paper.request["lines"][0]["item"], paper.request["lines"][0]["location"]) == ("007", "A-1")


def test_a_price_is_in_dirhams_wherever_the_word_stands(store: None) -> None:
    line = "2026-01-05;entrée;CENTRAL;{};CABLE;2;;ACME;;{};;\n"
    prices = ("227,50 DH", "MAD 12", "1,5 درهم", "3")
    found = plan(HEADER + "".join(line.format(*one) for one in enumerate(prices)))
    assert [paper.request["lines"][0]["unit_cost"] for paper in found.papers] == ["227.5", "12", "1.5", "3"]
    doubtful = plan(HEADER + line.format(1, "2.500 DH") + line.format(2, "5"))
    assert [cell.column for cell in doubtful.reader.blocking] == ["prix unitaire"]


def test_a_row_that_names_goods_is_a_row_though_it_looks_like_print(store: None) -> None:
    rows = "".join(f"2026-01-05;sortie;CENTRAL;{n};CABLE;1;;;ANFA;;;\n" for n in range(20))
    odd = "2026-01-05;sortie;CENTRAL;;CABLE;vingt;;;;;;\n;;;b3;CABLE;12 boîtes;;;;;;\n;;;;Edité le 5;Page un;;;;;;\n"
    found = plan(HEADER + rows + odd)
    assert {(cell.row, cell.column) for cell in found.bad} >= {(22, "quantité"), (22, "n° bon"), (23, "quantité")}
    assert [one.number for one in found.reader.sheet.left_out] == [24]


def test_what_expires_first_is_told_where_another_lot_is_named(store: None) -> None:
    arrived = "".join(
        f"2026-01-05;entrée;CENTRAL;{lot};BLEACH;9;;ACME;;1;{lot};{day}\n"
        for lot, day in (("A", "30/06/2027"), ("B", "30/06/2028"))
    )
    amina = make.person("amina", "manager")
    for paper in plan(HEADER + arrived).papers:
        make.posted(order_of(PaperIn().load(paper.request)), by=amina)
    said = {"A": [], "B": [(2, "lot", "B")], "NONE": []}
    for lot, expected in said.items():
        found = plan(HEADER + f"2026-01-06;sortie;CENTRAL;9;BLEACH;2;;;ANFA;;{lot};\n", source="other")
        assert [(one.row, one.column, one.value) for one in found.reader.cautions] == expected
        assert refusals(found) == ([(2, "lot", "NONE")] if lot == "NONE" else [])


def test_a_stock_list_may_count_none(store: None) -> None:
    rows = HEADER + "".join(f"2026-01-05;stock initial;CENTRAL;1;CABLE;{count};m;;;;;\n" for count in (0, 5))
    found = plan(rows + "2026-01-05;stock initial;NORD;2;CABLE;0,000;m;;;;;\n")
    assert [(paper.reference, paper.rows) for paper in found.papers] == [("1", [3])]
    assert [(one.row, one.column, one.value) for one in found.reader.cautions] == [
        (2, "quantité", "0"),
        (4, "quantité", "0,000"),
    ]
    received = rows.replace("stock initial", "entrée").replace(";m;;", ";m;ACME;")
    assert refusals(plan(received)) == [(2, "quantité", "0")]


def test_no_paper_is_posted_without_a_row_whose_store_kind_or_day_cannot_be_read(store: None) -> None:
    good = "23/11/2026;Entrée;CENTRAL;7;CABLE;2;m;ACME;;;;\n"
    for wrong in ("99/11/2026;Entrée;CENTRAL", "23/11/2026;Entré;CENTRAL", "23/11/2026;Entrée;CENTRALE"):
        found = plan(HEADER + good + f"{wrong};7;CABLE;3;m;ACME;;;;\n" + good.replace(";7;", ";8;"))
        assert [cell.row for cell in found.bad] == [3]
        assert [paper.reference for paper in found.papers] == ["8"]


def test_a_row_without_a_reference_may_belong_to_any_paper_that_it_does_not_contradict(store: None) -> None:
    """As cells that were merged come in: all but the first are empty."""
    merged = HEADER + "".join(
        f"2026-01-05;entrée;CENTRAL;{paper};CABLE;1;;ACME;;2;;\n;;;;CABLE;2;;ACME;;2;;\n" for paper in (1, 2)
    )
    assert plan(merged).papers == []
    found = plan(merged.replace(";;;;CABLE;2", "2026-01-06;entrée;CENTRAL;;CABLE;2"))
    assert [paper.reference for paper in found.papers] == ["1", "2"]


def test_a_value_set_for_all_rows_is_listed_once(store: None) -> None:
    for name, value in (("service", "NOWHERE"), ("kind", "gift"), ("warehouse", "SUD"), ("on", "2026-02-30")):
        found = plan(PAPERS, **{name: value})
        assert [(cell.column, cell.value) for cell in found.reader.blocking] == [(name, value)]
        assert found.bad == []
        assert not found.can_apply(leave_out_bad=True)


def test_values_set_for_all_rows_that_contradict_each_other_are_listed_once(store: None) -> None:
    rows = "date;magasin;bon;article;quantité\n" + "2026-11-23;CENTRAL;1;CABLE;2\n" * 2
    issued = plan(rows, kind="issue")
    assert [(cell.column, cell.value) for cell in issued.reader.blocking] == [("service", "")]
    placed = plan(rows.replace("magasin", "x"), kind="opening", warehouse="CENTRAL", location="NOWHERE")
    assert [(cell.column, cell.value) for cell in placed.reader.blocking] == [("location", "NOWHERE")]
    choices = Choices(constants={"kind": "opening", "warehouse": "NORD"})
    denied = plan_movements(rows.encode(), choices, source="stock.csv", may_post=lambda _kind, store: store != "NORD")
    assert [(cell.column, cell.value) for cell in denied.reader.blocking] == [("warehouse", "NORD")]
    assert [found.bad for found in (issued, placed, denied)] == [[], [], []]
    by_row = plan(rows, kind="opening", location="NOWHERE")
    assert (by_row.reader.blocking, [cell.row for cell in by_row.bad]) == ([], [2, 3])


def test_rows_of_one_reference_become_one_paper(store: None) -> None:
    found = plan(PAPERS)
    assert (found.reader.blocking, found.bad) == ([], [])
    receipt, issue = found.papers
    assert (receipt.rows, issue.rows) == ([2, 4], [3])
    assert receipt.request == {
        "kind": "receipt",
        "warehouse": "CENTRAL",
        "on": "2026-11-23",
        "note": "7",
        "source": {"supplier": "ACME"},
        "origin": "purchase",
        "lines": [
            {
                "item": "BLEACH",
                "quantity": "2",
                "unit": "Carton",
                "unit_cost": "12.5",
                "lot": "L1",
                "expires_on": "2027-06-30",
            },
            {"item": "CABLE", "quantity": "1.5"},
        ],
    }
    assert issue.request["target"] == {"service": "ANFA"}
    assert issue.request["lines"] == [{"item": "BLEACH", "quantity": "5"}]


def test_a_papers_key_depends_on_source_and_reference_only(store: None) -> None:
    keys = [paper.key for paper in plan(PAPERS).papers]
    assert [paper.key for paper in plan(PAPERS.replace(";5;", ";6;")).papers] == keys
    assert set(keys).isdisjoint(paper.key for paper in plan(PAPERS, source="other.csv").papers)
    assert keys[0] not in {paper.key for paper in plan(PAPERS.replace(";7;", ";9;")).papers}


def test_every_bad_row_is_listed_and_its_paper_is_left_out_whole(store: None) -> None:
    found = plan(
        HEADER
        + "23/11/2026;Entrée;CENTRAL;1;BLEACH;2;;ACME;;;L;30/06/2027\n"
        + "23/11/2026;Entrée;CENTRAL;1;NOTHING;2;;ACME;;;;\n"
        + "23/11/2026;Entrée;CENTRAL;2;CABLE;0;;ACME;;;;\n"
        + "30/02/2026;Sortie;CENTRAL;3;CABLE;1;;;ANFA;;;\n"
        + "23/11/2026;Sortie;CENTRAL;4;BLEACH;0,5;;;ANFA;;;\n"
        + "23/11/2026;Sortie;CENTRAL;5;CABLE;1;palette;;ANFA;;;\n"
        + "23/11/2026;Sortie;CENTRAL;6;CABLE;1;;;;;;\n"
        + "23/11/2026;Troc;MOON;7;CABLE;1;;;ANFA;;;\n"
        + "23/11/2026;Sortie;CENTRAL;8;CABLE;1;;;ANFA;;;\n"
        + "22/11/2026;Ouverture;CENTRAL;9;CABLE;1;;;;;;\n"
    )
    assert refusals(found) == [
        (3, "article", "NOTHING"), (4, "quantité", "0"), (5, "date", "30/02/2026"), (6, "quantité", "0,5"),
        (7, "unité", "palette"), (8, "service", ""), (9, "type", "Troc"), (9, "magasin", "MOON"),
    ]  # fmt: skip
    assert [paper.reference for paper in found.papers] == ["9", "8"]
    assert not found.can_apply(leave_out_bad=False)
    assert (found.lines, found.rows_left_out) == (2, 8)  # the first row is good, its paper is not


def test_lines_of_a_paper_agree_on_its_head(store: None) -> None:
    with transaction():
        add_supplier("OTHER", name_fr="Other")
    found = plan(PAPERS.replace("m;ACME", "m;OTHER"))
    assert refusals(found) == [(3, "quantité", "5"), (4, "fournisseur", "OTHER")]
    with force_locale("en"):
        assert str(found.bad[0].expected).endswith("without the papers of bad rows")


def test_dates_of_one_paper_are_its_date(store: None) -> None:
    assert [paper.request["on"] for paper in plan(PAPERS).papers] == [str(date(2026, 11, n)) for n in (23, 24)]


def test_missing_fields_are_asked_for(store: None) -> None:
    found = plan("article;quantité\nCABLE;1\n")
    assert [cell.column for cell in found.reader.blocking] == ["kind", "warehouse", "on", "reference"]
    opened = plan("article;quantité\nCABLE;1\n", kind="opening", warehouse="CENTRAL", on="2026-01-01", reference="O1")
    assert opened.papers[0].request["kind"] == "opening"


def test_a_transfer_names_its_other_store(store: None) -> None:
    text = (
        "date;type;magasin;magasin destination;bon;article;quantité\n"
        "2026-11-22;ouverture;CENTRAL;;1;CABLE;2\n"
        "2026-11-23;transfert;CENTRAL;NORD;1;CABLE;2\n"
    )
    assert plan(text).papers[1].request["target"] == {"warehouse": "NORD"}
    assert refusals(plan(text.replace("NORD", ""))) == [(3, "magasin destination", "")]


def test_a_write_off_names_a_reason_of_the_commune(store: None) -> None:
    text = "date;type;magasin;bon;article;quantité;motif\n2026-11-23;perte;CENTRAL;1;CABLE;2;envie\n"
    assert refusals(plan(text)) == [(2, "motif", "envie")]


def test_a_refusal_on_the_way_stops_and_says_where(store: None) -> None:
    posted: dict[uuid.UUID, dict[str, Any]] = {}

    def post(request: dict[str, Any], key: uuid.UUID) -> str:
        if request["kind"] == "issue":
            raise InsufficientStock(warehouse="CENTRAL", available=0, unit="bidon", item="BLEACH", asked=5)
        posted[key] = request
        return "1/2026"

    for _again in range(2):
        outcomes = list(apply_movements(plan(PAPERS).papers, post))
        assert [outcome.answer for outcome in outcomes] == ["1/2026", None]
        assert outcomes[-1].refusal is not None
        assert outcomes[-1].paper.rows == [3]
    assert len(posted) == 1
