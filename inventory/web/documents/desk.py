"""What every page of papers shares: the blueprint, who acts, what one may see, and what the kinds are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from inventory import documents
from inventory.access import Identity
from inventory.documents import Document
from inventory.names import Names
from inventory.parties import name_in
from inventory.web.frame import shows

pages = Blueprint("documents", __name__)


@dataclass(frozen=True, slots=True)
class Word:
    """How a kind of paper is called, and what one does with it."""

    title: Any
    act: Any
    icon: str


WORDS: dict[str, Word] = {
    "issue": Word(_l("Issue note"), _l("Issue to a service"), "issue"),
    "receipt": Word(_l("Receipt note"), _l("Receive goods"), "receive"),
    "transfer": Word(_l("Transfer note"), _l("Send to another warehouse"), "transfer"),
    "transfer_receipt": Word(_l("Transfer receipt"), _l("Receive a transfer"), "receive"),
    "return": Word(_l("Return note"), _l("Take back from a service"), "return"),
    "move": Word(_l("Internal move"), _l("Move to another place here"), "arrow"),
    "write_off": Word(_l("Write-off"), _l("Write off"), "write-off"),
    "adjustment": Word(_l("Adjustment"), _l("Adjust the book"), "adjust"),
    "conversion": Word(_l("Conversion"), _l("Turn into another item"), "copy"),
    "opening": Word(_l("Opening stock"), _l("Enter the opening stock"), "opening"),
    "reversal": Word(_l("Reversal"), _l("Reverse"), "reverse"),
}
"""In the order in which a storekeeper needs them."""


def me() -> Identity:
    """Who is acting, as verbs want it."""
    return cast(Identity, current_user._get_current_object())


def word_of(kind: str) -> Word:
    return WORDS.get(kind) or Word(kind, kind, "papers")


def in_language(names: Names, language: str) -> str:
    """One of the names, in a language of the screen."""
    return name_in(language, names.fr, names.ar, names.en)


def readable(document_id: int) -> Document:
    """The paper, when the person may see it. Raises NotFound, NotAllowed."""
    document = documents.document_of(document_id)
    documents.permit_reading(document, by=me())
    shows(document.warehouse)
    return document


def kinds_allowed(warehouse_id: int | None = None) -> list[str]:
    """The kinds of paper the person may post, in this warehouse or (None) in any."""
    person = me()
    return [
        kind
        for kind in WORDS
        if kind in documents.KINDS
        and (person.may_somewhere(f"{kind}.post") if warehouse_id is None else person.may(f"{kind}.post", warehouse_id))
    ]
