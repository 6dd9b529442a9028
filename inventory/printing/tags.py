"""Labels as they are printed: for items, lots, places and papers, and for what a paper brought in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from inventory import labels
from inventory.catalogue import NO_LOT, Item, Lot, Unit
from inventory.database import db
from inventory.documents import Document
from inventory.errors import fault, refuse
from inventory.labels import MOST, SHEETS, Label
from inventory.ledger import Movement
from inventory.names import Names
from inventory.papers import FORMS
from inventory.papers.wording import REVERSAL
from inventory.printing.naming import names
from inventory.printing.office import printed
from inventory.warehouses import Location, Warehouse


@dataclass(frozen=True, slots=True)
class Choice:
    """A label that can be printed, and how many of it one would usually want."""

    label: Label
    usual: int = 1


def labels_pdf(wanted: Sequence[tuple[Label, int]], *, sheet: str, first: int) -> bytes:
    """A PDF of labels, each so many times, from position ``first`` of a sheet named in ``labels.SHEETS``.

    Raises InvalidRequest (nothing wanted, too many, no such sheet or position) and PressBusy.
    """
    faults = []
    many = [label for label, copies in wanted for _ in range(max(0, min(copies, MOST + 1)))]
    if not many:
        faults.append(fault("/labels", "required", _l("Choose at least one label.")))
    if len(many) > MOST:
        message = _l("More than %(most)s labels are too many for one print: print them in parts.")
        faults.append(fault("/labels", "too_many", message, most=MOST))
    if sheet not in SHEETS or not 1 <= first <= SHEETS[sheet].places:
        faults.append(fault("/first", "range", _l("Choose a sheet and a free position on it.")))
    refuse(faults)
    url = current_app.config["PUBLIC_URL"]
    return printed(lambda press: labels.sheets(many, url, press, sheet=SHEETS[sheet], first=first))


def labels_of_items(condition: Any, *, limit: int) -> list[Choice]:
    """A label per item, in the order of their codes."""
    question = select(Item, Unit).join(Unit, Unit.id == Item.unit_id).where(condition).order_by(Item.code).limit(limit)
    return [Choice(_of_item(item, unit)) for item, unit in db.session.execute(question)]


def labels_of_lots(condition: Any, *, limit: int) -> list[Choice]:
    """A label per lot (or unit with its inventory number) of the items found, the first to expire first."""
    question = (
        select(Lot, Item, Unit)
        .join(Item, Item.id == Lot.item_id)
        .join(Unit, Unit.id == Item.unit_id)
        .where(condition)
        .order_by(Item.code, Lot.expires_on, Lot.number)
        .limit(limit)
    )
    return [Choice(_of_lot(lot, item, unit)) for lot, item, unit in db.session.execute(question)]


def labels_of_places(warehouse_id: int) -> list[Choice]:
    """A label per shelf of a warehouse, the default first; roads to other warehouses have none."""
    question = (
        select(Location, Warehouse)
        .join(Warehouse, Warehouse.id == Location.warehouse_id)
        .where(Location.warehouse_id == warehouse_id, Location.kind != "transit", Location.is_active)
        .order_by(Location.is_default.desc(), Location.code)
    )
    return [Choice(_of_place(place, warehouse)) for place, warehouse in db.session.execute(question)]


def labels_of_document(document: Document) -> list[Choice]:
    """The paper's own label, then one per line of it: of the lot where there is one, as many as pieces came."""
    rows = db.session.execute(
        select(Movement, Lot, Item, Unit)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(Item, Item.id == Movement.item_id)
        .join(Unit, Unit.id == Item.unit_id)
        .where(Movement.entry_id == document.entry_id)
        .order_by(Movement.line)
    ).all()
    place = {(line["item"], line["lot"] or ""): line["target_location"] or line["location"] for line in document.lines}
    found: dict[str, Choice] = {}
    for movement, lot, item, unit in rows:
        where = place.get((item.code, lot.number)) or ""
        label = _of_item(item, unit) if lot.id == NO_LOT else _of_lot(lot, item, unit, where)
        before = found[label.code].usual if label.code in found else 0
        found[label.code] = Choice(label, before + _pieces(movement.quantity, item))
    return [Choice(_of_document(document), 0), *found.values()]


def _pieces(quantity: Decimal, item: Item) -> int:
    """One label per piece where pieces are labelled; what is measured or numbered needs one."""
    return min(MOST, int(quantity)) if item.decimals == 0 and item.tracking != "range" else 1


def _of_item(item: Item, unit: Unit) -> Label:
    return Label(code=item.label_code, names=names(item), reference=item.code, unit=names(unit))


def _of_lot(lot: Lot, item: Item, unit: Unit, location: str = "") -> Label:
    return Label(
        code=lot.label_code, names=names(item), reference=item.code, unit=names(unit), lot=lot.number,
        expires_on=lot.expires_on, location=location,
    )  # fmt: skip


def _of_place(place: Location, warehouse: Warehouse) -> Label:
    return Label(
        code=place.label_code, names=names(place) if _is_named(place) else Names(fr=place.code), reference=place.code,
        location=warehouse.code,
    )  # fmt: skip


def _of_document(document: Document) -> Label:
    title = FORMS[document.kind].title if document.kind in FORMS else REVERSAL
    return Label(code=document.code, names=title, reference=document.reference)


def _is_named(place: Location) -> bool:
    return bool(place.name_fr or place.name_ar or place.name_en)
