"""What a call costs does not grow with the list it answers."""

from __future__ import annotations

from tests.api.conftest import Caller, issue, receipt
from tests.plans import plans, questions, read_whole

LISTS = [
    "/documents", "/stock?warehouse=CENTRAL", "/stock?warehouse=CENTRAL&on=2026-11-01", "/items",
    "/items/BOLT/card?warehouse=CENTRAL", "/rules", "/alerts", "/warehouses", "/services", "/suppliers",
    "/warehouses/CENTRAL/locations", "/drafts",
]  # fmt: skip


def test_a_list_of_any_length_costs_the_same(boss: Caller, statements: list[str]) -> None:
    counts: dict[str, list[int]] = {path: [] for path in LISTS}
    for new in (range(2), range(2, 14)):
        for n in new:
            lengthen(boss, f"I{n}")
        for path, asked in counts.items():
            del statements[:]
            assert boss.get(f"{path}{'&' if '?' in path else '?'}limit=200").status_code == 200, path
            asked.append(len(statements))
    assert {path: asked for path, asked in counts.items() if not asked[0] == asked[1] <= 8} == {}


def lengthen(boss: Caller, code: str) -> None:
    """One thing more in every list."""
    named = {"code": code, "name_fr": code}
    for path, body in (
        ("/items", named | {"unit": "piece", "barcodes": [f"B{code}"]}),
        ("/documents", receipt(code, "5")),
        ("/documents", receipt("BOLT", "5")),
        ("/rules", {"item": code, "warehouse": "CENTRAL", "reorder_point": "9", "target": "9"}),
        ("/warehouses", named),
        ("/services", named),
        ("/suppliers", named),
        ("/warehouses/CENTRAL/locations", {"code": code}),
        ("/drafts", {"kind": "issue", "warehouse": "CENTRAL", "content": {}}),
    ):
        assert boss.post(path, body).status_code == 201, path


def test_a_paper_of_any_length_costs_the_same(central: Caller, statements: list[str]) -> None:
    central.receive("BOLT", "500", unit_cost="2")
    central.issue("BOLT", "1")  # the first issue to a service makes its place
    counts = []
    for lines in (1, 40):
        body = issue("BOLT", "1") | {"lines": [{"item": "BOLT", "quantity": "1"}] * lines}
        del statements[:]
        assert central.post("/documents", body).status_code == 201
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 9, counts
    del statements[:]
    assert central.post("/documents", receipt("BOLT", "1")).status_code == 201
    assert len(statements) <= 9, "\n".join(statements)


LARGE = {"item", "balance", "entry", "movement", "lot", "holding", "barcode"}


def test_neither_a_posting_nor_a_scan_reads_a_large_table_from_end_to_end(central: Caller) -> None:
    """It would take longer every day."""
    central.receive("BOLT", "5")
    central.issue("BOLT", "1")
    with questions() as asked:
        assert central.issue("BOLT", "1").status_code == 201
        assert central.get("/scan?code=BOLT&warehouse=CENTRAL").json["kind"] == "item"
    assert len(asked) == 6
    for plan in plans(asked):
        assert not read_whole(plan) & LARGE, plan
