"""Numbered values: which numbers lie where. Only asked and written when a posting moves a range item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select

from inventory.catalogue import Item
from inventory.database import db
from inventory.errors import Fault, NumberElsewhere, fault
from inventory.ledger.movements import Movement, NumberRange
from inventory.ledger.premises import hold
from inventory.ledger.shifts import Shift
from inventory.warehouses import Location, Warehouse


@dataclass(frozen=True, slots=True)
class Span:
    """Consecutive numbers of an item at one place; ``id`` None is not written yet."""

    id: int | None
    item_id: int
    location_id: int
    first: int
    last: int


@dataclass(slots=True)
class Numbers:
    """The numbers that a posting moves and their neighbours, as they lie while its shifts are applied."""

    spans: list[Span]
    written: list[Span] = field(default_factory=list)

    @classmethod
    def around(cls, shifts: Sequence[Shift]) -> Numbers:
        """Those that the shifts touch; one question, none when no shift has numbers."""
        touched = [
            and_(
                NumberRange.item_id == s.item_id,
                NumberRange.first <= s.last_number + 1,
                NumberRange.last >= s.first_number - 1,
            )
            for s in shifts
            if s.first_number is not None and s.last_number is not None
        ]
        if not touched:
            return cls([])
        hold(Item, {s.item_id for s in shifts if s.first_number is not None and s.arrives})
        columns = (NumberRange.id, NumberRange.item_id, NumberRange.location_id, NumberRange.first, NumberRange.last)
        found = [Span(*row) for row in db.session.execute(select(*columns).where(or_(*touched)))]
        return cls(found, list(found))

    def move(self, shift: Shift) -> bool:
        """Takes the numbers of a shift from where they lie and puts them where they go; whether that could be done."""
        first, last = shift.first_number, shift.last_number
        if first is None or last is None:
            return True
        if shift.source.warehouse_id is not None and not self._take(shift.item_id, shift.source.id, first, last):
            return False
        return shift.target.warehouse_id is None or self._put(shift.item_id, shift.target.id, first, last)

    def _take(self, item_id: int, location_id: int, first: int, last: int) -> bool:
        """Cuts [first, last] out of the one span that holds it whole."""
        for span in self.spans:
            if (span.item_id, span.location_id) == (item_id, location_id) and span.first <= first <= last <= span.last:
                self.spans.remove(span)
                for low, high in ((span.first, first - 1), (last + 1, span.last)):
                    if low <= high:
                        self.spans.append(Span(None, item_id, location_id, low, high))
                return True
        return False

    def _put(self, item_id: int, location_id: int, first: int, last: int) -> bool:
        """Lays [first, last] down and joins it with its neighbours there, so that a range comes out whole as it went
        in; refused when one of the numbers already lies somewhere."""
        mine = [span for span in self.spans if span.item_id == item_id]
        if any(span.first <= last and span.last >= first for span in mine):
            return False
        for span in mine:
            if span.location_id == location_id and (span.last == first - 1 or span.first == last + 1):
                self.spans.remove(span)
                first, last = min(first, span.first), max(last, span.last)
        self.spans.append(Span(None, item_id, location_id, first, last))
        return True

    def write(self) -> None:
        """Writes what has changed."""
        gone = [span.id for span in self.written if span not in self.spans]
        if gone:
            db.session.execute(delete(NumberRange).where(NumberRange.id.in_(gone)))
        new = [span for span in self.spans if span.id is None]
        if new:
            db.session.connection().execute(
                insert(NumberRange),
                [
                    {"item_id": s.item_id, "location_id": s.location_id, "first": s.first, "last": s.last}
                    for s in sorted(new, key=lambda span: (span.item_id, span.first))
                ],
            )


def place_of(item_id: int, warehouse_id: int, first: int, last: int) -> int | None:
    """The id of the one place in a warehouse where all these numbers lie."""
    return db.session.scalar(
        select(NumberRange.location_id)
        .join(Location, Location.id == NumberRange.location_id)
        .where(
            NumberRange.item_id == item_id,
            Location.warehouse_id == warehouse_id,
            NumberRange.first <= first,
            NumberRange.last >= last,
        )
    )


def number_faults(numbers: Numbers, shifts: Sequence[Shift], on: date) -> list[Fault]:
    """Applies the shifts; the faults of those whose numbers are not there, lie elsewhere, or moved after ``on``."""
    moved_later = _moved_after(shifts, on)
    return [
        misplaced(s.line, s.item_code, s.first_number, s.last_number, "" if s.arrives else s.source.code)
        for s in shifts
        if not numbers.move(s) or any(_overlaps(s, *span) for span in moved_later)
    ]


def misplaced(line: int, item: str, first: int | None, last: int | None, location: str) -> Fault:
    """The fault of a line whose numbers are not where it takes them from ("": from outside, where they must be)."""
    return fault(
        f"/lines/{line - 1}/first_number",
        NumberElsewhere.code,
        NumberElsewhere.sentence if location else NumberElsewhere.arriving,
        first=first,
        last=last,
        item=item,
        location=location,
    )


def refuse_misplaced(faults: list[Fault]) -> None:
    """The one place where numbers are refused that are not there."""
    if faults:
        raise NumberElsewhere(faults, **faults[0].details)


def _moved_after(shifts: Sequence[Shift], on: date) -> list[tuple[int, int, int]]:
    """Numbers of the same items that moved after a day, in whatever warehouse: their story is told in the order of
    days."""
    ranged = [s for s in shifts if s.first_number is not None]
    if not ranged:
        return []
    stores = db.session.scalars(select(Warehouse.id)).all()  # named one by one, so that the indexes serve
    conditions: tuple[ColumnElement[bool], ...] = (
        Movement.item_id.in_({s.item_id for s in ranged}),
        Movement.on > on,
        Movement.first_number.is_not(None),
    )
    columns = (Movement.item_id, Movement.first_number, Movement.last_number)
    found: set[tuple[int, int, int]] = set()
    for side in (Movement.source_warehouse_id, Movement.target_warehouse_id):
        rows = db.session.execute(select(*columns).where(side.in_(stores), *conditions))
        found.update((item_id, first or 0, last or 0) for item_id, first, last in rows)
    return sorted(found)


def _overlaps(shift: Shift, item_id: int, first: int, last: int) -> bool:
    return (
        shift.item_id == item_id
        and shift.first_number is not None
        and shift.last_number is not None
        and shift.first_number <= last
        and first <= shift.last_number
    )
