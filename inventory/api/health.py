"""How the house is: for load balancers and monitoring. ``/healthz``: this process answers; ``/readyz``: it can work;
``/metrics``: what it did, in the Prometheus format.

Metrics count per process; where several serve (PostgreSQL), ``PROMETHEUS_MULTIPROC_DIR`` names an empty folder in which
they add up. They are shown to this machine, or to who sends ``METRICS_TOKEN`` as bearer token.
"""

from __future__ import annotations

import hmac
import os
import time
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound

from inventory.api.answers import answer
from inventory.config import PROJECT
from inventory.database import db
from inventory.errors import Unreachable

health = Blueprint("health", __name__)

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_requests = Counter("makhazine_requests", "Requests answered", ("method", "route", "status"))
_durations = Histogram("makhazine_request_seconds", "How long requests took", ("method", "route"), buckets=_SECONDS)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_heads: dict[Path, str | None] = {}


def join(app: Flask) -> None:
    """Opens the three addresses and counts every request by its route, never by its address."""
    app.register_blueprint(health)
    app.before_request(_start)
    app.after_request(_count)


@health.get("/healthz")
def alive() -> Response:
    """This process answers."""
    return answer({"status": "ok"})


@health.get("/readyz")
def ready() -> Response:
    """The database answers and has every migration; else 503, with what is missing."""
    try:
        at = migration_of(db.session.connection())
    except (SQLAlchemyError, Unreachable):
        db.session.rollback()
        return answer({"status": "unavailable", "database": "unreachable"}, 503, {"Retry-After": "5"})
    db.session.rollback()
    if at != newest_migration():
        return answer({"status": "unavailable", "database": "not migrated"}, 503, {"Retry-After": "5"})
    return answer({"status": "ok", "migration": at})


@health.get("/metrics")
def metrics() -> Response:
    """The counters, for this machine or the bearer of METRICS_TOKEN; to anybody else there is nothing here."""
    if not _may_measure():
        raise NotFound
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def migration_of(connection: Connection) -> str | None:
    """The revision that the database is at. What knows migrations takes a third of a second to load: no server begins
    with it."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def newest_migration() -> str | None:
    """The revision that the database should be at."""
    from alembic.script import ScriptDirectory

    folder = PROJECT / "migrations"
    if folder not in _heads:
        _heads[folder] = ScriptDirectory(str(folder)).get_current_head()
    return _heads[folder]


def _may_measure() -> bool:
    token = current_app.config.get("METRICS_TOKEN")
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    is_relayed = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip"))
    return request.remote_addr in ("127.0.0.1", "::1") and not is_relayed


def _start() -> None:
    g.started = time.perf_counter()


def _count(response: Any) -> Any:
    route = request.url_rule.rule if request.url_rule else "(none)"
    method = request.method if request.method in _METHODS else "(other)"
    counter, durations = _measured(method, route, response.status_code)
    counter.inc()
    if "started" in g:
        durations.observe(time.perf_counter() - g.started)
    return response


@cache
def _measured(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    return _requests.labels(method, route, str(status)), _durations.labels(method, route)
