"""Ledgers as a storekeeper would tell them. A script is read line by line; `#` begins a comment.

    SUPPLIER -> SHELF bolt 10 cost=2.50            a receipt
    SHELF -> CITY bolt 7                           an issue
    SHELF -> CITY bolt 4 !insufficient_stock       an issue that is refused
    SHELF bolt 3 worth 7.50                        what must be there now

Places. `SHELF` is the default shelf of CENTRAL, a warehouse's name its own default shelf, `CENTRAL/A1` a place inside.
Outside stand `SUPPLIER`, `DONOR`, `RECOVERY`, `OPENING`, `COUNT`, the services `CITY` and `SCHOOL`, and the reasons
of a write-off in capitals (`EXPIRED`, `LOST`). The kind of paper follows from the two places.

Lines of a paper are separated by commas, each `item quantity` with `lot=`, `expires=`, `cost=`, `unit=`,
`numbers=1-100`, `because=`. At the end of a paper: `on=11-20` (a day of the year, or a whole date), `by=amina`,
`key=k1`. A paper may be given a name (`sent: SHELF -> NORTH bolt 5`), to be used later: `receive sent bolt 4`, `lost
sent bolt 1`, `back sent bolt 1`, `reverse sent`. One item becomes another: `convert SHELF crate 1 into bolt 50`.

A paper may be written first and posted later: `pad: draft SHELF -> CITY bolt 2`, then `post pad`; `again: correct sent`
reverses a paper and leaves a copy of it as a draft, to be put right.

What happens around the papers. `reserve SHELF bolt 4` keeps goods for a request, `order NORTH bolt 4` expects them;
`close 11-20` closes the period up to that day; `count sheet SHELF bolt` makes the paper `sheet` the approved count of
bolts there (`count sheet CENTRAL` of everything); `serve OLD` puts a warehouse in service; at `night` the day ends and
alerts are worked out again.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from inventory import catalogue, documents, ledger, parties, replenishment, warehouses
from inventory.access import Identity
from inventory.database import db, fetch, transaction
from inventory.documents import Document, LineOrder, Order, Side
from inventory.errors import Refusal, refuse
from inventory.web.documents.sheet import Sheet
from tests import make

SERVICES = ("CITY", "SCHOOL")
ORIGINS = {"SUPPLIER": "purchase", "DONOR": "donation", "RECOVERY": "recovery"}
REASONS = ("EXPIRED", "DAMAGED", "LOST", "STOLEN", "LOST_ON_THE_ROAD")
OUTSIDE = {*SERVICES, *ORIGINS, *REASONS, "OPENING", "COUNT"}
LINE_OPTIONS = {"lot", "expires", "cost", "unit", "numbers", "because"}
VERBS = ("receive", "lost", "back", "reverse", "convert", "draft", "post", "correct")
AROUND = ("reserve", "order", "close", "count", "serve", "night")
PAPER_OPTIONS = {"on", "by", "key", "note"}


@dataclass
class Store:
    """The stage of a script: warehouses, people, items, and the papers and drafts that were given a name."""

    people: dict[str, Identity]
    today: date = make.TODAY
    papers: dict[str, Document] = field(default_factory=dict)
    drafts: dict[str, Sheet] = field(default_factory=dict)

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
        if "->" not in told and told.split()[0] not in (*VERBS, *AROUND):
            self.expect(told)
            return None
        if refused:
            with pytest.raises(Refusal) as caught:
                self._act(told, label)
            codes = {caught.value.code, *(fault.code for fault in caught.value.faults)}
            assert refused in codes, f"{told!r} was refused otherwise: {caught.value.message()} {sorted(codes)}"
            return None
        paper = self._act(told, label)
        if label and paper is not None:
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

    def _act(self, told: str, label: str) -> Document | None:
        words, options = _options(told, PAPER_OPTIONS)
        verb, *rest = words.split()
        if verb in AROUND:
            getattr(self, f"_{verb}")(*rest)
            return None
        by = self.people[options.get("by", "amina")]
        named: dict[str, Any] = {"by": by, "today": self.today, "key": options.get("key")}
        on = _day(options["on"], self.today.year) if "on" in options else None
        if verb == "reverse":
            return make.reversed_(self.papers[rest[0]], on=on, **named)
        if verb == "correct":
            return self._correct(rest[0], label, on=on, **named)
        if verb == "post":
            return self._post(rest[0], **named)
        asked = replace(self._asked(words.removeprefix("draft ")), on=on, note=options.get("note", ""))
        if verb == "draft":
            self.drafts[label] = kept(sheet_of(asked), by=by)
            return None
        return make.posted(asked, **named)

    def _asked(self, words: str) -> Order:
        verb, *rest = words.split(maxsplit=2)
        if verb in ("receive", "lost", "back"):
            return self._settled(verb, *rest)
        if verb == "convert":
            return _conversion(*rest)
        source, rest_ = words.split("->")
        target, lines = rest_.split(maxsplit=1)
        return paper_between(source.strip(), target, [_line(one) for one in lines.split(",")])

    def _post(self, label: str, *, by: Identity, today: date, key: str | None) -> Document:
        """A draft becomes a paper and is gone. Told again, what stands on the screen is sent once more."""
        sheet = self.drafts[label]
        asked, faults, _ = sheet.order()
        refuse(faults)
        with transaction():
            paper = documents.post(asked, by=by, today=today, at=make.now(), key=key or sheet.key)
            if not paper.is_replay:
                documents.drop_draft(sheet.draft_id or 0, by=by)
        return paper

    def _correct(
        self, wrong: str, label: str, *, by: Identity, today: date, key: str | None, on: date | None
    ) -> Document:
        """The mirror of a paper; what it had asked for lies on the desk again."""
        mirror = make.reversed_(self.papers[wrong], by=by, today=today, key=key, on=on)
        if not mirror.is_replay:
            self.drafts[label] = kept(Sheet.copy_of(self.papers[wrong]), by=by)
        return mirror

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

    def _reserve(self, place: str, item: str, quantity: str) -> None:
        self._promise("reserved", place, item, quantity)

    def _order(self, place: str, item: str, quantity: str) -> None:
        self._promise("ordered", place, item, quantity)

    def _promise(self, kind: str, place: str, item: str, quantity: str) -> None:
        """What a room above promises, and the alerts as it has to review them."""
        with transaction():
            item_id = catalogue.get_item(item).id
            store_id = warehouses.get_warehouse(_place(place)[0]).id
            promised = {"item_id": item_id, "warehouse_id": store_id, "kind": kind, "quantity": Decimal(quantity)}
            db.session.add(replenishment.Commitment(**promised, reference="DA/2026/000001"))
            db.session.flush()
            touched = replenishment.standing(self.today, item_ids=[item_id], warehouse_ids=[store_id])
            replenishment.review(list(touched), at=make.now())

    def _close(self, last_on: str) -> None:
        with transaction():
            entity = db.session.scalars(select(parties.Entity)).one()
            first_on = date(self.today.year, 1, 1)
            last = _day(last_on, self.today.year)
            db.session.add(ledger.Period(entity_id=entity.id, first_on=min(first_on, last), last_on=last))

    def _count(self, sheet: str, place: str, item: str | None = None) -> None:
        """A barrier, as an approved count sets it."""
        paper = self.papers[sheet]
        with transaction():
            store, code = _place(place)
            where = warehouses.get_warehouse(store)
            if item and code is None:
                code = warehouses.DEFAULT_SHELF
            db.session.add(
                ledger.Barrier(
                    warehouse_id=where.id,
                    item_id=catalogue.get_item(item).id if item else None,
                    location_id=warehouses.location_in(where, code).id if code else None,
                    on=paper.on,
                    entry_id=paper.entry_id,
                )
            )

    def _serve(self, store: str) -> None:
        with transaction():
            warehouses.put_in_service(warehouses.get_warehouse(store), on=self.today)

    def _night(self) -> None:
        self.today += timedelta(days=1)
        make.done(replenishment.rederive, on=self.today, at=make.now())


def sheet_of(asked: Order) -> Sheet:
    """A paper as somebody types it who writes a draft of it first."""
    typed = {name: value for name, value in asdict(asked).items() if name not in ("source", "target")}
    for name, side in (("source", asked.source), ("target", asked.target)):
        typed[name] = {side.kind: side.code} if side else None
    sheet = Sheet.from_content(typed)
    assert sheet.order() == (asked, [], list(range(len(asked.lines))))
    return sheet


def kept(sheet: Sheet, *, by: Identity) -> Sheet:
    """What was typed, kept as a draft and taken up again."""
    with transaction():
        where = warehouses.get_warehouse(sheet.warehouse).id
        draft = documents.keep_draft(sheet.content(), kind=sheet.kind, warehouse_id=where, by=by, at=make.now())
        again = Sheet.from_content(draft.content)
        again.draft_id = draft.id
        return again


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


def _day(text: str, year: int) -> date:
    """`11-20` of this year, or a whole date."""
    return date.fromisoformat(text if len(text) > 5 else f"{year}-{text}")


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
