"""Reports: questions that cross rooms. Never writes.

Laws:
1. What is low or out is worked out by ``replenishment`` alone; a report only adds names, order and pages to it.
2. A page costs the same number of statements however long it is, and is walked by key, never by offset.
3. A report is asked for some warehouses and answers for no other; who may ask is the door's business.
"""

from inventory.reports.called import Called, sure
from inventory.reports.cards import (
    CardSide,
    Change,
    LotHere,
    changes_by_day,
    lots_here,
    other_sides,
    papers_of_days,
    papers_of_entries,
)
from inventory.reports.dated_back import papers_dated_back
from inventory.reports.home import (
    DraftRow,
    ExpiringLot,
    Waiting,
    counts_today,
    drafts_of,
    expiring_soon,
    first_steps,
    last_verification,
    sums_of_alerts,
    waiting_for,
)
from inventory.reports.items import (
    ItemRow,
    ItemsAsked,
    found_items,
    found_named,
    item_page,
    items_in,
    packagings_in,
    whole_code,
)
from inventory.reports.lookup import Elsewhere, Moved, items_called, last_moved, lies_elsewhere
from inventory.reports.rules import CategoryRow, RuleRow, RulesAsked, category_rules, rule_page, rules_of
from inventory.reports.search import Found, search_everything
from inventory.reports.shortages import STATES, AlertRow, AlertsAsked, alert_page, alert_row, alerts_in
from inventory.reports.stock import StockAsked, StockRow, stock_page, stock_row, stock_rows

__all__ = [
    "STATES",
    "AlertRow",
    "AlertsAsked",
    "Called",
    "CardSide",
    "CategoryRow",
    "Change",
    "DraftRow",
    "Elsewhere",
    "ExpiringLot",
    "Found",
    "ItemRow",
    "ItemsAsked",
    "LotHere",
    "Moved",
    "RuleRow",
    "RulesAsked",
    "StockAsked",
    "StockRow",
    "Waiting",
    "alert_page",
    "alert_row",
    "alerts_in",
    "category_rules",
    "changes_by_day",
    "counts_today",
    "drafts_of",
    "expiring_soon",
    "first_steps",
    "found_items",
    "found_named",
    "item_page",
    "items_called",
    "items_in",
    "last_moved",
    "last_verification",
    "lies_elsewhere",
    "lots_here",
    "other_sides",
    "packagings_in",
    "papers_dated_back",
    "papers_of_days",
    "papers_of_entries",
    "rule_page",
    "rules_of",
    "search_everything",
    "stock_page",
    "stock_row",
    "stock_rows",
    "sums_of_alerts",
    "sure",
    "waiting_for",
    "whole_code",
]
