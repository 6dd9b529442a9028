"""Warehouses and the places goods move between, inside and outside."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from inventory import parties, warehouses
from inventory.database import db, transaction
from inventory.errors import AlreadyExists, InvalidRequest, NotFound, Refusal
from inventory.warehouses import Location, Warehouse, get_warehouse
from tests import make


def places(store: str) -> list[tuple[str, str, bool]]:
    """Code, kind and whether it is the default, of every place of a warehouse; the default first."""
    found = warehouses.locations_of(get_warehouse(store))
    return [(one.code, one.kind, one.is_default) for one in found]


def in_one(verb: Any, store: str, *arguments: Any, **named: Any) -> Any:
    """A verb about a warehouse, which is looked up in the verb's own transaction."""
    with transaction():
        return verb(get_warehouse(store), *arguments, **named)


def retired(store: str, code: str) -> None:
    with transaction():
        warehouses.retire_location(warehouses.location_in(get_warehouse(store), code))


# ---- law 3: what a warehouse has from its first day


def test_a_warehouse_opens_with_a_shelf_and_a_quarantine(app: Flask) -> None:
    make.warehouse("CENTRAL")
    assert places("CENTRAL") == [("MAG", "shelf", True), ("QUARANTAINE", "quarantine", False)]
    shelf, quarantine = warehouses.locations_of(get_warehouse("CENTRAL"))
    assert {one.name_in("ar") for one in (shelf, quarantine)} == {"المخزن", "الحجر"}
    assert len({shelf.label_code, quarantine.label_code}) == 2


def test_a_code_is_given_once(app: Flask) -> None:
    make.warehouse("CENTRAL")
    with pytest.raises(AlreadyExists):
        make.warehouse("CENTRAL")
    make.location("CENTRAL", "A1")
    with pytest.raises(AlreadyExists):
        make.location("CENTRAL", "A1")
    make.warehouse("NORTH")
    make.location("NORTH", "A1")  # each warehouse has codes of its own


@pytest.mark.parametrize(
    ("code", "entity"), [("", "COMMUNE"), ("   ", "COMMUNE"), ("x" * 41, "COMMUNE"), ("A", "MARS")]
)
def test_a_warehouse_has_a_code_and_an_owner(app: Flask, code: str, entity: str) -> None:
    with pytest.raises(InvalidRequest):
        make.warehouse(code, entity=entity)


def test_a_warehouse_belongs_to_an_arrondissement_or_the_commune(app: Flask) -> None:
    anfa = make.done(parties.add_entity, "ANFA", parent=parties.COMMUNE, name_fr="Arrondissement d'Anfa")
    assert make.warehouse("NORTH", entity="ANFA").entity_id == anfa.id


# ---- law 1: inside and outside


@pytest.mark.parametrize("kind", ["shelf", "quarantine", "loan", "office"])
def test_a_place_inside_is_of_a_known_kind(app: Flask, kind: str) -> None:
    make.warehouse("CENTRAL")
    assert make.location("CENTRAL", "A1", kind).is_inside


@pytest.mark.parametrize(
    ("code", "kind"), [("A1", "transit"), ("A1", "supplier"), ("A1", "attic"), ("→ NORTH", "shelf"), ("", "shelf")]
)
def test_what_cannot_stand_inside_is_refused(app: Flask, code: str, kind: str) -> None:
    make.warehouse("CENTRAL")
    with pytest.raises(InvalidRequest):
        make.location("CENTRAL", code, kind)


def test_the_database_holds_inside_and_outside_apart(app: Flask) -> None:
    where = make.warehouse("CENTRAL").id
    for broken in (
        {"kind": "shelf"},  # inside, in no warehouse
        {"kind": "loss", "warehouse_id": where},
        {"kind": "attic", "warehouse_id": where},
        {"kind": "transit", "warehouse_id": where},  # to nobody
        {"kind": "service"},  # of nobody
        {"kind": "office", "warehouse_id": where, "is_default": True},
        {"kind": "shelf", "warehouse_id": where, "is_default": True},  # a second default
    ):
        with pytest.raises((IntegrityError, Refusal)), transaction():
            db.session.add(Location(code="odd", label_code="P0", **broken))


@pytest.mark.parametrize("code", ["CENTRAL", "central"])
def test_a_code_is_one_warehouse_s_however_it_is_written(app: Flask, code: str) -> None:
    make.warehouse("CENTRAL")
    with pytest.raises(AlreadyExists, match="CENTRAL"):
        make.warehouse(code)


# ---- law 2: every outside place is there once


def test_an_outside_place_is_made_at_its_first_use_and_once(app: Flask) -> None:
    first = make.done(warehouses.outside, "loss")
    assert make.done(warehouses.outside, "loss").id == first.id
    assert (first.is_inside, first.code) == (False, "loss")


def test_a_party_has_one_place_that_follows_its_names(app: Flask) -> None:
    service, supplier = make.service("CITY"), make.supplier("CITY")
    where = [make.done(warehouses.place_of, party) for party in (service, supplier, service)]
    assert [one.code for one in where] == ["service:CITY", "supplier:CITY", "service:CITY"]
    assert where[0].id == where[2].id != where[1].id
    with transaction():
        party = parties.get(parties.Service, "CITY")
        parties.change(party, name_fr="École Ibn Khaldoun", name_ar="مدرسة ابن خلدون")
        parties.retire(party)
        warehouses.follow(party)
    place = db.session.get_one(Location, where[0].id)
    assert (place.name_in("ar"), place.is_active) == ("مدرسة ابن خلدون", False)


# ---- law 3: roads


def test_a_road_leads_one_way_and_is_made_once(app: Flask) -> None:
    for code in ("CENTRAL", "NORTH"):
        make.warehouse(code)
    there, again, back = (
        in_one(warehouses.transit, sender, get_warehouse(receiver))
        for sender, receiver in (("CENTRAL", "NORTH"), ("CENTRAL", "NORTH"), ("NORTH", "CENTRAL"))
    )
    assert there.id == again.id != back.id
    assert (there.code, there.warehouse_id) == ("→ NORTH", get_warehouse("CENTRAL").id)
    assert there.destination_id == get_warehouse("NORTH").id
    with pytest.raises(NotFound):  # a road is no place to put something down
        warehouses.location_in(get_warehouse("CENTRAL"), "→ NORTH")


# ---- taken out of use


def test_a_shelf_is_retired_and_what_the_store_needs_is_not(app: Flask) -> None:
    make.warehouse("CENTRAL")
    make.location("CENTRAL", "A1")
    retired("CENTRAL", "A1")
    assert not warehouses.location_in(get_warehouse("CENTRAL"), "A1").is_active
    for code in (warehouses.DEFAULT_SHELF, warehouses.QUARANTINE):
        with pytest.raises(InvalidRequest):
            retired("CENTRAL", code)


# ---- law 4: the door for old dates


def test_a_warehouse_is_put_in_service_once_for_ever(app: Flask) -> None:
    make.warehouse("NORTH", in_service_on=None)
    in_one(warehouses.put_in_service, "NORTH", on=make.YESTERDAY)
    assert get_warehouse("NORTH").in_service_on == make.YESTERDAY
    with pytest.raises(AlreadyExists):
        in_one(warehouses.put_in_service, "NORTH", on=make.TODAY)
    assert get_warehouse("NORTH").in_service_on == make.YESTERDAY


def test_what_is_refused_leaves_nothing_behind(app: Flask) -> None:
    with pytest.raises(InvalidRequest), transaction():
        warehouses.add_warehouse("NORTH", in_service_on=None, name_fr="x" * 301)
    with pytest.raises(NotFound):
        get_warehouse("NORTH")
    assert db.session.scalar(select(func.count(Warehouse.id))) == 0


def test_a_party_is_known_by_its_code_in_whatever_letters(app: Flask) -> None:
    make.service("ROADS")
    make.supplier("ACME")
    for add, code in ((parties.add_service, "Roads"), (parties.add_supplier, "acme")):
        with pytest.raises(AlreadyExists):
            make.done(add, code, name_fr="Again")
