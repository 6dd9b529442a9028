"""A storekeeper's morning with a phone: shelf and goods are read from labels that we printed, posted, and printed."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import and_

from inventory import access, labels, printing
from inventory.catalogue import Item, NewItem, add_item
from inventory.database import transaction
from inventory.documents import LineOrder
from inventory.labels import USUAL
from inventory.names import steady
from inventory.press import Press
from inventory.warehouses import Location, get_warehouse
from tests.browser.conftest import PHONE, Faults
from tests.browser.counter import Counter
from tests.browser.film import Film
from tests.browser.store import PASSWORD, Room
from tests.pages import pages
from tests.peeled import peeled

SHEET = USUAL["24"]
GOODS = (
    ("Ramette A4 80 g", "رزمة ورق A4 80 غ"), ("Toner laser noir", "حبر الطابعة الليزرية"),
    ("Balai de cantonnier", "مكنسة الطرق"), ("Peinture blanche 20 L", "صباغة بيضاء 20 لتر"),
    ("Lampe LED 100 W", "مصباح LED 100 واط"), ("Câble 3×2,5 mm²", "سلك 3×2,5 مم²"),
    ("Pneu 195/65 R15", "إطار 195/65 R15"), ("Gasoil 50 ppm, bidon", "كازوال، صفيحة"),
    ("Casque de chantier", "خوذة الورش"), ("Gilet haute visibilité", "سترة عاكسة"),
    ("Pelle ronde", "مجرفة مستديرة"), ("Brouette 90 L", "عربة يد 90 لتر"), ("Tuyau PVC 110", "أنبوب PVC 110"),
    ("Robinet 1/2", "صنبور 1/2"), ("Savon liquide 5 L", "صابون سائل 5 لتر"),
    ("Sac poubelle 100 L", "كيس نفايات 100 لتر"), ("Classeur à levier", "حافظة أوراق"),
    ("Drapeau national", "العلم الوطني"), ("Chaise plastique", "كرسي بلاستيكي"),
    ("Grillage 2 m", "شباك سلكي 2 م"),
)  # fmt: skip
CODES = tuple(f"JRN-{number:04}" for number in range(1, len(GOODS) + 1))


@pytest.fixture
def stocked(room: Room) -> Room:
    """Twenty different goods on the shelf A-01, and a storekeeper who reads Arabic."""

    def add() -> None:
        with transaction():
            for code, (french, arabic) in zip(CODES, GOODS, strict=True):
                add_item(NewItem(code, "unité", french, arabic, french, "divers"))
            access.get_user(room.storekeeper).language = "ar"

    room.store.within(add)
    room.post("opening", *(LineOrder(code, Decimal(9), location="A-01", unit_cost=Decimal(12)) for code in CODES))
    return room


def sheet_of(room: Room) -> list[Image.Image]:
    """The labels of the shelf and of the goods on it, as one printed sheet of 24 gives them."""

    def wanted() -> list[printing.Choice]:
        shelf = and_(Location.warehouse_id == get_warehouse(room.code).id, Location.code == "A-01")
        goods = printing.labels_of_items(Item.code.in_(CODES), limit=None)
        return printing.labels_of_places(shelf, limit=1) + goods

    choices = room.store.within(wanted)
    printed = [(choice.label, 1) for choice in choices]
    with labels.pdf(printed, room.store.url, Press(), medium=SHEET) as file:
        return list(peeled(pages(file.read()), SHEET, 203))[: len(choices)]


def sign_in(page: Page, room: Room) -> None:
    page.goto("/sign-in")
    page.locator("[name=username]").fill(room.storekeeper)
    page.locator("[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("main [type=submit]").click()


@pytest.fixture
def phone(
    stocked: Room, camera: Callable[[Path], Browser], faults: Faults, tmp_path: Path
) -> tuple[Page, Film, list[Image.Image]]:
    """A phone in Arabic, what lies before its camera, and the labels."""
    film = Film(tmp_path / "bench.y4m")
    context = camera(film.path).new_context(
        viewport=PHONE, locale="ar-MA", timezone_id="Africa/Casablanca", base_url=stocked.store.url
    )
    page = context.new_page()
    faults.watch(page)
    return page, film, sheet_of(stocked)


def test_a_shelf_and_twenty_goods_are_read_from_our_labels_posted_and_printed(
    stocked: Room, phone: tuple[Page, Film, list[Image.Image]]
) -> None:
    page, film, (shelf, *goods) = phone
    sign_in(page, stocked)
    film.show(shelf, turned=4)
    page.locator(".bottom a[href*=station]").click()
    counter = Counter(page, stocked)
    page.locator("[data-act=look]").click()
    expect(counter.part("place")).to_contain_text(steady("الرف A-01"))
    for number, label in enumerate(goods, 1):
        film.show(label, turned=number * 2 - 20)
        expect(counter.part("count")).to_have_text(str(number))
        expect(counter.lines.first).to_contain_text(steady(GOODS[number - 1][1]))
    page.locator("[data-act=look]").click()
    counter.choose("service", "أنفا")
    counter.post()
    counter.posted()
    assert [stocked.holds(code) for code in CODES] == [8] * len(CODES)
    printed = page.request.get(counter.part("result").locator("[data-field=print]").get_attribute("href") or "")
    assert printed.headers["content-type"] == "application/pdf"
    note = pages(printed.body())
    assert [code for code in CODES if not any(page.shows(code) for page in note)] == []
    (code,) = note[0].codes()
    assert code.endswith(stocked.codes()[0])


def test_how_many_and_where_is_seen_before_it_is_printed(room: Room, visit: Callable[..., Page]) -> None:
    """With fingers alone: two more of one, a sheet begun at 23, and the sheet shows what will stand on it."""
    page = visit("/labels?search=GAN-0003", room.storekeeper, "ar")
    row, summed, filled = (
        page.locator(".label-row"),
        page.locator("[data-sum]"),
        page.locator(".label-sheet .is-filled"),
    )
    expect(row.locator("input")).to_have_value("1")
    for _ in range(2):
        row.get_by_role("button", name="أكثر بواحد").click()
    expect(row.locator("input")).to_have_value("3")
    expect(filled).to_have_text(["1", "2", "3"])
    page.locator(".label-sheet input[value='23']").check()
    expect(filled).to_have_text(["23", "24"])
    expect(summed.locator("[data-total]")).to_have_text(re.compile("3"))
    expect(summed.locator("[data-sheets]")).to_have_text(re.compile("2"))
    row.locator("input").fill("ثلاثة")
    row.get_by_role("button", name="أقل بواحد").click()
    expect(row.locator("input")).to_have_value("ثلاثة")
    row.locator("input").fill("٢")
    page.locator("#medium").select_option("roll-50x30")
    expect(summed.locator("[data-when=sheet]")).to_be_hidden()
    expect(summed.locator("[data-total]")).to_have_text(re.compile("2"))
