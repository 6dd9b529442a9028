"""What a scanned code means here: item, lot, unit, place, paper; and what one may do with it.

Laws:
1. A code is looked up as everything it can be: ours, a maker's, an item code typed by hand, an inventory or lot number.
2. A damaged code of ours, or a trade number with a wrong check digit, is said to be so; nothing is guessed.
3. Nothing is told of a warehouse that is not the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, String, bindparam, cast, literal, null, select, union_all

from inventory import codes
from inventory.access import Identity, require
from inventory.catalogue import Barcode, Item, Lot, Packaging, Photo, Unit, barcode_key
from inventory.database import db
from inventory.documents import Document, document_by_code, permit_reading
from inventory.errors import NotFound, found
from inventory.ledger import Balance
from inventory.prepared import Prepared
from inventory.replenishment import Figures, figures_of, with_rule, with_stock
from inventory.warehouses import Location, Warehouse

LONGEST = 300
MOST_BALANCES = 50

REASONS = {
    "damaged_code": _l("One of our codes, but damaged or misread: scan it again, or type it."),
    "check_digit": _l("The check digit of this trade number is wrong: it was misread or mistyped."),
    "several_items": _l("Several items have a lot with this number: scan the item first."),
    "unknown_code": _l("Nothing here bears this code."),
}
"""Why a code is not known."""

_TAKING = ("issue", "transfer", "move", "write_off")
_PUTTING = ("receipt", "return")


@dataclass(frozen=True, slots=True)
class Lying:
    """What lies of a lot at a place, base units. ``lot`` is empty for goods without lots."""

    item: str
    lot: str
    expires_on: date | None
    location: str
    kind: str
    quantity: Any


@dataclass(slots=True)
class Scanned:
    """What a code stands for. ``kind``: item, lot, unit, location, document or unknown; ``row`` holds the item's
    columns, ``unit`` the unit or packaging that one scan counts as, ``contains`` the base units in one, ``balances``
    come first expiry first."""

    kind: str
    code: str
    reason: str | None = None
    row: Any = None
    unit: str | None = None
    contains: Decimal | None = None
    lot: str | None = None
    expires_on: date | None = None
    warehouse: str | None = None
    warehouse_id: int | None = None
    figures: Figures | None = None
    balances: list[Lying] = field(default_factory=list)
    location: Location | None = None
    document: Document | None = None
    choices: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)


def _found(how: int, item: Any, packaging: Any = None, lot: Any = None) -> Any:
    """One way a code can lead to an item; the lower ``how``, the surer."""
    nothing = cast(null(), Item.id.type)
    return select(
        literal(how).label("how"),
        item.label("item_id"),
        (nothing if packaging is None else packaging).label("packaging_id"),
        (nothing if lot is None else lot).label("lot_id"),
    )


_ways = union_all(
    _found(1, Item.id).where(Item.label_code == bindparam("own", type_=String)),
    _found(2, Lot.item_id, lot=Lot.id).where(Lot.label_code == bindparam("own", type_=String)),
    _found(3, Barcode.item_id, Barcode.packaging_id).where(Barcode.code == bindparam("barcode", type_=String)),
    _found(4, Item.id).where(Item.code == bindparam("typed", type_=String)),
    _found(5, Lot.item_id, lot=Lot.id).where(Lot.inventory_number == bindparam("typed", type_=String)),
).subquery("ways")

_day: Any = bindparam("day", type_=Date)
_GOODS = Prepared(
    with_rule(
        with_stock(
            select(
                _ways.c.how,
                _day.label("day"),
                Item.id,
                Item.code,
                Item.name_fr,
                Item.name_ar,
                Item.name_en,
                Item.decimals,
                Item.tracking,
                Item.has_expiry,
                Item.retired_on,
                Item.label_code,
                Photo.digest.label("photo"),
                Unit.code.label("unit"),
                Unit.name_fr.label("unit_name_fr"),
                Unit.name_ar.label("unit_name_ar"),
                Unit.name_en.label("unit_name_en"),
                Packaging.name.label("packaging"),
                Packaging.contains,
                Packaging.divisor,
                Lot.id.label("lot_id"),
                Lot.number.label("lot"),
                Lot.expires_on,
                Warehouse.id.label("warehouse_id"),
            )
            .select_from(_ways)
            .join(Item, Item.id == _ways.c.item_id)
            .join(Unit, Unit.id == Item.unit_id)
            .outerjoin(Photo, Photo.item_id == Item.id)
            .outerjoin(Packaging, Packaging.id == _ways.c.packaging_id)
            .outerjoin(Lot, Lot.id == _ways.c.lot_id)
            .outerjoin(Warehouse, Warehouse.code == bindparam("warehouse", type_=String)),
            _day,
        )
    ).order_by(_ways.c.how)
)

_LYING = (
    select(
        Item.code.label("item"),
        Lot.number.label("lot"),
        Lot.expires_on,
        Location.code.label("location"),
        Location.kind,
        Balance.quantity,
    )
    .join(Lot, Lot.id == Balance.lot_id)
    .join(Item, Item.id == Balance.item_id)
    .join(Location, Location.id == Balance.location_id)
    .where(Balance.quantity > 0)
    .order_by(Lot.expires_on.is_(None), Lot.expires_on, Lot.id, Location.is_default.desc(), Location.code, Item.code)
    .limit(MOST_BALANCES)
)
_here = _LYING.where(
    Balance.warehouse_id == bindparam("warehouse_id"),
    Balance.item_id == bindparam("item_id"),
    Location.kind != "transit",
)
_LYING_IN = Prepared(_here)
_LYING_OF_LOT = Prepared(_here.where(Balance.lot_id == bindparam("lot_id")))
_LYING_AT = Prepared(_LYING.where(Balance.location_id == bindparam("location_id")))


def resolve(text: str, *, by: Identity, warehouse: str | None, on: date) -> Scanned:
    """What ``text`` stands for, seen from a warehouse (by code, or None). Raises NotAllowed when that warehouse, or the
    place or paper found, is not the caller's; an unknown code is no refusal but the kind ``unknown``."""
    text = text[:LONGEST]
    own = codes.read(text)
    if isinstance(own, codes.Code) and own.kind is codes.Kind.DOCUMENT:
        return _paper(own.text, by)
    if isinstance(own, codes.Code) and own.kind is codes.Kind.LOCATION:
        return _place(own.text, by)
    typed = text.strip()
    asked = {  # nothing bears an empty code; a NULL would have PostgreSQL plan the question anew each time
        "own": own.text if isinstance(own, codes.Code) else "",
        "barcode": barcode_key(text),
        "typed": typed,
        "warehouse": warehouse,
        "day": on,
    }
    rows = _GOODS.rows(**asked)
    if not rows:
        return _by_place_code(typed, by=by, warehouse=warehouse) or _by_lot_number(
            typed, own, by=by, warehouse=warehouse, asked=asked
        )
    return _goods(rows[0], typed, by=by, warehouse=warehouse)


def _goods(row: Any, code: str, *, by: Identity, warehouse: str | None) -> Scanned:
    """An item, or a lot of it, as it stands in the warehouse."""
    kind = "item" if row.lot_id is None else "unit" if row.tracking == "unit" else "lot"
    seen = Scanned(kind, code, row=row, unit=row.packaging or row.unit, lot=row.lot, expires_on=row.expires_on)
    seen.contains = row.contains / row.divisor if row.packaging else Decimal(1)
    if warehouse is None:
        return seen
    require(by, "stock.read", row.warehouse_id)
    seen.warehouse, seen.warehouse_id, seen.figures = warehouse, found(row.warehouse_id, warehouse), figures_of(row)
    if seen.figures.on_hand > 0:
        seen.balances = _lying(row)
    if kind == "item" and row.tracking == "lot":
        first = next((one for one in seen.balances if one.kind == "shelf" and not _is_past(one, row)), None)
        seen.lot, seen.expires_on = (first.lot, first.expires_on) if first else (None, None)
    seen.actions = _actions(seen, by)
    return seen


def _is_past(one: Lying, row: Any) -> bool:
    return one.expires_on is not None and one.expires_on < row.day


def _lying(row: Any) -> list[Lying]:
    asked = {"warehouse_id": row.warehouse_id, "item_id": row.id}
    if row.lot_id is not None:
        lying = _LYING_OF_LOT.rows(**asked, lot_id=row.lot_id)
    else:
        lying = _LYING_IN.rows(**asked)
    return [Lying(*one) for one in lying]


def _actions(seen: Scanned, by: Identity) -> list[str]:
    """What the caller may do with goods here and now: kinds of paper, the card, a label."""
    figures, retired = seen.figures, seen.row.retired_on is not None
    has = {"issue": figures and figures.available > 0, "transfer": figures and figures.available > 0}
    taking = [kind for kind in _TAKING if has.get(kind, figures and figures.on_hand > 0)]
    putting = [kind for kind in _PUTTING if not (retired and kind == "receipt")]
    actions = [kind for kind in (*taking, *putting) if by.may(f"{kind}.post", seen.warehouse_id)]
    if by.may("label.print", seen.warehouse_id):
        actions.append("label")
    return [*actions, "card"]


def _place(label: str, by: Identity) -> Scanned:
    """A place inside a warehouse and what lies there."""
    row = db.session.execute(
        select(Location, Warehouse.code)
        .join(Warehouse, Warehouse.id == Location.warehouse_id)
        .where(Location.label_code == label)
    ).one_or_none()
    if row is None:
        return _unknown(label)
    location, warehouse = row
    require(by, "stock.read", location.warehouse_id)
    lying = _LYING_AT.rows(location_id=location.id)
    seen = Scanned("location", label, location=location, warehouse=warehouse, warehouse_id=location.warehouse_id)
    seen.balances = [Lying(*one) for one in lying]
    seen.actions = [kind for kind in ("move",) if seen.balances and by.may(f"{kind}.post", location.warehouse_id)]
    return seen


def _paper(code: str, by: Identity) -> Scanned:
    """A posted paper, by the code printed on it."""
    try:
        document = document_by_code(code)
    except NotFound:
        return _unknown(code)
    permit_reading(document, by=by)
    seen = Scanned(
        "document", code, document=document, warehouse=document.warehouse, warehouse_id=document.warehouse_id
    )
    seen.actions = ["read"]
    is_open = document.reversed_by is None and document.kind != "reversal"
    if is_open and by.may("reversal.post", document.warehouse_id):
        seen.actions.append("reverse")
    if is_open and document.kind == "transfer" and by.may_somewhere("transfer_receipt.post"):
        seen.actions.append("transfer_receipt")
    return seen


def _by_place_code(typed: str, *, by: Identity, warehouse: str | None) -> Scanned | None:
    """A place of the warehouse one is in, by the code that is painted on it."""
    question = select(Location.label_code).join(Warehouse, Warehouse.id == Location.warehouse_id)
    painted = question.where(Warehouse.code == warehouse, Location.code == typed, Location.kind != "transit")
    label = db.session.scalar(painted)
    return _place(label, by) if label else None


def _by_lot_number(typed: str, own: Any, *, by: Identity, warehouse: str | None, asked: dict[str, Any]) -> Scanned:
    """The last thing it can be: a maker's lot number, if only one item has it."""
    lots = db.session.execute(
        select(Lot.label_code, Item.code).join(Item, Item.id == Lot.item_id).where(Lot.number == typed).limit(10)
    ).all()
    if len(lots) == 1:
        row = next(iter(_GOODS.rows(**{**asked, "own": lots[0].label_code})), None)
        return _goods(row, typed, by=by, warehouse=warehouse)
    if lots:
        return _unknown(typed, "several_items", sorted({row.code for row in lots}))
    if isinstance(own, codes.Damaged):
        return _unknown(typed, "damaged_code")
    number = codes.gtin(typed)
    is_misread = isinstance(number, codes.NotGtin) and number.reason == "check_digit"
    return _unknown(typed, "check_digit" if is_misread else "unknown_code")


def _unknown(code: str, reason: str = "unknown_code", choices: Sequence[str] = ()) -> Scanned:
    return Scanned("unknown", code, reason=reason, choices=list(choices))
