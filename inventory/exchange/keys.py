"""The key of a paper that a file brings, for ever; and what the same source posted before under the same reference.

A key is made from the name of the source and the reference. Warehouse, kind and day go into it too: the numbers of
paper books begin again per store, kind and year, and one file may hold them all. But these three may be corrected, and
then the key is another and says nothing of the paper that is posted. The posted papers say it themselves: each has its
reference in its note, and its own warehouse, kind and day make its key again under the name of its source. One that no
row of the file makes any more was another state of a row, and nothing new comes in under its reference before it is
reversed; then it may, since its key is another.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping

from inventory.documents import Keyed, keyed_by_name

NAMESPACE = uuid.UUID("6d616b68-617a-696e-6520-696d706f7274")
NAMED_BY = ("reference", "warehouse", "kind", "on")
"""What rows of one paper have in common, and no other rows."""
BETWEEN = " · "
"""What stands in a paper's note between its reference and what is noted beside it."""


def key_of(source: str, *named: str | None) -> uuid.UUID:
    """The key of a paper, from what ``NAMED_BY`` names."""
    return uuid.uuid5(NAMESPACE, "\n".join([source, *map(str, named)]))


def doubles(source: str, papers: Mapping[str, str], keys: Collection[str]) -> dict[str, Keyed]:
    """Which papers of a file (key → reference) are posted already with another day, kind or warehouse, and as what.
    ``keys``: of everything in the file, also of what cannot be posted."""
    posted = _posted(source, set(papers.values()))
    known = {one.key for found in posted.values() for one in found}
    gone = {named: [one for one in found if one.key not in keys] for named, found in posted.items()}
    return {key: gone[named][0] for key, named in papers.items() if gone.get(named) and key not in known}


def _posted(source: str, references: Collection[str]) -> dict[str, list[Keyed]]:
    """What stands of this source, by reference."""
    found: dict[str, list[Keyed]] = {}
    for one in keyed_by_name():
        for named in _beginnings(one.note):
            own = (named, one.warehouse, one.kind, one.on.isoformat())
            if named in references and str(key_of(source, *own)) == one.key:
                found.setdefault(named, []).append(one)
    return found


def _beginnings(note: str) -> Iterator[str]:
    """What may be the reference in a note: it may hold the sign that ends it."""
    parts = note.split(BETWEEN)
    for length in range(1, len(parts) + 1):
        yield BETWEEN.join(parts[:length])
