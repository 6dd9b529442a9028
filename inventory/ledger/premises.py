"""The premises of a posting: the warehouses whose pen it holds, and the places it names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select, true

from inventory.catalogue import Item, Lot
from inventory.database import db
from inventory.parties import Service, Supplier
from inventory.prepared import Prepared, among, codes
from inventory.warehouses import QUARANTINE, Location, Warehouse


@dataclass(frozen=True, slots=True)
class Place:
    """A location, as far as the ledger cares. ``warehouse_id`` None is outside; ``destination_id`` is where a road
    leads."""

    id: int
    code: str
    kind: str
    warehouse_id: int | None
    destination_id: int | None = None


@dataclass(frozen=True, slots=True)
class Store:
    """A locked warehouse, as a posting needs it."""

    id: int
    code: str
    entity_id: int
    in_service_on: date | None
    is_practice: bool
    is_active: bool
    default: Place
    quarantine: Place


@dataclass(slots=True)
class Premises:
    """The locked warehouses and the places that a posting names. An outside place is known by its code alone."""

    stores: dict[str, Store] = field(default_factory=dict)
    inside: dict[tuple[int, str], Place] = field(default_factory=dict)
    outside: dict[str, Place] = field(default_factory=dict)


# The default shelf and quarantine of a warehouse are always there; any other place only as long as it is in use, and
# the place of a service or supplier as long as that is.
_PREMISES = (
    select(
        Warehouse.id,
        Warehouse.code,
        Warehouse.entity_id,
        Warehouse.in_service_on,
        Warehouse.is_practice,
        Warehouse.is_active,
        Location.id.label("place_id"),
        Location.code.label("place_code"),
        Location.kind,
        Location.warehouse_id,
        Location.destination_id,
        Location.is_default,
    )
    .join(
        Location,
        (
            (Location.warehouse_id == Warehouse.id)
            & (
                Location.is_default
                | (Location.code == QUARANTINE)
                | (among(Location.code, codes("inside")) & Location.is_active)
            )
        )
        | (Location.warehouse_id.is_(None) & among(Location.code, codes("outside"))),
    )
    .outerjoin(Service, Service.id == Location.service_id)
    .outerjoin(Supplier, Supplier.id == Location.supplier_id)
    .where(
        among(Warehouse.code, codes("codes")),
        func.coalesce(Service.is_active, Supplier.is_active, true()),
    )
    .order_by(Warehouse.id)
)
_LOOK, _LOCK = Prepared(_PREMISES), Prepared(_PREMISES.with_for_update(of=Warehouse))


def hold(table: type[Lot] | type[Item], ids: Collection[int]) -> None:
    """Waits for whoever brings in the same things elsewhere: what may stand only once in all stores is under no single
    pen. In ascending id, after the pens, so that nobody waits in a circle."""
    if ids:
        db.session.execute(
            select(table.id).where(table.id.in_(ids)).order_by(table.id).with_for_update(key_share=True)
        ).all()


def lock(warehouses: Iterable[str], *, inside: Iterable[str] = (), outside: Iterable[str] = ()) -> Premises:
    """Takes the pen of each warehouse, in ascending id (law 5), and looks up the places named on the way: ``inside`` by
    their code in those warehouses, ``outside`` by their own. First in every posting; unknown codes are left out."""
    return _premises(
        _LOCK.rows(codes=sorted(set(warehouses)), inside=sorted(set(inside)), outside=sorted(set(outside)))
    )


def look(warehouses: Iterable[str], *, inside: Iterable[str] = ()) -> Premises:
    """The same places, as long as nobody changes them: whoever posts nothing needs no pen."""
    return _premises(_LOOK.rows(codes=sorted(set(warehouses)), inside=sorted(set(inside)), outside=[]))


def _premises(rows: Iterable[Any]) -> Premises:
    premises = Premises()
    standing: dict[str, dict[str, Any]] = {}
    for row in rows:
        place = Place(row.place_id, row.place_code, row.kind, row.warehouse_id, row.destination_id)
        if row.warehouse_id is None:
            premises.outside[row.place_code] = place
            continue
        premises.inside[row.id, row.place_code] = place
        kept = standing.setdefault(row.code, {"row": row})
        if row.is_default:
            kept["default"] = place
        elif row.place_code == QUARANTINE:
            kept["quarantine"] = place
    for code, kept in standing.items():
        row = kept["row"]
        premises.stores[code] = Store(
            row.id, code, row.entity_id, row.in_service_on, row.is_practice, row.is_active,
            kept["default"], kept["quarantine"],
        )  # fmt: skip
    return premises
