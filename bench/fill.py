"""A commune's books of a year, by bulk SQL: a valid chain, balances that agree, and one item with a very long card."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from bench import grounds
from inventory import access, catalogue, clock, codes, parties, warehouses
from inventory.config import Config
from inventory.database import transaction
from inventory.ledger.registers import FIRST_HASH, FORM_VERSION, Entry, MovementFacts, canonical, chained, digest_of

STORES = 20
ITEMS = 20_000
KEPT = 2_500
LINES = 50
STOCK, MOVED, COST = 1_000_000_000, 10_000, 1_000  # thousandths, thousandths, centimes for one unit
USERNAME, PASSWORD = "bench", "a password of the bench"
HOT = 1
"""The item of the first store whose card holds half of that store's movements or more."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What the loads need to know: the stores' codes, an API token, an item's code from its number."""

    token: str
    stores: tuple[str, ...]
    movements: int

    @staticmethod
    def item(number: int) -> str:
        return f"ART-{number:05d}"

    @staticmethod
    def kept(store: int, number: int) -> int:
        """The number of the n-th item that a store (counted from 0) keeps."""
        return (store * 1_000 + number) % ITEMS + 1


@dataclass(frozen=True, slots=True)
class Places:
    """The ids that rows point at."""

    stores: list[int]
    shelves: list[int]
    supplier: int
    service: int
    opening: int
    unit: int
    category: int
    actor: int


def fill(config: Config, movements: int) -> Scene:
    """Fills a migrated database with about so many movements and returns the scene."""
    with grounds.opened(config):
        scene, places, today = _found(movements)
        with _Loader(config) as load:
            load("item", _ITEM, _items(places))
            load("barcode", ("id", "code", "item_id", "is_flagged"), _barcodes())
            last = _fill_books(load, places, movements, today)
            stock = [(store, Scene.kept(store, n)) for store in range(STORES) for n in range(KEPT)]
            load("balance", _BALANCE, (_balance(places, last[one], *one) for one in stock))
            load("holding", _HOLDING, ((i, places.stores[s], STOCK, STOCK // 1000 * COST) for s, i in stock))
            load(
                "reorder_rule",
                ("id", "item_id", "warehouse_id", "reorder_point", "target"),
                ((n, i, places.stores[s], 1000, 2000) for n, (s, i) in enumerate(stock, start=1)),
            )
    return scene


def _found(movements: int) -> tuple[Scene, Places, date]:
    """The few rows that the ordinary verbs make."""
    at, today = clock.now(), clock.today()
    with transaction():
        names = [f"W{number:02d}" for number in range(1, STORES + 1)]
        stores = [warehouses.add_warehouse(one, in_service_on=today, name_fr=f"Magasin {one}") for one in names]
        service = parties.add_service("SERVICE", name_fr="Service", name_ar="مصلحة")
        supplier = parties.add_supplier("SUPPLIER", name_fr="Fournisseur", name_ar="مورد")
        user = access.add_user(USERNAME, PASSWORD, at=at, language="fr")
        for role in ("storekeeper", "manager"):
            access.grant(user, role, None, at=at)
        places = Places(
            [one.id for one in stores],
            [warehouses.locations_of(one)[0].id for one in stores],
            warehouses.place_of(supplier).id,
            warehouses.place_of(service).id,
            warehouses.outside("opening").id,
            catalogue.add_unit("unité", name_fr="unité", name_ar="وحدة").id,
            catalogue.add_category("GEN", name_fr="Général", name_ar="عام").id,
            user.id,
        )
        token = access.create_token(user, "bench", at=at)
    return Scene(token, tuple(names), movements), places, today


_ITEM = ("id", "code", "name_fr", "name_ar", "name_en", "category_id", "unit_id", "decimals", "tracking", "has_expiry",
         "storage_class", "search_text", "label_code")  # fmt: skip
_ENTRY = ("id", "warehouse_id", "year", "position", "preceding", "kind", "number", "on_date", "recorded_at", "actor_id",
          "key", "fingerprint", "code", "paper", "digest", "form", "previous_hash", "hash")  # fmt: skip
_MOVEMENT = ("id", "entry_id", "line", "item_id", "lot_id", "source_id", "target_id", "source_warehouse_id",
             "target_warehouse_id", "on_date", "quantity", "value", "unit_cost")  # fmt: skip
_BALANCE = ("item_id", "lot_id", "location_id", "warehouse_id", "quantity", "last_on")
_HOLDING = ("item_id", "warehouse_id", "quantity", "value")
_WORDS_FR = ("Papier", "Câble", "Lampe", "Pneu", "Savon", "Ciment", "Peinture", "Vaccin", "Filtre", "Robinet")
_WORDS_AR = ("ورق", "سلك", "مصباح", "إطار", "صابون", "إسمنت", "صباغة", "لقاح", "مصفاة", "صنبور")


def _items(places: Places) -> Iterator[Sequence[Any]]:
    for number in range(1, ITEMS + 1):
        fr = f"{_WORDS_FR[number % 10]} modèle {number // 10}"
        ar = f"{_WORDS_AR[number % 10]} {number // 10}"
        code = Scene.item(number)
        search = catalogue.search_text_of(code, (fr, ar, ""), (barcode(number),))
        yield (number, code, fr, ar, "", places.category, places.unit, 0, "none", False, "ordinary", search,
               codes.mint(codes.Kind.ITEM))  # fmt: skip


def barcode(number: int) -> str:
    """The EAN-13 of an item from its number."""
    body = f"29{number:010d}"
    odd_and_even = sum(int(digit) * (3 if index % 2 else 1) for index, digit in enumerate(body))
    return body + str(-odd_and_even % 10)


def _barcodes() -> Iterator[Sequence[Any]]:
    return ((number, barcode(number), number, False) for number in range(1, ITEMS + 1))


def _balance(places: Places, last_on: date, store: int, item: int) -> Sequence[Any]:
    return (item, 1, places.shelves[store], places.stores[store], STOCK, last_on)


Load = Callable[[str, Sequence[str], Iterable[Sequence[Any]]], None]


def _fill_books(load: Load, places: Places, movements: int, today: date) -> dict[tuple[int, int], date]:
    """Writes entries in portions with their movements, so that a million of them never lie in memory together; returns
    the day on which each store's goods moved last, by store and item."""
    last: dict[tuple[int, int], date] = {}
    pairs = max(1, (movements - STORES * KEPT) // (STORES * LINES * 2))
    entry_id, heads = 0, []
    for store in range(STORES):
        book = _Book(places, store, today, pairs, entry_id)
        entries = list(book.entries())
        load("entry", _ENTRY, entries)
        load("movement", _MOVEMENT, book.movements)
        last |= {(store, item): on for item, on in book.last.items()}
        entry_id += len(entries)
        heads.append((store + 1, places.stores[store], today.year, len(entries), book.hash))
    load("register", ("id", "warehouse_id", "year", "position", "hash"), heads)
    return last


def _line(number: int, item: int, quantity: int) -> dict[str, Any]:
    """A line as a paper keeps it."""
    pieces = str(quantity // 1000)
    return {
        "line": number, "item": Scene.item(item), "quantity": pieces, "unit": "unité", "base_quantity": pieces,
        "base_unit": "unité", "lot": None, "expires_on": None, "location": "MAG", "reason": None, "balance": pieces,
        "unit_cost": f"{COST // 100}.000000", "value": f"{quantity // 1000 * COST // 100}.00",
    }  # fmt: skip


class _Book:
    """The register of one store: an opening, then receipts and issues of the same goods in turn."""

    def __init__(self, places: Places, store: int, today: date, pairs: int, before: int) -> None:
        self.places, self.store, self.today, self.pairs, self.before = places, store, today, pairs, before
        self.hash = FIRST_HASH
        self.position = 0
        self.movements: list[Sequence[Any]] = []
        self.numbers: dict[str, int] = {}
        self.last: dict[int, date] = {}
        self.code = f"W{store + 1:02d}"

    def entries(self) -> Iterator[Sequence[Any]]:
        first = date(self.today.year, 1, 1)
        span = (self.today - first).days
        chunks = [range(start, end) for start, end in pairwise(range(0, KEPT + 1, LINES))]
        for chunk in chunks:
            yield self._entry("opening", first, [Scene.kept(self.store, n) for n in chunk], STOCK)
        for pair in range(self.pairs):
            on = first + timedelta(days=span * (pair + 1) // self.pairs)
            items = [Scene.kept(self.store, n) for n in chunks[pair % len(chunks)]]
            items = [HOT] * LINES if self.store == 0 else items
            yield self._entry("receipt", on, items, MOVED)
            yield self._entry("issue", on, items, MOVED)

    def _entry(self, kind: str, on: date, items: list[int], quantity: int) -> Sequence[Any]:
        places, here = self.places, self.places.shelves[self.store]
        source = {"opening": places.opening, "receipt": places.supplier, "issue": here}[kind]
        target = places.service if kind == "issue" else here
        store_id = places.stores[self.store]
        value = quantity // 1000 * COST
        cost = None if kind == "issue" else COST * 10_000
        facts = [
            MovementFacts(line, item, 1, source, target, quantity, value, cost, None, None)
            for line, item in enumerate(items, start=1)
        ]
        entry = self._heading(kind, on, store_id, items, quantity)
        self.last |= dict.fromkeys(items, on)
        self.hash = entry.hash = chained(self.hash, canonical(entry, facts))
        inside = (store_id if source == here else None, store_id if target == here else None)
        for one in facts:
            self.movements.append(
                (len(self.movements) + self.before * LINES + 1, entry.id, one.line, one.item_id, 1, source, target,
                 *inside, on, quantity, value, cost)
            )  # fmt: skip
        return [entry.on if name == "on_date" else getattr(entry, name) for name in _ENTRY]

    def _heading(self, kind: str, on: date, store_id: int, items: list[int], quantity: int) -> Entry:
        self.position += 1
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        key = f"fill-{self.code}-{self.position}"
        sides = {"receipt": ({"supplier": "SUPPLIER"}, None), "issue": (None, {"service": "SERVICE"})}
        source, target = sides.get(kind, (None, None))
        paper = json.dumps(
            {"version": 1, "kind": kind, "warehouse": self.code, "on": on.isoformat(), "source": source,
             "target": target, "origin": None, "reason": None, "note": "", "details": {},
             "lines": [_line(number, item, quantity) for number, item in enumerate(items, start=1)]},
            sort_keys=True, separators=(",", ":"),
        )  # fmt: skip
        return Entry(
            id=self.before + self.position, warehouse_id=store_id, year=on.year, position=self.position,
            preceding=self.position - 1 or None, kind=kind, number=self.numbers[kind], on=on,
            recorded_at=datetime.combine(on, time(9), UTC), actor_id=self.places.actor, key=key,
            fingerprint=digest_of(key), code=codes.mint(codes.Kind.DOCUMENT), paper=paper, digest=digest_of(paper),
            form=FORM_VERSION, previous_hash=self.hash,
        )  # fmt: skip


class _Loader:
    """Writes rows past triggers and foreign keys. PostgreSQL then looks at what it holds, as it does by itself in a
    city; SQLite never does."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.is_sqlite = config.database_url.startswith("sqlite")

    def __enter__(self) -> Load:
        if self.is_sqlite:
            file = self.config.database_url.removeprefix("sqlite:///")
            self.sqlite = sqlite3.connect(file, timeout=20)
            self.sqlite.execute("PRAGMA cache_size = -200000")
            return self._into_sqlite
        self.postgres = grounds.superuser(self.config)
        return self._into_postgres

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if error is not None:
            (self.sqlite if self.is_sqlite else self.postgres).close()
            return
        if self.is_sqlite:
            with closing(self.sqlite):
                self.sqlite.commit()
                self.sqlite.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        with closing(self.postgres):
            for table in ("item", "barcode", "entry", "movement", "register", "reorder_rule"):
                count = f"SELECT max(id) FROM {table}"
                self.postgres.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), ({count}))".encode())
            self.postgres.commit()
            self.postgres.autocommit = True
            self.postgres.execute("VACUUM ANALYZE")
            self.postgres.execute("CHECKPOINT")

    def _into_sqlite(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"
        self.sqlite.executemany(statement, (tuple(map(_as_sqlite, row)) for row in rows))

    def _into_postgres(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        with (
            self.postgres.cursor() as cursor,
            cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()) as copy,
        ):
            for row in rows:
                copy.write_row(row)


def _as_sqlite(value: Any) -> Any:
    """As the application keeps it there: instants without a zone, days as text."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, date) else value
