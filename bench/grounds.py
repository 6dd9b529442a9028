"""The two databases of a run, on a disk and durable: every commit waits until it is written."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import FrameType

import psycopg
from flask import Flask

from inventory import create_app
from inventory.cli import migrations
from inventory.config import Config
from inventory.database import db
from tests import postgres

DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
}
ENGINES = ("sqlite", "postgresql")
ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM)


def folder() -> Path:
    """A new folder on a disk, never in memory; ``BENCH_FOLDER`` names another disk."""
    return Path(tempfile.mkdtemp(prefix="mkb-", dir=os.environ.get("BENCH_FOLDER") or tempfile.gettempdir()))


def leave_in_order() -> None:
    """From now on whoever ends the run (``kill``, a closed terminal, Ctrl-C, also in the background of a shell, which
    would have Ctrl-C ignored) ends what it started too: the signal leaves through every ``finally``."""
    for one in ENDINGS:
        signal.signal(one, _leave)


def _leave(_number: int, _frame: FrameType | None) -> None:
    signal.setitimer(signal.ITIMER_REAL, 1)  # again, if it was said in a place where exceptions are not heard
    raise SystemExit(1)


@contextmanager
def undisturbed() -> Iterator[None]:
    """What must be put away is put away, however often somebody wants to leave."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    before = [(one, signal.signal(one, signal.SIG_IGN)) for one in ENDINGS]
    try:
        yield
    finally:
        for one, handler in before:
            signal.signal(one, handler)


@contextmanager
def ground(engine: str) -> Iterator[Config]:
    """A migrated database of an engine, gone afterwards; PostgreSQL with an owner and an application's own user."""
    place = folder()
    server: int | None = None
    try:
        instance = place / "instance"
        instance.mkdir()
        if engine == "sqlite":
            config = _config(instance, f"sqlite:///{place / 'bench.db'}")
        else:
            server = _start(place)
            address = f"postgresql+psycopg://{{}}@/bench?host={place / 'pg' / 's'}"
            config = _config(instance, address.format("application"), address.format("owner"))
        with opened(config) as app:
            migrations.of(app).upgrade()
        yield config
    finally:
        with undisturbed():
            if server is not None:
                postgres.stop(server)
            shutil.rmtree(place, ignore_errors=True)


@contextmanager
def opened(config: Config) -> Iterator[Flask]:
    """The application on a database, in this process; its connections are closed afterwards."""
    app = create_app(config)
    with app.app_context():
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def superuser(config: Config) -> psycopg.Connection:
    """A connection to the PostgreSQL of a run that no trigger or foreign key stops."""
    host = config.database_url.rpartition("host=")[2]
    connection = psycopg.connect(host=host, user="postgres", dbname="bench")
    connection.execute("SET session_replication_role = replica")
    return connection


def _config(instance: Path, url: str, owner_url: str | None = None) -> Config:
    return Config(
        instance_path=instance, database_url=url, owner_url=owner_url, secret_key="a secret of the bench", testing=True
    )


def _start(place: Path) -> int:
    place.chmod(0o755)  # the server may run as another user
    (place / "pg").mkdir(mode=0o755)
    server = postgres.Postgres(place / "pg", **DURABLE)
    with closing(psycopg.connect(host=str(server.socket), user="postgres", dbname="postgres", autocommit=True)) as link:
        link.execute("CREATE ROLE owner LOGIN")
        link.execute("CREATE ROLE application LOGIN")
        link.execute("CREATE DATABASE bench OWNER owner")
    return server.process
