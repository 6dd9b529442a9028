"""Lists that are drawn as cards, or stand beside a form, go out as files like every other list."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from inventory import access, catalogue, clock, documents, parties, warehouses
from inventory.database import transaction
from inventory.documents import LineOrder, Side
from inventory.exchange import workbook
from tests.databases import Database
from tests.web.desk import AT, Clerk, furnish, person, post, receive


@pytest.fixture(autouse=True)
def commune(app: Flask, database: Database) -> None:
    database.furnish(furnish)


def taken(clerk: Clerk, address: str, name: str) -> list[dict[str, Any]]:
    """The list as its CSV holds it, once the page offers it and its XLSX says the same of texts, numbers and days."""
    page, joint = clerk.open(address).text, "&" if "?" in address else "?"
    kept = {}
    for ending in ("csv", "xlsx"):
        assert f'href="{address}{joint.replace("&", "&amp;")}format={ending}" download' in page
        kept[ending] = clerk.open(f"{address}{joint}format={ending}")
        assert kept[ending].status_code == 200
        assert f'"{name}-{clock.today()}.{ending}"' in kept[ending].headers["Content-Disposition"]
    plain = list(csv.reader(io.StringIO(kept["csv"].data.decode("utf-8-sig"), newline="")))
    (heads, *lines) = [line.cells for line in workbook.read(kept["xlsx"].data).lines]
    assert [str(cell) for cell in heads] == plain[0]
    assert [tuple("" if cell is None else cell for cell in line) for line in lines] == [
        tuple(read(cell) for cell in row) for row in plain[1:]
    ]
    return [dict(zip(plain[0], row, strict=True)) for row in plain[1:]]


def read(cell: str) -> Any:
    """What a cell of the CSV is in the workbook."""
    if cell.startswith("'"):
        return cell[1:]
    if "T" in cell and cell[-3:-2] == ":":
        return f"{datetime.fromisoformat(cell):%Y-%m-%d %H:%M:%S}"
    try:
        return Decimal(cell) if not cell.count("-") else type(clock.today()).fromisoformat(cell)
    except (ArithmeticError, ValueError):
        return cell


def test_transfers_under_way(app: Flask) -> None:
    receive()
    receive("JAV-B")
    with transaction():
        catalogue.get_item("JAV-B").name_en = "=Bleach"
    lines = [LineOrder("PAP-A4", Decimal("20")), LineOrder("JAV-B", Decimal(3))]
    sent = post("transfer", *lines, target=Side("warehouse", "ANFA"))
    arrived = LineOrder("PAP-A4", Decimal(18))
    post("transfer_receipt", arrived, by="other", warehouse="ANFA", source=Side("document", sent.id))
    later = post("transfer", LineOrder("JAV-B", Decimal(1)), target=Side("warehouse", "ANFA"))
    gap = "Differences to settle"
    head = {"Date": clock.today().isoformat(), "From": "Dépôt central", "To": "Dépôt Anfa", "By": "Keeper Alami"}
    paper, bleach = {"Item": "A4 paper", "Unit": "rame"}, {"Item": "'=Bleach", "Unit": "bidon"}
    for name, state in (("keeper", "Sent, not yet received"), ("other", "To receive")):
        rows = taken(Clerk.signed_in(app, name), "/transfers", "transfers")
        assert sorted(rows, key=lambda row: (row["Paper"], row["Code"])) == [
            {"Paper": sent.reference, **head, "State": gap, "Code": "JAV-B", "On the way": "3", **bleach},
            {"Paper": sent.reference, **head, "State": gap, "Code": "PAP-A4", "On the way": "2", **paper},
            {"Paper": later.reference, **head, "State": state, "Code": "JAV-B", "On the way": "1", **bleach},
        ]  # fmt: skip


def test_transfers_of_other_stores_are_in_no_file(app: Flask) -> None:
    receive()
    post("transfer", LineOrder("PAP-A4", Decimal(2)), target=Side("warehouse", "ANFA"))
    with transaction():
        stranger = access.add_user("stranger", "seven storks over Anfa", at=AT, language="en")
        store = warehouses.add_warehouse("NORD", in_service_on=clock.today() - timedelta(days=3), name_fr="Nord")
        access.grant(stranger, "storekeeper", store, at=AT)
    clerk = Clerk.signed_in(app, "stranger")
    assert len(clerk.open("/transfers?format=csv").text.splitlines()) == 1
    chief = Clerk.signed_in(app, "chief")
    assert len(chief.open("/transfers?format=csv").text.splitlines()) == 2


def test_drafts_all_of_them(app: Flask) -> None:
    content = {"kind": "issue", "warehouse": "CENTRAL", "note": "=1+1", "lines": [{"item": "PAP-A4", "quantity": "1"}]}
    with transaction():
        store = warehouses.get_warehouse("CENTRAL").id
        for number in range(51):
            at = clock.now() + timedelta(milliseconds=number)
            documents.keep_draft(content, kind="issue", warehouse_id=store, by=person("keeper"), at=at)
        documents.keep_draft(content, kind="issue", warehouse_id=store, by=person("chief"), at=clock.now())
    rows = taken(Clerk.signed_in(app, "keeper"), "/drafts", "drafts")
    assert {datetime.fromisoformat(row.pop("Last changed")).astimezone(clock.zone()).date() for row in rows} == {
        clock.today()
    }
    assert rows == [{"Paper": "Issue note", "Warehouse": "Dépôt central", "Lines": "1", "Note": "'=1+1"}] * 51


@pytest.mark.parametrize(("language", "title"), [("ar", "الهيئات"), ("fr", "Entités"), ("en", "Entities")])
def test_a_sheet_bears_the_title_of_its_page(app: Flask, language: str, title: str) -> None:
    chief = Clerk.signed_in(app, "chief", language)
    assert f"<h1>{title}</h1>" in chief.open("/entities").text
    assert workbook.read(chief.open("/entities?format=xlsx").data).sheet == title


def test_entities(app: Flask) -> None:
    with transaction():
        parties.add_entity("ANFA", parent="COMMUNE", name_fr="Anfa", name_en="+Anfa")
    rows = taken(Clerk.signed_in(app, "chief"), "/entities", "entities")
    assert [(row["Code"], row["Under"]) for row in rows] == [("COMMUNE", ""), ("ANFA", "COMMUNE")]
    assert rows[1]["Name"] == "'+Anfa"
    assert list(rows[0]) == ["Name", "Code", "Under"]


def test_reasons_of_write_offs(app: Flask) -> None:
    with transaction():
        documents.add_reason("rats", "loss", name_fr="Rongeurs", name_en="@Rodents").is_active = False
    rows = taken(Clerk.signed_in(app, "chief"), "/settings/reasons", "reasons")
    assert {(row["Code"], row["Name"], row["State"]) for row in rows} >= {("rats", "'@Rodents", "Retired")}
    assert {row["State"] for row in rows} == {"Active", "Retired"}
    assert list(rows[0]) == ["Name", "Code", "Where the goods go", "State"]
