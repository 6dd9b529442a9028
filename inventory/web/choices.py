"""Choices that several lists offer: the categories, and the category or item that an address asks for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from inventory.catalogue import Category, Item
from inventory.database import db
from inventory.errors import refuse_field
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


def item_asked() -> Item | None:
    """The item chosen in a list's filter; None for none, or for one that is not there. What was typed and not chosen is
    refused, unless it is a whole code: else the list would not show what the filter says."""
    code = asked.words("item")
    typed = "" if code else asked.words("item_shown")
    found = db.session.scalar(select(Item).where(Item.code == (code or typed))) if code or typed else None
    if typed and found is None:
        sentence = _l("“%(value)s” is not chosen: choose an item from the list, or empty the field.")
        refuse_field("/item", "unknown", sentence, value=typed[:40])
    return found
