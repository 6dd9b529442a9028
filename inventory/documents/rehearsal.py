"""Papers tried before any of them is posted: what posting would refuse in them whatever lies in the stores.

It asks whoever knows when a paper is posted: its kind, its lines, the guard of its date, the ledger's units. What many
papers name is read in a few questions. It reads as it is: a paper that is tried may still be refused for what lies in
the stores, for a count, or for what somebody changes meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from inventory import ledger
from inventory.catalogue import ArrivingLot, Item, inventoried, lots_numbered, spelled
from inventory.database import batches, db
from inventory.documents.goods import Goods, add_packagings, goods_with_codes, in_known_letters, unit_numbers
from inventory.documents.kinds import KINDS
from inventory.documents.lines import Lines
from inventory.documents.orders import Order
from inventory.errors import Fault, fault
from inventory.ledger import Premises, Store, UnitStanding
from inventory.parties import Service, Supplier

LotKey = tuple[int, str]


@dataclass
class Rehearsal:
    """What the papers name as it stands before the first of them, and as those that were ``noted`` leave it."""

    today: date | None
    premises: Premises
    goods: dict[str, Goods]
    retired: set[tuple[str, str]]
    closed: dict[int, date]
    days: int
    lots: dict[bool, dict[LotKey, ArrivingLot]] = field(default_factory=dict)
    owners: dict[str, int] = field(default_factory=dict)
    units: dict[bool, dict[LotKey, UnitStanding]] = field(default_factory=dict)
    replacing: Sequence[Item] = ()
    letters: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, orders: Sequence[Order], today: date | None) -> Rehearsal:
        """Made for these papers: no other may be tried. After ``today`` no paper is dated (None: on any day)."""
        stores = {order.warehouse for order in orders}
        stores |= {order.target.code for order in orders if order.target and order.target.kind == "warehouse"}
        lines = [line for order in orders for line in order.lines]
        places = {code for line in lines for code in (line.location, line.target_location) if code}
        premises = ledger.look(stores, inside=places)
        # Their rules are asked for nothing here: those of one warehouse will do.
        goods = goods_with_codes({line.item for line in lines}, [one.id for one in premises.stores.values()][:1])
        add_packagings(goods, lines)
        days = ledger.back_dating_days(today) if today else 0
        made = cls(today, premises, goods, _retired_parties(), ledger.closed_days(), days)
        made.letters = spelled([number for order in orders for number in unit_numbers(order, goods)])
        made._read_lots({made.letters.get(line.lot, line.lot) for line in lines if line.lot})
        # Held here, they are found without a question whenever a line of a retired item names them.
        made.replacing = _all(
            lambda ids: db.session.scalars(select(Item).where(Item.id.in_(ids))),
            {one.replaced_by_id for one in goods.values() if one.replaced_by_id},
        )
        return made

    def faults(self, order: Order) -> list[Fault]:
        """What is wrong with a paper by itself and beside what it names, whatever lies in the stores."""
        kind, lines = KINDS[order.kind], self._tried(order)
        found = kind.faults(order) + list(self._heads(order, lines.store))
        kind.check(lines)
        return found + lines.faults + self._units(lines)

    def note(self, order: Order) -> None:
        """A paper without fault will be posted before those that are tried after it."""
        lines = self._tried(order)
        self.lots.setdefault(lines.store.is_practice, {}).update(lines.lots)
        for one in lines.wanted_lots():
            if one.is_unit and not lines.store.is_practice:
                self.owners.setdefault(one.number, one.item_id)
        for key, _index, quantity, comes_from in self._moved(lines):
            units = self.units.setdefault(lines.store.is_practice, {})
            units[key] = units.get(key, UnitStanding()).moved(quantity, order.on or date.max, comes_from)

    def _tried(self, order: Order) -> _Tried:
        store = self.premises.stores[order.warehouse]
        if not store.is_practice:
            order = in_known_letters(order, self.goods, self.letters)
        lines = _Tried(order, store, self.premises, self.goods)
        lines.rehearsal = self
        return lines

    def _heads(self, order: Order, store: Store) -> Iterator[Fault]:
        message = _l("“%(code)s” is out of use.")
        if not store.is_active:
            yield fault("/warehouse", "retired", message, code=store.code)
        for name, side in (("source", order.source), ("target", order.target)):
            if side is not None and (side.kind, side.code) in self.retired:
                yield fault(f"/{name}/{side.kind}", "retired", message, code=side.code)
        wrong = self._date_fault(order, store)
        if wrong is not None:
            yield wrong

    def _date_fault(self, order: Order, store: Store) -> Fault | None:
        if self.today is None:
            return None
        other = order.target.code if order.target and order.target.kind == "warehouse" else ""
        stores = [store, *filter(None, [self.premises.stores.get(other)])]
        closed = [self.closed[one.entity_id] for one in stores if one.entity_id in self.closed]
        return ledger.date_fault(
            order.on or self.today,
            today=self.today,
            closed_on=max(closed, default=None),
            days=self.days if any(one.in_service_on is not None for one in stores) else None,
        )

    def _units(self, lines: Lines) -> list[Fault]:
        """The units that arrive where one stands already, or new once more."""
        found, standing, on = [], dict[LotKey, UnitStanding](), lines.order.on or date.max
        before = self.units.get(lines.store.is_practice, {})
        for key, index, quantity, comes_from in self._moved(lines):
            unit = standing.get(key) or before.get(key, UnitStanding())
            sentence = unit.refusal(quantity, on, comes_from) if quantity > 0 else None
            if sentence is not None:
                found.append(ledger.unit_fault(index + 1, lines.order.lines[index].item, key[1], sentence))
            standing[key] = unit.moved(quantity, on, comes_from)
        return found

    def _moved(self, lines: Lines) -> Iterator[tuple[LotKey, int, Decimal, str]]:
        """The units that a paper brings into the stores or takes out of them, with the line and whence they come."""
        kind = KINDS[lines.order.kind]
        for index, line, goods, quantity in lines.lines:
            if goods.tracking == "unit" and line.lot and quantity == 1 and (way := kind.way(line)):
                yield (goods.id, line.lot), index, way * quantity, kind.comes_from(lines.order) if way > 0 else ""

    def _read_lots(self, numbers: Collection[str]) -> None:
        tracked = {goods.id for goods in self.goods.values() if goods.tracking == "unit"}
        for is_practice in {store.is_practice for store in self.premises.stores.values()}:
            lots, units = self.lots.setdefault(is_practice, {}), self.units.setdefault(is_practice, {})
            for part in batches(numbers):
                lots |= lots_numbered(part, is_practice=is_practice)
            keys = {lot.id: key for key, lot in lots.items() if key[0] in tracked}
            for ids in batches(keys):
                units |= {keys[id_]: unit for id_, unit in ledger.units_standing(ids, ids).items()}
        for part in batches(numbers):
            self.owners |= inventoried(part)


class _Tried(Lines):
    """The lines of a paper that is tried: the lots are as the papers before it leave them."""

    rehearsal: Rehearsal

    @property
    def day(self) -> date:
        return self.order.on or self.rehearsal.today or date.max

    @cached_property
    def lots(self) -> Mapping[LotKey, ArrivingLot]:
        return self.lots_beside(self.rehearsal.lots[self.store.is_practice], self.rehearsal.owners)


def _retired_parties() -> set[tuple[str, str]]:
    """The services and suppliers out of use, as the side of a paper names them."""
    kinds: tuple[tuple[str, type[Service] | type[Supplier]], ...] = (("service", Service), ("supplier", Supplier))
    return {
        (name, code)
        for name, kind in kinds
        for code in db.session.scalars(select(kind.code).where(kind.is_active.is_(False)))
    }


def _all(question: Callable[[list[Any]], Any], names: Collection[Any]) -> list[Any]:
    return [one for part in batches(names) for one in question(part)]
