"""Look up at the station: scan anything, see what it is and where it lies, also without network."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from inventory.documents import LineOrder
from tests.browser.counter import Counter
from tests.browser.judge import foreign_words, grave_faults, overflow
from tests.browser.store import Room, for_service
from tests.browser.test_offline import Held, held
from tests.browser.test_station import CARTON, GLOVES, figures

__all__ = ["held"]
Visit = Callable[..., Page]


def looking(visit: Visit, room: Room, language: str = "fr") -> Counter:
    return Counter(visit(f"/station/lookup?warehouse={room.code}", room.storekeeper, language, of=room.store), room)


def seen(counter: Counter) -> str:
    return figures(counter.page.locator(".seen").inner_text())


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_an_item_tells_all_of_itself(visit: Visit, room: Room, language: str) -> None:
    paper = room.post("issue", LineOrder("GAN-0003", Decimal(12)), target=for_service())
    counter = looking(visit, room, language)
    counter.scan(CARTON)
    told = seen(counter)
    for words in ("GAN-0003", "388", "A-01", paper.reference, "− 12", "7 + 38"):
        assert words in told, words
    expect(counter.part("banner")).to_have_class("banner is-good")
    assert not grave_faults(counter.page) + overflow(counter.page)
    if language == "ar":
        assert not foreign_words(counter.page)
    counter.page.locator("[data-way=card]").click()
    expect(counter.page).to_have_url(f"{room.store.url}/stock/{room.code}/GAN-0003")


def test_what_is_out_of_use_is_told(visit: Visit, room: Room) -> None:
    room.retire("CIM-0001")
    try:
        counter = looking(visit, room)
        counter.type("cim-0001")
        expect(counter.page.locator(".seen")).to_contain_text("Retiré")
    finally:
        room.retire("CIM-0001", is_back=True)


def test_a_lot_a_place_and_a_paper_are_told_too(visit: Visit, room: Room) -> None:
    paper = room.post("issue", LineOrder("GAN-0003", Decimal(12)), target=for_service())
    counter = looking(visit, room)
    counter.scan(room.label(item="MED-0001", lot="LX-SOON"))
    assert "LX-SOON" in seen(counter)
    assert "LX-LATER" not in seen(counter)
    counter.place("B-02")
    assert "Ciment CPJ 45" in seen(counter)
    assert "Gants" not in seen(counter)
    counter.scan(paper.code)
    assert paper.reference in seen(counter)
    assert "Gants nitrile M" in seen(counter)
    counter.page.locator("[data-way=open]").click()
    expect(counter.page).to_have_url(f"{room.store.url}/documents/{paper.id}")


def test_an_unknown_code_is_said_and_what_was_seen_stays(visit: Visit, room: Room) -> None:
    counter = looking(visit, room)
    counter.scan(GLOVES)
    counter.scan("NOBODY-KNOWS-IT")
    expect(counter.part("banner")).to_have_class("banner is-bad")
    assert "GAN-0003" in seen(counter)


def test_looking_up_needs_no_mouse(visit: Visit, room: Room) -> None:
    counter = looking(visit, room)
    counter.page.keyboard.type("GAN-0003", delay=120)
    counter.page.keyboard.press("Enter")
    assert "GAN-0003" in seen(counter)
    expect(counter.part("code")).to_be_focused()


def test_who_posts_nothing_comes_to_look_up_at_once(visit: Visit, room: Room) -> None:
    page = visit(f"/station?warehouse={room.code}", "salma", of=room.store)
    expect(page.locator("[data-lookup]")).to_be_visible()
    assert page.locator(".filter-chips a").count() == 1


def test_without_network_the_device_tells_what_it_knows_and_of_when(held: Held, room: Room) -> None:
    device = held()
    device.enter(room.storekeeper)
    device.page.goto(f"/station/lookup?warehouse={room.code}")
    device.lay_in()
    device.off()
    device.page.reload()
    expect(device.page.locator("[data-lookup][data-ready]")).to_be_visible()
    counter = Counter(device.page, room)
    counter.scan(CARTON)
    told = seen(counter)
    for words in ("GAN-0003", "400", "A-01", "Les mouvements"):
        assert words in told, words
    expect(counter.part("asOf")).to_be_visible()
    counter.place("B-02")
    assert "Ciment CPJ 45" in seen(counter)
