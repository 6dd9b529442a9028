"""The proof over the API."""

from __future__ import annotations

from flask.testing import FlaskCliRunner

from inventory import clock
from tests.api.conftest import Caller


def test_the_chain_of_a_register(central: Caller, anfa: Caller) -> None:
    papers = [central.receive("BOLT", "1").json for _ in range(3)]
    year = clock.today().year
    proof = central.get(f"/registers/CENTRAL/{year}/proof").json
    assert (proof["position"], proof["hash"]) == (3, papers[-1]["register"]["hash"])
    assert [one["document"] for one in proof["items"]] == [paper["id"] for paper in papers[::-1]]
    assert proof["items"][-1]["previous"] == proof["genesis"] == "0" * 64
    assert all(
        late["previous"] == early["hash"] for late, early in zip(proof["items"], proof["items"][1:], strict=False)
    )
    first = central.get(f"/registers/CENTRAL/{year}/proof?limit=2").json
    rest = central.get(f"/registers/CENTRAL/{year}/proof?limit=2&cursor={first['next']}").json
    assert first["items"] + rest["items"] == proof["items"]
    assert central.get("/registers/CENTRAL/1999/proof").json["position"] == 0
    assert anfa.get(f"/registers/CENTRAL/{year}/proof").status_code == 403


def test_the_last_verification(auditor: Caller, central: Caller, cli: FlaskCliRunner) -> None:
    assert auditor.get("/verification").json["started_at"] is None
    central.receive("BOLT", "1")
    assert cli.invoke(args=["verify", "--quiet"]).exit_code == 0
    found = auditor.get("/verification").json
    assert (found["entries"], found["movements"], found["differences"]) == (1, 1, 0)
    assert central.get("/verification").status_code == 403
