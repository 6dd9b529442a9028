"""What makes the stores an application of the device: worker, manifest, the page of last resort."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.web.visitors import Visitor


def test_the_worker_stands_at_the_root_and_is_asked_for_again(app: Flask) -> None:
    worker = Visitor(app).get("/sw.js")
    assert worker.status_code == 200
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert worker.headers["Cache-Control"] == "no-cache"
    built = re.findall(r'"([\w-]+\.(?:js|css|woff2|wasm|png|svg))"', worker.text)
    assert any(name.startswith("station-") for name in built)
    assert any(name.endswith(".wasm") for name in built)
    for name in built:
        assert Visitor(app).get(f"/dist/{name}").status_code == 200, name


@pytest.mark.parametrize(("language", "name", "direction"), [("ar", "المخازن", "rtl"), ("fr", "Magasins", "ltr")])
def test_the_manifest_speaks_the_language_of_its_page(app: Flask, language: str, name: str, direction: str) -> None:
    manifest = Visitor(app).get(f"/manifest.webmanifest?language={language}")
    assert manifest.headers["Content-Type"].startswith("application/manifest+json")
    told = manifest.json
    assert (told["short_name"], told["lang"], told["dir"], told["display"]) == (name, language, direction, "standalone")
    for icon in told["icons"]:
        picture = Visitor(app).get(icon["src"])
        assert picture.data.startswith(b"\x89PNG")
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}


def test_the_page_of_last_resort_says_nothing_of_anybody(app: Flask) -> None:
    page = Visitor(app).get("/offline")
    assert page.status_code == 200
    for sentence in ("لا توجد شبكة", "Pas de réseau", "No network"):
        assert sentence in page.text
    assert "data-person" not in page.text
