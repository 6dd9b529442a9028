"""Transfers under way: to receive here, sent from here, and differences that a second person settles."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_login import login_required
from sqlalchemy import select

from inventory import documents, languages
from inventory.access import User
from inventory.catalogue import Item, Unit
from inventory.database import db
from inventory.documents import UnderWay
from inventory.parties import name_in
from inventory.warehouses import Warehouse
from inventory.web import asked
from inventory.web.documents.desk import me, pages
from inventory.web.frame import current_warehouse


@pages.get("/transfers")
@login_required
def transfers() -> str:
    ids, here = asked.counted_ids("document.read"), current_warehouse()
    found = documents.transfers_under_way([here.id] if here else ids)
    names = _names(found)
    rows = [_row(one, names) for one in found]
    return render_template(
        "documents/transfers.html",
        arriving=[row for row in rows if row["may_receive"] and not row["is_received"]],
        differences=[row for row in rows if row["is_received"]],
        sent=[row for row in rows if not row["is_received"] and not row["may_receive"]],
        here=here,
    )


def _row(one: UnderWay, names: dict[str, dict[Any, str]]) -> dict[str, Any]:
    person = me()
    may_settle = one.may_settle(person.id)
    return {
        "id": one.entry_id,
        "number": one.number,
        "on": one.on,
        "sender": names["warehouses"].get(one.sender, one.sender),
        "receiver": names["warehouses"].get(one.receiver, one.receiver),
        "by": names["people"].get(one.actor_id, ""),
        "left": [
            (code, names["items"].get(code, code), names["units"].get(code, ""), left)
            for code, left in one.left.items()
        ],
        "is_received": one.is_received,
        "may_receive": person.may("transfer_receipt.post", one.receiver_id),
        "may_write_off": may_settle and person.may("write_off.post", one.sender_id),
        "may_move_back": may_settle and person.may("move.post", one.sender_id),
        "is_mine": not may_settle,
    }  # fmt: skip


def _names(found: list[UnderWay]) -> dict[str, dict[Any, str]]:
    """The names of everything on the list, in three questions."""
    language = languages.language()

    def spoken(row: Any) -> str:
        return name_in(language, row.name_fr, row.name_ar, row.name_en)

    stores = {code for one in found for code in (one.sender, one.receiver)}
    columns = (Warehouse.code, Warehouse.name_fr, Warehouse.name_ar, Warehouse.name_en)
    places = {row.code: spoken(row) for row in db.session.execute(select(*columns).where(Warehouse.code.in_(stores)))}
    items, units = {}, {}
    goods = select(Item, Unit).join(Unit, Unit.id == Item.unit_id)
    for item, unit in db.session.execute(goods.where(Item.code.in_({code for one in found for code in one.left}))):
        items[item.code], units[item.code] = spoken(item), spoken(unit) or unit.code
    who = select(User.id, User.display_name).where(User.id.in_({one.actor_id for one in found}))
    people = {row.id: row.display_name for row in db.session.execute(who)}
    return {"warehouses": places, "items": items, "units": units, "people": people}
