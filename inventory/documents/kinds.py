"""The kinds of paper: what each needs, who may post it, and how its lines become shifts.

``KINDS`` is the whole list; a kind is a short class of its own, so that adding one touches nothing else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import ClassVar

from flask_babel import lazy_gettext as _l

from inventory.documents.arrivals import arrival, convert, put, put_back
from inventory.documents.departures import says_what_leaves, take
from inventory.documents.desk import Desk
from inventory.documents.lines import Lines
from inventory.documents.orders import ORIGINS, LineOrder, Order
from inventory.documents.reasons import find_reason, named_reason
from inventory.documents.roads import new_road, received_road, settled_road
from inventory.documents.transfers import find_transfer
from inventory.errors import Fault, PracticeApart, fault
from inventory.ledger import Place, Store
from inventory.warehouses import road_code


@dataclass(slots=True)
class Needs:
    """What must be locked and looked up for an order: warehouses, places inside, places outside, by code."""

    warehouses: list[str]
    inside: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


class Kind(ABC):
    """A kind of paper. ``abbreviation`` stands in its reference (``CENTRAL/BS/2026/000012``); ``source`` and ``target``
    say what its other side is, ``may`` names those that can be left out, ``fields`` what its lines may carry beside
    what every line carries."""

    name: ClassVar[str]
    abbreviation: ClassVar[str]
    source: ClassVar[str | None] = None
    target: ClassVar[str | None] = None
    may: ClassVar[tuple[str, ...]] = ()
    fields: ClassVar[tuple[str, ...]] = ()

    @property
    def action(self) -> str:
        return f"{self.name}.post"

    def faults(self, order: Order) -> list[Fault]:
        """What is wrong with the order by itself, whatever lies in the stores."""
        found = order.faults()
        for name, expected, given in (("source", self.source, order.source), ("target", self.target, order.target)):
            if given is not None and given.kind != expected:
                found.append(fault(f"/{name}", "unexpected", _l("This does not belong on such a paper.")))
            elif given is None and expected is not None and name not in self.may:
                found.append(fault(f"/{name}", "required", _l("Say %(what)s."), what=_ASKED[expected]))
        if order.origin is not None and self.name != "receipt":
            found.append(fault("/origin", "unexpected", _l("This does not belong on such a paper.")))
        for index, line in enumerate(order.lines):
            for name in _SPECIAL - set(self.fields):
                if getattr(line, name) is not None:
                    message = _l("This does not belong on such a paper.")
                    found.append(fault(f"/lines/{index}/{name}", "unexpected", message))
        return found

    def needs(self, order: Order) -> Needs:
        """What to lock and to look up. Asks and never refuses: what is missing is refused after the key was looked
        up, so that a paper posted long ago is found again whatever has changed since."""
        lines = order.lines
        inside = {code for line in lines for code in (line.location, line.target_location) if code}
        return Needs([order.warehouse], sorted(inside), self.outside(order))

    def outside(self, order: Order) -> list[str]:
        """The codes of the outside places the order names."""
        return []

    def way(self, line: LineOrder) -> int:
        """Whether a line brings its goods into the stores (1), takes them out of all of them (-1), or neither (0)."""
        return 0

    def comes_from(self, order: Order) -> str:
        """The kind of the outside place the order names, if any."""
        return "".join(self.outside(order)[:1]).partition(":")[0]

    def check(self, lines: Lines) -> None:
        """Notes what is wrong with the lines beside their goods and places, whatever lies in the stores: ``make`` asks
        the same of each line, and this asks nothing else."""
        for index, line, goods, _quantity in lines.lines:
            says_what_leaves(lines, index, line, goods)

    @abstractmethod
    def make(self, desk: Desk) -> None:
        """Turns the lines into shifts on the desk."""


_SPECIAL = {"unit_cost", "direction", "target_location", "target_item", "target_lot", "target_quantity"}
_ASKED = {
    "service": _l("which service"),
    "supplier": _l("which supplier"),
    "warehouse": _l("which warehouse"),
    "document": _l("which transfer"),
    "reason": _l("the reason"),
}


class Arriving(Kind):
    """A kind whose goods come from one outside place."""

    def way(self, line: LineOrder) -> int:
        return 1

    def check(self, lines: Lines) -> None:
        comes_from = self.comes_from(lines.order)
        for index, line, goods, quantity in lines.lines:
            arrival(lines, index, line, goods, quantity, comes_from)

    def make(self, desk: Desk) -> None:
        (source,) = (desk.premises.outside[code] for code in self.outside(desk.order))
        for index, line, goods, quantity in desk.lines:
            self.put(desk, index, line, goods, quantity, source)

    put = staticmethod(put)


class Opening(Arriving):
    """What lay in the store before this house was there."""

    name, abbreviation, fields = "opening", "SO", ("unit_cost",)

    def outside(self, order: Order) -> list[str]:
        return ["opening"]


class Receipt(Arriving):
    """Goods arrive: bought from a supplier, given, or recovered from what was replaced."""

    name, abbreviation, source, may, fields = "receipt", "BE", "supplier", ("source",), ("unit_cost",)

    def faults(self, order: Order) -> list[Fault]:
        found = super().faults(order)
        origin = order.origin or "purchase"
        if origin not in ORIGINS:
            found.append(fault("/origin", "unknown", _l("Origin is one of purchase, donation, recovery.")))
        elif order.source is None and origin == "purchase":
            found.append(fault("/source", "required", _l("Say %(what)s."), what=_ASKED["supplier"]))
        return found

    def outside(self, order: Order) -> list[str]:
        if order.source is not None:
            return [f"supplier:{order.source.code}"]
        return ["recovery" if order.origin == "recovery" else "donor"]


class Issue(Kind):
    """Goods leave for good, to a service."""

    name, abbreviation, target = "issue", "BS", "service"

    def outside(self, order: Order) -> list[str]:
        return [f"service:{order.target.code}"] if order.target else []

    def way(self, line: LineOrder) -> int:
        return -1

    def make(self, desk: Desk) -> None:
        (target,) = (desk.premises.outside[code] for code in self.outside(desk.order))
        for index, line, goods, quantity in desk.lines:
            take(desk, index, line, goods, quantity, target)


class Return(Arriving):
    """A service gives back; goods come in at the present average unless the line says a cost."""

    name, abbreviation, source, fields = "return", "BR", "service", ("unit_cost",)

    def outside(self, order: Order) -> list[str]:
        return [f"service:{order.source.code}"] if order.source else []

    put = staticmethod(put_back)


class Settling(Kind):
    """A kind that, with a transfer as its ``source``, says what became of goods that were sent and never received."""

    source, may = "document", ("source",)

    def needs(self, order: Order) -> Needs:
        needs = super().needs(order)
        transfer = find_transfer(order.source.code) if order.source else None
        if transfer is not None:
            needs.warehouses.append(transfer.receiver)  # there they were counted as coming
        return needs


class Move(Settling):
    """From one place to another in the same warehouse; with a transfer: back from the road to the shelf."""

    name, abbreviation, fields = "move", "BM", ("target_location",)

    def check(self, lines: Lines) -> None:
        for index, line, goods, _quantity in lines.lines:
            if self._target(lines, index, line) is not None and not lines.order.source:
                says_what_leaves(lines, index, line, goods)

    def _target(self, lines: Lines, index: int, line: LineOrder) -> Place | None:
        """Where the goods go; None, and the fault noted, when that is nowhere else in the warehouse."""
        target = None
        if line.target_location is not None or lines.order.source:
            target = lines.place(index, line.target_location, name="target_location")
        else:
            lines.refuse(index, "target_location", "required", _l("Say where the goods go."))
        if target is not None and line.location == target.code and not lines.order.source:
            lines.refuse(index, "target_location", "same", _l("The goods already lie there."))
            return None
        return target

    def make(self, desk: Desk) -> None:
        road = settled_road(desk) if desk.order.source else None
        for index, line, goods, quantity in desk.lines:
            target = self._target(desk, index, line)
            if target is None or (desk.order.source and road is None):
                continue
            if road is not None:
                road.unload(index, line, goods, quantity, target)
            else:
                take(desk, index, line, goods, quantity, target, is_use=False)


class Transfer(Kind):
    """Goods leave for another warehouse; until they are received there they lie on the road and are the sender's."""

    name, abbreviation, target = "transfer", "BT", "warehouse"

    def needs(self, order: Order) -> Needs:
        needs = super().needs(order)
        if order.target:
            needs.warehouses.append(order.target.code)
            needs.inside.append(road_code(order.target.code))
        return needs

    def check(self, lines: Lines) -> None:
        receiver = self._receiver(lines)
        if receiver is not None and receiver.is_practice != lines.store.is_practice:
            lines.faults.append(fault("/target/warehouse", PracticeApart.code, PracticeApart.sentence))
        super().check(lines)

    def _receiver(self, lines: Lines) -> Store | None:
        """The other warehouse; None, and the fault noted, when there is none."""
        code = lines.order.target.code if lines.order.target else ""
        receiver = lines.premises.stores.get(code)
        if receiver is None or receiver.id == lines.store.id or not receiver.is_active:
            message = _l("There is no other warehouse “%(code)s”.")
            lines.faults.append(fault("/target/warehouse", "unknown", message, code=code))
            return None
        return receiver

    def make(self, desk: Desk) -> None:
        receiver = self._receiver(desk)
        if receiver is None:
            return
        if receiver.is_practice != desk.store.is_practice:
            raise PracticeApart
        code = receiver.code
        road = desk.premises.inside.get((desk.store.id, road_code(code))) or new_road(desk.store.id, receiver.id)
        for index, line, goods, quantity in desk.lines:
            take(desk, index, line, goods, quantity, road)


class TransferReceipt(Kind):
    """What arrived of a transfer, in the receiver's book; the rest stays on the road. More than sent is refused."""

    name, abbreviation, source = "transfer_receipt", "RT", "document"

    def needs(self, order: Order) -> Needs:
        needs = super().needs(order)
        transfer = find_transfer(order.source.code) if order.source else None
        if transfer is not None:
            needs.warehouses.append(transfer.sender)
        return needs

    def check(self, lines: Lines) -> None:
        for index, line, goods, _quantity in lines.lines:
            if lines.place(index, line.location) is not None:
                lines.names_lot_well(index, line, goods)

    def make(self, desk: Desk) -> None:
        road = received_road(desk)
        for index, line, goods, quantity in desk.lines:
            target = desk.place(index, line.location)
            if target is not None and road is not None:
                road.unload(index, line, goods, quantity, target)


class WriteOff(Settling):
    """Goods leave for no one: expired, damaged, lost. With a transfer: what was lost on the road."""

    name, abbreviation, target = "write_off", "PR", "reason"

    def outside(self, order: Order) -> list[str]:
        reason = find_reason(order.target)
        return [reason.place] if reason else []

    def way(self, line: LineOrder) -> int:
        return -1

    def check(self, lines: Lines) -> None:
        if not lines.order.source:
            super().check(lines)

    def make(self, desk: Desk) -> None:
        target = desk.premises.outside[named_reason(desk.order.target).place]
        road = settled_road(desk) if desk.order.source else None
        for index, line, goods, quantity in desk.lines:
            if road is not None:
                road.unload(index, line, goods, quantity, target)
            elif not desk.order.source:
                take(desk, index, line, goods, quantity, target, is_use=False)


class Adjustment(Kind):
    """The book is made to agree with the shelf: each line ``in`` or ``out``, against the place its reason names."""

    name, abbreviation, target, may, fields = "adjustment", "BA", "reason", ("target",), ("unit_cost", "direction")

    def faults(self, order: Order) -> list[Fault]:
        found = super().faults(order)
        for index, line in enumerate(order.lines):
            if line.direction not in ("in", "out"):
                message = _l("Say whether there is more or less than in the books.")
                found.append(fault(f"/lines/{index}/direction", "required", message))
            elif line.direction == "out" and line.unit_cost is not None:
                message = _l("What goes out leaves at what it is worth.")
                found.append(fault(f"/lines/{index}/unit_cost", "unexpected", message))
        return found

    def outside(self, order: Order) -> list[str]:
        reason = find_reason(order.target)
        return [reason.place if reason else "count_difference"]

    def comes_from(self, order: Order) -> str:
        return "count_difference"

    def way(self, line: LineOrder) -> int:
        return 1 if line.direction == "in" else -1

    def check(self, lines: Lines) -> None:
        for index, line, goods, quantity in lines.lines:
            if line.direction == "out":
                says_what_leaves(lines, index, line, goods)
            elif line.direction == "in":
                arrival(lines, index, line, goods, quantity, self.comes_from(lines.order))

    def make(self, desk: Desk) -> None:
        place = named_reason(desk.order.target).place if desk.order.target else "count_difference"
        difference = desk.premises.outside[place]
        for index, line, goods, quantity in desk.lines:
            if line.direction == "out":
                take(desk, index, line, goods, quantity, difference, is_use=False)
            else:
                put_back(desk, index, line, goods, quantity, difference)


class Conversion(Kind):
    """A retired item becomes another, or bulk becomes bottles: value leaves one and enters the other, conserved.

    Each line takes ``quantity`` of ``item`` and puts ``target_quantity`` of ``target_item``, in ``target_lot``.
    """

    name, abbreviation = "conversion", "BC"
    fields = ("target_item", "target_lot", "target_quantity", "target_location")

    def outside(self, order: Order) -> list[str]:
        return ["conversion"]

    def check(self, lines: Lines) -> None:
        for index, line, goods, _quantity in lines.lines:
            says_what_leaves(lines, index, replace(line, expires_on=None), goods)

    def make(self, desk: Desk) -> None:
        middle = desk.premises.outside["conversion"]
        for index, line, goods, quantity in desk.lines:
            into = desk.goods.get(line.target_item or "")
            if into is None or into.id == goods.id or into.tracking in ("unit", "range"):
                message = _l("Say into which other item it is converted.")
                desk.refuse(index, "target_item", "unknown", message)
                continue
            before = len(desk.made)
            take(desk, index, replace(line, expires_on=None), goods, quantity, middle)
            convert(desk, index, line, goods, into, range(before, len(desk.made)), middle)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Opening(),
        Receipt(),
        Issue(),
        Move(),
        Transfer(),
        TransferReceipt(),
        Return(),
        WriteOff(),
        Adjustment(),
        Conversion(),
    )
}

ABBREVIATIONS: dict[str, str] = {name: kind.abbreviation for name, kind in KINDS.items()} | {"reversal": "AN"}
