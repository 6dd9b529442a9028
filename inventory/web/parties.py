"""Services, suppliers and entities: who asks, who delivers, who owns."""

from __future__ import annotations

from flask import Blueprint
from flask_login import current_user, login_required
from sqlalchemy import select

from inventory import access
from inventory.database import fetch
from inventory.parties import Service, Supplier
from inventory.web import finding

pages = Blueprint("parties", __name__)


@pages.get("/services/options")
@login_required
def service_options() -> str:
    """Services in use, for a field of a form."""
    access.require_somewhere(current_user, "catalogue.read")
    columns = (Service.code, Service.name_fr, Service.name_ar, Service.name_en)
    return finding.options(fetch(select(*columns).where(Service.is_active).order_by(Service.code)), icon="service")


@pages.get("/suppliers/options")
@login_required
def supplier_options() -> str:
    """Suppliers in use, for a field of a form."""
    access.require_somewhere(current_user, "catalogue.read")
    columns = (Supplier.code, Supplier.name_fr, Supplier.name_ar, Supplier.name_en)
    return finding.options(fetch(select(*columns).where(Supplier.is_active).order_by(Supplier.code)), icon="supplier")
