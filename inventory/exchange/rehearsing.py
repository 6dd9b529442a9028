"""The papers of a file, tried one after the other before any is posted: what posting would refuse in them, at the cells
that say it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from inventory.documents import KINDS, MOST_ASKED, LineOrder, Order, Rehearsal, Side
from inventory.errors import Fault

from .keys import NAMED_BY
from .papers import COLUMNS, Paper
from .problems import Sentence
from .reading import Reader

STRAY = _l("nothing: it does not belong on such a paper")
HEADS = ("on", "warehouse", "origin", "note", "reason")
# What has a say in whether the head of a paper is right; for its lines, the kind and the item.
SAID_BY = dict.fromkeys((*HEADS, *COLUMNS.values()), ("kind",)) | {"on": ("warehouse",), "supplier": ("kind", "origin")}


class Rehearsing:
    """Papers that can be read so far as to say their kind, store and day; of rows that cannot be read, nothing more is
    said."""

    def __init__(self, reader: Reader, papers: Iterable[Paper], today: date | None):
        self.reader = reader
        self.orders = {paper.key: _order(reader, paper) for paper in papers if all(map(paper.head.get, NAMED_BY))}
        self.rehearsal = Rehearsal.of([order for _rows, order in self.orders.values() if order.lines], today)

    def is_sound(self, paper: Paper) -> bool:
        """Whether nothing is wrong with the paper; what is wrong is listed."""
        rows, order = self.orders.get(paper.key, ([], None))
        if order is None or not order.lines:
            return False
        wrong: dict[tuple[int, str], Sentence] = {(rows[0], name): STRAY for name in _strays(paper, order)}
        for one in order.length_faults(MOST_ASKED) + self.rehearsal.faults(order):
            wrong.setdefault(_where(one, rows, order), one.sentence())
        for (number, name), sentence in wrong.items():
            self.reader.disagree(self.reader.row(number), (name,), sentence, by=SAID_BY.get(name, ("kind", "item")))
        return not wrong

    def note(self, paper: Paper) -> None:
        """The paper will be posted before those that follow."""
        self.rehearsal.note(self.orders[paper.key][1])


def _order(reader: Reader, paper: Paper) -> tuple[list[int], Order]:
    """The order of a paper's rows that can be read, and these rows."""
    good = [
        (row, line)
        for row, line in zip(paper.rows, paper.request["lines"], strict=True)
        if not reader.is_bad(reader.row(row))
    ]
    return [row for row, _line in good], order_of(paper, [line for _row, line in good], str(paper.head["transfer"]))


def order_of(paper: Paper, lines: Iterable[dict[str, Any]], transfer: str) -> Order:
    """The order that a paper is with these of its lines. ``transfer``: what a receipt of one cites; it may stand in the
    same file, and has no id before it is posted."""
    request = paper.request
    is_receipt = request["kind"] == "transfer_receipt"
    return Order(
        request["kind"],
        request["warehouse"],
        tuple(map(_line, lines)),
        date.fromisoformat(request["on"]),
        Side("document", transfer) if is_receipt else _side(request.get("source")),
        _side(request.get("target")),
        request.get("origin"),
        request.get("reason"),
        request["note"],
    )


def _line(line: dict[str, Any]) -> LineOrder:
    found = dict(line)
    for name in ("quantity", "unit_cost"):
        if name in found:
            found[name] = Decimal(found[name])
    if "expires_on" in found:
        found["expires_on"] = date.fromisoformat(found["expires_on"])
    return LineOrder(**found)


def _side(said: dict[str, str] | None) -> Side | None:
    return Side(*next(iter(said.items()))) if said else None


def _strays(paper: Paper, order: Order) -> list[str]:
    """What the paper's head says of another side than its order has: it would be lost."""
    held = {COLUMNS[side.kind] for side in (order.source, order.target) if side}
    return [name for name in COLUMNS.values() if name != "reason" and paper.head[name] and name not in held]


def _where(one: Fault, rows: list[int], order: Order) -> tuple[int, str]:
    """The row and the field that a fault is about: what is wrong with a paper's head stands in its first row."""
    _, head, *rest = one.pointer.split("/")
    if head == "lines" and len(rest) == 2:
        return rows[int(rest[0])], rest[1]
    if head in ("source", "target"):
        side, kind = getattr(order, head), KINDS[order.kind]
        return rows[0], COLUMNS[side.kind if side else getattr(kind, head)]
    return rows[0], head if head in HEADS else "reference"
