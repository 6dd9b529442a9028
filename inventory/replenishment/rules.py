"""Setting rules, and taking items out of use: each reviews at once the alerts that it touches. A rule that changes is
noted in the audit trail with what it was."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from inventory import audit, catalogue
from inventory.access import Identity
from inventory.catalogue import Category, Item
from inventory.database import db
from inventory.errors import fault, refuse, refuse_field
from inventory.replenishment.alerts import lock, review, standing
from inventory.replenishment.tables import CategoryRule, ReorderRule
from inventory.warehouses import Warehouse

LARGEST = Decimal(999_999_999_999)
EVERYWHERE = "*"
"""Where a default counts that names no warehouse, as the audit trail quotes it."""


def retire(item: Item, *, retired_on: date | None, replaced_by: Item | None, today: date, at: datetime) -> None:
    """Takes an item out of use, or with no day back into it. What is out of use is not bought again, and its alerts
    close at once. Raises InvalidRequest for a day to come, and when it would be replaced by itself, be it over
    others."""
    if retired_on is not None and retired_on > today:
        refuse_field("/retired_on", "range", _l("This day has not come yet."))
    lock()
    catalogue.retire(item, on=retired_on, replaced_by=replaced_by)
    db.session.flush()
    review(list(standing(today, item_ids=[item.id])), at=at)


def set_rule(
    item: Item,
    warehouse: Warehouse,
    *,
    reorder_point: Decimal,
    target: Decimal,
    by: Identity,
    on: date,
    at: datetime,
) -> ReorderRule:
    """Sets the rule of an item in a warehouse and opens or closes its alert at once."""
    _refuse_practice(warehouse)
    _refuse_bad_rule(reorder_point, target, item.decimals)
    rule = _locked_rule(item, warehouse)
    if rule is None:
        rule = ReorderRule(item_id=item.id, warehouse_id=warehouse.id)
        db.session.add(rule)
    change = _changed(rule, reorder_point, target)
    _note("rule.changed", f"{warehouse.code}/{item.code}", change, by=by, at=at)
    db.session.flush()
    review(list(standing(on, item_ids=[item.id], warehouse_ids=[warehouse.id])), at=at)
    return rule


def remove_rule(item: Item, warehouse: Warehouse, *, by: Identity, on: date, at: datetime) -> None:
    """Takes the rule of an item in a warehouse away: the default of its category counts again, if there is one."""
    rule = _locked_rule(item, warehouse)
    if rule is None:
        return
    _note("rule.removed", f"{warehouse.code}/{item.code}", _ended(rule), by=by, at=at)
    db.session.delete(rule)
    db.session.flush()
    review(list(standing(on, item_ids=[item.id], warehouse_ids=[warehouse.id])), at=at)


def set_category_rule(
    category: Category,
    warehouse: Warehouse | None,
    *,
    reorder_point: Decimal,
    target: Decimal,
    by: Identity,
    on: date,
    at: datetime,
) -> CategoryRule:
    """Sets the default rule of a category, in a warehouse or everywhere, and reviews every item it counts for."""
    if warehouse is not None:
        _refuse_practice(warehouse)
    _refuse_bad_rule(reorder_point, target, 3)
    rule = _locked_default(category, warehouse)
    if rule is None:
        rule = CategoryRule(category_id=category.id, warehouse_id=warehouse.id if warehouse else None)
        db.session.add(rule)
    change, place = _changed(rule, reorder_point, target), warehouse.code if warehouse else EVERYWHERE
    _note("rule.default_changed", f"{place}/{category.code}", change, by=by, at=at)
    db.session.flush()
    _review_all(category, warehouse, on=on, at=at)
    return rule


def remove_category_rule(
    category: Category,
    warehouse: Warehouse | None,
    *,
    by: Identity,
    on: date,
    at: datetime,
) -> None:
    """Takes the default rule of a category away, in a warehouse or everywhere, and reviews the items it counted for."""
    rule = _locked_default(category, warehouse)
    if rule is None:
        return
    place = warehouse.code if warehouse else EVERYWHERE
    _note("rule.default_removed", f"{place}/{category.code}", _ended(rule), by=by, at=at)
    db.session.delete(rule)
    db.session.flush()
    _review_all(category, warehouse, on=on, at=at)


def _locked_rule(item: Item, warehouse: Warehouse) -> ReorderRule | None:
    lock(Warehouse.id == warehouse.id)
    mine = (ReorderRule.item_id == item.id, ReorderRule.warehouse_id == warehouse.id)
    return db.session.scalar(select(ReorderRule).where(*mine))


def _locked_default(category: Category, warehouse: Warehouse | None) -> CategoryRule | None:
    lock(Warehouse.id == warehouse.id if warehouse else Warehouse.id > 0)
    where = CategoryRule.warehouse_id == warehouse.id if warehouse else CategoryRule.warehouse_id.is_(None)
    return db.session.scalar(select(CategoryRule).where(CategoryRule.category_id == category.id, where))


def _review_all(category: Category, warehouse: Warehouse | None, *, on: date, at: datetime) -> None:
    """Reviews every item for which a default counts."""
    items = select(Item.id).where(Item.category_id == category.id)
    review(list(standing(on, item_ids=items, warehouse_ids=[warehouse.id] if warehouse else None)), at=at)


def _ended(rule: ReorderRule | CategoryRule) -> dict[str, dict[str, str]]:
    return {"before": {name: f"{getattr(rule, name).normalize():f}" for name in ("reorder_point", "target")}}


def _changed(rule: ReorderRule | CategoryRule, reorder_point: Decimal, target: Decimal) -> dict[str, dict[str, str]]:
    """Gives a rule its quantities; what it was and is, of those that differ."""
    before = {name: getattr(rule, name) for name in ("reorder_point", "target")}
    after = {"reorder_point": reorder_point, "target": target}
    different = [name for name in after if before[name] != after[name]]
    for name in different:
        setattr(rule, name, after[name])
    return {
        "before": {name: f"{before[name].normalize():f}" for name in different if before[name] is not None},
        "after": {name: f"{after[name].normalize():f}" for name in different},
    }


def _note(action: str, subject: str, change: dict[str, dict[str, str]], *, by: Identity, at: datetime) -> None:
    if any(change.values()):
        audit.note(action, subject, by=by, at=at, details=change)


def _refuse_practice(warehouse: Warehouse) -> None:
    if warehouse.is_practice:
        refuse_field("/warehouse", "practice", _l("In a warehouse for practice nothing is ever low: it has no rules."))


def _refuse_bad_rule(reorder_point: Decimal, target: Decimal, decimals: int) -> None:
    faults = []
    for pointer, quantity in (("/reorder_point", reorder_point), ("/target", target)):
        if not quantity.is_finite() or not 0 <= quantity <= LARGEST or quantity != round(quantity, decimals):
            faults.append(fault(pointer, "range", _l("A quantity of 0 or more, not finer than the item is counted.")))
    if target.is_finite() and reorder_point.is_finite() and target < reorder_point:
        faults.append(fault("/target", "range", _l("The target lies at or above the reorder point.")))
    refuse(faults)
