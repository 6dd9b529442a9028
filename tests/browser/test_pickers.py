"""Fields that search while one types, in a browser: what is taken answers the text that stands in the field now."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import DESK, Faults
from tests.browser.store import Room

Visit = Callable[..., Page]
SOURCE = re.compile("/catalogue/items/options")
MACHINE = 8  # ms between the keys of a scanner


class Picker:
    """The field for the item of the first line of a paper."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.box = page.locator("#lines-0-item")
        self.list = page.locator("#lines-0-item-options")
        self.options = self.list.get_by_role("option")
        self.value = page.locator("[name=lines-0-item]")
        self.box.click()

    def offers(self, words: str) -> Locator:
        """Type words and wait for what answers them."""
        with self.page.expect_response(SOURCE):
            self.page.keyboard.type(words, delay=20)
        expect(self.options.first).to_be_visible()
        return self.options

    def holds(self, value: str, shown: str) -> None:
        expect(self.value).to_have_value(value)
        expect(self.box).to_have_value(shown)
        expect(self.list).to_be_hidden()


@pytest.fixture
def picker(visit: Visit, room: Room) -> Picker:
    page = visit(f"/documents/new?kind=issue&warehouse={room.code}", room.storekeeper, "fr", viewport=DESK)
    page.wait_for_load_state("networkidle")
    return Picker(page)


def test_enter_waits_for_the_answer_to_what_is_typed(picker: Picker) -> None:
    """The list of an older text is open, its first marked: not that one is taken."""
    expect(picker.offers("or").first).to_have_attribute("data-value", "ORD-0001")
    picker.page.keyboard.press("Control+A")
    picker.page.keyboard.type("ciment", delay=20)
    picker.page.keyboard.press("Enter")
    picker.holds("CIM-0001", "Ciment CPJ 45")


def test_enter_at_once_takes_nothing_when_several_answer(picker: Picker) -> None:
    picker.offers("ciment")
    picker.page.keyboard.press("Control+A")
    picker.page.keyboard.type("a", delay=20)
    picker.page.keyboard.press("Enter")
    expect(picker.options).not_to_have_count(1)
    expect(picker.options.first).to_have_attribute("aria-selected", "true")
    expect(picker.value).to_have_value("")
    expect(picker.box).to_have_value("a")
    chosen = picker.options.first.get_attribute("data-value") or ""
    picker.page.keyboard.press("Enter")
    expect(picker.value).to_have_value(chosen)


@pytest.mark.parametrize("code", ["CIM-0001", "6111245020012", "label"])
def test_a_scanned_code_over_another_list_takes_exactly_its_item(picker: Picker, room: Room, code: str) -> None:
    picker.offers("gants")
    picker.page.keyboard.press("Control+A")
    picker.page.keyboard.type(room.label(item="CIM-0001") if code == "label" else code, delay=MACHINE)
    picker.page.keyboard.press("Enter")
    picker.holds("CIM-0001", "Ciment CPJ 45")


@pytest.mark.parametrize(("code", "found"), [("CIM-000", 1), ("6111245099999", 0)])
def test_a_scanned_code_of_nothing_takes_nothing(picker: Picker, code: str, found: int) -> None:
    """Nor what it is but a part of: that is shown, and taken by a second Enter."""
    picker.offers("gants")
    picker.page.keyboard.press("Control+A")
    picker.page.keyboard.type(code, delay=MACHINE)
    picker.page.keyboard.press("Enter")
    expect(picker.options).to_have_count(found)
    if not found:
        expect(picker.list).to_contain_text("Rien à ce nom")
    expect(picker.list).to_be_visible()
    expect(picker.value).to_have_value("")
    expect(picker.box).to_have_value(code)


@pytest.mark.parametrize("status", [500, 401, 0])
def test_a_failed_answer_leaves_what_was_typed(picker: Picker, faults: Faults, status: int) -> None:
    faults.expect("500|401|ERR_FAILED|htmx:sendError")
    picker.offers("gants")
    picker.page.route(SOURCE, lambda route: route.fulfill(status=status) if status else route.abort())
    picker.page.keyboard.press("Control+A")
    picker.page.keyboard.type("ciment", delay=20)
    expect(picker.list).to_be_hidden()
    picker.page.keyboard.press("Enter")
    picker.holds("", "ciment")
    expect(picker.options).to_have_count(0)
    picker.page.unroute(SOURCE)
    picker.page.keyboard.press("Enter")
    picker.holds("CIM-0001", "Ciment CPJ 45")


def test_a_newer_question_takes_the_place_of_one_under_way(picker: Picker) -> None:
    """And the one that is broken off is no fault, in the words of whoever asks."""
    told: list[str] = []
    picker.page.on("console", lambda message: told.append(message.text))
    picker.page.route(SOURCE, lambda route: route.continue_() if "gants" in route.request.url else None)
    with picker.page.expect_request(SOURCE):
        picker.page.keyboard.type("gan", delay=20)
    picker.offers("ts")
    expect(picker.options.first).to_have_attribute("data-value", "GAN-0003")
    assert any("htmx:sendAbort" in words for words in told)


def test_a_late_answer_never_reopens_over_a_choice(picker: Picker) -> None:
    held: list[Route] = []
    shown = picker.offers("a").first
    picker.page.route(SOURCE, lambda route: held.append(route))
    with picker.page.expect_request(SOURCE):
        picker.page.keyboard.type(" ")
    value, label = shown.get_attribute("data-value") or "", shown.get_attribute("data-label") or ""
    shown.click()
    picker.holds(value, label)
    with picker.page.expect_event("requestfinished", lambda one: bool(SOURCE.search(one.url))):
        held.pop().continue_()
    picker.page.wait_for_timeout(100)
    picker.holds(value, label)
    picker.page.keyboard.press("Enter")
    picker.holds(value, label)


def test_the_option_of_an_older_text_is_not_taken_by_mouse(picker: Picker) -> None:
    shown = picker.offers("gants").first
    box = shown.bounding_box()
    assert box
    picker.page.route(SOURCE, lambda route: None)
    picker.page.keyboard.press("Control+A")
    picker.page.keyboard.type("ciment", delay=20)
    picker.page.mouse.click(box["x"] + 9, box["y"] + 9)
    expect(picker.value).to_have_value("")
    expect(picker.box).to_have_value("ciment")
    expect(picker.box).to_be_focused()
