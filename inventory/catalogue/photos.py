"""One picture of each item."""

from __future__ import annotations

import hashlib

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from inventory.catalogue.items import Item
from inventory.database import Model, db


class Photo(Model):
    """One picture of an item, re-encoded by us and small enough for a phone's list."""

    __tablename__ = "item_photo"
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))


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
