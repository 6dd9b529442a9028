"""The ledger: physics of stock. What moved, from where, to where, in which book, and the proof of it.

Laws (DESIGN.md §3; each is guarded here and once more by a constraint or trigger of the database):
1. Nothing appears or vanishes: every movement has a source and a target.
2. Nothing is edited or deleted; a mistake is reversed by one mirror entry that cites it.
3. No inside balance is ever negative, all lines of an entry added up, inside the lock.
4. The same key posts once, for ever.
5. Each warehouse has one register per year: entries 1, 2, 3 … without gaps, chained by SHA-256. One book, one pen.
6. The business day and the instant of recording are two things; back-dating has limits; order is (day, posting).
7. Value moves with goods, in centimes, at weighted average; it is conserved like quantities.
8. Balances are derived; ``verify`` works everything out again.
"""

from inventory.ledger.books import Book, Heading, plain, refuse_shortages, shortage
from inventory.ledger.movements import UNPRICED, Balance, Holding, Movement, NumberRange
from inventory.ledger.pages import BalanceRow, Known
from inventory.ledger.periods import (
    Barrier,
    Period,
    Touched,
    back_dating_days,
    closed_days,
    date_fault,
    guard_counts,
    guard_date,
    guard_reversal,
    least_from,
    refuse_negative_later,
)
from inventory.ledger.premises import Place, Premises, Store, lock, look
from inventory.ledger.questions import (
    CardMark,
    CardRow,
    Standing,
    card,
    card_oldest_first,
    holding,
    movements_of,
    on_hand,
    reversal_of,
    stock_on,
    stocks_on,
)
from inventory.ledger.ranges import misplaced, place_of, refuse_misplaced
from inventory.ledger.registers import Entry, Register
from inventory.ledger.shifts import Shift
from inventory.ledger.units import UnitStanding, unit_fault, units_standing
from inventory.ledger.values import last_values, share
from inventory.ledger.verdicts import is_unchanged
from inventory.ledger.verification import Difference, Tally, Verification, as_far_as_it_reads, verify

__all__ = [
    "UNPRICED",
    "Balance",
    "BalanceRow",
    "Barrier",
    "Book",
    "CardMark",
    "CardRow",
    "Difference",
    "Entry",
    "Heading",
    "Holding",
    "Known",
    "Movement",
    "NumberRange",
    "Period",
    "Place",
    "Premises",
    "Register",
    "Shift",
    "Standing",
    "Store",
    "Tally",
    "Touched",
    "UnitStanding",
    "Verification",
    "as_far_as_it_reads",
    "back_dating_days",
    "card",
    "card_oldest_first",
    "closed_days",
    "date_fault",
    "guard_counts",
    "guard_date",
    "guard_reversal",
    "holding",
    "is_unchanged",
    "last_values",
    "least_from",
    "lock",
    "look",
    "misplaced",
    "movements_of",
    "on_hand",
    "place_of",
    "plain",
    "refuse_misplaced",
    "refuse_negative_later",
    "refuse_shortages",
    "reversal_of",
    "share",
    "shortage",
    "stock_on",
    "stocks_on",
    "unit_fault",
    "units_standing",
    "verify",
]
