"""What the commune decides, and from which day on."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from inventory import audit, settings
from inventory.access import Identity
from inventory.database import db, transaction
from inventory.errors import InvalidRequest
from tests import make


@pytest.fixture
def nadia(app: Flask) -> Identity:
    return make.person("nadia", "administrator")


def decided(by: Identity, *, on: date = make.TODAY, **values: Any) -> None:
    make.done(settings.decide, values, effective_on=on, at=make.now(), by=by)


def test_the_defaults_hold_until_the_commune_decides(app: Flask) -> None:
    held = settings.values_of(list(settings.KNOWN), on=make.TODAY)
    assert held == {name: known.default for name, known in settings.KNOWN.items()}


def test_every_default_could_be_decided(nadia: Identity) -> None:
    decided(nadia, **{name: known.default for name, known in settings.KNOWN.items()})


def test_a_decision_holds_from_its_day_on(nadia: Identity) -> None:
    decided(nadia, back_dating_days=5)
    assert settings.value_of("back_dating_days", on=make.YESTERDAY) == 30
    assert settings.value_of("back_dating_days", on=make.TODAY) == 5


def test_a_decision_for_later_waits_and_one_for_earlier_does_not_cover_it(nadia: Identity) -> None:
    january = date(2027, 1, 1)
    decided(nadia, on=january, expiry_warning_days=60)
    decided(nadia, on=make.TODAY, expiry_warning_days=120)
    days = (make.YESTERDAY, make.TODAY, january - timedelta(days=1), january)
    assert [settings.value_of("expiry_warning_days", on=day) for day in days] == [90, 120, 120, 60]


def test_the_newer_decision_of_a_day_replaces_the_older_and_both_stay_on_record(nadia: Identity) -> None:
    decided(nadia, back_dating_days=5)
    decided(nadia, back_dating_days=7)
    assert settings.value_of("back_dating_days", on=make.TODAY) == 7
    assert [one.value for one in settings.decisions(name="back_dating_days")] == [7, 5]


def test_decisions_are_read_page_by_page(nadia: Identity) -> None:
    for days in range(1, 6):
        decided(nadia, back_dating_days=days)
    first = settings.decisions(limit=3)
    rest = settings.decisions(limit=3, before_id=first[-1].id)
    assert [one.value for one in (*first, *rest)] == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("moon_phase", 1, "unknown"),
        ("back_dating_days", "5", "type"),
        ("back_dating_days", True, "type"),
        ("back_dating_days", None, "type"),
        ("back_dating_days", -1, "range"),
        ("back_dating_days", 367, "range"),
        ("sign_in_tries", 1, "range"),
        ("header_fr", 5, "type"),
        ("header_fr", "x" * 2001, "too_long"),
        ("header_ar", "جماعة\x00", "unwritable"),
    ],
)
def test_a_decision_that_cannot_hold_is_refused(nadia: Identity, name: str, value: Any, code: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        decided(nadia, commune_name_fr="Mohammedia", **{name: value})
    assert [(one.pointer, one.code) for one in caught.value.faults] == [(f"/{name}", code)]
    assert settings.decisions() == []  # the good one beside it is not kept either


def test_who_decided_is_on_the_audit_trail(nadia: Identity) -> None:
    for days in (5, 10, 10):  # the last changes nothing
        decided(nadia, back_dating_days=days)
    second, first = audit.records(action="setting.decided")
    assert (first.actor, first.subject) == ("nadia", "back_dating_days")
    assert first.details == {"before": {"value": 30}, "after": {"value": 5}, "effective_on": "2026-11-23"}
    assert second.details == {"before": {"value": 5}, "after": {"value": 10}, "effective_on": "2026-11-23"}


@pytest.mark.parametrize("act", ["UPDATE setting_value SET name = 'header_fr'", "DELETE FROM setting_value"])
def test_a_decision_is_never_edited(nadia: Identity, act: str) -> None:
    decided(nadia, back_dating_days=5)
    with pytest.raises(DatabaseError), transaction():
        db.session.execute(text(act))
    assert settings.value_of("back_dating_days", on=make.TODAY) == 5


# ---- the arms


def arms_on(day: date) -> bytes | None:
    return settings.emblem(settings.value_of("arms", on=day))


def test_the_arms_hold_from_their_day_on_and_old_papers_keep_theirs(nadia: Identity) -> None:
    tomorrow = make.TODAY + timedelta(days=1)
    make.done(settings.decide_arms, b"old", effective_on=make.TODAY, at=make.now(), by=nadia)
    make.done(settings.decide_arms, b"new", effective_on=tomorrow, at=make.now(), by=nadia)
    assert [arms_on(day) for day in (make.YESTERDAY, make.TODAY, tomorrow)] == [None, b"old", b"new"]


def test_arms_taken_away_and_taken_again_are_kept_once(nadia: Identity) -> None:
    for picture in (b"lion", None, b"lion"):
        make.done(settings.decide_arms, picture, effective_on=make.TODAY, at=make.now(), by=nadia)
        assert arms_on(make.TODAY) == picture
    assert db.session.scalar(text("SELECT count(*) FROM emblem")) == 1
    assert [one.subject for one in audit.records(action="setting.decided")] == ["arms"] * 3
