"""The README says what is there: commands, variables, settings, rooms, refusals, and where each rule is kept."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click import Group
from flask import Flask
from sqlalchemy import text

import inventory
from inventory import errors, settings
from inventory.database import db, fetch
from inventory.errors import Refusal

HOUSE = Path(__file__).resolve().parent.parent
README = (HOUSE / "README.md").read_text()
READ_FROM = ("inventory/config.py", "deploy/gunicorn.conf.py", "inventory/api/health.py")


def section(title: str) -> str:
    """What stands under a heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#+ |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"no section {title!r}"
    return found[1]


def rows(title: str, table: int = 0) -> list[list[str]]:
    """The cells of a table under a heading, without its head."""
    tables = re.findall(r"(?:^\|.*\n)+", section(title), re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|\n").split(" | ")] for line in tables[table].splitlines()[2:]]


def named(cells: list[str]) -> list[str]:
    """Every `word` of some cells, in order."""
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


def commands(app: Flask) -> set[str]:
    """Our own commands; what Flask and its extensions bring is explained elsewhere, but for the migrations. Hidden ones
    are run by the house alone."""
    listed = {name: one for name, one in app.cli.commands.items() if not one.hidden and name != "db"}
    ours = {name for name, one in listed.items() if _module(one).startswith("inventory.")}
    return ours | {"db upgrade"}


def _module(command: Any) -> str:
    inner = next(iter(command.commands.values())) if isinstance(command, Group) else command
    return str(getattr(inner.callback, "__wrapped__", inner.callback).__module__)


def variables(path: str) -> set[str]:
    """The environment variables that a file reads: `env["X"]`, `env.get("X")`, `os.environ.get("X")`."""
    found = set()
    for node in ast.walk(ast.parse((HOUSE / path).read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("env.get", "os.environ.get"):
            name: ast.expr = node.args[0]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("env", "os.environ"):
            name = node.slice
        else:
            continue
        found.add(ast.literal_eval(name))
    return found


def refusals() -> list[type[Refusal]]:
    """Every refusal that is raised, in the order of its file."""
    known = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Refusal)]
    return [one for one in known if one not in (errors.Refusal, errors.Conflict)]


def test_every_command_is_named(app_sqlite: Flask) -> None:
    said = {word.removeprefix("flask ") for word in named([README]) if word.startswith("flask ")}
    said = {re.sub(r" (?:[A-Z-].*)$", "", word) for word in said}
    assert commands(app_sqlite) - said == set()
    assert said - commands(app_sqlite) == set()


def test_what_answers_programs_says_so(app_sqlite: Flask) -> None:
    answering = {
        name for name, one in app_sqlite.cli.commands.items() if any("--json" in param.opts for param in one.params)
    }
    said = {
        word.removeprefix("flask ").split()[0]
        for call, does in rows("Commands", table=1)
        if "`--json`" in does
        for word in named([call])
    }
    assert said == answering
    assert README.count("--json") == len([does for _call, does in rows("Commands", table=1) if "`--json`" in does])


@pytest.mark.parametrize("path", READ_FROM)
def test_every_variable_of_the_environment_is_explained(path: str) -> None:
    read = variables(path)
    assert read
    assert read - set(named([row[0] for row in rows("Configuration")])) == set()


def test_no_variable_is_explained_that_nobody_reads() -> None:
    read = {name for path in READ_FROM for name in variables(path)}
    assert set(named([row[0] for row in rows("Configuration")])) == read


def test_every_make_target_is_explained() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (HOUSE / "Makefile").read_text(), re.MULTILINE)
    assert [target for target in targets if f"`make {target}`" not in README] == []


def test_every_setting_is_explained_in_its_order() -> None:
    assert named([row[0] for row in rows("Configuration", table=1)]) == list(settings.KNOWN)


def test_every_room_is_named_once() -> None:
    rooms = {path.stem for path in (HOUSE / "inventory").glob("[a-z]*.py")}
    rooms |= {path.parent.name for path in (HOUSE / "inventory").glob("*/__init__.py")}
    assert sorted(named([row[0] for row in rows("The house")])) == sorted(rooms)


def test_every_refusal_stands_in_the_table_in_its_order() -> None:
    told = [(named([code])[0], int(status)) for code, status, _meaning in rows("Refusals")]
    assert told == [(one.code, one.status) for one in refusals()]
    assert all(meaning for _code, _status, meaning in rows("Refusals"))


def test_every_rule_is_where_the_table_says(app_sqlite: Flask) -> None:
    known = guards()
    for rule, in_python, in_database in rows("Where is the rule that…"):
        for name in named([in_python]):
            assert _stands(name), f"{rule}: there is no {name}"
        for name in named([in_database]):
            assert name in known, f"{rule}: there is no {name}"


def _stands(name: str) -> bool:
    """Whether `room.module.thing` can be reached."""
    parts = name.split(".")
    thing: Any = inventory
    for depth, part in enumerate(parts):
        if not hasattr(thing, part) and isinstance(thing, type(inventory)):
            try:
                importlib.import_module(".".join(["inventory", *parts[: depth + 1]]))
            except ModuleNotFoundError:
                return False
        thing = getattr(thing, part, None)
    return thing is not None


def guards() -> set[str]:
    """The names of every constraint and index of the tables, and of every trigger of the database."""
    tables = db.metadata.tables.values()
    triggers = fetch(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    return {str(one.name) for table in tables for one in (*table.constraints, *table.indexes)} | {
        row.name for row in triggers
    }


def test_the_changelog_speaks_of_this_version() -> None:
    version = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]["version"]
    assert version == inventory.__version__
    first = re.search(r"^## (\S+)", (HOUSE / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert first
    assert first[1] == version


def test_every_file_the_readme_points_at_is_there() -> None:
    linked = set(re.findall(r"\]\((?!https?:)([^)#]+)\)", README))
    linked |= set(re.findall(r"`((?:tests|deploy|bench|inventory|migrations)/[\w./-]+)`", README)) - {"tests/pictures/"}
    assert [path for path in sorted(linked) if not (HOUSE / path).exists()] == []
