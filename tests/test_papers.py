"""Printed papers: both languages in their own direction, the code of the paper, its place in the register."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from inventory import codes, papers
from inventory.names import Names
from inventory.papers import FORMS, Card, CardLine, Line, Mark, Note, Office, Person, RegisterMark, Role
from inventory.press import Press, PressBusyError, PressError
from tests.pages import pages

PRESS = Press()
CODE = codes.mint(codes.Kind.DOCUMENT)
OFFICE = Office(
    public_url="https://stock.casablanca.ma",
    header=(Names(ar="المملكة المغربية", fr="Royaume du Maroc"), Names(ar="جماعة الدار البيضاء", fr="Commune")),
    arms=b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>',
    mention=Names(ar="الأصل الموقع هو المعتمد", fr="L’original signé fait foi"),
)


def a_line(**given: object) -> Line:
    usual = {
        "item": "MED-001",
        "names": Names(ar="قفازات", fr="Gants"),
        "unit": Names(ar="علبة", fr="boîte"),
        "quantity": Decimal("12.5"),
        "lot": "LX-2291",
        "expires_on": date(2027, 5, 31),
        "unit_cost": Decimal("98.76"),
        "value": 123450,
    }
    return Line(**(usual | given))


def a_note(kind: str = "issue", **given: object) -> Note:
    usual = {
        "kind": kind,
        "on": date(2026, 11, 23),
        "warehouse": Names(ar="المستودع", fr="Dépôt central"),
        "other_side": Names(ar="مكتب", fr="Bureau d’hygiène"),
        "lines": (a_line(),),
        "number": "12/2026",
        "reference": "CENTRAL/BS/2026/000012",
        "code": CODE,
        "register": RegisterMark("CENTRAL/2026", 48, "3f9ac01b77d2e410" * 4),
        "recorded_at": datetime(2026, 11, 23, 10, 42),
        "by": "M. Bennani",
    }
    return Note(**(usual | given))


def printed(note: Note) -> list:
    return pages(papers.note_pdf(note, OFFICE, PRESS))


@pytest.mark.parametrize("kind", sorted(FORMS))
def test_every_kind_of_paper_prints_with_its_code_and_signatures(kind: str) -> None:
    (page,) = printed(a_note(kind))
    assert page.codes(150) == [codes.address(OFFICE.public_url, CODE)]
    assert page.shows(FORMS[kind].title.fr)
    assert page.shows("12/2026")
    assert page.shows("CENTRAL/BS/2026/000012")
    assert page.shows("Registre CENTRAL/2026·n° 48·3f9a c01b 77d2 e410")
    assert page.shows("Page 1/1")
    assert sum(line.count("Signatureetcachet") for line in page.lines()) == len(FORMS[kind].roles)


def test_an_issue_note_is_attested_by_three_people_side_by_side() -> None:
    people = {Role.ISSUES: Person("Mohamed Bennani", Names(fr="Magasinier", ar="أمين المخزن"), date(2026, 11, 24))}
    (page,) = printed(a_note(people=people))
    assert any("Reçoit" in line and "Délivre" in line and "Autoriselasortie" in line for line in page.lines())
    assert page.shows("Mohamed Bennani")
    assert page.shows("24/11/2026")


def test_arabic_runs_from_right_to_left_and_stands_right_of_the_french() -> None:
    (page,) = printed(a_note())
    assert page.shows_arabic("سند الخروج")
    assert page.shows("Dépôt central")
    assert any(line.endswith("المستودع"[::-1] + "المخزن"[::-1]) for line in page.lines())


def test_dates_carry_moroccan_months_and_western_digits() -> None:
    texts = papers.note_layout(a_note(on=date(2026, 8, 1)), OFFICE)["fields"]
    assert texts[0]["ar"] == "1 غشت 2026"
    assert texts[0]["fr"] == "1er août 2026"


def test_the_total_stands_in_figures_and_in_words_of_both_languages() -> None:
    (page,) = printed(a_note())
    words = papers.note_layout(a_note(), OFFICE)["words"]
    assert [word["ar"] for word in words] == [
        "1 (مادة واحدة)",
        "ألف ومائتان وأربعة وثلاثون درهما وخمسون سنتيما",
    ]
    assert words[1]["fr"] == "Mille deux cent trente-quatre dirhams et cinquante centimes"
    assert page.shows("1 234,50")
    assert page.shows("trente-quatre dirhams et cinquante centimes")
    assert page.shows_arabic("ومائتان")


def test_what_goes_both_ways_is_worth_the_difference_and_a_conversion_what_came_of_it() -> None:
    came, went = a_line(value=5000), a_line(quantity=Decimal(-2), value=17050)
    net = papers.note_layout(a_note(kind="adjustment", lines=(came, went)), OFFICE)
    assert net["total"]["figures"] == "−120,50"
    assert net["total"]["label"] == {"ar": "الدخول ناقص الخروج", "fr": "Entrées moins sorties"}
    assert net["words"][1]["fr"].startswith("Moins cent vingt dirhams")
    out = papers.note_layout(a_note(kind="adjustment", lines=(went,)), OFFICE)
    assert (out["total"]["figures"], out["total"]["label"]["fr"]) == ("170,50", "Total")
    became = a_line(value=17050)
    converted = papers.note_layout(a_note(kind="conversion", lines=(went, became)), OFFICE)
    assert (converted["total"]["figures"], converted["total"]["label"]["fr"]) == ("170,50", "Total")


def test_unpriced_lines_are_told_and_an_unpriced_paper_has_no_prices() -> None:
    some = papers.note_layout(a_note(lines=(a_line(), a_line(value=None, unit_cost=None))), OFFICE)
    none = papers.note_layout(a_note(lines=(a_line(value=None, unit_cost=None),)), OFFICE)
    assert some["total"]["label"]["fr"] == "Total (1 sans prix)"
    assert none["total"] is None
    assert "value" not in [column["name"] for column in none["columns"]]


def test_references_keep_their_order_inside_arabic() -> None:
    note = a_note(note="حسب المراسلة 2026-00147 والسند 77/2026", report="PV 7/2026")
    (page,) = printed(note)
    assert page.shows("2026-0014")  # the reader misplaces the figure next to an Arabic letter
    assert page.shows("77/2026")
    assert page.shows("PV 7/2026")


def test_a_transfer_shows_sent_received_and_the_difference() -> None:
    (page,) = printed(a_note("transfer", lines=(a_line(quantity_received=Decimal(12)),)))
    assert any("−0,51212,5" in line for line in page.lines())


def test_a_reversal_cites_the_paper_it_undoes() -> None:
    (page,) = printed(a_note(reverses="CENTRAL/BS/2026/000011"))
    assert page.shows("Annulation – Bon de sortie")
    assert page.shows("CENTRAL/BS/2026/000011")


@pytest.mark.parametrize(("mark", "word"), [(Mark.DRAFT, "BROUILLON"), (Mark.REVERSED, "ANNULÉ"), (None, "")])
def test_a_paper_not_to_be_acted_on_says_so_across_the_page(mark: Mark | None, word: str) -> None:
    (page,) = printed(a_note(mark=mark, number="", reference="", code="", register=None, recorded_at=None))
    text = page.pdf.get_textpage().get_text_range()
    assert page.codes() == []
    assert all((other in text) == (other == word) for other in ("BROUILLON", "EXERCICE", "ANNULÉ"))


def test_sixty_lines_run_over_pages_with_the_head_of_the_table_repeated() -> None:
    found = printed(a_note(lines=tuple(a_line(item=f"ITEM-{number:03}") for number in range(60))))
    assert len(found) > 1
    assert all(page.shows("Désignation") and page.shows("12/2026") for page in found[:-1])
    assert found[-1].shows(f"Page {len(found)}/{len(found)}")
    lines = [line for page in found for line in page.lines()]
    assert all(any(f"ITEM-{number:03}" in line for line in lines) for number in range(60))


@pytest.mark.parametrize("note", ["", "mot " * 500, "a\n" * 999])
@pytest.mark.parametrize("count", [1, 8, 9, 11, 13, 40])
def test_nobody_signs_a_page_without_a_line_of_the_paper(count: int, note: str) -> None:
    found = printed(a_note(lines=tuple(a_line(item=f"ITEM-{number:03}") for number in range(count)), note=note))
    assert all(bottom >= 0 and top <= 842 for page in found for _, (_, bottom, _, top) in page.letters())
    assert found[-1].shows("Autorise la sortie")
    assert found[-1].shows(f"ITEM-{count - 1:03}")
    assert found[-1].shows("Désignation")
    assert not any(page.shows("Autorise la sortie") for page in found[:-1])


def test_a_paper_without_lines_yet_can_be_looked_at() -> None:
    (page,) = printed(a_note(lines=()))
    assert page.shows("Désignation")
    assert page.shows("Autorise la sortie")


def test_whatever_was_typed_a_posted_paper_still_prints() -> None:
    names = Names(ar="قفازات \u202e😀 \x00 ⵣ", fr='#read("/etc/passwd") $x$ \\ ' + "long " * 80)
    (page,) = printed(a_note(lines=(a_line(names=names, item="X" * 90, value=10**15),), note="]#panic()["))
    assert page.shows('#read("/etc/passwd")$x$')
    assert page.shows("#panic")
    assert page.shows("10 000 000 000 000,00")


def test_a_stock_card_opens_with_a_balance_and_ends_with_totals() -> None:
    line = CardLine(
        on=date(2026, 2, 3),
        paper="CENTRAL/BS/2026/000012",
        other_side=Names(ar="مكتب", fr="Bureau"),
        quantity_out=Decimal("2.5"),
        balance=Decimal("37.5"),
    )
    card = Card(
        item="MED-001",
        names=Names(ar="قفازات", fr="Gants"),
        unit=Names(ar="علبة", fr="boîte"),
        warehouse=Names(ar="المستودع", fr="Dépôt central"),
        since=date(2026, 1, 1),
        until=date(2026, 11, 23),
        opening=Decimal(40),
        lines=(line,),
        code=codes.mint(codes.Kind.ITEM),
        printed_on=date(2026, 11, 23),
    )
    (page,) = pages(papers.card_pdf(card, OFFICE, PRESS))
    assert page.shows_arabic("بطاقة المخزون")
    assert page.shows("du 1er janvier 2026 au 23 novembre 2026")
    assert page.shows("03/02/2026")
    assert page.codes(150) == [codes.address(OFFICE.public_url, card.code)]
    assert [row["cells"][3:6] for row in papers.card_layout(card, OFFICE)["rows"]] == [
        ["", "", "40"],
        ["", "2,5", "37,5"],
        ["0", "2,5", "37,5"],
    ]


def test_the_same_paper_is_the_same_bytes() -> None:
    assert papers.note_pdf(a_note(), OFFICE, PRESS) == papers.note_pdf(a_note(), OFFICE, PRESS)


def test_a_fault_of_the_form_is_an_error_that_says_where(tmp_path) -> None:
    (tmp_path / "bad.typ").write_text("#nothing-like-this")
    (tmp_path / "warns.typ").write_text('#set text(font: "Nowhere Sans")\nword')
    press = Press(templates=tmp_path)
    with pytest.raises(PressError, match=r"bad\.typ"):
        press.pdf("bad.typ", {})
    with pytest.raises(PressError, match="nowhere sans"):
        press.pdf("warns.typ", {})


def test_a_print_without_end_is_stopped(tmp_path) -> None:
    (tmp_path / "endless.typ").write_text("#let n = 0\n#while n < 9000 { n += 1; for m in range(9000) { n += 0 } }")
    with pytest.raises(PressBusyError):
        Press(templates=tmp_path, seconds=0.5).pdf("endless.typ", {})
