"""Counting a place at the station: blind, whole, told afterwards; posted by who may, handed on by who may not."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from playwright.sync_api import Page, Response, expect

from inventory.documents import LineOrder
from tests.browser.conftest import Faults
from tests.browser.counter import Counter
from tests.browser.judge import foreign_words, grave_faults, overflow
from tests.browser.store import Room, for_service
from tests.browser.test_offline import Held, held
from tests.browser.test_station import BLEACH, CARTON, CEMENT, GLOVES, figures

__all__ = ["held"]
Visit = Callable[..., Page]


def counting(visit: Visit, room: Room, username: str = "", language: str = "fr") -> Counter:
    page = visit(f"/station/count?warehouse={room.code}", username or room.storekeeper, language, of=room.store)
    return Counter(page, room)


def done(counter: Counter) -> str:
    """Hand the count in; what it found."""
    counter.post()
    expect(counter.part("compared")).to_be_visible()
    return figures(counter.part("compared").inner_text())


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_nothing_is_told_before_the_place_is_done(visit: Visit, room: Room, language: str) -> None:
    answers: list[Response] = []
    counter = counting(visit, room, language=language)
    counter.page.on("response", lambda answer: answers.append(answer) if "/scan?" in answer.url else None)
    counter.scan(CEMENT)
    expect(counter.part("banner")).to_have_class("banner is-bad")
    counter.place("B-02")
    counter.scan(CEMENT)
    counter.type("17")
    counter.scan(BLEACH)
    counter.type("42,5")
    expect(counter.lines).to_have_count(2)
    assert "18" not in figures(counter.part("work").inner_text())
    assert answers
    assert not [one.url for one in answers if '"18"' in one.text()]
    assert not grave_faults(counter.page) + overflow(counter.page)
    told = done(counter)
    for words in ("17", "18", "-1", "42,5"):
        assert words in told.replace("−", "-"), words
    if language == "ar":
        assert not foreign_words(counter.page)
    assert not grave_faults(counter.page) + overflow(counter.page)
    assert room.holds("CIM-0001") == 18


def test_a_storekeeper_hands_the_difference_on(visit: Visit, room: Room) -> None:
    counter = counting(visit, room)
    counter.place("B-02")
    counter.scan(BLEACH)
    counter.type("42,5")
    assert "-18" in done(counter).replace("−", "-")  # the cement was not counted: it is not there
    counter.part("decideReason").fill("Prêtés à la voirie")
    counter.part("decideReason").press("Enter")
    expect(counter.part("compared")).to_contain_text("responsable décide")
    assert room.holds("CIM-0001") == 18
    counter.page.keyboard.press("Enter")  # next place
    expect(counter.part("code")).to_be_focused()
    expect(counter.part("place")).not_to_have_class("place-chip is-set")
    page = visit("/", "hassan", of=room.store, warehouse=room.code)
    page.get_by_text("Comptages avec écart").click()
    page.locator("main tr[data-href] a").first.click()
    expect(page.locator("main")).to_contain_text("Prêtés à la voirie")
    page.get_by_role("button", name="Valider l’écart").click()
    page.locator("#adjust [name=reason]").fill("Constaté sur place")
    page.locator("#adjust .button.is-main").click()
    expect(page.locator("main")).to_contain_text("Régularisé")
    assert room.holds("CIM-0001") == 0


def test_a_manager_posts_the_difference_once_however_often_it_is_tapped(visit: Visit, room: Room) -> None:
    counter = counting(visit, room, "hassan")
    counter.place("A-01")
    counter.scan(CARTON)
    counter.type("8")  # cartons of fifty
    counter.scan(GLOVES)
    counter.type("3")
    for lot in ("LX-SOON", "LX-LATER", "LX-PAST"):
        counter.scan(room.label(item="MED-0001", lot=lot))
        counter.type({"LX-SOON": "12", "LX-LATER": "30", "LX-PAST": "5"}[lot])
    counter.scan(f"INV-{int(room.code[1:])}")
    assert "+3" in done(counter)
    counter.part("decideReason").fill("Retrouvés derrière l’étagère")
    counter.part("decideForm").evaluate("(form) => { form.requestSubmit(); form.requestSubmit(); }")
    expect(counter.part("compared")).to_contain_text("validé")
    assert room.holds("GAN-0003") == 403
    assert len(room.papers("adjustment")) == 1


def test_only_some_things_of_a_place_are_counted(visit: Visit, room: Room) -> None:
    counter = counting(visit, room)
    counter.place("B-02")
    counter.scan(CEMENT)
    counter.type("18")
    counter.part("post").click()
    counter.part("confirm").locator("[data-act=postSome]").click()
    expect(counter.part("compared")).to_contain_text("conforme")
    expect(counter.part("compared").locator("tbody tr")).to_have_count(1)


def test_one_may_find_that_none_of_a_thing_is_left(visit: Visit, room: Room) -> None:
    counter = counting(visit, room)
    counter.place("B-02")
    counter.scan(CEMENT)
    counter.lines.first.locator("[data-do=less]").click()
    expect(counter.lines.first).to_contain_text("= \u20660")
    counter.scan(CEMENT)
    counter.type("0")
    expect(counter.lines.first).to_contain_text("= \u20660")
    counter.part("post").click()
    counter.part("confirm").locator("[data-act=postSome]").click()
    expect(counter.part("compared").locator("tbody tr")).to_have_count(1)
    assert "-18" in figures(counter.part("compared").inner_text()).replace("−", "-")


def test_a_lot_that_nobody_knows_is_counted_with_its_expiry(visit: Visit, room: Room, faults: Faults) -> None:
    faults.expect("422")
    counter = counting(visit, room)
    counter.place("A-01")
    counter.scan("6111245030011")
    counter.field("lot", "MED-0001").fill("LX-NEVER")
    counter.field("lot", "MED-0001").press("Enter")
    counter.part("post").click()
    counter.part("confirm").locator("[data-act=postSome]").click()
    expect(counter.part("compared")).to_be_hidden()
    expect(counter.lines.first).to_contain_text("péremption du lot LX-NEVER")
    counter.field("expiresOn", "MED-0001").fill("2030-01-31")
    counter.field("expiresOn", "MED-0001").press("Enter")
    counter.part("post").click()
    counter.part("confirm").locator("[data-act=postSome]").click()
    expect(counter.part("compared").locator("tbody tr")).to_have_count(1)


def test_an_empty_place_is_counted_too(visit: Visit, room: Room) -> None:
    counter = counting(visit, room)
    counter.scan(room.label(place="MAG"))
    counter.part("post").click()
    expect(counter.part("question")).to_contain_text("rien")
    counter.part("confirm").locator("[data-act=post]").click()
    expect(counter.part("compared")).to_contain_text("conforme")


def test_one_place_after_the_other(visit: Visit, room: Room) -> None:
    counter = counting(visit, room)
    counter.place("B-02")
    counter.scan(CEMENT)
    counter.place("A-01")
    counter.says("B-02", "bad")
    expect(counter.part("place")).to_contain_text("B-02")


def test_numbered_values_are_left_for_a_count_sheet(visit: Visit, room: Room) -> None:
    counter = counting(visit, room)
    counter.place("A-01")
    counter.scan("TIM-0001")
    expect(counter.part("banner")).to_have_class("banner is-bad")
    expect(counter.lines).to_have_count(0)


def test_without_network_a_count_waits_and_is_compared_when_it_arrives(held: Held, room: Room) -> None:
    device = held()
    device.enter(room.storekeeper)
    device.page.goto(f"/station/count?warehouse={room.code}")
    device.lay_in()
    device.off()
    device.page.reload()
    expect(device.page.locator("[data-count-place][data-ready]")).to_be_visible()
    counter = Counter(device.page, room)
    counter.place("B-02")
    counter.scan(CEMENT)
    counter.type("18")
    counter.scan(BLEACH)
    counter.type("42,5")
    assert "18 " not in figures(counter.part("work").inner_text()).replace("18\n", "")
    counter.post()
    assert counter.slip()
    room.post("issue", LineOrder("CIM-0001", Decimal(2)), target=for_service())  # a colleague, meanwhile
    device.on()
    expect(counter.part("compared")).to_be_visible()
    expect(counter.part("compared")).to_contain_text("recomptez")
