"""Badges with a code: made of the form's own key, so that a form sent twice prints the same."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

from flask import Response, current_app, request

from inventory import clock, sessions
from inventory.codes.own import SYMBOLS
from inventory.database import transaction
from inventory.printing import LabelOrder
from inventory.web.asked import me
from inventory.web.labels.room import key_of_print, printed

PREFIX, LENGTH = "MKB", 26


def badges_printed(order: LabelOrder) -> Response:
    """Prints badges each with a new code, which counts from then on; the badges before them open nothing."""
    codes = {label.subject_id: _code(label.subject_id) for label, _copies in order.wanted}
    wanted = [(replace(label, text=codes[label.subject_id]), copies) for label, copies in order.wanted]
    answer = printed(replace(order, wanted=wanted), warehouse_id=None)
    with transaction():
        for label, _copies in order.wanted:
            sessions.issue_badge(
                label.subject_id, label.reference, codes[label.subject_id], by=me(), at=clock.now(),
                address=request.remote_addr or "",
            )  # fmt: skip
    return answer


def _code(user_id: int) -> str:
    """130 bits that nobody can work out who does not know our secret."""
    said = f"badge:{key_of_print()[0]}:{user_id}".encode()
    digest = int.from_bytes(hmac.digest((current_app.secret_key or "").encode(), said, hashlib.sha256))  # type: ignore[union-attr]
    return PREFIX + "".join(SYMBOLS[(digest >> (5 * place)) & 31] for place in range(LENGTH))
