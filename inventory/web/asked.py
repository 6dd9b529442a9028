"""What an address or a form asks for, read strictly: a bad value is refused by name and never guessed at."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from flask import Response, current_app, request, stream_with_context, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from itsdangerous import BadData, URLSafeSerializer

from inventory import access, clock, languages, warehouses
from inventory.access import Identity
from inventory.errors import InvalidRequest, refuse_field
from inventory.exchange import export
from inventory.texts import coded, honest, read_day
from inventory.web.doors import opens
from inventory.web.frame import Place, counted_warehouses, current_warehouse, is_practice, named, own_warehouses
from inventory.web.listing import PASSING
from inventory.web.numbers import decimal
from inventory.web.typed import Typed

EVERYWHERE = "*"
"""What stands for all one's warehouses in an address."""

Question = TypeVar("Question")

LONGEST = 200
LONGEST_NAME = 300


def me() -> Identity:
    """The signed-in person as a plain value, for verbs."""
    person: Identity = current_user._get_current_object()
    return person


def words(name: str) -> str:
    """A typed text without the spaces around it. Raises InvalidRequest when it is longer than means something."""
    return _short(name, request.values.get(name, "").strip(), LONGEST)


def code(name: str) -> str:
    """A typed code, without what nobody sees in it. Raises InvalidRequest when it is longer than means something."""
    return coded(words(name))


def long_words(name: str) -> str:
    """A typed name: up to 300 characters on one line. Raises InvalidRequest when it is longer, so that none is cut."""
    return _short(name, " ".join(request.values.get(name, "").split()), LONGEST_NAME)


def _short(name: str, value: str, most: int) -> str:
    value = honest(value)
    if len(value) > most:
        refuse_field(f"/{name}", "length", _l("At most %(most)s characters."), most=most)
    return value


def one_of(name: str, known: Sequence[str]) -> str:
    """One of the known words, or an empty text when nothing was asked."""
    return next(iter(some_of(name, known)), "")


def some_of(name: str, known: Sequence[str]) -> list[str]:
    """Those of the known words that were asked for, once or several times; none when nothing was."""
    values = [value for value in request.values.getlist(name) if value]
    for value in values:
        if value not in known:
            refuse_field(f"/{name}", "unknown", _l("“%(value)s” is not one of the choices."), value=value[:40])
    return values


def day(name: str, *, latest: date | None = None) -> date | None:
    """A day written 2026-11-23, or None when nothing was asked; refused when it lies after ``latest``, today."""
    text = request.values.get(name, "").strip()
    if not text:
        return None
    found = read_day(text)
    if found is None:
        refuse_field(f"/{name}", "date", _l("“%(value)s” is not a day: choose one in the calendar."), value=text[:40])
    if latest is not None and found > latest:
        refuse_field(f"/{name}", "future", _l("This day has not come yet: choose today or an earlier one."))
    return found


def days(*, latest: date | None = None) -> tuple[date | None, date | None]:
    """The days ``from`` and ``to``, None for no bound; refused when the last lies before the first, or one of them
    after ``latest``, today."""
    first_on, last_on = day("from", latest=latest), day("to", latest=latest)
    if first_on and last_on and first_on > last_on:
        refuse_field("/to", "range", _l("The last day lies before the first."))
    return first_on, last_on


def read(question: Callable[[], Question]) -> tuple[Question | None, Typed]:
    """What a list is asked; None when it cannot be read, with what is wrong at each field: the page stays as it is
    and says so. A file is refused whole."""
    typed = Typed(request.args)
    try:
        return question(), typed
    except InvalidRequest as refusal:
        if wants_file():
            raise
        typed.refuse(refusal)
        return None, typed


def number(text: str) -> Decimal | None:
    """A quantity as people type it (12, 12.5, 12,5, 1 234), or None when it is not one; never negative."""
    try:
        found = decimal(text)
    except ValueError:
        return None
    return None if found < 0 else found


def scope(action: str = "stock.read") -> tuple[list[Place], Place | None]:
    """The warehouses a list is about, and the one it is limited to, if it is: the one asked for (which must be one's
    own), else the one one is in, else all one's own but those for practice."""
    access.require_somewhere(me(), action)
    mine = own_warehouses(action)
    code = request.args.get("warehouse", "")
    if code == EVERYWHERE:
        return [place for place in mine if not place.is_practice], None
    chosen = next((place for place in mine if place.code == code), None)
    if code and chosen is None:
        access.require(me(), action, warehouses.get_warehouse(code[:LONGEST]).id)
    here = current_warehouse()
    chosen = chosen or next((place for place in mine if here and place.id == here.id), None)
    return ([chosen] if chosen else counted_warehouses(action)), chosen


def counted_ids(action: str) -> list[int] | None:
    """The ids of the warehouses that a list is about when it names none; None means all. Raises NotAllowed."""
    ids, here = access.require_somewhere(me(), action), current_warehouse()
    if here is not None and here.is_practice:
        return [here.id] if ids is None or here.id in ids else []
    return warehouses.counted(ids)


def own_warehouse(code: str, action: str = "stock.read") -> Place:
    """One's own warehouse with this code. Raises NotFound, or NotAllowed when it is somebody else's."""
    found = next((place for place in own_warehouses(action) if place.code == code), None)
    if found is None:
        warehouse = warehouses.get_warehouse(code)
        access.require(me(), action, warehouse.id)
        return Place(warehouse.id, warehouse.code, code, warehouse.is_practice, warehouse.in_service_on is not None)
    return found


def called(thing: Any) -> str:
    """The name of a thing in the language of the moment, else its code."""
    return named(thing) or str(thing.code)


def key() -> str:
    """A new key for a form: kept with it, so that a double click posts once."""
    return str(uuid.uuid4())


def signed(purpose: str, mark: Sequence[Any] | None, *, order: str = "") -> str | None:
    """Where a list goes on, as a cursor that only we can have made, for what this address asks of the list. ``order``
    says what else decides about its order: the language, where it stands by names."""
    if mark is None:
        return None
    return str(_signer(purpose).dumps([order, *(_plain(one) for one in mark)]))


def cursor(purpose: str, *, order: str = "") -> list[Any] | None:
    """The mark of a cursor that ``signed`` made for the same list, asked the same way; None on the first page, and when
    the order is another now."""
    text = request.args.get("cursor", "")
    if not text:
        return None
    try:
        found: list[Any] = _signer(purpose).loads(text[:2000])
    except BadData:
        refuse_field("/cursor", "cursor", _l("This page of the list is no longer known: begin at the first."))
    return found[1:] if found[0] == order else None


def _signer(purpose: str) -> URLSafeSerializer:
    """A mark means something in one order of one choice of rows only: in no other list, filter or order."""
    of = sorted((request.view_args or {}).items()) + [
        (name, value) for name, value in sorted(request.args.items(multi=True)) if value and name not in PASSING
    ]
    return URLSafeSerializer(current_app.secret_key or "", salt=f"cursor/{purpose}/{of}")


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def spreadsheet(
    name: str, columns: Sequence[Any], rows: Iterable[Sequence[export.Value]], title: str, *, on: date | None = None
) -> Response:
    """The whole list as CSV or XLSX, sent while it is read. ``columns`` are words. The name of the file ends with the
    day of which the list tells: today, unless it is said, so that two files of one list lie side by side."""
    heads, language, zone = [str(column) for column in columns], languages.language(), clock.zone()
    name = f"{name}-{(on or clock.today()).isoformat()}"
    if is_practice():
        name, title = f"practice-{name}", f"{_('Practice')} {title}"
    if request.args.get("format") == "csv":
        pieces: Iterator[bytes] = export.csv_bytes(heads, rows, language=language, zone=zone)
        kind, ending = "text/csv; charset=utf-8", "csv"
    else:
        pieces = export.xlsx_bytes(heads, rows, language=language, title=title, zone=zone)
        kind, ending = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
    answer = Response(stream_with_context(pieces), content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer


def wants_file() -> bool:
    """Whether the list is asked for as a spreadsheet."""
    return bool(one_of("format", ("csv", "xlsx")))


def way(endpoint: str, **values: Any) -> str | None:
    """The address of a page, None while the house has no such page, or it does not open to who asks."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions and opens(endpoint) else None


def paper(entry_id: int) -> str | None:
    """The address of a posted paper."""
    return way("documents.show", document_id=str(entry_id))
