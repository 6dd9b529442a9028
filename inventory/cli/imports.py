"""`flask import-items FILE`: a dry run shown in full, then the import, on the same reading of the file."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from inventory.database import transaction
from inventory.errors import Refusal, says
from inventory.exchange.items import ItemPlan, plan_items
from inventory.exchange.problems import BadCell
from inventory.exchange.reading import Choices, Reader
from inventory.exchange.sheet import KINDS
from inventory.exchange.stocking import apply_items

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
    try:
        plan = plan_items(file.read_bytes(), choices(**said))
        is_applied = plan.can_apply(leave_out_bad=leave_out_bad) and not dry_run
        if is_applied:
            with transaction():
                apply_items(plan)
    except Refusal as refusal:
        refused(refusal, as_json=as_json)
    if as_json:
        click.echo(json.dumps(plan.as_dict() | {"applied": is_applied}, ensure_ascii=False))
    else:
        show_reading(plan.reader)
        _show_items(plan, is_applied=is_applied)
    if not is_applied and not (dry_run and plan.can_apply(leave_out_bad=leave_out_bad)):
        raise click.exceptions.Exit(1)


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
    click.echo(_("Done.") if is_applied else _("Nothing was written."))


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return shown if len(numbers) <= 10 else f"{shown} … ({len(numbers)})"


def _and_more(count: int) -> None:
    if count > SHOWN:
        click.echo(_("… and %(count)s more (--json lists all)", count=count - SHOWN), err=True)


def _texts(values: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}

COMMANDS = (import_items,)
