"""A posted paper as it is printed: plain data, filled from the tables by whoever asks for the print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from inventory.names import NAMELESS, Names
from inventory.papers.wording import Role


class Mark(StrEnum):
    """What is printed across a paper that is not, or no longer, to be acted on."""

    DRAFT = "draft"
    PRACTICE = "practice"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Person:
    """Who attests. Whatever is empty is left as a rule, to be filled by hand."""

    name: str = ""
    quality: Names = NAMELESS
    on: date | None = None


@dataclass(frozen=True, slots=True)
class RegisterMark:
    """Where the paper stands in its chained register: `CENTRAL/2026`, position 48, its hash in hexadecimal."""

    register: str
    position: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. Quantities are in `unit`, exact; `unit_cost` in MAD per unit, up to 6 decimals; `value` in centimes.

    `unit_cost` and `value` are None when unpriced. `quantity_received` is for transfers, None until received.
    On an adjustment a negative quantity goes out, a positive one comes in.
    `numbers` is the range of a range item (`000101–000150`) or the inventory number of a durable.
    """

    item: str
    names: Names
    unit: Names
    quantity: Decimal
    lot: str = ""
    expires_on: date | None = None
    numbers: str = ""
    location: str = ""
    target_location: str = ""
    unit_cost: Decimal | None = None
    value: int | None = None
    quantity_received: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One paper. `kind` is a key of `wording.FORMS`; `on` its business date, `recorded_at` the instant of posting,
    already in the commune's time zone.

    `number` (`12/2026`), `reference` and `register` are empty on a draft, which has none; so is `code`.
    `cites` names the paper this one answers (the transfer received); `reverses` and `reversed_by` name the other
    half of a reversal. `facts` are further lines of the heading (delivery note, vehicle …), label and content.
    """

    kind: str
    on: date
    warehouse: Names
    lines: tuple[Line, ...]
    number: str = ""
    reference: str = ""
    code: str = ""
    register: RegisterMark | None = None
    recorded_at: datetime | None = None
    by: str = ""
    other_side: Names = NAMELESS
    origin: Names = NAMELESS
    report: str = ""
    reason: Names = NAMELESS
    commission: tuple[str, ...] = ()
    cites: str = ""
    reverses: str = ""
    reversed_by: str = ""
    facts: tuple[tuple[Names, str], ...] = ()
    note: str = ""
    mark: Mark | None = None
    people: Mapping[Role, Person] = field(default_factory=dict)

    @property
    def total(self) -> int | None:
        """What the paper is worth, in centimes; None when no line is priced. A conversion is worth what came of it (as
        much as went in), an adjustment that goes both ways what came in less what went out."""
        values = [(line.value, line.quantity < 0) for line in self.lines if line.value is not None]
        return worth(self.kind, values) if values else None

    @property
    def is_net(self) -> bool:
        """Whether the total is a difference: what came in less what went out."""
        return _is_net(self.kind, [line.quantity < 0 for line in self.lines])

    @property
    def lines_unpriced(self) -> int:
        """How many lines are missing from the total."""
        return sum(line.value is None for line in self.lines)


def worth(kind: str, values: Sequence[tuple[int, bool]]) -> int:
    """What a paper is worth, in centimes, of the value of each line and whether it goes out."""
    if kind == "conversion":
        return sum(value for value, is_out in values if not is_out)
    is_net = _is_net(kind, [is_out for _value, is_out in values])
    return sum(-value if is_out and is_net else value for value, is_out in values)


def _is_net(kind: str, ways: Sequence[bool]) -> bool:
    return kind != "conversion" and len(set(ways)) > 1
