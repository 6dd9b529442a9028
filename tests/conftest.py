"""What every test may ask for. A test that takes `app` runs twice: on SQLite and on PostgreSQL.

`app_sqlite` and `app_postgresql` are for what concerns one of them; `--database sqlite` leaves the other out for now.
An application context is open during the test; requests and commands of `client` and `cli` run outside of it.
"""

from __future__ import annotations

import contextvars
import gc
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

from inventory import access, clock, sessions
from inventory.access import passwords
from inventory.database import db, transaction
from inventory.web.session import KEY
from tests.databases import ENGINES, Database, Ground
from tests.warm import WarmServer

if TYPE_CHECKING:
    from click.testing import Result
    from werkzeug.test import TestResponse


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=sorted(ENGINES), help="run only the tests of one database engine")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[GROUND] = Ground.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    if GROUND in config.stash:
        config.stash[GROUND].end()


gc.disable()  # until everything is loaded: see pytest_collection_finish
GROUND = pytest.StashKey[Ground]()
HASHER_IN_SERVICE = passwords._hasher
ONE_ENGINE = {f"app_{name}": name for name in ENGINES}
BROWSER = Path(__file__).parent / "browser"
LAST_WAIT = 0.9
"""The part of a run by whose end every test of the browser has begun: so that none is left alone at the end."""


def engines_of(item: pytest.Item) -> set[str]:
    """The database engines that a test touches."""
    names = set(getattr(item, "fixturenames", ()))
    found = {engine for fixture, engine in ONE_ENGINE.items() if fixture in names}
    call = getattr(item, "callspec", None)
    return found | {call.params["database"]} if call and "database" in call.params else found


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = config.getoption("--database")
    if wanted:
        left_out = [item for item in items if engines_of(item) - {wanted}]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    if hasattr(config, "workerinput"):
        items[:] = mixed(items)


def mixed(items: list[pytest.Item]) -> list[pytest.Item]:
    """The tests of each file of the browser spread evenly over the run: they wait for much of their time, the others
    compute. In the order of the files all processes would wait together, and later compute together."""
    groups: dict[Path | None, list[pytest.Item]] = {}
    for item in items:
        groups.setdefault(item.path if BROWSER in item.path.parents else None, []).append(item)
    placed = [
        ((number + 0.5) / len(group) * (LAST_WAIT if file else 1), item)
        for file, group in groups.items()
        for number, item in enumerate(group)
    ]
    return [item for _, item in sorted(placed, key=lambda one: one[0])]


def pytest_collection_finish() -> None:
    """What is loaded by now stays until the end: the collector need not look through it, then or later."""
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> Iterator[None]:
    """In the processes of the tests themselves a hash need not be slow; in those they serve, it is as in service."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture
def slow_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in service."""
    monkeypatch.setattr(passwords, "_hasher", HASHER_IN_SERVICE)


@pytest.fixture(scope="session")
def databases() -> Iterator[dict[str, Database]]:
    """The databases of this process, by engine; each is made when it is first asked for."""
    made: dict[str, Database] = {}
    yield made
    for database in made.values():
        database.close()


def cleaned(databases: dict[str, Database], engine: str) -> Database:
    if engine not in databases:
        databases[engine] = ENGINES[engine]()
    databases[engine].clean()
    return databases[engine]


def opened(database: Database) -> Iterator[Flask]:
    with database.app.app_context():
        yield database.app
        db.session.remove()


@pytest.fixture(params=list(ENGINES))
def database(request: pytest.FixtureRequest, databases: dict[str, Database]) -> Database:
    """A clean, migrated database; the test runs once on each engine."""
    return cleaned(databases, request.param)


@pytest.fixture
def app(database: Database) -> Iterator[Flask]:
    yield from opened(database)


@pytest.fixture
def app_sqlite(databases: dict[str, Database]) -> Iterator[Flask]:
    yield from opened(cleaned(databases, "sqlite"))


@pytest.fixture
def app_postgresql(databases: dict[str, Database]) -> Iterator[Flask]:
    yield from opened(cleaned(databases, "postgresql"))


def outside(verb: Any, *arguments: Any, **named: Any) -> Any:
    """Do it outside the test's application context: with a session, a user and a database transaction of its own.

    What the test itself read is forgotten, so that afterwards it sees what was done."""
    db.session.rollback()
    return contextvars.Context().run(verb, *arguments, **named)


class Client(FlaskClient):
    def open(self, *arguments: Any, **named: Any) -> TestResponse:
        named.setdefault("buffered", True)  # what is streamed is read where its context is
        response: TestResponse = outside(super().open, *arguments, **named)
        if response.mimetype == "text/html":
            assert_forms_stand_apart(response.text)
        return response

    def enter(self, username: str, **chosen: str) -> None:
        outside(enter, self, username, **chosen)


def enter(client: FlaskClient, username: str, **chosen: str) -> None:
    """Somebody signed in on this client a moment ago: it holds the cookie that the page of signing in leaves, which
    has tests of its own (tests/web/test_session.py). `chosen` is what they chose since: a language, a warehouse."""
    with client.application.app_context(), transaction():
        person = access.identity_of(access.get_user(username))
        key = sessions.begin(person, at=clock.now(), address="127.0.0.1", device="")
    with client.session_transaction() as cookie:
        cookie.update({KEY: key} | chosen)


def assert_forms_stand_apart(page: str) -> None:
    """A form within a form ends the outer one: what follows it is sent by no button."""
    is_open = False
    for tag in re.findall(r"<(/?)form\b", page):
        assert is_open is bool(tag), "a form stands within a form"
        is_open = not is_open


class Runner(FlaskCliRunner):
    def invoke(self, *arguments: Any, **named: Any) -> Result:
        result: Result = outside(super().invoke, *arguments, **named)
        return result


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return Client(app, app.response_class, use_cookies=True)


@pytest.fixture
def cli(app: Flask) -> FlaskCliRunner:
    return Runner(app)


@pytest.fixture
def server(database: Database, app: Flask, tmp_path: Path) -> Iterator[WarmServer]:
    """The stores served by several processes on the test's database; the test fails on an error in their log."""
    database.touch()
    running = WarmServer(app.extensions["makhazine.config"], workers=3, log=tmp_path / "server.log")
    yield running
    running.stop()
    assert "Traceback" not in running.log.read_text(), running.log.read_text()
