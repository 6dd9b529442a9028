"""Who may do what, in words: the roles and the actions of the policy table as people call them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from inventory.access import POLICY, ROLES

ROLE_WORDS: dict[str, tuple[Any, Any]] = {
    "storekeeper": (_l("Storekeeper"), _l("keeps a warehouse: receives, issues, moves, counts")),
    "requester": (_l("Requester"), _l("asks for goods for a service")),
    "buyer": (_l("Buyer"), _l("reviews alerts, sets minimums, orders")),
    "manager": (_l("Manager"), _l("answers for a warehouse: corrects, writes off, closes periods")),
    "auditor": (_l("Auditor"), _l("reads everything, changes nothing")),
    "administrator": (_l("Administrator"), _l("gives roles, opens warehouses, decides settings")),
}

ACTION_WORDS: tuple[tuple[Any, dict[str, Any]], ...] = (
    (
        _l("To see"),
        {
            "stock.read": _l("See the stock"),
            "document.read": _l("See papers"),
            "catalogue.read": _l("See the items"),
            "alert.read": _l("See alerts"),
            "rule.read": _l("See the reorder rules"),
            "label.read": _l("See what labels were printed"),
            "slip.read": _l("See slips to regularise"),
            "count.read": _l("See counts"),
            "people.read": _l("See people and their roles"),
            "settings.read": _l("See the settings"),
            "audit.read": _l("See the audit trail"),
        },
    ),
    (
        _l("Papers"),
        {
            "opening.post": _l("Post the opening stock"),
            "receipt.post": _l("Receive goods"),
            "issue.post": _l("Issue goods"),
            "move.post": _l("Move goods inside the warehouse"),
            "transfer.post": _l("Send to another warehouse"),
            "transfer_receipt.post": _l("Receive what was sent"),
            "return.post": _l("Take goods back"),
            "conversion.post": _l("Turn one item into another"),
            "write_off.post": _l("Write goods off"),
            "adjustment.post": _l("Adjust the stock"),
            "reversal.post": _l("Reverse a paper"),
            "slip.write": _l("Write a slip to regularise"),
            "slip.settle": _l("Link papers to a slip"),
            "slip.close": _l("Close a slip without a paper"),
            "count.write": _l("Count a place"),
            "import.run": _l("Import files"),
            "label.print": _l("Print labels"),
            "label_sheet.write": _l("Keep measures of label sheets"),
        },
    ),
    (
        _l("Supply"),
        {
            "alert.handle": _l("Handle alerts"),
            "rule.write": _l("Set minimums"),
            "catalogue.write": _l("Change the items"),
            "party.write": _l("Change services and suppliers"),
        },
    ),
    (
        _l("House"),
        {
            "place.write": _l("Change the places of a warehouse"),
            "warehouse.write": _l("Open warehouses"),
            "people.write": _l("Add people and give roles"),
            "badge.print": _l("Print badges"),
            "settings.write": _l("Decide the settings"),
            "device.enrol": _l("Share a device"),
            "device.end": _l("End shared devices"),
        },
    ),
    (
        _l("Control"),
        {
            "ledger.verify": _l("Verify the ledger"),
            "period.close": _l("Close a period"),
        },
    ),
)


def role_word(role: str) -> str:
    return str(ROLE_WORDS[role][0])


def matrix() -> list[tuple[str, list[tuple[str, str, list[bool]]]]]:
    """The policy table in words: groups of rows (action, its words, one yes or no for each of ``ROLES``)."""
    return [
        (
            str(group),
            [(action, str(word), [role in POLICY[action] for role in ROLES]) for action, word in actions.items()],
        )
        for group, actions in ACTION_WORDS
    ]
