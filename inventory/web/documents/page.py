"""The page on which a paper is written: what its template needs, asked in a fixed number of questions."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from inventory import clock, languages, settings
from inventory.database import db
from inventory.documents import Document, Reason
from inventory.errors import Refusal
from inventory.papers.note import Note
from inventory.parties import Service, Supplier
from inventory.warehouses import Warehouse
from inventory.web.documents import shelves
from inventory.web.documents.desk import WORDS, in_language
from inventory.web.documents.sheet import Sheet
from inventory.web.documents.shelves import Thing
from inventory.web.frame import Place, named, own_warehouses, shows
from inventory.web.numbers import decimal
from inventory.web.words import ORIGINS

LEAVING = ("issue", "transfer", "move", "write_off", "conversion")
USING = ("issue", "transfer", "conversion")  # what is expired or in quarantine does not leave by these
AT_DATE = ("future_date", "back_dated", "closed_period", "negative_later", "count_barrier")


class Page:
    """A sheet on the screen; ``errors`` are ``{field, message}``, each shown at its field and summed on top."""

    def __init__(
        self,
        sheet: Sheet,
        *,
        errors: list[dict[str, Any]] | None = None,
        saved_at: datetime | None = None,
        kept_elsewhere_at: datetime | None = None,
    ) -> None:
        self.sheet = sheet
        self.errors = errors or []
        self.saved_at = saved_at
        self.kept_elsewhere_at = kept_elsewhere_at
        self.today = clock.today()

    def render(self) -> str:
        sheet = self.sheet
        shows(sheet.warehouse)
        if not sheet.rows:
            sheet.rows = [{}]
        stores = own_warehouses(f"{sheet.kind}.post")
        place = next((one for one in stores if one.code == sheet.warehouse), None)
        codes = [row.get(name, "") for row in sheet.rows for name in ("item", "target_item")]
        things = shelves.things_of(codes, place.id if place else 0)
        return render_template(
            "documents/new.html",
            sheet=sheet,
            form=sheet.form,
            word=WORDS[sheet.kind],
            stores=[(one.code, one.name) for one in stores],
            place=place,
            party=self._party(place),
            shelves=shelves.shelves_of(place.id) if place else [],
            lines=self._lines(things),
            origins=list(ORIGINS.items()),
            transfer=shelves.transfer_of(sheet.cited) if sheet.cited else None,
            errors=self.errors,
            at={error["field"]: error["message"] for error in self.errors},
            today=self.today,
            earliest=self._earliest(place is not None and place.is_in_service),
            saved_at=self.saved_at,
            kept_elsewhere_at=self.kept_elsewhere_at,
            form_address=address_of(sheet),
        )

    def confirm(self, document: Document, note: Note) -> str:
        """The same sheet, to be confirmed in words, as it would stand in the register."""
        sheet = self.sheet
        shows(sheet.warehouse)
        language = languages.language()
        count = len(note.lines)
        where = in_language(note.other_side, language) or in_language(note.warehouse, language)
        question = ngettext(
            "Post %(num)s line: %(paper)s, %(where)s?",
            "Post %(num)s lines: %(paper)s, %(where)s?",
            count,
            paper=WORDS[sheet.kind].title,
            where=where,
        )
        lines = [(in_language(line.names, language), in_language(line.unit, language), line) for line in note.lines]
        return render_template(
            "documents/confirm.html",
            sheet=sheet,
            word=WORDS[sheet.kind],
            question=question,
            warehouse=in_language(note.warehouse, language),
            other_side=in_language(note.other_side, language),
            reason=in_language(note.reason, language),
            on=document.on,
            lines=zip(lines, document.lines, strict=True),
            total=None if note.total is None else Decimal(note.total).scaleb(-2),
            is_net=note.is_net,
            unpriced=note.lines_unpriced,
            facts=[(in_language(label, language), text) for label, text in note.facts],
            note=note.note,
            is_back_dated=document.on != self.today,
            form_address=address_of(sheet),
            arriving_expired=sheet.form.arrives
            and sum(bool(line.expires_on and line.expires_on < document.on) for line in note.lines),
            not_expired=sheet.kind == "write_off"
            and sheet.head.get("party") == "expired"
            and sum(not (line.expires_on and line.expires_on < document.on) for line in note.lines),
            still_on_the_road=self._still_on_the_road(document) if sheet.kind == "transfer_receipt" else 0,
        )

    def _still_on_the_road(self, document: Document) -> int:
        """Of how many items and lots less arrives than was sent. The rehearsal is over: none of it is received."""
        arrived: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for line in document.lines:
            arrived[line["item"], line["lot"] or ""] += Decimal(line["base_quantity"])
        left = shelves.left_of_transfer(self.sheet.cited)
        return sum(one.left > arrived[place] for place, one in left.items())

    def _earliest(self, is_in_service: bool) -> date | None:
        if not is_in_service:
            return None
        days: int = settings.value_of("back_dating_days", on=self.today)
        return self.today - timedelta(days=days)

    def _party(self, place: Place | None) -> dict[str, Any] | None:
        """The other side: a search over many, or a list of few."""
        sheet = self.sheet
        party, code = sheet.form.party, sheet.head.get("party", "")
        if party is None or party == "document":
            return None
        if party in ("service", "supplier"):
            kind: Any = Service if party == "service" else Supplier
            found = db.session.scalar(select(kind).where(kind.code == code)) if code else None
            shown = named(found) or found.code if found else sheet.head.get("party_shown", code)
            return {"search": f"/{party}s/options", "label": _WORDS[party](), "shown": shown, "value": code}
        options = [(one.code, named(one) or one.code) for one in listed_parties(party, place)]
        return {"options": options, "label": _WORDS[party](), "value": code}

    def _lines(self, things: dict[str, Thing]) -> list[dict[str, Any]]:
        sheet = self.sheet
        left = shelves.left_of_transfer(sheet.cited) if sheet.cited else {}
        return [
            {
                "row": row,
                "number": number,
                "thing": things.get(row.get("item", "")),
                "target": things.get(row.get("target_item", "")),
                "shown": _shown(things.get(row.get("item", "")), row.get("item_shown", "")),
                "target_shown": _shown(things.get(row.get("target_item", "")), row.get("target_item_shown", "")),
                "after": self._after(row, things.get(row.get("item", ""))),
                "barred": self._barred(things.get(row.get("item", ""))),
                "road": left.get((row.get("item", ""), row.get("lot", ""))),
                "is_arriving": sheet.form.arrives or (sheet.kind == "adjustment" and row.get("direction") != "out"),
            }
            for number, row in enumerate(sheet.rows)
        ]

    def _after(self, row: dict[str, str], thing: Thing | None) -> Decimal | None:
        """What will be on hand once this line is posted; None while it cannot be told."""
        if thing is None or self.sheet.form.is_moved:
            return None
        try:
            quantity = thing.in_base_units(decimal(row.get("quantity", "")), row.get("unit", ""))
        except ValueError:
            return None
        if quantity is None:
            return None
        is_out = self.sheet.kind in LEAVING or row.get("direction") == "out"
        return thing.on_hand - quantity if is_out else thing.on_hand + quantity

    def _barred(self, thing: Thing | None) -> Decimal:
        return thing.barred(self.today) if thing and self.sheet.kind in USING else Decimal(0)


def address_of(sheet: Sheet) -> str:
    """Where what was kept of a sheet is written on, or the paper that it became is seen."""
    return url_for("documents.new", kind=sheet.kind, key=sheet.key)


def listed_parties(party: str, place: Place | None) -> list[Any]:
    """The few things that can stand on the other side of a paper: reasons, or warehouses of the same kind, for a paper
    of practice those for practice."""
    if party == "reason":
        return list(db.session.scalars(select(Reason).where(Reason.is_active).order_by(Reason.code)))
    question = select(Warehouse).where(Warehouse.is_active).order_by(Warehouse.code)
    if place is not None:
        question = question.where(Warehouse.id != place.id, Warehouse.is_practice.is_(place.is_practice))
    return list(db.session.scalars(question))


def _shown(thing: Thing | None, typed: str) -> str:
    return f"{named(thing.item)} · {thing.code}" if thing else typed


_WORDS = {
    "service": lambda: _("Service that receives or gives back"),
    "supplier": lambda: _("Supplier"),
    "warehouse": lambda: _("To which warehouse"),
    "reason": lambda: _("Reason"),
}


def pointed(refusal: Refusal, sheet: Sheet, places: list[int]) -> list[dict[str, Any]]:
    """Each fault with the field it belongs to; what no field explains stands on top alone."""
    if refusal.faults:
        return [{"field": _field(one.pointer, sheet, places), "message": one.sentence()} for one in refusal.faults]
    field = "on" if refusal.code in AT_DATE[:3] else None
    item = refusal.details.get("item")
    named_rows = [index for index, row in enumerate(sheet.rows) if item and row.get("item") == item]
    if field is None and named_rows:
        field = f"lines-{named_rows[0]}-{'lot' if refusal.code == 'expired_lot' else 'quantity'}"
    return [{"field": field, "message": refusal.message()}]


def _field(pointer: str, sheet: Sheet, places: list[int]) -> str | None:
    parts = pointer.strip("/").split("/")
    if parts[0] == "lines" and len(parts) == 3 and parts[1].isdigit() and int(parts[1]) < len(places):
        return f"lines-{places[int(parts[1])]}-{parts[2]}"
    if parts[0] == sheet.form.side:
        return "party"
    return {"lines": "lines-0-item", "source": "source"}.get(parts[0], parts[0])
