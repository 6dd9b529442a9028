"""The log of prints: who printed what; printing a job anew, and saying that one was spoiled."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from inventory import access, clock, labels, printing
from inventory.database import db, transaction
from inventory.errors import InvalidRequest, Refusal
from inventory.labels import JobsAsked, LabelJob, LabelJobLine
from inventory.web import asked
from inventory.web.asked import me
from inventory.web.downloads import download
from inventory.web.frame import own_warehouses
from inventory.web.labels.room import (
    DESIGN_WORDS,
    Answer,
    chosen_medium,
    may_print,
    medium_options,
    medium_word,
    offered,
    order_of,
    pages,
    permit_reading,
    place_context,
    practice_ids,
    printed,
    seen_designs,
    tabs,
)
from inventory.web.listing import PAGE, Column, Listing

NAMED = 3  # labels that the log names of each print
SHOWN = 100  # labels that the page of a print names
STATES = ("printed", "voided")
_PLAIN = {0x2066: None, 0x2069: None, 0xA0: " "}


@pages.get("/labels/log")
@login_required
def log() -> Answer:
    permit_reading()
    is_file = asked.wants_file()
    question, typed = asked.read(_asked)
    after, limit = asked.cursor("label-log"), None if is_file else PAGE
    rows, following = labels.find_jobs(question, after=after, limit=limit) if question else ([], None)
    lines = labels.lines_of([row.LabelJob.id for row in rows], most=NAMED + 1)
    columns = (
        Column("printed_at", _("When"), "main"),
        Column("what", _("What"), "whole"),
        Column("total", _("Labels"), "number"),
        Column("medium", _("On what")),
        Column("first", _("From position"), "number", is_shown=False),
        Column("actor", _("By")),
        Column("state", _("State"), "state"),
    )
    listing = Listing(
        request.path, request.args, columns, rows, asked.signed("label-log", following), errors=typed.errors
    )
    known = offered()

    def cell(row: Any, key: str) -> Any:
        return _cell(row, key, lines, known)

    if is_file:
        return download(listing, rows, cell, name="label-prints", title=_("Log of prints"))
    page = render_template(
        "labels/log.html",
        typed=typed,
        tabs=tabs(),
        listing=listing,
        cell=cell,
        medium_name=lambda job: medium_name(job, known),
        may_print=may_print(),
    )
    return page, typed.status


def _asked() -> JobsAsked:
    first, last = asked.days()
    state = asked.one_of("state", STATES)
    return JobsAsked(
        warehouse_ids=me().warehouses("label.read"),
        designs=seen_designs(),
        actor_id=me().id if request.args.get("mine") else None,
        since=clock.midnight(first) if first else None,
        until=clock.midnight(last + timedelta(days=1)) if last else None,
        is_voided=state == "voided" if state else None,
        reference=asked.words("search"),
    )


def what(lines: list[LabelJobLine]) -> str:
    """What a job printed, in a few words."""
    said = ", ".join(f"{line.reference}" + (f" ×{line.copies}" if line.copies > 1 else "") for line in lines[:NAMED])
    return f"{said} …" if len(lines) > NAMED else said


def _cell(row: Any, key: str, lines: dict[int, list[LabelJobLine]], known: dict[str, Any]) -> Any:
    job: LabelJob = row.LabelJob
    if key == "printed_at":
        return job.printed_at
    if key == "what":
        return what(lines.get(job.id, []))
    if key == "medium":
        return medium_name(job, known).translate(_PLAIN)
    if key == "actor":
        return row.display_name
    if key == "state":
        word = _("Void") if job.voided_at else _("Printed")
        return f"{word} · {_('Practice')}" if job.warehouse_id in practice_ids() else word
    return getattr(job, key)


def medium_name(job: LabelJob, known: dict[str, Any]) -> str:
    """What a job was printed on; a sheet that was put away since stands under its key."""
    word = medium_word(known[job.medium]) if job.medium in known else job.medium
    return f"{word} · ZPL" if job.form == "zpl" else word


@pages.get("/labels/log/<int:job_id>")
@login_required
def job(job_id: int) -> Answer:
    """One print: its labels, the way to print it anew, and to say that it was spoiled."""
    found, lines = _job(job_id)
    return _page(found, lines)


TO_SEE, TO_PRINT = ("people.read", "label.read"), ("badge.print", "label.print")
"""What the policy table wants for people's badges, and for any other label."""


def _job(job_id: int, wanted: tuple[str, str] = TO_SEE) -> tuple[LabelJob, list[LabelJobLine]]:
    """A job that one may see, or print anew and void. Raises NotFound, NotAllowed."""
    permit_reading()
    found = labels.get_job(job_id)
    lines = labels.lines_of([job_id])[job_id]
    if not _may(found, lines, wanted):
        action = wanted[0] if _is_of_badges(lines) else wanted[1]
        access.require(me(), action, found.warehouse_id)
    return found, lines


def _may(found: LabelJob, lines: list[LabelJobLine], wanted: tuple[str, str]) -> bool:
    if _is_of_badges(lines):
        return me().may(wanted[0])
    if found.warehouse_id is None:  # labels of items, which are everybody's
        return me().may_somewhere(wanted[1])
    return me().may(wanted[1], found.warehouse_id)


def _may_void(found: LabelJob, lines: list[LabelJobLine]) -> bool:
    """Labels that count in every store are voided by who printed them, or may print in all."""
    if found.warehouse_id is None and found.actor_id != me().id and not _is_of_badges(lines):
        return me().may(TO_PRINT[1])
    return _may(found, lines, TO_PRINT)


def _is_of_badges(lines: list[LabelJobLine]) -> bool:
    return any(line.design == "badge" for line in lines)


def _page(found: LabelJob, lines: list[LabelJobLine], refusal: Refusal | None = None) -> Answer:
    known = offered()
    medium = chosen_medium(known, found.medium)
    names = labels.people_of(found)
    errors = [{"field": one.pointer.strip("/"), "message": one.sentence()} for one in refusal.faults] if refusal else []
    page = render_template(
        "labels/job.html",
        tabs=tabs(),
        job=found,
        lines=lines[:SHOWN],
        rest=max(0, len(lines) - SHOWN),
        names=names,
        design_words=DESIGN_WORDS,
        medium_said=medium_name(found, known),
        place=next((one for one in own_warehouses("label.read") if one.id == found.warehouse_id), None),
        repeats=labels.repeated_by(found.id),
        media=medium_options(known),
        key=request.form.get("key") or asked.key(),
        errors=errors,
        reason=request.form.get("reason", ""),
        may_print=_may(found, lines, TO_PRINT),
        may_void=_may_void(found, lines),
        **place_context(medium),
    )
    return page, refusal.status if refusal else 200


@pages.post("/labels/log/<int:job_id>/again")
@login_required
def again(job_id: int) -> Answer:
    """The same labels, as they are today; another job, which cites this one."""
    found, lines = _job(job_id, TO_PRINT)
    try:
        wanted = printing.labels_again([(line.design, line.subject_id, line.copies) for line in lines])
        return printed(order_of(wanted, offered()), warehouse_id=found.warehouse_id, cites_id=found.id)
    except InvalidRequest as refusal:
        db.session.rollback()
        return _page(labels.get_job(job_id), lines, refusal)


@pages.post("/labels/log/<int:job_id>/void")
@login_required
def void(job_id: int) -> Answer:
    """Says that a print was spoiled: its labels are then without a label again."""
    found, lines = _job(job_id, TO_PRINT)
    if not _may_void(found, lines):
        access.require(me(), TO_PRINT[1])
    try:
        with transaction():
            kept = labels.get_job(job_id, for_update=True)
            labels.void(kept, request.form.get("reason", "").strip(), by=me(), at=clock.now())
    except InvalidRequest as refusal:
        db.session.rollback()
        return _page(labels.get_job(job_id), lines, refusal)
    flash(_("The print counts as not made."), "posted")
    answer: Response = redirect(url_for("labels.job", job_id=job_id))  # type: ignore[assignment]
    return answer
