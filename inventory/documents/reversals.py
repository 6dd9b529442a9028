"""Reversals: the mirror of a posted paper, once, and never of a mirror (law 2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import aliased

from inventory import codes, ledger, warehouses
from inventory.access import Identity, require
from inventory.catalogue import Item, Lot
from inventory.database import db
from inventory.documents.contents import mirror_of
from inventory.documents.goods import goods_with_codes
from inventory.documents.kinds import KINDS
from inventory.documents.orders import fingerprint
from inventory.documents.papers import Document, document_of
from inventory.documents.posting import (
    guard_date,
    key_faults,
    locked_store,
    opened_book,
    replayed,
    review_alerts,
    touched_by,
)
from inventory.errors import AlreadyReversed, Fault, NotReversible, fault, refuse
from inventory.ledger import Entry, Heading, Movement, Place, Shift
from inventory.texts import text_faults
from inventory.warehouses import Location, Warehouse


def reverse(
    entry_id: int, reason: str, *, by: Identity, today: date, at: datetime, key: str, on: date | None = None
) -> Document:
    """Posts the mirror of a paper: what moved moves back, at the value it moved with (laws 2 and 7).

    Who could post the paper may reverse it. Raises AlreadyReversed, NotReversible, CountBarrier, or what a posting
    raises.
    """
    first = document_of(entry_id)
    refuse(_faults(first, reason, on) + key_faults(key))
    rows = _moved(entry_id)
    premises = ledger.lock({first.warehouse, *(store for row in rows for store in row.stores)})
    store = locked_store(premises, first.warehouse)
    permit_reversal(first, by=by)
    goods = goods_with_codes({row.item for row in rows}, [one.id for one in premises.stores.values()])
    day = on or today
    book = opened_book(premises, store, goods, on=day, kind="reversal", key=key)
    mark = fingerprint(by.id, {"reverses": entry_id, "reason": reason, "on": on})
    if book.known is not None:
        return replayed(book.known, by, mark)
    _refuse_irreversible(document_of(entry_id))  # read again: it may have been reversed while the pen was elsewhere
    shifts = [row.mirror for row in rows]
    guard_date(premises, book, on=day, today=today)
    ledger.guard_counts(day, touched_by(shifts), today=today)
    ledger.guard_reversal(entry_id, touched_by(shifts))
    difference = warehouses.outside("valuation_difference")
    settled = book.prepare(shifts, day, Place(difference.id, difference.code, difference.kind, None))
    heading = Heading(
        "reversal", day, at, by.id, key, mark, codes.mint(codes.Kind.DOCUMENT),
        reverses_id=entry_id, cites_id=first.cites_id,
    )  # fmt: skip
    paper = mirror_of(first.content, first.reference, reason.strip(), day.isoformat(), book, settled)
    entry = book.post(heading, settled, paper)
    review_alerts(book, goods, settled, today=today, at=at, entry_id=entry.id)
    return Document.of(entry, by=by.username, store=store.code, is_practice=store.is_practice)


def permit_reversal(document: Document, *, by: Identity) -> None:
    """Who could post a paper may reverse it; NotAllowed for anybody else."""
    for action in _needed(document):
        require(by, action, document.warehouse_id)


def may_reverse(document: Document, *, by: Identity) -> bool:
    """Whether somebody may reverse a paper as it stands now."""
    is_allowed = all(by.may(action, document.warehouse_id) for action in _needed(document))
    return is_allowed and document.reversed_by is None and _why_irreversible(document) is None


def _needed(document: Document) -> list[str]:
    kind = KINDS.get(document.kind)
    return ["reversal.post"] + ([kind.action] if kind else [])


@dataclass(frozen=True, slots=True)
class Moved:
    """A movement that goes back: its mirror, its item, and the warehouses it concerns (those a road leads to
    included)."""

    mirror: Shift
    item: str
    stores: tuple[str, ...]


def _moved(entry_id: int) -> list[Moved]:
    """The movements of an entry, last first, so that what came last goes back first."""
    source, target = aliased(Location), aliased(Location)
    rows = db.session.execute(
        select(Movement, Item.code, Item.tracking, source, target, Lot.number, Lot.expires_on)
        .join(Item, Item.id == Movement.item_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(source, source.id == Movement.source_id)
        .join(target, target.id == Movement.target_id)
        .where(Movement.entry_id == entry_id)
        .order_by(Movement.line.desc())
    ).all()
    places = [place for row in rows for place in (row[3], row[4])]
    concerned = {place.warehouse_id for place in places} | {place.destination_id for place in places}
    known = db.session.execute(select(Warehouse.id, Warehouse.code).where(Warehouse.id.in_(concerned - {None})))
    stores = {row.id: row.code for row in known}
    return [
        Moved(
            Shift(
                line, m.item_id, item, _place(to), _place(came_from), m.quantity, m.lot_id, tracking, m.value,
                m.unit_cost, mirrors=True, first_number=m.first_number, last_number=m.last_number, lot=lot,
                expires_on=expires_on,
            ),
            item,
            tuple(
                stores[id_]
                for place in (came_from, to)
                for id_ in (place.warehouse_id, place.destination_id)
                if id_ is not None
            ),
        )
        for line, (m, item, tracking, came_from, to, lot, expires_on) in enumerate(rows, start=1)
    ]  # fmt: skip


def _place(location: Location) -> Place:
    return Place(location.id, location.code, location.kind, location.warehouse_id, location.destination_id)


def _faults(first: Document, reason: str, on: date | None) -> list[Fault]:
    found = text_faults("/reason", reason, 500)
    if not reason.strip():
        found.append(fault("/reason", "required", _l("Say why the paper is reversed.")))
    if on is not None and on < first.on:
        message = _l("A paper is not reversed before its own day, %(on)s.")
        found.append(fault("/on", "too_early", message, on=first.on))
    return found


def _refuse_irreversible(first: Document) -> None:
    if first.reversed_by is not None:
        raise AlreadyReversed(number=first.reference, reversed_by=first.reversed_by)
    if why := _why_irreversible(first) or _why_not_back(first):
        raise NotReversible(number=first.reference, why=why)


def _why_irreversible(first: Document) -> Any:
    """Why a paper can never, or not yet, be reversed; None when it can."""
    if first.kind == "reversal":
        return _l("it is itself a reversal; post a new paper instead.")
    if first.kind == "transfer" and _is_cited(first.entry_id):
        return _l("some of it was received or settled; reverse that paper first.")
    return None


def _why_not_back(first: Document) -> Any:
    """Why goods cannot go back to where they lay: a place out of use takes nothing, and what lay there could neither be
    moved on by its name nor counted. None when all of them are in use. The reversal is offered all the same: who asks
    for it is told the way out."""
    retired = db.session.scalars(
        select(Location.code)
        .join(Movement, Movement.source_id == Location.id)
        .where(Movement.entry_id == first.entry_id, Location.warehouse_id.is_not(None), Location.is_active.is_(False))
        .distinct()
        .order_by(Location.code)
    ).all()
    if not retired:
        return None
    return _l(
        "goods would go back to “%(places)s”, which is out of use; take it into use again first.",
        places=", ".join(retired),
    )


def _is_cited(entry_id: int) -> bool:
    """Whether a paper that stands cites this one."""
    reversal = aliased(Entry)
    citing = select(Entry.id).where(
        Entry.cites_id == entry_id,
        Entry.kind != "reversal",
        ~select(reversal.id).where(reversal.reverses_id == Entry.id).exists(),
    )
    return db.session.scalar(citing.limit(1)) is not None
