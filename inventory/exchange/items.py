"""Items in: the dry run says what would be created, changed or refused; `apply` does exactly that.

What a file does not say is not changed. A code that exists is updated in names, category, storage, new barcodes and
new packagings; in its unit, decimals, tracking and expiry only until something was written with them: they stand
behind papers already posted, so a file that contradicts them is refused. Rows that are missing from the file are
nothing to us: no item is ever retired or emptied by an import.
Pack units ("B/100": box of 100) are kept as the file states them, as units of their own: splitting one into pieces is a
decision about the stock, made with a packaging (`packaging`, `packaging_contains`), never read out of a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from inventory.catalogue import NATURE, NewItem, NewPackaging, barcode_key, code_key, faults_of, is_flawed
from inventory.errors import Fault
from inventory.labelled import shown

from . import values
from .folding import fold
from .known import Known, Update, all_barcodes
from .matching import Matcher
from .problems import BadCell, Sentence
from .reading import Choices, Reader
from .sheet import Row
from .vocabulary import ITEM_FIELDS, STORAGE, TRACKINGS
from .wording import TRACKING_WORDS
from .workbook import Broken

MATCHER = Matcher(ITEM_FIELDS)
TRACKING = values.one_of(TRACKINGS, _l("none, lot, unit or range"))
STORING = values.one_of(STORAGE, _l("ordinary, cold, hazardous or locked"))
GTIN_LENGTHS = (12, 13, 14)
CONCERNED = {
    ("name_fr", "required"): ("name_fr", "name_ar", "name_en"),
    ("decimals", "range"): ("decimals", "tracking"),
    ("has_expiry", "needs_lot"): ("has_expiry", "tracking"),
    ("packagings", "format"): ("packaging", "unit"),
    ("packagings", "too_fine"): ("packaging_contains", "decimals"),
}
"""What is wrong with an item → the fields that say it together, the first being the one that is wrong."""
FLAWED = _l("the check digit is wrong: kept, and flagged on the item")
LIMITS = {"code": 60, "name": 300, "group": 60, "barcode": 80}


@dataclass
class ItemPlan:
    """What an import of items would do. Nothing is written while `can_apply` is false."""

    reader: Reader
    create: list[NewItem] = field(default_factory=list)
    update: list[Update] = field(default_factory=list)
    unchanged: int = 0
    new_units: list[str] = field(default_factory=list)
    new_categories: list[str] = field(default_factory=list)

    @property
    def bad(self) -> list[BadCell]:
        return sorted(self.reader.bad, key=lambda cell: cell.row)

    @property
    def rows_left_out(self) -> int:
        """How many rows are not written when the bad ones are left out."""
        return len({cell.row for cell in self.reader.bad})

    @property
    def blocking(self) -> list[BadCell]:
        return self.reader.blocking

    def can_apply(self, *, leave_out_bad: bool) -> bool:
        return not self.blocking and (leave_out_bad or not self.reader.bad)

    def as_dict(self) -> dict[str, Any]:
        return self.reader.as_dict() | {
            "create": len(self.create),
            "update": len(self.update),
            "unchanged": self.unchanged,
            "new_units": self.new_units,
            "new_categories": self.new_categories,
        }


def plan_items(content: bytes, choices: Choices) -> ItemPlan:
    """The dry run. Reads the catalogue, writes nothing. Raises UnreadableFile when the file as a whole cannot be
    read."""
    reader = Reader(content, MATCHER, choices)
    _check_fields(reader)
    plan = ItemPlan(reader)
    if reader.blocking:
        return plan
    rows = [(row, new) for row in reader.sheet.rows if (new := _new_item(reader, row)) is not None]
    rows = _once_each(reader, rows)
    known = Known.of([new for _row, new in rows])
    taken: dict[str, str] = {}
    for row, new in rows:
        new = known.spelled(new)
        if (other := known.namesake(new)) is not None:
            column, cell = reader.cell(row, "code")
            message = _l("a code of its own: %(code)s has other capitals or digits only", code=other)
            reader.fail(row.number, column, cell, message)
            continue
        if not _barcodes_free(reader, row, new, known, taken):
            continue
        if new.code in known.items:
            _plan_update(plan, row, new, known)
        else:
            plan.create.append(new)
    _tell_new_words(plan, known)
    return plan


def _tell_new_words(plan: ItemPlan, known: Known) -> None:
    """The units, also those that things are packed in, and the categories that the catalogue has not yet: a word that
    is misspelt is one of them."""
    changes = [change.changes for change in plan.update]
    packed = [*(new.packagings for new in plan.create), *(change.packagings for change in plan.update)]
    units = [*(new.unit for new in plan.create), *(said.get("unit") for said in changes)]
    units += [one.name for packagings in packed for one in packagings]
    categories = [*(new.category for new in plan.create), *(said.get("category") for said in changes)]
    there, kept = set(known.unit_of.values()), set(known.category_of.values())
    plan.new_units = [word for word in dict.fromkeys(units) if word and word not in there]
    plan.new_categories = [word for word in dict.fromkeys(categories) if word and word not in kept]


# Reading a row


def _check_fields(reader: Reader) -> None:
    """Every item needs a code, a name and a unit from somewhere; name columns without language go by their letters."""
    matching = reader.matching
    reader.needs("code", _l("the column that holds the item's code: choose it"))
    if not any(matching.has(name) for name in ("name_fr", "name_ar", "name_en")):
        reader.block("name_fr", "", _l("the column that holds the item's name: choose it"))
    strange = (column for column in matching.unused if MATCHER.guess(column) is None)  # the others were left out
    dosage = [column for column in strange if {"unite", "unit"} & set(fold(column).split())]
    sentence: Sentence = _l("the unit in which stock is kept: choose its column, or set one unit for all rows")
    if dosage:
        sentence = _l(
            "the unit in which stock is kept; “%(column)s” is not taken for it (it may be a dosage): "
            "choose its column, or set one unit for all rows",
            column=dosage[0],
        )
    reader.needs("unit", sentence)


def _new_item(reader: Reader, row: Row) -> NewItem | None:
    """The item a row describes, or None with everything wrong in it listed."""
    code = reader.take(row, "code", lambda cell: values.code(cell, LIMITS["code"]), is_required=True)
    names = {name: reader.text(row, name, LIMITS["name"]) or "" for name in ("name_fr", "name_ar", "name_en")}
    unit = reader.take(row, "unit", lambda cell: values.name(cell, LIMITS["group"]), is_required=True)
    category = reader.take(row, "category", lambda cell: values.name(cell, LIMITS["group"]))
    tracking, has_expiry, storage = _nature(reader, row)
    decimals = reader.take(row, "decimals", lambda cell: values.whole(cell, 0, 3)) or 0
    barcodes = _barcodes(reader, row, code)
    packagings = _packagings(reader, row)
    if reader.is_bad(row):
        return None
    new = NewItem(
        code=code or "", unit=unit or "", **names, category=category, decimals=decimals, tracking=tracking,
        has_expiry=has_expiry, storage_class=storage, barcodes=barcodes, packagings=packagings,
    )  # fmt: skip
    for fault in faults_of(new):
        reader.disagree(row, _concerned(reader, fault), fault.sentence())
    return None if reader.is_bad(row) else new


def _concerned(reader: Reader, fault: Fault) -> tuple[str, ...]:
    """The fields that say together what is wrong; letters have a say in a nature that was not set for all rows."""
    name = fault.pointer.split("/")[1]
    names = CONCERNED.get((name, fault.code), (name,))
    is_by_letters = {"tracking", "has_expiry"} & (set(names) - reader.matching.constants.keys())
    return (*names, "flags") if is_by_letters else names


def _nature(reader: Reader, row: Row) -> tuple[str, bool, str]:
    """Tracking, expiry and storage from their columns, or from the letters of a `flags` column (L X F H K N V)."""
    flags = _letters(reader, row)
    tracking = reader.take(row, "tracking", TRACKING)
    has_expiry = reader.take(row, "has_expiry", values.yes_or_no)
    storage = reader.take(row, "storage_class", STORING)
    if has_expiry is None:
        has_expiry = "X" in flags
    if tracking is None:
        numbered = "unit" if "N" in flags else "range" if "V" in flags else None
        tracking = numbered or ("lot" if has_expiry or "L" in flags else "none")
    if storage is None:
        storage = "cold" if "F" in flags else "hazardous" if "H" in flags else "locked" if "K" in flags else "ordinary"
    return tracking, has_expiry, storage


def _letters(reader: Reader, row: Row) -> set[str]:
    return set((reader.take(row, "flags", values.text) or "").upper().split())


def _stated(reader: Reader, row: Row) -> set[str]:
    """What a row says of nature and storage: an empty cell says nothing, and a letter only what it stands for."""
    letters = _letters(reader, row)
    spoken = {"tracking": "LXNV", "has_expiry": "X", "storage_class": "FHK"}
    by_letter = {name for name, said in spoken.items() if not letters.isdisjoint(said)}
    return by_letter | {name for name in (*NATURE, "storage_class") if reader.says(row, name)}


def _barcodes(reader: Reader, row: Row, code: str | None) -> tuple[str, ...]:
    """The row's barcodes; without such a column, a code of 12 to 14 digits is itself one. Flawed ones are kept and
    flagged."""
    found: dict[str, str] = {}
    for column, cell in reader.cells(row, "barcode"):
        is_text = isinstance(cell, str) and not isinstance(cell, Broken)
        parts = _listed(str(cell)) if is_text else [cell]
        for part in parts:
            one = reader.parse(row, column, part, lambda cell: values.code(cell, LIMITS["barcode"]))
            if one:
                found.setdefault(barcode_key(one), column)
    if not reader.matching.has("barcode") and code and code.isascii() and code.isdigit() and len(code) in GTIN_LENGTHS:
        found[barcode_key(code)] = reader.cell(row, "code")[0]
    for key, column in found.items():
        if is_flawed(key):
            reader.caution(row.number, column, key, FLAWED)
    return tuple(found)


def _listed(said: str) -> list[str]:
    """The parts of a list; the comma of a number that a spreadsheet cut short parts nothing."""
    wholes = re.split(r"[;\n\r|]|\s/\s", said)
    return [part for whole in wholes for part in ([whole] if values.has_lost_digits(whole) else whole.split(","))]


def _packagings(reader: Reader, row: Row) -> tuple[NewPackaging, ...]:
    is_said = any(reader.says(row, name) for name in ("packaging_contains", "packaging_barcode"))
    name = reader.take(row, "packaging", lambda cell: values.name(cell, LIMITS["group"]), is_required=is_said)
    barcode = reader.take(row, "packaging_barcode", lambda cell: values.code(cell, LIMITS["barcode"]))
    if barcode and is_flawed(barcode_key(barcode)):
        reader.caution(row.number, reader.cell(row, "packaging_barcode")[0], barcode, FLAWED)
    if name is None:
        return ()
    contains = reader.quantity(row, "packaging_contains", is_required=True)
    return (NewPackaging(name, contains or Decimal(1), barcode),)


def _once_each(reader: Reader, rows: list[tuple[Row, NewItem]]) -> list[tuple[Row, NewItem]]:
    """A code that stands twice in the file is refused at its second row: which one is right is not ours to say."""
    first: dict[str, int] = {}
    kept = []
    for row, new in rows:
        before = first.setdefault(code_key(new.code), row.number)
        if before == row.number:
            kept.append((row, new))
            continue
        column, cell = reader.cell(row, "code")
        reader.fail(row.number, column, cell, _l("a code of its own: it already stands in row %(row)s", row=before))
    return kept


# Comparing with the catalogue


def _barcodes_free(reader: Reader, row: Row, new: NewItem, known: Known, taken: dict[str, str]) -> bool:
    """A barcode names one item: neither another row of the file nor another item may have it."""
    for key in all_barcodes(new):
        owner = known.barcodes.get(key) or taken.setdefault(key, new.code)
        if owner != new.code:
            column = next((column for column, _cell in reader.cells(row, "barcode")), reader.cell(row, "code")[0])
            reader.fail(row.number, column, key, _l("a barcode of its own: this one names item %(item)s", item=owner))
    return not reader.is_bad(row)


def _plan_update(plan: ItemPlan, row: Row, new: NewItem, known: Known) -> None:
    reader, old = plan.reader, known.items[new.code]
    stated = _stated(reader, row)
    changes: dict[str, Any] = {
        name: getattr(new, name)
        for name in ("name_fr", "name_ar", "name_en")
        if getattr(new, name) not in ("", getattr(old, name))
    } | _nature_changed(reader, row, new, known, stated)
    if new.category and new.category != known.category_of.get(old.category_id):
        changes["category"] = new.category
    if "storage_class" in stated and new.storage_class != old.storage_class:
        changes["storage_class"] = new.storage_class
    barcodes = tuple(key for key in new.barcodes if (old.id, key) not in known.item_barcodes)
    packagings, packed = _packagings_changed(reader, row, new, known)
    if reader.is_bad(row):
        return
    if changes or barcodes or packagings or packed:
        names = {name: getattr(old, name) for name in ("name_fr", "name_ar", "name_en")}
        if shown(names) != shown(names | changes) or "unit" in changes:
            changes["label_version"] = old.label_version + 1
        plan.update.append(Update(old.id, old.code, names | changes, barcodes, packagings, packed))
    else:
        plan.unchanged += 1


def _packagings_changed(
    reader: Reader, row: Row, new: NewItem, known: Known
) -> tuple[tuple[NewPackaging, ...], tuple[NewPackaging, ...]]:
    """The packagings an item gets, and those it has that get one more barcode; what one contains stays."""
    old = known.items[new.code]
    mine = {fold(one.name): one for one in known.packed.get(old.id, ())}
    made, packed = [], []
    for packaging in new.packagings:
        there = mine.get(fold(packaging.name))
        contains = there and there.contains / there.divisor
        if there is None:
            made.append(packaging)
        elif contains != packaging.contains:
            column, cell = reader.cell(row, "packaging_contains")
            message = _l("%(contains)s, as papers were counted with it", contains=f"{contains:f}")
            reader.fail(row.number, column, cell, message)
        elif packaging.barcode and (old.id, barcode_key(packaging.barcode)) not in known.item_barcodes:
            packed.append(replace(there, barcode=packaging.barcode))
    return tuple(made), tuple(packed)


def _nature_changed(reader: Reader, row: Row, new: NewItem, known: Known, stated: set[str]) -> dict[str, Any]:
    """How the item is counted and kept, where the row states it otherwise; listed when something was written with it,
    or when it does not go with what the row leaves as it is."""
    old = known.items[new.code]
    theirs = {"unit": known.unit_of[old.unit_id]} | {name: getattr(old, name) for name in NATURE if name != "unit"}
    changed = {name: getattr(new, name) for name in NATURE if name in stated and getattr(new, name) != theirs[name]}
    if not changed:
        return {}
    if new.code in known.written:
        for name in changed:
            column, cell = reader.cell(row, name)
            is_theirs = _word(name, theirs[name])
            message = _l("“%(value)s”, as this item already has: papers were written with it", value=is_theirs)
            reader.fail(row.number, column, cell, message)
        return {}
    packagings = (*known.packed.get(old.id, ()), *new.packagings)
    for fault in faults_of(replace(new, **(theirs | changed), packagings=packagings)):
        reader.disagree(row, _concerned(reader, fault), fault.sentence())
    return changed


def _word(name: str, value: Any) -> Sentence:
    if name == "tracking":
        return TRACKING_WORDS[value]
    if isinstance(value, bool):
        return _l("yes") if value else _l("no")
    return str(value)
