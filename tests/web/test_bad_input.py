"""What addresses and forms bring in wrong is refused in words, never cut, guessed or answered with a fault of ours."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from flask import Flask

from inventory import documents
from inventory.documents import Filters
from inventory.warehouses import get_warehouse
from tests.databases import Database
from tests.web.desk import Clerk, furnish, in_days, receive

HUGE = "99999999999999999999"


@pytest.fixture
def chief(app: Flask, database: Database) -> Clerk:
    database.furnish(furnish)
    return Clerk.signed_in(app, "chief")


def papers() -> int:
    return len(documents.find_documents(Filters())[0])


@pytest.mark.parametrize(
    "address",
    ["/documents/{}", "/documents/{}.pdf", "/documents/{}/reversal", "/documents/new?draft={}",
     "/documents/new?copy={}", "/alerts/{}", "/audit/registers/CENTRAL/{}"],
)  # fmt: skip
@pytest.mark.parametrize("number", [HUGE, "9" * 300, "0", "-1", "1e3", "²", "1_0"])
def test_a_number_that_no_key_can_have_leads_nowhere(chief: Clerk, address: str, number: str) -> None:
    assert chief.open(address.format(quote(number))).status_code == 404


def test_neither_does_one_of_a_draft_or_a_year(chief: Clerk) -> None:
    assert chief.open(f"/api/v1/registers/CENTRAL/{HUGE}/proof").status_code == 404
    assert chief.send(f"/drafts/{HUGE}/drop", {}).status_code == 404


@pytest.mark.parametrize(
    "question",
    ["from=2026-02-30", "from=20260101", "to=2026-W01-1", "to=0001-01-01", "from=9999-12-31", "from=x", "kind=theft",
     "kind=issue&kind=theft", "format=pdf", "cursor=2026-01-01.7", "cursor=x", "from=2026-03-02&to=2026-03-01"],
)  # fmt: skip
def test_a_list_that_cannot_be_understood_is_not_answered_with_another(chief: Clerk, question: str) -> None:
    """The list of papers once showed all of them instead."""
    assert chief.open(f"/documents?{question}").status_code == 422


@pytest.mark.parametrize("question", ["from=x", "to=2026-02-30", "from=20260101", "from=2026-03-02&to=2026-03-01"])
def test_a_card_is_printed_for_the_days_asked_or_not_at_all(chief: Clerk, question: str) -> None:
    assert chief.open(f"/stock/CENTRAL/PAP-A4/card.pdf?{question}").status_code == 422


def test_words_that_are_too_long_to_look_for_are_not_cut(chief: Clerk) -> None:
    assert chief.open("/stock?search=" + "x" * 201).status_code == 422


def test_a_mark_of_one_list_leads_into_no_other(chief: Clerk) -> None:
    """A page of stock by name and one by value go on after different things."""
    for _paper in range(51):
        receive(quantity="1")
    found = re.search(r"cursor=([^\"&]+)", chief.open("/documents?kind=receipt").text)
    assert found
    assert chief.open(f"/documents?kind=receipt&cursor={found[1]}").status_code == 200
    for other in ("/documents?", "/documents?kind=issue&", "/documents?kind=receipt&item=PAP-A4&", "/stock?"):
        assert chief.open(f"{other}cursor={found[1]}").status_code == 422
    card = re.search(r"cursor=([^\"&]+)", chief.open("/stock/CENTRAL/PAP-A4").text)
    assert card
    assert chief.open(f"/stock/CENTRAL/PAP-A4?cursor={card[1]}").status_code == 200
    assert chief.open(f"/stock/ANFA/PAP-A4?cursor={card[1]}").status_code == 422


def test_a_long_reason_is_refused_and_not_cut(chief: Clerk) -> None:
    for lot, days in (("L-LATE", 300), ("L-SOON", 60)):
        receive("VAC-01", "10", lot=lot, expires_on=in_days(days))
    chief.open("/documents/new?kind=issue&warehouse=CENTRAL")
    line = {"party": "BH-ANFA", "line0_item": "VAC-01", "line0_quantity": "1", "line0_lot": "L-LATE"}
    assert chief.press("review", **line, line0_reason="r" * 501).status_code == 422
    assert chief.press("post", **line, line0_reason="r" * 500).status_code == 303
    (issued,), _more = documents.find_documents(Filters(kinds=["issue"]))
    assert issued.lines[0]["reason"] == "r" * 500
    chief.open(f"/documents/{issued.entry_id}/reversal")
    answer = chief.send(f"/documents/{issued.entry_id}/reversal", {"reason": "r" * 501, "key": "reverse"})
    assert answer.status_code == 422
    assert documents.document_of(issued.entry_id).reversed_by is None


def test_no_line_of_a_long_form_is_left_out(chief: Clerk) -> None:
    receive(quantity="1000")
    chief.open("/documents/new?kind=issue&warehouse=CENTRAL")
    lines = {f"line{n}_{name}": value for n in range(450) for name, value in (("item", "PAP-A4"), ("quantity", "1"))}
    assert chief.press("post", party="BH-ANFA", **lines).status_code == 303
    (issued,), _more = documents.find_documents(Filters(kinds=["issue"]))
    assert len(issued.lines) == 450
    chief.open("/documents/new?kind=issue&warehouse=CENTRAL")
    answer = chief.press("add", party="BH-ANFA", **lines)
    assert answer.status_code == 200
    assert "A form has at most 400 lines" in chief.words
    assert 'name="lines-449-item"' in chief.text


@pytest.mark.parametrize("number", ["1_000", "+5", "-5", "5.0", "1e2", "9" * 30])
def test_a_number_of_a_voucher_is_digits_alone(chief: Clerk, number: str) -> None:
    chief.open("/documents/new?kind=receipt")
    answer = chief.press(
        "post", party="ATLAS", line0_item="BON-20", line0_first_number=number, line0_last_number="2000"
    )
    assert answer.status_code == 422
    assert papers() == 0


@pytest.mark.parametrize("field", ["copies", "first"])
@pytest.mark.parametrize("count", ["two", "1.5", "-1", "²", "999999999"])
def test_labels_are_printed_in_the_number_asked_or_not_at_all(chief: Clerk, field: str, count: str) -> None:
    found = re.search(r'name="copies-([^"]+)"', chief.open("/labels").text)
    assert found
    asked = {f"copies-{found[1]}": "1", "first": "1", "medium": "24"}
    name = next(one for one in asked if one.startswith(field))
    assert chief.send("/labels", asked | {name: count}).status_code == 422


def test_a_host_that_is_none_gets_no_page(app: Flask) -> None:
    answer = app.test_client().get("/sign-in", environ_overrides={"HTTP_HOST": "a" * 100})
    assert answer.status_code == 400


def test_names_hold_no_character_that_a_page_cannot_show(chief: Clerk) -> None:
    """Two of the forms once kept a bell; what reads as something else than it is never passes."""
    for address in ("/warehouses/CENTRAL/names", "/warehouses/CENTRAL/locations/B-03", "/suppliers/ATLAS"):
        chief.open(address)
        for name in ("ding\x07", "two\nlines"):
            assert chief.send(address, {"name_fr": name}).status_code == 422, address
    chief.open("/warehouses/CENTRAL/names")
    chief.send("/warehouses/CENTRAL/names", {"name_fr": "Dép\u202eôt"})
    assert get_warehouse("CENTRAL").name_fr == "Dépôt"


@pytest.mark.parametrize(
    "typed", [{"packaging": "palette"}, {"barcode": "9" * 201}], ids=["to a packaging there is not", "too long"]
)
def test_a_barcode_is_attached_to_what_was_chosen_or_not_at_all(chief: Clerk, typed: dict[str, str]) -> None:
    chief.open("/items/PAP-A4")
    assert (
        chief.send("/catalogue/barcodes/PAP-A4", {"barcode": "3700123456", "packaging": ""} | typed).status_code == 422
    )
    assert "3700123456" not in chief.open("/items/PAP-A4").text
