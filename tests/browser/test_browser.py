"""The browser itself: real, able to draw Arabic on a machine without fonts, and strict about errors."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser.conftest import DESK, HOUSE, PATIENCE, Faults, Profiles
from tests.browser.store import Store


def ink(picture: Path) -> int:
    """How many pixels are dark."""
    return sum(Image.open(picture).convert("L").histogram()[:128])


def test_arabic_is_drawn_with_joined_letters(page: Page, picture: Callable[..., Path], tmp_path: Path) -> None:
    page.set_content('<html dir="rtl" lang="ar"><h1>سند خروج</h1><p>Bon de sortie</p>')
    assert page.inner_text("h1") == "سند خروج"
    assert ink(picture("browser")) > 300
    joined = page.evaluate(WIDTH, "ببب")
    assert joined < 3 * page.evaluate(WIDTH, "ب")


WIDTH = """text => {
  const span = document.createElement("span");
  span.textContent = text;
  document.body.append(span);
  const { width } = span.getBoundingClientRect();
  span.remove();
  return width;
}"""


def test_errors_of_a_page_are_caught(new_page: Callable[..., Page], faults: Faults) -> None:
    page = new_page(locale="ar-MA", viewport=DESK, color_scheme="dark")
    page.set_content('<meta http-equiv="Content-Security-Policy" content="script-src \'none\'"><script>1</script>')
    page.wait_for_function("document.readyState === 'complete'")
    assert any("Content Security Policy" in fault for fault in faults.remaining())
    faults.expect("Content Security Policy")
    assert faults.remaining() == []


ELSEWHERE = {
    "picture": "new Image().src = 'http://e.example/seen'",
    "question": "fetch('https://e.example/seen').catch(() => 0)",
    "broken off": """const off = new AbortController();
      fetch('http://e.example/seen', { signal: off.signal }).catch(() => 0);
      off.abort()""",
    "beacon": "navigator.sendBeacon('http://e.example/seen', '1')",
    "socket": "new WebSocket('ws://e.example/seen')",
    "frame": "document.body.append(Object.assign(document.createElement('iframe'), { src: 'http://e.example/seen' }))",
    "address": "location.href = 'http://e.example/seen'",
}
IN_VAIN = {
    "picture": "new Image().src = '/seen'",
    "question": "fetch('/seen')",
    "worker": "new Worker('/seen')",
    "address": "location.href = '/seen'",
}


@pytest.mark.parametrize("way", ELSEWHERE)
def test_what_leaves_for_elsewhere_is_caught(visit: Callable[..., Page], faults: Faults, way: str) -> None:
    page = visit("/healthz", is_new=True, bypass_csp=True)
    page.evaluate(f"() => {{ {ELSEWHERE[way]} }}")
    assert any(re.search("(left: https?|'ws)://e.example/seen", fault) for fault in heard(page, faults))


@pytest.mark.parametrize("way", IN_VAIN)
def test_what_is_asked_of_us_in_vain_is_caught(visit: Callable[..., Page], faults: Faults, way: str) -> None:
    page = visit("/healthz")
    page.evaluate(f"() => {{ {IN_VAIN[way]} }}")
    assert any(re.search("answer: 404 .*/seen", fault) for fault in heard(page, faults))


def heard(page: Page, faults: Faults) -> list[str]:
    """What is found within the time for which a person would wait, and is expected from now on."""
    for _ in range(PATIENCE // 50):
        if faults:
            break
        page.wait_for_timeout(50)
    page.wait_for_timeout(200)  # a request is heard of in several words
    faults.expect(".")
    return list(faults)


def test_accessibility_can_be_judged(page: Page) -> None:
    page.set_content('<html lang="fr"><title>x</title><main><h1>x</h1><img src="data:,"></main>')
    page.evaluate((HOUSE / "node_modules/axe-core/axe.min.js").read_text())
    violations = page.evaluate("axe.run().then(found => found.violations.map(violation => violation.id))")
    assert "image-alt" in violations


KEEP = """async () => {
  localStorage.kept = sessionStorage.kept = document.cookie = "kept=1";
  await new Promise((done) => { indexedDB.open("kept").onsuccess = done; });
  await caches.open("kept");
}"""
FOUND = """async () => [...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie,
  ...(await indexedDB.databases()).map((one) => one.name), ...(await caches.keys())].filter(Boolean)"""


def test_a_profile_that_is_used_again_holds_nothing(browser: Browser, store: Store) -> None:
    profiles, settings = Profiles(browser), {"base_url": store.url}
    first = profiles.take(settings)
    page = first.context.new_page()
    page.goto("/healthz")
    page.evaluate(KEEP)
    assert page.evaluate(FOUND) == ["kept", "kept", "kept=1", "kept", "kept"]
    first.context.set_offline(True)
    profiles.give_back(first)
    again = profiles.take(settings)
    assert again is first
    page = again.context.new_page()
    page.goto("/healthz")
    assert page.evaluate(FOUND) == []
    again.context.close()
