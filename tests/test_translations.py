"""Everything people read is said in Arabic, French and English: each marked sentence stands in a catalogue."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from flask import Flask, render_template_string, session
from flask_babel import force_locale, refresh
from flask_babel import gettext as words

HOUSE = Path(__file__).resolve().parent.parent
CATALOGUES = HOUSE / "inventory" / "translations"
LANGUAGES = ("ar", "fr")
KEYWORDS: dict[str, Any] = {
    "_": None,
    "_l": None,
    "_n": (1, 2),
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "fault": (3,),
    "refuse_field": (3,),
}
"""What marks a sentence; the third argument of a fault, or of its refusal, is its sentence (inventory.errors)."""

PLACE = re.compile(r"%(?:\((\w+)\))?[sd]|\{(\w+)\}")
Key = str | tuple[str, ...]


def said_in(path: Path, method: str) -> Iterator[tuple[Key, str]]:
    with path.open("rb") as file:
        for line, message, _, _ in extract(method, file, keywords=KEYWORDS, options={"encoding": "utf-8"}):
            if message and message != ("",):
                yield message, f"{path.relative_to(HOUSE)}:{line}"


def everything_said() -> dict[Key, str]:
    """Every marked sentence and one place where it stands."""
    found: dict[Key, str] = {}
    for path in sorted((HOUSE / "inventory").rglob("*.py")):
        found |= dict(said_in(path, "python"))
    for path in sorted((HOUSE / "templates").rglob("*.html")):
        if path.name != "gallery.html":
            found |= dict(said_in(path, "jinja2.ext:babel_extract"))
    return found


def catalogues(language: str) -> dict[str, Catalog]:
    found = {}
    for path in sorted((CATALOGUES / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            found[path.stem] = read_po(file, locale=language)
    return found


def messages(language: str) -> Iterator[tuple[str, Message]]:
    for name, catalogue in catalogues(language).items():
        yield from ((name, message) for message in catalogue if message.id)


def texts(said: Any) -> tuple[str, ...]:
    return tuple(said) if isinstance(said, (tuple, list)) else (said,)


def places(text: str) -> list[str]:
    return sorted({match.group(0) for match in PLACE.finditer(text.replace("%%", ""))})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    known = {texts(message.id)[0] for _, message in messages(language) if all(texts(message.string))}
    missing = [f"{place}: {texts(said)[0]}" for said, place in everything_said().items() if texts(said)[0] not in known]
    assert not missing, f"{len(missing)} sentences without {language}:\n" + "\n".join(sorted(missing))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_places_of_its_sentence(language: str) -> None:
    wrong = []
    for name, message in messages(language):
        asked = places(texts(message.id)[-1])
        for said in texts(message.string):
            # “one thing”, “two things” may leave their number unsaid
            allowed = [asked, [place for place in asked if place not in ("%(num)s", "%(count)s")]]
            if said and places(said) not in (allowed if message.pluralizable else allowed[:1]):
                wrong.append(f"{name}: {texts(message.id)[0]} → {said}")
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess_or_half_done(language: str) -> None:
    assert not [f"{name}: {message.id}" for name, message in messages(language) if message.fuzzy]
    forms = {"ar": 6, "fr": 2}[language]
    assert not [
        f"{name}: {message.id}"
        for name, message in messages(language)
        if message.pluralizable and len(texts(message.string)) != forms
    ]


def test_arabic_counts_as_arabic_does() -> None:
    """Eleven to ninety-nine take the fifth form (سطرا), a hundred the sixth (سطر); some tools swap them."""
    for name, catalogue in catalogues("ar").items():
        if any(message.pluralizable for message in catalogue if message.id):
            form = gettext.c2py(catalogue.plural_expr)
            assert [form(count) for count in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103)] == [
                0,
                1,
                2,
                3,
                3,
                4,
                4,
                5,
                5,
                3,
            ], name


def test_arabic_calls_a_person_and_an_administrator_by_one_word() -> None:
    """A user is مستخدم, who looks after the house is مسؤول النظام; مدير would be a third office beside مسؤول المخزن."""
    other = re.compile(r"اسم المستعمل|مستعملو|(?<![\u0620-\u064a])[بل]?(?:ال|ل)?مدير(?![\u0620-\u064a])")
    assert not [
        f"{name}: {said}" for name, message in messages("ar") for said in texts(message.string) if other.search(said)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogues_agree_with_each_other(language: str) -> None:
    """The same sentence is said the same way wherever it stands: which catalogue is asked first must not matter."""
    first: dict[Key, tuple[str, Any]] = {}
    for name, message in messages(language):
        other, said = first.setdefault(texts(message.id), (name, message.string))
        assert said == message.string, f"{message.id}: {other} says {said}, {name} says {message.string}"


def test_french_signs_are_not_left_alone_at_the_beginning_of_a_line() -> None:
    alone = re.compile(r"[ \u00a0][:;?!»](?![/\w])|«[^\u202f]")
    assert not [
        f"{name}: {said}" for name, message in messages("fr") for said in texts(message.string) if alone.search(said)
    ]


def test_both_languages_have_the_same_catalogues() -> None:
    assert catalogues("ar").keys() == catalogues("fr").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_digits_are_western_and_nothing_arabic_stays_in_french(language: str) -> None:
    strange = re.compile(r"[٠-٩۰-۹]" if language == "ar" else r"[\u0600-\u06ff٠-٩]")
    assert not [
        message.string
        for _, message in messages(language)
        if any(strange.search(text) for text in texts(message.string))
    ]


def test_arabic_sentences_are_arabic() -> None:
    """A sentence of two words or more without an Arabic letter was copied, not translated."""
    letters = re.compile(r"[\u0620-\u064a]")
    copied = [
        message.id
        for _, message in messages("ar")
        if " " in PLACE.sub("", texts(message.id)[0]).strip() and not all(map(letters.search, texts(message.string)))
    ]
    assert not copied


def test_a_date_or_code_with_a_dash_keeps_its_order_inside_arabic() -> None:
    """Between digits in an Arabic sentence a dash turns them round: 2026-11-23 was shown as 23-11-2026."""
    turned = [
        said
        for catalogue in catalogues("ar").values()
        for message in catalogue
        for said in (message.string if isinstance(message.string, tuple) else (message.string,))
        if message.id and re.search(r"[0-9]-[0-9]|[A-Z0-9]-(?![A-Za-z0-9])", re.sub("\u2066[^\u2069]*\u2069", "", said))
    ]
    assert turned == []


def test_a_sentence_is_said_in_the_language_of_the_moment(app_sqlite: Flask) -> None:
    """Also when the language changes in the middle of a piece of work; by a page as by the house."""
    kept = "The change is kept."
    said = {"ar": "حُفظ التغيير.", "fr": "La modification est enregistrée.", "en": kept}

    def told() -> str:
        page = render_template_string("{{ _(said) }}", said=kept)
        assert page == words(kept)
        return page

    with app_sqlite.test_request_context("/", headers={"Accept-Language": "fr"}):
        assert told() == said["fr"]
        with force_locale("ar"):
            assert told() == said["ar"]
        assert told() == said["fr"]
        session["language"] = "en"
        refresh()
        assert told() == said["en"]
