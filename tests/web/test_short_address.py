"""The short address of every code: where it leads whom, and the verdict on a paper, which tells nothing else."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from inventory import access, clock, codes, documents
from inventory.catalogue import Item, Lot
from inventory.database import db, transaction
from inventory.ledger import is_unchanged
from inventory.warehouses import Location
from inventory.web.codes import Turnstile
from tests.databases import Database
from tests.pages import pages
from tests.web.desk import PASSWORD, Clerk, furnish, in_days, person, receive


@pytest.fixture
def house(app: Flask, database: Database) -> Flask:
    database.furnish(furnish)
    app.extensions.pop("makhazine.turnstile", None)
    return app


def test_the_printed_code_leads_a_signed_in_person_to_the_paper(house: Flask) -> None:
    document = receive()
    keeper = Clerk.signed_in(house, "keeper")
    keeper.open(f"/documents/{document.id}.pdf")
    assert keeper.page is not None
    (page,) = pages(keeper.page.data)
    (address,) = page.codes()
    assert address.startswith(house.config["PUBLIC_URL"].upper())
    path = address.removeprefix(house.config["PUBLIC_URL"].upper())
    assert keeper.open(path).headers["Location"] == f"/documents/{document.id}"
    assert keeper.open(path.lower()).headers["Location"] == f"/documents/{document.id}"


def test_a_stranger_reads_number_day_and_verdict_and_nothing_else(house: Flask) -> None:
    document = receive()
    stranger = Clerk.arrives(house)
    stranger.open(f"/S/{document.code}")
    assert "This paper is in the register, unchanged." in stranger.words
    assert document.reference in stranger.words
    assert f"{document.on:%d/%m/%Y}" in stranger.words
    for secret in ("PAP-A4", "Papier", "A4 paper", "ATLAS", "Atlas", "Keeper", "Alami", "4250", "4,250", "42.5",
                   document.hash[:16], "Dépôt", "/documents/"):  # fmt: skip
        assert secret not in stranger.text, secret


def test_a_reversed_paper_says_by_which(house: Flask) -> None:
    document = receive()
    with transaction():
        mirror = documents.reverse(
            document.entry_id, "Wrong", by=person("keeper"), today=clock.today(), at=clock.now(), key="k1"
        )
    stranger = Clerk.arrives(house)
    stranger.open(f"/s/{document.code.lower()}")
    assert f"later reversed by {mirror.reference}" in stranger.words
    assert "Wrong" not in stranger.words


def test_an_unknown_paper_and_a_damaged_code_are_told_apart(house: Flask) -> None:
    stranger = Clerk.arrives(house)
    printed = receive().code
    worn = "0" if printed[5] != "0" else "1"
    assert stranger.open(f"/S/{printed[:5]}{worn}{printed[6:]}").status_code == 404
    assert "This code was misread" in stranger.words
    assert stranger.open(f"/S/{_unused()}").status_code == 404
    assert "No such paper" in stranger.words


def _unused() -> str:
    return codes.mint(codes.Kind.DOCUMENT)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entry SET paper = replace(paper, '\"100\"', '\"900\"')",
        "UPDATE movement SET quantity = 900000",
        "UPDATE entry SET actor_id = actor_id + 1",
    ],
)
def test_a_tampered_paper_is_found_at_that_moment(database: Database, house: Flask, change: str) -> None:
    document = receive()
    assert is_unchanged(document.entry_id)
    db.session.rollback()
    database.tamper(change)
    stranger = Clerk.arrives(house)
    stranger.open(f"/S/{document.code}")
    assert "Changed since it was posted" in stranger.words
    keeper = Clerk.signed_in(house, "keeper")
    keeper.open(f"/documents/{document.id}")
    assert "This paper was changed" in keeper.words


def test_goods_and_places_ask_a_stranger_to_sign_in_and_lead_him_there(house: Flask) -> None:
    receive("VAC-01", "3", lot="L-1", expires_on=in_days(90))
    item = db.session.scalars(select(Item.label_code).where(Item.code == "PAP-A4")).one()
    lot = db.session.scalars(select(Lot.label_code).where(Lot.number == "L-1")).one()
    place = db.session.scalars(select(Location.label_code).where(Location.code == "B-03")).one()
    stranger = Clerk.arrives(house)
    keeper = Clerk.signed_in(house, "keeper")
    other = Clerk.signed_in(house, "other")
    for code, path in ((item, "/items/PAP-A4"), (lot, "/items/VAC-01"), (place, "B-03")):
        assert f"next=/S/{code}" in stranger.open(f"/S/{code}").headers["Location"].replace("%2F", "/")
        assert path in keeper.open(f"/S/{code}").headers["Location"]
    assert other.open(f"/S/{place}").status_code == 404
    assert "/items/PAP-A4" in keeper.open("/S/pap-a4").headers["Location"]
    assert keeper.open("/S/nothing").status_code == 404


def test_who_has_no_role_learns_of_goods_not_even_whether_they_exist(house: Flask) -> None:
    document = receive("VAC-01", "3", lot="L-1", expires_on=in_days(90))
    item = db.session.scalars(select(Item.label_code).where(Item.code == "PAP-A4")).one()
    lot = db.session.scalars(select(Lot.label_code).where(Lot.number == "L-1")).one()
    with transaction():
        access.add_user("nobody", PASSWORD, at=clock.now())
    nobody = Clerk.signed_in(house, "nobody")
    for code in (item, lot, "PAP-A4", "pap-a4", "nothing", codes.mint(codes.Kind.ITEM)):
        assert nobody.open(f"/S/{code}").status_code == 403, code
        assert "PAP-A4" not in nobody.text
    assert nobody.open(f"/S/{document.code}").status_code == 200
    assert "unchanged" in nobody.words


def test_a_paper_of_another_warehouse_gives_the_verdict_alone(house: Flask) -> None:
    document = receive()
    other = Clerk.signed_in(house, "other")
    assert other.open(f"/S/{document.code}").status_code == 200
    assert "unchanged" in other.words
    assert "PAP-A4" not in other.text


def test_one_address_cannot_busy_the_register() -> None:
    turnstile = Turnstile(looks=3, seconds=60)
    assert [turnstile.lets_pass("10.0.0.1") for _ in range(5)] == [True, True, True, False, False]
    assert turnstile.lets_pass("10.0.0.2")


def test_the_verdict_speaks_every_language(house: Flask) -> None:
    document = receive()
    for language, word in (("ar", "هذا السند"), ("fr", "Cette pièce")):
        stranger = Clerk.arrives(house)
        stranger.open("/sign-in")
        stranger.send("/language", {"language": language, "next": f"/S/{document.code}"})
        stranger.follow()
        assert word in stranger.words
        assert re.search(rf'<html lang="{language}"', stranger.text)
