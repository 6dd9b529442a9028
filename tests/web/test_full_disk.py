"""The disk of the server is full: whoever is refused reads so, and nothing stays half done."""

from __future__ import annotations

import errno
import io
import subprocess
import tempfile
from pathlib import Path
from typing import IO, Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.exc import OperationalError

from inventory import errors
from inventory.cli import uploads as command
from inventory.exchange import export, uploads
from inventory.web import imports
from tests import make
from tests.web.visitors import Visitor, signed_in

FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def salma(app: Flask) -> Visitor:
    make.warehouse("CENTRAL")
    make.supplier("ACME")
    make.item("bolt")
    return signed_in(app, "salma", ("manager", None), language="en")


def fails(*_: Any, **__: Any) -> Any:
    raise FULL


def sent(salma: Visitor) -> Any:
    file = (io.BytesIO(b"code;name;unit\n1;Nut;piece\n"), "items.csv")
    return salma.post("/imports/", what="items", files={"file": file})


def kept(app: Flask) -> list[Path]:
    return list(Path(app.instance_path, "uploads").glob("*"))


def test_a_file_that_finds_no_room_is_refused_and_nothing_of_it_stays(
    salma: Visitor, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept(app)
    monkeypatch.setattr(uploads.shutil, "copyfileobj", fails)
    answer = sent(salma)
    assert answer.status_code == 507
    assert "The disk of the server is full" in answer.text
    assert kept(app) == before


def test_findings_that_find_no_room_leave_no_half_list(
    salma: Visitor, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads.os, "replace", fails)
    before = kept(app)
    assert sent(salma).status_code == 507
    assert kept(app) == before


def test_a_large_file_that_finds_no_room_apart_is_refused(salma: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "LARGE", 0)
    full = subprocess.CompletedProcess([], errno.ENOSPC, "", "full")
    monkeypatch.setattr(imports.subprocess, "run", lambda *_, **__: full)
    assert sent(salma).status_code == 507


def test_the_command_that_reads_it_says_so_by_its_number(
    salma: Visitor, app: Flask, cli: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = sent(salma).location.rpartition("/")[2]
    monkeypatch.setattr(command, "dry_run", fails)
    owner = uploads.find(Path(app.instance_path) / "uploads", token, 1).owner_id
    told = cli.invoke(args=["upload", "--", token, str(owner), "en"])
    assert (told.exit_code, told.stderr.count("The disk of the server is full")) == (errno.ENOSPC, 1)


def full_file(*_: Any, **__: Any) -> IO[bytes]:
    return open("/dev/full", "w+b")


def test_a_workbook_is_refused_before_it_goes_out(salma: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """It once began to go out, and ended in the server's own words."""
    monkeypatch.setattr(export._Sheets, "write", fails)
    answer = salma.get("/stock?format=xlsx")
    assert answer.status_code == 507
    assert "The disk of the server is full" in answer.text


def test_a_print_that_finds_no_room_is_refused(salma: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    make.posted(make.order("opening", "CENTRAL", make.line("bolt", "5")), by=make.person("amina", "manager"))
    assert salma.get("/documents/1.pdf").status_code == 200
    monkeypatch.setattr(tempfile, "TemporaryFile", full_file)
    answer = salma.get("/documents/1.pdf")
    assert answer.status_code == 507
    assert "The disk of the server is full" in answer.text


@pytest.mark.parametrize("said", ["database or disk is full", 'could not extend file "base/1": No space left'])
def test_a_full_disk_of_the_database_is_told_from_its_other_faults(said: str) -> None:
    class Orig(Exception):
        sqlstate = "53100" if "extend" in said else None

    assert errors.lacks_room(OperationalError("INSERT", {}, Orig(said)))
    assert not errors.lacks_room(OperationalError("INSERT", {}, Exception("disk I/O error")))
    assert not errors.lacks_room(OSError(errno.EACCES, "no"))
