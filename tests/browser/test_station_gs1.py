"""Makers' codes at the station: what they say of lot, expiry, serial number and quantity fills the line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from inventory.documents import LineOrder, Side
from tests.browser.store import Room
from tests.browser.test_station import At, at, laid_in, slow_house  # noqa: F401  (the station of a room)

MEDICINE = "6111245030036"
EXPIRY = date(2028, 5, 31)
SUPPLIER = Side("supplier", "SOTHEMA")
VALUES = "inputs => inputs.filter((one) => one.checkVisibility() && one.value).map((one) => one.value)"
CODE = f"010{MEDICINE}10LN-77\x1d17280531"


def lot_of(counter, name: str = "Amoxicilline") -> tuple[str, str, str]:  # type: ignore[no-untyped-def]
    """Lot, expiry and quantity as they stand in the line."""
    return (
        counter.field("lot", name).input_value(),
        counter.field("expiresOn", name).input_value(),
        counter.line(name).locator("[data-quantity]").input_value(),
    )


def test_one_code_fills_item_lot_and_expiry(at: At, room: Room) -> None:  # noqa: F811
    counter = at("receipt")
    counter.place("A-01")
    counter.scan(CODE)
    assert lot_of(counter) == ("LN-77", "2028-05-31", "1")
    counter.scan(f"010{MEDICINE}10LN-77")
    assert lot_of(counter) == ("LN-77", "2028-05-31", "2")
    counter.scan(f"010{MEDICINE}10LN-78\x1d17280630")
    expect(counter.lines).to_have_count(2)
    counter.choose("supplier", "sothema")
    counter.post()
    counter.posted()
    lines = room.papers()[0]["lines"]
    assert [(one["lot"], one["expires_on"], one["quantity"]) for one in lines] == [
        ("LN-77", "2028-05-31", "2"),
        ("LN-78", "2028-06-30", "1"),
    ]


@pytest.mark.parametrize(
    "scans",
    [
        (MEDICINE, CODE),
        (MEDICINE, "10LN-77\x1d17280531"),
        ("10LN-77\x1d17280531", MEDICINE),
        (f"010{MEDICINE}10LN-77", "1728053110LN-77"),
        (f"010{MEDICINE}17280531", f"010{MEDICINE}10LN-77"),
    ],
)
def test_two_codes_of_one_box_complete_one_line(at: At, scans: tuple[str, str]) -> None:  # noqa: F811
    counter = at("receipt")
    counter.place("A-01")
    for code in scans:
        counter.scan(code)
    expect(counter.lines).to_have_count(1)
    assert lot_of(counter) == ("LN-77", "2028-05-31", "1")


def test_a_known_lot_brings_its_expiry_and_a_count_its_quantity(at: At, room: Room) -> None:  # noqa: F811
    counter = at("receipt")
    counter.place("A-01")
    counter.scan(f"010{MEDICINE}10LN-77\x1d1728053130040")
    assert lot_of(counter) == ("LN-77", "2028-05-31", "40")
    counter.choose("supplier", "sothema")
    counter.post()
    counter.posted()
    counter.part("result").locator("[data-act=next]").click()
    counter.scan(f"010{MEDICINE}10LN-77")
    assert lot_of(counter) == ("LN-77", "2028-05-31", "1")


def test_a_device_reads_them_as_the_house_does(at: At, room: Room) -> None:  # noqa: F811
    """While the house is slow the device answers; the house then adds what the device could not know."""
    room.post("receipt", LineOrder("MED-0001", Decimal(3), lot="LN-77", expires_on=EXPIRY), source=SUPPLIER)
    counter = at("receipt")
    laid_in(counter)
    counter.place("A-01")
    room.post("receipt", LineOrder("MED-0001", Decimal(3), lot="LN-79", expires_on=EXPIRY), source=SUPPLIER)
    with slow_house(counter) as answer:
        counter.scan(f"010{MEDICINE}10LN-77\x1d30040")
        counter.scan(f"010{MEDICINE}10LN-79")
        expect(counter.lines).to_have_count(2)
        answer()
        expect(counter.page.locator(".counted-line.is-old")).to_have_count(0)
    values = [line.locator("input").evaluate_all(VALUES) for line in counter.lines.all()]
    assert values == [["1", "LN-79", "2028-05-31"], ["40", "LN-77", "2028-05-31"]]


def test_of_an_unknown_maker_s_code_its_number_waits_aside(at: At, room: Room) -> None:  # noqa: F811
    counter = at("receipt")
    counter.place("A-01")
    counter.scan("010611124509999610X-1")
    expect(counter.part("unknownList")).to_contain_text("6111245099996")
    expect(counter.part("unknownList")).not_to_contain_text("X-1")
