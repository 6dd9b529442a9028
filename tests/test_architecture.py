"""The house itself: floors, one commit, one raise per refusal, short functions, one word per thing.

What is asked here is read from the sources (imports, raises, calls) and from the tables (foreign keys, columns), so
that it holds for every line and not only for those that a test runs.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import inventory
from inventory import errors
from inventory.database import Instant, db

HOUSE = Path(__file__).resolve().parent.parent
ROOMS = HOUSE / "inventory"
TEMPLATES = sorted((HOUSE / "templates").rglob("*.html"))

FLOORS = (
    "config clock codes names amounts press pictures",
    "errors",
    "texts",
    "database",
    "prepared labelled",
    "audit outbox replays",
    "settings",
    "parties",
    "warehouses",
    "access catalogue",
    "people sessions",
    "ledger",
    "replenishment",
    "documents",
    "counting slips",
    "natures",
    "scanning labels papers exchange reports practice",
    "printing",
    "schemas languages",
    "api web cli night",
    "__init__",
)
"""From the ground up. A room knows the rooms of lower floors, never those of its own or above."""

FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms.split()}
DOORS = ("api", "web", "cli", "night", "__init__")

ASKING = {"request", "session", "g", "has_request_context", "current_user", "login_user", "logout_user"}
"""What only a door may ask: the request, and who is signed in."""
SPEAKS_THE_LANGUAGE_OF_A_REQUEST = "languages"
"""The one room below the doors that reads the request: it says in which language an answer is."""

DRAWN_ON_A_SCREEN = {"web/charts.py"}
"""Where a quantity may become a float: pixels of a curve, from which nothing is read back."""

SAFE = {
    "documents/show.html: qr": "an SVG that ``codes.qr`` draws from our own code; nothing typed is in it",
    "scanning/scanner.html: picture": "an SVG that ``codes.qr`` draws from a constant text",
}
"""What a template shows without escaping, and why nobody can put anything into it."""

FORBIDDEN = {"qty", "util", "utils", "helper", "helpers", "common", "product", "products", "sku"}
"""Words that say nothing, or a second word for a thing that has one (DESIGN, §7)."""

LONGEST_FUNCTION = 40
LONGEST_FILE = 500


@cache
def sources() -> dict[str, ast.Module]:
    """Every module of the house, by its path under ``inventory/``."""
    paths = sorted(ROOMS.rglob("*.py"))
    return {path.relative_to(ROOMS).as_posix(): ast.parse(path.read_text()) for path in paths}


def room_of(path: str) -> str:
    """The room in which a file lies: its folder, or the file itself."""
    return path.split("/")[0].removesuffix(".py")


def imports(path: str) -> Iterator[str]:
    """Every dotted name that a file imports, also late and for types only; ``inventory.room.name`` for our own."""
    package = ["inventory", *path.split("/")[:-1]]
    for node in ast.walk(sources()[path]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            yield from (".".join([*base, *filter(None, [node.module]), alias.name]) for alias in node.names)


def arrows() -> Iterator[tuple[str, str, str]]:
    """File, its room, and a room that it imports."""
    for path in sources():
        for name in imports(path):
            parts = name.split(".")
            if parts[0] == "inventory" and parts[1] in FLOOR_OF and parts[1] != room_of(path):
                yield path, room_of(path), parts[1]


def functions() -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def calls(path: str) -> Iterator[str]:
    """What a file calls, as it is written: ``float``, ``clock.now``, ``db.session.commit``."""
    return (ast.unparse(node.func) for node in ast.walk(sources()[path]) if isinstance(node, ast.Call))


# ---- floors


def test_every_room_stands_on_one_floor_and_every_floor_is_built() -> None:
    assert sorted(FLOOR_OF) == sorted({room_of(path) for path in sources()})
    assert len(FLOOR_OF) == sum(len(rooms.split()) for rooms in FLOORS)


def test_imports_only_go_down() -> None:
    assert [f"{path} knows {below}" for path, room, below in arrows() if FLOOR_OF[below] > FLOOR_OF[room]] == []


def test_rooms_of_one_floor_do_not_know_each_other() -> None:
    assert [f"{path} knows {beside}" for path, room, beside in arrows() if FLOOR_OF[beside] == FLOOR_OF[room]] == []


def test_no_arrow_points_nowhere() -> None:
    """What is imported from ``inventory`` is one of its rooms."""
    named = {name.split(".")[1] for path in sources() for name in imports(path) if name.startswith("inventory.")}
    assert named <= FLOOR_OF.keys()


def test_foreign_keys_point_down_too() -> None:
    inventory._load_rooms()
    home = {one.local_table.name: one.class_.__module__.split(".")[1] for one in db.Model.registry.mappers}  # type: ignore[attr-defined]
    upward = [
        f"{table.name}.{key.parent.name} points at {key.column.table.name}"
        for table in db.metadata.tables.values()
        for key in table.foreign_keys
        if (there := home[key.column.table.name]) != (here := home[table.name]) and FLOOR_OF[there] >= FLOOR_OF[here]
    ]
    assert upward == []


# ---- one commit, one raise


def test_only_the_database_commits() -> None:
    assert {path for path in sources() for call in calls(path) if call.endswith(".commit")} == {"database.py"}


def test_only_doors_open_transactions() -> None:
    assert {room_of(path) for path in sources() if "transaction" in calls(path)} <= set(DOORS)


def raised(path: str) -> Iterator[str]:
    """The refusals that a file raises, by class."""
    known = {name.split(".")[-1] for name in imports(path) if name.startswith("inventory.errors.")}
    known |= {name for name in vars(errors) if path == "errors.py"}
    for node in ast.walk(sources()[path]):
        if isinstance(node, ast.Raise) and node.exc is not None:
            said = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = ast.unparse(said).removeprefix("errors.")
            if isinstance(getattr(errors, name, None), type) and (name in known or ast.unparse(said) != name):
                yield name


def test_each_refusal_is_raised_in_one_place() -> None:
    places = Counter(name for path in sources() for name in raised(path))
    kinds = {errors.Refusal, errors.Conflict}  # they gather others and are never raised
    known = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.Refusal)}
    assert {name: places[name] for name in known - {kind.__name__ for kind in kinds} if places[name] != 1} == {}
    assert not places.keys() - known


def test_each_refusal_has_a_code_of_its_own() -> None:
    codes = Counter(one.code for one in vars(errors).values() if isinstance(one, type) and hasattr(one, "sentence"))
    assert [code for code, times in codes.items() if times > 1] == []


# ---- verbs are told


def test_verbs_are_told_who_and_when() -> None:
    """Below the doors nobody asks the request, the session user or the clock."""
    asking = []
    for path in sources():
        if room_of(path) in (*DOORS, SPEAKS_THE_LANGUAGE_OF_A_REQUEST, "clock"):
            continue
        names = list(imports(path))
        asking += [f"{path} asks {one}" for one in names if one.startswith("flask") and one.split(".")[-1] in ASKING]
        asking += [f"{path} reads the clock" for one in names if one.startswith("inventory.clock")]
        asking += [f"{path} calls {call}" for call in calls(path) if re.fullmatch(r".*\b(utc)?now|.*\btoday", call)]
    assert asking == []


def test_no_quantity_and_no_money_is_a_float() -> None:
    assert {path for path in sources() if "float" in calls(path)} == DRAWN_ON_A_SCREEN


# ---- short, and with one word per thing


def test_functions_fit_on_a_screen() -> None:
    lengths = {f"{path}: {one.name}": (one.end_lineno or 0) - one.lineno + 1 for path, one in functions()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_a_long_room_is_split_by_noun() -> None:
    lengths = {path: len((ROOMS / path).read_text().splitlines()) for path in sources()}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def words(name: str) -> set[str]:
    """The words of a name: ``LineOrder``, ``line_order`` and ``line-order.html`` are ``line`` and ``order``."""
    return set(re.findall(r"[a-z]+", re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()))


def identifiers(path: str) -> Iterator[str]:
    yield from path.split("/")
    for node in ast.walk(sources()[path]):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            continue  # it was named where it was made, by us or by a library
        for field in ("id", "name", "arg", "attr", "asname"):
            found = getattr(node, field, None)
            if isinstance(found, str):
                yield found


def test_a_thing_has_one_name() -> None:
    """In names; a text may hold what others say, such as the headers of a spreadsheet."""
    named = {(path, name) for path in sources() for name in identifiers(path)}
    named |= {("templates", path.relative_to(HOUSE).as_posix()) for path in TEMPLATES}
    assert sorted((path, name) for path, name in named if words(name) & FORBIDDEN) == []


def test_columns_say_what_they_hold() -> None:
    """Days end in ``on``, instants in ``at``, both in ``until``; what is yes or no begins with ``is`` or ``has``."""
    inventory._load_rooms()
    odd = []
    for table in db.metadata.tables.values():
        for column in table.columns:
            kind = "instant" if isinstance(column.type, Instant) else column.type.__class__.__name__
            wanted = {"Date": r"(.*_)?(on|until)", "instant": r"(.*_)?(at|until)", "Boolean": r"(.*_)?(is|has)_.*"}
            if kind in wanted and not re.fullmatch(wanted[kind], column.key):
                odd.append(f"{table.name}.{column.key}")
    assert odd == []


# ---- templates


def test_templates_hold_no_script_and_no_style() -> None:
    inline = r"<script(?![^>]*\ssrc=)|<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|hx-on|hx-vals=[\"']js"
    assert [path.name for path in TEMPLATES if re.search(inline, path.read_text(), re.IGNORECASE)] == []


def test_what_is_shown_unescaped_is_ours() -> None:
    found = {
        f"{path.relative_to(HOUSE / 'templates').as_posix()}: {name.strip()}"
        for path in TEMPLATES
        for name in re.findall(r"\{\{([^{}]*?)\|\s*safe\b", path.read_text())
    }
    assert found == SAFE.keys()
    assert [path.name for path in TEMPLATES if "autoescape" in path.read_text()] == []
    assert [path for path in sources() if any(call.endswith("Markup") for call in calls(path))] == []
