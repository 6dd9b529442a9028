"""Labels: what we print on goods, shelves and papers, by the sheet.

1. A label carries the address of one code as a QR, and the code in figures a person can type.
2. Whatever its names, nothing leaves its label: text shrinks, then wraps, then is cut with an ellipsis.
3. A sheet may begin at any position, so that a half-used one is finished.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from inventory import codes
from inventory.names import NAMELESS, Names
from inventory.press import Press

MOST = 600  # labels in one print: 25 sheets, a second of work and a bounded worker


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """An A4 sheet of self-adhesive labels. Sizes are in millimetres; `inset` keeps print off a label's edge."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    gap: float
    inset: float

    @property
    def places(self) -> int:
        """How many labels a sheet holds."""
        return self.columns * self.rows


SHEETS = {
    "24": LabelSheet(columns=3, rows=8, width=70, height=37, left=0, top=0.5, gap=0, inset=4),
    "21": LabelSheet(columns=3, rows=7, width=70, height=42.3, left=0, top=0.45, gap=0, inset=4),
    "65": LabelSheet(columns=5, rows=13, width=38.1, height=21.2, left=4.75, top=10.7, gap=2.5, inset=1.5),
}
DEFAULT_SHEET = SHEETS["24"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One label. `code` is one of ours; `reference` is what people call the thing (item code, place, paper number)."""

    code: str
    names: Names
    reference: str = ""
    unit: Names = NAMELESS
    lot: str = ""
    expires_on: date | None = None
    location: str = ""


def sheets(
    labels: Sequence[Label], public_url: str, press: Press, *, sheet: LabelSheet = DEFAULT_SHEET, first: int = 1
) -> bytes:
    """A PDF of `labels` in order, beginning at position `first` (from 1) of the first sheet.

    At most MOST labels in one call. Raises what the press raises.
    """
    assert 1 <= first <= sheet.places, "the door checks the position"
    assert 0 < len(labels) <= MOST, "the door splits longer lists"
    return press.pdf("labels/sheet.typ", layout(labels, public_url, sheet, first))


def layout(labels: Sequence[Label], public_url: str, sheet: LabelSheet, first: int) -> dict[str, object]:
    """What the template prints, as plain data."""
    return {
        "sheet": {
            "columns": sheet.columns,
            "places": sheet.places,
            "width": sheet.width,
            "height": sheet.height,
            "left": sheet.left,
            "top": sheet.top,
            "gap": sheet.gap,
            "inset": sheet.inset,
        },
        "first": first,
        "labels": [_label(label, public_url) for label in labels],
    }


def _label(label: Label, public_url: str) -> dict[str, object]:
    return {
        "qr": codes.svg(codes.address(public_url, label.code)),
        "code": codes.grouped(label.code),
        "ar": label.names.arabic,
        "fr": _other(label.names),
        "reference": label.reference,
        "unit": {"ar": label.unit.arabic, "fr": _other(label.unit)},
        "facts": _facts(label),
    }


def _other(names: Names) -> str:
    """The French name where it says something the Arabic line does not already."""
    return names.french if names.french != names.arabic else ""


def _facts(label: Label) -> list[str]:
    """Lot, expiry and place: Latin lines, each read from left to right."""
    facts = []
    if label.lot:
        facts.append(f"LOT {label.lot}")
    if label.expires_on:
        facts.append(f"EXP {label.expires_on:%d/%m/%Y}")
    if label.location:
        facts.append(label.location)
    return facts
