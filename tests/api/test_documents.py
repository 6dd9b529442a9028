"""Papers over the API."""

from __future__ import annotations

import uuid

import pytest

from tests.api.conftest import Caller, issue, receipt


def test_a_receipt_is_answered_as_posted(central: Caller) -> None:
    answer = central.receive("BOLT", "2", unit="carton", unit_cost="12.5")
    assert answer.status_code == 201, answer.text
    paper = answer.json
    assert paper["number"] == f"1/{paper['register']['year']}"
    assert paper["reference"].startswith("CENTRAL/BE/")
    assert paper["register"]["position"] == 1
    assert paper["register"]["previous"] == "0" * 64
    assert paper["recorded_at"].endswith("Z")
    assert paper["by"] == "central"
    assert paper["code_url"].endswith("/S/" + paper["code"])
    assert paper["source"] == {"supplier": "ACME"}
    (line,) = paper["lines"]
    assert (line["quantity"], line["unit"], line["base_quantity"], line["base_unit"]) == ("2", "carton", "100", "piece")
    assert (line["unit_cost"], line["value"], line["balance"]) == ("12.5", "25.00", "100")
    assert paper["value"] == "25.00"
    assert central.get(f"/documents/{paper['id']}").json == paper


def test_what_goes_both_ways_says_its_ways_and_is_worth_what_came_of_it(boss: Caller) -> None:
    boss.receive("BOLT", "10", unit_cost="2")
    boss.receive("PAINT", "4", unit_cost="5")
    counted = [
        {"item": "BOLT", "quantity": "4", "direction": "in"},
        {"item": "PAINT", "quantity": "1", "direction": "out"},
    ]
    turned = [{"item": "BOLT", "quantity": "6", "target_item": "PAINT", "target_quantity": "2"}]
    for kind, lines, ways, value in (
        ("adjustment", counted, ["in", "out"], "3.00"),
        ("conversion", turned, ["out", "in"], "12.00"),
    ):
        body = {"kind": kind, "warehouse": "CENTRAL", "lines": lines, "reason": "Counted"}
        paper = boss.post("/documents", body).json
        back = boss.post(f"/documents/{paper['id']}/reversal", {"reason": "No"}).json
        assert ([line["direction"] for line in paper["lines"]], paper["value"]) == (ways, value)
        assert [line["direction"] for line in back["lines"]] == ways  # last first, and the other way round
        assert back["value"].lstrip("-") == value


def test_the_same_key_posts_once(central: Caller) -> None:
    key = str(uuid.uuid4())
    first = central.post("/documents", receipt("BOLT", "5"), key)
    again = central.post("/documents", receipt("BOLT", "5"), key.upper())
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json == first.json
    other = central.post("/documents", receipt("BOLT", "6"), key)
    assert (other.status_code, other.json["code"]) == (409, "key_reused")


@pytest.mark.parametrize(
    "key", ["", "7", "not-a-uuid-not-a-uuid-not-a-uuid-1234", "{5c9a2c3e-0000-4000-8000-000000000000}"]
)
def test_a_paper_needs_a_key(central: Caller, key: str) -> None:
    answer = central.call("POST", "/documents", receipt("BOLT", "5"), Idempotency_Key=key)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/Idempotency-Key"


def test_too_much_is_refused_with_the_way_out(central: Caller) -> None:
    central.receive("BOLT", "3")
    answer = central.call(
        "POST", "/documents", issue("BOLT", "7"), Idempotency_Key=str(uuid.uuid4()), Accept_Language="en"
    )
    assert (answer.status_code, answer.json["code"]) == (409, "insufficient_stock")
    assert answer.content_type == "application/problem+json"
    assert "3" in answer.json["detail"]
    assert "7" in answer.json["detail"]


def test_every_bad_line_is_listed(central: Caller) -> None:
    body = issue("BOLT", "0.5")
    body["lines"] += [{"item": "NONE", "quantity": "1"}, {"item": "PAINT", "quantity": "1.234"}]
    answer = central.post("/documents", body)
    assert answer.status_code == 422
    pointers = [error["pointer"] for error in answer.json["errors"]]
    assert pointers == ["/lines/0/quantity", "/lines/1/item", "/lines/2/quantity"] or sorted(pointers) == pointers


def test_a_paper_is_reversed_once(central: Caller) -> None:
    first = central.receive("BOLT", "5", unit_cost="2").json
    mirror = central.post(f"/documents/{first['id']}/reversal", {"reason": "Wrong supplier"})
    assert mirror.status_code == 201, mirror.text
    assert mirror.json["reverses"] == first["id"]
    assert central.get(f"/documents/{first['id']}").json["reversed_by"] == mirror.json["id"]
    again = central.post(f"/documents/{first['id']}/reversal", {"reason": "Once more"})
    assert (again.status_code, again.json["code"]) == (409, "already_reversed")


def test_papers_come_in_pages(central: Caller) -> None:
    posted = [central.receive("BOLT", str(n + 1)).json["id"] for n in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        answer = central.get(f"/documents?limit=2{'&cursor=' + cursor if cursor else ''}").json
        seen += [paper["id"] for paper in answer["items"]]
        cursor = answer["next"]
    assert seen == posted[::-1]
    assert central.get("/documents?kind=issue").json == {"items": [], "next": None}
    assert central.get("/documents?item=PAINT").json["items"] == []
    assert len(central.get("/documents?warehouse=CENTRAL&item=BOLT&kind=receipt&from=2026-01-01").json["items"]) == 5


def test_nobody_posts_or_reads_elsewhere(central: Caller, anfa: Caller, asker: Caller) -> None:
    paper = central.receive("BOLT", "5").json
    for stranger in (anfa, asker):
        assert stranger.receive("BOLT", "1").status_code == 403
        assert stranger.get(f"/documents/{paper['id']}").status_code == 403
        assert stranger.post(f"/documents/{paper['id']}/reversal", {"reason": "mine"}).status_code == 403
    assert anfa.get("/documents").json["items"] == []
    assert anfa.get("/documents?warehouse=CENTRAL").status_code == 403
    assert asker.get("/documents").status_code == 403


def test_the_receiver_reads_the_transfer(central: Caller, anfa: Caller) -> None:
    central.receive("BOLT", "5")
    body = {
        "kind": "transfer",
        "warehouse": "CENTRAL",
        "target": {"warehouse": "ANFA"},
        "lines": [{"item": "BOLT", "quantity": "4"}],
    }
    sent = central.post("/documents", body).json
    assert anfa.get(f"/documents/{sent['id']}").status_code == 200
    body = {
        "kind": "transfer_receipt",
        "warehouse": "ANFA",
        "source": {"document": sent["id"]},
        "lines": [{"item": "BOLT", "quantity": "3"}],
    }
    received = anfa.post("/documents", body)
    assert received.status_code == 201, received.text
    assert received.json["cites"] == sent["id"]
    assert central.get(f"/documents/{received.json['id']}").status_code == 200


def test_unknown_papers_are_not_found(central: Caller) -> None:
    for what in ("0", "999999", "x", "1" * 40, "١"):
        assert central.get(f"/documents/{what}").status_code == 404


def test_a_paper_is_printed(central: Caller, anfa: Caller) -> None:
    paper = central.receive("BOLT", "5").json
    printed = central.get(f"/documents/{paper['id']}.pdf")
    assert (printed.status_code, printed.content_type) == (200, "application/pdf")
    assert printed.data.startswith(b"%PDF")
    assert anfa.get(f"/documents/{paper['id']}.pdf").status_code == 403
    assert central.get("/documents/999999.pdf").status_code == 404
