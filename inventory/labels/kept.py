"""Sheets and rolls that a house measured itself, kept for everybody.

1. What is kept can be printed: the labels of a sheet lie on A4, beside each other, and each has room for print.
2. A name is given once. A sheet that is used no more is put away, so that the log still knows it.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, String, select
from sqlalchemy.orm import Mapped, mapped_column

from inventory import audit, codes
from inventory.access import Identity
from inventory.database import Id, Model, Scaled, db, row_faults
from inventory.errors import Fault, already_exists, fault, found, refuse
from inventory.labels.designs import DESIGNS
from inventory.labels.frames import PRINTERS, TooSmallError, frame_of
from inventory.labels.media import PAGE_HEIGHT, PAGE_WIDTH, ROLL, SHEET, USUAL, Medium

OWN = "own-"
MOST_ACROSS, MOST_DOWN = 20, 40
MEASURES = ("width", "height", "left_edge", "top_edge", "gap_across", "gap_down", "inset")
LARGEST_ROLL = Decimal(300)
_ADDRESS = codes.side("HTTPS://MAGASINS.COMMUNE-CASABLANCA.MA/S/A7K2M9QX4TBD")


class Millimetres(Scaled):
    """Hundredths of a millimetre."""

    cache_ok = True
    decimals = 2


class LabelSheet(Model):
    """A sheet of A4 or a roll with the house's own measures, in millimetres. A roll has one label and no gaps."""

    __tablename__ = "label_sheet"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    columns: Mapped[int] = mapped_column(default=1)
    rows: Mapped[int] = mapped_column(default=1)
    width: Mapped[Decimal] = mapped_column(Millimetres)
    height: Mapped[Decimal] = mapped_column(Millimetres)
    left_edge: Mapped[Decimal] = mapped_column(Millimetres, default=Decimal(0))
    top_edge: Mapped[Decimal] = mapped_column(Millimetres, default=Decimal(0))
    gap_across: Mapped[Decimal] = mapped_column(Millimetres, default=Decimal(0))
    gap_down: Mapped[Decimal] = mapped_column(Millimetres, default=Decimal(0))
    inset: Mapped[Decimal] = mapped_column(Millimetres, default=Decimal(2))
    is_active: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (
        CheckConstraint("kind IN ('sheet', 'roll')", name="kind_known"),
        CheckConstraint("kind = 'sheet' OR (columns = 1 AND rows = 1)", name="roll_is_single"),
        CheckConstraint("columns >= 1 AND rows >= 1 AND width > 0 AND height > 0", name="holds_labels"),
        CheckConstraint(
            "left_edge >= 0 AND top_edge >= 0 AND gap_across >= 0 AND gap_down >= 0 AND inset >= 0", name="not_negative"
        ),
        CheckConstraint(
            "kind = 'roll' OR left_edge + columns * width + (columns - 1) * gap_across <= 21000", name="fits_across"
        ),
        CheckConstraint("kind = 'roll' OR top_edge + rows * height + (rows - 1) * gap_down <= 29700", name="fits_down"),
    )

    @property
    def key(self) -> str:
        return f"{OWN}{self.id}"

    def medium(self) -> Medium:
        return Medium(
            key=self.key, kind=self.kind, columns=self.columns, rows=self.rows, width=self.width, height=self.height,
            left=self.left_edge, top=self.top_edge, gap_across=self.gap_across, gap_down=self.gap_down,
            inset=self.inset, name=self.name,
        )  # fmt: skip


def keep_sheet(sheet: LabelSheet, *, by: Identity, at: datetime) -> LabelSheet:
    """Keeps a new sheet, or the changes of one that is kept already. Raises InvalidRequest with every fault at once,
    AlreadyExists for a name that is taken."""
    refuse(row_faults(sheet) + _faults(sheet))
    with db.session.no_autoflush:
        other = db.session.scalar(
            select(LabelSheet.id).where(LabelSheet.name == sheet.name, LabelSheet.id.is_distinct_from(sheet.id))
        )
    if other is not None:
        already_exists(sheet.name)
    act = "changed" if sheet.id else "added"
    db.session.add(sheet)
    db.session.flush()
    measures = {name: str(getattr(sheet, name)) for name in MEASURES}
    _record(act, sheet, by, at, {"columns": sheet.columns, "rows": sheet.rows} | measures)
    return sheet


def put_away(sheet: LabelSheet, *, is_active: bool, by: Identity, at: datetime) -> None:
    """Takes a sheet out of the choices, or brings it back."""
    if sheet.is_active != is_active:
        sheet.is_active = is_active
        _record("restored" if is_active else "retired", sheet, by, at, {})


def _record(act: str, sheet: LabelSheet, by: Identity, at: datetime, details: dict[str, Any]) -> None:
    audit.note(f"label_sheet.{act}", sheet.name, by=by, at=at, details=details)


def _faults(sheet: LabelSheet) -> list[Fault]:
    """Everything that keeps a sheet from being printed."""
    faults = []
    if not sheet.name.strip():
        faults.append(fault("/name", "required", _l("Give it a name.")))
    if sheet.kind not in (SHEET, ROLL):
        return [*faults, fault("/kind", "unknown", _l("It is a sheet or a roll."))]
    if not (1 <= sheet.columns <= MOST_ACROSS and 1 <= sheet.rows <= MOST_DOWN):
        message = _l("A sheet has 1 to %(across)s columns and 1 to %(down)s rows.")
        faults.append(fault("/columns", "range", message, across=MOST_ACROSS, down=MOST_DOWN))
    negative = [name for name in MEASURES if getattr(sheet, name) < 0]
    faults += [fault(f"/{name}", "range", _l("A measure is never below zero.")) for name in negative]
    return faults or _faults_of_room(sheet)


def _faults_of_room(sheet: LabelSheet) -> list[Fault]:
    right = sheet.left_edge + sheet.columns * sheet.width + (sheet.columns - 1) * sheet.gap_across
    bottom = sheet.top_edge + sheet.rows * sheet.height + (sheet.rows - 1) * sheet.gap_down
    faults = []
    across, down = (PAGE_WIDTH, PAGE_HEIGHT) if sheet.kind == SHEET else (LARGEST_ROLL, LARGEST_ROLL)
    message = _l("This reaches %(reached)s mm; at most %(most)s mm are there.")
    if right > across:
        faults.append(fault("/width", "too_wide", message, reached=f"{right:f}", most=f"{across:f}"))
    if bottom > down:
        faults.append(fault("/height", "too_high", message, reached=f"{bottom:f}", most=f"{down:f}"))
    if not faults and not _has_room(sheet.medium()):
        faults.append(fault("/width", "too_small", _l("The label is too small for a code that can be read.")))
    return faults


def _has_room(medium: Medium) -> bool:
    """Whether every design finds room for an address of usual length."""
    dots = max(PRINTERS.values(), key=lambda one: -(-375 * one // 25400) / one) if medium.is_roll else 0
    if 2 * medium.inset >= min(medium.width, medium.height):
        return False
    try:
        for design in DESIGNS:
            frame_of(design, medium, _ADDRESS, (4, 4, 4), dots)
    except TooSmallError:
        return False
    return True


def get_sheet(sheet_id: int) -> LabelSheet:
    """The kept sheet with this id; NotFound when there is none."""
    return found(db.session.get(LabelSheet, sheet_id), sheet_id)


def kept_sheets(*, with_retired: bool = False) -> list[LabelSheet]:
    """What the house measured itself, by name."""
    question = select(LabelSheet).order_by(LabelSheet.name)
    return list(db.session.scalars(question if with_retired else question.where(LabelSheet.is_active)))


def media() -> dict[str, Medium]:
    """Everything one can print on, by key: the usual ones, then the house's own."""
    return USUAL | {sheet.key: sheet.medium() for sheet in kept_sheets()}
