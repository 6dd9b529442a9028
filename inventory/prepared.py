"""Statements compiled once and then sent as they are: for the few that run with every posting, scan or page.

SQLAlchemy works out cache key, parameters and row types again at each execution, which was most of a posting's time.
Here that is done once per engine; the statement is still written with it, its types still apply, its events still see
every execution.
"""

from __future__ import annotations

import json
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BigInteger, Boolean, Select, String, literal_column
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import BindParameter, bindparam
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.types import TypeDecorator, TypeEngine

from inventory.database import connection
from inventory.errors import refuse_unreachable

Processor = Callable[[Any], Any]
_traverse: Any = replacement_traverse  # its types know single parts of a statement only


ASSUMED = 10


class Listed(TypeDecorator[list[Any]]):
    """A list of any length in one parameter: an array, or on SQLite, which has none, JSON."""

    impl = String
    cache_ok = True

    def __init__(self, of: type[TypeEngine[Any]]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return postgresql.ARRAY(self.of) if dialect.name == "postgresql" else String()

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """PostgreSQL takes a list of unknown length for ten, and keeps one plan only if no call would be much cheaper
        with a plan of its own: a shorter list therefore says its last again."""
        values = list(value)
        if dialect.name != "postgresql":
            return json.dumps(values)
        return values + values[-1:] * (ASSUMED - len(values))


class among(FunctionElement[bool]):
    """Whether a column is one of a list: ``among(Item.code, codes("codes"))``. The statement is the same for any
    length, unlike IN, so that the database plans it once."""

    type = Boolean()
    name = "among"
    inherit_cache = True

    def self_group(self, against: Any = None) -> among:
        """Itself: SQLAlchemy would write ``… IN (…) = 1``, for want of booleans, and SQLite then read whole tables."""
        return self


@compiles(among, "postgresql")
def _any(element: among, compiler: SQLCompiler, **named: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **named)} = ANY ({compiler.process(values, **named)})"


@compiles(among, "sqlite")
def _each(element: among, compiler: SQLCompiler, **named: Any) -> str:
    column, values = element.clauses
    return f"{compiler.process(column, **named)} IN (SELECT value FROM json_each({compiler.process(values, **named)}))"  # noqa: S608


def codes(name: str) -> BindParameter[Any]:
    """A parameter that takes a list of texts."""
    return bindparam(name, type_=Listed(String))


def ids(name: str) -> BindParameter[Any]:
    """A parameter that takes a list of ids."""
    return bindparam(name, type_=Listed(BigInteger))


def _written_out(part: Any, dialect: Dialect) -> Any:
    """What never changes stands in the text: so the database sees that one plan serves every call."""
    if not isinstance(part, BindParameter) or part.required:
        return None
    return literal_column(str(part.compile(dialect=dialect, compile_kwargs={"literal_binds": True})), part.type)


class _Form:
    """A statement as one engine takes it: its text, and what turns values into parameters and columns into values."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        written = _traverse(statement, {}, lambda part, **_: _written_out(part, dialect))
        compiled = written.compile(dialect=dialect)
        self.text = str(compiled)
        self.order: Sequence[str] | None = compiled.positiontup
        self.given: Mapping[str, Any] = {
            name: value for name, value in compiled.params.items() if not compiled.binds[name].required
        }
        self.binders = _known(
            (name, bound.type.dialect_impl(dialect).bind_processor(dialect)) for name, bound in compiled.binds.items()
        )
        self.readers: list[tuple[int, Processor]] = []
        self.row: Any = None
        if isinstance(statement, Select):
            columns = list(statement.selected_columns)
            row: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc]
            self.row = row._make
            self.readers = _known(
                (place, column.type.dialect_impl(dialect).result_processor(dialect, None))
                for place, column in enumerate(columns)
            )

    def parameters(self, values: Mapping[str, Any]) -> Any:
        bound = {**self.given, **values}
        for name, bind in self.binders:
            bound[name] = bind(bound.get(name))
        return bound if self.order is None else tuple(bound.get(name) for name in self.order)

    def value(self, raw: Sequence[Any]) -> Any:
        if self.readers:
            row = list(raw)
            for place, read in self.readers:
                row[place] = read(row[place])
            raw = row
        return self.row(raw) if self.row else raw


def _known(pairs: Any) -> list[Any]:
    return [(name, processor) for name, processor in pairs if processor is not None]


class Prepared:
    """A statement for a hot path; executed on the session's connection, inside its transaction."""

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._forms: dict[tuple[str, str], _Form] = {}

    def _form(self, dialect: Dialect) -> _Form:
        spoken = (dialect.name, dialect.paramstyle)
        form = self._forms.get(spoken)
        if form is None:
            form = self._forms[spoken] = _Form(self._statement, dialect)
        return form

    def rows(self, **values: Any) -> list[Any]:
        """What the statement yields: named tuples of a SELECT, plain ones of a RETURNING."""
        on = connection()
        form = self._form(on.dialect)
        with _sent(on, form.text, form.parameters(values)) as cursor:
            return [form.value(raw) for raw in cursor.fetchall()]

    def write(self, rows: Sequence[Mapping[str, Any]]) -> int:
        """Executes once for every row, in one go; returns how many rows of the table were written."""
        on = connection()
        form = self._form(on.dialect)
        parameters = [form.parameters(row) for row in rows]
        is_many = len(parameters) > 1
        with _sent(on, form.text, parameters if is_many else parameters[0], is_many) as cursor:
            return int(cursor.rowcount)


@contextmanager
def _sent(on: Connection, text: str, parameters: Any, is_many: bool = False) -> Iterator[Any]:
    """The driver's cursor after a statement. SQLAlchemy would make a result of it, column by column; its events and its
    errors stay the same."""
    cursor = on.connection.cursor()
    try:
        for hear in on.dispatch.before_cursor_execute:
            hear(on, cursor, text, parameters, None, is_many)
        (cursor.executemany if is_many else cursor.execute)(text, parameters)
        yield cursor
    except on.dialect.loaded_dbapi.Error as error:
        is_away = on.dialect.is_disconnect(error, on.connection, cursor)
        if is_away:
            on.invalidate(error)
            on.engine.dispose()  # those that wait in the pool broke with it, as SQLAlchemy also takes it
        refuse_unreachable(is_away)
        raise DBAPIError.instance(text, parameters, error, Exception, dialect=on.dialect) from error
    finally:
        cursor.close()
