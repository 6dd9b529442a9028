"""Pictures of what people see, to be looked at: `make pictures`.

They show the demonstration store in Arabic and French, on a phone and a desk, by day and by night, a house in which
nothing was done yet, and the printed papers: in tests/pictures/. A picture proves nothing by itself; look at all of
them: is the next action obvious in two seconds, does anything jump, wrap badly, hide, or read backwards? Words on the
command line take only the screens whose name holds one of them ("printed" is the papers). With `--database postgresql`
the same stores are kept there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pypdfium2
from playwright.sync_api import Browser, Page, sync_playwright

from inventory.config import Config
from tests import postgres
from tests.browser.conftest import DESK, HOUSE, PHONE, PICTURES, launched
from tests.browser.screens import LONG, SCREENS, Screen, press_language
from tests.server import Server

PASSWORD = "demo-makhazine"
LOCALES = {"ar": "ar-MA", "fr": "fr-FR"}
LONG_NAMES = (
    "code;désignation;الاسم;unité;famille\n"
    f"{LONG};Désinfectant de surfaces à base d’ammonium quaternaire concentré, sans parfum, pour locaux communaux, "
    "écoles et dispensaires, bidon de cinq litres avec bouchon doseur;"
    "مطهر للأسطح مركز بدون رائحة للمرافق الجماعية والمدارس والمستوصفات في صفيحة من خمسة لترات بغطاء معاير;"
    "bidon;Produits d’entretien et d’hygiène\n"
)
TALLEST = 3000
PRINTED = ("receipt", "issue", "transfer", "transfer_receipt", "return", "write_off", "adjustment", "reversal")


class House:
    """A served house of its own folder; ``flask`` runs one of its commands. Without an address its database is a file
    of that folder."""

    def __init__(self, folder: Path, address: str = "") -> None:
        self.folder = folder
        self.environment = os.environ | {"INSTANCE_PATH": str(folder), "DATABASE_URL": address}

    def flask(self, *command: str, typed: str = "") -> None:
        subprocess.run(
            [sys.executable, "-m", "flask", *command],
            cwd=HOUSE,
            env=self.environment,
            input=typed.encode(),
            check=True,
            stdout=sys.stderr,
        )

    @contextmanager
    def served(self) -> Iterator[str]:
        config = Config.from_environment(self.environment)
        server = Server(config, workers=1, log=self.folder / "server.log")
        try:
            yield server.url
        finally:
            server.stop()


def demonstration(folder: Path, address: str) -> House:
    house = House(folder, address)
    house.flask("db", "upgrade")
    house.flask("demo")
    with tempfile.TemporaryDirectory() as beside:
        file = Path(beside) / "long.csv"
        file.write_text(LONG_NAMES)
        house.flask("import-items", str(file))
    return house


def fresh(folder: Path, address: str) -> House:
    """A house in which there is one person, and nothing else."""
    house = House(folder, address)
    house.flask("db", "upgrade")
    house.flask("create-admin", "aicha", "--password-stdin", typed=f"{PASSWORD}\n")
    return house


class Camera:
    """Takes the pictures; signs each person in once."""

    def __init__(self, browser: Browser, addresses: dict[str, str]) -> None:
        self.browser = browser
        self.addresses = addresses
        self.kept: dict[tuple[str, str], Any] = {}

    def opened(self, screen: Screen, language: str, **options: Any) -> Page:
        key = (screen.username, language)
        if screen.username and key not in self.kept:
            self.kept[key] = self._signed_in(screen, language)
        context = self.browser.new_context(
            base_url=self.addresses[screen.store],
            locale=LOCALES[language],
            reduced_motion="reduce",
            timezone_id="Africa/Casablanca",
            storage_state=self.kept.get(key),
            **options,
        )
        context.set_default_timeout(8000)
        return context.new_page()

    def _signed_in(self, screen: Screen, language: str) -> Any:
        context = self.browser.new_context(base_url=self.addresses[screen.store], locale=LOCALES[language])
        page = context.new_page()
        page.goto("/sign-in")
        page.locator("[name=username]").fill(screen.username)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url("**/")
        press_language(page, language)
        return context.storage_state()

    def take(self, screen: Screen, language: str, width: str, scheme: str) -> Path:
        viewport = PHONE if width == "phone" else DESK
        page = self.opened(screen, language, viewport=viewport, color_scheme=scheme, device_scale_factor=1)
        try:
            answer = page.goto(screen.address)
            status = answer.status if answer else 0
            assert status == screen.status, f"{screen.address} answers {status}"
            if screen.before:
                screen.before(page)
            page.evaluate("document.fonts.ready.then(() => true)")
            if screen.is_whole:
                # a taller window, or what is fixed to its edge would stand in the middle of the picture
                height = int(page.evaluate("document.documentElement.scrollHeight"))
                tall = min(max(height, viewport["height"]), TALLEST)
                page.set_viewport_size({"width": viewport["width"], "height": tall})
            place = PICTURES / f"{screen.name}-{language}-{width}-{scheme}.png"
            page.screenshot(path=place, animations="disabled")
            return place
        finally:
            page.context.close()

    def papers(self) -> Iterator[Path]:
        """The printed papers, page by page: one of each kind, a stock card, a sheet of labels."""
        page = self.opened(Screen("printed", "responsable", "/"), "fr")
        for kind in PRINTED:
            page.goto(f"/documents?kind={kind}")
            links = page.locator("main tr[data-href] a, main a[href*='/documents/']:not([href*=new])")
            if links.count():
                address = str(links.first.get_attribute("href"))
                yield from self._printed(kind, page.request.get(f"{address}.pdf").body())
        yield from self._printed("card", page.request.get("/stock/SANTE/MED-002/card.pdf").body())
        page.goto("/labels")
        form = {
            "csrf_token": page.locator("meta[name=csrf-token]").get_attribute("content") or "",
            "medium": "24",
            "first": "1",
        }
        counts = {str(one.get_attribute("name")): "2" for one in page.locator("[name^=copies-]").all()[:14]}
        yield from self._printed("labels", page.request.post("/labels", form=form | counts).body())
        page.context.close()

    def _printed(self, name: str, content: bytes) -> Iterator[Path]:
        for number, sheet in enumerate(pypdfium2.PdfDocument(content), 1):
            place = PICTURES / f"printed-{name}-{number}.png"
            sheet.render(scale=1.6).to_pil().save(place)
            yield place


@contextmanager
def databases(engine: str) -> Iterator[dict[str, str]]:
    """The address of each house's database on an engine; they are gone when the pictures are taken."""
    if engine == "sqlite":
        yield {"demo": "", "fresh": ""}
        return
    room = postgres.folder_in_memory("mk-")
    server = postgres.Postgres(room)
    try:
        with psycopg.connect(host=str(server.socket), user="postgres", dbname="postgres", autocommit=True) as maker:
            for name in ("demo", "fresh"):
                maker.execute(f"CREATE DATABASE {name}")
        yield {name: server.url.replace("/postgres?", f"/{name}?") for name in ("demo", "fresh")}
    finally:
        postgres.stop(server.process)
        shutil.rmtree(room, ignore_errors=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only the screens whose name holds one of these")
    parser.add_argument("--instance", type=Path, help="a folder with a loaded demonstration store")
    parser.add_argument("--schemes", default="light,dark")
    parser.add_argument("--database", default="sqlite", choices=("sqlite", "postgresql"))
    asked = parser.parse_args()
    PICTURES.mkdir(exist_ok=True)
    screens = [one for one in SCREENS if not asked.words or any(word in one.name for word in asked.words)]
    with ExitStack() as stack:
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(3)]
        kept = stack.enter_context(databases(asked.database))
        houses = {
            "demo": demonstration(asked.instance or folders[0], kept["demo"]),
            "fresh": fresh(folders[1], kept["fresh"]),
        }
        addresses = {name: stack.enter_context(house.served()) for name, house in houses.items()}
        browser = launched(stack.enter_context(sync_playwright()).chromium, folders[2])
        camera = Camera(browser, addresses)
        for screen in screens:
            for language in LOCALES:
                for width in ("phone", "desk"):
                    for scheme in asked.schemes.split(","):
                        print(camera.take(screen, language, width, scheme).relative_to(HOUSE))
        if not asked.words or any(word in "printed papers" for word in asked.words):
            for place in camera.papers():
                print(place.relative_to(HOUSE))
        browser.close()


if __name__ == "__main__":
    main()
