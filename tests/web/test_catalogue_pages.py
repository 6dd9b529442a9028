"""The catalogue's pages: finding, adding once, changing, photos, barcodes, retiring; who may and who may not."""

from __future__ import annotations

import html
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from inventory import catalogue, pictures
from inventory.audit import AuditRecord
from inventory.catalogue import Barcode, Category, Item
from inventory.database import db
from inventory.exchange import workbook
from inventory.exchange.items import plan_items
from inventory.exchange.reading import Choices
from tests import make
from tests.web.visitors import Visitor, signed_in, words


@pytest.fixture
def manager(app: Flask) -> Visitor:
    make.warehouse("CENTRAL")
    make.item(
        "CIM/1", name_fr="Ciment gris", name_ar="إسمنت", category="travaux", unit="sac", barcodes=("6111245020012",)
    )
    make.item("GAN", name_fr="Gants", unit="boîte")
    return signed_in(app, "salma", ("manager", None))


def photo(size: tuple[int, int] = (1200, 900), kind: str = "JPEG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind)
    return made.getvalue()


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return html.unescape(found[1])


def new_item(**changes: str) -> dict[str, str]:
    return {"code": "JAV", "name_fr": "Javel", "unit_shown": "litre", "decimals": "1", "tracking": "none",
            "storage_class": "ordinary", **changes}  # fmt: skip


def test_the_list_finds_by_name_code_and_barcode(manager: Visitor) -> None:
    for search in ("ciment", "اسمنت", "cim/1", "6111245020012"):
        said = words(manager.get("/items", query_string={"search": search}))
        assert "Ciment gris" in said, search
        assert "Gants" not in said
    assert "CIM/1" in manager.get("/items?format=csv").text
    assert manager.get("/items?format=xlsx").data[:2] == b"PK"
    assert "Gants" in words(manager.get("/items?only=bare"))
    for odd in ("/items?only=x", "/items?tracking=x", "/items?cursor=x", "/items?format=doc"):
        assert manager.get(odd).status_code == 422


def test_a_field_that_looks_for_an_item_puts_the_whole_code_first(manager: Visitor) -> None:
    answer = manager.get("/catalogue/items/options?q=6111245020012")
    assert 'data-value="CIM/1"' in answer.text
    assert "<html" not in answer.text
    assert 'data-value="travaux"' in manager.get("/catalogue/categories/options?q=trav").text
    assert "litre" in manager.get("/catalogue/units/options?q=litre").text


def test_a_name_that_begins_as_typed_comes_before_one_that_holds_it(manager: Visitor) -> None:
    make.item("A-1", name_fr="Aiguille à pinsuline")
    make.item("A-2", name_fr="Seringue à insuline")
    make.item("Z-9", name_fr="Insuline rapide", name_ar="أنسولين سريع")
    found = re.findall(r'data-value="([^"]+)"', manager.get("/catalogue/items/options?q=insuline").text)
    assert found == ["Z-9", "A-2", "A-1"]


def test_an_item_is_added_once_however_often_it_is_sent(manager: Visitor) -> None:
    page = manager.get("/catalogue/new").text
    form = new_item(
        key=key_of(page), barcodes="6111245040010\n6111245040010", category_shown="hygiène",
        **{"packaging-0-name": "bidon", "packaging-0-contains": "5", "packaging-0-barcode": "6111245040027"},
    )  # fmt: skip
    for _ in range(2):
        answer = manager.post("/catalogue/new", **form)
        assert answer.status_code == 302, words(answer)
        assert answer.headers["Location"].endswith("/items/JAV")
    said = words(manager.get("/items/JAV"))
    for piece in ("Javel", "bidon", "6111245040010", "6111245040027", "litre"):
        assert piece in said, piece
    assert manager.post("/catalogue/new", **{**form, "name_fr": "Autre"}).status_code in (409, 422)


@pytest.mark.parametrize(
    "changes",
    [
        {"code": ""}, {"code": "GAN"}, {"name_fr": ""}, {"unit_shown": ""}, {"tracking": "magic"}, {"decimals": "9"},
        {"has_expiry": "1"}, {"barcodes": "6111245020012"}, {"packaging-0-name": "carton", "packaging-0-contains": "0"},
        {"packaging-1-contains": "4"}, {"name_fr": "x" * 301}, {"unit_shown": "u" * 90}, {"storage_class": "warm"},
    ],
    ids=str,
)  # fmt: skip
def test_a_bad_item_is_refused_with_what_was_typed(manager: Visitor, changes: dict[str, str]) -> None:
    before = db.session.query(Item).count()
    answer = manager.post("/catalogue/new", key="k", **new_item(**changes))
    assert answer.status_code in (409, 422)
    assert "litre" in answer.text or "unit_shown" in changes
    assert db.session.query(Item).count() == before


def test_an_item_is_changed(manager: Visitor) -> None:
    assert manager.get("/catalogue/change/CIM/1").status_code == 200
    answer = manager.post("/catalogue/change/CIM/1", name_fr="Ciment blanc", storage_class="locked")
    assert answer.status_code == 302
    assert "Ciment blanc" in words(manager.get("/items/CIM/1"))
    assert "Ciment blanc" in words(manager.get("/items?search=blanc"))
    assert manager.post("/catalogue/change/CIM/1", name_fr="", storage_class="ordinary").status_code == 422


def test_how_an_item_is_kept_is_put_right_until_a_paper_has_moved_it(manager: Visitor) -> None:
    nature = {"unit": "litre", "decimals": "1", "tracking": "lot", "has_expiry": "1", "storage_class": "ordinary"}
    assert manager.post("/catalogue/new", key="k", **new_item(code="NEU", tracking="none")).status_code == 302
    assert 'name="tracking"' in manager.get("/catalogue/change/NEU").text
    assert manager.post("/catalogue/change/NEU", name_fr="Neuf", **nature).status_code == 302
    item = catalogue.get_item("NEU")
    assert (item.decimals, item.tracking, item.has_expiry) == (1, "lot", True)
    assert manager.post("/catalogue/change/NEU", name_fr="Neuf", **nature | {"tracking": "unit"}).status_code == 422
    store = make.warehouse("NEW").code
    line = make.line("NEU", "2.5", lot="A", expires_on=date(2028, 1, 1), unit_cost="1")
    make.posted(make.order("opening", store, line), by=make.person("amina", "manager"))
    assert 'name="tracking"' not in manager.get("/catalogue/change/NEU").text
    assert manager.post("/catalogue/change/NEU", name_fr="X", **nature | {"decimals": "2"}).status_code == 422
    assert manager.post("/catalogue/change/NEU", name_fr="X", storage_class="ordinary").status_code == 302


def test_barcodes_and_packagings_are_added(manager: Visitor) -> None:
    pack = {"packaging-0-name": "palette", "packaging-0-contains": "40"}
    assert manager.post("/catalogue/packagings/CIM/1", **pack).status_code == 302
    assert manager.post("/catalogue/packagings/CIM/1", **pack).status_code == 409
    assert manager.post("/catalogue/packagings/CIM/1").status_code == 422
    assert manager.post("/catalogue/barcodes/CIM/1", barcode="4006381333932", packaging="palette").status_code == 302
    kept = db.session.query(Barcode).filter_by(code="4006381333932").one()
    assert kept.is_flagged  # its check digit is wrong, and people are told
    assert kept.packaging_id
    assert manager.post("/catalogue/barcodes/GAN", barcode="6111245020012").status_code == 409
    assert manager.post("/catalogue/barcodes/GAN", barcode="").status_code == 422
    assert "Gants" in words(manager.get("/items?only=bare"))
    assert "Ciment" in words(manager.get("/items?only=flagged"))


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_list_as_a_file_comes_in_again_unchanged(app: Flask, manager: Visitor, language: str) -> None:
    manager.post("/catalogue/barcodes/GAN", barcode="6111245010013")
    manager.post("/catalogue/barcodes/GAN", barcode="6111245010020")
    manager.post("/catalogue/packagings/GAN", **{"packaging-0-name": "carton", "packaging-0-contains": "10"})
    reader = signed_in(app, "reader", ("auditor", None), language=language)
    file = reader.get("/items?format=csv").data
    assert "6111245010013; 6111245010020" in file.decode()
    plan = plan_items(file, Choices())
    assert (plan.unchanged, plan.reader.bad, plan.reader.blocking) == (2, [], [])


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_packagings_are_a_file_of_the_list_that_comes_in_again(app: Flask, manager: Visitor, language: str) -> None:
    carton = {"packaging-0-name": "carton", "packaging-0-contains": "10", "packaging-0-barcode": "6111245010037"}
    manager.post("/catalogue/packagings/GAN", **carton)
    reader = signed_in(app, "reader", ("auditor", None), language=language)
    (address,) = re.findall(r'href="(/catalogue/packagings[^"]*)"', reader.get("/items?search=gants").text)
    sheet = workbook.read(reader.get(html.unescape(address)).data)
    (_heads, row) = [line.cells for line in sheet.lines]
    assert (row[0], *row[5:]) == ("GAN", "carton", Decimal(10), "6111245010037")
    plan = plan_items(reader.get("/catalogue/packagings?format=csv").data, Choices())
    assert (plan.unchanged, plan.reader.bad, plan.reader.blocking, list(plan.reader.matching.unused)) == (1, [], [], [])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ar", ("المواد: أضيف JAV", "المواد: أوقف استعماله", "المواد: أعيد استعماله", "التخزين عادي", "التخزين خطر",
                "من قبل · الاسم بالإنجليزية –", "من بعد · الاسم بالإنجليزية Bleach",
                "من بعد · الرموز الشريطية 6111245020036", "من بعد · التلفيفات carton = 12", "من بعد · الصورة")),
        ("fr", ("Articles : ajout JAV", "Articles : retrait", "Articles : remise en usage",
                "Stockage Ordinaire", "Stockage Dangereux", "Avant · Nom en anglais –", "Après · Nom en anglais Bleach",
                "Après · Codes-barres 6111245020036", "Après · Conditionnements carton = 12", "Après · Photo")),
        ("en", ("Items: added JAV", "Items: retired", "Items: in use again", "Storage Ordinary", "Storage Hazardous",
                "Before · Name in English –", "After · Name in English Bleach", "After · Barcodes 6111245020036",
                "After · Packagings carton = 12", "After · Photo")),
    ],
)  # fmt: skip
def test_what_is_done_to_an_item_stands_in_the_trail_in_words(
    app: Flask, manager: Visitor, language: str, said: tuple[str, ...]
) -> None:
    manager.post("/catalogue/new", **new_item(key=key_of(manager.get("/catalogue/new").text)))
    other = new_item(name_en="Bleach", storage_class="hazardous")
    for _ in range(2):  # what is sent again, or taken away twice, changes nothing
        manager.post("/catalogue/change/JAV", **other)
        manager.post("/catalogue/photo/JAV", files={"photo": (io.BytesIO(photo()), "x.jpg")})
    manager.post("/catalogue/barcodes/JAV", barcode="6111245020036")
    manager.post("/catalogue/packagings/JAV", **{"packaging-0-name": "carton", "packaging-0-contains": "12"})
    manager.post("/catalogue/retire/JAV", replaced_by="GAN")
    manager.post("/catalogue/restore/JAV")
    manager.post("/catalogue/photo/JAV", remove="1")
    manager.post("/catalogue/photo/JAV", remove="1")
    noted = list(db.session.scalars(select(AuditRecord).where(AuditRecord.subject == "JAV").order_by(AuditRecord.id)))
    assert [one.action.removeprefix("item.") for one in noted] == [
        "added", "changed", "changed", "changed", "changed", "retired", "restored", "changed"
    ]  # fmt: skip
    assert {(one.actor, one.address) for one in noted} == {("salma", "127.0.0.1")}
    reader = signed_in(app, "reader", ("auditor", None), language=language)
    shown = words(reader.get("/audit/trail?action=item"))
    assert [one for one in said if one not in shown] == []


def test_who_manages_one_store_takes_nothing_out_of_use_in_all(app: Flask, manager: Visitor) -> None:
    local = signed_in(app, "local", ("manager", "CENTRAL"))
    assert "/catalogue/retire/" not in local.get("/items/GAN").text
    assert local.post("/catalogue/retire/GAN").status_code == 403
    assert local.get("/catalogue/new").status_code == 403
    assert local.post("/catalogue/change/GAN", name_fr="Autre").status_code == 403
    assert local.post("/services/new", code="X", name_fr="X").status_code == 403
    assert manager.post("/catalogue/retire/GAN").status_code == 302
    assert local.post("/catalogue/restore/GAN").status_code == 403


def test_an_item_is_retired_and_leads_to_its_replacement(manager: Visitor) -> None:
    assert manager.post("/catalogue/retire/GAN", replaced_by_shown="cim").status_code == 422
    assert manager.post("/catalogue/retire/GAN", replaced_by="GAN").status_code == 422
    assert manager.post("/catalogue/retire/GAN", replaced_by="CIM/1").status_code == 302
    assert "Ciment gris" in words(manager.get("/items/GAN"))
    assert "Gants" not in words(manager.get("/items"))
    assert "Gants" in words(manager.get("/items?only=retired"))
    card = manager.get("/stock/CENTRAL/GAN").text
    assert "Ciment gris" in card
    assert "kind=receipt" not in card
    form = manager.get("/documents/new?kind=conversion&item=GAN").text
    assert 'name="lines-0-target_item" value="CIM/1"' in form
    assert manager.post("/catalogue/restore/GAN").status_code == 302
    assert "Gants" in words(manager.get("/items"))
    assert "kind=receipt" in manager.get("/stock/CENTRAL/GAN").text


def test_a_photo_is_drawn_small_and_kept_by_the_browser(manager: Visitor) -> None:
    answer = manager.post("/catalogue/photo/CIM/1", files={"photo": (io.BytesIO(photo()), "x.exe")})
    assert answer.status_code == 302, words(answer)
    address = re.search(r'src="([^"]*catalogue/photo[^"]+)"', manager.get("/items/CIM/1").text)
    assert address
    picture = manager.get(html.unescape(address[1]))
    assert picture.headers["Content-Type"] == "image/webp"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in picture.headers["Cache-Control"]
    with Image.open(io.BytesIO(picture.data)) as drawn:
        assert max(drawn.size) == pictures.SIDE
    again = manager.get(html.unescape(address[1]), headers={"If-None-Match": picture.headers["ETag"]})
    assert again.status_code == 304
    assert manager.post("/catalogue/photo/CIM/1", remove="1").status_code == 302
    assert manager.get("/catalogue/photo/CIM/1").status_code == 404


@pytest.mark.parametrize(
    "content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"\0" * 50, b"%PDF-1.7", photo()[:400]]
)
def test_what_is_no_photo_is_refused(manager: Visitor, content: bytes) -> None:
    answer = manager.post("/catalogue/photo/CIM/1", files={"photo": (io.BytesIO(content), "photo.jpg")})
    assert answer.status_code == 422
    assert manager.get("/catalogue/photo/CIM/1").status_code == 404


def test_pictures_with_too_many_points_are_never_drawn() -> None:
    with pytest.raises(pictures.NotAPicture) as refused:
        pictures.small(photo((6000, 5000), "PNG"))
    assert refused.value.reason == "pixels"
    with pytest.raises(pictures.NotAPicture) as refused:
        pictures.small(b"\xff" * (pictures.LARGEST_BYTES + 1))
    assert refused.value.reason == "large"


def test_a_small_picture_tells_nothing_of_its_maker() -> None:
    made = io.BytesIO()
    exif = Image.Exif()
    exif[0x0110] = "A telephone"
    Image.new("RGB", (40, 20), "red").save(made, "JPEG", exif=exif)
    with Image.open(io.BytesIO(pictures.small(made.getvalue()))) as drawn:
        assert not drawn.getexif()
        assert drawn.size == (40, 20)


def test_reading_is_everybodys_and_writing_is_not(app: Flask, manager: Visitor) -> None:
    keeper = signed_in(app, "driss", ("storekeeper", "CENTRAL"))
    assert keeper.get("/items").status_code == 200
    assert keeper.get("/items/CIM/1").status_code == 200
    for address in ("/catalogue/new", "/catalogue/change/GAN"):
        assert keeper.get(address).status_code == 403
    for address in ("new", "change/GAN", "barcodes/GAN", "packagings/GAN", "retire/GAN", "restore/GAN", "photo/GAN"):
        assert keeper.post(f"/catalogue/{address}", **new_item()).status_code == 403, address
    assert keeper.get("/items/NOTHING").status_code == 404


def test_a_code_that_nobody_knows_is_attached_from_the_station(manager: Visitor) -> None:
    assert 'href="/items?attach="' in manager.get("/station").text  # the station adds the code it could not read
    chosen = manager.get("/items?attach=4006381333931&search=gants")
    assert "4006381333931" in words(chosen)
    assert 'href="/items/GAN?barcode=4006381333931#barcode"' in html.unescape(chosen.text)
    page = manager.get("/items/GAN?barcode=4006381333931").text
    assert re.search(r'<input[^>]*name="barcode"[^>]*value="4006381333931"', page)
    assert manager.post("/catalogue/barcodes/GAN", barcode="4006381333931").status_code == 302
    assert "4006381333931" in words(manager.get("/items/GAN"))


def test_of_a_maker_s_long_code_the_number_alone_is_attached(manager: Visitor) -> None:
    assert manager.post("/catalogue/barcodes/GAN", barcode="(01)04006381333931(10)L-7(17)280101").status_code == 302
    assert "4006381333931" in words(manager.get("/items/GAN"))
    assert "L-7" not in words(manager.get("/items/GAN"))
    assert manager.get("/S/(01)04006381333931(10)L-9").headers["Location"].endswith("/items/GAN")


def test_the_number_of_statements_does_not_grow_with_the_catalogue(manager: Visitor) -> None:
    manager.get("/items")
    with make.statements() as few:
        manager.get("/items?search=gants")
    for number in range(20):
        make.item(f"N{number}")
    with make.statements() as many:
        manager.get("/items")
    assert len(many) == len(few) <= 8, many
    assert catalogue.get_item("N1")


# ---- the words


def test_a_unit_and_what_things_are_packed_in_get_their_names(app: Flask, manager: Visitor) -> None:
    manager.post("/catalogue/packagings/GAN", **{"packaging-0-name": "carton", "packaging-0-contains": "12"})
    assert "carton" in words(manager.get("/catalogue/units?missing=1"))
    for code, name in (("carton", "صندوق"), ("boîte", "علبة")):
        assert manager.get("/catalogue/units", query_string={"edit": code}).status_code == 200
        answer = manager.post("/catalogue/units", act=code, name_fr=code, name_ar=name, name_en="")
        assert answer.status_code == 302, code
    manager.post("/language", language="ar")
    page = words(manager.get("/items/GAN"))
    assert "صندوق =" in page
    assert "علبة" in page
    assert "صندوق" in words(manager.get("/catalogue/units"))
    assert manager.get("/catalogue/units?format=csv").text.count("\n") >= 3
    changed = select(AuditRecord.subject).where(AuditRecord.action == "unit.changed").order_by(AuditRecord.id)
    assert db.session.scalars(changed).all() == ["carton", "boîte"]


def test_a_word_keeps_a_name_and_its_code(app: Flask, manager: Visitor) -> None:
    assert manager.post("/catalogue/categories", act="travaux", name_ar="أشغال").status_code == 302
    for form in ({"act": "travaux"}, {"act": "travaux", "name_fr": "x" * 301}):
        assert manager.post("/catalogue/categories", **form).status_code == 422, form
    assert manager.post("/catalogue/categories", act="nowhere", name_fr="x").status_code == 404
    assert manager.get("/catalogue/categories?edit=nowhere").status_code == 404
    assert manager.get("/catalogue/categories?missing=x").status_code == 422
    kept = db.session.scalars(select(Category).where(Category.code == "travaux")).one()
    assert (kept.name_ar, kept.name_fr) == ("أشغال", "")


def test_words_are_named_by_who_keeps_the_catalogue(app: Flask, manager: Visitor) -> None:
    keeper = signed_in(app, "keeper", ("storekeeper", "CENTRAL"))
    assert keeper.get("/catalogue/units").status_code == 200
    assert keeper.get("/catalogue/units?edit=sac").status_code == 403
    assert keeper.post("/catalogue/units", act="sac", name_ar="كيس").status_code == 403
