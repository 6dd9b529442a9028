"""Places, parties, settings and audit: who may see and change them, what is refused, what leaves as a file."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from inventory import access, catalogue, clock, ledger, parties, settings, warehouses
from inventory.audit import AuditRecord
from inventory.database import db, transaction
from inventory.documents import Reason
from inventory.exchange import workbook
from inventory.parties import Entity, Service, Supplier
from inventory.settings import KNOWN, SettingValue
from inventory.warehouses import Location, get_warehouse
from inventory.web import imports
from inventory.web.settings.room import WORDS
from tests import make
from tests.script import Store
from tests.web.desk import INSTANT
from tests.web.visitors import Visitor, add_person, signed_in, words

PAGES = (
    "/services", "/services/CITY", "/suppliers", "/suppliers/SUPPLIER", "/entities", "/warehouses",
    "/warehouses/CENTRAL",
    "/settings", "/settings/decisions", "/settings/reasons", "/audit", "/audit?item=bolt", "/audit?warehouse=CENTRAL",
    "/audit/registers", "/audit/proof", "/audit/trail",
)  # fmt: skip
CHANGES = (
    ("/services", {"code": "S1", "name_fr": "Un service", "entity": "COMMUNE"}),
    ("/services/CITY", {"name_fr": "Autre nom"}),
    ("/services/CITY", {"act": "retire"}),
    ("/suppliers", {"code": "F1", "name_fr": "Un fournisseur"}),
    ("/suppliers/SUPPLIER", {"act": "retire"}),
    ("/entities", {"code": "ANFA", "name_fr": "Anfa"}),
    ("/warehouses", {"code": "W1", "name_fr": "Dépôt", "entity": "COMMUNE", "service": "later"}),
    ("/warehouses/CENTRAL/names", {"name_fr": "Autre nom"}),
    ("/warehouses/CENTRAL/service", {}),
    ("/warehouses/CENTRAL/locations", {"code": "Z-9", "kind": "shelf", "name_fr": "Étagère"}),
    ("/warehouses/CENTRAL/locations/MAG", {"name_fr": "Autre nom"}),
    ("/settings", {"back_dating_days": "3"}),
    ("/settings/reasons", {"code": "rats", "place": "loss", "name_fr": "Rongeurs"}),
)


@make.furnished
def stores() -> None:
    """CENTRAL with bolts, some of which went to the city; NORTH is empty."""
    store = Store.opened("NORTH", bolt={})
    store.play("SUPPLIER -> SHELF bolt 10 cost=2.50")
    store.play("SHELF -> CITY bolt 7")


@pytest.fixture
def house(stores: None, app: Flask) -> Flask:
    return app


@pytest.fixture
def boss(house: Flask) -> Visitor:
    return signed_in(house, "boss", ("administrator", None), ("manager", None))


def counts() -> list[int]:
    kinds = (Service, Supplier, Entity, warehouses.Warehouse, Location, SettingValue, Reason)
    return [len(db.session.scalars(select(kind.id)).all()) for kind in kinds]


# ---- who may


def test_an_auditor_reads_everything_and_changes_nothing(house: Flask):
    auditor = signed_in(house, "auditor", ("auditor", None))
    for address in PAGES:
        answer = auditor.get(address)
        assert answer.status_code == 200, address
        assert 'method="post" action="/' + address.lstrip("/") + '"' not in answer.text or address == "/audit/proof"
    before = counts()
    for address, form in CHANGES:
        assert auditor.post(address, **form).status_code == 403, address
    assert counts() == before


def test_a_storekeeper_sees_their_own_warehouse_and_no_control(house: Flask):
    keeper = signed_in(house, "keeper", ("storekeeper", "CENTRAL"))
    for address in ("/services", "/suppliers", "/warehouses", "/warehouses/CENTRAL", "/warehouses/CENTRAL/content"):
        assert keeper.get(address).status_code == 200, address
    for address in ("/settings", "/settings/decisions", "/settings/reasons", "/audit/proof", "/audit/trail",
                    "/warehouses/NORTH", "/warehouses/NORTH/content", "/audit/registers/NORTH/2026"):  # fmt: skip
        assert keeper.get(address).status_code == 403, address
    listed = keeper.get("/warehouses").text
    assert "/warehouses/CENTRAL" in listed
    assert "/warehouses/NORTH" not in listed
    for address, form in CHANGES:
        assert keeper.post(address, **form).status_code == 403, address


def test_a_requester_sees_none_of_it(house: Flask):
    requester = signed_in(house, "asker", ("requester", None))
    for address in (*PAGES, "/suppliers/options", "/warehouses/options"):
        assert requester.get(address).status_code == 403, address


# ---- nothing wrong gets in


WRONG = (
    ("/services", {"code": "", "name_fr": "x", "entity": "COMMUNE"}, "code"),
    ("/services", {"code": "a b", "name_fr": "x", "entity": "COMMUNE"}, "code"),
    ("/services", {"code": "new", "name_fr": "x", "entity": "COMMUNE"}, "code"),
    ("/services", {"code": "X" * 41, "name_fr": "x", "entity": "COMMUNE"}, "code"),
    ("/services", {"code": "S1", "entity": "COMMUNE"}, "name_ar"),
    ("/services", {"code": "S1", "name_fr": "x" * 301, "entity": "COMMUNE"}, "name_fr"),
    ("/services", {"code": "S1", "name_fr": "x", "entity": "NOWHERE"}, "entity"),
    ("/services", {"code": "S1", "name_fr": "x", "entity": "COMMUNE", "parent_shown": "half a na"}, "parent"),
    ("/services", {"code": "CITY", "name_fr": "x", "entity": "COMMUNE"}, "code"),
    ("/services/CITY", {"name_fr": "x", "parent": "CITY"}, "parent"),
    ("/suppliers", {"code": "F1", "name_fr": "x", "ice": "12"}, "ice"),
    ("/suppliers", {"code": "F1", "name_fr": "x", "bank_account": "12"}, "bank_account"),
    ("/suppliers", {"code": "F1", "name_fr": "x", "email": "nobody"}, "email"),
    ("/suppliers", {"code": "F1", "name_fr": "x", "phone": "0" * 41}, "phone"),
    ("/entities", {"code": "COMMUNE", "name_fr": "x"}, "code"),
    ("/warehouses", {"code": "CENTRAL", "name_fr": "x", "entity": "COMMUNE", "service": "now"}, "code"),
    ("/warehouses", {"code": "W1", "name_fr": "x", "entity": "NO", "service": "now"}, "entity"),
    ("/warehouses/CENTRAL/names", {}, "name_ar"),
    ("/warehouses/CENTRAL/locations", {"code": "MAG", "kind": "shelf", "name_fr": "x"}, "code"),
    ("/warehouses/CENTRAL/locations", {"code": "T", "kind": "transit", "name_fr": "x"}, "kind"),
    ("/settings", {"back_dating_days": "-1"}, "back_dating_days"),
    ("/settings", {"back_dating_days": "1e9"}, "back_dating_days"),
    ("/settings", {"back_dating_days": "9" * 40}, "back_dating_days"),
    ("/settings", {"back_dating_days": "5", "effective_on": "2020-01-01"}, "effective_on"),
    ("/settings", {"back_dating_days": "5", "effective_on": "soon"}, "effective_on"),
    ("/settings", {"header_fr": "x" * 2001}, "header_fr"),
    ("/settings/reasons", {"code": "lost", "place": "loss", "name_fr": "x"}, "code"),
    ("/settings/reasons", {"code": "r", "place": "sea", "name_fr": "x"}, "place"),
)


def test_what_cannot_be_used_is_said_at_its_field_and_changes_nothing(boss: Visitor):
    before = counts()
    for address, form, field in WRONG:
        answer = boss.post(address, **form)
        assert answer.status_code in (409, 422), (address, form, answer.status_code)
        assert f'id="{field}-error"' in answer.text or f'href="#{field}"' in answer.text, (address, form)
    assert counts() == before


def test_addresses_that_name_nothing_are_not_found_or_refused(boss: Visitor):
    for address in ("/services/NO", "/suppliers/NO", "/warehouses/NO", "/warehouses/CENTRAL/locations/NO",
                    "/audit/registers/NO/2026", "/audit/registers/CENTRAL/1999",
                    "/audit/registers/CENTRAL/99999999999",
                    "/settings/reasons?edit=NO", "/entities?edit=NO",
                    "/warehouses/CENTRAL/content?location=NO"):  # fmt: skip
        assert boss.get(address).status_code == 404, address
    for address in ("/audit?item=NO", "/audit?from=yesterday", "/audit?warehouse=NO", "/audit?cursor=x",
                    "/audit/trail?action=x", "/audit/trail?to=2026-13-01", "/services?format=pdf",
                    "/warehouses/CENTRAL/content?cursor=x"):  # fmt: skip
        assert boss.get(address).status_code == 422, address
    for address in ("/audit/trail?cursor=x", "/services?cursor=NO", "/settings/decisions?cursor=" + "9" * 40):
        assert boss.get(address).status_code == 200, address


# ---- services and suppliers


def test_a_service_hangs_under_another_and_its_place_follows_its_name(boss: Visitor):
    boss.post("/services", code="HYG", name_fr="Hygiène", name_ar="حفظ الصحة", entity="COMMUNE")
    boss.post("/services", code="HYG-ANFA", name_fr="Hygiène Anfa", entity="COMMUNE", parent="HYG")
    text = boss.get("/services").text
    assert 'class="depth-0">Hygiène<' in text
    assert 'class="depth-1">Hygiène Anfa<' in text
    assert boss.post("/services/HYG", name_fr="x", parent="HYG-ANFA").status_code == 422
    boss.post("/services/HYG-ANFA", name_fr="Bureau Anfa", parent="HYG")
    place = db.session.scalars(select(Location).where(Location.code == "service:HYG-ANFA")).one()
    assert place.name_fr == "Bureau Anfa"
    boss.post("/services/HYG-ANFA", act="retire")
    db.session.expire_all()
    assert not place.is_active
    assert "HYG-ANFA" not in boss.get("/services").text
    assert "HYG-ANFA" in boss.get("/services?state=retired").text
    actions = select(AuditRecord.action).order_by(AuditRecord.id)
    noted = db.session.scalars(actions.where(AuditRecord.subject == "HYG-ANFA")).all()
    assert noted == ["service.added", "service.changed", "service.retired"]


def test_a_supplier_is_kept_with_what_orders_print(boss: Visitor):
    form = {"code": "SOMEDIC", "name_fr": "Somedic", "ice": "001 525 713 000 034", "email": "a@b.ma"}
    assert boss.post("/suppliers", **form).status_code == 302
    assert parties.get(Supplier, "SOMEDIC").ice == "001525713000034"
    assert "SOMEDIC" in boss.get("/suppliers?search=0015257").text
    assert "001525713000034" in boss.get("/suppliers?format=csv").get_data(as_text=True)


# ---- warehouses and places


def test_a_warehouse_goes_into_service_once_and_for_ever(boss: Visitor):
    boss.post("/warehouses", code="EX-W1", name_fr="Dépôt", entity="COMMUNE", service="later", is_practice="1")
    assert get_warehouse("EX-W1").in_service_on is None
    assert boss.post("/warehouses/EX-W1/service", on="2999-01-01").status_code == 422
    assert boss.post("/warehouses/EX-W1/service").status_code == 302
    db.session.expire_all()
    assert get_warehouse("EX-W1").in_service_on == clock.today()
    assert boss.post("/warehouses/EX-W1/service").status_code == 409


def test_a_place_is_retired_only_when_it_is_empty(boss: Visitor):
    assert boss.post("/warehouses/CENTRAL/locations", code="A-1", kind="shelf", name_fr="Étagère").status_code == 302
    assert boss.post("/warehouses/CENTRAL/locations/MAG", act="retire").status_code == 409  # goods lie there
    assert boss.post("/warehouses/NORTH/locations/MAG", act="retire").status_code == 422  # the default shelf
    assert boss.post("/warehouses/CENTRAL/locations/QUARANTAINE", act="retire").status_code == 422
    assert boss.post("/warehouses/CENTRAL/locations/A-1", act="retire").status_code == 302
    assert "A-1" not in boss.get("/warehouses/CENTRAL/locations/options").text
    assert boss.post("/warehouses/CENTRAL/locations/A-1", act="restore").status_code == 302


def test_what_lies_where_is_seen_by_place(boss: Visitor):
    assert "bolt" in boss.get("/warehouses/CENTRAL/content?location=MAG").text
    assert "bolt" not in boss.get("/warehouses/CENTRAL/content?location=QUARANTAINE").text
    file = boss.get("/warehouses/CENTRAL/content?format=csv").get_data(as_text=True)
    assert "bolt" in file
    assert ";3;" in file


# ---- settings


def test_every_setting_has_words(app: Flask):
    assert sorted(WORDS) == sorted(KNOWN)


def test_only_what_changed_is_decided_and_stays_on_record(boss: Visitor):
    today = clock.today()
    form = {name: str(value) for name, value in settings.values_of(list(KNOWN), on=today).items()}
    assert boss.post("/settings", **(form | {"back_dating_days": "12"})).status_code == 302
    assert settings.value_of("back_dating_days", on=today) == 12
    assert len(db.session.scalars(select(SettingValue)).all()) == 1
    assert boss.post("/settings", **(form | {"back_dating_days": "12"})).status_code == 302
    assert len(db.session.scalars(select(SettingValue)).all()) == 1
    assert boss.post("/settings", expiry_warning_days="45", effective_on="2199-01-01").status_code == 302
    assert settings.value_of("expiry_warning_days", on=today) == 90
    assert settings.value_of("expiry_warning_days", on=date(2199, 1, 1)) == 45
    assert "45" in boss.get("/settings/decisions").text


def test_reasons_are_added_renamed_and_retired(boss: Visitor):
    boss.post("/settings/reasons", code="rats", place="loss", name_fr="Rongeurs")
    boss.post("/settings/reasons", edit="rats", name_fr="Rats")
    boss.post("/settings/reasons", edit="rats", act="retire")
    reason = db.session.scalars(select(Reason).where(Reason.code == "rats")).one()
    assert (reason.name_fr, reason.is_active, reason.place) == ("Rats", False, "loss")


# ---- audit


def test_a_question_is_answered_by_the_papers_with_their_proof(boss: Visitor):
    entry = db.session.scalars(select(ledger.Entry).order_by(ledger.Entry.position.desc())).first()
    assert entry is not None
    text = boss.get("/audit?item=bolt&warehouse=CENTRAL").text
    assert entry.hash[:12] in text
    assert text.count("timeline") == 1
    assert entry.hash[:12] not in boss.get("/audit?warehouse=NORTH").text
    assert entry.hash[:12] not in boss.get("/audit?person=nobody").text
    assert entry.hash in boss.get("/audit?item=bolt&format=csv").get_data(as_text=True)


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/audit?person=nobody", "person"), ("/audit?from=2026-11-20&to=2026-11-10", "to"),
        ("/audit/trail?from=2026-11-20&to=2026-11-10", "to"), ("/labels/log?from=2026-11-20&to=2026-11-10", "to"),
        ("/documents?from=2026-11-20&to=2026-11-10", "to"), ("/documents?item_shown=zzzz", "item"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_right_is_refused_at_its_field(boss: Visitor, address: str, field: str):
    answer = boss.get(address)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'class="rail"' in answer.text
    assert "Aucun résultat" not in answer.text
    assert boss.get(f"{address}&format=csv").mimetype == "text/html"


def test_a_person_is_asked_for_by_name_too(boss: Visitor):
    for username in ("amal", "hind"):
        add_person(username, ("auditor", None))
    assert boss.get("/audit?person=Amal").status_code == 200
    with transaction():
        for one in db.session.scalars(select(access.User).where(access.User.username.in_(("amal", "hind")))):
            one.display_name = "Amal Hind"
    assert "Plusieurs personnes" in boss.get("/audit?person=amal+hind").text


def test_a_question_with_words_that_are_not_chosen_is_refused_at_its_field(boss: Visitor):
    answer = boss.get("/audit?item=&item_shown=zzzz&person=keeper")
    assert answer.status_code == 422
    assert 'id="item-error"' in answer.text
    assert 'value="zzzz"' in answer.text
    assert 'value="keeper"' in answer.text
    assert "timeline" not in answer.text
    assert boss.get("/audit?item_shown=bolt&warehouse=CENTRAL").text.count("timeline") == 1  # a whole code is a choice


def test_an_answer_counts_in_the_unit_of_the_item_and_as_it_was_written(house: Flask):
    make.item("INS-1", name_fr="Insuline", unit="flacon", packagings=(catalogue.NewPackaging("carton", Decimal(50)),))
    person = access.identity_of(access.get_user("amina"))
    for line in (make.line("INS-1", "2", unit="carton"), make.line("INS-1", "7")):
        make.posted(make.order("receipt", "CENTRAL", line, source="supplier:SUPPLIER"), by=person)
    auditor = signed_in(house, "auditor", ("auditor", None), language="en")
    text = words(auditor.get("/audit?item=INS-1"))
    assert "INS-1 · 100 flacon ( 2 carton )" in text
    assert "INS-1 · 7 flacon" in text
    assert "7 flacon (" not in text
    told = csv.DictReader(io.StringIO(auditor.get("/audit?item=INS-1&format=csv").data.decode("utf-8-sig")))
    names = ("Code", "Item", "Quantity", "Unit", "Quantity as written", "Unit as written")
    assert [tuple(line[name] for name in names) for line in told] == [
        ("INS-1", "Insuline", "7", "flacon", "7", "flacon"),
        ("INS-1", "Insuline", "100", "flacon", "2", "carton"),
    ]


def test_the_file_of_an_answer_has_every_line_of_every_paper(house: Flask):
    """The page shows a few lines of each paper; what an auditor takes away leaves none out."""
    goods = [f"PART-{number}" for number in range(5)]
    for code in goods:
        make.item(code, tracking="lot")
    person = access.identity_of(access.get_user("amina"))
    lines = [make.line(code, "3", lot=f"L{code[-1]}") for code in goods]
    paper = make.posted(make.order("receipt", "CENTRAL", *lines, source="supplier:SUPPLIER"), by=person)
    auditor = signed_in(house, "auditor", ("auditor", None), language="en")
    file = auditor.get("/audit?warehouse=CENTRAL&format=csv").data.decode("utf-8-sig")
    told = [line for line in csv.DictReader(io.StringIO(file)) if line["Paper"] == paper.reference]
    assert [(line["Code"], line["Quantity"], line["Lot"]) for line in told] == [
        (code, "3", f"L{code[-1]}") for code in goods
    ]
    assert {line["Hash"] for line in told} == {paper.hash}


def test_an_answer_stays_within_ones_warehouses(house: Flask):
    keeper = signed_in(house, "north", ("storekeeper", "NORTH"))
    assert "CENTRAL/" not in keeper.get("/audit?item=bolt").text
    assert keeper.get("/audit?warehouse=CENTRAL").status_code == 422


def test_the_register_shows_each_entry_on_the_one_before(boss: Visitor):
    first, second = db.session.scalars(select(ledger.Entry).order_by(ledger.Entry.position)).all()
    text = boss.get(f"/audit/registers/CENTRAL/{first.year}").text
    for shown in (first.hash[:8], second.hash[:8], second.previous_hash[:8]):
        assert shown in text
    assert second.hash in text  # the head, whole
    assert second.hash in boss.get("/audit/registers?format=csv").get_data(as_text=True)


def test_verifying_tells_green_then_red(boss: Visitor, database):
    assert boss.post("/audit/proof").status_code == 302
    assert 'class="notice is-good"' in boss.get("/audit/proof").text
    database.tamper("UPDATE balance SET quantity = quantity + 1000")
    boss.post("/audit/proof")
    text = boss.get("/audit/proof").text
    assert 'class="notice is-bad"' in text
    assert "CENTRAL" in text


def test_the_trail_is_asked_by_action_person_and_day(boss: Visitor):
    boss.post("/settings", back_dating_days="12")
    called = "Jours dont un bon peut être antidaté"
    text = boss.get("/audit/trail?action=setting&person=boss").text
    assert called in text
    assert "back_dating_days" not in text
    assert called not in boss.get("/audit/trail?action=sign_in").text
    assert called not in boss.get("/audit/trail?person=nobody").text
    assert called not in boss.get("/audit/trail?to=2020-01-01").text
    assert "12" in boss.get("/audit/trail?action=setting&format=csv").get_data(as_text=True)
    shown = workbook.read(boss.get("/audit/trail?action=setting&format=xlsx").data).lines[1].cells[0]
    told = boss.get("/audit/trail?action=setting&format=csv").get_data(as_text=True)
    at = db.session.scalars(select(AuditRecord.at).where(AuditRecord.action == "setting.decided")).one()
    assert INSTANT.search(told)[0] == at.astimezone(clock.zone()).isoformat(timespec="seconds")  # type: ignore[index]
    assert str(shown) == f"{at.astimezone(clock.zone()):%Y-%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ar", ("عدد الأيام التي يسمح فيها الرقم السري أو الشارة بالدخول", "من قبل · القيمة 14", "من بعد · القيمة 9",
                "سطر الأوامر",
                "الدور مسؤول المخزن", "من قبل · عتبة التنبيه 5", "من بعد · عتبة التنبيه 6",
                "من بعد · الملء إلى غاية 12")),
        ("fr", ("Jours pendant lesquels un code PIN ou un badge ouvre", "Avant · Valeur 14", "Après · Valeur 9",
                "ligne de commande",
                "Rôle Responsable", "Avant · Seuil d’alerte 5", "Après · Seuil d’alerte 6",
                "Après · Recompléter jusqu’à 12")),
        ("en", ("Days for which a PIN or badge lets somebody in", "Before · Value 14", "After · Value 9",
                "command line", "Role Manager",
                "Before · Reorder point 5", "After · Reorder point 6", "After · Fill up to 12")),
    ],
)  # fmt: skip
def test_the_trail_speaks_the_reader_s_language(boss: Visitor, language: str, said: tuple[str, ...]):
    boss.post("/settings", pin_days="9")
    make.rule("bolt", "CENTRAL", "5", "10")
    make.rule("bolt", "CENTRAL", "6", "12")
    boss.post("/language", language=language)
    shown = words(boss.get("/audit/trail"))
    assert [one for one in said if one not in shown] == []
    assert clock.today().isoformat() not in shown, "days are written as everywhere"
    assert not re.search("pin_days|reorder_point|effective_on", shown)
    if language != "en":
        assert "command line" not in shown + boss.get("/audit/trail?format=csv").get_data(as_text=True)


def test_a_change_of_the_house_is_one_record_with_what_was_and_is(boss: Visitor):
    boss.post("/services", code="VOIRIE", name_fr="Voirie", entity="COMMUNE")
    changes = (
        ("/services/VOIRIE", {"name_fr": "Voirie", "parent": "CITY"}, "parent", "", "CITY"),
        ("/suppliers/SUPPLIER", {"name_fr": "Fournisseur", "phone": "0522"}, "phone", "", "0522"),
        ("/warehouses/CENTRAL/names", {"name_fr": "Autre nom"}, "name_fr", None, "Autre nom"),
        ("/warehouses/CENTRAL/locations/MAG", {"name_fr": "Rayon"}, "name_fr", "Magasin", "Rayon"),
        ("/settings/reasons", {"edit": "expired", "name_fr": "Hors date"}, "name_fr", "Périmé", "Hors date"),
    )
    for address, form, name, was, now in changes:
        before = len(list(db.session.scalars(select(AuditRecord.id))))
        for _ in range(2):  # the second changes nothing
            assert boss.post(address, **form).status_code == 302, address
        last, *more = list(db.session.scalars(select(AuditRecord).order_by(AuditRecord.id)))[before:]
        assert more == [], address
        assert last.details["after"][name] == now
        assert was is None or last.details["before"][name] == was


def test_what_is_out_of_use_already_is_not_taken_out_again(boss: Visitor):
    boss.post("/warehouses/CENTRAL/locations", code="Z-9", kind="shelf", name_fr="Étagère")
    for address in ("/warehouses/CENTRAL/locations/Z-9", "/suppliers/SUPPLIER", "/services/CITY"):
        before = len(list(db.session.scalars(select(AuditRecord.id))))
        for act in ("retire", "retire", "restore", "restore"):
            assert boss.post(address, act=act).status_code == 302, address
        acts = [one.rsplit(".")[1] for one in db.session.scalars(select(AuditRecord.action).order_by(AuditRecord.id))]
        assert acts[before:] == ["retired", "restored"], address


@pytest.mark.parametrize("most", [None, 0], ids=["at once", "apart"])
def test_a_file_of_items_that_came_in_is_one_record(boss: Visitor, monkeypatch: pytest.MonkeyPatch, most: int | None):
    if most is not None:
        monkeypatch.setattr(imports, "LARGE", most)
    sheet = io.BytesIO("code;désignation;unité\nX1;Sérum;boîte\nbolt;Boulon M6;piece\n".encode())
    file = boss.post("/imports/", what="items", files={"file": (sheet, "liste.csv")}).headers["Location"]
    assert "liste.csv" not in words(boss.get("/audit/trail"))  # read, and nothing written
    (reading,) = re.findall(r'name="reading" value="(\w+)"', boss.get(file).text)
    for _ in range(2):
        boss.post(f"{file}/items", reading=reading)
    (noted,) = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "item.imported"))
    assert (noted.subject, noted.actor) == ("liste.csv", "boss")
    assert noted.details == {"added": 1, "changed": 1, "unchanged": 0, "left_out": 0}
    actions = set(db.session.scalars(select(AuditRecord.action).where(AuditRecord.action.startswith("item."))))
    assert actions == {"item.imported"}, "no record for each item beside it"
    shown = words(boss.get("/audit/trail?action=item"))
    assert "Articles importés d’un fichier" in shown
    assert "Articles ajoutés 1 Articles modifiés 1" in shown


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_pages_hold_nothing_inline_and_no_id_twice(boss: Visitor, language: str):
    boss.post("/account/language", language=language)
    for address in (*PAGES, "/people", "/people/@boss", "/people/policy", "/people/new", "/account", "/services/new",
                    "/suppliers/new", "/warehouses/new", "/warehouses/CENTRAL/names", "/warehouses/CENTRAL/content",
                    "/warehouses/CENTRAL/locations/MAG", "/audit/registers/CENTRAL/2026"):  # fmt: skip
        answer = boss.get(address)
        assert answer.status_code == 200, address
        assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|javascript:", answer.text), address
        ids = re.findall(r'\sid="([^"]+)"', answer.text)
        assert len(ids) == len(set(ids)), (address, sorted(one for one in ids if ids.count(one) > 1))


def test_a_house_without_a_warehouse_leads_to_its_first(app: Flask) -> None:
    first = signed_in(app, "first", ("administrator", None), ("manager", None), language="en")
    keeper = signed_in(app, "keeper", ("storekeeper", None), language="en")
    for address in ("/documents/new?kind=opening", "/documents/new?kind=issue", "/rules", "/station"):
        page = first.get(address)
        assert "No warehouse yet" in words(page), address
        assert 'href="/warehouses/new"' in page.text, address
    page = keeper.get("/documents/new?kind=issue")
    assert "No warehouse yet" in words(page)
    assert 'href="/warehouses/new"' not in page.text
