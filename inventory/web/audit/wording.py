"""The audit trail in words: what was done, by whom, of what, and what stands in the details of a record.

Records quote codes, in no language; a page says them in its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from inventory import audit, languages
from inventory.audit import AuditRecord
from inventory.texts import read_day
from inventory.web.duties import ROLE_WORDS
from inventory.web.settings.room import word_of
from inventory.web.words import KINDS, STORAGES, TRACKINGS

NOUNS: dict[str, Any] = {
    "sign_in": _l("Sign-ins"),
    "sign_out": _l("Sign-outs"),
    "session": _l("Sessions"),
    "device": _l("Shared devices"),
    "pin": _l("PINs"),
    "badge": _l("Badges"),
    "user": _l("People"),
    "password": _l("Passwords"),
    "language": _l("Languages"),
    "grant": _l("Roles"),
    "token": _l("Tokens"),
    "setting": _l("Settings"),
    "alert": _l("Alerts"),
    "rule": _l("Reorder rules"),
    "item": _l("Items"),
    "unit": _l("Units"),
    "category": _l("Categories"),
    "reason": _l("Reasons of write-offs"),
    "warehouse": _l("Warehouses"),
    "location": _l("Places"),
    "service": _l("Services"),
    "supplier": _l("Suppliers"),
    "entity": _l("Entities"),
    "label_sheet": _l("Label sheets"),
    "label_job": _l("Prints of labels"),
    "slip": _l("Slips to regularise"),
    "count": _l("Counts"),
    "paper": _l("Papers of a device"),
}
"""What an action begins with, in words."""

ACTS: dict[str, Any] = {
    "sign_in.accepted": _l("Signed in"),
    "sign_in.refused": _l("Sign-in refused"),
    "sign_out": _l("Signed out"),
    "sign_in.pin": _l("Came in by PIN"),
    "sign_in.badge": _l("Came in by badge"),
    "session.ended": _l("Session ended"),
    "session.locked": _l("Shared device locked"),
    "device.enrolled": _l("Device shared"),
    "device.ended": _l("Shared device ended"),
    "pin.set": _l("PIN set"),
    "pin.given_up": _l("PIN given up"),
    "pin.refused": _l("Wrong PIN"),
    "pin.locked": _l("PIN taken away after wrong tries"),
    "badge.issued": _l("Badge issued"),
    "badge.ended": _l("Badge ended"),
    "badge.refused": _l("Badge refused"),
    "user.added": _l("Person added"),
    "user.renamed": _l("Person renamed"),
    "user.activated": _l("Let in again"),
    "user.deactivated": _l("Shut out"),
    "user.unlocked": _l("Unlocked after wrong tries"),
    "password.changed": _l("Password changed"),
    "password.refused": _l("Wrong password of one's own"),
    "language.chosen": _l("Language chosen"),
    "grant.given": _l("Role given"),
    "grant.withdrawn": _l("Role withdrawn"),
    "token.created": _l("Token made"),
    "token.revoked": _l("Token revoked"),
    "setting.decided": _l("Setting decided"),
    "alert.acknowledged": _l("Alert taken in hand"),
    "alert.released": _l("Taking in hand undone"),
    "alert.snoozed": _l("Alert put off"),
    "alert.woken": _l("Putting off undone"),
    "rule.changed": _l("Rule of an item set"),
    "rule.default_changed": _l("Rule of a category set"),
    "rule.removed": _l("Rule of an item taken away"),
    "rule.default_removed": _l("Rule of a category taken away"),
    "item.imported": _l("Items imported from a file"),
    "demonstration.loaded": _l("Demonstration store loaded"),
}
LAST: dict[str, Any] = {
    "added": _l("added"),
    "changed": _l("changed"),
    "retired": _l("retired"),
    "restored": _l("in use again"),
    "in_service": _l("put in service"),
    "voided": _l("voided"),
    "recorded": _l("put on record"),
    "settled": _l("settled"),
    "closed": _l("closed"),
    "adjusted": _l("adjusted"),
    "dismissed": _l("dismissed"),
    "set_aside": _l("set aside"),
}
DETAILS: dict[str, Any] = {
    "before": _l("Before"),
    "after": _l("After"),
    "value": _l("Value"),
    "effective_on": _l("From day"),
    "reorder_point": _l("Reorder point"),
    "target": _l("Fill up to"),
    "added": _l("Items added"),
    "changed": _l("Items changed"),
    "unchanged": _l("Unchanged"),
    "left_out": _l("Rows left out"),
    "role": _l("Role"),
    "language": _l("Language"),
    "warehouse": _l("Warehouse"),
    "place": _l("Place"),
    "device": _l("Device"),
    "reason": _l("Reason"),
    "refusal": _l("Refused"),
    "until": _l("Until"),
    "owner": _l("In whose hands"),
    "kind": _l("Kind"),
    "on": _l("Day"),
    "name": _l("Name"),
    "name_ar": _l("Name in Arabic"),
    "name_fr": _l("Name in French"),
    "name_en": _l("Name in English"),
    "entity": _l("Entity"),
    "service": _l("Service"),
    "receiver": _l("Receiver"),
    "paper": _l("Paper"),
    "papers": _l("Papers"),
    "lines": _l("Lines"),
    "columns": _l("Columns"),
    "rows": _l("Rows"),
    "days": _l("Days"),
    "in_service_on": _l("In service since"),
    "is_practice": _l("Practice"),
    "is_default": _l("Default place"),
    "category": _l("Category"),
    "unit": _l("Unit"),
    "decimals": _l("Decimals"),
    "tracking": _l("Tracking"),
    "has_expiry": _l("Expires"),
    "storage_class": _l("Storage"),
    "barcodes": _l("Barcodes"),
    "packagings": _l("Packagings"),
    "photo": _l("Photo"),
    "retired_on": _l("Retired on"),
    "replaced_by": _l("Replaced by"),
    "parent": _l("Under"),
    "ice": _l("ICE"),
    "tax_id": _l("Tax number (IF)"),
    "trade_register": _l("Trade register (RC)"),
    "bank_account": _l("Bank account (RIB)"),
    "phone": _l("Phone"),
    "email": _l("Mail"),
}
"""What the details are called; one that other rooms add stands under its own name."""

DAYS = {"until", "on", "effective_on", "in_service_on", "retired_on"}
"""Which details are days, kept as 2026-11-23."""

EMPTY: tuple[Any, ...] = ("", None, {}, [])


def act_word(action: str) -> str:
    """An action in words; one that other rooms add stands under its own name."""
    noun, _dot, last = action.partition(".")
    if action in ACTS:
        return str(ACTS[action])
    is_known = noun in NOUNS and last in LAST
    return str(_("%(name)s: %(value)s", name=NOUNS[noun], value=LAST[last])) if is_known else action


def actor_word(record: AuditRecord) -> str:
    """Who acted: a username, or the command line, where nobody signs in."""
    return str(_("command line")) if record.actor == audit.COMMAND_LINE else record.actor


def subject_word(record: AuditRecord) -> str:
    """What a record is about: a setting by its name, a rule that counts everywhere in words, all else as quoted."""
    if record.action == "setting.decided":
        return word_of(record.subject)
    if record.action == "rule.default_changed" and record.subject.startswith("*/"):
        return f"{_('everywhere')}/{record.subject[2:]}"
    return record.subject


def details_of(record: AuditRecord) -> list[tuple[str, str]]:
    """The details of a record, name and value; empty ones are left out."""
    details = record.details or {}
    if record.action == "setting.decided" and record.subject == "arms":
        details = _of_arms(details)
    return [(str(name), value) for name, value in _told(details)]


def _of_arms(details: dict[str, Any]) -> dict[str, Any]:
    """Of a picture its digest says nothing. Older records hold the new one alone."""
    digest = details.get("after", details).get("value")
    return details | {"before": {}, "after": {}, "value": _("a new picture") if digest else _("taken away")}


def _told(details: dict[str, Any], under: str = "", *, is_change: bool = False) -> Iterator[tuple[str, str]]:
    for name, value in details.items():
        called = f"{under}{DETAILS.get(name, name)}"
        if isinstance(value, dict):
            yield from _told(value, f"{called} · ", is_change=name in ("before", "after"))
        elif value not in EMPTY:
            yield called, _value(name, value)
        elif is_change:  # of what changed, also that there was nothing, or is nothing any more
            yield called, "–"


def _value(name: str, value: Any) -> str:
    """A value as the page says it: what is a code of ours in words."""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in value)
    if name in DAYS and (day := read_day(str(value))) is not None:
        return languages.day(day)
    if name == "role" and value in ROLE_WORDS:
        return str(ROLE_WORDS[value][0])
    if name == "warehouse" and value == "*":
        return str(_("everywhere"))
    known = {"kind": KINDS, "tracking": TRACKINGS, "storage_class": STORAGES, "language": dict(languages.offered())}
    return str(known.get(name, {}).get(value, value))
