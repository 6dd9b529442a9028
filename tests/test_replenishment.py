"""Low stock: one definition, and alerts that open and close with the posting that caused them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from inventory import audit, catalogue, replenishment, warehouses
from inventory.database import db, transaction
from inventory.errors import ChangedMeanwhile, InvalidRequest, NotFound
from inventory.replenishment import Alert, Figures
from tests import make
from tests.script import Store

LOTTED = {"tracking": "lot", "has_expiry": True}


@make.furnished
def store() -> Store:
    store = Store.opened("NORTH", bolt={"category": "iron"}, nail={"category": "iron"}, insulin=LOTTED)
    store.play("SUPPLIER -> SHELF bolt 20, nail 20")
    return store


def figures(item: str, where: str = "CENTRAL", *, on: date = make.TODAY) -> Figures:
    """What low stock is worked out from; the pair has a rule or an open alert."""
    (found,) = replenishment.standing(
        on, item_ids=[catalogue.get_item(item).id], warehouse_ids=[warehouses.get_warehouse(where).id]
    )
    return found.figures


def alerts(item: str, where: str = "CENTRAL") -> list[Alert]:
    """The alerts of an item in a warehouse, the first to open first."""
    return list(
        db.session.scalars(
            select(Alert)
            .join(catalogue.Item, catalogue.Item.id == Alert.item_id)
            .join(warehouses.Warehouse, warehouses.Warehouse.id == Alert.warehouse_id)
            .where(catalogue.Item.code == item, warehouses.Warehouse.code == where)
            .order_by(Alert.id)
            .execution_options(populate_existing=True)
        )
    )


def told(item: str, where: str = "CENTRAL") -> list[tuple[str, str]]:
    """State and level of each alert."""
    return [(one.state, one.level) for one in alerts(item, where)]


def category_rule(reorder_point: str, target: str, *, at: str | None = None) -> None:
    with transaction():
        category = db.session.get_one(catalogue.Category, catalogue.get_item("bolt").category_id)
        where = warehouses.get_warehouse(at) if at else None
        points = {"reorder_point": Decimal(reorder_point), "target": Decimal(target)}
        replenishment.set_category_rule(category, where, **points, by=make.BUYER, on=make.TODAY, at=make.now())


def rederived(on: date = make.TODAY) -> int:
    return make.done(replenishment.rederive, on=on, at=make.now())


# ---- law 1: one arithmetic


def test_available_leaves_out_what_may_not_be_taken_and_projected_adds_what_comes() -> None:
    there = Figures(*map(Decimal, (100, 7, 5, 8, 30, 4)), reorder_point=Decimal(10), target=Decimal(50))
    assert (there.available, there.projected) == (80, 114)


@pytest.mark.parametrize(
    ("on_hand", "ordered", "level"), [(11, 0, None), (10, 0, "low"), (0, 0, "out"), (0, 50, "out"), (10, 1, None)]
)
def test_out_is_nothing_available_and_low_is_projected_at_the_point(
    on_hand: int, ordered: int, level: str | None
) -> None:
    there = Figures(Decimal(on_hand), ordered=Decimal(ordered), reorder_point=Decimal(10), target=Decimal(50))
    assert there.level == level
    assert replace(there, reorder_point=None, target=None).level is None  # without a rule nothing is low


def test_figures_are_shown_as_plain_numbers() -> None:
    shown = Figures(Decimal("1000.000"), reorder_point=Decimal("2.50"), target=Decimal(10)).as_text()
    assert (shown["on_hand"], shown["reorder_point"], shown["projected"]) == ("1000", "2.5", "1000")


def test_the_day_of_expiry_is_still_usable(store: Store) -> None:
    store.play("SUPPLIER -> SHELF insulin 5 lot=A expires=2026-11-23, insulin 3 lot=B expires=2027-01-01")
    make.rule("insulin", "CENTRAL", "2", "10")
    assert figures("insulin").available == 8
    tomorrow = figures("insulin", on=make.TOMORROW)
    assert (tomorrow.on_hand, tomorrow.expired, tomorrow.available) == (8, 5, 3)


def test_what_is_in_quarantine_is_there_and_not_available(store: Store) -> None:
    make.rule("bolt", "CENTRAL", "5", "30")
    store.play("SHELF -> CENTRAL/QUARANTAINE bolt 4")
    there = figures("bolt")
    assert (there.on_hand, there.quarantined, there.available) == (20, 4, 16)


def test_a_reservation_lowers_what_is_available_and_an_order_raises_what_is_projected(store: Store) -> None:
    make.rule("bolt", "CENTRAL", "5", "30")
    store.play("reserve SHELF bolt 17")
    assert (figures("bolt").available, figures("bolt").level) == (3, "low")
    store.play("order SHELF bolt 10")
    assert (figures("bolt").available, figures("bolt").projected, figures("bolt").level) == (3, 13, None)
    store.play("SHELF -> CITY bolt 4 !insufficient_stock")  # an issue never eats what is promised to another


def test_goods_on_the_road_count_for_who_waits_for_them_and_close_the_alert(store: Store) -> None:
    make.rule("bolt", "NORTH", "5", "10")
    make.rule("bolt", "CENTRAL", "12", "30")
    store.play("OPENING -> NORTH bolt 1")
    assert told("bolt", "NORTH") == [("open", "low")]
    store.play("sent: SHELF -> NORTH bolt 8")
    assert (figures("bolt", "NORTH").available, figures("bolt", "NORTH").projected) == (1, 9)
    assert told("bolt", "NORTH") == [("closed", "low")]
    assert told("bolt") == [("open", "low")]  # the sender has 12 left
    store.play("receive sent bolt 8")
    assert (figures("bolt", "NORTH").available, figures("bolt", "NORTH").in_transit) == (9, 0)


# ---- law 2: rules


def test_a_warehouse_with_a_rule_and_no_stock_row_is_out(store: Store) -> None:
    make.rule("bolt", "NORTH", "5", "10")
    assert told("bolt", "NORTH") == [("open", "out")]
    assert figures("bolt", "NORTH").on_hand == 0


def test_a_rule_opens_and_closes_its_alert_at_once(store: Store) -> None:
    make.rule("bolt", "CENTRAL", "20", "30")
    assert told("bolt") == [("open", "low")]
    make.rule("bolt", "CENTRAL", "19", "30")
    assert told("bolt") == [("closed", "low")]


def test_a_rule_that_changes_is_noted_with_what_it_was(store: Store) -> None:
    make.rule("bolt", "CENTRAL", "5", "10")
    make.rule("bolt", "CENTRAL", "5", "12")
    make.rule("bolt", "CENTRAL", "5", "12")  # nothing changes: nothing is noted
    category_rule("2", "4", at="NORTH")
    category_rule("3", "6")
    category = db.session.get_one(catalogue.Category, catalogue.get_item("bolt").category_id).code
    noted = [(one.action, one.subject, one.actor, one.details) for one in audit.records(action="rule")]
    assert noted == [
        ("rule.default_changed", f"*/{category}", "buyer",
         {"before": {}, "after": {"reorder_point": "3", "target": "6"}}),
        ("rule.default_changed", f"NORTH/{category}", "buyer",
         {"before": {}, "after": {"reorder_point": "2", "target": "4"}}),
        ("rule.changed", "CENTRAL/bolt", "buyer", {"before": {"target": "10"}, "after": {"target": "12"}}),
        ("rule.changed", "CENTRAL/bolt", "buyer",
         {"before": {}, "after": {"reorder_point": "5", "target": "10"}}),
    ]  # fmt: skip


def test_the_default_of_a_category_counts_for_what_is_or_was_held(store: Store) -> None:
    category_rule("20", "40")
    assert (told("bolt"), told("nail")) == ([("open", "low")], [("open", "low")])
    assert (told("bolt", "NORTH"), told("nail", "NORTH")) == ([], [])  # never held there
    store.play("""
        OPENING -> NORTH bolt 30
        NORTH -> CITY bolt 30
    """)
    assert told("bolt", "NORTH") == [("open", "out")]


def test_the_nearer_rule_wins(store: Store) -> None:
    category_rule("20", "40")
    category_rule("3", "40", at="CENTRAL")
    assert figures("bolt").reorder_point == 3
    make.rule("bolt", "CENTRAL", "7", "40")
    assert (figures("bolt").reorder_point, figures("nail").reorder_point) == (7, 3)


@pytest.mark.parametrize(("point", "target"), [("-1", "5"), ("6", "5"), ("0.5", "5"), ("1", "NaN"), ("1", "1e13")])
def test_a_rule_that_cannot_be_is_refused(store: Store, point: str, target: str) -> None:
    with pytest.raises(InvalidRequest):
        make.rule("bolt", "CENTRAL", point, target)


# ---- law 3: one open alert, in the transaction of the posting


def test_an_alert_opens_and_closes_with_the_paper_that_caused_it(store: Store) -> None:
    make.rule("bolt", "CENTRAL", "5", "30")
    issue = store.play("SHELF -> CITY bolt 16")
    (alert,) = alerts("bolt")
    assert (alert.state, alert.level, alert.opened_by_id) == ("open", "low", issue.entry_id)
    assert (alert.figures["on_hand"], alert.figures["reorder_point"]) == ("4", "5")
    receipt = store.play("SUPPLIER -> SHELF bolt 50")
    (alert,) = alerts("bolt")
    assert (alert.state, alert.closed_by_id) == ("closed", receipt.entry_id)


def test_what_goes_into_quarantine_opens_an_alert(store: Store) -> None:
    make.rule("bolt", "CENTRAL", "5", "30")
    store.play("SHELF -> CENTRAL/QUARANTAINE bolt 16")
    assert told("bolt") == [("open", "low")]


def test_what_has_arrived_is_not_on_the_road_any_more(store: Store) -> None:
    make.rule("bolt", "NORTH", "5", "10")
    store.play("sent: SHELF -> NORTH bolt 4")
    assert told("bolt", "NORTH") == [("open", "out")]
    store.play("receive sent bolt 4")
    assert told("bolt", "NORTH") == [("open", "low")]


def test_a_refused_paper_opens_nothing(store: Store) -> None:
    make.rule("bolt", "CENTRAL", "5", "30")
    store.play("SHELF -> CITY bolt 16, nail 21 !insufficient_stock")
    assert alerts("bolt") == []


def test_a_worse_shortage_is_the_same_alert(store: Store) -> None:
    make.rule("bolt", "CENTRAL", "5", "30")
    store.play("""
        SHELF -> CITY bolt 16
        SHELF -> CITY bolt 1
        SHELF -> CITY bolt 3
    """)
    assert told("bolt") == [("open", "out")]


def test_a_new_spell_is_a_new_alert(store: Store) -> None:
    make.rule("bolt", "CENTRAL", "5", "30")
    store.play("""
        SHELF -> CITY bolt 16
        SUPPLIER -> SHELF bolt 10
        SHELF -> CITY bolt 10
    """)
    assert told("bolt") == [("closed", "low"), ("open", "low")]


def test_a_reversal_takes_the_alert_back(store: Store) -> None:
    make.rule("bolt", "CENTRAL", "5", "30")
    store.play("""
        typed_wrongly: SHELF -> CITY bolt 16
        reverse typed_wrongly
    """)
    assert told("bolt") == [("closed", "low")]


def test_the_database_keeps_one_open_alert_per_item_and_warehouse(store: Store) -> None:
    make.rule("bolt", "NORTH", "5", "10")
    (alert,) = alerts("bolt", "NORTH")
    second = {"item_id": alert.item_id, "warehouse_id": alert.warehouse_id, "level": "low", "figures": {}}
    with pytest.raises((ChangedMeanwhile, IntegrityError)), transaction():
        db.session.execute(insert(Alert).values(**second, opened_at=make.now()))
    with transaction():
        db.session.execute(insert(Alert).values(**second, opened_at=make.now(), closed_at=make.now()))


def test_the_night_finds_what_the_postings_said(store: Store) -> None:
    make.rule("bolt", "CENTRAL", "5", "30")
    make.rule("insulin", "NORTH", "2", "4")
    category_rule("12", "40")
    store.play("""
        SUPPLIER -> SHELF insulin 5 lot=A expires=2026-12-01
        SHELF -> CITY bolt 16, nail 9
        sent: SHELF -> NORTH insulin 3
        receive sent insulin 2
        COUNT -> SHELF nail 4
        SHELF -> CITY nail 15
    """)
    assert rederived() == 0


def test_only_time_changes_what_the_night_finds(store: Store) -> None:
    store.play("SUPPLIER -> SHELF insulin 5 lot=A expires=2026-12-01")
    make.rule("insulin", "CENTRAL", "2", "10")
    assert rederived(date(2026, 12, 1)) == 0
    assert rederived(date(2026, 12, 2)) == 1
    assert told("insulin") == [("open", "out")]
    assert rederived(date(2026, 12, 2)) == 0


def test_what_is_out_of_use_is_not_short_until_it_is_used_again(store: Store) -> None:
    make.rule("bolt", "NORTH", "5", "10")
    category_rule("30", "60")
    assert told("bolt", "NORTH") == [("open", "out")]
    assert told("bolt") == [("open", "low")]

    def retire(day: date | None) -> None:
        with transaction():
            item = catalogue.get_item("bolt")
            told_as = {"replaced_by": None, "today": make.TODAY, "at": make.now()}
            replenishment.retire(item, retired_on=day, **told_as)

    retire(make.TODAY)
    assert told("bolt", "NORTH") == [("closed", "out")]
    assert told("bolt") == [("closed", "low")]
    store.play("SHELF -> CITY bolt 20")
    assert rederived() == 0
    retire(None)
    assert told("bolt", "NORTH") == [("closed", "out"), ("open", "out")]
    assert told("bolt") == [("closed", "low"), ("open", "out")]
    assert rederived() == 0


# ---- what people do with an alert


def test_an_alert_is_taken_in_hand_once(store: Store) -> None:
    make.rule("bolt", "NORTH", "5", "10")
    (alert,) = alerts("bolt", "NORTH")
    for name in ("amina", "driss"):
        make.done(replenishment.acknowledge, alert.id, by=store.people[name], at=make.now())
    (alert,) = alerts("bolt", "NORTH")
    assert (alert.state, alert.acknowledged_by_id) == ("acknowledged", store.people["amina"].id)


def test_a_snooze_has_a_reason_and_an_end_and_closes_nothing(store: Store) -> None:
    make.rule("bolt", "NORTH", "5", "10")
    (alert,) = alerts("bolt", "NORTH")
    said = {"by": store.people["amina"], "on": make.TODAY, "at": make.now()}
    for until, reason in ((make.TODAY, "in March"), (date(2028, 1, 1), "in March"), (make.TOMORROW, "  ")):
        with pytest.raises(InvalidRequest):
            make.done(replenishment.snooze, alert.id, until=until, reason=reason, **said)
    make.done(replenishment.snooze, alert.id, until=make.TODAY + timedelta(days=30), reason=" order in March ", **said)
    (alert,) = alerts("bolt", "NORTH")
    assert (alert.state, alert.snooze_reason) == ("open", "order in March")
    store.play("OPENING -> NORTH bolt 9")
    assert told("bolt", "NORTH") == [("closed", "out")]


def test_what_was_put_off_while_there_was_some_comes_back_when_there_is_none(store: Store) -> None:
    make.rule("bolt", "CENTRAL", "5", "30")
    store.play("SHELF -> CITY bolt 16")
    (alert,) = alerts("bolt")
    said = {"by": store.people["amina"], "on": make.TODAY, "at": make.now()}
    make.done(replenishment.snooze, alert.id, until=make.TOMORROW, reason="in March", **said)
    store.play("SHELF -> CITY bolt 1")
    assert [one.snoozed_until for one in alerts("bolt")] == [make.TOMORROW]
    store.play("SHELF -> CITY bolt 3")
    assert [(one.level, one.snoozed_until, one.snooze_reason) for one in alerts("bolt")] == [("out", None, None)]


def test_what_is_closed_is_left_alone(store: Store) -> None:
    make.rule("bolt", "NORTH", "5", "10")
    store.play("OPENING -> NORTH bolt 9")
    (alert,) = alerts("bolt", "NORTH")
    with pytest.raises(NotFound):
        make.done(replenishment.acknowledge, alert.id, by=store.people["amina"], at=make.now())
    with pytest.raises(NotFound):
        make.done(replenishment.acknowledge, 999_999, by=store.people["amina"], at=make.now())


# ---- law 6: what is done with an alert can be taken back


def test_an_acknowledgement_is_taken_back_and_both_are_noted(store: Store) -> None:
    make.rule("bolt", "CENTRAL", "20", "30")
    amina, driss = store.people["amina"], store.people["driss"]
    (alert,) = alerts("bolt")
    for verb, by in (("acknowledge", amina), ("acknowledge", driss), ("release", driss), ("release", driss)):
        make.done(getattr(replenishment, verb), alert.id, by=by, at=make.now())
    (alert,) = alerts("bolt")
    assert (alert.state, alert.acknowledged_at, alert.acknowledged_by_id) == ("open", None, None)
    assert [(one.action, one.subject, one.actor, one.details) for one in audit.records(action="alert")] == [
        ("alert.released", "CENTRAL/bolt", "driss", {"owner": "amina"}),
        ("alert.acknowledged", "CENTRAL/bolt", "amina", {}),
    ]
    assert [one.action for one in replenishment.handled("CENTRAL", "bolt", since=alert.opened_at)] == [
        "alert.acknowledged", "alert.released"
    ]  # fmt: skip
    assert replenishment.handled("NORTH", "bolt", since=alert.opened_at) == []


def test_an_alert_that_was_put_off_is_shown_again_and_both_are_noted(store: Store) -> None:
    make.rule("bolt", "CENTRAL", "20", "30")
    until, (alert,) = make.TODAY + timedelta(days=7), alerts("bolt")
    told: dict[str, Any] = {"by": store.people["amina"], "on": make.TODAY}
    make.done(replenishment.snooze, alert.id, until=until, reason=" Monday ", at=make.now(), **told)
    for _ in range(2):
        make.done(replenishment.wake, alert.id, at=make.now(), **told)
    (alert,) = alerts("bolt")
    assert (alert.snoozed_until, alert.snooze_reason, alert.snoozed_by_id) == (None, None, None)
    said = {"until": until.isoformat(), "reason": "Monday"}
    assert [(one.action, one.actor, one.details) for one in audit.records(action="alert")] == [
        ("alert.woken", "amina", said), ("alert.snoozed", "amina", said),
    ]  # fmt: skip


def test_a_delay_that_is_over_and_an_alert_that_is_closed_have_nothing_to_take_back(store: Store) -> None:
    make.rule("bolt", "CENTRAL", "20", "30")
    amina, (alert,) = store.people["amina"], alerts("bolt")
    make.done(replenishment.snooze, alert.id, until=make.TOMORROW, reason="x", by=amina, on=make.TODAY, at=make.now())
    make.done(replenishment.wake, alert.id, by=amina, on=make.TOMORROW, at=make.now())
    assert [one.snoozed_until for one in alerts("bolt")] == [make.TOMORROW]
    make.rule("bolt", "CENTRAL", "1", "30")
    for verb, told in (("release", {}), ("wake", {"on": make.TODAY})):
        with pytest.raises(NotFound):
            make.done(getattr(replenishment, verb), alert.id, by=amina, at=make.now(), **told)
