"""The station, from the first scan to the paper: what a storekeeper does all day, with every kind of scanner."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Page, Route, TimeoutError, expect

from inventory.documents import LineOrder
from tests.browser.conftest import DESK, Faults
from tests.browser.counter import LAYOUTS, Counter
from tests.browser.store import Room, for_service

At = Callable[..., Counter]
NEXT = {"ar": "←", "fr": "→"}
GLOVES, CARTON, CEMENT, MEDICINE, BLEACH = (
    "6111245010013", "6111245010020", "6111245020012", "6111245030011", "6111245040010",
)  # fmt: skip


@pytest.fixture
def at(visit: Callable[..., Page], room: Room) -> At:
    """The station of the room, its storekeeper before it: `at("receipt", language="ar")`."""

    def opened(kind: str = "issue", language: str = "fr", of: Room = room, **options: Any) -> Counter:
        page = visit(f"/station?kind={kind}", of.storekeeper, language, of=of.store, **options)
        return Counter(page, of)

    return opened


def figures(text: str) -> str:
    """Text without the invisible marks and narrow spaces that make it read well."""
    return re.sub(r"[\u2066-\u2069\u202f]", "", text)


# – goods leave -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_place_then_item_then_post(at: At, room: Room, language: str) -> None:
    counter = at(language=language)
    words = counter.part("place").locator(".words").bounding_box()
    assert words is not None
    assert words["width"] >= 128  # beside its button or above it, a word stands whole
    counter.scan(GLOVES)
    expect(counter.part("banner")).to_have_class("banner is-bad")
    expect(counter.lines).to_have_count(0)
    counter.place("A-01")
    expect(counter.part("place")).to_contain_text("A-01")
    counter.scan(GLOVES)
    expect(counter.lines).to_have_count(1)
    assert figures(counter.part("banner").locator(".change").inner_text()) == f"400 {NEXT[language]} 399"
    counter.scan(GLOVES)
    expect(counter.lines).to_have_count(1)
    assert figures(counter.lines.first.locator('[data-field="change"]').inner_text()) == f"400 {NEXT[language]} 398"
    expect(counter.part("post")).to_be_disabled()
    counter.choose("service", "anfa")
    counter.post()
    assert counter.posted() == f"1/{counter.page.evaluate('new Date().getFullYear()')}"
    expect(counter.part("result").locator('[data-field="balance"]')).to_contain_text("398")
    assert room.holds("GAN-0003") == 398
    (paper,) = room.papers()
    assert paper["kind"] == "issue"
    assert paper["lines"][0]["location"] == "A-01"


def test_what_was_stands_where_reading_begins(at: At) -> None:
    """In Arabic the reader comes from the right: 400 ← 399 with 400 at the right, in French 400 → 399 from the left."""
    for language in ("ar", "fr"):
        counter = at(language=language)
        counter.place("A-01")
        counter.scan(GLOVES)
        places = counter.line("GAN-0003").locator('[data-field="change"]').evaluate(WHERE_FIGURES_STAND)
        assert (places[0] > places[1]) == (language == "ar")


WHERE_FIGURES_STAND = """(bdi) => ["400", "399"].map((figure) => {
  const text = bdi.firstChild, range = document.createRange(), from = text.data.indexOf(figure);
  range.setStart(text, from);
  range.setEnd(text, from + figure.length);
  return range.getBoundingClientRect().left;
})"""


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_scanner_reads_right_on_every_keyboard(at: At, room: Room, layout: str) -> None:
    counter = at()
    counter.scanner.layout = layout
    counter.place("B-02")
    expect(counter.part("place")).to_contain_text("B-02")
    for code in (CEMENT, room.label(item="JAV-0001"), f"http://127.0.0.1/s/{room.label(item='JAV-0001')}".upper()):
        counter.scan(code)
    expect(counter.line("Ciment")).to_have_count(1)
    expect(counter.line("Javel").locator("[data-quantity]")).to_have_value("2")
    expect(counter.part("code")).to_have_value("")


def test_a_scanner_without_enter_is_read_too(at: At) -> None:
    counter = at()
    counter.place("A-01")
    counter.scanner.ends_with_enter = False
    counter.scan(GLOVES)
    expect(counter.line("Gants")).to_have_count(1)


def test_a_hundred_codes_a_minute_lose_none_and_keep_their_order(at: At) -> None:
    counter = at()
    counter.place("B-02")
    codes = [CEMENT, BLEACH] * 5
    for code in codes:
        counter.scan(code, wait=False)
        counter.page.wait_for_timeout(60)
    expect(counter.line("Ciment").locator("[data-quantity]")).to_have_value("5")
    expect(counter.line("Javel").locator("[data-quantity]")).to_have_value("5")
    expect(counter.lines.first).to_contain_text("Javel")


def test_a_scan_into_a_field_leaves_the_field_as_it_was(at: At) -> None:
    counter = at()
    counter.place("A-01")
    note = counter.page.locator("[name=note]")
    counter.page.locator(".station-more summary").click()
    note.fill("pour la cantine")
    note.focus()
    counter.scan(GLOVES)
    expect(counter.line("Gants")).to_have_count(1)
    expect(note).to_have_value("pour la cantine")


def test_typing_a_code_does_the_same(at: At) -> None:
    counter = at()
    counter.type("A-01")
    expect(counter.part("place")).to_contain_text("A-01")
    counter.type("GAN-0003")
    expect(counter.line("Gants")).to_have_count(1)
    expect(counter.part("code")).to_be_focused()
    expect(counter.part("code")).to_have_value("")


def test_five_then_a_scan_is_five(at: At) -> None:
    counter = at()
    counter.place("A-01")
    counter.part("code").fill("5")
    counter.scan(GLOVES)
    expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("5")
    expect(counter.part("code")).to_have_value("")


def test_quantities_are_stepped_typed_and_refused(at: At) -> None:
    counter = at()
    counter.place("B-02")
    counter.scan(BLEACH)
    line, field = counter.line("Javel"), counter.line("Javel").locator("[data-quantity]")
    line.locator("[data-do=more]").click()
    expect(field).to_have_value("2")
    line.locator("[data-do=less]").click()
    line.locator("[data-do=less]").click()
    expect(field).to_have_value("1")
    field.fill("٢,٥")
    field.press("Enter")
    expect(field).to_have_value("2,5")
    expect(counter.part("code")).to_be_focused()
    for wrong in ("-1", "0", "1e3", "2,5555", "beaucoup"):
        field.fill(wrong)
        field.press("Enter")
        expect(counter.part("banner")).to_have_class("banner is-bad")
        expect(field).to_have_value("2,5")
    counter.scan(CEMENT)
    bags = counter.line("Ciment").locator("[data-quantity]")
    bags.fill("1,5")
    bags.press("Enter")
    counter.says("unités entières", "bad")
    expect(bags).to_have_value("1")


def test_a_refused_quantity_says_why_and_the_word_goes_once_it_is_mended(at: At) -> None:
    counter = at()
    counter.place("A-01")
    counter.scan(GLOVES)
    quantity = counter.lines.first.locator("[data-quantity]")
    refused = {"dix": "« dix » n’est pas un nombre", "0": "quantité non admise", "1,5": "unités entières"}
    for typed, words in refused.items():
        quantity.fill(typed)
        quantity.press("Enter")
        counter.says(words, "bad")
    quantity.fill("7")
    quantity.press("Enter")
    counter.says("Gants nitrile M", "good")


def test_what_is_read_while_one_is_asked_takes_the_question_back(at: At, room: Room) -> None:
    """One confirms what one saw: goods read meanwhile are no part of it."""
    counter = at()
    counter.place("A-01")
    counter.scan(GLOVES)
    counter.choose("service", "anfa")
    counter.part("post").click()
    expect(counter.part("question")).to_contain_text("Bureau d’hygiène, Anfa · lignes")
    counter.scan(MEDICINE)
    expect(counter.part("confirm")).to_be_hidden()
    expect(counter.lines).to_have_count(2)
    assert room.papers() == []
    counter.part("post").click()
    expect(counter.part("question")).to_contain_text("2")


def test_a_lot_that_arrives_expired_is_said_at_its_line(at: At) -> None:
    counter = at("receipt")
    counter.place("A-01")
    counter.scan(MEDICINE)
    counter.field("lot", "Amoxicilline").fill("LX-NEW")
    counter.field("expiresOn", "Amoxicilline").fill("2020-01-31")
    counter.page.keyboard.press("Enter")
    expect(counter.lines.first).to_contain_text("périmé depuis le 31/01/2020")


def test_a_line_is_removed_before_posting(at: At) -> None:
    counter = at()
    counter.place("B-02")
    counter.scan(CEMENT)
    counter.scan(BLEACH)
    counter.line("Javel").locator("[data-do=remove]").click()
    expect(counter.lines).to_have_count(1)
    expect(counter.line("Ciment").locator("[data-do=remove]")).to_be_focused()


def test_a_packaging_counts_as_what_it_contains(at: At, room: Room) -> None:
    counter = at()
    counter.place("A-01")
    counter.scan(CARTON)
    line = counter.line("Gants")
    expect(line).to_contain_text("carton")
    assert figures(line.locator('[data-field="change"]').inner_text()) == "400 → 350"
    counter.scan(GLOVES)
    expect(counter.lines).to_have_count(2)
    assert figures(counter.lines.first.locator('[data-field="change"]').inner_text()) == "400 → 349"
    counter.choose("service", "anfa")
    counter.post()
    counter.posted()
    assert room.holds("GAN-0003") == 349


def test_a_packaging_is_called_as_people_call_it(at: At) -> None:
    counter = at(language="ar")
    counter.place("A-01")
    counter.scan(CARTON)
    expect(counter.line("قفازات")).to_contain_text("كرتون")
    counter.choose("service", "anfa")
    counter.post()
    counter.posted()
    expect(counter.part("result")).to_contain_text("كرتون")


def test_the_first_lot_to_expire_is_shown_and_taken(at: At, room: Room) -> None:
    counter = at()
    counter.place("A-01")
    counter.part("code").fill("15")
    counter.scan(MEDICINE)
    line = counter.line("Amoxicilline")
    expect(line).to_contain_text("LX-SOON")
    expect(line).to_contain_text("LX-LATER")
    expect(line).not_to_contain_text("LX-PAST")
    counter.choose("service", "anfa")
    counter.post()
    counter.posted()
    expect(counter.part("result").locator("tbody tr")).to_have_count(2)
    (paper,) = room.papers()
    assert [(one["lot"], one["quantity"]) for one in paper["lines"]] == [("LX-SOON", "12"), ("LX-LATER", "3")]


def test_a_line_is_told_the_lot_that_the_lines_before_it_leave(at: At, room: Room) -> None:
    counter = at()
    counter.place("A-01")
    counter.part("code").fill("12")
    counter.scan(room.label(item="MED-0001", lot="LX-SOON"))
    counter.scan(MEDICINE)
    expect(counter.lines).to_have_count(2)
    expect(counter.lines.first).to_contain_text("LX-LATER")
    expect(counter.lines.first).not_to_contain_text("LX-SOON")
    counter.choose("service", "anfa")
    counter.post()
    counter.posted()
    (paper,) = room.papers()
    assert [(one["lot"], one["quantity"]) for one in paper["lines"]] == [("LX-SOON", "12"), ("LX-LATER", "1")]


def test_another_lot_than_the_first_needs_a_reason(at: At, room: Room) -> None:
    counter = at()
    counter.place("A-01")
    counter.scan(room.label(item="MED-0001", lot="LX-LATER"))
    counter.choose("service", "anfa")
    line = counter.line("Amoxicilline")
    expect(line).to_contain_text("LX-SOON")
    expect(counter.part("post")).to_be_disabled()
    counter.field("reason", "Amoxicilline").fill("Boîte ouverte")
    counter.field("reason", "Amoxicilline").press("Enter")
    counter.post()
    counter.posted()
    assert room.papers()[0]["lines"][0]["lot"] == "LX-LATER"


def test_what_is_out_of_use_is_issued_and_not_received(at: At, room: Room) -> None:
    room.retire("CIM-0001")
    try:
        counter = at("receipt")
        counter.place("A-01")
        counter.scan(CEMENT)
        expect(counter.part("banner")).to_contain_text("retiré")
        expect(counter.lines).to_have_count(0)
        counter = at()
        counter.place("A-01")
        counter.scan(CEMENT)
        expect(counter.lines).to_have_count(1)
        room.post("issue", LineOrder("CIM-0001", Decimal(18)), target=for_service("VOIRIE"))
        counter = at()
        counter.place("A-01")
        counter.scan(CEMENT)
        expect(counter.part("banner")).to_contain_text("sa fiche dit ce qui l’a remplacé")
    finally:
        room.retire("CIM-0001", is_back=True)


def test_an_expired_lot_is_refused_at_once(at: At, room: Room) -> None:
    counter = at()
    counter.place("A-01")
    counter.scan(room.label(item="MED-0001", lot="LX-PAST"))
    counter.says("périmé", "bad")
    expect(counter.lines).to_have_count(0)


def test_an_unknown_code_waits_aside_and_stops_nothing_but_the_posting(at: At) -> None:
    counter = at()
    counter.place("A-01")
    counter.scan("9999999999994")
    counter.says("9999999999994", "bad")
    counter.scan(GLOVES)
    expect(counter.line("Gants")).to_have_count(1)
    counter.choose("service", "anfa")
    expect(counter.part("post")).to_be_disabled()
    expect(counter.part("unknown")).to_contain_text("9999999999994")
    counter.scan("9999999999994")
    expect(counter.part("banner")).to_have_class("banner is-info")
    counter.part("unknown").locator("[data-act=dropUnknown]").click()
    expect(counter.part("unknown")).to_be_hidden()
    expect(counter.part("post")).to_be_enabled()


def test_more_than_is_here_is_told_at_the_line_before_posting(at: At) -> None:
    counter = at()
    counter.place("B-02")
    counter.part("code").fill("19")
    counter.scan(CEMENT)
    expect(counter.line("Ciment")).to_have_class(re.compile("is-refused"))
    expect(counter.line("Ciment").locator(".why")).to_contain_text("18")
    counter.choose("service", "anfa")
    expect(counter.part("post")).to_be_disabled()


def test_what_somebody_else_took_meanwhile_is_refused_at_its_line(at: At, room: Room, faults: Faults) -> None:
    from inventory.documents import LineOrder
    from tests.browser.store import for_service

    faults.expect("409")
    counter = at()
    counter.place("B-02")
    counter.part("code").fill("10")
    counter.scan(CEMENT)
    counter.scan(BLEACH)
    counter.choose("service", "anfa")
    room.post("issue", LineOrder("CIM-0001", Decimal(15)), target=for_service("VOIRIE"))
    counter.post()
    expect(counter.line("Ciment").locator(".why")).not_to_be_empty()
    expect(counter.line("Javel").locator(".why")).to_be_empty()
    assert room.holds("CIM-0001") == 3
    assert room.holds("JAV-0001") == Decimal("42.5")
    counter.line("Ciment").locator("[data-do=remove]").click()
    counter.post()
    counter.posted()
    assert room.holds("JAV-0001") == Decimal("41.5")


# – posting once ------------------------------------------------------------------------------------------------------


def test_a_double_click_posts_once(at: At, room: Room) -> None:
    counter = at()
    counter.place("A-01")
    counter.scan(GLOVES)
    counter.choose("service", "anfa")
    counter.part("post").click()
    counter.part("confirm").locator("[data-act=post]").dblclick()
    counter.posted()
    counter.page.wait_for_timeout(300)
    assert len(room.papers()) == 1
    assert room.holds("GAN-0003") == 399


def test_a_closed_page_loses_nothing(at: At) -> None:
    counter = at()
    counter.place("A-01")
    counter.choose("service", "anfa")
    counter.scan(GLOVES)  # what is acknowledged is on the disk, and all that came before it
    counter.page.reload()
    expect(counter.part("place")).to_contain_text("A-01")
    expect(counter.line("Gants")).to_have_count(1)
    expect(counter.page.locator("#service")).not_to_have_value("")
    expect(counter.part("post")).to_be_enabled()


def test_two_pages_of_one_device_share_what_was_scanned(at: At, room: Room, faults: Faults) -> None:
    """Each wrote over what the other had kept: a scan was lost, or the same lines were posted twice."""
    counter = at()
    counter.place("A-01")
    beside = Counter(counter.page.context.new_page(), room)
    faults.watch(beside.page)
    beside.page.goto(counter.page.url)
    expect(beside.part("place")).to_contain_text("A-01")
    beside.scan(GLOVES)
    counter.scan(GLOVES)
    counter.choose("service", "anfa")
    for one in (counter, beside):
        expect(one.line("Gants").locator("[data-quantity]")).to_have_value("2")
        expect(one.page.locator("#service")).not_to_have_value("")
    beside.part("post").click()
    counter.post()
    counter.posted()
    expect(beside.part("confirm")).to_be_hidden()
    expect(beside.lines).to_have_count(0)
    expect(beside.page.locator("#service")).to_have_value("")
    assert room.holds("GAN-0003") == 398


def test_an_answer_that_was_lost_is_asked_for_again_and_posts_once(at: At, room: Room, faults: Faults) -> None:
    faults.expect("ERR_|Failed to fetch")
    counter = at()
    counter.place("A-01")
    counter.scan(GLOVES)
    counter.choose("service", "anfa")
    # The paper arrives; its answer does not.
    counter.page.route("**/api/v1/documents", lambda route: (route.fetch(), route.abort("connectionreset")))
    counter.post()
    slip = counter.slip()
    assert len(room.papers()) == 1
    counter.part("slip").locator("[data-act=next]").click()
    counter.scan(GLOVES)  # the station is free for the next paper
    expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("1")
    counter.page.unroute("**/api/v1/documents")
    counter.page.reload()
    expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("1")
    expect(counter.page.locator("[data-network]")).to_be_hidden()
    assert len(room.papers()) == 1
    assert room.holds("GAN-0003") == 399
    counter.page.goto("/station/waiting")
    expect(counter.page.locator(".waiting-paper[data-state=sent]", has_text=slip)).to_contain_text("/BS/")


def test_a_server_that_dies_half_way_leaves_one_paper_after_all(at: At, room: Room, faults: Faults) -> None:
    faults.expect("ERR_|Failed to fetch|htmx:sendError")  # a search may be under way
    counter = at()
    counter.place("A-01")
    counter.scan(GLOVES)
    counter.choose("service", "anfa")
    room.store.server.kill()
    try:
        counter.post()
        counter.slip()
    finally:
        room.store.server.start()
    counter.posted()  # by itself: the slip becomes the paper
    assert len(room.papers()) == 1


def test_the_next_paper_begins_where_the_last_one_ended(at: At, room: Room) -> None:
    counter = at()
    counter.place("A-01")
    for _ in range(2):
        counter.scan(GLOVES)
        counter.choose("service", "anfa")
        counter.post()
        counter.posted()
        counter.part("result").locator("[data-act=next]").click()
        expect(counter.part("code")).to_be_focused()
        expect(counter.part("place")).to_contain_text("A-01")
        expect(counter.page.locator("#service")).to_have_value("")
    assert [paper["kind"] for paper in room.papers()] == ["issue", "issue"]


# – goods arrive, come back, move -------------------------------------------------------------------------------------


def test_goods_are_received_with_lot_expiry_and_price(at: At, room: Room) -> None:
    counter = at("receipt")
    counter.place("A-01")
    counter.scan(MEDICINE)
    expect(counter.part("post")).to_be_disabled()
    counter.choose("supplier", "sothema")
    expect(counter.part("blocker")).not_to_be_empty()
    counter.field("lot", "Amoxicilline").fill("LN-77")
    counter.field("lot", "Amoxicilline").press("Enter")
    expect(counter.field("expiresOn", "Amoxicilline")).to_be_focused()
    counter.field("expiresOn", "Amoxicilline").fill("2028-05-31")
    counter.field("cost", "Amoxicilline").fill("18,25")
    quantity = counter.line("Amoxicilline").locator("[data-quantity]")
    quantity.fill("40")
    quantity.press("Enter")
    assert figures(counter.line("Amoxicilline").locator('[data-field="change"]').inner_text()) == "47 → 87"
    counter.post()
    counter.posted()
    (paper,) = room.papers()
    line = paper["lines"][0]
    assert (line["lot"], line["expires_on"], line["unit_cost"], line["quantity"]) == (
        "LN-77",
        "2028-05-31",
        "18.25",
        "40",
    )
    assert room.holds("MED-0001") == 87


def test_two_lots_of_one_delivery_are_two_lines(at: At, room: Room) -> None:
    counter = at("receipt")
    counter.place("A-01")
    counter.scan(MEDICINE)
    counter.line("Amoxicilline").locator("[data-do=split]").click()
    expect(counter.lines).to_have_count(2)
    for index, lot in enumerate(("LN-2", "LN-1")):
        counter.lines.nth(index).locator('[data-field-of="lot"] input').fill(lot)
        counter.lines.nth(index).locator('[data-field-of="expiresOn"] input').fill("2028-05-31")
    counter.choose("supplier", "sothema")
    counter.post()
    counter.posted()
    assert [line["lot"] for line in room.papers()[0]["lines"]] == ["LN-1", "LN-2"]


def test_machines_are_received_each_with_its_number(at: At, room: Room) -> None:
    counter = at("receipt")
    counter.place("A-01")
    for _ in range(2):
        counter.scan(room.label(item="ORD-0001"))
    expect(counter.lines).to_have_count(2)
    for index in range(2):
        counter.lines.nth(index).locator('[data-field-of="number"] input').fill(f"{room.code}-N{index}")
    counter.choose("supplier", "sothema")
    counter.post()
    counter.posted()
    assert room.holds("ORD-0001") == 3


def test_a_machine_leaves_by_its_own_label_and_only_once(at: At, room: Room) -> None:
    number = f"INV-{int(room.code[1:])}"
    counter = at()
    counter.place("A-01")
    counter.scan(room.label(item="ORD-0001", lot=number))
    expect(counter.line("Ordinateur")).to_contain_text(number)
    counter.scan(number)
    expect(counter.lines).to_have_count(1)
    expect(counter.part("banner")).to_have_class("banner is-info")
    counter.choose("service", "voirie")
    counter.post()
    counter.posted()
    assert room.holds("ORD-0001") == 0


def test_numbered_books_leave_by_first_and_last_number(at: At, room: Room) -> None:
    first = int(room.code[1:]) * 1000 + 1
    counter = at()
    counter.place("A-01")
    counter.scan(room.label(item="TIM-0001"))
    counter.choose("service", "voirie")
    expect(counter.part("post")).to_be_disabled()
    counter.field("first", "Carnets").fill(str(first))
    counter.field("last", "Carnets").fill(str(first + 24))
    counter.field("last", "Carnets").press("Enter")
    assert figures(counter.line("Carnets").locator('[data-field="change"]').inner_text()) == "100 → 75"
    counter.post()
    counter.posted()
    line = room.papers()[0]["lines"][0]
    assert (line["first_number"], line["last_number"]) == (first, first + 24)
    assert room.holds("TIM-0001") == 75


def test_goods_are_moved_from_one_shelf_to_another(at: At, room: Room) -> None:
    counter = at("move")
    counter.place("A-01")
    counter.part("code").fill("30")
    counter.scan(GLOVES)
    expect(counter.part("post")).to_be_disabled()
    counter.place("B-02")
    expect(counter.part("target")).to_contain_text("B-02")
    counter.post()
    counter.posted()
    line = room.papers()[0]["lines"][0]
    assert (line["location"], line["target_location"], line["quantity"]) == ("A-01", "B-02", "30")
    assert room.holds("GAN-0003") == 400


def test_goods_come_back_from_a_service(at: At, room: Room) -> None:
    counter = at("return")
    counter.place("A-01")
    counter.part("code").fill("3")
    counter.scan(GLOVES)
    counter.choose("service", "anfa")
    counter.post()
    counter.posted()
    assert room.papers()[0]["kind"] == "return"
    assert room.holds("GAN-0003") == 403


def test_a_shelf_of_another_warehouse_is_not_this_place(at: At, room: Room, faults: Faults) -> None:
    faults.expect("403")
    other = room.store.room()
    counter = at()
    counter.scan(other.label(place="A-01"))
    expect(counter.part("banner")).to_have_class("banner is-bad")
    expect(counter.part("place")).not_to_have_class(re.compile("is-set"))


def test_a_paper_that_is_scanned_opens_its_door(at: At, room: Room) -> None:
    from inventory.documents import LineOrder
    from tests.browser.store import for_service

    paper = room.post("issue", LineOrder("GAN-0003", Decimal(1)), target=for_service())
    counter = at()
    counter.scan(paper.code)
    counter.says(paper.number, "info")
    way = counter.part("banner").get_by_role("link", name="Ouvrir le bon")
    expect(way).to_have_attribute("href", f"/documents/{paper.id}")


def test_a_session_that_ended_is_told_with_the_way_back_and_nothing_is_lost(at: At, room: Room, faults: Faults) -> None:
    faults.expect("401")
    counter = at()
    counter.place("A-01")
    counter.scan(GLOVES)
    counter.page.context.clear_cookies()
    counter.scan(GLOVES)
    tells_the_way_back(counter)
    expect(counter.line("Gants")).to_have_count(1)


def tells_the_way_back(counter: Counter) -> None:
    counter.says("Vous n’êtes plus connecté", "bad")
    way = counter.part("banner").locator("a")
    expect(way).to_have_text("Connexion")
    expect(way).to_have_attribute("href", re.compile(r"/sign-in\?next=%2Fstation"))


def test_a_session_that_ended_says_nothing_of_the_goods_that_the_device_knows(at: At, faults: Faults) -> None:
    faults.expect("401")
    counter = at()
    laid_in(counter)
    counter.place("A-01")
    with slow_house(counter) as answer:
        counter.scan(GLOVES)
        expect(counter.line("Gants")).to_have_count(1)
        counter.page.context.clear_cookies()
        answer()
        tells_the_way_back(counter)
    expect(counter.line("Gants")).not_to_have_class(re.compile("is-refused"))


def test_the_whole_paper_with_the_keyboard_alone(at: At, room: Room) -> None:
    counter = at(viewport=DESK)
    keyboard = counter.page.keyboard
    expect(counter.part("code")).to_be_focused()
    for code in ("A-01", "GAN-0003"):
        keyboard.type(code, delay=90)
        keyboard.press("Enter")
        counter.page.wait_for_timeout(200)
    expect(counter.line("Gants")).to_have_count(1)
    counter.walk("#service", most=12)
    keyboard.type("voirie", delay=120)
    counter.page.locator("#service-options [role=option]").first.wait_for()
    keyboard.press("Enter")
    counter.chosen("service")
    expect(counter.part("post")).to_be_enabled()
    counter.walk("[data-part=post]", most=8)
    keyboard.press("Enter")
    expect(counter.part("confirm")).to_be_visible()
    keyboard.press("Enter")
    counter.posted()
    assert len(room.papers()) == 1


def test_the_arrows_walk_the_answers_one_by_one(at: At) -> None:
    counter = at()
    box = counter.page.locator("#service")
    box.click()
    box.press_sequentially("e", delay=120)
    answers = counter.page.locator("#service-options [role=option]")
    expect(answers).to_have_count(2)
    expect(answers.nth(0)).to_have_attribute("aria-selected", "true")
    box.press("ArrowDown")
    expect(answers.nth(1)).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(counter.page.locator("#service-options")).to_be_hidden()


# – at once, put back, reversed --------------------------------------------------------------------------------------


@contextmanager
def slow_house(counter: Counter) -> Iterator[Callable[[], None]]:
    """Scans get no answer until the given function is called."""
    held: list[Route] | None = []

    def hold(route: Route) -> None:
        if held is None:
            route.continue_()
        else:
            held.append(route)

    def answer() -> None:
        nonlocal held
        waiting, held = held or [], None
        for route in waiting:
            route.continue_()

    counter.page.route("**/api/v1/scan?**", hold)
    try:
        yield answer
    finally:
        answer()


def laid_in(counter: Counter) -> None:
    """Until the device knows the warehouse too."""
    counter.page.wait_for_function(
        """() => new Promise((tell) => {
          const asked = indexedDB.open("makhazine");
          asked.onsuccess = () => {
            const all = asked.result.transaction("kept").objectStore("kept").getAll();
            all.onsuccess = () => { asked.result.close(); tell(all.result.some((one) => one.what === "snapshot")); };
          };
        })"""
    )


@contextmanager
def slow_to_wake(page: Page) -> Iterator[Callable[[], None]]:
    """The page is there, what makes it listen is on its way until it is let through: `with … as wake: …; wake()`."""
    waiting: list[Route] = []
    is_awake = Event()
    page.route("**/station*.js", lambda route: route.continue_() if is_awake.is_set() else waiting.append(route))
    page.reload(wait_until="commit")

    def wake() -> None:
        is_awake.set()
        while waiting:
            waiting.pop().continue_()

    yield wake


def test_a_tap_waits_until_the_page_listens(at: At) -> None:
    counter = at()
    with slow_to_wake(counter.page) as wake:
        button = counter.part("place").locator("[data-act=anyPlace]")
        with pytest.raises(TimeoutError):
            button.click(timeout=1000)
        wake()
        button.click()
        expect(counter.part("place")).to_have_class(re.compile("is-set"))


def test_a_code_sent_off_before_the_page_listens_is_taken_and_once(at: At) -> None:
    counter = at("return")
    counter.place("A-01")
    with slow_to_wake(counter.page) as wake:
        with counter.page.expect_navigation(wait_until="commit"):
            counter.type(GLOVES)
        wake()
        expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("1")
        expect(counter.page).to_have_url(re.compile("kind=return"))
    counter.page.reload()
    counter.scan(GLOVES)
    expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("2")


def test_a_line_stands_there_before_a_slow_house_answers(at: At, room: Room) -> None:
    counter = at()
    laid_in(counter)
    counter.place("A-01")
    with slow_house(counter) as answer:
        room.post("issue", LineOrder("GAN-0003", Decimal(100)), target=for_service())
        counter.scan(GLOVES)
        expect(counter.line("Gants")).to_have_class(re.compile("is-old"))
        assert figures(counter.line("Gants").locator('[data-field="change"]').inner_text()) == "400 → 399"
        expect(counter.part("asOf")).to_be_hidden()
        counter.scan(GLOVES)
        answer()
        expect(counter.line("Gants")).not_to_have_class(re.compile("is-old"))
        expect(counter.line("Gants").locator('[data-field="change"]')).to_contain_text("300")
        expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("2")


def test_a_house_that_finds_too_little_says_so_when_it_answers(at: At, room: Room) -> None:
    counter = at()
    laid_in(counter)
    counter.place("B-02")
    with slow_house(counter) as answer:
        room.post("issue", LineOrder("CIM-0001", Decimal(18)), target=for_service("VOIRIE"))
        counter.scan(CEMENT)
        expect(counter.part("banner")).to_have_class("banner is-good")
        answer()
        expect(counter.part("banner")).to_have_class("banner is-bad")
        expect(counter.part("regularise")).to_be_visible()


def test_a_number_sets_the_quantity_before_a_scan_and_after_it(at: At) -> None:
    counter = at()
    counter.place("A-01")
    counter.part("code").fill("5")
    counter.scan(GLOVES)
    expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("5")
    counter.scan(GLOVES)
    expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("6")
    counter.type("9")
    expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("9")
    expect(counter.part("code")).to_be_focused()
    counter.part("code").fill("4")
    counter.scan(GLOVES)
    expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("4")
    counter.type("2,5")
    counter.says("unités", "bad")
    expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("4")
    counter.place("B-02")
    counter.scan(BLEACH)
    counter.type("2,5")
    expect(counter.line("Javel").locator("[data-quantity]")).to_have_value("2,5")


def test_a_number_before_anything_waits_for_the_goods(at: At) -> None:
    counter = at()
    counter.place("A-01")
    counter.type("12")
    expect(counter.part("code")).to_have_value("12")
    counter.scan(CARTON)
    expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("12")
    expect(counter.part("code")).to_have_value("")


def test_a_removed_line_is_put_back_where_it_was(at: At, room: Room) -> None:
    counter = at()
    counter.place("B-02")
    for code in (CEMENT, CEMENT, BLEACH):
        counter.scan(code)
    counter.line("Ciment").locator("[data-do=remove]").focus()
    counter.page.keyboard.press("Enter")
    expect(counter.lines).to_have_count(1)
    expect(counter.part("undo")).to_be_visible()
    counter.part("undo").focus()
    counter.page.keyboard.press("Enter")
    expect(counter.line("Ciment").locator("[data-quantity]")).to_have_value("2")
    expect(counter.lines.nth(1)).to_contain_text("Ciment")
    expect(counter.part("undo")).to_be_hidden()
    counter.line("Ciment").locator("[data-do=remove]").click()
    counter.scan(CEMENT)
    counter.page.evaluate("document.querySelector('[data-act=undo]').click()")
    expect(counter.line("Ciment")).to_have_count(1)
    expect(counter.line("Ciment").locator("[data-quantity]")).to_have_value("3")


def test_a_mistake_is_reversed_from_the_result_once(at: At, room: Room) -> None:
    counter = at()
    counter.place("A-01")
    counter.scan(GLOVES)
    counter.choose("service", "anfa")
    counter.post()
    counter.posted()
    assert room.holds("GAN-0003") == 399
    counter.page.locator("[data-act=askReversal]").click()
    expect(counter.part("reverseReason")).to_be_focused()
    counter.part("reverseReason").fill("Erreur de service")
    counter.part("reverseForm").evaluate("(form) => { form.requestSubmit(); form.requestSubmit(); }")
    expect(counter.part("result").locator('[data-field="reversed"]')).to_contain_text(f"{room.code}/AN/")
    expect(counter.page.locator("[data-act=askReversal]")).to_be_hidden()
    assert (room.holds("GAN-0003"), len(room.papers("reversal"))) == (400, 1)
    counter.part("result").locator("[data-act=next]").click()
    expect(counter.part("code")).to_be_focused()


def test_two_taps_post_one_paper(at: At, room: Room) -> None:
    counter = at()
    counter.place("A-01")
    counter.scan(GLOVES)
    counter.choose("service", "anfa")
    counter.part("post").click()
    counter.part("confirm").locator("[data-act=post]").evaluate("(button) => { button.click(); button.click(); }")
    counter.posted()
    assert len(room.papers("issue")) == 1
