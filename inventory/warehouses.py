"""Warehouses, and the locations inside and outside that goods move between.

Laws:
1. An *inside* location belongs to one warehouse and has a code of its own there; an *outside* one belongs to none.
2. Every outside location is there once: one per service, one per supplier, one for each way goods vanish or appear.
3. Each warehouse has one default shelf and one quarantine from its first day; goods under way between two warehouses
   lie in a transit location of the sender that names the receiver.
4. Putting a warehouse in service closes the door for old dates for ever.
5. A warehouse for practice is so for ever and its code says it. What lies in it counts nowhere: a list or a sum that
   names no warehouse leaves it out, it has no reorder rule, and no goods pass between it and a real one.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    event,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from inventory import codes
from inventory.database import Id, Model, db, insert_missing, row_faults
from inventory.errors import Fault, already_exists, fault, found, refuse, refuse_field
from inventory.labelled import FROM_ONE, Labelled, shows_otherwise
from inventory.parties import COMMUNE, Entity, Named, Service, Supplier, find

INSIDE = ("shelf", "quarantine", "transit", "loan", "office")
OUTSIDE = (
    "supplier", "service", "donor", "recovery", "loss", "count_difference", "opening", "disposal", "conversion",
    "valuation_difference",
)  # fmt: skip
ON_HAND = ("shelf", "quarantine")
"""Where goods count as on hand: not on the road, not on loan, not held by an office."""

DEFAULT_SHELF = "MAG"
QUARANTINE = "QUARANTAINE"
PRACTICE = "EX-"
"""How the codes of warehouses for practice begin, and with them the references of their papers; no other code does."""


def _listed(kinds: tuple[str, ...]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)


class Warehouse(Named, Model):
    """A store with one book and one pen: its row is the lock of everything that is posted in it."""

    __tablename__ = "warehouse"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    entity_id: Mapped[int] = mapped_column(ForeignKey("entity.id"), index=True)
    in_service_on: Mapped[date | None]
    is_practice: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)


class Location(Named, Labelled, Model):
    """A place goods can be: a shelf, quarantine, the road between two stores; or a place outside."""

    __tablename__ = "location"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    warehouse_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"))
    code: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    is_default: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    destination_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), unique=True)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("supplier.id"), unique=True)
    __table_args__ = (
        CheckConstraint(f"kind IN ({_listed(INSIDE + OUTSIDE)})", name="kind_known"),
        CheckConstraint(f"(warehouse_id IS NOT NULL) = (kind IN ({_listed(INSIDE)}))", name="inside_has_warehouse"),
        CheckConstraint("(kind = 'transit') = (destination_id IS NOT NULL)", name="transit_names_receiver"),
        CheckConstraint("(kind = 'service') = (service_id IS NOT NULL)", name="service_location_names_service"),
        CheckConstraint("(kind = 'supplier') = (supplier_id IS NOT NULL)", name="supplier_location_names_supplier"),
        CheckConstraint("NOT is_default OR kind = 'shelf'", name="default_is_shelf"),
        CheckConstraint(FROM_ONE, name="label_version_from_one"),
        UniqueConstraint("warehouse_id", "code"),
        UniqueConstraint("warehouse_id", "destination_id"),
        Index(
            "uq_location_one_default", "warehouse_id", unique=True,
            sqlite_where=text("is_default"), postgresql_where=text("is_default"),
        ),
        Index(
            "uq_location_outside_code", "code", unique=True,
            sqlite_where=text("warehouse_id IS NULL"), postgresql_where=text("warehouse_id IS NULL"),
        ),
    )  # fmt: skip

    @property
    def is_inside(self) -> bool:
        return self.warehouse_id is not None


@event.listens_for(Warehouse, "before_update")
def _renamed(_mapper: Any, connection: Connection, warehouse: Warehouse) -> None:
    """The label at the door shows the warehouse's names and bears the code of its default place."""
    if shows_otherwise(warehouse):
        its = (Location.warehouse_id == warehouse.id) & Location.is_default
        connection.execute(update(Location).where(its).values(label_version=Location.label_version + 1))


def add_warehouse(
    code: str,
    *,
    entity: str = COMMUNE,
    in_service_on: date | None,
    is_practice: bool = False,
    **names: str,
) -> Warehouse:
    """Opens a warehouse with its default shelf and its quarantine. Raises AlreadyExists for a used code, also in other
    letters (CENTRAL, central), InvalidRequest for one that does not say whether it is for practice."""
    is_used = (Warehouse.code == code) | (func.lower(Warehouse.code) == code.lower())
    if used := db.session.scalar(select(Warehouse.code).where(is_used)):
        already_exists(used)
    if code.upper().startswith(PRACTICE) is not is_practice:
        message = _l("Codes of warehouses for practice, and only these, begin with %(practice)s.")
        refuse_field("/code", "practice", message, practice=PRACTICE)
    owner = find(Entity, entity, "/entity")
    warehouse = Warehouse(code=code, entity_id=owner.id, in_service_on=in_service_on, is_practice=is_practice, **names)
    refuse(_row_faults(warehouse))
    db.session.add(warehouse)
    db.session.flush()
    add_location(warehouse, DEFAULT_SHELF, is_default=True, name_fr="Magasin", name_ar="المخزن", name_en="Store")
    add_location(warehouse, QUARANTINE, kind="quarantine", name_fr="Quarantaine", name_ar="الحجر", name_en="Quarantine")
    return warehouse


def add_location(
    warehouse: Warehouse, code: str, *, kind: str = "shelf", is_default: bool = False, **names: str
) -> Location:
    """Adds a place inside a warehouse; ``kind`` is one of shelf, quarantine, loan, office."""
    if code.startswith(road_code("")):
        refuse_field("/code", "format", _l("Codes that begin with an arrow are for the roads between stores."))
    if kind not in INSIDE or kind == "transit":
        refuse_field("/kind", "unknown", _l("“%(kind)s” is not a kind of place."), kind=kind)
    if db.session.scalar(select(Location.id).where(Location.warehouse_id == warehouse.id, Location.code == code)):
        already_exists(code)
    return _put(Location(warehouse_id=warehouse.id, code=code, kind=kind, is_default=is_default, **names))


def road_code(receiver_code: str) -> str:
    """The code of the road to a warehouse, in the warehouse that sends."""
    return f"→ {receiver_code}"


def transit(sender: Warehouse, receiver: Warehouse) -> Location:
    """The road from one warehouse to another; made at its first use."""
    return _ensure(
        (Location.warehouse_id == sender.id) & (Location.destination_id == receiver.id),
        Location(
            warehouse_id=sender.id,
            destination_id=receiver.id,
            kind="transit",
            code=road_code(receiver.code),
            name_fr=f"En route vers {receiver.name_in('fr')}",
            name_ar=f"في الطريق إلى {receiver.name_in('ar')}",
            name_en=f"On the way to {receiver.name_in('en')}",
        ),
    )


def outside(kind: str) -> Location:
    """The one outside location of a kind that stands for no party (loss, opening, …)."""
    return _ensure(
        (Location.kind == kind) & Location.warehouse_id.is_(None) & (Location.code == kind),
        Location(code=kind, kind=kind),
    )


def place_of(party: Service | Supplier) -> Location:
    """Where a service consumes, or a supplier delivers from; made at its first use."""
    kind = "service" if isinstance(party, Service) else "supplier"
    column = Location.service_id if kind == "service" else Location.supplier_id
    return _ensure(
        column == party.id,
        Location(
            code=f"{kind}:{party.code}",
            kind=kind,
            service_id=party.id if kind == "service" else None,
            supplier_id=party.id if kind == "supplier" else None,
            name_fr=party.name_fr,
            name_ar=party.name_ar,
            name_en=party.name_en,
        ),
    )


def follow(party: Service | Supplier) -> None:
    """The outside place of a party bears its names, and is in use while the party is."""
    place = place_of(party)
    place.name_fr, place.name_ar, place.name_en = party.name_fr, party.name_ar, party.name_en
    place.is_active = party.is_active


def retire_location(location: Location) -> None:
    """Takes an empty place out of use; the default shelf, the quarantine and the roads stay. The caller, who sees the
    ledger, has made sure that nothing lies there."""
    if (
        location.is_default
        or location.code == QUARANTINE
        or location.kind not in ("shelf", "quarantine", "loan", "office")
    ):
        refuse_field("/location", "needed", _l("The store cannot do without this place."))
    location.is_active = False


def put_in_service(warehouse: Warehouse, *, on: date) -> None:
    """Closes the door for old dates, for ever."""
    if warehouse.in_service_on is not None:
        already_exists(warehouse.code)
    warehouse.in_service_on = on


def get_warehouse(code: str) -> Warehouse:
    """The warehouse with this code; NotFound when there is none."""
    return found(db.session.scalar(select(Warehouse).where(Warehouse.code == code)), code)


def counted(warehouse_ids: Collection[int] | None) -> list[int] | None:
    """Those of some warehouses (None: of all) that count (law 5); None when all of all do."""
    if warehouse_ids is None:
        apart = list(db.session.scalars(select(Warehouse.id).where(Warehouse.is_practice)))
        return list(db.session.scalars(select(Warehouse.id).where(Warehouse.id.not_in(apart)))) if apart else None
    real = select(Warehouse.id).where(Warehouse.id.in_(warehouse_ids), ~Warehouse.is_practice)
    return sorted(db.session.scalars(real))


def location_in(warehouse: Warehouse, code: str) -> Location:
    """The place with this code in a warehouse; NotFound when there is none."""
    there = select(Location).where(
        Location.warehouse_id == warehouse.id, Location.code == code, Location.kind != "transit"
    )
    return found(db.session.scalar(there), code)


def locations_of(warehouse: Warehouse) -> list[Location]:
    """The places inside a warehouse, the default first."""
    return list(
        db.session.scalars(
            select(Location)
            .where(Location.warehouse_id == warehouse.id)
            .order_by(Location.is_default.desc(), Location.code)
        )
    )


def _ensure(condition: ColumnElement[bool], new: Location) -> Location:
    """The place that fulfils a condition, or the new one; whoever makes it at the same moment makes it once."""
    there = select(Location).where(condition)
    place = db.session.scalar(there)
    if place is None:
        new.label_code = codes.mint(codes.Kind.LOCATION)
        columns = [column.key for column in Location.__table__.columns if column.key != "id"]
        values = {key: getattr(new, key) for key in columns if getattr(new, key) is not None}
        insert_missing(Location, [values])
        place = db.session.scalars(there).one()
    return place


def _row_faults(row: Warehouse | Location) -> list[Fault]:
    faults = row_faults(row)
    if not row.code.strip():
        faults.append(fault("/code", "required", _l("Enter a code.")))
    return faults


def _put(location: Location) -> Location:
    refuse(_row_faults(location))
    location.label_code = codes.mint(codes.Kind.LOCATION)
    db.session.add(location)
    db.session.flush()
    return location
