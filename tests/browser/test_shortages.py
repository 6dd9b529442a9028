"""The morning of a buyer: rules set in the list, shortages taken in hand together, as a browser sends them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from inventory import catalogue
from inventory.database import transaction
from inventory.documents import LineOrder
from tests.browser.conftest import DESK, Faults, back_online
from tests.browser.store import Room, Store, for_service
from tests.databases import ENGINES

Visit = Callable[..., Page]
POINT_HERE = "Ici : seuil d’alerte"
numbers = count(1)


def test_a_rule_typed_into_the_list_is_kept_and_what_is_short_is_taken_in_hand(visit: Visit, room: Room) -> None:
    room.post("issue", LineOrder("CIM-0001", Decimal(17)), target=for_service("VOIRIE"))
    page = visit(f"/rules?warehouse={room.code}&search=GAN", "youssef", language="fr", viewport=DESK)
    page.get_by_role("textbox", name="Seuil d’alerte").fill("900")
    page.get_by_role("textbox", name="Recompléter jusqu’à").fill("1000")
    page.get_by_role("button", name="Enregistrer ces règles").click()
    expect(page.get_by_text("1 règle enregistrée.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Seuil d’alerte")).to_have_value("900")
    page.goto(f"/alerts?warehouse={room.code}")
    page.get_by_label("Tout sélectionner").check()
    page.get_by_role("button", name="Je m’en charge").click()
    expect(page.get_by_text("2 alertes sont entre vos mains.")).to_be_visible()
    page.goto(f"/alerts?warehouse={room.code}&state=acknowledged")
    page.get_by_label("Sélectionner").nth(1).check()
    page.get_by_role("button", name="Reporter").first.click()
    page.get_by_label("Jusqu’au").fill((datetime.now(UTC).date() + timedelta(days=20)).isoformat())
    page.get_by_label("Motif").fill("Livraison convenue")
    page.locator("#put-off").get_by_role("button", name="Reporter").click()
    expect(page.get_by_text("1 alerte reportée.")).to_be_visible()


def test_what_is_typed_into_the_list_is_not_lost_to_a_search(visit: Visit, room: Room) -> None:
    page = visit(f"/rules?warehouse={room.code}", "youssef", language="fr", viewport=DESK)
    field = page.get_by_role("textbox", name="Seuil d’alerte").first
    field.fill("7")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    search = page.locator("form.filters input[type=search]")
    search.fill("GAN")
    page.wait_for_timeout(600)
    assert asked == ["confirm"]
    expect(field).to_have_value("7")
    expect(search).to_have_value("")
    page.get_by_role("button", name="Enregistrer ces règles").click()
    expect(page.get_by_text("1 règle enregistrée.")).to_be_visible()


def test_what_was_taken_in_hand_or_put_off_is_taken_back(visit: Visit, room: Room) -> None:
    room.post("issue", LineOrder("CIM-0001", Decimal(17)), target=for_service("VOIRIE"))
    page = visit(f"/alerts?warehouse={room.code}", "youssef", language="fr")
    page.get_by_role("link", name="Ciment").click()
    page.get_by_role("button", name="Je m’en charge").click()
    expect(page.get_by_text("youssef s’en charge").first).to_be_visible()
    page.get_by_label("Jusqu’au").fill((datetime.now(UTC).date() + timedelta(days=20)).isoformat())
    page.get_by_label("Motif").fill("Livraison convenue")
    page.get_by_role("button", name="Reporter").click()
    page.get_by_role("button", name="Annuler le report").click()
    expect(page.get_by_text("1 alerte est de retour dans la liste.")).to_be_visible()
    expect(page.get_by_text("youssef a annulé le report au")).to_contain_text("Livraison convenue")
    page.goto(f"/alerts?warehouse={room.code}&state=acknowledged")
    page.get_by_label("Sélectionner", exact=True).check()
    page.get_by_role("button", name="Annuler la prise en charge").click()
    expect(page.get_by_text("Plus personne ne se charge de 1 alerte.")).to_be_visible()
    page.goto(f"/alerts?warehouse={room.code}&state=open")
    expect(page.get_by_text("Ciment")).to_be_visible()


def test_columns_are_chosen_without_losing_the_list(visit: Visit, room: Room) -> None:
    page = visit(f"/rules?warehouse={room.code}&search=GAN", "youssef", language="fr", viewport=DESK)
    page.get_by_text("Colonnes", exact=True).click()
    page.get_by_label("Consommation par jour").uncheck()
    page.get_by_role("button", name="Afficher ces colonnes").click()
    expect(page.locator("main thead")).not_to_contain_text("Consommation")
    expect(page.locator("main tbody")).to_contain_text("GAN-0003")
    assert f"warehouse={room.code}" in page.url


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_lot_stands_on_one_line_of_the_card(visit: Visit, room: Room, language: str) -> None:
    page = visit(f"/stock/{room.code}/MED-0001", "youssef", language=language, viewport=DESK)
    heights = page.locator("td > .code").evaluate_all(
        "codes => codes.filter((one) => one.textContent.startsWith('LX-')).map((one) => one.getClientRects().length"
        " * Math.round(one.offsetHeight / parseFloat(getComputedStyle(one).lineHeight)))"
    )
    assert heights == [1] * 6  # where the three lie, and their lines


def test_rules_are_kept_for_the_store_that_the_list_shows(visit: Visit, room: Room, store: Store) -> None:
    other = store.room()
    page = visit(f"/rules?warehouse={room.code}&search=GAN", "youssef", language="fr", viewport=DESK)
    page.locator(".filters select[name=warehouse]").select_option(other.code)
    expect(page.locator("h1 + *, .page-head .question").last).to_contain_text(other.code)
    page.get_by_role("textbox", name="Seuil d’alerte").fill("777")
    page.get_by_role("button", name="Enregistrer ces règles").click()
    expect(page.get_by_text("1 règle enregistrée.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Seuil d’alerte")).to_have_value("777")
    assert f"warehouse={other.code}" in page.url
    page.goto(f"/rules?warehouse={room.code}&search=GAN")
    expect(page.get_by_role("textbox", name="Seuil d’alerte")).not_to_have_value("777")


@pytest.fixture
def family(stores: Callable[[str], Store], request: pytest.FixtureRequest) -> tuple[Store, str]:
    """A store on the engine asked for, and a new category in it."""
    store, name = stores(request.param), f"Famille {next(numbers)}"

    def add() -> None:
        with transaction():
            catalogue.add_category(name.replace(" ", "-").upper(), name_fr=name)

    store.within(add)
    return store, name


@pytest.mark.parametrize("family", ENGINES, indirect=True)
def test_defaults_of_a_category_are_kept_for_the_store_that_the_page_shows(
    visit: Visit, family: tuple[Store, str]
) -> None:
    store, name = family
    here, other = store.room().code, store.room().code
    page = visit(f"/rules/categories?warehouse={here}", "youssef", language="fr", viewport=DESK, of=store)
    point = page.get_by_role("row", name=name).get_by_role("textbox", name=POINT_HERE)
    page.locator(".filters select[name=warehouse]").select_option(other)
    expect(page).to_have_url(re.compile(f"warehouse={other}"))
    expect(page.locator("#rules .help")).to_contain_text(other)
    point.fill("777")
    page.get_by_role("button", name="Enregistrer ces règles").click()
    expect(page.get_by_text("1 règle enregistrée.")).to_be_visible()
    expect(point).to_have_value("777")
    assert f"warehouse={other}" in page.url
    page.goto(f"/rules/categories?warehouse={here}")
    expect(point).to_have_value("")


@pytest.mark.parametrize("address", ["/rules", "/rules/categories"])
@pytest.mark.parametrize("family", ENGINES, indirect=True)
def test_a_store_that_could_not_be_shown_is_not_chosen(
    visit: Visit, family: tuple[Store, str], faults: Faults, address: str
) -> None:
    faults.expect("ERR_INTERNET_DISCONNECTED|sendError|Load")
    store, _ = family
    here, other = store.room().code, store.room().code
    page = visit(f"{address}?warehouse={here}", "youssef", language="fr", viewport=DESK, of=store)
    page.context.set_offline(True)
    chosen = page.locator(".filters select[name=warehouse]")
    chosen.select_option(other)
    expect(page.get_by_text("Pas de réponse du serveur")).to_be_visible()
    expect(chosen).to_have_value(here)
    back_online(page)
    chosen.select_option(other)
    expect(page).to_have_url(re.compile(f"warehouse={other}"))
    expect(chosen).to_have_value(other)
