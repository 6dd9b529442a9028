"""What is offered opens, and what does not open is not told: navigation, links and search, for every role."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask, url_for

from inventory.access import POLICY, ROLES
from inventory.web.doors import DOORS
from tests import make
from tests.script import Store
from tests.web.visitors import Visitor, signed_in, words

PEOPLE = [None, *((role, where) for role in ROLES for where in (None, "CENTRAL"))]
FARTHEST = 3
_HREF = re.compile(r'\s(?:href|hx-get)="(/[^"#]*)')


@make.furnished
def stores() -> None:
    """CENTRAL with bolts, some of which went to the city; NORTH is empty."""
    store = Store.opened("NORTH", bolt={})
    store.play("SUPPLIER -> SHELF bolt 10 cost=2.50")
    store.play("SHELF -> CITY bolt 7")


@pytest.fixture
def house(stores: None, app: Flask) -> Flask:
    return app


def shape(address: str) -> tuple[str, tuple[str, ...]]:
    """Addresses of one shape differ by what they ask for only."""
    path, _, question = address.partition("?")
    return path, tuple(sorted({pair.partition("=")[0] for pair in question.split("&")}))


def followed(visitor: Visitor) -> Iterator[tuple[str, str, int]]:
    """Every link within so many steps of the first page: where it stands, where it leads, what is answered."""
    seen, at = set(), [("", "/")]
    for _ in range(FARTHEST):
        following = []
        for source, address in at:
            if shape(address) in seen or address.startswith(("/static", "/sw.js")):
                continue
            seen.add(shape(address))
            answer = visitor.get(address)
            yield source, address, answer.status_code
            if answer.mimetype == "text/html":
                following += [(address, unescape(found)) for found in _HREF.findall(answer.text)]
        at = following


@pytest.mark.parametrize("grant", PEOPLE, ids=lambda one: "-".join(map(str, one)) if one else "nobody")
def test_no_way_is_shown_that_refuses(house: Flask, grant: tuple[str, str | None] | None):
    visitor = signed_in(house, "somebody", *([grant] if grant else []))
    assert [found for found in followed(visitor) if found[2] >= 400] == []


def test_who_has_no_role_is_told_so_and_led_to_their_account_only(house: Flask):
    page = signed_in(house, "nobody").get("/")
    assert "Vous n’avez pas encore de rôle" in words(page)
    assert "/items" not in page.text


def test_every_door_of_the_table_is_a_page_and_refuses_who_has_no_role(house: Flask):
    nobody = signed_in(house, "nobody")
    for endpoint, actions in DOORS.items():
        assert set(actions.split()) <= POLICY.keys()
        with house.test_request_context():
            address = url_for(
                endpoint, **({"code": "CITY"} if endpoint in ("parties.service", "parties.supplier") else {})
            )
        assert nobody.get(address).status_code == 403, endpoint


def test_no_redirect_is_built_from_the_host_that_a_caller_names(house: Flask):
    """/imports under a foreign name once led to http://evil.example/imports/: a cache would have kept that for all."""
    boss = signed_in(house, "boss", ("administrator", None), ("manager", None))
    values = {"code": "bolt", "filename": "x", "username": "boss", "path": "x", "which": "units"}
    with house.test_request_context():
        rules = [one for one in house.url_map.iter_rules() if "GET" in (one.methods or ())]
        assert not any(one.strict_slashes or one.merge_slashes for one in house.url_map.iter_rules())
        addresses = {url_for(one.endpoint, **{n: values.get(n, "1") for n in one.arguments}) for one in rules}
    for address in sorted(addresses):
        for asked in (address, address.rstrip("/") or "/", address.rstrip("/") + "/", address.replace("/", "//")):
            for visitor in (boss, Visitor(house)):
                answer = visitor.get(asked, headers={"Host": "evil.example"})
                assert answer.status_code not in (301, 307, 308), asked
                assert "evil" not in answer.headers.get("Location", ""), asked


@pytest.mark.parametrize(
    "address", ["/imports", "/stock", "/items", "/services", "/people/@boss", "/api/v1/items", "/s/bolt"]
)
def test_an_address_opens_with_and_without_its_last_slash(house: Flask, address: str):
    boss = signed_in(house, "boss", ("administrator", None), ("manager", None))
    without, with_it = boss.get(address), boss.get(address + "/")
    assert without.status_code == with_it.status_code == (302 if address.startswith("/s/") else 200)
    assert without.headers.get("Location") == with_it.headers.get("Location")


def test_the_search_shows_of_each_kind_only_what_ones_roles_open(house: Flask):
    everything = {"bolt": "/items/bolt", "CENTRAL": "warehouse=CENTRAL", "city": "/services", "supplier": "/suppliers"}
    typed = {"HX-Request": "true", "HX-Target": "search-options"}
    for role, where, seen in (
        (None, None, set()),
        ("requester", "CENTRAL", {"bolt"}),
        ("administrator", "CENTRAL", {"bolt"}),
        ("administrator", None, {"bolt", "city", "supplier"}),
        ("storekeeper", "NORTH", {"bolt", "city", "supplier"}),
        ("auditor", None, set(everything)),
    ):
        visitor = signed_in(house, f"{role}-{where}".lower(), *([(role, where)] if role else []))
        found = {q for q, href in everything.items() if href in visitor.get(f"/search?q={q}", headers=typed).text}
        assert found == seen, (role, where)
        assert ("/items/bolt" in visitor.get("/search?q=bolt").text) == ("bolt" in seen)
