"""The audit trail: sign-ins, roles, settings, changes of places and parties; nobody can change a record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required

from inventory import access, audit, languages
from inventory.access import folded_username
from inventory.audit import AuditRecord
from inventory.database import cut
from inventory.web import asked
from inventory.web.asked import me
from inventory.web.audit.room import Answer, pages, tabs
from inventory.web.downloads import download
from inventory.web.listing import PAGE, Column, Listing
from inventory.web.typed import number_of

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
}
LAST: dict[str, Any] = {
    "added": _l("added"),
    "changed": _l("changed"),
    "retired": _l("retired"),
    "restored": _l("in use again"),
    "in_service": _l("put in service"),
    "voided": _l("voided"),
    "recorded": _l("recorded"),
    "settled": _l("settled"),
    "closed": _l("closed"),
    "adjusted": _l("adjusted"),
    "dismissed": _l("dismissed"),
    "set_aside": _l("set aside"),
}


def act_word(action: str) -> str:
    """An action in words; one that other rooms add stands under its own name."""
    noun, _dot, last = action.partition(".")
    if action in ACTS:
        return str(ACTS[action])
    return f"{NOUNS[noun]}: {LAST[last]}" if noun in NOUNS and last in LAST else action


@pages.get("/audit/trail")
@login_required
def trail() -> Answer:
    access.require(me(), "audit.read")
    is_file = asked.wants_file()
    before = number_of(request.args.get("cursor"))
    rows, last = cut([] if is_file else list(_records(PAGE + 1, before)), PAGE)
    columns = [
        Column("at", _("When"), "main"),
        Column("action", _("What")),
        Column("subject", _("Of what")),
        Column("actor", _("By")),
        Column("address", _("From")),
        Column("details", _("Details"), is_shown=is_file),
    ]
    listing = Listing(request.path, request.args, columns, rows, str(last.id) if last else None)
    if is_file:
        return download(listing, _everything(), _cell, name="audit-trail")
    return render_template(
        "audit/trail.html",
        listing=listing,
        tabs=tabs(),
        act_word=act_word,
        details_of=details_of,
        nouns=[(noun, str(word)) for noun, word in NOUNS.items()],
    )


def _records(limit: int | None, before: int | None = None) -> Any:
    """The records that the address asks for, newest first."""
    first, last, person = asked.day("from"), asked.day("to"), asked.words("person")
    return audit.records(
        action=asked.one_of("action", tuple(NOUNS)),
        actor=folded_username(person) if person else None,
        since=_midnight(first) if first else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
        before_id=before,
        limit=limit,
    )


def _everything() -> Iterator[AuditRecord]:
    """All records that the address asks for, read while the file is sent."""
    yield from _records(None)


def _midnight(on: date) -> datetime:
    """The instant at which a business day begins."""
    return datetime.combine(on, time(), ZoneInfo(current_app.config["TIMEZONE"]))


def details_of(record: AuditRecord) -> str:
    """The details of a record on one line, empty ones left out."""
    said = {name: value for name, value in (record.details or {}).items() if value not in ("", None, {}, [])}
    return json.dumps(said, ensure_ascii=False) if said else ""


def _cell(record: AuditRecord, key: str) -> Any:
    if key == "at":
        return languages.instant(record.at)
    if key == "details":
        return details_of(record)
    return act_word(record.action) if key == "action" else getattr(record, key)
