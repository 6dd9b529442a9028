"""The proof: the chain of a register, the last verification."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import select

from inventory.access import require_somewhere
from inventory.api.acting import acting
from inventory.api.answers import answer, opened, page
from inventory.api.noun import Noun
from inventory.api.scope import permitted
from inventory.database import db, page_of
from inventory.documents import reference
from inventory.ledger import Entry, Register, Verification
from inventory.ledger.registers import FIRST_HASH, FORM_VERSION
from inventory.schemas.proof import Proof, ProofQuery, VerificationOut
from inventory.warehouses import Warehouse

calls = Noun("proof", __name__, "The chain of each register, and what the last verification found.")


@calls.call("GET", "/registers/<string:warehouse>/<int:year>/proof", query=ProofQuery(), answers=Proof())
def chain(query: dict[str, Any], warehouse: str, year: int) -> Response:
    """Proof of a register

    Its head (number of entries, hash of the last) and its entries, the newest first: each hash is SHA-256 of the hash
    before it and the canonical form of the entry. A register without entries stands at position 0.
    """
    place = permitted(acting(), "document.read", warehouse)
    head = db.session.execute(
        select(Register.position, Register.hash).where(Register.warehouse_id == place.id, Register.year == year)
    ).one_or_none()
    question = select(
        Entry.id, Entry.position, Entry.kind, Entry.number, Entry.on, Entry.recorded_at, Entry.digest, Entry.hash,
        Entry.previous_hash,
    ).where(Entry.warehouse_id == place.id, Entry.year == year)  # fmt: skip
    of = f"proof of {place.id} {year}"
    if (after := opened(query.get("cursor"), of)) is not None:
        question = question.where(Entry.position < after[0])
    rows, last = page_of(question.order_by(Entry.position.desc()), query["limit"])
    return page(
        [_entry(row, place.code, year) for row in rows],
        (last.position,) if last else None,
        of,
        warehouse=place.code,
        year=year,
        form=FORM_VERSION,
        genesis=FIRST_HASH,
        position=head.position if head else 0,
        hash=head.hash if head else FIRST_HASH,
    )


@calls.call("GET", "/verification", answers=VerificationOut())
def verification() -> Response:
    """The last verification

    `flask verify` works the whole ledger out again every night.
    """
    ids = require_somewhere(acting(), "ledger.verify")
    last = db.session.scalar(select(Verification).order_by(Verification.id.desc()).limit(1))
    if last is None:
        nothing = {"entries": 0, "movements": 0, "differences": 0, "first_differences": []}
        return answer({"started_at": None, "finished_at": None, **nothing})
    differences = last.first_differences
    if ids is not None:
        mine = set(db.session.scalars(select(Warehouse.code).where(Warehouse.id.in_(ids))))
        differences = [one for one in differences if one["register"].partition("/")[0] in mine]
    names = ("started_at", "finished_at", "entries", "movements", "differences")
    return answer({**{name: getattr(last, name) for name in names}, "first_differences": differences})


def _entry(row: Any, warehouse: str, year: int) -> dict[str, Any]:
    return {
        "position": row.position,
        "document": str(row.id),
        "reference": reference(warehouse, row.kind, year, row.number),
        "on": row.on,
        "recorded_at": row.recorded_at,
        "digest": row.digest,
        "previous": row.previous_hash,
        "hash": row.hash,
    }
