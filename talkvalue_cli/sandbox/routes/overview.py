"""`/path/overview`: the figures of an organization (section 13)."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint

from ..analytics import overview
from ..web import timestamps
from ..web.problems import refuse_fields
from ..web.query import accept_query, read_id, read_text
from .request_store import RequestStore


def _read_zone() -> ZoneInfo:
    zone = timestamps.find_zone(read_text("timeZone") or "UTC")
    if zone is None:
        raise refuse_fields([("timeZone", "must be an IANA time zone such as Europe/Berlin")])
    return zone


def make_blueprint(store: RequestStore) -> Blueprint:
    """Return the routes of the overview, reading from `store`."""
    blueprint = Blueprint("overview", __name__)

    @blueprint.get("/path/overview")
    @accept_query("timeZone", "tagId")
    def show_overview() -> dict[str, Any]:
        zone, tag_id = _read_zone(), read_id("tagId")
        with store.read() as tx:
            return overview.describe_overview(tx, tag_id, zone)

    @blueprint.get("/path/overview/stats")
    @accept_query("timeZone")
    def show_stats() -> dict[str, Any]:
        zone = _read_zone()
        with store.read() as tx:
            return overview.describe_stats(tx, zone)

    return blueprint
