"""`flask import-items FILE`, `flask import-movements FILE`: a dry run shown in full, then the import, on the same
reading of the file."""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from inventory import access, clock, documents
from inventory.cli.answers import speak
from inventory.database import db, transaction
from inventory.errors import Refusal, says
from inventory.exchange.items import ItemPlan, plan_items
from inventory.exchange.movements import MovementPlan, may_post, plan_movements
from inventory.exchange.papers import Outcome, Paper, apply_movements
from inventory.exchange.problems import BadCell
from inventory.exchange.reading import Choices, Reader
from inventory.exchange.sheet import KINDS
from inventory.exchange.stocking import apply_items
from inventory.exchange.trail import note_items
from inventory.exchange.vocabulary import KINDS_OF_PAPER
from inventory.schemas.documents import PaperIn, order_of

SHOWN = 50  # problems shown on a terminal; --json gives all

Command = Callable[..., None]


def file_options(command: Command) -> Command:
    """What can be said about any file that is imported."""
    options = (
        click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path)),
        click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing."),
        click.option("--map", "mapped", multiple=True, metavar="COLUMN=FIELD", help="A column's field (- for none)."),
        click.option("--set", "constants", multiple=True, metavar="FIELD=VALUE",
                     help="One value for all rows; also decimal=comma|point and dates=dmy|mdy."),
        click.option("--sheet", help="Name or number of the sheet of a workbook."),
        click.option("--encoding", help="Encoding of a text file, when it cannot be told."),
        click.option("--separator", help="Separator of a text file, when it cannot be told."),
        click.option("--header", "header_row", type=int, help="Line of the header, when it cannot be told."),
        click.option("--leave-out-bad", is_flag=True, help="Import the good rows and leave the bad ones out."),
        click.option("--json", "as_json", is_flag=True, help="Answer for programs."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.command("import-items")
@file_options
@with_appcontext
def import_items(file: Path, *, dry_run: bool, leave_out_bad: bool, as_json: bool, **said: Any) -> None:
    """Import items from a CSV, XLSX, ODS or XLS file."""
    speak()
    try:
        plan = plan_items(file.read_bytes(), choices(**said))
        is_applied = plan.can_apply(leave_out_bad=leave_out_bad) and not dry_run
        if is_applied:
            with transaction():
                apply_items(plan, today=clock.today(), at=clock.now())
                note_items(file.name, plan, by=None, at=clock.now())
    except Refusal as refusal:
        refused(refusal, as_json=as_json)
    if as_json:
        click.echo(json.dumps(plan.as_dict() | {"applied": is_applied}, ensure_ascii=False))
    else:
        show_reading(plan.reader)
        _show_items(plan, is_applied=is_applied)
    if not is_applied and not (dry_run and plan.can_apply(leave_out_bad=leave_out_bad)):
        raise click.exceptions.Exit(1)


@click.command("import-movements")
@file_options
@click.option("--by", "username", help="Who imports; needed when several people may.")
@click.option("--source", help="Name of the source, for the papers' keys (default: the file's name).")
@with_appcontext
def import_movements(
    file: Path, *, dry_run: bool, leave_out_bad: bool, as_json: bool, username: str | None, source: str | None,
    **said: Any,
) -> None:  # fmt: skip
    """Post the movements of a CSV, XLSX, ODS or XLS file, one paper per reference, one transaction per paper.

    Stops at the first paper that is refused. Run again, it goes on there: what is posted is never posted twice.
    """
    speak()
    try:
        by = _importer(username)
        plan = plan_movements(
            file.read_bytes(), choices(**said), source=source or file.name, may_post=may_post(by), today=clock.today()
        )
    except Refusal as refusal:
        refused(refusal, as_json=as_json)
    is_good = plan.can_apply(leave_out_bad=leave_out_bad)
    if not as_json:
        show_reading(plan.reader)
        lines = sum(len(paper.rows) for paper in plan.papers)
        click.echo(_("Papers: %(papers)s, lines: %(lines)s.", papers=len(plan.papers), lines=lines))
        if there := plan.already_there:
            click.echo(
                ngettext(
                    "%(count)s of these papers is posted already: it is not posted again.",
                    "%(count)s of these papers are posted already: they are not posted again.",
                    there,
                    count=there,
                )
            )
    will_post = is_good and not dry_run
    run = _post(plan.papers, by, is_quiet=as_json) if will_post else Run(already_there=plan.already_there)
    _tell(run, plan, is_applied=will_post, as_json=as_json)
    if not is_good or run.stopped:
        raise click.exceptions.Exit(1)


@dataclass
class Run:
    """What has been posted so far, what was there before, and the refusal that stopped it."""

    posted: int = 0
    already_there: int = 0
    stopped: Outcome | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "posted": self.posted,
            "already_there": self.already_there,
            "stopped": self.stopped.as_dict() if self.stopped else None,
        }


def _importer(username: str | None) -> access.Identity:
    """Who imports: the person named, else the only one who may post every kind of paper everywhere."""
    if username is not None:
        by = access.identity_of(access.get_user(username))
        access.require_somewhere(by, "import.run")
        return by
    needed = ["import.run", *(f"{kind}.post" for kind in KINDS_OF_PAPER)]
    active = select(access.User).where(access.User.is_active).order_by(access.User.username)
    people = [access.identity_of(user) for user in db.session.scalars(active)]
    able = [one for one in people if all(one.may(action) for action in needed)]
    if len(able) == 1:
        return able[0]
    names = ", ".join(one.username for one in able) or _("nobody yet: give somebody the role of manager everywhere")
    raise click.BadParameter(_("say who imports; who may: %(names)s", names=names), param_hint="--by")


def _post(papers: Sequence[Paper], by: access.Identity, *, is_quiet: bool) -> Run:
    """Paper after paper, each in a transaction of its own: Ctrl-C or a power cut leaves no half paper."""

    def post(request: dict[str, Any], key: uuid.UUID) -> documents.Document:
        with transaction():
            return documents.post(
                order_of(PaperIn().load(request)), by=by, today=clock.today(), at=clock.now(), key=str(key)
            )

    run = Run()
    bar = click.progressbar(length=len(papers), label=_("Posting"), file=sys.stderr, hidden=is_quiet, show_pos=True)
    with bar:
        for outcome in apply_movements(papers, post):
            if outcome.refusal is not None:
                run.stopped = outcome
                break
            run.already_there += outcome.was_there
            run.posted += not outcome.was_there
            bar.update(1)
    return run


def _tell(run: Run, plan: MovementPlan, *, is_applied: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(plan.as_dict() | run.as_dict() | {"applied": is_applied}, ensure_ascii=False))
        return
    if not is_applied:
        click.echo(_("Nothing was written."))
        return
    click.echo(
        _("Posted: %(posted)s, already there: %(already)s.", posted=str(run.posted), already=str(run.already_there))
    )
    if run.stopped is None:
        click.echo(_("Done."))
        return
    where = run.stopped.as_dict()
    click.secho(
        _(
            "Stopped at paper %(reference)s (%(kind)s, %(warehouse)s, %(on)s; lines %(lines)s): %(detail)s",
            lines=_listed(where["rows"]),
            **{name: where[name] for name in ("reference", "kind", "warehouse", "on", "detail")},
        ),
        fg="red",
        err=True,
    )
    for error in where["errors"]:
        click.echo(f"  {error['row'] or '-'}: {error['expected']}", err=True)
    click.echo(_("Correct the cause and run the same command again: it goes on where it stopped."), err=True)


def choices(
    mapped: Sequence[str], constants: Sequence[str], sheet: str | None, encoding: str | None, separator: str | None,
    header_row: int | None,
) -> Choices:  # fmt: skip
    """The user's words as `Choices`; a word without "=" is a usage error."""
    return Choices(_pairs("--map", mapped), _pairs("--set", constants), sheet, encoding, separator, header_row)


def _pairs(option: str, words: Sequence[str]) -> dict[str, str]:
    """ "COLUMN=field" cut at its last "=" for --map (columns may hold one), at its first for --set."""
    pairs = {}
    for word in words:
        name, sign, value = word.rpartition("=") if option == "--map" else word.partition("=")
        if not sign or not name.strip():
            raise click.BadParameter(_("“%(word)s”: write NAME=VALUE", word=word), param_hint=option)
        pairs[name.strip()] = value.strip()
    return pairs


def show_reading(reader: Reader) -> None:
    """How the file was read: every line is accounted for."""
    sheet, matching = reader.sheet, reader.matching
    for column, guess in matching.columns.items():
        click.echo(f"  {column} → {guess.field}")
    for name, value in matching.constants.items():
        click.echo(f"  {name} = {value}")
    if matching.unused:
        click.echo(_("Not imported: %(columns)s", columns=" · ".join(matching.unused)))
    kinds: dict[str, list[int]] = {}
    for line in sheet.left_out:
        kinds.setdefault(line.kind, []).append(line.number)
    for kind, numbers in kinds.items():
        click.echo(_("Left out, %(kind)s: lines %(lines)s", kind=str(KINDS[kind]), lines=_listed(numbers)))
    show_problems(_("Cannot be imported like this"), reader.blocking)
    if reader.blocking:
        click.echo(_("Choose with --map COLUMN=FIELD, --set FIELD=VALUE, --set decimal=…, --set dates=…."), err=True)
    show_problems(_("Bad rows"), sorted(reader.bad, key=lambda cell: cell.row))
    for caution in reader.cautions[:SHOWN]:
        click.echo(_("Look at line %(row)s, %(column)s “%(value)s”: %(message)s", **_texts(caution.as_dict())))
    _and_more(len(reader.cautions))


def show_problems(title: str, cells: Sequence[BadCell]) -> None:
    """Row, column, value and expectation of each problem."""
    if cells:
        click.secho(f"{title}: {len(cells)}", fg="red", err=True)
    for cell in cells[:SHOWN]:
        line = _("line %(row)s, %(column)s “%(value)s”: expected %(expected)s", **_texts(cell.as_dict()))
        click.echo(f"  {line}", err=True)
    _and_more(len(cells))


def refused(refusal: Refusal, *, as_json: bool) -> NoReturn:
    """A file that cannot be read, or a refusal of the house: said, with exit status 1."""
    if as_json:
        reason = refusal.details.get("reason", refusal.code)
        click.echo(
            json.dumps({"applied": False, "refused": str(reason), "detail": refusal.message()}, ensure_ascii=False)
        )
    else:
        click.secho(says(refusal), fg="red", err=True)
    raise click.exceptions.Exit(1)


def _show_items(plan: ItemPlan, *, is_applied: bool) -> None:
    click.echo(
        _(
            "Rows: %(read)s. To create: %(create)s, to change: %(update)s, unchanged: %(unchanged)s.",
            **_texts({name: plan.as_dict()[name] for name in ("read", "create", "update", "unchanged")}),
        )
    )
    if plan.new_units:
        click.echo(_("New units: %(names)s", names=_listed(plan.new_units)))
    if plan.new_categories:
        click.echo(_("New categories: %(names)s", names=_listed(plan.new_categories)))
    click.echo(_("Done.") if is_applied else _("Nothing was written."))


def _listed(things: Sequence[object]) -> str:
    shown = ", ".join(map(str, things[:10]))
    return shown if len(things) <= 10 else f"{shown} … ({len(things)})"


def _and_more(count: int) -> None:
    if count > SHOWN:
        click.echo(_("… and %(count)s more (--json lists all)", count=count - SHOWN), err=True)


def _texts(values: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}


COMMANDS = (import_items, import_movements)
