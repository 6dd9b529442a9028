"""Spreadsheets in: a file is sent, read and shown; what was guessed is corrected; then it is imported, once."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, stream_with_context
from flask import url_for as to
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user, login_required

from inventory import access, clock, documents, languages
from inventory.config import PROJECT
from inventory.database import transaction
from inventory.errors import InvalidRequest, refuse_field, refuse_full
from inventory.exchange import uploads
from inventory.exchange.dry_run import dry_run, is_overtaken, write_items
from inventory.exchange.encodings import OFFERED
from inventory.exchange.export import csv_bytes
from inventory.exchange.papers import Paper, apply_movements
from inventory.exchange.reading import Choices
from inventory.exchange.sheet import KINDS as LEFT_OUT
from inventory.exchange.uploads import Upload
from inventory.exchange.vocabulary import ITEM_FIELDS, KINDS_OF_PAPER, MOVEMENT_FIELDS
from inventory.exchange.wording import ITEM_WORDS, MOVEMENT_WORDS, SAME_FOR_ALL
from inventory.exchange.workbook import MAX_BYTES
from inventory.schemas.documents import PaperIn, order_of
from inventory.web.downloads import attachment
from inventory.web.typed import Typed
from inventory.web.words import DIRECTIONS, KINDS, ORIGINS, STORAGES, TRACKINGS

pages = Blueprint("imports", __name__, url_prefix="/imports")

PAGE = 50  # problems on a page
PATIENCE = 3.0  # seconds of posting in one request
LARGE = 256 * 1024  # bytes of a file from which it is read in a process of its own: some 10 000 rows
WHAT = ("items", "movements")
WORDS = {"items": ITEM_WORDS, "movements": MOVEMENT_WORDS}
FIELDS = {"items": ITEM_FIELDS, "movements": MOVEMENT_FIELDS}
VALUES: Mapping[str, Mapping[str, Any]] = {
    "kind": {kind: KINDS[kind] for kind in KINDS_OF_PAPER},
    "origin": ORIGINS,
    "direction": DIRECTIONS,
    "tracking": TRACKINGS,
    "has_expiry": {"yes": _l("yes"), "no": _l("no")},
    "storage_class": STORAGES,
}
"""The fields that have one of a few values, each with its word."""
IN_WORDS = ("language", "blocking", "refused", "columns")
"""What stands in findings in the words of one language."""
ENVELOPE = 64 * 1024  # what a form adds around its file


@pages.url_value_preprocessor
def _allow_a_large_file(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before anything reads the form: only here, and only for whoever may import, a request may be larger."""
    if endpoint == "imports.receive" and current_user.is_authenticated and current_user.may_somewhere("import.run"):
        request.max_content_length = MAX_BYTES + ENVELOPE


@pages.before_request
@login_required
def _only_importers() -> None:
    access.require_somewhere(current_user, "import.run")


@pages.get("/")
def start() -> str:
    return _start([])


@pages.post("/")
def receive() -> Response | tuple[str, int]:
    """Takes a file in and reads it; nothing is written to the stores."""
    what, file = request.form.get("what", ""), request.files.get("file")
    errors = []
    if what not in WHAT:
        errors.append({"field": "what", "message": _("Say what the file holds.")})
    if file is None or not file.filename:
        errors.append({"field": "file", "message": _("Choose a file.")})
    if errors or file is None:
        return _start(errors), InvalidRequest.status
    if what == "items":
        access.require(current_user, "catalogue.write")
    name = Path((file.filename or "").replace("\\", "/")).name[:200]
    upload = uploads.keep(_root(), file.stream, owner_id=current_user.id, what=what, name=name, at=clock.now())
    _read(upload)
    return _to_page(upload)


@pages.get("/formats")
def formats() -> str:
    """Which files and which columns are understood."""
    known = {what: [(one.name, *WORDS[what][one.name], list(one.names[:8])) for one in FIELDS[what]] for what in WHAT}
    return render_template("imports/formats.html", known=known, limit=MAX_BYTES >> 20)


@pages.get("/<token>")
def show(token: str) -> str | tuple[str, int]:
    """Where a file stands: being read, being posted, or imported."""
    upload = _mine(token)
    if upload.is_used:
        return render_template("imports/done.html", upload=upload, result=upload.noted("result"))
    if progress := upload.noted("progress"):
        return render_template("imports/posting.html", upload=upload, progress=progress, names=_names(upload))
    found = _found(upload)
    page = _reading(upload, found)
    return (page, InvalidRequest.status) if "refused" in found else page


@pages.post("/<token>")
def choose(token: str) -> Response | tuple[str, int]:
    """Reads the file again with what its sender corrected; what cannot be is said on the page where it was typed."""
    with _alone(token) as upload:
        return _to_page(upload) if upload.is_used else _choose(upload)


def _choose(upload: Upload) -> Response | tuple[str, int]:
    found = _found(upload)
    said = _choices(request.form, upload, found)
    try:
        upload.choose(_at_header(request.form, said, upload, found))
    except InvalidRequest as refusal:
        upload.choices = said
        columns = [
            column | {"field": request.form.get(f"column-{at}", column["field"]), "contested": ""}
            for at, column in enumerate(found.get("columns", ()))
        ]
        return _reading(upload, found | {"columns": columns, "blocking": []}, refusal), refusal.status
    _read(upload)
    return _to_page(upload)


@pages.post("/<token>/again")
def read_again(token: str) -> Response:
    """Reads the file once more as it was chosen: the catalogue, or the stores, may have what was missing now."""
    with _alone(token) as upload:
        if not upload.is_used:
            _read(upload)
        return _to_page(upload)


@pages.get("/<token>/problems.csv")
def problems(token: str) -> Response:
    """Every bad row and everything to look at, as a spreadsheet."""
    upload = _mine(token)
    columns = [_("Row"), _("Column"), _("Value"), _("Expected"), _("Left out")]
    words = {True: _("yes"), False: _("no")}
    rows = (
        (one["row"], one["column"], one["value"], one["expected"], words[one["is_bad"]])
        for one in (_in_words(upload, listed) for listed in upload.listed("problems"))
    )
    pieces = csv_bytes(columns, rows, language=languages.language(), zone=clock.zone())
    name = f"{Path(upload.name).stem[:60]}-{_('problems')}.csv"
    response = Response(stream_with_context(pieces), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = attachment(name)
    return response


@pages.post("/<token>/items")
def import_items(token: str) -> Response:
    """Writes the items of a file, all in one transaction that reads the catalogue anew. A second click waits for the
    first and sees what it did."""
    with _alone(token) as upload:
        access.require(current_user, "catalogue.write")
        if not upload.is_used and _is_meant(upload, _found(upload)):
            _import(upload)
        return _to_page(upload)


def _import(upload: Upload) -> None:
    leaves_out = "leave_out" in request.form
    if upload.size > LARGE:
        said = _apart(upload, *(("--write", "--leave-out") if leaves_out else ("--write",)))
    else:
        said = ""
        with transaction():
            result = write_items(upload, by=current_user, today=clock.today(), at=clock.now(), leaves_out=leaves_out)
        if result is not None:
            upload.use(result)
    if not upload.is_used:
        _read(upload)
        flash(said or _("Nothing was imported: look at the rows that cannot be used."), "refused")


@pages.post("/<token>/papers")
def post_papers(token: str) -> Response | str:
    """Posts papers for a few seconds and says how far it came; the page asks again until all are posted.

    One transaction per paper under the paper's own key: whatever happens on the way, nothing is half posted or twice.
    """
    upload = _mine(token)
    if not upload.is_used:
        with upload.pen() as is_mine:
            if is_mine:
                _post(upload)
    if "HX-Request" not in request.headers:
        return _to_page(upload)
    if upload.is_used or (progress := upload.noted("progress")) is None:
        return Response(headers={"HX-Redirect": to("imports.show", token=upload.token)})
    return render_template("imports/_posting.html", upload=upload, progress=progress)


@pages.post("/<token>/drop")
def drop(token: str) -> Response:
    """Forgets a file; what it already posted stays."""
    _mine(token).drop()
    flash(_("The file was removed."), "info")
    return redirect(to("imports.start"))  # type: ignore[return-value]


# The file and where it stands


def _root() -> Path:
    return Path(current_app.instance_path) / "uploads"


def _mine(token: str) -> Upload:
    return uploads.find(_root(), token, current_user.id)


@contextmanager
def _alone(token: str) -> Iterator[Upload]:
    """Somebody's own upload as whoever held its pen before left it; nobody else works on it meanwhile."""
    with _mine(token).pen(waits=True):
        yield _mine(token)


def _to_page(upload: Upload) -> Response:
    return redirect(to("imports.show", token=upload.token))  # type: ignore[return-value]


def _read(upload: Upload) -> dict[str, Any]:
    """The dry run, in a process of its own when the file is large: its memory goes with it."""
    if upload.size <= LARGE:
        return dry_run(upload, by=current_user, language=languages.language(), today=clock.today())
    _apart(upload)
    found: dict[str, Any] = upload.noted("findings")
    return found


def _apart(upload: Upload, *words: str) -> str:
    """Has ``flask upload`` read or write a file; what the house refused, in words, else nothing."""
    environment = os.environ | current_app.extensions["makhazine.config"].environment
    named = (upload.token, str(upload.owner_id), languages.language())  # a token may begin with "-"
    command = [sys.executable, "-m", "flask", "upload", *words, "--", *named]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)  # noqa: S603 (ours)
    refuse_full(done.returncode == errno.ENOSPC)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"A file could not be read apart: {done.stderr[-2000:]}")
    return done.stderr.strip() if done.returncode else ""


def _mark(upload: Upload, found: Mapping[str, Any]) -> str:
    """What tells one reading of a file from another, in whatever language it is said: a page carries that which it
    shows."""
    shown = {name: value for name, value in found.items() if name not in IN_WORDS}
    reading = json.dumps([asdict(upload.choices), shown], sort_keys=True)
    return hashlib.sha256(reading.encode()).hexdigest()


def _is_meant(upload: Upload, found: Mapping[str, Any]) -> bool:
    """Whether what would be written is what the sender saw; else they are told, and shown it as it is now."""
    is_meant = request.form.get("reading") == _mark(upload, found)
    if not is_meant:
        flash(_("Nothing was imported: the file has been read in another way since. This is how it is now."), "refused")
    return is_meant


def _found(upload: Upload) -> dict[str, Any]:
    """What the dry run found, in the language of the moment."""
    found: dict[str, Any] | None = upload.noted("findings")
    return found if found is not None and found["language"] == languages.language() else _read(upload)


def _reading(upload: Upload, found: dict[str, Any], refusal: InvalidRequest | None = None) -> str:
    """The page of a file that was read; with what was refused of a form that comes back as it was typed."""
    after = max(request.args.get("after", 0, int), 0)
    problems = list(upload.listed("problems", after, after + PAGE + 1))
    typed = Typed(request.form)
    if refusal is not None:
        typed.refuse(refusal)
    return render_template(
        "imports/reading.html",
        upload=upload,
        found=found,
        mark=_mark(upload, found),
        typed=typed,
        problems=[_in_words(upload, one) for one in problems[:PAGE]],
        first=_say_first(upload, found),
        after=after,
        next_after=after + PAGE if len(problems) > PAGE else None,
        options=[(name, word) for name, (word, _help) in WORDS[upload.what].items()],
        names=_names(upload),
        left_out=LEFT_OUT,
        constants=_constants(upload, found),
        encodings=[(one, one) for one in OFFERED],
        sheets=[(one, one) for one in found.get("sheets", ())],
    )


def _start(errors: list[dict[str, str]]) -> str:
    sent = uploads.of(_root(), current_user.id)
    return render_template(
        "imports/start.html",
        errors=errors,
        what=request.form.get("what", request.args.get("what", "items")),
        waiting=[upload for upload in sent if not upload.is_used],
        may_write_items=current_user.may("catalogue.write"),
        imported=[(upload, upload.noted("result")) for upload in sent if upload.is_used],
        limit=MAX_BYTES >> 20,
    )


def _names(upload: Upload) -> dict[str, Any]:
    """What each field is called."""
    return {name: word for name, (word, _help) in WORDS[upload.what].items()}


def _in_words(upload: Upload, cell: dict[str, Any]) -> dict[str, Any]:
    """What is wrong, with the words for a field that is no column of the file, and for its value."""
    name, value = cell["column"], cell["value"]
    if name in upload.choices.constants:
        value = VALUES.get(name, {}).get(value, value)
    return cell | {"column": str(_names(upload).get(name, name)), "value": str(value)}


def _say_first(upload: Upload, found: Mapping[str, Any]) -> list[tuple[str, list[tuple[str, dict[str, Any]]]]]:
    """What must be said before anything can be imported, with the fields it is said of (name, in words): what is wrong
    between values for all rows is said once."""
    said: dict[tuple[str, str], list[tuple[str, dict[str, Any]]]] = {}
    for cell in found.get("blocking", ()):
        name = cell["column"]
        alone = "" if name in upload.choices.constants else name
        said.setdefault((cell["expected"], alone), []).append((name, _in_words(upload, cell)))
    return [(expected, cells) for (expected, _alone), cells in said.items()]


# What the sender says about the file


def _constants(upload: Upload, found: Mapping[str, Any]) -> list[tuple[str, Any, str, str, list[tuple[str, Any]]]]:
    """The fields that may be the same for all rows: (name, word, value set, what is wrong with it, values to choose
    from, if they are few). One that is set comes before the column that held it."""
    said, names = upload.choices.constants, _names(upload)
    wrong = {cell["column"]: cell["expected"] for cell in found.get("blocking", ())}
    return [
        (name, names[name], said.get(name, ""), wrong.get(name, ""), list(VALUES.get(name, {}).items()))
        for name in names
        if name in SAME_FOR_ALL
    ]


def _choices(form: Mapping[str, str], upload: Upload, found: Mapping[str, Any]) -> Choices:
    """The form as choices, but for the line of the header; an unreadable file is asked for no values: they stand."""
    before = upload.choices.constants if "refused" in found else {}
    fields = {name: name for name in ("decimal", "dates")} | {name: f"constant-{name}" for name in WORDS[upload.what]}
    typed = {name: form.get(field, before.get(name, "")).strip() for name, field in fields.items()}
    constants = {name: value for name, value in typed.items() if value}
    mapped = {}
    for at, column in enumerate(found.get("columns", ())):
        held = form.get(f"column-{at}")
        is_undecided = not held and column["contested"] in constants  # no choice was needed: it is not left out
        if held is not None and not is_undecided:
            mapped[column["name"]] = held or "-"
    return Choices(
        mapped, constants, form.get("sheet") or None, form.get("encoding") or None, form.get("separator") or None
    )


def _at_header(form: Mapping[str, str], said: Choices, upload: Upload, found: Mapping[str, Any]) -> Choices:
    """The choices with the line of the header. Columns belong to their sheet and header: when these change, they are
    guessed anew."""
    header = form.get("header_row", "").strip()
    if header and not re.fullmatch("0{0,9}[1-9][0-9]{0,5}", header):
        refuse_field("/header_row", "range", _("The header's line is a number from 1."))
    chosen = replace(said, header_row=int(header) if header else None)
    is_same = _where(chosen) == _where(upload.choices)
    return chosen if is_same or "refused" in found else replace(chosen, mapped={})


def _where(choices: Choices) -> tuple[Any, ...]:
    return choices.sheet, choices.encoding, choices.separator, choices.header_row


# Posting


def _post(upload: Upload) -> None:
    """Goes on with the papers of a file for a few seconds, or until one is refused."""
    if not upload.noted("progress") and is_overtaken(upload):
        _read(upload)
    found = upload.noted("findings")
    is_agreed = found is not None and not found.get("blocking") and "refused" not in found
    if not is_agreed or (found["bad"] and "leave_out" not in request.form and not upload.noted("progress")):
        flash(_("Nothing was imported: look at the rows that cannot be used."), "refused")
        return
    if not upload.noted("progress") and not _is_meant(upload, found):
        return
    blank = {"next": 0, "total": found["papers"], "posted": 0, "already_there": 0, "left_out": found["rows_left_out"]}
    progress = (upload.noted("progress") or blank) | {"stopped": None}
    enough_at = time.monotonic() + PATIENCE
    papers = map(Paper.of, upload.listed("papers", progress["next"]))
    for outcome in apply_movements(papers, _post_paper):
        if outcome.refusal is not None:
            progress["stopped"] = outcome.as_dict()
            break
        progress["next"] += 1
        answer = outcome.answer
        was_there = answer is None or (answer.is_replay and answer.recorded_at < upload.sent_at)
        progress["already_there" if was_there else "posted"] += 1  # a server killed meanwhile posts nothing twice
        if time.monotonic() > enough_at:
            break
    upload.note("progress", progress)
    if progress["next"] >= progress["total"]:
        upload.use(progress)


def _post_paper(asked: dict[str, Any], key: uuid.UUID) -> documents.Document:
    by, order = current_user._get_current_object(), order_of(PaperIn().load(asked))
    with transaction():
        return documents.post(order, by=by, today=clock.today(), at=clock.now(), key=str(key))
