"""What the camera believes: seen twice, told together, counted once; and no sliver of a code for another code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import HOUSE
from tests.browser.store import Store

SCRIPTS = HOUSE / "inventory" / "static" / "src" / "js"
Script = Callable[..., Any]


@pytest.fixture
def script(page: Page, store: Store) -> Script:
    """Run a line of ours with a module of the station: `script("sight", "new Sight()")`."""
    page.route("**/src/*.js", lambda route: route.fulfill(path=SCRIPTS / route.request.url.rsplit("/", 1)[1]))
    page.goto(f"{store.url}/sign-in")

    def run(module: str, body: str, given: Any = None) -> Any:
        names = "const { Sight, withoutSlivers, divisions, isWhole } = module;"
        return page.evaluate(
            f"async (given) => {{ const module = await import('/src/{module}.js'); {names} {body} }}", given
        )

    return run


def looks(script: Script, *seen: tuple[int, str]) -> list[tuple[list[str], list[str]]]:
    """What counts and what came back too soon, at looks of (milliseconds, codes); small letters are bars."""
    given = [[at, [{"text": one, "isCertain": one.isupper()} for one in codes.split()]] for at, codes in seen]
    body = "const sight = new Sight(); return given.map(([at, codes]) => sight.look(codes, at));"
    return [(one["counted"], one["again"]) for one in script("sight", body, given)]


def test_bars_are_believed_when_they_were_seen_twice(script: Script) -> None:
    assert looks(script, (0, "ean"), (100, ""), (200, "")) == [([], []), ([], []), ([], [])]
    assert looks(script, (0, "ean"), (100, ""), (200, "ean"), (300, ""))[3] == (["ean"], [])


def test_what_comes_into_view_together_is_told_together(script: Script) -> None:
    assert looks(script, (0, "QR"), (100, "QR OTHER"), (200, "QR OTHER"))[1:] == [(["QR", "OTHER"], []), ([], [])]
    assert looks(script, (0, "QR ean"), (100, "ean"))[1] == (["QR", "ean"], [])


def test_a_code_held_in_view_counts_once_however_unsharp(script: Script) -> None:
    held = [(at, "QR" if at % 700 == 0 else "") for at in range(0, 20_000, 100)]
    assert [counted for counted, _ in looks(script, *held) if counted] == [["QR"]]


def test_a_code_that_went_away_counts_again(script: Script) -> None:
    seen = looks(script, (0, "QR"), (100, ""), (1_800, "QR"), (1_900, "QR"), (5_000, "QR"), (5_100, ""))
    assert [counted for counted, _ in seen] == [[], ["QR"], [], [], [], ["QR"]]
    assert [again for _, again in seen] == [[], [], ["QR"], [], [], []]


def strip(left: int, right: int, top: int = 0, bottom: int = 300) -> dict[str, dict[str, int]]:
    """Where bars lie that were read from top to bottom."""
    return {
        "topLeft": {"x": right, "y": top}, "topRight": {"x": right, "y": bottom},
        "bottomRight": {"x": left, "y": bottom}, "bottomLeft": {"x": left, "y": top},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("other", "stays"),
    [
        (strip(60, 63), False),
        (strip(60, 63, 4, 296), False),
        (strip(60, 63, 0, 200), True),  # of other length
        (strip(10, 90), True),  # a label of its own, above
        (strip(-80, -77), True),  # too far
    ],
)
def test_a_sliver_beside_a_code_is_no_code(script: Script, other: dict[str, Any], stays: bool) -> None:
    true = {"text": "true", "position": strip(100, 220)}
    found = script("slivers", "return withoutSlivers(given);", [{"text": "other", "position": other}, true])
    assert [one["text"] for one in found] == (["other", "true"] if stays else ["true"])


def test_where_two_codes_meet_their_checks_tell(script: Script) -> None:
    body = "return given.map((one) => divisions(one));"
    ean, label = "6111245030036", "AGTWY1GJH9T0"
    found = script("codes", body, [ean + ean, ean, ean + "6111245030037", "GAN-0003", ""])
    assert found == [[[ean, ean]], [], [], [], []]
    letters, address = "AEWCJDSRSYPH", f"HTTP://HOST/S/{label}"
    assert script("codes", body, [letters + letters + address]) == [[[letters, letters, address]]]
    assert script("codes", "return isWhole(given);", label[:-1]) is False
