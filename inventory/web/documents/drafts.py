"""One's drafts: papers begun and not posted."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import login_required

from inventory import documents
from inventory.database import transaction
from inventory.web.documents.desk import me, pages, word_of
from inventory.web.frame import own_warehouses

SHOWN = 50


@pages.get("/drafts")
@login_required
def drafts() -> str:
    names = {place.id: place.name for place in own_warehouses("document.read")}
    found = [
        {
            "id": draft.id,
            "word": word_of(draft.kind),
            "warehouse": names.get(draft.warehouse_id, ""),
            "lines": draft.lines,
            "note": draft.paper.get("note", ""),
            "changed_at": draft.changed_at,
        }
        for draft in documents.drafts_of(me(), limit=SHOWN + 1)
    ]
    return render_template("documents/drafts.html", drafts=found[:SHOWN], has_older=len(found) > SHOWN)


@pages.post("/drafts/<int:draft_id>/drop")
@login_required
def drop(draft_id: int) -> Response:
    with transaction():
        documents.drop_draft(draft_id, by=me())
    flash(_("The draft is thrown away."), "info")
    return redirect(url_for("documents.drafts"), 303)  # type: ignore[return-value]
