"""The day that begins: what expired overnight is short in the morning, without a timer of the machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import chain, repeat
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import event, select

from inventory import clock, night, replenishment
from inventory.database import db
from inventory.replenishment import Alert
from tests import make
from tests.script import Store

MORNING = date(2026, 12, 2)


@pytest.fixture(autouse=True)
def store(app: Flask) -> Store:
    """All that CENTRAL has of insulin expires before MORNING."""
    store = Store.opened(insulin={"tracking": "lot", "has_expiry": True})
    store.play("SUPPLIER -> SHELF insulin 5 lot=A expires=2026-12-01")
    make.rule("insulin", "CENTRAL", "2", "10")
    return store


@contextmanager
def watched(app: Flask) -> Iterator[None]:
    is_over = Event()
    watch = Thread(target=night.watch, args=(app, is_over, 0.01))
    watch.start()
    try:
        yield
    finally:
        is_over.set()
        watch.join()


def levels() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Alert.level).where(Alert.closed_at.is_(None))))


def eventually(is_so: Callable[[], bool]) -> bool:
    for _ in range(1000):
        if is_so():
            return True
        time.sleep(0.01)
    return False


def test_what_expires_overnight_is_short_in_the_morning(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    days = chain(repeat(make.TODAY, 3), repeat(MORNING))
    monkeypatch.setattr(clock, "today", lambda: next(days))
    assert levels() == []
    with watched(app):
        assert eventually(lambda: levels() == ["out"])


def test_a_night_that_fails_is_tried_again_and_one_that_is_done_is_done(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[date] = []
    turns: list[date] = []
    really = replenishment.is_outdated

    def is_outdated(*, on: date) -> bool:
        tries.append(on)
        if len(tries) == 1:
            raise RuntimeError("The database is away")
        return really(on=on)

    monkeypatch.setattr(replenishment, "is_outdated", is_outdated)
    monkeypatch.setattr(clock, "today", lambda: turns.append(MORNING) or MORNING)
    with watched(app):
        assert eventually(lambda: levels() == ["out"])
        before = len(turns)
        assert eventually(lambda: len(turns) > before + 3)
    assert tries == [MORNING] * 2


def test_a_day_that_changes_nothing_locks_nothing(app: Flask) -> None:
    asked: list[str] = []

    def listen(*call: object) -> None:
        asked.append(str(call[2]))

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        assert not replenishment.is_outdated(on=make.TODAY)
        assert replenishment.is_outdated(on=MORNING)
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    questions = [one for one in asked if one.startswith("SELECT") and "FOR UPDATE" not in one]
    assert len(questions) == 2
    assert set(asked) - set(questions) <= {"BEGIN"}
