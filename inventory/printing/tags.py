"""Labels as they are printed: for items, lots, places, doors, people and papers, and for what a paper brought in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import IO, Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from inventory import labels
from inventory.access import User
from inventory.catalogue import NO_LOT, Item, Lot, Unit
from inventory.database import db
from inventory.documents import Document, documents_by_id
from inventory.errors import fault, refuse, refuse_field
from inventory.labels import MOST, PRINTERS, Label, Medium, TooSmallError
from inventory.ledger import Movement
from inventory.names import NAMELESS, Names
from inventory.papers import FORMS
from inventory.papers.wording import REVERSAL
from inventory.press import Press
from inventory.printing.naming import names
from inventory.printing.office import printed
from inventory.warehouses import Location, Warehouse

Wanted = Sequence[tuple[Label, int]]


@dataclass(frozen=True, slots=True)
class Choice:
    """A label that can be printed, and how many of it one would usually want."""

    label: Label
    usual: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelOrder:
    """Labels each so many times, on what, from which position; ``form`` is pdf or zpl; ``printer`` names the dots of a
    label printer (``labels.PRINTERS``), for rolls."""

    wanted: Wanted
    medium: Medium | None
    first: int = 1
    form: str = "pdf"
    printer: str = "203"


def labels_file(order: LabelOrder) -> tuple[Iterator[bytes], str]:
    """The labels as a file, piece by piece, and the ending of its name.

    Raises InvalidRequest (nothing wanted, too many, no such medium or position, too small) and PressBusy.
    """
    total, medium = sum(copies for _, copies in order.wanted), order.medium
    faults = []
    if not total:
        faults.append(fault("/labels", "required", _l("Choose at least one label.")))
    if total > MOST:
        message = _l("More than %(most)s labels are too many for one print: print them in parts.")
        faults.append(fault("/labels", "too_many", message, most=MOST))
    if medium is None or not 1 <= order.first <= medium.places:
        faults.append(fault("/first", "range", _l("Choose a sheet and a free position on it.")))
    elif order.form not in (("pdf", "zpl") if medium.is_roll else ("pdf",)) or order.printer not in PRINTERS:
        faults.append(fault("/form", "unknown", _l("Choose how a roll is printed.")))
    elif order.form == "zpl" and len(order.wanted) > (most := labels.most_different(medium, PRINTERS[order.printer])):
        message = _l(
            "Of this size at most %(most)s different labels go to a label printer at once: print them in parts."
        )
        faults.append(fault("/labels", "too_many", message, most=most))
    refuse(faults)
    assert medium is not None
    url, dots, wanted = current_app.config["PUBLIC_URL"], PRINTERS[order.printer], order.wanted
    if order.form == "zpl":
        return _made(lambda it: labels.roll_zpl(wanted, url, it, medium=medium, dots=dots)), "zpl"
    pdf = _made(lambda it: _read(labels.pdf(wanted, url, it, medium=medium, first=order.first, dots=dots)))
    return pdf, "pdf"


def _made(work: Callable[[Press], Iterator[bytes]]) -> Iterator[bytes]:
    try:
        return printed(work)
    except TooSmallError:
        refuse_field("/medium", "too_small", _l("The code does not fit on such a small label: choose a larger one."))


def _read(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(1 << 16):
            yield piece


# ---- what can be labelled


def labels_of_items(condition: Any, *, limit: int | None) -> list[Choice]:
    """A label per item, in the order of their codes."""
    question = select(Item, Unit).join(Unit, Unit.id == Item.unit_id).where(condition).order_by(Item.code).limit(limit)
    return [Choice(_of_item(item, unit)) for item, unit in db.session.execute(question)]


def labels_of_lots(condition: Any, *, limit: int | None) -> list[Choice]:
    """A label per lot (or unit with its inventory number) of the items found, the first to expire first."""
    question = _lots().where(condition).order_by(Item.code, Lot.expires_on, Lot.number).limit(limit)
    return [Choice(_of_lot(lot, item, unit)) for lot, item, unit in db.session.execute(question)]


def labels_of_places(condition: Any, *, limit: int | None) -> list[Choice]:
    """A label per shelf, the default first; roads to other warehouses and places outside have none."""
    question = (
        _places()
        .where(condition, Location.kind != "transit", Location.is_active)
        .order_by(Location.is_default.desc(), Location.code)
        .limit(limit)
    )
    return [Choice(_of_place(place, warehouse)) for place, warehouse in db.session.execute(question)]


def labels_of_doors(condition: Any) -> list[Choice]:
    """A label per warehouse, to be read from afar; who scans it is at its default place."""
    question = _places().where(condition, Location.is_default).order_by(Warehouse.code)
    return [Choice(_of_door(place, warehouse)) for place, warehouse in db.session.execute(question)]


def labels_of_people(condition: Any, texts: dict[int, str]) -> list[Choice]:
    """A badge per person: name and username, nothing secret. ``texts``: what the code on a badge says, by person; a
    badge without one bears no code."""
    question = select(User.id, User.username, User.display_name).where(condition).order_by(User.username)
    return [
        Choice(_of_person(row.id, row.username, row.display_name, texts.get(row.id, "")))
        for row in db.session.execute(question)
    ]


def labels_of_goods(rows: Iterable[Any]) -> list[Choice]:
    """The labels of rows with an ``item_id`` and perhaps a ``lot_id`` (``labels.without_label``), in their order."""
    asked = [("lot", row.lot_id) if row.lot_id else ("item", row.item_id) for row in rows]
    return [Choice(label) for label, _ in labels_again([(design, id_, 1) for design, id_ in asked])]


def labels_again(lines: Iterable[tuple[str, int, int]]) -> list[tuple[Label, int]]:
    """The labels of a printed job as they would be printed today: (design, what they stand on, copies). What is no more
    is left out. A question per design, however many lines."""
    kept = list(lines)
    found: dict[tuple[str, int], Label] = {}
    for design, choose in _AGAIN.items():
        ids = sorted({id_ for one, id_, _ in kept if _FAMILY[one] == design})
        for start in range(0, len(ids), 500):
            found |= {(design, choice.label.subject_id): choice.label for choice in choose(ids[start : start + 500])}
    again = [(found.get((_FAMILY[design], id_)), copies) for design, id_, copies in kept]
    return [(label, copies) for label, copies in again if label is not None]


_FAMILY = {"unit": "lot"} | {one: one for one in ("item", "lot", "shelf", "paper", "badge", "door")}
_AGAIN: dict[str, Callable[[list[int]], list[Choice]]] = {
    "item": lambda ids: labels_of_items(Item.id.in_(ids), limit=None),
    "lot": lambda ids: labels_of_lots(Lot.id.in_(ids), limit=None),
    "shelf": lambda ids: labels_of_places(Location.id.in_(ids), limit=None),
    "door": lambda ids: labels_of_doors(Warehouse.id.in_(ids)),
    "badge": lambda ids: labels_of_people(User.id.in_(ids), {}),
    "paper": lambda ids: [Choice(_of_document(one)) for one in documents_by_id(ids)],
}


def labels_of_document(document: Document) -> list[Choice]:
    """The paper's own label, then one per line of it: of the lot where there is one, as many as pieces came, or one of
    each where that would be more than one print holds."""
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
    if sum(choice.usual for choice in found.values()) > MOST:
        found = {code: replace(choice, usual=1) for code, choice in found.items()}
    return [Choice(_of_document(document), 0), *found.values()]


def _lots() -> Select[Any]:
    question: Select[Any] = (
        select(Lot, Item, Unit).join(Item, Item.id == Lot.item_id).join(Unit, Unit.id == Item.unit_id)
    )
    return question


def _places() -> Select[Any]:
    question: Select[Any] = select(Location, Warehouse).join(Warehouse, Warehouse.id == Location.warehouse_id)
    return question


def _pieces(quantity: Decimal, item: Item) -> int:
    """One label per piece where pieces are labelled; what is measured or numbered needs one."""
    return int(quantity) if item.decimals == 0 and item.tracking != "range" else 1


def _of_item(item: Item, unit: Unit) -> Label:
    return Label(
        design="item", subject_id=item.id, version=item.label_version, code=item.label_code, names=names(item),
        reference=item.code, unit=names(unit),
    )  # fmt: skip


def _of_lot(lot: Lot, item: Item, unit: Unit, location: str = "") -> Label:
    """Of a lot, or of the one thing with an inventory number. It shows its item's names too: both make it old."""
    return Label(
        design="unit" if item.tracking == "unit" else "lot", subject_id=lot.id, is_practice=lot.is_practice,
        version=lot.label_version + item.label_version - 1, code=lot.label_code, names=names(item),
        reference=item.code, unit=names(unit), lot=lot.number, expires_on=lot.expires_on, location=location,
    )  # fmt: skip


def _of_place(place: Location, warehouse: Warehouse) -> Label:
    return Label(
        design="shelf", subject_id=place.id, version=place.label_version, code=place.label_code,
        names=names(place) if _is_named(place) else NAMELESS, reference=place.code, location=warehouse.code,
        is_practice=warehouse.is_practice,
    )  # fmt: skip


def _of_door(place: Location, warehouse: Warehouse) -> Label:
    return Label(
        design="door", subject_id=warehouse.id, version=place.label_version, code=place.label_code,
        names=names(warehouse) if _is_named(warehouse) else Names(fr=warehouse.code), reference=warehouse.code,
        is_practice=warehouse.is_practice,
    )  # fmt: skip


def _of_person(user_id: int, username: str, display_name: str, text: str) -> Label:
    is_arabic = any("\u0600" <= letter <= "\u06ff" for letter in display_name)
    called = Names(ar=display_name) if is_arabic else Names(fr=display_name)
    return Label(design="badge", subject_id=user_id, names=called, reference=username, text=text)


def _of_document(document: Document) -> Label:
    title = FORMS[document.kind].title if document.kind in FORMS else REVERSAL
    return Label(
        design="paper", subject_id=document.entry_id, code=document.code, names=title, reference=document.reference,
        is_practice=document.is_practice,
    )  # fmt: skip


def _is_named(thing: Location | Warehouse) -> bool:
    return bool(thing.name_fr or thing.name_ar or thing.name_en)
