"""The first page: what needs me now."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_login import login_required

pages = Blueprint("home", __name__)


@pages.get("/")
@login_required
def show() -> str:
    return render_template("home/show.html")


@pages.get("/more")
@login_required
def more() -> str:
    """The rest of the navigation, for a phone without scripts."""
    return render_template("home/more.html")
