"""The commune's arms: who decides them, what is refused, and where they are seen."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from inventory import audit, clock, pictures, settings
from tests.web.visitors import Visitor, signed_in, words

REFUSED = {
    "an empty field": b"",
    "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "an animation": b"GIF89a" + b"\0" * 50,
}


def drawn(kind: str = "PNG", size: tuple[int, int] = (900, 1200), ground: tuple[int, ...] = (0, 90, 40, 0)) -> bytes:
    """Arms on a transparent ground, where the kind knows one."""
    picture = Image.new("RGBA", size, ground)
    picture.paste((190, 0, 0, 255), (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2))
    made = io.BytesIO()
    picture.convert("RGB" if kind == "JPEG" else "RGBA").save(made, kind)
    return made.getvalue()


REFUSED |= {"half a picture": drawn()[:400], "too many points": drawn(size=(6000, 5000))}


@pytest.fixture
def boss(app: Flask) -> Visitor:
    return signed_in(app, "boss", ("administrator", None))


def send(who: Visitor, content: bytes, **fields: str) -> TestResponse:
    return who.post("/settings/arms", files={"arms": (io.BytesIO(content), "arms.png")}, **fields)


def shown(page: str) -> str | None:
    found = re.search(r'<img[^>]+src="(/arms/[0-9a-f]{64}\.png)"', page)
    return found[1] if found else None


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_arms_are_drawn_small_and_seen_by_whoever_signs_in(boss: Visitor, app: Flask, kind: str) -> None:
    assert send(boss, drawn(kind)).status_code == 302
    stranger = app.test_client()
    address = shown(stranger.get("/sign-in").get_data(as_text=True))
    assert address
    picture = stranger.get(address)
    assert picture.headers["Content-Type"] == "image/png"
    assert "immutable" in picture.headers["Cache-Control"]
    with Image.open(io.BytesIO(picture.data)) as small:
        assert max(small.size) == pictures.EMBLEM_SIDE
        assert (small.getpixel((2, 2))[3] == 0) is (kind != "JPEG"), "what was transparent stays so"
    assert stranger.get(address, headers={"If-None-Match": picture.headers["ETag"]}).status_code == 304
    assert stranger.get(f"/arms/{'0' * 64}.png").status_code == 404
    assert [one.subject for one in audit.records(action="setting.decided")] == ["arms"]


def test_they_can_be_taken_away_and_both_decisions_stay_on_record(boss: Visitor) -> None:
    send(boss, drawn())
    assert boss.post("/settings/arms", remove="1").status_code == 302
    assert shown(boss.get("/settings").text) is None
    history = boss.get("/settings/decisions?name=arms").text
    assert shown(history)
    assert len(settings.decisions(name="arms")) == 2
    trail = words(boss.get("/audit/trail?action=setting"))
    assert "Valeur nouvelle image" in trail
    assert "Valeur retirées" in trail
    assert not re.search("[0-9a-f]{64}", trail)


def test_arms_decided_for_later_wait(boss: Visitor) -> None:
    assert send(boss, drawn(), arms_on="2199-01-01").status_code == 302
    assert settings.value_of("arms", on=clock.today()) == ""
    assert shown(boss.get("/settings").text), "it is shown among what was decided for later"


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_picture_is_refused_at_its_field(boss: Visitor, what: str) -> None:
    answer = send(boss, REFUSED[what])
    assert answer.status_code == 422
    assert 'href="#arms"' in answer.text
    assert settings.decisions(name="arms") == []


def test_a_file_too_large_is_refused_before_it_is_read(boss: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "LARGEST_BYTES", 1000)
    answer = send(boss, drawn("JPEG"))
    assert answer.status_code == 422
    assert "6 Mo" in answer.text


@pytest.mark.parametrize("day", ["2020-01-01", "soon"])
def test_a_day_that_cannot_be_is_refused_at_its_field(boss: Visitor, day: str) -> None:
    answer = send(boss, drawn(), arms_on=day)
    assert answer.status_code == 422
    assert 'href="#arms_on"' in answer.text


def test_only_an_administrator_decides_them(boss: Visitor, app: Flask) -> None:
    for role in ("manager", "auditor", "storekeeper"):
        assert send(signed_in(app, role, (role, None)), drawn()).status_code == 403
    assert "New picture" not in words(signed_in(app, "reader", ("manager", None)).get("/settings"))
    assert boss.client.post("/settings/arms", data={"remove": "1"}).status_code == 400, "without the token of the form"
    assert settings.decisions(name="arms") == []
