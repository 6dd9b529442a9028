"""The station's eye: a label as we print it, before a camera and on a picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from inventory import labels
from inventory.labels import Label
from inventory.names import Names
from inventory.press import Press
from tests.browser.conftest import PHONE
from tests.browser.counter import Counter
from tests.browser.film import BENCH, Film
from tests.browser.store import Room
from tests.pages import pages

VIEW = (640, 480)
TRADE = "6111245030036"
BARS, MATRIX, QR, EAN, OLD = (
    zxingcpp.BarcodeFormat.Code128, zxingcpp.BarcodeFormat.DataMatrix, zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.EAN13, zxingcpp.BarcodeFormat.Code39,
)  # fmt: skip


def drawn(text: str, kind: zxingcpp.BarcodeFormat = QR, scale: int = 4) -> Image.Image:
    """A code as a printer draws it; brackets make a maker's code of it."""
    made = zxingcpp.create_barcode(text, kind, gs1=text.startswith("(")).to_image(scale=scale)
    height, width = made.shape
    return Image.frombytes("L", (width, height), bytes(memoryview(made)))


def board(*codes: Image.Image) -> Image.Image:
    """Codes that are in view together, beside each other, then below."""
    seen = Image.new("L", VIEW, BENCH)
    x, y, low = 10, 10, 0
    for code in codes:
        if x + code.width > VIEW[0]:
            x, y, low = 10, y + low + 40, 0
        seen.paste(code, (x, y))
        x, low = x + code.width + 60, max(low, code.height)
    return seen


def label_of(room: Room, item: str) -> Image.Image:
    """The first label of a sheet, printed and seen from near."""
    made = Label(code=room.label(item=item), names=Names(ar="قفازات نيتريل", fr="Gants nitrile"), reference=item)
    with labels.pdf([(made, 1)], room.store.url, Press(), medium=labels.DEFAULT_MEDIUM) as file:
        (sheet,) = pages(file.read())
    return sheet.picture(203).crop((0, 0, 560, 300))


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


@pytest.fixture
def show(counter: Counter, tmp_path: Path) -> Callable[[Image.Image], None]:
    """Hand the station a picture from a file, and wait until it has said something."""

    def shown(picture: Image.Image) -> None:
        counter.page.evaluate("document.querySelector('[data-part=announce]').textContent = ''")
        picture.save(tmp_path / "picture.png")
        counter.part("picture").set_input_files(tmp_path / "picture.png")

    return shown


def test_every_kind_of_code_is_read_on_a_picture(counter: Counter, show: Callable[[Image.Image], None]) -> None:
    counter.type("A-01")
    counter.says("A-01", "good")
    label = counter.room.label(item="GAN-0003")
    maker = f"(01)0{TRADE}(10)LX-LATER"
    kinds = [
        drawn(TRADE, EAN), drawn(f"{maker}(21)5", BARS, 2), drawn(maker, MATRIX, 6), drawn(maker, QR),
        drawn(label, OLD, 2).rotate(90, expand=True, fillcolor=255), drawn(label, QR, 2),
        drawn(label, BARS, 2).rotate(14, expand=True, fillcolor=255).resize((900, 400)),
    ]  # fmt: skip
    for picture in kinds:
        show(board(picture) if picture.width < VIEW[0] else picture)
        expect(counter.part("announce")).not_to_be_empty()
    expect(counter.part("unknown")).to_be_hidden()
    quantities = [line.input_value() for line in counter.lines.locator("[data-quantity]").all()]
    assert quantities == ["3", "3"]  # the long code of the first box completes its short one
    expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("3")


def test_a_small_code_on_a_large_photograph_is_read(counter: Counter, show: Callable[[Image.Image], None]) -> None:
    counter.type("A-01")
    counter.says("A-01", "good")
    photograph = Image.new("L", (4000, 3000), 180)
    photograph.paste(drawn(counter.room.label(item="GAN-0003"), QR, 3), (2900, 2300))
    show(photograph)
    expect(counter.line("Gants")).to_have_count(1)


def test_of_several_codes_on_one_box_the_known_thing_is_taken(
    counter: Counter, show: Callable[[Image.Image], None]
) -> None:
    counter.type("A-01")
    counter.says("A-01", "good")
    serial = drawn("SN-004711", BARS, 2)
    show(board(drawn(TRADE, EAN, 2), serial, drawn(counter.room.label(item="MED-0001", lot="LX-LATER"))))
    expect(counter.line("Amoxicilline")).to_contain_text("LX-LATER")
    expect(counter.lines).to_have_count(1)
    show(board(serial, drawn("P/N 77", BARS, 2)))
    counter.says("aucun n’est connu", "bad")
    show(board(drawn(counter.room.label(place="A-01")), drawn(counter.room.label(item="GAN-0003")), serial))
    expect(counter.line("Gants")).to_have_count(1)
    expect(counter.part("unknown")).to_be_hidden()


HELD = """lines => lines.map((line) => [line.querySelector("[data-field=code]").textContent,
  line.querySelector("[data-quantity]").value])"""


def test_of_several_things_in_view_it_is_asked_which(counter: Counter, show: Callable[[Image.Image], None]) -> None:
    counter.type("A-01")
    counter.says("A-01", "good")
    both = board(*(drawn(counter.room.label(item=item)) for item in ("GAN-0003", "CIM-0001")))
    which = counter.part("which")
    show(both)
    expect(which).to_be_visible()
    expect(which.locator("li")).to_have_count(2)
    expect(which.locator("li").filter(has_text="Ciment")).to_contain_text("CIM-0001")
    which.locator("li button").filter(has_text="Ciment").click()
    expect(counter.line("Ciment")).to_have_count(1)
    expect(counter.lines).to_have_count(1)
    show(both)
    which.get_by_role("button", name="Aucun").click()
    expect(which).to_be_hidden()
    counter.part("code").fill("3")
    show(both)
    which.get_by_role("button", name="Tous").click()
    expect(counter.lines).to_have_count(2)
    # the number counts for the first of them; all at one look, for the lines change their places while they come
    held = dict(counter.lines.evaluate_all(HELD))
    assert held["GAN-0003"] == "3" or held["CIM-0001"] == "3"


def test_no_camera_is_told_in_words(counter: Counter) -> None:
    counter.page.locator("[data-act=look]").click()
    expect(counter.part("banner")).to_have_class("banner is-bad")
    expect(counter.part("eye")).to_be_hidden()


Filmed = Callable[[Image.Image], Counter]


@pytest.fixture
def filmed(room: Room, camera: Callable[[Path], Browser], tmp_path: Path) -> Filmed:
    """The station at its place, before whose camera something lies still."""

    def opened(picture: Image.Image) -> Counter:
        film = Film(tmp_path / "film.y4m", VIEW, rate=10)
        film.show(picture)
        context = camera(film.path).new_context(viewport=PHONE, base_url=room.store.url, locale="fr-FR")
        context.add_cookies([room.store.session(room.storekeeper)])  # type: ignore[list-item]
        page = context.new_page()
        page.add_init_script(A_ZOOM_AND_A_TORCH)
        page.goto("/station?kind=issue")
        counter = Counter(page, room)
        counter.type("A-01")
        counter.says("A-01", "good")
        page.locator("[data-act=look]").click()
        expect(counter.part("eye")).to_be_visible()
        return counter

    return opened


A_ZOOM_AND_A_TORCH = """
  const able = MediaStreamTrack.prototype.getCapabilities;
  MediaStreamTrack.prototype.getCapabilities = function () {
    return { ...able.call(this), torch: true, zoom: { min: 1, max: 5, step: 0.5 }, focusMode: ["continuous"] };
  };
  window.wished = [];
  MediaStreamTrack.prototype.applyConstraints = async (wish) => { window.wished.push(wish.advanced[0]); };
"""


def test_a_label_before_the_camera_counts_once(room: Room, filmed: Filmed) -> None:
    counter = filmed(label_of(room, "GAN-0003"))
    expect(counter.line("Gants")).to_have_count(1, timeout=15_000)
    counter.page.wait_for_timeout(4000)  # longer than the same code is ignored: it lies there all the time
    expect(counter.line("Gants").locator("[data-quantity]")).to_have_value("1")
    expect(counter.part("eye")).to_be_visible()  # it reads on; nobody has to open it again
    counter.page.locator("[data-act=look]").click()
    expect(counter.part("eye")).to_be_hidden()


def test_two_things_before_the_camera_are_asked_about_once(room: Room, filmed: Filmed) -> None:
    counter = filmed(
        board(*(drawn(room.label(item=item)) for item in ("GAN-0003", "CIM-0001")), drawn("SN-1", BARS, 2))
    )
    which = counter.part("which")
    expect(which).to_be_visible(timeout=15_000)
    which.locator("li button").filter(has_text="Gants").click()
    expect(counter.line("Gants")).to_have_count(1)
    counter.page.wait_for_timeout(3500)
    expect(which).to_be_hidden()
    expect(counter.lines).to_have_count(1)


def test_the_torch_and_the_zoom_of_a_camera_that_has_them(room: Room, filmed: Filmed) -> None:
    counter = filmed(Image.new("L", (10, 10), 255))
    counter.part("torch").click()
    expect(counter.part("torch")).to_have_attribute("aria-pressed", "true")
    zoom = counter.part("zoom")
    assert [zoom.get_attribute(name) for name in ("min", "max", "step")] == ["1", "5", "0.5"]
    zoom.fill("2.5")
    assert counter.page.evaluate("window.wished") == [{"focusMode": "continuous"}, {"torch": True}, {"zoom": 2.5}]
