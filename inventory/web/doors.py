"""Which pages open to whom: one table, by which a way is shown and by which the page itself opens or refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, has_request_context, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from inventory import access


@dataclass(frozen=True, slots=True)
class Door:
    """One way of the navigation."""

    label: Any
    icon: str
    href: str
    is_current: bool
    group: Any


WAYS: tuple[tuple[str, Any, str, Any, str | None], ...] = (
    ("home.show", _l("Home"), "home", "main", None),
    ("stock.show", _l("Stock"), "stock", "main", "stock.read"),
    ("scanning.station", _l("Scan"), "scan", "main", "stock.read"),
    ("documents.list_", _l("Papers"), "papers", "main", "document.read"),
    ("home.more", _l("More"), "more", "main", None),
    ("alerts.list_", _l("Alerts"), "alert", _l("Supply"), "alert.read"),
    ("catalogue.list_", _l("Items"), "item", _l("Supply"), "catalogue.read"),
    ("counting.list_", _l("Counts"), "adjust", _l("Supply"), "count.read"),
    ("slips.list_", _l("To regularise"), "attachment", _l("Supply"), "slip.read"),
    ("labels.sheet", _l("Labels"), "label", _l("Supply"), "label.read people.read"),
    ("places.list_", _l("Places"), "warehouse", _l("House"), "stock.read place.write"),
    ("parties.services", _l("Services"), "service", _l("House"), "stock.read party.write"),
    ("parties.suppliers", _l("Suppliers"), "supplier", _l("House"), "stock.read party.write"),
    ("scanning.scanner", _l("Try the scanner"), "keyboard", _l("House"), "stock.read"),
    ("imports.start", _l("Import"), "upload", _l("House"), "import.run"),
    ("people.list_", _l("People"), "user", _l("House"), "people.read"),
    ("audit.question", _l("Trace"), "search", _l("Control"), "document.read"),
    ("audit.proof", _l("Proof"), "audit", _l("Control"), "ledger.verify"),
    ("audit.trail", _l("Audit trail"), "audit", _l("Control"), "audit.read"),
    ("settings.show", _l("Settings"), "settings", _l("Control"), "settings.read"),
)
"""Endpoint, word, icon, group and the actions of the policy table of which one opens it (None: everybody)."""

DOORS: dict[str, str] = {endpoint: actions for endpoint, _, _, _, actions in WAYS if actions} | {
    "parties.entities": "stock.read party.write",
    "parties.service": "stock.read party.write",
    "parties.supplier": "stock.read party.write",
    "parties.supplier_options": "stock.read party.write",
    "people.policy": "people.read",
    "settings.history": "settings.read",
    "settings.reasons": "settings.read",
}
"""Endpoints of pages, and the actions of which one opens it; a page that is not named here refuses by itself."""

WHOLE_HOUSE = {"people.read", "audit.read", "settings.read", "party.write"}
"""What concerns everybody's things: a role in one warehouse does not open it."""


def opens(endpoint: str) -> bool:
    """Whether a page opens to the signed-in person."""
    return endpoint not in DOORS or any(
        current_user.may(action) if action in WHOLE_HOUSE else current_user.may_somewhere(action)
        for action in DOORS[endpoint].split()
    )


def guard() -> None:
    """Before each view: NotAllowed for whom the page does not open. Signing in is asked by the view."""
    endpoint = request.endpoint or ""
    if endpoint in DOORS and current_user.is_authenticated and not opens(endpoint):
        access.require(current_user, DOORS[endpoint].split()[0])


def navigation() -> list[Door]:
    """The ways that open to the signed-in person."""
    if not (has_request_context() and current_user.is_authenticated):
        return []
    current = _current_way(request.endpoint or "")
    return [
        Door(word, icon, url_for(endpoint), endpoint == current, group)
        for endpoint, word, icon, group, _actions in WAYS
        if endpoint in current_app.view_functions and opens(endpoint)
    ]


def _current_way(endpoint: str) -> str:
    """The way one is on: that of the page itself, else the first of its room, unless its ways are of equal rank."""
    room = endpoint.partition(".")[0]
    ways = [way for way, *_ in WAYS if way.partition(".")[0] == room]
    return endpoint if endpoint in ways or room in ("home", "parties") or not ways else ways[0]
