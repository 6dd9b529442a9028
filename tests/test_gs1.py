"""GS1: every form a scanner or a person gives, read to the same elements; what is wrong is refused with a reason.

The vectors of GS1's own engine are not part of this project: name their file in GS1_VECTORS, or run `make data`.
"""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import vectors
from inventory.codes import gs1
from inventory.codes.contents import RULES, is_day
from inventory.codes.gs1 import Element, Elements, Plain, Refused
from inventory.codes.gtin import check_digit
from inventory.codes.identifiers import IDENTIFIERS, Part

GTIN = "06111245591063"
TODAY = date(2026, 11, 25)


def pairs(text: str) -> list[tuple[str, str]]:
    read = gs1.read(text)
    assert isinstance(read, Elements), read
    return [(part.identifier, part.value) for part in read.parts]


LOT_AND_EXPIRY = [("01", GTIN), ("10", "AB12"), ("17", "271231")]


@pytest.mark.parametrize(
    "text",
    [
        f"^01{GTIN}10AB12^17271231",
        f"\x1d01{GTIN}10AB12\x1d17271231",
        f"01{GTIN}10AB12\x1d17271231\r\n",
        f"01{GTIN}10AB12\u241d17271231",
        f"01{GTIN}10AB12<GS>17271231",
        f"01{GTIN}10AB12<gs>17271231",
        f"01{GTIN}10AB12{{GS}}17271231",
        f"{{GS}}01{GTIN}10AB12{{GS}}17271231",
        f"01{GTIN}10AB12|17271231",
        f"01{GTIN}10AB12~17271231",
        f"01{GTIN}10AB12^17271231",
        f"01{GTIN}10AB12\\F17271231",
        f"]C101{GTIN}10AB12\x1d17271231",
        f"]d201{GTIN}10AB12\x1d17271231",
        f"]Q301{GTIN}10AB12\x1d17271231\x1d",
        f"]e001{GTIN}10AB12|17271231",
        f"]J101{GTIN}10AB12<GS>17271231",
        f"(01){GTIN}(10)AB12(17)271231",
        f" (01) {GTIN} (10) AB12 (17) 271231 ",
        f"https://id.gs1.org/01/{GTIN}/10/AB12?17=271231",
        f"HTTPS://shop.example:8080/ma/products/01/{GTIN}/10/AB12?utm=x&17=271231#top",
        f"]Q1https://shop.example/01/{GTIN}/10/%41B12?17=271231",
    ],
)
def test_one_code_in_the_spellings_of_many_scanners(text: str) -> None:
    assert pairs(text) == LOT_AND_EXPIRY


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (f"01{GTIN}17271231", [("01", GTIN), ("17", "271231")]),
        (f"01{GTIN}1727123110AB12", [("01", GTIN), ("17", "271231"), ("10", "AB12")]),
        (f"02{GTIN}3712", [("02", GTIN), ("37", "12")]),
        (f"01{GTIN}3103001250", [("01", GTIN), ("3103", "001250")]),
        ("1727123110AB12", [("17", "271231"), ("10", "AB12")]),
        ("(10)A\\(1)(21)7", [("10", "A(1)"), ("21", "7")]),
        ("(8008)26112514", [("8008", "26112514")]),
        ("(253)6111245591063INV7", [("253", "6111245591063INV7")]),
        ("]E06111245591063|]e010AB12", [("10", "AB12")]),
    ],
)
def test_what_is_read_without_separators_or_with_parts(text: str, read: list[tuple[str, str]]) -> None:
    assert pairs(text) == read


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("^8912", "identifier"),
        ("(89)12", "identifier"),
        (f"(01){GTIN}(10)", "length"),
        ("(10)AB(17)2712", "length"),
        ("^01061112455910", "length"),
        ("^10ABCDEFGHIJKLMNOPQRSTU", "length"),
        ("]Q3", "length"),
        ("]E061112455910", "length"),
        ("(01)06111245591064", "content"),
        ("]E06111245591064", "content"),
        ("(17)271331", "content"),
        ("(17)270230", "content"),
        ("(7003)2712312460", "content"),
        ("(422)987", "content"),
        ("(3910)504125x", "characters"),
        ("(10)AB^12", "characters"),
        ("(10)لوط", "characters"),
        (f"]C101{GTIN}^10AB", "characters"),
        ("(10)AB(10)CD", "contradiction"),
        (f"(01){GTIN}(02){GTIN}", "contradiction"),
        ("(3102)000100(3103)001000", "contradiction"),
        ("(10)AB)(", "brackets"),
        ("(10AB", "brackets"),
        ("]I106111245591063", "symbology"),
        ("]X", "symbology"),
        ("https://shop.example/", "link"),
        ("https://shop.example/about/us", "link"),
        (f"https://shop.example/01/{GTIN}?10=AB", "link"),
        (f"https://shop.example/01/{GTIN}/10/AB/22/X", "link"),
        (f"https://shop.example/01/{GTIN}?999=7", "link"),
        ("https://shop.example/01/6111245591063", "length"),
        # the separator was lost, and the lot could end at several places
        (f"01{GTIN}10AB1217271231", "ambiguous"),
        (f"01{GTIN}10AB21XYZ", "ambiguous"),
    ],
)
def test_what_is_wrong_is_refused_with_a_reason(text: str, reason: str) -> None:
    read = gs1.read(text)
    assert isinstance(read, Refused), read
    assert read.reason == reason


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("", ""),
        ("MED-001", "MED-001"),
        ("6111245591063", "6111245591063"),
        ("16111245591060", "16111245591060"),
        ("A7K2M9QX4TBD", "A7K2M9QX4TBD"),
        ("991234", "991234"),
        ("10AB12", "10AB12"),
        ("17271231", "17271231"),
        ("A|B", "A|B"),
        ("PN~7", "PN~7"),
        ("]E06111245591063", "6111245591063"),
        ("]Q1HELLO", "HELLO"),
        ("HtTp://shop.example/01/06111245591063", "HtTp://shop.example/01/06111245591063"),
    ],
)
def test_other_codes_are_plain_text(text: str, plain: str) -> None:
    assert gs1.read(text) == Plain(plain)


def elements(text: str) -> Elements:
    read = gs1.read(text)
    assert isinstance(read, Elements)
    return read


def test_the_trade_item_number_of_a_code() -> None:
    assert elements(f"(01){GTIN}(10)A").gtin == GTIN
    assert elements(f"(02){GTIN}(37)5").gtin == GTIN
    assert elements(f"(8006){GTIN}0102").gtin == GTIN
    assert elements("]E402345673|]e010A").gtin == "00000002345673"
    assert elements("(10)A").gtin == ""
    assert gs1.base("16111245591060") == GTIN
    assert gs1.base(GTIN) == gs1.base("96111245591066") == ""


@pytest.mark.parametrize(
    ("text", "expires_on"),
    [
        ("(17)271231", date(2027, 12, 31)),
        ("(17)270200", date(2027, 2, 28)),
        ("(17)280200", date(2028, 2, 29)),
        ("(17)271200", date(2027, 12, 31)),
        ("(15)270101(17)280101", date(2028, 1, 1)),
        ("(15)270101", date(2027, 1, 1)),
        ("(7003)2706301200", date(2027, 6, 30)),
        ("(17)760101", date(2076, 1, 1)),
        ("(17)770101", date(1977, 1, 1)),
        ("(10)A", None),
    ],
)
def test_the_last_day_of_use(text: str, expires_on: date | None) -> None:
    assert elements(text).expires_on(TODAY) == expires_on


def test_two_digits_of_a_year_mean_the_nearest_one() -> None:
    assert gs1.day("000101", date(1960, 1, 1)) == date(2000, 1, 1)
    assert gs1.day("990101", date(2030, 1, 1)) == date(1999, 1, 1)
    assert gs1.day("010101", date(2080, 1, 1)) == date(2101, 1, 1)


def test_measures_are_exact() -> None:
    assert elements("(3103)001250").measure() == (Decimal("1.250"), "kg")
    assert elements("(3150)000007").measure() == (Decimal("7"), "l")
    assert elements("(30)7").measure() is None


# – from the table itself ----------------------------------------------------------------------------------------------


def test_no_identifier_begins_another_and_every_rule_is_known() -> None:
    assert not [(a, b) for a in IDENTIFIERS for b in IDENTIFIERS if a != b and b.startswith(a)]
    assert {rule for one in IDENTIFIERS.values() for part in one.parts for rule in part.rules} == RULES.keys()
    assert len(IDENTIFIERS) == 541


ALPHABETS = {"N": "0123456789", "X": "ABCxyz09-/.%&(+", "Y": "#-/09AZ", "Z": "AZaz09-_"}
FREE = [
    one
    for one in IDENTIFIERS.values()
    if not {rule for part in one.parts for rule in part.rules} - {"gcp", "gcp1", "csum", "yymmd0", "yymmdd"}
    and not one.never_with
]


@st.composite
def an_element(draw: st.DrawFn) -> Element:
    known = draw(st.sampled_from(FREE))
    return Element(known.digits, "".join(_value(draw, part) for part in known.parts))


def _value(draw: st.DrawFn, part: Part) -> str:
    length = draw(st.integers(part.least, min(part.most, part.least + 9)))
    if any(rule.startswith("yymmd") for rule in part.rules):
        return draw(st.dates(date(2000, 1, 1), date(2099, 12, 31))).strftime("%y%m%d")
    if "gcp" in part.rules and part.characters != "N":
        return "6111" + draw(st.text(ALPHABETS[part.characters], min_size=0, max_size=9))
    text = draw(st.text(ALPHABETS[part.characters], min_size=length, max_size=length))
    return text[:-1] + check_digit(text[:-1]) if "csum" in part.rules else text


distinct = st.lists(an_element(), min_size=1, max_size=4, unique_by=lambda one: one.identifier)


@given(distinct)
def test_whatever_the_table_allows_is_read_back(parts: list[Element]) -> None:
    pressed = "".join(
        part.identifier + part.value + ("^" if IDENTIFIERS[part.identifier].is_terminated else "") for part in parts
    )
    assert gs1.read(f"^{pressed}") == Elements(tuple(parts))
    bracketed = "".join(f"({part.identifier}){part.value.replace('(', chr(92) + '(')}" for part in parts)
    assert gs1.read(bracketed) == Elements(tuple(parts))


@given(distinct, st.data())
def test_nothing_that_a_scanner_garbles_breaks_the_reader(parts: list[Element], data: st.DataObject) -> None:
    text = "]C1" + "\x1d".join(part.identifier + part.value for part in parts)
    place = data.draw(st.integers(0, len(text)))
    garbled = text[:place] + data.draw(st.text(max_size=3)) + text[place + data.draw(st.integers(0, 3)) :]
    for form in (garbled, garbled[3:], f"({garbled[3:]}", f"https://a/{garbled[3:]}"):
        read = gs1.read(form)
        assert isinstance(read, Elements | Refused | Plain)
        if isinstance(read, Elements):
            assert read.expires_on(TODAY) is None or read.value("17", "15", "16", "7003")


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    for form in (text, f"^{text}", f"]d2{text}", f"(10){text}", f"https://a/01/{text}", f"(8110){text}"):
        assert isinstance(gs1.read(form), Elements | Refused | Plain)


@pytest.mark.parametrize(
    ("text", "is_right"),
    [("271231", True), ("270200", False), ("20260229", False), ("20240229", True), ("260431", False)],
)
def test_a_day_is_one_of_the_calendar(text: str, is_right: bool) -> None:
    assert is_day(text) is is_right


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("(8007)MA64011519000001205000534921", True),
        ("(8007)MA64011519000001205000534922", False),
        ("(8013)1987654Ad4X4bL5ttr2310c2K", True),
        ("(8013)1987654Ad4X4bL5ttr2310c2X", False),
        ("(8006)061112455910630201", False),
        ("(7258)2/3", True),
        ("(7258)3/2", False),
        ("(4309)18000000013600000000", False),
        ("(4309)12345678901234567890", True),
        ("(8110)012345612345611110123", True),
        ("(8110)0123456123456111101230", False),
        ("(8112)001234561234560123456", True),
        ("(8112)00123456123456012345", False),
        ("(8030)AAA=", False),
        ("(8030)AA=", True),
        ("(255)6111245591063(8030)AA=", False),
    ],
)
def test_codes_of_other_standards_inside_a_value(text: str, is_right: bool) -> None:
    assert isinstance(gs1.read(text), Elements) is is_right


def test_the_vectors_of_the_reference_engine_agree_where_they_are_given() -> None:
    given_file = os.environ.get("GS1_VECTORS")
    if given_file is None:
        print("GS1_VECTORS names no file: the vectors of GS1's engine were not read")
        return
    agreeing, wrong = vectors.compare(Path(given_file))
    assert not wrong
    assert agreeing
