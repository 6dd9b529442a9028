"""What was typed and is not sent: it outlives a session that ends, a change of language, another tab."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from inventory import catalogue, clock
from inventory.access import User
from inventory.database import db, transaction
from inventory.sessions import UserSession
from tests.browser.conftest import DESK, Faults
from tests.browser.counter import Counter
from tests.browser.store import PASSWORD, Room, Store

Visit = Callable[..., Page]
OUT = "Vous n’êtes plus connecté"


def end_sessions(room: Room, username: str) -> None:
    """The house itself ends them: time is over, or somebody shut them."""

    def end() -> None:
        with transaction():
            person = db.session.query(User).filter_by(username=username).one()
            for one in db.session.query(UserSession).filter_by(user_id=person.id):
                one.ended_at = clock.now()

    room.store.within(end)


def sign_in_beside(page: Page, username: str) -> Page:
    """In another tab of the same browser, through the door that the notice offers."""
    with page.context.expect_page() as opened:
        page.locator("#notices a").click()
    beside = opened.value
    beside.locator("[name=username]").fill(username)
    beside.locator("[name=password]").fill(PASSWORD)
    beside.locator("[name=password]").press("Enter")
    expect(beside.locator("[data-sign-out]")).to_have_count(1)
    return beside


def write(visit: Visit, room: Room, kind: str = "move") -> Page:
    """A paper that is begun, of which everything typed is kept as a draft."""
    page = visit(f"/documents/new?kind={kind}&warehouse={room.code}", room.storekeeper, viewport=DESK)
    Counter(page, room).choose("lines-0-item", "gants")
    page.locator("#lines-0-quantity").fill("3")
    page.locator("#lines-0-quantity").press("Tab")
    expect(page.locator("#draft")).to_contain_text("Gardé comme brouillon")
    expect(page).to_have_url(re.compile(r"draft=\d+"))
    return page


def test_a_session_that_ends_during_a_paper_loses_nothing(visit: Visit, room: Room, faults: Faults) -> None:
    faults.expect("401")
    page = write(visit, room)
    end_sessions(room, room.storekeeper)
    page.locator("#lines-0-location").fill("A-01")
    page.locator("#lines-0-target_location").fill("B-02")
    page.locator("#note").fill("deux mots")
    page.locator("#note").press("Tab")
    expect(page.locator("#draft")).to_have_text("Ce que vous avez saisi n’est pas gardé.")
    expect(page.locator("#notices")).to_contain_text(OUT)
    search = page.locator("[name=lines-0-item_shown]")
    with page.expect_response(re.compile("options")) as answered:
        search.press_sequentially("x")
    assert answered.value.status == 401
    assert len(answered.value.text()) < 100
    expect(page.locator("#lines-0-item-options form")).to_have_count(0)
    search.press("Backspace")
    page.locator(".actions-bar button[value=review]").click()
    expect(page.locator("#notices")).to_contain_text(OUT)
    expect(page.locator("#note")).to_have_value("deux mots")

    sign_in_beside(page, room.storekeeper)
    expect(page.locator("#notices")).not_to_contain_text(OUT)
    expect(page.locator("#draft")).to_contain_text("Gardé comme brouillon")
    page.locator(".actions-bar button[value=review]").click()
    page.locator(".actions-bar button[value=post]").click()
    expect(page.locator(".paper")).to_be_visible()
    (paper,) = room.papers()
    assert (paper["note"], paper["lines"][0]["quantity"]) == ("deux mots", "3")


def test_nobody_else_sends_what_somebody_typed(visit: Visit, room: Room, store: Store, faults: Faults) -> None:
    """Signed out in another tab, the form waits unseen; when somebody else comes, it is gone. Should the page try to
    keep it meanwhile, there is nobody to keep it for (401), or not the one whose token it has (400)."""
    faults.expect("answer: 40[01] |status of 40[01] |Status Error Code 40[01] from /documents/")
    other = store.room().storekeeper
    page = visit("/documents/new?kind=move", room.storekeeper, viewport=DESK)
    page.locator("#note").fill("à moi")
    beside = page.context.new_page()
    faults.watch(beside)
    beside.goto("/more")
    beside.locator("details.menu:has([data-sign-out]) summary").click()
    beside.locator("[data-sign-out] button").click()
    expect(beside.locator("[name=password]")).to_be_visible()
    expect(page.locator("#notices")).to_contain_text(OUT)
    expect(page.locator("#note")).to_be_hidden()
    expect(page.locator("#note")).to_have_value("à moi")
    sign_in_beside(page, other)
    expect(page.locator("#notices")).not_to_contain_text(OUT)
    expect(page.locator("#note")).to_have_value("")
    assert not room.papers()


def test_a_form_that_is_sent_without_an_answer_stays(visit: Visit, store: Store, faults: Faults) -> None:
    faults.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED")
    page = visit("/suppliers/new", store.everything(), viewport=DESK)
    page.locator("#name_fr").fill("Atlas")
    page.context.set_offline(True)
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("#notices")).to_contain_text("Rien n’est perdu")
    expect(page.locator("#name_fr")).to_have_value("Atlas")


def change_language(page: Page, language: str) -> None:
    page.locator("header details.from-tablet summary").click()
    page.get_by_role("button", name=language).click()


def refuse_to_leave(page: Page, asked: list[str]) -> None:
    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", refuse)


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/settings", "textarea, input.input:not([type=file], [type=date])"),
        ("/suppliers/new", "#name_fr"),
        ("/rules/categories", "[name^=point]:not([type=hidden])"),
    ],
)
def test_what_was_typed_is_left_only_by_who_says_so(visit: Visit, room: Room, address: str, field: str) -> None:
    """By the language as by a link; whoever wants to leaves, and whoever typed nothing is not asked."""

    def add() -> None:
        with transaction():
            catalogue.add_category("UNSENT", name_fr="Divers")

    if address == "/rules/categories":
        room.store.within(add)
    asked: list[str] = []
    page = visit(address, room.store.everything(), viewport=DESK)
    refuse_to_leave(page, asked)
    change_language(page, "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert not asked
    typed = page.locator("main").locator(field).first
    typed.fill("7")
    with page.expect_event("dialog"):
        change_language(page, "Français")
    with page.expect_event("dialog"):
        page.locator("nav.rail a").first.click()
    expect(typed).to_have_value("7")
    assert asked == ["beforeunload"] * 2


def test_a_paper_comes_back_in_the_other_language_with_what_was_typed_last(visit: Visit, room: Room) -> None:
    asked: list[str] = []
    page = visit(f"/documents/new?kind=move&warehouse={room.code}", room.storekeeper, viewport=DESK)
    refuse_to_leave(page, asked)
    page.locator("#note").fill("deux mots")
    change_language(page, "English")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_url(re.compile(r"draft=\d+"))
    expect(page.locator("#note")).to_have_value("deux mots")
    page.locator("#note").fill("two words")
    page.locator("#note").press("Tab")
    expect(page.locator("#draft [name=revision]")).to_have_value("2")
    page.wait_for_function("!document.querySelector('.htmx-request')")
    page.reload()
    expect(page.locator("#note")).to_have_value("two words")
    assert not asked


def test_two_tabs_on_one_draft_do_not_write_over_each_other(visit: Visit, room: Room, faults: Faults) -> None:
    faults.expect("409")
    stale = write(visit, room)
    other = stale.context.new_page()
    faults.watch(other)
    other.goto(stale.url)
    note = other.locator("#note")
    note.fill("de l’autre")
    note.press("Tab")
    expect(other.locator("#draft")).to_contain_text("Gardé comme brouillon")
    with other.expect_response(re.compile("documents/new")):
        note.fill("de l’autre, encore")
        note.press("Tab")

    stale.locator("#note").fill("d’ici")
    stale.locator("#note").press("Tab")
    expect(stale.locator("#draft")).to_contain_text("a été modifié dans un autre onglet")
    expect(stale.locator("#draft")).not_to_contain_text("Gardé comme brouillon")
    for act in ("keep", "review"):
        with stale.expect_event("domcontentloaded"):
            stale.locator(f".actions-bar button[value={act}]").click()
        expect(stale.locator("#draft")).to_contain_text("a été modifié dans un autre onglet")
        expect(stale.locator("#note")).to_have_value("d’ici")
    with stale.expect_event("domcontentloaded"):
        stale.get_by_role("button", name="Garder ce qui est ici").click()
    expect(stale.locator("#draft")).to_contain_text("Gardé comme brouillon")
    expect(stale.locator("#note")).to_have_value("d’ici")

    note.fill("de l’autre, trop tard")
    note.press("Tab")
    with other.expect_event("domcontentloaded"):
        other.get_by_role("button", name="Prendre ce qui est gardé").click()
    expect(note).to_have_value("d’ici")
    expect(other.locator("#draft")).to_contain_text("Gardé comme brouillon")
