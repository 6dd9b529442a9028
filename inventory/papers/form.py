"""From a paper to what the template lays out: plain lists of labelled texts, every figure and word already made.

A field is `{"label": {ar, fr}, "ar": …, "fr": …}`, or `"text"` where both languages write the same.
A column has a style: `latin` (a list of lines, read from left to right), `names` ({ar, fr}) or `figure`.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal

from inventory import amounts, codes
from inventory.names import Names
from inventory.papers.card import Card, CardLine
from inventory.papers.note import Line, Mark, Note, Person
from inventory.papers.office import Office
from inventory.papers.wording import (
    AMOUNT,
    CARD_TITLE,
    CLOSING_BALANCE,
    COLUMNS,
    FIELDS,
    FORMS,
    ITEMS,
    MARKS,
    NET,
    OPENING_BALANCE,
    REVERSAL,
    ROLES,
    TOTAL,
    UNPRICED,
    Form,
    Role,
    long_date,
    short_date,
)

Json = dict[str, object]

_ALWAYS = ("item", "names", "unit")
_HASH_SHOWN = 16  # hexadecimal digits: enough to compare by eye with the register's page


def note_layout(paper: Note, office: Office) -> Json:
    """One paper of any kind in `FORMS`, laid out for the template."""
    form = FORMS[paper.kind]
    columns = (*_ALWAYS, *(name for name in form.columns if paper.total is not None or name not in _PRICES))
    return {
        **_frame(office, paper.code),
        "title": _pair(_title(paper, form)),
        "number": paper.number,
        "reference": paper.reference,
        "dated": (paper.recorded_at or paper.on).strftime("%Y-%m-%d"),
        "fields": list(_fields(paper, form)),
        "columns": _columns(columns),
        "rows": [{"cells": [_CELLS[name](line) for name in columns]} for line in paper.lines],
        "total": _total(paper),
        "words": list(_words(paper)),
        "note": {"label": _pair(FIELDS["note"]), "text": paper.note} if paper.note else None,
        "people": [_person(role, paper.people.get(role, Person())) for role in form.roles],
        "register": _register(paper),
        "recorded": _recorded(paper),
        "mark": _pair(MARKS[paper.mark]) if paper.mark else None,
    }


def card_layout(paper: Card, office: Office) -> Json:
    """One stock card, laid out for the same template."""
    columns = ("on", "paper", "other_side", "in", "out", "balance", "checked_by")
    return {
        **_frame(office, paper.code),
        "title": _pair(CARD_TITLE),
        "number": "",
        "reference": paper.item,
        "dated": paper.printed_on.isoformat(),
        "fields": list(_card_fields(paper)),
        "columns": _columns(columns),
        "rows": _card_rows(paper),
        "total": None,
        "words": [],
        "note": None,
        "people": [_person(role, Person()) for role in (Role.STOREKEEPER, Role.CONTROLLER)],
        "register": None,
        "recorded": _pair(long_date(paper.printed_on)),
        "mark": _pair(MARKS[Mark.PRACTICE]) if paper.is_practice else None,
    }


def _frame(office: Office, code: str) -> Json:
    return {
        "header": [_pair(line) for line in office.header],
        "arms": office.arms_svg,
        "mention": _pair(office.mention),
        "qr": codes.svg(codes.address(office.public_url, code)) if code else "",
        "code": codes.grouped(code),
    }


def _title(paper: Note, form: Form) -> Names:
    if not paper.reverses:
        return form.title
    return Names(ar=f"{REVERSAL.ar} {form.title.ar}", fr=f"{REVERSAL.fr} – {form.title.fr}")


def _fields(paper: Note, form: Form) -> Iterable[Json]:
    yield _field(FIELDS["on"], long_date(paper.on))
    yield _field(form.warehouse, paper.warehouse)
    if paper.other_side.arabic:
        yield _field(form.other_side if form.other_side.ar else COLUMNS["other_side"], paper.other_side)
    for name, names in (("origin", paper.origin), ("reason", paper.reason)):
        if names.arabic:
            yield _field(FIELDS[name], names)
    texts = {
        "report": paper.report,
        "commission": "، ".join(paper.commission),
        "cites": paper.cites,
        "reverses": paper.reverses,
        "reversed_by": paper.reversed_by,
    }
    for name, text in texts.items():
        if text:
            yield _text_field(FIELDS[name], text)
    for label, text in paper.facts:
        yield _text_field(label, text)


def _card_fields(paper: Card) -> Iterable[Json]:
    since, until = long_date(paper.since), long_date(paper.until)
    yield _field(FIELDS["item"], paper.names)
    yield _field(FORMS["issue"].warehouse, paper.warehouse)
    yield _field(FIELDS["unit"], paper.unit)
    yield _field(FIELDS["period"], Names(ar=f"من {since.ar} إلى {until.ar}", fr=f"du {since.fr} au {until.fr}"))
    if paper.reorder_point is not None:
        yield _text_field(FIELDS["reorder_point"], amounts.decimal_figures(paper.reorder_point))


def _card_rows(paper: Card) -> list[Json]:
    into = sum((line.quantity_in or Decimal() for line in paper.lines), Decimal())
    out = sum((line.quantity_out or Decimal() for line in paper.lines), Decimal())
    opening = [[short_date(paper.since)], [], _pair(OPENING_BALANCE), "", "", _figure(paper.opening), []]
    closing = [[short_date(paper.until)], [], _pair(CLOSING_BALANCE), *map(_figure, (into, out, paper.closing)), []]
    rows: list[Json] = [{"cells": opening, "is_strong": True}]
    rows += [{"cells": _card_cells(line)} for line in paper.lines]
    return [*rows, {"cells": closing, "is_strong": True}]


def _card_cells(line: CardLine) -> list[object]:
    return [
        [short_date(line.on)],
        [line.paper],
        _pair(line.other_side),
        _figure(line.quantity_in),
        _figure(line.quantity_out),
        _figure(line.balance),
        [line.checked_by] if line.checked_by else [],
    ]


_PRICES = ("unit_cost", "value")
_WIDTHS = {"names": "wide", "other_side": "wide", "lot": "middle", "paper": "middle"}
_STYLES = {"names": "names", "unit": "names", "other_side": "names"} | dict.fromkeys(
    ("item", "lot", "location", "target_location", "on", "paper", "checked_by"), "latin"
)


def _columns(names: Iterable[str]) -> list[Json]:
    return [
        {**_pair(COLUMNS[name]), "name": name, "style": _STYLES.get(name, "figure"), "width": _WIDTHS.get(name, "own")}
        for name in names
    ]


_CELLS: dict[str, Callable[[Line], object]] = {
    "item": lambda line: [line.item],
    "names": lambda line: _pair(line.names),
    "unit": lambda line: _pair(line.unit),
    "lot": lambda line: _lot(line),
    "location": lambda line: [line.location] if line.location else [],
    "target_location": lambda line: [line.target_location] if line.target_location else [],
    "quantity": lambda line: _figure(line.quantity),
    "sent": lambda line: _figure(line.quantity),
    "received": lambda line: _figure(line.quantity_received),
    "difference": lambda line: _difference(line),
    "in": lambda line: _figure(line.quantity) if line.quantity > 0 else "",
    "out": lambda line: _figure(-line.quantity) if line.quantity < 0 else "",
    "unit_cost": lambda line: "" if line.unit_cost is None else amounts.decimal_figures(line.unit_cost, 2),
    "value": lambda line: "—" if line.value is None else amounts.figures(line.value),
}


def _lot(line: Line) -> list[str]:
    expiry = short_date(line.expires_on) if line.expires_on else ""
    return [text for text in (line.lot, expiry, line.numbers) if text]


def _difference(line: Line) -> str:
    return "" if line.quantity_received is None else _figure(line.quantity_received - line.quantity)


def _worth(paper: Note) -> int | None:
    """What the paper says it is worth, in figures and in words; a form without values says nothing."""
    return paper.total if "value" in FORMS[paper.kind].columns else None


def _total(paper: Note) -> Json | None:
    worth = _worth(paper)
    if worth is None:
        return None
    missing = f" ({paper.lines_unpriced} {{}})" if paper.lines_unpriced else ""
    label = NET if paper.is_net else TOTAL
    return {
        "label": {"ar": label.ar + missing.format(UNPRICED.ar), "fr": label.fr + missing.format(UNPRICED.fr)},
        "figures": amounts.figures(worth),
    }


def _words(paper: Note) -> Iterable[Json]:
    count = len({line.item for line in paper.lines})
    ar, fr = amounts.arabic.counted(count, amounts.arabic.ITEM), amounts.french.cardinal(count)
    yield _field(ITEMS, Names(ar=f"{count} ({ar})", fr=f"{count} ({fr})"))
    worth = _worth(paper)
    if worth is not None:
        ar, fr = amounts.arabic.dirhams(worth), amounts.french.dirhams(worth)
        yield _field(AMOUNT, Names(ar=ar, fr=fr))


def _person(role: Role, person: Person) -> Json:
    return {
        "role": _pair(ROLES[role]),
        "name": person.name,
        "quality": _pair(person.quality),
        "on": short_date(person.on) if person.on else "",
    }


def _register(paper: Note) -> Json | None:
    if paper.register is None:
        return None
    shown = codes.grouped(paper.register.hash[:_HASH_SHOWN])
    return {"name": paper.register.register, "position": str(paper.register.position), "hash": shown}


def _recorded(paper: Note) -> Json | None:
    if paper.recorded_at is None:
        return None
    day, time = long_date(paper.recorded_at.date()), f"{paper.recorded_at:%H:%M}"
    by = f" · {paper.by}" if paper.by else ""
    return {"ar": f"{day.ar} {time}{by}", "fr": f"{day.fr} {time}{by}"}


def _field(label: Names, names: Names) -> Json:
    return {"label": _pair(label), **_pair(names)}


def _text_field(label: Names, text: str) -> Json:
    return {"label": _pair(label), "text": text}


def _figure(value: Decimal | None) -> str:
    return "" if value is None else amounts.decimal_figures(value)


def _pair(names: Names) -> Json:
    return {"ar": names.arabic, "fr": names.french if names.french != names.arabic else ""}
