"""The short address that every QR of ours carries: where it leads, and the verdict on a paper for whoever holds it.

1. Signed in, a code leads to the thing itself, as far as one may see it.
2. Not signed in, a paper's code tells number, day and verdict, and nothing else; goods ask for a sign-in first.
3. The verdict is worked out at that moment from what stands in the register, never read from a note about it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from inventory import codes, documents, ledger, scanning
from inventory.access import Identity, require_somewhere
from inventory.catalogue import Barcode, Item, Lot, barcode_key
from inventory.codes import Code, Damaged, Kind
from inventory.database import db
from inventory.documents import Document
from inventory.errors import NotFound
from inventory.warehouses import Location, Warehouse
from inventory.web.documents.desk import me

pages = Blueprint("codes", __name__)

# A paper's code cannot be found by trying (90 random bits); the limit only keeps one address from busying the register.
LOOKS, SECONDS, ADDRESSES = 30, 60, 10_000


class Turnstile:
    """Lets an address pass so many times in so many seconds. Counts in this process alone and forgets the oldest."""

    def __init__(self, looks: int = LOOKS, seconds: int = SECONDS) -> None:
        self.looks, self.seconds = looks, seconds
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def lets_pass(self, address: str) -> bool:
        now = time.monotonic()
        with self._lock:
            began, count = self._seen.pop(address, (now, 0))
            if now - began >= self.seconds:
                began, count = now, 0
            self._seen[address] = (began, count + 1)
            while len(self._seen) > ADDRESSES:
                self._seen.popitem(last=False)
        return count < self.looks


def _turnstile() -> Turnstile:
    made: Turnstile = current_app.extensions.setdefault("makhazine.turnstile", Turnstile())
    return made


@pages.get("/S/<code>")
@pages.get("/s/<code>")
def open_(code: str) -> Response | tuple[str, int]:
    """Where a scanned or typed code leads."""
    own = codes.read(request.path)  # as a label's address: what says no version is the first
    if not current_user.is_authenticated:
        return _stranger(own, request.path)
    if isinstance(own, Code):
        address = address_of(own, me())
        if address and scanning.is_old_label(own):
            flash(_("Old label: it shows what this was once called. Print a new one."), "warning")
        return redirect(address) if address else _nothing(own, code)  # type: ignore[return-value]
    if address := _printed_by_others(code, me()):
        return redirect(address)  # type: ignore[return-value]
    return _nothing(own, code)


def _stranger(own: Code | Damaged | None, path: str) -> Response | tuple[str, int]:
    """Who is not signed in: the verdict on a paper, the sign-in for everything else."""
    if not _turnstile().lets_pass(request.remote_addr or ""):
        abort(429)
    if isinstance(own, Damaged):
        return _nothing(own, own.text)
    if own is None or own.kind is not Kind.DOCUMENT:
        return redirect(url_for("session.sign_in", next=path))  # type: ignore[return-value]
    return verdict(own)


def verdict(own: Code) -> tuple[str, int]:
    """Number, day, and whether the paper stands in the register as it was posted. Nothing of its content."""
    document = _document(own)
    if document is None:
        return render_template("codes/verdict.html", document=None, code=own.groups, is_unchanged=False), 404
    is_unchanged = ledger.is_unchanged(document.entry_id)
    page = render_template("codes/verdict.html", document=document, code=own.groups, is_unchanged=is_unchanged)
    return page, 200


def address_of(own: Code, by: Identity) -> str | None:
    """The page of the thing that bears one of our codes; None when there is no such thing, or it is not his to see.

    Of goods nobody without a role learns even whether they exist: raises NotAllowed.
    """
    if own.kind is Kind.DOCUMENT:
        document = _document(own)
        is_his = document is not None and documents.may_read(document, by=by)
        return url_for("documents.show", document_id=document.entry_id) if document and is_his else None
    if own.kind is Kind.ITEM:
        require_somewhere(by, "catalogue.read")
        item = db.session.scalar(select(Item).where(Item.label_code == own.text))
        return address_of_item(item.code) if item else None
    if own.kind is Kind.LOT:
        require_somewhere(by, "catalogue.read")
        found = select(Item.code, Lot.number).join(Lot, Lot.item_id == Item.id).where(Lot.label_code == own.text)
        row = db.session.execute(found).one_or_none()
        return address_of_item(row.code, lot=row.number) if row else None
    return _address_of_place(own, by)


def _address_of_place(own: Code, by: Identity) -> str | None:
    """What lies at a place, for whoever may see the stock there."""
    question = select(Location.code, Warehouse.code.label("warehouse"), Warehouse.id).join(
        Warehouse, Warehouse.id == Location.warehouse_id
    )
    row = db.session.execute(question.where(Location.label_code == own.text)).one_or_none()
    if row is None or not by.may("stock.read", row.id):
        return None
    return _address("places.content", code=row.warehouse, location=row.code)


def address_of_item(code: str, **more: str) -> str:
    """An item's own page."""
    return _address("catalogue.show", code=code, **more)


_PATHS = {"catalogue.show": "/items/{code}", "places.content": "/warehouses/{code}/content?location={location}"}


def _address(endpoint: str, **parts: Any) -> str:
    if endpoint in current_app.view_functions:
        return url_for(endpoint, **parts)
    return request.script_root + _PATHS[endpoint].format(**parts)


def _printed_by_others(code: str, by: Identity) -> str | None:
    """A catalogue code, in either case, or a barcode somebody else printed."""
    require_somewhere(by, "catalogue.read")
    by_code = select(Item.code).where(Item.code.in_((code, code.upper(), code.lower()))).limit(1)
    by_barcode = select(Item.code).join(Barcode, Barcode.item_id == Item.id).where(Barcode.code == barcode_key(code))
    found = db.session.scalar(by_code) or db.session.scalar(by_barcode)
    return address_of_item(found) if found else None


def _document(own: Code) -> Document | None:
    try:
        return documents.document_by_code(own.text)
    except NotFound:
        return None


def _nothing(own: Code | Damaged | None, code: str) -> tuple[str, int]:
    """What the code is not: damaged, unknown; or a paper of another warehouse, of which only the verdict is told."""
    if isinstance(own, Code) and own.kind is Kind.DOCUMENT:
        return verdict(own)
    page = render_template("codes/unknown.html", code=code[:120], is_damaged=isinstance(own, Damaged))
    return page, 404
