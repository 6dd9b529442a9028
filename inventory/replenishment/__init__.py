"""Low stock: one definition, rules, commitments, alerts.

Laws:
1. available = on hand − expired − quarantined − reserved; projected = available + ordered + in transit in. The day of
   expiry is still usable. ``Figures`` is the only place where this is worked out.
2. With a rule, an item is *out* when available ≤ 0 and *low* when projected ≤ the reorder point, stock row or not.
3. One open alert per item and warehouse, opened and closed in the transaction of the posting that caused it; the
   nightly re-derivation gives the same answer.
4. Every alert can show its arithmetic in one sentence.
5. No rule counts in a warehouse for practice nor for a retired item, so that nothing there is ever low.
6. What people do with an alert can be taken back while it is open; the audit trail keeps both.
"""

from inventory.replenishment.alerts import (
    Review,
    acknowledge,
    get_alert,
    handled,
    is_outdated,
    lock,
    rederive,
    release,
    review,
    snooze,
    snooze_days,
    standing,
    wake,
)
from inventory.replenishment.figures import (
    NOTHING,
    Figures,
    available_of,
    figures_of,
    stock_of,
    stock_over,
    with_available,
    with_rule,
    with_stock,
)
from inventory.replenishment.rules import (
    LARGEST,
    remove_category_rule,
    remove_rule,
    retire,
    set_category_rule,
    set_rule,
)
from inventory.replenishment.tables import Alert, CategoryRule, Commitment, ReorderRule

__all__ = [
    "LARGEST",
    "NOTHING",
    "Alert",
    "CategoryRule",
    "Commitment",
    "Figures",
    "ReorderRule",
    "Review",
    "acknowledge",
    "available_of",
    "figures_of",
    "get_alert",
    "handled",
    "is_outdated",
    "lock",
    "rederive",
    "release",
    "remove_category_rule",
    "remove_rule",
    "retire",
    "review",
    "set_category_rule",
    "set_rule",
    "snooze",
    "snooze_days",
    "standing",
    "stock_of",
    "stock_over",
    "wake",
    "with_available",
    "with_rule",
    "with_stock",
]
