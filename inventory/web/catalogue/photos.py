"""The photo of an item: taken in, drawn small, handed out."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import login_required

from inventory import access, catalogue, clock, pictures
from inventory.catalogue import Photo
from inventory.database import db, transaction
from inventory.web import asked
from inventory.web.catalogue.items import item_page
from inventory.web.catalogue.room import pages
from inventory.web.downloads import picture


@pages.post("/catalogue/photo/<path:code>")
@login_required
def take_photo(code: str) -> Response | tuple[str, int]:
    """Keeps a photo of an item, or takes it away."""
    access.require(asked.me(), "catalogue.write")
    item = catalogue.get_item(code)
    content = None
    if not request.form.get("remove"):
        file = request.files.get("photo")
        try:
            content = pictures.small(file.read(pictures.LARGEST_BYTES + 1) if file else b"")
        except pictures.NotAPicture as problem:
            return item_page(item, [{"field": "photo", "message": str(pictures.WHY[problem.reason])}]), 422
    with transaction():
        item = catalogue.get_item(code)
        with catalogue.noted(item, by=asked.me(), at=clock.now()):
            catalogue.set_photo(item, content, media_type=pictures.MEDIA_TYPE)
    flash(_("The photo is kept.") if content else _("The photo is taken away."), "posted")
    return redirect(url_for("catalogue.show", code=code))  # type: ignore[return-value]


@pages.get("/catalogue/photo/<path:code>")
@login_required
def photo(code: str) -> Response:
    """The picture."""
    access.require_somewhere(asked.me(), "catalogue.read")
    kept = db.session.get(Photo, catalogue.get_item(code).id)
    if kept is None:
        abort(404)
    return picture(kept.content, kept.media_type, kept.digest)
