"""The pages of slips and of counts: found, settled, decided, and told in files as the lists show them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask

from inventory import clock, counting, documents, slips
from inventory.catalogue import get_item
from inventory.counting import NewCount
from inventory.database import transaction
from inventory.documents import LineOrder, Side
from inventory.slips import NewSlip
from tests.databases import Database
from tests.web.desk import INSTANT, Clerk, furnish, person, post, receive

FIVE = LineOrder("PAP-A4", Decimal(5))


@pytest.fixture
def town(app: Flask, database: Database) -> Flask:
    database.furnish(furnish)
    return app


def slip_id(by: str = "keeper") -> int:
    new = NewSlip(warehouse="CENTRAL", service="BH-ANFA", receiver="Said <b>", lines=(FIVE,))
    with transaction():
        return slips.record(new, by=person(by), today=clock.today(), at=clock.now()).id


def count_id(quantity: str) -> int:
    line = LineOrder("PAP-A4", Decimal(quantity))
    new = NewCount(warehouse="CENTRAL", location=None, lines=(line,))
    with transaction():
        return counting.record(new, by=person("keeper"), today=clock.today(), at=clock.now()).id


def test_a_slip_waits_on_the_home_of_who_can_settle_it(town: Flask) -> None:
    slip_id()
    for name in ("keeper", "chief"):
        assert "Slips to regularise" in Clerk.signed_in(town, name).open("/").get_data(as_text=True)
    for name in ("other", "auditor"):
        home = Clerk.signed_in(town, name).open("/").get_data(as_text=True)
        assert "Slips to regularise" not in home


def test_a_slip_is_settled_by_the_papers_one_ticks(town: Flask) -> None:
    number = slip_id()
    keeper = Clerk.signed_in(town, "keeper")
    keeper.open(f"/slips/{number}")
    assert "Said &lt;b&gt;" in keeper.page.get_data(as_text=True)
    assert "None yet" in keeper.words
    receive("PAP-A4", "20")
    four = post("issue", LineOrder("PAP-A4", Decimal(4)), target=Side("service", "BH-ANFA"))
    keeper.open(f"/slips/{number}")
    refused = keeper.send(f"/slips/{number}/settle", {"papers": str(four.entry_id)})
    assert (refused.status_code, "the papers issue 4" in keeper.words) == (422, True)
    one = post("issue", LineOrder("PAP-A4", Decimal(1)), target=Side("service", "BH-ANFA"))
    keeper.open(f"/slips/{number}")
    keeper.send(f"/slips/{number}/settle", {"papers": [str(four.entry_id), str(one.entry_id)]})
    keeper.follow()
    assert "The slip is settled." in keeper.words
    assert one.reference in keeper.words
    assert keeper.send(f"/slips/{number}/settle", {"papers": [str(one.entry_id)]}).status_code == 409


def test_a_slip_is_closed_by_a_manager_who_did_not_write_it(town: Flask) -> None:
    number, own = slip_id(), slip_id("chief")
    keeper, chief = Clerk.signed_in(town, "keeper"), Clerk.signed_in(town, "chief")
    keeper.open("/")
    assert keeper.send(f"/slips/{number}/close", {"reason": "x"}).status_code == 403
    chief.open(f"/slips/{own}")
    assert chief.send(f"/slips/{own}/close", {"reason": "Returned"}).status_code == 422
    assert chief.send(f"/slips/{number}/close", {"reason": " "}).status_code == 422
    chief.send(f"/slips/{number}/close", {"reason": "Returned the same day"})
    chief.follow()
    assert "Returned the same day" in chief.words


def test_the_issue_note_of_a_slip_is_begun_from_it(town: Flask) -> None:
    number = slip_id()
    receive("PAP-A4", "20")
    keeper = Clerk.signed_in(town, "keeper")
    keeper.open(f"/slips/{number}")
    keeper.send(f"/slips/{number}/issue", {})
    keeper.follow()
    held = keeper.fields()
    assert (held["lines-0-item"], held["lines-0-quantity"], held["party"]) == ("PAP-A4", "5", "BH-ANFA")
    auditor = Clerk.signed_in(town, "auditor")
    auditor.open(f"/slips/{number}")
    assert auditor.send(f"/slips/{number}/issue", {}).status_code == 403


def test_the_list_of_slips_is_a_file_too(town: Flask) -> None:
    slip_id()
    keeper = Clerk.signed_in(town, "keeper")
    told = keeper.open("/slips?format=csv&state=open").get_data(as_text=True)
    assert "CENTRAL/AR/" in told
    assert "Said <b>" in told
    assert INSTANT.search(told)
    assert keeper.open("/slips?format=xlsx").status_code == 200
    assert "CENTRAL/AR/" not in keeper.open("/slips?format=csv&state=settled").get_data(as_text=True)
    other = Clerk.signed_in(town, "other")
    assert "CENTRAL/AR/" not in other.open("/slips?warehouse=*&format=csv").get_data(as_text=True)


@pytest.mark.parametrize("address", ["/slips/{}", "/slips/{}/photo", "/counts/{}"])
def test_nobody_of_another_warehouse_sees_one(town: Flask, address: str) -> None:
    number = slip_id()
    count_id("3")
    other = Clerk.signed_in(town, "other")
    assert other.open(address.format(number)).status_code == 403
    assert other.open(address.format(999)).status_code == 404
    keeper = Clerk.signed_in(town, "keeper")
    assert keeper.open(f"/slips/{number}/photo").status_code == 404  # there is none


def test_a_count_is_decided_on_its_page(town: Flask) -> None:
    receive("PAP-A4", "20")
    number = count_id("18")
    keeper, chief = Clerk.signed_in(town, "keeper"), Clerk.signed_in(town, "chief")
    keeper.open(f"/counts/{number}")
    assert "Post the difference" not in keeper.words
    assert keeper.send(f"/counts/{number}/adjust", {"reason": "x"}).status_code == 403
    keeper.open(f"/counts/{number}")
    keeper.send(f"/counts/{number}/remark", {"remark": "Two reams were wet"})
    assert "Counts with a difference" in chief.open("/").get_data(as_text=True)
    chief.open(f"/counts/{number}")
    assert "Two reams were wet" in chief.words
    assert chief.send(f"/counts/{number}/adjust", {"reason": ""}).status_code == 422
    chief.send(f"/counts/{number}/adjust", {"reason": "Wet", "key": "k1"})
    first = chief.follow().get_data(as_text=True)
    assert "CENTRAL/AJ/" in first or "Adjusted by" in first
    chief.send(f"/counts/{number}/adjust", {"reason": "Wet", "key": "k1"})  # a double click
    assert chief.page is not None
    assert chief.page.status_code == 303
    chief.open("/")
    assert chief.send(f"/counts/{number}/dismiss", {"reason": "No"}).status_code == 409
    assert "Counts with a difference" not in chief.open("/").get_data(as_text=True)


def test_a_count_tells_what_is_not_decided_on_its_page(town: Flask) -> None:
    """Goods that a late paper moved, goods that were counted again, and a difference that stands again."""
    receive("PAP-A4", "20")
    number = count_id("18")
    chief = Clerk.signed_in(town, "chief")
    post("adjustment", replace(FIVE, direction="out"), by="chief")
    chief.open(f"/counts/{number}")
    assert "count them again, or dismiss" in chief.words
    again = count_id("14")
    chief.open(f"/counts/{number}")
    assert "Counted again" in chief.words
    chief.open(f"/counts/{again}")
    chief.send(f"/counts/{again}/adjust", {"reason": "Wet", "key": "k1"})
    chief.follow()
    assert "This paper was reversed" not in chief.words
    paper = counting.count_row(again).CountDecision.entry_id
    with transaction():
        documents.reverse(paper, "No", by=person("chief"), today=clock.today(), at=clock.now(), key="k2")
    chief.open(f"/counts/{again}")
    assert "This paper was reversed" in chief.words


def test_the_list_of_counts_is_a_file_too(town: Flask) -> None:
    receive("PAP-A4", "20")
    count_id("18")
    keeper = Clerk.signed_in(town, "keeper")
    told = keeper.open("/counts?format=csv").get_data(as_text=True)
    assert "Waits for a decision" in told
    assert INSTANT.search(told)
    assert keeper.open("/counts?state=nonsense").status_code == 422


def test_an_old_label_says_so_to_whoever_opens_it(town: Flask) -> None:
    item = get_item("PAP-A4")
    code = item.label_code
    with transaction():
        get_item("PAP-A4").name_fr = "Papier A4 recyclé"
    keeper = Clerk.signed_in(town, "keeper")
    keeper.open(f"/S/{code}")
    keeper.follow()
    assert "Old label" in keeper.words
    keeper.open(f"/S/{code}.2")
    keeper.follow()
    assert "Old label" not in keeper.words


@pytest.mark.parametrize(
    ("room", "first", "make"), [("slips", "/slips", slip_id), ("counting", "/counts", lambda: count_id("3"))]
)
def test_the_next_page_goes_on_where_the_first_ended(
    town: Flask, monkeypatch: pytest.MonkeyPatch, room: str, first: str, make: Callable[[], int]
) -> None:
    monkeypatch.setattr(f"inventory.web.{room}.PAGE", 2)
    made = [make() for _ in range(5)]
    chief = Clerk.signed_in(town, "chief")
    address: str | None = first
    seen: list[int] = []
    while address:
        text = chief.open(address).get_data(as_text=True)
        seen += [int(number) for number in re.findall(rf'href="{first}/(\d+)"', text)]
        found = re.search(r'href="([^"]*[?&;]cursor=[^"]+)"', text)
        address = html.unescape(found[1]) if found else None
    assert list(dict.fromkeys(seen)) == made[::-1]
    assert chief.open(f"{first}?cursor={made[-1]}").status_code == 422
