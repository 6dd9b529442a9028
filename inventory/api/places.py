"""Warehouses, the places inside them, services and suppliers."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response
from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from inventory import audit, clock, parties, warehouses
from inventory.access import require, require_somewhere
from inventory.api.acting import acting
from inventory.api.answers import code_url, opened, page
from inventory.api.creating import create
from inventory.api.noun import Noun
from inventory.api.scope import permitted
from inventory.catalogue import page_matching
from inventory.database import db
from inventory.errors import refuse_field
from inventory.parties import COMMUNE, Entity, Service, Supplier
from inventory.schemas.places import (
    LocationIn,
    LocationOut,
    LocationPage,
    NameQuery,
    ServiceIn,
    ServiceOut,
    ServicePage,
    SupplierIn,
    SupplierOut,
    SupplierPage,
    WarehouseIn,
    WarehouseOut,
    WarehousePage,
)
from inventory.warehouses import Location, Warehouse

calls = Noun("places", __name__, "Warehouses and their places; services and suppliers.")

_above = aliased(Service)
_NAMES = ("code", "name_fr", "name_ar", "name_en")
_SUPPLIER = (*_NAMES, "ice", "tax_id", "trade_register", "bank_account", "phone", "email", "is_active")


@calls.call("GET", "/warehouses", query=NameQuery(), answers=WarehousePage())
def warehouses_list(query: dict[str, Any]) -> Response:
    """List warehouses

    Those whose stock one may see. What lies in one for practice (`is_practice`) stands in lists that name it, and in no
    others.
    """
    ids = require_somewhere(acting(), "stock.read")
    columns = (Warehouse.in_service_on, Warehouse.is_practice, Warehouse.is_active, Entity.code.label("entity"))
    question = select(*_columns(Warehouse), *columns).join(Entity, Entity.id == Warehouse.entity_id)
    if ids is not None:
        question = question.where(Warehouse.id.in_(ids))
    return _listed(question, Warehouse, query, "warehouses")


@calls.call("POST", "/warehouses", body=WarehouseIn(), answers=WarehouseOut(), is_creating=True)
def add_warehouse(data: dict[str, Any], *, key: str) -> Response:
    """Add a warehouse

    With its default shelf and its quarantine.
    """
    by = acting()
    require(by, "warehouse.write")
    _refuse_nameless(data)

    def perform() -> dict[str, Any]:
        asked = {"entity": COMMUNE, "in_service_on": clock.today(), **data}
        made = warehouses.add_warehouse(asked.pop("code"), **asked)
        audit.note("warehouse.added", made.code, by=by, at=clock.now(), details=_said(asked))
        kept = {"entity": asked["entity"], "in_service_on": made.in_service_on, "is_active": True}
        return {name: getattr(made, name) for name in (*_NAMES, "is_practice")} | kept

    return create("POST /warehouses", data, by=by, key=key, perform=perform)


@calls.call("GET", "/warehouses/<string:code>/locations", query=NameQuery(), answers=LocationPage())
def locations(query: dict[str, Any], code: str) -> Response:
    """List the places of a warehouse"""
    place = permitted(acting(), "stock.read", code)
    question = select(*_columns(Location), Location.kind, Location.is_default, Location.label_code).where(
        Location.warehouse_id == place.id, Location.kind != "transit", Location.is_active
    )
    return _listed(question, Location, query, f"locations of {place.id}", warehouse=place.code)


@calls.call("POST", "/warehouses/<string:code>/locations", body=LocationIn(), answers=LocationOut(), is_creating=True)
def add_location(data: dict[str, Any], code: str, *, key: str) -> Response:
    """Add a place to a warehouse"""
    by = acting()
    place = permitted(by, "place.write", code)

    def perform() -> dict[str, Any]:
        asked = dict(data)
        made = warehouses.add_location(db.session.get_one(Warehouse, place.id), asked.pop("code"), **asked)
        audit.note("location.added", f"{place.code}/{made.code}", by=by, at=clock.now(), details=_said(asked))
        names = {name: getattr(made, name) for name in _NAMES}
        label = {"label_code": made.label_code, "code_url": code_url(made.label_code)}
        return {**names, "warehouse": place.code, "kind": made.kind, "is_default": made.is_default, **label}

    return create(f"POST /warehouses/{place.code}/locations", data, by=by, key=key, perform=perform)


@calls.call("GET", "/services", query=NameQuery(), answers=ServicePage())
def services_list(query: dict[str, Any]) -> Response:
    """List services"""
    require_somewhere(acting(), "catalogue.read")
    question = (
        select(*_columns(Service), Service.is_active, Entity.code.label("entity"), _above.code.label("parent"))
        .join(Entity, Entity.id == Service.entity_id)
        .outerjoin(_above, _above.id == Service.parent_id)
    )
    return _listed(question, Service, query, "services")


@calls.call("POST", "/services", body=ServiceIn(), answers=ServiceOut(), is_creating=True)
def add_service(data: dict[str, Any], *, key: str) -> Response:
    """Add a service"""
    by = acting()
    require(by, "party.write")
    _refuse_nameless(data)

    def perform() -> dict[str, Any]:
        asked = {"entity": COMMUNE, "parent": None, **data}
        made = parties.add_service(asked.pop("code"), **asked)
        audit.note("service.added", made.code, by=by, at=clock.now(), details=_said(asked))
        kept = {"entity": asked["entity"], "parent": asked["parent"], "is_active": True}
        return {name: getattr(made, name) for name in _NAMES} | kept

    return create("POST /services", data, by=by, key=key, perform=perform)


@calls.call("GET", "/suppliers", query=NameQuery(), answers=SupplierPage())
def suppliers_list(query: dict[str, Any]) -> Response:
    """List suppliers"""
    require_somewhere(acting(), "stock.read")
    question = select(*(getattr(Supplier, name) for name in _SUPPLIER))
    return _listed(question, Supplier, query, "suppliers")


@calls.call("POST", "/suppliers", body=SupplierIn(), answers=SupplierOut(), is_creating=True)
def add_supplier(data: dict[str, Any], *, key: str) -> Response:
    """Add a supplier"""
    by = acting()
    require(by, "party.write")
    _refuse_nameless(data)

    def perform() -> dict[str, Any]:
        asked = dict(data)
        made = parties.add_supplier(asked.pop("code"), **asked)
        audit.note("supplier.added", made.code, by=by, at=clock.now(), details=_said(asked))
        return {name: getattr(made, name) for name in _SUPPLIER} | {"is_active": True}

    return create("POST /suppliers", data, by=by, key=key, perform=perform)


def _said(asked: dict[str, Any]) -> dict[str, Any]:
    """What was asked, as the audit trail quotes it: days are texts."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asked.items()}


def _columns(kind: Any) -> list[Any]:
    return [getattr(kind, name) for name in _NAMES]


def _listed(question: Select[Any], kind: Any, query: dict[str, Any], of: str, **more: Any) -> Response:
    """A page of things with a code, by code; ``search`` looks for words in any spelling, as the pages do."""
    if (after := opened(query.get("cursor"), of)) is not None:
        question = question.where(kind.code > after[0])
    rows, last = page_matching(question.order_by(kind.code), query.get("search", ""), query["limit"])
    items = [{**row._mapping, **more} for row in rows]
    for item in items:
        if "label_code" in item:
            item["code_url"] = code_url(item["label_code"])
    return page(items, (last.code,) if last else None, of)


def _refuse_nameless(data: dict[str, Any]) -> None:
    if not any(data[name].strip() for name in _NAMES[1:]):
        refuse_field("/name_fr", "required", "Give it a name in one language at least.")
