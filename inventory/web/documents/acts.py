"""What is done with a posted paper: reverse it, correct it (reverse and write it anew)."""

from __future__ import annotations

from uuid import uuid4

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from inventory import clock, documents
from inventory.database import transaction
from inventory.documents import Document
from inventory.errors import Refusal
from inventory.web.documents import shelves
from inventory.web.documents.desk import me, pages, readable, word_of


@pages.get("/documents/<int:document_id>/reversal")
@login_required
def ask_reversal(document_id: int) -> str:
    """The question as a page of its own, for who has no scripts and for what was refused."""
    document = readable(document_id)
    documents.permit_reversal(document, by=me())
    return _question(document, key=str(uuid4()))


@pages.post("/documents/<int:document_id>/reversal")
@login_required
def reverse(document_id: int) -> Response | tuple[str, int]:
    """Posts the mirror. With ``act=correct`` the same act opens a copy to be put right."""
    document = readable(document_id)
    reason, key = request.form.get("reason", ""), request.form.get("key", "") or str(uuid4())
    is_correction = request.form.get("act") == "correct"
    draft_id = None
    try:
        with transaction():
            mirror = documents.reverse(document_id, reason, by=me(), today=clock.today(), at=clock.now(), key=key)
            if is_correction and not mirror.is_replay:
                draft_id = _copy(document)
    except Refusal as refusal:
        if refusal.status == 403 or refusal.status >= 500:
            raise
        return _question(document, key=key, reason=reason, errors=refusal), refusal.status
    if not mirror.is_replay:
        flash(_("Reversed by %(paper)s.", paper=mirror.reference), "posted")
    if draft_id is not None:
        flash(_("Put the copy right and post it: until then the goods stand as before the first paper."), "warning")
        return redirect(url_for("documents.new", draft=draft_id), 303)  # type: ignore[return-value]
    if is_correction:
        return redirect(url_for("documents.drafts"), 303)  # type: ignore[return-value]
    return redirect(url_for("documents.show", document_id=mirror.entry_id), 303)  # type: ignore[return-value]


def _copy(document: Document) -> int:
    """A draft with what the paper asked for, on its own day."""
    sheet = shelves.copy_of(document)
    sheet.head["on"] = document.on.isoformat()
    draft = documents.keep_draft(
        sheet.content(), kind=sheet.kind, warehouse_id=document.warehouse_id, by=me(), at=clock.now()
    )
    return draft.id


def _question(document: Document, *, key: str, reason: str = "", errors: Refusal | None = None) -> str:
    return render_template(
        "documents/reversal.html", document=document, word=word_of(document.kind), key=key, reason=reason,
        errors=_errors(errors) if errors else [],
    )  # fmt: skip


def _errors(refusal: Refusal) -> list[dict[str, str]]:
    """Every line that cannot move back, and what is wrong with the reason at its field."""
    faults = [(one.pointer.strip("/"), one.sentence()) for one in refusal.faults] or [("", refusal.message())]
    return [{"field": field if field == "reason" else "", "message": message} for field, message in faults]
