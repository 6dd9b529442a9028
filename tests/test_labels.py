"""Labels: every code on a sheet can be read, and nothing leaves its label."""

from datetime import date

import pytest

from inventory import codes, labels
from inventory.labels import DEFAULT_SHEET, SHEETS, Label, LabelSheet
from inventory.names import Names
from inventory.press import Press
from tests.pages import Page, ink_pieces, pages

PRESS = Press()
URL = "https://stock.casablanca.ma"
MM = 72 / 25.4
LONG = Names(ar="ماء جافيل مركز لتعقيم المرافق العمومية " * 6, fr="Désinfectant concentré pour locaux " * 6)


def some(count: int, **given: object) -> list[Label]:
    kinds = list(codes.Kind)
    usual = {"names": Names(ar="قفازات نيتريل", fr="Gants nitrile"), "unit": Names(ar="علبة", fr="boîte")}
    usual |= {"reference": "GAN-0003", "lot": "LX-2291", "expires_on": date(2027, 5, 31), "location": "B-03-02"}
    return [Label(**(usual | given | {"code": codes.mint(kinds[index % 4])})) for index in range(count)]


def addresses(printed: list[Label]) -> list[str]:
    return sorted(codes.address(URL, label.code) for label in printed)


@pytest.mark.parametrize("name", SHEETS)
def test_every_code_of_a_full_sheet_is_read_from_a_coarse_print(name: str) -> None:
    wanted = some(SHEETS[name].places, names=LONG)
    (page,) = pages(labels.sheets(wanted, URL, PRESS, sheet=SHEETS[name]))
    assert sorted(page.codes(203 if name != "65" else 300)) == addresses(wanted)


@pytest.mark.parametrize("name", SHEETS)
def test_nothing_leaves_its_label(name: str) -> None:
    sheet = SHEETS[name]
    unbroken = Names(ar="م" * 200, fr="W" * 200)
    for names in (LONG, unbroken):
        (page,) = pages(labels.sheets(some(2, names=names, reference="W" * 60, lot="9" * 60), URL, PRESS, sheet=sheet))
        _, height = page.pdf.get_size()
        for _, (left, bottom, right, top) in page.letters():
            assert any(
                (x + sheet.inset) * MM - 1 <= left
                and right <= (x + sheet.width - sheet.inset) * MM + 1
                and height - (sheet.top + sheet.height) * MM <= bottom
                and top <= height - sheet.top * MM
                for x in (sheet.left, sheet.left + sheet.width + sheet.gap)
            )


def test_a_sheet_begins_where_the_last_one_ended() -> None:
    wanted = some(5)
    first, second = pages(labels.sheets(wanted, URL, PRESS, first=23))
    assert sorted(first.codes()) == addresses(wanted[:2])
    assert sorted(second.codes()) == addresses(wanted[2:])
    assert _upper_half(first, DEFAULT_SHEET) == 255  # white


def test_a_label_says_in_figures_what_a_scanner_would_read() -> None:
    (wanted,) = some(1)
    (page,) = pages(labels.sheets([wanted], URL, PRESS))
    for words in (codes.grouped(wanted.code), "GAN-0003", "LOT LX-2291", "EXP 31/05/2027", "B-03-02", "Gants nitrile"):
        assert page.shows(words)
    assert page.shows_arabic("قفازات نيتريل")


def test_arabic_letters_are_joined() -> None:
    (page,) = pages(labels.sheets(some(1, names=Names(ar="محمد")), URL, PRESS))
    boxes = [box for letter, box in page.letters() if letter in "محمد"]
    assert len(boxes) == 4
    scale, height = 300 / 72, page.pdf.get_size()[1]
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    top, bottom = height - max(box[3] for box in boxes), height - min(box[1] for box in boxes)
    word = page.picture(300).crop(tuple(round(edge * scale) for edge in (left, top, right, bottom)))
    assert ink_pieces(word) == 1


def test_no_more_than_one_print_holds() -> None:
    with pytest.raises(AssertionError):
        labels.sheets(some(labels.MOST + 1), URL, PRESS)
    with pytest.raises(AssertionError):
        labels.sheets(some(1), URL, PRESS, first=25)


def _upper_half(page: Page, sheet: LabelSheet) -> int:
    picture = page.picture(72)
    return picture.crop((0, 0, picture.width, round((sheet.top + 7 * sheet.height) * MM))).getextrema()[0]
