"""What a run asks of the served house: postings, scans, lists and cards, each as the bytes of a request."""

from __future__ import annotations

import http.client
import json
import random
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from bench.fill import HOT, ITEMS, KEPT, STORES, Scene, barcode
from bench.load import Requests, request

DOCUMENTS = "/api/v1/documents"


def paper(scene: Scene, store: int, number: int) -> bytes:
    """An issue of one piece of the n-th item of a store."""
    content = {
        "kind": "issue",
        "warehouse": scene.stores[store],
        "target": {"service": "SERVICE"},
        "lines": [{"item": scene.item(scene.kept(store, number)), "quantity": "1"}],
    }
    return json.dumps(content).encode()


def postings(scene: Scene, stores: int) -> Requests:
    """Issues from the first stores in turn, of items that lie in them, each with a key of its own."""

    def of(connection: int) -> Iterator[bytes]:
        dice = random.Random(connection)
        store = connection % stores
        while True:
            body = paper(scene, store, dice.randrange(200))
            yield request("POST", DOCUMENTS, scene.token, body, **{"Idempotency-Key": str(uuid.uuid4())})
            store = (store + 1) % stores

    return of


def asking(scene: Scene, *paths: str) -> Requests:
    """The same questions over and over."""

    def of(connection: int) -> Iterator[bytes]:
        asked = [request("GET", path, scene.token) for path in paths]
        turn = connection
        while True:
            yield asked[turn % len(asked)]
            turn += 1

    return of


def scans(scene: Scene) -> list[str]:
    """Barcodes of two hundred items, as a storekeeper scans them in a store."""
    return [
        f"/api/v1/scan?{urlencode({'code': barcode(scene.kept(n % STORES, n)), 'warehouse': scene.stores[n % STORES]})}"
        for n in range(200)
    ]


def searches() -> list[str]:
    """What people type: part of a word, French and Arabic, a number, a whole code."""
    words = ("pap", "câble modele 12", "cable", "مصباح", "إطار 77", "ciment 1999", Scene.item(ITEMS // 2), "vaccin 4")
    return [f"/api/v1/items?{urlencode({'search': word, 'limit': 20})}" for word in words]


def stock_lists(scene: Scene) -> list[str]:
    return [f"/api/v1/stock?{urlencode({'warehouse': store, 'limit': 50})}" for store in scene.stores]


def cards(scene: Scene) -> list[str]:
    return [
        f"/api/v1/items/{quote(scene.item(scene.kept(store, n)))}/card?{urlencode({'warehouse': scene.stores[store]})}"
        for store in range(STORES)
        for n in range(0, KEPT, 500)
    ]


def long_lists(scene: Scene) -> dict[str, str]:
    """Lists that are walked to their end: the stock of every store, the longest card, papers, items."""
    hot = f"/api/v1/items/{quote(scene.item(HOT))}/card"
    return {
        "stock, all stores": "/api/v1/stock?limit=200",
        "stock card, longest": f"{hot}?{urlencode({'warehouse': scene.stores[0], 'limit': 200})}",
        "papers": "/api/v1/documents?limit=200",
        "items": "/api/v1/items?limit=200",
    }


@dataclass(frozen=True, slots=True)
class Walk:
    """A list read page by page to its end: how many pages and rows, and milliseconds for the first, the median, the
    slowest and the last page, with the way to the server and back."""

    pages: int
    rows: int
    first: float
    median: float
    slowest: float
    last: float


def walk(port: int, scene: Scene, path: str, most: int) -> Walk | str:
    """Reads a list to its end, or so many pages of it; what was answered when that was not a list."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {scene.token}"}
    times, rows, cursor = [], 0, ""
    try:
        while cursor is not None and len(times) < most:
            begin = time.perf_counter()
            connection.request("GET", path + (f"&cursor={quote(cursor)}" if cursor else ""), headers=headers)
            answer = connection.getresponse()
            text = answer.read()
            times.append((time.perf_counter() - begin) * 1000)
            if answer.status != 200:
                return f"{answer.status} {text[:300].decode(errors='replace')}"
            content = json.loads(text)
            rows += len(content["items"])
            cursor = content["next"]
    finally:
        connection.close()
    return Walk(len(times), rows, times[0], sorted(times)[len(times) // 2], max(times[1:] or times), times[-1])
