"""Who did what: kept for ever, readable when what it speaks of is gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from inventory import audit
from inventory.database import db, transaction
from inventory.errors import NotFound, found
from tests import make

NOON = datetime.fromisoformat("2026-11-23T12:00:00Z")


def noted(action: str, subject: str = "amina", *, actor: str = "nadia", at: datetime = NOON, **details: Any) -> None:
    make.done(audit.record, action, subject, at=at, actor=actor, details=details)


def read(**asked: Any) -> list[str]:
    return [one.action for one in audit.records(**asked)]


def test_the_newest_comes_first_and_pages_follow_each_other(app: Flask) -> None:
    for action in ("user.added", "grant.given", "sign_in.accepted"):
        noted(action)
    assert read() == ["sign_in.accepted", "grant.given", "user.added"]
    (last,) = audit.records(limit=1)
    assert read(before_id=last.id) == ["grant.given", "user.added"]


def test_a_record_is_quoted_as_it_was_said(app: Flask) -> None:
    noted("user.renamed", before="أمينة", after="Amina B.")
    (kept,) = audit.records()
    assert (kept.actor, kept.subject, kept.actor_id) == ("nadia", "amina", None)
    assert kept.details == {"before": "أمينة", "after": "Amina B."}
    assert kept.at == NOON


def test_the_trail_is_asked_by_act_person_and_time(app: Flask) -> None:
    noted("sign_in.refused", actor="amina", at=NOON - timedelta(hours=1))
    noted("sign_in.accepted", actor="amina")
    noted("sign_out", actor="driss", at=NOON + timedelta(hours=1))
    assert read(action="sign_in") == ["sign_in.accepted", "sign_in.refused"]
    assert read(action="sign_in.refused", actor="amina") == ["sign_in.refused"]
    assert read(actor="driss") == ["sign_out"]
    assert read(since=NOON) == ["sign_out", "sign_in.accepted"]
    assert read(since=NOON, until=NOON + timedelta(hours=1)) == ["sign_in.accepted"]


def test_what_is_asked_for_is_no_pattern(app: Flask) -> None:
    noted("sign_in.accepted")
    assert read(action="%") == read(action="sign-in") == read(action="_ign") == []


def test_the_whole_trail_is_read_on_to_its_end(app: Flask) -> None:
    with transaction():
        for number in range(1_200):
            audit.record("look", str(number), at=NOON, actor="nadia")
    assert [one.subject for one in audit.records(limit=None)] == [str(number) for number in reversed(range(1_200))]


def test_a_record_stands_or_falls_with_what_it_speaks_of(app: Flask) -> None:
    def add_nobody() -> None:
        audit.record("user.added", "amina", at=NOON, actor="nadia")
        found(None, "amina")

    with pytest.raises(NotFound):
        make.done(add_nobody)
    assert read() == []


@pytest.mark.parametrize("act", ["UPDATE audit_record SET actor = 'somebody'", "DELETE FROM audit_record"])
def test_a_record_is_never_changed_or_removed(app: Flask, act: str) -> None:
    noted("user.added")
    with pytest.raises(DatabaseError), transaction():
        db.session.execute(text(act))
    assert [one.actor for one in audit.records()] == ["nadia"]


def test_the_trail_points_at_nothing(app: Flask) -> None:
    assert list(audit.AuditRecord.__table__.foreign_keys) == []
