"""Drafts: one's own papers being written."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import select

from inventory import clock, documents
from inventory.access import require_somewhere
from inventory.api.acting import acting
from inventory.api.answers import answer, opened, page
from inventory.api.creating import create
from inventory.api.documents import entry_id_of as number_of
from inventory.api.noun import Noun
from inventory.api.scope import permitted
from inventory.database import db, page_of, transaction
from inventory.documents import KINDS, Draft, get_draft
from inventory.schemas.drafts import DraftChange, DraftIn, DraftOut, DraftPage, DraftQuery
from inventory.warehouses import Warehouse

calls = Noun("drafts", __name__, "Papers being written: no number, nobody else's.")


@calls.call("GET", "/drafts", query=DraftQuery(), answers=DraftPage())
def list_(query: dict[str, Any]) -> Response:
    """List one's drafts

    The newest first.
    """
    by = acting()
    require_somewhere(by, "document.read")
    question = _drafts().where(Draft.owner_id == by.id)
    if (after := opened(query.get("cursor"), "drafts")) is not None:
        question = question.where(Draft.id < after[0])
    rows, last = page_of(question.order_by(Draft.id.desc()), query["limit"])
    return page([_draft(*row) for row in rows], (last.Draft.id,) if last else None, "drafts")


@calls.call("POST", "/drafts", body=DraftIn(), answers=DraftOut(), is_creating=True)
def add(data: dict[str, Any], *, key: str) -> Response:
    """Keep a new draft"""
    by = acting()
    place = permitted(by, KINDS[data["kind"]].action, data["warehouse"])

    def perform() -> dict[str, Any]:
        kept = documents.keep_draft(data["content"], kind=data["kind"], warehouse_id=place.id, by=by, at=clock.now())
        return _draft(kept, place.code)

    return create("POST /drafts", data, by=by, key=key, perform=perform)


@calls.call("GET", "/drafts/<string:draft_id>", answers=DraftOut())
def read(draft_id: str) -> Response:
    """Read a draft"""
    draft = get_draft(number_of(draft_id), by=acting())
    return answer(_draft(draft, db.session.get_one(Warehouse, draft.warehouse_id).code))


@calls.call("PUT", "/drafts/<string:draft_id>", body=DraftChange(), answers=DraftOut())
def change(data: dict[str, Any], draft_id: str) -> Response:
    """Save a draft again

    Refused when it was saved elsewhere since `revision`.
    """
    by = acting()
    place = permitted(by, KINDS[data["kind"]].action, data["warehouse"])
    with transaction():
        kept = documents.keep_draft(
            data["content"], kind=data["kind"], warehouse_id=place.id, by=by, at=clock.now(),
            draft_id=number_of(draft_id), revision=data["revision"],
        )  # fmt: skip
        content = _draft(kept, place.code)
    return answer(content)


@calls.call("DELETE", "/drafts/<string:draft_id>")
def drop(draft_id: str) -> Response:
    """Throw a draft away"""
    with transaction():
        documents.drop_draft(number_of(draft_id), by=acting())
    return Response(status=204)


def _drafts() -> Any:
    return select(Draft, Warehouse.code).join(Warehouse, Warehouse.id == Draft.warehouse_id)


def _draft(draft: Draft, warehouse: str) -> dict[str, Any]:
    return {
        "id": str(draft.id),
        "kind": draft.kind,
        "warehouse": warehouse,
        "content": draft.content,
        "changed_at": draft.changed_at,
        "revision": draft.revision,
    }
