"""Every page there is, found by following the links as a person would, judged in both directions, by day and by night.

A new page needs no entry here if some page links to it. One that none links to is named in UNLINKED; what answers with
something else than a page is named in NO_PAGE: an address that is neither seen nor named fails the walk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, ViewportSize
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from inventory.documents import LineOrder
from tests.browser import judge
from tests.browser.conftest import DESK, PHONE, Faults
from tests.browser.store import Room, Store, for_service

Visit = Callable[..., Page]

UNLINKED = (
    "/", "/more", "/station?kind=issue", "/station?kind=receipt", "/station?kind=move", "/station?kind=return",
    "/offline",
)  # fmt: skip
NO_PAGE = re.compile(
    r"static$|^api|^health\.|\.(pdf|csv|xlsx|png|json|svg|template)$|options$|\.(photo|drawings|worker|manifest|packagings)$"
)
"""Files, the answers of fields that look for something, what comes into a page after it, and what programs ask."""

EYES = {
    "ar-phone-light": ("ar", PHONE, "light"),
    "fr-phone-dark": ("fr", PHONE, "dark"),
    "ar-desk-dark": ("ar", DESK, "dark"),
    "en-desk-light": ("en", DESK, "light"),
}
LOOKS: dict[str, tuple[tuple[ViewportSize, Literal["light", "dark"]], ...]] = {
    "ar": ((PHONE, "light"), (DESK, "dark")),
    "fr": ((PHONE, "dark"), (DESK, "light")),
}
ELSEWHERE = {
    "session.sign_in": "a door for strangers, below",
    "codes.open_": "stands printed on papers; a door for strangers, below",
    "imports.show": "a file was sent first: tests/web/test_imports.py",
}
EVERYONE = ("salma", "youssef", "hassan", "admin")
MOST = 150
# a link inside a drawing has an object for its href
_LINKS = """() => [...document.querySelectorAll("a[href]:not([download])")]
  .map((link) => new URL(link.getAttribute("href"), location).href)"""


@pytest.fixture(scope="session")
def busy_room(store: Store) -> Room:
    """A room in which something happened, so that its pages have something to show."""
    room = store.room()
    room.post("issue", LineOrder("GAN-0003", Decimal(12)), LineOrder("MED-0001", Decimal(15)), target=for_service())
    paper = room.post(
        "issue", LineOrder("CIM-0001", Decimal(4)), target=for_service("VOIRIE"), note="Rue 7, nid de poule"
    )
    room.reverse(paper, "Erreur de service")
    room.label_printed("GAN-0003")
    room.slip_written(LineOrder("CIM-0001", Decimal(99)))
    room.counted("B-02", LineOrder("JAV-0001", Decimal(40)))
    room.post("issue", LineOrder("CIM-0001", Decimal(17)), target=for_service("VOIRIE"))
    return room


def endpoint(store: Store, address: str) -> str | None:
    """The name of the page at an address of ours; None when there is none, or no GET."""
    try:
        return str(store.app.url_map.bind("127.0.0.1").match(urlsplit(address).path, method="GET")[0])
    except RequestRedirect as redirect:
        return endpoint(store, redirect.new_url)
    except HTTPException:
        return None


def walk(store: Store, page: Page, start: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Follow links from `start`; each kind of page is opened once. Yields its name and address while it is open."""
    seen: set[str] = set()
    waiting = list(start)
    while waiting and len(seen) < MOST:
        address = waiting.pop(0)
        name = endpoint(store, address)
        mark = address if address in start else name
        if (
            name is None
            or mark is None
            or mark in seen
            or NO_PAGE.search(name)
            or NO_PAGE.search(urlsplit(address).path)
        ):
            continue
        seen |= {mark, name}
        page.goto(address)
        yield name, address
        found: list[str] = page.evaluate(_LINKS)
        waiting += [link for link in found if urlsplit(link).netloc == urlsplit(store.url).netloc]


def pages(store: Store) -> set[str]:
    """The name of every page there is."""
    rules = [rule for rule in store.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return {rule.endpoint for rule in rules if not NO_PAGE.search(rule.endpoint) and not NO_PAGE.search(rule.rule)}


def faults_of(page: Page, faults: Faults, language: str, only: Sequence[str] = ()) -> list[str]:
    found = judge.broken(page, language) + judge.overflow(page) + judge.grave_faults(page, only) + faults.remaining()
    faults.clear()
    if page.viewport_size == DESK:
        found += [f"cut: {table}" for table in judge.cut(page)]
    if language == "ar":
        found += [f"not Arabic: {word}" for word in judge.foreign_words(page)]
    return found


@pytest.mark.parametrize("language", LOOKS)
def test_every_page_can_be_used_by_everyone(
    visit: Visit, store: Store, busy_room: Room, faults: Faults, language: str
) -> None:
    """Each page is opened once in a language and looked at twice: on the phone and on the desk, by day and by night.
    No page is left out. What axe asks beside the colours is asked in one of the languages: it hangs on none."""
    page = visit("/", store.everything(), language=language, warehouse=busy_room.code)
    page.add_init_script(judge.AXE)  # it need not be sent for each page
    told, seen = [], set()
    for name, address in walk(store, page, UNLINKED):
        seen.add(name)
        for viewport, scheme in LOOKS[language]:
            page.set_viewport_size(viewport)
            page.emulate_media(color_scheme=scheme)
            found = faults_of(page, faults, language, () if language == "ar" else judge.COLOURS)
            told += [f"{name} {address} ({viewport['width']}, {scheme}): {fault}" for fault in found]
    assert not told, "\n".join(told)
    left_out = pages(store) - seen - ELSEWHERE.keys()
    assert not left_out, sorted(left_out)


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("username", EVERYONE)
def test_the_first_page_of_each_role(
    visit: Visit, store: Store, busy_room: Room, faults: Faults, username: str, language: str
) -> None:
    assert not faults_of(visit("/", username, language=language), faults, language)


@pytest.mark.parametrize("eyes", EYES)
def test_the_doors_for_strangers(visit: Visit, busy_room: Room, faults: Faults, eyes: str) -> None:
    """Sign-in, and what the code on a paper answers to whoever holds the paper."""
    language, viewport, scheme = EYES[eyes]
    page = visit("/sign-in", language=language, viewport=viewport, color_scheme=scheme)
    assert not faults_of(page, faults, language)
    page.goto(f"/s/{busy_room.codes()[0]}")
    assert not faults_of(page, faults, language)


@pytest.mark.parametrize("eyes", EYES)
def test_pages_that_say_no(visit: Visit, faults: Faults, eyes: str) -> None:
    language, viewport, scheme = EYES[eyes]
    faults.expect("404")
    page = visit("/nowhere", "youssef", language=language, viewport=viewport, color_scheme=scheme)
    assert not faults_of(page, faults, language)
