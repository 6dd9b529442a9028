"""The station as a storekeeper uses it: a scanner that types, fingers, eyes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.browser.store import Room

# What each keyboard layout makes of the physical keys that a scanner presses. The station must not care.
KEYS = {**{f"Key{c}": c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}, **{f"Digit{d}": str(d) for d in range(10)}}
KEYS |= {"Minus": "-", "Slash": "/", "Period": ".", "Equal": "=", "BracketLeft": "[", "BracketRight": "]"}
SHIFTED = {"?": "Slash", ":": "Semicolon", "_": "Minus", "{": "BracketLeft", "}": "BracketRight", "|": "Backslash"}
SHIFTED |= {"<": "Comma", ">": "Period", "^": "Digit6", "~": "Backquote", "(": "Digit9", ")": "Digit0", "+": "Equal"}
ALT, CTRL, SHIFT = 1, 2, 8  # as the browser's protocol counts them
BUSY, RADIO = False, True  # why nothing comes: this machine is late, or the scanner's radio was and the keys say so
LAYOUTS: dict[str, dict[str, str]] = {
    "us": {},
    "azerty": {"KeyA": "q", "KeyQ": "a", "KeyZ": "w", "KeyW": "z", "KeyM": ",", "Minus": ")", "Slash": "!"}
    | dict(zip((f"Digit{d}" for d in range(10)), "à&é\"'(-è_ç", strict=True)),
    "arabic": {"Minus": "-", "Slash": "ظ"}
    | dict(zip((f"Key{c}" for c in "QWERTYUIOPASDFGHJKLZXCVBNM"), "ضصثقفغعهخحشسيبلاتنمئءؤرىة", strict=False)),
}


@dataclass
class Scanner:
    """A scanner that types: physical keys a few milliseconds apart, Enter at the end unless it was set up without."""

    page: Page
    layout: str = "us"
    ends_with_enter: bool = True
    pause: float = 0.008
    separator: str = "F8"
    by_number: bool = False

    def __post_init__(self) -> None:
        self.wire: CDPSession = self.page.context.new_cdp_session(self.page)
        self.clock = 0.0

    def key(self, code: str, key: str, modifiers: int = 0, *, again: bool = False, up: bool = False) -> None:
        """Press a key (or let it go); the clock of the keys is the scanner's own, however busy this machine is."""
        self.clock += self.pause
        text = key if len(key) == 1 and modifiers in (0, SHIFT) else {"Enter": "\r"}.get(key, "")
        event = {"code": code, "key": key, "modifiers": modifiers, "timestamp": self.clock, "autoRepeat": again}
        kind = {"type": "keyUp"} if up else {"type": "keyDown", "text": text}
        self.wire.send("Input.dispatchKeyEvent", {**event, **kind})

    def number(self, number: int) -> None:
        """A character by its number, on the numeric keypad under Alt."""
        self.key("AltLeft", "Alt", ALT)
        for digit in f"{number:03}":
            self.key(f"Numpad{digit}", digit, ALT)
        self.key("AltLeft", "Alt", up=True)

    def character(self, character: str) -> None:
        """The key that an American keyboard has for it, on which this keyboard may have another."""
        plain = {value: name for name, value in KEYS.items()}
        physical = SHIFTED.get(character) or plain[character.lower()]
        shift = character in SHIFTED or character.isupper()
        made = LAYOUTS[self.layout].get(physical, character)
        shown = made.upper() if shift and made.isalpha() and self.layout != "arabic" else made
        self.key(physical, shown, SHIFT if shift else 0)

    def separate(self) -> None:
        """The separator of GS1 codes, in the way this scanner was set up to send it."""
        if self.separator == "F8":
            self.key("F8", "F8")
        elif self.separator == "Ctrl+]":
            self.key("BracketRight", "]", CTRL)
        elif self.separator == "Alt+029":
            self.number(29)
        else:
            for character in self.separator:
                self.character(character)

    def rest(self, seconds: float, *, told: bool) -> None:
        """Nothing comes for a while; ``told``: the clock of the keys says so too (a radio), else only this machine was
        busy and the keys say that they came one after the other."""
        self.page.wait_for_timeout(seconds * 1000)
        if told:
            self.clock += seconds

    def scan(
        self, code: str, rests: Mapping[int, float] = {}, *, told: bool = False, late: Mapping[int, float] = {}
    ) -> None:
        """Send a code; ``rests``: seconds for which nothing comes, by how many characters came before; ``late``: for
        which the next key, pressed already, is on its way."""
        self.clock = time.time()
        for place, character in enumerate(code):
            self._rest(place, rests, told, late)
            if character == "\x1d":
                self.separate()
            elif self.by_number:
                self.number(ord(character))
            else:
                self.character(character)
        self._rest(len(code), rests, told, late)
        if self.ends_with_enter:
            self.key("Enter", "Enter")

    def _rest(self, place: int, rests: Mapping[int, float], told: bool, late: Mapping[int, float]) -> None:
        if place in rests:
            self.rest(rests[place], told=told)
        if place in late:
            self.rest(late[place], told=BUSY)


@dataclass
class Counter:
    """What stands on the station's screen, and what one does there."""

    page: Page
    room: Room

    def __post_init__(self) -> None:
        self.scanner = Scanner(self.page)

    def part(self, name: str) -> Locator:
        return self.page.locator(f'[data-part="{name}"]')

    @property
    def lines(self) -> Locator:
        return self.part("lines").locator("> li")

    def line(self, text: str) -> Locator:
        return self.lines.filter(has_text=text)

    def field(self, name: str, of: str) -> Locator:
        return self.line(of).locator(f'[data-field-of="{name}"] input')

    def scan(self, code: str, wait: bool = True) -> None:
        """Read a code with the scanner and wait until the station has said something about it."""
        if wait:
            self.page.evaluate("document.querySelector('[data-part=announce]').textContent = ''")
        self.scanner.scan(code)
        if wait:
            expect(self.part("announce")).not_to_be_empty()

    def type(self, code: str) -> None:
        self.part("code").fill(code)
        self.part("code").press("Enter")

    def place(self, name: str = "A-01") -> None:
        self.scan(self.room.label(place=name))

    def says(self, words: str, tone: str) -> None:
        banner = self.part("banner")
        expect(banner).to_contain_text(words)
        expect(banner).to_have_class(f"banner is-{tone}")

    def choose(self, field: str, words: str) -> None:
        """Type into a search field and take the first answer."""
        box = self.page.locator(f"#{field}")
        box.click()
        box.press_sequentially(words, delay=120)
        self.page.locator(f"#{field}-options [role=option]").first.wait_for()
        box.press("Enter")
        self.chosen(field)

    def walk(self, selector: str, most: int = 60) -> None:
        """Tab until something has the focus; nothing that cannot be reached so counts as there."""
        for _ in range(most):
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not lead to {selector}")

    def chosen(self, field: str) -> None:
        """Wait until a search field holds what was taken: Enter may have come before the answer."""
        expect(self.page.locator(f"[data-combobox]:has(#{field}) input[data-value]")).not_to_have_value("")

    def post(self) -> None:
        self.part("post").click()
        self.part("confirm").locator("[data-act=post]").click()

    def posted(self) -> str:
        """The number on the result; fails when nothing was posted."""
        expect(self.part("result")).to_be_visible()
        return self.part("result").locator('[data-field="number"]').inner_text()

    def slip(self) -> str:
        """The short form on the provisional slip; fails when the paper did not come to wait."""
        expect(self.part("slip")).to_be_visible()
        return self.part("slip").locator('[data-field="short"]').inner_text()
