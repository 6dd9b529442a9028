"""The house's own sheets and rolls: their measures, kept once for everybody."""

from __future__ import annotations

import re
from decimal import Decimal

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required

from inventory import access, clock, labels
from inventory.database import transaction
from inventory.errors import Refusal, fault
from inventory.labels import MEASURES, USUAL, LabelSheet, get_sheet
from inventory.web.asked import me
from inventory.web.labels.room import Answer, medium_word, pages, permit_reading, tabs
from inventory.web.typed import Typed

KINDS = (("sheet", _l("Sheet of A4")), ("roll", _l("Roll")))
_MEASURE = re.compile(r"[0-9]{1,3}(?:[.,][0-9]{1,2})?")


@pages.get("/labels/sheets")
@login_required
def sheets() -> Answer:
    """What can be printed on: the usual ones, and the house's own with their measures."""
    permit_reading()
    return render_template(
        "labels/sheets.html",
        tabs=tabs(),
        own=labels.kept_sheets(with_retired=True),
        usual=list(USUAL.values()),
        medium_word=medium_word,
        may_write=me().may_somewhere("label_sheet.write"),
    )


@pages.get("/labels/sheets/new")
@login_required
def new_sheet() -> Answer:
    access.require_somewhere(me(), "label_sheet.write")
    return _form(Typed({"kind": "sheet", "columns": "3", "rows": "8", "inset": "2"}), None)


@pages.get("/labels/sheets/<int:sheet_id>")
@login_required
def sheet_form(sheet_id: int) -> Answer:
    access.require_somewhere(me(), "label_sheet.write")
    kept = get_sheet(sheet_id)
    measures = {name: f"{getattr(kept, name).normalize():f}" for name in MEASURES}
    said = {"name": kept.name, "kind": kept.kind, "columns": str(kept.columns), "rows": str(kept.rows)}
    return _form(Typed(said | measures), kept)


def _form(typed: Typed, kept: LabelSheet | None, status: int = 200) -> tuple[str, int]:
    page = render_template("labels/sheet_form.html", tabs=tabs(), form=typed, kept=kept, kinds=KINDS)
    return page, status


@pages.post("/labels/sheets/<sheet_id>")
@login_required
def keep(sheet_id: str) -> Answer:
    """Keeps a new sheet (``new``) or a changed one; or puts one away, or brings it back."""
    access.require_somewhere(me(), "label_sheet.write")
    typed, kept = Typed(request.form), None
    act = request.form.get("act", "")
    try:
        if act not in ("retire", "restore"):
            _read(typed, LabelSheet())
            typed.settle()
        with transaction():
            kept = None if sheet_id == "new" else get_sheet(int(sheet_id) if sheet_id.isdigit() else 0)
            if kept is not None and act in ("retire", "restore"):
                labels.put_away(kept, is_active=act == "restore", by=me(), at=clock.now())
            else:
                labels.keep_sheet(_read(typed, kept or LabelSheet(is_active=True)), by=me(), at=clock.now())
    except Refusal as refusal:
        return _form(typed, get_sheet(int(sheet_id)) if sheet_id.isdigit() else None, typed.refuse(refusal, "name"))
    flash(_("The change is kept."), "posted")
    answer: Response = redirect(url_for("labels.sheets"))  # type: ignore[assignment]
    return answer


def _read(typed: Typed, sheet: LabelSheet) -> LabelSheet:
    """The sheet with what was typed; a roll has no columns, rows, edges or gaps."""
    sheet.name = typed.text("name", most=60, is_required=True)
    sheet.kind = typed.choice("kind", [kind for kind, _word in KINDS])
    is_roll = sheet.kind == "roll"
    sheet.columns = 1 if is_roll else typed.whole("columns", 1, 20)
    sheet.rows = 1 if is_roll else typed.whole("rows", 1, 40)
    for name in MEASURES:
        is_asked = not is_roll or name in ("width", "height", "inset")
        setattr(sheet, name, _measure(typed, name) if is_asked else Decimal(0))
    return sheet


def _measure(typed: Typed, name: str) -> Decimal:
    """Millimetres with two decimals at most; an edge or gap that is left open is none."""
    text = typed.text(name, is_required=name in ("width", "height"))
    if text and not _MEASURE.fullmatch(text):
        typed.faults.append(fault(f"/{name}", "format", _l("Millimetres, with two decimals at most: 63.5")))
    return Decimal(text.replace(",", ".")) if _MEASURE.fullmatch(text) else Decimal(0)
