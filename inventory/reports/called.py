"""A thing as a report shows it: its code and its names, without the rest of its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Called:
    """What something is called; at least one name is there, or the code stands for it."""

    id: int
    code: str
    name_fr: str
    name_ar: str
    name_en: str


def columns_of(kind: Any, prefix: str) -> tuple[Any, ...]:
    """The columns that ``called`` reads again under the same prefix."""
    names = ("id", "code", "name_fr", "name_ar", "name_en")
    return tuple(getattr(kind, name).label(f"{prefix}_{name}") for name in names)


def called(row: Any, prefix: str) -> Called | None:
    """The thing of a row, None when it is not there."""
    found = getattr(row, f"{prefix}_id")
    if found is None:
        return None
    return Called(found, *(getattr(row, f"{prefix}_{name}") for name in ("code", "name_fr", "name_ar", "name_en")))


def sure(row: Any, prefix: str) -> Called:
    """The thing of a row that is always there."""
    found = called(row, prefix)
    assert found is not None, prefix
    return found
