"""Fields that search while one types: services, suppliers, warehouses, places."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask

from inventory import parties, reports, warehouses
from inventory.database import transaction
from tests.web.visitors import signed_in


@pytest.fixture
def house(app: Flask) -> Flask:
    with transaction():
        for code in ("CENTRAL", "NORD"):
            warehouses.add_warehouse(code, in_service_on=date(2026, 1, 1), name_fr=f"Dépôt {code.title()}")
        warehouses.add_location(warehouses.get_warehouse("CENTRAL"), "A-01", name_fr="Étagère 1", name_ar="الرف الأول")
        parties.add_service("BH-ANFA", name_fr="Bureau d'hygiène Anfa", name_ar="مكتب حفظ الصحة أنفا")
        parties.add_service("BH-OLD", name_fr="Bureau d'hygiène fermé").is_active = False
        parties.add_supplier("SOMEDIC", name_fr="Société médicale", name_ar="الشركة الطبية")
    return app


def values(text: str) -> list[str]:
    return re.findall(r'data-value="([^"]+)"', text)


def test_words_are_found_in_both_languages_whatever_their_spelling(house: Flask):
    buyer = signed_in(house, "buyer", ("buyer", None))
    for asked in ("hygiene anfa", "HYGIÈNE", "انفا", "bh-a"):
        assert values(buyer.get("/services/options", query_string={"q": asked}).text) == ["BH-ANFA"], asked
    assert values(buyer.get("/suppliers/options?q=medicale").text) == ["SOMEDIC"]
    assert values(buyer.get("/services/options?q=zzz").text) == []


def test_goods_are_sent_to_any_warehouse_but_one_keeps_only_ones_own(house: Flask):
    keeper = signed_in(house, "keeper", ("storekeeper", "CENTRAL"))
    assert values(keeper.get("/warehouses/options?q=depot").text) == ["CENTRAL", "NORD"]
    assert values(keeper.get("/warehouses/options?own=1").text) == ["CENTRAL"]
    assert values(keeper.get("/warehouses/CENTRAL/locations/options?q=الرف").text) == ["A-01"]
    assert keeper.get("/warehouses/NORD/locations/options").status_code == 403
    assert keeper.get("/warehouses/NOWHERE/locations/options").status_code == 404


def test_two_fields_of_one_page_never_share_an_id(house: Flask):
    buyer = signed_in(house, "buyer", ("buyer", None))
    answer = buyer.get("/services/options?q=bh", headers={"HX-Target": "service-options"})
    assert 'id="service-options-1"' in answer.text
    assert 'id="option-1"' in buyer.get("/services/options", headers={"HX-Target": '"><script>'}).text


def test_nobody_unknown_is_answered(house: Flask):
    assert house.test_client().get("/services/options").status_code == 302


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("hygiene anfa", ("service", "BH-ANFA")), ("انفا", ("service", "BH-ANFA")),
        ("medicale", ("supplier", "SOMEDIC")),
        ("الشركه", ("supplier", "SOMEDIC")), ("depot nord", ("warehouse", "NORD")), ("etagere", ("location", "A-01")),
        ("الرف الاول", ("location", "A-01")), ("a-01 1", ("location", "A-01")),
    ],
)  # fmt: skip
def test_the_one_box_finds_parties_and_places_as_their_lists_do(house: Flask, asked: str, found: tuple[str, str]):
    here = [warehouses.get_warehouse(code).id for code in ("CENTRAL", "NORD")]
    things = reports.search_everything(asked, stock_ids=here, paper_ids=[])
    assert [(one.kind, one.thing.code) for one in things] == [found]
    assert reports.search_everything("ferme", stock_ids=here, paper_ids=[]) == [], "what is out of use is not offered"
    assert len(reports.search_everything("depot", stock_ids=here, paper_ids=[], limit=1)) == 1
