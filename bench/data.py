"""Real files through the ordinary doors, on both databases: `make data DATA=folder`.

The catalogues go in through the page, in a browser without scripts, as a person would send them; a month of the messy
report is read right or refused with reasons; then the sites of Côte d'Ivoire, month by month (`bench.civ`).
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import psycopg
from flask import Flask

from bench import civ, vectors
from bench.databases import opened
from bench.grounds import leave_in_order, undisturbed
from inventory import access, catalogue, clock
from inventory.database import db, transaction
from tests import postgres

PASSWORD = "only for this run of data"


def catalogues(folder: Path) -> list[tuple[str, Path, dict[str, str], int, int]]:
    """(name, file, what is said about it, items expected to be there afterwards, flagged codes)."""
    at = folder / "catalogues"
    return [
        ("medicines, CSV", at / "refdesmedicamentscnops.csv", {"constant-unit": "boîte"}, 5917, 19),
        ("medicines, XLSX again", at / "refdesmedicamentscnops.xlsx", {"constant-unit": "boîte"}, 5917, 19),
        ("relief items", at / "ifrc_supply_item_eic.csv", {"constant-unit": "piece"}, 5917 + 2467, 19),
        ("hospital store", at / "dz_hospital_catalogue.csv", {}, 5917 + 2467 + 1670, 19),
    ]


class Sender:
    """Somebody who imports at a browser without scripts."""

    def __init__(self, app: Flask) -> None:
        self.client, self.page, self.at = app.test_client(), "", "/"
        self.see(self.client.get("/sign-in"))
        self.post("/sign-in", username="data", password=PASSWORD)
        self.post("/language", language="en")

    def see(self, response: Any) -> None:
        while response.status_code == 302:
            response = self.client.get(response.location)
        if response.status_code >= 500:
            raise click.ClickException(f"{response.request.path}: {response.status}")
        self.page, self.at = response.text, response.request.path

    def post(self, address: str, **fields: Any) -> None:
        token = re.search(r'name="csrf-token" content="([^"]+)"', self.page)
        self.see(self.client.post(address, data={"csrf_token": token[1] if token else "", **fields}))

    def send(self, file: Path, said: dict[str, str]) -> None:
        self.see(self.client.get("/imports/"))
        with file.open("rb") as content:
            self.post("/imports/", what="items", file=(io.BytesIO(content.read()), file.name))
        if said:
            chosen = re.findall(r'<select[^>]* name="(column-\d+)".*?</select>', self.page, flags=re.S)
            picked = {name: self._selected(name) for name in chosen}
            self.post(self.at, **picked, **said)

    def _selected(self, name: str) -> str:
        found = re.search(rf'name="{name}".*?</select>', self.page, flags=re.S)
        option = re.search(r'<option value="([^"]*)" selected', found[0] if found else "")
        return option[1] if option else ""

    def said(self) -> str:
        """What the page says, without its markup."""
        body = self.page[self.page.find("<main") :]
        return " ".join(re.sub(r"<(?!/?bdi)[^>]+>|</?bdi[^>]*>", " ", body).split())


def import_catalogues(app: Flask, folder: Path) -> None:
    sender = Sender(app)
    for name, file, said, expected, flagged in catalogues(folder):
        started = time.monotonic()
        sender.send(file, said)
        read = time.monotonic()
        if "Import" in sender.page and f'{sender.at}/items"' in sender.page:
            sender.post(f"{sender.at}/items", leave_out="1")
        with app.app_context():
            items = db.session.query(catalogue.Item).count()
            flags = db.session.query(catalogue.Barcode).filter_by(is_flagged=True).count()
        verdict = "as expected" if (items, flags) == (expected, flagged) else f"expected {expected} and {flagged}"
        seconds = f"read in {read - started:.1f} s, written in {time.monotonic() - read:.1f} s"
        click.echo(f"  {name:<24} {items:>6} items, {flags} codes flagged, {seconds}: {verdict}")
    for messy in sorted((folder / "messy").glob("*.csv")):
        sender.send(messy, {})
        click.echo(f"  {messy.name}: {sender.said()[:600]}")


def prepare() -> None:
    with transaction():
        user = access.add_user("data", PASSWORD, at=clock.now())
        access.grant(user, "manager", None, at=clock.now())


@contextlib.contextmanager
def databases() -> Iterator[list[tuple[str, str]]]:
    """(name, address) of a new SQLite file and of a new PostgreSQL database; both go when all is done."""
    with tempfile.TemporaryDirectory(prefix="data-") as folder:
        os.environ["INSTANCE_PATH"] = folder
        room = postgres.folder_in_memory("data-")
        server = postgres.Postgres(room)
        try:
            with psycopg.connect(host=str(server.socket), user="postgres", dbname="postgres", autocommit=True) as maker:
                maker.execute("CREATE DATABASE stores")
            yield [
                ("SQLite", f"sqlite:///{folder}/stores.db"),
                ("PostgreSQL", f"postgresql+psycopg://postgres@/stores?host={server.socket}"),
            ]
        finally:
            with undisturbed():
                postgres.stop(server.process)
                shutil.rmtree(room, ignore_errors=True)


def read_vectors(file: Path) -> bool:
    """Whether we say the same of every GS1 string as GS1's own engine."""
    agreeing, wrong = vectors.compare(file)
    click.echo(
        "GS1: " + "\n  ".join([f"{agreeing} of {agreeing + len(wrong)} strings as the reference engine", *wrong])
    )
    return not wrong


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def main(folder: Path | None) -> None:
    """Run the real files of FOLDER through the doors, on both databases."""
    if folder is None or not (folder / "civ_lmis").is_dir():
        raise click.UsageError("Name the folder of the real data: make data DATA=../shared/data")
    with (folder / "civ_lmis" / "Train_dev_sites.csv").open(encoding="utf-8") as lines:
        months = civ.read(lines)
    is_right = True
    leave_in_order()
    with databases() as addresses:
        for name, address in addresses:
            click.echo(name)
            with opened(address) as app:
                prepare()
            import_catalogues(app, folder)
            with app.app_context():
                figures = civ.run(months, is_quiet=not sys.stderr.isatty())
            click.echo("  " + ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in figures.items()))
            is_right &= not figures["mismatches"] and not figures["differences"]
    if not is_right:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
