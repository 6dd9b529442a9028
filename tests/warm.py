"""Servers that start warm: forked from a process that has loaded the house once, where the command loads it each time.

Gunicorn, its configuration and the application are started as by the command, and only then; the command itself is what
`Server` runs, and the last morning of tests/api/test_power_cut.py.
"""

import multiprocessing
import os
import sys
from pathlib import Path
from subprocess import TimeoutExpired

from tests.server import HOUSE, Server

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.loaded"])


class Forked(FORKS.Process):  # type: ignore[name-defined, misc]
    """A command that begins in a fork; one asks it as one asks a process of `subprocess`."""

    def __init__(self, words: list[str], environment: dict[str, str], log: Path) -> None:
        super().__init__(daemon=True)  # a server that a test leaves behind is ended with the tests
        self.words, self.environment, self.log = words, environment, log

    def run(self) -> None:
        os.setsid()  # a group of its own, that can be killed as one
        output = os.open(self.log, os.O_WRONLY | os.O_APPEND)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(output, stream.fileno())
        os.closerange(3, 256)  # also what it was forked with: the command has none of it
        os.environ.clear()
        os.environ.update(self.environment)
        os.chdir(HOUSE)
        sys.argv = self.words
        from gunicorn.app import wsgiapp

        wsgiapp.run(prog=self.words[0])

    def poll(self) -> int | None:
        ended: int | None = self.exitcode
        return ended

    def wait(self, timeout: float | None = None) -> None:
        self.join(timeout)
        if self.exitcode is None:
            raise TimeoutExpired(self.words, timeout or 0)


class WarmServer(Server):
    """A server whose every start is a fork, but for those by `start_by_command`."""

    def start(self) -> None:
        self.log.touch()
        process = Forked(self.words, self.environment, self.log)
        process.start()
        self._await(process)
