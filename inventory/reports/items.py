"""The catalogue as a list, and where an item stands in every warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, literal, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from inventory import codes
from inventory.catalogue import Barcode, Category, Item, Packaging, Photo, Unit, barcode_key, folded, search_condition
from inventory.database import db, page_of, streamed
from inventory.parties import name_key
from inventory.reports.called import Called, called, columns_of, sure

Mark = tuple[str, int]


@dataclass(frozen=True, slots=True)
class ItemsAsked:
    """Which items are asked for. ``only``: "" (in use), ``retired``, ``flagged`` (a barcode fails its check), ``bare``
    (no barcode), ``all``."""

    language: str
    search: str = ""
    category_id: int | None = None
    tracking: str = ""
    only: str = ""
    sort: str = "code"
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of the catalogue; ``photo`` is the digest of its picture, if it has one."""

    item: Called
    unit: Called
    category: Called | None
    tracking: str
    decimals: int
    has_expiry: bool
    storage_class: str
    retired_on: date | None
    photo: str | None
    barcodes: int
    key: str

    @property
    def id(self) -> int:
        return self.item.id


def item_page(asked: ItemsAsked, *, after: Mark | None = None, limit: int = 50) -> tuple[list[ItemRow], Mark | None]:
    """A page of items and where the next one begins; one statement."""
    read, more = page_of(_question(asked, after), limit)
    rows = [_row(row) for row in read]
    return rows, (rows[-1].key, rows[-1].item.id) if more else None


def items_in(asked: ItemsAsked) -> Iterator[tuple[ItemRow, str]]:
    """The whole list, streamed: each item with its own barcodes as an import reads them, ``code; code``."""
    own = select(Barcode.code).where(Barcode.item_id == Item.id, Barcode.packaging_id.is_(None)).correlate(Item)
    named = own.order_by(Barcode.code).subquery()
    codes = select(func.aggregate_strings(named.c.code, "; ")).scalar_subquery()
    for row in streamed(_question(asked, None).add_columns(codes.label("codes"))):
        yield _row(row), row.codes or ""


def packagings_in(asked: ItemsAsked) -> Iterator[tuple[ItemRow, Packaging, str | None]]:
    """Every packaging of the items of a list, streamed, once for each barcode that is printed on it."""
    printed = aliased(Barcode)
    question = (
        _question(asked, None)
        .join(Packaging, Packaging.item_id == Item.id)
        .outerjoin(printed, printed.packaging_id == Packaging.id)
        .add_columns(Packaging, printed.code.label("barcode"))
        .order_by(Packaging.contains, Packaging.id, printed.code)
    )
    for row in streamed(question):
        yield _row(row), row.Packaging, row.barcode


def _question(asked: ItemsAsked, after: Mark | None) -> Select[Any]:
    key: Any = name_key(Item, asked.language) if asked.sort == "name" else Item.code
    codes = select(Barcode.id).where(Barcode.item_id == Item.id)
    question: Select[Any] = (
        select(
            *columns_of(Item, "item"), *columns_of(Unit, "unit"), *columns_of(Category, "category"),
            Item.tracking, Item.decimals, Item.has_expiry, Item.storage_class, Item.retired_on,
            Photo.digest.label("photo"), key.label("key"),
            select(func.count(Barcode.id)).where(Barcode.item_id == Item.id).scalar_subquery().label("barcodes"),
        )
        .join(Unit, Unit.id == Item.unit_id)
        .outerjoin(Category, Category.id == Item.category_id)
        .outerjoin(Photo, Photo.item_id == Item.id)
        .order_by(*((key.desc(), Item.id.desc()) if asked.is_descending else (key, Item.id)))
    )  # fmt: skip
    if asked.search:
        question = question.where(search_condition(asked.search))
    if asked.category_id is not None:
        question = question.where(Item.category_id == asked.category_id)
    if asked.tracking:
        question = question.where(Item.tracking == asked.tracking)
    if asked.only != "all":
        question = question.where(
            Item.retired_on.is_not(None) if asked.only == "retired" else Item.retired_on.is_(None)
        )
    if asked.only == "flagged":
        question = question.where(codes.where(Barcode.is_flagged).exists())
    elif asked.only == "bare":
        question = question.where(~codes.exists())
    if after is not None:
        here, there = tuple_(key, Item.id), tuple_(*(literal(one) for one in after))
        question = question.where(here < there if asked.is_descending else here > there)
    return question


def _row(row: Any) -> ItemRow:
    return ItemRow(
        sure(row, "item"), sure(row, "unit"), called(row, "category"), row.tracking, row.decimals, row.has_expiry,
        row.storage_class, row.retired_on, row.photo, row.barcodes, row.key,
    )  # fmt: skip


def found_items(words: str, *, limit: int = 10, with_retired: bool = False) -> Sequence[Any]:
    """The items that a few typed letters mean, for a field that completes itself: a code, barcode or label typed whole
    comes first, then codes that begin so, names that do, names with a word that does, then the rest; items in use, and
    after them the retired ones when they are asked for. Rows carry item_*, unit_*, decimals, tracking, retired_on, and
    is_exact for the first of these."""
    plain, names = words.strip(), (Item.name_fr, Item.name_ar, Item.name_en)
    exact = whole_code(plain)
    rank = case(
        (exact, 0),
        (func.lower(Item.code).startswith(plain.lower(), autoescape=True), 1),
        (or_(*(func.lower(name).startswith(plain.lower(), autoescape=True) for name in names)), 2),
        (Item.search_text.contains(f" {folded(words)}", autoescape=True), 3),
        else_=4,
    )
    condition = search_condition(words) if folded(words) else Item.id < 0
    return db.session.execute(
        select(
            *columns_of(Item, "item"),
            *columns_of(Unit, "unit"),
            Item.decimals,
            Item.tracking,
            Item.retired_on,
            exact.label("is_exact"),
        )
        .join(Unit, Unit.id == Item.unit_id)
        .where(condition | exact, true() if with_retired else Item.retired_on.is_(None))
        .order_by(Item.retired_on.is_not(None), rank, Item.code)
        .limit(limit)
    ).all()


def whole_code(plain: str) -> Any:
    """The condition that a text is the whole code of an item: its own, a barcode, or what its label says."""
    own = codes.read(plain)
    label = own.text if isinstance(own, codes.Code) else ""
    barcodes = select(Barcode.item_id).where(Barcode.code == barcode_key(plain))
    return or_(func.lower(Item.code) == plain.lower(), Item.id.in_(barcodes), Item.label_code == label)


def found_named(kind: Any, words: str, *, limit: int = 10) -> list[Called]:
    """Categories or units by code or name. There are at most hundreds of them, so folding is done here."""
    parts = folded(words).split()
    rows = db.session.execute(select(*columns_of(kind, "one")).order_by(kind.code).limit(5000))
    found = [sure(row, "one") for row in rows]
    texts = ((one, folded(f"{one.code} {one.name_fr} {one.name_ar} {one.name_en}")) for one in found)
    return [one for one, text in texts if all(part in text for part in parts)][:limit]
