"""The application on a database named on the command line, migrated first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from inventory import create_app
from inventory.cli import migrations
from inventory.config import Config


@contextmanager
def opened(url: str | None) -> Iterator[Flask]:
    """The application, in its context, on the newest migration. ``url`` None: as the environment says."""
    environment = dict(os.environ) if url is None else {**os.environ, "DATABASE_URL": url}
    app = create_app(Config.from_environment(environment))
    with app.app_context():
        migrations.of(app).upgrade()
        yield app
