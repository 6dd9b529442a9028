"""The audit trail: sign-ins, roles, settings, changes of places and parties; nobody can change a record."""

from __future__ import annotations

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
    question, typed = asked.read(_asked)
    found = audit.records(**question, before_id=before, limit=PAGE + 1) if question and not is_file else ()
    rows, last = cut(list(found), PAGE)
    columns = [
        Column("at", _("When"), "main"),
        Column("action", _("What")),
        Column("subject", _("Of what")),
        Column("actor", _("By")),
        Column("address", _("From")),
        Column("details", _("Details")),
    ]
    following = str(last.id) if last else None
    listing = Listing(request.path, request.args, columns, rows, following, errors=typed.errors)
    if question and is_file:
        every = audit.records(**question, before_id=None, limit=None)
        return download(listing, every, _cell, name="audit-trail", title=_("Audit trail"))
    page = render_template(
        "audit/trail.html",
        typed=typed,
        listing=listing,
        tabs=tabs(),
        act_word=act_word,
        actor_word=actor_word,
        subject_word=subject_word,
        details_of=details_of,
        nouns=[(noun, str(word)) for noun, word in NOUNS.items()],
    )
    return page, typed.status


def _asked() -> dict[str, Any]:
    """Which records the address asks for."""
    (first, last), person = asked.days(), asked.words("person")
    return {
        "action": asked.one_of("action", tuple(NOUNS)),
        "actor": folded_username(person) if person else None,
        "since": clock.midnight(first) if first else None,
        "until": clock.midnight(last + timedelta(days=1)) if last else None,
    }


def _cell(record: AuditRecord, key: str) -> Any:
    if key == "at":
        return record.at
    if key == "details":
        return " · ".join(_("%(name)s: %(value)s", name=name, value=value) for name, value in details_of(record))
    said = {"action": act_word(record.action), "subject": subject_word(record), "actor": actor_word(record)}
    return said.get(key) or getattr(record, key)
