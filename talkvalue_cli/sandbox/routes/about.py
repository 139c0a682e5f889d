"""About this server: its description, and how often it was asked for what.

The counters are no part of the API. Neither holds a secret, and neither needs a token.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from ..openapi import document
from ..sign_in.accounts import allow_anyone
from ..web.request_counts import RequestCounts


def make_blueprint(counts: RequestCounts) -> Blueprint:
    """Return the routes of both."""
    blueprint = Blueprint("about", __name__)
    described = document.make_document()

    @blueprint.get("/openapi.json")
    @allow_anyone
    def show_description() -> dict[str, Any]:
        return described

    @blueprint.get("/sandbox/requests")
    @allow_anyone
    def list_counts() -> list[dict[str, Any]]:
        return counts.describe()

    return blueprint
