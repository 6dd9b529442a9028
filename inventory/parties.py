"""Entities (the commune, its arrondissements), services that consume, suppliers that deliver.

Laws:
1. A code is given once and never changes or returns; a party is retired, never deleted.
2. Services form a tree without circles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, String, func, literal_column, select
from sqlalchemy.orm import Mapped, mapped_column

from inventory.database import Id, Model, db, row_faults
from inventory.errors import already_exists, fault, found, refuse, refuse_field

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute

LANGUAGES = ("ar", "fr", "en")


class Named:
    """A thing with a name in each language; at least one is there, the others fall back to it."""

    name_fr: Mapped[str] = mapped_column(String(300), default="")
    name_ar: Mapped[str] = mapped_column(String(300), default="")
    name_en: Mapped[str] = mapped_column(String(300), default="")

    def name_in(self, language: str) -> str:
        """The name in a language, else in the first one there is."""
        return name_in(language, self.name_fr, self.name_ar, self.name_en)


def name_key(kind: Any, language: str) -> Any:
    """What a list in a language is sorted by: the name in it, else the first there is, as ``name_in``."""
    names = [getattr(kind, f"name_{one}") for one in dict.fromkeys((language, "fr", "ar", "en"))]
    nothing = literal_column("''", String)  # written out, as in the index of items by name
    return func.coalesce(*(func.nullif(name, nothing) for name in names), nothing)


def name_in(language: str, name_fr: str, name_ar: str, name_en: str) -> str:
    """One of three names: the language asked, else French, Arabic, English in that order."""
    own = {"fr": name_fr, "ar": name_ar, "en": name_en}.get(language)
    return own or name_fr or name_ar or name_en


class Entity(Named, Model):
    """An authorising body: the commune or an arrondissement; owns warehouses, services, periods and headers."""

    __tablename__ = "entity"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("entity.id"))


class Service(Named, Model):
    """Who consumes: a division, an office, a school, a work site."""

    __tablename__ = "service"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (CheckConstraint("parent_id <> id", name="not_its_own_parent"),)


class Supplier(Named, Model):
    """Who delivers. ``ice``, ``tax_id``, ``trade_register`` and ``bank_account`` are printed on orders."""

    __tablename__ = "supplier"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    ice: Mapped[str] = mapped_column(String(15), default="")
    tax_id: Mapped[str] = mapped_column(String(20), default="")
    trade_register: Mapped[str] = mapped_column(String(30), default="")
    bank_account: Mapped[str] = mapped_column(String(30), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    is_active: Mapped[bool] = mapped_column(default=True)


COMMUNE = "COMMUNE"
"""The code of the entity that is there from the first migration on."""

Coded = TypeVar("Coded", Entity, Service, Supplier)


def add_entity(code: str, *, parent: str | None = None, **names: str) -> Entity:
    parent_id = find(Entity, parent, "/parent").id if parent else None
    return _add(Entity(code=code, parent_id=parent_id, **names))


def add_service(code: str, *, entity: str = COMMUNE, parent: str | None = None, **names: str) -> Service:
    """Raises AlreadyExists for a used code, InvalidRequest for an unknown entity or parent."""
    parent_id = find(Service, parent, "/parent").id if parent else None
    return _add(Service(code=code, entity_id=find(Entity, entity, "/entity").id, parent_id=parent_id, **names))


def add_supplier(code: str, **details: str) -> Supplier:
    return _add(Supplier(code=code, **details))


def change(party: Entity | Service | Supplier, **details: str) -> dict[str, str]:
    """Changes names and particulars, never the code; returns what really changed, as it was before."""
    before = {name: getattr(party, name) for name, value in details.items() if getattr(party, name) != value}
    assert "code" not in before, "law 1"
    for name in before:
        setattr(party, name, details[name])
    refuse(row_faults(party))
    return before


def move_service(service: Service, parent: Service | None) -> None:
    """Hangs a service under another; refuses a circle."""
    above = parent
    while above is not None:
        if above.id == service.id:
            refuse_field("/parent", "circle", _l("A service cannot stand under itself."))
        above = db.session.get(Service, above.parent_id) if above.parent_id else None
    service.parent_id = parent.id if parent else None


def find(kind: type[Coded], code: str, pointer: str = "/code") -> Coded:
    """The party with this code; InvalidRequest naming the field when there is none."""
    party = _by_code(kind, code)
    if party is None:
        refuse_field(pointer, "unknown", "There is no “%(code)s”.", code=code)
    return party


def get(kind: type[Coded], code: str) -> Coded:
    """The party with this code; NotFound when there is none."""
    return found(_by_code(kind, code), code)


def retire(party: Service | Supplier, *, is_active: bool = False) -> None:
    """Takes a party out of use, or back into it: papers can name it no more, those that did keep it."""
    party.is_active = is_active
    db.session.flush()


def _by_code(kind: type[Coded], code: str) -> Coded | None:
    party: Coded | None = db.session.scalar(select(kind).where(_code_of(kind) == code))
    return party


def _code_of(kind: Any) -> InstrumentedAttribute[str]:
    column: InstrumentedAttribute[str] = kind.code
    return column


def _add(party: Coded) -> Coded:
    kind = type(party)
    faults = row_faults(party)
    if not party.code.strip():
        faults.append(fault("/code", "required", _l("Enter a code.")))
    if not (party.name_fr or party.name_ar or party.name_en):
        faults.append(fault("/name_fr", "required", _l("Give it a name in one language at least.")))
    refuse(faults)
    is_used = (kind.code == party.code) | (func.lower(kind.code) == party.code.lower())
    if used := db.session.scalar(select(_code_of(kind)).where(is_used)):  # also in other letters, as a warehouse's
        already_exists(used)
    db.session.add(party)
    db.session.flush()
    return party
