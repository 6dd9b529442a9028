"""Posting: the only door into the ledger. A paper is checked, numbered, chained, and its alerts reviewed, in one go."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import aliased

from inventory import codes, ledger, warehouses
from inventory.access import Identity, require
from inventory.catalogue import Item
from inventory.database import db
from inventory.documents.desk import Desk, Made
from inventory.documents.goods import goods_of
from inventory.documents.kinds import KINDS
from inventory.documents.orders import Order, fingerprint
from inventory.documents.papers import Document, document_of
from inventory.errors import AlreadyReversed, InvalidRequest, KeyReused, NotReversible, fault
from inventory.ledger import Book, Entry, Heading, Movement, Place, Premises, Shift, plain
from inventory.parties import Service, Supplier, find
from inventory.replenishment import Review, figures_of, review
from inventory.warehouses import ON_HAND, Location, Warehouse

PAPER_VERSION = 1


def post(order: Order, *, by: Identity, today: date, at: datetime, key: str) -> Document:
    """Posts one paper, inside a transaction that has read nothing yet.

    Returns the document; ``is_replay`` tells that the key had posted it before. Raises a refusal, with every bad line,
    and then nothing has changed.
    """
    kind = KINDS.get(order.kind)
    if kind is None:
        known = ", ".join(KINDS)
        raise InvalidRequest([fault("/kind", "unknown", _l("The kind of paper is one of %(known)s."), known=known)])
    if faults := kind.faults(order):
        raise InvalidRequest(faults)
    needs = kind.needs(order)
    premises = ledger.lock(needs.warehouses, inside=needs.inside, outside=needs.outside)
    store = premises.stores.get(order.warehouse)
    if store is None or not store.is_active:
        raise InvalidRequest(
            [fault("/warehouse", "unknown", _l("There is no warehouse “%(code)s”."), code=order.warehouse)]
        )
    require(by, kind.action, store.id)
    for code in needs.outside:
        if code not in premises.outside:
            premises.outside[code] = _outside(code)
    ids = [one.id for one in premises.stores.values()]
    named = [line.item for line in order.lines] + [line.target_item for line in order.lines if line.target_item]
    goods = goods_of(named, ids, [line.unit for line in order.lines])
    on = order.on or today
    book = Book.turn(store.id, ids, on=on, kind=kind.name, key=key, item_ids=[one.id for one in goods.values()])
    mark = order.fingerprint(by.id)
    if book.known is not None:
        return _replay(book.known, by, mark)
    desk = Desk(order, by, on, store, premises, goods, book)
    kind.make(desk)
    desk.settle()
    shifts = [made.shift for made in desk.made]
    _guard(on, today, premises, shifts)
    settled = book.prepare(shifts, on)
    heading = Heading(kind.name, on, at, by.id, key, mark, codes.mint(codes.Kind.DOCUMENT), cites_id=desk.cites_id)
    entry = book.post(heading, settled, _paper(desk, settled))
    _review(book, goods.values(), settled, on=on, at=at, entry_id=entry.id)
    return Document.of(entry, by=by.username, store=store.code)


def reverse(
    entry_id: int, reason: str, *, by: Identity, today: date, at: datetime, key: str, on: date | None = None
) -> Document:
    """Posts the mirror of a paper: what moved moves back, at the value it moved with (laws 2 and 7)."""
    first = document_of(entry_id)
    if not reason.strip():
        raise InvalidRequest([fault("/reason", "required", _l("Say why the paper is reversed."))])
    rows = _moved(entry_id)
    premises = ledger.lock(
        sorted({first.warehouse, *(code for row in rows for code in (row.source_store, row.target_store) if code)})
    )
    store = premises.stores[first.warehouse]
    require(by, "reversal.post", store.id)
    on = on or today
    ids = [one.id for one in premises.stores.values()]
    goods = goods_of([row.item for row in rows], ids, [])
    book = Book.turn(store.id, ids, on=on, kind="reversal", key=key, item_ids=[one.id for one in goods.values()])
    mark = fingerprint(by.id, {"reverses": entry_id, "reason": reason, "on": on.isoformat() if on != today else None})
    if book.known is not None:
        return _replay(book.known, by, mark)
    _refuse_irreversible(first)
    shifts = [_mirror(row) for row in rows]
    _guard(on, today, premises, shifts)
    difference = warehouses.outside("valuation_difference")
    settled = book.prepare(shifts, on, Place(difference.id, difference.code, difference.kind, None))
    heading = Heading(
        "reversal",
        on,
        at,
        by.id,
        key,
        mark,
        codes.mint(codes.Kind.DOCUMENT),
        reverses_id=entry_id,
        cites_id=first.cites_id,
    )
    entry = book.post(heading, settled, _mirror_paper(first, reason.strip(), on))
    _review(book, goods.values(), settled, on=on, at=at, entry_id=entry.id)
    return Document.of(entry, by=by.username, store=store.code)


def _replay(known: ledger.Known, by: Identity, mark: str) -> Document:
    """The first answer again, to whoever gave the same order; KeyReused to anybody or anything else (law 4)."""
    if known.fingerprint != mark or known.actor_id != by.id:
        raise KeyReused
    document = document_of(known.id)
    document.is_replay = True
    return document


def _outside(code: str) -> Place:
    """An outside place at its first use; InvalidRequest when it stands for an unknown or retired party."""
    kind, _, party_code = code.partition(":")
    if not party_code:
        made = warehouses.outside(kind)
    else:
        side = "target" if kind == "service" else "source"
        party: Service | Supplier
        if kind == "service":
            party = find(Service, party_code, f"/{side}/{kind}")
        else:
            party = find(Supplier, party_code, f"/{side}/{kind}")
        if not party.is_active:
            message = _l("“%(code)s” is out of use.")
            raise InvalidRequest([fault(f"/{side}/{kind}", "retired", message, code=party_code)])
        made = warehouses.place_of(party)
    return Place(made.id, made.code, made.kind, None)


def _guard(on: date, today: date, premises: Premises, shifts: Sequence[Shift]) -> None:
    places = [place for shift in shifts for place in (shift.source, shift.target)]
    ledger.guard_date(
        on,
        today=today,
        warehouse_ids={one.id for one in premises.stores.values()},
        item_ids={shift.item_id for shift in shifts},
        location_ids={place.id for place in places},
        in_service=any(one.in_service_on is not None for one in premises.stores.values()),
    )


def _review(book: Book, goods: Any, shifts: Sequence[Shift], *, on: date, at: datetime, entry_id: int) -> None:
    """Opens or closes alerts, from the page as it stands after the posting (no question asked)."""
    touched = []
    for one in goods:
        for warehouse_id, rule in one.rules.items():
            rows = book.rows_of(one.id, warehouse_id)
            left = [(row, row.quantity + row.delta) for row in rows if row.place.kind in ON_HAND]
            road = sum((_toward(shift, warehouse_id) for shift in shifts if shift.item_id == one.id), Decimal(0))
            figures = figures_of(
                rule,
                on_hand=sum((quantity for _, quantity in left), Decimal(0)),
                expired=sum(
                    (q for row, q in left if row.place.kind == "shelf" and row.expires_on and row.expires_on < on),
                    Decimal(0),
                ),
                quarantined=sum((q for row, q in left if row.place.kind == "quarantine"), Decimal(0)),
                in_transit=Decimal(int(rule.in_transit)).scaleb(-3) + road,
            )
            touched.append(Review(one.id, warehouse_id, figures, rule.alert_id, rule.alert_level))
    review(touched, at=at, entry_id=entry_id)


def _toward(shift: Shift, warehouse_id: int) -> Decimal:
    """What a shift adds to (or takes from) the road to a warehouse."""
    quantity = Decimal(0)
    if shift.target.destination_id == warehouse_id:
        quantity += shift.quantity
    if shift.source.destination_id == warehouse_id:
        quantity -= shift.quantity
    return quantity


def _paper(desk: Desk, settled: Sequence[Shift]) -> str:
    """The whole paper as canonical JSON: what the digest in the chain stands for. Codes and ids, never names."""
    order = desk.order
    values = dict(zip((id(shift) for shift in settled), desk.book.values.values(), strict=True))
    content = {
        "version": PAPER_VERSION,
        "kind": order.kind,
        "warehouse": order.warehouse,
        "on": desk.on.isoformat(),
        "source": _side(order.source),
        "target": _side(order.target),
        "origin": (order.origin or "purchase") if order.kind == "receipt" else None,
        "reason": order.reason,
        "note": order.note,
        "details": order.details,
        "lines": [_line(desk, made, values[id(made.shift)]) for made in desk.made],
    }
    return _canonical(content)


def _line(desk: Desk, made: Made, value: Decimal) -> dict[str, Any]:
    shift = made.shift
    order_line = desk.order.lines[made.line]
    cost = shift.unit_cost
    if cost is None and shift.value is None and made.quantity and value:
        cost = (value / made.quantity).quantize(Decimal("0.000001"))
    store = shift.target if shift.source.warehouse_id is None or shift.source.kind == "transit" else shift.source
    on_hand = sum(
        (
            row.quantity + row.delta
            for row in desk.book.rows_of(shift.item_id, store.warehouse_id or 0)
            if row.place.kind in ON_HAND
        ),
        Decimal(0),
    )
    return {
        "line": made.line + 1,
        "item": made.goods.code,
        "quantity": plain(made.quantity),
        "unit": made.unit,
        "base_quantity": plain(shift.quantity),
        "base_unit": made.goods.unit,
        "lot": made.lot or None,
        "expires_on": made.expires_on.isoformat() if made.expires_on else None,
        "location": shift.source.code
        if shift.source.warehouse_id and shift.source.kind != "transit"
        else shift.target.code,
        "target_location": shift.target.code if shift.source.warehouse_id and shift.target.warehouse_id else None,
        "direction": order_line.direction,
        "first_number": shift.first_number,
        "last_number": shift.last_number,
        "reason": order_line.reason,
        "unit_cost": None if cost is None else f"{cost:f}",
        "value": f"{value:f}",
        "balance": plain(on_hand),
    }


def _side(side: Any) -> dict[str, str] | None:
    return {side.kind: side.code} if side else None


def _canonical(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Moved:
    """A posted movement with what its mirror needs."""

    movement: Movement
    item: str
    tracking: str
    source: Place
    target: Place
    source_store: str | None
    target_store: str | None


def _moved(entry_id: int) -> list[Moved]:
    """The movements of an entry, last first, so that what came last goes back first."""
    source, target = aliased(Location), aliased(Location)
    from_store, to_store = aliased(Warehouse), aliased(Warehouse)
    rows = db.session.execute(
        select(Movement, Item.code, Item.tracking, source, target, from_store.code, to_store.code)
        .join(Item, Item.id == Movement.item_id)
        .join(source, source.id == Movement.source_id)
        .join(target, target.id == Movement.target_id)
        .outerjoin(from_store, from_store.id == Movement.source_warehouse_id)
        .outerjoin(to_store, to_store.id == Movement.target_warehouse_id)
        .where(Movement.entry_id == entry_id)
        .order_by(Movement.line.desc())
    )
    return [
        Moved(m, item, tracking, _place(s), _place(t), s_code, t_code)
        for m, item, tracking, s, t, s_code, t_code in rows
    ]


def _place(location: Location) -> Place:
    return Place(location.id, location.code, location.kind, location.warehouse_id, location.destination_id)


def _mirror(row: Moved) -> Shift:
    m = row.movement
    return Shift(
        m.line, m.item_id, row.item, row.target, row.source, m.quantity, m.lot_id, row.tracking, m.value, m.unit_cost,
        mirrors=True, first_number=m.first_number, last_number=m.last_number,
    )  # fmt: skip


def _refuse_irreversible(first: Document) -> None:
    if first.reversed_by is not None:
        raise AlreadyReversed(number=first.reference, reversed_by=first.reversed_by)
    why = None
    if first.kind == "reversal":
        why = _l("it is itself a reversal; post a new paper instead.")
    elif first.kind == "transfer" and _is_cited(first.entry_id):
        why = _l("some of it was received; reverse the transfer receipt first.")
    if why is not None:
        raise NotReversible(number=first.reference, why=why)


def _is_cited(entry_id: int) -> bool:
    """Whether a paper that stands cites this one."""
    reversal = aliased(Entry)
    return (
        db.session.scalar(
            select(Entry.id)
            .where(Entry.cites_id == entry_id, Entry.kind != "reversal")
            .where(~select(reversal.id).where(reversal.reverses_id == Entry.id).exists())
            .limit(1)
        )
        is not None
    )


def _mirror_paper(first: Document, reason: str, on: date) -> str:
    content = {
        "version": PAPER_VERSION,
        "kind": "reversal",
        "warehouse": first.warehouse,
        "on": on.isoformat(),
        "reverses": first.reference,
        "source": first.content.get("target"),
        "target": first.content.get("source"),
        "origin": None,
        "reason": reason,
        "note": "",
        "details": {},
        "lines": first.content["lines"],
    }
    return _canonical(content)
