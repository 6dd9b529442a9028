"""Many at the same moment, each with a session of their own: one book, one pen."""

from __future__ import annotations

import contextvars
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select

from inventory import catalogue, ledger, warehouses
from inventory.database import db
from inventory.documents import Document
from inventory.errors import Refusal
from tests import make
from tests.script import Store

Verb = Callable[[], Document | str]


@pytest.fixture
def store(app: Flask) -> Store:
    return Store.opened("NORTH", bolt={}, nail={}, serum={"tracking": "lot"}, desk={"tracking": "unit"})


def at_once(app: Flask, verbs: Sequence[Verb]) -> list[Document | str]:
    """Everybody begins when all are there. A refusal is answered by its code, anything else is raised here."""
    gate = threading.Barrier(len(verbs))

    def one(verb: Verb) -> Document | str:
        with app.app_context():
            gate.wait(timeout=60)
            try:
                return verb()
            except Refusal as refused:
                return refused.code
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(len(verbs)) as people:
        running = [people.submit(contextvars.Context().run, one, verb) for verb in verbs]
        return [future.result(timeout=120) for future in running]


def told(store: Store, line: str) -> Verb:
    def verb() -> Document:
        paper = store.tell(line)
        assert paper is not None
        return paper

    return verb


def refusals(answers: Sequence[Document | str]) -> Counter[str]:
    return Counter(answer for answer in answers if isinstance(answer, str))


def papers(answers: Sequence[Document | str]) -> list[Document]:
    return [answer for answer in answers if isinstance(answer, Document)]


def test_twenty_take_one_each_of_ten(app: Flask, store: Store) -> None:
    store.play("SUPPLIER -> SHELF bolt 10 cost=0.333333")
    answers = at_once(app, [told(store, "SHELF -> CITY bolt 1")] * 20)
    assert refusals(answers) == {"insufficient_stock": 10}
    assert sorted(paper.number_in_year for paper in papers(answers)) == list(range(1, 11))
    store.play("SHELF bolt 0 worth 0.00")
    assert make.differences() == []


def test_the_same_key_thirty_times_posts_once(app: Flask, store: Store) -> None:
    answers = at_once(app, [told(store, "SUPPLIER -> SHELF bolt 5 key=same")] * 30)
    assert refusals(answers) == {}
    assert len({paper.id for paper in papers(answers)}) == 1
    assert Counter(paper.is_replay for paper in papers(answers)) == {False: 1, True: 29}
    store.play("SHELF bolt 5")
    assert db.session.scalar(select(func.count()).select_from(ledger.Entry)) == 1


def test_the_same_key_for_two_stores_posts_once(app: Flask, store: Store) -> None:
    """No pen is shared: the unique key of the entry decides."""
    lines = ["SUPPLIER -> SHELF bolt 5 key=same", "SUPPLIER -> NORTH bolt 5 key=same"]
    answers = at_once(app, [told(store, line) for line in lines * 5])
    assert len({paper.id for paper in papers(answers)}) == 1
    assert set(refusals(answers)) == {"key_reused"}
    assert make.differences() == []


def test_transfers_in_both_directions_wait_for_each_other_and_never_for_ever(app: Flask, store: Store) -> None:
    """The roads are made at this moment, too."""
    store.play("""
        SUPPLIER -> SHELF bolt 10
        SUPPLIER -> NORTH bolt 10
    """)
    answers = at_once(app, [told(store, line) for line in ("SHELF -> NORTH bolt 1", "NORTH -> SHELF bolt 1")] * 8)
    assert refusals(answers) == {}
    assert len(papers(answers)) == 16
    store.play("SHELF bolt 2")
    store.play("NORTH bolt 2")
    assert make.differences() == []


def test_who_receives_a_new_lot_at_the_same_moment_makes_it_once(app: Flask, store: Store) -> None:
    lines = ["DONOR -> SHELF serum 1 lot=NEW", "CITY -> NORTH serum 1 lot=NEW"]
    answers = at_once(app, [told(store, line) for line in lines * 6])
    assert refusals(answers) == {}
    assert db.session.scalar(select(func.count()).where(catalogue.Lot.number == "NEW")) == 1
    places = db.session.scalars(select(warehouses.Location.code).where(warehouses.Location.kind == "donor")).all()
    assert places == ["donor"]
    store.play("SHELF serum 6")
    store.play("NORTH serum 6")
    assert make.differences() == []


def test_a_thing_that_arrives_in_two_stores_at_once_arrives_in_one(app: Flask, store: Store) -> None:
    lines = ["SUPPLIER -> SHELF desk 1 lot=INV-1", "SUPPLIER -> NORTH desk 1 lot=INV-1"]
    answers = at_once(app, [told(store, line) for line in lines * 4])
    assert len(papers(answers)) == 1
    assert refusals(answers) == {"unit_elsewhere": 7}
    assert make.differences() == []


def test_a_paper_is_reversed_once_however_many_try(app: Flask, store: Store) -> None:
    store.play("wrong: SUPPLIER -> SHELF bolt 5")
    answers = at_once(app, [told(store, f"reverse wrong by={name}") for name in ("amina", "driss")] * 4)
    assert len(papers(answers)) == 1
    assert refusals(answers) == {"already_reversed": 7}
    store.play("SHELF bolt 0")
    assert make.differences() == []


def test_the_ledger_is_in_order_while_people_post(app: Flask, store: Store) -> None:
    """``verify`` looks at one moment, however long it looks."""
    store.play("SUPPLIER -> SHELF bolt 100, nail 100 cost=1.37")

    def looked() -> str:
        return ", ".join(str(one) for _ in range(5) for one in ledger.verify()) or "in order"

    lines = ["SHELF -> CITY bolt 1, nail 2", "SUPPLIER -> SHELF nail 1 cost=2.22"]
    answers = at_once(app, [looked, looked, *(told(store, line) for line in lines * 6)])
    assert refusals(answers) == {"in order": 2}
    assert len(papers(answers)) == 12
    assert make.differences() == []
