"""What the audit trail notes of an item: that it was added, and what each change made of it. A file of items that comes
in is one record of its own, whatever it adds and changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from inventory import audit
from inventory.audit import Actor
from inventory.catalogue.barcodes import Barcode, Packaging
from inventory.catalogue.families import Category, Unit
from inventory.catalogue.items import Item
from inventory.catalogue.photos import Photo
from inventory.database import db, fetch

_successor = aliased(Item)


def note_added(item: Item, *, by: Actor, at: datetime) -> None:
    """Notes that somebody added an item, and what it is."""
    audit.note("item.added", item.code, by=by, at=at, details=_said(item))


@contextmanager
def noted(item: Item, *, by: Actor, at: datetime) -> Iterator[None]:
    """Notes in one record what the block changes of an item: its words, codes, packagings, photo, or whether it is in
    use; none when the block changes nothing."""
    before = _said(item)
    yield
    after = _said(item)
    act = "changed"
    if bool(before["retired_on"]) is not bool(after["retired_on"]):
        act = "retired" if after["retired_on"] else "restored"
    audit.note_change(f"item.{act}", item.code, before, after, by=by, at=at)


def _said(item: Item) -> dict[str, Any]:
    """Everything that people say of an item, as the trail quotes it: codes and plain texts."""
    one = db.session.execute(
        select(
            Item.name_fr, Item.name_ar, Item.name_en, Unit.code.label("unit"), Category.code.label("category"),
            Item.decimals, Item.tracking, Item.has_expiry, Item.storage_class, Photo.digest.label("photo"),
            Item.retired_on, _successor.code.label("replaced_by"),
        )
        .join(Unit, Unit.id == Item.unit_id)
        .outerjoin(Category, Category.id == Item.category_id)
        .outerjoin(Photo, Photo.item_id == Item.id)
        .outerjoin(_successor, _successor.id == Item.replaced_by_id)
        .where(Item.id == item.id)
    ).one()  # fmt: skip
    barcodes = select(Barcode.code, Packaging.name).outerjoin(Packaging, Packaging.id == Barcode.packaging_id)
    packed = select(Packaging.name, Packaging.contains, Packaging.divisor).where(Packaging.item_id == item.id)
    return one._asdict() | {
        "photo": (one.photo or "")[:12],
        "retired_on": one.retired_on.isoformat() if one.retired_on else None,
        "barcodes": [
            f"{code} ({name})" if name else code
            for code, name in fetch(barcodes.where(Barcode.item_id == item.id).order_by(Barcode.id))
        ],
        "packagings": [
            f"{name} = {contains.normalize():f}" + (f"/{divisor}" if divisor != 1 else "")
            for name, contains, divisor in fetch(packed.order_by(Packaging.id))
        ],
    }
