"""Which warehouses a call may speak of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from inventory.access import Identity, require, require_somewhere
from inventory.database import db
from inventory.errors import found
from inventory.warehouses import Warehouse, counted


@dataclass(frozen=True, slots=True)
class Place:
    """A warehouse, as far as a call needs it."""

    id: int
    code: str


def permitted(by: Identity, action: str, code: str) -> Place:
    """The warehouse with this code, when ``by`` may do it there. NotAllowed otherwise; NotFound for an unknown code,
    but only to who may do it everywhere: to others an unknown warehouse is one that is not theirs."""
    require_somewhere(by, action)
    row = db.session.execute(select(Warehouse.id, Warehouse.code).where(Warehouse.code == code)).one_or_none()
    require(by, action, row.id if row else None)
    place = found(row, code)
    return Place(place.id, place.code)


def within(by: Identity, action: str, code: str | None) -> Sequence[int] | None:
    """The ids of the warehouses a list may speak of (None: all): the one named, else all that count where ``by`` may
    do it."""
    if code is not None:
        return [permitted(by, action, code).id]
    return counted(require_somewhere(by, action))
