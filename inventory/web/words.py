"""Words for what the house keeps as codes: kinds of paper and places, ways of tracking and storing."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from inventory.exchange.wording import TRACKING_WORDS

KINDS: dict[str, Any] = {
    "opening": _l("Opening stock"),
    "receipt": _l("Receipt note"),
    "issue": _l("Issue note"),
    "move": _l("Move"),
    "transfer": _l("Transfer note"),
    "transfer_receipt": _l("Transfer receipt"),
    "return": _l("Return note"),
    "conversion": _l("Conversion"),
    "write_off": _l("Write-off"),
    "adjustment": _l("Adjustment"),
    "reversal": _l("Reversal"),
    # places
    "shelf": _l("Shelf"),
    "quarantine": _l("Quarantine"),
    "transit": _l("On the way"),
    "loan": _l("On loan"),
    "office": _l("Office"),
    "supplier": _l("Supplier"),
    "service": _l("Service"),
    "donor": _l("Donation"),
    "recovery": _l("Recovery"),
    "loss": _l("Loss"),
    "count_difference": _l("Count difference"),
    "disposal": _l("Disposal"),
    "valuation_difference": _l("Valuation difference"),
    # what a search finds
    "item": _l("Item"),
    "lot": _l("Lot"),
    "document": _l("Paper"),
    "warehouse": _l("Warehouse"),
    "location": _l("Place"),
}
TRACKINGS: dict[str, Any] = {**TRACKING_WORDS}
ORIGINS: dict[str, Any] = {"purchase": _l("Purchase"), "donation": _l("Donation"), "recovery": _l("Recovery")}
DIRECTIONS: dict[str, Any] = {"in": _l("More than the book says"), "out": _l("Less than the book says")}
STORAGES: dict[str, Any] = {
    "ordinary": _l("Ordinary"),
    "cold": _l("Cold"),
    "hazardous": _l("Hazardous"),
    "locked": _l("Under lock"),
}


STATES: dict[str, Any] = {
    "posted": _l("Posted"),
    "reversed": _l("Reversed"),
    "reversal": _l("Reversal"),
    "out": _l("Out of stock"),
    "low": _l("Low"),
    "expired": _l("Expired"),
    "expiring": _l("Expiring soon"),
    "in_order": _l("In order"),
    "none": _l("None here"),
    "open": _l("Open"),
    "acknowledged": _l("Seen"),
    "in_progress": _l("In progress"),
    "snoozed": _l("Snoozed"),
    "closed": _l("Closed"),
}


def state_word(state: str) -> str:
    """The word of a state of goods, a paper or an alert, for a file; on a page a badge says it."""
    return str(STATES.get(state, state))


def kind_word(kind: str) -> str:
    """The word of a kind of paper or place; a kind that later rooms add stands under its own name."""
    return str(KINDS.get(kind, kind))
