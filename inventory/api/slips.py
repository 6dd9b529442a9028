"""Slips to regularise."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask import Response, url_for
from flask_babel import lazy_gettext as _l

from inventory import clock, pictures, slips
from inventory.access import require, require_somewhere
from inventory.api.acting import acting
from inventory.api.answers import answer, opened, page, plain
from inventory.api.creating import create
from inventory.api.documents import entry_id_of as number_of
from inventory.api.noun import Noun
from inventory.api.scope import permitted, within
from inventory.database import transaction
from inventory.documents import LineOrder
from inventory.errors import refuse_field
from inventory.schemas.slips import ClosingIn, SettlementIn, SlipIn, SlipOut, SlipPage, SlipQuery
from inventory.slips import NewSlip, SlipsAsked

calls = Noun("slips", __name__, "Goods that left while the books said there were none; they change no stock.")


@calls.call("GET", "/slips", query=SlipQuery(), answers=SlipPage())
def list_(query: dict[str, Any]) -> Response:
    """List slips

    The newest first, settled or not.
    """
    ids = within(acting(), "slip.read", query.get("warehouse"))
    asked = SlipsAsked(warehouse_ids=ids, state=query.get("state", ""))
    rows, following = slips.find_slips(asked, after=opened(query.get("cursor"), "slips"), limit=query["limit"])
    return page(_told(rows), following, "slips")


@calls.call("POST", "/slips", body=SlipIn(), answers=SlipOut(), is_creating=True)
def add(data: dict[str, Any], *, key: str) -> Response:
    """Write a slip

    Only where the store has too little for it; one that was made earlier (`made_at`) is taken all the same.
    """
    by = acting()
    permitted(by, "slip.write", data["warehouse"])
    photo = _picture(data["photo"]) if data["photo"] else None

    def perform() -> dict[str, Any]:
        given = {name: data[name] for name in ("warehouse", "service", "receiver", "made_at")}
        lines = tuple(LineOrder(**line) for line in data["lines"])
        new = NewSlip(
            **given, note=data["note"] or "", lines=lines, photo=photo, media_type=pictures.MEDIA_TYPE if photo else ""
        )
        kept = slips.record(new, by=by, today=clock.today(), at=clock.now())
        return _one(kept.id)

    return create("POST /slips", data, by=by, key=key, perform=perform)


@calls.call("GET", "/slips/<string:slip_id>", answers=SlipOut())
def read(slip_id: str) -> Response:
    """Read a slip"""
    require_somewhere(acting(), "slip.read")
    row = slips.slip_row(number_of(slip_id))
    require(acting(), "slip.read", row.Slip.warehouse_id)
    return answer(_told([row])[0])


@calls.call("POST", "/slips/<string:slip_id>/settlement", body=SettlementIn(), answers=SlipOut())
def settle(data: dict[str, Any], slip_id: str) -> Response:
    """Link the papers that put a slip right

    They issue to its service at least what was handed out. The same papers a second time change nothing.
    """
    by, number = acting(), number_of(slip_id)
    require_somewhere(by, "slip.settle")
    with transaction():
        slips.settle(number, [number_of(one) for one in data["papers"]], by=by, at=clock.now())
    return answer(_one(number))


@calls.call("POST", "/slips/<string:slip_id>/closing", body=ClosingIn(), answers=SlipOut())
def close(data: dict[str, Any], slip_id: str) -> Response:
    """Close a slip without papers

    By a manager who did not write it, with a reason.
    """
    by, number = acting(), number_of(slip_id)
    require_somewhere(by, "slip.close")
    with transaction():
        slips.close(number, data["reason"], by=by, at=clock.now())
    return answer(_one(number))


def _picture(text: str) -> bytes:
    try:
        return pictures.evidence(base64.b64decode(text, validate=True))
    except ValueError:  # binascii.Error is one; a letter that is not ASCII brings a plain one
        refuse_field("/photo", "format", _l("Send the photo in base64."))
    except pictures.NotAPicture as problem:
        refuse_field("/photo", problem.reason, pictures.WHY[problem.reason])


def _one(slip_id: int) -> dict[str, Any]:
    return _told([slips.slip_row(slip_id)])[0]


def _told(rows: Sequence[Any]) -> list[dict[str, Any]]:
    ids = [row.Slip.id for row in rows]
    lines, settlements = slips.lines_of_slips(ids), slips.settlements_of(ids)
    papers = slips.papers_of_settlements([one.SlipSettlement.id for each in settlements.values() for one in each])
    return [_slip(row, lines[row.Slip.id], settlements[row.Slip.id], papers) for row in rows]


def _slip(row: Any, lines: Sequence[Any], settlements: Sequence[Any], papers: dict[int, list[int]]) -> dict[str, Any]:
    slip = row.Slip
    return {
        "id": str(slip.id),
        "number": slip.number_in_year,
        "reference": slips.slip_reference(slip, row.warehouse),
        "warehouse": row.warehouse,
        "service": row.Service.code,
        "receiver": slip.receiver,
        "note": slip.note,
        "made_at": slip.made_at,
        "recorded_at": slip.recorded_at,
        "by": row.username,
        "state": "open" if row.is_open else "settled",
        "photo": url_for("slips.photo", slip_id=slip.id, v=row.photo[:12]) if row.photo else None,
        "lines": [_line(one) for one in lines],
        "settlements": [
            {
                "settled_at": one.SlipSettlement.settled_at,
                "by": one.username,
                "reason": one.SlipSettlement.reason or None,
                "papers": [str(entry_id) for entry_id in papers[one.SlipSettlement.id]],
                "stands": bool(one.stands),
            }
            for one in settlements
        ],
    }


def _line(row: Any) -> dict[str, Any]:
    line = row.SlipLine
    counted: Decimal | None = line.unit_quantity
    return {
        "item": row.Item.code,
        "quantity": plain(line.quantity),
        "unit": line.unit,
        "unit_quantity": plain(counted),
        "lot": line.lot or None,
        "location": line.location or None,
        "first_number": line.first_number,
        "last_number": line.last_number,
        "available": plain(line.available),
    }
