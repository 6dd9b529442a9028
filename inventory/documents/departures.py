"""Goods that lie here and leave: which lots, from which places, and never what has expired, waits in quarantine or is
kept for somebody else, unless the paper is there for exactly that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from inventory import ledger
from inventory.database import Quantity
from inventory.documents.desk import NOTHING, Desk
from inventory.documents.goods import Goods
from inventory.documents.lines import Lines
from inventory.documents.orders import LineOrder
from inventory.errors import ExpiredLot, InsufficientStock, NegativeLater, fault
from inventory.ledger import BalanceRow, Place, Shift


@dataclass(frozen=True, slots=True)
class Departure:
    """One line that leaves. ``is_use``: it will be used, so only what is usable may go."""

    index: int
    line: LineOrder
    goods: Goods
    quantity: Decimal
    target: Place
    is_use: bool


def take(
    desk: Desk, index: int, line: LineOrder, goods: Goods, quantity: Decimal, target: Place, *, is_use: bool = True
) -> None:
    """Turns a line into shifts to ``target``: lots go first expiry first; another lot needs a reason."""
    leaving = Departure(index, line, goods, quantity, target, is_use)
    rows = _candidates(desk, leaving)
    if rows is None:
        return
    picked = _pick(desk, leaving, rows)
    missing = quantity - sum((here for _, here in picked), NOTHING)
    if missing > 0:
        _refuse_short(desk, leaving, quantity - missing)
        return
    for row, here in picked:
        key = (row.item_id, row.lot_id, row.place.id)
        desk.taken[key] = desk.taken.get(key, NOTHING) + here
        shift = Shift(
            index + 1, goods.id, goods.code, row.place, target, here, row.lot_id, goods.tracking,
            first_number=line.first_number, last_number=line.last_number,
        )  # fmt: skip
        desk.make(shift, index, goods, row.lot, row.expires_on, is_whole=len(picked) == 1)


def _refuse_short(desk: Desk, leaving: Departure, available: Decimal) -> None:
    """There is not enough: because later days have taken it already, or because there never was."""
    index, goods = leaving.index, leaving.goods
    day = _day_in_want(desk, leaving)
    if day is not None:
        details = {"item": goods.code, "on": day, "location": leaving.line.location or desk.store.code}
        pointer = f"/lines/{index}/quantity"
        desk.too_early.append(fault(pointer, NegativeLater.code, NegativeLater.sentence, **details))
        return
    place = leaving.line.location or desk.store.code
    wanting: tuple[Any, dict[str, Any]] = (InsufficientStock.sentence, {})
    if desk.on < desk.today:
        wanting = (InsufficientStock.then, {"on": desk.on})
    elif leaving.is_use and (barred := _barred(desk, leaving)) > 0:
        wanting = (InsufficientStock.barred, {"barred": barred})
    sentence, details = wanting
    short = ledger.shortage(index + 1, goods.code, place, leaving.quantity, available, sentence, **details)
    desk.shortages.append(short)


def _barred(desk: Desk, leaving: Departure) -> Decimal:
    """How much lies there that may not be used: expired, or in quarantine."""
    line = leaving.line
    rows = [
        row
        for row in desk.book.rows_of(leaving.goods.id, desk.store.id)
        if line.location in (None, row.place.code) and (not line.lot or line.lot == row.lot)
    ]
    barred = (
        row.quantity
        for row in rows
        if row.place.kind == "quarantine" or (row.place.kind == "shelf" and desk.is_expired(row.expires_on))
    )
    return sum(barred, NOTHING)


def _day_in_want(desk: Desk, leaving: Departure) -> date | None:
    """The first day on which a paper of the past would have left the warehouse less than nothing, of what it has now;
    None when there is too little now, or the day wants only some lot or place."""
    if desk.on == desk.today:
        return None
    goods, quantity = leaving.goods, leaving.quantity
    tomorrow = desk.on + timedelta(days=1)
    opening, later = ledger.card_oldest_first(goods.id, desk.store.id, first_on=tomorrow, last_on=None)
    if opening < quantity:
        now = sum((row.quantity for row in desk.book.rows_of(goods.id, desk.store.id)), NOTHING)
        return desk.on if now >= quantity else None
    return next((row.on for row in later if row.balance < quantity), None)


def _pick(desk: Desk, leaving: Departure, rows: list[BalanceRow]) -> list[tuple[BalanceRow, Decimal]]:
    """How much of which balance goes, as far as there is enough."""
    left, free = leaving.quantity, _free(desk, leaving.goods)
    picked = []
    for row in rows:
        here = min(left, desk.there(row) - desk.taken.get((row.item_id, row.lot_id, row.place.id), NOTHING))
        is_kept = leaving.is_use and _is_usable(desk, row)
        if is_kept:
            here = min(here, free)
        if here > 0 and row.place.id != leaving.target.id:
            picked.append((row, here))
            left -= here
            free -= here if is_kept else NOTHING
    return picked


def _candidates(desk: Desk, leaving: Departure) -> list[BalanceRow] | None:
    """The balances that may give, in the order in which they should; None when the line was refused."""
    line, goods = leaving.line, leaving.goods
    if not says_what_leaves(desk, leaving.index, line, goods):
        return None
    place = desk.place(leaving.index, line.location) if line.location is not None else None
    place_id = place.id if place else None
    if goods.tracking == "range":
        place_id = _place_of_numbers(desk, leaving, place_id)
        if place_id is None:
            return None
    rows = [
        row
        for row in desk.book.rows_of(goods.id, desk.store.id)
        if place_id in (None, row.place.id) and desk.there(row) > 0
    ]
    kinds = ("shelf",) if leaving.is_use else ("shelf", "quarantine")
    if leaving.is_use or place_id is None:
        rows = [row for row in rows if row.place.kind in kinds]
    rows.sort(
        key=lambda row: (row.expires_on or date.max, row.lot_id, row.place.id != desk.store.default.id, row.place.code)
    )
    if line.lot or line.expires_on:
        return _named_lot(desk, leaving, rows)
    return [row for row in rows if not (leaving.is_use and desk.is_expired(row.expires_on))]


def says_what_leaves(lines: Lines, index: int, line: LineOrder, goods: Goods) -> bool:
    """Whether a line that takes goods names lot and place as such goods have them, whatever lies there; notes the fault
    when not."""
    if goods.tracking == "unit" and not line.lot:
        lines.refuse(index, "lot", "required", _l("Enter the inventory number of %(item)s."), item=goods.code)
    elif lines.names_lot_well(index, line, goods):
        return line.location is None or lines.place(index, line.location) is not None
    return False


def _place_of_numbers(desk: Desk, leaving: Departure, place_id: int | None) -> int | None:
    """The one place where the numbers of a line lie; they need not be looked for by hand."""
    first, last = leaving.line.first_number or 0, leaving.line.last_number or 0
    there = ledger.place_of(leaving.goods.id, desk.store.id, first, last)
    if there is None or place_id not in (None, there):
        where = leaving.line.location or desk.store.code
        desk.misplaced.append(ledger.misplaced(leaving.index + 1, leaving.goods.code, first, last, where))
        return None
    return there


def _named_lot(desk: Desk, leaving: Departure, rows: list[BalanceRow]) -> list[BalanceRow] | None:
    """The balances of the lot a line names, by its number or its expiry. To use another than the first to expire needs
    a reason."""
    line, goods = leaving.line, leaving.goods
    named = [row for row in rows if line.lot in (None, row.lot) and line.expires_on in (None, row.expires_on)]
    if not leaving.is_use or not named:
        return named
    if desk.is_expired(named[0].expires_on):
        details = {"lot": named[0].lot, "item": goods.code, "expires_on": named[0].expires_on}
        pointer = f"/lines/{leaving.index}/lot"
        desk.expired.append(fault(pointer, ExpiredLot.code, ExpiredLot.sentence, **details))
        return None
    first = next(row for row in rows if not desk.is_expired(row.expires_on))
    is_later = (first.expires_on or date.max) < (named[0].expires_on or date.max)
    if is_later and not (line.reason or desk.order.reason):
        message = _l("Lot %(first)s expires earlier: take it, or say why not.")
        desk.refuse(leaving.index, "reason", "required", message, first=first.lot)
        return None
    return named


def _is_usable(desk: Desk, row: BalanceRow) -> bool:
    """Whether goods can be used today, so that they can be reserved: what a late paper took while it was good may have
    expired since, and was kept for nobody."""
    return row.place.kind == "shelf" and (row.expires_on is None or row.expires_on >= desk.today)


def _free(desk: Desk, goods: Goods) -> Decimal:
    """How much of what can be used today is free: what is reserved for others stays."""
    usable = [row for row in desk.book.rows_of(goods.id, desk.store.id) if _is_usable(desk, row)]
    standing = sum((row.quantity for row in usable), NOTHING)
    taken = sum(
        (desk.taken.get((row.item_id, row.lot_id, row.place.id), NOTHING) for row in usable),
        NOTHING,
    )
    reserved = Quantity.to_decimal(int(goods.rules[desk.store.id].reserved))
    return max(NOTHING, standing - taken - reserved)
