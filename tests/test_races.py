"""Many at the same moment, each with a session of their own: one book, one pen."""

from __future__ import annotations

import contextvars
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text

from inventory import catalogue, ledger, warehouses
from inventory.database import db
from inventory.documents import Document
from inventory.errors import Refusal
from tests import make
from tests.script import Store

Verb = Callable[[], Document | str]


@pytest.fixture
def store(app: Flask) -> Store:
    return Store.opened(
        "NORTH", bolt={}, nail={}, serum={"tracking": "lot"}, desk={"tracking": "unit"}, voucher={"tracking": "range"}
    )


def at_once(app: Flask, verbs: Sequence[Verb]) -> list[Document | str]:
    """Everybody begins when all are there. A refusal is answered by its code, anything else is raised here."""
    gate = threading.Barrier(len(verbs))

    def begun(verb: Verb) -> Verb:
        def act() -> Document | str:
            gate.wait(timeout=60)
            return verb()

        return act

    db.session.rollback()
    with ThreadPoolExecutor(len(verbs)) as people:
        running = [people.submit(contextvars.Context().run, answered, app, begun(verb)) for verb in verbs]
        return [future.result(timeout=120) for future in running]


def one_behind_the_other(app: Flask, first: Verb, second: Verb) -> list[Document | str]:
    """The first has written everything and not yet committed when the second comes, and commits as soon as the second
    waits for it, or is through."""
    has_written, may_commit = threading.Event(), threading.Event()

    def slowly() -> Document | str:
        def pause(_session: object) -> None:
            has_written.set()
            may_commit.wait(timeout=60)

        event.listen(db.session(), "before_commit", pause, once=True)
        return first()

    db.session.rollback()
    with ThreadPoolExecutor(2) as people:
        running = [people.submit(contextvars.Context().run, answered, app, slowly)]
        assert has_written.wait(timeout=60)
        running.append(people.submit(contextvars.Context().run, answered, app, second))
        until_it_waits(running[1])
        may_commit.set()
        return [future.result(timeout=120) for future in running]


def until_it_waits(person: Future[Document | str]) -> None:
    """Until somebody is through, or stands before a lock. On SQLite nobody can be seen waiting: who writes has the
    whole file, and nobody else gets so far as to read."""
    is_waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(3000):
        if db.engine.dialect.name == "sqlite" or db.session.scalar(is_waiting):
            return
        if wait([person], timeout=0.01).done:
            return
    raise AssertionError("neither through nor waiting")


def answered(app: Flask, verb: Verb) -> Document | str:
    """What a verb answers to somebody with a session of their own."""
    with app.app_context():
        try:
            return verb()
        except Refusal as refused:
            return refused.code
        finally:
            db.session.remove()


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


ARRIVING = [
    ("SUPPLIER -> {} desk 1 lot=NEW", "unit_elsewhere"),
    ("CITY -> {} desk 1 lot=INV-1", "unit_elsewhere"),
    ("SUPPLIER -> {} voucher numbers=100-200", "number_elsewhere"),
    ("CITY -> {} voucher numbers=1-9", "number_elsewhere"),
]
"""What may stand only once in all stores, arriving in one of them. Supplier, service and their places are known, so
that nobody waits for who writes those down first."""


@pytest.fixture
def known(store: Store) -> Store:
    store.play("""
        SUPPLIER -> SHELF desk 1 lot=INV-1, voucher numbers=1-9
        SHELF -> CITY desk 1 lot=INV-1, voucher numbers=1-9
    """)
    return store


@pytest.mark.parametrize(("arriving", "refused"), ARRIVING)
def test_what_arrives_in_two_stores_at_once_arrives_in_one(
    app: Flask, known: Store, arriving: str, refused: str
) -> None:
    answers = at_once(app, [told(known, arriving.format(place)) for place in ("SHELF", "NORTH")] * 4)
    assert len(papers(answers)) == 1
    assert refusals(answers) == {refused: 7}
    assert make.differences() == []


@pytest.mark.parametrize(("arriving", "refused"), ARRIVING)
def test_what_is_just_arriving_in_one_store_is_waited_for_in_another(
    app: Flask, known: Store, arriving: str, refused: str
) -> None:
    """No pen is shared: the hold on the thing, or on the item of the numbers, decides."""
    places = ("SHELF", "NORTH")
    first, second = one_behind_the_other(app, *(told(known, arriving.format(place)) for place in places))
    assert isinstance(first, Document)
    assert second == refused
    assert make.differences() == []


def test_numbers_that_a_reversal_brings_back_are_waited_for_too(app: Flask, known: Store) -> None:
    known.play("""
        SUPPLIER -> SHELF voucher numbers=30-39
        out: SHELF -> CITY voucher numbers=30-39
    """)
    first, second = one_behind_the_other(
        app, told(known, "reverse out"), told(known, "SUPPLIER -> NORTH voucher numbers=39-40")
    )
    assert isinstance(first, Document)
    assert second == "number_elsewhere"
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
