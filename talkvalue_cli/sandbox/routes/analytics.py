"""`/path/overview` and `/path/analysis`: figures (sections 13 and 14)."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, request

from ..analytics import attribution, audience, insights, overview, trend
from ..people.sources import CHANNEL, find_source
from ..web import timestamps
from ..web.problems import refuse_fields
from ..web.query import accept_query, read_id, read_ids, read_text
from .request_store import RequestStore


def _read_zone() -> ZoneInfo:
    zone = timestamps.find_zone(read_text("timeZone") or "UTC")
    if zone is None:
        raise refuse_fields([("timeZone", "must be an IANA time zone such as Europe/Berlin")])
    return zone


def _read_channel_ids() -> list[int]:
    name = "channelIds"
    ids = read_ids(name)
    if not audience.FEWEST_CHANNELS <= len(ids) <= audience.MOST_CHANNELS:
        limits = f"{audience.FEWEST_CHANNELS} to {audience.MOST_CHANNELS}"
        raise refuse_fields([(name, f"must be given {limits} times")])
    if len(set(ids)) < len(ids):
        raise refuse_fields([(name, "must not repeat a channel")])
    return ids


def make_blueprint(store: RequestStore) -> Blueprint:
    """Return the routes of figures, reading from `store`."""
    blueprint = Blueprint("analytics", __name__)

    @blueprint.get("/path/analysis/channel/<id:channel_id>/attribution")
    @accept_query("tagId", repeatable=("eventIds",))
    def show_attribution(channel_id: int) -> dict[str, Any]:
        """Events and tag together choose the events that both name."""
        event_ids, tag_id = read_ids("eventIds"), read_id("tagId")
        with store.read() as tx:
            channel = find_source(tx, CHANNEL, channel_id)
            events = trend.list_events(tx, tag_id)
            if "eventIds" in request.args:
                attribution.check_events(tx, event_ids)
                events = attribution.choose_events(events, event_ids)
            return attribution.describe_attribution(tx, channel, events)

    @blueprint.get("/path/analysis/channel/audience")
    @accept_query(repeatable=("channelIds",))
    def show_audience() -> dict[str, Any]:
        channel_ids = _read_channel_ids()
        with store.read() as tx:
            channels = [find_source(tx, CHANNEL, channel_id) for channel_id in channel_ids]
            return audience.describe_overlap(tx, channels)

    @blueprint.get("/path/analysis/event/registration-trend")
    @accept_query("tagId")
    def show_trend() -> dict[str, Any]:
        tag_id = read_id("tagId")
        with store.read() as tx:
            events = trend.list_events(tx, tag_id)
            return trend.describe_trend(tx, events)

    @blueprint.get("/path/analysis/event/insights")
    @accept_query("tagId")
    def show_insights() -> dict[str, Any]:
        tag_id = read_id("tagId")
        with store.read() as tx:
            events = trend.list_events(tx, tag_id)
            return insights.describe_insights(trend.count_events(tx, events))

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
