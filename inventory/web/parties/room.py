"""What the pages of services, suppliers and entities share: who may read them, how a change is noted."""

from __future__ import annotations

from flask import Blueprint, Response
from sqlalchemy import select

from inventory import parties, warehouses
from inventory.database import db
from inventory.parties import Entity, Service, Supplier
from inventory.web.asked import called
from inventory.web.notes import note, note_change

pages = Blueprint("parties", __name__)
Answer = Response | str | tuple[str, int]

STATES = ("active", "retired", "all")
"""Which of a list one asks for; those in use when one asks for none."""


def entity_choices() -> list[tuple[str, str]]:
    return [(one.code, called(one)) for one in db.session.scalars(select(Entity).order_by(Entity.id))]


def changed(party: Entity | Service | Supplier, details: dict[str, str], **moved: tuple[str, str]) -> None:
    """Changes a party and notes what differs; ``moved`` is what else was and is of it."""
    before = parties.change(party, **details)
    if isinstance(party, Service | Supplier):
        warehouses.follow(party)
    kind = type(party).__name__.lower()
    was, now = ({name: pair[side] for name, pair in moved.items()} for side in (0, 1))
    note_change(f"{kind}.changed", party.code, before | was, {name: details[name] for name in before} | now)


def set_active(party: Service | Supplier, is_active: bool) -> None:
    """Retires a party or takes it into use again; its outside place follows."""
    if party.is_active != is_active:
        party.is_active = is_active
        warehouses.follow(party)
        kind = type(party).__name__.lower()
        note(f"{kind}.{'restored' if is_active else 'retired'}", party.code)
