"""Stock cards as they are printed."""

from __future__ import annotations

from datetime import date
from itertools import islice

from flask_babel import lazy_gettext as _l

from inventory import ledger, papers, replenishment
from inventory.catalogue import Item, Unit
from inventory.database import db
from inventory.documents import ABBREVIATIONS
from inventory.errors import refuse_field
from inventory.names import Names
from inventory.papers import Card
from inventory.papers.card import CardLine
from inventory.parties import Service, Supplier
from inventory.printing.naming import names, names_by_code
from inventory.printing.office import office, printed
from inventory.warehouses import Warehouse

MOST_LINES = 3000  # about a hundred pages: more is a spreadsheet's work
PLACES = {
    "opening": Names(ar="المخزون الأولي", fr="Stock initial"),
    "donor": Names(ar="هبة", fr="Don"),
    "recovery": Names(ar="استرجاع", fr="Récupération"),
    "loss": Names(ar="ضياع", fr="Perte"),
    "disposal": Names(ar="إتلاف", fr="Destruction"),
    "count_difference": Names(ar="فارق الجرد", fr="Écart d’inventaire"),
    "conversion": Names(ar="تغيير المادة", fr="Conversion"),
    "valuation_difference": Names(ar="فارق القيمة", fr="Écart de valeur"),
}


def card_pdf(item: Item, warehouse: Warehouse, first_on: date, last_on: date, *, today: date) -> bytes:
    """The PDF of a stock card from ``first_on`` to ``last_on``, both included. Raises PressBusy, InvalidRequest."""
    card = card_of(item, warehouse, first_on, last_on, today=today)
    return printed(lambda press: papers.card_pdf(card, office(today), press))


def card_of(item: Item, warehouse: Warehouse, first_on: date, last_on: date, *, today: date) -> Card:
    """A stock card in the order of its papers. Raises InvalidRequest when the period holds more lines than print."""
    opening, rows = ledger.card_oldest_first(item.id, warehouse.id, first_on=first_on, last_on=last_on)
    kept = list(islice(rows, MOST_LINES + 1))
    if len(kept) > MOST_LINES:
        message = _l("This card has more than %(most)s lines: choose a shorter period, or take the spreadsheet.")
        refuse_field("/from", "too_long", message, most=MOST_LINES)
    sides = _sides({row.other_side for row in kept})
    ruled = replenishment.standing(today, item_ids=[item.id], warehouse_ids=[warehouse.id])
    return Card(
        item=item.code,
        names=names(item),
        unit=names(db.session.get_one(Unit, item.unit_id)),
        warehouse=names(warehouse),
        since=first_on,
        until=last_on,
        opening=opening,
        lines=tuple(_line(row, sides) for row in kept),
        code=item.label_code,
        reorder_point=next((one.figures.reorder_point for one in ruled), None),
        is_practice=warehouse.is_practice,
        printed_on=today,
    )


def _line(row: ledger.CardRow, sides: dict[str, Names]) -> CardLine:
    return CardLine(
        on=row.on,
        paper=f"{ABBREVIATIONS.get(row.kind, row.kind)} {row.number}/{row.year}",
        other_side=sides.get(row.other_side) or PLACES.get(row.other_kind) or Names(fr=row.other_side),
        balance=row.balance,
        quantity_in=row.received or None,
        quantity_out=row.issued or None,
    )


def _sides(places: set[str]) -> dict[str, Names]:
    """The names of services, suppliers and other warehouses, by the code of the place that stands for them."""
    found: dict[str, Names] = {}
    for prefix, kind in (("service:", Service), ("supplier:", Supplier), ("→ ", Warehouse)):
        codes = {place.removeprefix(prefix) for place in places if place.startswith(prefix)}
        found.update({prefix + code: name for code, name in names_by_code(kind, codes).items()})
    return found
