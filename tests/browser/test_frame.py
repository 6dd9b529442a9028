"""Signing in, the way around, languages, refusals: what stands around every page, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import judge
from tests.browser.conftest import DESK, PHONE, Faults
from tests.browser.store import PASSWORD, Room, Store

Visit = Callable[..., Page]
WORDS = {
    "ar": ("rtl", "تسجيل الدخول", "الرئيسية", "لم يتم تسجيل الدخول"),
    "fr": ("ltr", "Connexion", "Accueil", "Vous n’êtes pas connecté"),
    "en": ("ltr", "Sign in", "Home", "You are not signed in"),
}


def fill_in(page: Page, username: str, password: str) -> None:
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")


@pytest.mark.parametrize("language", WORDS)
def test_one_signs_in_with_the_keyboard_and_lands_where_one_wanted(visit: Visit, language: str) -> None:
    direction, sign_in, _, _ = WORDS[language]
    home = WORDS["fr"][2]
    page = visit("/more", language=language)
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    expect(page.locator("html")).to_have_attribute("dir", direction)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("form button[type=submit]").last).to_have_text(sign_in)
    expect(page.locator("[name=username]")).to_be_focused()
    fill_in(page, "youssef", PASSWORD)
    expect(page).to_have_url(re.compile(r"/more\??$"))
    expect(page.locator("nav.bottom a").first).to_have_text(home)  # the person's own language


@pytest.mark.parametrize("language", WORDS)
def test_a_wrong_password_says_no_which_half_was_wrong_and_keeps_the_name(
    visit: Visit, faults: Faults, language: str
) -> None:
    faults.expect("401|403|422")
    page = visit("/sign-in", language=language)
    said = []
    for name in ("youssef", f"nobody-{language}"):
        fill_in(page, name, "not the password")
        refusal = page.locator("[data-errors]")
        expect(refusal).to_be_focused()
        expect(refusal).to_contain_text(WORDS[language][3])
        expect(page.locator("[name=username]")).to_have_value(name)
        expect(page.locator("[name=password]")).to_have_value("")
        said.append(refusal.inner_text())
    assert said[0] == said[1]


def test_the_language_is_chosen_before_signing_in_and_stays(visit: Visit) -> None:
    page = visit("/sign-in", language="fr")
    page.get_by_role("button", name="العربية").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("button", name="العربية")).to_have_attribute("aria-pressed", "true")
    fill_in(page, "youssef", PASSWORD)
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "ar")


def test_the_language_is_changed_on_any_page_and_one_stays_there(visit: Visit) -> None:
    page = visit("/more", "youssef", language="fr", viewport=DESK)
    page.locator("details.menu.from-tablet summary").click()
    page.get_by_role("button", name="English").click()
    expect(page).to_have_url(re.compile(r"/more\??$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("nav.rail a").first).to_have_text("Home")


def test_leaving_closes_the_door(visit: Visit, room: Room) -> None:
    page = visit("/", room.storekeeper, viewport=DESK)
    page.locator("header .menu summary").last.click()
    page.get_by_role("button", name="Déconnexion").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.goto("/more")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.go_back()
    expect(page).to_have_url(re.compile("/sign-in"))


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_phone_has_the_ways_at_the_thumb_and_a_desk_at_the_start_side(
    visit: Visit, room: Room, language: str
) -> None:
    phone = visit("/", room.storekeeper, language=language, viewport=PHONE)
    bar = phone.locator("nav.bottom")
    expect(bar).to_be_visible()
    expect(phone.locator("nav.rail")).to_be_hidden()
    box = bar.bounding_box()
    assert box
    assert box["y"] + box["height"] == PHONE["height"]
    assert all(one.bounding_box()["height"] >= 48 for one in bar.locator("a").all())  # type: ignore[index]
    desk = visit("/", room.storekeeper, language=language, viewport=DESK)
    rail = desk.locator("nav.rail").bounding_box()
    expect(desk.locator("nav.bottom")).to_be_hidden()
    assert rail
    assert (rail["x"] > DESK["width"] / 2) == (language == "ar")


def test_the_rest_of_the_ways_opens_over_the_page_and_escape_closes_it(visit: Visit) -> None:
    page = visit("/", "hassan")
    page.locator("nav.bottom a").last.click()
    expect(page.locator("dialog#more")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#more")).to_be_hidden()
    expect(page.locator("nav.bottom a").last).to_be_focused()


def test_the_first_tab_leads_past_the_frame(visit: Visit) -> None:
    page = visit("/", "youssef", viewport=DESK)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_everything_is_reached_by_tab_and_the_focus_is_always_seen(visit: Visit) -> None:
    page = visit("/", "hassan", viewport=DESK)
    wanted = page.evaluate(REACHABLE)
    reached = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        place, is_seen = page.evaluate(FOCUSED)
        assert is_seen, f"the focus cannot be seen on {place}"
        reached.add(place)
    assert len(reached - {"BODY"}) >= wanted


REACHABLE = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")]
  .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0).length"""
FOCUSED = """() => {
  const one = document.activeElement, place = [...document.querySelectorAll("*")].indexOf(one);
  if (one === document.body) return ["BODY", true];
  const seen = (each) => {
    const look = getComputedStyle(each);
    return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  };
  return [String(place), seen(one) || seen(one.closest("label, .search-box") ?? one)];
}"""


@pytest.mark.parametrize("address", ["/documents/new?kind=receipt", "/catalogue/new"])
@pytest.mark.parametrize(("width", "height"), [(640, 450), (390, 700)])
def test_the_focus_never_hides_behind_a_bar(visit: Visit, room: Room, address: str, width: int, height: int) -> None:
    page = visit(address, "hassan", viewport={"width": width, "height": height}, warehouse=room.code)
    expect(page.locator(".actions-bar")).to_be_visible()
    hidden = []
    for _ in range(page.evaluate(REACHABLE)):
        page.keyboard.press("Tab")
        hidden.append(judge.covered(page))
    assert not list(filter(None, hidden))


def test_a_bar_that_grows_never_hides_what_has_the_focus(visit: Visit, room: Room) -> None:
    page = visit("/catalogue/new", "hassan", viewport={"width": 390, "height": 700}, warehouse=room.code)
    bar = page.locator(".actions-bar")
    lowest = "() => { document.activeElement.scrollIntoView({block: 'end'}); window.scrollBy(0, -16); }"
    page.locator("#name_en").focus()
    page.evaluate(lowest)  # it stands just above the bar
    bar.evaluate("(one) => { one.style.paddingBlockStart = '80px'; }")
    expect(bar).to_have_css("padding-top", "80px")
    expect(page.locator("html")).to_have_attribute("style", re.compile(r"--acts: 1\d\dpx"))
    assert judge.covered(page) == ""


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("width", [600, 640, 700, 768, 899, 900, 1024])
def test_the_place_one_is_in_is_named_at_every_width(visit: Visit, room: Room, language: str, width: int) -> None:
    page = visit("/more", "hassan", language, room.code, viewport={"width": width, "height": 900})
    assert page.evaluate(NAME_WIDTH) >= 60
    assert page.evaluate(OVERLAPPING) == []


NAME_WIDTH = "document.querySelector('.top-place .name').getBoundingClientRect().width"
# Signs and words of the top bar that lie over each other.
OVERLAPPING = """() => {
  const shown = [...document.querySelectorAll(".top :is(.icon, .name, .names, .word, .search-box input)")]
    .filter((one) => one.checkVisibility()).map((one) => [one.getAttribute("class"), one.getBoundingClientRect()]);
  return shown.flatMap(([name, box], index) => shown.slice(index + 1)
    .filter(([, other]) => box.left < other.right - 1 && other.left < box.right - 1)
    .map(([other]) => `${name} over ${other}`));
}"""


@pytest.mark.parametrize("language", WORDS)
def test_the_longest_number_of_a_paper_fits_the_narrowest_phone(
    visit: Visit, room: Room, store: Store, language: str
) -> None:
    page = visit("/", "hassan", language, room.code, viewport={"width": 320, "height": 640})
    page.locator(".task .words b").first.evaluate("(one) => { one.textContent = 'للتأكيد CENTRAL/BT/2026/000023'; }")
    assert judge.overflow(page) == []


def test_slash_leads_to_the_search(visit: Visit) -> None:
    page = visit("/", "youssef", viewport=DESK)
    page.keyboard.press("/")
    expect(page.locator("[data-slash]").first).to_be_focused()
    expect(page.locator("[data-slash]").first).to_have_value("")
    page.locator("[data-slash]").first.blur()
    page.keyboard.press("Control+k")
    expect(page.locator("[data-slash]").first).to_be_focused()


@pytest.mark.parametrize("language", WORDS)
def test_a_wrong_address_is_told_in_words_with_a_way_out(visit: Visit, faults: Faults, language: str) -> None:
    faults.expect("404")
    page = visit("/nowhere-at-all", "youssef", language=language)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".error-number bdi").first).to_have_text("404")
    page.locator(".actions-bar a").first.click()
    expect(page).to_have_url(re.compile(r"127\.0\.0\.1:\d+/$"))


def test_a_form_from_elsewhere_is_refused(visit: Visit, faults: Faults) -> None:
    faults.expect("400")
    page = visit("/", "youssef", viewport=DESK)
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach((one) => { one.value = 'forged'; })")
    page.evaluate(  # as a script elsewhere would: past ours, which fetches the token of now before a form leaves
        """() => {
          const form = document.querySelector('form[action$="/language"]');
          form.append(Object.assign(document.createElement("input"), { name: "language", value: "en" }));
          form.submit();
        }"""
    )
    expect(page.locator(".error-number bdi").first).to_have_text("400")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_the_network_is_told_when_it_goes_and_comes(visit: Visit, faults: Faults) -> None:
    faults.expect("ERR_INTERNET_DISCONNECTED")  # the words that appear may ask for a font that no page needed before
    page = visit("/", "youssef")
    page.wait_for_load_state("networkidle")
    sign = page.locator("[data-network]")
    expect(sign).to_be_hidden()
    page.context.set_offline(True)
    expect(sign).to_be_visible()
    expect(sign).to_have_text("Pas de réseau")
    page.context.set_offline(False)
    expect(sign).to_be_hidden()


@pytest.mark.parametrize("language", WORDS)
def test_a_temporary_password_is_no_lost_network(visit: Visit, store: Store, faults: Faults, language: str) -> None:
    """Its scripts are refused until another is chosen; none is sent elsewhere, and the page says nothing of it."""
    faults.expect("403")
    username = store.newcomer()
    page = visit("/sign-in", language=language)
    elsewhere: list[str] = []
    with page.expect_response(re.compile("/station/device")) as answer:
        fill_in(page, username, PASSWORD)
    page.on("response", lambda one: elsewhere.append(one.url) if one.status in range(300, 400) else None)
    assert answer.value.json()["code"] == "temporary_password"
    expect(page).to_have_url(re.compile("/account$"))
    with page.expect_response(re.compile("/station/device")):
        page.reload()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-network]")).to_be_hidden()
    expect(page.locator("#notices .notice")).to_have_count(0)
    assert elsewhere == []
    chosen = "une autre phrase de passe"
    for name, value in (("old", PASSWORD), ("password", chosen), ("again", chosen)):
        page.locator(f"[name={name}]").fill(value)
    with page.expect_response(lambda one: "/station/device" in one.url and one.ok):
        page.locator("form:has([name=again]) button").click()
    expect(page.locator("[data-network]")).to_be_hidden()


def test_strict_headers_stand_on_every_answer(visit: Visit, store: Store) -> None:
    page = visit("/sign-in")
    answer = page.context.request.get(f"{store.url}/sign-in")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy.replace("'wasm-unsafe-eval'", "")
    assert answer.headers["x-content-type-options"] == "nosniff"
