"""Endpoints of analysis; the names of parameters that repeat are plural here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from talkvalue_cli.api import models
from talkvalue_cli.api.analysis_shapes import Attribution, Insights, Overlap, Trend

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client


def get_attribution(
    client: Client, channel_id: int, *, event_ids: Sequence[int] = (), tag_id: int | None = None
) -> Attribution:
    """`GET /path/analysis/channel/{channelId}/attribution`: which events brought its people."""
    answer = client.get(
        f"/path/analysis/channel/{channel_id}/attribution",
        {"eventIds": list(event_ids), "tagId": tag_id},
    )
    found = models.check_object(
        answer.value, answer.request, channel=dict, events=list, metrics=dict
    )
    return cast(Attribution, found)


def get_overlap(client: Client, channel_ids: Sequence[int]) -> Overlap:
    """`GET /path/analysis/channel/audience`: who is in several of 2 to 5 channels."""
    answer = client.get("/path/analysis/channel/audience", {"channelIds": list(channel_ids)})
    found = models.check_object(
        answer.value, answer.request, channels=list, intersections=list, metrics=dict
    )
    return cast(Overlap, found)


def get_insights(client: Client, *, tag_id: int | None = None) -> Insights:
    """`GET /path/analysis/event/insights`: what stands out in the events."""
    answer = client.get("/path/analysis/event/insights", {"tagId": tag_id})
    return cast(Insights, models.check_object(answer.value, answer.request))


def get_trend(client: Client, *, tag_id: int | None = None) -> Trend:
    """`GET /path/analysis/event/registration-trend`: new and returning people per event."""
    answer = client.get("/path/analysis/event/registration-trend", {"tagId": tag_id})
    found = models.check_object(answer.value, answer.request, events=list, summary=dict)
    return cast(Trend, found)
