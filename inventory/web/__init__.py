"""The HTML door: pages for people."""

from __future__ import annotations

from flask import Flask


def join(app: Flask) -> None:
    """Opens this door."""
