"""Looking a thing up: what it is, where it lies, what moved lately; and never more than one may see."""

from __future__ import annotations

from tests.api.conftest import Caller


def test_an_item_tells_where_it_lies_what_moved_and_who_else_has_it(boss: Caller) -> None:
    boss.receive("BOLT", "120")
    boss.receive("BOLT", "9", "ANFA")
    paper = boss.issue("BOLT", "5").json
    told = boss.get("/lookup?code=16111245591060&warehouse=CENTRAL").json
    assert (told["found"]["kind"], told["found"]["unit"], told["found"]["contains"]) == ("item", "carton", "50")
    assert (told["found"]["on_hand"], told["found"]["available"]) == ("115", "115")
    assert [(one["location"], one["quantity"]) for one in told["found"]["balances"]] == [("MAG", "115")]
    assert [(one["code"], one["unit"]) for one in told["items"]] == [("BOLT", "piece")]
    newest, oldest = told["movements"]
    assert (newest["document"], newest["reference"]) == (paper["id"], paper["reference"])
    assert (newest["direction"], newest["quantity"], newest["target"]["name_fr"]) == ("out", "5", "Bureau d'hygiène")
    assert (oldest["direction"], oldest["quantity"], oldest["source"]["name_fr"]) == ("in", "120", "Acme")
    assert [(one["code"], one["on_hand"]) for one in told["elsewhere"]] == [("ANFA", "9")]


def test_a_move_inside_the_warehouse_stands_once(boss: Caller, central: Caller) -> None:
    boss.post("/warehouses/CENTRAL/locations", {"code": "B-02"})
    central.receive("BOLT", "10")
    line = {"item": "BOLT", "quantity": "4", "location": "MAG", "target_location": "B-02"}
    assert central.post("/documents", {"kind": "move", "warehouse": "CENTRAL", "lines": [line]}).status_code == 201
    told = central.get("/lookup?code=BOLT&warehouse=CENTRAL").json
    assert [(one["direction"], one["quantity"]) for one in told["movements"]] == [("within", "4"), ("in", "10")]
    place = central.get("/lookup?code=B-02&warehouse=CENTRAL").json
    assert place["found"]["kind"] == "location"
    assert [(one["item"], one["quantity"]) for one in place["found"]["balances"]] == [("BOLT", "4")]
    assert [one["code"] for one in place["items"]] == ["BOLT"]


def test_a_lot_tells_of_itself_alone(central: Caller) -> None:
    central.receive("SERUM", "7", lot="L2", expires_on="2030-01-31")
    central.receive("SERUM", "5", lot="L1", expires_on="2029-01-31")
    told = central.get("/lookup?code=L2&warehouse=CENTRAL").json
    assert told["found"]["kind"] == "lot"
    assert [(one["lot"], one["quantity"]) for one in told["movements"]] == [("L2", "7")]


def test_a_paper_tells_its_lines_with_their_names(central: Caller) -> None:
    paper = central.receive("BOLT", "7").json
    told = central.get(f"/lookup?code={paper['code']}&warehouse=CENTRAL").json
    assert (told["found"]["kind"], told["found"]["document"]["id"]) == ("document", paper["id"])
    assert [one["name_fr"] for one in told["items"]] == ["Boulon"]
    assert told["movements"] == told["elsewhere"] == []


def test_an_unknown_code_is_no_error(central: Caller) -> None:
    told = central.get("/lookup?code=NOBODY-KNOWS&warehouse=CENTRAL")
    assert (told.status_code, told.json["found"]["kind"]) == (200, "unknown")


def test_nothing_is_told_of_a_warehouse_that_is_not_ones_own(anfa: Caller, boss: Caller, asker: Caller) -> None:
    boss.receive("BOLT", "120")
    boss.receive("BOLT", "9", "ANFA")
    assert anfa.get("/lookup?code=BOLT&warehouse=CENTRAL").status_code == 403
    assert asker.get("/lookup?code=BOLT&warehouse=ANFA").status_code == 403
    told = anfa.get("/lookup?code=BOLT&warehouse=ANFA")
    assert told.json["elsewhere"] == []
    assert "CENTRAL" not in told.text


def test_looking_up_costs_the_same_however_much_moved(boss: Caller, statements: list[str]) -> None:
    counts = []
    for times in (2, 12):
        for _ in range(times):
            boss.receive("BOLT", "5")
        del statements[:]
        assert len(boss.get("/lookup?code=BOLT&warehouse=CENTRAL").json["movements"]) <= 5
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 9, counts
