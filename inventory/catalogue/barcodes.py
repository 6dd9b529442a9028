"""How items are packed, and the codes that others printed on them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from inventory import codes
from inventory.catalogue.families import Unit, ensure
from inventory.catalogue.spelling import MARKS, folded, western
from inventory.database import Id, Model, Quantity, db, row_faults
from inventory.errors import Fault, already_exists, fault, refuse, refuse_field

if TYPE_CHECKING:
    from inventory.catalogue.items import Item


class Packaging(Model):
    """A carton, a pallet: ``contains / divisor`` base units; the divisor is for fractions such as a third. ``name`` is
    the code of a word among the units, which has it in each language."""

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


@dataclass(frozen=True, slots=True)
class NewPackaging:
    """``contains``: base units in one; ``divisor`` for fractions such as a third of a carton."""

    name: str
    contains: Decimal
    barcode: str | None = None
    divisor: int = 1


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
    """The one spelling under which a barcode is kept: visible characters only, western digits, the trade number of a
    GS1 code, a GTIN without leading zeros of a longer form. ``read``: what GS1 makes of the code, if that is known."""
    read = read or codes.gs1.read(code)
    if isinstance(read, codes.gs1.Elements):
        code = read.gtin or code
    else:
        code = read.text
    plain = "".join(c for c in unicodedata.normalize("NFKC", code) if c.isprintable() and not c.isspace())
    plain = western(MARKS.sub("", plain))
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


def packaging_faults(new: NewPackaging, pointer: str, *, unit: str, decimals: int) -> list[Fault]:
    """What is wrong with a packaging by itself. Under the name of the item's own unit it would be a second meaning, and
    half a piece is in none."""
    if not (new.name and folded(new.name) != folded(unit) and new.contains > 0 and new.divisor > 0):
        return [fault(pointer, "format", _l("A packaging has a name of its own and contains something."))]
    if new.divisor == 1 and new.contains != round(new.contains, decimals):
        message = _l("%(contains)s is too fine: the item is counted with %(decimals)s decimals.")
        return [fault(pointer, "too_fine", message, contains=new.contains, decimals=decimals)]
    return []


def add_packaging(item: Item, new: NewPackaging) -> Packaging:
    """Adds a packaging; its content never changes afterwards, since papers were counted with it."""
    unit = db.session.get_one(Unit, item.unit_id).code
    refuse(packaging_faults(new, "/packagings", unit=unit, decimals=item.decimals))
    for one in packagings_of(item):
        if folded(one.name) == folded(new.name):  # two that differ in their capitals are one to whoever types them
            already_exists(one.name)
    ensure(Unit, new.name)
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


def words_of(packagings: Iterable[Packaging]) -> dict[str, Unit]:
    """The word of each packaging by its name, in one question."""
    names = {one.name for one in packagings}
    return {one.code: one for one in db.session.scalars(select(Unit).where(Unit.code.in_(names)))} if names else {}
