"""The kinds of paper: what each needs, who may post it, and how its lines become shifts.

``KINDS`` is the whole list; a kind is a short class of its own, so that adding one touches nothing else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar

from flask_babel import lazy_gettext as _l

from inventory.documents.desk import Desk
from inventory.documents.orders import ORIGINS, Order
from inventory.documents.reasons import find_reason
from inventory.documents.transfers import cited_transfer
from inventory.errors import Fault, fault


@dataclass(slots=True)
class Needs:
    """What must be locked and looked up for an order: warehouses, places inside, places outside, by code."""

    warehouses: list[str]
    inside: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


class Kind(ABC):
    """A kind of paper. ``abbreviation`` stands in its reference (``CENTRAL/BS/2026/000012``)."""

    name: ClassVar[str]
    abbreviation: ClassVar[str]
    source: ClassVar[str | None] = None
    target: ClassVar[str | None] = None
    optional: ClassVar[tuple[str, ...]] = ()

    @property
    def action(self) -> str:
        return f"{self.name}.post"

    def faults(self, order: Order) -> list[Fault]:
        """What is wrong with the head of the order by itself."""
        found = []
        for name, expected, given in (("source", self.source, order.source), ("target", self.target, order.target)):
            if given is None and expected is not None:
                found.append(fault(f"/{name}", "required", _l("Say %(what)s."), what=_ASKED[expected]))
            elif given is not None and name not in self.optional and given.kind != expected:
                found.append(fault(f"/{name}", "unexpected", _l("This does not belong on such a paper.")))
        if not order.lines:
            found.append(fault("/lines", "required", _l("A paper has at least one line.")))
        return found

    def needs(self, order: Order) -> Needs:
        lines = order.lines
        inside = {code for line in lines for code in (line.location, line.target_location) if code}
        return Needs([order.warehouse], sorted(inside), self.outside(order))

    def outside(self, order: Order) -> list[str]:
        """The codes of the outside places the order names."""
        return []

    @abstractmethod
    def make(self, desk: Desk) -> None:
        """Turns the lines into shifts on the desk."""


_ASKED = {
    "service": _l("which service"),
    "supplier": _l("which supplier"),
    "warehouse": _l("which warehouse"),
    "document": _l("which transfer"),
    "reason": _l("the reason"),
}


class Opening(Kind):
    name, abbreviation = "opening", "SO"

    def outside(self, order: Order) -> list[str]:
        return ["opening"]

    def make(self, desk: Desk) -> None:
        for index, line, goods, quantity in desk.lines():
            desk.put(index, line, goods, quantity, desk.premises.outside["opening"])


class Receipt(Kind):
    """Goods arrive: bought from a supplier, given, or recovered from what was replaced."""

    name, abbreviation = "receipt", "BE"
    optional = ("source",)

    def faults(self, order: Order) -> list[Fault]:
        found = super().faults(order)
        origin = order.origin or "purchase"
        if origin not in ORIGINS:
            found.append(fault("/origin", "unknown", _l("Origin is one of purchase, donation, recovery.")))
        if order.source is not None and order.source.kind != "supplier":
            found.append(fault("/source", "unexpected", _l("A receipt comes from a supplier.")))
        elif order.source is None and origin == "purchase":
            found.append(fault("/source", "required", _l("Say which supplier.")))
        return found

    def outside(self, order: Order) -> list[str]:
        if order.source is not None:
            return [f"supplier:{order.source.code}"]
        return ["recovery" if order.origin == "recovery" else "donor"]

    def make(self, desk: Desk) -> None:
        source = desk.premises.outside[self.outside(desk.order)[0]]
        for index, line, goods, quantity in desk.lines():
            desk.put(index, line, goods, quantity, source)


class Issue(Kind):
    """Goods leave for good, to a service."""

    name, abbreviation, target = "issue", "BS", "service"

    def outside(self, order: Order) -> list[str]:
        return [f"service:{order.target.code}"] if order.target else []

    def make(self, desk: Desk) -> None:
        target = desk.premises.outside[self.outside(desk.order)[0]]
        for index, line, goods, quantity in desk.lines():
            desk.take(index, line, goods, quantity, target)


class Return(Kind):
    """A service gives back; goods come in at the present average unless the line says a cost."""

    name, abbreviation, source = "return", "BR", "service"

    def outside(self, order: Order) -> list[str]:
        return [f"service:{order.source.code}"] if order.source else []

    def make(self, desk: Desk) -> None:
        source = desk.premises.outside[self.outside(desk.order)[0]]
        for index, line, goods, quantity in desk.lines():
            before = len(desk.made)
            desk.put(index, line, goods, quantity, source)
            for made in desk.made[before:]:
                if made.shift.value is None:
                    made.shift.value = desk.average(goods, quantity)


class Move(Kind):
    """From one place to another in the same warehouse; with ``source`` a transfer: back from the road to the shelf."""

    name, abbreviation = "move", "BM"
    optional = ("source",)

    def make(self, desk: Desk) -> None:
        road = desk.settles_road() if desk.order.source else None
        for index, line, goods, quantity in desk.lines():
            if line.target_location is None and road is None:
                desk.refuse(index, "target_location", "required", _l("Say where the goods go."))
                continue
            target = desk.place(index, line.target_location, name="target_location")
            if target is not None and line.location == line.target_location and road is None:
                desk.refuse(index, "target_location", "same", _l("The goods already lie there."))
            elif target is not None:
                desk.take(index, line, goods, quantity, target, usable=False, source=road)


class Transfer(Kind):
    """Goods leave for another warehouse; until they are received there they lie on the road and belong to the sender."""

    name, abbreviation, target = "transfer", "BT", "warehouse"

    def needs(self, order: Order) -> Needs:
        needs = super().needs(order)
        if order.target:
            needs.warehouses.append(order.target.code)
            needs.inside.append(f"→ {order.target.code}")
        return needs

    def make(self, desk: Desk) -> None:
        code = desk.order.target.code if desk.order.target else ""
        receiver = desk.premises.stores.get(code)
        if receiver is None or receiver.id == desk.store.id:
            desk.faults.append(
                fault("/target/warehouse", "unknown", _l("There is no other warehouse “%(code)s”."), code=code)
            )
            return
        road = desk.premises.inside.get((desk.store.id, f"→ {code}")) or desk.new_road(receiver.id)
        for index, line, goods, quantity in desk.lines():
            desk.take(index, line, goods, quantity, road)


class TransferReceipt(Kind):
    """What arrived of a transfer, in the receiver's book; the rest stays on the road. More than sent is refused."""

    name, abbreviation, source = "transfer_receipt", "RT", "document"

    def needs(self, order: Order) -> Needs:
        needs = super().needs(order)
        needs.warehouses.append(cited_transfer(order).sender)
        return needs

    def make(self, desk: Desk) -> None:
        transfer = cited_transfer(desk.order)
        if transfer.receiver != desk.store.code:
            desk.faults.append(
                fault("/source/document", "other_warehouse", _l("This transfer goes to another warehouse."))
            )
            return
        desk.cites_id = transfer.entry_id
        outstanding = transfer.outstanding()
        for index, line, goods, quantity in desk.lines():
            target = desk.place(index, line.location)
            if target is not None:
                desk.unload(index, line, goods, quantity, transfer, outstanding, target)


class WriteOff(Kind):
    """Goods leave for no one: expired, damaged, lost. With ``source`` a transfer: what was lost on the road."""

    name, abbreviation, target = "write_off", "PR", "reason"
    optional = ("source",)

    def outside(self, order: Order) -> list[str]:
        return [find_reason(order.target.code).place] if order.target else []

    def make(self, desk: Desk) -> None:
        target = desk.premises.outside[self.outside(desk.order)[0]]
        road = desk.settles_road() if desk.order.source else None
        for index, line, goods, quantity in desk.lines():
            desk.take(index, line, goods, quantity, target, usable=False, source=road)


class Adjustment(Kind):
    """The book is made to agree with the shelf: each line ``in`` or ``out`` against the count difference."""

    name, abbreviation = "adjustment", "BA"
    optional = ("source", "target")

    def faults(self, order: Order) -> list[Fault]:
        found = super().faults(order)
        for index, line in enumerate(order.lines):
            if line.direction not in ("in", "out"):
                found.append(fault(f"/lines/{index}/direction", "required", _l("Say “in” or “out”.")))
        return found

    def outside(self, order: Order) -> list[str]:
        return ["count_difference"]

    def make(self, desk: Desk) -> None:
        difference = desk.premises.outside["count_difference"]
        for index, line, goods, quantity in desk.lines():
            if line.direction == "out":
                desk.take(index, line, goods, quantity, difference, usable=False)
                continue
            before = len(desk.made)
            desk.put(index, line, goods, quantity, difference)
            for made in desk.made[before:]:
                if made.shift.value is None:
                    made.shift.value = desk.average(goods, quantity)


class Conversion(Kind):
    """A retired item becomes another, or bulk becomes bottles: value leaves one and enters the other, conserved.

    Each line takes ``quantity`` of ``item`` and puts ``target_quantity`` of ``target_item``, in ``target_lot``.
    """

    name, abbreviation = "conversion", "BC"

    def outside(self, order: Order) -> list[str]:
        return ["conversion"]

    def make(self, desk: Desk) -> None:
        middle = desk.premises.outside["conversion"]
        for index, line, goods, quantity in desk.lines():
            into = desk.goods.get(line.target_item or "")
            if into is None or into.id == goods.id or into.tracking in ("unit", "range"):
                message = _l("Say into which other item it is converted.")
                desk.refuse(index, "target_item", "unknown", message)
                continue
            desk.convert(index, line, goods, quantity, into, middle)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Opening(), Receipt(), Issue(), Move(), Transfer(), TransferReceipt(), Return(), WriteOff(), Adjustment(), Conversion(),
    )
}  # fmt: skip

ABBREVIATIONS = {name: kind.abbreviation for name, kind in KINDS.items()} | {"reversal": "AN"}
