"""The settings of a day, new decisions, and all decisions on record."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required
from sqlalchemy import select

from inventory import access, clock, settings
from inventory.access import User
from inventory.database import cut, fetch, transaction
from inventory.errors import Refusal
from inventory.settings import KNOWN, SettingValue
from inventory.web import asked
from inventory.web.asked import me
from inventory.web.downloads import download
from inventory.web.listing import PAGE, Column, Listing
from inventory.web.settings.room import GROUPS, TYPED, WORDS, Answer, day_of_effect, pages, word_of
from inventory.web.typed import Typed, number_of

LONGEST_TEXT = 2000


@pages.get("/settings")
@login_required
def show() -> Answer:
    return settings_page()


def settings_page(form: Typed | None = None, arms: Typed | None = None, status: int = 200) -> tuple[str, int]:
    """What holds today and the forms for new decisions: of words and numbers, and of the arms."""
    today = clock.today()
    holding = settings.values_of(list(KNOWN), on=today)
    page = render_template(
        "settings/show.html",
        groups=GROUPS,
        known=KNOWN,
        holding=holding,
        coming=_coming(today),
        arms=arms or Typed(arms_on=today.isoformat()),
        form=form or Typed(effective_on=today.isoformat(), **holding),
        today=today,
        word_of=word_of,
        words_of=WORDS,
        may_write=me().may("settings.write"),
    )
    return page, status


def _coming(today: date) -> list[Any]:
    """Decisions that will hold from a later day on."""
    question = select(SettingValue).where(SettingValue.effective_on > today)
    return [row[0] for row in fetch(question.order_by(SettingValue.effective_on, SettingValue.id))]


@pages.post("/settings")
@login_required
def decide() -> Answer:
    """Records what differs from what would hold on the day of effect; the rest stays as it is."""
    access.require(me(), "settings.write")
    typed = Typed(request.form)
    try:
        effective_on = day_of_effect(typed, "effective_on")
        values = {name: _read(typed, name) for name in TYPED if name in typed.fields}
        typed.settle()
        with transaction():
            holding = settings.values_of(list(values), on=effective_on)
            changed = {name: value for name, value in values.items() if value != holding[name]}
            settings.decide(changed, effective_on=effective_on, at=clock.now(), by=me())
    except Refusal as refusal:
        return settings_page(typed, status=typed.refuse(refusal))
    if changed:
        flash(_("Decided: %(names)s.", names=" · ".join(word_of(name) for name in changed)), "posted")
    else:
        flash(_("Nothing differs from what already holds."), "info")
    return redirect(url_for("settings.show"))  # type: ignore[return-value]


def _read(typed: Typed, name: str) -> str | int:
    known = KNOWN[name]
    if known.kind is int:
        return typed.whole(name, known.minimum or 0, known.maximum or 10**9)
    return typed.text(name, most=LONGEST_TEXT, lines=True).replace("\r\n", "\n")


@pages.get("/settings/decisions")
@login_required
def history() -> Answer:
    is_file, name = asked.wants_file(), request.args.get("name", "")
    before = number_of(request.args.get("cursor"))
    found = settings.decisions(name=name, before_id=before, limit=None if is_file else PAGE + 1)
    rows, last = cut(found, None if is_file else PAGE)
    ids = {one.decided_by_id for one in rows}
    who = {row.id: row.username for row in fetch(select(User.id, User.username).where(User.id.in_(ids)))}
    columns = [
        Column("name", _("Setting"), "main"),
        Column("value", _("Value")),
        Column("effective_on", _("From day"), "day"),
        Column("decided_at", _("Decided"), "day"),
        Column("by", _("By")),
    ]
    listing = Listing(request.path, request.args, columns, rows, str(last.id) if last else None)
    if is_file:
        return download(
            listing, rows, lambda row, key: _cell(row, key, who), name="decisions", title=_("All decisions")
        )
    return render_template(
        "settings/decisions.html",
        listing=listing,
        who=who,
        word_of=word_of,
        names=[(name, word_of(name)) for name in WORDS],
    )


def _cell(row: SettingValue, key: str, who: dict[int, str]) -> Any:
    if key == "name":
        return word_of(row.name)
    if key == "by":
        return who.get(row.decided_by_id or 0, "")
    return str(row.value) if key == "value" else getattr(row, key)
