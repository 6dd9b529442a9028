"""The station's eye: a label as we print it, before a camera and on a picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from inventory import labels
from inventory.labels import Label
from inventory.names import Names
from inventory.press import Press
from tests.browser.conftest import PHONE
from tests.browser.counter import Counter
from tests.browser.store import Room
from tests.pages import pages

FILM = (640, 480)


def label_of(room: Room, item: str) -> Image.Image:
    """The first label of a sheet, printed and seen from near."""
    made = Label(code=room.label(item=item), names=Names(ar="قفازات نيتريل", fr="Gants nitrile"), reference=item)
    with labels.pdf([(made, 1)], room.store.url, Press(), medium=labels.DEFAULT_MEDIUM) as file:
        (sheet,) = pages(file.read())
    return sheet.picture(203).crop((0, 0, 560, 300))


def film(path: Path, picture: Image.Image) -> None:
    """A film of one label lying still, as the browser's fake camera reads it (YUV4MPEG2, 4:2:0, grey)."""
    width, height = FILM
    seen = Image.new("L", FILM, 200)
    seen.paste(picture, ((width - picture.width) // 2, (height - picture.height) // 2))
    frame = b"FRAME\n" + seen.tobytes() + bytes([128]) * (width * height // 2)
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 3)


@pytest.fixture
def counter(visit: Callable[..., Page], room: Room) -> Counter:
    return Counter(visit("/station?kind=issue", room.storekeeper), room)


def test_a_label_on_a_picture_is_read(counter: Counter, tmp_path: Path) -> None:
    counter.type("A-01")
    counter.says("A-01", "good")
    label_of(counter.room, "GAN-0003").save(tmp_path / "label.png")
    counter.part("picture").set_input_files(tmp_path / "label.png")
    expect(counter.line("Gants")).to_have_count(1)
    Image.new("RGB", (300, 300), "white").save(tmp_path / "nothing.jpg")
    counter.part("picture").set_input_files(tmp_path / "nothing.jpg")
    counter.says("Aucun code", "bad")
    expect(counter.lines).to_have_count(1)


def test_no_camera_is_told_in_words(counter: Counter) -> None:
    counter.page.locator("[data-act=look]").click()
    expect(counter.part("banner")).to_have_class("banner is-bad")
    expect(counter.part("eye")).to_be_hidden()


def test_a_label_before_the_camera_counts_once(room: Room, camera: Callable[[Path], Browser], tmp_path: Path) -> None:
    film(tmp_path / "label.y4m", label_of(room, "GAN-0003"))
    context = camera(tmp_path / "label.y4m").new_context(viewport=PHONE, base_url=room.store.url)
    context.add_cookies([room.store.session(room.storekeeper)])  # type: ignore[list-item]
    page = context.new_page()
    page.goto("/station?kind=issue")
    counter = Counter(page, room)
    counter.type("A-01")
    page.locator("[data-act=look]").click()
    expect(counter.part("eye")).to_be_visible()
    expect(counter.line("Gants")).to_have_count(1, timeout=15_000)
    page.wait_for_timeout(4000)  # longer than the same code is ignored: it lies there all the time
    expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("1")
    page.locator("[data-act=look]").click()
    expect(counter.part("eye")).to_be_hidden()
