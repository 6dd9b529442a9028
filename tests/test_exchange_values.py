"""Numbers, dates, codes and texts: exact, or refused with what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from inventory.exchange import values, vocabulary
from inventory.exchange.dates import find_date_order, parse_date
from inventory.exchange.items import STORING, TRACKING
from inventory.exchange.matching import Field, Matcher
from inventory.exchange.movements import KIND
from inventory.exchange.numbers import Ambiguous, find_decimal_sign, parse_number
from inventory.exchange.problems import Sentence, Unreadable
from inventory.exchange.wording import ITEM_WORDS, MOVEMENT_WORDS
from inventory.papers import FORMS
from inventory.web import words


@pytest.mark.parametrize(
    ("column", "sign"),
    [
        (["1,5", "2"], ","),
        (["1.5", "2"], "."),
        (["1.234,5", "2"], ","),
        (["1,234.5"], "."),
        (["1,234,567"], "."),
        (["1.234.567"], ","),
        (["0,125", "2,000"], ","),
        (["1234,567"], ","),
        (["1 234,5"], ","),
        (["12", "13"], None),
        (["", None, "abc", Decimal(3)], None),
    ],
)
def test_a_column_proves_its_decimal_sign(column: list[Any], sign: str | None) -> None:
    assert find_decimal_sign(column) == sign


@pytest.mark.parametrize(
    "column",
    [
        ["2,760"],
        ["2.760", "3.500"],
        ["4,391", "200"],  # trimmed decimals and whole numbers look just like this
        ["4,390", "2000"],  # grouped thousands would print 2,000
        ["1,5", "2.5"],
    ],
)
def test_a_column_without_proof_is_ambiguous(column: list[str]) -> None:
    found = find_decimal_sign(column)
    assert isinstance(found, Ambiguous)
    assert "writes its numbers" in str(found.sentence)


def test_both_readings_are_shown() -> None:
    found = find_decimal_sign(["2,760"])
    assert isinstance(found, Ambiguous)
    assert "2.760" in str(found.sentence)
    assert "2760" in str(found.sentence)


@pytest.mark.parametrize(
    ("text", "decimal", "number"),
    [
        ("12", None, "12"),
        ("1.5", None, "1.5"),
        ("1,5", ",", "1.5"),
        ("1.234,50", ",", "1234.50"),
        ("2,760", ".", "2760"),
        ("1 234 567,5", ",", "1234567.5"),
        ("1\u202f234,5", ",", "1234.5"),
        ("1\xa0234", None, "1234"),
        ("١٢٣", None, "123"),
        ("١٢٫٥", None, "12.5"),
        ("١٬٢٣٤٫٥", None, "1234.5"),
        ("۴۵", None, "45"),
        ("\u200f12\u200e", None, "12"),
        ("−3", None, "-3"),
        ("-0", None, "0"),
    ],
)
def test_numbers_read_exactly(text: str, decimal: Any, number: str) -> None:
    assert parse_number(text, decimal) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["NaN", "inf", "1e400", "1E5", "1e-3", "", "-", "12a", "1.2.3", "1,2,3", "12 34", "1234 567", "0x10", "１２", "²",
     "(5)",
     "5-", "+5", "1_000", "9" * 50, "💧", "12\x00", "٫٥", ".5", "5."],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    for decimal in (None, ",", "."):
        with pytest.raises(Unreadable):
            parse_number(text, decimal)  # type: ignore[arg-type]


def test_groups_must_be_of_three() -> None:
    for text in ("1.23,5", "12.3456,0", "1234.567,0", ".123,4"):
        with pytest.raises(Unreadable):
            parse_number(text, ",")


@given(st.decimals(min_value=0, max_value=10**11, places=3), st.sampled_from([",", "."]))
def test_grouped_numbers_come_back(number: Decimal, decimal: Any) -> None:
    text = f"{number:,}"
    if decimal == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    assert parse_number(text, decimal) == number
    assert parse_number(text.replace("." if decimal == "," else ",", "\u202f"), decimal) == number


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    try:
        number = parse_number(text, ",")
    except Unreadable:
        return
    assert number.is_finite()


def test_quantities_keep_the_decimals_of_the_unit() -> None:
    assert values.quantity("0.5", decimals=3) == Decimal("0.5")
    assert values.quantity(Decimal("12.000"), decimals=0) == 12
    for value, decimals in (("0.5", 0), ("1.2345", 3), ("0", 3), ("-1", 0), (str(10**12), 0), (Decimal("1E+400"), 0)):
        with pytest.raises(Unreadable):
            values.quantity(value, decimals=decimals)


def test_amounts() -> None:
    assert values.money("12,50 DH", ",") == Decimal("12.5")
    assert values.money("١٢ درهم") == 12
    for value in ("-1", "1.1234567", "12 EUR"):
        with pytest.raises(Unreadable):
            values.money(value)


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-11-23", None, date(2026, 11, 23)),
        ("2026-11-23 00:00:00", None, date(2026, 11, 23)),
        ("23/11/2026", "dmy", date(2026, 11, 23)),
        ("11/23/2026", "mdy", date(2026, 11, 23)),
        ("3.4.2026", "dmy", date(2026, 4, 3)),
        ("٢٣/١١/٢٠٢٦", "dmy", date(2026, 11, 23)),
        ("05/05/2026", None, date(2026, 5, 5)),
    ],
)
def test_dates(text: str, order: Any, day: date) -> None:
    assert parse_date(text, order) == day


@pytest.mark.parametrize(
    "value",
    ["2026-02-30", "9999-01-01", "31/11/2026", "10/12/25", "2026", "2026-11-23 10:30:00", "23/11-2026", "", "hier",
     "46000", Decimal(46000), True, None, "0001-01-01", date(9999, 1, 1), "29/02/2025"],
)  # fmt: skip
def test_what_is_no_date_is_refused(value: Any) -> None:
    with pytest.raises(Unreadable):
        parse_date(value, "dmy")


def test_the_order_of_dates_is_decided_over_the_column() -> None:
    assert find_date_order(["03/04/2026", "23/04/2026"], is_day_first_usual=False) == ("dmy", False)
    assert find_date_order(["03/04/2026", "04/23/2026"], is_day_first_usual=True) == ("mdy", False)
    assert find_date_order(["03/04/2026"], is_day_first_usual=True) == ("dmy", True)
    assert find_date_order(["2026-04-03", "05/05/2026", None], is_day_first_usual=False) == (None, False)
    for column in (["03/04/2026"], ["23/04/2026", "04/23/2026"]):
        found, _presumed = find_date_order(column, is_day_first_usual=False)
        assert isinstance(found, Ambiguous)
        assert "writes its dates" in str(found.sentence)


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_every_day_reads_in_every_writing(day: date) -> None:
    assert parse_date(day.isoformat()) == day
    assert parse_date(day.strftime("%d/%m/%Y"), "dmy") == day
    assert parse_date(day.strftime("%m/%d/%Y"), "mdy") == day


def test_codes_come_back_exactly_or_not_at_all() -> None:
    assert values.code("00123") == "00123"
    assert values.code(Decimal("6118001230068")) == "6118001230068"
    assert values.code("\u200eMED-001\u200f ") == "MED-001"
    for value in (
        Decimal("6.5"),
        Decimal(10**15),
        Decimal(-4),
        "6,11800E+12",
        "A\x00B",
        "A\x1bB",
        "#N/A",
        "#####",
        "x" * 65,
        True,
    ):
        with pytest.raises(Unreadable):
            values.code(value)


def test_texts_lose_only_what_cannot_be_seen() -> None:
    assert values.text("  Soluté \n isotonique\xa0 ") == "Soluté isotonique"
    assert values.text("\u202bورق\u202c") == "ورق"
    assert values.text("👩‍⚕️ <b>'; DROP TABLE") == "👩‍⚕️ <b>'; DROP TABLE"
    assert values.text("'=1+1") == "=1+1"
    assert values.text("'t Hooft") == "'t Hooft"


def test_yes_and_no() -> None:
    assert all(values.yes_or_no(word) for word in ("Oui", "yes", "نعم", "X", "1", True, Decimal(1)))
    assert not any(values.yes_or_no(word) for word in ("NON", "no", "لا", "0", False, Decimal(0), "-"))
    with pytest.raises(Unreadable):
        values.yes_or_no("peut-être")


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_our_own_words_are_understood_in_every_language(app: Flask, language: str) -> None:
    """A spreadsheet that somebody made by the words of our pages."""
    papers = {kind: words.KINDS[kind] for kind in vocabulary.KINDS_OF_PAPER}
    tables = ((TRACKING, words.TRACKINGS), (STORING, words.STORAGES), (KIND, papers))
    with app.test_request_context(), force_locale(language):
        read = {(key, str(word)): parse(str(word)) for parse, table in tables for key, word in table.items()}
        assert read == {(key, word): key for key, word in read}


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_titles_of_our_papers_are_understood(language: str) -> None:
    titles = {kind: getattr(FORMS[kind].title, language) for kind in vocabulary.KINDS_OF_PAPER}
    assert {kind: KIND(title) for kind, title in titles.items()} == {kind: kind for kind in titles}


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize(
    ("fields", "wording"), [(vocabulary.ITEM_FIELDS, ITEM_WORDS), (vocabulary.MOVEMENT_FIELDS, MOVEMENT_WORDS)]
)
def test_a_column_named_as_our_page_names_it_is_known(
    app: Flask, language: str, fields: tuple[Field, ...], wording: Mapping[str, tuple[Sentence, Sentence]]
) -> None:
    with app.test_request_context(), force_locale(language):
        named = {str(label): name for name, (label, _help) in wording.items()}
        guessed = Matcher(fields).match(list(named)).columns
    assert {column: guess.field for column, guess in guessed.items()} == named


def test_what_is_none_of_the_words_is_told_in_words(app: Flask) -> None:
    with app.test_request_context(), force_locale("ar"), pytest.raises(Unreadable) as refusal:
        KIND("سند غريب")
    assert "مخزون أولي أو دخول أو خروج" in str(refusal.value.expected)


def test_what_is_shown_in_a_list_of_problems_is_harmless() -> None:
    assert values.shown("a\x00\u202eb") == "a��b"
    assert len(values.shown("x" * 1000)) == 80
    assert values.shown(None) == ""
    assert values.shown(Decimal("1E+400")) == "1E+400"
