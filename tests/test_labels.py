"""Labels: every code of every design is read, worn or not; nothing leaves its label; Arabic is joined and in order."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import zxingcpp
from PIL import Image

from inventory import codes, labels
from inventory.labels import DEFAULT_MEDIUM, DESIGNS, MOST, PRINTERS, USUAL, Label, Medium, TooSmallError
from inventory.labels.frames import frame_of
from inventory.names import Names
from inventory.press import Press
from tests import zpl
from tests.pages import Page, ink_pieces, pages
from tests.peeled import peeled, read, read_blotted

PRESS = Press()
URL = "https://stock.casablanca.ma"
MM = 72 / 25.4
LONG = Names(ar="ماء جافيل مركز لتعقيم المرافق العمومية " * 6, fr="Désinfectant concentré pour locaux " * 6)
UNBROKEN = Names(ar="م" * 200, fr="W" * 200)
TOO_LONG: dict[str, object] = {"names": LONG, "reference": "W" * 60, "lot": "9" * 60, "location": "ممر " * 30}
KIND = {"item": "item", "lot": "lot", "unit": "lot", "shelf": "location", "paper": "document", "door": "location"}
SHEETS = [one.key for one in USUAL.values() if not one.is_roll]
ROLLS = [one.key for one in USUAL.values() if one.is_roll]
DOTS = [203, 300]
TRIALS = 10


@pytest.fixture(autouse=True)
def same_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same codes every time, so that a worn one is read every time or never."""
    monkeypatch.setattr("inventory.codes.own.secrets", random.Random(26))


def made(design: str, **given: object) -> Label:
    """A label of a design, with everything it can show; a badge says what it is told to."""
    usual = {"names": Names(ar="قفازات نيتريل", fr="Gants nitrile"), "unit": Names(ar="علبة", fr="boîte")}
    usual |= {"reference": "GAN-0003", "lot": "LX-2291", "expires_on": date(2027, 5, 31), "location": "B-03-02"}
    said = {"text": "BADGE:4F7K-22"} if design == "badge" else {"code": codes.mint(codes.Kind(KIND[design]))}
    return Label(design=design, **(usual | said | given))  # type: ignore[arg-type]


def one_of_each(**given: object) -> list[Label]:
    return [made(design, **given) for design in DESIGNS]


def scanned(wanted: list[Label]) -> list[str]:
    return sorted(label.scanned(URL) for label in wanted)


def printed(wanted: list[Label], medium: Medium = DEFAULT_MEDIUM, first: int = 1, printer: str = "203") -> list[Page]:
    return file_of([(label, 1) for label in wanted], medium, first, printer)


def file_of(wanted: list[tuple[Label, int]], medium: Medium, first: int = 1, printer: str = "203") -> list[Page]:
    with labels.pdf(wanted, URL, PRESS, medium=medium, first=first, dots=PRINTERS[printer]) as file:
        return pages(file.read())


def burnt(wanted: list[tuple[Label, int]], key: str, printer: str = "203") -> list[zpl.Printed]:
    dots = PRINTERS[printer]
    return zpl.printed(b"".join(labels.roll_zpl(wanted, URL, PRESS, medium=USUAL[key], dots=dots)))


# ---- every code is read


@pytest.mark.parametrize("key", SHEETS)
def test_every_design_is_read_from_every_place_of_a_sheet_worn_or_not(key: str) -> None:
    """The last place of a begun sheet and a whole one after it; each label is read alone, cut along its edges."""
    medium, dice = USUAL[key], random.Random(203)
    wanted = [made(list(DESIGNS)[place % len(DESIGNS)], **TOO_LONG) for place in range(max(medium.places + 1, 7))]
    sheets = printed(wanted, medium, first=medium.places)
    for dots in DOTS:
        seen = list(peeled(sheets, medium, dots, first=medium.places))[: len(wanted)]
        assert [read(label) for label in seen] == [[label.scanned(URL)] for label in wanted], dots
        still = sum(read_blotted(label, dice, TRIALS) for label in seen[: len(DESIGNS)])
        assert still >= len(DESIGNS) * TRIALS / 5, dots
    assert strays(sheets, medium) == []


@pytest.mark.parametrize("printer", PRINTERS)
@pytest.mark.parametrize("key", ROLLS)
def test_every_design_is_read_from_a_roll_worn_or_not(key: str, printer: str) -> None:
    """As a PDF of the roll's size, and from the label printer, which is told how many."""
    wanted, medium, dice = one_of_each(**TOO_LONG), USUAL[key], random.Random(203)
    across, down = (float(one) * PRINTERS[printer] / 25.4 for one in (medium.width, medium.height))
    rolls = printed(wanted, medium, printer=printer)
    expected = [[label.scanned(URL)] for label in wanted]
    pictures = [[page.picture(dots) for page in rolls] for dots in DOTS]
    for seen, dots in zip(pictures, DOTS, strict=True):
        assert [read(label) for label in seen] == expected, dots
    assert strays(rolls, medium) == []
    sizes = {tuple(round(side / 72 * PRINTERS[printer], 1) for side in page.pdf.get_size()) for page in rolls}
    assert sizes == {(round(across), round(down))}
    out = burnt([(label, 3) for label in wanted], key, printer)
    assert [label.codes() for label in out] == expected
    assert {label.copies for label in out} == {3}
    assert {label.picture.size for label in out} == {(round(across), round(down))}
    for seen in [*pictures, [label.picture for label in out]]:
        assert sum(read_blotted(label, dice, TRIALS) for label in seen) >= len(DESIGNS) * TRIALS / 5


@pytest.mark.parametrize("printer", PRINTERS)
def test_every_module_is_as_many_whole_dots_as_the_others(printer: str) -> None:
    """What a label printer burns is our code, dot for dot: no module is broader than its neighbour."""
    label, dot = made("lot"), 25400 / PRINTERS[printer]
    (out,) = burnt([(label, 1)], "roll-57x32", printer)
    modules = codes.side(label.scanned(URL))
    frame = frame_of("lot", USUAL["roll-57x32"], modules, (4, 4, 4), PRINTERS[printer])
    left, top, wide = (round(one / dot, 2) for one in (frame.qr_x, frame.qr_y, frame.qr_side / modules))
    assert (left, top, wide) == (int(left), int(top), int(wide))
    assert wide * dot >= 375
    grid = _modules(out.picture, int(left), int(top), modules, int(wide))
    drawn = [[False] * modules for _ in range(modules)]
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1", codes.svg(label.scanned(URL)).split("<path d")[1]):
        for column in range(int(x), int(x) + int(run)):
            drawn[int(y)][column] = True
    assert grid == drawn


def _modules(picture: Image.Image, left: int, top: int, modules: int, dots: int) -> list[list[bool]]:
    """The modules of a printed code; AssertionError when the dots of one are not all alike."""
    rows = []
    for row in range(modules):
        line = []
        for column in range(modules):
            box = (left + column * dots, top + row * dots, left + (column + 1) * dots, top + (row + 1) * dots)
            low, high = picture.crop(box).getextrema()
            assert low == high, f"module {row}, {column} is torn"
            line.append(low == 0)
        rows.append(line)
    return rows


# ---- worn


@pytest.mark.parametrize("design", DESIGNS)
def test_a_blot_on_a_tenth_of_the_code_often_leaves_it_readable(design: str) -> None:
    """However long the house's address and whatever the version: a longer code is finer, and corrected as strongly."""
    medium, dice = USUAL["roll-70x40"], random.Random(203)
    for url, version in ((URL, 1), ("http://127.0.0.1:8000", 1), ("https://magasins.commune-casablanca.ma", 1234)):
        label = made(design, version=version)
        with labels.pdf([(label, 1)], url, PRESS, medium=medium, dots=PRINTERS["203"]) as file:
            (seen,) = peeled(pages(file.read()), medium, 203)
        assert read(seen) == [label.scanned(url)]
        assert read_blotted(seen, dice, 40) >= 8, url


# ---- nothing leaves its label


@pytest.mark.parametrize("key", ["65", "24", "4", "roll-50x30", "roll-100x150"])
def test_words_without_an_end_do_not_leave_their_label(key: str) -> None:
    assert (
        strays(printed(one_of_each(**TOO_LONG | {"names": UNBROKEN, "unit": UNBROKEN}), USUAL[key]), USUAL[key]) == []
    )


def strays(printed: list[Page], medium: Medium) -> list[tuple[str, float, float]]:
    """The letters that stand, with part of them, where no label may be printed on."""
    spots = [_spot(medium, place) for place in range(medium.places)]
    found = []
    for page in printed:
        _, height = page.pdf.get_size()
        for letter, (left, bottom, right, top) in page.letters():
            box = (left, height - top, right, height - bottom)
            if not any(
                x - 1 <= box[0] and box[2] <= x + wide + 1 and y - 1 <= box[1] and box[3] <= y + tall + 1.5
                for x, y, wide, tall in spots
            ):
                found.append((letter, left, top))
    return found


def _spot(medium: Medium, place: int) -> tuple[float, float, float, float]:
    """Where a label may be printed on, in points from the top left."""
    row, column = divmod(place, medium.columns)
    x = medium.left + column * (medium.width + medium.gap_across) + medium.inset
    y = medium.top + row * (medium.height + medium.gap_down) + medium.inset
    wide, tall = medium.width - 2 * medium.inset, medium.height - 2 * medium.inset
    return float(x) * MM, float(y) * MM, float(wide) * MM, float(tall) * MM


def test_the_sheets_that_are_sold_lie_on_their_page() -> None:
    for medium in USUAL.values():
        across = medium.left + medium.columns * medium.width + (medium.columns - 1) * medium.gap_across
        down = medium.top + medium.rows * medium.height + (medium.rows - 1) * medium.gap_down
        assert medium.is_roll or (across <= 210 and down <= 297), medium.key
        if not medium.is_roll:  # they lie in the middle, to a tenth of a millimetre
            assert abs((210 - across) - medium.left) <= Decimal("0.21"), medium.key
            assert abs((297 - down) - medium.top) <= Decimal("0.51"), medium.key


def test_a_label_that_is_too_small_for_its_code_is_not_printed() -> None:
    tiny = replace(DEFAULT_MEDIUM, key="tiny", width=Decimal(20), height=Decimal(14), inset=Decimal(2))
    with pytest.raises(TooSmallError):
        printed([made("item")], tiny)


# ---- where it begins, and what it says


def test_a_sheet_begins_where_the_last_one_ended() -> None:
    wanted = [made("lot") for _ in range(5)]
    first, second = printed(wanted, first=23)
    assert sorted(first.codes()) == scanned(wanted[:2])
    assert sorted(second.codes()) == scanned(wanted[2:])
    assert _upper_half(first) == 255  # white


def test_gaps_of_a_sheet_are_kept_across_and_down() -> None:
    medium = Medium(
        key="own", kind="sheet", columns=2, rows=2, width=Decimal(80), height=Decimal(60), left=Decimal(10),
        top=Decimal(20), gap_across=Decimal(30), gap_down=Decimal(50),
    )  # fmt: skip
    (page,) = printed([made("item") for _ in range(4)], medium)
    found = zxingcpp.read_barcodes(page.picture(203), formats=zxingcpp.BarcodeFormat.QRCode)
    lefts = sorted({round(one.position.top_left.x * 25.4 / 203) for one in found})
    tops = sorted({round(one.position.top_left.y * 25.4 / 203) for one in found})
    assert (lefts[1] - lefts[0], tops[1] - tops[0]) == (110, 110)


def test_a_label_says_in_figures_what_a_scanner_would_read() -> None:
    label = made("lot")
    (page,) = printed([label])
    for words in (codes.grouped(label.code), "GAN-0003", "LOT LX-2291", "EXP 31/05/2027", "B-03-02", "Gants nitrile"):
        assert page.shows(words), words
    assert page.shows_arabic("قفازات نيتريل")


def test_the_code_of_a_later_version_says_so_and_its_figures_do_not() -> None:
    label = made("item", version=3)
    (page,) = printed([label])
    (code,) = page.codes()
    assert code == f"HTTPS://STOCK.CASABLANCA.MA/S/{label.code}.3"
    assert codes.read(code).text == label.code  # type: ignore[union-attr]
    assert page.shows(codes.grouped(label.code))


def test_a_badge_bears_a_name_and_only_the_code_it_was_given() -> None:
    bare = made("badge", names=Names(fr="Salma El Alaoui"), reference="salma", text="", location="")
    (page,) = printed([bare])
    assert page.codes() == []
    assert "".join(page.lines()) == "SalmaElAlaouisalma"
    (page,) = printed([replace(bare, text="BADGE:4F7K-22")])
    assert page.codes() == ["BADGE:4F7K-22"]
    assert not page.shows("BADGE:4F7K-22")


@pytest.mark.parametrize("key", ["1", "2", "roll-100x150"])
def test_the_name_on_a_door_is_read_from_two_metres(key: str) -> None:
    """Letters of 7 mm, a three-hundredth of the distance."""
    (page,) = printed([made("door", names=Names(ar="المخزن المركزي", fr="Dépôt central"))], USUAL[key])
    heights = [top - bottom for letter, (_, bottom, _, top) in page.letters() if letter in "Dépôt"]
    assert max(heights) * 0.52 >= 7 * MM  # a capital of this type is 0.698 of its size, its line 1.32
    if key != "roll-100x150":
        assert page.shows("Dépôt central")


@pytest.mark.parametrize("key", ["24", "65", "roll-50x30", "roll-100x150"])
def test_what_one_looks_for_first_is_the_largest(key: str) -> None:
    for design, words in (("unit", "LX-2291"), ("shelf", "GAN-0003")):
        (page,) = printed([made(design)], USUAL[key])
        sizes = [(letter, top - bottom) for letter, (_, bottom, _, top) in page.letters()]
        largest = max(size for _, size in sizes)
        assert "".join(letter for letter, size in sizes if size > largest - 0.1) == words


# ---- Arabic


def test_arabic_letters_are_joined() -> None:
    (page,) = printed([made("item", names=Names(ar="محمد"))])
    boxes = [box for letter, box in page.letters() if letter in "محمد"]
    assert len(boxes) == 4
    scale, height = 300 / 72, page.pdf.get_size()[1]
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    top, bottom = height - max(box[3] for box in boxes), height - min(box[1] for box in boxes)
    word = page.picture(300).crop(tuple(round(edge * scale) for edge in (left, top, right, bottom)))
    assert ink_pieces(word) == 1


@pytest.mark.parametrize("key", ["2", "24", "65", "roll-50x30", "roll-100x150"])
def test_arabic_is_extracted_in_the_order_it_is_read(key: str) -> None:
    """Logical order, with French and figures between: what a search or a reader of screens finds in the file. Each
    design has figures of its own."""
    arabic, french, reference = (
        "قفازات الإدارة مقاس XL عبوة {} لتر ولا غير",
        "Gants d'administration XL boîte de {}",
        "GAN-0{}",
    )
    figures = dict(enumerate(DESIGNS, 100))
    said = {(design, words.format(own)) for own, design in figures.items() for words in (arabic, french, reference)}
    wanted = [
        made(design, names=Names(ar=arabic.format(own), fr=french.format(own)), reference=reference.format(own))
        for own, design in figures.items()
    ]
    plain = " ".join(" ".join(page.text().split()) for page in printed(wanted, USUAL[key]))
    assert {(design, words) for design, words in said if words not in plain} == set()


def test_arabic_on_a_label_printer_is_the_same_drawing_as_on_paper() -> None:
    """The bitmap of a label is what the PDF shows, dot for dot but for the edges."""
    label = made("lot", names=Names(ar="محمد قفازات", fr="Gants"))
    (out,) = burnt([(label, 1)], "roll-100x50")
    (page,) = printed([label], USUAL["roll-100x50"])
    paper = page.pdf.render(scale=203.2 / 72, grayscale=True).to_pil().convert("L").resize(out.picture.size)
    far = sum(abs(black - drawn) > 200 for black, drawn in zip(out.picture.tobytes(), paper.tobytes(), strict=True))
    assert far / (out.picture.width * out.picture.height) < 0.005
    assert set(out.picture.tobytes()) <= {0, 255}


# ---- how many


def test_copies_of_a_label_are_one_drawing_and_many_prints() -> None:
    label = made("lot")
    (out,) = burnt([(label, 70)], "roll-50x30")
    assert out.copies == 70
    assert len(file_of([(label, 70)], USUAL["roll-50x30"])) == 70


def test_a_hundred_sheets_are_one_file() -> None:
    wanted = [(made("lot"), MOST // 4) for _ in range(4)]
    sheets = file_of(wanted, DEFAULT_MEDIUM)
    assert len(sheets) == 100
    assert set(sheets[-1].codes()) == {wanted[-1][0].scanned(URL)}
    with pytest.raises(AssertionError):
        labels.pdf([(made("lot"), MOST + 1)], URL, PRESS, medium=DEFAULT_MEDIUM)
    with pytest.raises(AssertionError):
        labels.pdf([(made("lot"), 1)], URL, PRESS, medium=DEFAULT_MEDIUM, first=25)


def _upper_half(page: Page) -> int:
    picture, sheet = page.picture(72), DEFAULT_MEDIUM
    lowest: int = picture.crop((0, 0, picture.width, round(float(sheet.top + 7 * sheet.height) * MM))).getextrema()[0]
    return lowest
