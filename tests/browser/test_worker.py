"""The worker on the device: it sends while no page is open, and gives way to the next version, and nothing is lost."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.device import Device
from tests.browser.store import Room, Store
from tests.browser.test_offline import Held, held, off, paper
from tests.browser.test_station import GLOVES

__all__ = ["held"]
BUILT = "async () => (await caches.keys()).filter((name) => name.startsWith('built-')).sort()"
IS_OURS = """async () => {
  const { waiting, installing, active } = await navigator.serviceWorker.getRegistration();
  return !waiting && !installing && active.state === "activated" && navigator.serviceWorker.controller === active;
}"""


def until(device: Device, is_so: Callable[[], Any]) -> None:
    """Wait until something is so, ten seconds at most."""
    for _ in range(100):
        if is_so():
            return
        device.page.wait_for_timeout(100)
    raise AssertionError("it did not come to it")


def test_the_worker_sends_while_no_page_is_open(held: Held, room: Room) -> None:
    device = held()
    counter = off(device, room)
    paper(counter, "Sous-sol", GLOVES)
    device.page.goto("about:blank")
    wire = device.context.new_cdp_session(device.page)
    known: list[dict[str, Any]] = []
    wire.on("ServiceWorker.workerRegistrationUpdated", lambda told: known.extend(told["registrations"]))
    wire.send("ServiceWorker.enable")
    device.on()
    assert room.papers("issue") == []
    until(device, lambda: any(one["scopeURL"] == f"{room.store.url}/" for one in known))
    registration = next(one for one in known if one["scopeURL"] == f"{room.store.url}/")
    named = {"origin": room.store.url, "registrationId": registration["registrationId"], "tag": "send"}
    for _ in range(2):  # the browser may wake it more than once
        wire.send("ServiceWorker.dispatchSyncEvent", {**named, "lastChance": False})
    until(device, lambda: room.papers("issue"))
    device.page.goto("/station/waiting")
    expect(device.page.locator(".waiting-paper[data-state=sent]")).to_have_count(1)
    assert len(room.papers("issue")) == 1
    assert room.holds("GAN-0003") == 399


class Street(ThreadingHTTPServer):
    """A house in front of the house, which one day has another version of the worker."""

    daemon_threads = True

    def __init__(self, store: Store) -> None:
        self.house = urlsplit(store.url).netloc
        self.version = ""
        super().__init__(("127.0.0.1", 0), Door)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Door(BaseHTTPRequestHandler):
    """Passes everything on, but for the version that stands in the worker."""

    server: Street

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name != "Accept-Encoding"}
        if self.path == "/sw.js":
            headers = {name: value for name, value in headers.items() if not name.startswith("If-")}
        with closing(HTTPConnection(self.server.house)) as house:
            house.request(self.command, self.path, body, headers)
            answer = house.getresponse()
            content = answer.read()
        if self.path == "/sw.js" and self.server.version:
            content = re.sub(rb"built-[^\"'`]+", f"built-{self.server.version}".encode(), content)
        with suppress(BrokenPipeError, ConnectionResetError):  # the network went meanwhile
            self._pass_on(answer, content)

    def _pass_on(self, answer: HTTPResponse, content: bytes) -> None:
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length", "connection", "etag", "last-modified"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_POST = do_HEAD = do_GET

    def log_message(self, *_told: object) -> None:
        """Nobody listens."""


@pytest.fixture
def street(store: Store) -> Iterator[Street]:
    server = Street(store)
    yield server
    server.shutdown()
    server.server_close()


def test_a_new_version_takes_over_and_nothing_is_lost(held: Held, room: Room, street: Street) -> None:
    device = held(address=street.url)
    counter = off(device, room)
    (before,) = device.page.evaluate(BUILT)
    paper(counter, "Avant la mise à jour", GLOVES)
    counter.scan(GLOVES)  # lies on the table while the version changes
    expect(counter.lines).to_have_count(1)
    street.version = "tomorrow"
    device.on()
    device.page.reload()
    until(device, lambda: device.page.evaluate(BUILT) == sorted([before, "built-tomorrow"]))
    until(device, lambda: device.page.evaluate(IS_OURS))
    until(device, lambda: room.papers("issue"))
    expect(counter.lines).to_have_count(1)
    device.off()
    device.page.reload()
    expect(device.page.locator("[data-station][data-ready]")).to_be_visible()
    expect(counter.lines).to_have_count(1)
    device.on()
    street.version = "the-day-after"
    device.page.reload()
    # what the page of before still asks for stays, what nobody asks for any more goes
    until(device, lambda: device.page.evaluate(BUILT) == ["built-the-day-after", "built-tomorrow"])
    assert len(room.papers("issue")) == 1
