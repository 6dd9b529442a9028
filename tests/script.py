"""Ledgers as a storekeeper would tell them. A script is read line by line; `#` begins a comment.

    SUPPLIER -> SHELF bolt 10 cost=2.50            a receipt
    SHELF -> CITY bolt 7                           an issue
    SHELF -> CITY bolt 4 !insufficient_stock       an issue that is refused
    SHELF bolt 3 worth 7.50                        what must be there now

Places. `SHELF` is the default shelf of CENTRAL, a warehouse's name its own default shelf, `CENTRAL/A1` a place inside.
Outside stand `SUPPLIER`, `DONOR`, `RECOVERY`, `OPENING`, `COUNT`, the services `CITY` and `SCHOOL`, and the reasons
of a write-off in capitals (`EXPIRED`, `LOST`). The kind of paper follows from the two places.

Lines of a paper are separated by commas, each `item quantity` with `lot=`, `expires=`, `cost=`, `unit=`,
`numbers=1-100`, `because=`. At the end of a paper: `on=11-20` (a day of the year), `by=amina`, `key=k1`.
A paper may be given a name (`sent: SHELF -> NORTH bolt 5`), to be used later: `receive sent bolt 4`, `lost sent bolt
1`, `back sent bolt 1`, `reverse sent`. One item becomes another: `convert SHELF crate 1 into bolt 50`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from inventory import catalogue, ledger, warehouses
from inventory.access import Identity
from inventory.database import fetch
from inventory.documents import Document, LineOrder, Order, Side
from inventory.errors import Refusal
from tests import make

SERVICES = ("CITY", "SCHOOL")
ORIGINS = {"SUPPLIER": "purchase", "DONOR": "donation", "RECOVERY": "recovery"}
REASONS = ("EXPIRED", "DAMAGED", "LOST", "STOLEN", "LOST_ON_THE_ROAD")
OUTSIDE = {*SERVICES, *ORIGINS, *REASONS, "OPENING", "COUNT"}
LINE_OPTIONS = {"lot", "expires", "cost", "unit", "numbers", "because"}
VERBS = ("receive", "lost", "back", "reverse", "convert")
PAPER_OPTIONS = {"on", "by", "key", "note"}


@dataclass
class Store:
    """The stage of a script: warehouses, people, items, and the papers that were given a name."""

    people: dict[str, Identity]
    today: date = make.TODAY
    papers: dict[str, Document] = field(default_factory=dict)

    @classmethod
    def opened(cls, *warehouse_codes: str, **items: dict[str, Any]) -> Store:
        """CENTRAL and other warehouses, two services, a supplier; `amina` and `driss` are managers everywhere."""
        for code in ("CENTRAL", *warehouse_codes):
            make.warehouse(code)
        for code in SERVICES:
            make.service(code)
        make.supplier("SUPPLIER")
        for code, details in items.items():
            make.item(code, **details)
        return cls({name: make.person(name, "manager") for name in ("amina", "driss")})

    def play(self, script: str) -> Document:
        """Plays every line; the last paper posted is the answer. Fails at the first line that does not hold."""
        paper: Document | None = None
        for text in script.splitlines():
            told = text.split("#")[0].strip()
            if told:
                paper = self.tell(told) or paper
        return paper  # type: ignore[return-value]  # a script of statements only is not asked for its paper

    def tell(self, told: str) -> Document | None:
        label, told = _split(r"(?:(\w+):\s+)?(.*)", told)
        told, refused = _split(r"(.*?)(?:\s+!(\w+))?", told)
        if "->" not in told and told.split()[0] not in VERBS:
            self.expect(told)
            return None
        if refused:
            with pytest.raises(Refusal) as caught:
                self._act(told)
            codes = {caught.value.code, *(fault.code for fault in caught.value.faults)}
            assert refused in codes, f"{told!r} was refused otherwise: {caught.value.message()} {sorted(codes)}"
            return None
        paper = self._act(told)
        if label:
            self.papers[label] = paper
        return paper

    def expect(self, told: str) -> None:
        """`SHELF bolt 3 worth 7.50`: what lies at a place, and what the warehouse's whole stock of it is worth."""
        place, item, quantity, *worth = told.split()
        store, code = _place(place)
        there = quantity_at(store, code, item)
        assert there == Decimal(quantity), f"{place} has {there} {item}, not {quantity}"
        if worth:
            value = make.worth(item, store)
            assert value == Decimal(worth[1]), f"{item} in {store} is worth {value}, not {worth[1]}"

    def _act(self, told: str) -> Document:
        words, options = _options(told, PAPER_OPTIONS)
        by = self.people[options.get("by", "amina")]
        named: dict[str, Any] = {"by": by, "today": self.today, "key": options.get("key")}
        on = date.fromisoformat(f"{self.today.year}-{options['on']}") if "on" in options else None
        verb = words.split()[0]
        if verb == "reverse":
            return make.reversed_(self.papers[words.split()[1]], on=on, **named)
        if verb in ("receive", "lost", "back"):
            asked = self._settled(verb, *words.split(maxsplit=2)[1:])
        elif verb == "convert":
            asked = _conversion(*words.split(maxsplit=2)[1:])
        else:
            source, rest = words.split("->")
            target, lines = rest.split(maxsplit=1)
            asked = paper_between(source.strip(), target, [_line(one) for one in lines.split(",")])
        return make.posted(replace(asked, on=on, note=options.get("note", "")), **named)

    def _settled(self, verb: str, label: str, lines: str) -> Order:
        """What becomes of a transfer that was sent: received there, lost on the road, or taken back."""
        sent = self.papers[label]
        made = tuple(_line(one) for one in lines.split(","))
        source = Side("document", sent.id)
        if verb == "receive":
            return Order("transfer_receipt", sent.content["target"]["warehouse"], made, source=source)
        if verb == "back":
            return Order("move", sent.warehouse, made, source=source)
        return Order("write_off", sent.warehouse, made, source=source, target=Side("reason", "lost_on_the_road"))


def paper_between(source: str, target: str, lines: list[LineOrder]) -> Order:
    """The paper that takes goods from one place to the other."""
    if source in OUTSIDE:
        store, code = _place(target)
        lines = [replace(one, location=code) for one in lines]
        return _arrival(source, store, tuple(lines))
    store, code = _place(source)
    lines = [replace(one, location=code) for one in lines]
    if target in OUTSIDE:
        return _departure(store, target, tuple(lines))
    receiver, place = _place(target)
    if receiver == store:
        return Order("move", store, tuple(replace(one, target_location=place or "MAG") for one in lines))
    return Order("transfer", store, tuple(lines), target=Side("warehouse", receiver))


def _conversion(place: str, lines: str) -> Order:
    store, code = _place(place)
    leaving, arriving = (_line(one) for one in lines.split(" into "))
    became = replace(
        leaving, location=code, target_item=arriving.item, target_quantity=arriving.quantity, target_lot=arriving.lot,
        expires_on=arriving.expires_on,
    )  # fmt: skip
    return Order("conversion", store, (became,))


def _arrival(source: str, store: str, lines: tuple[LineOrder, ...]) -> Order:
    if source in ORIGINS:
        side = Side("supplier", source) if source == "SUPPLIER" else None
        return Order("receipt", store, lines, source=side, origin=ORIGINS[source])
    if source in SERVICES:
        return Order("return", store, lines, source=Side("service", source))
    if source == "OPENING":
        return Order("opening", store, lines)
    return Order("adjustment", store, tuple(replace(one, direction="in") for one in lines))


def _departure(store: str, target: str, lines: tuple[LineOrder, ...]) -> Order:
    if target in SERVICES:
        return Order("issue", store, lines, target=Side("service", target))
    if target in REASONS:
        return Order("write_off", store, lines, target=Side("reason", target.lower()))
    return Order("adjustment", store, tuple(replace(one, direction="out") for one in lines))


def quantity_at(store: str, location: str | None, item: str) -> Decimal:
    """What the balances say lies at one place."""
    where = warehouses.get_warehouse(store)
    rows = fetch(
        select(ledger.Balance.quantity)
        .join(warehouses.Location, warehouses.Location.id == ledger.Balance.location_id)
        .where(
            ledger.Balance.item_id == catalogue.get_item(item).id,
            ledger.Balance.warehouse_id == where.id,
            warehouses.Location.code == (location or warehouses.DEFAULT_SHELF),
        )
    )
    return sum((row.quantity for row in rows), Decimal(0))


def _place(text: str) -> tuple[str, str | None]:
    """The warehouse and the location of a place inside; no location means the default shelf."""
    if text == "SHELF":
        return "CENTRAL", None
    store, _, location = text.partition("/")
    return store, location or None


def _line(text: str) -> LineOrder:
    words, options = _options(text, LINE_OPTIONS)
    item, *quantity = words.split()
    first, _, last = options.get("numbers", "").partition("-")
    return make.line(
        item,
        quantity[0] if quantity else None,
        lot=options.get("lot"),
        unit=options.get("unit"),
        unit_cost=options.get("cost"),
        expires_on=date.fromisoformat(options["expires"]) if "expires" in options else None,
        first_number=int(first) if first else None,
        last_number=int(last) if last else None,
        reason=options.get("because"),
    )


def _options(text: str, names: set[str]) -> tuple[str, dict[str, str]]:
    """The words of a text without its `name=value` options of these names, and the options."""
    found = {}
    words = []
    for word in text.split():
        name, is_option, value = word.partition("=")
        if is_option and name in names:
            found[name] = value
        else:
            words.append(word)
    return " ".join(words), found


def _split(pattern: str, text: str) -> tuple[str, str]:
    match = re.fullmatch(pattern, text)
    assert match, text
    return match[1] or "", match[2] or ""
