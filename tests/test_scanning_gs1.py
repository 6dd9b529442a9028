"""What a maker's GS1 code means here: the item by its trade number, and all else that the code says."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask

from inventory import catalogue
from inventory.catalogue import Item, Lot, NewItem, NewPackaging, barcode_key
from inventory.codes import measures
from inventory.codes.gs1 import Elements, read
from inventory.database import db, transaction
from tests.api.conftest import *  # noqa: F403  (the same small commune)
from tests.api.conftest import Caller
from tests.test_scanning import label_of, scan

SERUM, SERUM_BOX, DESK, CEMENT, SOAP = (
    "06111245000015", "16111245000012", "06111245000022", "96111245000032", "00000096385074",
)  # fmt: skip


@pytest.fixture
def coded(central: Caller) -> Caller:
    """The storekeeper of the small commune, whose goods bear makers' numbers."""
    with transaction():
        catalogue.attach_barcode(catalogue.get_item("SERUM"), SERUM)
        catalogue.add_packaging(catalogue.get_item("SERUM"), NewPackaging("carton", Decimal(12), SERUM_BOX))
        catalogue.attach_barcode(catalogue.get_item("DESK"), DESK)
        catalogue.add_item(NewItem("CEMENT", "kg", name_fr="Ciment", decimals=2, barcodes=(CEMENT,)))
        catalogue.add_item(NewItem("SOAP", "piece", name_fr="Savon", barcodes=("96385074",)))
    return central


def test_a_code_tells_item_lot_expiry_before_such_a_lot_is_known(coded: Caller) -> None:
    found = scan(coded, f"]d201{SERUM}10L-7\x1d17280200")
    assert (found["kind"], found["item"]["code"], found["unit"]) == ("item", "SERUM", "box")
    assert (found["lot"], found["expires_on"], found["quantity"]) == ("L-7", "2028-02-29", None)
    assert found["elements"] == [
        {"identifier": "01", "value": SERUM},
        {"identifier": "10", "value": "L-7"},
        {"identifier": "17", "value": "280200"},
    ]
    assert "receipt" in found["actions"]


def test_a_known_lot_is_found_and_keeps_its_expiry(coded: Caller) -> None:
    coded.receive("SERUM", "5", lot="L-6", expires_on="2027-01-31")
    coded.receive("SERUM", "5", lot="L-7", expires_on="2028-02-29")
    found = scan(coded, f"(01){SERUM}(10)L-7")
    assert (found["kind"], found["lot"], found["expires_on"], found["reason"]) == ("lot", "L-7", "2028-02-29", None)
    assert [one["lot"] for one in found["balances"]] == ["L-7"]
    other = scan(coded, f"(01){SERUM}(10)L-7(17)300101")
    assert (other["expires_on"], other["reason"]) == ("2028-02-29", "expiry_differs")
    assert "stands" in other["detail"]


def test_best_before_is_the_expiry_of_what_expires(coded: Caller) -> None:
    assert scan(coded, f"(01){SERUM}(15)280101(10)L-9")["expires_on"] == "2028-01-01"
    assert scan(coded, f"(01){SERUM}(15)280101(17)290101(10)L-9")["expires_on"] == "2029-01-01"
    assert scan(coded, "(01)06111245591063(15)280101")["expires_on"] is None


def test_a_serial_number_is_the_one_thing(coded: Caller) -> None:
    unknown = scan(coded, f"(01){DESK}(21)SN-1")
    assert (unknown["kind"], unknown["serial"], unknown["lot"]) == ("item", "SN-1", "SN-1")
    coded.receive("DESK", "1", lot="SN-1")
    known = scan(coded, f"(01){DESK}(21)SN-1")
    assert (known["kind"], known["serial"], known["lot"]) == ("unit", "SN-1", "SN-1")


@pytest.mark.parametrize(
    ("code", "unit", "quantity"),
    [
        (f"(01){SERUM}(30)7", "box", "7"),
        (f"(02){SERUM}(37)24", "box", "24"),
        (f"(02){SERUM_BOX}(37)24", "carton", "24"),
        (f"(01){CEMENT}(3102)001250", "kg", "12.5"),
        (f"(01){CEMENT}(3103)001255", "kg", None),
        (f"(01){CEMENT}(3200)000012", "kg", None),
        (f"(01){CEMENT}(3150)000012", "kg", None),
        (f"(01){DESK}(30)2", "piece", None),
    ],
)
def test_counts_and_measures_are_the_quantity_or_nothing(
    coded: Caller, code: str, unit: str, quantity: str | None
) -> None:
    found = scan(coded, code)
    assert (found["unit"], found["quantity"]) == (unit, quantity)


@pytest.mark.parametrize(
    ("code", "unit", "amount"),
    [
        ("(3102)000125", "g", "1250"),
        ("(3103)000125", "kg", "0.125"),
        ("(3153)000330", "ml", "330"),
        ("(3110)000003", "ML", "3"),
        ("(3141)000025", "m²", "2.5"),
        ("(3161)000015", "litre", "1500"),
        ("(3103)000000", "kg", None),
        ("(3103)000125", "box", None),
    ],
)
def test_a_measure_in_the_unit_of_the_item(code: str, unit: str, amount: str | None) -> None:
    said = read(code)
    assert isinstance(said, Elements)
    assert measures.amount(said, unit, 3) == (amount and Decimal(amount))


def test_packagings_and_short_numbers_are_found_by_their_own(coded: Caller) -> None:
    box = scan(coded, f"(01){SERUM_BOX}(10)L-7")
    assert (box["item"]["code"], box["unit"], box["contains"], box["lot"]) == ("SERUM", "carton", "12", "L-7")
    for code in (f"(01){SOAP}", "96385074", SOAP, SOAP[1:], f"]E4{SOAP[-8:]}", "https://id.gs1.org/01/" + SOAP):
        assert scan(coded, code)["item"]["code"] == "SOAP", code
    assert scan(coded, f"]E0{SERUM[1:]}")["item"]["code"] == "SERUM"
    assert scan(coded, "]C0SERUM")["item"]["code"] == "SERUM"
    assert scan(coded, f"]Q1HTTPS://ELSEWHERE.EXAMPLE/S/{label_of(Item, code='SERUM')}")["item"]["code"] == "SERUM"


def test_an_unknown_carton_of_a_known_item_names_it(coded: Caller) -> None:
    for code in ("(01)26111245000019(10)A", "26111245000019"):
        found = scan(coded, code)
        assert (found["kind"], found["reason"], found["choices"]) == ("unknown", "packaging_unknown", ["SERUM"])
        assert found["barcode"] == "26111245000019"
    assert scan(coded, "(01)26111245999993")["reason"] == "unknown_code"


def test_a_code_without_an_item_tells_what_completes_another(coded: Caller) -> None:
    found = scan(coded, "]C11728123110L-7")
    assert (found["kind"], found["item"], found["reason"]) == ("details", None, None)
    assert (found["lot"], found["expires_on"]) == ("L-7", "2028-12-31")
    assert scan(coded, "1728123110L-7")["kind"] == "details"
    pallet = scan(coded, "00061112450000000014")
    assert (pallet["kind"], pallet["reason"]) == ("unknown", "unknown_code")


def test_what_is_refused_says_why_in_every_language(coded: Caller) -> None:
    assert scan(coded, f"01{SERUM}10AB1217271231")["reason"] == "gs1_ambiguous"
    assert scan(coded, f"(01){SERUM[:-1]}9")["reason"] == "gs1_content"
    assert scan(coded, "(00)061112450000000017")["reason"] in ("gs1_no_item", "gs1_content")
    answer = coded.get("/scan?code=(89)1&warehouse=CENTRAL", Accept_Language="ar").json
    assert answer["kind"] == "unknown"
    assert answer["reason"] == "gs1_identifier"
    assert answer["detail"] != "This GS1 code has a part that is not known."


def test_a_gs1_code_is_attached_by_its_trade_number_alone(coded: Caller) -> None:
    unknown = scan(coded, "]d2010611124500004617280101")
    assert (unknown["kind"], unknown["barcode"]) == ("unknown", "6111245000046")
    with transaction():
        catalogue.attach_barcode(catalogue.get_item("BOLT"), "]d2010611124500004617280101")
    for code in ("6111245000046", "(01)06111245000046(10)X"):
        assert scan(coded, code)["item"]["code"] == "BOLT"
    assert barcode_key("(01)06111245000046(10)X") == "6111245000046"
    assert barcode_key("REF 12-A") == "REF12-A"


def test_a_code_that_somebody_attached_whole_is_still_found(coded: Caller) -> None:
    with transaction():
        catalogue.attach_barcode(catalogue.get_item("BOLT"), "https://maker.example/bolt")
    assert scan(coded, "https://maker.example/bolt")["item"]["code"] == "BOLT"


def test_a_maker_s_code_costs_no_more_statements_than_a_plain_one(coded: Caller, statements: list[str]) -> None:
    coded.receive("SERUM", "5", lot="L-7", expires_on="2028-02-29")
    del statements[:]
    scan(coded, f"(01){SERUM}(10)L-7(17)280229")
    assert len(statements) <= 3, "\n".join(statements)


def test_an_old_label_is_known_by_its_version(coded: Caller, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    coded.receive("SERUM", "5", lot="L-7", expires_on="2028-02-29")
    item, lot = label_of(Item, code="SERUM"), label_of(Lot, number="L-7")
    for label in (item, lot):
        assert scan(coded, f"HTTPS://HOST/S/{label}")["label_is_old"] is False
        assert scan(coded, f"HTTPS://HOST/S/{label}.9")["label_is_old"] is False
    with transaction():
        db.session.query(Item).filter_by(code="SERUM").update({"label_version": 3})
    assert scan(coded, f"HTTPS://HOST/S/{item}.2")["label_is_old"] is True
    assert scan(coded, f"HTTPS://HOST/S/{lot}.2")["label_is_old"] is True
    assert scan(coded, f"HTTPS://HOST/S/{item}.3")["label_is_old"] is False
    assert scan(coded, item)["label_is_old"] is False
