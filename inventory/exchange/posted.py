"""Papers of a file that stand in the books already. Those that say the same are passed over, whoever posted them; what
says otherwise by now is told, and so is a row that may have gone from there to another paper: it would come in
twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from inventory.database import batches
from inventory.documents import Document, documents_by_id
from inventory.ledger import Entry

from .known import Counted, by_chunks
from .papers import Paper
from .reading import Reader
from .rehearsing import order_of

Amounts = dict[int, tuple[str, Decimal]]
"""What each line of a paper, from 0, says: an item and how much of it in base units."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A posted paper, as far as its key tells of it."""

    entry_id: int
    actor_id: int
    fingerprint: str


def posted_of(papers: Iterable[Paper]) -> dict[str, Posted]:
    """Those of the papers that are posted, by their keys."""
    rows = by_chunks(_by_keys, [str(paper.key) for paper in papers])
    return {key: Posted(*told) for key, *told in rows}


def _by_keys(keys: list[str]) -> Any:
    return select(Entry.key, Entry.id, Entry.actor_id, Entry.fingerprint).where(Entry.key.in_(keys))


def otherwise(
    reader: Reader, items: Mapping[str, Counted], papers: Iterable[Paper], posted: Mapping[str, Posted]
) -> set[str]:
    """The keys of the papers that cannot be posted for what stands in the books, each listed as bad."""
    waiting, changed = [], {}
    for paper in papers:
        there = posted.get(str(paper.key))
        if there is None:
            waiting.append(paper)
        elif _mark(paper, posted, there.actor_id) != there.fingerprint:
            changed[there.entry_id] = paper
    left: set[str] = set()
    lost: dict[tuple[str, str, str], str] = {}
    for document in (one for part in batches(list(changed)) for one in documents_by_id(part)):
        paper = changed[document.entry_id]
        left.add(str(paper.key))
        for item in _tell(reader, items, paper, document):
            lost[document.warehouse, document.kind, item] = document.reference
    for paper in waiting if lost else ():
        left |= _may_come_twice(reader, paper, lost)
    return left


def _mark(paper: Paper, posted: Mapping[str, Posted], actor_id: int) -> str:
    """The fingerprint the paper would have if whoever posted it posted it as it reads now."""
    transfer = posted.get(str(paper.cites)) if paper.cites else None
    cited = str(transfer.entry_id) if transfer else (paper.request.get("source") or {}).get("document", "")
    return order_of(paper, paper.request["lines"], cited).fingerprint(actor_id)


def _tell(reader: Reader, items: Mapping[str, Counted], paper: Paper, document: Document) -> set[str]:
    """Lists where a paper reads otherwise than it was posted; returns the items of which it says less."""
    then, now = _then(document), _now(items, paper)
    at = next((line for line in now if now[line] != then.get(line)), None)
    sentence = _l(
        "as in %(paper)s, which is posted: put it back so; or reverse that paper and give this one another reference",
        paper=document.reference,
    )
    if at is None:  # a row is gone, or the difference is another: a price, a lot, a service
        reader.fail_row(paper.rows[0], "reference", sentence)
    else:
        reader.fail_row(paper.rows[at], "item" if at not in then or then[at][0] != now[at][0] else "quantity", sentence)
    was, left = _totals(then), _totals(now)
    return {item for item, quantity in was.items() if quantity > left.get(item, 0)}


def _may_come_twice(reader: Reader, paper: Paper, lost: Mapping[tuple[str, str, str], str]) -> set[str]:
    found = set()
    for row, line in zip(paper.rows, paper.request["lines"], strict=True):
        there = lost.get((paper.request["warehouse"], paper.request["kind"], line["item"]))
        if there:
            sentence = _l("no row that may be in %(paper)s already: put the rows of that one back first", paper=there)
            reader.fail_row(row, "reference", sentence)
            found.add(str(paper.key))
    return found


def _then(document: Document) -> Amounts:
    found: Amounts = {}
    for line in document.content["lines"]:
        at = line["line"] - 1
        before = found.get(at, ("", Decimal(0)))[1]
        found[at] = line["item"], before + Decimal(line["base_quantity"])
    return found


def _now(items: Mapping[str, Counted], paper: Paper) -> Amounts:
    return {
        at: (line["item"], items[line["item"]].in_base_units(Decimal(line["quantity"]), line.get("unit")))
        for at, line in enumerate(paper.request["lines"])
    }


def _totals(amounts: Amounts) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for item, quantity in amounts.values():
        found[item] = found.get(item, Decimal(0)) + quantity
    return found
