"""Clean databases for the tests, cheaply: each engine is migrated once into a template, then copied for every test.

A run of the tests shares one folder and one PostgreSQL between all its worker processes; whoever needs them first makes
them, under a lock, and the process that began the run removes them.
"""

import fcntl
import os
import pickle
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from flask import Flask
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from inventory import clock, create_app
from inventory.cli import migrations
from inventory.config import Config
from inventory.database import db
from tests import postgres
from tests.broom import Broom, Rows

SECRET = "a secret that only the tests know"
PROCESS = "postgres.pid"
T = TypeVar("T")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")


class Ground:
    """The folder that all processes of one run of the tests share."""

    VARIABLE = "MAKHAZINE_TESTS"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def begin(cls) -> "Ground":
        ground = cls(postgres.folder_in_memory("mk-"))
        os.environ[cls.VARIABLE] = str(ground.folder)
        return ground

    @classmethod
    def current(cls) -> "Ground":
        return cls(Path(os.environ[cls.VARIABLE]))

    def end(self) -> None:
        server = self.folder / PROCESS
        if server.exists():
            postgres.stop(int(server.read_text()))
        shutil.rmtree(self.folder, ignore_errors=True)
        os.environ.pop(self.VARIABLE, None)

    def templates(self) -> BytecodeCache:
        """Templates that one process compiled for one database need not be compiled again for the others."""
        folder = self.folder / "templates"
        folder.mkdir(exist_ok=True)
        return FileSystemBytecodeCache(str(folder))

    def once(self, name: str, make: Callable[[], None]) -> None:
        """Make something in the process that comes first; the others wait. What failed there, failed for all."""
        done = self.folder / f"{name}.done"
        with (self.folder / f"{name}.lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if done.exists():
                return
            lock.seek(0)
            if lock.read():
                raise RuntimeError(f"The {name} database for the tests could not be made: see the first error.")
            lock.write("tried")
            lock.flush()
            make()
            done.touch()


def config_for(url: str, **changes: object) -> Config:
    instance = Ground.current().folder / f"instance-{WORKER}"
    instance.mkdir(exist_ok=True)
    settings: dict[str, object] = {
        "instance_path": instance,
        "database_url": url,
        "secret_key": SECRET,
        "testing": True,
    }
    return Config(**(settings | changes))  # type: ignore[arg-type]


def migrate(url: str, owner_url: str | None = None) -> None:
    """Bring a database to the newest migration, by the ordinary way."""
    app = create_app(config_for(url, owner_url=owner_url))
    with app.app_context():
        migrations.of(app).upgrade()
    dispose(app)


def dispose(app: Flask) -> None:
    """Close every connection that the application keeps."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


class Database:
    """The database of one worker process on one engine: the same address in every test, clean in each."""

    name: str
    url: str
    template = "template"

    def __init__(self) -> None:
        self.ground = Ground.current()
        self.is_clean = False
        self._app: Flask | None = None

    @property
    def owner_url(self) -> str:
        """The address under which the tables belong to whoever connects."""
        return self.url

    @property
    def app(self) -> Flask:
        """The application on this database, made once: what a test leaves behind is in the database, not in it."""
        if self._app is None:
            self._app = create_app(config_for(self.url))
            self._app.jinja_env.bytecode_cache = self.ground.templates()
            with self._app.app_context():
                event.listen(db.engine, "checkout", self.touch)
                event.listen(db.engine, "connect", self._received)
        return self._app

    def _received(self, connection: Any, _record: object) -> None:
        """A new connection of the application."""

    def touch(self, *_connection: object) -> None:
        self.is_clean = False

    def clean(self) -> None:
        """Put the template in the place of what the last test left, unless that test never came here."""
        if not self.is_clean:
            self._replace(self.template)
            self.is_clean = True

    def furnish(self, make: Callable[[], T]) -> T:
        """Have the clean database hold what `make` makes, and answer what it answers: made once in a run of the tests
        (once a day, if one passes midnight), then copied like the template. An application context is open."""
        name = f"{self.template}_{make.__module__}_{make.__qualname__}_{clock.today():%d}".replace(".", "_").lower()
        answer = self.ground.folder / f"{self.name}-{name}.answer"
        db.session.remove()
        self.ground.once(f"{self.name}-{name}", lambda: self._furnish(make, name, answer))
        self.is_clean = False
        self._replace(name)
        answered: T = pickle.loads(answer.read_bytes())
        return answered

    def _furnish(self, make: Callable[[], T], name: str, answer: Path) -> None:
        answer.write_bytes(pickle.dumps(make()))
        db.session.remove()
        self._disconnect()
        self._keep(name)

    def close(self) -> None:
        self._disconnect()

    def _disconnect(self) -> None:
        if self._app is not None:
            dispose(self._app)

    def tamper(self, *statements: str) -> None:
        """Change what is kept behind the application's back, as someone would who holds the machine: no trigger, no
        foreign key and no right stands in the way."""
        raise NotImplementedError

    def empty(self) -> AbstractContextManager[tuple[str, str]]:
        """The addresses, the application's and the owner's, of another database beside: without a single table, and
        gone afterwards."""
        raise NotImplementedError

    def _replace(self, template: str) -> None:
        """Put a template in the place of what is there."""
        raise NotImplementedError

    def _keep(self, template: str) -> None:
        """Make a template of what is there."""
        raise NotImplementedError


class Sqlite(Database):
    name = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.file = self.ground.folder / f"{WORKER}.db"
        self.url = f"sqlite:///{self.file}"
        self.ground.once(self.name, self._make_template)

    def _make_template(self) -> None:
        migrate(f"sqlite:///{self._file_of(self.template)}")
        with closing(sqlite3.connect(self._file_of(self.template))) as connection:
            connection.execute("PRAGMA journal_mode = WAL")

    @contextmanager
    def empty(self) -> Iterator[tuple[str, str]]:
        file = self._file_of(f"empty_{WORKER}")
        yield f"sqlite:///{file}", f"sqlite:///{file}"
        for leftover in ("", "-wal", "-shm"):
            file.with_name(file.name + leftover).unlink(missing_ok=True)

    def _received(self, connection: Any, _record: object) -> None:
        """Rows come in no order unless one is asked for: what happens to come in the order in which it was written
        comes backwards here, so that nobody counts on it."""
        connection.execute("PRAGMA reverse_unordered_selects = ON")

    def _file_of(self, template: str) -> Path:
        return self.ground.folder / f"{template}.db"

    def _replace(self, template: str) -> None:
        self._disconnect()
        for leftover in ("-wal", "-shm"):
            self.file.with_name(self.file.name + leftover).unlink(missing_ok=True)
        shutil.copyfile(self._file_of(template), self.file)

    def _keep(self, template: str) -> None:
        with closing(sqlite3.connect(self.file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(self.file, self._file_of(template))

    def tamper(self, *statements: str) -> None:
        self.touch()
        with closing(sqlite3.connect(self.file, isolation_level=None, timeout=20)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            dropped = [f'DROP TRIGGER "{name}"' for name, _ in triggers]
            for statement in (*dropped, *statements, *(made for _, made in triggers), "COMMIT"):
                connection.execute(statement)


class Postgresql(Database):
    name = "postgresql"

    def __init__(self) -> None:
        super().__init__()
        self.database = f"test_{WORKER}"
        self.folder = self.ground.folder / "pg"
        self.ground.once(self.name, self._make_template)
        self.maintenance = self._connect()
        self.url = self._url("application", self.database)
        self.broom: Broom | None = None
        self.rows: dict[str, Rows] = {}

    def _url(self, user: str, database: str) -> str:
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder / 's'}"

    @property
    def owner_url(self) -> str:
        return self._url("owner", self.database)

    @contextmanager
    def empty(self) -> Iterator[tuple[str, str]]:
        name = f"empty_{WORKER}"
        self.maintenance.execute(f"CREATE DATABASE {name} OWNER owner")
        yield self._url("application", name), self._url("owner", name)
        self.maintenance.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _connect(self, database: str = "postgres") -> psycopg.Connection:
        connection = psycopg.connect(host=str(self.folder / "s"), user="postgres", dbname=database, autocommit=True)
        with suppress(psycopg.errors.UndefinedObject):  # PostgreSQL 18 can clone files where the disk can
            connection.execute("SET file_copy_method = clone")
        return connection

    def _make_template(self) -> None:
        self.folder.mkdir(mode=0o755)
        self.ground.folder.chmod(0o755)  # the server may run as another user
        server = postgres.Postgres(self.folder, plan_cache_mode="force_generic_plan")  # planned once, not for each test
        (self.ground.folder / PROCESS).write_text(str(server.process))
        with closing(self._connect()) as connection:
            connection.execute("CREATE ROLE owner LOGIN")
            connection.execute("CREATE ROLE application LOGIN")
            connection.execute("CREATE DATABASE template OWNER owner")
        migrate(self._url("application", "template"), owner_url=self._url("owner", "template"))

    def _replace(self, template: str) -> None:
        if self.broom is not None:
            if self.broom.is_whole(self._idle()):
                self.broom.sweep(self._rows_of(template))
                return
            self.broom.close()
        self._disconnect()
        self.maintenance.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        self._copy(template, self.database)
        self.broom = Broom(self._connect(self.database))

    def _idle(self) -> int:
        """How many connections the application keeps; less than none while it uses one."""
        with self.app.app_context():
            pool = db.engine.pool
            assert isinstance(pool, QueuePool)
            return pool.checkedin() if not pool.checkedout() else -1

    def _rows_of(self, template: str) -> Rows:
        if template not in self.rows:
            with closing(self._connect(template)) as connection:
                self.rows[template] = Rows.of(connection)
        return self.rows[template]

    def _keep(self, template: str) -> None:
        if self.broom is not None:  # a database is copied while nobody is in it
            self.broom.close()
            self.broom = None
        self._copy(self.database, template)

    def _copy(self, source: str, target: str) -> None:
        self.maintenance.execute(f"CREATE DATABASE {target} TEMPLATE {source} OWNER owner STRATEGY file_copy")

    def tamper(self, *statements: str) -> None:
        self.touch()
        with closing(self._connect(self.database)) as connection, connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            for statement in statements:
                connection.execute(statement.encode())

    def close(self) -> None:
        super().close()
        if self.broom is not None:
            self.broom.close()
        self.maintenance.close()


ENGINES: dict[str, Callable[[], Database]] = {"sqlite": Sqlite, "postgresql": Postgresql}
