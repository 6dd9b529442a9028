"""Clients that cost little: each process drives many kept-alive connections over bare sockets, one request at a time on
each, and says how busy it was itself, so that one sees that the server was the limit."""

from __future__ import annotations

import multiprocessing
import resource
import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

PROCESSES = 2
WARM_UP = 0.7

Requests = Callable[[int], Iterator[bytes]]
"""The endless requests of the n-th connection, each as the bytes that go over the wire."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a load found.

    ``rate`` in answers per second; ``median`` and ``slowest`` (95 of 100 are quicker) in milliseconds; ``busy`` is the
    part of one processor that the busiest client process used; ``refused`` holds the first answer that was not 2xx.
    """

    rate: float
    median: float
    slowest: float
    busy: float
    refused: str | None = None


def request(method: str, path: str, token: str | None = None, body: bytes = b"", **headers: str) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: bench", *(f"{name}: {value}" for name, value in headers.items())]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def run(port: int, requests: Requests, connections: int, seconds: float) -> Outcome:
    """Loads the server for so long, after a short warming up, and counts what it answered."""
    context = multiprocessing.get_context("fork")
    shares = [range(connections)[first::PROCESSES] for first in range(PROCESSES)]
    queue: multiprocessing.Queue[tuple[list[float], float, str | None]] = context.Queue()
    children = [
        context.Process(target=_drive, args=(port, requests, share, seconds, queue)) for share in shares if len(share)
    ]
    for child in children:
        child.start()
    answers = [queue.get(timeout=seconds + 120) for _ in children]
    for child in children:
        child.join()
    times = sorted(one for taken, _, _ in answers for one in taken)
    refused = next((text for _, _, text in answers if text), None)
    if not times:
        return Outcome(0, 0, 0, 0, refused or "nothing was answered")
    return Outcome(
        len(times) / seconds,
        times[len(times) // 2] * 1000,
        times[int(len(times) * 0.95)] * 1000,
        max(busy for _, busy, _ in answers),
        refused,
    )


@dataclass(slots=True)
class _Line:
    """One connection, what it is to ask, and what of the answer is there."""

    socket: socket.socket
    requests: Iterator[bytes]
    asked_at: float = 0.0
    buffer: bytes = b""

    def ask(self) -> None:
        self.asked_at = time.perf_counter()
        self.socket.sendall(next(self.requests))

    def answer(self) -> bytes | None:
        """The whole answer once it is there."""
        read = self.socket.recv(1 << 18)
        if not read:
            raise ConnectionError(f"the server closed the connection: {self.buffer[:200]!r}")
        self.buffer += read
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found or len(body) < _length(head):
            return None
        whole, self.buffer = self.buffer, b""
        return whole


def _length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.index(b"content-length:") + 15
    end = lowered.find(b"\r\n", start)
    return int(lowered[start : end if end > 0 else None])


def _drive(
    port: int,
    requests: Requests,
    share: range,
    seconds: float,
    queue: multiprocessing.Queue[tuple[list[float], float, str | None]],
) -> None:
    selector = selectors.DefaultSelector()
    for number in share:
        line = _Line(socket.create_connection(("127.0.0.1", port)), requests(number))
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(line.socket, selectors.EVENT_READ, line)
        line.ask()
    begin = time.perf_counter() + WARM_UP
    end, taken, refused, used_at_begin = begin + seconds, [], None, None
    while (now := time.perf_counter()) < end:
        if used_at_begin is None and now >= begin:
            used_at_begin = _used()
        for key, _ in selector.select(timeout=end - now):
            line = key.data
            whole = line.answer()
            if whole is None:
                continue
            done = time.perf_counter()
            if whole[9:10] != b"2" and refused is None:
                refused = whole[:800].decode(errors="replace")
            if begin <= done < end:
                taken.append(done - line.asked_at)
            line.ask()
    queue.put((taken, (_used() - (used_at_begin or 0.0)) / seconds, refused))


def _used() -> float:
    use = resource.getrusage(resource.RUSAGE_SELF)
    return use.ru_utime + use.ru_stime
