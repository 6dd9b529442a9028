"""The dry run of a file that was sent, kept beside it: how it was read, what was found, what would be written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from inventory.access import Identity
from inventory.errors import UnreadableFile

from .items import ItemPlan, plan_items
from .keys import doubles
from .movements import MovementPlan, may_post, plan_movements
from .reading import Reader
from .stocking import apply_items
from .trail import note_items
from .uploads import Upload
from .values import is_empty, shown

SAMPLES = 3  # cells of each column that are shown beside it
MOST_ROWS = 100_000  # read in about 15 seconds; the command line reads more
LINES = 50  # lines left out, and new words, that are shown of each kind


def dry_run(upload: Upload, *, by: Identity, language: str, today: date) -> dict[str, Any]:
    """Reads the file with what its sender chose, and keeps what was found, said in ``language``.

    Everything wrong stands in the list ``problems``, the papers to post in ``papers``. A file that cannot be read at
    all is a finding too: its sender may choose another sheet, encoding or header.
    """
    try:
        plan = plan_of(upload, by=by, today=today)
    except UnreadableFile as refusal:
        found: dict[str, Any] = {"refused": refusal.message(), "sheets": refusal.details.get("sheets", [])}
        for name in ("problems", "papers"):  # of an earlier reading, nothing holds
            upload.list_down(name, ())
    else:
        found = _findings(plan)
        upload.list_down("problems", _problems(plan.reader))
        upload.list_down("papers", (paper.as_dict() for paper in getattr(plan, "papers", ())))
    found["language"] = language
    upload.note("findings", found)
    upload.forget("progress")
    return found


def write_items(upload: Upload, *, by: Identity, today: date, at: datetime, leaves_out: bool) -> dict[str, int] | None:
    """Writes the items of a file within the caller's transaction, on a plan that reads the catalogue anew, and returns
    how many; None, and nothing is written, while rows are bad and are not left out. Raises UnreadableFile."""
    plan = plan_of(upload, by=by)
    if not isinstance(plan, ItemPlan) or not plan.can_apply(leave_out_bad=leaves_out):
        return None
    apply_items(plan, today=today, at=at)
    note_items(upload.name, plan, by=by, at=at)
    return {
        "create": len(plan.create),
        "update": len(plan.update),
        "unchanged": plan.unchanged,
        "left_out": plan.rows_left_out,
    }


def is_overtaken(upload: Upload) -> bool:
    """Whether papers of the file were posted after its dry run with another day, kind or warehouse: it has to be read
    again before anything of it is posted."""
    papers = {paper["key"]: paper["reference"] for paper in upload.listed("papers")}
    return bool(doubles(upload.name, papers, papers.keys()))


def plan_of(upload: Upload, *, by: Identity, today: date | None = None) -> ItemPlan | MovementPlan:
    """The plan of the file as it stands now. Raises UnreadableFile."""
    choices = replace(upload.choices, most_rows=MOST_ROWS)
    if upload.what == "items":
        return plan_items(upload.content(), choices)
    return plan_movements(upload.content(), choices, source=upload.name, may_post=may_post(by), today=today)


def _problems(reader: Reader) -> Iterator[dict[str, Any]]:
    for cell in sorted(reader.bad, key=lambda cell: cell.row):
        yield cell.as_dict() | {"is_bad": True}
    for caution in sorted(reader.cautions, key=lambda caution: caution.row):
        found = caution.as_dict()
        yield found | {"expected": found.pop("message"), "is_bad": False}


def _findings(plan: ItemPlan | MovementPlan) -> dict[str, Any]:
    """What a page shows of a plan, lists of any length apart."""
    reader = plan.reader
    grid = reader.sheet.grid
    found = {
        "read": len(reader.sheet.rows),
        "columns": [_column(reader, name) for name in reader.sheet.columns],
        "format": grid.format,
        "encoding": grid.encoding,
        "separator": grid.separator,
        "sheet": grid.sheet,
        "sheets": list(grid.sheets),
        "header_row": reader.sheet.header_row,
        "left_out": _left_out(reader),
        "blocking": [cell.as_dict() for cell in reader.blocking],
        "bad": len(reader.bad),
        "bad_rows": len({cell.row for cell in reader.bad}),
        "rows_left_out": plan.rows_left_out,
        "cautions": len(reader.cautions),
    }
    if isinstance(plan, ItemPlan):
        return found | {
            "create": len(plan.create), "update": len(plan.update), "unchanged": plan.unchanged,
            "new_units": _first(plan.new_units), "new_categories": _first(plan.new_categories),
        }  # fmt: skip
    days = [str(paper.request["on"]) for paper in plan.waiting]
    return found | {
        "papers": len(plan.papers), "already_there": plan.already_there, "lines": plan.lines,
        "days": [days[0], days[-1]] if days else [],
    }  # fmt: skip


def _first(words: list[str]) -> dict[str, Any]:
    return {"count": len(words), "words": words[:LINES]}


def _column(reader: Reader, name: str) -> dict[str, Any]:
    matching = reader.matching
    guess = matching.columns.get(name)
    contested = next((one for one, columns in matching.contested.items() if name in columns), "")
    samples: list[str] = []
    for cell in reader.sheet.column(name):
        text = "" if is_empty(cell) else shown(cell)
        if text and text not in samples:
            samples.append(text)
        if len(samples) == SAMPLES:
            break
    is_sure = guess is None or guess.score == 1
    held = guess.field if guess else matching.given.get(name) or matching.overruled.get(name, "")
    return {
        "name": name, "field": held, "is_unused": guess is None, "contested": contested, "is_sure": is_sure,
        "samples": samples,
    }  # fmt: skip


def _left_out(reader: Reader) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for line in reader.sheet.left_out:
        kind = found.setdefault(line.kind, {"count": 0, "lines": []})
        kind["count"] += 1
        if len(kind["lines"]) < LINES:
            kind["lines"].append({"row": line.number, "text": line.text})
    return found
