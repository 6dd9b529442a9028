"""What the commune decides, and from which day on: headers, signatories, thresholds, windows.

Laws:
1. A setting is known by name, has a type and a default, and counts from its date of effect on.
2. A decision is never edited: a newer one of the same date of effect replaces it, both stay on record.
3. A picture is kept once, under the digest of its content; the setting says which one counts.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import JSON, Index, LargeBinary, String, bindparam, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from inventory import audit
from inventory.database import Id, Instant, Model, db
from inventory.errors import Fault, fault, refuse
from inventory.prepared import Prepared, among, codes
from inventory.texts import text_faults

LONGEST = 2000


class SettingValue(Model):
    """One dated decision about one setting."""

    __tablename__ = "setting_value"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    value: Mapped[Any] = mapped_column(JSON)
    effective_on: Mapped[date]
    decided_at: Mapped[datetime] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(Id)
    __table_args__ = (Index(None, "name", "effective_on"), {"info": {"append_only": True}})


class Emblem(Model):
    """A picture the commune shows as its own: its arms, a PNG made small."""

    __tablename__ = "emblem"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = ({"info": {"append_only": True}},)


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting the program knows: its type and what holds until the commune decides otherwise."""

    name: str
    kind: type
    default: Any
    minimum: int | None = None
    maximum: int | None = None


KNOWN: dict[str, Setting] = {
    one.name: one
    for one in (
        Setting("commune_name_fr", str, "Commune de Casablanca"),
        Setting("commune_name_ar", str, "جماعة الدار البيضاء"),
        Setting("arms", str, ""),
        Setting("header_fr", str, "Royaume du Maroc\nMinistère de l’Intérieur\nCommune de Casablanca"),
        Setting("header_ar", str, "المملكة المغربية\nوزارة الداخلية\nجماعة الدار البيضاء"),
        Setting("mention_fr", str, ""),
        Setting("mention_ar", str, ""),
        Setting("signatory_authorises_fr", str, "Le chef du service"),
        Setting("signatory_authorises_ar", str, "رئيس المصلحة"),
        Setting("back_dating_days", int, 30, 0, 366),
        Setting("expiry_warning_days", int, 90, 1, 3650),
        Setting("surplus_cover_days", int, 180, 1, 3650),
        Setting("sign_in_tries", int, 5, 2, 100),
        Setting("sign_in_lock_minutes", int, 15, 1, 1440),
        Setting("session_idle_minutes", int, 480, 5, 10080),
        Setting("device_lock_minutes", int, 2, 1, 60),
        Setting("device_days", int, 90, 1, 366),
        Setting("pin_days", int, 14, 1, 90),
        Setting("badge_needs_pin", int, 1, 0, 1),
    )
}


def value_of(name: str, *, on: date) -> Any:
    """What holds on a day: the latest decision in effect, else the default."""
    return values_of([name], on=on)[name]


_IN_FORCE = Prepared(
    select(SettingValue.name, SettingValue.value)
    .where(among(SettingValue.name, codes("names")), SettingValue.effective_on <= bindparam("on"))
    .order_by(SettingValue.effective_on, SettingValue.id)
)
"""Every page asks; the last value of a name holds."""


def values_of(names: list[str], *, on: date) -> dict[str, Any]:
    """Several settings in one question."""
    found = {name: KNOWN[name].default for name in names}
    return found | {row.name: row.value for row in _IN_FORCE.rows(names=names, on=on)}


def decisions(*, name: str = "", before_id: int | None = None, limit: int | None = 50) -> list[SettingValue]:
    """The decisions on record, the newest first; ``before_id`` continues a page."""
    question = select(SettingValue).order_by(SettingValue.id.desc()).limit(limit)
    if name:
        question = question.where(SettingValue.name == name)
    if before_id is not None:
        question = question.where(SettingValue.id < before_id)
    return list(db.session.scalars(question))


def decide(values: dict[str, Any], *, effective_on: date, at: datetime, by: audit.Actor) -> None:
    """Records decisions, each with what would have held on that day; all are checked before the first is written."""
    refuse([one for name, value in values.items() for one in _faults_of(name, value)])
    before, day = values_of(list(values), on=effective_on), effective_on.isoformat()
    for name, value in values.items():
        db.session.execute(
            insert(SettingValue).values(
                name=name, value=value, effective_on=effective_on, decided_at=at, decided_by_id=by.id
            )
        )
        was, now = {"value": before[name]}, {"value": value}
        audit.note_change("setting.decided", name, was, now, by=by, at=at, effective_on=day)


def decide_arms(picture: bytes | None, *, effective_on: date, at: datetime, by: audit.Actor) -> None:
    """Keeps a picture (a PNG, from ``pictures.emblem``) as the commune's arms, or takes the arms away (None)."""
    digest = hashlib.sha256(picture).hexdigest() if picture else ""
    if picture and emblem(digest) is None:
        db.session.execute(insert(Emblem).values(digest=digest, content=picture))
    decide({"arms": digest}, effective_on=effective_on, at=at, by=by)


def emblem(digest: str) -> bytes | None:
    """The picture with this digest; None when there is none."""
    return db.session.scalar(select(Emblem.content).where(Emblem.digest == digest))


def _faults_of(name: str, value: Any) -> list[Fault]:
    known = KNOWN.get(name)
    if known is None:
        return [fault(f"/{name}", "unknown", _l("There is no setting %(name)s."), name=name)]
    if type(value) is not known.kind:
        return [fault(f"/{name}", "type", _l("%(name)s: a different kind of value is expected."), name=name)]
    if isinstance(value, str):
        return text_faults(f"/{name}", value, LONGEST)
    low, high = known.minimum, known.maximum
    if isinstance(value, int) and low is not None and high is not None and not low <= value <= high:
        return [
            fault(f"/{name}", "range", _l("%(name)s: between %(low)s and %(high)s."), name=name, low=low, high=high)
        ]
    return []
