"""A store to learn in looks like one: on every screen, in print, in forced colours and without network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from inventory import access, clock, practice
from inventory.database import transaction
from inventory.warehouses import PRACTICE, get_warehouse
from tests.browser.conftest import DESK, PHONE
from tests.browser.device import Device
from tests.browser.judge import grave_faults, overflow
from tests.browser.store import Room, Store

WATERMARK = """() => getComputedStyle(document.querySelector("[data-practice]") ?? document.body, "::after").content"""


@pytest.fixture
def school(store: Store) -> Room:
    """A store to learn in, and somebody who learns."""

    def opened() -> str:
        with transaction():
            by = access.identity_of(access.get_user("admin"))
            return practice.open_practice(by=by, today=clock.today(), at=clock.now(), key=f"{clock.now()}").code

    room = store.room()
    code = store.within(opened)

    def let_in() -> None:
        with transaction():
            access.grant(access.get_user(room.storekeeper), "storekeeper", get_warehouse(code), at=clock.now())

    store.within(let_in)
    return Room(store, code, room.storekeeper)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_practice_is_unmistakable(
    visit: Callable[..., Page], picture: Callable[..., Path], school: Room, language: str, size: str, scheme: str
) -> None:
    viewport = PHONE if size == "phone" else DESK
    options = {"viewport": viewport, "color_scheme": scheme}
    page = visit("/station?kind=issue", school.storekeeper, language, school.code, **options)
    expect(page.locator(".practice-band")).to_be_visible()
    assert page.evaluate(WATERMARK).strip('"').startswith({"ar": "تدريب", "fr": "Exercice"}[language])
    assert grave_faults(page) + overflow(page) == []
    picture(f"practice-station-{language}-{size}-{scheme}", of=page, full_page=False)
    page.goto(f"/stock?warehouse={school.code}")
    expect(page.locator(".practice-band")).to_be_visible()
    picture(f"practice-stock-{language}-{size}-{scheme}", of=page, full_page=False)


def test_it_says_so_in_print_and_in_forced_colours(
    visit: Callable[..., Page], picture: Callable[..., Path], school: Room
) -> None:
    page = visit(f"/stock?warehouse={school.code}", school.storekeeper)
    page.emulate_media(media="print")
    expect(page.locator(".practice-band")).to_be_visible()
    picture("practice-print", of=page)
    page.emulate_media(media="screen", forced_colors="active")
    expect(page.locator(".practice-band")).to_be_visible()
    picture("practice-forced", of=page)


@pytest.fixture
def phone(browser: Browser, tmp_path: Path, store: Store) -> Iterator[Device]:
    device = Device(browser.browser_type, tmp_path / "phone", store)
    yield device
    device.close()


def test_the_station_says_so_without_network_too(phone: Device, school: Room) -> None:
    phone.enter(school.storekeeper)
    phone.station(school)
    phone.lay_in()
    phone.off()
    phone.station(school)
    expect(phone.page.locator(".practice-band")).to_be_visible()
    assert "Exercice" in phone.page.evaluate(WATERMARK)
    assert school.code.startswith(PRACTICE)


def test_practice_is_said_as_soon_as_its_store_is_chosen(visit: Callable[..., Page], school: Room) -> None:
    page = visit("/stock", school.storekeeper, language="fr")
    page.locator(".filters summary").click()
    warehouse = page.locator(".filters select[name=warehouse]")
    expect(page.locator("[data-practice]")).to_have_count(0)
    warehouse.select_option(school.code)
    expect(page.locator(".practice-band")).to_be_visible()
    assert "Exercice" in page.evaluate(WATERMARK)
    warehouse.select_option(index=0)
    expect(page.locator(".practice-band, [data-practice]")).to_have_count(0)
