"""Slips to regularise: goods that left while the books said there were none, with a crew waiting.

Laws:
1. A slip never changes stock. It is numbered per warehouse and year in a book of its own, outside the registers.
2. A slip is written only where the store has too little for what was handed out; one made earlier without network is
   taken as it is, for the goods have gone.
3. Nothing of a slip is changed or deleted. It stays open until it is settled: by the papers that put it right, which
   issue to the same service at least what was handed out, or by a manager who did not write it, with a reason.
4. A paper puts right only what it moved: slips share its quantities. A paper that is reversed settles nothing.
"""

from inventory.slips.questions import (
    SlipsAsked,
    find_slips,
    lines_of_slips,
    open_slips,
    papers_of_settlements,
    photo_of,
    settlements_of,
    slip_row,
)
from inventory.slips.settlements import close, fitting_papers, settle
from inventory.slips.slip import (
    LONGEST_NOTE,
    LONGEST_REASON,
    LONGEST_RECEIVER,
    NewSlip,
    Slip,
    SlipLine,
    SlipPhoto,
    SlipSettlement,
    get_slip,
    record,
    slip_reference,
)

__all__ = [
    "LONGEST_NOTE",
    "LONGEST_REASON",
    "LONGEST_RECEIVER",
    "NewSlip",
    "Slip",
    "SlipLine",
    "SlipPhoto",
    "SlipSettlement",
    "SlipsAsked",
    "close",
    "find_slips",
    "fitting_papers",
    "get_slip",
    "lines_of_slips",
    "open_slips",
    "papers_of_settlements",
    "photo_of",
    "record",
    "settle",
    "settlements_of",
    "slip_reference",
    "slip_row",
]
