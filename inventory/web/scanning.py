"""The station: say what you do, scan the place, then the goods. The pages bring what they need and talk to the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from inventory import clock, codes, settings
from inventory.access import require_somewhere
from inventory.scanning import REASONS
from inventory.web import asked
from inventory.web.documents.desk import WORDS, me, word_of
from inventory.web.documents.page import listed_parties
from inventory.web.documents.sheet import FORMS
from inventory.web.frame import Place, current_warehouse, named, own_warehouses, shows
from inventory.web.words import KINDS as KINDS_IN_WORDS

pages = Blueprint("scanning", __name__)
KINDS = ("issue", "receipt", "move", "return", "transfer", "write_off")
"""What is done with a scanner in the hand; the other kinds are written at the desk."""
TOLD_BY_DEVICE = {name: REASONS[name] for name in ("damaged_code", "several_items")}
"""Why a code is not known, as a device without network says it too."""
PLACE_KINDS = {kind: KINDS_IN_WORDS[kind] for kind in ("shelf", "quarantine", "loan", "office")}


@pages.get("/station")
@login_required
def station() -> Response | str:
    require_somewhere(me(), "stock.read")
    place = _place()
    if place is None:
        return render_template("scanning/closed.html", places=own_warehouses())
    kinds = _kinds(place)
    if not kinds:  # who posts nothing here may still look things up
        return redirect(url_for("scanning.look_up", warehouse=place.code))  # type: ignore[return-value]
    kind = request.args.get("kind", kinds[0])
    if kind not in kinds:
        return redirect(url_for("scanning.station", warehouse=place.code))  # type: ignore[return-value]
    shows(place.code)
    today = clock.today()
    days: int = settings.value_of("back_dating_days", on=today)
    return render_template(
        "scanning/station.html",
        kind=kind,
        warehouse=place.code,
        warehouse_name=place.name,
        title=word_of(kind).act,
        today=today.isoformat(),
        earliest=(today - timedelta(days=days)).isoformat() if place.is_in_service else "",
        intents=intents(place, kind),
        party=_party(kind, place),
        origin="purchase" if kind == "receipt" else "",
        reasons=TOLD_BY_DEVICE,
        labels_way=_labels_way(kind, place),
        may_slip=kind == "issue" and me().may("slip.write", place.id),
        may_reverse=me().may("reversal.post", place.id),
        attach_href=url_for("catalogue.list_", attach="") if me().may("catalogue.write") else None,
    )


TRIAL_TEXT = "TEST-AZQWMY/0123456789:.azqwm"
"""What the trial code of the scanner page says: characters that keyboards lay on different keys, in both cases."""
TRIAL_GS1 = "10TEST\x1d17301231"
"""A maker's code with the separator that scanners lose most often."""


@pages.get("/station/scanner")
@login_required
def scanner() -> str:
    """What a keyboard scanner sends, and whether it is set right; the page finds out by itself."""
    require_somewhere(me(), "stock.read")
    trials = [(name, text, codes.svg(text)) for name, text in (("text", TRIAL_TEXT), ("gs1", TRIAL_GS1))]
    return render_template("scanning/scanner.html", trials=trials)


@pages.get("/station/lookup")
@login_required
def look_up() -> str:
    """What a code is, where it lies, how much of it, and what moved lately. Changes nothing."""
    require_somewhere(me(), "stock.read")
    place = _place(is_reading=True)
    if place is None:
        return render_template("scanning/closed.html", places=own_warehouses())
    return render_template(
        "scanning/lookup.html",
        place=place,
        intents=intents(place, "lookup"),
        kinds={**{kind: word_of(kind).title for kind in WORDS}, **PLACE_KINDS},
        reasons=TOLD_BY_DEVICE,
        labels_way=asked.way("labels.sheet", search="") if me().may("label.print", place.id) else None,
    )


@pages.get("/station/count")
@login_required
def count() -> Response | str:
    """A place is counted blind; the difference is told once it is handed in."""
    require_somewhere(me(), "stock.read")
    place = _place()
    if place is None or not me().may("count.write", place.id):
        return render_template("scanning/closed.html", places=own_warehouses())
    return render_template(
        "scanning/count.html",
        place=place,
        intents=intents(place, "count"),
        reasons=TOLD_BY_DEVICE,
        may_adjust=me().may("adjustment.post", place.id),
        attach_href=url_for("catalogue.list_", attach="") if me().may("catalogue.write") else None,
    )


def intents(place: Place, current: str) -> list[dict[str, Any]]:
    """All that one may do at the station of a warehouse, what one does now marked."""
    known = [(kind, word_of(kind).act, word_of(kind).icon, _way(place, kind)) for kind in _kinds(place)]
    if me().may("count.write", place.id):
        known.append(("count", _("Count a place"), "adjust", url_for("scanning.count", warehouse=place.code)))
    known.append(("lookup", _("Look up"), "search", url_for("scanning.look_up", warehouse=place.code)))
    return [
        {"label": word, "icon": icon, "href": href, "is_current": name == current} for name, word, icon, href in known
    ]


def _kinds(place: Place) -> list[str]:
    return [kind for kind in KINDS if me().may(f"{kind}.post", place.id)]


def _way(place: Place, kind: str) -> str:
    return url_for("scanning.station", kind=kind, warehouse=place.code)


@pages.get("/station/waiting")
@login_required
def waiting() -> str:
    """What waits on the device one holds; the house knows nothing of it, the device fills the page."""
    kinds = [(kind, word_of(kind).title) for kind in KINDS]
    kinds += [("slip", _("Slip to regularise")), ("count", _("Count of a place"))]
    return render_template("scanning/waiting.html", kinds=kinds)


def _labels_way(kind: str, place: Place) -> str | None:
    """Where the labels of what a paper brought in are printed; the station adds the paper."""
    is_needed = kind in ("receipt", "return") and me().may("label.print", place.id)
    return url_for("labels.sheet", document="") if is_needed else None


def _place(*, is_reading: bool = False) -> Place | None:
    """The warehouse that is named, or the one the person is in, or the first in which he may post, or that he sees."""
    may_post = [] if is_reading else [place for kind in KINDS for place in own_warehouses(f"{kind}.post")]
    mine = sorted(may_post or own_warehouses(), key=lambda place: place.is_practice)  # practice only when asked for
    here = current_warehouse()
    wanted = (request.args.get("warehouse"), here.code if here else None)
    found = next((place for code in wanted for place in mine if place.code == code), None)
    return found or (mine[0] if mine else None)


def _party(kind: str, place: Place) -> dict[str, Any] | None:
    """The other side, as the station asks for it."""
    form = FORMS[kind]
    if not form.party:
        return None
    if form.party in ("service", "supplier"):
        label = _("Service") if form.party == "service" else _("Supplier")
        search = f"{request.script_root}/{form.party}s/options"
        return {"side": form.side, "key": form.party, "label": label, "search": search}
    options = [(one.code, named(one) or one.code) for one in listed_parties(form.party, place)]
    label = _("To which warehouse") if form.party == "warehouse" else _("Reason")
    return {"side": form.side, "key": form.party, "label": label, "options": options}
