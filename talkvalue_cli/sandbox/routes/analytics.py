"""`/path/overview` and `/path/analysis`: figures (sections 13 and 14)."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import request

from ..analytics import channels, insights, overview, trend
from ..db.store import Transaction
from ..people.sources import CHANNEL, find_source
from ..web import timestamps
from ..web.problems import refuse_fields
from ..web.query import read_id, read_ids, read_text
from .operations import Operations

ANALYTICS = Operations()


def _read_zone() -> ZoneInfo:
    zone = timestamps.find_zone(read_text("timeZone") or "UTC")
    if zone is None:
        raise refuse_fields([("timeZone", "must be an IANA time zone such as Europe/Berlin")])
    return zone


def _read_channel_ids() -> list[int]:
    name = "channelIds"
    ids = read_ids(name)
    if not channels.FEWEST_CHANNELS <= len(ids) <= channels.MOST_CHANNELS:
        limits = f"{channels.FEWEST_CHANNELS} to {channels.MOST_CHANNELS}"
        raise refuse_fields([(name, f"must be given {limits} times")])
    if len(set(ids)) < len(ids):
        raise refuse_fields([(name, "must not repeat a channel")])
    return ids


@ANALYTICS.add("GET /path/overview", "Overview", 404, query=("timeZone", "tagId"))
def show_overview(tx: Transaction) -> dict[str, Any]:
    """All figures."""
    return overview.describe_overview(tx, zone=_read_zone(), tag_id=read_id("tagId"))


@ANALYTICS.add("GET /path/overview/stats", "OverviewStats", query=("timeZone",))
def show_stats(tx: Transaction) -> dict[str, Any]:
    """The main figures."""
    return overview.describe_stats(tx, _read_zone())


@ANALYTICS.add(
    "GET /path/analysis/channel/{channelId}/attribution",
    "Attribution",
    404,
    query=("eventIds", "tagId"),
)
def show_attribution(tx: Transaction, channel_id: int) -> dict[str, Any]:
    """What a channel brought to events.

    Events and tag together choose the events that both name.
    """
    event_ids, tag_id = read_ids("eventIds"), read_id("tagId")
    channel = find_source(tx, CHANNEL, channel_id)
    events = trend.list_events(tx, tag_id)
    if "eventIds" in request.args:
        channels.check_events(tx, event_ids)
        events = [event for event in events if event.id in event_ids]
    return channels.describe_attribution(tx, channel, events)


@ANALYTICS.add("GET /path/analysis/channel/audience", "Overlap", 404, query=("channelIds",))
def show_audience(tx: Transaction) -> dict[str, Any]:
    """How channels overlap."""
    found = [find_source(tx, CHANNEL, channel_id) for channel_id in _read_channel_ids()]
    return channels.describe_overlap(tx, found)


@ANALYTICS.add("GET /path/analysis/event/insights", "Insights", 404, query=("tagId",))
def show_insights(tx: Transaction) -> dict[str, Any]:
    """What stands out among events."""
    return insights.describe_insights(trend.list_events(tx, read_id("tagId")))


@ANALYTICS.add("GET /path/analysis/event/registration-trend", "Trend", 404, query=("tagId",))
def show_trend(tx: Transaction) -> dict[str, Any]:
    """New and returning people of events."""
    return trend.describe_trend(trend.list_events(tx, read_id("tagId")))
