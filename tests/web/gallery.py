"""The face without the house: a tiny application that keeps the templates' contract and draws the gallery.

`python tests/web/gallery.py 8130` serves it; tests ask it for every page in every language.
"""

import json
import re
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, redirect, render_template, render_template_string, request, send_from_directory
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from inventory.names import steady  # noqa: E402
from inventory.web import charts  # noqa: E402
from inventory.web.listing import Column, Listing  # noqa: E402

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 41, tzinfo=UTC)
SAMPLES = json.loads((ROOT / "tests/web/gallery_words.json").read_text())
# The sample names are French in English pages too: what is looked at there is the frame.
WORDS = SAMPLES["words"] | {"en": SAMPLES["words"]["fr"]}
DOORS = SAMPLES["doors"] | {"en": SAMPLES["doors"]["fr"]}
ICONS = (("home", "scan", "stock", "papers", "more"), ("alert", "item", "upload"), ("people", "audit", "settings"))
STATES = re.findall(
    r'^    "([a-z_]+)": \("', (ROOT / "templates/_macros/signs.html").read_text(), flags=re.M
)  # every state the badge macro knows
AMOUNTS = ("on_hand", "available", "value")
HELD = (
    ("cement", "low", 18, 14, 9),
    ("insulin", "out", 0, 0, 0),
    ("cement", "in_order", 20412, 19800, 75),
    ("insulin", "expiring", 1250, 1250, 31),
)
STOCK = ((170, 40), (151, 31), (120, 22), (96, 58), (70, 44), (41, 30), (20, 18), (4, 14))
USE = (12, 18, 9, 22, 31, 14, 12, 27, 20, 16, 24, 8)


def language() -> str:
    asked = request.args.get("language", "ar")
    return asked if asked in WORDS else "ar"


def figure(value: Any) -> str:
    whole, _, rest = f"{value:,}".partition(".")
    return whole.replace(",", "\u202f") + ("," + rest if rest else "")


def navigation() -> list[dict[str, Any]]:
    doors = []
    for place, (group, icons) in enumerate(zip(DOORS[language()].split("|"), ICONS, strict=True)):
        names = [name.replace("_", " ") for name in group.split()]
        title = "main" if place == 0 else names.pop(0)
        for name, icon in zip(names, icons, strict=True):
            is_current = icon == ("scan" if request.path == "/station" else "stock")
            doors.append({"label": name, "icon": icon, "href": f"#{icon}", "is_current": is_current, "group": title})
    return doors


def rows(words: dict[str, str]) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            id=place,
            code=f"CPJ-{place:04d}/A",
            name=words[name],
            category=words["category"],
            state=state,
            unit=words["box"],
            on_hand=Decimal(held),
            available=Decimal(free),
            value=held * Decimal("12.50"),
            expires=TODAY + timedelta(days=40) if name == "insulin" else None,
            cover=charts.cover(Decimal(days), lead_days=10, full_days=90),
            cover_words=f"{days} {words['days']}",
        )
        for place, (name, state, held, free, days) in enumerate(HELD, 1)
    ]


def listing(words: dict[str, str]) -> Listing:
    kinds = {"name": "main", "state": "state"} | dict.fromkeys(AMOUNTS, "number")
    labels = words | {"name": words["item"]}
    columns = [
        Column(key, labels[key], kinds.get(key, "text"), is_sortable=key in ("name", "on_hand"))
        for key in ("name", "state", *AMOUNTS, "cover", "expires")
    ]
    arguments = MultiDict({**request.args, "sort": "-on_hand"})
    return Listing("/gallery", arguments, columns, rows(words), next="abc", total=20412)


def pictures() -> dict[str, Any]:
    points = [
        charts.Point(TODAY - timedelta(days=days), Decimal(quantity), f"BS {13 - place}/2026", "#")
        for place, (days, quantity) in enumerate(STOCK)
    ]
    months = [(date(2026 - (place < 1), (place + 11) % 12 + 1, 1), Decimal(value)) for place, value in enumerate(USE)]
    since, level = TODAY - timedelta(days=160), Decimal(20)
    return {
        "curve_desk": charts.curve(points, since=since, until=TODAY, reorder=level),
        "curve_phone": charts.curve(points, since=since, until=TODAY, reorder=level, width=360, height=240),
        "bars_desk": charts.bars(months, today=TODAY),
        "bars_phone": charts.bars(months, today=TODAY, width=360, height=220),
    }


def gallery() -> str:
    words = WORDS[language()]
    return render_template(
        "gallery.html",
        sample=words,
        states=STATES,
        today=TODAY,
        now=NOW,
        listing=listing(words),
        row_address=lambda row: f"#{row.id}",
        icons=re.findall(r'symbol id="([^"]+)"', (ROOT / "inventory/static/src/icons.svg").read_text()),
        **pictures(),
    )


def sign_in() -> str:
    errors = [{"message": WORDS[language()]["refusal"]}] if "bad" in request.args else []
    return render_template("sign_in.html", next="/", errors=errors)


def error(status: int) -> tuple[str, int]:
    return render_template("error.html", status=status, request_id="7F3K-22QD"), status


def station() -> str:
    words = WORDS[language()]
    return render_template(
        "scanning/station.html",
        kind="issue",
        warehouse="CENTRAL",
        title=words["to_issue"],
        today=TODAY.isoformat(),
        attach_href="/attach?code=",
        intents=[
            {"label": words["to_issue"], "icon": "issue", "href": "#", "is_current": True},
            {"label": words["to_receive"], "icon": "receive", "href": "#", "is_current": False},
        ],
        party={"side": "target", "key": "service", "label": words["service"], "search": "/options"},
    )


def scanned() -> dict[str, Any]:
    """The scan answers of a very small store: one place, two items, anything else unknown."""
    words, code = WORDS[language()], request.args["code"].upper()
    insulin = {"code": "INS-0002", "name_fr": words["insulin"], "unit": words["box"], "decimals": 0}
    insulin |= {"tracking": "lot", "has_expiry": True}
    cement = {"code": "CPJ-0001", "name_fr": words["cement"], "unit": words["box"], "decimals": 1, "tracking": "none"}
    here = {"location": "A-01-03", "location_kind": "shelf"}
    lot = {**here, "lot": "L2026-044", "expires_on": "2027-01-02", "quantity": "18"}
    bags = {**here, "lot": None, "expires_on": None, "quantity": "20412.5"}
    answers = {
        "A-01-03": {"kind": "location", "location": {"code": "A-01-03", "name_fr": "A-01-03", "warehouse": "CENTRAL"}},
        "6111234567890": {"kind": "item", "item": insulin, "on_hand": "18", "available": "18", "balances": [lot]},
        "CPJ-0001": {"kind": "item", "item": cement, "on_hand": "20412.5", "available": None, "balances": [bags]},
    }
    return answers.get(code, {"kind": "unknown", "code": code, "reason": "unknown_code"})


def posted() -> tuple[dict[str, Any], int]:
    """Posts a paper of the small store; every quantity leaves 5 behind."""
    paper = request.get_json()
    lines = [{**line, "balance": "5"} for line in paper["lines"]]
    return {**paper, "id": "p1", "number": "12/2026", "reference": "CENTRAL/BS/2026/000012", "lines": lines}, 201


def options() -> str:
    words = WORDS[language()]
    things = [
        {"value": "CPJ-0001", "label": words["cement"], "detail": "CPJ-0001", "href": None, "icon": "item"},
        {"value": "INS-0002", "label": words["insulin"], "detail": "INS-0002", "href": None, "icon": "item"},
    ]
    source = '{% import "_macros/forms.html" as forms %}{{ forms.options(things) }}'
    return render_template_string(source, things=things)


def built(name: str) -> Response:
    """A file of the last `make assets`, by its plain name or with its hash."""
    dist = ROOT / "inventory/static/dist"
    names = json.loads((dist / "manifest.json").read_text())
    return send_from_directory(dist, names.get(name, name))


def contract() -> dict[str, Any]:
    """What create_app promises to every template."""
    is_arabic = language() == "ar"
    places = [
        SimpleNamespace(code="CENTRAL", name="المخزن الجماعي المركزي" if is_arabic else "Magasin communal central"),
        SimpleNamespace(code="NORD", name="مستودع عين السبع" if is_arabic else "Dépôt d'Aïn Sebaâ"),
    ]
    person = "فاطمة الزهراء بنعلي" if is_arabic else "Fatima-Zahra Benali"
    return {
        "locale": language(),
        "direction": "rtl" if is_arabic else "ltr",
        "navigation": navigation(),
        "current_user": SimpleNamespace(is_authenticated=True, display_name=person, username="f.benali"),
        "current_warehouse": places[0],
        "own_warehouses": places,
        "commune": SimpleNamespace(name_ar="جماعة الدار البيضاء", name_fr="Commune de Casablanca", arms=None),
    }


def strict(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = (
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' blob:; media-src 'self' blob:"
    )
    return answer


def create_gallery() -> Flask:
    app = Flask("gallery", template_folder=str(ROOT / "templates"), static_folder=None)
    app.secret_key = "gallery"
    app.config.update(TEMPLATES_AUTO_RELOAD=True, BABEL_DOMAIN="face")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "inventory/translations")
    Babel(app, locale_selector=language)
    app.jinja_env.globals.update(asset=lambda name: f"/assets/{name}", csrf_token=lambda: "token")
    app.jinja_env.filters.update(
        steady=steady,
        quantity=figure,
        number=figure,
        money=lambda value: figure(Decimal(value).quantize(Decimal("0.01"))),
        day=lambda on: on.strftime("%d/%m/%Y"),
        instant=lambda at: at.strftime("%d/%m/%Y %H:%M"),
        month=lambda on: on.strftime("%m/%Y"),
        month_short=lambda on: on.strftime("%m"),
    )
    app.context_processor(contract)
    app.after_request(strict)
    for view in (gallery, station, options):
        app.add_url_rule(f"/{view.__name__}", view.__name__, view)
    app.add_url_rule("/", "first", lambda: redirect("/gallery"))
    app.add_url_rule("/sign-in", "sign_in", sign_in)
    app.add_url_rule("/error/<int:status>", "error", error)
    app.add_url_rule("/api/v1/scan", "scanned", scanned)
    app.add_url_rule("/api/v1/documents", "posted", posted, methods=["POST"])
    app.add_url_rule("/assets/<path:name>", "assets", built)
    return app


if __name__ == "__main__":
    create_gallery().run(port=int(sys.argv[1]))
