"""Codes: minted, read back however they come, and never read wrong."""

import re

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from inventory import codes
from inventory.codes import Code, Damaged, Gtin, Kind, NotGtin
from inventory.codes.own import SYMBOLS

minted = st.sampled_from(list(Kind)).map(codes.mint)
HOST = "https://stock.casablanca.ma"


@pytest.mark.parametrize(("kind", "letter"), [(Kind.ITEM, "A"), (Kind.LOT, "B"), (Kind.LOCATION, "P")])
def test_a_code_on_goods_is_short_and_says_its_kind(kind: Kind, letter: str) -> None:
    code = codes.mint(kind)
    assert (code[0], len(code)) == (letter, 12)
    assert codes.read(code) == Code(kind, code)


def test_a_code_on_a_paper_holds_ninety_random_bits() -> None:
    code = codes.mint(Kind.DOCUMENT)
    assert code[0] == "D"
    assert (len(code) - 2) * 5 == 90
    assert len({codes.mint(Kind.DOCUMENT) for _ in range(500)}) == 500


def test_lookalike_letters_are_never_minted() -> None:
    assert not set("".join(codes.mint(Kind.DOCUMENT) for _ in range(200))) & set("ILOU")


@given(minted, st.data())
def test_one_wrong_character_never_passes(code: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(code) - 1))
    wrong = data.draw(st.sampled_from([symbol for symbol in SYMBOLS if symbol != code[place]]))
    assert not isinstance(codes.read(code[:place] + wrong + code[place + 1 :]), Code)


@given(minted, st.data())
def test_two_swapped_characters_never_pass(code: str, data: st.DataObject) -> None:
    one, other = sorted(data.draw(st.lists(st.integers(1, len(code) - 1), min_size=2, max_size=2, unique=True)))
    swapped = code[:one] + code[other] + code[one + 1 : other] + code[one] + code[other + 1 :]
    assert isinstance(codes.read(swapped), Code if swapped == code else Damaged)


def test_every_single_fault_in_one_code_is_caught() -> None:
    code = codes.mint(Kind.ITEM)
    wrong = {code[:place] + symbol + code[place + 1 :] for place in range(12) for symbol in SYMBOLS}
    swapped = {code[:place] + code[place + 1] + code[place] + code[place + 2 :] for place in range(11)}
    assert [fault for fault in wrong | swapped if isinstance(codes.read(fault), Code)] == [code]


@pytest.mark.parametrize(
    "printed",
    [
        "{code}",
        "{lower}",
        "  {groups}\r\n",
        "\u200f{groups}\u200e",
        "{dashes}",
        "HTTPS://STOCK.CASABLANCA.MA/S/{code}",
        "http://192.168.1.20:8000/s/{lower}/",
        "https://old-host.example/s/{lower}?lang=ar#top",
        "//host/s/{code}",
        "/s/{lower}",
        "stock.casablanca.ma/S/{code}",
        "https://host/under/a/path/s/{code}",
    ],
)
@pytest.mark.parametrize("kind", list(Kind))
def test_our_code_is_recognised_however_it_comes(kind: Kind, printed: str) -> None:
    code = codes.mint(kind)
    groups = codes.grouped(code)
    text = printed.format(code=code, lower=code.lower(), groups=groups, dashes=groups.replace(" ", "-"))
    read = codes.read(text)
    assert isinstance(read, Code)
    assert (read.kind, read.text) == (kind, code)


def test_a_code_of_letters_before_an_address_is_not_its_scheme() -> None:
    """Two labels in one burst: one that has no figure, and one whose address is sent whole."""
    assert codes.read("AEWCJDSRSYPH") == Code(Kind.ITEM, "AEWCJDSRSYPH")
    assert codes.read("AEWCJDSRSYPHHTTPS://HOST/S/AGTWY1GJH9T0") is None


def test_letters_that_look_alike_and_arabic_digits_are_forgiven() -> None:
    code = next(code for code in iter(lambda: codes.mint(Kind.ITEM), "") if {"0", "1"} <= set(code))
    assert codes.read(code.replace("0", "O").replace("1", "l")) == Code(Kind.ITEM, code)
    assert codes.read(code.replace("0", "o").replace("1", "I")) == Code(Kind.ITEM, code)
    assert codes.read(code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == Code(Kind.ITEM, code)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "A", "A" * 11, "A" * 13, "A" * 10_000, "S/" * 10_000, "/s/", "\x00", "😀"),
        *("6111242100992", "MED-001", "U23456789ABC", "https://example.com/s/hello", "https://example.com/"),
    ],
)
def test_what_is_not_ours_is_not_called_damaged(text: str) -> None:
    assert codes.read(text) is None


def test_an_address_says_which_version_of_the_label_it_stands_on() -> None:
    code = codes.mint(Kind.LOT)
    for version in (1, 2, 37):
        assert codes.read(codes.address(HOST, code, version)) == Code(Kind.LOT, code, version)
    assert codes.address(HOST, code, 1) == f"HTTPS://STOCK.CASABLANCA.MA/S/{code}"
    assert codes.address(HOST, code, 12) == f"HTTPS://STOCK.CASABLANCA.MA/S/{code}.12"
    assert codes.read(f"{code.lower()}.2") == Code(Kind.LOT, code, 2)
    assert codes.read(codes.grouped(code)) == Code(Kind.LOT, code, None)
    assert _modules(codes.svg(codes.address(HOST, code, 12))) == 29


def test_a_paper_has_no_label_and_a_version_is_a_number() -> None:
    code = codes.mint(Kind.DOCUMENT)
    assert codes.read(codes.address(HOST, code)) == Code(Kind.DOCUMENT, code, None)
    item = codes.mint(Kind.ITEM)
    assert [codes.read(f"{HOST}/S/{item}.{label}") for label in ("0", "02", "x", "12345", "1.1")] == [None] * 5
    assert isinstance(codes.read(f"{HOST}/S/{item[:-1]}{'2' if item[-1] != '2' else '3'}.4"), Damaged)


@given(st.text())
def test_no_text_breaks_the_readers(text: str) -> None:
    assert codes.read(text) is None or isinstance(codes.read(text), Code | Damaged)
    assert isinstance(codes.gtin(text), Gtin | NotGtin)


def test_the_address_is_upper_case_so_that_the_qr_stays_small() -> None:
    assert codes.address(f"{HOST}/", "A7K2M9QX4TBD") == "HTTPS://STOCK.CASABLANCA.MA/S/A7K2M9QX4TBD"
    assert _modules(codes.svg(codes.address(HOST, codes.mint(Kind.ITEM)))) == 29
    assert _modules(codes.svg(codes.address(HOST, codes.mint(Kind.DOCUMENT)))) == 33


@pytest.mark.parametrize(("length", "level"), [(20, "H"), (26, "H"), (35, "H"), (43, "Q"), (50, "H")])
def test_the_strongest_correction_that_costs_no_size(length: int, level: str) -> None:
    read = zxingcpp.read_barcode(_picture(codes.svg("A" * length)))
    assert read is not None
    assert (read.text, read.ec_level) == ("A" * length, level)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("96385074", "00000096385074"),
        ("036000291452", "00036000291452"),
        ("4006381333931", "04006381333931"),
        ("10012345678902", "10012345678902"),
        (" 4006381 333931\u200e", "04006381333931"),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", "04006381333931"),
    ],
)
def test_trade_item_numbers_become_fourteen_digits(text: str, digits: str) -> None:
    assert codes.gtin(text) == Gtin(digits)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", NotGtin("not_digits")),
        ("MED-001", NotGtin("not_digits")),
        ("²²²²²²²²", NotGtin("not_digits")),
        ("123456789", NotGtin("wrong_length")),
        ("4006381333932", NotGtin("check_digit", "1")),
        ("96385073", NotGtin("check_digit", "4")),
    ],
)
def test_why_a_text_is_no_trade_item_number(text: str, why: NotGtin) -> None:
    assert codes.gtin(text) == why


def _modules(svg: str) -> int:
    side = re.search(r'viewBox="0 0 (\d+) ', svg)
    assert side
    return int(side.group(1)) - 8


def _picture(svg: str) -> Image.Image:
    """The picture as its path says: rectangles one module high."""
    side = _modules(svg) + 8
    picture = Image.new("L", (side, side), 255)
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-", svg):
        picture.paste(0, (int(x), int(y), int(x) + int(run), int(y) + 1))
    return picture.resize((side * 4, side * 4), Image.Resampling.NEAREST)
