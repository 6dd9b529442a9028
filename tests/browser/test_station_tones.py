"""What ear and hand are told at the station: four things that nobody confuses, and the new balance if one wants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.counter import Counter
from tests.browser.store import Room
from tests.browser.test_station import GLOVES

HEARD = """
  window.heard = [];
  navigator.vibrate = (pattern) => { window.heard.push({ vibration: String(pattern), notes: [] }); return true; };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    window.heard[window.heard.length - 1].notes.push([this.frequency.value, this.type].join(" "));
    return start.call(this, at);
  };
"""
VOICES = """
  window.said = [];
  const voices = [
    { lang: "fr-FR", localService: false, name: "far" }, { lang: "fr-FR", localService: true, name: "near" },
    { lang: "ar-SA", localService: true, name: "arabic" }, { lang: "en-GB", localService: true, name: "english" },
  ];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => voices, cancel: () => window.said.push("cancel"), addEventListener: () => {},
    speak: ({ text, lang, voice }) => window.said.push(`${voice.name} ${lang}: ${text}`),
  } });
"""


@pytest.fixture
def counter(visit: Callable[..., Page], room: Room) -> Callable[..., Counter]:
    def opened(script: str, language: str = "fr") -> Counter:
        page = visit("/offline", is_new=True)
        page.context.add_init_script(script)
        page.context.add_cookies([room.store.session(room.storekeeper, language)])  # type: ignore[list-item]
        page.goto("/station?kind=issue")
        page.locator("[data-part=banner]").click()  # browsers let sound begin after a touch
        return Counter(page, room)

    return opened


def heard(counter: Counter, act: Callable[[], Any]) -> list[Any]:
    counter.page.evaluate("window.heard = []")
    act()
    counter.page.wait_for_function("() => window.heard.length > 1")
    found: list[Any] = counter.page.evaluate("window.heard")
    return found


def test_read_accepted_refused_and_again_are_four_different_things(counter: Callable[..., Counter], room: Room) -> None:
    at = counter(HEARD)
    at.place("A-01")
    read, accepted = heard(at, lambda: at.scan(GLOVES))
    _, refused = heard(at, lambda: at.scan("9999999999994"))
    _, again = heard(at, lambda: at.scan("9999999999994"))
    four = [read, accepted, refused, again]
    assert all(one["notes"] for one in four)
    assert len({str(one["notes"]) for one in four}) == len({one["vibration"] for one in four}) == 4


def test_without_sound_stands_visibly_and_stays(counter: Callable[..., Counter], room: Room) -> None:
    at = counter(HEARD)
    silent = at.part("silent")
    shown = "(chip) => getComputedStyle(chip).backgroundColor"
    before = silent.evaluate(shown)
    silent.click()
    expect(silent).to_have_attribute("aria-pressed", "true")
    at.page.mouse.move(0, 0)
    assert silent.evaluate(shown) != before
    at.page.reload()
    expect(silent).to_have_attribute("aria-pressed", "true")
    at.place("A-01")
    read, accepted = heard(at, lambda: at.scan(GLOVES))
    assert read["notes"] == accepted["notes"] == []
    assert accepted["vibration"]  # the hand is told still


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "near fr-FR: Gants nitrile M\u202f: reste 399"), ("ar", "arabic ar-SA: قفازات نيتريل م: بقي 399"),
     ("en", "english en-GB: Nitrile gloves M: 399 left")],
)  # fmt: skip
def test_the_new_balance_is_said_once_somebody_wants_it(
    counter: Callable[..., Counter], language: str, words: str
) -> None:
    at = counter(VOICES, language)
    at.place("A-01")
    at.scan(GLOVES)
    assert at.page.evaluate("window.said") == []
    at.line("GAN-0003").locator("[data-do=remove]").click()
    at.part("spoken").click()
    at.scan(GLOVES)
    assert at.page.evaluate("window.said") == ["cancel", words]
    at.page.reload()
    expect(at.part("spoken")).to_have_attribute("aria-pressed", "true")


def test_where_the_device_has_no_voice_of_its_own_nothing_is_offered(counter: Callable[..., Counter]) -> None:
    at = counter(VOICES.replace("localService: true", "localService: false"))
    at.place("A-01")
    expect(at.part("spoken")).to_be_hidden()
