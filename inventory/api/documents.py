"""Papers: post, reverse, read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response

from inventory import clock, documents
from inventory.access import require_somewhere
from inventory.api.acting import acting
from inventory.api.answers import answer as answered
from inventory.api.answers import code_url, created, money, opened, page
from inventory.api.noun import Noun
from inventory.api.scope import within
from inventory.catalogue import get_item
from inventory.database import transaction
from inventory.documents import Document, Filters
from inventory.errors import found
from inventory.printing.notes import document_pdf, worth_of
from inventory.schemas.documents import PaperIn, PaperOut, PaperPage, PaperQuery, ReversalIn, order_of

calls = Noun("documents", __name__, "Papers: the only way goods move.")

_LARGEST_ID = 2**63 - 1


@calls.call("POST", "/documents", body=PaperIn(), answers=PaperOut(), is_creating=True)
def post(data: dict[str, Any], *, key: str) -> Response:
    """Post a paper

    One paper of any kind: refused whole with every bad line, or numbered, chained and posted.
    """
    order = order_of(data)
    with transaction():
        document = documents.post(order, by=acting(), today=clock.today(), at=clock.now(), key=key)
    return created(paper(document), is_replay=document.is_replay)


@calls.call("POST", "/documents/<string:document_id>/reversal", body=ReversalIn(), answers=PaperOut(), is_creating=True)
def reverse(data: dict[str, Any], document_id: str, *, key: str) -> Response:
    """Reverse a paper

    Posts its mirror, once; the first paper stays and names its reversal.
    """
    by, entry_id = acting(), entry_id_of(document_id)
    require_somewhere(by, "reversal.post")
    with transaction():
        document = documents.reverse(
            entry_id, data["reason"], by=by, today=clock.today(), at=clock.now(), key=key, on=data["on"]
        )
    return created(paper(document), is_replay=document.is_replay)


@calls.call("GET", "/documents", query=PaperQuery(), answers=PaperPage())
def list_(query: dict[str, Any]) -> Response:
    """List papers

    The newest day first. `warehouse` is the one in whose register they stand.
    """
    filters = Filters(
        warehouse_ids=within(acting(), "document.read", query.get("warehouse")),
        kinds=(query["kind"],) if "kind" in query else (),
        item_id=get_item(query["item"]).id if "item" in query else None,
        first_on=query.get("first_on"),
        last_on=query.get("last_on"),
    )
    before: tuple[date, int] | None = opened(query.get("cursor"), "documents")
    found, following = documents.find_documents(filters, before=before, limit=query["limit"])
    return page([paper(one) for one in found], following, "documents")


@calls.call("GET", "/documents/<string:document_id>", answers=PaperOut())
def read(document_id: str) -> Response:
    """Read a paper"""
    by = acting()
    require_somewhere(by, "document.read")
    document = documents.document_of(entry_id_of(document_id))
    documents.permit_reading(document, by=by)
    return answered(paper(document))


@calls.call("GET", "/documents/<string:document_id>.pdf")
def pdf(document_id: str) -> Response:
    """Print a paper

    The PDF (`application/pdf`), Arabic first and French beside it.
    """
    by = acting()
    require_somewhere(by, "document.read")
    document = documents.document_of(entry_id_of(document_id))
    documents.permit_reading(document, by=by)
    headers = {"Content-Disposition": f'inline; filename="{document.id}.pdf"'}
    return Response(document_pdf(document), mimetype="application/pdf", headers=headers)


def entry_id_of(document_id: str) -> int:
    """The entry behind an opaque id; NotFound when it cannot be one of ours."""
    is_number = document_id.isascii() and document_id.isdigit() and len(document_id) < 20
    entry_id = int(document_id) if is_number else 0
    return found(entry_id if 0 < entry_id <= _LARGEST_ID else None, document_id[:60])


def paper(document: Document) -> dict[str, Any]:
    """A paper as this API answers it (DESIGN §5, "as answered")."""
    content = document.content
    lines = [line_of(line) | {"direction": way} for line, way in zip(content["lines"], document.ways, strict=True)]
    return {
        "id": document.id,
        "kind": document.kind,
        "number": document.number,
        "reference": document.reference,
        "warehouse": document.warehouse,
        "is_practice": document.is_practice,
        "on": document.on,
        "recorded_at": document.recorded_at,
        "by": document.by,
        "register": {
            "warehouse": document.warehouse,
            "year": document.year,
            "position": document.position,
            "hash": document.hash,
            "previous": document.previous_hash,
        },
        "code": document.code,
        "code_url": code_url(document.code),
        "reverses": None if document.reverses_id is None else str(document.reverses_id),
        "reversed_by": None if document.reversed_by_id is None else str(document.reversed_by_id),
        "cites": None if document.cites_id is None else str(document.cites_id),
        "source": content.get("source"),
        "target": content.get("target"),
        "origin": content.get("origin"),
        "reason": content.get("reason"),
        "note": content.get("note") or "",
        "details": content.get("details") or {},
        "lines": lines,
        "value": money(Decimal(worth_of(document)).scaleb(-2)),
    }


def line_of(line: dict[str, Any]) -> dict[str, Any]:
    """A line as recorded; what was added to the record later is given even where an old paper lacks it."""
    return {"first_number": None, "last_number": None, "direction": None, "target_location": None, **line}
