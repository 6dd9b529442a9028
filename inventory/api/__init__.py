"""The JSON door: ``/api/v1``, OpenAPI, problem+json."""

from __future__ import annotations

from flask import Flask


def join(app: Flask) -> None:
    """Opens this door."""
