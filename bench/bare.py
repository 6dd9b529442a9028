"""The same SQL by the bare driver: the statements of a posting are caught as they leave the application, then done
again by sqlite3 or psycopg alone, in as many processes as there are clients, with the same transactions.

Every repetition writes what a true posting would: it takes position, number, balance and revisions from what its own
statements read under the lock, so that no constraint has less work to do than in the application.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import re
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import event

from bench import grounds
from inventory import database
from inventory.config import Config
from inventory.database import db

WARM_UP = 0.5


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done on the connection: a statement, ``COMMIT`` or ``ROLLBACK``."""

    sql: str
    parameters: Any = None
    is_many: bool = False

    @property
    def table(self) -> str:
        """The table it writes to; empty for a question."""
        found = re.match(r"\s*(?:INSERT INTO|UPDATE)\s+\"?(\w+)", self.sql, re.IGNORECASE)
        return found.group(1) if found else ""

    @property
    def is_work(self) -> bool:
        """Whether it counts as a statement; BEGIN, COMMIT and authentication do not."""
        return (
            self.sql not in ("COMMIT", "ROLLBACK") and not self.sql.startswith("BEGIN") and "api_token" not in self.sql
        )


@contextmanager
def named_parameters(config: Config) -> Iterator[Flask]:
    """The application with its parameters by name on both engines, so that we can tell which is which."""
    ordinary = database.engine_options
    style = "named" if config.database_url.startswith("sqlite") else "pyformat"
    database.engine_options = lambda url: ordinary(url) | {"paramstyle": style}
    try:
        with grounds.opened(config) as app:
            yield app
    finally:
        database.engine_options = ordinary


def caught(happens: Callable[[], object]) -> list[Step]:
    """Every step that the application's connections take meanwhile."""
    steps: list[Step] = []

    def statement(_c: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, is_many: bool) -> None:
        steps.append(Step(sql, parameters, is_many))

    def committed(_connection: Any) -> None:
        steps.append(Step("COMMIT"))

    def rolled_back(_connection: Any) -> None:
        steps.append(Step("ROLLBACK"))

    listeners = (("before_cursor_execute", statement), ("commit", committed), ("rollback", rolled_back))
    for name, listener in listeners:
        event.listen(db.engine, name, listener)
    try:
        happens()
    finally:
        for name, listener in listeners:
            event.remove(db.engine, name, listener)
    return steps


def run(config: Config, postings: list[list[Step]], processes: int, seconds: float) -> float:
    """Postings per second by so many processes, each with its own connection; they take the postings in turn."""
    context = multiprocessing.get_context("fork")
    queue: multiprocessing.Queue[int | str] = context.Queue()
    begin = time.monotonic() + WARM_UP + processes * 0.02
    children = [
        context.Process(target=_repeat, args=(config.database_url, postings, number, begin, seconds, queue))
        for number in range(processes)
    ]
    for child in children:
        child.start()
    counts = [queue.get(timeout=seconds + 120) for _ in children]
    for child in children:
        child.join()
    failed = next((one for one in counts if isinstance(one, str)), None)
    if failed:
        raise RuntimeError(f"The bare driver could not repeat the posting: {failed}")
    return sum(one for one in counts if isinstance(one, int)) / seconds


def _repeat(
    url: str,
    postings: list[list[Step]],
    first: int,
    begin: float,
    seconds: float,
    queue: multiprocessing.Queue[int | str],
) -> None:
    count, turn = 0, first
    try:
        with closing(_connect(url)) as connection:
            while (now := time.monotonic()) < begin + seconds:
                _post(connection, postings[turn % len(postings)])
                turn += 1
                count += begin <= now
        queue.put(count)
    except Exception as error:
        queue.put(repr(error))


def _connect(url: str) -> Any:
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)
        database._prepare_sqlite(connection, None)
        return connection
    host = url.rpartition("host=")[2]
    options = database.engine_options(url)["connect_args"]
    connection = psycopg.connect(host=host, user="application", dbname="bench", **options)
    connection.read_only = False
    return connection


def _post(connection: Any, steps: list[Step]) -> None:
    page: dict[str, Any] = {}
    cursor = connection.cursor()
    for step in steps:
        if step.sql in ("COMMIT", "ROLLBACK"):
            connection.commit()  # after reading it is the same, and psycopg keeps its prepared statements
        elif step.is_many:
            cursor.executemany(step.sql, [_renewed(step.table, one, page) for one in step.parameters])
        else:
            cursor.execute(step.sql, _renewed(step.table, step.parameters or {}, page))
            if cursor.description:
                _read(cursor, page)
    connection.commit()


def _read(cursor: Any, page: dict[str, Any]) -> None:
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    if rows:
        page.update(zip(names, rows[0], strict=True))


def _renewed(table: str, parameters: dict[str, Any], page: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a repetition: its own key, and what follows from what it has read."""
    if not isinstance(parameters, dict):
        return parameters
    new = dict(parameters)
    if table == "entry":
        page["new_hash"] = hashlib.sha256(os.urandom(16)).hexdigest()
        new |= {
            "key": uuid.uuid4().hex, "code": uuid.uuid4().hex, "position": page["position"] + 1,
            "preceding": page["position"], "number": page["last_number"] + 1, "previous_hash": page["hash"],
            "hash": page["new_hash"],
        }  # fmt: skip
    elif table == "movement":
        new["entry_id"] = page["id"]
    elif table == "balance":
        new |= {"quantity": page["quantity"] - 1000, "quantity_read": page["quantity"]}
    elif table == "holding":
        new |= {"quantity": page["held"] - 1000, "quantity_read": page["held"]}
        new |= {"value": page["held_value"] - 1000, "value_read": page["held_value"]}
    elif table == "register":
        new |= {"before": page["position"], "position": page["position"] + 1, "hash": page["new_hash"]}
    elif "key" in new:
        new["key"] = uuid.uuid4().hex
    return new
