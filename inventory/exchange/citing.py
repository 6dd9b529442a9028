"""Which transfer a receipt of a file speaks of: one that stands in the same file, by the reference it has there, or one
that is posted, by the reference that is printed on it."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from inventory.database import batches
from inventory.documents import transfers_cited

from .papers import Paper
from .problems import Sentence
from .reading import Reader


def cite(reader: Reader, papers: Sequence[Paper]) -> list[Paper]:
    """The papers, each receipt with its transfer; those whose transfer is not to be found are listed as bad."""
    receipts = [paper for paper in papers if paper.request["kind"] == "transfer_receipt"]
    sent: dict[tuple[str, str], list[Paper]] = {}
    for paper in papers:
        if paper.request["kind"] == "transfer":
            sent.setdefault((paper.reference, paper.request["target"]["warehouse"]), []).append(paper)
    posted: dict[str, tuple[int, str]] = {}
    for part in batches(sorted({str(paper.head["transfer"]) for paper in receipts})):
        posted |= transfers_cited(part)
    lost = set()
    for paper in receipts:
        named, here = str(paper.head["transfer"]), paper.request["warehouse"]
        mine = sent.get((named, here), [])
        if len(mine) == 1:
            paper.cites = mine[0].key
        elif not mine and posted.get(named, (0, ""))[1] == here:
            paper.request["source"] = {"document": str(posted[named][0])}
        else:
            reader.fail_row(paper.rows[0], "transfer", _several(mine) if mine else UNKNOWN)
            lost.add(paper.key)
    return [paper for paper in papers if paper.key not in lost]


UNKNOWN: Sentence = _l(
    "the reference of a transfer to this warehouse: as printed on it (CENTRAL/BT/2026/000012), or as in this file"
)


def _several(papers: Sequence[Paper]) -> Sentence:
    rows = ", ".join(str(paper.rows[0]) for paper in papers)
    return _l("one transfer: rows %(rows)s begin several with this reference to this warehouse", rows=rows)
