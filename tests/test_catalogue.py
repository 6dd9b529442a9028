"""Items: how they are written, found, counted and packed, and how their codes live on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from inventory import catalogue, scanning
from inventory.catalogue import Barcode, Category, Item, Lot, NewItem, NewPackaging, Packaging, Unit, WantedLot, folded
from inventory.database import db, transaction
from inventory.errors import AlreadyExists, InvalidRequest, NotFound, Refusal
from inventory.names import steady
from tests import make

EAN = "6111245591063"
FLAWED = "6111245591064"  # its last digit is not its check digit


def faults(code: str = "bolt", **details: Any) -> list[tuple[str, str]]:
    """Pointer and code of everything that is wrong with a new item."""
    details.setdefault("unit", "piece")
    details.setdefault("name_fr", "Boulon")
    return [(one.pointer, one.code) for one in catalogue.faults_of(NewItem(code=code, **details))]


def found(words: str) -> list[str]:
    """The codes of the items that a search finds."""
    return list(db.session.scalars(select(Item.code).where(catalogue.search_condition(words)).order_by(Item.code)))


def changed(code: str, /, *, is_written: bool = True, **changes: Any) -> Item:
    with transaction():
        return catalogue.change_item(catalogue.get_item(code), changes, is_written=is_written)


def retired(code: str, *, replaced_by: str | None = None) -> None:
    with transaction():
        successor = catalogue.get_item(replaced_by) if replaced_by else None
        catalogue.retire(catalogue.get_item(code), on=make.TODAY, replaced_by=successor)


def barcodes(code: str) -> dict[str, bool]:
    """The barcodes of an item, and whether each is flagged."""
    rows = db.session.execute(
        select(Barcode.code, Barcode.is_flagged).join(Item, Item.id == Barcode.item_id).where(Item.code == code)
    )
    return {row.code: row.is_flagged for row in rows}


# ---- law 5: one spelling for search


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("أَدْوَات", "ادوات"),  # harakat and hamza
        ("إسمنت آلة ٱسم", "اسمنت اله اسم"),  # forms of alef, ta marbuta
        ("مصطفى", "مصطفي"),  # alef maqsura
        ("ورـــق", "ورق"),  # tatweel
        ("مؤسسة رئيس ماء", "موسسه رييس ما"),  # carriers of hamza
        ("كرّاس ١٢٣ ٤", "كراس 123 4"),  # shadda, digits
        ("ﻣﻔﺘﺎﺡ", "مفتاح"),  # presentation forms, as old files hold them
        ("Électricité  n°\u00a05", "electricite n° 5"),
        ("ŒUVRE Ça L’Été", "oeuvre ca l'ete"),
        ("\u200fpapier\u200e A4", "papier a4"),  # bidi marks of a copied cell
    ],
)  # fmt: skip
def test_one_spelling_stands_for_all(typed: str, plain: str) -> None:
    assert folded(typed) == plain
    assert folded(plain) == plain


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("سلك كهربائي 4×16", "سلك كهربائي <4×16>"), ("إطار 195/65 R15", "إطار <195/65 R15>"),
        ("ورق A4 80 غ", "ورق <A4> 80 غ"), ("برغي M8 x 40 mm مجلفن", "برغي <M8 x 40 mm> مجلفن"),
        ("كفوف (علبة 100)", "كفوف (علبة 100)"), ("Câble 4×16", "Câble 4×16"),
    ],
)  # fmt: skip
def test_measures_within_an_arabic_name_keep_their_order(name: str, shown: str) -> None:
    assert steady(name) == shown.replace("<", "\u2066").replace(">", "\u2069")


def test_an_item_is_found_in_any_spelling_and_language(app: Flask) -> None:
    make.item("PAP-A4", name_fr="Papier à lettres", name_ar="ورق الرسائل أبيض", barcodes=(EAN,))
    make.item("CLE-10", name_fr="Clé à molette", name_ar="مفتاح إنجليزي")
    for words in ("PAPIER lettres", "lettres papier", "ابيض رسائل", "pap-a4", "11245591", "  "):
        assert "PAP-A4" in found(words), words
    assert found("cle") == found("انجليزى") == ["CLE-10"]
    assert found("papier molette") == []


def test_what_is_typed_into_a_search_is_only_words(app: Flask) -> None:
    make.item("A_B", name_fr="100 % coton")
    make.item("AXB", name_fr="Cotton")
    assert (found("a_b"), found("100 %"), found("'; DROP")) == (["A_B"], ["A_B"], [])


def test_a_new_name_is_found_and_the_old_one_no_more(app: Flask) -> None:
    make.item("bolt", name_fr="Boulon")
    changed("bolt", name_fr="Vis", name_ar="برغي")
    assert (found("boulon"), found("vis"), found("برغى")) == ([], ["bolt"], ["bolt"])


# ---- laws 1 and 2: what an item is


def test_an_item_needs_a_code_a_name_and_a_unit(app: Flask) -> None:
    assert faults("", unit="", name_fr="") == [
        ("/code", "format"),
        ("/name_fr", "required"),
        ("/unit", "required"),
    ]
    assert faults(name_fr="", name_ar="برغي") == []


@pytest.mark.parametrize("code", [" bolt", "bolt ", "bo\nlt", "x" * 61])
def test_a_code_can_be_typed_again(code: str) -> None:
    assert faults(code) == [("/code", "format")]


@pytest.mark.parametrize(
    ("details", "pointer"),
    [
        ({"decimals": 4}, "/decimals"),
        ({"decimals": -1}, "/decimals"),
        ({"tracking": "unit", "decimals": 1}, "/decimals"),
        ({"tracking": "range", "decimals": 1}, "/decimals"),
        ({"tracking": "batch"}, "/tracking"),
        ({"has_expiry": True}, "/has_expiry"),
        ({"storage_class": "attic"}, "/storage_class"),
        ({"packagings": (NewPackaging("carton", Decimal(0)),)}, "/packagings/0"),
        ({"packagings": (NewPackaging("piece", Decimal(5)),)}, "/packagings/0"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(details: dict[str, Any], pointer: str) -> None:
    assert [where for where, _ in faults(**details)] == [pointer]


def test_the_database_says_so_too(app: Flask) -> None:
    unit = make.item("bolt").unit_id
    for broken in ({"decimals": 4}, {"tracking": "unit", "decimals": 1}, {"has_expiry": True}, {"tracking": "batch"}):
        with pytest.raises(IntegrityError), transaction():
            db.session.add(Item(code="odd", unit_id=unit, label_code="A0", **broken))


def test_a_code_is_given_once(app: Flask) -> None:
    make.item("bolt")
    with pytest.raises(AlreadyExists):
        make.item("bolt")
    retired("bolt")
    with pytest.raises(AlreadyExists):
        make.item("bolt")


def test_units_and_categories_are_made_on_the_way_and_once(app: Flask) -> None:
    for code in ("bolt", "nail"):
        make.item(code, unit="boîte", category="Quincaillerie")
    assert db.session.scalars(select(Category.code)).all() == ["Quincaillerie"]
    assert db.session.scalars(select(Unit.code).where(Unit.code == "boîte")).all() == ["boîte"]
    with pytest.raises(AlreadyExists):
        make.done(catalogue.add_category, "Quincaillerie", name_fr="Autre")


def test_what_papers_were_written_with_stays(app: Flask) -> None:
    make.item("bolt")
    bolt = changed("bolt", name_fr="Vis", storage_class="locked", category="fer", unit="piece", decimals=0, code="vis")
    assert (bolt.name_fr, bolt.storage_class, bolt.code, bolt.decimals) == ("Vis", "locked", "bolt", 0)
    with pytest.raises(InvalidRequest) as refused:
        changed("bolt", unit="kilo", decimals=2, tracking="lot", has_expiry=True)
    assert [(one.pointer, one.code) for one in refused.value.faults] == [
        ("/unit", "written"), ("/decimals", "written"), ("/tracking", "written"), ("/has_expiry", "written")
    ]  # fmt: skip
    with pytest.raises(InvalidRequest):
        changed("bolt", name_fr="", name_ar="", name_en="")
    assert catalogue.get_item("bolt").name_fr == "Vis"


def test_what_no_paper_moved_is_put_right_as_far_as_it_goes_together(app: Flask) -> None:
    make.item("glove", packagings=(NewPackaging("box", Decimal(100)),))
    glove = changed("glove", is_written=False, unit="pair", decimals=1, tracking="lot", has_expiry=True)
    assert (db.session.get_one(Unit, glove.unit_id).code, glove.decimals, glove.tracking) == ("pair", 1, "lot")
    for wrong in ({"unit": "box"}, {"tracking": "unit"}, {"decimals": 4}, {"tracking": "none"}, {"unit": ""}):
        with pytest.raises(InvalidRequest):
            changed("glove", is_written=False, **wrong)
    assert catalogue.get_item("glove").has_expiry


# ---- packagings


def test_a_packaging_is_an_exact_fraction(app: Flask) -> None:
    third = NewPackaging("third", Decimal(1), divisor=3)
    make.item("rope", decimals=3, packagings=(NewPackaging("coil", Decimal("12.5")), third))
    coil, third_ = catalogue.packagings_of(catalogue.get_item("rope"))
    assert coil.in_base_units(Decimal(4)) == 50
    assert third_.in_base_units(Decimal(6)) == 2
    assert third_.in_base_units(Decimal(1)) * 3 != 1  # a third is no decimal: papers refuse it, nothing is rounded here


def test_half_a_piece_is_in_no_packaging(app: Flask) -> None:
    make.item("bolt")
    make.item("rope", decimals=1)
    for code, contains in (("bolt", "0.5"), ("bolt", "12.5"), ("rope", "12.25")):
        with pytest.raises(InvalidRequest), transaction():
            catalogue.add_packaging(catalogue.get_item(code), NewPackaging("coil", Decimal(contains)))
    with transaction():
        catalogue.add_packaging(catalogue.get_item("rope"), NewPackaging("coil", Decimal("12.5")))


def test_a_packaging_is_named_once_and_scanned_by_its_own_code(app: Flask) -> None:
    make.item("bolt", packagings=(NewPackaging("carton", Decimal(50), EAN),))
    with pytest.raises(AlreadyExists), transaction():
        catalogue.add_packaging(catalogue.get_item("bolt"), NewPackaging("carton", Decimal(60)))
    assert db.session.scalars(select(Packaging.contains)).all() == [50]
    amina = make.person("amina", "manager")
    read = scanning.resolve(EAN, by=amina, warehouse=None, on=make.TODAY)
    assert (read.kind, read.unit, read.contains) == ("item", "carton", 50)


# ---- law 3: barcodes


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (EAN, EAN),
        ("0" + EAN, EAN),  # a GTIN-14 that is an EAN
        ("036000291452", "0036000291452"),  # UPC
        ("16111245591060", "16111245591060"),  # a carton of its own
        (" 6111 245 591063\u200e", EAN),
        ("AB-12 / 3", "AB-12/3"),
    ],
)
def test_a_barcode_has_one_spelling(typed: str, kept: str) -> None:
    assert catalogue.barcode_key(typed) == kept


def test_a_wrong_check_digit_is_kept_and_flagged(app: Flask) -> None:
    make.item("bolt", barcodes=(EAN, FLAWED, "SUPPLIER-7"))
    assert barcodes("bolt") == {EAN: False, FLAWED: True, "SUPPLIER-7": False}


def test_a_barcode_names_one_thing(app: Flask) -> None:
    make.item("bolt", barcodes=(EAN,))
    for again in (EAN, "0" + EAN):
        with pytest.raises(AlreadyExists):
            make.item("nail", barcodes=(again,))
    with pytest.raises(NotFound):
        catalogue.get_item("nail")  # all of it, or nothing


@pytest.mark.parametrize("code", ["", " \u200e", "x" * 81])
def test_what_no_scanner_sends_is_no_barcode(app: Flask, code: str) -> None:
    with pytest.raises(InvalidRequest):
        make.item("bolt", barcodes=(code,))


# ---- law 1: retired, replaced, and still known


def test_the_codes_of_a_retired_item_keep_resolving(app: Flask) -> None:
    amina = make.person("amina", "manager")
    old = make.item("bolt", barcodes=(EAN,))
    make.item("screw")
    retired("bolt", replaced_by="screw")
    for code in ("bolt", EAN, old.label_code):
        assert scanning.resolve(code, by=amina, warehouse=None, on=make.TODAY).row.id == old.id
    again = catalogue.get_item("bolt")
    assert (again.retired_on, again.replaced_by_id) == (make.TODAY, catalogue.get_item("screw").id)


def test_what_is_out_of_use_replaces_nothing(app: Flask) -> None:
    for code in ("bolt", "nail"):
        make.item(code)
    retired("nail", replaced_by=None)
    with pytest.raises(InvalidRequest) as caught:
        retired("bolt", replaced_by="nail")
    assert [one.code for one in caught.value.faults] == ["retired"]


@pytest.mark.parametrize("code", ["", "\u200fA-1", "A\u202e1", "A\u00a01", "A\t1", "..", "a/../b", "x" * 61])
def test_a_code_is_seen_whole_and_stands_in_an_address(app: Flask, code: str) -> None:
    with pytest.raises(InvalidRequest):
        make.item(code)


def test_capitals_tell_no_two_items_apart(app: Flask) -> None:
    make.item("EPI-003")
    with pytest.raises(AlreadyExists):
        make.item("epi-003")


def test_a_code_is_found_however_it_is_typed(app: Flask) -> None:
    amina = make.person("amina", "manager")
    item = make.item("EPI-003")
    found = scanning.resolve("epi-003", by=amina, warehouse=None, on=make.TODAY)
    assert (found.kind, found.row.id, found.code) == ("item", item.id, "epi-003")


def test_nothing_replaces_itself_in_a_circle(app: Flask) -> None:
    for code in ("bolt", "nail", "screw"):
        make.item(code)
    retired("bolt", replaced_by="nail")
    retired("nail", replaced_by="screw")
    for successor in ("bolt", "nail", "screw"):
        with pytest.raises(Refusal) as caught:
            retired("screw", replaced_by=successor)
        assert [one.code for one in caught.value.faults] == ["circle"]
    assert catalogue.get_item("screw").retired_on is None


def test_in_the_database_only_what_is_retired_is_replaced(app: Flask) -> None:
    make.item("bolt")
    make.item("nail")
    with pytest.raises(IntegrityError), transaction():
        catalogue.get_item("bolt").replaced_by_id = catalogue.get_item("nail").id


# ---- law 4: lots


def lots(*wanted: WantedLot) -> dict[tuple[int, str], catalogue.ArrivingLot]:
    return make.done(catalogue.ensure_lots, wanted)


def test_a_known_expiry_is_neither_wiped_nor_contradicted(app: Flask) -> None:
    insulin = make.item("insulin", tracking="lot", has_expiry=True).id
    (made,) = lots(WantedLot(insulin, "A", None, False)).values()
    assert made.expires_on is None
    for said in (make.TOMORROW, None, make.TODAY):
        (again,) = lots(WantedLot(insulin, "A", said, False)).values()
        assert (again.id, again.expires_on) == (made.id, make.TOMORROW)


def test_one_inventory_number_is_one_thing(app: Flask) -> None:
    desk, chair = (make.item(code, tracking="unit").id for code in ("desk", "chair"))
    (made,) = lots(WantedLot(desk, "INV-1", None, True)).values()
    assert lots(WantedLot(chair, "INV-1", None, True)) == {}
    assert db.session.get_one(Lot, made.id).inventory_number == "INV-1"


def test_there_is_one_lot_of_things_without_lots(app: Flask) -> None:
    assert db.session.get_one(Lot, catalogue.NO_LOT).item_id is None
    with pytest.raises(IntegrityError), transaction():
        db.session.add(Lot(item_id=None, number="second", label_code="B0"))
