"""Clean databases for the tests, cheaply: each engine is migrated once into a template, then copied for every test.

A run of the tests shares one folder and one PostgreSQL between all its worker processes; whoever needs them first makes
them, under a lock, and the process that began the run removes them.
"""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import flask_migrate
import psycopg
from flask import Flask
from sqlalchemy import event

from inventory import create_app
from inventory.config import Config
from inventory.database import db
from tests import postgres

SECRET = "a secret that only the tests know"
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
        server = self.folder / "postgres.pid"
        if server.exists():
            postgres.stop(int(server.read_text()))
        shutil.rmtree(self.folder, ignore_errors=True)
        os.environ.pop(self.VARIABLE, None)

    @contextmanager
    def once(self, name: str) -> Iterator[Path | None]:
        """The path to write, for the first process that comes; None for the others, after the first is done."""
        made = self.folder / name
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if made.exists():
                yield None
            else:
                yield made
                assert made.exists()


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


def migrate(url: str) -> None:
    """Bring a database to the newest migration, by the ordinary way."""
    app = create_app(config_for(url))
    with app.app_context():
        flask_migrate.upgrade()
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

    def __init__(self) -> None:
        self.ground = Ground.current()
        self.is_clean = False
        self._app: Flask | None = None

    @property
    def app(self) -> Flask:
        """The application on this database, made once: what a test leaves behind is in the database, not in it."""
        if self._app is None:
            self._app = create_app(config_for(self.url))
            with self._app.app_context():
                event.listen(db.engine, "checkout", self.touch)
        return self._app

    def touch(self, *_connection: object) -> None:
        self.is_clean = False

    def clean(self) -> None:
        """Put the template in the place of what the last test left, unless that test never came here."""
        if not self.is_clean:
            if self._app is not None:
                dispose(self._app)
            self._replace()
            self.is_clean = True

    def close(self) -> None:
        if self._app is not None:
            dispose(self._app)

    def _replace(self) -> None:
        raise NotImplementedError


class Sqlite(Database):
    name = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.template = self.ground.folder / "template.db"
        self.file = self.ground.folder / f"{WORKER}.db"
        self.url = f"sqlite:///{self.file}"
        with self.ground.once(self.template.name) as made:
            if made:
                migrate(f"sqlite:///{made}")
                with closing(sqlite3.connect(made)) as connection:
                    connection.execute("PRAGMA journal_mode = WAL")

    def _replace(self) -> None:
        for leftover in ("-wal", "-shm"):
            self.file.with_name(self.file.name + leftover).unlink(missing_ok=True)
        shutil.copyfile(self.template, self.file)


class Postgresql(Database):
    name = "postgresql"

    def __init__(self) -> None:
        super().__init__()
        self.database = f"test_{WORKER}"
        folder = self.ground.folder / "pg"
        with self.ground.once("postgres.pid") as made:
            if made:
                self._begin(folder, made)
        self.maintenance = self._connect(folder)
        self.url = self._url(folder, self.database)

    @staticmethod
    def _url(folder: Path, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={folder / 's'}"

    @staticmethod
    def _connect(folder: Path) -> psycopg.Connection:
        connection = psycopg.connect(host=str(folder / "s"), user="postgres", dbname="postgres", autocommit=True)
        with suppress(psycopg.errors.UndefinedObject):  # PostgreSQL 18 can clone files where the disk can
            connection.execute("SET file_copy_method = clone")
        return connection

    def _begin(self, folder: Path, made: Path) -> None:
        folder.mkdir(mode=0o755)
        self.ground.folder.chmod(0o755)  # the server may run as another user
        made.write_text(str(postgres.Postgres(folder).process))
        with closing(self._connect(folder)) as connection:
            connection.execute("CREATE DATABASE template")
        migrate(self._url(folder, "template"))

    def _replace(self) -> None:
        self.maintenance.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
        self.maintenance.execute(f"CREATE DATABASE {self.database} TEMPLATE template STRATEGY file_copy")

    def close(self) -> None:
        super().close()
        self.maintenance.close()


ENGINES: dict[str, Callable[[], Database]] = {"sqlite": Sqlite, "postgresql": Postgresql}
