"""How each kind of label looks: which of its texts stands where.

There is one way of setting a label (templates/labels/label.typ) and one list of what a design puts into it. A new kind
of label is a line of `DESIGNS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from inventory import codes
from inventory.names import NAMELESS, Names

PRACTICE = Names(ar="تدريب", fr="EXERCICE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What stands where. `head`: the text that is read first, in one line, as large as it fits; empty when the names
    are read first. `is_loud`: the names are as large as the label allows. `foot`: the lines below, from top to bottom;
    two fields share a line where it holds both. `share`: how much of the width the code may take, in hundredths."""

    head: str = ""
    is_loud: bool = False
    foot: tuple[str, ...] = ()
    share: int = 45


DESIGNS: dict[str, Design] = {
    "item": Design(foot=("reference", "unit")),
    "lot": Design(foot=("reference location", "unit", "lot", "expires_on")),
    "unit": Design(head="lot", foot=("reference location",)),
    "shelf": Design(head="reference", foot=("location",)),
    "paper": Design(foot=("reference",)),
    "badge": Design(is_loud=True, foot=("reference", "location"), share=40),
    "door": Design(is_loud=True, foot=("reference",), share=36),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One label. `code` is one of ours; `reference` is what people call the thing (item code, place, paper number).

    `text` is what the QR says where that is not the address of `code`; with neither, a label has no QR. `subject_id`
    says for the log what the label stands on: an item, lot, place, paper, person or warehouse, as the design has it.
    `is_practice`: it was printed in practice, and says so across itself and in its last line.
    """

    design: str = "item"
    code: str = ""
    names: Names = NAMELESS
    reference: str = ""
    unit: Names = NAMELESS
    lot: str = ""
    expires_on: date | None = None
    location: str = ""
    text: str = ""
    version: int = 1
    subject_id: int = 0
    is_practice: bool = False

    @property
    def key(self) -> str:
        """What tells this label from every other."""
        return f"{self.design}-{self.subject_id}"

    @property
    def called(self) -> str:
        """What people call it, for the log: an item with its lot, a place with its warehouse."""
        return " · ".join(filter(None, (self.reference, self.lot, self.location if self.design == "shelf" else "")))

    def scanned(self, public_url: str) -> str:
        """What a scanner reads from it; empty when it bears no QR."""
        return self.text or (codes.address(public_url, self.code, self.version) if self.code else "")

    def texts(self) -> dict[str, object]:
        """What the template sets, line by line."""
        design = DESIGNS[self.design]
        head = getattr(self, design.head) if design.head else ""
        return {
            "head": head,
            "head-latin": not _is_arabic(head),
            "ar": self.names.ar,
            "fr": self.names.french if self.names.french != self.names.ar else "",
            "lines": [line for fields in design.foot if (line := self._line(fields))] + self._mark(),
            "mark": f"{PRACTICE.ar} · {PRACTICE.fr}" if self.is_practice else "",
        }

    def _mark(self) -> list[list[dict[str, object]]]:
        """The last line is the last that is left out."""
        return [[_part(text, 9, "bold") for text in (PRACTICE.ar, PRACTICE.fr)]] if self.is_practice else []

    def _line(self, fields: str) -> list[dict[str, object]]:
        """A line of the foot: one text, or two that share it; the unit in both languages."""
        if fields == "unit":
            said = filter(None, dict.fromkeys((self.unit.arabic, self.unit.french)))
            return [_part(text, 7.5, "regular") for text in said]
        return [part for field in fields.split() if (part := self._field(field))]

    def _field(self, field: str) -> dict[str, object] | None:
        value = getattr(self, field)
        if not value:
            return None
        if field == "reference":
            return _part(value, 8, "semibold")
        said = {"lot": f"LOT {value}", "expires_on": f"EXP {value:%d/%m/%Y}" if field == "expires_on" else ""}
        return _part(said.get(field, str(value)), 7.5, "medium")


def _part(text: str, size: float, weight: str) -> dict[str, object]:
    """A text of the foot, its size in points on a label of 70 × 37 mm."""
    return {"text": text, "latin": not _is_arabic(text), "size": size, "weight": weight}


def _is_arabic(text: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in text)
