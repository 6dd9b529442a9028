"""A served store for the pages' tests: one server for all of them, and for each test a warehouse and people of its own.

Starting a server and cleaning a database for every page would cost more than the page; papers of one warehouse never
touch another, so a fresh warehouse is as good as a fresh database.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from inventory import (
    access,
    clock,
    counting,
    documents,
    labels,
    parties,
    printing,
    replenishment,
    slips,
    warehouses,
)  # fmt: skip
from inventory.access import Identity, User
from inventory.catalogue import Item, Lot, NewItem, NewPackaging, add_item, add_unit, get_item
from inventory.counting import NewCount
from inventory.database import db, transaction
from inventory.documents import LineOrder, Order, Side
from inventory.labels import MEASURES, LabelSheet, NewJob
from inventory.ledger import on_hand
from inventory.slips import NewSlip
from inventory.warehouses import Location, get_warehouse
from tests.conftest import enter
from tests.databases import WORKER, Database, Postgresql, Sqlite
from tests.warm import WarmServer

PASSWORD = "une bonne phrase de passe"
SOON, LATER, PAST = timedelta(days=40), timedelta(days=400), timedelta(days=-20)

ITEMS = (
    NewItem("GAN-0003", "boîte", "Gants nitrile M", "قفازات نيتريل م", "Nitrile gloves M", "hygiène",
            barcodes=("6111245010013",), packagings=(NewPackaging("carton", Decimal(50), "6111245010020"),)),
    NewItem("CIM-0001", "sac", "Ciment CPJ 45", "إسمنت CPJ 45", "Cement CPJ 45", "travaux",
            barcodes=("6111245020012",)),
    NewItem("MED-0001", "flacon", "Amoxicilline 500 mg", "أموكسيسيلين 500 ملغ", "Amoxicillin 500 mg", "médicaments",
            tracking="lot", has_expiry=True, barcodes=("6111245030011", "6111245030036")),
    NewItem("JAV-0001", "litre", "Eau de Javel 12°", "ماء جافيل 12°", "Bleach 12°", "hygiène", decimals=3,
            barcodes=("6111245040010",)),
    NewItem("ORD-0001", "unité", "Ordinateur portable", "حاسوب محمول", "Laptop", "matériel", tracking="unit"),
    NewItem("TIM-0001", "carnet", "Carnets à souche", "دفاتر ذات أرومات", "Numbered books", "imprimés",
            tracking="range"),
)  # fmt: skip


class Shown(Sqlite):
    """A database beside the one that other tests of this process clean."""

    def __init__(self) -> None:
        super().__init__()
        self.file = self.ground.folder / f"{WORKER}-pages.db"
        self.url = f"sqlite:///{self.file}"
        self.clean()


class ShownPostgresql(Postgresql):
    """The same on PostgreSQL."""

    def __init__(self) -> None:
        super().__init__()
        self.database = f"pages_{WORKER}"
        self.url = self._url("application", self.database)
        self.clean()


SHOWN: dict[str, Callable[[], Database]] = {"sqlite": Shown, "postgresql": ShownPostgresql}


@dataclass(frozen=True)
class Room:
    """One warehouse of the store and the storekeeper who keeps it."""

    store: Store
    code: str
    storekeeper: str

    def holds(self, item: str) -> Decimal:
        """What the ledger says is here now."""
        return self.store.within(lambda: on_hand(get_item(item).id, get_warehouse(self.code).id))

    def papers(self, kind: str = "") -> list[dict[str, Any]]:
        """The papers posted here beside the opening, oldest first, as kept."""

        def found() -> list[dict[str, Any]]:
            filters = documents.Filters(warehouse_ids=[get_warehouse(self.code).id])
            rows, _ = documents.find_documents(filters, limit=50)
            return [one.content for one in reversed(rows) if one.kind != "opening" and kind in ("", one.kind)]

        return self.store.within(found)

    def codes(self) -> list[str]:
        """The codes printed on the papers posted here, the newest first."""

        def found() -> list[str]:
            rows, _ = documents.find_documents(documents.Filters(warehouse_ids=[get_warehouse(self.code).id]), limit=50)
            return [one.code for one in rows]

        return self.store.within(found)

    def retire(self, item: str, *, is_back: bool = False) -> None:
        """Takes an item out of use, in all rooms, or back into it."""

        def done() -> None:
            today = clock.today()
            day = None if is_back else today
            with transaction():
                replenishment.retire(get_item(item), retired_on=day, replaced_by=None, today=today, at=clock.now())

        self.store.within(done)

    def label(self, *, item: str = "", lot: str = "", place: str = "") -> str:
        """The code on the label of an item, of one of its lots, or of a place here."""

        def found() -> str:
            if place:
                here = get_warehouse(self.code).id
                question = select(Location.label_code).where(Location.warehouse_id == here, Location.code == place)
            elif lot:
                question = select(Lot.label_code).where(Lot.item_id == get_item(item).id, Lot.number == lot)
            else:
                question = select(Item.label_code).where(Item.code == item)
            return db.session.scalars(question).one()

        return self.store.within(found)

    def post(self, kind: str, *lines: LineOrder, **sides: Any) -> documents.Document:
        """Post a paper here by the ordinary verb, as the storekeeper."""
        return self.store.within(lambda: self.store.posted(self.storekeeper, Order(kind, self.code, lines, **sides)))

    def slip_written(self, *lines: LineOrder) -> None:
        """Hand out what the books have too little of, on a slip to regularise."""

        def done() -> None:
            new = NewSlip(warehouse=self.code, service="BH-ANFA", receiver="Saïd", lines=lines)
            with transaction():
                slips.record(new, by=self._keeper(), today=clock.today(), at=clock.now())

        self.store.within(done)

    def counted(self, place: str, *lines: LineOrder) -> None:
        """Count a place."""

        def done() -> None:
            new = NewCount(warehouse=self.code, location=place, lines=lines)
            with transaction():
                counting.record(new, by=self._keeper(), today=clock.today(), at=clock.now())

        self.store.within(done)

    def _keeper(self) -> Identity:
        return access.identity_of(access.get_user(self.storekeeper))

    def label_printed(self, item: str) -> None:
        """Print a label of an item here, and keep a roll of the house's own."""

        def done() -> None:
            by = self._keeper()
            (choice,) = printing.labels_of_items(Item.code == item, limit=1)
            new = NewJob(wanted=((choice.label, 2),), medium="24", warehouse_id=get_warehouse(self.code).id)
            roll = LabelSheet(name=f"Rouleau {self.code}", kind="roll", columns=1, rows=1, is_active=True)
            measures = dict.fromkeys(MEASURES, Decimal(0)) | {"width": Decimal(60), "height": Decimal(40)}
            for name, measure in measures.items():
                setattr(roll, name, measure)
            with transaction():
                labels.record(new, by=by, at=clock.now(), key=f"label {self.code}", fingerprint="x")
                labels.keep_sheet(roll, by=by, at=clock.now())

        self.store.within(done)

    def reverse(self, paper: documents.Document, reason: str) -> None:
        """Post the opposite of a paper of this room, as the storekeeper."""
        self.store.within(lambda: self.store.reversed(self.storekeeper, paper.entry_id, reason))


class Store:
    """A database with goods and people, and the server that shows it."""

    def __init__(self, database: Database, folder: Path, workers: int = 1) -> None:
        self.database = database
        self.app = database.app
        self.numbers = itertools.count(1)
        self.opened_on = self.within(clock.today)  # a run may pass midnight, and its lots are shared
        self.within(self._furnish)
        config = self.app.extensions["makhazine.config"]
        self.server = WarmServer(config, workers=workers, log=folder / "pages.log")

    @property
    def url(self) -> str:
        return self.server.url

    def within(self, act: Callable[[], Any]) -> Any:
        """Do something in the house itself, beside the served one."""
        with self.app.app_context():
            try:
                return act()
            finally:
                db.session.remove()

    def close(self) -> None:
        self.server.stop()
        self.database.close()

    def _furnish(self) -> None:
        with transaction():
            add_unit("carton", name_fr="carton", name_ar="كرتون", name_en="carton")
            for item in ITEMS:
                add_item(item)
            parties.add_service("BH-ANFA", name_fr="Bureau d’hygiène, Anfa", name_ar="مكتب حفظ الصحة، أنفا")
            parties.add_service("VOIRIE", name_fr="Voirie", name_ar="مصلحة الطرق")
            parties.add_supplier("SOTHEMA", name_fr="Sothema", name_ar="سوطيما")
            for name, role in (
                ("youssef", "buyer"),
                ("salma", "auditor"),
                ("hassan", "manager"),
                ("admin", "administrator"),
            ):
                access.grant(self._person(name), role, None, at=clock.now())

    def _person(self, name: str) -> User:
        return access.add_user(name, PASSWORD, at=clock.now(), display_name=name.capitalize(), language="fr")

    def newcomer(self) -> str:
        """The name of someone new, whose password somebody else chose."""
        name = f"newcomer{next(self.numbers)}"

        def add() -> None:
            with transaction():
                access.grant(self._person(name), "auditor", None, at=clock.now())
                access.reset_password(access.get_user(name), PASSWORD, at=clock.now(), by=None)

        self.within(add)
        return name

    def room(self) -> Room:
        """A new warehouse with two shelves, its opening stock, and a storekeeper who may do what storekeepers may."""
        number = next(self.numbers)
        code, keeper = f"D{number:03}", f"keeper{number}"
        self.within(lambda: self._open(number, code, keeper))
        return Room(self, code, keeper)

    def _open(self, number: int, code: str, keeper: str) -> None:
        with transaction():
            made = warehouses.add_warehouse(
                code, in_service_on=None, name_fr=f"Dépôt {code}", name_ar=f"مستودع {code}", name_en=f"Store {code}"
            )
            warehouses.add_location(made, "A-01", name_fr="Rayon A-01", name_ar="الرف A-01", name_en="Shelf A-01")
            warehouses.add_location(made, "B-02", name_fr="Rayon B-02", name_ar="الرف B-02", name_en="Shelf B-02")
            access.grant(self._person(keeper), "storekeeper", made, at=clock.now())
            replenishment.set_rule(
                get_item("CIM-0001"),
                made,
                reorder_point=Decimal(20),
                target=Decimal(60),
                by=access.identity_of(access.get_user("youssef")),
                on=clock.today(),
                at=clock.now(),
            )
        self.posted(keeper, Order("opening", code, opening_lines(self.opened_on, number)))

    def posted(self, username: str, order: Order) -> documents.Document:
        by = access.identity_of(access.get_user(username))
        with transaction():
            return documents.post(
                order, by=by, today=clock.today(), at=clock.now(), key=f"{username}-{next(self.numbers)}"
            )

    def reversed(self, username: str, entry_id: int, reason: str) -> None:
        by = access.identity_of(access.get_user(username))
        with transaction():
            documents.reverse(
                entry_id, reason, by=by, today=clock.today(), at=clock.now(), key=f"{username}-{next(self.numbers)}"
            )

    @functools.cache  # noqa: B019 – one store per process
    def everything(self) -> str:
        """The name of someone who holds every role everywhere, and so sees every page."""

        def add() -> None:
            with transaction():
                person = self._person("everyone")
                for role in access.ROLES:
                    access.grant(person, role, None, at=clock.now())

        self.within(add)
        return "everyone"

    @functools.cache  # noqa: B019 – one store per process
    def session(self, username: str, language: str = "fr", warehouse: str = "") -> dict[str, Any]:
        """The cookie of someone who signed in a moment ago."""
        client = self.app.test_client()
        enter(client, username, language=language, warehouse=warehouse)
        name = self.app.config["SESSION_COOKIE_NAME"]
        kept = client.get_cookie(name)
        assert kept
        return {"name": name, "value": kept.value, "url": self.url}


def opening_lines(opened_on: date, number: int) -> tuple[LineOrder, ...]:
    """What every room begins with. The third lot of the medicine has expired."""
    med = {"item": "MED-0001", "location": "A-01", "unit_cost": Decimal("18.40")}
    return (
        LineOrder("GAN-0003", Decimal(400), location="A-01", unit_cost=Decimal("42.5")),
        LineOrder("CIM-0001", Decimal(18), location="B-02", unit_cost=Decimal(75)),
        LineOrder(**med, quantity=Decimal(12), lot="LX-SOON", expires_on=opened_on + SOON),
        LineOrder(**med, quantity=Decimal(30), lot="LX-LATER", expires_on=opened_on + LATER),
        LineOrder(**med, quantity=Decimal(5), lot="LX-PAST", expires_on=opened_on + PAST),
        LineOrder("JAV-0001", Decimal("42.5"), location="B-02", unit_cost=Decimal("9.9")),
        LineOrder("ORD-0001", Decimal(1), lot=f"INV-{number}", location="A-01", unit_cost=Decimal(6900)),
        LineOrder("TIM-0001", first_number=number * 1000 + 1, last_number=number * 1000 + 100, location="A-01"),
    )


def for_service(code: str = "BH-ANFA") -> Side:
    return Side("service", code)
