"""Reading codes as a person would, measured in a real browser: `make reading DATA=folder`.

The pictures of a folder (`*.png`, `*.webp`, `*.jpg`, the expected text beside each as `.txt`) go into the station as
pictures from a file, and are compared with what zxing-cpp reads by itself. Then a keyboard scanner sends 100 codes a
minute under three layouts, and the time from the last key to the acknowledgement is taken.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import click
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from inventory.catalogue import NewItem, add_item
from inventory.codes import gs1
from inventory.database import transaction
from tests.browser.conftest import DESK, launched
from tests.browser.counter import LAYOUTS, Counter
from tests.browser.store import SHOWN, Room, Store
from tests.databases import Ground

KINDS = ("*.png", "*.webp", "*.jpg", "*.jpeg")
GOODS, ROUNDS = 20, 3
PACE = 600  # milliseconds between two codes: 100 a minute
PROMISED = 150  # milliseconds to the acknowledgement

LISTEN = """
  window.times = [];
  const pressed = [];
  window.addEventListener("keydown", (event) => { if (event.key === "Enter") pressed.push(performance.now()); }, true);
  const banner = document.querySelector("[data-part=banner]");
  new MutationObserver(() => { if (pressed.length) window.times.push(performance.now() - pressed.shift()); })
    .observe(banner, { attributes: true, childList: true, subtree: true });
"""


@dataclass
class Tally:
    """Pictures of one folder: how many there are, how many we read, how many zxing-cpp, and the misread in words."""

    pictures: int = 0
    ours: int = 0
    theirs: int = 0

    def __str__(self) -> str:
        return f"{self.pictures:>4} pictures, {self.ours:>4} read, {self.theirs:>4} by zxing-cpp itself"


def plain(text: str) -> str:
    """A text as it stands in a code, without the prefix of its kind and the edges that notes lose."""
    read = gs1.read(text)
    return (read.text if isinstance(read, gs1.Plain) else text.removeprefix("]C1").removeprefix("]d2")).strip()


def seen_by_us(counter: Counter, picture: Path) -> list[str]:
    """The texts for which the station asks when it is handed a picture."""
    asked: list[str] = []

    def note(address: str) -> None:
        asked.extend(parse_qs(urlsplit(address).query).get("code", []) if "/api/v1/scan" in address else [])

    def hear(request: object) -> None:
        note(request.url)  # type: ignore[attr-defined]

    counter.page.on("request", hear)
    counter.page.evaluate("document.querySelector('[data-part=announce]').textContent = ''")
    counter.part("picture").set_input_files(picture)
    expect(counter.part("announce")).not_to_be_empty(timeout=60_000)
    counter.page.remove_listener("request", hear)
    return asked


def seen_by_zxing(picture: Path) -> list[str]:
    with Image.open(picture) as opened:
        found = zxingcpp.read_barcodes(opened.convert("L"), text_mode=zxingcpp.TextMode.Plain)
    return [code.text for code in found]


def read_pictures(counter: Counter, folder: Path) -> bool:
    """Whether no picture was misread, and as many were read as zxing-cpp reads."""
    sums: dict[str, Tally] = {}
    misread = []
    for picture in sorted(path for kind in KINDS for path in folder.rglob(kind)):
        note = picture.with_suffix(".txt")
        if not note.exists():
            continue
        expected = plain(note.read_bytes().decode())
        tally = sums.setdefault(picture.parent.name, Tally())
        ours = [plain(text) for text in seen_by_us(counter, picture)]
        tally.pictures += 1
        tally.ours += expected in ours
        tally.theirs += expected in [plain(text) for text in seen_by_zxing(picture)]
        misread += [f"{picture.name}: {text!r} instead of {expected!r}" for text in ours if text != expected]
    for name, tally in sums.items():
        click.echo(f"  {name:<14} {tally}")
    click.echo("\n  ".join([f"  misread: {len(misread)}", *misread]))
    return not misread and all(tally.ours >= tally.theirs for tally in sums.values())


def furnish(store: Store) -> list[str]:
    """Twenty goods; the codes on their labels, every other one with a maker's code instead."""

    def add() -> list[str]:
        codes = []
        with transaction():
            for number in range(GOODS):
                maker = f"61199{number:07}"
                maker += gs1.check_digit(maker)
                item = add_item(NewItem(f"LEC-{number:04}", "unité", f"Article {number}", barcodes=(maker,)))
                codes.append(item.label_code if number % 2 else maker)
        return codes

    found: list[str] = store.within(add)
    return found


def send_codes(counter: Counter, codes: list[str], layout: str) -> bool:
    """Whether every code was acknowledged in time and counted as often as it was sent."""
    counter.scanner.layout = layout
    counter.place("A-01")
    counter.page.evaluate(LISTEN)
    for _ in range(ROUNDS):
        for code in codes:
            counter.scan(code, wait=False)
            counter.page.wait_for_timeout(max(0, PACE - 8 * len(code)))
    counter.page.wait_for_function(f"() => window.times.length >= {ROUNDS * len(codes)}")
    times: list[float] = sorted(counter.page.evaluate("window.times"))
    counts = {line.input_value() for line in counter.lines.locator("[data-quantity]").all()}
    is_right = counts == {str(ROUNDS)} and counter.lines.count() == len(codes)
    late = sum(1 for time in times if time > PROMISED)
    middle, slow = statistics.median(times), times[int(len(times) * 0.95)]
    verdict = "each counted right" if is_right else "MISCOUNTED"
    click.echo(
        f"  {layout:<8} {len(times)} codes of {len(codes)} goods: median {middle:.0f} ms, 95 % {slow:.0f} ms, "
        f"most {times[-1]:.0f} ms, {late} over {PROMISED} ms, {verdict}"
    )
    return is_right and not late


@contextmanager
def station() -> Iterator[Callable[[str], Counter]]:
    """Stations of new rooms, each in a browser of its own: ``opened("receipt")``."""
    ground = Ground.begin()
    try:
        with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
            store = Store(SHOWN["sqlite"](), Path(folder))
            browser = launched(playwright.chromium, Path(folder))
            try:
                yield lambda kind: opened(browser, store.room(), kind)
            finally:
                browser.close()
                store.close()
    finally:
        ground.end()


def opened(browser: Browser, room: Room, kind: str) -> Counter:
    context = browser.new_context(base_url=room.store.url, viewport=DESK, locale="fr-FR", service_workers="block")
    context.add_cookies([room.store.session(room.storekeeper)])  # type: ignore[list-item]
    page: Page = context.new_page()
    page.goto(f"/station?kind={kind}")
    return Counter(page, room)


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def main(folder: Path | None) -> None:
    """Read the pictures of FOLDER, if it is named, then send codes as a keyboard scanner does."""
    is_right = True
    with station() as stand:
        if folder:
            click.echo("Pictures, in the browser")
            is_right = read_pictures(stand("issue"), folder)
        click.echo("A keyboard scanner, 100 codes a minute")
        first = stand("receipt")
        codes = furnish(first.room.store)
        for layout in LAYOUTS:
            is_right &= send_codes(stand("receipt"), codes, layout)
    if not is_right:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
