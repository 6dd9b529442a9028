"""Without network: everything scanned is kept, sent in order when the network is back, posted once; what is refused
stays until a person settles it; nobody reads what another left on the device."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from inventory import audit, clock
from inventory.catalogue import NewItem, add_item
from inventory.database import transaction
from inventory.documents import LineOrder, Side
from tests.browser.counter import Counter
from tests.browser.device import Device
from tests.browser.judge import foreign_words, grave_faults, overflow
from tests.browser.store import PASSWORD, Room, Store, for_service
from tests.browser.test_station import CARTON, CEMENT, GLOVES, figures
from tests.databases import Database

Held = Callable[..., Device]
TOOLS = tuple(f"OUT-{number:04}" for number in range(1, 13))


@pytest.fixture
def held(browser: Browser, tmp_path: Path, store: Store) -> Iterator[Held]:
    """Take a device in the hand: `held("phone")`, `held(of=other_store)`."""
    devices: list[Device] = []

    def taken(name: str = "phone", of: Store = store, **options: str) -> Device:
        devices.append(Device(browser.browser_type, tmp_path / name, of, **options))
        return devices[-1]

    yield taken
    for device in devices:
        device.close()


def off(device: Device, room: Room, kind: str = "issue") -> Counter:
    """The storekeeper at the station, everything laid in, and then the network is gone."""
    device.enter(room.storekeeper)
    counter = device.station(room, kind)
    device.lay_in()
    device.off()
    return counter


def paper(counter: Counter, note: str, *codes: str, place: str = "A-01") -> str:
    """One paper to the office of Anfa; returns the short form on its provisional slip."""
    counter.place(place)
    for code in codes:
        counter.scan(code)
    return handed(counter, note)


def handed(counter: Counter, note: str) -> str:
    counter.choose("service", "anfa")
    write(counter, note)
    counter.post()
    slip = counter.slip()
    counter.part("slip").locator("[data-act=next]").click()
    return slip


def write(counter: Counter, note: str) -> None:
    details = counter.page.locator(".station-more")
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    counter.page.locator("[name=note]").fill(note)


def whole(counter: Counter, note: str) -> None:
    """A paper of twelve lines."""
    counter.place("A-01")
    for code in TOOLS:
        counter.scan(code)
    handed(counter, note)


def furnish(room: Room) -> None:
    """Twelve kinds of tools on the first shelf."""

    def add() -> None:
        with transaction():
            for code in TOOLS:
                add_item(NewItem(code, "pièce", f"Outil {code}"))

    room.store.within(add)
    lines = (LineOrder(code, Decimal(50), location="A-01") for code in TOOLS)
    room.post("receipt", *lines, source=Side("supplier", "SOTHEMA"))


def settled(device: Device, sent: int = 1) -> None:
    """Wait until everything is away, and stay on the list that says so."""
    device.page.goto("/station/waiting")
    expect(device.page.locator(".waiting-paper[data-state=sent]")).to_have_count(sent)
    expect(device.page.locator(".waiting-paper[data-state=waiting]")).to_have_count(0)


# – the story of the issue --------------------------------------------------------------------------------------------


def test_sixty_scans_offline_are_posted_once(database: Database, browser: Browser, held: Held, tmp_path: Path) -> None:
    """60 scans without network, the phone dead half way, the server killed twice while they are sent, a network that
    comes and goes: 60 lines posted exactly once and in order; one refused paper stays to be settled."""
    store = Store(database, tmp_path)
    try:
        room = store.room()
        furnish(room)
        device = held(of=store)
        counter = off(device, room)
        store.server.kill()
        for number in (1, 2):
            whole(counter, f"paper {number}")
        expect(device.page.locator("[data-network]")).to_contain_text("2 en attente, le plus ancien")
        counter.place("B-02")
        counter.part("code").fill("19")
        counter.scan(CEMENT)  # more than the house knows of, yet an old balance only warns
        device.die()
        device.begin()
        device.enter(room.storekeeper)  # the browser had not yet written its cookies down
        counter = device.station(room)
        expect(counter.line("Ciment").locator("[data-quantity]")).to_have_value("19")
        handed(counter, "too much")
        for number in (3, 4, 5):
            whole(counter, f"paper {number}")
        device.page.close()
        device.page = device.context.new_page()
        posts = Posts(device.page, store)
        device.page.goto("/station/waiting")
        expect(device.page.locator(".waiting-paper[data-state=waiting]")).to_have_count(6)
        store.server.start()
        device.on()
        expect(device.page.locator(".waiting-paper[data-state=sent]").first).to_be_attached(timeout=20_000)
        device.off()
        device.on()
        expect(device.page.locator(".waiting-paper[data-state=sent]")).to_have_count(5, timeout=30_000)
        expect(device.page.locator(".waiting-paper[data-state=waiting]")).to_have_count(0)
        assert posts.killed == 2
        papers = room.papers("issue")
        assert [one["note"] for one in papers] == [f"paper {number}" for number in range(1, 6)]
        assert [len(one["lines"]) for one in papers] == [12] * 5
        assert [[line["item"] for line in one["lines"]] for one in papers] == [list(TOOLS)] * 5
        assert {room.holds(code) for code in TOOLS} == {45}
        for _ in range(2):  # still there when the page is opened again
            refused = device.page.locator(".waiting-paper[data-state=refused]")
            expect(refused).to_have_count(1)
            expect(refused.locator(".why")).to_contain_text("Ciment")
            expect(device.page.locator("[data-network]")).to_contain_text("refusés : 1")
            device.page.reload()
        assert len(room.papers("issue")) == 5
    finally:
        store.server.stop()


class Posts:
    """Stands at the wire: the server dies before the second paper reaches it, and again after it posted the fourth but
    before it could say so. Each time it comes back a moment later."""

    def __init__(self, page: Page, store: Store) -> None:
        self.store, self.seen, self.killed = store, 0, 0
        page.route("**/api/v1/documents", self.look)

    def look(self, route: Route) -> None:
        self.seen += 1
        if self.seen not in (2, 6):
            return route.continue_()
        if self.seen == 6:
            route.fetch()
        self.store.server.kill()
        self.killed += 1
        route.abort("connectionreset")
        return self.store.server.start()


# – what one sees and does without network ----------------------------------------------------------------------------


def test_the_station_opens_without_network_after_the_phone_was_off(held: Held, room: Room) -> None:
    device = held()
    off(device, room)
    room.store.server.kill()
    try:
        device.die()
        device.begin()
        counter = device.station(room)
        counter.place("A-01")
        counter.scan(GLOVES)
        assert figures(counter.line("Gants").locator('[data-field="change"]').inner_text()) == "400 → 399"
        expect(counter.part("asOf")).to_contain_text("Soldes du")
        counter.page.locator(".filter-chips .chip", has_text="Recevoir").click()  # a page that was not open before
        expect(counter.page.locator("[data-station][data-kind=receipt][data-ready]")).to_be_visible()
        assert device.sign == "Pas de réseau"
        device.page.goto("/stock")
        expect(device.page.locator("h1")).to_contain_text("Pas de réseau")
    finally:
        room.store.server.start()


def test_a_code_typed_in_small_letters_means_the_same_with_and_without_network(held: Held, room: Room) -> None:
    device = held()
    device.enter(room.storekeeper)
    counter = device.station(room)
    device.lay_in()
    for _ in ("with the house", "without network"):
        counter.type("a-01")
        counter.says("A-01", "good")
        counter.type("gan-0003")
        expect(counter.line("Gants")).to_be_visible()
        device.off()


def test_the_bare_address_of_the_station_opens_the_same_without_network(held: Held, room: Room) -> None:
    """The middle of the bar at the thumb names no kind of paper: it must not be another one below ground."""
    device = held()
    device.enter(room.storekeeper)
    device.station(room, "receipt")
    device.lay_in()
    for _ in ("with the house", "without network"):
        device.page.goto("/station")
        expect(device.page.locator("[data-station][data-kind=issue][data-ready]")).to_be_visible()
        device.off()


def test_what_waits_is_taken_from_the_balances_shown(held: Held, room: Room) -> None:
    device = held()
    counter = off(device, room)
    paper(counter, "first", GLOVES, CARTON)
    counter.scan(GLOVES)
    assert figures(counter.line("Gants").locator('[data-field="change"]').inner_text()) == "349 → 348"
    counter.scan(room.label(item="MED-0001"))
    expect(counter.line("Amoxicilline")).to_contain_text("LX-SOON")
    counter.scan(f"HTTPS://HOST/S/{room.label(item='MED-0001', lot='LX-PAST')}.2")  # a later label
    counter.says("périmé", "bad")
    counter.scan("9999999999994")
    counter.says("Inconnu sur cet appareil", "bad")


def test_a_makers_code_is_read_without_network(held: Held, room: Room) -> None:
    device = held()
    counter = off(device, room, "receipt")
    counter.place("A-01")
    counter.type("(01)06111245030036(17)290131(10)LN-9")
    expect(counter.field("lot", "Amoxicilline")).to_have_value("LN-9")
    expect(counter.field("expiresOn", "Amoxicilline")).to_have_value("2029-01-31")
    counter.type("(01)06111245030037(17)290131(10)LN-9")  # a wrong check digit: nothing is guessed
    counter.says("Inconnu sur cet appareil", "bad")


def test_a_slip_has_no_number_and_becomes_the_paper(held: Held, room: Room) -> None:
    device = held()
    counter = off(device, room)
    counter.place("A-01")
    counter.scan(GLOVES)
    counter.choose("service", "anfa")
    counter.post()
    assert re.fullmatch(r"[0-9A-F]{4}-[0-9A-F]{4}", counter.slip())
    expect(counter.part("slip")).to_contain_text("Pas encore un bon")
    expect(counter.part("slip")).not_to_contain_text("/2")
    device.on()
    assert counter.posted().startswith("1/")
    assert len(room.papers()) == 1


def test_enter_takes_the_other_side_from_this_device_at_once(held: Held, room: Room) -> None:
    counter = off(held(), room)
    box = counter.page.locator("#service")
    box.press_sequentially("anfa", delay=90)  # faster is a scanner
    box.press("Enter")
    expect(counter.page.locator("[name=service]")).to_have_value("BH-ANFA")


def test_a_paper_lies_on_the_table_or_waits_never_both(held: Held, room: Room) -> None:
    device = held()
    counter = off(device, room)
    counter.place("A-01")
    counter.scan(GLOVES)
    counter.choose("service", "anfa")
    counter.post()
    counter.slip()
    device.die()  # the very moment after it was kept
    device.begin()
    device.enter(room.storekeeper)
    counter = device.station(room)
    expect(counter.part("place")).to_contain_text("A-01")
    expect(counter.lines).to_have_count(0)
    device.page.goto("/station/waiting")
    expect(device.page.locator(".waiting-paper")).to_have_count(1)


def test_a_refused_paper_is_put_right_or_set_aside(held: Held, room: Room) -> None:
    device = held()
    counter = off(device, room)
    for note, count in (("put right", "5"), ("set aside", "6")):
        counter.place("B-02")
        counter.part("code").fill(count)
        counter.scan(CEMENT)
        handed(counter, note)
    room.post("issue", LineOrder("CIM-0001", Decimal(15)), target=for_service("VOIRIE"))
    device.on()
    device.page.goto("/station/waiting")
    refused = device.page.locator(".waiting-paper[data-state=refused]")
    expect(refused).to_have_count(2)
    refused.nth(1).locator("[data-act=aside]").click()
    device.page.locator("[data-part=reason]").fill("Les sacs sont restés au dépôt")
    device.page.locator("[data-part=asideForm] button.is-danger").click()
    expect(refused).to_have_count(1)
    expect(device.page.locator(".waiting-paper")).to_have_count(1)
    (record,) = room.store.within(lambda: list(audit.records(action="paper.set_aside", actor=room.storekeeper)))
    assert record.details["reason"] == "Les sacs sont restés au dépôt"
    assert [(one["item"], one["quantity"]) for one in record.details["lines"]] == [("CIM-0001", "6")]
    refused.locator("[data-field=correct]").click()
    expect(counter.line("Ciment").locator(".why")).not_to_be_empty()
    quantity = counter.line("Ciment").locator("[data-quantity]")
    quantity.fill("2")
    quantity.press("Enter")
    counter.post()
    counter.posted()
    expect(device.page.locator("[data-network]")).to_be_hidden()
    assert room.holds("CIM-0001") == 1


def test_two_devices_with_wrong_clocks_days_apart(held: Held, room: Room) -> None:
    """One phone is five hours fast, the other two days slow; both papers bear the day of the house."""
    wrong = """(() => { const real = Date; const by = %d; const far = class extends real {
      constructor(...given) { super(...(given.length ? given : [real.now() + by])); }
      static now() { return real.now() + by; } };
      globalThis.Date = far; })()"""
    fast = held("fast", script=wrong % (5 * 3600_000))
    slow = held("slow", script=wrong % (-48 * 3600_000))
    counters = [(off(device, room), device) for device in (fast, slow)]
    for number, (counter, _) in enumerate(counters):
        paper(counter, f"device {number}", GLOVES)
    for _, device in reversed(counters):
        expect(device.page.locator("[data-network]")).to_contain_text("1 en attente, le plus ancien : ⁨1 min⁩")
        device.on()
        settled(device)
    papers = room.papers()
    today = room.store.within(lambda: clock.today().isoformat())
    assert [(one["note"], one["on"]) for one in papers] == [("device 1", today), ("device 0", today)]
    assert room.holds("GAN-0003") == 398


# – whose it is -------------------------------------------------------------------------------------------------------


def test_another_person_reads_nothing_and_sends_nothing_of_it(held: Held, room: Room) -> None:
    device = held()
    counter = off(device, room)
    paper(counter, "pour la cantine", GLOVES)
    counter.scan(CARTON)
    before = device.everything()
    assert all(word not in before for word in ("GAN-0003", "cantine", "ANFA", "Gants"))
    other = room.store.room()
    device.page.route("**/api/v1/documents", lambda route: route.abort())  # it waits still when the other comes
    device.on()
    device.enter(other.storekeeper)
    device.page.goto("/")
    expect(device.page.locator("[data-network]")).to_contain_text("d’autres : 1")
    device.page.unroute("**/api/v1/documents")
    counter = device.station(other)
    device.lay_in()
    expect(counter.lines).to_have_count(0)
    device.page.goto("/station/waiting")
    expect(device.page.locator("[data-part=others]")).to_contain_text("1")
    expect(device.page.locator(".waiting-paper")).to_have_count(0)
    device.off()
    device.page.goto(f"/station?kind=issue&warehouse={room.code}")
    expect(device.page.locator("body")).not_to_contain_text(room.code)
    device.on()
    assert room.papers() == []
    device.enter(room.storekeeper)
    settled(device)
    assert [one["note"] for one in room.papers()] == ["pour la cantine"]
    counter = device.station(room)
    expect(counter.lines).to_have_count(1)


def test_signing_out_with_waiting_papers_asks_first(held: Held, room: Room) -> None:
    device = held()
    counter = off(device, room)
    paper(counter, "later", GLOVES)
    sign_out(device.page)
    leaving = device.page.locator("#leaving")
    expect(leaving).to_contain_text("1 ")
    leaving.locator("[data-close]").click()
    expect(device.page.locator("[data-station]")).to_be_visible()
    sign_out(device.page)
    leaving.locator("[data-leave]").click()
    expect(device.page.locator("h1")).to_contain_text("Pas de réseau")
    device.page.goto("/station")
    expect(device.page.locator("h1")).to_contain_text("Pas de réseau")  # nobody is here: nothing of anybody is shown
    device.on()
    device.page.goto("/stock")  # the house had not heard of it: it hears first of all
    expect(device.page).to_have_url(re.compile("/sign-in"))
    assert room.papers() == []
    device.page.locator("[name=username]").fill(room.storekeeper)
    device.page.locator("[name=password]").fill(PASSWORD)
    device.page.locator("[name=password]").press("Enter")
    expect(device.page).not_to_have_url(re.compile("/sign-in"))
    settled(device)
    assert len(room.papers()) == 1


def sign_out(page: Page) -> None:
    page.locator("header details.menu").last.locator("summary").click()
    page.locator("[data-sign-out] button").click()


# – how it looks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_nobody_is_kept_out(held: Held, room: Room, language: str) -> None:
    device = held(language=language)
    counter = off(device, room)
    counter.place("A-01")
    counter.scan(GLOVES)
    seen = [judged(device.page)]
    counter.choose("service", "BH")
    counter.post()
    counter.slip()
    seen.append(judged(device.page))
    room.post("issue", LineOrder("GAN-0003", Decimal(400)), target=for_service("VOIRIE"))
    device.page.goto("/station/waiting")
    expect(device.page.locator(".waiting-paper")).to_have_count(1)
    seen.append(judged(device.page))
    device.on()
    expect(device.page.locator(".waiting-paper[data-state=refused]")).to_have_count(1)
    seen.append(judged(device.page))
    assert seen == [[], [], [], []]
    if language == "ar":
        assert foreign_words(device.page) == []


def judged(page: Page) -> list[str]:
    return grave_faults(page) + overflow(page)
