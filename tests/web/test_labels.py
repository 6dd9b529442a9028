"""The pages of labels: choose and print, print again, void, what has no label, the house's own sheets."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from inventory import access, labels, printing
from inventory.access import get_user
from inventory.catalogue import Item, Lot
from inventory.database import db, transaction
from inventory.documents import LineOrder, Side
from inventory.labels import Label, LabelJob
from inventory.warehouses import get_warehouse
from tests import zpl
from tests.databases import Database
from tests.pages import pages
from tests.web.desk import AT, INSTANT, PASSWORD, Clerk, furnish, in_days, post, receive


@pytest.fixture
def keeper(app: Flask, database: Database) -> Clerk:
    database.furnish(furnish)
    return Clerk.signed_in(app, "keeper")


def label(item: str) -> Label:
    (choice,) = printing.labels_of_items(Item.code == item, limit=1)
    return choice.label


def fields(clerk: Clerk, address: str = "/labels", **typed: str) -> dict[str, str]:
    """What the form of a page holds, as a browser would send it, and what is typed into it."""
    clerk.open(address)
    held = {}
    form = re.search(r'<form class="form[^>]* action="/labels.*?</form>', clerk.text, re.S)
    assert form, clerk.words
    for tag in re.findall(r"<input\b[^>]*>", form[0]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and not (re.search(r'type="(radio|checkbox)"', tag) and "checked" not in tag):
            held[name[1]] = value[1] if value else ""
    chosen = re.search(r'<option value="([^"]*)" selected', clerk.text)
    return held | {"medium": chosen[1] if chosen else ""} | typed


def send(clerk: Clerk, sent: dict[str, str], address: str = "/labels") -> TestResponse:
    """Sends a form that holds its own token; a file leaves the page where it is, as in a browser."""
    answer = clerk.client.post(address, data=sent)
    if answer.content_type.startswith("text/html"):
        clerk.page = answer
    return answer


def jobs() -> list[LabelJob]:
    db.session.rollback()
    return [row.LabelJob for row in labels.find_jobs(labels.JobsAsked())[0]]


def test_labels_of_what_was_received_are_one_tap_away_with_their_quantities(keeper: Clerk) -> None:
    document = receive("VAC-01", "3", lot="L-77", expires_on=in_days(90))
    keeper.open(f"/documents/{document.id}?posted=1")
    assert f'href="/labels?document={document.id}"' in keeper.text
    sent = fields(keeper, f"/labels?document={document.id}", first="23")
    (lot,) = printing.labels_of_lots(Lot.number == "L-77", limit=1)
    assert sent[f"copies-{lot.label.key}"] == "3"
    first, second = pages(send(keeper, sent).data)
    assert (len(first.codes()), len(second.codes())) == (2, 1)
    assert second.codes()[0].endswith(f"/S/{lot.label.code}")
    (job,) = jobs()
    assert (job.total, job.first, job.medium, job.warehouse_id) == (3, 23, "24", get_warehouse("CENTRAL").id)


def test_the_station_offers_the_labels_of_what_came_in(keeper: Clerk) -> None:
    keeper.open("/station?kind=receipt")
    assert 'href="/labels?document="' in keeper.text
    keeper.open("/station?kind=issue")
    assert "/labels?document=" not in keeper.text


def test_more_pieces_than_one_print_holds_get_one_label_each(keeper: Clerk) -> None:
    document = receive("PAP-A4", "5000")
    assert [choice.usual for choice in printing.labels_of_document(document)] == [0, 1]


def test_labels_of_items_lots_places_and_doors_are_found(keeper: Clerk) -> None:
    receive("VAC-01", "3", lot="L-77", expires_on=in_days(90))
    for address, word in (
        ("?search=papier", "PAP-A4"), ("?of=lots&search=vaccin", "L-77"), ("?of=places&warehouse=CENTRAL", "B-03"),
        ("?of=places&search=rayon", "B-03"), ("?item=VAC-01", "L-77"), ("?search=nothing-like-it", "Nothing to label"),
        ("?of=doors", "Dépôt central"),
    ):  # fmt: skip
        keeper.open(f"/labels{address}")
        assert word in keeper.words, address
    keeper.open("/labels?of=doors")
    assert "Dépôt Anfa" not in keeper.words


def test_a_form_sent_twice_is_one_print_and_a_changed_one_is_another(keeper: Clerk) -> None:
    sent = fields(keeper) | {f"copies-{label('PAP-A4').key}": "2"}
    first, again = send(keeper, sent), send(keeper, sent)
    assert first.data == again.data
    assert first.headers["Content-Disposition"] == again.headers["Content-Disposition"]
    assert len(jobs()) == 1
    send(keeper, sent | {f"copies-{label('PAP-A4').key}": "3"})
    assert [job.total for job in jobs()] == [3, 2]


def test_the_next_print_begins_behind_the_last_on_the_same_sheet(keeper: Clerk) -> None:
    send(keeper, fields(keeper, medium="65", first="7") | {f"copies-{label('PAP-A4').key}": "5"})
    again = fields(keeper)
    assert (again["medium"], again["first"]) == ("65", "12")
    keeper.open("/labels/place?medium=24")
    assert re.search(r'value="1" checked', keeper.text)


def test_what_stands_alone_is_wanted_once(keeper: Clerk) -> None:
    assert fields(keeper, "/labels?item=PAP-A4")[f"copies-{label('PAP-A4').key}"] == "1"
    assert fields(keeper, "/labels?search=javel")[f"copies-{label('JAV-B').key}"] == ""


def test_where_nothing_is_found_nothing_can_be_printed(keeper: Clerk) -> None:
    keeper.open("/labels?search=nothing-like-it")
    assert "Print the labels" not in keeper.words


def test_how_many_may_be_typed_in_arabic_digits(keeper: Clerk) -> None:
    (page,) = pages(send(keeper, fields(keeper) | {f"copies-{label('PAP-A4').key}": "١٢"}).data)
    assert len(page.codes()) == 12


def test_a_large_print_is_shown_in_short_and_printed_anew_whole(keeper: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    from inventory.web.labels import log

    monkeypatch.setattr(log, "SHOWN", 2)
    send(keeper, fields(keeper) | {f"copies-{label(item).key}": "1" for item in ("PAP-A4", "JAV-B", "JAV-F", "VAC-01")})
    (job,) = jobs()
    keeper.open("/labels/log")
    assert "JAV-B, JAV-F, PAP-A4 …" in keeper.words
    assert INSTANT.search(keeper.open("/labels/log?format=csv").get_data(as_text=True))
    address = f"/labels/log/{job.id}"
    keeper.open(address)
    assert "And 2 others" in keeper.words
    (page,) = pages(send(keeper, fields(keeper, address, medium="24", first="1"), f"{address}/again").data)
    assert len(page.codes()) == 4


@pytest.mark.parametrize("printer", ["203", "300"])
def test_a_roll_is_printed_as_pdf_and_as_a_file_for_a_label_printer(keeper: Clerk, printer: str) -> None:
    keeper.open("/labels?medium=roll-50x30")
    assert 'value="zpl"' in keeper.text
    sent = fields(keeper) | {f"copies-{label('PAP-A4').key}": "2", "medium": "roll-50x30", "printer": printer}
    assert len(pages(send(keeper, sent | {"form": "pdf"}).data)) == 2
    answer = send(keeper, sent | {"form": "zpl"})
    (out,) = zpl.printed(answer.data)
    assert (out.copies, out.codes()[0].endswith(label("PAP-A4").code)) == (2, True)
    assert ".zpl" in answer.headers["Content-Disposition"]
    assert [(job.form, job.printer) for job in jobs()] == [("zpl", printer), ("pdf", printer)]


@pytest.mark.parametrize(
    "typed",
    [
        {"copies": "2401"}, {"copies": ""}, {"copies": "two"}, {"copies": "-1"}, {"first": "25"}, {"first": "0"},
        {"first": "x"}, {"medium": "fax"}, {"medium": "roll-50x30", "form": "fax"},
        {"medium": "roll-50x30", "printer": "72"},
    ],
)  # fmt: skip
def test_what_cannot_be_printed_is_refused_and_kept_nowhere(keeper: Clerk, typed: dict[str, str]) -> None:
    copies = {f"copies-{label('PAP-A4').key}": typed.get("copies", "1")}
    sent = fields(keeper) | copies | {name: value for name, value in typed.items() if name != "copies"}
    assert send(keeper, sent).status_code == 422
    assert jobs() == []


def test_too_many_labels_are_refused_with_the_way_out(keeper: Clerk) -> None:
    send(keeper, fields(keeper) | {f"copies-{label('PAP-A4').key}": "2401"})
    assert "print them in parts" in keeper.words
    assert 'value="2401"' in keeper.text


def test_a_label_printer_takes_no_more_than_the_press_can_draw(keeper: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inventory.labels.prints.MOST_DOTS", 400 * 240)
    copies = {f"copies-{label('PAP-A4').key}": "9"}
    sent = fields(keeper) | copies | {"medium": "roll-50x30", "form": "zpl", "printer": "203"}
    assert send(keeper, sent).status_code == 200
    assert send(keeper, sent | {f"copies-{label('JAV-B').key}": "1"}).status_code == 422
    assert "at most 1 different labels" in keeper.words


def test_a_job_is_printed_again_as_things_are_now_and_cites_the_first(keeper: Clerk) -> None:
    send(keeper, fields(keeper) | {f"copies-{label('PAP-A4').key}": "2"})
    (first,) = jobs()
    with transaction():
        db.session.scalars(db.select(Item).where(Item.code == "PAP-A4")).one().name_fr = "Papier A4 blanc"
    keeper.open(f"/labels/log/{first.id}")
    sent = {"medium": "24", "first": "5"}
    (page,) = pages(
        send(keeper, fields(keeper, f"/labels/log/{first.id}") | sent, f"/labels/log/{first.id}/again").data
    )
    assert [code.rpartition(".")[2] for code in page.codes()] == ["2", "2"]
    second, _first = jobs()
    assert (second.cites_id, second.first, second.total) == (first.id, 5, 2)
    keeper.open(f"/labels/log/{second.id}")
    assert f"Printed anew from Print {first.id}" in keeper.words
    keeper.open(f"/labels/log/{first.id}")
    assert f"Printed anew as Print {second.id}" in keeper.words


def test_a_spoiled_print_is_voided_with_a_reason_and_its_labels_are_missing_again(keeper: Clerk) -> None:
    receive("PAP-A4", "5")
    keeper.open("/labels/without")
    assert "PAP-A4" in keeper.words
    send(keeper, fields(keeper) | {f"copies-{label('PAP-A4').key}": "1"})
    (job,) = jobs()
    keeper.open("/labels/without")
    assert "Everything here has its label" in keeper.words
    keeper.open(f"/labels/log/{job.id}")
    assert keeper.send(f"/labels/log/{job.id}/void", {"reason": " "}).status_code == 422
    assert keeper.send(f"/labels/log/{job.id}/void", {"reason": "Jammed"}).status_code == 302
    keeper.follow()
    assert "Jammed" in keeper.words
    assert keeper.send(f"/labels/log/{job.id}/void", {"reason": "Twice"}).status_code == 422
    keeper.open("/labels/without")
    assert "PAP-A4" in keeper.words
    keeper.open("/labels/log?state=voided&search=pap")
    assert "PAP-A4" in keeper.words


def test_what_has_no_label_is_listed_sent_as_a_file_and_printed_in_one_go(keeper: Clerk) -> None:
    receive("VAC-01", "3", lot="L-77", expires_on=in_days(90))
    receive("PAP-A4", "5")
    answer = keeper.open("/labels/without?format=csv")
    assert answer.text.count("\n") == 3
    assert "L-77" in answer.text
    keeper.open("/labels/without")
    way = re.search(r'href="(/labels\?of=missing[^"]*)"', keeper.text)
    assert way
    sent = fields(keeper, way[1])
    (page,) = pages(send(keeper, sent).data)
    assert len(page.codes()) == 2
    (page,) = pages(send(keeper, sent).data)  # a double click: the list is empty by now, the print is the same
    assert len(page.codes()) == 2
    assert len(jobs()) == 1
    keeper.open("/labels/without")
    assert "Everything here has its label" in keeper.words


def test_more_than_a_page_of_missing_labels_is_printed_whole(keeper: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    from inventory.web.labels import choosing

    monkeypatch.setattr(choosing, "SHOWN", 1)
    for item in ("PAP-A4", "JAV-B", "JAV-F"):
        receive(item, "5")
    sent = fields(keeper, "/labels?of=missing&warehouse=CENTRAL")
    assert "And 2 others, with their labels" in keeper.words
    (page,) = pages(send(keeper, sent).data)
    assert len(page.codes()) == 3


def test_a_long_paper_is_labelled_whole(keeper: Clerk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not shown is printed with it, as many as came; or left out, when one says so."""
    from inventory.web.labels import choosing

    monkeypatch.setattr(choosing, "SHOWN", 2)  # the paper itself, and one of its lines
    came = {"PAP-A4": 2, "JAV-B": 4, "JAV-F": 3}
    lines = (LineOrder(item, Decimal(count), unit_cost=Decimal(5)) for item, count in came.items())
    document = post("receipt", *lines, source=Side("supplier", "ATLAS"))
    sent = fields(keeper, f"/labels?document={document.id}")
    assert "And 2 others, with their labels" in keeper.words
    (page,) = pages(send(keeper, sent).data)
    assert len(page.codes()) == 9
    (page,) = pages(send(keeper, {name: value for name, value in sent.items() if name != "rest"}).data)
    assert len(page.codes()) == 2


def test_nobody_sees_the_prints_of_another_warehouse(app: Flask, keeper: Clerk) -> None:
    document = receive("VAC-01", "3", lot="L-77", expires_on=in_days(90))
    send(keeper, fields(keeper, f"/labels?document={document.id}"))
    (job,) = jobs()
    other = Clerk.signed_in(app, "other")
    assert other.open(f"/labels/log/{job.id}").status_code == 403
    other.open("/labels/log")
    assert "L-77" not in other.words
    for act in ("again", "void"):
        other.open("/labels")
        assert other.send(f"/labels/log/{job.id}/{act}", {"reason": "x", "medium": "24"}).status_code == 403
    assert other.open(f"/labels?document={document.id}").status_code == 403
    send(keeper, fields(keeper, "/labels?item=VAC-01&ones=1"))
    assert "L-77" not in other.open("/labels/log").text


def test_a_print_belongs_to_the_store_where_its_lots_lie(app: Flask, keeper: Clerk) -> None:
    receive("VAC-01", "3", lot="L-77", expires_on=in_days(90))
    chief = Clerk.signed_in(app, "chief")  # of all stores, and in none: ANFA stands first
    (lot,) = printing.labels_of_lots(Lot.number == "L-77", limit=1)
    send(chief, fields(chief, "/labels?item=VAC-01") | {f"copies-{lot.label.key}": "1"})
    assert [job.warehouse_id for job in jobs()] == [get_warehouse("CENTRAL").id]
    other = Clerk.signed_in(app, "other")
    assert "L-77" not in other.open("/labels/log").text


def test_labels_that_count_in_every_store_are_voided_by_who_printed_them(app: Flask, keeper: Clerk) -> None:
    chief = Clerk.signed_in(app, "chief")
    send(chief, fields(chief) | {f"copies-{label('PAP-A4').key}": "1"})
    (job,) = jobs()
    keeper.open(f"/labels/log/{job.id}")
    assert f"/labels/log/{job.id}/again" in keeper.text
    assert "/void" not in keeper.text
    assert keeper.send(f"/labels/log/{job.id}/void", {"reason": "Not mine"}).status_code == 403
    send(keeper, fields(keeper) | {f"copies-{label('PAP-A4').key}": "1"})
    mine, _his = jobs()
    keeper.open(f"/labels/log/{mine.id}")
    assert keeper.send(f"/labels/log/{mine.id}/void", {"reason": "Jammed"}).status_code == 302
    assert chief.open(f"/labels/log/{job.id}").text.count("/void") == 1


def test_who_may_not_print_labels_sees_what_was_printed(app: Flask, keeper: Clerk) -> None:
    document = receive("VAC-01", "3", lot="L-77", expires_on=in_days(90))
    send(keeper, fields(keeper, f"/labels?document={document.id}"))
    (job,) = jobs()
    auditor = Clerk.signed_in(app, "auditor")
    assert auditor.open("/labels").headers["Location"].endswith("/labels/log")
    assert "L-77" in auditor.open("/labels/log").text
    assert auditor.open("/labels/sheets").status_code == 200
    page = auditor.open(f"/labels/log/{job.id}").text.split("<main")[1]
    assert "L-77" in page
    assert "<form" not in page
    assert auditor.open(f"/labels?document={document.id}").status_code == 302
    for address in ("/labels/without", "/labels/place"):
        assert auditor.open(address).status_code == 403, address
    for address in (f"/labels/log/{job.id}/again", f"/labels/log/{job.id}/void", "/labels"):
        auditor.open("/labels/log")
        assert auditor.send(address, {"reason": "x", "medium": "24"}).status_code == 403, address
    assert (len(jobs()), jobs()[0].voided_at) == (1, None)


# ---- badges


def test_badges_are_printed_by_administrators_and_say_nothing_secret(app: Flask, keeper: Clerk) -> None:
    with transaction():
        access.grant(
            access.add_user("root", PASSWORD, at=AT, display_name="رجاء العلوي", language="en"),
            "administrator",
            None,
            at=AT,
        )
    admin = Clerk.signed_in(app, "root")
    admin.open("/people/@root")
    assert "/labels?of=badges&person=root&ones=1" in admin.text
    sent = fields(admin, "/labels?of=badges&person=root&ones=1")
    assert sent[f"copies-badge-{get_user('root').id}"] == "1"
    (page,) = pages(send(admin, sent).data)
    (code,) = page.codes()  # it opens shared devices: nobody reads it with the eye
    assert code.startswith("MKB")
    assert code not in page.text()
    assert sorted("".join(page.lines())) == sorted("رجاءالعلويroot")
    (job,) = jobs()
    assert keeper.open(f"/labels/log/{job.id}").status_code == 403
    assert "root" not in keeper.open("/labels/log").text.split("<main")[1]
    keeper.open("/labels?of=badges")
    assert "root" not in keeper.text.split("<main")[1]
    plain = {name: value for name, value in sent.items() if name != "with_code"} | {"key": "another"}
    assert pages(send(admin, plain).data)[0].codes() == []
    assert pages(send(admin, sent).data)[0].codes() == [code]  # sent twice, printed the same


# ---- own sheets

MEASURED = {
    "name": "Our sheet", "kind": "sheet", "columns": "2", "rows": "5", "width": "90,5", "height": "50", "inset": "3",
    "left_edge": "10", "top_edge": "12.25", "gap_across": "5", "gap_down": "4",
}  # fmt: skip


def test_a_measured_sheet_is_kept_changed_printed_and_put_away(keeper: Clerk) -> None:
    keeper.open("/labels/sheets/new")
    assert keeper.send("/labels/sheets/new", MEASURED).status_code == 302
    keeper.follow()
    assert "Our sheet" in keeper.words
    (kept,) = labels.kept_sheets()
    keeper.open(f"/labels/sheets/{kept.id}")
    assert 'value="90.5"' in keeper.text
    assert keeper.send(f"/labels/sheets/{kept.id}", MEASURED | {"rows": "4"}).status_code == 302
    sent = fields(keeper, f"/labels?medium={kept.key}") | {f"copies-{label('PAP-A4').key}": "8"}
    assert len(pages(send(keeper, sent).data)) == 1
    keeper.open("/labels/sheets")
    assert keeper.send(f"/labels/sheets/{kept.id}", {"act": "retire"}).status_code == 302
    assert f'value="{kept.key}"' not in keeper.open("/labels").text
    keeper.open("/labels/log")
    assert "PAP-A4" in keeper.words


@pytest.mark.parametrize(
    "typed",
    [
        {"width": "wide"}, {"width": ""}, {"width": "90.555"}, {"columns": "1.5"}, {"name": ""}, {"kind": "disc"},
        {"width": "120"}, {"gap_down": "-4"}, {"rows": "999999"},
    ],
)  # fmt: skip
def test_a_sheet_that_cannot_be_is_refused_with_what_was_typed(keeper: Clerk, typed: dict[str, str]) -> None:
    keeper.open("/labels/sheets/new")
    assert keeper.send("/labels/sheets/new", MEASURED | typed).status_code == 422
    assert labels.kept_sheets() == []
    assert 'value="12.25"' in keeper.text


def test_who_does_not_run_a_store_keeps_no_sheet(app: Flask, keeper: Clerk) -> None:
    with transaction():
        access.grant(access.add_user("buyer", PASSWORD, at=AT, display_name="B", language="en"), "buyer", None, at=AT)
    buyer = Clerk.signed_in(app, "buyer")
    assert buyer.open("/labels/sheets").status_code == 200
    assert buyer.open("/labels/sheets/new").status_code == 403
    buyer.open("/labels")
    assert buyer.send("/labels/sheets/new", MEASURED).status_code == 403
