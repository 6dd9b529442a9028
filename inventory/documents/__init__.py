"""Documents: the paper behind every movement; the only caller of ``ledger.Book.post``.

Laws:
1. No movement without a paper. A paper is refused whole, all its bad lines listed at once.
2. Papers are numbered per warehouse, kind and year, without gaps, inside the posting; a draft has no number.
3. Every warehouse a paper touches is locked, in ascending id, before anything that depends on stock is read.
4. Goods leave first expiry first; expired and quarantined goods are never issued, nor what is reserved for others.
5. What was sent and not received stays on the road until a second person settles it.
6. A paper is never edited: it is reversed by a mirror that cites it, once.
"""

from inventory.documents.drafts import EMPTY_LINE, Draft, drafts_of, drafts_with, drop_draft, get_draft, keep_draft
from inventory.documents.keyed import Keyed, keyed_by_name
from inventory.documents.kinds import ABBREVIATIONS, KINDS
from inventory.documents.orders import MOST_ASKED, ORIGINS, LineOrder, Order, Side
from inventory.documents.papers import (
    Document,
    Filters,
    count_documents,
    document_by_code,
    document_of,
    documents_by_id,
    find_documents,
    may_read,
    permit_reading,
    reference,
)
from inventory.documents.posting import post
from inventory.documents.reasons import PLACES, Reason, add_reason, find_reason, reasons
from inventory.documents.rehearsal import Rehearsal
from inventory.documents.reversals import may_reverse, permit_reversal, reverse
from inventory.documents.transfers import CitedTransfer, OnTheRoad, cited_transfer, find_transfer
from inventory.documents.under_way import UnderWay, may_receive, transfers_cited, transfers_under_way
from inventory.documents.verification import verify

__all__ = [
    "ABBREVIATIONS",
    "EMPTY_LINE",
    "KINDS",
    "MOST_ASKED",
    "ORIGINS",
    "PLACES",
    "CitedTransfer",
    "Document",
    "Draft",
    "Filters",
    "Keyed",
    "LineOrder",
    "OnTheRoad",
    "Order",
    "Reason",
    "Rehearsal",
    "Side",
    "UnderWay",
    "add_reason",
    "cited_transfer",
    "count_documents",
    "document_by_code",
    "document_of",
    "documents_by_id",
    "drafts_of",
    "drafts_with",
    "drop_draft",
    "find_documents",
    "find_reason",
    "find_transfer",
    "get_draft",
    "keep_draft",
    "keyed_by_name",
    "may_read",
    "may_receive",
    "may_reverse",
    "permit_reading",
    "permit_reversal",
    "post",
    "reasons",
    "reference",
    "reverse",
    "transfers_cited",
    "transfers_under_way",
    "verify",
]
