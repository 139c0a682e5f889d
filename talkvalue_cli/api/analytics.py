"""Endpoints of overviews and analyses; the names of parameters that repeat are plural here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from talkvalue_cli.api import models
from talkvalue_cli.api.models import Record

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client


def get_overview(
    client: Client, *, time_zone: str | None = None, tag_id: int | None = None
) -> Record:
    """`GET /path/overview`.

    time_zone: IANA name; decides when a month begins.
    """
    answer = client.get("/path/overview", {"timeZone": time_zone, "tagId": tag_id})
    return models.read_object(answer, peopleCount=object)


def get_stats(client: Client, *, time_zone: str | None = None) -> Record:
    """`GET /path/overview/stats`."""
    answer = client.get("/path/overview/stats", {"timeZone": time_zone})
    return models.read_object(answer, totalPeople=object)


def get_attribution(
    client: Client, channel_id: int, *, event_ids: Sequence[int] = (), tag_id: int | None = None
) -> Record:
    """`GET /path/analysis/channel/{channelId}/attribution`: which events brought its people."""
    path = f"/path/analysis/channel/{channel_id}/attribution"
    answer = client.get(path, {"eventIds": list(event_ids), "tagId": tag_id})
    return models.read_object(answer, channel=object, events=object, metrics=object)


def get_overlap(client: Client, channel_ids: Sequence[int]) -> Record:
    """`GET /path/analysis/channel/audience`: who is in several of 2 to 5 channels."""
    answer = client.get("/path/analysis/channel/audience", {"channelIds": list(channel_ids)})
    return models.read_object(answer, channels=object, intersections=object, metrics=object)


def get_insights(client: Client, *, tag_id: int | None = None) -> Record:
    """`GET /path/analysis/event/insights`: what stands out; each signal may be absent or null."""
    return models.read_object(client.get("/path/analysis/event/insights", {"tagId": tag_id}))


def get_trend(client: Client, *, tag_id: int | None = None) -> Record:
    """`GET /path/analysis/event/registration-trend`: new and returning people per event."""
    answer = client.get("/path/analysis/event/registration-trend", {"tagId": tag_id})
    return models.read_object(answer, events=object, summary=object)
