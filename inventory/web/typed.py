"""What was typed into a form: read and checked field by field, kept and shown again with what is wrong with it.

A view reads with ``text``, ``code``, ``whole``, ``day``; ``settle`` refuses all bad fields at once; a refusal of a verb
is put beside its field by ``refuse``. Templates ask ``value``, ``error`` and ``errors``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from inventory.errors import AlreadyExists, Fault, InvalidRequest, Refusal, fault, refuse
from inventory.texts import honest, is_writable, read_day

CODE = re.compile(r"\w[\w./-]{0,39}")
_BREAK = re.compile(r"[\t\r\n]")
TAKEN = {"new", "options"}
"""Words that our own addresses use; no code may be one of them."""
NAMES = ("name_ar", "name_fr", "name_en")


class Typed:
    """The fields of one form. ``kept`` is what stands there before anything is typed."""

    def __init__(self, fields: Mapping[str, Any] | None = None, **kept: Any) -> None:
        self.fields = dict(fields.items()) if fields is not None else kept
        self.faults: list[Fault] = []
        self.errors: list[dict[str, str]] = []

    # ---- reading

    def text(self, name: str, *, most: int = 300, is_required: bool = False, lines: bool = False) -> str:
        """A text without spaces around it, on one line unless it may have several; a longer one is refused, never
        cut."""
        found = honest(str(self.fields.get(name, "")).strip())
        if not is_writable(found) or (not lines and _BREAK.search(found)):
            self._note(name, "unwritable", _l("There are characters in it that cannot be written."))
        if is_required and not found:
            self._note(name, "required", _l("Enter this field."))
        if len(found) > most:
            self._note(name, "length", _l("At most %(most)s characters."), most=most)
        return found

    def code(self, name: str = "code") -> str:
        """A code that people type and addresses can hold."""
        found = self.text(name, most=40, is_required=True)
        if found and len(found) <= 40 and (not CODE.fullmatch(found) or found.lower() in TAKEN):
            self._note(name, "format", _l("A code has letters, digits and . - _ / only, without spaces."))
        return found

    def names(self) -> dict[str, str]:
        """The three names; at least one is needed."""
        found = {name: self.text(name) for name in NAMES}
        if not any(found.values()):
            self._note("name_ar", "required", _l("Enter a name in at least one language."))
        return found

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number between two others."""
        found = self.text(name, is_required=True)
        number = int(found) if re.fullmatch(r"-?[0-9]{1,15}", found) else None
        if found and (number is None or not low <= number <= high):
            self._note(name, "range", _l("A whole number between %(low)s and %(high)s."), low=low, high=high)
        return low if number is None else number

    def day(self, name: str, otherwise: date | None = None) -> date | None:
        """A day; ``otherwise`` when nothing was typed."""
        found = self.text(name)
        day = read_day(found)
        if found and day is None:
            self._note(name, "format", _l("Enter a day: year, month, day."))
        return day or otherwise

    def choice(self, name: str, options: Collection[str], *, is_required: bool = True) -> str:
        """One of a few words."""
        found = self.text(name, is_required=is_required)
        if found and found not in options:
            self._note(name, "unknown", _l("Choose one of the list."))
        return found

    def tick(self, name: str) -> bool:
        return bool(self.fields.get(name))

    def settle(self) -> None:
        """Refuses the form when anything read so far cannot be used."""
        refuse(self.faults)

    def _note(self, name: str, code: str, sentence: Any, **details: Any) -> None:
        if not any(one.pointer == f"/{name}" for one in self.faults):
            self.faults.append(fault(f"/{name}", code, sentence, **details))

    # ---- showing

    def refuse(self, refusal: Refusal, field: str = "code") -> int:
        """Takes in what a verb refused and returns the status of the answer; ``field`` bears what already exists."""
        self.errors = [
            {"field": one.pointer.strip("/").replace("/", "-"), "message": one.sentence()} for one in refusal.faults
        ]
        if not self.errors:
            self.errors = [{"field": field if isinstance(refusal, AlreadyExists) else "", "message": refusal.message()}]
        return refusal.status

    @property
    def status(self) -> int:
        """The status of a page that shows what was typed."""
        return InvalidRequest.status if self.errors else 200

    def value(self, name: str, otherwise: Any = "") -> Any:
        return self.fields.get(name, otherwise)

    def error(self, name: str) -> str:
        return next((one["message"] for one in self.errors if one["field"] == name), "")


def number_of(text: str | None) -> int | None:
    """A key out of an address; None for what is none."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,15}", text) else None
