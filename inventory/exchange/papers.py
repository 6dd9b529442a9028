"""The papers that a file of movements becomes, and what becomes of each."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from inventory.errors import Refusal
from inventory.ledger.questions import entry_by_key

COLUMNS = {
    "supplier": "supplier",
    "service": "service",
    "warehouse": "target_warehouse",
    "document": "transfer",
    "reason": "reason",
}
"""The field that names the other side of a paper, by what that side is."""


@dataclass
class Paper:
    """One paper to post: `request` in the shape of `POST /documents`, `rows` its line numbers in the file. A transfer
    receipt whose transfer stands in the same file has no source before that is posted, under the key `cites`. What
    `stands` in the books as it reads here is not posted again."""

    key: uuid.UUID
    reference: str
    request: dict[str, Any]
    rows: list[int] = field(default_factory=list)
    head: dict[str, str | None] = field(default_factory=dict)
    cites: uuid.UUID | None = None
    stands: bool = False

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Paper:
        """The paper that ``as_dict`` kept."""
        cites = uuid.UUID(kept["cites"]) if kept.get("cites") else None
        return cls(
            uuid.UUID(kept["key"]), kept["reference"], kept["request"], kept["rows"], cites=cites, stands=kept["stands"]
        )

    def as_dict(self) -> dict[str, Any]:
        """What must be kept of the paper to post it later, as JSON takes it."""
        return {
            "key": str(self.key), "reference": self.reference, "request": self.request, "rows": self.rows,
            "cites": str(self.cites) if self.cites else None, "stands": self.stands,
        }  # fmt: skip

    def asked(self) -> dict[str, Any]:
        """The request as it is posted now: a transfer of the same file has its id by then."""
        if self.cites is None:
            return self.request
        transfer = entry_by_key(str(self.cites))
        return self.request | {"source": {"document": str(transfer.id) if transfer else self.reference}}


@dataclass(frozen=True)
class Outcome:
    """What became of a paper: the answer of the door, or the refusal that stopped the import there; neither of what
    stood in the books before."""

    paper: Paper
    answer: Any = None
    refusal: Refusal | None = None

    @property
    def was_there(self) -> bool:
        """Whether the paper stood in the books before, as the dry run saw or the door found."""
        return self.refusal is None and (self.answer is None or self.answer.is_replay)

    def as_dict(self) -> dict[str, Any]:
        """Where the import stopped and why, for programs."""
        refusal = self.refusal
        assert refusal is not None
        return {
            "reference": self.paper.reference,
            "kind": self.paper.request["kind"],
            "warehouse": self.paper.request["warehouse"],
            "on": self.paper.request["on"],
            "rows": self.paper.rows,
            "code": refusal.code,
            "detail": refusal.message(),
            "errors": [{"row": self._row(one.pointer), "expected": one.sentence()} for one in refusal.faults],
        }

    def _row(self, pointer: str) -> int | None:
        """The row of the file that a pointer such as ``/lines/3/quantity`` means."""
        parts = pointer.split("/")
        is_line = len(parts) > 2 and parts[1] == "lines" and parts[2].isdigit() and int(parts[2]) < len(self.paper.rows)
        return self.paper.rows[int(parts[2])] if is_line else None


def apply_movements(papers: Iterable[Paper], post: Callable[[dict[str, Any], uuid.UUID], Any]) -> Iterator[Outcome]:
    """Posts paper after paper through `post` (one transaction each) and stops at the first refusal, which it says."""
    for paper in papers:
        if paper.stands:
            yield Outcome(paper)
            continue
        try:
            answer = post(paper.asked(), paper.key)
        except Refusal as refusal:
            yield Outcome(paper, refusal=refusal)
            return
        yield Outcome(paper, answer)
