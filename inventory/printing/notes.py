"""Posted papers as they are printed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import BigInteger, func, select, type_coerce
from sqlalchemy.orm import aliased

from inventory import papers, settings
from inventory.amounts import decimal_figures
from inventory.catalogue import Item, Lot
from inventory.database import Quantity, db
from inventory.documents import Document
from inventory.ledger import Entry, Movement
from inventory.names import NAMELESS, Names
from inventory.papers import FORMS, Line, Mark, Note, Person, RegisterMark, Role
from inventory.printing.naming import Known, known_of, other_side
from inventory.printing.office import office, printed
from inventory.warehouses import PRACTICE

ORIGINS = {
    "purchase": Names(ar="شراء", fr="Achat", en="Purchase"),
    "donation": Names(ar="هبة", fr="Don", en="Donation"),
    "recovery": Names(ar="استرجاع", fr="Récupération", en="Recovery"),
}
DETAILS = {"delivery_note": Names(ar="وصل التسليم", fr="Bon de livraison", en="Delivery note")}
ROAD_KINDS = ("transfer", "transfer_receipt")

# Who posts a paper attests to it in this quality; the others sign by hand.
POSTS_AS = {
    "issue": Role.ISSUES,
    "transfer": Role.SENDER,
    "transfer_receipt": Role.RECEIVER,
    "write_off": Role.DECLARANT,
}

Lots = dict[tuple[str, str], Decimal]


def document_pdf(document: Document) -> bytes:
    """The PDF of a posted paper. Raises PressBusy."""
    paper = note_of(document)
    return printed(lambda press: papers.note_pdf(paper, office(document.on), press))


def draft_pdf(paper: Note) -> bytes:
    """The PDF of a paper as it would be posted, from ``note_of(…, is_draft=True)``. Raises PressBusy."""
    return printed(lambda press: papers.note_pdf(paper, office(paper.on), press))


def note_of(document: Document, *, is_draft: bool = False) -> Note:
    """A posted paper with its names; ``is_draft`` leaves out what only posting gives."""
    known = known_of([document])
    kind = document.form
    cited = known.papers.get(document.cites_id or 0)
    reversal = known.papers.get(document.reversed_by_id or 0)
    return Note(
        kind=kind,
        on=document.on,
        warehouse=known.warehouses[document.warehouse],
        lines=tuple(_lines(document, known)),
        number=""
        if is_draft
        else f"{PRACTICE.strip('-')} {document.number}"
        if document.is_practice
        else document.number,
        reference="" if is_draft else document.reference,
        code="" if is_draft else document.code,
        register=None if is_draft else _register(document),
        recorded_at=document.recorded_at.astimezone(ZoneInfo(current_app.config["TIMEZONE"])),
        by=known.people.get(document.actor_id, document.by),
        other_side=other_side(document, known) if FORMS[kind].other_side.ar else NAMELESS,
        origin=ORIGINS.get(document.content.get("origin") or "", NAMELESS),
        reason=_reason(document, kind, known),
        cites=cited.reference if cited else "",
        reverses=document.reverses or "",
        reversed_by=reversal.reference if reversal else "",
        facts=tuple((DETAILS[key], str(value)) for key, value in _details(document)),
        note=document.content.get("note") or "",
        mark=_mark(document, is_draft),
        people=_people(document, kind, known),
    )


def worth_of(document: Document) -> int:
    """What a paper is worth, in centimes, as it stands on its print."""
    values = (int(Decimal(line["value"]) * 100) for line in document.lines)
    ways = (way == "out" for way in document.ways)
    return papers.worth(document.form, list(zip(values, ways, strict=True)))


def received_of(transfer_id: int) -> Lots | None:
    """What arrived of a transfer, by item and lot in base units; None while nothing was received."""
    reversal = aliased(Entry)
    stands = ~select(reversal.id).where(reversal.reverses_id == Entry.id).exists()
    return _moved(Entry.cites_id == transfer_id, Entry.kind == "transfer_receipt", stands) or None


def sent_of(transfer_id: int) -> Lots:
    """What a transfer sent, by item and lot in base units, whatever became of it since."""
    return _moved(Entry.id == transfer_id)


def _moved(*conditions: Any) -> Lots:
    rows = db.session.execute(
        select(Item.code, Lot.number, func.sum(type_coerce(Movement.quantity, BigInteger)))
        .join(Entry, Entry.id == Movement.entry_id)
        .join(Item, Item.id == Movement.item_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .where(*conditions)
        .group_by(Item.code, Lot.number)
    )
    return {(item, lot): Quantity.to_decimal(int(amount)) for item, lot, amount in rows}


def _lines(document: Document, known: Known) -> Iterable[Line]:
    kind = document.form
    road = _road(document, kind)
    for line, way, (quantity, received) in zip(document.lines, document.ways, road, strict=True):
        is_on_road = kind in ROAD_KINDS
        is_priced = line["unit_cost"] is not None or Decimal(line["value"]) != 0
        numbers = f"{line['first_number']}–{line['last_number']}" if line["first_number"] is not None else ""
        place, target = _places(document, line, kind)
        yield Line(
            item=line["item"],
            names=known.item(line["item"]),
            unit=known.unit(line["base_unit"]) if is_on_road else _unit(line, known),
            quantity=-quantity if way == "out" else quantity,
            lot=line["lot"] or "",
            expires_on=date.fromisoformat(line["expires_on"]) if line["expires_on"] else None,
            numbers=numbers,
            location=place,
            target_location=target,
            unit_cost=Decimal(line["unit_cost"]) if line["unit_cost"] is not None else None,
            value=int(Decimal(line["value"]) * 100) if is_priced else None,
            quantity_received=received,
        )


def _unit(line: dict[str, Any], known: Known) -> Names:
    """What a line counts in: of a packaging also how much that is, ``carton (= 100 boîte)``."""
    base = known.unit(line["base_unit"])
    if line["unit"] == line["base_unit"]:
        return base
    packed, amount = known.unit(line["unit"]), decimal_figures(Decimal(line["base_quantity"]))
    return Names(
        ar=f"{packed.arabic} (= {amount} {base.arabic})",
        fr=f"{packed.french} (= {amount} {base.french})",
        en=f"{packed.en} (= {amount} {base.en})" if packed.en and base.en else "",
    )


def _places(document: Document, line: dict[str, Any], kind: str) -> tuple[str, str]:
    """Where goods lay and where they went, inside the warehouse. What comes off the road lay nowhere here: it went to a
    shelf, or was lost."""
    if document.cites_id is None or kind not in ("move", "write_off"):
        return line["location"] or "", line["target_location"] or ""
    shelf = (line["location"] or "") if kind == "move" else ""
    return ("", shelf) if document.reverses_id is None else (shelf, "")


def _road(document: Document, kind: str) -> list[tuple[Decimal, Decimal | None]]:
    """Per line what was sent (or simply moved) and what was received; transfers count in base units."""
    lines = document.lines
    if kind not in ROAD_KINDS or (kind == "transfer" and document.reverses_id is not None):
        name = "base_quantity" if kind in ROAD_KINDS else "quantity"
        return [(Decimal(line[name]), None) for line in lines]
    amounts = [Decimal(line["base_quantity"]) for line in lines]
    if kind == "transfer":
        received = received_of(document.entry_id)
        shares = _shared(lines, amounts, received) if received is not None else [None] * len(lines)
        return list(zip(amounts, shares, strict=True))
    return list(zip(_shared(lines, amounts, sent_of(document.cites_id or 0)), amounts, strict=True))


def _shared(lines: list[dict[str, Any]], amounts: list[Decimal], totals: Lots) -> list[Decimal]:
    """Totals by item and lot laid over the lines that name them, in order; the last line of each takes the rest."""
    left = dict(totals)
    last = {(line["item"], line["lot"] or ""): index for index, line in enumerate(lines)}
    shares = []
    for index, (line, amount) in enumerate(zip(lines, amounts, strict=True)):
        key = (line["item"], line["lot"] or "")
        rest = left.get(key, Decimal(0))
        share = rest if last[key] == index else min(rest, amount)
        left[key] = rest - share
        shares.append(share)
    return shares


def _register(document: Document) -> RegisterMark:
    return RegisterMark(f"{document.warehouse}/{document.year}", document.position, document.hash)


def _reason(document: Document, kind: str, known: Known) -> Names:
    """The reason that was chosen, and what was written beside it."""
    said = document.content.get("reason") or ""
    sides = [document.content.get(name) or {} for name in ("target", "source")]
    chosen = next((known.side(side) for side in sides if "reason" in side), NAMELESS)
    if not said or chosen == NAMELESS:
        return Names(fr=said) if said else chosen
    return chosen.each(lambda name: f"{name} · {said}")


def _details(document: Document) -> list[tuple[str, Any]]:
    details = document.content.get("details") or {}
    return [(key, details[key]) for key in DETAILS if details.get(key)]


def _mark(document: Document, is_draft: bool) -> Mark | None:
    if document.is_practice:
        return Mark.PRACTICE
    if is_draft:
        return Mark.DRAFT
    return Mark.REVERSED if document.reversed_by_id is not None else None


def _people(document: Document, kind: str, known: Known) -> dict[Role, Person]:
    decided = settings.values_of(["signatory_authorises_fr", "signatory_authorises_ar"], on=document.on)
    quality = Names(ar=decided["signatory_authorises_ar"], fr=decided["signatory_authorises_fr"])
    people = {Role.AUTHORISES: Person(quality=quality)}
    own = POSTS_AS.get(kind, Role.STOREKEEPER)
    people[own] = Person(name=known.people.get(document.actor_id, document.by), on=document.on)
    cited = known.papers.get(document.cites_id or 0)
    if kind == "transfer_receipt" and cited:
        people[Role.SENDER] = Person(name=known.people.get(cited.actor_id, ""))
    return people
