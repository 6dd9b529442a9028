"""The pages as a person gets them: signed in, one request at a time, lists to their depth."""

from __future__ import annotations

import html
import http.client
import re
import time
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from bench.fill import HOT, PASSWORD, USERNAME, Scene
from bench.questions import Walk

TIMES = 15


@dataclass(frozen=True, slots=True)
class Page:
    """How long a page took, in milliseconds with the way to the server and back (the quickest and the median of some),
    and how many bytes it has."""

    quickest: float
    median: float
    size: int


def addresses(scene: Scene) -> dict[str, str]:
    """The pages that are opened all day, and those that have most to work out."""
    store, plain = scene.stores[0], scene.item(scene.kept(0, 700))
    return {
        "home": "/",
        "stock, one store": f"/stock?warehouse={store}",
        "stock, all stores": "/stock",
        "stock, by name": "/stock?sort=name",
        "stock, by value": "/stock?sort=-value",
        "stock card": f"/stock/{store}/{quote(plain)}",
        "stock card, longest": f"/stock/{store}/{quote(scene.item(HOT))}",
        "its drawings": f"/stock/{store}/{quote(scene.item(HOT))}/drawings",
        "items, searched": "/items?search=pap",
        "papers": "/documents",
        "papers without a price": "/documents?only=unpriced",
        "alerts": "/alerts",
        "rules": "/rules",
        "rules, in stock without": f"/rules?warehouse={store}&only=without",
        "everything, searched": "/search?q=pap",
        "station": "/station",
    }


class Visitor:
    """A person with a browser: a connection that stays open, and a cookie."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        token = re.search(r'csrf-token" content="([^"]+)', self.get("/sign-in")[0])
        assert token is not None
        form = urlencode({"csrf_token": token[1], "username": USERNAME, "password": PASSWORD})
        self._ask("POST", "/sign-in", form, {"Content-Type": "application/x-www-form-urlencoded"})

    def close(self) -> None:
        self._connection.close()

    def get(self, address: str) -> tuple[str, float]:
        """A page and how many milliseconds it took."""
        begin = time.perf_counter()
        text = self._ask("GET", address)
        return text, (time.perf_counter() - begin) * 1000

    def time(self, address: str) -> Page:
        got = [self.get(address) for _ in range(TIMES)]
        taken = sorted(one for _, one in got)
        return Page(taken[0], taken[len(taken) // 2], len(got[0][0].encode()))

    def walk(self, address: str, most: int) -> Walk:
        """A list page by page, by the door to its next page."""
        times: list[float] = []
        while address and len(times) < most:
            text, taken = self.get(address)
            times.append(taken)
            following = re.search(r'href="([^"]+)" rel="next"', text)
            address = html.unescape(following[1]) if following else ""
        return Walk(len(times), 0, times[0], sorted(times)[len(times) // 2], max(times[1:] or times), times[-1])

    def _ask(self, method: str, address: str, body: str | None = None, headers: dict[str, str] | None = None) -> str:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request(method, address, body, {"Cookie": cookies, **(headers or {})})
        answer = self._connection.getresponse()
        text = answer.read().decode()
        if answer.status >= 400:
            raise RuntimeError(f"{method} {address}: {answer.status}")
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return text
