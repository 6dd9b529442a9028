"""What one value may look like on its way in. Exact or refused: nothing is rounded, guessed or cut.

Quantities and money are strings with a decimal point (whole numbers may be JSON integers); a JSON number with decimals
is refused, because most programs have already changed it before it is sent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import RAISE, Schema, ValidationError, fields

from inventory.errors import Fault
from inventory.texts import EARLIEST, LATEST, coded, honest

WHOLE_DIGITS, DECIMAL_DIGITS = 15, 12
LARGEST_NUMBER = 10**12 - 1

_NUMBER = re.compile(rf"-?[0-9]{{1,{WHOLE_DIGITS}}}(?:\.[0-9]{{1,{DECIMAL_DIGITS}}})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGITS = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a value, before it is known where it stands."""

    code: str
    message: Any
    details: Mapping[str, Any]


def wrong(code: str, message: Any, **details: Any) -> ValidationError:
    return ValidationError([Wrong(code, message, details)])


def _said(code: str, message: Any) -> Any:
    """An error message as marshmallow keeps it, carrying its code."""
    return [Wrong(code, message, {})]


class Shape(Schema):
    """A JSON object: what it does not know it refuses."""

    error_messages = {
        "unknown": _said("unknown_field", _l("This field is not known here.")),
        "type": _said("type", _l("A JSON object is expected.")),
    }

    class Meta:
        unknown = RAISE


_SENTENCES = {
    "required": _said("required", _l("This is needed.")),
    "null": _said("null", _l("This cannot be null.")),
}


class Text(fields.String):
    """A text in NFC without control characters. ``lines``: it may have several lines."""

    default_error_messages = _SENTENCES

    def __init__(self, *, most: int, least: int = 0, lines: bool = False, **options: Any) -> None:
        described = {"maxLength": most, **({"minLength": least} if least else {}), **options.pop("metadata", {})}
        super().__init__(metadata=described, **options)
        self.most, self.least, self.lines = most, least, lines

    def _deserialize(self, value: Any, attr: Any, data: Any, **named: Any) -> str:
        if not isinstance(value, str):
            raise wrong("type", _l("A text is expected."))
        text = self.cleaned(unicodedata.normalize("NFC", value))
        if len(text) > self.most:
            raise wrong("length", _l("At most %(most)s characters."), most=self.most)
        if len(text.strip()) < self.least:
            raise wrong("required", _l("This is needed."))
        for character in text:
            if not character.isprintable() and self._is_control(character):
                raise wrong("control_character", _l("Control characters cannot be kept."))
        return text

    def cleaned(self, text: str) -> str:
        return honest(text)

    def _is_control(self, character: str) -> bool:
        return unicodedata.category(character) in ("Cc", "Cs") and not (self.lines and character in "\n\r\t")


class CodeText(Text):
    """A code: one line, no invisible characters, no space at its ends."""

    def __init__(self, *, most: int = 60, least: int = 1, **options: Any) -> None:
        super().__init__(most=most, least=least, **options)

    def cleaned(self, text: str) -> str:
        return coded(text)


class Amount(fields.String):
    """A quantity or an amount of money: a string with a decimal point, or a JSON integer. Gives a Decimal.

    Not below zero unless ``is_signed``. How fine it may be depends on the item, so the verb says that.
    """

    default_error_messages = _SENTENCES

    def __init__(self, *, is_signed: bool = False, **options: Any) -> None:
        sign = "-?" if is_signed else ""
        described = {
            "type": ["string", "integer"] + (["null"] if options.get("allow_none") else []),
            "pattern": rf"^{sign}[0-9]{{1,{WHOLE_DIGITS}}}(\.[0-9]{{1,{DECIMAL_DIGITS}}})?$",
            "maximum": 10**WHOLE_DIGITS - 1,
            "minimum": 0,
            "examples": ["12", "0.5"],
            **options.pop("metadata", {}),
        }
        super().__init__(metadata=described, **options)
        self.is_signed = is_signed

    def _deserialize(self, value: Any, attr: Any, data: Any, **named: Any) -> Any:
        if isinstance(value, str):
            text = value
        elif isinstance(value, int) and not isinstance(value, bool):
            text = str(value)
        elif isinstance(value, float):
            raise wrong("inexact", _l('Send it as a string, such as "12.5": a JSON number with decimals is not exact.'))
        else:
            raise wrong("type", _l('A number in a string is expected, such as "12.5".'))
        if not _NUMBER.fullmatch(text):
            raise wrong(
                "format", _l("Write the number with the digits 0 to 9 and a point for decimals, such as 1250.5.")
            )
        if text[0] == "-" and not self.is_signed:
            raise wrong("range", _l("This cannot be below zero."))
        return Decimal(text)


class Day(fields.String):
    """A day as ``2026-11-23``, from 1900 to 2200. Gives a date."""

    default_error_messages = _SENTENCES

    def __init__(self, **options: Any) -> None:
        super().__init__(metadata={"format": "date", **options.pop("metadata", {})}, **options)

    def _deserialize(self, value: Any, attr: Any, data: Any, **named: Any) -> Any:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise wrong("format", _l("Write the day as year-month-day, such as 2026-11-23."))
        try:
            day = date.fromisoformat(value)
        except ValueError:
            raise wrong("format", _l("%(day)s is not a day of the calendar."), day=value) from None
        if not EARLIEST <= day <= LATEST:
            raise wrong("range", _l("A day lies between 1900 and 2200."))
        return day


class Whole(fields.Integer):
    """A whole number. In a query it comes as a string of digits (``is_text``)."""

    default_error_messages = _SENTENCES

    def __init__(self, *, least: int = 0, most: int = LARGEST_NUMBER, is_text: bool = False, **options: Any) -> None:
        super().__init__(metadata={"minimum": least, "maximum": most, **options.pop("metadata", {})}, **options)
        self.least, self.most, self.is_text = least, most, is_text

    def _deserialize(self, value: Any, attr: Any, data: Any, **named: Any) -> int:
        if self.is_text and isinstance(value, str) and _DIGITS.fullmatch(value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise wrong("type", _l("A whole number is expected."))
        if not self.least <= value <= self.most:
            raise wrong("range", _l("From %(least)s to %(most)s."), least=self.least, most=self.most)
        return value


class Flag(fields.Boolean):
    """``true`` or ``false`` and nothing else."""

    default_error_messages = _SENTENCES

    def _deserialize(self, value: Any, attr: Any, data: Any, **named: Any) -> bool:
        if not isinstance(value, bool):
            raise wrong("type", _l("true or false is expected."))
        return value


class Choice(Text):
    """One of a few words."""

    def __init__(self, words: Sequence[str], **options: Any) -> None:
        shown = [*words, None] if options.get("allow_none") else list(words)
        super().__init__(most=max(map(len, words)), metadata={"enum": shown}, **options)
        self.words = frozenset(words)
        self.listed = ", ".join(words)

    def _deserialize(self, value: Any, attr: Any, data: Any, **named: Any) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise wrong("unknown", _l("One of %(known)s is expected."), known=self.listed)
        return value


class Rows(fields.List[Any]):
    """A list of at most ``most`` values."""

    default_error_messages = {**_SENTENCES, "invalid": _said("type", _l("A list is expected."))}

    def __init__(self, inner: Any, *, most: int, **options: Any) -> None:
        super().__init__(inner, metadata={"maxItems": most, **options.pop("metadata", {})}, **options)
        self.most = most

    def _deserialize(self, value: Any, attr: Any, data: Any, **named: Any) -> Any:
        if isinstance(value, list) and len(value) > self.most:
            raise wrong("length", _l("At most %(most)s at once."), most=self.most)
        return super()._deserialize(value, attr, data, **named)


class Part(fields.Nested):
    """An object inside another."""

    default_error_messages = {**_SENTENCES, "type": _said("type", _l("A JSON object is expected."))}


def faults_in(messages: Any, pointer: str = "") -> list[Fault]:
    """Every fault that marshmallow found, each with its JSON pointer."""
    if isinstance(messages, Wrong):
        return [Fault(pointer, messages.code, messages.message, dict(messages.details))]
    if isinstance(messages, dict):
        return [
            found
            for name, inner in messages.items()
            for found in faults_in(inner, pointer if name == "_schema" else f"{pointer}/{_escaped(str(name))}")
        ]
    if isinstance(messages, list):
        return [found for inner in messages for found in faults_in(inner, pointer)]
    return [Fault(pointer, "invalid", _l("This value cannot be used."))]


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")[:100]
