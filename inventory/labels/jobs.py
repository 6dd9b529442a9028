"""The log of prints: who printed which labels, when, on what.

1. Every print is one job, however often its form is sent. What a job says is never changed.
2. A print that was spoiled is voided, once, with a reason; its labels count as not printed.
3. A job that prints another one anew cites it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, exists, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from inventory import audit, replays
from inventory.access import Identity, User
from inventory.database import Id, Instant, Model, db, page_of
from inventory.errors import fault, found, refuse, refuse_field
from inventory.labels.designs import DESIGNS, Label
from inventory.texts import text_faults

LONGEST_REASON = 300


class LabelJob(Model):
    """One print. ``medium``: the key of the sheet or roll; ``form``: pdf or zpl; ``printer``: dots to the inch of a
    label printer, else empty; ``first``: the first position of the first sheet; ``total``: labels in all."""

    __tablename__ = "label_job"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    printed_at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    warehouse_id: Mapped[int | None] = mapped_column(ForeignKey("warehouse.id"))
    medium: Mapped[str] = mapped_column(String(40))
    form: Mapped[str] = mapped_column(String(10))
    printer: Mapped[str] = mapped_column(String(10), default="")
    first: Mapped[int]
    total: Mapped[int]
    cites_id: Mapped[int | None] = mapped_column(ForeignKey("label_job.id"), index=True)
    voided_at: Mapped[datetime | None] = mapped_column(Instant)
    voided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    void_reason: Mapped[str] = mapped_column(String(LONGEST_REASON), default="")
    __table_args__ = (
        CheckConstraint("first >= 1 AND total >= 1", name="prints_something"),
        CheckConstraint("form IN ('pdf', 'zpl')", name="form_known"),
        CheckConstraint(
            "(voided_at IS NULL) = (void_reason = '') AND (voided_at IS NULL) = (voided_by_id IS NULL)",
            name="voided_with_reason",
        ),
        CheckConstraint("cites_id < id", name="cites_earlier"),
        Index(None, "actor_id", "id"),
        Index(None, "warehouse_id", "id"),
    )


class LabelJobLine(Model):
    """One label of a job, so many copies of it, in the version it then had. ``subject_id`` is what it stands on: an
    item, lot, place, paper, person or warehouse, as the design has it. ``reference`` quotes what people call it."""

    __tablename__ = "label_job_line"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("label_job.id"))
    position: Mapped[int]
    design: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[int] = mapped_column(Id)
    version: Mapped[int]
    copies: Mapped[int]
    reference: Mapped[str] = mapped_column(String(130))
    __table_args__ = (
        UniqueConstraint("job_id", "position"),
        CheckConstraint(f"design IN ({', '.join(repr(one) for one in DESIGNS)})", name="design_known"),
        CheckConstraint("copies >= 1 AND version >= 1", name="counted_from_one"),
        Index(None, "design", "subject_id", "version"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A print that was made: which labels how often, on what, from which position; ``cites_id``: which it repeats."""

    wanted: tuple[tuple[Label, int], ...]
    medium: str
    form: str = "pdf"
    printer: str = ""
    first: int = 1
    warehouse_id: int | None = None
    cites_id: int | None = None


def record(new: NewJob, *, by: Identity, at: datetime, key: str, fingerprint: str) -> int:
    """The id of the job that this key and content made, now or the first time. Raises KeyReused for other content."""
    kept = replays.answer_of(key, actor_id=by.id, fingerprint=fingerprint)
    if kept is not None:
        return int(kept["job"])
    lines = [(label, copies) for label, copies in new.wanted if copies]
    job = LabelJob(
        printed_at=at, actor_id=by.id, warehouse_id=new.warehouse_id, medium=new.medium, form=new.form,
        printer=new.printer, first=new.first, total=sum(copies for _, copies in lines), cites_id=new.cites_id,
    )  # fmt: skip
    db.session.add(job)
    db.session.flush()
    db.session.execute(
        insert(LabelJobLine),
        [
            {
                "job_id": job.id, "position": position, "design": label.design, "subject_id": label.subject_id,
                "version": label.version, "copies": copies, "reference": label.called[:130],
            }
            for position, (label, copies) in enumerate(lines, 1)
        ],
    )  # fmt: skip
    replays.keep(key, {"job": job.id}, actor_id=by.id, fingerprint=fingerprint, at=at)
    return job.id


def recorded(key: str, *, by: Identity, fingerprint: str) -> int | None:
    """The id of the job that this key and content made before; None the first time."""
    kept = replays.answered(key, actor_id=by.id, fingerprint=fingerprint)
    return int(kept["job"]) if kept is not None else None


def void(job: LabelJob, reason: str, *, by: Identity, at: datetime) -> None:
    """Says that a print was spoiled. Raises InvalidRequest without a reason, or when it was voided before."""
    faults = text_faults("/reason", reason, LONGEST_REASON)
    if not reason.strip():
        faults.append(fault("/reason", "required", _l("Say what went wrong with the print.")))
    refuse(faults)
    if job.voided_at is not None:
        refuse_field("/reason", "voided", _l("This print was voided before."))
    job.voided_at, job.voided_by_id, job.void_reason = at, by.id, reason.strip()
    audit.note("label_job.voided", str(job.id), by=by, at=at, details={"reason": reason})


def get_job(job_id: int, *, for_update: bool = False) -> LabelJob:
    """The job with this id; NotFound when there is none."""
    question = select(LabelJob).where(LabelJob.id == job_id)
    return found(db.session.scalar(question.with_for_update() if for_update else question), job_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsAsked:
    """Which jobs a list shows. ``warehouse_ids``: None for all; those of no warehouse are always among them."""

    warehouse_ids: frozenset[int] | None = None
    designs: frozenset[str] = frozenset(DESIGNS)
    actor_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    is_voided: bool | None = None
    reference: str = ""


def find_jobs(
    asked: JobsAsked, *, after: Sequence[int] | None = None, limit: int | None = 50
) -> tuple[Sequence[Any], tuple[int] | None]:
    """A page of jobs with the name of who printed (``LabelJob``, ``display_name``), the newest first, and where the
    next page begins (None at the end); without a limit all of them. A job is shown when all its labels are of the
    designs asked."""
    question = (
        select(LabelJob, User.display_name)
        .join(User, User.id == LabelJob.actor_id)
        .where(*_conditions(asked))
        .order_by(LabelJob.id.desc())
    )
    if after is not None:
        question = question.where(LabelJob.id < after[0])
    rows, last = page_of(question, limit)
    return rows, (last.LabelJob.id,) if last else None


def _conditions(asked: JobsAsked) -> list[Any]:
    line = LabelJobLine.job_id == LabelJob.id
    kept: list[Any] = []
    if asked.warehouse_ids is not None:
        kept.append(LabelJob.warehouse_id.is_(None) | LabelJob.warehouse_id.in_(asked.warehouse_ids))
    if others := DESIGNS.keys() - asked.designs:
        kept.append(~exists().where(line, LabelJobLine.design.in_(others)))
    if asked.actor_id is not None:
        kept.append(LabelJob.actor_id == asked.actor_id)
    if asked.since is not None:
        kept.append(LabelJob.printed_at >= asked.since)
    if asked.until is not None:
        kept.append(LabelJob.printed_at < asked.until)
    if asked.is_voided is not None:
        kept.append(LabelJob.voided_at.is_not(None) == asked.is_voided)
    if asked.reference:
        kept.append(
            exists().where(line, func.lower(LabelJobLine.reference).contains(asked.reference.lower(), autoescape=True))
        )
    return kept


def lines_of(job_ids: Sequence[int], *, most: int | None = None) -> dict[int, list[LabelJobLine]]:
    """What several jobs printed, by job, in order; of each the first so many lines where ``most`` is given."""
    question = select(LabelJobLine).where(LabelJobLine.job_id.in_(job_ids))
    if most is not None:
        question = question.where(LabelJobLine.position <= most)
    rows = db.session.scalars(question.order_by(LabelJobLine.job_id, LabelJobLine.position))
    by_job: dict[int, list[LabelJobLine]] = {}
    for row in rows:
        by_job.setdefault(row.job_id, []).append(row)
    return by_job


def people_of(job: LabelJob) -> dict[int, str]:
    """The names of who printed and who voided a job, by id."""
    ids = [job.actor_id, job.voided_by_id or job.actor_id]
    rows = db.session.execute(select(User.id, User.display_name).where(User.id.in_(ids)))
    return dict(rows.tuples().all())


def repeated_by(job_id: int) -> list[int]:
    """The jobs that printed this one anew."""
    return list(db.session.scalars(select(LabelJob.id).where(LabelJob.cites_id == job_id).order_by(LabelJob.id)))


def next_free(actor_id: int, medium: str, places: int) -> int:
    """The position after the last label that somebody printed on such a sheet; 1 on a new sheet."""
    last = db.session.execute(
        select(LabelJob.first, LabelJob.total)
        .where(LabelJob.actor_id == actor_id, LabelJob.medium == medium, LabelJob.voided_at.is_(None))
        .order_by(LabelJob.id.desc())
        .limit(1)
    ).first()
    return (last.first - 1 + last.total) % places + 1 if last else 1


def last_medium(actor_id: int) -> str:
    """What somebody printed on last; empty when they never did."""
    question = select(LabelJob.medium).where(LabelJob.actor_id == actor_id).order_by(LabelJob.id.desc()).limit(1)
    return db.session.scalar(question) or ""
