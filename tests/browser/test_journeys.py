"""Journeys through several pages and people: a transfer from hand to hand, goods thrown away, a mistake put right.

What a storekeeper does most (issue, receive, transfer) is walked on both databases; the rest on the served one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from inventory import catalogue, documents, pictures
from inventory.database import transaction
from inventory.documents import LineOrder
from tests.browser.conftest import DESK, Faults
from tests.browser.counter import Counter
from tests.browser.store import Room, Store, for_service
from tests.databases import ENGINES

Visit = Callable[..., Page]
GLOVES, CEMENT, MEDICINE = "6111245010013", "6111245020012", "6111245030011"


@pytest.fixture(params=list(ENGINES))
def database(request: pytest.FixtureRequest, stores: Callable[[str], Store]) -> Store:
    """A served store on each database."""
    return stores(request.param)


def at(visit: Visit, room: Room, kind: str, language: str = "fr", username: str = "") -> Counter:
    """The station of a room, its storekeeper or somebody else before it."""
    address = f"/station?kind={kind}&warehouse={room.code}"
    return Counter(visit(address, username or room.storekeeper, language, of=room.store), room)


def press(page: Page, act: str) -> None:
    """Press a button of the form; the page that follows is looked at."""
    with page.expect_event("domcontentloaded"):
        page.locator(f"main .actions-bar button[name=act][value={act}]").click()


def test_two_new_items_are_added_in_one_tab(visit: Visit, stores: Callable[[str], Store]) -> None:
    store = stores("sqlite")
    page = visit("/catalogue/new", "hassan", "fr", of=store)
    for code in ("NEU-1", "NEU-2"):
        expect(page.locator("#code")).to_have_value("")
        page.locator("#code").press_sequentially(code)
        page.locator("#name_fr").press_sequentially(f"Article {code}")
        page.locator("#unit").press_sequentially("sac", delay=80)
        page.locator("#unit-options [role=option]").first.click()
        page.locator("main form .actions-bar button").last.click()
        expect(page.locator("h1")).to_contain_text(f"Article {code}")
        page.goto("/catalogue/new")


def post(page: Page) -> None:
    """Check what was written, then post it; a paper follows."""
    press(page, "review")
    press(page, "post")
    expect(page.locator(".paper")).to_be_visible()


# – on both databases --------------------------------------------------------------------------------------------------


def test_goods_are_issued_and_received_at_the_station(visit: Visit, database: Store) -> None:
    room = database.room()
    counter = at(visit, room, "issue")
    counter.place("A-01")
    counter.part("code").fill("4")
    counter.scan(GLOVES)
    counter.choose("service", "anfa")
    counter.post()
    counter.posted()
    assert room.holds("GAN-0003") == 396
    counter = at(visit, room, "receipt")
    counter.place("A-01")
    counter.scan(MEDICINE)
    counter.field("lot", "MED-0001").fill("LX-NEW")
    counter.field("expiresOn", "MED-0001").fill("2099-12-31")
    counter.field("cost", "MED-0001").fill("18,40")
    counter.field("cost", "MED-0001").press("Enter")
    counter.choose("supplier", "sothema")
    counter.post()
    counter.posted()
    assert room.holds("MED-0001") == 48
    assert [one["kind"] for one in room.papers()] == ["issue", "receipt"]


def test_a_transfer_is_sent_received_with_a_difference_and_settled_by_a_third(visit: Visit, database: Store) -> None:
    """In Arabic, on a phone: 40 leave, 38 arrive, and neither who sent nor who received may say where 2 have gone."""
    here, there = database.room(), database.room()
    counter = at(visit, here, "transfer", "ar")
    counter.place("A-01")
    counter.part("code").fill("40")
    counter.scan(GLOVES)
    counter.part("head").locator("[name=warehouse]").select_option(there.code)
    counter.post()
    counter.posted()

    receiver = visit("/", there.storekeeper, "ar", of=database)
    with receiver.expect_navigation():
        receiver.locator("main .tasks a[href*=transfer]").first.click()
    if "/documents/new" not in receiver.url:
        with receiver.expect_navigation():
            receiver.locator("main a[href*=transfer_receipt]").click()
    receiver.locator("[name=lines-0-quantity]").fill("38")
    post(receiver)
    assert (here.holds("GAN-0003"), there.holds("GAN-0003")) == (360, 438)

    for room in (here, there):
        page = visit("/transfers", room.storekeeper, "ar", of=database)
        expect(page.locator("main")).to_contain_text("2")
        expect(page.locator("main a[href*='kind=write_off'], main a[href*='kind=move']")).to_have_count(0)

    manager = visit("/transfers", "hassan", "ar", there.code, of=database)
    with manager.expect_navigation():
        manager.locator("main a[href*='kind=write_off']").click()
    expect(manager.locator("[name=lines-0-quantity]")).to_have_value("2")
    post(manager)
    assert (here.holds("GAN-0003"), there.holds("GAN-0003")) == (360, 438)
    manager.goto("/transfers")
    expect(manager.locator("main .empty")).to_be_visible()


# – goods that leave for good, and back --------------------------------------------------------------------------------


def test_what_has_expired_is_written_off_with_its_reason_by_who_may(visit: Visit, room: Room) -> None:
    counter = at(visit, room, "write_off", "ar", "hassan")
    counter.place("A-01")
    counter.part("code").fill("5")
    counter.scan(room.label(item="MED-0001", lot="LX-PAST"))
    expect(counter.lines).to_have_count(1)
    expect(counter.part("post")).to_be_disabled()
    counter.part("head").locator("[name=reason]").select_option("expired")
    counter.post()
    counter.posted()
    (paper,) = room.papers()
    assert (paper["kind"], paper["lines"][0]["lot"], paper["lines"][0]["quantity"]) == ("write_off", "LX-PAST", "5")
    assert room.holds("MED-0001") == 42


def test_a_storekeeper_writes_nothing_off(visit: Visit, room: Room) -> None:
    page = visit(f"/station?kind=write_off&warehouse={room.code}", room.storekeeper)
    expect(page.locator("[data-station]")).to_have_attribute("data-kind", "issue")
    expect(page.locator("main a[href*='kind=write_off']")).to_have_count(0)


@pytest.mark.parametrize(("kind", "language"), [("move", "ar"), ("return", "fr")])
def test_goods_change_shelf_and_come_back_by_page(visit: Visit, room: Room, kind: str, language: str) -> None:
    """The form on a desk does what the station does; nothing needs a scanner."""
    page = visit(f"/documents/new?kind={kind}", room.storekeeper, language, viewport=DESK)
    form = Counter(page, room)
    if kind == "return":
        form.choose("party", "anfa")
    waiting: list[Route] = []

    def hold_back(route: Route) -> None:
        """The first question about the line; what is typed may be kept meanwhile."""
        if not waiting and "act=line" in (route.request.post_data or ""):
            waiting.append(route)
        else:
            route.continue_()

    page.route("**/documents/new", hold_back)
    form.choose("lines-0-item", "GAN-0003")
    page.locator("[name=lines-0-quantity]").fill("7")  # while the server still looks what the item needs
    expect(page.locator("#lines-0-hint")).to_be_empty()
    waiting[0].continue_()
    expect(page.locator("#lines-0-hint")).to_contain_text("400")
    if kind == "move":
        page.locator("[name=lines-0-location]").fill("A-01")
        page.locator("[name=lines-0-target_location]").fill("B-02")
    post(page)
    (paper,) = room.papers()
    assert (paper["kind"], paper["lines"][0]["quantity"]) == (kind, "7")
    assert room.holds("GAN-0003") == {"move": 400, "return": 407}[kind]


# – a mistake ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_wrong_paper_is_reversed_and_written_anew_in_one_act(visit: Visit, room: Room, language: str) -> None:
    wrong = room.post("issue", LineOrder("CIM-0001", Decimal(15)), target=for_service())
    page = visit(f"/documents/{wrong.entry_id}", room.storekeeper, language)
    page.locator("main [data-dialog=reversal]").click()
    dialog = page.locator("dialog#reversal")
    expect(dialog).to_be_visible()
    dialog.locator("[name=reason]").fill("5 لا 15")
    with page.expect_event("domcontentloaded"):
        dialog.locator("[value=correct]").click()
    assert room.holds("CIM-0001") == 18, "until the copy is posted the goods stand as before the mistake"
    expect(page.locator("[name=lines-0-quantity]")).to_have_value("15")
    page.locator("[name=lines-0-quantity]").fill("5")
    post(page)
    assert room.holds("CIM-0001") == 13
    found = room.store.within(lambda: documents.document_of(wrong.entry_id))
    assert found.reversed_by is not None
    page.goto(f"/documents/{wrong.entry_id}")
    expect(page.locator("main")).to_contain_text(found.reversed_by)
    expect(page.locator("main [data-dialog=reversal]")).to_have_count(0)


# – what one sees at a line --------------------------------------------------------------------------------------------


def test_the_photo_of_what_was_scanned_stands_at_its_line(visit: Visit, room: Room) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(drawn, "PNG")

    def take() -> None:
        with transaction():
            catalogue.set_photo(
                catalogue.get_item("CIM-0001"), pictures.small(drawn.getvalue()), media_type=pictures.MEDIA_TYPE
            )

    room.store.within(take)
    counter = at(visit, room, "issue")
    counter.place("B-02")
    counter.scan(CEMENT)
    picture = counter.line("CIM-0001").locator("img.photo")
    expect(picture).to_be_visible()
    assert picture.evaluate("(one) => one.naturalWidth") == 300
    counter.place("A-01")
    counter.scan(GLOVES)
    expect(counter.line("GAN-0003").locator("img.photo")).to_be_hidden()
    expect(counter.line("GAN-0003").locator("span.photo")).to_be_visible()


# – the way back -------------------------------------------------------------------------------------------------------


def test_the_way_back_from_checking_is_the_form_as_typed_and_from_the_paper_the_paper(visit: Visit, room: Room) -> None:
    page = visit(f"/documents/new?kind=move&warehouse={room.code}", room.storekeeper, viewport=DESK)
    Counter(page, room).choose("lines-0-item", "gants")
    quantity = page.locator("#lines-0-quantity")
    quantity.fill("3")
    page.locator("#lines-0-location").fill("A-01")
    page.locator("#lines-0-target_location").fill("B-02")
    press(page, "review")
    page.go_back()
    expect(quantity).to_have_value("3")
    expect(page.locator("#lines-0-target_location")).to_have_value("B-02")
    press(page, "review")
    expect(page).to_have_url(re.compile("key="))
    page.reload()
    expect(quantity).to_have_value("3")
    post(page)
    expect(page).to_have_url(re.compile(r"/documents/\d+"))
    page.go_back()
    expect(page.locator(".paper")).to_be_visible()
    assert len(room.papers("move")) == 1


def test_the_way_back_from_a_refused_form_is_the_form(visit: Visit, store: Store, faults: Faults) -> None:
    faults.expect("422")
    page = visit("/services/new", store.everything())
    page.locator("#code").fill("un code")
    page.locator("#name_fr").fill("Voirie du nord")
    page.locator("main button[type=submit]").last.click()
    expect(page.locator("[data-errors] a")).to_have_text(re.compile("^Code\u202f: "))
    expect(page).to_have_url(re.compile("/services/new"))
    page.goto("/services")
    page.go_back()
    expect(page.locator("#code")).to_be_visible()
