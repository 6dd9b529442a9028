"""Goods on the counter, the books say none, a crew waits: one tap makes a slip that is seen until it is settled."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from inventory import slips
from inventory.database import transaction
from inventory.documents import LineOrder, Order, Side
from inventory.slips import SlipsAsked
from inventory.warehouses import add_location, get_warehouse
from tests.browser.conftest import Faults
from tests.browser.counter import Counter
from tests.browser.judge import foreign_words, grave_faults, overflow
from tests.browser.store import Room, for_service
from tests.browser.test_offline import Held, held, off
from tests.browser.test_station import CEMENT, GLOVES, At, at

__all__ = ["at", "held"]
Visit = Callable[..., Page]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """What a phone's camera gives: four thousand pixels wide."""
    file = tmp_path / "photo.jpg"
    Image.new("RGB", (4000, 3000), "#8a5a2b").save(file, "JPEG")
    return file


def kept(room: Room) -> list[tuple[str, str, str, int]]:
    """Number, receiver, state and lines of the room's slips, oldest first."""

    def found() -> list[tuple[str, str, str, int]]:
        rows, _more = slips.find_slips(SlipsAsked(warehouse_ids=[get_warehouse(room.code).id]))
        return [
            (row.Slip.number_in_year.split("/")[0], row.Slip.receiver, "open" if row.is_open else "settled", row.lines)
            for row in reversed(rows)
        ]

    told: list[tuple[str, str, str, int]] = room.store.within(found)
    return told


def photo_size(room: Room) -> tuple[int, int]:
    def found() -> tuple[int, int]:
        (row, *_), _more = slips.find_slips(SlipsAsked(warehouse_ids=[get_warehouse(room.code).id]))
        return Image.open(io.BytesIO(slips.photo_of(row.Slip.id).content)).size

    size: tuple[int, int] = room.store.within(found)
    return size


def wanting(counter: Counter) -> None:
    """Cement of which the books have eighteen, and twenty are asked; gloves of which there are enough."""
    counter.place("B-02")
    counter.scan(CEMENT)
    counter.type("20")
    counter.says("18", "bad")


def write_slip(counter: Counter, receiver: str = "Said, équipe 4") -> None:
    counter.page.locator("[data-act=regularise]").click()
    counter.part("receiver").fill(receiver)
    counter.part("receiver").press("Enter")


def test_what_may_not_leave_is_not_wanting(at: At, room: Room) -> None:
    """No slip lets out what the books hold in quarantine."""
    room.store.within(lambda: quarantine(room))
    counter = at()
    counter.place("QUAR")
    counter.scan(CEMENT)
    counter.says("périmés ou en quarantaine ici", "bad")
    expect(counter.part("post")).to_be_disabled()
    expect(counter.part("regularise")).to_be_hidden()


def quarantine(room: Room) -> None:
    with transaction():
        add_location(get_warehouse(room.code), "QUAR", kind="quarantine", name_fr="Quarantaine")
    room.store.posted(
        room.storekeeper,
        Order("move", room.code, (LineOrder("CIM-0001", Decimal(7), location="B-02", target_location="QUAR"),)),
    )


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_refused_issue_becomes_a_slip_with_one_tap(at: At, room: Room, picture: Path, language: str) -> None:
    counter = at(language=language)
    expect(counter.part("regularise")).to_be_hidden()
    wanting(counter)
    expect(counter.part("post")).to_be_disabled()
    expect(counter.part("regularise")).to_be_visible()
    counter.choose("service", "anfa")
    counter.page.locator("[data-act=regularise]").click()
    expect(counter.part("receiver")).to_be_focused()
    counter.part("slipPhoto").set_input_files(picture)
    expect(counter.part("slipSeen")).to_be_visible()
    assert not grave_faults(counter.page) + overflow(counter.page)
    counter.part("receiver").fill("Said")
    counter.part("receiver").press("Enter")
    expect(counter.part("slipWritten")).to_be_visible()
    expect(counter.part("slipWritten").locator('[data-field="number"]')).to_contain_text("1/")
    if language == "ar":
        assert not foreign_words(counter.page)
    assert not grave_faults(counter.page) + overflow(counter.page)
    assert kept(room) == [("1", "Said", "open", 1)]
    assert photo_size(room) == (1024, 768)
    assert (room.holds("CIM-0001"), room.papers()) == (18, [])
    counter.page.keyboard.press("Enter")  # on "go on", which has the focus
    expect(counter.part("code")).to_be_focused()
    expect(counter.lines).to_have_count(0)


def test_whoever_is_quick_loses_no_photo(at: At, room: Room, picture: Path) -> None:
    counter = at()
    wanting(counter)
    counter.choose("service", "anfa")
    counter.page.locator("[data-act=regularise]").click()
    counter.part("receiver").fill("Said")
    counter.part("slipPhoto").set_input_files(picture)
    for _ in range(2):
        counter.part("receiver").press("Enter")  # while the photo is made small
    expect(counter.part("slipWritten")).to_be_visible()
    assert photo_size(room) == (1024, 768)
    assert len(kept(room)) == 1


def test_what_there_is_enough_of_stays_and_is_issued(at: At, room: Room) -> None:
    counter = at()
    counter.place("A-01")
    counter.scan(GLOVES)
    wanting(counter)
    counter.choose("service", "anfa")
    write_slip(counter)
    expect(counter.part("slipWritten")).to_contain_text("1")
    counter.part("slipWritten").locator("[data-act=next]").click()
    expect(counter.lines).to_have_count(1)
    expect(counter.line("Gants")).to_have_count(1)
    counter.post()
    counter.posted()
    assert (room.holds("GAN-0003"), len(room.papers("issue"))) == (399, 1)


def test_the_house_finds_it_wanting_and_the_slip_is_offered_then(at: At, room: Room, faults: Faults) -> None:
    """Somebody else was first: the device did not know that too little is left."""
    faults.expect("409")
    counter = at()
    counter.place("B-02")
    counter.scan(CEMENT)
    counter.choose("service", "anfa")
    room.post("issue", LineOrder("CIM-0001", Decimal(18)), target=for_service("VOIRIE"))
    counter.post()
    expect(counter.part("regularise")).to_be_visible()
    write_slip(counter)
    expect(counter.part("slipWritten")).to_be_visible()
    assert kept(room) == [("1", "Said, équipe 4", "open", 1)]


def test_a_slip_needs_who_it_is_for_and_who_takes_it(at: At, room: Room) -> None:
    counter = at()
    wanting(counter)
    counter.page.locator("[data-act=regularise]").click()
    expect(counter.part("slipDialog")).to_be_hidden()
    expect(counter.page.locator("#service")).to_be_focused()
    counter.choose("service", "anfa")
    counter.page.locator("[data-act=regularise]").click()
    counter.part("receiver").fill("   ")
    counter.part("slipForm").locator("button.is-main").click()
    expect(counter.part("slipDialog")).to_be_visible()
    assert kept(room) == []


def test_two_taps_write_one_slip(at: At, room: Room) -> None:
    counter = at()
    wanting(counter)
    counter.choose("service", "anfa")
    counter.page.locator("[data-act=regularise]").click()
    counter.part("receiver").fill("Said")
    counter.part("slipForm").evaluate("(form) => { form.requestSubmit(); form.requestSubmit(); }")
    expect(counter.part("slipWritten")).to_be_visible()
    assert len(kept(room)) == 1


@pytest.mark.parametrize("kind", ["receipt", "move", "return"])
def test_no_other_paper_offers_a_slip(at: At, kind: str) -> None:
    assert at(kind).part("regularise").count() == 0


def test_without_network_a_slip_waits_and_is_sent_once(held: Held, room: Room, picture: Path) -> None:
    device = held()
    counter = off(device, room)
    wanting_there(counter)
    counter.choose("service", "anfa")
    counter.page.locator("[data-act=regularise]").click()
    counter.part("slipPhoto").set_input_files(picture)
    expect(counter.part("slipSeen")).to_be_visible()
    counter.part("receiver").fill("Said")
    counter.part("receiver").press("Enter")
    assert counter.slip()
    assert kept(room) == []
    room.post("receipt", LineOrder("CIM-0001", Decimal(50)), source=Side("supplier", "SOTHEMA"))
    device.on()
    expect(counter.part("slipWritten")).to_be_visible()
    assert kept(room) == [("1", "Said", "open", 1)]
    counter.page.goto("/station/waiting")
    expect(counter.part("sentList").locator("li")).to_have_count(1)
    expect(counter.part("sentList").locator("[data-field=open]")).to_have_attribute("href", re.compile(r"^/slips/\d+$"))
    assert room.holds("CIM-0001") == 68


def wanting_there(counter: Counter) -> None:
    counter.place("B-02")
    counter.scan(CEMENT)
    counter.type("20")
    expect(counter.part("regularise")).to_be_visible()


def test_the_manager_sees_it_until_the_papers_settle_it(visit: Visit, at: At, room: Room) -> None:
    counter = at()
    wanting(counter)
    counter.choose("service", "anfa")
    write_slip(counter)
    expect(counter.part("slipWritten")).to_be_visible()
    page = visit("/", "hassan", of=room.store, warehouse=room.code)
    page.get_by_text("Bons à régulariser", exact=False).locator("visible=true").first.click()
    page.locator("main tr[data-href] a").first.click()
    expect(page.locator("main")).to_contain_text("Said, équipe 4")
    room.post("receipt", LineOrder("CIM-0001", Decimal(50)), source=Side("supplier", "SOTHEMA"))
    page.get_by_role("button", name="Établir le bon de sortie").click()
    expect(page.locator("[name=lines-0-quantity]")).to_have_value("20")
    room.post("issue", LineOrder("CIM-0001", Decimal(20)), target=for_service())
    page.goto("/slips?state=open")
    page.locator("main tr[data-href] a").first.click()
    expect(page.locator("[name=papers]").first).to_be_visible()  # all() takes what is there and waits for nothing
    for box in page.locator("[name=papers]").all():
        box.check()
    with page.expect_event("domcontentloaded"):
        page.get_by_role("button", name="Régulariser le bon").click()
    assert kept(room)[0][2] == "settled"
    page.goto("/")
    assert page.get_by_text("Bons à régulariser", exact=False).locator("visible=true").count() <= 1  # the navigation


def test_a_photo_that_is_none_is_said_to_be_none(at: At, room: Room, tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(base64.b64decode("AAAA"))
    counter = at()
    wanting(counter)
    counter.choose("service", "anfa")
    counter.page.locator("[data-act=regularise]").click()
    counter.part("receiver").fill("Said")
    counter.page.evaluate("() => { window.createImageBitmap = () => new Promise((_, no) => setTimeout(no, 1000)); }")
    counter.part("slipPhoto").set_input_files(file)
    counter.part("receiver").press("Enter")  # before it is known
    expect(counter.part("banner")).to_contain_text("Cette photo est illisible")
    expect(counter.part("slipForm")).to_be_visible()
    assert not kept(room)
    counter.part("receiver").press("Enter")  # without it
    expect(counter.part("slipWritten")).to_be_visible()
