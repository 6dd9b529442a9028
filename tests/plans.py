"""What a database would read to answer a question, as it says itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from inventory.database import db

EXPLAIN = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}
WHOLE = re.compile(r"(?:SCAN|Seq Scan on) (\w+)")


@contextmanager
def questions() -> Iterator[list[tuple[str, Any]]]:
    """The questions that are asked inside the block, with their parameters."""
    asked: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)


def plans(asked: list[tuple[str, Any]]) -> list[str]:
    """How the database would find the answers, were the tables large."""
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "postgresql":  # small as they are here, it would rather read them whole
            connection.exec_driver_sql("SET enable_seqscan = off")
        explain = EXPLAIN[db.engine.dialect.name]
        told = [str(connection.exec_driver_sql(f"{explain} {one}", values).all()) for one, values in asked]
        connection.invalidate()
    return told


def read_whole(plan: str) -> set[str]:
    """The tables that a plan reads from end to end."""
    return set(WHOLE.findall(plan))
