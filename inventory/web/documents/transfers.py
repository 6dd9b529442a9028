"""Transfers under way: to receive here, sent from here, and differences that a second person settles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
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
from inventory.web.listing import Listing

SHOWN = 200
STATES = {
    "arriving": _l("To receive"),
    "difference": _l("Differences to settle"),
    "sent": _l("Sent, not yet received"),
}
FILE_COLUMNS = (
    _l("Paper"), _l("Date"), _l("From"), _l("To"), _l("By"), _l("State"), _l("Code"), _l("Item"), _l("On the way"),
    _l("Unit"),
)  # fmt: skip


@pages.get("/transfers")
@login_required
def transfers() -> Response | str:
    ids, here, is_file = asked.counted_ids("document.read"), current_warehouse(), asked.wants_file()
    found = documents.transfers_under_way([here.id] if here else ids, limit=None if is_file else SHOWN)
    names = _names(found)
    rows = [_row(one, names) for one in found]
    if is_file:
        return _file(rows)
    return render_template(
        "documents/transfers.html",
        listing=Listing(request.path, request.args, (), rows),
        states=STATES,
        of={state: [row for row in rows if row["state"] == state] for state in STATES},
    )


def _file(rows: Sequence[dict[str, Any]]) -> Response:
    """One line for each item that is on the way, under its paper."""
    lines = (
        [
            row["reference"], row["on"], row["sender"], row["receiver"], row["by"], str(STATES[row["state"]]),
            code, name, left, unit,
        ]
        for row in rows
        for code, name, unit, left in row["left"]
    )  # fmt: skip
    return asked.spreadsheet("transfers", FILE_COLUMNS, lines, _("Transfers under way"))


def _row(one: UnderWay, names: dict[str, dict[Any, str]]) -> dict[str, Any]:
    person = me()
    may_settle = one.may_settle(person.id)
    may_receive = person.may("transfer_receipt.post", one.receiver_id)
    return {
        "id": one.entry_id,
        "number": one.number,
        "reference": one.reference,
        "on": one.on,
        "sender": names["warehouses"].get(one.sender, one.sender),
        "receiver": names["warehouses"].get(one.receiver, one.receiver),
        "by": names["people"].get(one.actor_id, ""),
        "left": [
            (code, names["items"].get(code, code), names["units"].get(code, ""), left)
            for code, left in one.left.items()
        ],
        "state": "difference" if one.is_received else "arriving" if may_receive else "sent",
        "may_receive": may_receive,
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
