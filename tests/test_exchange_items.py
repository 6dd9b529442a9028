"""Items in: what the dry run says is what happens."""

from __future__ import annotations

import io
from datetime import datetime
from decimal import Decimal

import pytest
import xlsxwriter
from flask import Flask
from sqlalchemy import event, func, select

from inventory.catalogue import Barcode, Item, NewItem, Packaging, Unit, add_item, get_item
from inventory.database import db, transaction
from inventory.errors import ChangedMeanwhile, UnreadableFile
from inventory.exchange.items import ItemPlan, plan_items
from inventory.exchange.reading import Choices
from inventory.exchange.stocking import apply_items
from tests import make

CATALOGUE = """code;désignation;الاسم;famille;unité;EAN
001;Savon dur;صابون;Entretien;unité;6111245591063
002;Eau de Javel 5 L;ماء جافيل;Entretien;bidon 5 L;
"""


def plan(text: str, *, mapped: dict[str, str] | None = None, **constants: str) -> ItemPlan:
    return plan_items(text.encode(), Choices(mapped=mapped or {}, constants=constants))


def imported(text: str, **constants: str) -> ItemPlan:
    found = plan(text, **constants)
    assert found.can_apply(leave_out_bad=False), (found.blocking, found.bad)
    with transaction():
        apply_items(found, today=make.TODAY, at=make.now())
    return found


def opened(code: str) -> None:
    """Some of an item lies in a store now: a paper has moved it."""
    make.warehouse("CENTRAL")
    order = make.order("opening", "CENTRAL", make.line(code, "3", unit_cost="1"))
    make.posted(order, by=make.person("amina", "manager"))


def refusals(found: ItemPlan) -> list[tuple[int, str, str]]:
    return [(cell.row, cell.column, cell.value) for cell in found.bad]


def count(kind: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def test_a_dry_run_writes_nothing_and_applying_writes_all(app: Flask) -> None:
    found = plan(CATALOGUE)
    assert (len(found.create), found.update, found.unchanged, found.bad) == (2, [], 0, [])
    assert count(Item) == 0
    imported(CATALOGUE)
    item = get_item("001")
    assert (item.name_fr, item.name_ar, item.tracking, item.decimals) == ("Savon dur", "صابون", "none", 0)
    assert "صابون" in item.search_text
    assert "6111245591063" in item.search_text
    assert db.session.scalar(select(Barcode.item_id).where(Barcode.code == "6111245591063")) == item.id
    assert {item.label_code for item in db.session.scalars(select(Item))}.isdisjoint({""})


def test_capitals_tell_no_two_items_apart(app: Flask) -> None:
    imported("code;nom;unité\nABC;Savon;u\n")
    found = plan("code;nom;unité\nabc;Savon;u\nX;Javel;u\nx;Javel;u\n")
    assert refusals(found) == [(2, "code", "abc"), (4, "code", "x")]


def test_the_same_file_again_changes_nothing(app: Flask) -> None:
    imported(CATALOGUE)
    again = imported(CATALOGUE)
    assert (again.create, again.update, again.unchanged) == ([], [], 2)


def test_what_the_file_does_not_say_is_not_changed(app: Flask) -> None:
    imported(CATALOGUE)
    change = imported("code;désignation;unité\n001;Savon doux;UNITE\n")
    assert (len(change.update), change.create) == (1, [])
    item = get_item("001")
    assert (item.name_fr, item.name_ar) == ("Savon doux", "صابون")
    assert item.category_id is not None
    assert "doux" in item.search_text
    assert "6111245591063" in item.search_text
    assert get_item("002").name_fr == "Eau de Javel 5 L"


def test_an_empty_cell_says_nothing_and_a_letter_only_what_it_stands_for(app: Flask) -> None:
    head = "code;nom;unité;suivi;périssable;décimales;stockage;lettres\n"
    imported(head + "1;Vaccin;flacon;lot;oui;1;froid;\n2;Vis;u;;;;;K\n")
    again = imported(head + "1;Vaccin;flacon;;;;;\n2;Vis;u;;;;;\n")
    assert (again.update, again.unchanged) == ([], 2)
    imported(head + "1;Vaccin;flacon;;;;;H\n2;Vis;u;;;;;L\n")
    vaccine, screw = get_item("1"), get_item("2")
    assert (vaccine.tracking, vaccine.has_expiry, vaccine.decimals, vaccine.storage_class) == (
        "lot",
        True,
        1,
        "hazardous",
    )
    assert (screw.tracking, screw.storage_class) == ("lot", "locked")


def test_how_an_item_is_counted_and_kept_is_put_right_until_a_paper_has_moved_it(app: Flask) -> None:
    imported("code;nom;unité;conditionnement;contenance\nA;Gants;u;carton;12\nB;Masques;u;;\n")
    changed = "code;nom;unité;suivi;périssable;décimales\nA;Gants;paire;lot;oui;\nB;Masques;boîte;;;2\n"
    assert [sorted(one.changes) for one in plan(changed).update] == [
        ["has_expiry", "label_version", "name_ar", "name_en", "name_fr", "tracking", "unit"],
        ["decimals", "label_version", "name_ar", "name_en", "name_fr", "unit"],
    ]
    stale = plan(changed)
    opened("B")
    with pytest.raises(ChangedMeanwhile), transaction():
        apply_items(stale, today=make.TODAY, at=make.now())
    found = plan(changed)
    assert refusals(found) == [(3, "unité", "boîte"), (3, "décimales", "2")]
    with transaction():
        apply_items(found, today=make.TODAY, at=make.now())
    glove = get_item("A")
    assert (db.session.get_one(Unit, glove.unit_id).code, glove.tracking, glove.has_expiry) == ("paire", "lot", True)
    assert refusals(plan("code;nom;unité\nA;Gants;Carton\n")) == [(2, "unité", "Carton")]  # it has a packaging so named
    assert refusals(plan("code;nom;unité;suivi\nA;Gants;u;unité\n")) == [(2, "suivi", "unité")]  # which cannot expire


def test_packagings_of_a_file_are_never_lost(app: Flask) -> None:
    head = "code;nom;unité;conditionnement;contenance;code barre conditionnement\n"
    nameless = plan(head + "1;Lampe;u;;24;\n2;Vis;u;;;6111245678911\n3;Clou;u;;;\n")
    assert refusals(nameless) == [(2, "conditionnement", ""), (3, "conditionnement", "")]
    imported(head + "1;Lampe;u;Carton;12;\n")
    again = imported(head + "1;Lampe;u;CARTON;12;6111245591063\n")
    assert (len(again.update), count(Packaging)) == (1, 1)
    assert refusals(plan(head + "1;Lampe;u;carton;24;\n")) == [(2, "contenance", "24")]
    barcode = db.session.scalars(select(Barcode)).one()
    assert (barcode.code, barcode.packaging_id) == ("6111245591063", db.session.scalars(select(Packaging.id)).one())
    assert imported(head + "1;Lampe;u;Carton;12;6111245591063\n").unchanged == 1
    flawed = plan(head + "2;Vis;u;boîte;5;6111245591064\n")
    assert [one.column for one in flawed.reader.cautions] == ["code barre conditionnement"]


def test_digits_are_the_same_in_arabic(app: Flask) -> None:
    imported("code;nom;unité;EAN\nA1;Savon;u;٦١١١٢٤٥٥٩١٠٦٣\n")
    assert db.session.scalar(select(Barcode.code)) == "6111245591063"
    assert refusals(plan("code;nom;unité;EAN\nA2;Javel;u;6111245591063\n")) == [(2, "EAN", "6111245591063")]
    assert refusals(plan("code;nom;unité\nA١;Javel;u\n")) == [(2, "code", "A١")]
    found = plan("code;nom;unité;EAN\nB;Javel;u;96385074 / 5000112637922\n")
    assert found.create[0].barcodes == ("96385074", "5000112637922")


def test_what_a_spreadsheet_made_a_date_of_is_no_code_and_no_name(app: Flask) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "d-m"}) as book:
        sheet = book.add_worksheet()
        for column, label in enumerate(("code", "nom", "unité")):
            sheet.write(0, column, label)
        sheet.write_datetime(1, 0, datetime(2026, 3, 12))
        sheet.write_datetime(1, 1, datetime(2026, 3, 26))
        sheet.write(1, 2, "u")
    found = plan_items(out.getvalue(), Choices())
    assert refusals(found) == [(2, "code", "2026-03-12"), (2, "nom", "2026-03-26")]


def test_a_unit_once_given_stands(app: Flask) -> None:
    imported(CATALOGUE)
    make.warehouse("CENTRAL")
    make.posted(
        make.order("opening", "CENTRAL", make.line("001", "3", unit_cost="1")), by=make.person("amina", "manager")
    )
    found = plan("code;désignation;unité\n001;Savon dur;carton\n")
    assert refusals(found) == [(2, "unité", "carton")]
    assert "unité" in str(found.bad[0].expected)


def test_units_and_families_are_one_however_spelled(app: Flask) -> None:
    imported("code,nom,unité,famille\n1,a,Boîte,Produits d'entretien\n2,b,BOITE,PRODUITS D’ENTRETIEN\n3,c,boîte ,\n")
    assert count(Unit) == 1
    assert {item.unit_id for item in db.session.scalars(select(Item))} == {db.session.scalar(select(Unit.id))}


def test_a_dosage_is_never_the_unit_of_stock(app: Flask) -> None:
    text = "CODE,NOM,DOSAGE1,UNITE_DOSAGE1\n6118001230068,EAU,3000,ML\n"
    found = plan(text)
    assert [cell.column for cell in found.blocking] == ["unit"]
    assert "UNITE_DOSAGE1" in str(found.blocking[0].expected)
    assert not found.can_apply(leave_out_bad=True)
    imported(text, unit="boîte")
    assert db.session.scalar(select(Unit.code)) == "boîte"


def test_pack_units_are_kept_as_the_file_states_them(app: Flask) -> None:
    imported("famille;code;designation;unite\nConsommables;10679;ABAISSE  LANGUE;B/100\n")
    assert db.session.scalar(select(Unit.code)) == "B/100"
    assert get_item("10679").name_fr == "ABAISSE LANGUE"


def test_flawed_barcodes_are_kept_and_flagged(app: Flask) -> None:
    found = imported("code,nom,unité\n6118001230068,a,u\n6118000140213,b,u\n123456,c,u\n")
    assert [(c.row, c.value) for c in found.reader.cautions] == [(3, "6118000140213")]
    flags = {b.code: b.is_flagged for b in db.session.scalars(select(Barcode))}
    assert flags == {"6118001230068": False, "6118000140213": True}


def test_every_bad_row_is_listed_with_its_column_value_and_what_was_expected(app: Flask) -> None:
    found = plan(
        "code,nom,unité,décimales,suivi\n"
        ",sans code,u,0,\n"
        "A1,,u,0,\n"
        "A2,b,,0,\n"
        "A3,c,u,7,\n"
        "A4,d,u,0,peut-être\n"
        "A5,e,u,0,\n"
        "A5,f,u,0,\n"
        "A\x006,g,u,0,\n"
        "A7,h,u,2,unité\n"
    )
    assert refusals(found) == [
        (2, "code", ""), (3, "nom", ""), (4, "unité", ""), (5, "décimales", "7"), (6, "suivi", "peut-être"),
        (8, "code", "A5"), (9, "code", "A�6"), (10, "décimales", "2"),
    ]  # fmt: skip
    assert all(str(cell.expected) for cell in found.bad)
    assert not found.can_apply(leave_out_bad=False)
    assert found.can_apply(leave_out_bad=True)
    with transaction():
        apply_items(found, today=make.TODAY, at=make.now())
    assert [item.code for item in db.session.scalars(select(Item))] == ["A5"]


@pytest.mark.parametrize("cut", ["6,11124E+12", "6.11124E+12", " 6,11124e+12 ", "6E+12"])
def test_a_barcode_that_a_spreadsheet_cut_short_is_no_two_barcodes(app: Flask, cut: str) -> None:
    found = plan(f"code;nom;unité;code barre\n1;a;u;{cut}\n2;b;u;4006381333931, 96385074\n")
    assert [(cell.row, cell.column, cell.value.strip()) for cell in found.bad] == [(2, "code barre", cut.strip())]


def test_a_barcode_names_one_item(app: Flask) -> None:
    with transaction():
        add_item(NewItem("OLD", "u", name_fr="old", barcodes=("111",)))
    found = plan("code,nom,unité,ean\n1,a,u,111\n2,b,u,222\n3,c,u,222\nOLD,old,u,111\n")
    assert refusals(found) == [(2, "ean", "111"), (4, "ean", "222")]
    assert found.unchanged == 1


def test_packagings_come_with_their_content(app: Flask) -> None:
    text = "code,nom,unité,conditionnement,contenance,pack barcode\n1,a,u,carton,50,999\n"
    imported(text)
    packaging = db.session.scalars(select(Packaging)).one()
    assert (packaging.name, packaging.contains) == ("carton", Decimal(50))
    assert db.session.scalars(select(Barcode)).one().packaging_id == packaging.id
    assert imported(text).unchanged == 1
    assert refusals(plan(text.replace("50", "60"))) == [(2, "contenance", "60")]
    assert refusals(plan(text.replace("carton,50", "palette,"))) == [(2, "contenance", "")]


def test_flags_of_the_store(app: Flask) -> None:
    imported("code,nom,unité,flags\n1,a,u,L X F K\n2,b,u,N\n3,c,u,V K\n4,d,u,X\n5,e,u,\n")
    found = [(i.tracking, i.has_expiry, i.storage_class) for i in db.session.scalars(select(Item).order_by(Item.code))]
    assert found == [
        ("lot", True, "cold"), ("unit", False, "ordinary"), ("range", False, "locked"),
        ("lot", True, "ordinary"), ("none", False, "ordinary"),
    ]  # fmt: skip


def test_what_fields_say_together_is_listed_where_a_column_says_it(app: Flask) -> None:
    ranges = "code,nom,unité,suivi\n1,a,u,lot\n2,b,u,plage\n"
    found = plan(ranges, decimals="2")
    assert (refusals(found), found.blocking) == ([(3, "suivi", "plage")], [])
    letters = "code,nom,unité,flags\n1,a,u,X\n2,b,u,N\n"
    assert refusals(plan(letters, has_expiry="yes")) == [(3, "flags", "N")]
    assert refusals(plan(letters, tracking="none")) == [(2, "flags", "X")]
    both = plan(letters, tracking="none", has_expiry="yes")
    assert [cell.column for cell in both.blocking] == ["has_expiry", "tracking"]
    assert both.bad == []
    packs = "code,nom,unité,conditionnement,contenance\n1,a,u,u,5\n2,b,u,carton,1.5\n"
    assert refusals(plan(packs, decimal="point")) == [(2, "conditionnement", "u"), (3, "contenance", "1.5")]


def test_an_ambiguous_column_is_refused_until_it_is_told(app: Flask) -> None:
    text = 'code,nom,unité,conditionnement,contenance\n1,a,u,carton,"2,760"\n'
    assert [cell.column for cell in plan(text).blocking] == ["contenance"]
    imported(text, decimal="point")
    assert db.session.scalars(select(Packaging)).one().contains == 2760
    with pytest.raises(UnreadableFile) as refused:
        plan(text, decimal="dot")
    assert refused.value.details["reason"] == "unknown_choice"


def test_a_long_catalogue_takes_a_handful_of_statements(app: Flask) -> None:
    text = "code,nom,unité\n" + "".join(f"6{n:012},article {n},u\n" for n in range(3000))
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    assert len(imported(text).create) == 3000
    assert len(statements) < 80
