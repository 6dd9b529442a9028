"""Histories that nobody would think of, told in the words of ``tests.script``: whatever is asked is posted or refused,
and the laws of the ledger hold after it.

A few of them run with every run of the tests, always the same; ``HYPOTHESIS_PROFILE=thorough`` tries many new ones.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from inventory import catalogue, ledger, replenishment, warehouses
from inventory.database import db, fetch, transaction
from inventory.errors import Refusal
from inventory.ledger import Balance, Entry, Holding, Movement
from tests import make
from tests.databases import Database
from tests.script import Store

IS_THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
STORES = ("CENTRAL", "NORTH", "OLD")
ITEMS = {
    "bolt": {},
    "wire": {"unit": "metre", "decimals": 2},
    "vaccine": {"tracking": "lot", "has_expiry": True},
    "desk": {"tracking": "unit"},
    "voucher": {"tracking": "range"},
}
EXPIRIES = {"A": "2026-11-21", "B": "2027-01-31"}

# ---- what may be told

INSIDE = st.sampled_from(["SHELF", "SHELF", "CENTRAL/A1", "CENTRAL/QUARANTAINE", "NORTH", "OLD"])
SOURCES = st.sampled_from(["OPENING", "SUPPLIER", "DONOR", "RECOVERY", "CITY", "COUNT"])
TARGETS = st.sampled_from(["CITY", "SCHOOL", "EXPIRED", "LOST", "COUNT"])
DAYS = st.sampled_from(["", "", "", " on=11-19", " on=11-21", " on=11-22"])
PEOPLE = st.sampled_from(["amina", "driss", "nadia"])
COSTS = st.sampled_from(["", " cost=0.333333", " cost=2.50", " cost=0", " cost=1.37"])


@st.composite
def goods(draw: st.DrawFn, arriving: bool = False) -> str:
    """One line: an item, how much of it, and what the item needs to be said."""
    item = draw(st.sampled_from(list(ITEMS)))
    few = draw(st.integers(1, 12))
    if item == "voucher":
        first = draw(st.integers(1, 30))
        return f"voucher numbers={first}-{first + few}"
    if item == "desk":
        return f"desk 1 lot=D{draw(st.integers(1, 3))}"
    if item == "vaccine":
        lot = draw(st.sampled_from(list(EXPIRIES)))
        if arriving:
            return f"vaccine {few} lot={lot} expires={EXPIRIES[lot]}"
        return f"vaccine {few}" + draw(st.sampled_from(["", f" lot={lot} because=asked"]))
    return f"{item} {few}" + (draw(st.sampled_from(["", ".25", ".5"])) if item == "wire" else "")


@st.composite
def lines(draw: st.DrawFn, *, arriving: bool = False, costs: st.SearchStrategy[str] | None = None) -> str:
    return ", ".join(
        draw(goods(arriving)) + ("" if costs is None else draw(costs)) for _ in range(draw(st.integers(1, 3)))
    )


@st.composite
def arrivals(draw: st.DrawFn) -> str:
    return f"{draw(SOURCES)} -> {draw(INSIDE)} {draw(lines(arriving=True, costs=COSTS))}"


@st.composite
def departures(draw: st.DrawFn) -> str:
    return f"{draw(INSIDE)} -> {draw(st.one_of(TARGETS, INSIDE))} {draw(lines())}"


@st.composite
def conversions(draw: st.DrawFn) -> str:
    return f"convert {draw(INSIDE)} {draw(goods())} into {draw(goods(arriving=True))}"


@st.composite
def settlings(draw: st.DrawFn, transfers: list[str]) -> str:
    """What becomes of a transfer; mostly of goods that are on it."""
    verb = draw(st.sampled_from(["receive", "receive", "lost", "back"]))
    return f"{verb} {draw(st.sampled_from(transfers))} {draw(lines())}"


# ---- a history


@dataclass
class History:
    """What was told of a store, and what became of it."""

    store: Store
    posted: dict[str, str] = field(default_factory=dict)

    def next(self) -> st.SearchStrategy[str]:
        papers = self.store.papers
        choices = [arrivals(), departures(), departures(), conversions()]
        transfers = [label for label, paper in papers.items() if paper.kind == "transfer"]
        if transfers:
            choices += [settlings(transfers), settlings(transfers)]
        if papers:
            choices.append(st.sampled_from(list(papers)).map(lambda label: f"reverse {label}"))
        return st.one_of(choices)

    def tell(self, told: str, label: str) -> None:
        """Posted or refused; any other failure is a fault of the house."""
        note(f"{label}: {told}")
        with suppress(Refusal):
            paper = self.store.tell(told)
            assert paper is not None
            if not paper.is_replay:
                self.store.papers[label] = paper
                self.posted[told] = paper.id


@contextmanager
def opened(database: Database) -> Iterator[Store]:
    """A clean house with three stores, one of them not yet in service."""
    database.touch()
    database.clean()
    with database.app.app_context():
        store = Store.opened("NORTH", **ITEMS)
        make.warehouse("OLD", in_service_on=None)
        make.location("CENTRAL", "A1")
        store.people["nadia"] = make.person("nadia", "manager")
        for item in ("bolt", "vaccine", "wire"):
            make.rule(item, "CENTRAL", "5", "9")
            make.rule(item, "NORTH", "3", "4")
        yield store
        db.session.remove()


@settings(
    max_examples=400 if IS_THOROUGH else 12,
    derandomize=not IS_THOROUGH,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_whatever_is_asked_the_laws_hold(database: Database, data: st.DataObject) -> None:
    with opened(database) as store:
        history = History(store)
        for number in range(data.draw(st.integers(5, 30), label="papers")):
            key = data.draw(st.sampled_from([number, number, number, max(0, number - 3)]))
            told = f"{data.draw(history.next())}{data.draw(DAYS)} by={data.draw(PEOPLE)} key=k{key}"
            history.tell(told, f"p{number}")
        check_laws()
        check_answers(store, history)


def check_laws() -> None:
    assert make.differences() == []
    check_conservation()
    check_every_point()
    with transaction():
        assert replenishment.rederive(on=make.TODAY, at=make.now()) == 0


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
    """In the order of (day, posting) nothing is ever below nothing, and no thing stands in two places."""
    units = set(db.session.scalars(select(catalogue.Lot.id).where(catalogue.Lot.inventory_number.is_not(None))))
    standing: defaultdict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
    rows = db.session.scalars(select(Movement).order_by(Movement.on, Movement.entry_id, Movement.line))
    for (day, entry_id), movements in groupby(rows, lambda one: (one.on, one.entry_id)):
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
        for key in touched:
            assert standing[key] >= 0, f"{key} is {standing[key]} on {day} after entry {entry_id}"
            if key[1] in units:
                everywhere = sum(quantity for (_, lot, _), quantity in standing.items() if lot == key[1])
                assert everywhere <= 1, f"{key} stands {everywhere} times on {day} after entry {entry_id}"


def check_answers(store: Store, history: History) -> None:
    """Every question gives the same answer, and every paper told again is the same paper."""
    for code in ITEMS:
        item_id = catalogue.get_item(code).id
        for name in STORES:
            store_id = warehouses.get_warehouse(name).id
            on_hand = ledger.on_hand(item_id, store_id)
            standing = ledger.stock_on(store_id, make.TODAY).get(item_id)
            holding = ledger.holding(item_id, store_id)
            assert on_hand == (standing.on_hand if standing else 0)
            assert (holding.value if holding else 0) == (standing.value if standing else 0)
            newest, _ = ledger.card(item_id, store_id, limit=1000)
            opening, told = ledger.card_oldest_first(item_id, store_id, first_on=None, last_on=None)
            oldest = [(row.movement_id, row.balance) for row in told]
            assert opening == 0
            assert [(row.movement_id, row.balance) for row in reversed(newest)] == oldest
            assert on_hand == (oldest[-1][1] if oldest else 0)
    for told, paper_id in history.posted.items():
        again = store.tell(told)
        assert again is not None
        assert (again.id, again.is_replay) == (paper_id, True), told
    count = db.session.scalar(select(func.count()).select_from(Entry))
    assert count == len(history.posted)
