"""Families of items, and the words in which items are counted: units, and what they are packed in."""

from __future__ import annotations

from typing import TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Id, Model, db, insert_missing, row_faults
from inventory.errors import already_exists, refuse, refuse_field
from inventory.names import Names
from inventory.parties import Named


class Category(Named, Model):
    """A family of items; carries default reorder rules."""

    __tablename__ = "category"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)


class Unit(Named, Model):
    """A word for counting, in each language: piece, ream, litre; also carton, when something is packed in it."""

    __tablename__ = "unit"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)


Coded = TypeVar("Coded", Category, Unit)


def add_category(code: str, **names: str) -> Category:
    return _add(Category(code=code, **names))


def add_unit(code: str, **names: str) -> Unit:
    return _add(Unit(code=code, **(names or {"name_fr": code})))


def unit_names(code: str) -> Names:
    """What a unit is called; the code itself when nothing is counted so any more."""
    unit = db.session.scalar(select(Unit).where(Unit.code == code))
    return Names(fr=unit.name_fr, ar=unit.name_ar, en=unit.name_en) if unit else Names(fr=code)


def rename(thing: Category | Unit, **names: str) -> dict[str, str]:
    """Changes the names of a family or a unit, never its code; returns what really changed, as it was before."""
    before = {name: getattr(thing, name) for name, value in names.items() if getattr(thing, name) != value}
    for name, value in names.items():
        setattr(thing, name, value)
    if not (thing.name_fr or thing.name_ar or thing.name_en):
        refuse_field("/name_ar", "required", _l("Enter a name in at least one language."))
    refuse(row_faults(thing))
    db.session.flush()
    return before


def ensure(kind: type[Coded], code: str) -> Coded:
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
