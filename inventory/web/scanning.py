"""The station: scan the place, then the goods, post. The page brings what it needs; the station talks to the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from inventory import clock, settings
from inventory.access import require_somewhere
from inventory.scanning import REASONS
from inventory.web.documents.desk import me, word_of
from inventory.web.documents.page import listed_parties
from inventory.web.documents.sheet import FORMS
from inventory.web.frame import Place, current_warehouse, named, own_warehouses, shows

pages = Blueprint("scanning", __name__)
KINDS = ("issue", "receipt", "move", "return", "transfer", "write_off")
"""What is done with a scanner in the hand; the other kinds are written at the desk."""


@pages.get("/station")
@login_required
def station() -> Response | str:
    require_somewhere(me(), "stock.read")
    place = _place()
    kinds = [kind for kind in KINDS if place and me().may(f"{kind}.post", place.id)]
    if place is None or not kinds:
        return render_template("scanning/closed.html", places=own_warehouses(), may_post=bool(place))
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
        intents=[
            {
                "label": word_of(one).act,
                "icon": word_of(one).icon,
                "href": url_for("scanning.station", kind=one, warehouse=place.code),
                "is_current": one == kind,
            }
            for one in kinds
        ],
        party=_party(kind, place),
        origin="purchase" if kind == "receipt" else "",
        reasons={name: REASONS[name] for name in ("damaged_code", "several_items")},
        labels_way=_labels_way(kind, place),
        attach_href=url_for("catalogue.list_", attach="") if me().may_somewhere("catalogue.write") else None,
    )


@pages.get("/station/waiting")
@login_required
def waiting() -> str:
    """What waits on the device one holds; the house knows nothing of it, the device fills the page."""
    return render_template("scanning/waiting.html", kinds=[(kind, word_of(kind).title) for kind in KINDS])


def _labels_way(kind: str, place: Place) -> str | None:
    """Where the labels of what a paper brought in are printed; the station adds the paper."""
    is_needed = kind in ("receipt", "return") and me().may("label.print", place.id)
    return url_for("labels.sheet", document="") if is_needed else None


def _place() -> Place | None:
    """The warehouse that is named, or the one the person is in, or the first in which he may post, or that he sees."""
    may_post = [place for kind in KINDS for place in own_warehouses(f"{kind}.post")]
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
