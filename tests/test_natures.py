"""How items are counted and kept, and where they belong, is put right without a number being misread."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from inventory import catalogue, counting, natures, replenishment, slips
from inventory.access import Identity
from inventory.catalogue import Unit
from inventory.counting import NewCount
from inventory.database import db, transaction
from inventory.errors import InvalidRequest
from inventory.replenishment import Alert
from inventory.slips import NewSlip
from tests import make


@pytest.fixture
def amina(app: Flask) -> Identity:
    make.warehouse("CENTRAL")
    for code in ("BOLT", "NUT"):
        make.item(code, category="iron")
    return make.person("amina", "manager")


def changed(code: str, **changes: Any) -> None:
    with transaction():
        natures.change_item(catalogue.get_item(code), changes, today=make.TODAY, at=make.now())


def received(by: Identity) -> None:
    make.posted(make.order("opening", "CENTRAL", make.line("BOLT", "5", unit_cost="1")), by=by)


def ruled(by: Identity) -> None:
    make.rule("BOLT", "CENTRAL", "10", "20")


def counted(by: Identity) -> None:
    new = NewCount(warehouse="CENTRAL", location=None, lines=(make.line("BOLT", "5"),), is_whole=False)
    make.done(counting.record, new, by=by, today=make.TODAY, at=make.now())


def handed_out(by: Identity) -> None:
    make.service("ANFA")
    new = NewSlip(warehouse="CENTRAL", service="ANFA", receiver="Ali", lines=(make.line("BOLT", "5"),))
    make.done(slips.record, new, by=by, today=make.TODAY, at=make.now())


@pytest.mark.parametrize("write", [received, ruled, counted, handed_out])
def test_nothing_that_was_written_with_a_unit_is_read_in_another(
    amina: Identity, write: Callable[[Identity], None]
) -> None:
    changed("BOLT", unit="kilo", decimals=2)
    write(amina)
    with pytest.raises(InvalidRequest) as refused:
        changed("BOLT", unit="litre", decimals=0)
    assert [one.code for one in refused.value.faults] == ["written", "written"]
    assert natures.written_with(["BOLT", "NUT"]) == {"BOLT"}
    bolt = catalogue.get_item("BOLT")
    assert (db.session.get_one(Unit, bolt.unit_id).code, bolt.decimals) == ("kilo", 2)


def test_a_unit_that_is_put_right_makes_the_label_old(amina: Identity) -> None:
    changed("BOLT", unit="kilo")
    assert catalogue.get_item("BOLT").label_version == 2


def test_a_category_brings_its_rules_with_it(amina: Identity) -> None:
    received(amina)
    with transaction():
        catalogue.add_category("scarce")
        for name, point in (("scarce", "10"), ("iron", "1")):
            category = db.session.scalars(select(catalogue.Category).where(catalogue.Category.code == name)).one()
            replenishment.set_category_rule(
                category, None, reorder_point=Decimal(point), target=Decimal(20), by=amina, on=make.TODAY, at=make.now()
            )
    alerts = select(Alert.level).where(Alert.closed_at.is_(None))
    assert db.session.scalars(alerts).all() == []
    changed("BOLT", category="scarce")
    assert db.session.scalars(alerts).all() == ["low"]
    changed("BOLT", category="iron")
    assert db.session.scalars(alerts).all() == []
    with transaction():
        assert replenishment.rederive(on=make.TODAY, at=make.now()) == 0
