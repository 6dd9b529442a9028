"""What the station needs to work without network: what lies here, the key of what it keeps, what it gave up."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b64encode
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import Response, current_app, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from inventory import access, audit, clock, settings
from inventory.access import Identity
from inventory.api.acting import acting
from inventory.api.answers import answer, plain
from inventory.api.creating import create
from inventory.api.noun import Noun
from inventory.api.scope import permitted
from inventory.database import Quantity, db, transaction
from inventory.documents import KINDS
from inventory.errors import not_signed_in
from inventory.replenishment import Figures
from inventory.reports.snapshot import Snapshot, snapshot
from inventory.schemas.station import AsideIn, AsideOut, DeviceOut, SnapshotOut, SnapshotQuery
from inventory.warehouses import Warehouse, get_warehouse

calls = Noun("station", __name__, "The station without network.")

_QUICK = 3
"""How hard the snapshot is squeezed: a fifth of its size in a tenth of a second."""
_NAMES = ("code", "name_fr", "name_ar", "name_en")
_NOTHING = Figures()
_WRITTEN = {"slip": "slip.write", "count": "count.write"}
"""What is kept on a device besides papers, and the right it is written by."""


@calls.call("GET", "/station/snapshot", query=SnapshotQuery(), answers=SnapshotOut())
def read(query: dict[str, Any]) -> Response:
    """Snapshot of a warehouse

    All that a device needs of it for a while. Send the `ETag` again as `If-None-Match`: 304 when nothing has changed.
    """
    place = permitted(acting(), "stock.read", query["warehouse"])
    today = clock.today()
    kept = snapshot(place.id, today=today)
    made = answer(_told(kept, acting(), db.session.get_one(Warehouse, place.id), today))
    body = made.get_data()
    made.set_etag(hashlib.sha256(body).hexdigest(), weak=True)
    made.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] and not request.if_none_match.contains_weak(made.get_etag()[0] or ""):
        made.set_data(gzip.compress(body, _QUICK, mtime=0))
        made.headers["Content-Encoding"] = "gzip"
    return made.make_conditional(request)  # type: ignore[return-value]


@calls.call("GET", "/station/device", answers=DeviceOut())
def device() -> Response:
    """Who is signed in here

    For our own pages, with the session cookie: who it is, the key under which this person's devices keep what waits,
    a fresh CSRF token, the instant. A token is not let in.
    """
    by = acting()
    if "Authorization" in request.headers or not current_user.is_authenticated:
        not_signed_in()
    key = access.device_key(by)
    if key is None:
        with transaction():
            access.make_device_key(by)
        key = access.device_key(by)
    return answer(
        {
            "username": by.username,
            "key": b64encode(key or b"").decode(),
            "csrf_token": generate_csrf(),
            "at": clock.now(),
        }
    )


@calls.call("POST", "/station/set-aside", body=AsideIn(), answers=AsideOut(), is_creating=True)
def set_aside(body: dict[str, Any], key: str) -> Response:
    """Set a refused paper aside

    A paper that was kept on a device and refused when it was sent, and that its person gives up: it stays in the audit
    trail with its lines.
    """
    by = acting()
    _permit_giving_up(by, body["kind"], body["warehouse"])

    def perform() -> dict[str, Any]:
        details = {name: value for name, value in body.items() if name != "paper"}
        audit.note("paper.set_aside", body["paper"], by=by, at=clock.now(), details=details)
        return {"paper": body["paper"]}

    return create("station.set_aside", body, by=by, key=key, perform=perform)


def _permit_giving_up(by: Identity, kind: str, warehouse: str) -> None:
    """A paper is given up by who may write such a paper there, or could until that right was taken away: then this is
    why it was refused. Of the paper itself the house knows nothing, since a refusal keeps nothing."""
    action = _WRITTEN.get(kind) or KINDS[kind].action
    if access.has_lost(by, action, warehouse):
        get_warehouse(warehouse)
    else:
        permitted(by, action, warehouse)


def _told(kept: Snapshot, by: Identity, warehouse: Warehouse, today: date) -> dict[str, Any]:
    days: int = settings.value_of("back_dating_days", on=today)
    return {
        "warehouse": warehouse.code,
        "is_practice": warehouse.is_practice,
        "today": today,
        "earliest": today - timedelta(days=days) if warehouse.in_service_on else None,
        "time_zone": current_app.config["TIMEZONE"],
        "kinds": [kind for kind in KINDS if by.may(f"{kind}.post", warehouse.id)],
        "units": [_named(row) for row in kept.units],
        "items": [_item(row, kept.figures.get(row.id, _NOTHING)) for row in kept.items],
        "packagings": [_packaging(row) for row in kept.packagings],
        "barcodes": [row._asdict() for row in kept.barcodes],
        "lots": list({(row.item, row.lot): _lot(row) for row in kept.balances if row.lot}.values()),
        "balances": [_balance(row) for row in kept.balances],
        "places": [
            {**_named(row), "kind": row.kind, "label": row.label_code, "is_default": row.is_default}
            for row in kept.places
        ],
        **{
            name: [_named(row) for row in getattr(kept, name)]
            for name in ("services", "suppliers", "warehouses", "reasons")
        },
    }


def _named(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _NAMES}


def _item(row: Any, figures: Figures) -> dict[str, Any]:
    return {
        "code": row.code,
        "name_fr": row.name_fr,
        "name_ar": row.name_ar,
        "name_en": row.name_en,
        "unit": row.unit,
        "decimals": row.decimals,
        "tracking": row.tracking,
        "has_expiry": row.has_expiry,
        "retired_on": row.retired_on,
        "replaced_by": row.replaced_by,
        "label": row.label_code,
        "photo": url_for("catalogue.photo", code=row.code, v=row.photo[:12]) if row.photo else None,
        "on_hand": "0" if figures is _NOTHING else plain(figures.on_hand),
        "available": "0" if figures is _NOTHING else plain(figures.available),
    }


def _packaging(row: Any) -> dict[str, Any]:
    contains = row.contains / row.divisor
    kept = contains.quantize(Decimal("0.001"))
    return {"item": row.item, "name": row.name, "contains": plain(kept) if kept == contains else None}


def _lot(row: Any) -> dict[str, Any]:
    return {"item": row.item, "number": row.lot, "expires_on": row.expires_on, "label": row.label_code}


def _balance(row: Any) -> dict[str, Any]:
    return {
        "item": row.item,
        "lot": row.lot or None,
        "expires_on": row.expires_on,
        "location": row.location,
        "location_kind": row.kind,
        "quantity": plain(Quantity.to_decimal(row.quantity)),
    }
