"""The database: column types, one transaction, one way to ask.

Laws:
1. Only ``transaction()`` commits; it takes the write lock before anything is read.
2. Quantities, money and unit costs are integers in the database and Decimals outside; nothing is ever rounded silently.
3. Instants are UTC, days are dates; SQLite and PostgreSQL behave the same.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Integer, MetaData, Select, String, event, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, Engine, ExceptionContext, Row
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql import Executable
from sqlalchemy.types import TypeDecorator

from inventory.errors import Busy, Fault, key_reused, refuse_stale, refuse_unreachable
from inventory.texts import text_faults

log = logging.getLogger(__name__)
T = TypeVar("T")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMES)


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model

Id = BigInteger().with_variant(Integer(), "sqlite")
"""The type of every surrogate key: 64 bits, counted up by the database."""


class Scaled(TypeDecorator[Decimal]):
    """A Decimal with a fixed number of decimals, kept as an integer (SQLite has no exact decimal)."""

    impl = BigInteger
    cache_ok = True
    decimals: ClassVar[int]

    @classmethod
    def to_integer(cls, value: Decimal | int) -> int:
        """The stored integer; ValueError when the value is finer than the column keeps."""
        scaled = Decimal(value).scaleb(cls.decimals)
        whole = int(scaled)
        if whole != scaled:
            raise ValueError(f"{value} is finer than {cls.decimals} decimals")
        return whole

    @classmethod
    def to_decimal(cls, value: int) -> Decimal:
        return Decimal(value).scaleb(-cls.decimals)

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        return None if value is None else self.to_integer(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else self.to_decimal(int(value))

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        return self


class Quantity(Scaled):
    """Thousandths of an item's base unit."""

    cache_ok = True
    decimals = 3


class Money(Scaled):
    """Centimes of a dirham, VAT included."""

    cache_ok = True
    decimals = 2


class UnitCost(Scaled):
    """Millionths of a dirham for one unit, VAT included."""

    cache_ok = True
    decimals = 6


class Instant(TypeDecorator[datetime]):
    """A moment in UTC; SQLite gives it back naive, so the zone is put on again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def initialise(app: Flask) -> None:
    """Joins the database to the application and sets how each engine behaves."""
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            event.listen(engine, "handle_error", _refuse_unreachable)
            if engine.dialect.name == "sqlite":
                event.listen(engine, "connect", _prepare_sqlite)
                event.listen(engine, "begin", _begin_sqlite)


BATCH = 500
"""Rows fetched at a time of a long answer, and things named in one question."""

OPTIONS = "-c lock_timeout=20s -c timezone=UTC -c datestyle=ISO -c default_transaction_read_only=on"
WRITING: dict[str, dict[str, Any]] = {
    "sqlite": {"writing": True},
    "postgresql": {"isolation_level": "READ COMMITTED", "postgresql_readonly": False},
}
"""How a connection is asked to change something, on each engine."""


def engine_options(url: str) -> dict[str, Any]:
    """Pool and driver settings for a database address."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 20, "check_same_thread": False}}
    # A question by itself needs no transaction, and psycopg forgets every prepared statement at a ROLLBACK: reading is
    # therefore AUTOCOMMIT, and read-only, so that a change outside of ``transaction()`` is refused, not kept.
    return {
        "isolation_level": "AUTOCOMMIT",
        "pool_size": 8,
        "max_overflow": 8,
        "pool_pre_ping": False,
        "pool_recycle": 1800,
        "connect_args": {"prepare_threshold": 2, "options": OPTIONS},
    }


def _refuse_unreachable(failure: ExceptionContext) -> None:
    """Without a connection, or with one that broke, there is nothing wrong with what was asked."""
    is_away = failure.connection is None or failure.is_disconnect
    if is_away:  # why is for who looks after the house, and nobody else
        log.warning("the database is away: %s", failure.original_exception)
    refuse_unreachable(is_away)


def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see _begin_sqlite
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # so that REPLACE INTO meets the triggers that refuse a deletion
        "busy_timeout=20000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


_pen = BoundedSemaphore()
_PATIENCE = 20.0  # seconds, as for the locks of the databases


@contextmanager
def _in_turn() -> Iterator[None]:
    """SQLite has one pen, and lets who waits for it sleep ever longer while others come and take it: the threads of a
    process queue for it here. PostgreSQL keeps its own queues, one to a warehouse."""
    if db.engine.dialect.name != "sqlite":
        yield
        return
    if not _pen.acquire(timeout=_PATIENCE):
        raise PoolTimeout("another thread has the pen")
    try:
        yield
    finally:
        _pen.release()


@contextmanager
def transaction() -> Iterator[Connection]:
    """The only way to change anything: all of the block, or nothing.

    What was read before the block is forgotten, so that nothing stale is written. Raises Busy (503) when the
    database cannot be had in time, KeyReused or ChangedMeanwhile when somebody else was first with the same key or
    code; everything else passes through after the roll-back.
    """
    session = db.session
    assert not session.info.get("is_writing"), "a transaction stands alone: a verb never opens another"
    session.expunge_all()  # before the roll-back, which would empty what earlier transactions gave back
    session.rollback()
    session.info["is_writing"] = True
    try:
        with _in_turn():
            yield session.connection(execution_options=WRITING[db.engine.dialect.name])
            session.commit()
    except (OperationalError, PoolTimeout) as error:
        session.rollback()
        if isinstance(error, OperationalError) and not _is_contention(error):
            raise
        raise Busy from error
    except IntegrityError as error:
        session.rollback()
        _refuse_second(error)
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("is_writing", None)


def connection() -> Connection:
    """The connection of the session's transaction. Asking the session itself each time costs as much as a statement."""
    session = db.session()
    kept: Connection | None = session.info.get("connection")
    if kept is None or kept.closed:  # the session closes it when its transaction ends
        kept = session.info["connection"] = session.connection()
    return kept


def _is_contention(error: OperationalError) -> bool:
    text = str(error.orig)
    state = getattr(error.orig, "sqlstate", None)
    return "database is locked" in text or "database is busy" in text or state in {"55P03", "40P01", "40001", "57014"}


def _refuse_second(error: IntegrityError) -> None:
    """Two did the same at once, and the database let one of them: the other hears so in words."""
    said = str(error.orig)
    if getattr(error.orig, "sqlstate", None) != "23505" and "UNIQUE constraint failed" not in said:
        return
    if "uq_entry_key" in said or "entry.key" in said:
        key_reused()
    refuse_stale(True)


def insert_missing(table: type[Base], rows: Sequence[dict[str, Any]]) -> int:
    """Inserts the rows whose unique keys are free, and returns how many; who does the same at the same moment is waited
    for."""
    if not rows:
        return 0
    into = postgresql.insert(table) if db.engine.dialect.name == "postgresql" else sqlite.insert(table)
    statement = into.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return db.session.connection().execute(statement, rows).rowcount


def row_faults(row: Base) -> list[Fault]:
    """What is wrong with the texts of a row that is about to be written: longer than their column, or unwritable."""
    faults = []
    for attribute in inspect(type(row)).column_attrs:
        kind = attribute.columns[0].type
        if isinstance(kind, String) and kind.length is not None:
            faults += text_faults(f"/{attribute.key}", getattr(row, attribute.key), kind.length)
    return faults


def fetch(statement: Executable, parameters: dict[str, Any] | None = None) -> Sequence[Row[Any]]:
    """All rows that a question yields."""
    return db.session.execute(statement, parameters or {}).all()


def page_of(question: Select[Any], limit: int | None) -> tuple[list[Row[Any]], Row[Any] | None]:
    """The first rows of a question (all without a limit), and the last of these when more follow."""
    return cut(fetch(question if limit is None else question.limit(limit + 1)), limit)


def cut(rows: Sequence[T], limit: int | None) -> tuple[list[T], T | None]:
    """A page of rows that were read one further than it holds, and its last row when another page follows it."""
    return list(rows[:limit]), None if limit is None or len(rows) <= limit else rows[limit - 1]


def batches(things: Iterable[T]) -> Iterator[list[T]]:
    """Some hundreds at a time, for what is asked about several at once."""
    left = iter(things)
    while batch := list(islice(left, BATCH)):
        yield batch


def streamed(statement: Executable) -> Generator[Row[Any], None, None]:
    """The rows of a long answer, a few hundred at a time, from a connection of its own: one snapshot, whatever is
    posted meanwhile, and memory that does not grow with the answer."""
    options = {"isolation_level": "REPEATABLE READ"} if db.engine.dialect.name == "postgresql" else {}
    with (
        db.engine.connect() as opened,
        Session(opened.execution_options(**options)) as session,
        session.execute(statement, execution_options={"yield_per": BATCH}) as rows,
    ):
        yield from rows


def engine() -> Engine:
    return db.engine
