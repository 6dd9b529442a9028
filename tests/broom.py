"""A PostgreSQL database swept clean, in place of a new copy of it: a copy is six hundred files, and every connection to
it must learn the tables anew. Only rows are swept. What else a test changed, a copy puts right: see ``is_whole``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

MOST_BYTES = 4 << 20
"""A database with more than this in its tables is copied: sweeping leaves its pages behind."""
MOST_DEAD_BYTES = 64 << 10
"""A table with more than this is vacuumed. After that every prepared statement about it is planned anew, which costs
more than to step over a few dead rows."""

_OURS = "FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
_TABLES = f"SELECT oid::regclass::text {_OURS}"
_SIZES = f"SELECT oid::regclass::text, pg_relation_size(oid) {_OURS}"
_SEQUENCES = "SELECT sequencename::text, last_value FROM pg_sequences WHERE schemaname = 'public'"
_DEFINED = {
    "pg_class": "oid", "pg_attribute": "attrelid", "pg_attrdef": "oid", "pg_constraint": "oid",
    "pg_index": "indexrelid", "pg_trigger": "oid", "pg_proc": "oid",
}  # fmt: skip
_FIRST_OID = 16_384  # PostgreSQL's own things stand below; there are many of them
_SETTINGS = "pg_db_role_setting JOIN pg_database ON pg_database.oid = setdatabase WHERE datname = current_database()"
# xmin is the transaction that last wrote a row: what a test defined, dropped or switched off shows another sum.
_SHAPE = "SELECT {}, (SELECT count(*) FROM {})".format(
    ", ".join(
        f"(SELECT (count(*), sum(xmin::text::bigint))::text FROM {catalog} WHERE {oid} >= {_FIRST_OID})"
        for catalog, oid in _DEFINED.items()
    ),
    _SETTINGS,
)
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True, slots=True)
class Rows:
    """All that a database holds: of each table that is not empty what COPY writes, of each sequence its last number."""

    tables: dict[str, bytes]
    sequences: dict[str, int | None]

    @classmethod
    def of(cls, connection: psycopg.Connection) -> Rows:
        tables = {name: content for name in _names(connection) if (content := _content(connection, name))}
        return cls(tables, dict(connection.execute(_SEQUENCES.encode()).fetchall()))


def _content(connection: psycopg.Connection, table: str) -> bytes:
    with connection.cursor().copy(f"COPY {table} TO STDOUT".encode()) as copy:
        return b"".join(copy)


def _names(connection: psycopg.Connection) -> list[str]:
    return [name for (name,) in connection.execute(_TABLES.encode())]


class Broom:
    """Sweeps the database that was just copied, again and again, until something else than rows has changed in it."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        connection.execute("SET session_replication_role = replica")  # no trigger and no foreign key stands in the way
        self.shape = self._asked(_SHAPE)
        names = _names(connection)
        self.filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names)

    def _asked(self, question: str) -> tuple[Any, ...] | None:
        return self.connection.execute(question.encode()).fetchone()

    def is_whole(self, connections: int) -> bool:
        """Whether sweeping is enough: nobody else is there but so many idle connections, all is defined as it was, and
        it did not grow large."""
        is_alone = self._asked(_OTHERS) == (connections,)
        return is_alone and self._asked(_SHAPE) == self.shape and sum(self._sizes().values()) < MOST_BYTES

    def _sizes(self) -> dict[str, int]:
        return dict(self.connection.execute(_SIZES.encode()).fetchall())

    def sweep(self, rows: Rows) -> None:
        """Leave these rows and no others, lying in the order in which they were written, as in a copy; ids are counted
        on from them. Tables that hold just these are left alone: most tests change few."""
        filled = {name for (name,) in self.connection.execute(self.filled.encode())}
        kept = {name for name in filled & rows.tables.keys() if _content(self.connection, name) == rows.tables[name]}
        if changed := sorted(filled - kept):
            self._do(*(f"DELETE FROM {name}" for name in changed))
            sizes = self._sizes()
            if large := [name for name in changed if sizes[name] > MOST_DEAD_BYTES]:
                self.connection.execute(f"VACUUM {', '.join(large)}".encode())
        with self.connection.transaction():
            for name in (name for name in rows.tables if name not in kept):
                with self.connection.cursor().copy(f"COPY {name} FROM STDIN".encode()) as copy:
                    copy.write(rows.tables[name])
            last = rows.sequences.items()
            self._do(*(f"SELECT setval('{name}', {number or 1}, {number is not None})" for name, number in last))

    def _do(self, *statements: str) -> None:
        self.connection.execute("; ".join(statements).encode())

    def close(self) -> None:
        self.connection.close()
