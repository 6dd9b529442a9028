"""Codes that a keyboard scanner sends in pieces, or two at once: none is lost, none is read wrong."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.counter import BUSY, LAYOUTS, RADIO, Counter
from tests.browser.store import Room
from tests.browser.test_station import CEMENT, GLOVES, At, at  # noqa: F401  (the station of a room)

AMOXICILLIN = "6111245030036"  # its check digit is right


def stand(at: At, *, seen: bool | None = True, enter: bool = True, kind: str = "issue") -> Counter:  # noqa: F811
    """The station at its place, whose device has seen its scanner send Enter, or not, or has seen none yet (None)."""
    counter = at(kind)
    if seen is not None:
        counter.scanner.ends_with_enter = seen
        counter.place("A-01")
    else:
        counter.type("A-01")
    counter.says("A-01", "good")
    counter.scanner.ends_with_enter = enter
    return counter


def counted(counter: Counter, name: str, times: str) -> None:
    expect(counter.line(name).locator("[data-quantity]")).to_have_value(times)
    expect(counter.part("unknown")).to_be_hidden()
    expect(counter.part("code")).to_have_value("")


@pytest.mark.parametrize("told", [BUSY, RADIO], ids=["busy", "radio"])
def test_a_code_in_two_parts_is_one_code_wherever_it_is_divided(at: At, room: Room, told: bool) -> None:  # noqa: F811
    counter, label = stand(at), room.label(item="GAN-0003")
    for times, before in enumerate((1, 2, 3, 7, 11, 12), 1):
        counter.scanner.scan(label, {before: 0.9}, told=told)
        counted(counter, "Gants", str(times))
        counter.scan(CEMENT)
        counted(counter, "Ciment", str(times))
        counted(counter, "Gants", str(times))


@pytest.mark.parametrize("told", [BUSY, RADIO], ids=["busy", "radio"])
@pytest.mark.parametrize("before", [1, 2, 3, 7, 11, 12])
def test_the_first_code_of_a_device_in_two_parts_is_one_code(at: At, room: Room, told: bool, before: int) -> None:  # noqa: F811
    counter = stand(at, seen=None)
    counter.scanner.scan(room.label(item="GAN-0003"), {before: 0.9}, told=told)
    counted(counter, "Gants", "1")
    counter.scan(CEMENT)
    counted(counter, "Ciment", "1")
    counted(counter, "Gants", "1")


def test_keys_that_are_late_stay_in_their_part(at: At, room: Room) -> None:  # noqa: F811
    """Silence enough for a person's; only the keys' own time tells that they came one after the other."""
    counter = stand(at, seen=None)
    counter.scanner.scan(room.label(item="GAN-0003"), {3: 0.9}, told=RADIO, late={2: 0.3})
    counted(counter, "Gants", "1")
    counter.scan(CEMENT)
    counted(counter, "Ciment", "1")


def test_the_last_key_alone_and_late_is_still_the_code_s(at: At, room: Room) -> None:  # noqa: F811
    counter = stand(at, seen=None)
    label = room.label(item="GAN-0003")
    counter.scanner.scan(label, {11: 0.3}, told=RADIO, late={12: 0.7})
    counted(counter, "Gants", "1")


def test_first_keys_that_come_one_by_one_are_the_code_s(at: At, room: Room) -> None:  # noqa: F811
    counter = stand(at)
    counter.scanner.scan(room.label(item="GAN-0003"), {1: 0.2, 2: 0.2, 3: 0.2}, told=RADIO)
    counted(counter, "Gants", "1")


def test_a_number_counts_for_a_code_in_two_parts(at: At, room: Room) -> None:  # noqa: F811
    """Whether its first characters are letters, or digits that stand behind the number as if they were of it."""
    counter = stand(at, kind="receipt")
    for code, number in ((room.label(item="GAN-0003"), "5"), (GLOVES, "7")):
        counter.part("code").fill(number)
        counter.scanner.scan(code, {2: 0.5}, told=RADIO)
        counted(counter, "Gants", number)
    counter.scan(CEMENT)
    counted(counter, "Ciment", "1")


def test_a_number_that_ended_with_enter_begins_no_code(at: At) -> None:  # noqa: F811
    counter = stand(at, kind="receipt")
    counter.scan(CEMENT)
    counter.part("code").press_sequentially(GLOVES[:2], delay=120)
    counter.part("code").press("Enter")
    expect(counter.line("Ciment").locator("[data-quantity]")).to_have_value(GLOVES[:2])
    counter.scan(GLOVES[2:])
    expect(counter.part("unknownList")).to_contain_text(GLOVES[2:])
    expect(counter.lines).to_have_count(1)


def test_the_rest_of_a_code_makes_the_unknown_half_vanish(at: At, room: Room) -> None:  # noqa: F811
    """A scanner that sends no Enter: after a pause its code is taken as ended, and what comes proves it was not."""
    counter = stand(at, seen=False, enter=False)
    label = room.label(item="GAN-0003")
    counter.part("code").fill("3")
    counter.scan(label[:7])
    expect(counter.part("unknownList")).to_contain_text(label[:7])
    expect(counter.part("banner")).to_have_class("banner is-bad")
    counter.scanner.scan(label[7:])
    counted(counter, "Gants", "3")
    expect(counter.part("banner")).to_have_class("banner is-good")


def test_three_parts_are_one_code_too(at: At, room: Room) -> None:  # noqa: F811
    counter = stand(at)
    counter.scanner.scan(f"010{AMOXICILLIN}10LX-LATER\x1d17281231", {6: 0.3, 14: 0.4, 24: 0.3}, told=RADIO)
    expect(counter.line("Amoxicilline")).to_have_count(1)
    expect(counter.line("Amoxicilline")).to_contain_text("LX-LATER")
    expect(counter.part("unknown")).to_be_hidden()


@pytest.mark.parametrize("enter", [True, False], ids=["enter", "no-enter"])
def test_two_codes_in_one_burst_are_two_codes(at: At, room: Room, enter: bool) -> None:  # noqa: F811
    gloves, cement = room.label(item="GAN-0003"), room.label(item="CIM-0001")
    counter = stand(at, seen=enter, enter=enter)
    counter.scan(gloves + cement)
    counted(counter, "Gants", "1")
    counted(counter, "Ciment", "1")
    counter.scan(cement + cement + f"HTTP://127.0.0.1/S/{gloves}")
    counted(counter, "Ciment", "3")
    counted(counter, "Gants", "2")
    counter.scan(AMOXICILLIN + gloves)
    counted(counter, "Amoxicilline", "1")
    counted(counter, "Gants", "3")
    counter.scan(gloves + "6111245099996")
    expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("4")
    expect(counter.part("unknownList").locator("bdi")).to_have_text(["6111245099996"])


def test_two_codes_whose_enter_was_lost_are_two_codes(at: At) -> None:  # noqa: F811
    counter = stand(at, enter=False)
    counter.scanner.scan(GLOVES)
    counter.scanner.rest(0.4, told=RADIO)
    counter.scanner.ends_with_enter = True
    counter.scanner.scan(CEMENT)
    counted(counter, "Gants", "1")
    counted(counter, "Ciment", "1")


def test_a_code_that_ended_with_enter_is_never_joined_to_the_next(at: At, room: Room) -> None:  # noqa: F811
    counter = stand(at)
    label = room.label(item="GAN-0003")
    counter.scan(label[:7])
    counter.scan(label[7:])
    expect(counter.lines).to_have_count(0)
    expect(counter.part("unknownList").locator("li")).to_have_count(2)


@pytest.mark.parametrize("told", [BUSY, RADIO], ids=["busy", "radio"])
def test_an_enter_that_comes_late_presses_no_button(at: At, room: Room, told: bool) -> None:  # noqa: F811
    counter = stand(at, seen=None)
    counter.type(CEMENT)
    counter.line("Ciment").locator("[data-do=more]").focus()
    if told is BUSY:  # not even that of a scanner from which none is expected
        counter.page.evaluate("localStorage.setItem('scanner:enter', '0')")
    label = room.label(item="GAN-0003")  # its check says that it is whole: it is taken before its Enter comes
    counter.scanner.scan(label, {len(label): 0.5}, told=told)
    counted(counter, "Gants", "1")
    counted(counter, "Ciment", "1")


def test_after_a_scan_a_person_types_as_ever(at: At) -> None:  # noqa: F811
    counter = stand(at)
    counter.scan(GLOVES)
    counter.part("code").press_sequentially("12", delay=120)
    expect(counter.part("code")).to_have_value("12")
    counter.scan(CEMENT)
    counted(counter, "Ciment", "12")


def test_a_key_held_down_is_no_scanner(at: At) -> None:  # noqa: F811
    counter = stand(at)
    counter.part("code").focus()
    for again in range(8):
        counter.scanner.key("Digit7", "7", again=again > 0)
    expect(counter.part("code")).to_have_value("77777777")


# – what scanners send between the parts of a maker's code ------------------------------------------------------------


@pytest.mark.parametrize("layout", LAYOUTS)
def test_whatever_a_scanner_sends_as_separator_is_one(at: At, layout: str) -> None:  # noqa: F811
    counter = stand(at, kind="receipt")
    counter.scanner.layout = layout
    for count, separator in enumerate(("F8", "Ctrl+]", "Alt+029", "|", "{GS}", "<GS>", "^", "~"), 1):
        counter.scanner.separator = separator
        counter.scan(f"010{AMOXICILLIN}10LN-{count}\x1d17280531")
        expect(counter.lines).to_have_count(count)
        assert counter.lines.first.locator('[data-field-of="lot"] input').input_value() == f"LN-{count}"
        assert counter.lines.first.locator('[data-field-of="expiresOn"] input').input_value() == "2028-05-31"


def test_a_scanner_that_types_numbers_under_alt_is_read(at: At, room: Room) -> None:  # noqa: F811
    counter = stand(at, kind="receipt")
    counter.scanner.by_number = True
    counter.scanner.separator = "Alt+029"
    counter.scan(f"010{AMOXICILLIN}10LN-7\x1d17280531")
    expect(counter.line("Amoxicilline")).to_contain_text("Amoxicilline")
    assert counter.field("lot", "Amoxicilline").input_value() == "LN-7"
    counter.scan(room.label(item="CIM-0001"))
    counted(counter, "Ciment", "1")


@pytest.mark.parametrize("end", ["Tab", "KeyJ", "KeyM"])
def test_codes_may_end_with_tab_or_a_control_character(at: At, end: str) -> None:  # noqa: F811
    counter = stand(at, enter=False)
    counter.scanner.scan(GLOVES)
    counter.scanner.key(end, "Tab" if end == "Tab" else end[3].lower(), 0 if end == "Tab" else 2)
    counted(counter, "Gants", "1")
    counter.scan(CEMENT)
    counted(counter, "Ciment", "1")


# – codes that come without keys --------------------------------------------------------------------------------------


def test_of_lines_pasted_at_once_each_is_a_code(at: At, room: Room) -> None:  # noqa: F811
    counter = stand(at)
    paste(counter, f"{GLOVES}\r\n {CEMENT} \n\n{room.label(item='GAN-0003')}\n")
    counted(counter, "Gants", "2")
    counted(counter, "Ciment", "1")
    paste(counter, GLOVES)
    expect(counter.part("code")).to_have_value(GLOVES)
    counter.part("code").press("Enter")
    counted(counter, "Gants", "3")


def paste(counter: Counter, text: str) -> None:
    counter.part("code").focus()
    counter.page.evaluate(PASTE, text)


PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
  if (document.activeElement.dispatchEvent(event)) document.execCommand("insertText", false, text);
}"""


def test_a_code_written_in_one_go_is_taken_without_enter(at: At, room: Room) -> None:  # noqa: F811
    """As the programs on a scanner with Android do it."""
    counter = stand(at)
    for _ in range(2):
        counter.part("code").focus()
        counter.page.keyboard.insert_text(room.label(item="GAN-0003"))
    counted(counter, "Gants", "2")
    counter.page.keyboard.insert_text("GAN-0003")
    expect(counter.part("code")).to_have_value("GAN-0003")


@pytest.mark.parametrize("told", [BUSY, RADIO], ids=["busy", "radio"])
@pytest.mark.parametrize("enter", [True, False], ids=["enter", "no-enter"])
def test_several_codes_in_one_burst_bear_a_pause_anywhere(at: At, room: Room, enter: bool, told: bool) -> None:  # noqa: F811
    gloves, cement = room.label(item="GAN-0003"), room.label(item="CIM-0001")
    counter = stand(at, seen=enter, enter=enter)
    for times, before in enumerate((5, 17, 40), 1):
        counter.scanner.scan(f"{cement}{cement}HTTP://127.0.0.1/S/{gloves}", {before: 0.9}, told=told)
        counted(counter, "Ciment", str(2 * times))
        counted(counter, "Gants", str(times))
