"""What the pages of labels share: who may, the ways between them, on what is printed, and how a print is answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from inventory import access, clock, labels, languages, printing
from inventory.database import transaction
from inventory.documents.orders import fingerprint
from inventory.errors import refuse_field
from inventory.labels import DEFAULT_MEDIUM, DESIGNS, PRINTERS, USUAL, Label, Medium, NewJob
from inventory.printing import LabelOrder
from inventory.web import asked
from inventory.web.asked import me
from inventory.web.frame import own_warehouses
from inventory.web.typed import number_of

pages = Blueprint("labels", __name__)
Answer = Response | str | tuple[str, int]

FORMS = (("pdf", _l("PDF")), ("zpl", _l("File for a label printer (ZPL)")))
DESIGN_WORDS: dict[str, Any] = {
    "item": _l("Item"),
    "lot": _l("Lot"),
    "unit": _l("Unit with a number"),
    "shelf": _l("Place"),
    "paper": _l("Paper"),
    "badge": _l("Badge"),
    "door": _l("Door of a warehouse"),
}


def permit() -> None:
    """Whoever prints labels anywhere, or badges, may come in."""
    if not me().may("badge.print"):
        access.require_somewhere(me(), "label.print")


def permit_reading() -> None:
    """Whoever sees what was printed anywhere, or people's badges, may look."""
    if not me().may("people.read"):
        access.require_somewhere(me(), "label.read")


def may_print() -> bool:
    return me().may_somewhere("label.print") or me().may("badge.print")


def seen_designs() -> frozenset[str]:
    """The designs whose prints one sees: badges are for those who see people."""
    mine = DESIGNS.keys() - {"badge"} if me().may_somewhere("label.read") else set()
    return frozenset(mine | ({"badge"} if me().may("people.read") else set()))


def tabs() -> list[dict[str, Any]]:
    ways = [
        *([("labels.sheet", _("Print"))] if may_print() else []),
        *([("labels.without", _("Without a label"))] if me().may_somewhere("label.print") else []),
        ("labels.log", _("Log of prints")),
        ("labels.sheets", _("Sheets and rolls")),
    ]
    here = (request.endpoint or "").removesuffix("_post")
    return [
        {"label": word, "href": asked.way(endpoint), "is_current": endpoint == here or endpoint == FAMILY.get(here)}
        for endpoint, word in ways
    ]


FAMILY = {
    "labels.print_": "labels.sheet", "labels.job": "labels.log", "labels.again": "labels.log",
    "labels.void": "labels.log", "labels.new_sheet": "labels.sheets", "labels.sheet_form": "labels.sheets",
    "labels.keep": "labels.sheets",
}  # fmt: skip


def offered() -> dict[str, Medium]:
    """What one can print on, by key; asked once by each page."""
    return labels.media()


def chosen_medium(offered: dict[str, Medium], otherwise: str = "") -> Medium:
    """The medium the form or address names, else the one printed on last, else the usual one."""
    asked_for = request.values.get("medium", "")
    return offered.get(asked_for) or offered.get(otherwise) or DEFAULT_MEDIUM


def medium_word(medium: Medium) -> str:
    """How a medium is called: its name, how many labels, how large."""
    # an isolate of left to right: in an Arabic sentence width and height would change places
    size = (
        f"\u2066{languages.quantity(medium.width)}\u00a0×\u00a0{languages.quantity(medium.height)}\u2069\u00a0{_('mm')}"
    )
    kind = _("Roll") if medium.is_roll else _("%(count)s on a sheet", count=medium.places)
    return " · ".join(filter(None, (medium.name, kind, size)))


def medium_options(offered: dict[str, Medium]) -> list[dict[str, Any]]:
    """The choices of media in groups: one's own first, then sheets from many small labels to few large, then rolls."""
    own = [one for one in offered.values() if one.key not in USUAL]
    usual = sorted((one for one in USUAL.values() if not one.is_roll), key=lambda one: (one.places, one.width))
    rolls = [one for one in USUAL.values() if one.is_roll]
    groups = ((_("The house's own"), own), (_("Sheets of A4"), usual), (_("Rolls"), rolls))
    return [
        {"label": word, "options": [(one.key, medium_word(one)) for one in media]} for word, media in groups if media
    ]


def place_context(medium: Medium, first: int | None = None) -> dict[str, Any]:
    """What the part of a page needs that shows the sheet, or how a roll is printed."""
    return {
        "medium": medium,
        "first": first or labels.next_free(me().id, medium.key, medium.places),
        "file_forms": FORMS,
        "form_chosen": request.form.get("form", "pdf"),
        "printers": [(name, _("%(dots)s dots to the inch", dots=name)) for name in PRINTERS],
        "printer_chosen": request.form.get("printer", "203"),
    }


def order_of(wanted: Sequence[tuple[Label, int]], offered: dict[str, Medium]) -> LabelOrder:
    """What the form asks to print."""
    medium = offered.get(request.form.get("medium", ""))
    return LabelOrder(
        wanted=wanted,
        medium=medium,
        first=1 if medium is None or medium.is_roll else number_of(request.form.get("first", "1")) or 0,
        form=request.form.get("form", "pdf") if medium is not None and medium.is_roll else "pdf",
        printer=request.form.get("printer", "203"),
    )


def printed(order: LabelOrder, *, warehouse_id: int | None, cites_id: int | None = None) -> Response:
    """Prints, keeps the job (once, however often the form is sent), and answers with the file while it is read.

    The form stays open behind the file; what is changed in it and sent again is another print. What is printed in a
    warehouse for practice says so, also the label of an item, which is everybody's.
    """
    if warehouse_id in practice_ids():
        order = replace(order, wanted=[(replace(label, is_practice=True), copies) for label, copies in order.wanted])
    pieces, ending = printing.labels_file(order)
    assert order.medium is not None
    new = NewJob(
        wanted=tuple(order.wanted), medium=order.medium.key, form=order.form, first=order.first,
        printer=order.printer if order.medium.is_roll else "", warehouse_id=warehouse_id, cites_id=cites_id,
    )  # fmt: skip
    key, mark = key_of_print()
    with transaction():
        job_id = labels.record(new, by=me(), at=clock.now(), key=key, fingerprint=mark)
    kinds = {"pdf": "application/pdf", "zpl": "application/octet-stream"}
    answer = Response(pieces, content_type=kinds[ending])
    how = "inline" if ending == "pdf" else "attachment"
    answer.headers.set("Content-Disposition", how, filename=f"labels-{job_id}.{ending}")
    return answer


def practice_ids() -> frozenset[int]:
    """The warehouses for practice whose labels one sees."""
    return frozenset(one.id for one in own_warehouses("label.read") if one.is_practice)


def key_of_print() -> tuple[str, str]:
    """The key under which the form's print is kept, and the mark of its content, which is part of it."""
    said = {name: request.form.getlist(name) for name in sorted(request.form) if name != "csrf_token"}
    mark = fingerprint(me().id, {"labels": json.dumps([request.path, said], sort_keys=True)})
    return f"label:{request.form.get('key', '')[:36]}:{mark[:32]}", mark


def printed_before() -> list[tuple[Label, int]]:
    """The labels that this very form printed before, for a list that is shorter once they are printed."""
    key, mark = key_of_print()
    job_id = labels.recorded(key, by=me(), fingerprint=mark)
    lines = labels.lines_of([job_id])[job_id] if job_id else []
    return printing.labels_again([(line.design, line.subject_id, line.copies) for line in lines])


def copies_of(text: str) -> int:
    """How many copies a field asks for, in Western or Arabic digits; nothing is none."""
    plain = text.strip()
    if not plain:
        return 0
    if not (plain.isdecimal() and len(plain) < 6):
        refuse_field("/labels", "format", _l("“%(value)s” is not a number of labels."), value=plain[:20])
    return int(plain)
