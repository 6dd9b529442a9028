"""Who keeps one warehouse sees nothing of another, whatever is called."""

from __future__ import annotations

import pytest

from inventory import clock
from tests.api.conftest import Caller

SECRET = "Contrat confidentiel"


@pytest.fixture
def elsewhere(boss: Caller, central: Caller) -> list[str]:
    """Everything CENTRAL can have (papers, stock, lots, rules, alerts, a draft): the addresses that could show it."""
    paper = central.post(
        "/documents",
        {
            "kind": "receipt",
            "warehouse": "CENTRAL",
            "source": {"supplier": "ACME"},
            "note": SECRET,
            "lines": [
                {"item": "BOLT", "quantity": "7", "unit_cost": "3"},
                {"item": "SERUM", "quantity": "1", "lot": "L-SECRET", "expires_on": "2031-01-01"},
            ],
        },
    ).json
    boss.post("/rules", {"item": "PAINT", "warehouse": "CENTRAL", "reorder_point": "5", "target": "9"})
    central.post("/drafts", {"kind": "issue", "warehouse": "CENTRAL", "content": {"note": SECRET}})
    year = clock.today().year
    return [
        "/documents", "/documents?item=BOLT", "/documents?warehouse=CENTRAL", f"/documents/{paper['id']}",
        "/stock", "/stock?item=BOLT", "/stock?warehouse=CENTRAL", "/stock?on=2026-11-01",
        "/items/BOLT/card?warehouse=CENTRAL", "/scan?code=BOLT", "/scan?code=L-SECRET",
        "/scan?code=BOLT&warehouse=CENTRAL", f"/scan?code={paper['code']}", "/lookup?code=BOLT&warehouse=CENTRAL",
        f"/lookup?code={paper['code']}&warehouse=CENTRAL",
        "/rules", "/rules?warehouse=CENTRAL", "/alerts", "/alerts?warehouse=CENTRAL", "/alerts?state=closed",
        "/warehouses", "/warehouses/CENTRAL/locations", f"/registers/CENTRAL/{year}/proof", "/verification",
        "/drafts", "/drafts/1",
    ]  # fmt: skip


def test_a_storekeeper_sees_nothing_of_another_warehouse(anfa: Caller, elsewhere: list[str]) -> None:
    for path in elsewhere:
        answer = anfa.get(path)
        assert answer.status_code in (200, 403, 404), path
        assert "CENTRAL" not in answer.text, path
        assert SECRET not in answer.text, path
        if answer.status_code == 200:
            rows = answer.json.get("items", [])  # an item asked for by name stands at zero in one's own warehouse
            assert all(row.get("on_hand", "0") == "0" for row in rows), path
            assert not answer.json.get("on_hand"), path


def test_who_may_only_ask_reads_the_catalogue_alone(asker: Caller, elsewhere: list[str]) -> None:
    for path in elsewhere:
        assert asker.get(path).status_code in (403, 404), path
    assert asker.get("/items").status_code == 200
    assert asker.get("/services").status_code == 200


def test_the_auditor_reads_everything_and_changes_nothing(auditor: Caller, elsewhere: list[str]) -> None:
    for path in elsewhere[:-2]:
        assert auditor.get(path).status_code == 200, path
    for path, body in (
        ("/documents/1/reversal", {"reason": "x"}),
        ("/items", {"code": "X", "name_fr": "X", "unit": "u"}),
        ("/warehouses", {"code": "X", "name_fr": "X"}),
        ("/warehouses/CENTRAL/locations", {"code": "X"}),
        ("/services", {"code": "X", "name_fr": "X"}),
        ("/suppliers", {"code": "X", "name_fr": "X"}),
        ("/rules", {"item": "BOLT", "warehouse": "CENTRAL", "reorder_point": "1", "target": "1"}),
        ("/drafts", {"kind": "issue", "warehouse": "CENTRAL", "content": {}}),
    ):
        assert auditor.post(path, body).status_code == 403, path
    assert auditor.receive("BOLT", "1").status_code == 403
