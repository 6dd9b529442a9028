"""The room that the pages of the catalogue belong to."""

from flask import Blueprint

pages = Blueprint("catalogue", __name__)
