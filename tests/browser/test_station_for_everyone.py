"""The station for everybody: each of its screens judged in each language, all of it done with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.counter import Counter
from tests.browser.judge import broken, foreign_words, grave_faults, overflow
from tests.browser.store import Room
from tests.browser.test_station import CEMENT, GLOVES, MEDICINE

Visit = Callable[..., Page]
EYES: tuple[tuple[str, ViewportSize, str], ...] = (("ar", PHONE, "dark"), ("fr", DESK, "light"), ("en", PHONE, "light"))


@dataclass
class Hands:
    """Somebody who has a keyboard (a scanner is one), and no mouse."""

    counter: Counter
    language: str

    @property
    def page(self) -> Page:
        return self.counter.page

    def press(self, selector: str) -> None:
        self.counter.walk(selector)
        self.page.keyboard.press("Enter")

    def write(self, selector: str, words: str) -> None:
        self.counter.walk(selector)
        self.page.keyboard.type(words, delay=90)  # as slowly as a person, or it would be a scan

    def choose(self, field: str, words: str) -> None:
        """The first answer of a field that searches."""
        self.write(f"#{field}", words)
        self.page.locator(f"#{field}-options [role=option]").first.wait_for()
        self.page.keyboard.press("Enter")
        self.counter.chosen(field)

    def judge(self, screen: str) -> None:
        found = broken(self.page, self.language) + overflow(self.page) + grave_faults(self.page)
        if self.language == "ar":
            found += [f"not Arabic: {word}" for word in foreign_words(self.page)]
        assert not found, f"{screen}: " + "\n".join(found)


@pytest.fixture(params=EYES, ids=[f"{language}-{scheme}" for language, _, scheme in EYES])
def hands(visit: Visit, room: Room, request: pytest.FixtureRequest) -> Callable[[str], Hands]:
    """The hands at a page of the station."""
    language, viewport, scheme = request.param

    def at(address: str) -> Hands:
        page = visit(address, room.storekeeper, language, of=room.store, viewport=viewport, color_scheme=scheme)
        page.locator(".station[data-ready]").wait_for()
        return Hands(Counter(page, room), language)

    return at


def test_goods_are_handed_out(hands: Callable[[str], Hands], room: Room) -> None:
    keys = hands("/station?kind=issue")
    counter = keys.counter
    keys.judge("empty")
    counter.scan("NOBODY-KNOWS")
    counter.place("B-02")
    for code in (CEMENT, GLOVES):
        counter.scan(code)
    keys.judge("two lines and an unknown code")
    keys.press("[data-act=dropUnknown]")
    keys.press("[data-do=remove]")
    expect(counter.lines).to_have_count(1)
    keys.judge("a line removed")
    keys.press("[data-act=undo]")
    expect(counter.lines).to_have_count(2)
    keys.press("[data-do=remove]")
    keys.write("[data-quantity]", "99")
    keys.page.keyboard.press("Enter")
    expect(counter.part("regularise")).to_be_visible()
    keys.judge("more than is here")
    keys.write("[data-quantity]", "3")
    keys.page.keyboard.press("Enter")
    keys.choose("service", "anfa")
    keys.press("summary")
    keys.judge("date and note open")
    keys.press("[data-part=post]")
    expect(counter.part("confirm")).to_be_visible()
    keys.judge("asked once")
    keys.page.keyboard.press("Enter")
    counter.posted()
    keys.judge("posted")
    keys.press("[data-act=askReversal]")
    keys.judge("asked why it is reversed")
    keys.write("[data-part=reverseReason]", "x")
    keys.page.keyboard.press("Enter")
    expect(counter.part("result").locator('[data-field="reversed"]')).to_be_visible()
    keys.judge("reversed")
    keys.press("[data-act=next]")
    expect(counter.part("code")).to_be_focused()
    assert room.holds("CIM-0001") == 18


def test_goods_are_received(hands: Callable[[str], Hands], room: Room) -> None:
    keys = hands("/station?kind=receipt")
    counter = keys.counter
    counter.place("A-01")
    counter.scan(MEDICINE)
    keys.judge("a lot is asked for")
    keys.write('[data-field-of="lot"] input', "LK-7")
    keys.write('[data-field-of="expiresOn"] input', "01012031")
    keys.write('[data-field-of="cost"] input', "18")
    keys.page.keyboard.press("Tab")
    keys.choose("supplier", "soth")
    keys.press("[data-part=post]")
    keys.page.keyboard.press("Enter")
    counter.posted()
    keys.judge("received")
    assert room.holds("MED-0001") == 48


@pytest.mark.parametrize("kind", ["move", "return", "transfer"])
def test_goods_go_elsewhere_and_come_back(hands: Callable[[str], Hands], room: Room, kind: str) -> None:
    room.store.room()  # another warehouse, where goods can be sent
    keys = hands(f"/station?kind={kind}")
    counter = keys.counter
    keys.judge("empty")
    counter.place("A-01")
    counter.scan(GLOVES)
    if kind == "move":
        counter.place("B-02")
    elif kind == "return":
        keys.choose("service", "anfa")
    else:
        counter.walk("#warehouse")
        keys.page.keyboard.press("ArrowDown")
    keys.judge("ready to post")
    keys.press("[data-part=post]")
    keys.page.keyboard.press("Enter")
    counter.posted()
    keys.judge("posted")
    assert len(room.papers(kind)) == 1


def test_goods_that_the_books_lack_go_out_on_a_slip(hands: Callable[[str], Hands], room: Room) -> None:
    keys = hands("/station?kind=issue")
    counter = keys.counter
    counter.place("B-02")
    counter.scan(CEMENT)
    keys.write("[data-quantity]", "25")
    keys.page.keyboard.press("Enter")
    keys.choose("service", "anfa")
    keys.press("[data-act=regularise]")
    expect(counter.part("receiver")).to_be_focused()
    keys.judge("who takes them")
    keys.page.keyboard.type("Said", delay=90)
    keys.page.keyboard.press("Enter")
    expect(counter.part("slipWritten")).to_be_visible()
    keys.judge("a slip")
    assert room.holds("CIM-0001") == 18


def test_a_place_is_counted(hands: Callable[[str], Hands], room: Room) -> None:
    keys = hands(f"/station/count?warehouse={room.code}")
    counter = keys.counter
    keys.judge("nothing counted")
    counter.place("B-02")
    counter.scan(CEMENT)
    counter.walk("[data-part=code]")
    keys.page.keyboard.type("17", delay=90)
    keys.page.keyboard.press("Enter")
    keys.press("[data-part=post]")
    expect(counter.part("confirm")).to_be_visible()
    keys.judge("is it all?")
    keys.page.keyboard.press("Enter")
    expect(counter.part("compared")).to_be_visible()
    keys.judge("what the books say")
    keys.write("[data-part=decideReason]", "x")
    keys.page.keyboard.press("Enter")
    expect(counter.part("decideForm")).to_be_hidden()
    keys.judge("handed on")


def test_things_are_looked_up(hands: Callable[[str], Hands], room: Room) -> None:
    keys = hands(f"/station/lookup?warehouse={room.code}")
    keys.judge("nothing asked")
    for code in (GLOVES, room.label(item="MED-0001", lot="LX-SOON"), room.label(place="B-02")):
        keys.counter.scan(code)
        expect(keys.page.locator(".seen")).to_be_visible()
        keys.judge("seen")
    keys.press("[data-way=open]")
    keys.page.wait_for_url("**/content?location=B-02")
