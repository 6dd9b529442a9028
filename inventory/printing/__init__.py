"""Printing: from what stands in the tables to the papers, cards and labels people hold in their hands.

1. What is printed is what was posted: names are looked up, figures never worked out anew.
2. A paper prints the same whoever asks and whatever language the screen speaks.
3. One press per process; while it is busy the caller is told to come back, and nothing is lost.
"""

from inventory.printing.cards import card_of, card_pdf
from inventory.printing.naming import Known, known_of, other_side
from inventory.printing.notes import document_pdf, draft_pdf, note_of, worth_of
from inventory.printing.office import office
from inventory.printing.tags import (
    Choice,
    LabelOrder,
    labels_again,
    labels_file,
    labels_of_document,
    labels_of_doors,
    labels_of_goods,
    labels_of_items,
    labels_of_lots,
    labels_of_people,
    labels_of_places,
)

__all__ = [
    "Choice",
    "Known",
    "LabelOrder",
    "card_of",
    "card_pdf",
    "document_pdf",
    "draft_pdf",
    "known_of",
    "labels_again",
    "labels_file",
    "labels_of_document",
    "labels_of_doors",
    "labels_of_goods",
    "labels_of_items",
    "labels_of_lots",
    "labels_of_people",
    "labels_of_places",
    "note_of",
    "office",
    "other_side",
    "worth_of",
]
