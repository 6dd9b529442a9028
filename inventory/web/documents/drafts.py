"""One's drafts: papers begun and not posted."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required

from inventory import documents
from inventory.database import transaction
from inventory.web import asked
from inventory.web.documents.desk import me, pages, word_of
from inventory.web.frame import own_warehouses
from inventory.web.listing import Listing

SHOWN = 50
FILE_COLUMNS = (_l("Paper"), _l("Warehouse"), _l("Lines"), _l("Note"), _l("Last changed"))


@pages.get("/drafts")
@login_required
def drafts() -> Response | str:
    is_file = asked.wants_file()
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
        for draft in documents.drafts_of(me(), limit=None if is_file else SHOWN + 1)
    ]
    if is_file:
        rows = (
            [str(one["word"].title), one["warehouse"], one["lines"], one["note"], one["changed_at"]] for one in found
        )
        return asked.spreadsheet("drafts", FILE_COLUMNS, rows, _("Drafts"))
    listing = Listing(request.path, request.args, (), found[:SHOWN])
    return render_template("documents/drafts.html", listing=listing, has_older=len(found) > SHOWN)


@pages.post("/drafts/<int:draft_id>/drop")
@login_required
def drop(draft_id: int) -> Response:
    with transaction():
        documents.drop_draft(draft_id, by=me())
    flash(_("The draft is thrown away."), "info")
    return redirect(url_for("documents.drafts"), 303)  # type: ignore[return-value]
