"""While the database is away, every door says so and when to try again, and it works again by itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from inventory.database import db
from tests.databases import Database, Postgresql
from tests.web.desk import Clerk, furnish


@pytest.fixture
def keeper(app: Flask, database: Database) -> Clerk:
    database.furnish(furnish)
    return Clerk.signed_in(app, "keeper")


@pytest.fixture
def away(keeper: Clerk, database: Database) -> Iterator[None]:
    """Who connects from now on finds nobody, and the connections there were are gone."""
    db.session.remove()
    db.engine.dispose()

    def nobody(_dialect: object, _record: object, _arguments: object, _named: object) -> None:
        raise db.engine.dialect.dbapi.OperationalError("nobody answers")  # type: ignore[union-attr]

    event.listen(db.engine, "do_connect", nobody)
    yield
    event.remove(db.engine, "do_connect", nobody)
    db.session.remove()


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("address", ["/", "/documents", "/sign-in", "/stock?format=csv"])
def test_a_page_says_when_to_come_back(keeper: Clerk, address: str) -> None:
    """It was once three words of English by the web server: the page of the fault asked the database too."""
    answer = keeper.open(address)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The stores cannot be reached" in keeper.words
    assert "The store is busy" not in keeper.words
    assert "The database does not answer just now." in keeper.words
    assert "Try again in 5 seconds." in keeper.words


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer mkz_x"}], ids=["cookie", "token"])
def test_a_program_is_told_to_come_back(keeper: Clerk, headers: dict[str, str]) -> None:
    answer = keeper.client.get("/api/v1/items", headers=headers)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert (answer.content_type, answer.json["code"]) == ("application/problem+json", "unreachable")


@pytest.mark.usefixtures("away")
def test_who_watches_the_house_is_told(client: FlaskClient) -> None:
    assert client.get("/readyz").json == {"status": "unavailable", "database": "unreachable"}
    assert client.get("/healthz").status_code == 200


def test_a_connection_that_broke_is_replaced(keeper: Clerk, database: Database) -> None:
    """PostgreSQL began anew: whoever asks first hears of it, and nobody after, however many connections there were."""
    db.session.remove()
    with db.engine.connect() as one, db.engine.connect() as other, db.engine.connect() as third:
        assert len({id(held.connection.dbapi_connection) for held in (one, other, third)}) == 3
    if isinstance(database, Postgresql):
        ours = "usename = 'application' AND datname = %s"  # the server is shared with the tests beside this one
        database.maintenance.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}", [database.database]
        )
    answers = [keeper.open("/documents").status_code for _try in range(3)]
    assert answers == [503 if isinstance(database, Postgresql) else 200, 200, 200]
