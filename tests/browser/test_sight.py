"""What the camera believes: seen twice, told together, counted once; and no sliver of a code for another code."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from inventory.codes import gs1
from tests.browser.conftest import HOUSE
from tests.browser.store import Store

SCRIPTS = HOUSE / "inventory" / "static" / "src" / "js"
Script = Callable[..., Any]
EAN = "6111245030036"


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


def test_what_a_device_reads_of_a_maker_s_code_the_house_reads_too(script: Script) -> None:
    """Exactly or not at all, in every form in which scanners send one: without network nobody else looks at it."""
    dice = random.Random(26)
    values: dict[str, Callable[[], str]] = {
        "01": lambda: f"0{EAN}", "02": lambda: f"0{EAN}", "17": lambda: dice.choice(["280531", "290200", "281301"]),
        "11": lambda: "260101", "37": lambda: dice.choice(["6", "012"]), "30": lambda: "12",
        "10": lambda: dice.choice(["LN-6", "A17280531", "B2117", "310200150X", "LOT3102001500", "X21", "L" * 21, "é"]),
        "21": lambda: dice.choice(["S10", "S1017", "77", "Z240A"]), "240": lambda: "REF",
    }  # fmt: skip
    marks = ["", "\x1d", "<GS>", "{gs}", "[GS]", "<FNC1>", "\\F", "\\x1d", "|", "~", "^", "\u241d"]
    texts = []
    for _ in range(4000):
        names = [dice.choice(["01", "02"]), *dice.sample(list(values)[2:], dice.randint(0, 3))]
        dice.shuffle(names) if dice.random() < 0.2 else None
        mark, form = dice.choice(marks), dice.random()
        parts = [(name, values[name]()) for name in names]
        if form < 0.15:
            texts.append("".join(f"({name}){value}" for name, value in parts))
        else:
            prefix = "]C1" if form < 0.3 else "^" if form < 0.35 else ""
            texts.append(prefix + mark.join(name + value for name, value in parts))
    read = script("trade", "return given.map((one) => module.readTrade(one)?.elements ?? null);", texts)
    wrong = []
    for text, mine in zip(texts, read, strict=True):
        house = gs1.read(text)
        told = [(one.identifier, one.value) for one in house.parts] if isinstance(house, gs1.Elements) else None
        if mine is not None and [(one["identifier"], one["value"]) for one in mine] != told:
            wrong.append((text, mine, told))
    assert wrong == []
    assert sum(mine is not None for mine in read) > 1500
