"""Histories that nobody would think of, told in the words of ``tests.script``: whatever is asked is posted or refused,
and the laws of the ledger hold after it.

A few of them run with every run of the tests, always the same; ``HYPOTHESIS_PROFILE=thorough`` tries many new ones.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from random import Random

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from inventory import catalogue, ledger, replenishment, warehouses
from inventory.catalogue import NewPackaging
from inventory.database import db, fetch, transaction
from inventory.documents import KINDS, Document
from inventory.errors import Refusal
from inventory.ledger import Balance, Barrier, Entry, Holding, Movement, NumberRange, Period
from inventory.replenishment import Commitment
from inventory.warehouses import Location, Warehouse
from tests import make
from tests.databases import Database
from tests.script import Store

IS_THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
PAPERS = 40 if IS_THOROUGH else 20
STORES = ("CENTRAL", "NORTH", "OLD")
ITEMS = {
    "bolt": {"packagings": (NewPackaging("box", Decimal(12)), NewPackaging("third", Decimal(1), divisor=3))},
    "wire": {"unit": "metre", "decimals": 2, "packagings": (NewPackaging("coil", Decimal("6.25"), divisor=3),)},
    "vaccine": {"tracking": "lot", "has_expiry": True},
    "desk": {"tracking": "unit"},
    "voucher": {"tracking": "range"},
}
EXPIRIES = {"A": "2026-11-21", "B": "2026-11-24", "C": "2027-01-31"}
NOTHING = Decimal(0)

# ---- what may be told

INSIDE = ("SHELF", "SHELF", "CENTRAL/A1", "CENTRAL/QUARANTAINE", "NORTH", "OLD")
SOURCES = ("OPENING", "SUPPLIER", "DONOR", "RECOVERY", "CITY", "COUNT")
TARGETS = ("CITY", "CITY", "SCHOOL", "EXPIRED", "LOST", "COUNT")
DAYS = ("", " on=11-19", " on=11-21", " on=11-22", " on=11-25", " on=01-05", " on=2025-12-31")
PEOPLE = ("amina", "driss", "nadia") * 4 + ("omar", "rachid")
COSTS = ("", " cost=0.333333", " cost=2.50", " cost=0", " cost=1.37")
UNITS = {"bolt": ("", "", "", " unit=box", " unit=third"), "wire": ("", ".25", ".5", " unit=coil")}
BEGINNING = (
    "OPENING -> SHELF bolt 40 cost=1.00, wire 30 cost=0.333333, desk 1 lot=D1 cost=9.00, voucher numbers=1-30 on=11-18",
    "OPENING -> SHELF vaccine 9 lot=A expires=2026-11-21 cost=7.00, vaccine 9 lot=C expires=2027-01-31 on=11-18",
    "OPENING -> NORTH bolt 9 cost=3.00, vaccine 9 lot=B expires=2026-11-24, desk 1 lot=D2 cost=7.00 on=11-19",
    "OPENING -> OLD wire 9.25 cost=1.37, voucher numbers=31-60 cost=0.10 on=01-05",
)
Goods = tuple[str, str, int]
Lying = dict[str, list[Goods]]
"""What may be taken from where: item, lot or numbers, and how many at most in whole units."""


def arriving(luck: Random, items: Sequence[str] = tuple(ITEMS)) -> str:
    """A line of goods that come in: an item, how much of it, and what the item needs to be said."""
    item, few = luck.choice(items), luck.randint(1, 12)
    if item == "voucher":
        first = luck.randint(1, 70)
        return f"voucher numbers={first}-{first + few}"
    if item == "desk":
        return f"desk 1 lot=D{luck.randint(1, 5)}"
    if item == "vaccine":
        lot = luck.choice(list(EXPIRIES))
        return f"vaccine {few} lot={lot} expires={EXPIRIES[lot]}"
    return f"{item} {few}{luck.choice(UNITS[item])}"


def leaving(luck: Random, there: list[Goods]) -> str:
    """A line of goods that lie there: some, all, or one more."""
    item, which, most = luck.choice(there)
    few = luck.choice((most, most, most + 1, *(luck.randint(1, max(1, most)) for _ in range(12))))
    if item == "voucher":
        first, last = (int(number) for number in which.split("-"))
        begin = luck.randint(first, last)
        return f"voucher numbers={begin}-{luck.choice((last, begin, begin + 2))}"
    if item == "desk":
        return f"desk 1 lot={which}"
    if item == "vaccine":
        return f"vaccine {few}{luck.choice(('', f' lot={which} because=asked'))}"
    return f"{item} {few}{luck.choice(UNITS[item])}"


def some(luck: Random, there: list[Goods]) -> str:
    return ", ".join(leaving(luck, there) for _ in range(luck.randint(1, 3)))


def arrival(luck: Random) -> str:
    lines = [arriving(luck) + luck.choice(COSTS) for _ in range(luck.randint(1, 3))]
    return f"{luck.choice(SOURCES)} -> {luck.choice(INSIDE)} {', '.join(lines)}"


def departure(luck: Random, lying: Lying, targets: Sequence[str]) -> str:
    place = luck.choice(list(lying))
    return f"{place} -> {luck.choice(targets)} {some(luck, lying[place])}"


def conversion(luck: Random, lying: Lying) -> str:
    place = luck.choice(list(lying))
    return f"convert {place} {leaving(luck, lying[place])} into {arriving(luck, ('bolt', 'wire', 'vaccine'))}"


def settling(luck: Random, sent: Lying) -> str:
    """What becomes of a transfer."""
    transfer = luck.choice(list(sent))
    return f"{luck.choice(('receive', 'receive', 'lost', 'back'))} {transfer} {some(luck, sent[transfer])}"


def happening(luck: Random, papers: Sequence[str]) -> str:
    """What happens around the papers: promises, counts, closings, the night."""
    place, item = luck.choice(INSIDE), luck.choice(list(ITEMS))
    counted = luck.choice((f"{place} {item}", f"{place} {item}", "CENTRAL"))
    return luck.choice(
        (
            f"reserve {place} {item} {luck.randint(1, 6)}",
            f"order {place} {item} {luck.randint(1, 6)}",
            f"count {luck.choice(papers)} {counted}",
            f"close {luck.choice(('2025-12-31', '11-10', '11-18', '11-20', '11-23'))}",
            "serve OLD",
            "night",
        )
    )


# ---- a history


@dataclass
class History:
    """What was told of a store, and what became of it."""

    store: Store
    posted: dict[str, str] = field(default_factory=dict)

    def next(self, luck: Random) -> str:
        """What is told now: the day's work for the most part, of what there is."""
        labels, lying, sent = list(self.store.papers), what_lies(), under_way(self.store)
        told = [
            arrival(luck),
            *(f"{verb} {luck.choice(labels)}" for verb in ("reverse", "correct")),
            *(happening(luck, labels) for _ in range(2)),
        ]
        if lying:
            told += [departure(luck, lying, targets) for targets in (TARGETS, TARGETS, INSIDE, INSIDE)]
            told += [conversion(luck, lying), f"draft {departure(luck, lying, TARGETS)}"]
        if sent:
            told += [settling(luck, sent) for _ in range(3)]
        if self.store.drafts:
            told.append(f"post {luck.choice(list(self.store.drafts))}")
        return luck.choice(told)

    def tell(self, told: str, label: str) -> None:
        """Posted or refused; any other failure is a fault of the house."""
        note(f"{label}: {told}")
        with suppress(Refusal):
            paper = self.store.tell(f"{label}: {told}")
            if paper is not None and not paper.is_replay:
                self.posted[told] = paper.id
                check_paper(self.store, paper, told)


@contextmanager
def opened(database: Database) -> Iterator[Store]:
    """A clean house with three stores, one of them not yet in service; a storekeeper of one store, and an auditor."""
    database.touch()
    database.clean()
    with database.app.app_context():
        store = Store.opened("NORTH", **ITEMS)
        make.warehouse("OLD", in_service_on=None)
        make.location("CENTRAL", "A1")
        store.people["nadia"] = make.person("nadia", "manager")
        store.people["omar"] = make.person("omar", "storekeeper", at="NORTH")
        store.people["rachid"] = make.person("rachid", "auditor")
        for item in ("bolt", "vaccine", "wire"):
            make.rule(item, "CENTRAL", "5", "9")
            make.rule(item, "NORTH", "3", "4")
        yield store
        db.session.remove()


def what_lies() -> Lying:
    """What stands on shelves and in quarantine, by the place's name in a script."""
    there = (
        select(Warehouse.code, Location.code, catalogue.Item.code, catalogue.Lot.number, Balance.quantity)
        .select_from(Balance)
        .join(Warehouse, Warehouse.id == Balance.warehouse_id)
        .join(Location, Location.id == Balance.location_id)
        .join(catalogue.Item, catalogue.Item.id == Balance.item_id)
        .join(catalogue.Lot, catalogue.Lot.id == Balance.lot_id)
        .where(Balance.quantity > 0, Location.kind != "transit", catalogue.Item.code != "voucher")
        .order_by(Balance.location_id, Balance.item_id, Balance.lot_id)
    )
    numbers = (
        select(Warehouse.code, Location.code, NumberRange.first, NumberRange.last)
        .join(Location, Location.id == NumberRange.location_id)
        .join(Warehouse, Warehouse.id == Location.warehouse_id)
        .where(Location.kind != "transit")
        .order_by(NumberRange.first)
    )
    found: defaultdict[str, list[Goods]] = defaultdict(list)
    for store, place, item, lot, quantity in fetch(there):
        found[named(store, place)].append((item, lot, int(quantity)))
    for store, place, first, last in fetch(numbers):
        found[named(store, place)].append(("voucher", f"{first}-{last}", 0))
    return found


def named(store: str, place: str) -> str:
    if place != warehouses.DEFAULT_SHELF:
        return f"{store}/{place}"
    return "SHELF" if store == "CENTRAL" else store


def under_way(store: Store) -> Lying:
    """The transfers, with what was sent on each."""
    return {
        label: [
            (
                line["item"],
                line["lot"] or f"{line['first_number']}-{line['last_number']}",
                int(Decimal(line["quantity"])),
            )
            for line in paper.lines
        ]
        for label, paper in store.papers.items()
        if paper.kind == "transfer"
    }


@settings(
    max_examples=400 if IS_THOROUGH else 6,
    derandomize=not IS_THOROUGH,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(luck=st.randoms(use_true_random=True))
def test_whatever_is_asked_the_laws_hold(database: Database, luck: Random) -> None:
    """Even luck: what is drawn piece by piece for the sake of shrinking repeats itself, and most of it is refused. The
    laws are checked at every step, so that a history that breaks one ends there."""
    with opened(database) as store:
        history = History(store)
        for number, told in enumerate(BEGINNING):
            history.tell(f"{told} key=b{number}", f"b{number}")
        for number in range(PAPERS):
            day = luck.choice(DAYS) if luck.random() < 0.4 else ""
            key = max(0, number - 3) if luck.random() < 0.1 else number
            told = f"{history.next(luck)}{day} by={luck.choice(PEOPLE)} key=k{key}"
            history.tell(told, f"p{number}")
            check_laws(store)
        check_answers(store, history)


# ---- what holds of a paper at the moment it is posted


def check_paper(store: Store, paper: Document, told: str) -> None:
    movements = ledger.movements_of(paper.entry_id)
    check_person(store, paper)
    check_day(store, paper, movements)
    check_lines(paper)
    if paper.kind in ("issue", "transfer", "conversion"):
        for movement in movements:
            if movement.source_warehouse_id is not None:
                check_use(store, movement, is_chosen="lot=" in told or told.startswith("post"))


def check_person(store: Store, paper: Document) -> None:
    """Nobody posts what their roles do not allow there."""
    (by,) = [one for one in store.people.values() if one.id == paper.actor_id]
    assert by.may(f"{paper.kind}.post", paper.warehouse_id)
    if paper.kind == "reversal":
        (kind,) = {one.kind for one in store.papers.values() if one.reference == paper.content["reverses"]}
        assert by.may(KINDS[kind].action, paper.warehouse_id)


def check_day(store: Store, paper: Document, movements: list[Movement]) -> None:
    """Not in the future, not in a closed period, not before a count, not before the window of a store in service."""
    assert paper.on <= store.today
    assert not fetch(select(Period.id).where(Period.last_on >= paper.on))
    touched = {
        (warehouse_id, one.item_id, place_id)
        for one in movements
        for warehouse_id, place_id in (
            (one.source_warehouse_id, one.source_id),
            (one.target_warehouse_id, one.target_id),
        )
        if warehouse_id is not None
    }
    in_service = select(Warehouse.id).where(
        Warehouse.id.in_({warehouse_id for warehouse_id, _, _ in touched}), Warehouse.in_service_on.is_not(None)
    )
    if fetch(in_service):
        assert paper.on >= store.today - timedelta(days=30)
    reversed_id = db.session.scalar(select(Entry.reverses_id).where(Entry.id == paper.entry_id))
    for barrier in db.session.scalars(select(Barrier)):
        if any(
            barrier.warehouse_id == warehouse_id
            and barrier.item_id in (None, item_id)
            and barrier.location_id in (None, place_id)
            for warehouse_id, item_id, place_id in touched
        ):
            assert barrier.on <= paper.on
            assert reversed_id is None or barrier.entry_id <= reversed_id


def check_lines(paper: Document) -> None:
    """What a packaging holds is exact."""
    exact = {
        (item, packaging.name): Fraction(packaging.contains) / packaging.divisor
        for item, details in ITEMS.items()
        for packaging in details.get("packagings", ())
    }
    for line in paper.lines:
        holds = exact.get((line["item"], line["unit"]), 1)
        assert Fraction(line["quantity"]) * holds == Fraction(line["base_quantity"])


def check_use(store: Store, movement: Movement, *, is_chosen: bool) -> None:
    """What is taken to be used lay on a shelf, had not expired, expired first, and was kept for nobody else."""
    place = db.session.get_one(Location, movement.source_id)
    lot = db.session.get_one(catalogue.Lot, movement.lot_id)
    assert place.kind == "shelf"
    assert lot.expires_on is None or lot.expires_on >= movement.on
    left = usable(movement.item_id, movement.source_warehouse_id or 0, store.today)
    assert sum(left.values()) >= reserved(movement.item_id, movement.source_warehouse_id or 0)
    if lot.expires_on is not None and not is_chosen:
        then = usable(movement.item_id, movement.source_warehouse_id or 0, movement.on)
        passed_over = [day for (place_id, day) in then if place_id == movement.source_id and day]
        assert all(day >= lot.expires_on for day in passed_over)


def usable(item_id: int, warehouse_id: int, on: date) -> dict[tuple[int, date | None], Decimal]:
    """What lies on the shelves and has not expired, by place and day of expiry."""
    rows = fetch(
        select(Balance.location_id, catalogue.Lot.expires_on, Balance.quantity)
        .join(Location, Location.id == Balance.location_id)
        .join(catalogue.Lot, catalogue.Lot.id == Balance.lot_id)
        .where(Balance.item_id == item_id, Balance.warehouse_id == warehouse_id)
        .where(Balance.quantity > 0, Location.kind == "shelf")
    )
    found: defaultdict[tuple[int, date | None], Decimal] = defaultdict(Decimal)
    for place_id, expires_on, quantity in rows:
        if expires_on is None or expires_on >= on:
            found[place_id, expires_on] += quantity
    return found


def reserved(item_id: int, warehouse_id: int) -> Decimal:
    promised = select(func.sum(Commitment.quantity)).where(
        Commitment.item_id == item_id, Commitment.warehouse_id == warehouse_id, Commitment.kind == "reserved"
    )
    return db.session.scalar(promised) or NOTHING


# ---- what holds at any moment


def check_laws(store: Store) -> None:
    assert make.differences() == []
    check_registers()
    check_conservation()
    check_every_point()
    check_alerts(store)


def check_registers() -> None:
    """Each register counts 1, 2, 3 … and so does each kind of paper in it."""
    positions: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    numbers: defaultdict[tuple[int, int, str], list[int]] = defaultdict(list)
    rows = fetch(select(Entry.warehouse_id, Entry.year, Entry.kind, Entry.position, Entry.number).order_by(Entry.id))
    for warehouse_id, year, kind, position, number in rows:
        positions[warehouse_id, year].append(position)
        numbers[warehouse_id, year, kind].append(number)
    for counted in (*positions.values(), *numbers.values()):
        assert counted == list(range(1, len(counted) + 1))


def check_alerts(store: Store) -> None:
    """What is on hand is usable, expired or in quarantine, and nothing of it twice; the alerts say so already."""
    for one in replenishment.standing(store.today):
        rows = fetch(
            select(Balance.quantity, Location.kind, catalogue.Lot.expires_on)
            .join(Location, Location.id == Balance.location_id)
            .join(catalogue.Lot, catalogue.Lot.id == Balance.lot_id)
            .where(Balance.item_id == one.item_id, Balance.warehouse_id == one.warehouse_id)
        )
        on_hand = sum((row.quantity for row in rows if row.kind != "transit"), NOTHING)
        shelf = sum(usable(one.item_id, one.warehouse_id, store.today).values(), NOTHING)
        figures = one.figures
        assert figures.on_hand == on_hand
        assert figures.available == shelf - reserved(one.item_id, one.warehouse_id)
        assert figures.on_hand == shelf + figures.expired + figures.quarantined
        assert figures.level == one.alert_level
    with transaction():
        assert replenishment.rederive(on=store.today, at=make.now()) == 0


def check_conservation() -> None:
    """What lies inside is what came in from outside less what went out, in quantity and in value."""
    came = _sums(Movement.source_warehouse_id)
    went = _sums(Movement.target_warehouse_id)
    lies: dict[int, Decimal] = dict(
        fetch(select(Balance.item_id, func.sum(Balance.quantity)).group_by(Balance.item_id))
    )  # type: ignore[arg-type]
    worth: dict[int, Decimal] = dict(fetch(select(Holding.item_id, func.sum(Holding.value)).group_by(Holding.item_id)))  # type: ignore[arg-type]
    nothing = (Decimal(0), Decimal(0))
    for item_id in came | went:
        (quantity_in, value_in), (quantity_out, value_out) = came.get(item_id, nothing), went.get(item_id, nothing)
        assert lies.get(item_id, 0) == quantity_in - quantity_out
        assert worth.get(item_id, 0) == value_in - value_out


def _sums(side: InstrumentedAttribute[int | None]) -> dict[int, tuple[Decimal, Decimal]]:
    """Quantity and value of what has no warehouse on that side, by item."""
    rows = fetch(
        select(Movement.item_id, func.sum(Movement.quantity), func.sum(Movement.value))
        .where(side.is_(None))
        .group_by(Movement.item_id)
    )
    return {item_id: (quantity, value) for item_id, quantity, value in rows}


def check_every_point() -> None:
    """In the order of (day, posting) nothing is ever below nothing, and no thing or number stands in two places."""
    units = set(db.session.scalars(select(catalogue.Lot.id).where(catalogue.Lot.inventory_number.is_not(None))))
    standing: defaultdict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
    lying: dict[tuple[int, int], int] = {}
    rows = db.session.scalars(select(Movement).order_by(Movement.on, Movement.entry_id, Movement.line))
    for (day, entry_id), movements in groupby(rows, lambda one: (one.on, one.entry_id)):
        told = f"on {day} after entry {entry_id}"
        touched = set()
        for one in movements:
            for place, store, sign in (
                (one.source_id, one.source_warehouse_id, -1),
                (one.target_id, one.target_warehouse_id, 1),
            ):
                if store is not None:
                    key = (one.item_id, one.lot_id, place)
                    standing[key] += sign * one.quantity
                    touched.add(key)
            carry(one, lying, told)
        for key in touched:
            assert standing[key] >= 0, f"{key} is {standing[key]} {told}"
            if key[1] in units:
                everywhere = sum(quantity for (_, lot, _), quantity in standing.items() if lot == key[1])
                assert everywhere <= 1, f"{key} stands {everywhere} times {told}"


def carry(movement: Movement, lying: dict[tuple[int, int], int], told: str) -> None:
    """Each number is taken from where it lies and put where none of its kind lies."""
    if movement.first_number is None or movement.last_number is None:
        return
    for number in range(movement.first_number, movement.last_number + 1):
        place = lying.pop((movement.item_id, number), None)
        expected = movement.source_id if movement.source_warehouse_id is not None else None
        assert place == expected, f"number {number} lies at {place} and not at {expected} {told}"
        if movement.target_warehouse_id is not None:
            lying[movement.item_id, number] = movement.target_id


# ---- what holds in the end


def check_answers(store: Store, history: History) -> None:
    """Every question gives the same answer, and every paper told again is the same paper."""
    for code in ITEMS:
        item_id = catalogue.get_item(code).id
        for name in STORES:
            store_id = warehouses.get_warehouse(name).id
            on_hand = ledger.on_hand(item_id, store_id)
            standing = ledger.stock_on(store_id, store.today).get(item_id)
            holding = ledger.holding(item_id, store_id)
            assert on_hand == (standing.on_hand if standing else 0)
            assert (holding.value if holding else 0) == (standing.value if standing else 0)
            newest, _ = ledger.card(item_id, store_id, limit=1000)
            opening, told = ledger.card_oldest_first(item_id, store_id, first_on=None, last_on=None)
            oldest = [(row.movement_id, row.balance) for row in told]
            assert opening == 0
            assert [(row.movement_id, row.balance) for row in reversed(newest)] == oldest
            assert on_hand == (oldest[-1][1] if oldest else 0)
    check_past_days()
    for told, paper_id in history.posted.items():
        again = store.tell(told)
        assert again is not None
        assert (again.id, again.is_replay) == (paper_id, True), told
    count = db.session.scalar(select(func.count()).select_from(Entry))
    assert count == len(history.posted)


def check_past_days() -> None:
    """What a store had on a day is what had come until then less what had gone, in quantity and in value."""
    counted = {id_: kind in warehouses.ON_HAND for id_, kind in fetch(select(Location.id, Location.kind))}
    movements = db.session.scalars(select(Movement)).all()
    stores = list(db.session.scalars(select(Warehouse.id)))
    for day in {one.on for one in movements}:
        quantities: defaultdict[tuple[int, int], Decimal] = defaultdict(Decimal)
        values: defaultdict[tuple[int, int], Decimal] = defaultdict(Decimal)
        for one in (one for one in movements if one.on <= day):
            for store_id, place_id, sign in (
                (one.source_warehouse_id, one.source_id, -1),
                (one.target_warehouse_id, one.target_id, 1),
            ):
                if store_id is not None:
                    values[store_id, one.item_id] += sign * one.value
                    quantities[store_id, one.item_id] += sign * one.quantity * counted[place_id]
        said = ledger.stocks_on(stores, day)
        for pair in said | quantities:
            assert (said[pair].on_hand if pair in said else 0) == quantities[pair]
            assert (said[pair].value if pair in said else 0) == values[pair]
