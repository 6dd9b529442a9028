"""Counts of places: handed in blind, compared, decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response

from inventory import clock, counting
from inventory.access import require, require_somewhere
from inventory.api.acting import acting
from inventory.api.answers import answer, created, opened, page, plain
from inventory.api.creating import create
from inventory.api.documents import entry_id_of as number_of
from inventory.api.noun import Noun
from inventory.api.scope import permitted, within
from inventory.counting import CountsAsked, NewCount
from inventory.database import transaction
from inventory.documents import LineOrder
from inventory.schemas.counts import CountIn, CountOut, CountPage, CountQuery, CountReasonIn, RemarkIn

calls = Noun("counts", __name__, "What lies at a place, counted without being told what should.")

_NAMES = ("code", "name_fr", "name_ar", "name_en")


@calls.call("GET", "/counts", query=CountQuery(), answers=CountPage())
def list_(query: dict[str, Any]) -> Response:
    """List counts

    The newest first.
    """
    ids = within(acting(), "count.read", query.get("warehouse"))
    asked = CountsAsked(warehouse_ids=ids, state=query.get("state", ""))
    rows, following = counting.find_counts(asked, after=opened(query.get("cursor"), "counts"), limit=query["limit"])
    return page(_told(rows), following, "counts")


@calls.call("POST", "/counts", body=CountIn(), answers=CountOut(), is_creating=True)
def add(data: dict[str, Any], *, key: str) -> Response:
    """Hand a count in

    The answer tells what was expected, and the difference.
    """
    by = acting()
    permitted(by, "count.write", data["warehouse"])

    def perform() -> dict[str, Any]:
        counted_at = data["counted_at"]
        new = NewCount(
            warehouse=data["warehouse"],
            location=data["location"],
            is_whole=data["is_whole"],
            lines=tuple(LineOrder(**line) for line in data["lines"]),
            counted_at=counted_at,
            counted_on=clock.day_of(counted_at) if counted_at else None,
            before=data["before"],
        )
        return _one(counting.record(new, by=by, today=clock.today(), at=clock.now()).id)

    return create("POST /counts", data, by=by, key=key, perform=perform)


@calls.call("GET", "/counts/<string:count_id>", answers=CountOut())
def read(count_id: str) -> Response:
    """Read a count"""
    require_somewhere(acting(), "count.read")
    row = counting.count_row(number_of(count_id))
    require(acting(), "count.read", row.PlaceCount.warehouse_id)
    return answer(_told([row])[0])


@calls.call("POST", "/counts/<string:count_id>/adjustment", body=CountReasonIn(), answers=CountOut(), is_creating=True)
def adjust(data: dict[str, Any], count_id: str, *, key: str) -> Response:
    """Post the difference of a count

    As an adjustment, once.
    """
    by, number = acting(), number_of(count_id)
    require_somewhere(by, "adjustment.post")
    with transaction():
        document = counting.adjust(number, data["reason"], by=by, today=clock.today(), at=clock.now(), key=key)
    return created(_one(number), is_replay=document.is_replay)


@calls.call("POST", "/counts/<string:count_id>/dismissal", body=CountReasonIn(), answers=CountOut())
def dismiss(data: dict[str, Any], count_id: str) -> Response:
    """Leave the books as they are"""
    by, number = acting(), number_of(count_id)
    require_somewhere(by, "adjustment.post")
    with transaction():
        counting.dismiss(number, data["reason"], by=by, at=clock.now())
    return answer(_one(number))


@calls.call("POST", "/counts/<string:count_id>/remarks", body=RemarkIn(), answers=CountOut(), is_creating=True)
def remark(data: dict[str, Any], count_id: str, *, key: str) -> Response:
    """Say what may explain a difference"""
    by, number = acting(), number_of(count_id)
    require_somewhere(by, "count.write")

    def perform() -> dict[str, Any]:
        counting.remark(number, data["remark"], by=by, at=clock.now())
        return _one(number)

    return create(f"POST /counts/{number}/remarks", data, by=by, key=key, perform=perform)


def _one(count_id: int) -> dict[str, Any]:
    return _told([counting.count_row(count_id)])[0]


def _told(rows: Sequence[Any]) -> list[dict[str, Any]]:
    ids = [row.PlaceCount.id for row in rows]
    lines, remarks = counting.lines_of_counts(ids), counting.remarks_of(ids)
    return [_count(row, lines[row.PlaceCount.id], remarks[row.PlaceCount.id]) for row in rows]


def _count(row: Any, lines: Sequence[Any], remarks: Sequence[Any]) -> dict[str, Any]:
    count, decision = row.PlaceCount, row.CountDecision
    return {
        "id": str(count.id),
        "warehouse": row.warehouse,
        "location": {name: getattr(row.Location, name) for name in _NAMES},
        "counted_at": count.counted_at,
        "recorded_at": count.recorded_at,
        "by": row.username,
        "is_whole": count.is_whole,
        "state": row.state,
        "lines": [_line(one) for one in lines],
        "decision": decision
        and {
            "decided_at": decision.decided_at,
            "reason": decision.reason,
            "document": None if decision.entry_id is None else str(decision.entry_id),
        },
        "remarks": [
            {"said_at": one.CountRemark.said_at, "by": one.display_name, "remark": one.CountRemark.remark}
            for one in remarks
        ],
    }


def _line(row: Any) -> dict[str, Any]:
    line = row.CountLine
    return {
        "item": row.Item.code,
        **{name: getattr(row.Item, name) for name in _NAMES[1:]},
        "lot": line.lot or None,
        "expires_on": line.expires_on,
        "counted": plain(line.counted),
        "expected": plain(line.expected),
        "difference": plain(line.difference),
        "has_moved": row.has_moved,
        "is_counted_again": row.is_counted_again,
    }
