"""Fields that search warehouses and the places inside one."""

from __future__ import annotations

from flask import request
from flask_login import current_user, login_required
from sqlalchemy import select

from inventory import access
from inventory.database import fetch
from inventory.warehouses import Location, Warehouse, get_warehouse
from inventory.web import finding
from inventory.web.places.room import pages


@pages.get("/warehouses/options")
@login_required
def warehouse_options() -> str:
    """Warehouses in use, for a field of a form: all of them (goods are sent anywhere), or only ``?own=1``."""
    own = access.require_somewhere(current_user, "stock.read")
    columns = (Warehouse.code, Warehouse.name_fr, Warehouse.name_ar, Warehouse.name_en)
    question = select(*columns).where(Warehouse.is_active).order_by(Warehouse.code)
    if request.args.get("own") and own is not None:
        question = question.where(Warehouse.id.in_(own))
    return finding.options(fetch(question), icon="warehouse")


@pages.get("/warehouses/<code>/locations/options")
@login_required
def location_options(code: str) -> str:
    """The places of a warehouse where goods can be put, for a field of a form."""
    warehouse = get_warehouse(code)
    access.require(current_user, "stock.read", warehouse.id)
    columns = (Location.code, Location.name_fr, Location.name_ar, Location.name_en)
    question = select(*columns).where(
        Location.warehouse_id == warehouse.id, Location.is_active, Location.kind != "transit"
    )
    return finding.options(fetch(question.order_by(Location.is_default.desc(), Location.code)), icon="location")
