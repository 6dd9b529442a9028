"""What the pages of audit share: the ways between them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from inventory.web.asked import me

pages = Blueprint("audit", __name__)
Answer = Response | str | tuple[str, int]


def tabs() -> list[dict[str, Any]]:
    """The views of audit that the policy opens to the person: a question, the books, the proof, the trail."""
    views = (
        ("audit.question", _("Trace"), me().may_somewhere("document.read")),
        ("audit.registers", _("Registers"), me().may_somewhere("document.read")),
        ("audit.proof", _("Proof"), me().may_somewhere("ledger.verify")),
        ("audit.trail", _("Audit trail"), me().may("audit.read")),
    )
    return [
        {"label": word, "href": url_for(endpoint), "is_current": request.endpoint == endpoint}
        for endpoint, word, opens in views
        if opens
    ]
