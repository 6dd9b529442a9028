"""The import pages: a file is sent, read, corrected and imported; others never see it."""

from __future__ import annotations

import io
import re
import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from sqlalchemy import func, select

from inventory import access, ledger
from inventory.catalogue import Item, NewItem, Unit, add_item, get_item
from inventory.database import db, transaction
from inventory.exchange import uploads
from inventory.exchange.export import xlsx_bytes
from inventory.parties import add_service, add_supplier
from inventory.warehouses import add_warehouse, get_warehouse
from inventory.web import imports
from tests import make
from tests.web.visitors import Visitor, add_person

AT = datetime(2026, 9, 1, 9, tzinfo=UTC)
ITEMS = "code;désignation;unité\n1;Sérum;boîte\n2;Gants;paire\n"
MOVEMENTS = (
    "date;type;magasin;n° bon;article;quantité;service\n"
    "01/10/2026;ouverture;CENTRAL;1;BLEACH;10;\n"
    "06/10/2026;sortie;CENTRAL;2;BLEACH;4;ANFA\n"
    "07/10/2026;sortie;CENTRAL;3;BLEACH;4;ANFA\n"
)


@make.furnished
def stores() -> None:
    with transaction():
        add_warehouse("CENTRAL", in_service_on=None, name_fr="Magasin central")
        add_supplier("ACME", name_fr="Acme")
        add_service("ANFA", name_fr="Anfa")
        add_item(NewItem("BLEACH", "bidon", name_fr="Javel"))
    for name, role, where in (
        ("salma", "manager", None),
        ("karim", "manager", "CENTRAL"),
        ("omar", "storekeeper", "CENTRAL"),
    ):
        add_person(name, (role, where), language="en")


@pytest.fixture
def house(stores: None, app: Flask) -> None:
    shutil.rmtree(Path(app.instance_path) / "uploads", ignore_errors=True)  # what the test before it sent


class Importer(Visitor):
    """Somebody at a browser without scripts, who follows where a page sends them."""

    def __init__(self, app: Flask, username: str) -> None:
        super().__init__(app)
        self.page, self.status, self.at = "", 0, "/"
        assert self.sign_in(username).status_code == 302

    def go(self, address: str) -> Importer:
        return self._see(self.get(address))

    def do(self, way: str, /, **form: Any) -> Importer:
        """Presses a button of the page one is on, which says which reading of the file it shows."""
        address = self.at + way if way else self.at
        shown = re.search(r'name="reading" value="(\w+)"', self.page)
        sent: dict[str, Any] = {"reading": shown[1], **form} if shown else form
        return self._see(self.post(address, **sent), address)

    def send(self, text: str | bytes, what: str = "items", name: str = "stock.csv") -> Importer:
        content = text.encode() if isinstance(text, str) else text
        return self._see(self.post("/imports/", what=what, files={"file": (io.BytesIO(content), name)}))

    def say(self, language: str) -> None:
        self.post("/language", language=language)

    def _see(self, response: Any, otherwise: str = "") -> Importer:
        while response.status_code == 302:
            response = self.get(response.location)
            otherwise = ""
        self.page, self.status = response.text, response.status_code
        self.at = response.request.path if not otherwise else self.at
        return self


@pytest.fixture
def salma(house: None, app: Flask) -> Importer:
    return Importer(app, "salma")


def items() -> int:
    return db.session.scalar(select(func.count()).select_from(Item)) or 0


def on_hand() -> Any:
    return ledger.on_hand(get_item("BLEACH").id, get_warehouse("CENTRAL").id)


def test_items_are_read_shown_and_then_imported(salma: Importer) -> None:
    salma.send(ITEMS)
    assert "Import 2 items" in salma.page
    assert items() == 1
    salma.do("/items")
    assert "Items added" in salma.page
    assert items() == 3
    assert "already there" in salma.send(ITEMS).page


@pytest.mark.parametrize("way", ["/items", "/again", ""])
def test_a_page_that_is_left_behind_leads_to_what_came_of_the_file(salma: Importer, way: str) -> None:
    salma.send(ITEMS)
    behind, address = salma.page, salma.at
    salma.do("/items")
    salma.page, salma.at = behind, address
    salma.do(way)
    assert (salma.status, "Items added" in salma.page) == (200, True)
    assert items() == 3


def test_items_that_are_sent_in_several_times_at_once_come_in_once(app: Flask, salma: Importer) -> None:
    address = salma.send(ITEMS).at
    tabs = [Importer(app, "salma").go(address) for _ in range(3)]

    def click(tab: Importer) -> Importer:
        with app.app_context():
            return tab.do("/items")

    with ThreadPoolExecutor() as clicks:
        seen = list(clicks.map(click, tabs))
    assert [(tab.status, "Items added" in tab.page) for tab in seen] == [(200, True)] * 3
    assert items() == 3


@pytest.mark.parametrize(
    ("what", "way", "said"),
    [("items", "/items", {"column-1": "name_en"}), ("movements", "/papers", {"constant-note": "Inventaire"})],
)
def test_what_a_page_did_not_show_is_not_written(salma: Importer, what: str, way: str, said: dict[str, str]) -> None:
    salma.send(ITEMS if what == "items" else MOVEMENTS, what)
    behind = salma.page
    salma.do("", **said)
    salma.page, now = behind, salma.page
    salma.do(way)
    assert "the file has been read in another way since" in salma.page
    assert (items(), on_hand()) == (1, 0)
    salma.page = now
    salma.do(way)
    assert (items(), on_hand()) == ((3, 0) if what == "items" else (1, 2))


def test_posting_that_was_read_anew_elsewhere_leads_to_the_reading(
    salma: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "PATIENCE", -1)  # one paper a request
    salma.send(MOVEMENTS, "movements").do("/papers")
    address = salma.at
    salma.do("/again")
    asked = {"HX-Request": "true", "X-CSRFToken": salma.token()}
    assert salma.client.post(f"{address}/papers", headers=asked).headers["HX-Redirect"] == address
    assert on_hand() == 10


def test_a_guess_is_corrected(salma: Importer) -> None:
    salma.send("n;libellé bis\n1;Sérum\n")
    assert "Import 1 item" not in salma.page
    salma.do("", **{"column-0": "code", "column-1": "name_fr", "constant-unit": "boîte"})
    assert "Import 1 item" in salma.page
    salma.do("/items")
    assert get_item("1").name_fr == "Sérum"


def test_words_that_the_catalogue_has_not_yet_are_said_before_they_are_made(salma: Importer) -> None:
    salma.send("code;désignation;unité;famille\n1;Sérum;bidon;Soins\n2;Gants;5 mg;Soins\n")
    said = re.findall(r"<strong>(New \w+)</strong>\s*<p><bdi>([^<]+)</bdi></p>", salma.page)
    assert said == [("New units", "5 mg"), ("New categories", "Soins")]
    salma.do("/items").send("code;désignation;unité;famille\n3;Alcool;5 mg;Soins\n")
    assert "New units" not in salma.page
    assert "New categories" not in salma.page


@pytest.mark.parametrize(("language", "said"), [("ar", "بالحصة"), ("fr", "Par lot"), ("en", "By lot")])
def test_how_an_item_is_tracked_is_said_in_words(salma: Importer, language: str, said: str) -> None:
    with transaction():
        add_item(NewItem("VAC", "dose", name_fr="Vaccin", tracking="lot"))
    opening = make.order("opening", "CENTRAL", make.line("VAC", "5", unit_cost="1", lot="L1"))
    make.posted(opening, by=make.person("ali", "manager"))
    salma.say(language)
    salma.send("code;désignation;unité;suivi\nVAC;Vaccin;dose;unit\n")
    assert re.search(rf"[«“]\s?{said}\s?[»”]", salma.page)


@pytest.mark.parametrize(("language", "yes"), [("ar", "نعم"), ("fr", "oui"), ("en", "yes")])
def test_a_yes_of_a_spreadsheet_is_shown_in_words(salma: Importer, language: str, yes: str) -> None:
    salma.say(language)
    rows = [["1", "Sérum", "boîte", True]]
    heads = ["code", "désignation", "unité", "péremption"]
    salma.send(b"".join(xlsx_bytes(heads, rows, language="fr", title="x", zone=UTC)), name="items.xlsx")
    assert f">{yes}</bdi>" in salma.page
    assert ">True<" not in salma.page


def test_what_is_not_taken_is_said(salma: Importer) -> None:
    salma.send("code;désignation;unité;prix unitaire;stock mini;vide\n1;Sérum;boîte;12,50;30;\n")
    said = salma.page[salma.page.find("Not taken from this file") :]
    assert re.findall(r"<bdi>([^<]+)</bdi>", said.partition("</div>")[0]) == ["prix unitaire", "stock mini"]
    assert "Not taken from this file" not in salma.send(ITEMS).page


def test_a_correction_that_cannot_be_is_said_and_can_be_undone(salma: Importer) -> None:
    salma.send(ITEMS)
    salma.do("", **{"column-0": "code", "column-1": "code", "column-2": "unit"})
    assert "Import 2 items" not in salma.page
    assert salma.page.count("one column: choose which") == 3  # beside both columns, and said first
    assert salma.page.count('<option value="code" selected>') == 2  # what was chosen still stands there
    salma.do("", **{"column-0": "code", "column-1": "name_ar", "column-2": "unit"})
    assert "Import 2 items" in salma.page


@pytest.mark.parametrize("line", ["abc", "0", "1e9", "-1", "٣", "9" * 5000])
def test_a_line_of_the_header_that_cannot_be_is_said_at_its_field_and_all_that_was_typed_stays(
    salma: Importer, line: str
) -> None:
    salma.send(ITEMS)
    typed = chosen(salma) | {"column-1": "name_ar", "constant-category": "Soins", "dates": "mdy", "encoding": "utf-8"}
    salma.do("", **(typed | {"header_row": line}))
    assert (salma.status, chosen(salma)) == (422, typed | {"header_row": line})
    assert 'id="header_row-error"' in salma.page
    assert '<a href="#header_row">' in salma.page
    assert "Import 2 items" not in salma.page  # what would be imported is not what stands there
    assert "Import 2 items" in salma.go(salma.at).page  # nothing of it was kept
    assert chosen(salma)["column-1"] == "name_fr"


def test_a_value_for_all_rows_that_cannot_be_is_said_once_at_its_field(salma: Importer) -> None:
    salma.send(ITEMS)
    salma.do("", **{"column-0": "code", "column-1": "name_fr", "column-2": "unit", "constant-tracking": "x"})
    assert 'id="constant-tracking-error"' in salma.page
    assert salma.page.count("none, lot, unit or range") == 2  # at the field, and said first
    assert "Rows to look at" not in salma.page
    salma.do("", **{"column-0": "code", "column-1": "name_fr", "column-2": "unit", "constant-tracking": "lot"})
    salma.do("/items")
    assert get_item("2").tracking == "lot"


def test_values_for_all_rows_that_contradict_each_other_are_said_once_at_their_fields(salma: Importer) -> None:
    salma.send(ITEMS)
    columns = {"column-0": "code", "column-1": "name_fr", "column-2": "unit"}
    for said, where, words in (
        ({"tracking": "range", "decimals": "2"}, {"decimals", "tracking"}, "Numbered things are counted whole."),
        ({"has_expiry": "yes", "tracking": "none"}, {"has_expiry", "tracking"}, "Only an item tracked by lot can"),
    ):
        salma.do("", **columns, **{f"constant-{name}": value for name, value in said.items()})
        assert set(re.findall(r'id="constant-(\w+)-error"', salma.page)) == where
        assert (salma.page.count(words), "Rows to look at" in salma.page) == (3, False)  # said first, and at both
        assert re.search(r"(Decimals|Has an expiry)</a></b> \(<bdi>(2|yes)</bdi>\) · <b><a [^>]+>Tracking<", salma.page)
    salma.say("fr")
    salma.go(salma.at)
    assert "(<bdi>oui</bdi>)" in salma.page
    assert "(<bdi>Par quantité</bdi>)" in salma.page


def test_a_value_for_all_rows_that_contradicts_an_item_is_said_in_words(salma: Importer) -> None:
    opening = make.order("opening", "CENTRAL", make.line("BLEACH", "5", unit_cost="1"))
    make.posted(opening, by=make.person("ali", "manager"))
    salma.send("code;désignation;unité\nBLEACH;Javel;bidon\n")
    columns = {"column-0": "code", "column-1": "name_fr", "column-2": "unit"}
    salma.do("", **columns, **{"constant-has_expiry": "yes"})
    assert re.search(r'"Column"[^>]*><bdi>Has an expiry</bdi></td>\s*<td[^>]*><bdi>yes</bdi>', salma.page)
    salma.say("fr")
    salma.go(salma.at)
    assert re.search(r"<bdi>oui</bdi></td>\s*<td[^>]*>« non »", salma.page.replace("\u202f", " "))
    assert "2;Se périme;oui;" in salma.get(salma.at + "/problems.csv").text


def test_a_value_for_all_rows_comes_before_the_column(salma: Importer) -> None:
    salma.send(ITEMS)
    salma.do("", **{"column-0": "code", "column-1": "name_fr", "column-2": "unit", "constant-unit": "pièce"})
    salma.do("/items")
    units = db.session.execute(select(Unit.code).join(Item, Item.unit_id == Unit.id).where(Item.code == "2"))
    assert units.scalars().all() == ["pièce"]


def test_a_column_comes_back_when_the_value_for_all_rows_goes(salma: Importer) -> None:
    for label in ("U.M.", "unité"):  # chosen, or guessed
        salma.send(ITEMS.replace("unité", label))
        salma.do("", **(chosen(salma) | {"column-2": "unit", "constant-unit": "pièce"}))
        assert salma.page.count("One value for all rows</span>") == 1  # beside the column
        salma.do("", **(chosen(salma) | {"constant-unit": ""}))
        assert (chosen(salma)["column-2"], "Import 2 items" in salma.page) == ("unit", True)
    salma.do("/items")
    units = db.session.execute(select(Unit.code).join(Item, Item.unit_id == Unit.id).where(Item.code == "2"))
    assert units.scalars().all() == ["paire"]


def test_columns_that_both_seem_to_hold_it_come_back_too(salma: Importer) -> None:
    salma.send("code;désignation;unité;unité de mesure\n1;Sérum;boîte;u\n")
    salma.do("", **(chosen(salma) | {"constant-unit": "pièce"}))
    assert "Import 1 item" in salma.page
    salma.do("", **(chosen(salma) | {"constant-unit": ""}))
    assert salma.page.count("one column: choose which") == 4  # beside both columns, at the value, and said first


def test_a_unit_that_was_left_out_is_not_taken_for_a_dosage(salma: Importer) -> None:
    salma.send(ITEMS)
    salma.do("", **(chosen(salma) | {"column-2": ""}))
    assert "the unit in which stock is kept: choose its column" in salma.page
    assert "dosage" not in salma.page


def chosen(salma: Importer) -> dict[str, str]:
    """What the form of choices holds as it stands on the page."""
    form = salma.page[salma.page.index('id="columns"') :].partition("</form>")[0]
    found = dict(re.findall(r'<input class="input[^"]*" id="([^"]+)"[^>]*? value="([^"]*)"', form))
    for name, options in re.findall(r'<select class="input" id="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
        found[name] = "".join(re.findall(r'<option value="([^"]*)" selected>', options))
    return found


def test_a_name_is_joined_from_columns(salma: Importer) -> None:
    salma.send("code;nom;dosage;présentation;unité\n1;DOLIPRANE;500 MG;;boîte\n2;DOLIPRANE;1 G;B/8;boîte\n")
    names = {"column-1": "name_fr", "column-2": "name_fr", "column-3": "name_fr"}
    salma.do("", **names, **{"column-0": "code", "column-4": "unit"}).do("/items")
    assert [get_item(code).name_fr for code in "12"] == ["DOLIPRANE 500 MG", "DOLIPRANE 1 G B/8"]


def test_what_came_in_is_found_again(salma: Importer) -> None:
    salma.send(ITEMS, name="my list.csv").do("/items")
    assert 'href="/items"' in salma.page
    salma.send(MOVEMENTS, "movements", name="my stock.csv").do("/papers")
    assert 'href="/documents?by=salma"' in salma.page
    listed = salma.go("/imports/").page.partition("Imported since yesterday")[2]
    assert re.findall(r"my \w+\.csv|\d items? added|\d papers? posted", listed) == [
        "my stock.csv", "3 papers posted", "my list.csv", "2 items added",
    ]  # fmt: skip


def test_bad_rows_are_listed_paged_downloaded_and_left_out(salma: Importer) -> None:
    salma.send(ITEMS + "".join(f"{n};;boîte\n" for n in range(100, 200)), name="قائمة المواد.csv")
    assert "Leave 100 rows out" in salma.page
    address = salma.at
    assert "Next page" in salma.page
    assert "103" in salma.go(f"{address}?after=50").page
    listed = salma.get(f"{address}/problems.csv").text.splitlines()
    assert len(listed) == 101
    assert listed[1].startswith("4,désignation,,")
    salma.go(address).do("/items")
    assert items() == 1
    salma.say("ar")
    named = salma.get(f"{address}/problems.csv").headers["Content-Disposition"]
    assert named.isascii()
    assert unquote(named) == "attachment; filename*=UTF-8''قائمة المواد-مشاكل.csv"
    salma.say("en")
    salma.do("/items", leave_out="1")
    assert "Rows left out" in salma.page
    assert items() == 3


def test_a_choice_that_makes_a_file_unreadable_is_said_and_taken_back(salma: Importer) -> None:
    salma.send(ITEMS + "3;;boîte\n")
    assert "Rows to look at" in salma.page
    values = {"constant-category": "Soins", "dates": "dmy"}
    salma.do("", header_row="999999", **values)
    assert (salma.status, "cannot be read yet" in salma.page, "Rows to look at" in salma.page) == (422, True, False)
    salma.do("", header_row="")
    assert "Rows to look at" in salma.page
    assert values.items() <= chosen(salma).items()


def test_a_file_that_cannot_be_read_says_why(salma: Importer) -> None:
    assert (salma.send("").status, "The file is empty" in salma.page) == (422, True)
    assert "not a spreadsheet" in salma.send(b"%PDF-1.7", name="a.pdf").page
    salma.go("/imports/").do("", what="items")
    assert (salma.status, "Choose a file." in salma.page) == (422, True)
    assert salma.do("", what="nothing").status == 422


def test_movements_are_posted_once_in_parts(salma: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "PATIENCE", -1)  # one paper a request
    salma.send(MOVEMENTS, "movements")
    assert "Post 3 papers" in salma.page
    address = salma.at
    salma.do("/papers")
    assert "1 / 3" in salma.page
    asked = {"HX-Request": "true", "X-CSRFToken": salma.token()}
    assert "2 / 3" in salma.client.post(f"{address}/papers", headers=asked).text
    assert salma.client.post(f"{address}/papers", headers=asked).headers["HX-Redirect"] == address
    assert "Papers posted" in salma.go(address).page
    assert on_hand() == 2
    monkeypatch.undo()
    assert "Post 3 papers" not in salma.send(MOVEMENTS, "movements").page


def test_a_file_corrected_and_sent_again_before_it_was_posted_is_posted_once(salma: Importer) -> None:
    first = salma.send(MOVEMENTS, "movements", name="stock.csv").at
    salma.send(MOVEMENTS.replace("07/10/2026;sortie", "08/10/2026;sortie"), "movements", name="stock.csv").do("/papers")
    salma.go(first).do("/papers")
    assert "look at the rows that cannot be used" in salma.page
    assert "CENTRAL/BS/2026/000002" in salma.page
    assert on_hand() == 2


def test_papers_that_are_there_already_are_said_before_anything_is_posted(salma: Importer) -> None:
    first, last = MOVEMENTS[: MOVEMENTS.index("07/10")], MOVEMENTS
    salma.send(first, "movements").do("/papers")
    salma.send(last, "movements")
    assert "2 of these papers are posted already: they are not posted again." in salma.page
    assert "From 7 October 2026 to 7 October 2026." in salma.page
    assert "Post 1 paper" in salma.page
    salma.do("/papers")
    assert counted(salma) == ["1", "2"]
    salma.send(last, "movements")
    assert "The 3 papers of this file are posted already: they are not posted again." in salma.page
    assert re.search(r'action="[^"]*/papers"', salma.page) is None
    salma.send(last + "08/10/2026;sortie;CENTRAL;4;UNKNOWN;1;ANFA\n", "movements")
    assert "3 of these papers are posted already" in salma.page
    assert "Everything in this file" not in salma.page
    assert "are posted already" not in salma.send(last, "movements", name="other.csv").page


def test_what_was_posted_before_the_server_was_killed_was_posted_and_not_already_there(
    salma: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    salma.send(MOVEMENTS, "movements")
    with monkeypatch.context() as killed:
        killed.setattr(imports.Upload, "note", lambda *_anything: None)
        killed.setattr(imports.Upload, "use", lambda *_anything: None)
        salma.do("/papers")
    assert on_hand() == 2
    salma.do("/papers")
    assert counted(salma) == ["3", "0"]


def counted(salma: Importer) -> list[str]:
    """How many papers the last page says were posted, and were already there."""
    words = " ".join(re.sub(r"<[^>]+>", " ", salma.page).split())
    found = re.search(r"Papers posted (\d+) Were already there (\d+)", words)
    return list(found.groups()) if found else []


def test_a_refused_paper_stops_and_can_be_gone_on_with(salma: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "PATIENCE", -1)  # one paper a request
    salma.send(MOVEMENTS, "movements").do("/papers")
    karim = access.identity_of(access.get_user("karim"))
    meanwhile = make.order("issue", "CENTRAL", make.line("BLEACH", "5"), target="service:ANFA", on=date(2026, 10, 1))
    make.posted(meanwhile, by=karim)
    salma.do("/papers").do("/papers")
    assert "Stopped at paper 3" in salma.page
    assert on_hand() == 1
    assert "Stopped at paper 3" in salma.do("/papers").page
    assert "at most 1 bidon" in salma.do("/again").page


def test_a_shortage_is_found_before_anything_is_posted(salma: Importer) -> None:
    salma.send(MOVEMENTS.replace(";10;", ";5;"), "movements")
    assert "at most 1 bidon: no more is left by then" in salma.page
    assert on_hand() == 0


def test_bad_papers_are_left_out_only_when_told(salma: Importer) -> None:
    good_row_of_a_bad_paper = "07/10/2026;sortie;CENTRAL;3;BLEACH;1;ANFA\n"
    salma.send(MOVEMENTS.replace("3;BLEACH", "3;UNKNOWN") + good_row_of_a_bad_paper, "movements")
    assert "whole papers out" in salma.page
    assert "Leave 2 rows out" in salma.page  # the bad one, and the good one of its paper
    salma.do("/papers")
    assert on_hand() == 0
    salma.do("/papers", leave_out="1")
    assert on_hand() == 6


def test_a_file_is_seen_by_its_sender_alone(salma: Importer, app: Flask) -> None:
    address = salma.send(ITEMS).at
    karim = Importer(app, "karim")
    for way in ("", "/problems.csv"):
        assert karim.get(address + way).status_code == 404
    for way in ("/items", "/papers", "", "/again", "/drop"):
        assert karim.post(address + way).status_code == 404
    assert Importer(app, "omar").go("/imports/").status == 403
    assert salma.go("/imports/../../etc/passwd").status == 404
    assert salma.go("/imports/unknown").status == 404


def test_a_large_file_is_read_and_imported_in_a_process_of_its_own(
    salma: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "LARGE", 0)
    monkeypatch.setattr(imports, "dry_run", None)
    monkeypatch.setattr(imports, "write_items", None)
    monkeypatch.setattr(uploads.secrets, "token_urlsafe", lambda _size: "--help" + uuid.uuid4().hex[:16])
    salma.send(ITEMS + "3;;boîte\n")
    assert "Leave 1 row out" in salma.page
    assert "Give the item a name" in salma.page
    salma.do("/items", leave_out="1")
    assert "Items added" in salma.page
    assert items() == 3


def test_a_file_waits_for_its_sender_and_can_be_removed(salma: Importer) -> None:
    address = salma.send(ITEMS, name="my list.csv").at
    assert "my list.csv" in salma.go("/imports/").page
    salma.go(address).do("/drop")
    assert "my list.csv" not in salma.go("/imports/").page
    assert salma.go(address).status == 404


def test_items_are_everybodys_and_so_for_who_may_everywhere(house: None, app: Flask) -> None:
    karim = Importer(app, "karim")
    assert 'value="items"' not in karim.go("/imports/").page
    assert karim.send(ITEMS).status == 403
    assert "Post 3 papers" in karim.send(MOVEMENTS, "movements").page


def test_a_file_is_forgotten_after_a_day(tmp_path: Path) -> None:
    old = uploads.keep(tmp_path, io.BytesIO(b"x"), owner_id=1, what="items", name="old.csv", at=AT)
    new = uploads.keep(
        tmp_path, io.BytesIO(b"y"), owner_id=1, what="items", name="new.csv", at=AT + timedelta(hours=25)
    )
    assert not old.folder.exists()
    assert [upload.name for upload in uploads.of(tmp_path, 1)] == ["new.csv"]
    assert uploads.of(tmp_path, 2) == []
    assert uploads.find(tmp_path, new.token, 1).content() == b"y"
    assert new.folder.stat().st_mode & 0o077 == 0


def test_a_large_file_is_taken_here_and_nowhere_else(salma: Importer) -> None:
    def sent(address: str) -> int:
        parts = {"csrf_token": salma.token(), "what": "items"}
        body = "".join(f'--X\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in parts.items())
        body += '--X\r\nContent-Disposition: form-data; name="file"; filename="big.csv"\r\n\r\n'
        body += ITEMS + "\n" * (9 << 20) + "\r\n--X--\r\n"
        options = {"data": body.encode(), "content_type": "multipart/form-data; boundary=X"}
        return salma.client.post(address, **options).status_code

    assert sent("/imports/") == 302
    assert sent("/language") == 413


def test_what_was_found_is_said_in_the_language_of_the_moment(salma: Importer) -> None:
    address = salma.send("code;désignation;unité\n1;Sérum;\n").at
    salma.say("fr")
    assert "cette colonne doit être remplie" in salma.go(address).page


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_page_speaks_the_language(salma: Importer, language: str) -> None:
    address = salma.send(ITEMS).at
    salma.say(language)
    for page in ("/imports/", "/imports/formats", address):
        assert salma.go(page).status == 200
        assert f'lang="{language}"' in salma.page
