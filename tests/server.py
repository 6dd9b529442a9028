"""The stores as they run for people: gunicorn, in several processes, on a port of its own."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from inventory.config import Config

HOUSE = Path(__file__).resolve().parent.parent
SECONDS_TO_START = 30
SECONDS_TO_STOP = 45  # a process that is being forked just then hears nothing: gunicorn ends it after thirty
PORTS = range(10_000, 32_000)
"""Below those that a machine lends to whoever calls out: one of these, free now, may be a call's before it is used."""


def free_port() -> int:
    """A port that nobody holds, drawn at random: others may draw at the same moment."""
    while True:
        port = secrets.choice(PORTS)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


class Process(Protocol):
    """The first process of a running server."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> object: ...

    def terminate(self) -> None: ...


class Server:
    """A running server on the database of `config`. `kill` pulls the plug; `start` after it is the next morning."""

    def __init__(self, config: Config, workers: int, log: Path, application: str = "wsgi:app") -> None:
        self.words = ["gunicorn", "--config", "deploy/gunicorn.conf.py", application]
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.environment = (
            os.environ
            | config.environment
            | {
                "PUBLIC_URL": self.url,
                "PORT": str(self.port),
                "WEB_CONCURRENCY": str(workers),
            }
        )
        self.process: Process | None = None
        self.start()

    def start(self) -> None:
        self.start_by_command()

    def start_by_command(self) -> None:
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", *self.words],
                cwd=HOUSE,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._await(process)

    def _await(self, process: Process) -> None:
        self.process = process
        try:
            self._wait(process)
        except BaseException:  # also when whoever starts it is ended meanwhile
            self.kill()
            raise

    def _wait(self, process: Process) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The server did not start:\n{self.log.read_text()}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                return True
        except urllib.error.HTTPError as answer:
            answer.close()
            return True
        except OSError:
            return False

    def stop(self) -> None:
        """End in order: what is being served is served."""
        if self.process:
            self.process.terminate()
            self.process.wait(SECONDS_TO_STOP)
            self.process = None

    def kill(self) -> None:
        """End every process of it at once, as a power cut would."""
        if self.process:
            with suppress(ProcessLookupError):  # it ended by itself
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
