"""Real data through the ordinary door: the monthly stock of 112 health sites in Côte d'Ivoire, 2016 to 2019.

    python -m bench.civ PATH/Train_dev_sites.csv [--database sqlite:///…|postgresql://…]

Each site becomes a warehouse not yet in service, each month at most six papers: what opens, what breaks with the month
before (an adjustment "source break" on the 1st), what was received, adjusted upward, issued, adjusted downward, in this
order, so that nothing falls below zero. They are written as one spreadsheet of movements and imported as anybody would
import it; then every month-end of the file is compared with `stock on that day`, and the ledger verified.

Killed on the way and started again on the same database, it goes on and posts nothing twice.
"""

from __future__ import annotations

import calendar
import csv
import io
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from inventory import access, catalogue, clock, documents, ledger, parties, warehouses
from inventory.database import db, fetch, transaction
from inventory.exchange.movements import plan_movements
from inventory.exchange.papers import Paper, apply_movements
from inventory.exchange.reading import Choices
from inventory.schemas.documents import PaperIn, order_of

SOURCE = "civ_lmis"
SUPPLIER, SERVICE, IMPORTER = "CIV-PNPEC", "CIV-PATIENTS", "civ.import"
NAMES = {
    "AS17005": ("Préservatif féminin", "pièce"),
    "AS46000": ("Préservatif masculin", "boîte de 144"),
    "AS27139": ("Lévonorgestrel 1,5 mg", "boîte"),
    "AS27137": ("Jadelle, implant", "pièce"),
    "AS27138": ("Implanon, implant", "pièce"),
    "AS21126": ("Sayana Press, injectable", "pièce"),
    "AS27133": ("Depo Provera, injectable", "boîte de 25"),
    "AS27134": ("Noristérat, injectable", "boîte de 100"),
    "AS42018": ("Copper TCu 380A, stérilet", "pièce"),
    "AS27000": ("Microgynon, comprimés", "boîte de 3"),
    "AS27132": ("Microlut, comprimés", "boîte de 3"),
}
HEADER = ("date", "kind", "warehouse", "reference", "item", "quantity", "supplier", "service", "reason", "direction")


@dataclass(frozen=True, slots=True)
class SiteMonth:
    """One line of the file: an item of a site in a month. ``adjusted`` has a sign."""

    site: str
    item: str
    first_on: date
    opening: int
    received: int
    issued: int
    adjusted: int
    closing: int

    @property
    def last_on(self) -> date:
        return self.first_on.replace(day=calendar.monthrange(self.first_on.year, self.first_on.month)[1])

    @property
    def number(self) -> int:
        """Months since year 0, so that consecutive months differ by one."""
        return self.first_on.year * 12 + self.first_on.month


@dataclass(frozen=True, slots=True)
class Break:
    """The opening of a month that is not the closing of the last month known before it."""

    before: SiteMonth
    after: SiteMonth

    @property
    def months_missing(self) -> int:
        return self.after.number - self.before.number - 1

    @property
    def change(self) -> int:
        return self.after.opening - self.before.closing


def read(lines: Iterable[str]) -> list[SiteMonth]:
    """The months of the file, by site, item and time."""
    found = [
        SiteMonth(
            row["site_code"], row["product_code"], date(int(row["year"]), int(row["month"]), 1),
            *(int(row[f"stock_{name}"]) for name in ("initial", "received", "distributed", "adjustment", "end")),
        )
        for row in csv.DictReader(lines)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.site, one.item, one.first_on))


def pairs(months: Sequence[SiteMonth]) -> Iterator[tuple[SiteMonth | None, SiteMonth]]:
    """Each month with the last one known before it of the same site and item."""
    before: SiteMonth | None = None
    for month in months:
        is_same = before is not None and (before.site, before.item) == (month.site, month.item)
        yield (before if is_same else None), month
        before = month


def breaks(months: Sequence[SiteMonth]) -> list[Break]:
    """Every gap, and every change between consecutive months."""
    found = [Break(before, month) for before, month in pairs(months) if before is not None]
    return [one for one in found if one.months_missing or one.change]


def movements(months: Sequence[SiteMonth]) -> Iterator[tuple[str, ...]]:
    """The rows of the spreadsheet, without its header."""
    for before, month in pairs(months):
        change = month.opening - before.closing if before else 0
        middle, late = month.first_on.replace(day=5), month.first_on.replace(day=15)
        if before is None:
            yield from _row(month, "opening", month.first_on, month.opening)
        yield from _row(month, "adjustment", month.first_on, abs(change), tag="B", reason="source_break", change=change)
        yield from _row(month, "receipt", middle, month.received, supplier=SUPPLIER)
        yield from _row(month, "adjustment", middle, max(month.adjusted, 0), tag="P", reason="source_stated", change=1)
        yield from _row(month, "issue", late, month.issued, service=SERVICE)
        lost = max(-month.adjusted, 0)
        yield from _row(month, "adjustment", month.last_on, lost, tag="M", reason="source_stated", change=-1)


def _row(
    month: SiteMonth, kind: str, on: date, quantity: int, *, tag: str = "", change: int = 0, **named: str
) -> Iterator[tuple[str, ...]]:
    if quantity:
        direction = "" if change == 0 else "in" if change > 0 else "out"
        reference = f"{month.first_on:%Y-%m}{tag and '-' + tag}"
        yield (
            on.isoformat(), kind, month.site, reference, month.item, str(quantity),
            named.get("supplier", ""), named.get("service", ""), named.get("reason", ""), direction,
        )  # fmt: skip


def spreadsheet(months: Sequence[SiteMonth]) -> bytes:
    """The movements as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(movements(months))
    return text.getvalue().encode()


def prepare(months: Sequence[SiteMonth]) -> access.Identity:
    """Items, warehouses not yet in service, who consumes, who delivers, who imports; what is there already stays."""
    with transaction():
        for code in sorted({month.item for month in months} - _codes(catalogue.Item)):
            name, unit = NAMES.get(code, (code, "pièce"))
            catalogue.add_item(catalogue.NewItem(code, unit, name_fr=name))
        for code in sorted({month.site for month in months} - _codes(warehouses.Warehouse)):
            warehouses.add_warehouse(code, in_service_on=None, name_fr=f"Site {code}")
        if SERVICE not in _codes(parties.Service):
            parties.add_service(SERVICE, name_fr="Patients")
        if SUPPLIER not in _codes(parties.Supplier):
            parties.add_supplier(SUPPLIER, name_fr="Pharmacie centrale")
        if not db.session.scalar(select(access.User.id).where(access.User.username == IMPORTER)):
            at = clock.now()
            user = access.add_user(IMPORTER, "only for this run of data", at=at)
            access.grant(user, "manager", None, at=at)
        return access.identity_of(access.get_user(IMPORTER))


def _codes(kind: Any) -> set[str]:
    return {code for (code,) in fetch(select(kind.code))}


def import_all(papers: Sequence[Paper], by: access.Identity, advance: Any) -> tuple[int, int]:
    """(posted, already there). Raises the refusal that stops it, if any."""

    def post(request: dict[str, Any], key: Any) -> documents.Document:
        with transaction():
            return documents.post(
                order_of(PaperIn().load(request)), by=by, today=clock.today(), at=clock.now(), key=str(key)
            )

    counts = [0, 0]
    for outcome in apply_movements(papers, post):
        if outcome.refusal is not None:
            raise outcome.refusal
        counts[outcome.was_there] += 1
        advance()
    return counts[0], counts[1]


def mismatches(months: Sequence[SiteMonth], advance: Any) -> Iterator[tuple[SiteMonth, str]]:
    """Every month-end of the file that is not the stock on that day, with what was found instead."""
    items = {row.code: row.id for row in fetch(select(catalogue.Item.code, catalogue.Item.id))}
    sites = {row.code: row.id for row in fetch(select(warehouses.Warehouse.code, warehouses.Warehouse.id))}
    by_day: dict[tuple[str, date], list[SiteMonth]] = {}
    for month in months:
        by_day.setdefault((month.site, month.last_on), []).append(month)
    for (site, day), stated in by_day.items():
        standing = ledger.stock_on(sites[site], day)
        for month in stated:
            found = standing.get(items[month.item])
            if (found.on_hand if found else 0) != month.closing:
                yield month, str(found and found.on_hand)
        db.session.rollback()
        advance()


def run(months: Sequence[SiteMonth], *, is_quiet: bool = False) -> dict[str, int]:
    """Everything, with progress on standard error; the figures."""
    started = time.monotonic()
    by = prepare(months)
    plan = plan_movements(spreadsheet(months), Choices(), source=SOURCE)
    if not plan.can_apply(leave_out_bad=False):
        raise click.ClickException(f"the dry run failed: {plan.reader.blocking or plan.bad[:5]}")
    planned = time.monotonic()
    with _bar("Posting", len(plan.papers), is_quiet) as bar:
        posted, already_there = import_all(plan.papers, by, lambda: bar.update(1))
    done = time.monotonic()
    days = len({(month.site, month.first_on) for month in months})
    with _bar("Comparing", days, is_quiet) as bar:
        wrong = list(mismatches(months, lambda: bar.update(1)))
    for month, found in wrong[:20]:
        click.echo(f"{month.site} {month.item} {month.last_on}: {found} instead of {month.closing}", err=True)
    compared = time.monotonic()
    differences = sum(1 for _ in ledger.verify())
    found_breaks = breaks(months)
    return {
        "site_months": len(months),
        "papers": len(plan.papers),
        "lines": sum(len(paper.rows) for paper in plan.papers),
        "posted": posted,
        "already_there": already_there,
        "breaks": sum(not one.months_missing for one in found_breaks),
        "gaps": sum(one.months_missing > 0 for one in found_breaks),
        "gaps_with_change": sum(one.months_missing > 0 and one.change != 0 for one in found_breaks),
        "month_ends": len(months),
        "mismatches": len(wrong),
        "differences": differences,
        "seconds_dry_run": round(planned - started),
        "seconds_posting": round(done - planned),
        "seconds_comparing": round(compared - done),
        "seconds_verifying": round(time.monotonic() - compared),
    }


def _bar(label: str, length: int, is_quiet: bool) -> Any:
    return click.progressbar(length=length, label=label, file=sys.stderr, hidden=is_quiet, show_pos=True)


def list_breaks(months: Sequence[SiteMonth]) -> Iterator[str]:
    """One line per break and gap, for whoever keeps the source."""
    for one in breaks(months):
        what = f"gap of {one.months_missing} months" if one.months_missing else "break"
        yield (
            f"{one.after.site} {one.after.item} {one.after.first_on:%Y-%m}: {what}, "
            f"closed at {one.before.closing}, opened at {one.after.opening} ({one.change:+d})"
        )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--database", help="Address of an empty or begun database (default: that of the environment).")
@click.option("--list-breaks", "is_listing", is_flag=True, help="Print every break and gap.")
def main(file: Path, database: str | None, is_listing: bool) -> None:
    """Post the site-months of FILE, compare every month-end, verify the ledger; exit status 1 on any difference."""
    from bench.databases import opened

    with file.open(encoding="utf-8") as lines:
        months = read(lines)
    if is_listing:
        click.echo("\n".join(list_breaks(months)))
    with opened(database):
        figures = run(months)
    width = max(map(len, figures))
    for name, value in figures.items():
        click.echo(f"{name.replace('_', ' '):<{width}}  {value:>7}")
    if figures["mismatches"] or figures["differences"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
