"""Languages: which one speaks now, and how numbers, money and days are written in it.

Western digits everywhere; thousands apart by a narrow space, so that a number reads the same in every language; the
decimal sign is the language's own. Month names of Arabic are Morocco's (DOMAIN §3, rule 4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import Babel, Domain, _get_current_context, get_locale
from flask_login import current_user

from inventory import amounts, clock
from inventory.errors import decimal_point

TRANSLATIONS = Path(__file__).parent / "translations"
MONTHS_AR = (
    "يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر",
)  # fmt: skip
MONTHS_FR = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MONTHS = {"ar": MONTHS_AR, "fr": MONTHS_FR, "en": MONTHS_EN}
SHORT_MONTHS = {
    "ar": MONTHS_AR,
    "fr": ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
    "en": tuple(name[:3] for name in MONTHS_EN),
}
OWN_NAMES = {"ar": "العربية", "fr": "Français", "en": "English"}


class Sentences(Domain):  # type: ignore[misc]
    """The catalogues of the language of the moment, looked up once in a request and language, not for every sentence:
    a page has two hundred."""

    def get_translations(self) -> NullTranslations:
        context = _get_current_context()
        if context is None:
            return NullTranslations()
        found: NullTranslations | None = getattr(context, "babel_translations", None)  # Babel's own: it forgets it
        if found is None:
            found = context.babel_translations = super().get_translations()
        return found


def initialise(app: Flask) -> None:
    """Joins Babel with one catalogue (domain) per piece of the house."""
    domains = sorted({path.stem for path in TRANSLATIONS.glob("*/LC_MESSAGES/*.po")}) or ["messages"]
    sentences = Sentences([str(TRANSLATIONS)] * len(domains), ";".join(domains))
    babel = Babel(
        app,
        locale_selector=lambda: _locale(chosen()),
        default_locale=app.config["LANGUAGES"][0],
        default_timezone=app.config["TIMEZONE"],
    )
    babel.domain_instance = sentences
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda template: sentences.get_translations().gettext(template),
        ngettext=lambda one, many, number: sentences.get_translations().ngettext(one, many, number),
        newstyle=True,
    )
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"]  # itself, not what looks it up at each call
    app.template_filter("quantity")(quantity)
    app.template_filter("money")(money)
    app.template_filter("number")(quantity)
    app.template_filter("day")(day)
    app.template_filter("long_day")(long_day)
    app.template_filter("instant")(instant)
    app.template_filter("month")(month)
    app.template_filter("month_short")(month_short)


def chosen() -> str:
    """The language of the moment: the one set for this piece of work, the one chosen in this session, the person's own,
    the first that the browser asks for."""
    languages: tuple[str, ...] = current_app.config["LANGUAGES"]
    return next((language for language in _wanted(languages) if language in languages), languages[0])


@cache
def _locale(language: str) -> Locale:
    """Babel would look for its file at each request."""
    return Locale.parse(language)


def _wanted(languages: tuple[str, ...]) -> Iterator[str | None]:
    """One after the other, so that nobody is looked up whose language is not needed."""
    yield g.get("language")
    if has_request_context():
        yield session.get("language")
        yield getattr(current_user, "language", None)
        yield request.accept_languages.best_match(languages)


def language() -> str:
    """``ar``, ``fr`` or ``en``."""
    locale = get_locale()
    return str(locale.language) if locale else "en"


def direction() -> str:
    """``rtl`` or ``ltr``."""
    return "rtl" if language() == "ar" else "ltr"


def quantity(value: Decimal | int | str | None, decimals: int = 0) -> str:
    """A number, exactly, thousands apart: ``1 234,5``, with no zeros at its end beyond ``decimals`` places; a dash for
    nothing known."""
    if value is None or value == "":
        return "—"
    return amounts.decimal_figures(Decimal(value), decimals, point=decimal_point())


def money(value: Decimal | int | str | None) -> str:
    """Dirhams with two decimals, without the currency: ``1 234,50``."""
    if value is None or value == "":
        return "—"
    return amounts.decimal_figures(round(Decimal(value), 2), 2, point=decimal_point())


def day(value: date | str | None) -> str:
    """``23/11/2026``, in every language."""
    if value is None or value == "":
        return "—"
    value = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{value:%d/%m/%Y}"


def long_day(value: date | str) -> str:
    """``23 نونبر 2026``."""
    value = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{value.day} {MONTHS[language()][value.month - 1]} {value.year}"


def month(value: date) -> str:
    """``نونبر 2026``."""
    return f"{MONTHS[language()][value.month - 1]} {value.year}"


def month_short(value: date) -> str:
    """The month alone, as short as its language writes it under a bar; Arabic names are short and stay whole."""
    return SHORT_MONTHS[language()][value.month - 1]


def instant(value: datetime | None) -> str:
    """``23/11/2026 14:05`` in the commune's time."""
    if value is None:
        return "—"
    return f"{value.astimezone(clock.zone()):%d/%m/%Y %H:%M}"


def offered() -> Iterable[tuple[str, str]]:
    """The languages one can choose, with their own names."""
    return [(code, OWN_NAMES[code]) for code in current_app.config["LANGUAGES"]]
