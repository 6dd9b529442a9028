"""What will be left when the papers of a file are posted one after the other: shortages are found before anything is.

A running balance per item, lot and warehouse, from what lies there now, over the papers in the order in which they will
be posted; papers that are posted already count in it and are passed over. What came after the day of a paper is not
there for it. It never cries wolf: what it lists as short would be refused as things stand.

It does not foresee everything, since a line without a lot counts for the item as a whole: goods that are expired, in
quarantine or kept for others, what lies at the place or of the numbers that a line names, a count, or what others post
meanwhile. There the posting stops and says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, case, func, select, type_coerce, union_all

from inventory.catalogue import Item, Lot
from inventory.database import Quantity
from inventory.documents import transfers_under_way
from inventory.ledger import Balance, Movement
from inventory.warehouses import ON_HAND, Location, Warehouse

from .export import number_text
from .known import Counted, by_chunks
from .papers import Paper
from .posted import Posted
from .reading import Reader
from .rehearsing import Rehearsing

NOTHING = Decimal(0)
ARRIVING = ("opening", "receipt", "return")
USING = ("issue", "transfer")

Heap = tuple[str, ...]
"""Where something is counted: (item, warehouse), (item, warehouse, lot), or ("road", transfer, item)."""


class Foresight:
    """The papers of one file, followed in their order."""

    def __init__(
        self, reader: Reader, items: Mapping[str, Counted], papers: Sequence[Paper], posted: Mapping[str, Posted]
    ):
        self.reader, self.items, self.papers, self.posted = reader, items, papers, posted
        self.left: dict[Heap, Decimal] = {}
        self.expiry: dict[Heap, dict[str, str]] = {}  # of the lots on shelves, by item and warehouse
        # Day by day, how much of what is left came only from then on.
        self.later: dict[Heap, list[tuple[str, Decimal]]] = {}
        self.unsure: set[Heap] = set()
        waiting = [paper for paper in papers if str(paper.key) not in self.posted]
        if waiting:
            since = min(str(paper.request["on"]) for paper in waiting)
            self._count_stock({line["item"] for paper in waiting for line in paper.request["lines"]}, since)
        if any(paper.request["kind"] == "transfer_receipt" for paper in waiting):
            self._count_roads()

    def possible(self, rehearsing: Rehearsing) -> list[Paper]:
        """The papers that can be posted, as far as can be foreseen; lines that ask for too much are listed as bad, and
        what posting refuses whatever is left."""
        found = []
        for paper in self.papers:
            if str(paper.key) not in self.posted:
                if not rehearsing.is_sound(paper) or not self._follow(paper):
                    continue
                rehearsing.note(paper)
            found.append(paper)
        return found

    def _count_stock(self, items: set[str], since: str) -> None:
        for item, warehouse, lot, expires_on, amount, on_shelves in by_chunks(_standing, sorted(items)):
            quantity = Quantity.to_decimal(int(amount))
            self._add((item, warehouse), quantity)
            if lot:
                self._add((item, warehouse, lot), quantity)
            if expires_on and on_shelves:
                self.expiry.setdefault((item, warehouse), {})[lot] = expires_on.isoformat()
        came: dict[Heap, dict[str, Decimal]] = {}
        for item, warehouse, lot, on, amount in by_chunks(lambda part: _moved_after(part, since), sorted(items)):
            heaps: list[Heap] = [(item, warehouse), (item, warehouse, lot)]
            for heap in heaps if lot else heaps[:1]:
                days = came.setdefault(heap, {})
                days[on.isoformat()] = days.get(on.isoformat(), NOTHING) + Quantity.to_decimal(int(amount))
        for heap, days in came.items():
            total = most = NOTHING
            steps = []
            for on in sorted(days, reverse=True):
                total += days[on]
                most = max(most, total)
                steps.append((on, most))
            self.later[heap] = steps[::-1]

    def _count_roads(self) -> None:
        for one in transfers_under_way(None, limit=None):
            for item, quantity in one.left.items():
                self._add(("road", str(one.entry_id), item), quantity)

    def _add(self, heap: Heap, quantity: Decimal) -> None:
        self.left[heap] = self.left.get(heap, NOTHING) + quantity

    def _left_on(self, heap: Heap, on: str) -> Decimal:
        """What may be taken on a day: the least that is left from its end to now, what the ledger has moved on later
        days and what the papers before this one have moved."""
        steps = self.later.get(heap, [])
        after = bisect_right(steps, on, key=lambda step: step[0])
        return self.left.get(heap, NOTHING) - (steps[after][1] if after < len(steps) else NOTHING)

    def _follow(self, paper: Paper) -> bool:
        """Takes a paper's lines from what is left; when one is too much the whole paper will be refused, and nothing of
        it counts."""
        changes: list[tuple[Heap, Decimal]] = []
        is_possible = True
        for row, line in zip(paper.rows, paper.request["lines"], strict=True):
            goods = self.items[line["item"]]
            quantity = goods.in_base_units(Decimal(line["quantity"]), line.get("unit"))
            taken, put = self._heaps(paper, line)
            on = str(paper.request["on"])
            least = max(min((self._left_on(heap, on) for heap in taken), default=quantity), NOTHING)
            if quantity > least:
                is_possible = False
                named = (line["item"], paper.request["warehouse"], line.get("lot"))
                self._refuse(row, least, goods, is_lot_here=named not in taken or named in self.left)
                continue
            self._tell_earlier(paper, row, line)
            here = [(heap, -quantity) for heap in taken] + [(heap, quantity) for heap in put]
            for heap, change in here:
                self._add(heap, change)
            changes += here
        for heap, change in () if is_possible else changes:
            self._add(heap, -change)
        return is_possible

    def _tell_earlier(self, paper: Paper, row: int, line: dict[str, Any]) -> None:
        """A lot that is named while another expires earlier: posting asks why."""
        store, on = paper.request["warehouse"], str(paper.request["on"])
        lots = self.expiry.get((line["item"], store), {})
        mine = lots.get(line.get("lot", ""))
        if mine is None or paper.request["kind"] not in USING or paper.request.get("reason"):
            return
        earlier = [
            (expiry, lot)
            for lot, expiry in lots.items()
            if on <= expiry < mine and self.left.get((line["item"], store, lot), NOTHING) > 0
        ]
        if earlier:
            column, cell = self.reader.cell(self.reader.row(row), "lot")
            message = _l(
                "lot %(lot)s expires first: posting asks for the reason, in a column of its own", lot=min(earlier)[1]
            )
            self.reader.caution(row, column, cell, message)

    def _refuse(self, row: int, left: Decimal, goods: Counted, *, is_lot_here: bool) -> None:
        if not is_lot_here:
            self.reader.fail_row(row, "lot", _l("a lot that lies here: there is none of this one"))
            return
        details = {"left": number_text(left), "unit": goods.unit}
        sentence = _l("at most %(left)s %(unit)s: no more is left by then", **details)
        if self.reader.bad:
            sentence = _l(
                "at most %(left)s %(unit)s: no more is left by then without the papers of bad rows", **details
            )
        self.reader.fail_row(row, "quantity", sentence)

    def _heaps(self, paper: Paper, line: dict[str, Any]) -> tuple[list[Heap], list[Heap]]:
        """From which heaps a line takes, and to which it puts."""
        kind, item, lot = paper.request["kind"], line["item"], line.get("lot")
        whole: Heap = (item, paper.request["warehouse"])
        if kind == "transfer_receipt":
            if lot is None:  # it may be any of the lots that were sent
                self.unsure.add(whole)
            return [("road", self._transfer_of(paper), item)], self._here(whole, lot)
        here = self._here(whole, lot)
        if kind in ARRIVING or line.get("direction") == "in":
            return [], here
        if kind == "move":
            return here, here
        return here, [("road", str(paper.key), item)] if kind == "transfer" else []

    def _here(self, whole: Heap, lot: str | None) -> list[Heap]:
        return [whole] if lot is None or whole in self.unsure else [whole, (*whole, lot)]

    def _transfer_of(self, paper: Paper) -> str:
        """The heap of a receipt's transfer: its id once it is posted, else its key."""
        if paper.cites is None:
            return str(paper.request["source"]["document"])
        there = self.posted.get(str(paper.cites))
        return str(there.entry_id if there else paper.cites)


def _standing(items: list[str]) -> Any:
    amount = type_coerce(Balance.quantity, BigInteger)
    on_shelves = func.sum(case((Location.kind == "shelf", amount), else_=0))
    return (
        select(Item.code, Warehouse.code, Lot.number, Lot.expires_on, func.sum(amount), on_shelves)
        .join(Item, Item.id == Balance.item_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Location, Location.id == Balance.location_id)
        .join(Warehouse, Warehouse.id == Balance.warehouse_id)
        .where(Item.code.in_(items), Location.kind.in_(ON_HAND), amount > 0)
        .group_by(Item.code, Warehouse.code, Lot.number, Lot.expires_on)
    )


def _moved_after(items: list[str], since: str) -> Any:
    """What came (less what went) after a day, per item, warehouse, lot and day."""
    amount = type_coerce(Movement.quantity, BigInteger)
    ends = ((Movement.target_id, amount), (Movement.source_id, -amount))
    sides = union_all(
        *(
            select(Item.code.label("item"), Warehouse.code.label("store"), Lot.number.label("lot"), Movement.on)
            .add_columns(change.label("change"))
            .join(Item, Item.id == Movement.item_id)
            .join(Lot, Lot.id == Movement.lot_id)
            .join(Location, Location.id == place)
            .join(Warehouse, Warehouse.id == Location.warehouse_id)
            .where(Item.code.in_(items), Location.kind.in_(ON_HAND), Movement.on > date.fromisoformat(since))
            for place, change in ends
        )
    ).subquery()
    by = (sides.c.item, sides.c.store, sides.c.lot, sides.c.on)
    return select(*by, func.sum(sides.c.change)).group_by(*by)
