"""The audit trail: sign-ins, roles, settings, changes of places and parties; nobody can change a record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_login import login_required

from inventory import audit, clock
from inventory.access import folded_username
from inventory.audit import AuditRecord
from inventory.database import cut
from inventory.web import asked
from inventory.web.audit.room import Answer, pages, tabs
from inventory.web.audit.wording import NOUNS, act_word, actor_word, details_of, subject_word
from inventory.web.downloads import download
from inventory.web.listing import PAGE, Column, Listing
from inventory.web.typed import number_of


@pages.get("/audit/trail")
@login_required
def trail() -> Answer:
    is_file = asked.wants_file()
    before = number_of(request.args.get("cursor"))
    rows, last = cut([] if is_file else list(_records(PAGE + 1, before)), PAGE)
    columns = [
        Column("at", _("When"), "main"),
        Column("action", _("What")),
        Column("subject", _("Of what")),
        Column("actor", _("By")),
        Column("address", _("From")),
        Column("details", _("Details")),
    ]
    listing = Listing(request.path, request.args, columns, rows, str(last.id) if last else None)
    if is_file:
        return download(listing, _everything(), _cell, name="audit-trail", title=_("Audit trail"))
    return render_template(
        "audit/trail.html",
        listing=listing,
        tabs=tabs(),
        act_word=act_word,
        actor_word=actor_word,
        subject_word=subject_word,
        details_of=details_of,
        nouns=[(noun, str(word)) for noun, word in NOUNS.items()],
    )


def _records(limit: int | None, before: int | None = None) -> Any:
    """The records that the address asks for, newest first."""
    first, last, person = asked.day("from"), asked.day("to"), asked.words("person")
    return audit.records(
        action=asked.one_of("action", tuple(NOUNS)),
        actor=folded_username(person) if person else None,
        since=clock.midnight(first) if first else None,
        until=clock.midnight(last + timedelta(days=1)) if last else None,
        before_id=before,
        limit=limit,
    )


def _everything() -> Iterator[AuditRecord]:
    """All records that the address asks for, read while the file is sent."""
    yield from _records(None)


def _cell(record: AuditRecord, key: str) -> Any:
    if key == "at":
        return record.at
    if key == "details":
        return " · ".join(_("%(name)s: %(value)s", name=name, value=value) for name, value in details_of(record))
    said = {"action": act_word(record.action), "subject": subject_word(record), "actor": actor_word(record)}
    return said.get(key) or getattr(record, key)
