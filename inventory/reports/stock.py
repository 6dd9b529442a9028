"""What lies where: items × warehouses with their figures, today or at the end of any day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Select, exists, func, literal, select, tuple_, type_coerce, union_all
from sqlalchemy.orm import aliased

from inventory.catalogue import Category, Item, Lot, Unit, search_condition
from inventory.database import Money, Quantity, cut, db, fetch, streamed
from inventory.ledger import Balance, Holding, Movement
from inventory.parties import name_key
from inventory.replenishment import Alert, Figures, ReorderRule, figures_of, with_rule, with_stock
from inventory.reports.called import Called, called, columns_of, sure
from inventory.warehouses import ON_HAND, Location, Warehouse

SORTS = ("code", "name", "value")
Mark = tuple[Any, int, int]
"""Where a page ended: the sort key, the item and the warehouse of its last row."""

# Made once: an alias works its columns out anew, which costs a page more than asking.
_held, _shown = aliased(Holding), aliased(Holding)


@dataclass(frozen=True, slots=True)
class StockAsked:
    """Which stock is asked for. ``only`` is one of "", ``low``, ``expiring``, ``stock``; ``on`` None means today."""

    warehouse_ids: Sequence[int]
    today: date
    language: str
    search: str = ""
    category_id: int | None = None
    item_id: int | None = None
    only: str = ""
    sort: str = "code"
    is_descending: bool = False
    on: date | None = None
    warning_days: int = 90


@dataclass(frozen=True, slots=True)
class StockRow:
    """An item in a warehouse. Quantities are in ``unit``, ``value`` in MAD; at an earlier day only what was on hand and
    its value are known, since nobody keeps what was promised then."""

    item: Called
    unit: Called
    category: Called | None
    warehouse: Called
    figures: Figures
    value: Decimal
    alert_id: int | None
    level: str | None
    is_expiring: bool
    decimals: int
    key: Any

    @property
    def state(self) -> str:
        """``out``, ``low``, ``expired``, ``expiring``, ``in_order`` or ``none`` (nor does a rule want any)."""
        if self.level:
            return self.level
        if self.figures.expired > 0:
            return "expired"
        if self.is_expiring:
            return "expiring"
        return "in_order" if self.figures.on_hand > 0 else "none"


def stock_page(asked: StockAsked, *, after: Mark | None = None, limit: int = 50) -> tuple[list[StockRow], Mark | None]:
    """A page of the list and where the next one begins (None at the end); one statement."""
    rows, last = cut([_row(row) for row in fetch(_question(asked, after, limit + 1))], limit)
    return rows, (last.key, last.item.id, last.warehouse.id) if last else None


def stock_rows(asked: StockAsked) -> Iterator[StockRow]:
    """The whole list, streamed."""
    for row in streamed(_question(asked, None, None)):
        yield _row(row)


def stock_row(item_id: int, warehouse: Called, *, today: date, language: str) -> StockRow | None:
    """One item in one warehouse, whether it ever was there or not."""
    pair = select(
        literal(item_id).label("item_id"), literal(warehouse.id).label("warehouse_id"), literal("").label("key")
    )
    asked = StockAsked((warehouse.id,), today, language)
    row = db.session.execute(_described(pair.subquery(), asked)).one_or_none()
    return _row(row) if row else None


@dataclass(frozen=True, slots=True)
class _Source:
    """Where pairs of item and warehouse come from: a question without columns, its pair, and what the pair is worth
    (None: what the holding says)."""

    rows: Select[Any]
    item_id: Any
    warehouse_id: Any
    worth: Any = None


def _question(asked: StockAsked, after: Mark | None, limit: int | None) -> Select[Any]:
    """The pairs of the page first, then all that a row shows for these alone.

    In an order of items only the page's items are looked for: the first that have a pair at all. Twenty stores with
    fifty thousand rows then cost what one store with fifty rows does.
    """
    sources = _sources(asked)
    items = None
    # By name every item is looked at before the first is known: for one store its own rows are fewer.
    if limit is not None and (asked.sort == "code" or (asked.sort == "name" and len(asked.warehouse_ids) > 1)):
        # one more: all pairs of the item that the last page ended in may have been shown
        items = _items(asked, sources, after).limit(limit + 1).subquery("page_items")
    parts = [_narrowed(source, asked, after, items) for source in sources]
    if limit is not None:  # each part is walked in order and stops early; together they hold the page
        parts = [select(_ordered(part, asked).limit(limit).subquery()) for part in _worth_first(parts, asked, limit)]
    together = union_all(*parts).subquery()
    pairs = _ordered(select(together), asked, together.c).limit(limit).subquery() if limit is not None else together
    return _ordered(_described(pairs, asked), asked, pairs.c)


def _worth_first(parts: list[Select[Any]], asked: StockAsked, limit: int) -> list[Select[Any]]:
    """In the order of value, highest first, what only has a rule is worth nothing and comes after all that is worth
    something: a page full of that does not look for it (the database decides so once, before it looks)."""
    if not (asked.sort == "value" and asked.is_descending and len(parts) == 2):
        return parts
    held, ruled = parts
    first = _ordered(held, asked).limit(limit).subquery()
    full = select(func.count()).select_from(first).where(first.c.key > 0).scalar_subquery()
    return [held, ruled.where(full < limit)]


def _ordered(question: Select[Any], asked: StockAsked, columns: Any = None) -> Select[Any]:
    names = ("key", "item_id", "warehouse_id")
    by = (
        [columns[name] for name in names]
        if columns is not None
        else [question.selected_columns[name] for name in names]
    )
    return question.order_by(*(one.desc() if asked.is_descending else one for one in by))


def _sources(asked: StockAsked) -> list[_Source]:
    """Open alerts, lots that expire, or what was ever held or has a rule; of an earlier day what had come by then."""
    sources = _sources_now(asked)
    if asked.on is None:
        return sources
    return [replace(one, rows=one.rows.where(_first_came_on(one) <= asked.on)) for one in sources]


def _first_came_on(source: _Source) -> Any:
    """The day on which an item first came to a warehouse. Looked up for each pair: asked whether anything had come by
    a day, PostgreSQL would rather walk all that ever came."""
    return (
        select(func.min(Movement.on))
        .where(Movement.target_warehouse_id == source.warehouse_id, Movement.item_id == source.item_id)
        .correlate_except(Movement)
        .scalar_subquery()
    )


def _sources_now(asked: StockAsked) -> list[_Source]:
    if asked.only == "low":
        return [
            _Source(select().select_from(Alert).where(Alert.closed_at.is_(None)), Alert.item_id, Alert.warehouse_id)
        ]
    if asked.only == "expiring":
        soon = _expiring(asked).distinct().subquery()
        return [_Source(select().select_from(soon), soon.c.item_id, soon.c.warehouse_id)]
    holding = select().select_from(Holding)
    if asked.only == "stock":
        there = (
            select(Balance.item_id)
            .join(Location, Location.id == Balance.location_id)
            .where(Balance.item_id == Holding.item_id, Balance.warehouse_id == Holding.warehouse_id)
            .where(type_coerce(Balance.quantity, BigInteger) > 0, Location.kind.in_(ON_HAND))
        )
        holding = holding.where(there.exists())
    held = _Source(holding, Holding.item_id, Holding.warehouse_id, type_coerce(Holding.value, BigInteger))
    if asked.only == "stock" or asked.on is not None:  # what only has a rule never came
        return [held]
    known = select(Holding.item_id).where(
        Holding.item_id == ReorderRule.item_id, Holding.warehouse_id == ReorderRule.warehouse_id
    )
    ruled = select().select_from(ReorderRule).where(~known.exists())
    return [held, _Source(ruled, ReorderRule.item_id, ReorderRule.warehouse_id, literal(0, BigInteger))]


def _items(asked: StockAsked, sources: Sequence[_Source], after: Mark | None) -> Select[Any]:
    """The items of a page in its order, from the one where the last page ended: it may have more warehouses."""
    key = _item_key(asked)
    # The warehouse is compared as a sum so that an item's few rows are found by the item, not by twenty warehouses; one
    # EXISTS over all sources so that PostgreSQL looks there item by item and hashes no whole table.
    present = [
        source.rows.add_columns(source.item_id)
        .where(source.item_id == Item.id, (source.warehouse_id + 0).in_(asked.warehouse_ids))
        .correlate(Item)
        for source in sources
    ]
    question = select(Item.id).where(exists(union_all(*present)) if len(present) > 1 else present[0].exists())
    question = _of_items(question, asked)
    if after is not None:
        here, there = tuple_(key, Item.id), tuple_(literal(after[0]), literal(after[1]))
        question = question.where(here <= there if asked.is_descending else here >= there)
    return question.order_by(*((key.desc(), Item.id.desc()) if asked.is_descending else (key, Item.id)))


def _item_key(asked: StockAsked) -> Any:
    return Item.code if asked.sort == "code" else name_key(Item, asked.language)


def _of_items(question: Select[Any], asked: StockAsked) -> Select[Any]:
    """Narrowed to the items that are asked for."""
    if asked.search:
        question = question.where(search_condition(asked.search))
    if asked.category_id is not None:
        question = question.where(Item.category_id == asked.category_id)
    if asked.item_id is not None:
        question = question.where(Item.id == asked.item_id)
    return question


def _expiring(asked: StockAsked) -> Select[Any]:
    """The pairs of which something on a shelf has expired or soon will."""
    return (
        select(Balance.item_id, Balance.warehouse_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Location, Location.id == Balance.location_id)
        .where(Lot.expires_on <= asked.today + timedelta(days=asked.warning_days))
        .where(type_coerce(Balance.quantity, BigInteger) > 0, Location.kind == "shelf")
    )


def _narrowed(source: _Source, asked: StockAsked, after: Mark | None, items: Any) -> Select[Any]:
    """The pairs of a source that are asked for; ``items`` are the page's, if it is made of items."""
    item_id, warehouse_id = source.item_id, source.warehouse_id
    # As a sum the warehouse leads to no index: rows of the page's items are found by the item, and of many stores in
    # the order of their value.
    is_walked = items is not None or (asked.sort == "value" and len(asked.warehouse_ids) > 1)
    here = warehouse_id + 0 if is_walked else warehouse_id
    question = source.rows.where(here.in_(asked.warehouse_ids))
    if asked.sort == "value":
        key = source.worth
        if key is None:
            key = func.coalesce(type_coerce(_held.value, BigInteger), 0)
            question = question.outerjoin(_held, (_held.item_id == item_id) & (_held.warehouse_id == warehouse_id))
        if asked.search or asked.category_id is not None or asked.item_id is not None:
            question = _of_items(question.join(Item, Item.id == item_id), asked)
    else:
        key = _item_key(asked)
        question = question.join(Item, Item.id == item_id)
        question = _of_items(question, asked) if items is None else question.join(items, items.c.id == Item.id)
    question = question.add_columns(item_id.label("item_id"), warehouse_id.label("warehouse_id"), key.label("key"))
    if after is not None:
        here, there = tuple_(key, item_id, warehouse_id), tuple_(*(literal(one) for one in after))
        question = question.where(here < there if asked.is_descending else here > there)
    return question


def _described(pairs: Any, asked: StockAsked) -> Select[Any]:
    """Everything a row shows, for the pairs alone."""
    soon = _expiring(asked).where(Balance.item_id == Item.id, Balance.warehouse_id == Warehouse.id)
    question: Select[Any] = (
        select(
            pairs.c.key,
            *columns_of(Item, "item"),
            *columns_of(Unit, "unit"),
            *columns_of(Category, "category"),
            *columns_of(Warehouse, "warehouse"),
            Item.decimals,
            func.coalesce(type_coerce(_shown.value, BigInteger), 0).label("value"),
            soon.correlate(Item, Warehouse).exists().label("is_expiring"),
        )
        .select_from(pairs)
        .join(Item, Item.id == pairs.c.item_id)
        .join(Warehouse, Warehouse.id == pairs.c.warehouse_id)
        .join(Unit, Unit.id == Item.unit_id)
        .outerjoin(Category, Category.id == Item.category_id)
        .outerjoin(_shown, (_shown.item_id == Item.id) & (_shown.warehouse_id == Warehouse.id))
    )
    question = with_rule(with_stock(question, asked.today))
    if asked.on is not None:
        question = question.add_columns(
            (_moved("target", asked.on) - _moved("source", asked.on)).label("on_hand_then"),
            (_worth("target", asked.on) - _worth("source", asked.on)).label("value_then"),
        )
    return question


def _moved(side: str, on: date) -> Any:
    """What came to (target) or left (source) the counted places of a warehouse up to a day, in thousandths."""
    place, moved = aliased(Location), aliased(Movement)
    warehouse_id = moved.target_warehouse_id if side == "target" else moved.source_warehouse_id
    return (
        select(func.coalesce(func.sum(type_coerce(moved.quantity, BigInteger)), 0))
        .join(place, place.id == (moved.target_id if side == "target" else moved.source_id))
        .where(warehouse_id == Warehouse.id, moved.item_id == Item.id, moved.on <= on, place.kind.in_(ON_HAND))
        .correlate(Item, Warehouse)
        .scalar_subquery()
    )


def _worth(side: str, on: date) -> Any:
    """The value that came to or left a warehouse up to a day, in centimes; moves inside it cancel out."""
    moved = aliased(Movement)
    here, there = moved.target_warehouse_id, moved.source_warehouse_id
    if side == "source":
        here, there = there, here
    return (
        select(func.coalesce(func.sum(type_coerce(moved.value, BigInteger)), 0))
        .where(here == Warehouse.id, func.coalesce(there, 0) != Warehouse.id, moved.item_id == Item.id, moved.on <= on)
        .correlate(Item, Warehouse)
        .scalar_subquery()
    )


def _row(row: Any) -> StockRow:
    is_then = hasattr(row, "on_hand_then")
    figures = Figures(Quantity.to_decimal(int(row.on_hand_then))) if is_then else figures_of(row)
    return StockRow(
        sure(row, "item"), sure(row, "unit"), called(row, "category"), sure(row, "warehouse"), figures,
        Money.to_decimal(int(row.value_then if is_then else row.value)), None if is_then else row.alert_id,
        None if is_then else row.alert_level, not is_then and bool(row.is_expiring), row.decimals, row.key,
    )  # fmt: skip
