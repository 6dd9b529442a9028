"""Papers on the screen: written, checked, posted once, shown, corrected, found again."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from inventory import access, clock, documents, ledger, printing, warehouses
from inventory.catalogue import Unit, get_item, retire
from inventory.database import db, transaction
from inventory.documents import Document, Filters, LineOrder, Order, Side
from inventory.warehouses import get_warehouse
from tests.databases import Database
from tests.web.desk import PASSWORD, Clerk, furnish, in_days, person, post, receive


@pytest.fixture
def keeper(app: Flask, database: Database) -> Clerk:
    database.furnish(furnish)
    return Clerk.signed_in(app, "keeper")


def posted(kind: str) -> Document:
    """The one paper of a kind."""
    (document,), _ = documents.find_documents(Filters(kinds=[kind]))
    return documents.document_of(document.entry_id)


def here(item: str, warehouse: str = "CENTRAL") -> Decimal:
    return ledger.on_hand(get_item(item).id, get_warehouse(warehouse).id)


def write(clerk: Clerk, kind: str, **typed: str) -> Document:
    """The whole way: an empty form, filled, checked, confirmed."""
    clerk.open(f"/documents/new?kind={kind}")
    clerk.press("review", **typed)
    assert clerk.page is not None
    assert clerk.page.status_code == 200, clerk.words
    assert "A posted paper is never edited" in clerk.words
    clerk.press("post")
    clerk.follow()
    assert "Posted:" in clerk.words
    return posted(kind)


# ---- a journey per kind


def test_goods_are_received_in_cartons(keeper: Clerk) -> None:
    document = write(
        keeper, "receipt", party="ATLAS", delivery_note="BL 77", line0_item="PAP-A4", line0_quantity="20",
        line0_unit="carton", line0_unit_cost="212,50", line0_location="B-03",
    )  # fmt: skip
    assert here("PAP-A4") == 100
    assert (document.lines[0]["value"], document.content["details"]) == ("4250.00", {"delivery_note": "BL 77"})
    assert "BL 77" in keeper.words
    assert "4 250.00" in keeper.words.replace("\u202f", " ")


def test_what_one_confirms_names_the_delivery_note_and_the_prices(keeper: Clerk) -> None:
    keeper.open("/documents/new?kind=receipt")
    typed = {"line0_item": "PAP-A4", "line0_quantity": "20", "line0_unit_cost": "42,5"}
    keeper.press("review", party="ATLAS", delivery_note="BL 77", **typed)
    assert "BL 77" in keeper.words
    assert "850.00 at 42.50" in keeper.words


def test_a_number_beyond_counting_is_told_its_limit(keeper: Clerk) -> None:
    keeper.open("/documents/new?kind=receipt")
    keeper.press("review", party="ATLAS", line0_item="PAP-A4", line0_quantity="9" * 25)
    assert "at most 999" in keeper.words


@pytest.mark.parametrize("typed", ["1,000", "1.000", "١٫٠٠٠"])
def test_a_thousand_is_never_read_as_one(keeper: Clerk, typed: str) -> None:
    keeper.open("/documents/new?kind=receipt")
    keeper.press("review", party="ATLAS", line0_item="PAP-A4", line0_quantity=typed)
    assert "can be read in two ways: write 1000, or 1." in keeper.words
    assert "A posted paper is never edited" not in keeper.words
    keeper.press("review", line0_quantity="1 000")
    assert "A posted paper is never edited" in keeper.words


def test_lots_are_received_with_their_expiry_and_issued_first_expiry_first(keeper: Clerk) -> None:
    for lot, days in (("L-LATE", 300), ("L-SOON", 60)):
        receive("VAC-01", "10", lot=lot, expires_on=in_days(days))
    keeper.open("/documents/new?kind=issue&item=VAC-01")
    assert "First to expire: L-SOON" in keeper.words
    document = write(keeper, "issue", party="BH-ANFA", line0_item="VAC-01", line0_quantity="12")
    assert [(line["lot"], line["quantity"]) for line in document.lines] == [("L-SOON", "10"), ("L-LATE", "2")]


def test_another_lot_needs_a_reason_at_its_line(keeper: Clerk) -> None:
    for lot, days in (("L-LATE", 300), ("L-SOON", 60)):
        receive("VAC-01", "10", lot=lot, expires_on=in_days(days))
    keeper.open("/documents/new?kind=issue")
    answer = keeper.press("review", party="BH-ANFA", line0_item="VAC-01", line0_quantity="1", line0_lot="L-LATE")
    assert answer.status_code == 422
    assert "Lot L-SOON expires earlier" in keeper.words
    assert 'id="lines-0-reason"' in keeper.text
    assert keeper.press("review", line0_reason="Cold box is broken").status_code == 200


def test_a_thing_with_its_inventory_number_comes_and_goes(keeper: Clerk) -> None:
    write(
        keeper, "receipt", party="ATLAS", line0_item="PC-01", line0_quantity="1", line0_lot="INV-1", line0_unit_cost=""
    )
    write(keeper, "issue", party="BH-ANFA", line0_item="PC-01", line0_quantity="1", line0_lot="INV-1")
    assert here("PC-01") == 0


def test_numbered_values_are_received_and_issued_by_range(keeper: Clerk) -> None:
    write(keeper, "receipt", party="ATLAS", line0_item="BON-20", line0_first_number="101", line0_last_number="150",
          line0_unit_cost="100")  # fmt: skip
    issued = write(
        keeper, "issue", party="BH-ANFA", line0_item="BON-20", line0_first_number="101", line0_last_number="110"
    )
    assert issued.lines[0]["quantity"] == "10"
    assert "101–110" in keeper.words
    assert here("BON-20") == 40


def test_goods_come_back_from_a_service(keeper: Clerk) -> None:
    receive()
    write(keeper, "issue", party="BH-ANFA", line0_item="PAP-A4", line0_quantity="10")
    write(keeper, "return", party="BH-ANFA", line0_item="PAP-A4", line0_quantity="4")
    assert here("PAP-A4") == 94


def test_goods_move_to_another_place(keeper: Clerk) -> None:
    receive()
    document = write(keeper, "move", line0_item="PAP-A4", line0_quantity="30", line0_target_location="B-03")
    assert (document.lines[0]["location"], document.lines[0]["target_location"]) == ("MAG", "B-03")


def test_the_opening_stock_is_entered(keeper: Clerk) -> None:
    write(keeper, "opening", line0_item="PAP-A4", line0_quantity="7", line0_unit_cost="40")
    assert here("PAP-A4") == 7


def test_bulk_becomes_bottles_and_keeps_its_value(keeper: Clerk) -> None:
    receive("JAV-B", "10", "100")
    document = write(
        keeper,
        "conversion",
        line0_item="JAV-B",
        line0_quantity="2",
        line0_target_item="JAV-F",
        line0_target_quantity="50",
    )
    assert (here("JAV-B"), here("JAV-F")) == (8, 50)
    assert [line["value"] for line in document.lines] == ["200.00", "200.00"]


def test_the_manager_writes_off_and_adjusts_and_the_storekeeper_does_not(app: Flask, keeper: Clerk) -> None:
    receive()
    assert keeper.open("/documents/new?kind=write_off").status_code == 403
    keeper.open("/documents/new?kind=issue")
    assert (
        keeper.press(
            "post", kind="adjustment", line0_item="PAP-A4", line0_quantity="1", line0_direction="in"
        ).status_code
        == 403
    )
    chief = Clerk.signed_in(app, "chief")
    chief.open("/documents/new?kind=write_off&warehouse=CENTRAL")
    chief.press("review", party="expired", line0_item="PAP-A4", line0_quantity="3")
    assert "1 line has not expired: check the reason" in chief.words
    chief.press("change")
    chief.press("review", party="damaged", reason="Fell off the truck")
    assert "not expired" not in chief.words
    chief.press("post")
    chief.follow()
    assert "Damaged · Fell off the truck" in chief.words
    chief.open("/documents/new?kind=adjustment&warehouse=CENTRAL")
    chief.press(
        "review", line0_item="PAP-A4", line0_quantity="1", line0_direction="in", reason="Found behind the shelf"
    )
    chief.press("post")
    chief.follow()
    assert here("PAP-A4") == 98
    assert "Found behind the shelf" in chief.words


def test_a_transfer_is_sent_received_short_and_settled_by_a_second_person(app: Flask, keeper: Clerk) -> None:
    receive()
    sent = write(keeper, "transfer", party="ANFA", line0_item="PAP-A4", line0_quantity="20")
    keeper.open("/transfers")
    assert "Sent, not yet received" in keeper.words
    other = Clerk.signed_in(app, "other")
    other.open("/transfers")
    assert "Receive it" in other.words
    assert other.open("/documents/new?kind=transfer_receipt").headers["Location"].endswith("/transfers")
    other.open(f"/documents/new?kind=transfer_receipt&source={sent.id}")
    assert other.fields()["lines-0-quantity"] == "20"
    assert other.press("review", line0_quantity="21").status_code == 409
    assert "still on the way" in other.words
    other.press("review", line0_quantity="18")
    other.press("post")
    other.follow()
    assert "18" in other.words
    assert here("PAP-A4", "ANFA") == 18
    other.open("/transfers")
    assert "ask a colleague" in other.words
    chief = Clerk.signed_in(app, "chief")
    chief.open("/transfers")
    assert "Lost on the road" in chief.words
    chief.open(f"/documents/new?kind=write_off&source={sent.id}")
    chief.press("review")
    assert "loss" not in chief.words
    chief.press("post")
    chief.follow()
    chief.open("/transfers")
    assert "Nothing is under way" in chief.words
    chief.open(f"/documents/{sent.id}")
    assert "Transfer receipt" in chief.words
    assert "Write-off" in chief.words
    assert "Reverse or correct" not in chief.words


def test_what_comes_back_from_the_road_has_no_place_it_came_from(app: Flask, keeper: Clerk) -> None:
    receive()
    sent = post("transfer", LineOrder("PAP-A4", Decimal(5)), target=Side("warehouse", "ANFA"))
    back = LineOrder("PAP-A4", Decimal(5), target_location="B-03")
    paper = post("move", back, source=Side("document", sent.id), by="chief")
    (line,) = printing.note_of(paper).lines
    assert (line.location, line.target_location) == ("", "B-03")


def test_a_transfer_receipt_says_for_ever_what_was_sent(keeper: Clerk) -> None:
    receive()
    sent = post("transfer", LineOrder("PAP-A4", Decimal(5)), target=Side("warehouse", "ANFA"))
    got = post(
        "transfer_receipt", LineOrder("PAP-A4", Decimal(4)), source=Side("document", sent.id), by="other",
        warehouse="ANFA",
    )  # fmt: skip
    for paper, username in ((got, "other"), (sent, "keeper")):
        with transaction():
            documents.reverse(
                paper.entry_id, "Wrong goods", by=person(username), today=clock.today(), at=clock.now(), key=paper.id
            )
    (line,) = printing.note_of(documents.document_of(got.entry_id)).lines
    assert (line.quantity, line.quantity_received) == (5, 4)


def test_a_lot_that_arrives_expired_is_told_before_posting(keeper: Clerk) -> None:
    keeper.open("/documents/new?kind=receipt")
    line = {"line0_item": "VAC-01", "line0_quantity": "4", "line0_lot": "L-9"}
    keeper.press("review", party="ATLAS", **line, line0_expires_on=in_days(-1).isoformat())
    assert "1 line brings a lot that has expired" in keeper.words
    assert "Here after it" in keeper.words
    keeper.press("change")
    keeper.press("review", line0_expires_on=in_days(0).isoformat())
    assert "expired" not in keeper.words


def test_what_was_checked_is_kept_and_found_under_its_key(keeper: Clerk) -> None:
    receive()
    keeper.open("/documents/new?kind=issue")
    key = keeper.fields()["key"]
    keeper.press("review", party="BH-ANFA", line0_item="PAP-A4", line0_quantity="5")
    keeper.press("post")
    assert "/documents/" in keeper.open(f"/documents/new?kind=issue&key={key}").headers["Location"]
    keeper.open("/documents/new?kind=issue")
    key = keeper.fields()["key"]
    keeper.press("review", party="BH-ANFA", line0_item="PAP-A4", line0_quantity="dix")
    keeper.open(f"/documents/new?kind=issue&key={key}")
    assert keeper.fields()["lines-0-quantity"] == "dix"


def test_checking_an_empty_paper_keeps_no_draft(keeper: Clerk) -> None:
    keeper.open("/documents/new?kind=issue")
    keeper.press("review", party="BH-ANFA")
    assert documents.drafts_of(person("keeper")) == []


def test_a_supplier_is_asked_for_where_goods_were_bought(keeper: Clerk) -> None:
    keeper.open("/documents/new?kind=receipt")
    assert "Supplier (optional)" not in keeper.words
    keeper.press("line", origin="donation")
    assert "Supplier (optional)" in keeper.words


@pytest.mark.parametrize("act", ["review", "autosave", "keep"])
@pytest.mark.parametrize("kind", ["transfer_receipt", "receipt"])
def test_what_one_may_not_write_is_not_kept_either(app: Flask, keeper: Clerk, kind: str, act: str) -> None:
    """It stood on the home page, and opened to a refusal."""
    with transaction():
        warehouses.add_warehouse("PORT", in_service_on=in_days(-300), name_fr="Dépôt du port")
    receive()
    sent = post("transfer", LineOrder("PAP-A4", Decimal(20)), target=Side("warehouse", "PORT"))
    other = Clerk.signed_in(app, "other")
    other.open("/documents/new?kind=receipt")
    line = {"lines-0-item": "PAP-A4", "lines-0-quantity": "20"}
    warehouse, party = ("CENTRAL", "ATLAS") if kind == "receipt" else ("ANFA", sent.id)
    asked = other.fields() | line | {"kind": kind, "act": act, "warehouse": warehouse, "party": party}
    assert other.send("/documents/new", asked).status_code == 403
    assert documents.drafts_of(person("other")) == []


def test_numbers_on_the_road_stand_in_the_form_that_receives_them(app: Flask, keeper: Clerk) -> None:
    write(keeper, "receipt", party="ATLAS", line0_item="BON-20", line0_first_number="101", line0_last_number="150",
          line0_unit_cost="20")  # fmt: skip
    sent = write(
        keeper, "transfer", party="ANFA", line0_item="BON-20", line0_first_number="101", line0_last_number="120"
    )
    other = Clerk.signed_in(app, "other")
    receiving = f"/documents/new?kind=transfer_receipt&source={sent.id}"
    other.open(receiving)
    assert (other.fields()["lines-0-first_number"], other.fields()["lines-0-last_number"]) == ("101", "120")
    assert other.press("review", line0_first_number="").status_code == 422  # half a range is no empty line
    other.press("review", line0_first_number="106", line0_last_number="118")
    assert "1 item does not arrive whole" in other.words
    other.press("post")
    other.open(receiving)
    rest = other.fields()
    assert [(rest[f"lines-{n}-first_number"], rest[f"lines-{n}-last_number"]) for n in (0, 1)] == [
        ("101", "105"),
        ("119", "120"),
    ]
    other.press("review")
    assert "does not arrive whole" not in other.words


def test_what_cannot_leave_stands_beside_its_line(keeper: Clerk) -> None:
    receive("VAC-01", "5", lot="OLD", expires_on=in_days(-1))
    receive("VAC-01", "20", lot="NEW", expires_on=in_days(100))
    keeper.open("/documents/new?kind=issue")
    keeper.press("review", party="BH-ANFA", line0_item="VAC-01", line0_quantity="22")
    assert "On hand 25 dose · expired or in quarantine: 5 · only 20 can leave" in keeper.words
    assert "What is expired or in quarantine there (5) cannot leave" in keeper.words
    keeper.press("review", line0_quantity="20")
    assert "A posted paper is never edited" in keeper.words


# ---- posting once, refusing at the line


def test_pressing_post_twice_posts_once(keeper: Clerk) -> None:
    receive()
    keeper.open("/documents/new?kind=issue")
    keeper.press("review", party="BH-ANFA", line0_item="PAP-A4", line0_quantity="5")
    again = keeper.fields() | {"act": "post"}
    first = keeper.send("/documents/new", again)
    second = keeper.client.post("/documents/new", data=again)
    assert first.headers["Location"] == second.headers["Location"]
    assert here("PAP-A4") == 95


def test_going_back_and_changing_a_posted_form_is_not_a_second_paper(keeper: Clerk) -> None:
    receive()
    keeper.open("/documents/new?kind=issue")
    keeper.press("review", party="BH-ANFA", line0_item="PAP-A4", line0_quantity="5")
    fields = keeper.fields()
    keeper.press("post")
    answer = keeper.client.post("/documents/new", data=fields | {"act": "post", "lines-0-quantity": "6"})
    assert answer.status_code == 409
    assert "already posted as CENTRAL/BS/" in answer.get_data(as_text=True)
    assert here("PAP-A4") == 95


def test_the_key_of_anothers_paper_leads_nowhere_and_tells_no_number(app: Flask, keeper: Clerk) -> None:
    """Keys that an import makes can be guessed."""
    order = Order("receipt", "CENTRAL", (LineOrder("PAP-A4", Decimal(7)),), source=Side("supplier", "ATLAS"))
    with transaction():
        paper = documents.post(order, by=person("keeper"), today=clock.today(), at=clock.now(), key="guessed")
        access.add_user("nobody", PASSWORD, at=clock.now(), language="en")
    assert keeper.open("/documents/new?key=guessed").headers["Location"] == f"/documents/{paper.id}"
    nobody, other = (Clerk.signed_in(app, name) for name in ("nobody", "other"))
    for stranger in (nobody, other):
        assert stranger.open("/documents/new?key=guessed").status_code == 200
    with transaction():
        by, at, place = person("other"), clock.now(), get_warehouse("ANFA")
        documents.keep_draft({"key": "guessed"}, kind="receipt", warehouse_id=place.id, by=by, at=at)
    assert other.open("/documents/new?key=guessed").status_code == 200
    other.open("/documents/new?kind=receipt")
    typed = {"party": "ATLAS", "line0_item": "PAP-A4", "line0_quantity": "3", "key": "guessed"}
    assert other.press("post", **typed).status_code == 409
    assert paper.reference not in other.text
    assert "could not be posted as it was" in other.words
    assert other.fields()["key"] != "guessed"
    other.press("post")
    other.follow()
    assert here("PAP-A4", "ANFA") == 3


def test_checking_posts_nothing(keeper: Clerk) -> None:
    receive()
    keeper.open("/documents/new?kind=issue")
    keeper.press("review", party="BH-ANFA", line0_item="PAP-A4", line0_quantity="5")
    assert "Post 1 line: Issue note, Bureau d'hygiène?" in keeper.words
    assert here("PAP-A4") == 100
    assert documents.find_documents(Filters(kinds=["issue"]))[0] == []


def test_what_is_refused_comes_back_at_its_line_with_everything_typed(keeper: Clerk) -> None:
    receive(quantity="3")
    keeper.open("/documents/new?kind=issue")
    keeper.press("add", line0_item="PAP-A4")
    answer = keeper.press(
        "review", party="BH-ANFA", line0_quantity="7", line1_item="JAV-B", line1_quantity="two", note="For the clinic"
    )
    assert answer.status_code == 422
    assert "“two” is not a number" in keeper.words
    assert "Say which service" not in keeper.words
    keeper.press("review", party="", party_shown="")
    assert "“two” is not a number" in keeper.words, "what is lacking is told together with what cannot be read"
    assert "Say which service" in keeper.words
    keeper.press("review", party="BH-ANFA")
    assert (keeper.fields()["lines-1-quantity"], keeper.fields()["note"]) == ("two", "For the clinic")
    answer = keeper.press("review", line1_quantity="2")
    assert answer.status_code == 409
    assert 'id="lines-0-quantity-error"' in keeper.text
    assert 'id="lines-1-quantity-error"' in keeper.text
    assert "PAP-A4 at CENTRAL: 3 can be taken, 7 asked" in keeper.words


def test_a_line_takes_an_item_by_words_when_there_are_no_scripts(keeper: Clerk) -> None:
    receive()
    keeper.open("/documents/new?kind=issue")
    keeper.press(
        "review", party="", party_shown="bh-anfa", line0_item="", line0_item_shown="papier", line0_quantity="٢"
    )
    assert "Papier A4" in keeper.words or "A4 paper" in keeper.words
    keeper.press("post")
    assert here("PAP-A4") == 98


def test_a_part_of_a_code_is_no_item(keeper: Clerk) -> None:
    receive()
    keeper.open("/documents/new?kind=issue")
    keeper.press("review", party="BH-ANFA", line0_item="", line0_item_shown="PAP-A", line0_quantity="2")
    assert "Papier A4" in keeper.words or "A4 paper" in keeper.words  # letters only: these may be words
    keeper.open("/documents/new?kind=issue")
    answer = keeper.press("review", party="BH-ANFA", line0_item="", line0_item_shown="P-A4", line0_quantity="2")
    assert answer.status_code == 422
    assert "P-A4" in keeper.words


def test_lines_are_added_and_removed_by_plain_buttons(keeper: Clerk) -> None:
    keeper.open("/documents/new?kind=issue")
    keeper.press("add", line0_item="PAP-A4", line0_quantity="1")
    keeper.press("add", line1_item="JAV-B", line1_quantity="2")
    keeper.press("remove-0")
    assert [name for name in keeper.fields() if name.endswith("-item")] == ["lines-0-item", "lines-1-item"]
    assert (keeper.fields()["lines-0-item"], keeper.fields()["lines-0-quantity"]) == ("JAV-B", "2")


def test_a_date_too_far_back_is_refused_at_the_date(keeper: Clerk) -> None:
    receive()
    keeper.open("/documents/new?kind=issue")
    far = (clock.today() - timedelta(days=90)).isoformat()
    assert keeper.press("review", on=far, party="BH-ANFA", line0_item="PAP-A4", line0_quantity="1").status_code == 409
    assert 'id="on-error"' in keeper.text


# ---- drafts


def test_a_draft_keeps_what_was_typed_and_is_gone_once_posted(keeper: Clerk) -> None:
    receive()
    keeper.open("/documents/new?kind=issue")
    keeper.press("keep", party="BH-ANFA", line0_item="PAP-A4", line0_quantity="5", note="Half done")
    keeper.follow()
    assert "Half done" in keeper.words
    (draft,) = documents.drafts_of(person("keeper"))
    keeper.open(f"/documents/new?draft={draft.id}")
    assert keeper.fields()["lines-0-quantity"] == "5"
    keeper.press("review")
    keeper.press("post")
    assert documents.drafts_of(person("keeper")) == []
    assert here("PAP-A4") == 95


def test_of_very_many_drafts_the_latest_are_shown(keeper: Clerk) -> None:
    for number in range(51):
        keeper.open("/documents/new?kind=receipt")
        keeper.press("keep", line0_item="PAP-A4", note=f"Note {number}.")
    keeper.open("/drafts")
    assert "Note 50." in keeper.words
    assert "Note 0." not in keeper.words
    assert "Older drafts" in keeper.words
    latest = documents.drafts_of(person("keeper"))[0]
    keeper.send(f"/drafts/{latest.id}/drop", {})
    keeper.follow()
    assert "Note 0." in keeper.words
    assert "Older drafts" not in keeper.words


def test_a_draft_saves_itself_and_says_where_it_can_be_found(keeper: Clerk) -> None:
    keeper.open("/documents/new?kind=receipt")
    answer = keeper.press("autosave", line0_item="PAP-A4", line0_quantity="5")
    (draft,) = documents.drafts_of(person("keeper"))
    assert answer.headers["HX-Replace-Url"] == f"/documents/new?draft={draft.id}"
    assert "Kept as a draft" in keeper.words


def test_a_draft_that_another_tab_kept_is_written_over_only_by_who_says_so(app: Flask, keeper: Clerk) -> None:
    keeper.open("/documents/new?kind=receipt")
    keeper.press("keep", line0_item="PAP-A4", note="First.")
    draft = documents.drafts_of(person("keeper"))[0]
    keeper.open(f"/documents/new?draft={draft.id}")
    other = Clerk.signed_in(app, "keeper")
    other.open(f"/documents/new?draft={draft.id}")
    other.press("autosave", note="Theirs.")
    here = keeper.fields() | {"note": "Mine."}
    for act in ("autosave", "keep", "review"):
        answer = keeper.send("/documents/new", here | {"act": act})
        assert answer.status_code == 409
        assert "Not kept: this draft was changed in another tab or on another device." in keeper.words
        assert act == "autosave" or "Mine." in keeper.fields()["note"]
        assert documents.get_draft(draft.id, by=person("keeper")).content["note"] == "Theirs."
    keeper.send("/documents/new", here | {"act": "theirs"})
    keeper.follow()
    assert keeper.fields()["note"] == "Theirs."
    keeper.send("/documents/new", here | {"act": "mine"})
    keeper.follow()
    assert keeper.fields()["note"] == "Mine."


def test_a_draft_thrown_away_in_another_tab_is_kept_anew(app: Flask, keeper: Clerk) -> None:
    keeper.open("/documents/new?kind=receipt")
    keeper.press("keep", line0_item="PAP-A4", note="First.")
    draft = documents.drafts_of(person("keeper"))[0]
    keeper.open(f"/documents/new?draft={draft.id}")
    here = keeper.fields()
    other = Clerk.signed_in(app, "keeper")
    other.open("/drafts")
    other.send(f"/drafts/{draft.id}/drop", {})
    keeper.send("/documents/new", here | {"act": "keep", "note": "Again."})
    (kept,) = documents.drafts_of(person("keeper"))
    assert (kept.content["note"], kept.revision) == ("Again.", 1)


def test_a_draft_posted_in_another_tab_is_kept_no_more(app: Flask, keeper: Clerk) -> None:
    keeper.open("/documents/new?kind=receipt")
    keeper.press("keep", line0_item="PAP-A4", line0_quantity="1", party="ATLAS")
    draft = documents.drafts_of(person("keeper"))[0]
    keeper.open(f"/documents/new?draft={draft.id}")
    here = keeper.fields()
    other = Clerk.signed_in(app, "keeper")
    other.open(f"/documents/new?draft={draft.id}")
    other.press("review")
    assert other.press("post").status_code == 303
    assert keeper.send("/documents/new", here | {"act": "autosave", "note": "More."}).status_code == 409
    assert keeper.send("/documents/new", here | {"act": "keep", "note": "More."}).status_code == 409
    assert "This form was already posted as" in keeper.words
    assert keeper.fields()["note"] == "More."
    assert documents.drafts_of(person("keeper")) == []


def test_a_draft_is_nobody_elses(app: Flask, keeper: Clerk) -> None:
    keeper.open("/documents/new?kind=receipt")
    keeper.press("keep", line0_item="PAP-A4")
    draft_id = documents.drafts_of(person("keeper"))[0].id
    other = Clerk.signed_in(app, "other")
    assert other.open(f"/documents/new?draft={draft_id}").status_code == 404
    other.open("/drafts")
    assert other.send(f"/drafts/{draft_id}/drop", {}).status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        {}, {"lines": 5}, {"lines": "abc"}, {"lines": [1, None]}, {"lines": {"a": 1}}, {"lines": [{"item": [1]}]},
        {"target": "x"}, {"details": "x"}, {"kind": "nope"}, {"kind": ["issue"]}, {"note": 5}, {"note": ["x"]},
        {"key": {}}, {"key": "\x00"}, {"note": "a\x00b", "lines": [{"item": "\x00"}]}, {"warehouse": 7, "on": {}},
    ],
)  # fmt: skip
def test_a_draft_of_any_shape_breaks_no_page_and_can_be_dropped(keeper: Clerk, content: dict[str, Any]) -> None:
    """Doors of old kept whatever came."""
    by, at = person("keeper"), clock.now()
    with transaction():
        kept = documents.keep_draft(content, kind="issue", warehouse_id=get_warehouse("CENTRAL").id, by=by, at=at)
    draft_id = kept.id
    for address in ("/", "/drafts", f"/documents/new?draft={draft_id}", "/documents/new?key=x"):
        assert keeper.open(address).status_code == 200, address
    keeper.open("/drafts")
    assert keeper.send(f"/drafts/{draft_id}/drop", {}).status_code == 303
    assert documents.drafts_of(by) == []


# ---- reversing and correcting


def test_a_paper_is_reversed_once_with_a_reason(keeper: Clerk) -> None:
    first = receive()
    keeper.open(f"/documents/{first.id}")
    key = re.search(r'name="key" value="([^"]+)"', keeper.text)
    assert key
    fields = {"key": key[1], "act": "reverse"}
    assert keeper.send(f"/documents/{first.id}/reversal", fields | {"reason": ""}).status_code == 422
    one = keeper.send(f"/documents/{first.id}/reversal", fields | {"reason": "Wrong supplier"})
    keeper.follow()
    assert "Wrong supplier" in keeper.words
    two = keeper.send(f"/documents/{first.id}/reversal", fields | {"reason": "Wrong supplier"})
    assert one.headers["Location"] == two.headers["Location"]
    keeper.follow()
    assert "Reversal 1/" in keeper.words
    assert f"Receipt note {first.reference}" in keeper.words
    keeper.open(f"/documents/{first.id}")
    assert "Reversed by" in keeper.words
    assert "Reverse or correct" not in keeper.words
    assert here("PAP-A4") == 0


def test_who_could_not_post_a_paper_is_not_asked_whether_to_reverse_it(app: Flask, keeper: Clerk) -> None:
    receive()
    chief = Clerk.signed_in(app, "chief")
    for paper in (
        post("write_off", LineOrder("PAP-A4", Decimal(2)), by="chief", target=Side("reason", "damaged")),
        post("adjustment", LineOrder("PAP-A4", Decimal(2), direction="in"), by="chief", reason="Found"),
    ):
        address = f"/documents/{paper.id}/reversal"
        keeper.open(f"/documents/{paper.id}")
        assert address not in keeper.text
        assert keeper.send(address, {"reason": "Wrong", "key": "k"}).status_code == 403
        assert keeper.open(address).status_code == 403
        chief.open(f"/documents/{paper.id}")
        assert address in chief.text
        assert chief.open(address).status_code == 200
        assert not documents.may_reverse(paper, by=person("keeper"))
        assert documents.may_reverse(paper, by=person("chief"))


def test_a_transfer_is_offered_to_who_receives_it_while_it_is_under_way(app: Flask, keeper: Clerk) -> None:
    receive()
    sent = write(keeper, "transfer", party="ANFA", line0_item="PAP-A4", line0_quantity="20")
    other = Clerk.signed_in(app, "other")

    def is_offered(clerk: Clerk) -> tuple[bool, bool]:
        clerk.open(f"/documents/{sent.id}")
        return "Receive it" in clerk.words, f"/documents/{sent.id}/reversal" in clerk.text

    assert (is_offered(keeper), is_offered(other)) == ((False, True), (True, False))
    arrived = post("transfer_receipt", LineOrder("PAP-A4", Decimal(20)), by="other", warehouse="ANFA",
                   source=Side("document", sent.id))  # fmt: skip
    assert (is_offered(keeper), is_offered(other)) == ((False, False), (False, False))
    with transaction():
        by, today, at = person("other"), clock.today(), clock.now()
        documents.reverse(arrived.entry_id, "Not all", by=by, today=today, at=at, key="back")
    assert (is_offered(keeper), is_offered(other)) == ((False, True), (True, False))


def test_correcting_reverses_and_opens_a_copy_in_one_act(keeper: Clerk) -> None:
    first = receive(quantity="10")
    keeper.open(f"/documents/{first.id}/reversal")
    key = re.search(r'name="key" value="([^"]+)"', keeper.text)
    assert key
    keeper.send(f"/documents/{first.id}/reversal", {"key": key[1], "reason": "Twelve came", "act": "correct"})
    keeper.follow()
    assert keeper.fields()["lines-0-quantity"] == "10"
    keeper.press("review", line0_quantity="12")
    keeper.press("post")
    assert here("PAP-A4") == 12
    assert documents.drafts_of(person("keeper")) == []


def test_a_receipt_of_a_transfer_is_corrected_with_what_had_not_arrived_too(app: Flask, keeper: Clerk) -> None:
    """20 sheets were read as 2, the vaccine was overlooked, and of the vouchers only the first came."""
    receive()
    receive("VAC-01", "10", lot="L-1", expires_on=in_days(90))
    vouchers = LineOrder("BON-20", first_number=101, last_number=120)
    post("receipt", vouchers, source=Side("supplier", "ATLAS"))
    lines = (LineOrder("PAP-A4", Decimal(20)), LineOrder("VAC-01", Decimal(10)), vouchers)
    sent = post("transfer", *lines, target=Side("warehouse", "ANFA"))
    came = (LineOrder("PAP-A4", Decimal(2)), LineOrder("BON-20", first_number=101, last_number=101))
    wrong = post("transfer_receipt", *came, by="other", warehouse="ANFA", source=Side("document", sent.id))
    other = Clerk.signed_in(app, "other")
    other.open(f"/documents/{wrong.id}")
    assert "Reverse and correct" in other.words
    assert "Copy to a new paper" not in other.words
    other.send(f"/documents/{wrong.id}/reversal", {"key": "k", "reason": "Look again", "act": "correct"})
    other.follow()
    shown = other.fields()
    names = [
        (shown[f"lines-{n}-item"], shown.get(f"lines-{n}-quantity"), shown.get(f"lines-{n}-lot")) for n in range(3)
    ]
    assert names == [("PAP-A4", "2", None), ("BON-20", None, None), ("VAC-01", "", "L-1")]
    other.press("review", line0_quantity="20", line1_last_number="120", line2_quantity="10")
    assert "does not arrive whole" not in other.words
    other.press("post")
    other.follow()
    assert [here(item, "ANFA") for item in ("PAP-A4", "VAC-01", "BON-20")] == [20, 10, 20]


def corrected(clerk: Clerk, paper: Document) -> Document:
    """What stands in the place of a paper that was reversed, and whose copy was posted as it is."""
    clerk.open(f"/documents/{paper.id}/reversal")
    key = re.search(r'name="key" value="([^"]+)"', clerk.text)
    assert key
    clerk.send(f"/documents/{paper.id}/reversal", {"key": key[1], "reason": "Look again", "act": "correct"})
    clerk.follow()
    clerk.press("review")
    clerk.press("post")
    clerk.follow()
    assert "Posted:" in clerk.words
    return next(one for one in documents.find_documents(Filters(kinds=[paper.kind]))[0] if one.id != paper.id)


def goods_on(paper: Document) -> list[tuple[str | None, ...]]:
    names = ("item", "base_quantity", "lot", "location", "target_location", "first_number", "reason", "unit_cost")
    return [tuple(line[name] for name in names) for line in paper.lines]


@pytest.mark.parametrize("lot", [None, "L-SOON", "L-LATE"])
def test_a_conversion_that_drew_on_several_lots_and_places_is_corrected(
    app: Flask, keeper: Clerk, lot: str | None
) -> None:
    for number, days in (("L-SOON", 60), ("L-LATE", 90)):
        for place in (None, "B-03"):
            receive("VAC-01", "5", lot=number, location=place, expires_on=in_days(days))
    quantity = Decimal(13 if lot is None else 8)
    line = LineOrder("VAC-01", quantity, lot=lot, target_item="JAV-F", target_quantity=Decimal(3), reason="No room")
    first = post("conversion", line, by="chief")
    assert len(first.lines) > 2
    assert goods_on(corrected(Clerk.signed_in(app, "chief"), first)) == goods_on(first)


def test_a_conversion_of_numbered_values_is_corrected(app: Flask, keeper: Clerk) -> None:
    receive("BON-20", None, None, first_number=1, last_number=50)
    became = {"target_item": "JAV-F", "target_quantity": Decimal(3)}
    first = post("conversion", LineOrder("BON-20", first_number=11, last_number=20, **became), by="chief")
    assert goods_on(corrected(Clerk.signed_in(app, "chief"), first)) == goods_on(first)


def test_what_came_back_from_the_road_is_corrected_where_it_lies(app: Flask, keeper: Clerk) -> None:
    receive()
    sent = post("transfer", LineOrder("PAP-A4", Decimal(5)), target=Side("warehouse", "ANFA"))
    road = {"source": Side("document", sent.id), "by": "chief"}
    back = post("move", LineOrder("PAP-A4", Decimal(3), target_location="B-03"), **road)
    lost = post("write_off", LineOrder("PAP-A4", Decimal(2)), target=Side("reason", "lost_on_the_road"), **road)
    chief = Clerk.signed_in(app, "chief")
    assert goods_on(corrected(chief, lost)) == goods_on(lost)
    again = corrected(chief, back)
    assert goods_on(again) == goods_on(back)
    assert again.lines[0]["location"] == "B-03"
    chief.open(f"/documents/new?copy={lost.id}")
    assert chief.fields()["lines-0-location"] == ""


def test_what_comes_back_at_a_cost_of_its_own_is_corrected_at_it(keeper: Clerk) -> None:
    receive(cost="42.50")
    post("issue", LineOrder("PAP-A4", Decimal(10)), target=Side("service", "BH-ANFA"))
    service = {"source": Side("service", "BH-ANFA")}
    for cost in (Decimal("30.000001"), Decimal(0), None):
        first = post("return", LineOrder("PAP-A4", Decimal(2), unit_cost=cost), **service)
        again = corrected(keeper, first)
        assert (goods_on(again), again.lines[0]["value"]) == (goods_on(first), first.lines[0]["value"])


def test_a_receipt_of_what_went_out_of_use_since_is_corrected(keeper: Clerk) -> None:
    came = LineOrder("PAP-A4", Decimal(20), unit_cost=Decimal("42.5"))
    first = post("receipt", came, source=Side("supplier", "ATLAS"), on=in_days(-6))
    with transaction():
        retire(get_item("PAP-A4"), on=in_days(-1), replaced_by=get_item("JAV-B"))
    again = corrected(keeper, first)
    assert (again.on, goods_on(again)) == (first.on, goods_on(first))


def test_a_paper_is_copied_to_a_new_one(keeper: Clerk) -> None:
    first = receive(quantity="10")
    keeper.open(f"/documents/new?copy={first.id}")
    assert (keeper.fields()["party"], keeper.fields()["lines-0-quantity"]) == ("ATLAS", "10")
    assert keeper.fields()["key"] != ""


def test_a_copy_leaves_open_what_was_chosen_by_first_expiry(keeper: Clerk) -> None:
    for lot, days in (("L-LATE", 300), ("L-SOON", 60)):
        receive("VAC-01", "10", lot=lot, expires_on=in_days(days))
    receive("PC-01", "1", lot="INV-7")
    lines = (LineOrder("VAC-01", Decimal(12)), LineOrder("PC-01", Decimal(1), lot="INV-7"))
    issue = post("issue", *lines, target=Side("service", "BH-ANFA"))
    with transaction():
        documents.reverse(
            issue.entry_id, "Not yet", by=person("keeper"), today=clock.today(), at=clock.now(), key="back"
        )
    keeper.open(f"/documents/new?copy={issue.id}")
    held = keeper.fields()
    assert (held["lines-0-item"], held["lines-0-quantity"], held["lines-0-lot"]) == ("VAC-01", "12", "")
    assert (held["lines-1-item"], held["lines-1-lot"]) == ("PC-01", "INV-7")


def test_a_conversion_of_cartons_is_worth_what_came_of_it_and_is_copied(app: Flask, keeper: Clerk) -> None:
    receive()
    chief = Clerk.signed_in(app, "chief")
    paper = write(
        chief, "conversion", warehouse="CENTRAL", line0_item="PAP-A4", line0_quantity="2", line0_unit="carton",
        line0_target_item="JAV-B", line0_target_quantity="3", line0_target_location="B-03",
    )  # fmt: skip
    assert "carton (= 10 rame)" in chief.words
    assert "Total (MAD) 425.00" in chief.words
    assert ",425," in chief.open("/documents?kind=conversion&format=csv").text.replace(";", ",")
    with transaction():
        by = person("chief")
        back = documents.reverse(paper.entry_id, "No", by=by, today=clock.today(), at=clock.now(), key="back")
    mirror = printing.note_of(back)
    assert [(line.item, line.quantity) for line in mirror.lines] == [("JAV-B", -3), ("PAP-A4", 2)]
    assert mirror.total == 42500
    chief.open(f"/documents/new?copy={paper.id}")
    held = {name.removeprefix("lines-0-"): value for name, value in chief.fields().items()}
    assert (held["item"], held["quantity"], held.get("unit", "")) == ("PAP-A4", "10", "")
    assert (held["target_item"], held["target_quantity"], held["target_location"]) == ("JAV-B", "3", "B-03")


def test_what_is_left_of_a_retired_item_is_converted_where_most_of_it_lies(app: Flask, keeper: Clerk) -> None:
    receive("JAV-B", "12", "40")
    post("receipt", LineOrder("JAV-B", Decimal(3)), by="other", warehouse="ANFA", source=Side("supplier", "ATLAS"))
    with transaction():
        retire(get_item("JAV-B"), on=clock.today(), replaced_by=get_item("JAV-F"))
    chief = Clerk.signed_in(app, "chief")
    way = re.search(r'href="([^"]+kind=conversion[^"]+)"', chief.open("/items/JAV-B").text)
    assert way
    chief.open(unescape(way[1]))
    held = chief.fields()
    assert (held["warehouse"], held["lines-0-quantity"], held["lines-0-target_item"]) == ("CENTRAL", "12", "JAV-F")


def test_a_refusal_names_the_unit_in_the_language_of_the_page(keeper: Clerk) -> None:
    with transaction():
        unit = db.session.scalars(select(Unit).where(Unit.code == "rame")).one()
        unit.name_en = "ream"
    receive()
    keeper.open("/documents/new?kind=issue")
    keeper.press("review", party="BH-ANFA", line0_item="PAP-A4", line0_quantity="0.5")
    assert "counted in whole numbers of ream" in keeper.words


def test_what_is_out_of_use_is_offered_where_it_still_leaves(keeper: Clerk) -> None:
    with transaction():
        retire(get_item("PAP-A4"), on=clock.today())
    for kind, is_offered in (("issue", True), ("receipt", False)):
        keeper.open(f"/documents/new?kind={kind}")
        source = re.search(r'hx-get="(/catalogue/items/options[^"]*)"', keeper.text)
        assert source
        found = keeper.open(f"{source[1]}{'&' if '?' in source[1] else '?'}q=papier").text
        assert ("PAP-A4" in found) is is_offered
        assert ("Retired" in found) is is_offered


def test_every_line_that_cannot_move_back_is_named_and_what_stands_before_it(keeper: Clerk) -> None:
    lines = (LineOrder("PAP-A4", Decimal(9)), LineOrder("JAV-B", Decimal(4)), LineOrder("JAV-F", Decimal(2)))
    came = post("receipt", *lines, source=Side("supplier", "ATLAS"))
    post("issue", LineOrder("PAP-A4", Decimal(5)), LineOrder("JAV-B", Decimal(4)), target=Side("service", "BH-ANFA"))
    keeper.open(f"/documents/{came.id}/reversal")
    answer = keeper.send(f"/documents/{came.id}/reversal", {"reason": "Never came", "act": "reverse"})
    assert answer.status_code == 409
    assert "2 things to put right" in keeper.words
    assert re.search(r"PAP-A4 at \S+: of the 9 that came, 4 are still there. Reverse first the papers", keeper.words)
    assert re.search(r"JAV-B at \S+: of the 4 that came, 0 are still there.", keeper.words)
    assert 'value="Never came"' in keeper.text
    assert "aria-invalid" not in keeper.text
    keeper.send(f"/documents/{came.id}/reversal", {"reason": "", "act": "reverse"})
    assert keeper.text.count('aria-invalid="true"') == 1


# ---- the list


def test_papers_are_found_by_number_kind_day_item_and_person(keeper: Clerk) -> None:
    receive()
    post("issue", LineOrder("PAP-A4", Decimal(3)), target=Side("service", "BH-ANFA"))
    year = clock.today().year
    for address, count in (
        ("", 2), ("?kind=issue", 1), (f"?search=1/{year}", 2), (f"?search=CENTRAL/BS/{year}/000001", 1),
        ("?search=99", 0), ("?item=PAP-A4", 2), ("?item=JAV-B", 0), (f"?from={in_days(1)}", 0),
        (f"?to={clock.today()}", 2), ("?by=keeper", 2), ("?service=BH-ANFA", 1), ("?supplier=NOBODY", 0),
        ("?by=nobody", 0), ("?search=wrong words", 0),
    ):  # fmt: skip
        keeper.open(f"/documents{address}")
        assert len(re.findall(r"<tr role=\"row\" data-href", keeper.text)) == count, address


def test_what_came_without_a_price_is_found_until_it_is_corrected(app: Flask, keeper: Clerk) -> None:
    receive(cost="0")
    bare = receive(cost=None)
    post("issue", LineOrder("PAP-A4", Decimal(3)), target=Side("service", "BH-ANFA"))
    post("return", LineOrder("JAV-B", Decimal(1)), source=Side("service", "BH-ANFA"))
    chief = Clerk.signed_in(app, "chief")
    chief.open("/")
    assert "Came in without a price They count for nothing in the value of the stock 1" in chief.words
    chief.open("/documents?only=unpriced")
    assert re.findall(r'<tr role="row" data-href="/documents/(\d+)"', chief.text) == [str(bare.id)]
    assert bare.reference in chief.open("/documents?only=unpriced&format=csv").get_data(as_text=True)
    other = Clerk.signed_in(app, "other")
    other.open("/documents?only=unpriced")
    assert "data-href" not in other.text
    with transaction():
        documents.reverse(
            bare.entry_id, by=person("chief"), reason="no price", today=clock.today(), at=clock.now(), key="k"
        )
    chief.open("/")
    assert "Came in without a price" not in chief.words
    chief.open("/documents?only=unpriced")
    assert "data-href" not in chief.text


def test_a_list_goes_out_whole(keeper: Clerk) -> None:
    receive()
    answer = keeper.open("/documents?format=csv")
    assert "CENTRAL/BE/" in answer.get_data(as_text=True)
    assert keeper.open("/documents?format=xlsx").data[:2] == b"PK"


def test_who_waits_for_goods_reads_what_became_of_them(app: Flask, keeper: Clerk) -> None:
    receive()
    sent, taken_back = (
        post("transfer", LineOrder("PAP-A4", Decimal(5)), target=Side("warehouse", "ANFA")) for _ in range(2)
    )
    road = {"source": Side("document", sent.id), "by": "chief"}
    lost = post("write_off", LineOrder("PAP-A4", Decimal(2)), target=Side("reason", "lost_on_the_road"), **road)
    back = post("move", LineOrder("PAP-A4", Decimal(3)), **road)
    other = Clerk.signed_in(app, "other")
    with transaction():
        named = {"by": person("keeper"), "today": clock.today(), "at": clock.now()}
        mirror = documents.reverse(taken_back.entry_id, "Not yet", key="back", **named)
    for page in (sent, taken_back):
        other.open(f"/documents/{page.id}")
        linked = set(re.findall(r'href="(/documents/\d+)"', other.text)) - {f"/documents/{page.id}"}
        assert linked, "the page of the transfer names what became of it"
        assert {address: other.open(address).status_code for address in linked} == dict.fromkeys(linked, 200)
    assert [other.open(f"/documents/{paper.id}").status_code for paper in (lost, back, mirror)] == [200] * 3
    issue = post("issue", LineOrder("PAP-A4", Decimal(1)), target=Side("service", "BH-ANFA"))
    assert other.open(f"/documents/{issue.id}").status_code == 403


def test_each_sees_the_papers_of_his_own_warehouses(app: Flask, keeper: Clerk) -> None:
    first = receive()
    other = Clerk.signed_in(app, "other")
    other.open("/documents")
    assert "No paper yet" in other.words
    for address in (f"/documents/{first.id}", f"/documents/{first.id}.pdf", f"/documents/new?copy={first.id}"):
        assert other.open(address).status_code == 403
    assert other.open(f"/documents/{first.id}/reversal").status_code == 403
    assert other.open("/stock/CENTRAL/PAP-A4/card.pdf").status_code == 403
    assert other.open("/documents/999999").status_code == 404


def test_an_auditor_reads_and_is_offered_nothing_else(app: Flask, keeper: Clerk) -> None:
    first = receive()
    auditor = Clerk.signed_in(app, "auditor")
    auditor.open(f"/documents/{first.id}")
    assert "Unchanged since it was posted" in auditor.words
    assert "Reverse or correct" not in auditor.words
    assert "Copy to a new paper" not in auditor.words
    auditor.open("/documents")
    assert "New paper" not in auditor.words
