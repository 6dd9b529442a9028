"""The room that the pages of stock belong to."""

from flask import Blueprint

pages = Blueprint("stock", __name__)
