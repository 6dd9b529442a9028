"""All that a server loads before it knows which store it serves, loaded: only for the process that servers fork from.

No application is made here, no thread, no connection; `wsgi`, which reads the environment, is left to the server.
"""

import gc

gc.disable()  # as in wsgi.py, and for the same reason

from importlib import import_module  # noqa: E402
from pkgutil import walk_packages  # noqa: E402

import flask_sqlalchemy.cli  # noqa: E402, F401
import gunicorn.app.wsgiapp  # noqa: E402
import gunicorn.workers.gthread  # noqa: E402, F401
import sqlalchemy.dialects.postgresql.psycopg  # noqa: E402
import sqlalchemy.dialects.sqlite  # noqa: E402, F401

import inventory  # noqa: E402

PROGRAMS = ("inventory.press.worker", "inventory.exchange.cells_process")
"""What is run by its path: the house itself never loads it."""

for found in walk_packages(inventory.__path__, "inventory."):
    if found.name not in PROGRAMS:
        import_module(found.name)

gc.freeze()
gc.enable()
