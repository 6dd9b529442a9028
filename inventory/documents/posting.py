"""Posting: the only door into the ledger. A paper is checked, numbered, chained, and its alerts reviewed, in one go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from flask_babel import lazy_gettext as _l

from inventory import codes, ledger, warehouses
from inventory.access import Identity, require
from inventory.catalogue import spelled
from inventory.database import Quantity
from inventory.documents.contents import content_of
from inventory.documents.desk import NOTHING, Desk
from inventory.documents.goods import Goods, goods_of, in_known_letters, unit_numbers
from inventory.documents.kinds import KINDS
from inventory.documents.orders import Order
from inventory.documents.papers import Document, document_of
from inventory.errors import Fault, fault, key_reused, refuse, refuse_field
from inventory.ledger import Book, Heading, Known, Place, Premises, Shift, Store, Touched
from inventory.parties import Service, Supplier, find
from inventory.replenishment import Review, figures_of, review, stock_of
from inventory.texts import text_faults

KEY_LENGTH = 80


def post(order: Order, *, by: Identity, today: date, at: datetime, key: str) -> Document:
    """Posts one paper, inside a transaction that has read nothing yet.

    Returns the document; ``is_replay`` tells that the key had posted it before. Raises a refusal, with every bad line,
    and then nothing has changed.
    """
    kind = KINDS.get(order.kind)
    if kind is None:
        known = ", ".join(KINDS)
        refuse_field("/kind", "unknown", _l("The kind of paper is one of %(known)s."), known=known)
    refuse(kind.faults(order) + key_faults(key))
    needs = kind.needs(order)
    premises = ledger.lock(needs.warehouses, inside=needs.inside, outside=needs.outside)
    store = locked_store(premises, order.warehouse)
    require(by, kind.action, store.id)
    goods = goods_of(order, [one.id for one in premises.stores.values()])
    on = order.on or today
    book = opened_book(premises, store, goods, on=on, kind=kind.name, key=key)
    mark = order.fingerprint(by.id)
    if book.known is not None:
        return replayed(book.known, by, mark)
    if not store.is_active:
        refuse_field("/warehouse", "retired", _l("“%(code)s” is out of use."), code=store.code)
    for code in needs.outside:
        if code not in premises.outside:
            premises.outside[code] = _outside(code)
    if not store.is_practice:  # what is practised with stands in no inventory
        order = in_known_letters(order, goods, spelled(unit_numbers(order, goods)))
    desk = Desk(order, store, premises, goods, by, on, today, book)
    kind.make(desk)
    desk.settle(partial(guard_date, premises, book, on=on, today=today))
    shifts = [made.shift for made in desk.made]
    ledger.guard_counts(on, touched_by(shifts), today=today)
    settled = book.prepare(shifts, on)
    heading = Heading(kind.name, on, at, by.id, key, mark, codes.mint(codes.Kind.DOCUMENT), cites_id=desk.cites_id)
    entry = book.post(heading, settled, content_of(desk))
    review_alerts(book, goods, settled, today=today, at=at, entry_id=entry.id)
    return Document.of(entry, by=by.username, store=store.code, is_practice=store.is_practice)


def key_faults(key: str) -> list[Fault]:
    """What is wrong with a key by itself."""
    return text_faults("/key", key, KEY_LENGTH) if key else [fault("/key", "required", _l("Send a key of your own."))]


def locked_store(premises: Premises, code: str) -> Store:
    """The warehouse whose paper it is, among those locked; InvalidRequest when there is none with this code."""
    store = premises.stores.get(code)
    if store is None:
        refuse_field("/warehouse", "unknown", _l("There is no warehouse “%(code)s”."), code=code)
    return store


def opened_book(premises: Premises, store: Store, goods: dict[str, Goods], *, on: date, kind: str, key: str) -> Book:
    """The book of a warehouse, open at the page of a day."""
    ids = [one.id for one in premises.stores.values()]
    return Book.turn(store.id, ids, on=on, kind=kind, key=key, item_ids=[one.id for one in goods.values()])


def replayed(known: Known, by: Identity, mark: str) -> Document:
    """The first answer again, to whoever gave the same order; KeyReused to anybody or anything else (law 4)."""
    if known.fingerprint != mark or known.actor_id != by.id:
        key_reused()
    document = document_of(known.id)
    document.is_replay = True
    return document


def _outside(code: str) -> Place:
    """An outside place at its first use; InvalidRequest when it stands for an unknown or retired party."""
    kind, _, party_code = code.partition(":")
    if not party_code:
        made = warehouses.outside(kind)
        return Place(made.id, made.code, made.kind, None)
    side = "target" if kind == "service" else "source"
    party: Service | Supplier
    if kind == "service":
        party = find(Service, party_code, f"/{side}/{kind}")
    else:
        party = find(Supplier, party_code, f"/{side}/{kind}")
    if not party.is_active:
        refuse_field(f"/{side}/{kind}", "retired", _l("“%(code)s” is out of use."), code=party_code)
    made = warehouses.place_of(party)
    return Place(made.id, made.code, made.kind, None)


def touched_by(shifts: Iterable[Shift]) -> frozenset[Touched]:
    """Every item at every inside place that the shifts touch."""
    return frozenset(
        Touched(place.warehouse_id, shift.item_id, place.id)
        for shift in shifts
        for place in (shift.source, shift.target)
        if place.warehouse_id is not None
    )


def guard_date(premises: Premises, book: Book, *, on: date, today: date) -> None:
    """Refuses a date that the paper may not bear."""
    ledger.guard_date(
        on,
        today=today,
        closed_on=book.closed_on,
        in_service=any(one.in_service_on is not None for one in premises.stores.values()),
    )


def review_alerts(
    book: Book, goods: dict[str, Goods], shifts: Sequence[Shift], *, today: date, at: datetime, entry_id: int
) -> None:
    """Opens or closes alerts, from the page as it stands after the posting: no question is asked."""
    touched = []
    for one in goods.values():
        for warehouse_id, rule in one.rules.items():
            lying = ((row.left, row.place.kind, row.expires_on) for row in book.rows_of(one.id, warehouse_id))
            road = sum((_toward(shift, warehouse_id) for shift in shifts if shift.item_id == one.id), NOTHING)
            figures = figures_of(
                rule,
                has_held=(one.id, warehouse_id) in book.holdings,
                **stock_of(lying, today),
                in_transit=Quantity.to_decimal(int(rule.in_transit)) + road,
            )
            touched.append(Review(one.id, warehouse_id, figures, rule.alert_id, rule.alert_level))
    review(touched, at=at, entry_id=entry_id)


def _toward(shift: Shift, warehouse_id: int) -> Decimal:
    """What a shift adds to (or takes from) the road to a warehouse."""
    quantity = NOTHING
    if shift.target.destination_id == warehouse_id:
        quantity += shift.quantity
    if shift.source.destination_id == warehouse_id:
        quantity -= shift.quantity
    return quantity
