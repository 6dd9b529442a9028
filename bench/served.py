"""What gunicorn serves during a run: the house, and beside it an empty Flask application with one JSON route."""

from __future__ import annotations

from flask import Flask, Response, jsonify
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from wsgi import app as house

empty = Flask("empty")


@empty.get("/route")
def route() -> Response:
    """The least that Flask can answer."""
    return jsonify({"is_empty": True})


app = DispatcherMiddleware(house.wsgi_app, {"/empty": empty})
