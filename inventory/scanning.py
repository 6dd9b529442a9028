"""What a scanned code means here: item, lot, unit, place, paper; and what one may do with it.

Laws:
1. A code is looked up as everything it can be: ours, a maker's, an item code typed by hand, an inventory or lot number.
2. A damaged code of ours, or a trade number with a wrong check digit, is said to be so; nothing is guessed.
3. Nothing is told of a warehouse that is not the caller's; a lot of practice is known in warehouses for practice alone.
4. A GS1 code leads to its item by its trade number; lot, expiry, serial number and quantity are told as it says them,
   but what the house knows of a lot stands above the code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, String, and_, bindparam, case, cast, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from inventory import codes
from inventory.access import Identity, require
from inventory.catalogue import Barcode, Item, Lot, Packaging, Photo, Unit, barcode_key
from inventory.codes import measures
from inventory.codes.gs1 import Element, Elements
from inventory.database import db
from inventory.documents import Document, document_by_code, may_receive, may_reverse, permit_reading
from inventory.errors import NotFound, found
from inventory.ledger import Balance
from inventory.prepared import Prepared
from inventory.replenishment import Figures, figures_of, stock_over, with_rule
from inventory.warehouses import Location, Warehouse

LONGEST = 300
MOST_BALANCES = 50

REASONS = {
    "damaged_code": _l("One of our codes, but damaged or misread: scan it again, or type it."),
    "check_digit": _l("The check digit of this trade number is wrong: it was misread or mistyped."),
    "several_items": _l("Several items have a lot with this number: scan the item first."),
    "unknown_code": _l("Nothing here bears this code."),
    "packaging_unknown": _l("Nothing here bears this carton's number, but its single item is known: attach it there."),
    "expiry_differs": _l("This lot is kept here with another expiry than the code says: the one kept here stands."),
    "gs1_no_item": _l("This code names no item: scan the one beside it."),
    "gs1_ambiguous": _l("The scanner dropped the separators, so that this can be read in several ways: type the lot."),
    "gs1_brackets": _l("The brackets of this GS1 code do not pair: scan it again, or type it."),
    "gs1_characters": _l("There are characters in this GS1 code that may not stand there: scan it again."),
    "gs1_content": _l("A check digit or a date in this GS1 code is wrong: it was misread or misprinted."),
    "gs1_contradiction": _l("The parts of this GS1 code contradict each other."),
    "gs1_identifier": _l("This GS1 code has a part that is not known."),
    "gs1_length": _l("A part of this GS1 code is too short or too long: scan it again."),
    "gs1_link": _l("This address holds no trade number that can be read."),
    "gs1_symbology": _l("This kind of barcode is not read with its prefix: switch the prefix off in the scanner."),
}
"""Why a code is not known, or is not what it says."""

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
    """What a code stands for. ``kind``: item, lot, unit, location, document, details (of goods that another code names)
    or unknown; ``row`` holds the item's columns, ``unit`` the unit or packaging that one scan counts as, ``contains``
    the base units in one, ``quantity`` how many of ``unit`` the code says, ``barcode`` what could be attached to an
    item, ``balances`` come first expiry first."""

    kind: str
    code: str
    reason: str | None = None
    row: Any = None
    unit: str | None = None
    contains: Decimal | None = None
    lot: str | None = None
    expires_on: date | None = None
    serial: str | None = None
    quantity: Decimal | None = None
    barcode: str | None = None
    elements: Sequence[Element] = ()
    label_is_old: bool = False
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


_ways = (
    _found(1, Item.id).where(Item.label_code == bindparam("own", type_=String)),
    _found(2, Lot.item_id, lot=Lot.id).where(Lot.label_code == bindparam("own", type_=String)),
    _found(3, Barcode.item_id, Barcode.packaging_id).where(Barcode.code == bindparam("barcode", type_=String)),
    _found(4, Item.id).where(Item.code == bindparam("typed", type_=String)),
    _found(5, Lot.item_id, lot=Lot.id).where(Lot.inventory_number == bindparam("typed", type_=String)),
)
_numbered = (  # a maker's code that says the lot or the serial number too
    _found(2, Barcode.item_id, Barcode.packaging_id, Lot.id)
    .join(Item, Item.id == Barcode.item_id)
    .join(Lot, Lot.item_id == Item.id)
    .where(
        Barcode.code == bindparam("barcode", type_=String),
        Lot.number
        == case((Item.tracking == "unit", bindparam("serial", type_=String)), else_=bindparam("lot", type_=String)),
    )
)
_day: Any = bindparam("day", type_=Date)
_packed = aliased(Unit)  # what things are packed in is a word among the units
_COLUMNS = (
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
    _packed.name_fr.label("packaging_name_fr"),
    _packed.name_ar.label("packaging_name_ar"),
    _packed.name_en.label("packaging_name_en"),
    Packaging.contains,
    Packaging.divisor,
    Lot.id.label("lot_id"),
    Lot.number.label("lot"),
    Lot.expires_on,
    Item.label_version.label("item_version"),
    Lot.label_version.label("lot_version"),
    Warehouse.id.label("warehouse_id"),
)


_balance, _lot_there, _place_there = aliased(Balance), aliased(Lot), aliased(Location)
_LIES = (
    _balance.lot_id.label("lying_lot_id"),
    _lot_there.number.label("lying_lot"),
    _lot_there.expires_on.label("lying_expires_on"),
    _place_there.code.label("lying_location"),
    _place_there.kind.label("lying_kind"),
    _balance.quantity.label("lying_quantity"),
)


def _first_expiry_first(lot: Any, place: Any) -> tuple[Any, ...]:
    return lot.expires_on.is_(None), lot.expires_on, lot.id, place.is_default.desc(), place.code


def _goods_by(*found_by: Any) -> Prepared:
    """The goods to which any of these ways leads, the surest first, each with what lies of it in the warehouse: of a
    lot, itself first. What is on the road lies nowhere. The stock is of the whole item, however little fits here."""
    ways = union_all(*found_by).subquery("ways")
    standing = and_(_balance.item_id == Item.id, _balance.warehouse_id == Warehouse.id, _balance.quantity > 0)
    in_order = _first_expiry_first(_lot_there, _place_there)
    is_other_lot = and_(Lot.id.is_not(None), _balance.lot_id != Lot.id)
    stock = stock_over((ways.c.how, ways.c.lot_id), _balance, _place_there, _lot_there, _day)
    question = (
        select(ways.c.how, *_COLUMNS, *stock, *_LIES)
        .select_from(ways)
        .join(Item, Item.id == ways.c.item_id)
        .join(Unit, Unit.id == Item.unit_id)
        .outerjoin(Photo, Photo.item_id == Item.id)
        .outerjoin(Packaging, Packaging.id == ways.c.packaging_id)
        .outerjoin(_packed, _packed.code == Packaging.name)
        .outerjoin(Lot, Lot.id == ways.c.lot_id)
        .outerjoin(Warehouse, Warehouse.code == bindparam("warehouse", type_=String))
        .outerjoin(_balance, standing)
        .outerjoin(_lot_there, _lot_there.id == _balance.lot_id)
        .outerjoin(_place_there, and_(_place_there.id == _balance.location_id, _place_there.kind != "transit"))
        .where(Lot.id.is_(None) | (Lot.is_practice == func.coalesce(Warehouse.is_practice, Lot.is_practice)))
        .order_by(ways.c.how, Lot.is_practice, is_other_lot, _place_there.id.is_(None), *in_order)
        .limit(MOST_BALANCES)
    )
    return Prepared(with_rule(question))


_GOODS, _NUMBERED_GOODS = _goods_by(*_ways), _goods_by(*_ways, _numbered)

_LYING_AT = Prepared(
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
    .where(Balance.quantity > 0, Balance.location_id == bindparam("location_id"))
    .order_by(*_first_expiry_first(Lot, Location), Item.code)
    .limit(MOST_BALANCES)
)


def resolve(text: str, *, by: Identity, warehouse: str | None, on: date) -> Scanned:
    """What ``text`` stands for, seen from a warehouse (by code, or None). Raises NotAllowed when that warehouse, or the
    place or paper found, is not the caller's; an unknown code is no refusal but the kind ``unknown``."""
    given = _given(text[:LONGEST])
    own = given.own if isinstance(given.own, codes.Code) else None
    if own and own.kind is codes.Kind.DOCUMENT:
        return _paper(own.text, by)
    if own and own.kind is codes.Kind.LOCATION:
        return _place(own.text, by, own.version)
    asked = {  # nothing bears an empty code; a NULL would have PostgreSQL plan the question anew each time
        "own": own.text if own else "",
        "barcode": given.barcode,
        "typed": given.text,
        "warehouse": warehouse,
        "day": on,
    }
    rows = _rows(asked, given.said)
    if rows:
        seen = _goods(rows, given.text, by=by, warehouse=warehouse)
        seen.label_is_old = own is not None and _is_old(rows[0], own.version)
        return _completed(seen, given.said, on) if given.said else seen
    if given.said:
        return _without_item(given, given.said, on)
    seen = _by_place_code(given.text, by=by, warehouse=warehouse) or _by_lot_number(
        given, by=by, warehouse=warehouse, asked=asked
    )
    return _in_capitals(seen, by=by, warehouse=warehouse, on=on) if seen.kind == "unknown" else seen


def _in_capitals(seen: Scanned, *, by: Identity, warehouse: str | None, on: date) -> Scanned:
    """What a code that leads nowhere means in capitals, as most codes are written and few are typed."""
    if seen.code == seen.code.upper():
        return seen
    again = resolve(seen.code.upper(), by=by, warehouse=warehouse, on=on)
    return seen if again.kind == "unknown" else replace(again, code=seen.code)


@dataclass(frozen=True, slots=True)
class _Given:
    """A code as it came: its text without a scanner's prefix, and what can be read in it without asking the house."""

    text: str
    barcode: str
    own: codes.Code | codes.Damaged | None = None
    said: Elements | None = None
    refused: str | None = None


def _given(text: str) -> _Given:
    own = codes.read(text)
    if isinstance(own, codes.Code):
        return _Given(text.strip(), "", own)
    read = codes.gs1.read(text)
    if isinstance(read, Elements):
        return _Given(text.strip(), barcode_key(text, read), said=read)
    bare = read.text.strip()
    refused = f"gs1_{read.reason}" if isinstance(read, codes.gs1.Refused) else None
    return _Given(bare, barcode_key(bare, read), codes.read(bare) if text.startswith("]") else own, refused=refused)


def _rows(asked: dict[str, Any], said: Elements | None) -> list[Any]:
    lot, serial = (said.value("10"), said.value("21")) if said else ("", "")
    return _NUMBERED_GOODS.rows(**asked, lot=lot, serial=serial) if lot or serial else _GOODS.rows(**asked)


def _is_old(row: Any, version: int | None) -> bool:
    """Whether a label shows what its thing was once called. A lot's label shows the item's names and its own facts,
    so that its version grows with either."""
    now = row.item_version if row.lot_id is None else row.item_version + row.lot_version - codes.FIRST_VERSION
    return version is not None and version < now


def is_old_label(own: codes.Code) -> bool:
    """Whether a label that was read shows what its item, lot or place was once called."""
    if own.version is None:
        return False
    if own.kind is codes.Kind.LOCATION:
        now = db.session.scalar(select(Location.label_version).where(Location.label_code == own.text))
        return now is not None and own.version < now
    asked = {"own": own.text, "barcode": "", "typed": "", "warehouse": None, "day": None}
    rows = _GOODS.rows(**asked)
    return bool(rows) and _is_old(rows[0], own.version)


def _completed(seen: Scanned, said: Elements, on: date) -> Scanned:
    """What the maker's code says besides, where the item is kept so."""
    row = seen.row
    expires_on = said.expires_on(on, best_before=row.has_expiry)
    seen.elements, seen.serial = said.parts, said.value("21") or None
    if seen.kind == "lot" and seen.expires_on and expires_on not in (None, seen.expires_on):
        seen.reason = "expiry_differs"
    elif seen.kind == "lot":
        seen.expires_on = seen.expires_on or expires_on
    elif row.tracking == "unit" and seen.serial:
        seen.lot = seen.serial
    elif row.tracking == "lot" and (said.value("10") or expires_on):
        seen.lot, seen.expires_on = said.value("10") or None, expires_on
    if row.tracking in ("none", "lot"):
        count, base = measures.pieces(said), measures.amount(said, row.unit, row.decimals)
        seen.quantity = base if count is None else Decimal(count)
        if seen.quantity is base and base is not None:
            seen.unit, seen.contains = row.unit, Decimal(1)
    return seen


def _without_item(given: _Given, said: Elements, on: date) -> Scanned:
    """A maker's code whose item is not known here, or that speaks of the goods another code names."""
    seen = _unknown(given.text, "unknown_code" if said.gtin else "gs1_no_item")
    seen.lot, seen.serial = said.value("10") or None, said.value("21") or None
    seen.expires_on, seen.elements = said.expires_on(on), said.parts
    seen.quantity = Decimal(int(said.value("30", "37") or 0)) or None
    if said.gtin:
        return _of_base(seen, said.gtin)
    if seen.lot or seen.serial or seen.expires_on or seen.quantity:
        seen.kind, seen.reason = "details", None
    return seen


def _of_base(seen: Scanned, gtin: str) -> Scanned:
    """An unknown trade number; when it is a carton's and its single item is known, that one is named."""
    seen.barcode = barcode_key(gtin)
    single = codes.gs1.base(gtin)
    known = select(Item.code).join(Barcode, Barcode.item_id == Item.id).where(Barcode.code == barcode_key(single))
    item = db.session.scalar(known) if single else None
    if item:
        seen.reason, seen.choices = "packaging_unknown", [item]
    return seen


def _goods(rows: Sequence[Any], code: str, *, by: Identity, warehouse: str | None) -> Scanned:
    """An item, or a lot of it, as it stands in the warehouse: the surest of what was found."""
    row = rows[0]
    kind = "item" if row.lot_id is None else "unit" if row.tracking == "unit" else "lot"
    seen = Scanned(kind, code, row=row, unit=row.packaging or row.unit, lot=row.lot, expires_on=row.expires_on)
    seen.contains = row.contains / row.divisor if row.packaging else Decimal(1)
    if warehouse is None:
        return seen
    require(by, "stock.read", row.warehouse_id)
    seen.warehouse, seen.warehouse_id, seen.figures = warehouse, found(row.warehouse_id, warehouse), figures_of(row)
    seen.balances = [_lying(one) for one in rows if _lies(one, row)]
    if kind == "item" and row.tracking == "lot":
        first = next((one for one in seen.balances if one.kind == "shelf" and not _is_past(one, row)), None)
        seen.lot, seen.expires_on = (first.lot, first.expires_on) if first else (None, None)
    seen.actions = _actions(seen, by)
    return seen


def _is_past(one: Lying, row: Any) -> bool:
    return one.expires_on is not None and one.expires_on < row.day


def _lies(one: Any, row: Any) -> bool:
    """Whether a row says where some of the goods lie; of a lot, some of itself."""
    is_same = (one.how, one.lot_id) == (row.how, row.lot_id)
    return is_same and one.lying_location is not None and row.lot_id in (None, one.lying_lot_id)


def _lying(row: Any) -> Lying:
    return Lying(row.code, row.lying_lot, row.lying_expires_on, row.lying_location, row.lying_kind, row.lying_quantity)


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


def _place(label: str, by: Identity, version: int | None = None) -> Scanned:
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
    seen.label_is_old = version is not None and version < location.label_version
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
    if may_reverse(document, by=by):
        seen.actions.append("reverse")
    if may_receive(document, by=by):
        seen.actions.append("transfer_receipt")
    return seen


def _by_place_code(typed: str, *, by: Identity, warehouse: str | None) -> Scanned | None:
    """A place of the warehouse one is in, by the code that is painted on it."""
    question = select(Location.label_code).join(Warehouse, Warehouse.id == Location.warehouse_id)
    painted = question.where(Warehouse.code == warehouse, Location.code == typed, Location.kind != "transit")
    label = db.session.scalar(painted)
    return _place(label, by) if label else None


def _by_lot_number(given: _Given, *, by: Identity, warehouse: str | None, asked: dict[str, Any]) -> Scanned:
    """The last thing it can be: a maker's lot number, if only one item has it."""
    here = select(Warehouse.id).where(Warehouse.code == warehouse, Warehouse.is_practice).exists()
    lots = db.session.execute(
        select(Lot.label_code, Item.code)
        .join(Item, Item.id == Lot.item_id)
        .where(Lot.number == given.text, Lot.is_practice == here)
        .limit(10)
    ).all()
    if len(lots) == 1:
        rows = _GOODS.rows(**{**asked, "own": lots[0].label_code})
        return _goods(rows, given.text, by=by, warehouse=warehouse)
    if lots:
        return _unknown(given.text, "several_items", sorted({row.code for row in lots}))
    if isinstance(given.own, codes.Damaged):
        return _unknown(given.text, "damaged_code")
    number = codes.gtin(given.text)
    if isinstance(number, codes.Gtin):
        return _of_base(_unknown(given.text), number.digits)
    seen = _unknown(given.text, given.refused or ("check_digit" if number.reason == "check_digit" else "unknown_code"))
    seen.barcode = given.barcode or None
    return seen


def _unknown(code: str, reason: str = "unknown_code", choices: Sequence[str] = ()) -> Scanned:
    return Scanned("unknown", code, reason=reason, choices=list(choices))
