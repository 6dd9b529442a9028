"""Amounts in figures and in words: cases checked by hand, and every number read back from its words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.amounts import arabic, decimal_figures, figures, french

# centimes, French, Arabic
AMOUNTS = [
    (0, "Zéro dirham", "صفر درهم"),
    (1, "Un centime", "سنتيم واحد"),
    (2, "Deux centimes", "سنتيمان"),
    (5, "Cinq centimes", "خمسة سنتيمات"),
    (50, "Cinquante centimes", "خمسون سنتيما"),
    (1_00, "Un dirham", "درهم واحد"),
    (1_01, "Un dirham et un centime", "درهم واحد وسنتيم واحد"),
    (2_00, "Deux dirhams", "درهمان"),
    (2_02, "Deux dirhams et deux centimes", "درهمان وسنتيمان"),
    (3_00, "Trois dirhams", "ثلاثة دراهم"),
    (8_00, "Huit dirhams", "ثمانية دراهم"),
    (10_00, "Dix dirhams", "عشرة دراهم"),
    (11_00, "Onze dirhams", "أحد عشر درهما"),
    (12_00, "Douze dirhams", "اثنا عشر درهما"),
    (16_00, "Seize dirhams", "ستة عشر درهما"),
    (21_00, "Vingt et un dirhams", "واحد وعشرون درهما"),
    (22_00, "Vingt-deux dirhams", "اثنان وعشرون درهما"),
    (61_00, "Soixante et un dirhams", "واحد وستون درهما"),
    (70_00, "Soixante-dix dirhams", "سبعون درهما"),
    (71_00, "Soixante et onze dirhams", "واحد وسبعون درهما"),
    (80_00, "Quatre-vingts dirhams", "ثمانون درهما"),
    (81_00, "Quatre-vingt-un dirhams", "واحد وثمانون درهما"),
    (91_00, "Quatre-vingt-onze dirhams", "واحد وتسعون درهما"),
    (99_00, "Quatre-vingt-dix-neuf dirhams", "تسعة وتسعون درهما"),
    (100_00, "Cent dirhams", "مائة درهم"),
    (101_00, "Cent un dirhams", "مائة درهم ودرهم واحد"),
    (102_00, "Cent deux dirhams", "مائة درهم ودرهمان"),
    (103_00, "Cent trois dirhams", "مائة وثلاثة دراهم"),
    (111_00, "Cent onze dirhams", "مائة وأحد عشر درهما"),
    (180_00, "Cent quatre-vingts dirhams", "مائة وثمانون درهما"),
    (200_00, "Deux cents dirhams", "مائتا درهم"),
    (201_00, "Deux cent un dirhams", "مائتا درهم ودرهم واحد"),
    (203_00, "Deux cent trois dirhams", "مائتان وثلاثة دراهم"),
    (300_00, "Trois cents dirhams", "ثلاثمائة درهم"),
    (1_000_00, "Mille dirhams", "ألف درهم"),
    (1_001_00, "Mille un dirhams", "ألف درهم ودرهم واحد"),
    (1_200_00, "Mille deux cents dirhams", "ألف ومائتا درهم"),
    (
        1_234_50,
        "Mille deux cent trente-quatre dirhams et cinquante centimes",
        "ألف ومائتان وأربعة وثلاثون درهما وخمسون سنتيما",
    ),
    (2_000_00, "Deux mille dirhams", "ألفا درهم"),
    (2_011_00, "Deux mille onze dirhams", "ألفان وأحد عشر درهما"),
    (3_000_00, "Trois mille dirhams", "ثلاثة آلاف درهم"),
    (10_000_00, "Dix mille dirhams", "عشرة آلاف درهم"),
    (11_000_00, "Onze mille dirhams", "أحد عشر ألف درهم"),
    (11_100_00, "Onze mille cent dirhams", "أحد عشر ألفا ومائة درهم"),
    (80_000_00, "Quatre-vingt mille dirhams", "ثمانون ألف درهم"),
    (100_000_00, "Cent mille dirhams", "مائة ألف درهم"),
    (102_000_00, "Cent deux mille dirhams", "مائة ألف وألفا درهم"),
    (200_000_00, "Deux cent mille dirhams", "مائتا ألف درهم"),
    (1_000_000_00, "Un million de dirhams", "مليون درهم"),
    (1_000_001_00, "Un million un dirhams", "مليون درهم ودرهم واحد"),
    (1_200_000_00, "Un million deux cent mille dirhams", "مليون ومائتا ألف درهم"),
    (2_000_000_00, "Deux millions de dirhams", "مليونا درهم"),
    (80_000_000_00, "Quatre-vingts millions de dirhams", "ثمانون مليون درهم"),
    (200_000_000_00, "Deux cents millions de dirhams", "مائتا مليون درهم"),
    (3_000_000_000_00, "Trois milliards de dirhams", "ثلاثة ملايير درهم"),
    (10**15, "Dix mille milliards de dirhams", "عشرة آلاف مليار درهم"),
    (-1_50, "Moins un dirham et cinquante centimes", "ناقص درهم واحد وخمسون سنتيما"),
]

ITEMS = [
    (0, "صفر مادة"),
    (1, "مادة واحدة"),
    (2, "مادتان"),
    (3, "ثلاث مواد"),
    (8, "ثماني مواد"),
    (10, "عشر مواد"),
    (11, "إحدى عشرة مادة"),
    (12, "اثنتا عشرة مادة"),
    (13, "ثلاث عشرة مادة"),
    (18, "ثماني عشرة مادة"),
    (20, "عشرون مادة"),
    (21, "إحدى وعشرون مادة"),
    (22, "اثنتان وعشرون مادة"),
    (28, "ثمان وعشرون مادة"),
    (100, "مائة مادة"),
    (101, "مائة مادة ومادة واحدة"),
    (108, "مائة وثماني مواد"),
    (200, "مائتا مادة"),
    (3_000, "ثلاثة آلاف مادة"),
]


@pytest.mark.parametrize(("centimes", "words", "_"), AMOUNTS)
def test_dirhams_in_french(centimes: int, words: str, _: str) -> None:
    assert french.dirhams(centimes) == words


@pytest.mark.parametrize(("centimes", "_", "words"), AMOUNTS)
def test_dirhams_in_arabic(centimes: int, _: str, words: str) -> None:
    assert arabic.dirhams(centimes) == words


@pytest.mark.parametrize(("number", "words"), ITEMS)
def test_a_feminine_noun_is_counted_in_arabic(number: int, words: str) -> None:
    assert arabic.counted(number, arabic.ITEM) == words


@pytest.mark.parametrize(
    ("number", "in_french", "in_arabic"),
    [
        (0, "zéro", "صفر"),
        (1, "un", "واحد"),
        (2, "deux", "اثنان"),
        (102, "cent deux", "مائة واثنان"),
        (200, "deux cents", "مائتان"),
        (2_000, "deux mille", "ألفان"),
        (-12, "moins douze", "ناقص اثنا عشر"),
    ],
)
def test_a_bare_number_in_words(number: int, in_french: str, in_arabic: str) -> None:
    assert (french.cardinal(number), arabic.cardinal(number)) == (in_french, in_arabic)


@pytest.mark.parametrize(
    ("centimes", "text"),
    [(0, "0,00"), (5, "0,05"), (123450, "1 234,50"), (-100, "−1,00"), (10**15, "10 000 000 000 000,00")],
)
def test_money_in_figures(centimes: int, text: str) -> None:
    assert figures(centimes).replace("\u202f", " ") == text


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        *(("12", 0, "12"), ("12.500", 0, "12,5"), ("0.001", 0, "0,001"), ("1E+3", 0, "1 000"), ("-3", 0, "−3")),
        *(("12.3", 2, "12,30"), ("12.345678", 2, "12,345678"), ("7", 2, "7,00")),
    ],
)
def test_quantities_and_prices_in_figures_are_never_rounded(value: str, decimals: int, text: str) -> None:
    assert decimal_figures(Decimal(value), decimals).replace("\u202f", " ") == text


numbers = st.one_of(st.integers(0, 10**4), st.integers(0, 10**7), st.integers(0, 10**13))


@given(numbers)
def test_french_words_read_back_as_the_number(number: int) -> None:
    assert _read_french(french.cardinal(number)) == number


@given(numbers)
def test_arabic_words_read_back_as_the_number(number: int) -> None:
    assert _read_arabic(arabic.cardinal(number).split()) == number


@given(st.integers(-(10**15), 10**15))
def test_every_amount_has_words_of_its_own(centimes: int) -> None:
    for words in (french.dirhams, arabic.dirhams):
        assert words(centimes) != words(centimes + 1)
        assert "  " not in words(centimes)


_FRENCH = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
]
_FRENCH_TENS = {"vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60}


def _read_french(words: str) -> int:
    """Another way to the number: from left to right, multiplying by what is larger and adding what is smaller."""
    total = high = part = 0
    for word in words.replace("-", " ").replace(" et ", " ").split():
        if word in ("cent", "cents"):
            part = max(part, 1) * 100
        elif word in ("vingt", "vingts") and part % 100 == 4:
            part += 76
        elif word == "mille":
            high, part = high + max(part, 1) * 1000, 0
        elif word.startswith("milli"):
            scale = 10**6 if word.startswith("million") else 10**9
            total, high, part = total + (high + part) * scale, 0, 0
        else:
            part += _FRENCH_TENS.get(word) or _FRENCH.index(word)
    return total + high + part


_ARABIC = {
    **dict.fromkeys(("واحد", "أحد"), 1),
    **dict.fromkeys(("اثنان", "اثنا"), 2),
    **dict.fromkeys(("عشرة", "عشر"), 10),
    **dict.fromkeys(("مائتان", "مائتا"), 200),
    "صفر": 0,
    "ثلاثة": 3,
    "أربعة": 4,
    "خمسة": 5,
    "ستة": 6,
    "سبعة": 7,
    "ثمانية": 8,
    "تسعة": 9,
    "عشرون": 20,
    "ثلاثون": 30,
    "أربعون": 40,
    "خمسون": 50,
    "ستون": 60,
    "سبعون": 70,
    "ثمانون": 80,
    "تسعون": 90,
    "مائة": 100,
    "ثلاثمائة": 300,
    "أربعمائة": 400,
    "خمسمائة": 500,
    "ستمائة": 600,
    "سبعمائة": 700,
    "ثمانمائة": 800,
    "تسعمائة": 900,
}
_ARABIC_SCALES = [
    (10**9, {"مليار": 1, "مليارا": 1, "ملايير": 1, "ملياران": 2}),
    (10**6, {"مليون": 1, "مليونا": 1, "ملايين": 1, "مليونان": 2}),
    (10**3, {"ألف": 1, "ألفا": 1, "آلاف": 1, "ألفان": 2}),
]


def _read_arabic(words: list[str]) -> int:
    """Another way to the number: a scale's word multiplies what stands before it, or counts itself (once, or twice
    in the dual) when nothing does or `و` begins it.
    """
    for size, forms in _ARABIC_SCALES:
        for place, word in enumerate(words):
            bare = word if word in forms else word.removeprefix("و")
            if bare in forms:
                before, after = words[:place], words[place + 1 :]
                if before and bare == word and forms[bare] == 1:
                    return _read_arabic(before) * size + _read_arabic(after)
                return _read_arabic(before) + forms[bare] * size + _read_arabic(after)
    return sum(_ARABIC[word if word in _ARABIC else word.removeprefix("و")] for word in words)
