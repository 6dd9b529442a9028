"""The page on which a keyboard scanner is tried: it says what comes, and whether the scanner is set right."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from inventory.web.scanning import TRIAL_GS1, TRIAL_TEXT
from tests.browser.counter import LAYOUTS, Scanner
from tests.browser.store import Room

Trial = tuple[Page, Scanner]


@pytest.fixture
def trial(visit: Callable[..., Page], room: Room) -> Trial:
    page = visit("/station/scanner", room.storekeeper)
    return page, Scanner(page)


def says(page: Page, tone: str, verdict: str, *findings: str) -> None:
    """The verdict, and what is found; each finding begins with its tone: "bad: …"."""
    banner = page.locator('[data-part="verdict"]')
    expect(banner).to_contain_text(verdict)
    expect(banner).to_have_class(f"banner is-{tone}")
    for finding in findings:
        name, words = finding.split(": ", 1)
        expect(page.locator(f'[data-part="findings"] li.is-{name}', has_text=words)).to_have_count(1)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_scanner_set_right_is_right_on_every_keyboard(trial: Trial, layout: str) -> None:
    page, scanner = trial
    scanner.layout = layout
    scanner.scan(TRIAL_TEXT)
    says(page, "good", "bien réglé", "good: sur tous les claviers", "good: Entrée", "good: assez vite")
    expect(page.locator('[data-part="sent"]')).to_have_text(f"{TRIAL_TEXT}Enter")
    scanner.separator = "Ctrl+]"
    scanner.scan(TRIAL_GS1)
    says(page, "info", "lisez aussi le premier", "good: Le séparateur des codes de fabricants arrive")
    expect(page.locator('[data-part="sent"] kbd')).to_have_text(["GS", "Enter"])


def test_a_scanner_set_to_another_country_works_here_only(trial: Trial) -> None:
    """It presses the keys of its own country; a computer of that country writes what it meant."""
    page, scanner = trial
    scanner.layout = "us"
    pressed = {"KeyQ": "A", "KeyA": "Q", "KeyZ": "W", "KeyW": "Z"}
    for one in TRIAL_TEXT:
        code = next((code for code, made in pressed.items() if made == one.upper()), None)
        scanner.key(code, one, 8 if one.isupper() else 0) if code else scanner.character(one)
    scanner.key("Enter", "Enter")
    says(page, "warn", "Il fonctionne ici", "warn: le clavier d’un autre pays")


def test_what_is_wrong_is_said_with_the_way_out(trial: Trial) -> None:
    page, scanner = trial
    scanner.scan(TRIAL_TEXT.swapcase())
    says(page, "warn", "Il fonctionne ici", "warn: Verr. Maj")
    scanner.scan(TRIAL_TEXT.replace("A", "Q").replace("W", "Z"))
    says(page, "bad", "mal réglé", "bad: réglez le clavier")
    scanner.scan(TRIAL_GS1.replace("\x1d", ""))
    says(page, "bad", "mal réglé", "bad: Le séparateur des codes de fabricants se perd")
    scanner.pause = 0.06
    scanner.scan(TRIAL_TEXT)
    says(page, "bad", "mal réglé", "bad: Jusqu’à 60 ms", "good: sur tous les claviers")
    scanner.pause = 0.008
    scanner.ends_with_enter = False
    scanner.scan(TRIAL_TEXT)
    says(page, "warn", "Il fonctionne ici", "warn: Pas d’Entrée")
    scanner.pause = 0.2
    scanner.scan("bonjour")
    says(page, "warn", "par une personne")


def test_codes_of_goods_tell_what_they_can(trial: Trial, room: Room) -> None:
    page, scanner = trial
    scanner.scan("6111245030036")
    says(page, "info", "Jusqu’ici tout va bien", "info: le chiffre de contrôle concorde")
    scanner.scan(f"HTTP://127.0.0.1/S/{room.label(item='GAN-0003')}")
    says(page, "good", "bien réglé", "good: sur tous les claviers")
    scanner.ends_with_enter = False
    scanner.scan(f"]C1010{6111245030036}10LN-7")
    scanner.key("Tab", "Tab")
    says(page, "info", "Jusqu’ici tout va bien", "good: se termine par Tab", "good: le type de code (]C1)")


def test_the_page_is_reached_and_stays_usable_by_keyboard(trial: Trial, visit: Callable[..., Page], room: Room) -> None:
    page, _ = trial
    page.locator(".trial summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".trial-how")).to_be_visible()
    station = visit("/station?kind=issue", room.storekeeper)
    station.locator(".station-tools a").click()
    expect(station).to_have_url(f"{room.store.url}/station/scanner")
    station.goto("/more")
    expect(station.locator("main a.menu-line[href='/station/scanner']")).to_be_visible()
