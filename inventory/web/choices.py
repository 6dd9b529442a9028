"""Choices that several lists offer: the categories, and the one that an address asks for."""

from __future__ import annotations

from sqlalchemy import select

from inventory.catalogue import Category
from inventory.database import db
from inventory.web import asked
from inventory.web.frame import named


def categories() -> list[tuple[str, str]]:
    """Every category as a choice: its code and its name, in the order of the names."""
    found = db.session.scalars(select(Category)).all()
    return sorted(((one.code, named(one) or one.code) for one in found), key=lambda pair: pair[1])


def category_asked() -> int | None:
    """The id of the category asked for; 0 (which nothing has) for one that is not there."""
    code = asked.words("category")
    return (db.session.scalar(select(Category.id).where(Category.code == code)) or 0) if code else None
