"""What belongs to one warehouse is shown to nobody of another, by whatever page one asks."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask

from inventory import warehouses
from inventory.database import transaction
from inventory.documents import LineOrder, Side
from tests.databases import Database
from tests.web.desk import Clerk, furnish, in_days, post, receive


@pytest.fixture
def other(app: Flask, database: Database) -> Clerk:
    """The storekeeper of ANFA, while only CENTRAL holds anything."""
    database.furnish(furnish)
    receive("VAC-01", "10", lot="L-SECRET", expires_on=in_days(60))
    receive("PC-01", "1", lot="INV-SECRET")
    return Clerk.signed_in(app, "other")


@pytest.mark.parametrize("item", ["VAC-01", "PC-01"])
@pytest.mark.parametrize("subject", ["items", "lots"])
def test_labels_name_no_lot_that_lies_elsewhere(app: Flask, other: Clerk, item: str, subject: str) -> None:
    address = f"/labels?of={subject}&item={item}&search="
    assert "SECRET" not in other.open(address).text
    keeper = Clerk.signed_in(app, "keeper")
    assert "SECRET" in keeper.open(address).text


@pytest.mark.parametrize("question", ["kind=transfer_receipt&transfer={}", "kind=move&source={}", "kind=issue&copy={}"])
def test_a_form_says_nothing_of_a_transfer_between_others(app: Flask, other: Clerk, question: str) -> None:
    """Once the form told its lines, lots and quantities to whoever guessed its number."""
    with transaction():
        warehouses.add_warehouse("NORD", in_service_on=in_days(-300), name_fr="Nord")
    sent = post("transfer", LineOrder("VAC-01", Decimal(4)), target=Side("warehouse", "NORD"))
    answer = other.open("/documents/new?" + question.format(sent.entry_id))
    assert answer.status_code == 403
    assert "SECRET" not in other.text
    typed = {"kind": "transfer_receipt", "warehouse": "ANFA", "party": sent.id, "act": "add"}
    other.open("/")
    assert other.send("/documents/new", typed).status_code == 403
    keeper = Clerk.signed_in(app, "keeper")
    assert keeper.open("/documents/new?" + question.format(sent.entry_id)).status_code == 200


def test_a_paper_is_read_by_both_ends_of_a_transfer_through_every_door(app: Flask, other: Clerk) -> None:
    """The sender reads the receipt of what was sent; the page once refused what the API gave."""
    sent = post("transfer", LineOrder("VAC-01", Decimal(4)), target=Side("warehouse", "ANFA"))
    received = post(
        "transfer_receipt", LineOrder("VAC-01", Decimal(4), lot="L-SECRET"), by="other", warehouse="ANFA",
        source=Side("document", sent.id),
    )  # fmt: skip
    keeper = Clerk.signed_in(app, "keeper")
    for clerk in (keeper, other):
        for paper in (sent, received):
            for address in (f"/documents/{paper.id}", f"/api/v1/documents/{paper.id}", f"/documents/{paper.id}.pdf"):
                assert clerk.open(address).status_code == 200, address
            assert clerk.open(f"/s/{paper.code}").status_code == 302


@pytest.mark.parametrize("act", ["add", "line", "remove-0", "review", "post", "print", "keep", "autosave"])
def test_who_may_not_post_a_paper_gets_no_form_of_it(app: Flask, other: Clerk, act: str) -> None:
    auditor = Clerk.signed_in(app, "auditor")
    auditor.open("/")
    asked = {"kind": "issue", "warehouse": "CENTRAL", "lines-0-item": "VAC-01", "act": act}
    assert auditor.send("/documents/new", asked).status_code == 403
