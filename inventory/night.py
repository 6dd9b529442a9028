"""The turn of the day: time itself makes lots expire, so alerts are worked out again when a business day begins.

Every process that serves keeps watch. Whoever comes second on a day finds nothing changed, and locks nothing.
"""

from __future__ import annotations

import logging
from datetime import date
from threading import Event

from flask import Flask

from inventory import clock, replenishment
from inventory.database import db, transaction

log = logging.getLogger(__name__)
PAUSE_SECONDS = 60


def watch(app: Flask, is_over: Event | None = None, pause: float = PAUSE_SECONDS) -> None:
    """Reviews the alerts soon after the start and on every new business day, until ``is_over`` (never). What fails,
    because the database is away or busy, is tried again after the next ``pause`` (seconds)."""
    is_over = is_over or Event()
    reviewed: date | None = None
    while not is_over.wait(pause):
        with app.app_context():
            today = clock.today()
            if today != reviewed and _is_reviewed(today):
                reviewed = today


def _is_reviewed(today: date) -> bool:
    try:
        if replenishment.is_outdated(on=today):
            with transaction():
                changed = replenishment.rederive(on=today, at=clock.now())
            log.info("%s alerts changed with the day", changed)
    except Exception:  # whatever it is, the next night must come
        log.warning("the alerts could not be reviewed", exc_info=True)
        return False
    finally:
        db.session.remove()
    return True
