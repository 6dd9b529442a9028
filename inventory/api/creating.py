"""Creating once: the answer of a call is kept under the caller's key, in the transaction that creates the thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response

from inventory import clock, replays
from inventory.access import Identity
from inventory.api.answers import created
from inventory.database import transaction
from inventory.documents.orders import fingerprint
from inventory.errors import ChangedMeanwhile


def create(call: str, asked: Any, *, by: Identity, key: str, perform: Callable[[], dict[str, Any]]) -> Response:
    """Performs a call inside one transaction, or gives the first answer again. Permit before.

    Two processes may create the same thing at the same moment; the database lets one of them, and the other looks
    again: it finds the answer under its own key, or that the thing exists.
    """
    try:
        content, is_replay = _create(call, asked, by, key, perform)
    except ChangedMeanwhile:
        content, is_replay = _create(call, asked, by, key, perform)
    return created(content, is_replay=is_replay)


def _create(
    call: str, asked: Any, by: Identity, key: str, perform: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    mark = fingerprint(by.id, {"call": call, "asked": asked})
    with transaction():
        kept = replays.answer_of(key, actor_id=by.id, fingerprint=mark)
        if kept is not None:
            return kept, True
        content = orjson.loads(orjson.dumps(perform(), option=orjson.OPT_UTC_Z))
        replays.keep(key, content, actor_id=by.id, fingerprint=mark, at=clock.now())
    return content, False
