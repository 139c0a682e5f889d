"""`/sandbox/requests`: how often this server was asked for what; no part of the API."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from ..sign_in.accounts import allow_anyone
from ..web.request_counts import RequestCounts


def make_blueprint(counts: RequestCounts) -> Blueprint:
    """Return the route that shows the counters; they hold no secrets, and it needs no token."""
    blueprint = Blueprint("requests", __name__)

    @blueprint.get("/sandbox/requests")
    @allow_anyone
    def list_counts() -> list[dict[str, Any]]:
        return counts.describe()

    return blueprint
