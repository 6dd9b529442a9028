"""Pictures of the screens that decide whether people like us, to be looked at: `make pictures`.

They show the demonstration store in Arabic and French, on a phone and a desk, by day and by night, in tests/pictures/.
A picture proves nothing by itself; look at all of them: is the next action obvious in two seconds, does anything jump,
wrap badly, hide, or read backwards? Words on the command line take only the screens whose name holds one of them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from inventory.config import Config
from tests.browser.conftest import DESK, HOUSE, PHONE, PICTURES, launched
from tests.server import Server

PASSWORD = "demo-makhazine"
LOCALES = {"ar": "ar-MA", "fr": "fr-FR"}


@dataclass(frozen=True)
class Screen:
    """A screen, who looks at it, and what was done on it before the picture."""

    name: str
    username: str
    address: str
    warehouse: str = ""
    before: Callable[[Page], None] | None = None
    is_whole: bool = True


def first(selector: str) -> Callable[[Page], None]:
    """Follow the first door of that kind."""

    def follow(page: Page) -> None:
        page.goto(str(page.locator(selector).first.get_attribute("href")))

    return follow


def scanned(*codes: str) -> Callable[[Page], None]:
    def scan(page: Page) -> None:
        page.evaluate("localStorage.clear()")
        page.reload()
        for code in codes:
            page.locator("[data-part=announce]").evaluate("(one) => { one.textContent = ''; }")
            page.locator("[data-part=code]").fill(code)
            page.locator("[data-part=code]").press("Enter")
            page.locator("[data-part=announce]:not(:empty)").wait_for(state="attached")
        page.locator("[data-part=code]").blur()

    return scan


SCREENS = (
    Screen("sign-in", "", "/sign-in"),
    Screen("home-storekeeper", "central", "/"),
    Screen("morning-buyer", "acheteur", "/"),
    Screen("home-administrator", "admin", "/"),
    Screen("station-empty", "sante", "/station", is_whole=False),
    Screen(
        "station",
        "sante",
        "/station",
        before=scanned("MAG", "BMH-003", "BMH-007", "MED-002", "MED-002"),
        is_whole=False,
    ),
    Screen("station-receipt", "sante", "/station?kind=receipt", before=scanned("MAG", "MED-002"), is_whole=False),
    Screen("stock", "central", "/stock"),
    Screen("stock-card", "central", "/stock", before=first("main tr[data-href] a")),
    Screen("alerts", "acheteur", "/alerts"),
    Screen("alert", "acheteur", "/alerts", before=first("main a[href*='/alerts/']")),
    Screen("papers", "central", "/documents"),
    Screen("paper", "central", "/documents", before=first("main a[href*='/documents/']:not([href*=new])")),
    Screen("paper-new", "central", "/documents/new?kind=issue"),
    Screen("items", "responsable", "/items"),
    Screen("item", "responsable", "/items", before=first("main tr[data-href] a")),
    Screen("labels", "central", "/labels"),
    Screen("people", "admin", "/people"),
    Screen("proof", "auditeur", "/audit/proof"),
    Screen("audit", "auditeur", "/audit"),
    Screen("settings", "admin", "/settings"),
    Screen("not-found", "central", "/nowhere"),
)


@contextmanager
def served(instance: Path | None) -> Iterator[str]:
    """The demonstration store, loaded into a folder of its own unless one is given, and its address."""
    with tempfile.TemporaryDirectory() as folder:
        place = instance or Path(folder)
        config = Config.from_environment({**os.environ, "INSTANCE_PATH": str(place), "DATABASE_URL": ""})
        environment = os.environ | {"INSTANCE_PATH": str(place)}
        for command in ("db upgrade", "demo"):
            subprocess.run(
                [sys.executable, "-m", "flask", *command.split()],
                cwd=HOUSE,
                env=environment,
                check=True,
                stdout=sys.stderr,
            )
        server = Server(config, workers=1, log=Path(folder) / "server.log")
        try:
            yield server.url
        finally:
            server.stop()


class Camera:
    """Takes the pictures; signs each person in once."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.kept: dict[tuple[str, str], Any] = {}

    def opened(self, screen: Screen, language: str, **options: Any) -> Page:
        key = (screen.username, language)
        if screen.username and key not in self.kept:
            self.kept[key] = self._signed_in(screen.username, language)
        state = self.kept.get(key)
        context = self.browser.new_context(
            base_url=self.url,
            locale=LOCALES[language],
            reduced_motion="reduce",
            timezone_id="Africa/Casablanca",
            storage_state=state,
            **options,
        )
        context.set_default_timeout(8000)
        return context.new_page()

    def _signed_in(self, username: str, language: str) -> Any:
        context = self.browser.new_context(base_url=self.url, locale=LOCALES[language])
        page = context.new_page()
        page.goto("/sign-in")
        page.locator("[name=username]").fill(username)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url("**/")
        with page.expect_navigation():
            page.locator(f'form[action$="/language"] button[value={language}]').first.evaluate("(one) => one.click()")
        return context.storage_state()

    def take(self, screen: Screen, language: str, width: str, scheme: str) -> Path | None:
        viewport = PHONE if width == "phone" else DESK
        page = self.opened(screen, language, viewport=viewport, color_scheme=scheme, device_scale_factor=1)
        try:
            answer = page.goto(screen.address)
            if answer and answer.status == 404 and screen.name != "not-found":
                return None
            if screen.before:
                screen.before(page)
            page.evaluate("document.fonts.ready.then(() => true)")
            if (
                screen.is_whole
            ):  # a taller window, or what is fixed to its edge would stand in the middle of the picture
                height = int(page.evaluate("document.documentElement.scrollHeight"))
                page.set_viewport_size(
                    {"width": viewport["width"], "height": min(max(height, viewport["height"]), 3000)}
                )
            place = PICTURES / f"{screen.name}-{language}-{width}-{scheme}.png"
            page.screenshot(path=place, animations="disabled")
            return place
        finally:
            page.context.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only the screens whose name holds one of these")
    parser.add_argument("--instance", type=Path, help="a folder with a loaded demonstration store")
    parser.add_argument("--schemes", default="light,dark")
    asked = parser.parse_args()
    PICTURES.mkdir(exist_ok=True)
    screens = [one for one in SCREENS if not asked.words or any(word in one.name for word in asked.words)]
    with served(asked.instance) as url, sync_playwright() as playwright, tempfile.TemporaryDirectory() as fonts:
        browser = launched(playwright.chromium, Path(fonts))
        camera = Camera(browser, url)
        for screen in screens:
            for language in LOCALES:
                for width in ("phone", "desk"):
                    for scheme in asked.schemes.split(","):
                        taken = camera.take(screen, language, width, scheme)
                        print(taken.relative_to(HOUSE) if taken else f"{screen.name}: no such page yet")
        browser.close()


if __name__ == "__main__":
    main()
