"""The commune's arms: taken in, drawn small, shown at sign-in and at the head of papers."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import login_required

from inventory import access, clock, pictures, settings
from inventory.database import transaction
from inventory.errors import Refusal, fault
from inventory.web.asked import me
from inventory.web.downloads import picture
from inventory.web.settings.decisions import settings_page
from inventory.web.settings.room import Answer, day_of_effect, pages
from inventory.web.typed import Typed

WHY = {
    "large": _l("This file is larger than 6 MB: choose a smaller picture."),
    "kind": _l("This is not a picture we read: choose a PNG, JPEG or WebP."),
    "pixels": _l("This picture has more than 25 million points: choose a smaller one."),
    "broken": _l("This picture is damaged: choose another copy."),
}


@pages.post("/settings/arms")
@login_required
def decide_arms() -> Answer:
    """Keeps a picture as the commune's arms from a day on, or takes them away."""
    access.require(me(), "settings.write")
    typed = Typed({"arms_on": request.form.get("arms_on", "")})
    try:
        effective_on = day_of_effect(typed, "arms_on")
        chosen = None if request.form.get("remove") else _chosen(typed)
        typed.settle()
        with transaction():
            settings.decide_arms(chosen, effective_on=effective_on, at=clock.now(), by=me())
    except Refusal as refusal:
        return settings_page(arms=typed, status=typed.refuse(refusal))
    flash(_("The arms are kept.") if chosen else _("The arms are taken away."), "posted")
    return redirect(url_for("settings.show"))  # type: ignore[return-value]


def _chosen(typed: Typed) -> bytes:
    """What was sent, as a small PNG; a picture that cannot be used is a fault of its field."""
    file = request.files.get("arms")
    try:
        return pictures.emblem(file.read(pictures.LARGEST_BYTES + 1) if file else b"")
    except pictures.NotAPicture as problem:
        typed.faults.append(fault("/arms", problem.reason, WHY[problem.reason]))
        return b""


@pages.get("/arms/<digest>.png")
def arms(digest: str) -> Response:
    """The picture, for everybody: it stands where people sign in. Its address is its digest, so it is kept for ever."""
    content = settings.emblem(digest)
    if content is None:
        abort(404)
    return picture(content, "image/png", digest, is_public=True)
