"""The table of a run, for people: SQLite and PostgreSQL side by side, each number beside its measure."""

from __future__ import annotations

from typing import Any

ENGINES = ("sqlite", "postgresql")
AIMS = {"bare": 0.5, "posting": 0.15, "scan": 0.4}
MOST_MEMORY = 120


def show(about: dict[str, Any], results: dict[str, Any]) -> None:
    """Prints the table of both engines."""
    print(f"\nmakhazine bench, {about['pace']['name']}: {about['at']}, {about['processors']} processors, "
          f"Python {about['python']}, {about['pace']['movements']:,} movements, {about['seconds']} s\n")  # fmt: skip
    _line("", *(engine.upper() for engine in ENGINES))
    for clients in (1, 8, 32):
        _line(f"empty route, {clients} clients", *(_rate(results[e]["empty"][clients]) for e in ENGINES))
    for spread in ("one", "twenty"):
        print(f"\nposting, {spread} warehouse{'' if spread == 'one' else 's'} (papers per second)")
        for clients in (1, 8, 32):
            _line(f"  {clients} clients", *(_posting(results[e], spread, clients) for e in ENGINES))
    print("\nreading, 8 clients (answers per second)")
    for name in ("scan", "item search", "stock list", "stock card"):
        _line(f"  {name}", *(_reading(results[e], name) for e in ENGINES))
    print("\nlists to their end, one reader (milliseconds: first page, median, slowest)")
    for name in results[ENGINES[0]]["walks"]:
        _line(f"  {name}", *(_walk(results[e]["walks"][name]) for e in ENGINES))
    print("\npages, one reader (milliseconds: quickest, median; kB)")
    for name in results[ENGINES[0]]["pages"]:
        _line(f"  {name}", *(_page(results[e]["pages"][name]) for e in ENGINES))
    print("\nSQL statements of a request (short and long answer)")
    for name in results[ENGINES[0]]["statements"]:
        _line(f"  {name}", *(" / ".join(map(str, results[e]["statements"][name])) for e in ENGINES))
    print()
    _line("verify", *(_verify(results[e]["verify"]) for e in ENGINES))
    _line(f"memory of a web process (≤ {MOST_MEMORY} MB)", *(_memory(results[e]["memory"]) for e in ENGINES))


def _line(name: str, *cells: str) -> None:
    print(f"{name:<36}" + "".join(f"{cell:<52}" for cell in cells).rstrip())


def _rate(one: dict[str, Any]) -> str:
    text = f"{one['rate']:,.0f}/s  {one['median']:.1f} ms (p95 {one['slowest']:.1f})"
    return f"{text} client {one['busy']:.0%}" if one["refused"] is None else f"REFUSED {one['refused'][:40]!r}"


def _posting(result: dict[str, Any], spread: str, clients: int) -> str:
    one = result["posting"][spread][clients]
    if one["refused"]:
        return _rate(one)
    bare, empty = result["bare"][spread][clients], result["empty"][clients]["rate"]
    return (
        f"{one['rate']:,.0f}/s {one['median']:.1f} ms; bare {bare:,.0f} ×{one['rate'] / bare:.2f}, "
        f"empty ×{one['rate'] / empty:.2f}"
    )


def _reading(result: dict[str, Any], name: str) -> str:
    one = result[name]
    if one["refused"]:
        return _rate(one)
    share = one["rate"] / result["empty"][8]["rate"]
    return f"{one['rate']:,.0f}/s {one['median']:.1f} ms (p95 {one['slowest']:.1f}); empty ×{share:.2f}"


def _walk(one: dict[str, Any] | str) -> str:
    if isinstance(one, str):
        return f"REFUSED {one[:40]!r}"
    return f"{one['first']:.1f}, {one['median']:.1f}, {one['slowest']:.1f} of {one['pages']:,} pages"


def _page(one: dict[str, Any]) -> str:
    return f"{one['quickest']:.1f}, {one['median']:.1f}; {one['size'] / 1024:.0f} kB"


def _verify(one: dict[str, Any]) -> str:
    return f"{one['entries']:,.0f} entries/s, {one['movements']:,.0f} movements/s, {one['memory']:.0f} MB"


def _memory(found: list[float]) -> str:
    return ", ".join(f"{one:.0f} MB" for one in found)
