"""The printed papers: what a storekeeper hands over and three people sign.

1. A paper prints what was posted and nothing else; it reads no table and no clock: all it says comes in as plain data.
2. Arabic is the language of record and comes first, French stands beside it; Western digits, Moroccan month names.
   Both are always printed, whatever language the screen speaks.
3. Every paper carries the QR of its code, its register position and the beginning of its hash.
4. The same data gives the same bytes.
"""

from inventory.papers.card import Card, CardLine
from inventory.papers.form import card_layout, note_layout
from inventory.papers.note import Line, Mark, Note, Person, RegisterMark, worth
from inventory.papers.office import Office
from inventory.papers.wording import FORMS, Form, Role
from inventory.press import Press

__all__ = [
    "FORMS",
    "Card",
    "CardLine",
    "Form",
    "Line",
    "Mark",
    "Note",
    "Office",
    "Person",
    "RegisterMark",
    "Role",
    "card_layout",
    "card_pdf",
    "note_layout",
    "note_pdf",
    "worth",
]

_TEMPLATE = "papers/paper.typ"


def note_pdf(paper: Note, office: Office, press: Press) -> bytes:
    """The PDF of one paper (receipt, issue, transfer and the others). Raises what the press raises."""
    return press.pdf(_TEMPLATE, note_layout(paper, office))


def card_pdf(paper: Card, office: Office, press: Press) -> bytes:
    """The PDF of one stock card. Raises what the press raises."""
    return press.pdf(_TEMPLATE, card_layout(paper, office))
