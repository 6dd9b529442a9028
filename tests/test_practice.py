"""A store to learn in counts nowhere: whatever is posted there, every total, list, alert and file is what it was."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, url_for
from sqlalchemy import func, select
from werkzeug.routing import Rule

from inventory import (
    access,
    clock,
    counting,
    documents,
    ledger,
    practice,
    printing,
    replenishment,
    reports,
    slips,
    warehouses,
)
from inventory.access import Identity, User
from inventory.catalogue import Category, Lot, get_item
from inventory.counting import NewCount, PlaceCount
from inventory.database import db, transaction
from inventory.documents import LineOrder, Order, Side
from inventory.errors import InvalidRequest, PracticeApart
from inventory.ledger import Entry, Movement, Register
from inventory.replenishment import Alert
from inventory.reports import AlertsAsked, StockAsked
from inventory.reports.snapshot import snapshot
from inventory.scanning import resolve
from inventory.slips import NewSlip, Slip
from inventory.warehouses import Warehouse, get_warehouse
from tests import make
from tests.pages import pages
from tests.web.visitors import Visitor, signed_in, words

pytestmark = pytest.mark.usefixtures("house")
WITHOUT = {
    "static": "a file of ours", "settings.arms": "a picture", "catalogue.photo": "a picture",
    "slips.photo": "a picture", "device.worker": "a script", "api_station.device": "the key of one's device",
    "health.metrics": "counts the requests themselves", "session.sign_in": "for strangers",
    "codes.open_": "leads to one thing", "imports.show": "of a file that was sent", "imports.problems": "the same",
    "labels.job": "one print", "labels.sheet_form": "of a sheet that was measured", "documents.pdf": "prints one paper",
    "api_documents.pdf": "prints one paper", "api_drafts.read": "one's own",
    "audit.trail": "who did what, in practice too", "audit.registers": "every book by itself, those of practice too",
    "audit.proof": "every book is verified, those of practice too",
}  # fmt: skip
"""What can be read in the house and is no total, list, alert or report of goods, and why."""
ASKED = {
    "stock.show": ("", "warehouse=*", "only=expiring", "warehouse=*&only=low"),
    "alerts.list_": ("", "warehouse=*", "state=closed"), "documents.list_": ("", "kind=adjustment"),
    "slips.list_": ("", "warehouse=*", "state=open", "search=Said"),
    "counting.list_": ("", "warehouse=*", "state=waiting"),
    "search.find": ("q=bolt", "q=EX-", "q=L1", "q=L9"), "audit.question": ("", "item=bolt", "person=boss"),
    "labels.without": ("warehouse=CENTRAL",), "labels.sheet": ("of=items", "of=lots&item=serum"),
    "documents.new": ("kind=issue&warehouse=CENTRAL", "kind=transfer&warehouse=CENTRAL"),
    "scanning.station": ("warehouse=CENTRAL",), "scanning.count": ("warehouse=CENTRAL",),
    "scanning.look_up": ("warehouse=CENTRAL",), "catalogue.packagings": ("format=csv",),
    "api_stock.list_": ("", "on={today}"), "api_station.read": ("warehouse=CENTRAL",),
    "api_scan.read": ("code=bolt", "code=L9", "code=L1&warehouse=CENTRAL"),
    "api_scan.look_up": ("code=bolt&warehouse=CENTRAL", "code=L9&warehouse=CENTRAL", "code=EX-1&warehouse=CENTRAL"),
    "api_items.card": ("warehouse=CENTRAL",),
}  # fmt: skip
"""How something is asked that needs a question, or can be asked in several ways."""


@make.furnished
def stores() -> None:
    """CENTRAL with bolts, of which there are few, and a serum that expires; NORTH; a store to learn in."""
    for code in ("CENTRAL", "NORTH"):
        make.warehouse(code)
    make.service("CITY")
    make.supplier("SUPPLIER")
    make.item("bolt", category="hardware")
    make.item("serum", tracking="lot", has_expiry=True)
    make.item("desk", tracking="unit")
    make.item("voucher", tracking="range")
    boss = make.person("boss", "manager", "administrator")
    make.rule("bolt", "CENTRAL", "20", "50", on=clock.today())
    soon = clock.today() + timedelta(days=20)
    post(
        boss,
        "receipt",
        "CENTRAL",
        line("bolt", "30", unit_cost="2.50"),
        line("serum", "5", lot="L1", expires_on=soon),
        source="supplier:SUPPLIER",
    )
    post(boss, "issue", "CENTRAL", line("bolt", "15"), target="service:CITY")
    make.location("CENTRAL", "A1")
    hand_out(boss, "CENTRAL", "200")
    counted(boss, "CENTRAL", line("bolt", "14"), line("serum", "5", lot="L1"))
    with transaction():
        practice.open_practice(by=boss, today=clock.today(), at=clock.now(), key="k")
        warehouses.add_warehouse("EX-2", in_service_on=make.OPENED, is_practice=True, name_fr="Autre école")


@pytest.fixture
def house(stores: None, app: Flask) -> Flask:
    return app


def line(item: str, quantity: str | None = None, **details: Any) -> LineOrder:
    return make.line(item, quantity, **details)


def post(by: Identity, kind: str, store: str, *lines: LineOrder, **details: Any) -> documents.Document:
    order = make.order(kind, store, *lines, **details)
    return make.posted(order, by=by, today=clock.today(), at=clock.now())


def boss() -> Identity:
    return access.identity_of(access.get_user("boss"))


def learn() -> list[documents.Document]:
    """A day of lessons: everything a storekeeper does, and stock that falls below every rule."""
    by, far, soon = boss(), clock.today() + timedelta(days=900), clock.today() + timedelta(days=3)
    code = "EX-1"
    first = post(
        by, "receipt", code, line("bolt", "100", unit_cost="9.99"), line("serum", "7", lot="L1", expires_on=far),
        line("serum", "7", lot="L9", expires_on=soon), line("desk", "1", lot="INV-1"), source="supplier:SUPPLIER",
    )  # fmt: skip
    papers = [
        first,
        post(by, "issue", code, line("bolt", "150"), line("desk", "1", lot="INV-1"), target="service:CITY"),
    ]
    papers.append(post(by, "write_off", code, line("serum", "2", lot="L9"), target="reason:lost"))
    papers.append(post(by, "return", code, line("bolt", "1"), source="service:CITY"))
    papers.append(make.reversed_(papers[-1], by=by, today=clock.today()))
    papers.append(post(by, "transfer", code, line("serum", "1"), target="warehouse:EX-2"))
    hand_out(by, code, "300")
    papers.append(adjusted(counted(by, code, line("serum", "6", lot="L1"), is_whole=False), by))
    counted(by, code, line("serum", "6", lot="L1"), is_whole=False)
    counted(by, code, line("bolt", "9"), is_whole=False)
    return papers


def hand_out(by: Identity, code: str, quantity: str) -> Slip:
    new = NewSlip(warehouse=code, service="CITY", receiver="Said", lines=(line("bolt", quantity),))
    return make.done(slips.record, new, by=by, today=clock.today(), at=clock.now())


def counted(by: Identity, code: str, *lines: LineOrder, **given: Any) -> PlaceCount:
    new = NewCount(warehouse=code, location=None, lines=lines, **given)
    return make.done(counting.record, new, by=by, today=clock.today(), at=clock.now())


def adjusted(count: PlaceCount, by: Identity) -> documents.Document:
    return make.done(counting.adjust, count.id, "Exercice", by=by, today=clock.today(), at=clock.now(), key=make.key())


def seen(text: str) -> str:
    """A page without what is new at every request."""
    new = r'name="csrf-token" content="[^"]+"|name="(csrf_token|key)" value="[^"]*"|key=[\w-]+|cursor=[\w.%-]+'
    text = re.sub(new, "", text)
    return re.sub(r"\d\d:\d\d(:\d\d)?", "", text)


def blanks(rule: Rule) -> dict[str, Any]:
    """What stands in an address for each of its blanks: something real. A new blank has to be named here."""
    codes = {"items": "bolt", "catalogue": "bolt", "warehouses": "CENTRAL", "services": "CITY", "suppliers": "SUPPLIER"}
    kept = {"code": next((code for room, code in codes.items() if f"/{room}/" in rule.rule), "CENTRAL")}
    kept |= {"warehouse": "CENTRAL", "item": "bolt", "username": "boss", "which": "units", "place": "A1"}
    ids = {"document_id": Entry, "alert_id": Alert, "slip_id": Slip, "count_id": PlaceCount}
    return {
        name: clock.today().year if name == "year"
        else db.session.scalar(select(func.min(ids[name].id))) if name in ids
        else kept[name]
        for name in rule.arguments
    }  # fmt: skip


def addresses(app: Flask) -> Iterator[str]:
    """Everything that can be read in the house."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint in WITHOUT or "GET" not in (rule.methods or ()):
                continue
            address = url_for(rule.endpoint, **blanks(rule))
            for question in ASKED.get(rule.endpoint, ("",)):
                yield f"{address}?{question.format(today=clock.today())}".rstrip("?")


def read(visitor: Visitor, address: str) -> str:
    """What an address says, and the whole list behind it where it offers one."""
    answer = visitor.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    if answer.mimetype == "application/pdf":
        return "".join(page.text() for page in pages(answer.data))
    text = answer.get_data(as_text=True)
    if answer.mimetype == "text/html" and (file := re.search(r'href="([^"]*format=csv[^"]*)"', text)):
        text += visitor.get(html.unescape(file[1])).get_data(as_text=True)
    return seen(text)


def everything(app: Flask, visitor: Visitor) -> dict[str, Any]:
    """Every total, list, alert, report and file that names no practice store."""
    today, ids = clock.today(), [get_warehouse(code).id for code in ("CENTRAL", "NORTH")]
    told: dict[str, Any] = {address: read(visitor, address) for address in list(addresses(app))}
    told["stock"] = [repr(row) for row in reports.stock_rows(StockAsked(ids, today, "fr"))]
    told["alerts rows"] = [
        (row.item.code, row.figures, row.use.per_day) for row in reports.alerts_in(AlertsAsked(ids, today))
    ]
    told["open alerts"] = db.session.scalars(select(Alert.id).where(Alert.closed_at.is_(None))).all()
    told["night"] = make.done(replenishment.rederive, on=today, at=clock.now())
    told["snapshot"] = [repr(snapshot(one, today=today)) for one in ids]
    told["expiring"] = reports.expiring_soon(ids, today=today, warning_days=90)
    told["papers today"] = reports.counts_today(ids, today=today)
    told["first steps"] = reports.first_steps()
    lots = select(Lot.id, Lot.item_id, Lot.number, Lot.expires_on, Lot.inventory_number, Lot.label_version)
    told["real lots"] = db.session.execute(lots.where(~Lot.is_practice)).all()
    heads = select(Register.year, Register.position, Register.hash).where(Register.warehouse_id.in_(ids))
    told["heads"] = db.session.execute(heads).all()
    db.session.rollback()
    return told


def test_what_is_learned_changes_no_total_list_alert_report_or_file(house: Flask) -> None:
    visitor = signed_in(house, "chief", ("manager", None), ("administrator", None), ("auditor", None))
    before = everything(house, visitor)
    assert len(before["open alerts"]) == 1
    learn()
    after = everything(house, visitor)
    assert {name for name in before if before[name] != after[name]} == set()
    assert list(documents.verify()) == []
    assert ledger.on_hand(get_item("bolt").id, get_warehouse("EX-1").id) == 0


def test_a_practice_store_shows_itself_when_it_is_named(house: Flask) -> None:
    learn()
    visitor = signed_in(house, "chief", ("manager", None))
    stock = visitor.get("/api/v1/stock?warehouse=EX-1").get_json()["items"]
    assert {row["item"] for row in stock} == {"bolt", "serum", "desk"}
    assert all(row["level"] is None and row["reorder_point"] is None for row in stock)
    assert visitor.get("/api/v1/documents?warehouse=EX-1").get_json()["items"][0]["is_practice"] is True
    assert {one["code"]: one["is_practice"] for one in visitor.get("/api/v1/warehouses").get_json()["items"]} == {
        "CENTRAL": False, "NORTH": False, "EX-1": True, "EX-2": True,
    }  # fmt: skip
    file = visitor.get("/documents?warehouse=EX-1&format=csv")
    assert 'filename="practice-papers' in file.headers["Content-Disposition"]
    assert file.get_data(as_text=True).count("EX-1/") == 8


def test_who_is_in_practice_sees_practice_alone(house: Flask) -> None:
    visitor = signed_in(house, "chief", ("manager", None))
    assert visitor.post("/warehouse", warehouse="EX-1").status_code == 302
    for address in ("/", "/stock", "/documents", "/search?q=bolt", "/documents/new?kind=issue", "/station"):
        page = visitor.get(address)
        assert "CENTRAL/" not in page.text
        assert "data-practice" in page.text, address
        assert "Exercice : ces bons ne comptent pas." in words(page)
    real = visitor.get("/stock?warehouse=CENTRAL")
    assert "data-practice" not in real.text


def test_a_page_about_a_practice_store_says_so_wherever_one_is(house: Flask) -> None:
    paper = learn()[1]
    visitor = signed_in(house, "chief", ("manager", None), ("administrator", None))
    for address in (
        f"/documents/{paper.id}", "/stock/EX-1/bolt", "/warehouses/EX-1", "/warehouses/EX-1/content",
        "/station?warehouse=EX-1", f"/audit/registers/EX-1/{clock.today().year}", "/stock?warehouse=EX-1",
        "/documents/new?kind=issue&warehouse=EX-1",
    ):  # fmt: skip
        assert "data-practice" in visitor.get(address).text, address
    for address in ("/stock/CENTRAL/bolt", "/warehouses/CENTRAL", "/items/bolt", "/"):
        assert "data-practice" not in visitor.get(address).text, address


def test_goods_never_pass_between_practice_and_reality(house: Flask) -> None:
    by = boss()
    for sender, receiver in (("CENTRAL", "EX-1"), ("EX-1", "CENTRAL")):
        with pytest.raises(PracticeApart):
            post(by, "transfer", sender, line("bolt", "1"), target=f"warehouse:{receiver}")
    offered = {row.code for row in snapshot(get_warehouse("EX-1").id, today=clock.today()).warehouses}
    assert offered == {"EX-2"}
    assert {row.code for row in snapshot(get_warehouse("CENTRAL").id, today=clock.today()).warehouses} == {"NORTH"}


def test_the_same_lot_and_inventory_number_stay_free_for_the_real_goods(house: Flask) -> None:
    learn()
    by, real = boss(), clock.today() + timedelta(days=200)
    paper = post(
        by, "receipt", "CENTRAL", line("serum", "5", lot="L9", expires_on=real), line("desk", "1", lot="INV-1"),
        source="supplier:SUPPLIER",
    )  # fmt: skip
    assert [one["lot"] for one in paper.lines] == ["L9", "INV-1"]
    assert list(documents.verify()) == []
    numbers = db.session.scalars(select(Lot.inventory_number).where(Lot.number == "INV-1")).all()
    assert set(numbers) == {None, "INV-1"}


def test_numbered_values_are_not_practised(house: Flask) -> None:
    with pytest.raises(InvalidRequest) as refused:
        post(boss(), "receipt", "EX-1", line("voucher", first_number=1, last_number=10), source="supplier:SUPPLIER")
    assert refused.value.faults[0].code == "practice"


def test_a_scan_knows_lots_of_practice_in_practice_alone(house: Flask) -> None:
    learn()
    by, today = boss(), clock.today()
    assert [one.quantity for one in resolve("L9", by=by, warehouse="EX-1", on=today).balances] == [Decimal(4)]
    assert resolve("L9", by=by, warehouse="CENTRAL", on=today).kind == "unknown"
    label = db.session.scalars(select(Lot.label_code).where(Lot.number == "L9")).one()
    assert resolve(label, by=by, warehouse="EX-1", on=today).kind == "lot"
    assert resolve(label, by=by, warehouse="CENTRAL", on=today).kind == "unknown"
    lot = resolve("L1", by=by, warehouse="CENTRAL", on=today)
    assert (lot.kind, lot.expires_on) == ("lot", today + timedelta(days=20))


def test_no_rule_counts_in_practice(house: Flask) -> None:
    store, few = get_warehouse("EX-1"), {"reorder_point": Decimal(1), "target": Decimal(2)}
    category = db.session.get_one(Category, get_item("bolt").category_id)
    now = {"by": make.BUYER, "on": clock.today(), "at": clock.now()}
    with pytest.raises(InvalidRequest), transaction():
        replenishment.set_rule(get_item("bolt"), store, **few, **now)
    with pytest.raises(InvalidRequest), transaction():
        replenishment.set_category_rule(category, store, **few, **now)
    with transaction():
        replenishment.set_category_rule(category, None, reorder_point=Decimal(500), target=Decimal(600), **now)
    open_in = db.session.scalars(
        select(Warehouse.code).join(Alert, Alert.warehouse_id == Warehouse.id).where(Alert.closed_at.is_(None))
    ).all()
    assert open_in == ["CENTRAL"]


def test_every_print_of_practice_bears_its_mark(house: Flask) -> None:
    papers = learn()
    visitor = signed_in(house, "chief", ("manager", None))
    for paper in papers:
        for page in pages(visitor.get(f"/documents/{paper.id}.pdf").data):
            assert "EXERCICE" in page.text()
            assert page.shows(f"EX {paper.number}")
    card = printing.card_pdf(get_item("bolt"), get_warehouse("EX-1"), make.OPENED, clock.today(), today=clock.today())
    assert all("EXERCICE" in page.text() for page in pages(card))
    real = printing.card_pdf(
        get_item("bolt"), get_warehouse("CENTRAL"), make.OPENED, clock.today(), today=clock.today()
    )
    assert all("EXERCICE" not in page.text() for page in pages(real))


def test_every_label_of_practice_bears_its_mark_and_labels_nothing_real(house: Flask) -> None:
    paper = learn()[0]
    visitor = signed_in(house, "chief", ("manager", None), ("administrator", None))
    choices = printing.labels_of_document(paper)
    wanted = {f"copies-{choice.label.key}": "1" for choice in choices}
    answer = visitor.post("/labels", document=paper.id, medium="24", first="1", **wanted)
    assert answer.mimetype == "application/pdf", answer.text
    (page,) = pages(answer.data)
    assert page.text().count("EXERCICE") == 2 * len(choices)
    for of in ("places", "doors"):
        label = visitor.get(f"/labels?of={of}&warehouse=EX-1").text
        keys = dict.fromkeys(re.findall(r'name="copies-((?:shelf|door)-\d+)"', label), "1")
        answer = visitor.post(
            "/labels", of=of, warehouse="EX-1", medium="24", first="1", **{f"copies-{key}": "1" for key in keys}
        )
        assert "EXERCICE" in pages(answer.data)[0].text()
    assert "bolt" in visitor.get("/labels/without?warehouse=CENTRAL&format=csv").get_data(as_text=True)
    assert "bolt" not in visitor.get("/labels/without?warehouse=EX-1&format=csv").get_data(as_text=True)


def test_a_practice_store_is_opened_in_one_step_and_once(house: Flask) -> None:
    keeper = make.person("keeper", "storekeeper", at="CENTRAL")
    visitor = signed_in(house, "chief", ("administrator", None))
    for _ in range(2):
        answer = visitor.post("/warehouses/practice", key="the-same-key")
        assert answer.headers["Location"].endswith("/warehouses/EX-3")
    store = get_warehouse("EX-3")
    assert (store.is_practice, store.in_service_on) == (True, clock.today())
    (opening,) = db.session.scalars(select(Entry).where(Entry.warehouse_id == store.id)).all()
    assert (opening.kind, opening.number, opening.position) == ("opening", 1, 1)
    assert db.session.scalars(
        select(Movement.item_id).where(Movement.entry_id == opening.id).order_by(Movement.id)
    ).all() == [
        get_item(code).id for code in ("bolt", "serum", "serum")
    ]  # fmt: skip
    learner = access.identity_of(db.session.get_one(User, keeper.id))
    order = Order("issue", "EX-3", (line("bolt", "1"),), target=Side("service", "CITY"))
    assert make.posted(order, by=learner, today=clock.today(), at=clock.now()).reference.startswith("EX-3/BS/")
    assert visitor.post("/warehouses/practice", key="another").headers["Location"].endswith("/EX-4")


@pytest.mark.parametrize(("code", "is_practice"), [("EX-9", False), ("SCHOOL", True), ("ex-9", False)])
def test_the_code_of_a_store_says_whether_it_is_for_practice(code: str, is_practice: bool) -> None:
    with pytest.raises(InvalidRequest), transaction():
        warehouses.add_warehouse(code, in_service_on=None, is_practice=is_practice, name_fr="Un magasin")
