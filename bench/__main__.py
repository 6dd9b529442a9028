"""``python -m bench``: both engines in one run, a table to read, and everything as JSON in ``bench/results/``.

``BENCH=quick`` takes fewer movements and shorter loads; ``BENCH_FOLDER`` puts the databases on another disk.
"""

from __future__ import annotations

import contextvars
import json
import os
import platform
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import bare, grounds, load, pages, questions
from bench.fill import STORES, Scene, fill
from bench.report import show
from inventory.config import Config
from tests.server import HOUSE, Server

RESULTS = Path(__file__).parent / "results"
CLIENTS = (1, 8, 32)
SPREADS = {"one": 1, "twenty": STORES}


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a run takes its time."""

    name: str
    movements: int
    seconds: float
    pages: int


PACES = {"quick": Pace("quick", 100_000, 1.0, 20), "": Pace("full", 1_000_000, 3.0, 1_000)}


def main() -> None:
    grounds.leave_in_order()
    pace = PACES["quick" if os.environ.get("BENCH") == "quick" else ""]
    begin = time.monotonic()
    results = {engine: _engine(engine, pace) for engine in grounds.ENGINES}
    about = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "pace": asdict(pace),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "seconds": round(time.monotonic() - begin),
    }
    RESULTS.mkdir(exist_ok=True)
    kept = RESULTS / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{pace.name}.json"
    kept.write_text(json.dumps({"about": about, "results": results}, indent=2, ensure_ascii=False))
    show(about, results)
    print(f"\nEverything: {kept}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _engine(engine: str, pace: Pace) -> dict[str, Any]:
    with grounds.ground(engine) as config:
        _say(f"{engine}: filling {pace.movements:,} movements")
        scene = fill(config, pace.movements)
        result: dict[str, Any] = {"statements": _statements(config, scene)}
        _say(f"{engine}: verifying")
        result["verify"] = _verify(config)
        workers = 1 if engine == "sqlite" else max(2, min(4, os.cpu_count() or 2))
        server = Server(config, workers, config.instance_path.parent / "server.log", "bench.served:app")
        try:
            result |= _served(server, scene, pace, engine)
            result["memory"] = _memory(server)
        finally:
            server.stop()
        _say(f"{engine}: the bare driver")
        result["bare"] = _bare(config, scene, pace)
    return result


def _served(server: Server, scene: Scene, pace: Pace, engine: str) -> dict[str, Any]:
    """Everything that goes over HTTP, the empty route first."""

    def measure(name: str, requests: load.Requests, clients: int) -> dict[str, Any]:
        _say(f"{engine}: {name}, {clients} clients")
        return asdict(load.run(server.port, requests, clients, pace.seconds))

    empty = questions.asking(scene, "/empty/route")
    found: dict[str, Any] = {"empty": {n: measure("empty route", empty, n) for n in CLIENTS}}
    found["posting"] = {
        spread: {n: measure(f"posting in {spread}", questions.postings(scene, stores), n) for n in CLIENTS}
        for spread, stores in SPREADS.items()
    }
    for name, paths in (
        ("scan", questions.scans(scene)),
        ("item search", questions.searches()),
        ("stock list", questions.stock_lists(scene)),
        ("stock card", questions.cards(scene)),
    ):
        found[name] = measure(name, questions.asking(scene, *paths), 8)
    _say(f"{engine}: lists to their end")
    lists = questions.long_lists(scene)
    walks = {name: questions.walk(server.port, scene, path, pace.pages) for name, path in lists.items()}
    found["walks"] = {name: one if isinstance(one, str) else asdict(one) for name, one in walks.items()}
    _say(f"{engine}: pages")
    visitor = pages.Visitor(server.port)
    found["pages"] = {name: asdict(visitor.time(address)) for name, address in pages.addresses(scene).items()}
    depths = {"stock pages, all stores": "/stock", "papers' pages": "/documents"}
    found["walks"] |= {name: asdict(visitor.walk(address, pace.pages // 5)) for name, address in depths.items()}
    visitor.close()
    return found


def _statements(config: Config, scene: Scene) -> dict[str, list[int]]:
    """SQL statements per request (BEGIN, COMMIT and authentication apart) of a short and of a long answer."""
    asked: dict[str, tuple[str, str]] = {
        "scan": (questions.scans(scene)[0], questions.scans(scene)[1]),
        "item search": tuple(f"/api/v1/items?search=pap&limit={limit}" for limit in (1, 200)),  # type: ignore[dict-item]
        "stock list": tuple(f"/api/v1/stock?warehouse=W01&limit={limit}" for limit in (1, 200)),  # type: ignore[dict-item]
        "stock card": tuple(f"{questions.cards(scene)[0]}&limit={limit}" for limit in (1, 200)),  # type: ignore[dict-item]
        "papers": tuple(f"/api/v1/documents?limit={limit}" for limit in (1, 200)),  # type: ignore[dict-item]
    }
    with grounds.opened(config) as app:
        app.config["BENCH_TOKEN"] = scene.token
        client = app.test_client()

        def ask(path: str) -> object:
            return client.get(path, headers={"Authorization": f"Bearer {scene.token}"})

        counts = {name: [_count(lambda path=path: ask(path)) for path in paths] for name, paths in asked.items()}
        counts["posting, 1 and 50 lines"] = [
            _count(lambda lines=lines: _post(client, _long_paper(scene, lines))) for lines in (1, 50)
        ]
    return counts


def _count(happens: Callable[[], object]) -> int:
    steps = bare.caught(lambda: contextvars.Context().run(happens))
    return sum(step.is_work for step in steps)


def _long_paper(scene: Scene, lines: int) -> bytes:
    content = json.loads(questions.paper(scene, 0, 0))
    content["lines"] = [{"item": scene.item(scene.kept(0, n)), "quantity": "1"} for n in range(lines)]
    return json.dumps(content).encode()


def _post(client: Any, body: bytes) -> None:
    headers = {
        "Authorization": f"Bearer {client.application.config['BENCH_TOKEN']}",
        "Idempotency-Key": str(uuid.uuid4()),
    }
    answer = client.post(questions.DOCUMENTS, data=body, content_type="application/json", headers=headers)
    if answer.status_code != 201:
        raise RuntimeError(f"The posting was refused: {answer.status_code} {answer.text[:500]}")


WEIGHED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
"""
"""Runs a command and says how much memory it took, in kB. From a small process: a child counts its parent's too."""


def _verify(config: Config) -> dict[str, Any]:
    """``flask verify`` in a process of its own: entries and movements per second, and its memory at the most."""
    environment = os.environ | config.environment
    begin = time.monotonic()
    command = [sys.executable, "-c", WEIGHED, sys.executable, "-m", "flask", "verify", "--json"]
    done = subprocess.run(command, cwd=HOUSE, env=environment, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - begin
    if done.returncode:
        raise RuntimeError(f"verify failed: {done.stdout[-500:]} {done.stderr[-500:]}")
    told, _, memory = done.stdout.strip().rpartition("\n")
    counted = json.loads(told)
    return {
        "seconds": seconds,
        "entries": counted["entries"] / seconds,
        "movements": counted["movements"] / seconds,
        "memory": int(memory) / 1024,
    }


def _memory(server: Server) -> list[float]:
    """Proportional memory of each web process after the load, in MB: what it would give back if it ended."""
    assert server.process is not None
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    found = []
    for child in children:
        lines = Path(f"/proc/{child}/smaps_rollup").read_text().splitlines()
        found.append(next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024)
    return found


def _bare(config: Config, scene: Scene, pace: Pace) -> dict[str, dict[int, float]]:
    """The same postings by the driver alone. It breaks the chain, so it comes last."""
    with bare.named_parameters(config) as app:
        app.config["BENCH_TOKEN"] = scene.token
        client = app.test_client()
        caught = []
        for store in range(STORES):
            body = questions.paper(scene, store, store % 200)
            for _ in range(2):  # the first time the application compiles its statements
                steps = bare.caught(lambda body=body: contextvars.Context().run(_post, client, body))
            caught.append(steps)
    return {
        spread: {n: bare.run(config, caught[:stores], n, pace.seconds) for n in CLIENTS}
        for spread, stores in SPREADS.items()
    }


if __name__ == "__main__":
    main()
