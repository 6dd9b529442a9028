"""What bears a label of ours: its code for ever, and the version of what the label shows.

A label that was printed stays on the shelf while names change. Its QR says the version it was printed in, so that a
scan can tell an old label from one that still says what is true. Here alone stands what makes a label old.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, String, event, inspect, text
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from inventory.names import Names

FROM_ONE = "label_version >= 1"
_SHOWN = ("name_fr", "name_ar", "name_en", "expires_on", "unit_id")


class Labelled:
    """A thing with a label. ``label_version`` begins at 1 and is raised when what the label shows changes."""

    label_code: Mapped[str] = mapped_column(String(40), unique=True)
    label_version: Mapped[int] = mapped_column(default=1, server_default=text("1"))


def shown(values: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a label shows of a thing that can change: its names in Arabic and French, the unit of an item, the expiry of
    a lot."""
    names = Names(**{name: values.get(f"name_{name}") or "" for name in ("fr", "ar", "en")})
    return names.ar, names.french, values.get("expires_on"), values.get("unit_id")


def shows_otherwise(thing: Any) -> bool:
    """Whether what a label shows of a row is about to change."""
    kept = {name: state for name, state in inspect(thing).attrs.items() if name in _SHOWN}
    before = {name: (state.history.deleted or [state.value])[0] for name, state in kept.items()}
    return shown(before) != shown({name: state.value for name, state in kept.items()})


@event.listens_for(Labelled, "before_update", propagate=True)
def _raise_version(_mapper: Mapper[Any], _connection: Connection, thing: Any) -> None:
    if shows_otherwise(thing):
        thing.label_version += 1
