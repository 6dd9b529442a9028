"""What is offered opens, and what does not open is not told: navigation, links and search, for every role."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.script import Store
from tests.web.visitors import signed_in


@pytest.fixture
def house(app: Flask) -> Flask:
    """CENTRAL with bolts, some of which went to the city; NORTH is empty."""
    store = Store.opened("NORTH", bolt={})
    store.play("SUPPLIER -> SHELF bolt 10 cost=2.50")
    store.play("SHELF -> CITY bolt 7")
    return app


def test_the_search_shows_of_each_kind_only_what_ones_roles_open(house: Flask):
    everything = {"bolt": "/items/bolt", "CENTRAL": "warehouse=CENTRAL", "city": "/services", "supplier": "/suppliers"}
    typed = {"HX-Request": "true", "HX-Target": "search-options"}
    for role, where, seen in (
        (None, None, set()),
        ("requester", "CENTRAL", {"bolt"}),
        ("administrator", "CENTRAL", {"bolt"}),
        ("administrator", None, {"bolt"}),
        ("storekeeper", "NORTH", {"bolt", "city", "supplier"}),
        ("auditor", None, set(everything)),
    ):
        visitor = signed_in(house, f"{role}-{where}".lower(), *([(role, where)] if role else []))
        found = {q for q, href in everything.items() if href in visitor.get(f"/search?q={q}", headers=typed).text}
        assert found == seen, (role, where)
        assert ("/items/bolt" in visitor.get("/search?q=bolt").text) == ("bolt" in seen)
