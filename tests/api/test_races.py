"""Many callers at the same moment, over real HTTP, against several processes: nothing is given or posted twice."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from inventory import ledger
from inventory.catalogue import get_item
from inventory.database import db
from inventory.warehouses import get_warehouse
from tests.api.conftest import Caller, issue
from tests.server import Server

CALLERS = 50


def send(server: Server, token: str, path: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any]]:
    """One call of a program of its own; a busy store is asked again, as its answer says."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": key}
    asked = urllib.request.Request(f"{server.url}/api/v1{path}", json.dumps(body).encode(), headers, method="POST")
    for _ in range(20):
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                if refused.code != 503:
                    return refused.code, json.load(refused)
    raise AssertionError("the store stayed busy")


def test_fifty_take_one_each_of_twenty(central: Caller, server: Server, app: Flask) -> None:
    central.receive("BOLT", "20", unit_cost="1.01")

    def take(_: int) -> tuple[int, dict[str, Any]]:
        return send(server, central.token, "/documents", issue("BOLT", "1"), str(uuid.uuid4()))

    with ThreadPoolExecutor(CALLERS) as callers:
        answers = list(callers.map(take, range(CALLERS)))
    assert Counter(status for status, _ in answers) == {201: 20, 409: 30}
    assert {told["code"] for status, told in answers if status == 409} == {"insufficient_stock"}
    numbers = sorted(int(paper["number"].split("/")[0]) for status, paper in answers if status == 201)
    assert numbers == list(range(1, 21))
    db.session.rollback()
    assert ledger.on_hand(get_item("BOLT").id, get_warehouse("CENTRAL").id) == 0
    assert list(ledger.verify()) == []


def test_the_same_request_a_hundred_times_posts_once(central: Caller, server: Server, app: Flask) -> None:
    central.receive("BOLT", "20")
    key = str(uuid.uuid4())

    def repeat(_: int) -> tuple[int, dict[str, Any]]:
        return send(server, central.token, "/documents", issue("BOLT", "1"), key)

    with ThreadPoolExecutor(CALLERS) as callers:
        answers = list(callers.map(repeat, range(100)))
    assert Counter(status for status, _ in answers) == {201: 1, 200: 99}
    assert len({paper["id"] for _, paper in answers}) == 1
    db.session.rollback()
    assert ledger.on_hand(get_item("BOLT").id, get_warehouse("CENTRAL").id) == 19


def test_the_same_item_is_added_once(boss: Caller, server: Server) -> None:
    body = {"code": "NEW", "name_fr": "Nouveau", "unit": "piece"}
    key = str(uuid.uuid4())
    with ThreadPoolExecutor(20) as callers:
        same = list(callers.map(lambda _: send(server, boss.token, "/items", body, key), range(20)))
        others = list(callers.map(lambda _: send(server, boss.token, "/items", body, str(uuid.uuid4())), range(10)))
    assert Counter(status for status, _ in same) == {201: 1, 200: 19}
    assert {status for status, _ in others} == {409}


def test_of_many_who_add_the_same_code_one_does_and_the_others_hear_that_it_is_there(
    boss: Caller, server: Server
) -> None:
    for number in range(3):
        body = {"code": f"NEW-{number}", "name_fr": "Nouveau", "unit": "piece"}
        with ThreadPoolExecutor(12) as callers:
            told = list(
                callers.map(lambda _, b=body: send(server, boss.token, "/items", b, str(uuid.uuid4())), range(12))
            )
        assert Counter(status for status, _ in told) == {201: 1, 409: 11}
        assert {answer["code"] for status, answer in told if status == 409} == {"already_exists"}
