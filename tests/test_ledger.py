"""The physics of stock: nothing appears or vanishes, nothing goes below zero, value moves with goods."""

import pytest

from tests.script import Store


@pytest.fixture
def store(app: object) -> Store:
    return Store.opened("NORTH", bolt={}, nail={})


def test_what_leaves_was_there(store: Store) -> None:
    store.play("""
        SUPPLIER -> SHELF bolt 10
        SHELF -> CITY bolt 7
        SHELF -> CITY bolt 4 !insufficient_stock
        SHELF bolt 3
    """)
