"""Endpoints of the overview."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from talkvalue_cli.api import models
from talkvalue_cli.api.analysis_shapes import Overview, OverviewStats

if TYPE_CHECKING:  # importing requests takes longer than everything else together
    from talkvalue_cli.transport.client import Client


def get_overview(
    client: Client, *, time_zone: str | None = None, tag_id: int | None = None
) -> Overview:
    """`GET /path/overview`.

    time_zone: IANA name; decides when a month begins.
    """
    answer = client.get("/path/overview", {"timeZone": time_zone, "tagId": tag_id})
    return cast(Overview, models.check_object(answer.value, answer.request, peopleCount=int))


def get_stats(client: Client, *, time_zone: str | None = None) -> OverviewStats:
    """`GET /path/overview/stats`."""
    answer = client.get("/path/overview/stats", {"timeZone": time_zone})
    return cast(OverviewStats, models.check_object(answer.value, answer.request, totalPeople=int))
