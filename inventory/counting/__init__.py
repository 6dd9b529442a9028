"""Counting: what lies at a place, counted without being told what should, and what becomes of the difference.

A quick count is one person's count of one place. Count sheets and handovers will stand on the same ground: a count of a
place with its lines, compared once, decided once.

Laws:
1. Who counts is not told what should lie there: what was expected is written down when the count is handed in, under
   the pen of the warehouse, and only then shown.
2. A place is counted whole: what was not counted there counts as not there, unless who counts says that only some
   things were counted. Numbered values are counted elsewhere.
3. Nothing of a count is changed. A later count of the same goods at the same place takes the place of one that nobody
   has decided, for these goods: what else it found still waits, and a count is replaced when nothing of it does.
4. A difference becomes an adjustment, with a reason, by who may post one; or it is dismissed with a reason. Once.
5. An adjustment brings the books to what was counted. What moved between the counting and its comparison (a count made
   without network), and what a paper made since may have put right already, is counted again, never adjusted.
6. A count whose difference was posted is a barrier: nothing dated before it touches these goods at this place again,
   unless that adjustment is reversed; the place is then counted again.
"""

from inventory.counting.count import (
    LONGEST_REASON,
    STATES,
    CountDecision,
    CountLine,
    CountRemark,
    PlaceCount,
    WaitingCount,
)
from inventory.counting.decisions import adjust, dismiss, remark
from inventory.counting.questions import (
    CountsAsked,
    count_row,
    find_counts,
    lines_of_counts,
    remarks_of,
    waiting_counts,
)
from inventory.counting.recording import MOST_BEFORE, NewCount, record

__all__ = [
    "LONGEST_REASON",
    "MOST_BEFORE",
    "STATES",
    "CountDecision",
    "CountLine",
    "CountRemark",
    "CountsAsked",
    "NewCount",
    "PlaceCount",
    "WaitingCount",
    "adjust",
    "count_row",
    "dismiss",
    "find_counts",
    "lines_of_counts",
    "record",
    "remark",
    "remarks_of",
    "waiting_counts",
]
