"""Items: what can lie in a store, and how it is found."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, func, select
from sqlalchemy.orm import Mapped, mapped_column

from inventory import codes
from inventory.catalogue.barcodes import (
    Barcode,
    NewPackaging,
    add_packaging,
    attach_barcode,
    packaging_faults,
    packagings_of,
)
from inventory.catalogue.families import Category, Unit, ensure
from inventory.catalogue.spelling import code_key, folded
from inventory.database import Id, Model, db, row_faults
from inventory.errors import Fault, already_exists, fault, found, refuse, refuse_field
from inventory.labelled import FROM_ONE, Labelled
from inventory.parties import LANGUAGES, Named, name_key

TRACKINGS = ("none", "lot", "unit", "range")
STORAGE_CLASSES = ("ordinary", "cold", "hazardous", "locked")


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


NATURE = ("unit", "decimals", "tracking", "has_expiry")
"""How an item is counted and kept: papers are written with it."""
WRITTEN = _l(
    "Papers, counts or rules were written with it: take its rules away, or retire the item and put another in "
    "its place."
)

for _language in LANGUAGES:  # lists in the order of their names begin at once, however many items there are
    Index(f"ix_item_name_{_language}", name_key(Item, _language), Item.id)


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


def alike(codes: Iterable[str]) -> ColumnElement[bool]:
    """The items whose codes are one with these by ``code_key``. In the books digits stand as they were typed, so a code
    is looked for in both writings."""
    return func.lower(Item.code).in_({written for code in codes for written in (code.lower(), code_key(code))})


def add_item(new: NewItem) -> Item:
    """Adds an item with its packagings and barcodes; an unknown unit or category is made on the way.

    Raises AlreadyExists for a used code, InvalidRequest with every fault at once.
    """
    refuse(faults_of(new))
    if used := db.session.scalar(select(Item.code).where(alike([new.code])).limit(1)):
        already_exists(used)
    item = Item(
        code=new.code,
        name_fr=new.name_fr,
        name_ar=new.name_ar,
        name_en=new.name_en,
        unit_id=ensure(Unit, new.unit).id,
        category_id=ensure(Category, new.category).id if new.category else None,
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


def is_code(text: str) -> bool:
    """Whether an item can bear this code: it can be seen whole, and stand in an address."""
    is_visible = all(unicodedata.category(sign)[0] not in "CZ" or sign == " " for sign in text)
    return 1 <= len(text) <= 60 and text == text.strip() and is_visible and not {".", ".."} & set(text.split("/"))


def faults_of(new: NewItem) -> list[Fault]:
    """Everything that is wrong with a new item by itself, without asking the database."""
    faults = []
    if not is_code(new.code):
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
        faults += packaging_faults(packaging, f"/packagings/{index}", unit=new.unit, decimals=new.decimals)
    return faults


def change_item(item: Item, changes: dict[str, Any], *, is_written: bool = True) -> Item:
    """Changes names, category or storage; also its nature, unless something was written with it (see ``natures``)."""
    _change_nature(item, {name: changes[name] for name in NATURE if name in changes}, is_written=is_written)
    if "category" in changes:
        code = changes["category"]
        item.category_id = ensure(Category, code).id if code else None
    for name in ("name_fr", "name_ar", "name_en", "storage_class"):
        if name in changes:
            setattr(item, name, changes[name])
    if not (item.name_fr or item.name_ar or item.name_en):
        refuse_field("/name_fr", "required", _l("Give the item a name in one language at least."))
    refuse(row_faults(item))
    refresh_search(item)
    return item


def _change_nature(item: Item, said: dict[str, Any], *, is_written: bool) -> None:
    kept: dict[str, Any] = {
        "unit": db.session.get_one(Unit, item.unit_id).code,
        "decimals": item.decimals,
        "tracking": item.tracking,
        "has_expiry": item.has_expiry,
    }
    changed = [name for name, value in said.items() if value != kept[name]]
    if is_written:
        refuse([fault(f"/{name}", "written", WRITTEN) for name in changed])
    if not changed:
        return
    packagings = tuple(NewPackaging(one.name, one.contains, None, one.divisor) for one in packagings_of(item))
    names = {name: getattr(item, name) for name in ("name_fr", "name_ar", "name_en")}
    refuse(faults_of(NewItem(code=item.code, **names, **(kept | said), packagings=packagings)))
    for name in changed:
        if name == "unit":
            item.unit_id = ensure(Unit, said["unit"]).id
        else:
            setattr(item, name, said[name])


def replacement_of(item: Item) -> Item | None:
    """What took the place of a retired item, if anything did."""
    return db.session.get(Item, item.replaced_by_id) if item.replaced_by_id else None


def retire(item: Item, *, on: date | None, replaced_by: Item | None = None) -> None:
    """Takes an item out of use; it can still be issued until its stock is gone, and its codes still lead to it. With no
    day it is in use again."""
    above = replaced_by
    while above is not None:
        if above.id == item.id:
            refuse_field("/replaced_by", "circle", _l("An item cannot be replaced by itself."))
        above = db.session.get(Item, above.replaced_by_id) if above.replaced_by_id else None
    if replaced_by is not None and replaced_by.retired_on is not None:
        message = _l("“%(code)s” is out of use: choose what replaced it.")
        refuse_field("/replaced_by", "retired", message, code=replaced_by.code)
    item.retired_on = on
    item.replaced_by_id = replaced_by.id if replaced_by else None


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
