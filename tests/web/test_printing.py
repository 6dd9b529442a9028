"""What is printed: papers, cards and labels filled from the tables, in both languages."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from inventory import clock, documents, printing, replenishment, settings
from inventory.catalogue import Category, Unit
from inventory.database import db, transaction
from inventory.documents import LineOrder, Side
from inventory.errors import PressBusy
from inventory.press import Press
from inventory.printing.cards import PLACES
from inventory.printing.notes import ORIGINS as PRINTED_ORIGINS
from inventory.warehouses import get_warehouse
from inventory.web.words import ORIGINS, kind_word
from tests import make
from tests.databases import Database
from tests.pages import Page, pages
from tests.web.desk import Clerk, furnish, in_days, person, post, receive


@pytest.fixture
def keeper(app: Flask, database: Database) -> Clerk:
    database.furnish(furnish)
    return Clerk.signed_in(app, "keeper")


def printed(clerk: Clerk, address: str) -> list[Page]:
    answer = clerk.open(address)
    assert answer.status_code == 200, clerk.words
    assert answer.content_type == "application/pdf"
    return pages(answer.data)


def said(page: Page) -> str:
    """Every letter of a page, also of what is printed across it."""
    text: str = page.pdf.get_textpage().get_text_range()
    return text


def test_a_paper_prints_both_languages_its_number_and_its_place_in_the_register(keeper: Clerk) -> None:
    receive()
    issue = post("issue", LineOrder("PAP-A4", Decimal(12)), target=Side("service", "BH-ANFA"))
    (page,) = printed(keeper, f"/documents/{issue.id}.pdf")
    assert keeper.page is not None
    assert f"CENTRAL-BS-{issue.year}-000001.pdf" in keeper.page.headers["Content-Disposition"]
    for words in ("Bon de sortie", "Papier A4", "PAP-A4", issue.number, issue.reference, "510,00", "Keeper Alami"):
        assert page.shows(words), words
    for words in ("سند", "ورق"):
        assert page.shows_arabic(words), words
    assert page.shows(f"Registre CENTRAL/{issue.year} · n° 2")
    assert page.shows(" ".join(issue.hash[start : start + 4] for start in range(0, 8, 4)))


def is_red(page: Page) -> bool:
    """Whether anything red stands at the head of a page; our papers know no colour of their own."""
    head = page.pdf.render(scale=1).to_pil().crop((0, 0, 595, 120))
    return any(red > 150 and max(green, blue) < 80 for _, (red, green, blue) in head.getcolors(1 << 16))


def test_a_paper_bears_the_arms_of_its_day(keeper: Clerk) -> None:
    drawn = io.BytesIO()
    Image.new("RGBA", (60, 80), "#c00").save(drawn, "PNG")
    with transaction():
        settings.decide_arms(drawn.getvalue(), effective_on=clock.today(), at=clock.now(), by=person("keeper"))
    of_today = receive()
    of_before = post("receipt", LineOrder("PAP-A4", Decimal(1)), source=Side("supplier", "ATLAS"), on=in_days(-2))
    assert is_red(printed(keeper, f"/documents/{of_today.id}.pdf")[0])
    assert not is_red(printed(keeper, f"/documents/{of_before.id}.pdf")[0])
    assert is_red(printed(keeper, "/stock/CENTRAL/PAP-A4/card.pdf")[0])


def test_marks_say_what_is_not_to_be_acted_on(keeper: Clerk) -> None:
    first = receive()
    with transaction():
        mirror = documents.reverse(
            first.entry_id, "Wrong", by=person("keeper"), today=clock.today(), at=clock.now(), key="k"
        )
    assert printing.note_of(documents.document_of(first.entry_id)).mark == "reversed"
    note = printing.note_of(documents.document_of(mirror.entry_id))
    assert (note.kind, note.reverses, note.reason.fr) == ("receipt", first.reference, "Wrong")
    assert all("ANNULÉ" in said(page) for page in printed(keeper, f"/documents/{first.id}.pdf"))
    assert printed(keeper, f"/documents/{mirror.id}.pdf")
    with transaction():
        get_warehouse("CENTRAL").is_practice = True
    assert printing.note_of(documents.document_of(first.entry_id)).mark == "practice"


def test_a_draft_prints_without_number_or_code(keeper: Clerk) -> None:
    receive()
    keeper.open("/documents/new?kind=issue")
    answer = keeper.press("print", party="BH-ANFA", line0_item="PAP-A4", line0_quantity="5")
    (page,) = pages(answer.data)
    assert "BROUILLON" in said(page)
    assert page.codes() == []
    assert documents.find_documents(documents.Filters(kinds=["issue"]))[0] == []


def test_a_transfer_prints_what_was_sent_received_and_missing(keeper: Clerk) -> None:
    receive()
    sent = post("transfer", LineOrder("PAP-A4", Decimal(4), unit="carton"), target=Side("warehouse", "ANFA"))
    assert printing.note_of(sent).lines[0].quantity_received is None
    got = post(
        "transfer_receipt",
        LineOrder("PAP-A4", Decimal(17)),
        by="other",
        warehouse="ANFA",
        source=Side("document", sent.id),
    )
    for document in (sent, got):
        line = printing.note_of(documents.document_of(document.entry_id)).lines[0]
        assert (line.quantity, line.quantity_received) == (20, 17)
    assert printing.note_of(got).cites == sent.reference


def test_every_kind_has_a_form(keeper: Clerk) -> None:
    receive("JAV-B", "10", "100")
    line = LineOrder("JAV-B", Decimal(2), target_item="JAV-F", target_quantity=Decimal(5))
    note = printing.note_of(post("conversion", line))
    assert [line.quantity for line in note.lines] == [-2, 5]
    out = post("adjustment", LineOrder("JAV-B", Decimal(1), direction="out"), by="chief", reason="Leak")
    assert printing.note_of(out).lines[0].quantity == -1
    assert printing.document_pdf(out)


def test_a_packaging_and_a_reason_stand_each_in_its_own_language(keeper: Clerk) -> None:
    with transaction():
        for code, fr, ar in (("carton", "Carton", "كرتون"), ("rame", "Rame", "رزمة")):
            unit = db.session.scalars(select(Unit).where(Unit.code == code)).one()
            unit.name_fr, unit.name_ar = fr, ar
    got = post("receipt", LineOrder("PAP-A4", Decimal(2), unit="carton"), source=Side("supplier", "ATLAS"))
    (line,) = printing.note_of(got).lines
    assert (line.unit.fr, line.unit.ar) == ("Carton (= 10 Rame)", "كرتون (= 10 رزمة)")
    lost = post(
        "write_off", LineOrder("PAP-A4", Decimal(1)), by="chief", target=Side("reason", "damaged"), reason="dans l'eau"
    )
    reason = printing.note_of(lost).reason
    assert (reason.fr, reason.ar) == ("Avarié · dans l'eau", "تالف · dans l'eau")


def test_a_move_says_from_where_to_where_there_and_back_and_no_total(keeper: Clerk) -> None:
    receive()
    moved = post("move", LineOrder("PAP-A4", Decimal(3), target_location="B-03"))
    with transaction():
        back = documents.reverse(
            moved.entry_id, "No", by=person("keeper"), today=clock.today(), at=clock.now(), key="back"
        )
    here = moved.lines[0]["location"]
    for paper, places in ((moved, (here, "B-03")), (back, ("B-03", here))):
        (line,) = printing.note_of(paper).lines
        assert (line.location, line.target_location) == places
        assert (paper.lines[0]["location"], paper.lines[0]["target_location"]) == places
        (page,) = printed(keeper, f"/documents/{paper.id}.pdf")
        assert not page.shows("127,50")  # it would stand under the quantities


def test_the_reversal_of_a_transfer_receipt_says_what_was_sent_and_received(keeper: Clerk) -> None:
    receive()
    sent = post("transfer", LineOrder("PAP-A4", Decimal(20)), target=Side("warehouse", "ANFA"))
    source = Side("document", sent.id)
    got = post("transfer_receipt", LineOrder("PAP-A4", Decimal(17)), by="other", warehouse="ANFA", source=source)
    with transaction():
        back = documents.reverse(
            got.entry_id, "No", by=person("other"), today=clock.today(), at=clock.now(), key="back"
        )
    (line,) = printing.note_of(back).lines
    assert (line.quantity, line.quantity_received) == (20, 17)


def test_a_stock_card_prints_its_papers_in_order(keeper: Clerk) -> None:
    receive()
    post("issue", LineOrder("PAP-A4", Decimal(12)), target=Side("service", "BH-ANFA"))
    (page,) = printed(keeper, "/stock/CENTRAL/PAP-A4/card.pdf")
    for words in ("Fiche de stock", "BE 1/", "BS 1/", "Atlas Fournitures", "Bureau d'hygiène", "88"):
        assert page.shows(words), words


def test_a_card_prints_the_threshold_that_the_screen_shows(keeper: Clerk) -> None:
    """Also when it is the default of a category, and that of the item when it has its own."""
    glove = make.item("GANT-1", category="epi")
    receive("GANT-1")
    category = db.session.get_one(Category, glove.category_id)
    make.done(
        replenishment.set_category_rule, category, None, reorder_point=Decimal(4321), target=Decimal(5000),
        by=person("keeper"), on=clock.today(), at=clock.now(),
    )  # fmt: skip
    address = "/stock/CENTRAL/GANT-1"
    assert printed(keeper, f"{address}/card.pdf")[0].shows("4 321")
    assert "4\u202f321" in keeper.open(address).text
    make.rule("GANT-1", "CENTRAL", "1234", "5000", on=clock.today())
    assert printed(keeper, f"{address}/card.pdf")[0].shows("1 234")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_papers_say_where_goods_came_from_and_went_in_the_words_of_the_screen(app: Flask, language: str) -> None:
    with app.test_request_context("/", headers={"Accept-Language": language}):
        assert {kind: getattr(names, language) for kind, names in PLACES.items()} == {
            kind: str(kind_word(kind)) for kind in PLACES
        }
        assert {origin: getattr(names, language) for origin, names in PRINTED_ORIGINS.items()} == {
            origin: str(word) for origin, word in ORIGINS.items()
        }


def test_a_busy_press_says_when_to_come_back(keeper: Clerk, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    document = receive()
    monkeypatch.setitem(app.extensions, "makhazine.press", Press(seconds=0.001))
    with pytest.raises(PressBusy):
        printing.document_pdf(document)
    answer = keeper.open(f"/documents/{document.id}.pdf")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


# ---- the station


def test_the_station_offers_what_one_may_post(app: Flask, keeper: Clerk) -> None:
    keeper.open("/station")
    assert 'data-kind="issue"' in keeper.text
    assert 'data-party="service"' in keeper.text
    assert "Write off" not in keeper.words
    keeper.open("/station?kind=transfer")
    assert 'data-party="warehouse"' in keeper.text
    assert "Dépôt Anfa" in keeper.words
    assert keeper.open("/station?kind=write_off").status_code == 302
    auditor = Clerk.signed_in(app, "auditor")
    assert auditor.open("/station").location.startswith("/station/lookup")  # who posts nothing may look things up
