"""What lets a device keep the stores when there is no network: its worker, its manifest, the page of last resort."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, current_app, g, jsonify, render_template, request, send_file, url_for
from flask_babel import gettext as _

from inventory import languages
from inventory.web.frame import asset, commune

pages = Blueprint("device", __name__)
ICONS = (
    ("icon-192.png", "192x192", "any"),
    ("icon-512.png", "512x512", "any"),
    ("maskable-512.png", "512x512", "maskable"),
)


@pages.get("/sw.js")
def worker() -> Response:
    """The service worker, at the root so that it serves every page; browsers ask for it again at each visit."""
    built = Path(current_app.static_folder or "") / Path(asset("worker.js")).name
    response = send_file(built, mimetype="text/javascript", conditional=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


@pages.get("/manifest.webmanifest")
def manifest() -> Response:
    """What the device shows of us among its applications; in the language of the page that names it."""
    language = request.args.get("language", "")
    if language in current_app.config["LANGUAGES"]:
        g.language = language
    language = languages.language()
    home = commune()
    name = home["name_ar" if language == "ar" else "name_fr"]
    response = jsonify(
        id=url_for("home.show"),
        name=f"{_('Stores')} – {name}",
        short_name=_("Stores"),
        lang=language,
        dir="rtl" if language == "ar" else "ltr",
        start_url=url_for("scanning.station"),
        scope=url_for("home.show"),
        display="standalone",
        background_color="#ffffff",
        theme_color="#0a5880",
        icons=[
            {"src": asset(icon), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for icon, sizes, purpose in ICONS
        ],
    )
    response.mimetype = "application/manifest+json"
    response.headers["Cache-Control"] = "no-cache"
    return response


@pages.get("/offline")
def offline() -> str:
    """What the worker shows for a page that is not on the device. Public: it says nothing of anybody."""
    return render_template("scanning/offline.html")
