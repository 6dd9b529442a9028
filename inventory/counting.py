"""Counting: what lies at a place, counted without being told what should, and what becomes of the difference.

A quick count is one person's count of one place. Count sheets and handovers will stand on the same ground: a count of a
place with its lines, compared once, decided once.

Laws:
1. Who counts is not told what should lie there: what was expected is written down when the count is handed in, under
   the pen of the warehouse, and only then shown.
2. A place is counted whole: what was not counted there counts as not there, unless who counts says that only some
   things were counted. Numbered values are counted elsewhere.
3. Nothing of a count is changed. A later count of the same goods at the same place takes the place of one that nobody
   has decided.
4. A difference becomes an adjustment, with a reason, by who may post one; or it is dismissed with a reason. Once.
5. What moved between the counting and its comparison (a count made without network) is counted again, never adjusted.
6. A count whose difference was posted is a barrier: nothing dated before it touches these goods at this place again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Select,
    String,
    case,
    exists,
    func,
    select,
    type_coerce,
)  # fmt: skip
from sqlalchemy.orm import Mapped, aliased, mapped_column

from inventory import audit, documents, ledger
from inventory.access import Identity, User, require
from inventory.catalogue import Item, Lot
from inventory.database import Id, Instant, Model, Quantity, db
from inventory.documents import Document, LineOrder, Order
from inventory.documents.desk import Desk
from inventory.documents.goods import goods_of
from inventory.documents.posting import locked_store, opened_book
from inventory.errors import found, refuse, refuse_field, refuse_stale
from inventory.ledger import Balance, Barrier, Entry, Movement, Place, Premises, Store
from inventory.ledger.questions import entry_by_key
from inventory.texts import text_faults
from inventory.warehouses import Location, Warehouse

LONGEST_REASON = 300
STATES = ("matched", "waiting", "adjusted", "dismissed", "replaced")
MOST_BEFORE = 50
_APPEND_ONLY = {"info": {"append_only": True}}
_NOTHING = Decimal(0)


class PlaceCount(Model):
    """One count of one place. ``counted_at`` is by the device's clock, ``counted_on`` its business day."""

    __tablename__ = "place_count"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    warehouse_id: Mapped[int] = mapped_column(ForeignKey("warehouse.id"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    counted_on: Mapped[date]
    counted_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    counter_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    is_whole: Mapped[bool]
    __table_args__ = (Index(None, "warehouse_id", "id"), Index(None, "location_id", "id"), _APPEND_ONLY)


class CountLine(Model):
    """One lot of one item at the place, base units; ``lot`` is empty for goods without lots. ``has_moved``: after it
    was counted and before it was compared (law 5)."""

    __tablename__ = "count_line"
    count_id: Mapped[int] = mapped_column(ForeignKey("place_count.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    lot: Mapped[str] = mapped_column(String(60))
    expires_on: Mapped[date | None]
    counted: Mapped[Decimal] = mapped_column(Quantity)
    expected: Mapped[Decimal] = mapped_column(Quantity)
    has_moved: Mapped[bool]
    __table_args__ = (CheckConstraint("counted >= 0 AND expected >= 0", name="never_negative"), _APPEND_ONLY)

    @property
    def difference(self) -> Decimal:
        """What is too much (or, below zero, too little) at the place."""
        return self.counted - self.expected


class CountDecision(Model):
    """What became of a count's difference: an adjustment (its entry) or a dismissal. One to a count, for ever."""

    __tablename__ = "count_decision"
    count_id: Mapped[int] = mapped_column(ForeignKey("place_count.id"), primary_key=True)
    decided_at: Mapped[datetime] = mapped_column(Instant)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), unique=True)
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    __table_args__ = (CheckConstraint("reason <> ''", name="says_why"), _APPEND_ONLY)


class CountRemark(Model):
    """What somebody who knows the place says of a difference, for who decides."""

    __tablename__ = "count_remark"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    count_id: Mapped[int] = mapped_column(ForeignKey("place_count.id"), index=True)
    said_at: Mapped[datetime] = mapped_column(Instant)
    said_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    remark: Mapped[str] = mapped_column(String(LONGEST_REASON))
    __table_args__ = (_APPEND_ONLY,)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCount:
    """A count as a door read it. ``location`` None is the default place; no line means that nothing lies there.
    ``is_whole``: all that lies there was counted, else only what the lines name.
    ``counted_at`` and ``counted_on`` are given by a device that hands it in late; ``before`` are the keys of papers
    that the same person had made before counting, so that they have not moved anything since."""

    warehouse: str
    location: str | None
    lines: tuple[LineOrder, ...]
    is_whole: bool = True
    counted_at: datetime | None = None
    counted_on: date | None = None
    before: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsAsked:
    """Which counts a list shows; ``warehouse_ids`` None for all."""

    warehouse_ids: Collection[int] | None = None
    state: str = ""


@dataclass(slots=True)
class _Lying:
    """One lot of one item at a place, while it is compared."""

    item_id: int
    lot: str
    expires_on: date | None
    counted: Decimal = _NOTHING
    expected: Decimal = _NOTHING


# ---- verbs


def record(new: NewCount, *, by: Identity, today: date, at: datetime) -> PlaceCount:
    """Takes a count in and compares it, first in a transaction. Raises NotAllowed, and InvalidRequest with every bad
    line."""
    premises = ledger.lock([new.warehouse], inside=[new.location] if new.location else [])
    store = locked_store(premises, new.warehouse)
    require(by, "count.write", store.id)
    place = _place(premises, store, new.location)
    lying = _counted(new, premises, store, by=by, today=today)
    for row in _expected(place.id):
        if not new.is_whole and (row.item_id, row.lot) not in lying:
            continue
        goods = lying.setdefault((row.item_id, row.lot), _Lying(row.item_id, row.lot, row.expires_on))
        goods.expected, goods.expires_on = row.quantity, row.expires_on
    counted_at = min(new.counted_at or at, at)
    count = PlaceCount(
        warehouse_id=store.id, location_id=place.id, counted_on=min(new.counted_on or today, today),
        counted_at=counted_at, recorded_at=at, counter_id=by.id, is_whole=new.is_whole,
    )  # fmt: skip
    db.session.add(count)
    db.session.flush()
    moved = set(_moved_since(counted_at, place, store, new.before, by)) if new.counted_at else set()
    db.session.add_all(
        CountLine(
            count_id=count.id, position=position, item_id=one.item_id, lot=one.lot, expires_on=one.expires_on,
            counted=one.counted, expected=one.expected, has_moved=(one.item_id, one.lot) in moved,
        )
        for position, one in enumerate(lying.values(), 1)
    )  # fmt: skip
    db.session.flush()
    _note("count.recorded", count, by=by, at=at, place=f"{store.code} {place.code}")
    return count


def _place(premises: Premises, store: Store, code: str | None) -> Place:
    place = store.default if code is None else premises.inside.get((store.id, code))
    if place is None or place.kind == "transit":
        refuse_field("/location", "unknown", _l("There is no place “%(place)s” here."), place=code)
    return place


def _counted(
    new: NewCount, premises: Premises, store: Store, *, by: Identity, today: date
) -> dict[tuple[int, str], _Lying]:
    """What was counted, by item and lot, in the order of counting; the same goods twice are added up."""
    if not new.lines and not new.is_whole:
        refuse_field("/lines", "required", _l("Count at least one thing."))
    if not new.lines:
        return {}
    order = Order("adjustment", new.warehouse, new.lines)
    refuse(order.faults())
    goods = goods_of(order, [store.id])
    book = opened_book(premises, store, goods, on=today, kind="adjustment", key="")
    desk = Desk(order, by, today, today, store, premises, goods, book)
    lying: dict[tuple[int, str], _Lying] = {}
    for index, line, one, quantity in desk.lines:
        has_lot = one.tracking in ("lot", "unit")
        if one.tracking == "range":
            desk.refuse(index, "item", "range", _l("%(item)s has numbers: count it on a count sheet."), item=one.code)
        elif has_lot and not line.lot:
            desk.refuse(index, "lot", "required", _l("Enter the lot of %(item)s."), item=one.code)
        elif line.lot and not has_lot:
            desk.refuse(index, "lot", "no_lots", _l("%(item)s is not kept by lots."), item=one.code)
        elif one.tracking == "unit" and quantity != 1:
            message = _l("One inventory number is one thing: quantity 1.")
            desk.refuse(index, "quantity", "one_thing", message, item=one.code)
        else:
            kept = lying.setdefault((one.id, line.lot or ""), _Lying(one.id, line.lot or "", line.expires_on))
            kept.counted += quantity
    desk.settle()
    return lying


def _expected(location_id: int) -> Sequence[Any]:
    """What the books say lies at a place, but for numbered values (law 2)."""
    return db.session.execute(
        select(Balance.item_id, Lot.number.label("lot"), Lot.expires_on, Balance.quantity)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Item, Item.id == Balance.item_id)
        .where(Balance.location_id == location_id, type_coerce(Balance.quantity, BigInteger) > 0)
        .where(Item.tracking != "range")
        .order_by(Item.code, Lot.expires_on.is_(None), Lot.expires_on, Lot.number)
    ).all()


def _moved_since(
    since: datetime, place: Place, store: Store, before: Collection[str], by: Identity
) -> Iterator[tuple[int, str]]:
    """The goods that moved at a place since an instant, by papers that were not made before it by the same person."""
    rows = db.session.execute(
        select(Movement.item_id, Lot.number)
        .join(Entry, Entry.id == Movement.entry_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .where(Entry.warehouse_id == store.id, Entry.year >= since.year, Entry.recorded_at > since)
        .where((Movement.source_id == place.id) | (Movement.target_id == place.id))
        .where((Entry.actor_id != by.id) | Entry.key.not_in(before))
    )
    return ((row.item_id, row.number) for row in rows)


def adjust(count_id: int, reason: str, *, by: Identity, today: date, at: datetime, key: str) -> Document:
    """Posts what a count found too much or too little, first in a transaction. The same key again gives the first
    paper. Raises what posting raises; InvalidRequest without a reason, without a difference, or when goods have moved
    since they were counted; ChangedMeanwhile when the count was decided or replaced."""
    _refuse_wordless(reason)
    row = count_row(count_id)
    require(by, "adjustment.post", row.PlaceCount.warehouse_id)
    ledger.lock([row.warehouse])
    row = count_row(count_id)
    posted = entry_by_key(key)
    is_again = posted is not None and row.state == "adjusted" and row.CountDecision.entry_id == posted.id
    refuse_stale(row.state not in ("waiting", "matched") and not is_again)
    counted = lines_of_counts([count_id])[count_id]
    lines = [one for one in counted if one.CountLine.difference]
    if not lines:
        refuse_field("/reason", "matched", _l("This count found no difference."))
    if any(one.CountLine.has_moved for one in lines):
        refuse_field("/reason", "moved", _l("Some goods moved after they were counted: count the place again."))
    orders = tuple(_order_of(one, row.Location.code) for one in lines)
    order = Order("adjustment", row.warehouse, orders, reason=reason.strip(), details={"count": str(count_id)})
    document = documents.post(order, by=by, today=today, at=at, key=key)
    if document.is_replay:
        return document
    _decide(count_id, reason, by=by, at=at, entry_id=document.entry_id)
    count: PlaceCount = row.PlaceCount
    items = {one.CountLine.item_id for one in counted}
    db.session.add_all(
        Barrier(
            warehouse_id=count.warehouse_id, item_id=item_id, location_id=count.location_id, on=count.counted_on,
            entry_id=document.entry_id,
        )
        for item_id in sorted(items)
    )  # fmt: skip
    db.session.flush()
    _note("count.adjusted", count, by=by, at=at, paper=document.reference, reason=reason.strip())
    return document


def _order_of(row: Any, location: str) -> LineOrder:
    line: CountLine = row.CountLine
    is_more = line.difference > 0
    return LineOrder(
        row.Item.code, abs(line.difference), lot=line.lot or None, location=location,
        expires_on=line.expires_on if is_more and row.Item.has_expiry else None,
        direction="in" if is_more else "out",
    )  # fmt: skip


def dismiss(count_id: int, reason: str, *, by: Identity, at: datetime) -> None:
    """Leaves the books as they are, with a reason. Raises NotAllowed, InvalidRequest without a reason, ChangedMeanwhile
    when the count was decided or replaced."""
    _refuse_wordless(reason)
    row = count_row(count_id)
    require(by, "adjustment.post", row.PlaceCount.warehouse_id)
    ledger.lock([row.warehouse])
    refuse_stale(count_row(count_id).state != "waiting")
    _decide(count_id, reason, by=by, at=at)
    _note("count.dismissed", row.PlaceCount, by=by, at=at, reason=reason.strip())


def remark(count_id: int, words: str, *, by: Identity, at: datetime) -> None:
    """Adds what explains a difference, for who decides."""
    refuse(text_faults("/remark", words, LONGEST_REASON))
    if not words.strip():
        refuse_field("/remark", "required", _l("Say what may explain it."))
    row = count_row(count_id)
    require(by, "count.write", row.PlaceCount.warehouse_id)
    refuse_stale(row.state != "waiting")
    db.session.add(CountRemark(count_id=count_id, said_at=at, said_by_id=by.id, remark=words.strip()))
    db.session.flush()


def _refuse_wordless(reason: str) -> None:
    refuse(text_faults("/reason", reason, LONGEST_REASON))
    if not reason.strip():
        refuse_field("/reason", "required", _l("Say why."))


def _decide(count_id: int, reason: str, *, by: Identity, at: datetime, entry_id: int | None = None) -> None:
    decision = CountDecision(
        count_id=count_id, decided_at=at, decided_by_id=by.id, entry_id=entry_id, reason=reason.strip()
    )
    db.session.add(decision)
    db.session.flush()


def _note(action: str, count: PlaceCount, *, by: Identity, at: datetime, **details: Any) -> None:
    audit.record(action, str(count.id), at=at, actor=by.username, actor_id=by.id, details=details)


# ---- questions

_later, _again = aliased(PlaceCount), aliased(CountLine)


def _state() -> ColumnElement[str]:
    """The state of a count, in its one definition."""
    later = (_later.location_id == PlaceCount.location_id) & (_later.id > PlaceCount.id)
    again = exists().where(
        later, _again.count_id == _later.id, CountLine.count_id == PlaceCount.id,
        _again.item_id == CountLine.item_id, _again.lot == CountLine.lot, CountLine.counted != CountLine.expected,
    )  # fmt: skip
    replaced = exists().where(later, _later.is_whole) | again
    differs = exists().where(CountLine.count_id == PlaceCount.id, CountLine.counted != CountLine.expected)
    return case(
        (CountDecision.entry_id.is_not(None), "adjusted"),
        (CountDecision.count_id.is_not(None), "dismissed"),
        (~differs, "matched"),
        (replaced, "replaced"),
        else_="waiting",
    )


def _question() -> Select[Any]:
    mine = CountLine.count_id == PlaceCount.id
    lines = select(func.count()).where(mine).correlate(PlaceCount).scalar_subquery()
    differences = (
        select(func.count())
        .where(mine, CountLine.counted != CountLine.expected)
        .correlate(PlaceCount)
        .scalar_subquery()
    )
    return (
        select(
            PlaceCount, Warehouse.code.label("warehouse"), Location,
            User.username, User.display_name, CountDecision, _state().label("state"), lines.label("lines"),
            differences.label("differences"),
        )
        .join(Warehouse, Warehouse.id == PlaceCount.warehouse_id)
        .join(Location, Location.id == PlaceCount.location_id)
        .join(User, User.id == PlaceCount.counter_id)
        .outerjoin(CountDecision, CountDecision.count_id == PlaceCount.id)
    )  # fmt: skip


def find_counts(asked: CountsAsked, *, before_id: int | None = None, limit: int | None = 50) -> Sequence[Any]:
    """Rows of ``PlaceCount, warehouse, Location, username, display_name, CountDecision, state, lines, differences``,
    the newest first."""
    question = _question().order_by(PlaceCount.id.desc()).limit(limit)
    if asked.warehouse_ids is not None:
        question = question.where(PlaceCount.warehouse_id.in_(asked.warehouse_ids))
    if asked.state:
        question = question.where(_state() == asked.state)
    if before_id is not None:
        question = question.where(PlaceCount.id < before_id)
    return db.session.execute(question).all()


def count_row(count_id: int) -> Any:
    """One count as the list has it; NotFound when there is none."""
    return found(db.session.execute(_question().where(PlaceCount.id == count_id)).one_or_none(), count_id)


def lines_of_counts(count_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Rows of ``CountLine, Item``, by count, in the order of counting."""
    rows = db.session.execute(
        select(CountLine, Item)
        .join(Item, Item.id == CountLine.item_id)
        .where(CountLine.count_id.in_(count_ids))
        .order_by(CountLine.count_id, CountLine.position)
    ).all()
    by_count: dict[int, list[Any]] = {count_id: [] for count_id in count_ids}
    for row in rows:
        by_count[row.CountLine.count_id].append(row)
    return by_count


def remarks_of(count_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Rows of ``CountRemark, display_name``, by count, the oldest first."""
    rows = db.session.execute(
        select(CountRemark, User.display_name)
        .join(User, User.id == CountRemark.said_by_id)
        .where(CountRemark.count_id.in_(count_ids))
        .order_by(CountRemark.id)
    ).all()
    by_count: dict[int, list[Any]] = {count_id: [] for count_id in count_ids}
    for row in rows:
        by_count[row.CountRemark.count_id].append(row)
    return by_count


def waiting_counts(warehouse_ids: Collection[int]) -> int:
    """How many counts of some warehouses wait for a decision."""
    counted = (
        select(func.count(PlaceCount.id))
        .outerjoin(CountDecision, CountDecision.count_id == PlaceCount.id)
        .where(PlaceCount.warehouse_id.in_(warehouse_ids), _state() == "waiting")
    )
    return int(db.session.scalar(counted) or 0)
