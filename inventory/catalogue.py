"""Items, categories, units, packagings, lots, barcodes: what can lie in a store.

Laws:
1. A code is given once and never changes; an item is retired and perhaps replaced, never deleted; its codes keep
   resolving.
2. A quantity of an item is never finer than the item's decimals; a packaging is an exact fraction of the base unit.
3. A barcode names one item, or one of its packagings. One whose check digit is wrong is kept and flagged.
4. There is one canonical "no lot" row; a unit is a lot whose inventory number is unique in the commune.
5. Search compares folded spelling, so that hamza, accents and case never hide an item.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, and_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from inventory import codes
from inventory.database import Id, Model, Quantity, db, insert_missing, row_faults
from inventory.errors import Fault, already_exists, fault, found, refuse, refuse_field
from inventory.labelled import FROM_ONE, Labelled
from inventory.parties import LANGUAGES, Named, name_key

TRACKINGS = ("none", "lot", "unit", "range")
STORAGE_CLASSES = ("ordinary", "cold", "hazardous", "locked")
NO_LOT = 1
"""The id of the canonical "no lot" row."""


class Category(Named, Model):
    """A family of items; carries default reorder rules."""

    __tablename__ = "category"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)


class Unit(Named, Model):
    """A unit of count or measure: piece, ream, litre."""

    __tablename__ = "unit"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)


class Item(Named, Labelled, Model):
    """A kind of thing that is kept. ``decimals``: how fine a quantity of it may be (pieces: 0, at most 3)."""

    __tablename__ = "item"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    decimals: Mapped[int] = mapped_column(default=0)
    tracking: Mapped[str] = mapped_column(String(10), default="none")
    has_expiry: Mapped[bool] = mapped_column(default=False)
    storage_class: Mapped[str] = mapped_column(String(20), default="ordinary")
    search_text: Mapped[str] = mapped_column(String(2000), default="")
    retired_on: Mapped[date | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    __table_args__ = (
        CheckConstraint("decimals BETWEEN 0 AND 3", name="decimals_kept"),
        CheckConstraint("tracking IN ('none', 'lot', 'unit', 'range')", name="tracking_known"),
        CheckConstraint("tracking IN ('none', 'lot') OR decimals = 0", name="numbered_whole"),
        CheckConstraint("NOT has_expiry OR tracking = 'lot'", name="expiry_needs_lot"),
        CheckConstraint("replaced_by_id IS NULL OR retired_on IS NOT NULL", name="replaced_is_retired"),
        CheckConstraint("replaced_by_id <> id", name="not_its_own_replacement"),
        CheckConstraint(FROM_ONE, name="label_version_from_one"),
    )


for _language in LANGUAGES:  # lists in the order of their names begin at once, however many items there are
    Index(f"ix_item_name_{_language}", name_key(Item, _language), Item.id)


class Packaging(Model):
    """A carton, a pallet: ``contains / divisor`` base units; the divisor is for fractions such as a third."""

    __tablename__ = "packaging"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    name: Mapped[str] = mapped_column(String(60))
    contains: Mapped[Decimal] = mapped_column(Quantity)
    divisor: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        UniqueConstraint("item_id", "name"),
        CheckConstraint("contains > 0 AND divisor > 0", name="contains_something"),
    )

    def in_base_units(self, quantity: Decimal) -> Decimal:
        """How many base units ``quantity`` of these are; not rounded."""
        return quantity * self.contains / self.divisor


class Barcode(Model):
    """A code that others printed: EAN, UPC, a supplier's own."""

    __tablename__ = "barcode"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    packaging_id: Mapped[int | None] = mapped_column(ForeignKey("packaging.id"))
    is_flagged: Mapped[bool] = mapped_column(default=False)


class Lot(Labelled, Model):
    """A batch of an item with its expiry; for an item tracked by unit, the one thing with this inventory number."""

    __tablename__ = "lot"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    number: Mapped[str] = mapped_column(String(60))
    expires_on: Mapped[date | None]
    inventory_number: Mapped[str | None] = mapped_column(String(60), unique=True)
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        Index(None, "number"),
        CheckConstraint(f"(id = {NO_LOT}) = (item_id IS NULL)", name="only_no_lot_lacks_item"),
        CheckConstraint("inventory_number IS NULL OR inventory_number = number", name="unit_number"),
        CheckConstraint(FROM_ONE, name="label_version_from_one"),
    )


class Photo(Model):
    """One picture of an item, re-encoded by us and small enough for a phone's list."""

    __tablename__ = "item_photo"
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))


Coded = TypeVar("Coded", Category, Unit)


@dataclass(frozen=True, slots=True)
class NewPackaging:
    """``contains``: base units in one; ``divisor`` for fractions such as a third of a carton."""

    name: str
    contains: Decimal
    barcode: str | None = None
    divisor: int = 1


@dataclass(frozen=True, slots=True)
class NewItem:
    """What it takes to add an item: a code, one name and a unit; the rest has defaults."""

    code: str
    unit: str
    name_fr: str = ""
    name_ar: str = ""
    name_en: str = ""
    category: str | None = None
    decimals: int = 0
    tracking: str = "none"
    has_expiry: bool = False
    storage_class: str = "ordinary"
    barcodes: tuple[str, ...] = ()
    packagings: tuple[NewPackaging, ...] = ()


_MARKS = re.compile(
    r"[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_LETTERS = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ي", "ء": "", "ة": "ه", "ى": "ي", "ی": "ي", "ې": "ي",
        "ک": "ك", "گ": "ك", "ڭ": "ك", "پ": "ب", "چ": "ج", "ڤ": "ف", "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l",
        "٠": "0", "١": "1", "٢": "2", "٣": "3", "٤": "4", "٥": "5", "٦": "6", "٧": "7", "٨": "8", "٩": "9",
        "’": "'", "ʼ": "'",
    }
)  # fmt: skip


def folded(text: str) -> str:
    """One spelling for search: no case, accents, harakat, tatweel or bidi marks; hamza and alef forms, ta marbuta and
    alef maqsura as one; digits western; single spaces (DOMAIN §5)."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", text)).lower().translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return " ".join(plain.split())


def add_category(code: str, **names: str) -> Category:
    return _add(Category(code=code, **names))


def add_unit(code: str, **names: str) -> Unit:
    return _add(Unit(code=code, **(names or {"name_fr": code})))


def add_item(new: NewItem) -> Item:
    """Adds an item with its packagings and barcodes; an unknown unit or category is made on the way.

    Raises AlreadyExists for a used code, InvalidRequest with every fault at once.
    """
    refuse(faults_of(new))
    if db.session.scalar(select(Item.id).where(Item.code == new.code)):
        already_exists(new.code)
    item = Item(
        code=new.code,
        name_fr=new.name_fr,
        name_ar=new.name_ar,
        name_en=new.name_en,
        unit_id=_ensure(Unit, new.unit).id,
        category_id=_ensure(Category, new.category).id if new.category else None,
        decimals=new.decimals,
        tracking=new.tracking,
        has_expiry=new.has_expiry,
        storage_class=new.storage_class,
        label_code=codes.mint(codes.Kind.ITEM),
    )
    refuse(row_faults(item))
    db.session.add(item)
    db.session.flush()
    for barcode in new.barcodes:
        attach_barcode(item, barcode)
    for packaging in new.packagings:
        add_packaging(item, packaging)
    refresh_search(item)
    return item


def faults_of(new: NewItem) -> list[Fault]:
    """Everything that is wrong with a new item by itself, without asking the database."""
    faults = []
    if not re.fullmatch(r"[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]{0,58}[^\s\x00-\x1f\x7f])?", new.code):
        faults.append(fault("/code", "format", _l("A code has 1 to 60 visible characters.")))
    if not (new.name_fr or new.name_ar or new.name_en):
        faults.append(fault("/name_fr", "required", _l("Give the item a name in one language at least.")))
    if not new.unit:
        faults.append(fault("/unit", "required", _l("Say in which unit the item is counted.")))
    if new.tracking not in TRACKINGS:
        faults.append(fault("/tracking", "unknown", _l("Tracking is one of none, lot, unit, range.")))
    if not 0 <= new.decimals <= 3:
        faults.append(fault("/decimals", "range", _l("An item has 0 to 3 decimals.")))
    elif new.decimals and new.tracking in ("unit", "range"):
        faults.append(fault("/decimals", "range", _l("Numbered things are counted whole.")))
    if new.has_expiry and new.tracking != "lot":
        faults.append(fault("/has_expiry", "needs_lot", _l("Only an item tracked by lot can expire.")))
    if new.storage_class not in STORAGE_CLASSES:
        faults.append(fault("/storage_class", "unknown", _l("Storage is one of ordinary, cold, hazardous, locked.")))
    for index, packaging in enumerate(new.packagings):
        if not packaging.name or packaging.contains <= 0 or packaging.divisor <= 0 or packaging.name == new.unit:
            faults.append(
                fault(f"/packagings/{index}", "format", _l("A packaging has a name of its own and contains something."))
            )
    return faults


def attach_barcode(item: Item, code: str, packaging: Packaging | None = None) -> Barcode:
    """Lets a printed code name an item or its packaging; AlreadyExists when it names another."""
    plain = barcode_key(code)
    if not plain or len(plain) > 80:
        refuse_field("/barcodes", "format", _l("A barcode has 1 to 80 visible characters."))
    if db.session.scalar(select(Barcode.id).where(Barcode.code == plain)):
        already_exists(plain)
    barcode = Barcode(
        code=plain,
        item_id=item.id,
        packaging_id=packaging.id if packaging else None,
        is_flagged=is_flawed(plain),
    )
    db.session.add(barcode)
    db.session.flush()
    return barcode


def barcode_key(code: str, read: codes.gs1.Elements | codes.gs1.Refused | codes.gs1.Plain | None = None) -> str:
    """The one spelling under which a barcode is kept: visible characters only, the trade number of a GS1 code, a GTIN
    without leading zeros of a longer form. ``read``: what GS1 makes of the code, if that is known."""
    read = read or codes.gs1.read(code)
    if isinstance(read, codes.gs1.Elements):
        code = read.gtin or code
    else:
        code = read.text
    plain = "".join(c for c in unicodedata.normalize("NFKC", code) if c.isprintable() and not c.isspace())
    plain = _MARKS.sub("", plain)
    if plain.isascii() and plain.isdigit() and len(plain) in (12, 13, 14):
        return _short(plain)
    return plain


def _short(digits: str) -> str:
    """EAN-8 and EAN-13 stay what they are, written longer or not."""
    kept = digits.lstrip("0")
    if len(kept) <= 8 and isinstance(codes.gtin(digits[-8:]), codes.Gtin):
        return digits[-8:]
    return kept.rjust(13, "0") if len(kept) <= 13 else digits


def is_flawed(code: str) -> bool:
    """Whether a code has the shape of a GTIN and a wrong check digit."""
    read = codes.gtin(code)
    return isinstance(read, codes.NotGtin) and read.reason == "check_digit"


def add_packaging(item: Item, new: NewPackaging) -> Packaging:
    """Adds a packaging; its content never changes afterwards, since papers were counted with it."""
    if db.session.scalar(select(Packaging.id).where(Packaging.item_id == item.id, Packaging.name == new.name)):
        already_exists(new.name)
    packaging = Packaging(item_id=item.id, name=new.name, contains=new.contains, divisor=new.divisor)
    refuse(row_faults(packaging))
    db.session.add(packaging)
    db.session.flush()
    if new.barcode:
        attach_barcode(item, new.barcode, packaging)
    return packaging


def packagings_of(item: Item) -> list[Packaging]:
    """The packagings of an item, by name."""
    return list(db.session.scalars(select(Packaging).where(Packaging.item_id == item.id).order_by(Packaging.name)))


def set_photo(item: Item, content: bytes | None, *, media_type: str) -> None:
    """Keeps a picture of an item in the place of the one before, or takes it away (None)."""
    photo = db.session.get(Photo, item.id)
    if content is None:
        if photo is not None:
            db.session.delete(photo)
        return
    if photo is None:
        photo = Photo(item_id=item.id)
        db.session.add(photo)
    photo.media_type, photo.content, photo.digest = media_type, content, hashlib.sha256(content).hexdigest()
    db.session.flush()


def change_item(item: Item, changes: dict[str, Any]) -> Item:
    """Changes names, category or storage; unit, decimals and tracking stay as papers were written with them."""
    if "category" in changes:
        code = changes["category"]
        item.category_id = _ensure(Category, code).id if code else None
    for name in ("name_fr", "name_ar", "name_en", "storage_class"):
        if name in changes:
            setattr(item, name, changes[name])
    if not (item.name_fr or item.name_ar or item.name_en):
        refuse_field("/name_fr", "required", _l("Give the item a name in one language at least."))
    refuse(row_faults(item))
    refresh_search(item)
    return item


def retire(item: Item, *, on: date, replaced_by: Item | None = None) -> None:
    """Takes an item out of use; it can still be issued until its stock is gone, and its codes lead to the new one."""
    above = replaced_by
    while above is not None:
        if above.id == item.id:
            refuse_field("/replaced_by", "circle", _l("An item cannot be replaced by itself."))
        above = db.session.get(Item, above.replaced_by_id) if above.replaced_by_id else None
    item.retired_on = on
    item.replaced_by_id = replaced_by.id if replaced_by else None


@dataclass(frozen=True, slots=True)
class WantedLot:
    """A lot in which goods arrive; ``is_unit``: its number is an inventory number."""

    item_id: int
    number: str
    expires_on: date | None
    is_unit: bool


@dataclass(frozen=True, slots=True)
class ArrivingLot:
    """A lot as it stands in the catalogue."""

    id: int
    expires_on: date | None


def ensure_lots(wanted: Sequence[WantedLot]) -> dict[tuple[int, str], ArrivingLot]:
    """The lots by item id and number, made at their first receipt. A known expiry is never wiped nor contradicted; a
    unit whose inventory number belongs to another item is left out."""
    found = _lots(wanted)
    new = {(one.item_id, one.number): one for one in reversed(wanted) if (one.item_id, one.number) not in found}
    insert_missing(
        Lot,
        [
            {
                "item_id": one.item_id,
                "number": one.number,
                "expires_on": one.expires_on,
                "inventory_number": one.number if one.is_unit else None,
                "label_code": codes.mint(codes.Kind.LOT),
            }
            for _, one in sorted(new.items())
        ],
    )
    if new:
        found = _lots(wanted)
    for one in wanted:
        lot = found.get((one.item_id, one.number))
        if lot is not None and lot.expires_on is None and one.expires_on is not None:
            # its label shows the expiry: what was printed without it is out of date
            became = {"expires_on": one.expires_on, "label_version": Lot.label_version + 1}
            db.session.execute(update(Lot).where(Lot.id == lot.id).values(became))
            found[one.item_id, one.number] = ArrivingLot(lot.id, one.expires_on)
    return found


def _lots(wanted: Sequence[WantedLot]) -> dict[tuple[int, str], ArrivingLot]:
    pairs = {(one.item_id, one.number) for one in wanted}
    rows = db.session.execute(
        select(Lot.item_id, Lot.number, Lot.id, Lot.expires_on).where(
            Lot.item_id.in_({item_id for item_id, _ in pairs}), Lot.number.in_({number for _, number in pairs})
        )
    )
    return {(row.item_id, row.number): ArrivingLot(row.id, row.expires_on) for row in rows if tuple(row[:2]) in pairs}


def get_item(code: str) -> Item:
    """The item with this code; NotFound when there is none."""
    return found(db.session.scalar(select(Item).where(Item.code == code)), code)


def search_condition(words: str) -> Any:
    """The condition that an item carries every word, in any spelling, in its names, code or barcodes."""
    parts = folded(words).split()[:8]
    return and_(*(Item.search_text.contains(part, autoescape=True) for part in parts)) if parts else Item.id > 0


def search_text_of(code: str, names: Iterable[str], barcodes: Iterable[str]) -> str:
    """What search looks through, folded."""
    return folded(" ".join([code, *names, *barcodes]))[:2000]


def refresh_search(item: Item) -> None:
    """Writes the folded text anew after a change of names or barcodes."""
    barcodes = db.session.scalars(select(Barcode.code).where(Barcode.item_id == item.id))
    item.search_text = search_text_of(item.code, (item.name_fr, item.name_ar, item.name_en), barcodes)
    db.session.flush()


def _ensure(kind: type[Coded], code: str) -> Coded:
    """The category or unit with this code, made when there is none; whoever makes it at the same moment makes it
    once."""
    there = select(kind).where(kind.code == code)
    thing: Coded | None = db.session.scalar(there)
    if thing is None:
        new = kind(code=code, name_fr=code)
        refuse(row_faults(new))
        insert_missing(kind, [{"code": code, "name_fr": code, "name_ar": "", "name_en": ""}])
        thing = db.session.scalars(there).one()
    return thing


def _add(thing: Coded) -> Coded:
    kind = type(thing)
    refuse(row_faults(thing))
    if db.session.scalar(select(kind.id).where(kind.code == thing.code)):
        already_exists(thing.code)
    db.session.add(thing)
    db.session.flush()
    return thing
