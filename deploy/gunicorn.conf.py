"""How gunicorn serves the stores: threads in one process on SQLite, several processes on PostgreSQL.

Read from the environment: PORT (8000), HOST (127.0.0.1; anything wider belongs behind a proxy that speaks HTTPS),
WEB_CONCURRENCY (processes) and DATABASE_URL (which decides the default of the former).
"""

import contextlib
import ctypes
import os
import socket
import tempfile
import threading
from pathlib import Path
from typing import Any

HOST = os.environ.get("HOST") or "127.0.0.1"
PORT = os.environ.get("PORT") or "8000"
IS_POSTGRESQL = os.environ.get("DATABASE_URL", "").startswith("postgres")

chdir = str(Path(__file__).resolve().parent.parent)
bind = f"{HOST}:{PORT}"
worker_class = "gthread"
threads = 8
# SQLite has one writer anyway, and one process keeps one set of caches and limits.
workers = int(os.environ.get("WEB_CONCURRENCY") or (max(2, min(4, os.cpu_count() or 2)) if IS_POSTGRESQL else 1))
timeout = 60  # a request; a worker that hangs longer is replaced
graceful_timeout = 30
keepalive = 5
preload_app = True  # processes share the memory of what they all read
loglevel = os.environ.get("LOG_LEVEL", "warning").lower()
control_socket_disable = True  # nothing is written outside the house
# The heartbeat of the processes: on a disk it can block a process for as long as the disk is busy.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()  # noqa: S108

# glibc gives threads heaps of their own, of which none shrinks. Ours take turns anyway, so they share one: after the
# bench's load a process takes 97 MB instead of 131, and answers as fast.
M_ARENA_MAX = -8
with contextlib.suppress(OSError, AttributeError):  # another libc manages its memory otherwise
    ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


def on_starting(server: Any) -> None:
    """gunicorn tries a taken port for five seconds and then says little: say the way out at once."""
    family = socket.AF_INET6 if ":" in HOST else socket.AF_INET
    with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST.strip("[]"), int(PORT)))
        except OSError as error:
            raise SystemExit(
                f"Port {PORT} of {HOST} cannot be used ({error.strerror}). Another one: PORT=8001 make run"
            ) from None


def when_ready(server: Any) -> None:
    address = "127.0.0.1" if HOST in ("0.0.0.0", "::", "[::]") else HOST  # noqa: S104
    print(f"The stores are open at http://{address}:{PORT} (Ctrl-C closes them)", flush=True)  # noqa: T201


def post_worker_init(worker: Any) -> None:
    """What the day's turn changes is seen by the stores themselves, without a timer of the machine."""
    import wsgi
    from inventory.night import watch

    threading.Thread(target=watch, args=(wsgi.app,), name="night", daemon=True).start()


def post_fork(server: Any, worker: Any) -> None:
    """A database connection belongs to one process: forget, without closing, what was inherited."""
    import wsgi
    from inventory.database import db

    with wsgi.app.app_context():
        for engine in db.engines.values():
            engine.dispose(close=False)
