"""`flask import-items`: dry run, corrections, exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from inventory import audit
from inventory.catalogue import Item, get_item
from inventory.cli.imports import import_items
from inventory.database import db


@pytest.fixture
def run(cli: FlaskCliRunner, tmp_path: Path) -> Any:
    def invoke(text: str, *options: str) -> Any:
        file = tmp_path / "items.csv"
        file.write_bytes(text.encode("cp1252"))
        return cli.invoke(import_items, [str(file), *options])

    return invoke


def items() -> int:
    return db.session.scalar(select(func.count()).select_from(Item)) or 0


def test_a_dry_run_shows_and_writes_nothing(app: Flask, run: Any) -> None:
    done = run("code;désignation;unité\n1;Sérum;boîte\n", "--dry-run")
    assert done.exit_code == 0, done.output
    assert "désignation → name_fr" in done.output
    assert "New units: boîte" in done.output
    assert items() == 0


def test_columns_are_corrected_and_constants_set(app: Flask, run: Any) -> None:
    text = "n=°;libellé bis;prix\n1;Sérum;5\n"
    assert run(text).exit_code == 1
    done = run(text, "--map", "n=°=code", "--map", "libellé bis=name_fr", "--set", "unit=boîte", "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.output)
    assert (answer["applied"], answer["create"], answer["unused"]) == (True, 1, ["prix"])
    assert get_item("1").name_fr == "Sérum"


def test_bad_rows_stop_the_import_unless_they_are_left_out(app: Flask, run: Any) -> None:
    text = "code;désignation;unité\n1;Sérum;boîte\n2;;boîte\n"
    refused = run(text)
    assert refused.exit_code == 1
    assert "line 3, désignation" in refused.output
    assert items() == 0
    assert run(text, "--leave-out-bad").exit_code == 0
    assert items() == 1


def test_what_came_in_is_noted_once_and_what_did_not_is_not(app: Flask, run: Any) -> None:
    text = "code;désignation;unité\n1;Sérum;boîte\n2;;boîte\n"
    for options in ((), ("--dry-run",), ("--leave-out-bad",)):
        run(text, *options)
    (noted,) = audit.records()
    assert (noted.action, noted.subject, noted.actor) == ("item.imported", "items.csv", audit.COMMAND_LINE)
    assert noted.details == {"added": 1, "changed": 0, "unchanged": 0, "left_out": 1}


def test_what_cannot_be_read_is_said(app: Flask, run: Any) -> None:
    done = run("", "--json")
    assert done.exit_code == 1
    assert json.loads(done.output)["refused"] == "empty"
    assert run("code;désignation;unité\n1;a;u\n", "--set", "unit").exit_code == 2
    assert run("code;désignation;unité\n1;a;u\n", "--map", "x=code").exit_code == 1
