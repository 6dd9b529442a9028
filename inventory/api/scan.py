"""What a scanned code is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Response, url_for

from inventory import clock, languages, reports, scanning
from inventory.access import Identity, require_somewhere
from inventory.api.acting import acting
from inventory.api.answers import answer, plain
from inventory.api.documents import paper
from inventory.api.noun import Noun
from inventory.api.scope import permitted
from inventory.parties import name_in
from inventory.reports import Moved
from inventory.scanning import Scanned
from inventory.schemas.scan import LookupOut, LookupQuery, ScanOut, ScanQuery

calls = Noun("scan", __name__, "What a scanned code means, and what one may do with it.")

_ITEM = ("code", "name_fr", "name_ar", "name_en", "unit", "decimals", "tracking", "has_expiry", "retired_on")
_NAMED = ("code", "name_fr", "name_ar", "name_en")
_PLACE = ("code", "kind", "name_fr", "name_ar", "name_en")


@calls.call("GET", "/scan", query=ScanQuery(), answers=ScanOut())
def read(query: dict[str, Any]) -> Response:
    """Scan a code

    Our own labels, trade numbers (EAN, UPC, GTIN), GS1 codes with lot, expiry, serial number and quantity (as scanners
    send them, in brackets, or as a Digital Link), item codes, inventory and lot numbers. An unknown code is no error.
    """
    by, warehouse = acting(), query.get("warehouse")
    require_somewhere(by, "stock.read")
    found = scanning.resolve(query["code"], by=by, warehouse=warehouse, on=clock.today())
    if found.kind == "unknown" and warehouse is not None:
        permitted(by, "stock.read", warehouse)
    told = scanned(found)
    return answer(_blind(told) if query.get("purpose") == "count" else told)


def _blind(told: dict[str, Any]) -> dict[str, Any]:
    """The same without a word of what should lie here: neither how much, nor which lot is first."""
    hidden: dict[str, Any] = {"on_hand": None, "available": None, "projected": None, "balances": [], "actions": []}
    if told["kind"] == "item" and not told["elements"]:
        hidden |= {"lot": None, "expires_on": None}
    return told | hidden


@calls.call("GET", "/lookup", query=LookupQuery(), answers=LookupOut())
def look_up(query: dict[str, Any]) -> Response:
    """Look a code up

    What it is, as a scan tells it, and beside that what moved lately here and which of one's other warehouses have it.
    """
    by = acting()
    place = permitted(by, "stock.read", query["warehouse"])
    found = scanning.resolve(query["code"], by=by, warehouse=place.code, on=clock.today())
    told = scanned(found)
    named = reports.items_called(_items_of(told))
    return answer({"found": told, "items": [_named_item(row) for row in named], **_lately(found, by, place.id)})


def _lately(found: Scanned, by: Identity, warehouse_id: int) -> dict[str, Any]:
    if found.row is None:
        return {"movements": [], "elsewhere": []}
    moved = reports.last_moved(found.row.id, warehouse_id, lot_id=found.row.lot_id)
    other = reports.lies_elsewhere(found.row.id, by.warehouses("stock.read"), without=warehouse_id)
    return {
        "movements": [_moved(one) for one in moved],
        "elsewhere": [_called(one.warehouse) | {"on_hand": plain(one.on_hand)} for one in other],
    }


def _items_of(told: dict[str, Any]) -> list[str]:
    """The items that an answer speaks of, each once."""
    lines = (told["document"] or {}).get("lines", [])
    return list(dict.fromkeys(one["item"] for one in (*told["balances"], *lines)))


def _moved(one: Moved) -> dict[str, Any]:
    return {
        "document": str(one.entry_id),
        "reference": one.reference,
        "kind": one.kind,
        "on": one.on,
        "lot": one.lot or None,
        "quantity": plain(one.quantity),
        "direction": "within" if one.is_within else "in" if one.is_in else "out",
        "source": _called(one.source),
        "target": _called(one.target),
    }


def _called(thing: Any) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in _NAMED}


def _named_item(row: Any) -> dict[str, Any]:
    return _called(row) | {"unit": row.unit, "unit_name": _said(row, "unit")}


def _said(row: Any, kind: str) -> str:
    """What people call the ``unit`` or the ``packaging`` of a row, in the language asked."""
    names = (getattr(row, f"{kind}_name_{language}") or "" for language in ("fr", "ar", "en"))
    return name_in(languages.language(), *names) or str(getattr(row, kind))


def _unit_name(found: Scanned) -> str:
    return _said(found.row, "unit" if found.unit == found.row.unit else "packaging")


def scanned(found: Scanned) -> dict[str, Any]:
    """A scanned code as this API answers it."""
    figures = found.figures
    return {
        "kind": found.kind,
        "code": found.code,
        "item": _item(found.row) if found.row is not None else None,
        "unit": found.unit,
        "unit_name": _unit_name(found) if found.unit else None,
        "contains": _exact(found.contains),
        "lot": found.lot,
        "expires_on": found.expires_on,
        "serial": found.serial,
        "quantity": plain(found.quantity),
        "barcode": found.barcode,
        "elements": [{"identifier": one.identifier, "value": one.value} for one in found.elements],
        "label_is_old": found.label_is_old,
        "warehouse": found.warehouse,
        "on_hand": plain(figures.on_hand) if figures else None,
        "available": plain(figures.available) if figures else None,
        "projected": plain(figures.projected) if figures else None,
        "balances": [
            {
                "item": one.item,
                "lot": one.lot or None,
                "expires_on": one.expires_on,
                "location": one.location,
                "location_kind": one.kind,
                "quantity": plain(one.quantity),
            }
            for one in found.balances
        ],
        "location": _place(found) if found.location is not None else None,
        "document": paper(found.document) if found.document is not None else None,
        "choices": found.choices,
        "reason": found.reason,
        "detail": str(scanning.REASONS[found.reason]) if found.reason else None,
        "actions": found.actions,
    }


def _item(row: Any) -> dict[str, Any]:
    photo = url_for("catalogue.photo", code=row.code, v=row.photo[:12]) if row.photo else None
    return {name: getattr(row, name) for name in _ITEM} | {"unit_name": _said(row, "unit"), "photo": photo}


def _exact(contains: Decimal | None) -> str | None:
    """Base units in one, in at most three decimals; None when it takes more (a third of a carton)."""
    kept = None if contains is None else contains.quantize(Decimal("0.001"))
    return plain(kept) if kept is not None and kept == contains else None


def _place(found: Scanned) -> dict[str, Any]:
    return {name: getattr(found.location, name) for name in _PLACE} | {"warehouse": found.warehouse}
