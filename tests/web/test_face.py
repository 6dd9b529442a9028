"""What every page promises: three languages, both directions, nothing inline, one sign for one thing."""

import gzip
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.web.gallery import ROOT, STATES, create_gallery

SOURCES = ROOT / "inventory/static/src"
PAGES = (
    "gallery",
    "sign-in",
    "sign-in?bad=1",
    "station",
    *(f"error/{status}" for status in (400, 401, 403, 404, 409, 413, 422, 429, 500, 503)),
)


@pytest.fixture(scope="session")
def browser():
    return create_gallery().test_client()


def page(browser, name: str, language: str) -> str:
    joint = "&" if "?" in name else "?"
    return browser.get(f"/{name}{joint}language={language}").get_data(as_text=True)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_its_language_and_holds_nothing_inline(browser, name: str, language: str):
    text = page(browser, name, language)
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in text
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|javascript:|https?://(?!www\.w3\.org)", text)
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", text))
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", PAGES)
def test_every_icon_is_drawn(browser, name: str):
    drawn = set(re.findall(r'symbol id="([^"]+)"', (SOURCES / "icons.svg").read_text()))
    assert set(re.findall(r'icons\.svg#([^"]+)"', page(browser, name, "ar"))) <= drawn


def test_every_state_has_a_word_of_its_own(browser):
    text = page(browser, "gallery", "en")
    assert not [state for state in STATES if "_" in state and f">{state}<" in text]


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_every_sentence_is_translated(language: str):
    with (ROOT / f"inventory/translations/{language}/LC_MESSAGES/face.po").open("rb") as file:
        for message in read_po(file, locale=language):
            said = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(said), message.id


def test_every_marked_sentence_stands_in_the_catalogue():
    known = set()
    for catalogue in (ROOT / "inventory/translations/ar/LC_MESSAGES").glob("*.po"):
        with catalogue.open("rb") as file:
            messages = read_po(file, locale="ar")
        known |= {message.id[0] if isinstance(message.id, tuple) else message.id for message in messages}
    ours = [ROOT / "templates" / name for name in ("base.html", "error.html", "sign_in.html", "scanning/station.html")]
    for source in [*ours, *(ROOT / "templates/_macros").glob("*.html")]:
        for _, double, single in re.findall(r"""\b(_|ngettext)\((?:"([^"]+)"|'([^']+)')""", source.read_text()):
            assert (double or single) in known, f"{source.name}: {double or single}"


PHYSICAL = re.compile(
    r"[\s;{](?:(?:margin|padding|border)-(?:left|right|top|bottom)|left|right|top|bottom|width|height|(?:min|max)-(?:width|height)|float)\s*:"
)


def test_one_stylesheet_serves_both_directions():
    for sheet in (SOURCES / "css").glob("*.css"):
        rules = re.sub(r"@media[^{]+|/\*.*?\*/", "", sheet.read_text(), flags=re.S)
        assert not PHYSICAL.search(rules), f"{sheet.name}: {PHYSICAL.search(rules)}"
        assert not re.search(r"text-align:\s*(left|right)", rules), sheet.name


def test_the_stylesheet_is_light():
    sheets = "".join(sheet.read_text() for sheet in sorted(Path(SOURCES / "css").glob("*.css")))
    assert len(gzip.compress(sheets.encode())) < 40_000


def test_scripts_hold_no_sentences_and_call_nobody():
    for script in (SOURCES / "js").glob("*.js"):
        text = script.read_text()
        assert not re.search(r"https?://|eval\(|innerHTML|Function\(", text), script.name
