"""The stock list and the stock card: what they show, to whom, and what they refuse."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from inventory import clock, documents, reports
from inventory.access import Identity
from inventory.catalogue import get_item
from inventory.database import transaction
from inventory.documents import Document
from inventory.warehouses import get_warehouse
from tests import make
from tests.web.visitors import Visitor, signed_in, words

REFUSED = (400, 422, 404, 403)


@make.furnished
def amina() -> Identity:
    """Two warehouses with cement, bleach and a medicine; gloves have a rule and none are there."""
    for code in ("CENTRAL", "NORTH"):
        make.warehouse(code)
    make.service("CITY")
    make.supplier("LAFARGE")
    make.item("CIM-1", name_fr="Ciment gris", name_ar="إسمنت رمادي", category="travaux", unit="sac")
    make.item("JAV-1", name_fr="Eau de Javel", name_ar="ماء جافيل", decimals=1, unit="litre")
    make.item("MED-1", name_fr="Insuline", tracking="lot", has_expiry=True)
    make.item("GAN-1", name_fr="Gants")
    make.item("EVIL", name_fr="=HYPERLINK(1)")
    person = make.person("amina", "manager")
    today = clock.today()
    for store, cement in (("CENTRAL", "40"), ("NORTH", "5")):
        lines = [make.line("CIM-1", cement, unit_cost="80")]
        if store == "CENTRAL":
            lines += [
                make.line("JAV-1", "12.5", unit_cost="3"),
                make.line("EVIL", "1"),
                make.line("MED-1", "7", lot="A1", expires_on=today + timedelta(days=20), unit_cost="50"),
            ]
        make.posted(
            make.order("receipt", store, *lines, source="supplier:LAFARGE", on=today - timedelta(days=20)),
            by=person, today=today,
        )  # fmt: skip
    make.posted(
        make.order("issue", "CENTRAL", make.line("CIM-1", "30"), target="service:CITY", on=today - timedelta(days=5)),
        by=person, today=today,
    )  # fmt: skip
    make.rule("CIM-1", "CENTRAL", "15", "60", on=today)
    make.rule("GAN-1", "NORTH", "10", "50", on=today)
    return person


@pytest.fixture
def manager(app: Flask, amina: Identity) -> Visitor:
    return signed_in(app, "salma", ("manager", None))


@pytest.fixture
def keeper(app: Flask, amina: Identity) -> Visitor:
    """The storekeeper of NORTH alone."""
    return signed_in(app, "driss", ("storekeeper", "NORTH"))


def rows_of(answer: object) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))


def test_what_is_used_up_and_nobody_wants_again_is_not_called_enough(manager: Visitor, amina: Identity) -> None:
    order = make.order("issue", "NORTH", make.line("CIM-1", "5"), target="service:CITY")
    make.posted(order, by=amina, today=clock.today())
    (row,) = (row for row in rows_of(manager.get("/stock?format=csv&warehouse=NORTH")) if row[0] == "CIM-1")
    assert (row[5], row[6]) == ("Aucun ici", "0")
    assert "Aucun ici" in words(manager.get("/stock/NORTH/CIM-1"))


def test_the_list_shows_every_pair_with_its_state(manager: Visitor) -> None:
    page = manager.get("/stock")
    assert page.status_code == 200
    said = words(page)
    assert "Ciment gris" in said
    assert "Gants" in said  # a rule and no stock: short of it, and shown
    assert "Insuline" in said
    rows = {(row[0], row[4]): row for row in rows_of(manager.get("/stock?format=csv"))[1:]}
    assert rows["CIM-1", "Central"][6:8] == ["10", "10"]
    assert rows["CIM-1", "Central"][13] == "15"
    assert rows["CIM-1", "Central"][14] == "800"
    assert rows["GAN-1", "North"][6] == "0"
    assert len(rows) == 6


def test_the_list_finds_by_folded_words_in_any_language(manager: Visitor) -> None:
    for search in ("CIMENT", "إسمنت", "اسمنت", "cim-1"):
        said = words(manager.get("/stock", query_string={"search": search}))
        assert "Ciment gris" in said, search
        assert "Insuline" not in said, search


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("only=low", {("CIM-1", "Central"), ("GAN-1", "North")}),
        ("only=expiring", {("MED-1", "Central")}),
        ("only=low&warehouse=NORTH", {("GAN-1", "North")}),
        ("category=travaux", {("CIM-1", "Central"), ("CIM-1", "North")}),
        ("only=stock&warehouse=NORTH", {("CIM-1", "North")}),
        ("category=nothing", set()),
    ],
)
def test_the_list_is_narrowed(manager: Visitor, query: str, expected: set[tuple[str, str]]) -> None:
    rows = rows_of(manager.get(f"/stock?format=csv&{query}"))[1:]
    assert {(row[0], row[4]) for row in rows} == expected


def test_the_list_at_an_earlier_evening(manager: Visitor) -> None:
    before = clock.today() - timedelta(days=10)
    rows = {(row[0], row[4]): row for row in rows_of(manager.get(f"/stock?format=csv&on={before}"))[1:]}
    assert rows["CIM-1", "Central"][6] == "40"
    assert rows["CIM-1", "Central"][14] == "3200"
    assert rows["CIM-1", "Central"][7] == ""  # nobody keeps what was promised then
    assert manager.get(f"/stock?on={before}").status_code == 200


@pytest.mark.parametrize("sort", ["code", "name", "-value"])
@pytest.mark.parametrize("warehouse", ["", "CENTRAL"])
def test_an_earlier_evening_knows_nothing_of_what_came_later(
    app: Flask, manager: Visitor, amina: Identity, sort: str, warehouse: str
) -> None:
    today = clock.today()
    make.item("NEW-1", name_fr="Arrivé depuis")
    line = make.line("NEW-1", "3", unit_cost="1")
    make.posted(make.order("receipt", "CENTRAL", line, source="supplier:LAFARGE", on=today), by=amina, today=today)
    for on, expected in (
        (today - timedelta(days=1), {"CIM-1", "JAV-1", "EVIL", "MED-1"}),
        (today - timedelta(days=21), set()),
    ):
        address = f"/stock?on={on}&sort={sort}&warehouse={warehouse}"
        assert {row[0].lstrip("'") for row in rows_of(manager.get(f"{address}&format=csv"))[1:]} == expected
        assert ("Arrivé depuis" in words(manager.get(address)), "Ciment gris" in words(manager.get(address))) == (
            False, bool(expected),
        )  # fmt: skip


def test_an_earlier_evening_names_the_papers_dated_back(app: Flask, manager: Visitor, amina: Identity) -> None:
    """Five were left of ten bought at 1, when a paper dated back took five at the average of a receipt at 1,000."""
    today = clock.today()
    make.item("NEW-1", name_fr="Vis")
    then, since = today - timedelta(days=9), today - timedelta(days=3)

    def post(kind: str, on: date, quantity: str, cost: str | None = None, **side: str) -> Document:
        line = make.line("NEW-1", quantity, unit_cost=cost) if cost else make.line("NEW-1", quantity)
        return make.posted(make.order(kind, "CENTRAL", line, on=on, **side), by=amina, today=today)

    post("receipt", then, "10", "1", source="supplier:LAFARGE")
    right = post("issue", then, "1", target="service:CITY")
    post("receipt", since, "10", "1000", source="supplier:LAFARGE")
    late = post("issue", then + timedelta(days=1), "5", target="service:CITY")
    on = then + timedelta(days=2)
    page = words(manager.get(f"/stock?on={on}&search=NEW-1"))
    assert f"Valeur douteuse, bons antidatés : {late.reference}" in page.replace("\u202f", " ")
    assert right.reference not in page
    (row,) = [row for row in rows_of(manager.get(f"/stock?format=csv&on={on}"))[1:] if row[0] == "NEW-1"]
    assert row[-1] == late.reference
    for address in (f"/stock?on={today}&search=NEW-1", f"/stock?on={then - timedelta(days=1)}"):
        assert "Valeur douteuse" not in words(manager.get(address))
    assert reports.papers_dated_back({(get_warehouse("CENTRAL").id, get_item("NEW-1").id)}, since) == {}


@pytest.mark.parametrize(
    "address",
    [
        "/stock?on={}", "/stock?format=csv&on={}", "/stock/CENTRAL/CIM-1?to={}", "/stock/CENTRAL/CIM-1?from={}",
        "/stock/CENTRAL/CIM-1?format=xlsx&to={}", "/stock/CENTRAL/CIM-1/card.pdf?to={}",
        "/stock/CENTRAL/CIM-1/drawings?to={}",
    ],
)  # fmt: skip
def test_a_day_that_has_not_come_is_refused_with_the_way_out(manager: Visitor, address: str) -> None:
    answer = manager.get(address.format(clock.today() + timedelta(days=1)))
    assert answer.status_code == 422
    assert "choisissez" in words(answer)
    if not any(word in address for word in ("format", ".pdf", "drawings")):  # a page, whose field says it
        field = address.split("?")[1].removesuffix("={}")
        assert f'aria-describedby="{field}-error" aria-invalid="true"' in answer.text
    assert manager.get(address.format(clock.today())).status_code == 200


@pytest.mark.parametrize("sort", ["code", "-code", "name", "-name", "value", "-value"])
def test_pages_walk_through_the_whole_list_in_any_order(manager: Visitor, sort: str, app: Flask) -> None:
    from inventory.database import db
    from inventory.warehouses import Warehouse

    ids = [one.id for one in db.session.query(Warehouse)]
    asked = reports.StockAsked(ids, clock.today(), "fr", sort=sort.strip("-"), is_descending=sort[0] == "-")
    whole = [(row.item.code, row.warehouse.code) for row in reports.stock_rows(asked)]
    seen, mark = [], None
    while True:
        rows, mark = reports.stock_page(asked, after=mark, limit=2)
        seen += [(row.item.code, row.warehouse.code) for row in rows]
        if mark is None:
            break
    assert seen == whole
    assert len(set(whole)) == 6


@pytest.mark.parametrize("sort", ["value", "-value"])
@pytest.mark.parametrize("limit", [1, 2, 3, 6])
def test_what_only_has_a_rule_keeps_its_place_among_what_is_worth_nothing(app: Flask, sort: str, limit: int) -> None:
    from inventory import reports

    today, store = clock.today(), make.warehouse("CENTRAL")
    make.supplier("LAFARGE")
    names = [f"ITEM-{number}" for number in range(1, 8)]
    for name in names:
        make.item(name)
    lines = [
        make.line(name, "1", **({"unit_cost": "5"} if name == "ITEM-1" else {})) for name in names if "4" not in name
    ]
    make.posted(make.order("receipt", "CENTRAL", *lines, source="supplier:LAFARGE"), by=make.person("amina", "manager"))
    make.rule("ITEM-4", "CENTRAL", "10", "50", on=today)
    asked = reports.StockAsked([store.id], today, "fr", sort="value", is_descending=sort[0] == "-")
    seen, mark = [], None
    while True:
        rows, mark = reports.stock_page(asked, after=mark, limit=limit)
        seen += [row.item.code for row in rows]
        if mark is None:
            break
    assert seen == (["ITEM-1", *names[:0:-1]] if sort == "-value" else [*names[1:], "ITEM-1"])


def test_a_storekeeper_sees_only_their_warehouse(keeper: Visitor) -> None:
    rows = rows_of(keeper.get("/stock?format=csv&warehouse=*"))[1:]
    assert {row[4] for row in rows} == {"North"}
    assert keeper.get("/stock?warehouse=CENTRAL").status_code == 403
    assert keeper.get("/stock/CENTRAL/CIM-1").status_code == 403
    assert keeper.get("/stock/NORTH/CIM-1").status_code == 200
    assert keeper.get("/stock?warehouse=NOWHERE").status_code == 404


def test_who_keeps_no_stock_is_kept_out(app: Flask, amina: Identity) -> None:
    visitor = signed_in(app, "nadia", ("requester", None))
    assert visitor.get("/stock").status_code == 403
    assert visitor.get("/stock/CENTRAL/CIM-1").status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "/stock?on=2026-02-31",
        "/stock?on=yesterday",
        "/stock?on=99999-01-01",
        "/stock?only=everything",
        "/stock?cursor=forged",
        "/stock?format=pdf",
        "/stock/CENTRAL/NOTHING",
        "/stock/CENTRAL/CIM-1?from=2026-13-01",
        "/stock/CENTRAL/CIM-1?from=2026-11-20&to=2026-11-01",
        "/stock/CENTRAL/CIM-1?cursor=eyJ9",
        "/stock?warehouse=%00",
    ],
)
def test_what_makes_no_sense_is_refused_politely(manager: Visitor, address: str) -> None:
    answer = manager.get(address)
    assert answer.status_code in REFUSED
    assert "Traceback" not in answer.text


def test_odd_but_harmless_questions_get_an_answer(manager: Visitor) -> None:
    for address in (
        "/stock?sort=password",
        "/stock?search=%25_%27%22",
        "/stock?search=" + "a" * 200,
        "/stock?column=x",
    ):
        assert manager.get(address).status_code == 200, address


def test_a_spreadsheet_runs_no_formula(manager: Visitor) -> None:
    names = [row[1] for row in rows_of(manager.get("/stock?format=csv"))[1:]]
    assert "'=HYPERLINK(1)" in names
    book = manager.get("/stock?format=xlsx")
    assert book.status_code == 200
    assert book.data[:2] == b"PK"


def test_the_number_of_statements_does_not_grow_with_the_list(app: Flask, amina: Identity, manager: Visitor) -> None:
    manager.get("/stock")
    with make.statements() as few:
        manager.get("/stock?warehouse=NORTH")
    with make.statements() as many:
        manager.get("/stock?warehouse=*")
    assert len(many) == len(few) <= 9, many


# ---- the card


def test_the_card_tells_what_happened_newest_first(manager: Visitor) -> None:
    page = manager.get("/stock/CENTRAL/CIM-1")
    assert page.status_code == 200
    said = words(page)
    for piece in ("CENTRAL/BS/", "CENTRAL/BE/", "Lafarge", "City", "Ciment gris"):
        assert piece in said, piece
    assert said.index("CENTRAL/BS/") < said.rindex("CENTRAL/BE/")
    assert 'class="chart-desk"' in page.text
    assert "<style" not in page.text
    assert " style=" not in page.text


def test_the_card_as_a_spreadsheet_is_whole_and_oldest_first(manager: Visitor) -> None:
    rows = rows_of(manager.get("/stock/CENTRAL/CIM-1?format=csv"))
    assert [row[5:8] for row in rows[1:]] == [["40", "0", "40"], ["0", "30", "10"]]
    today = clock.today()
    rows = rows_of(manager.get(f"/stock/CENTRAL/CIM-1?format=csv&from={today - timedelta(days=10)}"))
    assert [row[7] for row in rows[1:]] == ["10"]


@pytest.mark.parametrize(
    ("address", "name", "on"),
    [
        ("/stock/CENTRAL/CIM-1?format=csv", "card-CENTRAL-CIM-1", None),
        ("/stock/CENTRAL/CIM-1?format=csv&to=2026-10-31", "card-CENTRAL-CIM-1", "2026-10-31"),
        ("/stock?format=csv", "stock", None), ("/stock?format=csv&on=2026-10-31", "stock", "2026-10-31"),
        ("/documents?format=csv", "papers", None), ("/rules?format=csv&warehouse=CENTRAL", "rules", None),
        ("/alerts?format=csv", "alerts", None), ("/items?format=xlsx", "items", None),
        ("/services?format=xlsx", "services", None),
    ],
)  # fmt: skip
def test_the_name_of_every_file_ends_with_its_day(manager: Visitor, address: str, name: str, on: str | None) -> None:
    answer = manager.get(address)
    assert answer.status_code == 200
    ending = "xlsx" if "xlsx" in address else "csv"
    expected = f'attachment; filename="{name}-{on or clock.today().isoformat()}.{ending}"'
    assert answer.headers["Content-Disposition"] == expected


def test_the_card_of_an_item_that_never_was_there_says_so(manager: Visitor) -> None:
    page = manager.get("/stock/NORTH/JAV-1")
    assert page.status_code == 200
    assert "0" in words(page)


def test_a_long_card_is_walked_page_by_page(app: Flask, amina: Identity, manager: Visitor) -> None:
    today = clock.today()
    for _ in range(55):
        make.posted(
            make.order("issue", "CENTRAL", make.line("JAV-1", "0.1"), target="service:CITY"), by=amina, today=today
        )
    first = manager.get("/stock/CENTRAL/JAV-1")
    import html
    import re

    found = re.search(r'href="([^"]+)" rel="next"', first.text)
    assert found
    second = manager.get(html.unescape(found[1]))
    assert second.status_code == 200
    assert "CENTRAL/BE/" in words(second)
    changed = html.unescape(found[1]).replace("cursor=", "cursor=x")
    assert manager.get(changed).status_code == 422
    assert "<svg" in manager.get("/stock/CENTRAL/CIM-1").text.split('id="curve"')[1].split("</section>")[0]
    later = first.text.split('id="curve"')[1].split("</section>")[0]  # a long card brings its drawings after it
    assert "<svg" not in later
    drawn = manager.get(html.unescape(re.search(r'hx-get="([^"]+)"', later)[1])).text  # type: ignore[index]
    assert drawn.count("<svg") >= 4
    assert 'hx-swap-oob="true"' in drawn


def test_the_curve_is_drawn_from_days_not_from_movements(app: Flask, amina: Identity) -> None:
    from inventory import catalogue, reports, warehouses

    today = clock.today()
    issues = [
        make.posted(
            make.order("issue", "CENTRAL", make.line("JAV-1", "1"), target="service:CITY"), by=amina, today=today
        )
        for _ in range(3)
    ]
    item, store = catalogue.get_item("JAV-1"), warehouses.get_warehouse("CENTRAL")
    changes = reports.changes_by_day(item.id, store.id, since=today - timedelta(days=30), until=today)
    assert [(one.net, one.used, one.lines) for one in changes] == [
        (Decimal("12.5"), Decimal(0), 1), (Decimal(-3), Decimal(3), 3),
    ]  # fmt: skip
    assert changes[0].only_entry_id is not None
    assert (changes[1].first_entry_id, changes[1].last_entry_id) == (int(issues[0].id), int(issues[-1].id))
    assert changes[1].only_entry_id is None


@pytest.mark.parametrize(("decimals", "has_halves"), [(0, False), (1, True)])
def test_a_card_draws_no_halves_of_what_is_counted_whole(
    manager: Visitor, amina: Identity, decimals: int, has_halves: bool
) -> None:
    make.item("TEN", decimals=decimals)
    for kind, side in (("receipt", {"source": "supplier:LAFARGE"}), ("issue", {"target": "service:CITY"})):
        make.posted(make.order(kind, "CENTRAL", make.line("TEN", "10"), **side), by=amina, today=clock.today())
    assert ("7,5" in words(manager.get("/stock/CENTRAL/TEN"))) == has_halves


def test_goods_on_the_road_name_the_other_store(app: Flask, amina: Identity, manager: Visitor) -> None:
    today = clock.today()
    sent = make.posted(
        make.order("transfer", "CENTRAL", make.line("CIM-1", "4"), target="warehouse:NORTH"), by=amina, today=today
    )
    assert "North" in words(manager.get("/stock/CENTRAL/CIM-1"))
    assert "y compris ce qui est envoyé" in words(manager.get("/stock/CENTRAL/CIM-1"))
    driss = make.person("driss", "manager")
    got = make.posted(
        make.order("transfer_receipt", "NORTH", make.line("CIM-1", "4"), source=f"document:{sent.id}"),
        by=driss, today=today,
    )  # fmt: skip
    assert "y compris ce qui est envoyé" not in words(manager.get("/stock/CENTRAL/CIM-1"))
    for paper in (got, sent):
        with transaction():
            documents.reverse(paper.entry_id, "No", by=driss, today=today, at=clock.now(), key=f"back-{paper.id}")
    for store, other in (("NORTH", "Central"), ("CENTRAL", "North")):
        rows = rows_of(manager.get(f"/stock/{store}/CIM-1?format=csv"))
        assert [row[3] for row in rows[-2:]] == [other, other]


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_language_has_its_page(app: Flask, amina: Identity, language: str) -> None:
    visitor = signed_in(app, "lina", ("auditor", None), language=language)
    for address in ("/stock", "/stock/CENTRAL/CIM-1", "/stock/CENTRAL/MED-1", "/alerts", "/items", "/items/MED-1", "/"):
        answer = visitor.get(address)
        assert answer.status_code == 200, address
        assert f'lang="{language}"' in answer.text
