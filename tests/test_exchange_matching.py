"""Columns to fields: a guess by name that the user corrects."""

from __future__ import annotations

import pytest

from inventory.errors import UnreadableFile
from inventory.exchange import movements
from inventory.exchange.folding import fold
from inventory.exchange.items import MATCHER
from inventory.exchange.matching import is_arabic


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Code de l'article", "code"),
        ("CODE_ARTICLE", "code"),
        ("item code", "code"),
        ("رمز المادّة", "code"),
        ("Désignation", "name_fr"),
        ("DESIGNATION", "name_fr"),
        ("Désignaton", "name_fr"),
        ("item description", "name_en"),
        ("الإسم", "name_ar"),
        ("Unité de mesure", "unit"),
        ("وحدة القياس", "unit"),
        ("Famille", "category"),
        ("EAN-13", "barcode"),
        ("Désignation (arabe)", "name_ar"),
        ("Libellé en français", "name_fr"),
        ("التسمية بالعربية", "name_ar"),
        ("التسمية بالفرنسية", "name_fr"),
        ("البيان بالإنجليزية", "name_en"),
    ],
)
def test_labels_are_known_however_they_are_spelled(label: str, field: str) -> None:
    assert MATCHER.match([label]).columns[label].field == field


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("تاريخ", "on"),
        ("السند", "reference"),
        ("الصلاحية", "expires_on"),
        ("الحصة", "lot"),
        ("الكمية", "quantity"),
        ("نوع الحركة", "kind"),
        ("Numéro", "reference"),
        ("Du numéro", "first_number"),
        ("رمز المخزن", "warehouse"),
        ("رقم الجرد", "lot"),
        ("سعر الوحدة", "unit_cost"),
        ("المصلحة المستفيدة", "service"),
    ],
)
def test_a_stock_book_is_known_by_its_heads(label: str, field: str) -> None:
    assert movements.MATCHER.match([label]).columns[label].field == field


@pytest.mark.parametrize(
    "label",
    [
        "UNITE_DOSAGE1",
        "DOSAGE1",
        "Unité de dosage",
        "Prix unitaire",
        "length cm",
        "Stock",
        "Qté vendue",
        "",
        "[C]",
        "Codes",
    ],
)
def test_what_only_contains_a_name_is_not_guessed(label: str) -> None:
    assert MATCHER.match([label]).columns == {}


def test_a_misspelt_label_is_a_weaker_guess() -> None:
    assert MATCHER.match(["Désignation"]).columns["Désignation"].score == 1
    assert MATCHER.match(["Désignaton"]).columns["Désignaton"].score < 0.95


def test_two_columns_that_claim_a_field_are_left_to_the_user() -> None:
    matching = MATCHER.match(["code", "ref", "nom"])
    assert matching.contested == {"code": ("code", "ref")}
    assert list(matching.columns) == ["nom"]
    assert MATCHER.match(["code", "ref"], {"ref": "code"}).columns["ref"].field == "code"
    assert MATCHER.match(["code", "ref"], {"ref": "-"}).columns["code"].field == "code"
    assert [g.field for g in MATCHER.match(["EAN", "gencod"]).columns.values()] == ["barcode", "barcode"]


def test_two_columns_that_the_user_gives_one_field_are_left_to_the_user_too() -> None:
    matching = MATCHER.match(["code", "nom", "bis"], {"code": "unit", "nom": "unit"})
    assert (matching.contested, dict(matching.columns)) == ({"unit": ("code", "nom")}, {})


def test_a_name_is_made_of_the_columns_that_the_user_says_and_of_no_guess() -> None:
    given = {"nom": "name_fr", "dosage": "name_fr"}
    matching = MATCHER.match(["dosage", "nom", "libellé"], given)
    assert matching.columns_of("name_fr") == ["dosage", "nom"]
    assert MATCHER.match(["nom", "libellé"]).contested == {"name_fr": ("nom", "libellé")}


def test_the_user_comes_before_the_guess_and_a_constant_before_both() -> None:
    matching = MATCHER.match(["code", "unité", "nom"], {"NOM": "name_ar"}, {"unit": "kg"})
    assert {column: guess.field for column, guess in matching.columns.items()} == {"code": "code", "nom": "name_ar"}
    assert (matching.constants, matching.unused) == ({"unit": "kg"}, ("unité",))
    assert MATCHER.match(["unité"], {"unité": "unit"}, {"unit": "kg"}).unused == ("unité",)
    assert (matching.overruled, MATCHER.match(["nom"], {}, {"unit": "kg"}).overruled) == ({"unité": "unit"}, {})


@pytest.mark.parametrize(
    ("mapped", "constants", "reason"),
    [
        ({"prix": "code"}, {}, "unknown_column"),
        ({"code": "colour"}, {}, "unknown_field"),
        ({}, {"colour": "red"}, "unknown_field"),
    ],
)
def test_a_mistaken_correction_is_refused(mapped: dict[str, str], constants: dict[str, str], reason: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        MATCHER.match(["code", "nom"], mapped, constants)
    assert refused.value.details["reason"] == reason


def test_folding() -> None:
    assert fold("  UNITÉ_Mesure\u200f (kg) ") == "unite mesure kg"
    assert fold("الوَحْـــدة") == fold("الوحده")
    assert fold("B/100") == "b/100"


def test_a_column_is_arabic_when_most_of_it_is() -> None:
    assert is_arabic(["ورق", "ورق A4", "A4", None])
    assert not is_arabic(["papier", "ورق", "A4"])
