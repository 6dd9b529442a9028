"""The first page: what needs me now, by what I may do; nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import login_required

from inventory import clock, counting, documents, reports, settings, slips
from inventory.access import Identity
from inventory.documents import Filters
from inventory.languages import day
from inventory.reports import AlertsAsked
from inventory.web import asked
from inventory.web.alerts import cover, cover_words, line
from inventory.web.frame import Place, counted_warehouses, current_warehouse
from inventory.web.words import kind_word

pages = Blueprint("home", __name__)

MOST_ALERTS = 6


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, with how many of it there are; ``tone`` is warn, bad or nothing."""

    title: str
    href: str
    icon: str
    detail: str = ""
    count: int | None = None
    tone: str = ""


@pages.get("/")
@login_required
def show() -> str:
    """The page is put together from what the person's roles open, in the order in which it matters."""
    person, here = asked.me(), current_warehouse()
    places = [here] if here else counted_warehouses()
    ids = [place.id for place in places]
    may_stock, today = bool(ids), clock.today()
    sums = reports.sums_of_alerts(ids, today=today) if may_stock else {"out": 0, "low": 0}
    alerts = reports.alert_page(AlertsAsked(ids, today), limit=MOST_ALERTS)[0] if _buys(person) and may_stock else []
    return render_template(
        "home/show.html",
        here=here,
        steps=list(_first_steps(person)),
        actions=list(_actions(person, here)) if ids else [],
        tasks=list(_tasks(person, ids, sums)) if may_stock else [],
        alerts=alerts,
        more_alerts=sum(sums.values()) > len(alerts),
        covers={row.id: (cover(row), cover_words(row.cover_days)) for row in alerts},
        why=line,
        today=today,
        figures=_figures(ids) if may_stock and person.may_somewhere("ledger.verify") else [],
        verification=reports.last_verification() if person.may_somewhere("ledger.verify") else None,
        is_watching=person.may_somewhere("ledger.verify"),
        proof=asked.way("audit.proof"),
        items=asked.way("catalogue.list_"),
        doors=list(_doors(person)),
    )


def _buys(person: Identity) -> bool:
    return person.may_somewhere("rule.write")


def _first_steps(person: Identity) -> Iterator[Task]:
    """How a new house begins: shown to who can do it, until it is done."""
    if not (person.may_somewhere("warehouse.write") or person.may("catalogue.write")):
        return
    done = reports.first_steps()
    known = (
        ("warehouse", "warehouse.write", "places.new", "warehouse", _("Open a warehouse"),
         _("Where goods lie: the first shelf and a quarantine come with it.")),
        ("item", "import.run", "imports.start", "upload", _("Import your list of items"),
         _("A spreadsheet is enough; nothing is written before you have seen it.")),
        ("stock", "opening.post", "documents.new", "opening", _("Open with what is on the shelves"),
         _("What lies there today becomes the first paper.")),
        ("people", "people.write", "people.list_", "people", _("Let your colleagues in"),
         _("Each with a role in their own warehouse.")),
    )  # fmt: skip
    for name, action, endpoint, icon, title, detail in known:
        values = {"kind": "opening"} if endpoint == "documents.new" else {}
        if not done[name] and person.may_somewhere(action) and (href := asked.way(endpoint, **values)):
            yield Task(title, href, icon, detail)


def _actions(person: Identity, here: Place | None) -> Iterator[Task]:
    """The few big actions of a store, the camera first."""
    where = {"warehouse": here.code} if here else {}
    if person.may_somewhere("issue.post") and (href := asked.way("scanning.station")):
        yield Task(_("Scan"), href, "scan", _("Camera or reader: issue, receive, move"))
    known = (
        ("issue.post", "issue", "issue", _("Issue"), _("To a service")),
        ("receipt.post", "receipt", "receive", _("Receive"), _("From a supplier")),
        ("move.post", "move", "location", _("Move"), _("To another shelf")),
        ("transfer.post", "transfer", "transfer", _("Transfer"), _("To another warehouse")),
        ("return.post", "return", "return", _("Take back"), _("From a service")),
    )
    for action, kind, icon, title, detail in known:
        may = person.may(action, here.id) if here else person.may_somewhere(action)
        if may and (href := asked.way("documents.new", kind=kind, **where)):
            yield Task(title, href, icon, detail)


def _tasks(person: Identity, ids: Sequence[int], sums: dict[str, int]) -> Iterator[Task]:
    """What waits, said with its number; what is nothing is not said."""
    yield from _to_confirm(person, ids)
    if sums["out"]:
        yield Task(_("Out of stock"), url_for("alerts.list_", level="out"), "stop", count=sums["out"], tone="bad")
    if sums["low"]:
        yield Task(
            _("Below the reorder point"),
            url_for("alerts.list_", level="low"),
            "warning",
            count=sums["low"],
            tone="warn",
        )
    yield from _to_decide(person, ids)
    yield from _to_price(person, ids)
    today = clock.today()
    days = settings.value_of("expiry_warning_days", on=today)
    count, lots = reports.expiring_soon(ids, today=today, warning_days=days, limit=1)
    if lots:
        first = lots[0]
        detail = _("First %(item)s, on %(day)s", item=asked.called(first.item), day=day(first.expires_on))
        tone = "bad" if first.expires_on < today else "warn"
        yield Task(_("Expired or soon"), url_for("stock.show", only="expiring"), "calendar", detail, count, tone)
    yield from _drafts(person)


def _to_decide(person: Identity, ids: Sequence[int]) -> Iterator[Task]:
    """Slips that wait for their papers, and counts that wait for who may adjust."""
    if mine := _own(person, "slip.settle", ids):
        count, oldest = slips.open_slips(mine)
        if oldest is not None:
            detail = _("The oldest since %(day)s", day=day(clock.day_of(oldest)))
            href = url_for("slips.list_", state="open")
            yield Task(_("Slips to regularise"), href, "attachment", detail, count, "bad")
    if mine := _own(person, "adjustment.post", ids):
        count = counting.waiting_counts(mine)
        if count:
            href = url_for("counting.list_", state="waiting")
            yield Task(_("Counts with a difference"), href, "adjust", _("Post it or dismiss it"), count, "warn")


def _to_price(person: Identity, ids: Sequence[int]) -> Iterator[Task]:
    """What came in lately without a price, for who buys; older papers stand in the list."""
    if not _buys(person):
        return
    today = clock.today()
    first_on = today - timedelta(days=settings.value_of("back_dating_days", on=today))
    mine = _own(person, "document.read", ids)
    if count := documents.count_documents(Filters(warehouse_ids=mine, first_on=first_on, is_unpriced=True)):
        href = f"{url_for('documents.list_', only='unpriced')}&from={first_on.isoformat()}"
        detail = _("They count for nothing in the value of the stock")
        yield Task(_("Came in without a price"), href, "papers", detail, count, "warn")


def _own(person: Identity, action: str, ids: Sequence[int]) -> list[int]:
    """Those of some warehouses in which somebody may do something."""
    mine = person.warehouses(action)
    return [one for one in ids if mine is None or one in mine]


def _to_confirm(person: Identity, ids: Sequence[int]) -> Iterator[Task]:
    receiving = _own(person, "transfer_receipt.post", ids)
    waiting = reports.waiting_for(receiving) if receiving else []
    for one in waiting[:3]:
        detail = _(
            "%(reference)s from %(sender)s, sent on %(day)s",
            reference=one.reference,
            sender=asked.called(one.sender),
            day=day(one.on),
        )
        href = asked.way("documents.new", kind="transfer_receipt", transfer=str(one.entry_id)) or asked.paper(
            one.entry_id
        )
        if href:
            yield Task(_("To confirm"), href, "receive", detail, tone="warn")
    if len(waiting) > 3:
        href = asked.way("documents.list_", kind="transfer")
        if href:
            yield Task(_("More transfers on the way here"), href, "transfer", count=len(waiting) - 3)


def _drafts(person: Identity) -> Iterator[Task]:
    for draft in reports.drafts_of(person.id, limit=3):
        href = asked.way("documents.new", kind=draft.kind, draft=str(draft.id))
        if href:
            detail = ngettext("%(num)s line", "%(num)s lines", draft.lines) + " · " + asked.called(draft.warehouse)
            yield Task(_("Draft: %(kind)s", kind=kind_word(draft.kind)), href, "draft", detail)


def _figures(ids: Sequence[int]) -> list[tuple[str, int]]:
    """Today's papers, by kind, most first."""
    counts = reports.counts_today(ids, today=clock.today())
    return [(kind_word(kind), count) for kind, count in counts.items()]


def _doors(person: Identity) -> Iterator[Task]:
    """For who keeps neither stock nor its supply: the rooms that are theirs."""
    known: tuple[tuple[str, str, str, str, str], ...] = (
        ("audit.read", "audit.trail", "audit", _("Audit trail"), _("Who did what, and when")),
        ("people.write", "people.list_", "people", _("People"), _("Who may do what, in which warehouse")),
        ("settings.write", "settings.show", "settings", _("Settings"), _("Headers, thresholds, windows")),
    )
    for action, endpoint, icon, title, detail in known:
        if person.may(action) and (href := asked.way(endpoint)):
            yield Task(title, href, icon, detail)


@pages.get("/more")
@login_required
def more() -> str:
    """The rest of the navigation, for a phone without scripts."""
    return render_template("home/more.html")
