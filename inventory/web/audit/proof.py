"""The self-check: whether everything that is shown follows from what was posted, now and each time it was asked."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required
from sqlalchemy import func, select

from inventory import access, clock, documents, ledger
from inventory.database import db, transaction
from inventory.ledger import Entry, Verification
from inventory.warehouses import Warehouse
from inventory.web import asked
from inventory.web.asked import me
from inventory.web.audit.room import Answer, pages, tabs

MOST_AT_ONCE = 20_000
"""How many entries a page may verify while somebody waits; more are left to ``flask verify``."""
SHOWN, KEPT = 30, 100

FINDINGS: dict[str, Any] = {
    "gap": _l("An entry is missing."),
    "unreadable": _l("Something stands there that cannot be read."),
    "name_missing": _l("An entry names a warehouse or a person that is gone."),
    "chain_broken": _l("The chain is broken: an entry does not follow from the one before it."),
    "paper_changed": _l("A paper is no longer what was posted."),
    "unknown_form": _l("An entry stands in a form that is not known."),
    "wrong_year": _l("An entry stands in the register of another year."),
    "head_missing": _l("A register has lost its head."),
    "head_changed": _l("The head of a register differs from its last entry."),
    "balance_wrong": _l("A balance differs from its movements."),
    "value_wrong": _l("A value differs from its movements."),
    "number_gap": _l("Numbers of papers are missing or double."),
    "movement_misplaced": _l("A movement disagrees with its entry or its places."),
    "ranges_wrong": _l("Numbered values and balance disagree."),
    "entry_changed": _l("An entry or its movements are no longer what was posted."),
    "entries_missing": _l("Entries are missing at the end of a register."),
    "balance_misplaced": _l("A balance names another warehouse or day than its movements."),
    "numbers_wrong": _l("Numbered values differ from their movements."),
    "numbers_overlap": _l("A number lies in two places."),
    "unit_twice": _l("One inventory number stands in two places."),
    "name_changed": _l("An item, a lot or a warehouse no longer bears the name that its papers cite."),
    "expiry_changed": _l("A lot expires on another day than its papers say."),
}


@pages.get("/audit/proof")
@login_required
def proof() -> Answer:
    own = access.require_somewhere(me(), "ledger.verify")
    runs = list(db.session.scalars(select(Verification).order_by(Verification.id.desc()).limit(SHOWN)))
    entries = _entries()
    return render_template(
        "audit/proof.html",
        tabs=tabs(),
        last=runs[0] if runs else None,
        differences=[one for one in runs[0].first_differences if _is_seen(one, own)] if runs else [],
        finding_of=lambda code: str(FINDINGS.get(code, code)),
        runs=runs,
        entries=entries,
        is_small=entries <= MOST_AT_ONCE,
        register_of=register_of,
    )


def _is_seen(difference: dict[str, Any], own: frozenset[int] | None) -> bool:
    """A difference of another's warehouse is counted, not told."""
    if own is None:
        return True
    codes = set(db.session.scalars(select(Warehouse.code).where(Warehouse.id.in_(own))))
    return str(difference.get("register", "")).partition("/")[0] in codes


def register_of(difference: dict[str, Any]) -> str | None:
    """The address of the register in which a difference stands."""
    code, _slash, year = str(difference.get("register", "")).rpartition("/")
    return asked.way("audit.register", code=code, year=int(year)) if code and year.isdigit() else None


def _entries() -> int:
    return int(db.session.scalar(select(func.count()).select_from(Entry)) or 0)


@pages.post("/audit/proof")
@login_required
def verify() -> Answer:
    """Works the whole ledger out again, at once while it is small, and keeps the result."""
    access.require_somewhere(me(), "ledger.verify")
    if _entries() > MOST_AT_ONCE:
        flash(_("The ledger is too long to verify while you wait: run flask verify on the server."), "warning")
        return redirect(url_for("audit.proof"))  # type: ignore[return-value]
    started_at, tally = clock.now(), ledger.Tally()
    found = list(documents.verify(tally))
    with transaction():
        db.session.add(
            Verification(
                started_at=started_at,
                finished_at=clock.now(),
                entries=tally.entries,
                movements=tally.movements,
                differences=len(found),
                first_differences=[asdict(one) for one in found[:KEPT]],
            )
        )
    if found:
        flash(_("Differences were found: see below."), "refused")
    else:
        flash(_("Everything agrees."), "posted")
    return redirect(url_for("audit.proof"))  # type: ignore[return-value]
