"""The plug is pulled while papers are being posted, ten times: what was acknowledged is there, nothing half, and what
was not acknowledged can be sent again without posting twice."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from typing import Any

from flask import Flask
from sqlalchemy import select

from inventory import ledger
from inventory.database import db
from tests.api.conftest import Caller, issue
from tests.api.test_races import send
from tests.server import Server

CUTS = 10
CLERKS = 4


class Clerk(threading.Thread):
    """Posts one paper after the other. Without an answer it cannot know whether one was posted, and sends it again, as
    a device does, until it is told."""

    def __init__(self, server: Server, token: str, bodies: list[dict[str, Any]]) -> None:
        super().__init__(daemon=True)
        self.server, self.token, self.bodies = server, token, bodies
        self.acknowledged: dict[str, str] = {}
        self.unanswered = 0
        self.is_done = threading.Event()

    def run(self) -> None:
        while not self.is_done.is_set():
            key, body = str(uuid.uuid4()), random.choice(self.bodies)
            while key not in self.acknowledged:
                self._send(key, body)

    def _send(self, key: str, body: dict[str, Any]) -> None:
        try:
            status, paper = send(self.server, self.token, "/documents", body, key)
        except (OSError, http.client.HTTPException, json.JSONDecodeError) as error:
            is_closed = isinstance(getattr(error, "reason", None), ConnectionRefusedError)
            self.unanswered += not is_closed
            time.sleep(0.02)
        else:
            assert status in (200, 201), paper
            self.acknowledged[key] = paper["id"]


def posted() -> dict[str, str]:
    """The id of every paper by the key that posted it."""
    db.session.rollback()
    return {key: str(entry_id) for key, entry_id in db.session.execute(select(ledger.Entry.key, ledger.Entry.id))}


def test_ten_power_cuts_lose_and_double_nothing(central: Caller, server: Server, app: Flask) -> None:
    central.receive("BOLT", "100000", unit_cost="1.01")
    bodies = [issue("BOLT", "1"), issue("BOLT", "2")]
    clerks = [Clerk(server, central.token, bodies) for _ in range(CLERKS)]
    before = len(posted())
    for clerk in clerks:
        clerk.start()
    for cut in range(1, CUTS + 1):
        time.sleep(random.uniform(0.15, 0.5))
        server.kill()
        found = posted()
        for clerk in clerks:
            for key, paper_id in list(clerk.acknowledged.items()):
                assert found[key] == paper_id, "an acknowledged paper is gone"
        assert list(ledger.verify()) == []
        if cut < CUTS:
            server.start()
        else:  # as people start it
            server.start_by_command()
    for clerk in clerks:
        clerk.is_done.set()
        clerk.join(60)
        assert not clerk.is_alive(), "a paper was never acknowledged"
    acknowledged = {key: paper_id for clerk in clerks for key, paper_id in clerk.acknowledged.items()}
    assert len(acknowledged) > CUTS, "the store was hardly open"
    assert sum(clerk.unanswered for clerk in clerks) >= CUTS, "hardly any cut fell into a posting"
    assert len(posted()) - before == len(acknowledged)
    assert list(ledger.verify()) == []
