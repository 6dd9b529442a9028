"""Papers and cards as PDF."""

from __future__ import annotations

import re

from flask import Response
from flask_login import login_required

from inventory import clock, printing, warehouses
from inventory.access import require
from inventory.catalogue import get_item
from inventory.web import asked
from inventory.web.documents.desk import me, pages, readable


@pages.get("/documents/<int:document_id>.pdf")
@login_required
def pdf(document_id: int) -> Response:
    """The paper to sign: Arabic first, French beside it."""
    document = readable(document_id)
    return pdf_answer(printing.document_pdf(document), document.reference)


@pages.get("/stock/<warehouse>/<path:item>/card.pdf")
@login_required
def card(warehouse: str, item: str) -> Response:
    """The stock card of an item in a warehouse; this year, unless the address says ``from`` and ``to``."""
    store = warehouses.get_warehouse(warehouse)
    require(me(), "stock.read", store.id)
    thing, today = get_item(item), clock.today()
    first_on, asked_last_on = asked.days(latest=today)
    last_on = asked_last_on or today
    content = printing.card_pdf(thing, store, first_on or last_on.replace(month=1, day=1), last_on, today=today)
    return pdf_answer(content, f"{warehouse} {thing.code} {last_on.isoformat()}")


def pdf_answer(content: bytes, name: str) -> Response:
    """A PDF shown in the browser, with a name that says what it is when it is kept."""
    response = Response(content, content_type="application/pdf")
    filename = re.sub(r"[^\w.-]+", "-", name, flags=re.ASCII).strip("-") or "paper"
    response.headers.set("Content-Disposition", "inline", filename=f"{filename}.pdf")
    return response
