"""Lists in a browser: what a filter makes of a page is what its address shows; a refusal leaves the page standing."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from time import sleep
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Page, Route, expect

from inventory.documents import LineOrder
from tests.browser.conftest import DESK, Faults, back_online
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


def slow(page: Page, milliseconds: int) -> None:
    """Every answer of a list from now on comes so much later."""

    def later(route: Route) -> None:
        sleep(milliseconds / 1000)
        route.continue_()

    page.route(lambda url: "/dist/" not in url, later)


def test_what_is_typed_into_a_list_after_a_search_stays(visit: Visit, room: Room) -> None:
    """The search box is left by the very click that begins to type: it asks nothing again, and nobody types into a list
    that is about to go."""
    page = visit(f"/rules?warehouse={room.code}", "youssef", language="fr", viewport=DESK)
    slow(page, 400)
    page.locator(".filters input[name=search]").press_sequentially("gants", delay=20)
    point = page.get_by_role("textbox", name="Seuil d’alerte")
    expect(point).to_have_count(1)
    point.click()
    point.clear()
    point.press_sequentially("425", delay=150)
    expect(point).to_have_value("425")
    page.wait_for_timeout(600)
    expect(point).to_have_value("425")


def test_ticks_that_went_with_the_old_list_are_not_counted(visit: Visit, room: Room) -> None:
    room.post("issue", LineOrder("CIM-0001", Decimal(17)), target=for_service("VOIRIE"))
    page = visit(f"/alerts?warehouse={room.code}", "youssef", language="fr", viewport=DESK)
    page.get_by_label("Sélectionner", exact=True).first.check()
    expect(page.get_by_text("Cochés : 1")).to_be_in_viewport()  # however long the list is
    page.locator(".filters input[name=search]").fill("ciment")
    expect(page).to_have_url(re.compile("search=ciment"))
    expect(page.get_by_role("button", name="Je m’en charge")).to_be_hidden()
    page.get_by_label("Sélectionner", exact=True).first.check()
    page.wait_for_timeout(400)
    expect(page.get_by_text("Cochés : 1")).to_be_visible()
    page.get_by_role("button", name="Je m’en charge").click()
    expect(page.get_by_text("1 alerte est entre vos mains.")).to_be_visible()


def test_an_answer_that_did_not_come_is_forgotten_with_the_next(visit: Visit, room: Room, faults: Faults) -> None:
    faults.expect("ERR_INTERNET_DISCONNECTED|sendError|Load|500")
    page = visit(f"/stock?warehouse={room.code}", "youssef", language="fr", viewport=DESK)
    said = page.get_by_text("Pas de réponse du serveur")
    page.context.set_offline(True)
    page.locator(".filters input[name=search]").fill("gants")
    expect(said).to_be_visible()
    back_online(page)
    page.locator(".filters input[name=search]").fill("ciment")
    expect(page).to_have_url(re.compile("search=ciment"))
    expect(said).to_be_hidden()


def test_the_way_back_that_fails_shows_what_is_the_matter(visit: Visit, room: Room, faults: Faults) -> None:
    faults.expect("500|history")
    page = visit(f"/stock?warehouse={room.code}", "youssef", language="fr", viewport=DESK)
    page.locator(".filters input[name=search]").fill("ciment")
    expect(page).to_have_url(re.compile("search=ciment"))
    down = re.compile("/stock(?!.*search=)")
    page.route(down, lambda route: route.fulfill(status=500, body="Panne"))
    page.go_back()
    expect(page.get_by_text("Panne")).to_be_visible()


def test_ordering_by_keyboard_keeps_the_place(visit: Visit, room: Room) -> None:
    page = visit(f"/stock?warehouse={room.code}", "youssef", language="fr", viewport=DESK)
    page.get_by_role("link", name="Valeur").press("Enter")
    expect(page).to_have_url(re.compile("sort=value"))
    expect(page.get_by_role("link", name="Valeur")).to_be_focused()


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
    expect(page.locator("input[aria-invalid]")).to_have_attribute("name", "to")
    page.reload()
    expect(page.locator("#to-error")).to_contain_text(said)
    page.locator("input[name=to]").fill("2030-11-10")
    expect(page.locator("#list")).not_to_contain_text(said)
    expect(page.locator("#list")).to_be_visible()
    expect(page.locator("input[aria-invalid], #to-error")).to_have_count(0)


SHOWN = "input[name=item_shown]"


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_words_that_are_not_chosen_do_not_pass_for_a_filter(
    visit: Visit, room: Room, faults: Faults, language: str
) -> None:
    faults.expect("422")
    said = {"ar": "لم يتم اختيار «zzzqq»", "fr": "zzzqq\u202f» n’est pas choisi"}[language]
    page = visit(f"/documents?warehouse={room.code}", "youssef", language=language, viewport=DESK)
    before = page.locator("#list tbody tr").count()
    page.locator(SHOWN).press_sequentially("zzzqq")
    page.locator(SHOWN).press("Tab")
    expect(page.locator("#list")).to_contain_text(said)
    page.locator(SHOWN).fill("")
    expect(page.locator("#list tbody tr")).to_have_count(before)
    expect(page.locator("#list")).not_to_contain_text(said)


def test_an_item_chosen_and_taken_away_again_filters_no_more(visit: Visit, room: Room) -> None:
    paper = room.post("issue", LineOrder("CIM-0001", Decimal(2)), target=for_service("VOIRIE"))
    page = visit(f"/documents?warehouse={room.code}&kind=issue", "youssef", language="fr", viewport=DESK)
    rows = page.locator("#list tbody tr")
    expect(rows).to_have_count(1)
    page.locator(SHOWN).press_sequentially("gants", delay=20)
    page.locator(SHOWN).press("Enter")
    expect(page).to_have_url(re.compile("item=GAN-0003"))
    expect(rows).to_have_count(0)
    page.locator(SHOWN).press("Control+A")
    page.locator(SHOWN).press("Delete")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(f"{paper.number}")
    assert "item=&" in page.url


def test_what_a_filter_shows_stands_once_in_the_address(visit: Visit, room: Room) -> None:
    page = visit(f"/documents?warehouse={room.code}&item=CIM-0001&item_shown=Ciment", "youssef", viewport=DESK)
    page.locator("select[name=kind]").select_option("issue")
    expect(page).to_have_url(re.compile("kind=issue"))
    assert page.url.count("item_shown=") == 1


@pytest.mark.parametrize("field", [SHOWN, ".top [data-slash]"])
def test_too_long_a_text_is_refused_in_one_sentence_where_the_options_stood(
    visit: Visit, faults: Faults, field: str
) -> None:
    faults.expect("422")
    page = visit("/documents", "youssef", language="fr", viewport=DESK)
    page.locator(field).press_sequentially("papi")
    page.locator(field).fill("papier " * 60)
    options = page.locator(field).locator("xpath=ancestor::*[@data-combobox]").get_by_role("listbox")
    expect(options).to_have_text("200 caractères au plus.")


def test_enter_in_the_question_of_a_delay_puts_off(visit: Visit, room: Room, faults: Faults) -> None:
    faults.expect("422")
    room.post("issue", LineOrder("CIM-0001", Decimal(2)), target=for_service("VOIRIE"))
    page = visit(f"/alerts?warehouse={room.code}", "youssef", language="fr", viewport=DESK)
    page.locator("#list [data-select]").first.check()
    page.locator("[data-dialog=put-off]").click()
    page.locator("#reason").fill("La livraison est convenue")
    page.locator("#reason").press("Enter")
    expect(page.locator("#put-off")).to_contain_text("Indiquez jusqu’à quel jour")  # nothing else asks this
    expect(page.locator("#reason")).to_have_value("La livraison est convenue")
