"""Questions to the ledger: what is there, what was there on a day, what happened to an item."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Select, and_, func, literal, select, tuple_, type_coerce, union_all
from sqlalchemy.orm import aliased

from inventory.catalogue import Lot
from inventory.database import Quantity, db, page_of, streamed
from inventory.ledger.movements import Balance, Holding, Movement
from inventory.ledger.registers import Entry
from inventory.warehouses import ON_HAND, Location

_source = aliased(Location)
_target = aliased(Location)
_quantity = type_coerce(Movement.quantity, BigInteger)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a warehouse has of an item: quantity in base units without the road, value in MAD with it."""

    item_id: int
    on_hand: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class CardRow:
    """One line of a stock card; ``balance`` is what was there after it, in base units."""

    movement_id: int
    entry_id: int
    kind: str
    number: int
    year: int
    on: date
    other_side: str
    other_kind: str
    lot: str
    received: Decimal
    issued: Decimal
    value: Decimal
    balance: Decimal
    reverses_id: int | None


@dataclass(frozen=True, slots=True)
class CardMark:
    """Where a page of a card ended: the last row's place in the order, and the balance before it."""

    on: date
    movement_id: int
    balance: Decimal


def on_hand(item_id: int, warehouse_id: int) -> Decimal:
    """What the warehouse has of an item on its shelves, quarantine and expired lots included; not the road, nor what
    is on loan."""
    total = db.session.scalar(
        select(func.coalesce(func.sum(type_coerce(Balance.quantity, BigInteger)), 0))
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.item_id == item_id, Balance.warehouse_id == warehouse_id, Location.kind.in_(ON_HAND))
    )
    return Quantity.to_decimal(int(total or 0))


def stock_on(warehouse_id: int, on: date, item_ids: Sequence[int] | None = None) -> dict[int, Standing]:
    """On hand and value of every item that ever was in a warehouse, at the end of a day, from movements alone."""
    return {item_id: standing for (_, item_id), standing in stocks_on([warehouse_id], on, item_ids).items()}


def stocks_on(
    warehouse_ids: Collection[int], on: date, item_ids: Collection[int] | None = None
) -> dict[tuple[int, int], Standing]:
    """The same of several warehouses, by warehouse and item; four statements however many there are."""
    quantities: dict[tuple[int, int], int] = {}
    values: dict[tuple[int, int], Decimal] = {}
    for side, sign in (("target", 1), ("source", -1)):
        for warehouse_id, item_id, quantity in db.session.execute(_summed(side, warehouse_ids, on, item_ids)):
            pair = (warehouse_id, item_id)
            quantities[pair] = quantities.get(pair, 0) + sign * int(quantity)
        for warehouse_id, item_id, value in db.session.execute(_valued(side, warehouse_ids, on, item_ids)):
            pair = (warehouse_id, item_id)
            values[pair] = values.get(pair, Decimal(0)) + sign * value
    return {
        pair: Standing(pair[1], Quantity.to_decimal(quantity), values.get(pair, Decimal(0)))
        for pair, quantity in quantities.items()
    }


def holding(item_id: int, warehouse_id: int) -> Holding | None:
    """Quantity and value that goods leave at; None when the item never was there."""
    return db.session.get(Holding, (item_id, warehouse_id))


def entry_by_key(key: str) -> Entry | None:
    """The entry that a key posted."""
    return db.session.scalar(select(Entry).where(Entry.key == key))


def reversal_of(entry_id: int) -> Entry | None:
    """The entry that reverses another, if one does."""
    return db.session.scalar(select(Entry).where(Entry.reverses_id == entry_id))


def movements_of(entry_id: int) -> list[Movement]:
    """The movements of an entry, in order."""
    return list(db.session.scalars(select(Movement).where(Movement.entry_id == entry_id).order_by(Movement.line)))


def card(
    item_id: int,
    warehouse_id: int,
    *,
    first_on: date | None = None,
    last_on: date | None = None,
    after: CardMark | None = None,
    limit: int = 50,
) -> tuple[list[CardRow], CardMark | None]:
    """A page of the stock card, newest first, and where the next page begins (None at the end).

    The balance is counted back from what is there now (or at the end of ``last_on``), so a page costs the same at any
    depth.
    """
    balance = after.balance if after else _closing(item_id, warehouse_id, last_on)
    page = union_all(
        *(
            select(_side(side, item_id, warehouse_id, first_on, last_on, after).limit(limit + 1).subquery())
            for side in ("target", "source")
        )
    ).subquery()
    rows, last = page_of(select(page).order_by(page.c.on.desc(), page.c.id.desc()), limit)
    made: list[CardRow] = []
    for row in rows:
        made.append(_card_row(row, balance))
        balance += made[-1].issued - made[-1].received
    return made, CardMark(made[-1].on, made[-1].movement_id, balance) if last else None


def card_oldest_first(
    item_id: int, warehouse_id: int, *, first_on: date | None, last_on: date | None
) -> tuple[Decimal, Iterator[CardRow]]:
    """The opening balance and the whole card in paper order (oldest first), streamed."""
    opening = Decimal(0)
    if first_on is not None:
        opening = _balance_before(item_id, warehouse_id, first_on)
    sides = union_all(
        *(
            select(_side(side, item_id, warehouse_id, first_on, last_on, None).order_by(None).subquery())
            for side in ("target", "source")
        )
    ).subquery()
    question = select(sides).order_by(sides.c.on, sides.c.id)

    def lines() -> Iterator[CardRow]:
        balance = opening
        for row in streamed(question):
            balance += Quantity.to_decimal(row.sign * int(row.amount))
            yield _card_row(row, balance)

    return opening, lines()


def _card_row(row: Any, balance: Decimal) -> CardRow:
    amount = Quantity.to_decimal(int(row.amount))
    return CardRow(
        row.id, row.entry_id, row.kind, row.number, row.year, row.on, row.other_side, row.other_kind, row.lot,
        amount if row.sign > 0 else Decimal(0), amount if row.sign < 0 else Decimal(0), row.value, balance,
        row.reverses_id, )  # fmt: skip


def _counted(side: Any, warehouse_id: int) -> Any:
    """Whether a place counts as on hand in the warehouse."""
    return and_(side.warehouse_id == warehouse_id, side.kind.in_(ON_HAND))


def _side(
    side: str, item_id: int, warehouse_id: int, first_on: date | None, last_on: date | None, after: CardMark | None
) -> Select[Any]:
    """What came in (target) or went out (source), newest first; moves between two counted places cancel out."""
    here, there = (_target, _source) if side == "target" else (_source, _target)
    column = Movement.target_warehouse_id if side == "target" else Movement.source_warehouse_id
    question = (
        select(
            Movement.id,
            Movement.entry_id,
            Movement.on,
            _quantity.label("amount"),
            Movement.value,
            literal(1 if side == "target" else -1).label("sign"),
            Entry.kind,
            Entry.number,
            Entry.year,
            Entry.reverses_id,
            there.code.label("other_side"),
            there.kind.label("other_kind"),
            Lot.number.label("lot"),
        )
        .join(Entry, Entry.id == Movement.entry_id)
        .join(here, here.id == (Movement.target_id if side == "target" else Movement.source_id))
        .join(there, there.id == (Movement.source_id if side == "target" else Movement.target_id))
        .join(Lot, Lot.id == Movement.lot_id)
        .where(column == warehouse_id, Movement.item_id == item_id, _counted(here, warehouse_id), _quantity > 0)
        .where(func.coalesce(there.warehouse_id, 0).op("<>")(warehouse_id) | there.kind.not_in(ON_HAND))
        .order_by(Movement.on.desc(), Movement.id.desc())
    )
    if first_on is not None:
        question = question.where(Movement.on >= first_on)
    if last_on is not None:
        question = question.where(Movement.on <= last_on)
    if after is not None:
        question = question.where(
            tuple_(Movement.on, Movement.id) < tuple_(literal(after.on), literal(after.movement_id))
        )
    return question


def _closing(item_id: int, warehouse_id: int, last_on: date | None) -> Decimal:
    if last_on is None:
        return on_hand(item_id, warehouse_id)
    standing = stock_on(warehouse_id, last_on, [item_id]).get(item_id)
    return standing.on_hand if standing else Decimal(0)


def _balance_before(item_id: int, warehouse_id: int, day: date) -> Decimal:
    return _closing(item_id, warehouse_id, day - timedelta(days=1))


def _summed(side: str, warehouse_ids: Collection[int], on: date, item_ids: Collection[int] | None) -> Select[Any]:
    column = Movement.target_warehouse_id if side == "target" else Movement.source_warehouse_id
    here = Movement.target_id if side == "target" else Movement.source_id
    question = (
        select(column, Movement.item_id, func.sum(_quantity))
        .join(Location, and_(Location.id == here, Location.kind.in_(ON_HAND)))
        .where(column.in_(warehouse_ids), Movement.on <= on)
        .group_by(column, Movement.item_id)
    )
    return question if item_ids is None else question.where(Movement.item_id.in_(item_ids))


def _valued(side: str, warehouse_ids: Collection[int], on: date, item_ids: Collection[int] | None) -> Select[Any]:
    here, there = Movement.target_warehouse_id, Movement.source_warehouse_id
    if side == "source":
        here, there = there, here
    question = (
        select(here, Movement.item_id, func.sum(Movement.value))
        .where(here.in_(warehouse_ids), func.coalesce(there, 0) != here, Movement.on <= on)
        .group_by(here, Movement.item_id)
    )
    return question if item_ids is None else question.where(Movement.item_id.in_(item_ids))
