"""One device, two storekeepers: each comes in by PIN or badge, finds what is theirs, and signs the papers that are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from inventory import access, clock, documents, sessions
from inventory.database import transaction
from inventory.warehouses import get_warehouse
from inventory.web.session import device_cookie
from tests.browser.conftest import DESK
from tests.browser.counter import RADIO, Counter, Scanner
from tests.browser.device import Device
from tests.browser.judge import grave_faults, overflow
from tests.browser.store import PASSWORD, Room, Store
from tests.browser.test_station import CEMENT, GLOVES

PINS = ("482915", "907351")


@pytest.fixture
def tablet(browser: Browser, tmp_path: Path, store: Store) -> Iterator[Device]:
    device = Device(browser.browser_type, tmp_path / "tablet", store)
    yield device
    device.close()


@pytest.fixture
def pair(store: Store, room: Room) -> tuple[str, str]:
    """The storekeeper of the room, and a second one."""

    def add() -> str:
        with transaction():
            name = f"{room.storekeeper}-b"
            second = access.add_user(name, PASSWORD, at=clock.now(), display_name="Brahim", language="fr")
            access.grant(second, "storekeeper", get_warehouse(room.code), at=clock.now())
            return name

    return room.storekeeper, store.within(add)


def by_password(page: Page, username: str) -> None:
    page.goto("/sign-in")
    door = page.locator("details", has_text="Avec le mot de passe")
    if door.count() and door.get_attribute("open") is None:
        door.locator("summary").click()
    form = page.locator("form[action$='/sign-in']")
    form.locator("[name=username]").fill(username)
    form.locator("[name=password]").fill(PASSWORD)
    form.locator("button").click()
    expect(page.locator(f"body[data-person={username}]")).to_be_attached()


def share(page: Page, pair: tuple[str, str]) -> None:
    """The first of them shares the device; both set a PIN on it; it is locked."""
    by_password(page, pair[0])
    page.goto("/account")
    page.locator("[name=device_name]").fill("Tablette du comptoir")
    page.locator("[name=device_password]").fill(PASSWORD)
    page.get_by_role("button", name="Partager cet appareil").click()
    for username, pin in zip(pair, PINS, strict=True):
        if username != pair[0]:
            by_password(page, username)
            page.goto("/account")
        for name, value in (("pin_password", PASSWORD), ("pin", pin), ("pin_again", pin)):
            page.locator(f"[name={name}]").fill(value)
        page.get_by_role("button", name="Définir le code PIN").click()
        expect(page.get_by_text("Votre code PIN est défini")).to_be_visible()
        lock(page)


@pytest.fixture
def locked(tablet: Device, pair: tuple[str, str]) -> Device:
    """The tablet as ``share`` leaves it: shared by the first, with the PINs of both, locked."""

    def shared() -> str:
        at, today = clock.now(), clock.today()
        first, second = (access.identity_of(access.get_user(username)) for username in pair)
        with transaction():
            device, key = sessions.enrol("Tablette du comptoir", by=first, at=at, today=today, address="")
            sessions.admit(device.id, second, at=at)
            for person, pin in zip((first, second), PINS, strict=True):
                sessions.set_pin(device, key, pin, by=person, at=at, address="")
        return key

    name = tablet.store.within(device_cookie)
    tablet.context.add_cookies([{"name": name, "value": tablet.store.within(shared), "url": tablet.address}])
    tablet.page.goto("/sign-in")
    expect(tablet.page.get_by_role("heading", name="Qui arrive ?")).to_be_visible()
    return tablet


def lock(page: Page) -> None:
    page.locator("form[data-lock] button").click()
    expect(page.get_by_role("heading", name="Qui arrive ?")).to_be_visible()
    page.wait_for_load_state()  # nobody types a PIN before that


def come_in(page: Page, username: str, pin: str) -> None:
    page.locator(f"[name=username][value='{username}']").check(force=True)
    page.locator("[name=pin]").fill(pin)
    page.get_by_role("button", name="Entrer").first.click()
    expect(page.locator(f"body[data-person='{username}']")).to_be_attached()


def authors(room: Room) -> list[str]:
    """Who posted the papers of the room, the oldest first, but the opening."""

    def found() -> list[str]:
        papers, _more = documents.find_documents(documents.Filters(warehouse_ids=[get_warehouse(room.code).id]))
        return [one.by for one in reversed(papers) if one.kind == "issue"]

    names: list[str] = room.store.within(found)
    return names


def issue(counter: Counter, code: str = "") -> None:
    if code:
        counter.place("B-02")
        counter.scan(code)
    counter.choose("service", "anfa")
    counter.post()
    expect(counter.part("result")).to_be_visible()


def test_two_storekeepers_on_one_device_each_find_their_own_lines_and_sign_their_own_papers(
    tablet: Device, room: Room, pair: tuple[str, str]
) -> None:
    page, (first, second) = tablet.page, pair
    share(page, pair)
    come_in(page, first, PINS[0])
    counter = tablet.station(room)
    counter.place("A-01")
    counter.scan(GLOVES)
    expect(counter.line("Gants")).to_be_visible()
    lock(page)

    come_in(page, second, PINS[1])
    counter = tablet.station(room)
    expect(counter.line("Gants")).to_have_count(0)
    seen = tablet.everything()
    assert f'"username":"{second}"' in seen
    assert "GAN-0003" not in seen
    assert page.evaluate("""async () => {
      const done = (asked) => new Promise((tell) => { asked.onsuccess = () => tell(asked.result); });
      const room = await done(indexedDB.open("makhazine"));
      const keys = await done(room.transaction("keys").objectStore("keys").getAllKeys());
      room.close();
      return keys;
    }""") == [second]
    issue(counter, CEMENT)
    lock(page)

    come_in(page, first, PINS[0])
    counter = tablet.station(room)
    expect(counter.line("Gants")).to_be_visible()
    issue(counter)
    assert authors(room) == [second, first]


def test_a_wrong_pin_lets_nobody_in_and_the_way_back_shows_nothing(locked: Device, pair: tuple[str, str]) -> None:
    page = locked.page
    come_in(page, pair[0], PINS[0])
    page.goto("/stock")
    lock(page)
    page.locator(f"[name=username][value='{pair[0]}']").check(force=True)
    page.locator("[name=pin]").fill("135790")
    page.get_by_role("button", name="Entrer").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Ce code PIN n’ouvre pas")
    for _ in range(2):
        with suppress(Error):  # the page that comes back may lock itself before it is there
            page.go_back()
        page.wait_for_load_state()
    expect(page.locator("body[data-person]")).to_have_count(0)


def test_the_device_locks_by_itself_on_every_page(locked: Device, room: Room, pair: tuple[str, str]) -> None:
    page = locked.page
    come_in(page, pair[0], PINS[0])
    page.clock.install()
    counter = locked.station(room)
    page.clock.run_for(60_000)
    counter.place("A-01")  # somebody works: it stays open
    page.clock.run_for(90_000)
    expect(page.locator("[data-station]")).to_be_visible()
    page.clock.run_for(40_000)
    expect(page.get_by_role("heading", name="Qui arrive ?")).to_be_visible()


@pytest.mark.parametrize(
    "how",
    [{}, {"rests": {2: 0.5}, "told": RADIO}, {"rests": {9: 1.2}, "told": RADIO}, {"late": {9: 2.5}}],
    ids=["whole", "begun", "divided", "late"],
)
def test_a_badge_read_by_a_scanner_says_who_comes(
    locked: Device, store: Store, pair: tuple[str, str], how: dict[str, Any]
) -> None:
    page, code = locked.page, "MKB" + pair[1].replace("-", "").upper().replace("O", "0").ljust(26, "7")

    def issued() -> None:
        with transaction():
            user = access.get_user(pair[1])
            by = access.identity_of(user)
            sessions.issue_badge(user.id, user.username, code, by=by, at=clock.now(), address="")

    store.within(issued)
    Scanner(page, layout="arabic").scan(code, **how)
    expect(page.get_by_text("Badge lu. Maintenant le code PIN.")).to_be_visible()
    page.locator("[name=pin]").fill(PINS[1])
    page.get_by_role("button", name="Entrer").click()
    expect(page.locator(f"body[data-person='{pair[1]}']")).to_be_attached()


def test_without_network_only_whoever_locked_it_opens_it_again(
    locked: Device, room: Room, pair: tuple[str, str]
) -> None:
    page = locked.page
    come_in(page, pair[0], PINS[0])
    counter = locked.station(room)
    locked.lay_in()
    locked.off()
    counter.place("A-01")
    counter.scan(GLOVES)
    expect(counter.line("Gants")).to_be_visible()
    page.locator("form[data-lock] button").click()
    door = page.locator("[data-unlock]")
    expect(door).to_be_visible()
    expect(door.locator("[data-who]")).to_have_text(pair[0])
    assert "GAN-0003" not in locked.everything()
    page.goto("/station")  # nothing of anybody is shown
    expect(door).to_be_visible()
    for pin in (PINS[1], PINS[0]):
        door.locator("input").fill(pin)
        door.get_by_role("button").click()
        if pin != PINS[0]:
            expect(door.locator("[data-wrong]")).to_be_visible()
    expect(page.locator("[data-station][data-ready]")).to_be_visible()
    counter = Counter(page, room)
    expect(counter.line("Gants")).to_be_visible()
    counter.choose("service", "anfa")
    counter.post()
    counter.slip()
    locked.on()
    page.goto("/station/waiting")
    expect(page.locator(".waiting-paper[data-state=sent]")).to_have_count(1)
    assert authors(room) == [pair[0]]


def test_wrong_pins_without_network_close_the_device_until_there_is_one(
    locked: Device, room: Room, pair: tuple[str, str]
) -> None:
    page = locked.page
    come_in(page, pair[0], PINS[0])
    locked.station(room)
    locked.lay_in()
    locked.off()
    page.locator("form[data-lock] button").click()
    door = page.locator("[data-unlock]")
    for left in (4, 3, 2, 1, 0):
        expect(door).to_be_visible()
        door.locator("input").fill("135790")
        door.get_by_role("button").click()
        expect(door.locator("input")).to_have_value("")
        expect(door).to_be_visible(visible=bool(left))


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_lock_is_clear_in_both_directions(
    locked: Device, pair: tuple[str, str], picture: Callable[..., Path], language: str, size: str
) -> None:
    page = locked.page
    if size == "desk":
        page.set_viewport_size(DESK)
    if language == "ar":
        page.locator("button[value=ar]").click()
    picture(f"lock-{language}-{size}", of=page)
    assert grave_faults(page) + overflow(page) == []
