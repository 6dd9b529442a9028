"""Lists in a browser: what a filter makes of a page is what its address shows; a refusal leaves the page standing."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Page, expect

from inventory.documents import LineOrder
from tests.browser.conftest import DESK, Faults
from tests.browser.store import Room, for_service

Visit = Callable[..., Page]

LISTS = {
    "youssef": (
        "/stock", "/stock?sort=-value&only=stock", "/stock/{code}/CIM-0001", "/documents", "/alerts", "/rules",
        "/labels/without", "/slips", "/counts", "/warehouses/{code}/content",
    ),
    "admin": (
        "/items", "/items?sort=-name", "/catalogue/units", "/services", "/suppliers", "/warehouses", "/people",
        "/audit/trail", "/settings/decisions",
    ),
}  # fmt: skip

TYPED = {"from": "2026-11-01", "to": "2026-11-01", "on": "2026-11-01", "search": "ci"}

# What stands on the page, but for the filters themselves (somebody is typing there) and what is new with every answer.
SEEN = """() => {
  const seen = document.getElementById("content").cloneNode(true);
  for (const form of seen.querySelectorAll(".filters")) {
    form.replaceWith(...form.querySelectorAll("#filters-kept, #filters-set"));
  }
  seen.querySelectorAll("input[name=csrf_token], input[name=key]").forEach((one) => one.remove());
  seen.querySelectorAll("[open]").forEach((one) => one.removeAttribute("open"));
  for (const one of seen.querySelectorAll("*")) {
    one.classList.remove("htmx-request", "htmx-settling", "htmx-swapping", "htmx-added");
    if (!one.getAttribute("class")) one.removeAttribute("class");
  }
  return seen.innerHTML.replace(/\\s*\\n\\s*/g, "\\n").trim().split("\\n");
}"""


def seen(page: Page) -> list[str]:
    page.wait_for_load_state("networkidle")
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)
    found: list[str] = page.evaluate(SEEN)
    return found


@pytest.mark.parametrize(("person", "address"), [(one, address) for one, all_ in LISTS.items() for address in all_])
def test_a_filter_shows_what_its_address_shows(visit: Visit, room: Room, person: str, address: str) -> None:
    room.post("issue", LineOrder("CIM-0001", Decimal(17)), target=for_service("VOIRIE"))
    page = visit(address.format(code=room.code), person, language="fr", viewport=DESK)
    before = seen(page)
    last = "all => all.map((one) => [one.name, one.options[one.options.length - 1].value])"
    choices = page.locator(".filters select").evaluate_all(last)
    for name, value in choices:
        page.locator(f".filters select[name={name}]").select_option(value)
        expect(page).to_have_url(re.compile(rf"[?&]{name}={re.escape(quote_plus(value))}(&|$)"))
    for name in ("from", "to", "on", "search"):
        if (typed := page.locator(f".filters input[name={name}]")).count():
            typed.fill(TYPED[name])
            expect(page).to_have_url(re.compile(rf"[?&]{name}={TYPED[name]}(&|$)"))
    filtered = seen(page)
    assert filtered != before
    page.reload()
    assert filtered == seen(page)


def test_an_order_chosen_by_a_tap_outlives_a_search(visit: Visit, room: Room) -> None:
    page = visit(f"/stock?warehouse={room.code}", "youssef", language="fr", viewport=DESK)
    page.get_by_role("link", name="Valeur").click()
    expect(page).to_have_url(re.compile("sort=value"))
    page.locator(".filters input[name=search]").fill("a")
    expect(page).to_have_url(re.compile("sort=value.*search=a|search=a.*sort=value"))
    page.get_by_role("link", name="En stock", exact=True).click()
    expect(page).to_have_url(re.compile("only=stock"))
    assert "search=a" in page.url
    assert "sort=value" in page.url


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_days_that_cannot_be_are_refused_where_the_list_stood(
    visit: Visit, room: Room, faults: Faults, language: str
) -> None:
    said = {"ar": "اليوم الأخير يسبق الأول", "fr": "Le dernier jour précède le premier"}[language]
    faults.expect("422")
    page = visit(f"/documents?warehouse={room.code}", "youssef", language=language, viewport=DESK)
    with page.expect_response(re.compile("from=2026-11-20")):
        page.locator("input[name=from]").fill("2026-11-20")
    page.locator("input[name=to]").fill("2026-11-10")
    expect(page.locator("#list")).to_contain_text(said)
    expect(page.locator("input[name=to]")).to_have_value("2026-11-10")
    page.locator("input[name=to]").fill("2030-11-10")
    expect(page.locator("#list")).not_to_contain_text(said)
    expect(page.locator("#list")).to_be_visible()
