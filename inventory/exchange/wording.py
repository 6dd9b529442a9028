"""What each field is called on a page, what is understood in it, and what ways of tracking are called."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from .problems import Sentence

A_NAME = _l("At least one name is needed, in any language. Several columns make one, in their order.")
ITEM_WORDS: Mapping[str, tuple[Sentence, Sentence]] = {
    "code": (_l("Item code"), _l("Needed, once in the file. An item with this code is changed, another is added.")),
    "name_fr": (_l("French name"), A_NAME),
    "name_ar": (_l("Arabic name"), A_NAME),
    "name_en": (_l("English name"), A_NAME),
    "unit": (_l("Stock unit"), _l("Needed: what stock is counted in, never a dosage. Fixed once papers were written.")),
    "category": (_l("Category"), _l("Added when it is new.")),
    "decimals": (_l("Decimals"), _l("0 to 3: how finely the unit is divided; 0 for pieces.")),
    "tracking": (_l("Tracking"), _l("none, lot, unit (one number per piece) or range (numbered books).")),
    "has_expiry": (_l("Has an expiry"), _l("yes or no.")),
    "storage_class": (_l("Storage"), _l("ordinary, cold, hazardous or locked.")),
    "flags": (_l("Letters"), _l("L lot, X expiry, F cold, H hazardous, K locked, N numbered, V numbered books.")),
    "barcode": (_l("Barcode"), _l("Several columns, or several in a cell cut by “;”. A wrong check digit is flagged.")),
    "packaging": (_l("Packaging"), _l("Its name, such as carton.")),
    "packaging_contains": (_l("Packaging holds"), _l("How many stock units one packaging holds.")),
    "packaging_barcode": (_l("Packaging barcode"), _l("The code printed on the packaging.")),
}  # fmt: skip

MOVEMENT_WORDS: Mapping[str, tuple[Sentence, Sentence]] = {
    "kind": (_l("Kind of paper"), _l("Needed: opening, receipt, issue, move, transfer, transfer receipt, return…")),
    "warehouse": (_l("Warehouse"), _l("Needed: its code.")),
    "on": (_l("Date"), _l("Needed. Old dates are taken by warehouses that are not yet in service.")),
    "reference": (_l("Reference"), _l("Needed: rows with the same reference, warehouse, kind and date are one paper.")),
    "item": (_l("Item code"), _l("Needed: an item of the catalogue.")),
    "quantity": (_l("Quantity"), _l("Needed: more than 0, never finer than the item is counted.")),
    "unit": (_l("Unit or packaging"), _l("Empty for the stock unit.")),
    "unit_cost": (_l("Unit cost"), _l("In dirhams, VAT included.")),
    "lot": (_l("Lot"), _l("The lot, or the inventory number of a piece.")),
    "expires_on": (_l("Expiry"), _l("Of the lot, when goods come in.")),
    "location": (_l("Place"), _l("Empty for the usual place.")),
    "target_location": (_l("New place"), _l("For moves within a warehouse.")),
    "target_warehouse": (_l("To warehouse"), _l("Needed for transfers.")),
    "transfer": (_l("Transfer note"), _l("Needed to receive one: its reference, as printed or as in this file.")),
    "service": (_l("Service"), _l("Needed for issues and returns: its code.")),
    "supplier": (_l("Supplier"), _l("Needed for receipts that were bought: its code.")),
    "reason": (_l("Reason"), _l("Needed for write-offs.")),
    "origin": (_l("Origin"), _l("Of a receipt: purchase, donation or recovery.")),
    "direction": (_l("Direction"), _l("Of an adjustment: in or out.")),
    "first_number": (_l("First number"), _l("Of numbered books.")),
    "last_number": (_l("Last number"), _l("Of numbered books.")),
    "note": (_l("Note"), _l("Printed on the paper, after the reference.")),
}  # fmt: skip

TRACKING_WORDS: Mapping[str, Sentence] = {
    "none": _l("By quantity"),
    "lot": _l("By lot"),
    "unit": _l("By unit, each with its number"),
    "range": _l("By numbered range"),
}
"""How an item may be tracked, as pages and files call it."""

SAME_FOR_ALL = frozenset(ITEM_WORDS.keys() | MOVEMENT_WORDS.keys()) - {
    "code", "name_fr", "name_ar", "name_en", "flags", "barcode", "packaging", "packaging_contains", "packaging_barcode",
    "item", "quantity", "unit_cost", "lot", "expires_on", "first_number", "last_number",
}  # fmt: skip
"""Fields for which one value for all rows of a file makes sense."""
