"""One paper, on the screen as on paper: head, lines, attestations, proof, what it cites and what cites it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import uuid4

from flask import current_app, render_template
from flask_login import login_required

from inventory import codes, documents, languages, ledger, printing
from inventory.documents import Document, Filters
from inventory.names import Names
from inventory.papers import FORMS
from inventory.papers.note import Line, Note
from inventory.papers.wording import ROLES
from inventory.printing import known_of
from inventory.web.asked import way
from inventory.web.documents.desk import in_language, me, pages, readable, word_of

LONGEST_FAMILY = 50
_ALWAYS = ("quantity", "sent", "in", "out", "value")


@dataclass(frozen=True, slots=True)
class Acts:
    """What may be done with a paper now, by the person who looks at it."""

    reverse: bool
    copy: bool
    label: bool
    receive: bool


@pages.get("/documents/<int:document_id>")
@login_required
def show(document_id: int) -> str:
    document = readable(document_id)
    note = printing.note_of(document)
    language = languages.language()
    citing = _citing(document)
    lines = [_line(line, given, language) for line, given in zip(note.lines, document.lines, strict=True)]
    return render_template(
        "documents/show.html",
        document=document,
        note=note,
        word=word_of(note.kind),
        kind=note.kind,
        lines=lines,
        columns=[key for key in FORMS[note.kind].columns if _is_told(key, lines)],
        total=None if note.total is None else Decimal(note.total).scaleb(-2),
        attestations=_attestations(note, language),
        said=_Said(note, language),
        qr=codes.svg(codes.address(current_app.config["PUBLIC_URL"], document.code)),
        code=codes.grouped(document.code),
        is_unchanged=ledger.is_unchanged(document.entry_id),
        cites=_cited(document),
        citing=[(one, word_of(one.kind)) for one in citing],
        acts=acts_on(document),
        proof=way("audit.proof"),
        key=str(uuid4()),
    )


class _Said:
    """The names of a paper's head in the reader's language."""

    def __init__(self, note: Note, language: str) -> None:
        form = FORMS[note.kind]
        self.warehouse = in_language(note.warehouse, language)
        self.other_side = in_language(note.other_side, language)
        self.other_label = in_language(form.other_side, language)
        self.warehouse_label = in_language(form.warehouse, language)
        self.origin = in_language(note.origin, language)
        self.reason = in_language(note.reason, language)
        self.facts = [(in_language(label, language), text) for label, text in note.facts]


def _line(line: Line, given: dict[str, Any], language: str) -> dict[str, Any]:
    return {
        "item": line.item,
        "name": in_language(line.names, language),
        "unit": in_language(line.unit, language),
        "lot": line.lot,
        "expires_on": line.expires_on,
        "numbers": line.numbers,
        "location": line.location,
        "target_location": line.target_location,
        "quantity": line.quantity,
        "received": line.quantity_received,
        "difference": None if line.quantity_received is None else line.quantity_received - line.quantity,
        "unit_cost": line.unit_cost,
        "value": None if line.value is None else Decimal(line.value).scaleb(-2),
        "reason": given.get("reason"),
    }


def _is_told(column: str, lines: list[dict[str, Any]]) -> bool:
    """Whether a column says anything: goods without lots have no lot, and what is under way is not received yet."""
    names = {"lot": ("lot", "numbers", "expires_on")}.get(column, (column,))
    return any(line.get(name, "") not in (None, "") for line in lines for name in names) or column in _ALWAYS


def _attestations(note: Note, language: str) -> list[dict[str, Any]]:
    """Who attests what: the one who posted by name, the others by hand on the print."""
    return [
        {
            "role": in_language(ROLES[role], language),
            "name": note.people[role].name if role in note.people else "",
            "quality": in_language(note.people[role].quality if role in note.people else Names(), language),
            "on": note.people[role].on if role in note.people else None,
        }
        for role in FORMS[note.kind].roles
    ]


def _citing(document: Document) -> list[Document]:
    """The papers that stand on this one: receipts and settlements of a transfer."""
    found, _more = documents.find_documents(Filters(cites_id=document.entry_id), limit=LONGEST_FAMILY)
    return found


def _cited(document: Document) -> list[dict[str, Any]]:
    """The papers this one stands on, and the other half of a reversal, each with why it is named."""
    known = known_of([document], with_lines=False)
    named = (("reverses", document.reverses_id), ("reversed_by", document.reversed_by_id), ("cites", document.cites_id))
    return [
        {"why": why, "paper": known.papers[id_], "word": word_of(known.papers[id_].kind)}
        for why, id_ in named
        if id_ is not None and id_ in known.papers
    ]


def acts_on(document: Document) -> Acts:
    """Only what may really be done is offered."""
    person, kind = me(), document.kind
    return Acts(
        reverse=documents.may_reverse(document, by=person),
        copy=kind in documents.KINDS
        and kind != "transfer_receipt"
        and person.may(f"{kind}.post", document.warehouse_id),
        label=person.may("label.print", document.warehouse_id),
        receive=documents.may_receive(document, by=person),
    )
