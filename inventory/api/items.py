"""The catalogue and stock cards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from flask import Response
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import aliased

from inventory import catalogue, clock, ledger, natures, replenishment
from inventory.access import require, require_somewhere
from inventory.api.acting import acting
from inventory.api.answers import answer, code_url, money, opened, page, plain
from inventory.api.creating import create
from inventory.api.noun import Noun
from inventory.api.scope import permitted
from inventory.catalogue import Barcode, Category, Item, NewPackaging, Packaging, Unit, get_item
from inventory.database import db, page_of, transaction
from inventory.documents import reference
from inventory.errors import found, refuse_field
from inventory.schemas.items import (
    CardPage,
    CardQuery,
    ItemChange,
    ItemIn,
    ItemOut,
    ItemPage,
    ItemQuery,
    new_item,
    packagings,
)

calls = Noun("items", __name__, "The catalogue: what can lie in a store.")

_successor = aliased(Item)


@calls.call("GET", "/items", query=ItemQuery(), answers=ItemPage())
def list_(query: dict[str, Any]) -> Response:
    """List items

    By code. `search` finds words in any spelling (accents, hamza, case) of names, codes and barcodes.
    """
    require_somewhere(acting(), "catalogue.read")
    question = _items().where(catalogue.search_condition(query.get("search", "")))
    if "category" in query:
        question = question.where(Category.code == query["category"])
    if (after := opened(query.get("cursor"), "items")) is not None:
        question = question.where(Item.code > after[0])
    rows, last = page_of(question.order_by(Item.code), query["limit"])
    return page(item_rows(rows), (last.code,) if last else None, "items")


@calls.call("POST", "/items", body=ItemIn(), answers=ItemOut(), is_creating=True)
def add(data: dict[str, Any], *, key: str) -> Response:
    """Add an item"""
    by = acting()
    require(by, "catalogue.write")
    new = new_item(data)

    def perform() -> dict[str, Any]:
        catalogue.note_added(catalogue.add_item(new), by=by, at=clock.now())
        return one_item(new.code)

    return create("POST /items", data, by=by, key=key, perform=perform)


@calls.call("GET", "/items/<path:code>", answers=ItemOut())
def read(code: str) -> Response:
    """Read an item"""
    require_somewhere(acting(), "catalogue.read")
    return answer(one_item(code))


@calls.call("PATCH", "/items/<path:code>", body=ItemChange(), answers=ItemOut())
def change(data: dict[str, Any], code: str) -> Response:
    """Change an item

    What is sent changes, the rest stays; barcodes and packagings that are not there yet are added, none is taken away.
    Unit, decimals, tracking and expiry change only until a paper, a count, a slip or a rule was written with them.
    """
    by = acting()
    require(by, "catalogue.write")
    with transaction():
        item = get_item(code)
        with catalogue.noted(item, by=by, at=clock.now()):
            natures.change_item(item, data, today=clock.today(), at=clock.now())
            _add_missing(item, data)
            if data.get("replaced_by") and not data.get("retired_on"):
                message = _l("An item that is replaced is retired: say from which day on.")
                refuse_field("/retired_on", "required", message)
            if "retired_on" in data:
                successor = get_item(data["replaced_by"]) if data.get("replaced_by") else None
                day = data["retired_on"]
                replenishment.retire(item, retired_on=day, replaced_by=successor, today=clock.today(), at=clock.now())
        content = one_item(code)
    return answer(content)


@calls.call("GET", "/items/<path:code>/card", query=CardQuery(), answers=CardPage())
def card(query: dict[str, Any], code: str) -> Response:
    """Stock card

    Every movement of an item in a warehouse, the newest first, with the balance after each.
    """
    place = permitted(acting(), "stock.read", query["warehouse"])
    item = get_item(code)
    after = opened(query.get("cursor"), f"card {item.id} {place.id}")
    rows, mark = ledger.card(
        item.id,
        place.id,
        first_on=query.get("first_on"),
        last_on=query.get("last_on"),
        after=ledger.CardMark(*after) if after else None,
        limit=query["limit"],
    )
    following = (mark.on, mark.movement_id, mark.balance) if mark else None
    unit = db.session.scalar(select(Unit.code).where(Unit.id == item.unit_id))
    lines = [_card_line(row, place.code) for row in rows]
    return page(lines, following, f"card {item.id} {place.id}", item=code, warehouse=place.code, unit=unit)


def _card_line(row: ledger.CardRow, warehouse: str) -> dict[str, Any]:
    return {
        "document": str(row.entry_id),
        "reference": reference(warehouse, row.kind, row.year, row.number),
        "kind": row.kind,
        "on": row.on,
        "other_side": row.other_side,
        "lot": row.lot or None,
        "received": plain(row.received),
        "issued": plain(row.issued),
        "value": money(row.value),
        "balance": plain(row.balance),
    }


def _add_missing(item: Item, data: dict[str, Any]) -> None:
    rows = db.session.execute(select(Barcode.packaging_id, Barcode.code).where(Barcode.item_id == item.id))
    borne = {(packaging_id, code) for packaging_id, code in rows}
    known = {code for _packaging_id, code in borne}
    for barcode in data.get("barcodes", ()):
        if catalogue.barcode_key(barcode) not in known:
            catalogue.attach_barcode(item, barcode)
    packed = {one.name: one for one in catalogue.packagings_of(item)}
    for index, packaging in enumerate(packagings(data)):
        there = packed.get(packaging.name)
        if there is not None:
            _refuse_another(there, packaging, borne, f"/packagings/{index}")
            continue
        packed[packaging.name] = added = catalogue.add_packaging(item, packaging)
        if packaging.barcode:
            borne.add((added.id, catalogue.barcode_key(packaging.barcode)))
    catalogue.refresh_search(item)


def _refuse_another(
    there: Packaging, sent: NewPackaging, borne: Collection[tuple[int | None, str]], pointer: str
) -> None:
    """A packaging that is there may be sent again as it is; what it contains and bears is said once."""
    if (there.contains, there.divisor) != (sent.contains, sent.divisor):
        message = _l("“%(name)s” is there already and contains something else: give the new one another name.")
        refuse_field(f"{pointer}/contains", "fixed", message, name=sent.name)
    if sent.barcode and (there.id, catalogue.barcode_key(sent.barcode)) not in borne:
        message = _l("“%(name)s” is there already, without this barcode: attach it on the page of the item.")
        refuse_field(f"{pointer}/barcode", "fixed", message, name=sent.name)


def _items() -> Any:
    return (
        select(
            Item.id, Item.code, Item.name_fr, Item.name_ar, Item.name_en, Item.decimals, Item.tracking,
            Item.has_expiry, Item.storage_class, Item.label_code, Item.retired_on, Category.code.label("category"),
            Unit.code.label("unit"), _successor.code.label("replaced_by"),
        )
        .join(Unit, Unit.id == Item.unit_id)
        .outerjoin(Category, Category.id == Item.category_id)
        .outerjoin(_successor, _successor.id == Item.replaced_by_id)
    )  # fmt: skip


def one_item(code: str) -> dict[str, Any]:
    """An item as answered; NotFound when there is none."""
    row = db.session.execute(_items().where(Item.code == code)).one_or_none()
    return item_rows([found(row, code[:60])])[0]


def item_rows(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Items as answered, with their barcodes and packagings: two questions, however many items."""
    ids = [row.id for row in rows]
    barcodes: dict[tuple[int, int | None], list[str]] = {}
    for item_id, packaging_id, barcode in db.session.execute(
        select(Barcode.item_id, Barcode.packaging_id, Barcode.code).where(Barcode.item_id.in_(ids)).order_by(Barcode.id)
    ):
        barcodes.setdefault((item_id, packaging_id), []).append(barcode)
    packed: dict[int, list[dict[str, Any]]] = {}
    for one in db.session.execute(
        select(Packaging.id, Packaging.item_id, Packaging.name, Packaging.contains, Packaging.divisor)
        .where(Packaging.item_id.in_(ids))
        .order_by(Packaging.id)
    ):
        barcode = next(iter(barcodes.get((one.item_id, one.id), ())), None)
        content = {"name": one.name, "contains": plain(one.contains), "divisor": one.divisor, "barcode": barcode}
        packed.setdefault(one.item_id, []).append(content)
    return [_item(row, barcodes.get((row.id, None), []), packed.get(row.id, [])) for row in rows]


def _item(row: Any, barcodes: list[str], packed: list[dict[str, Any]]) -> dict[str, Any]:
    content = {name: value for name, value in row._mapping.items() if name != "id"}
    return {**content, "code_url": code_url(row.label_code), "barcodes": barcodes, "packagings": packed}
