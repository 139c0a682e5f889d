"""What travels on the wire about figures, keys spelled as the server spells them.

As in `shapes`, every shape may hold more keys than are named here.
"""

from __future__ import annotations

from typing import Any, TypedDict


class Delta(TypedDict, total=False):
    """By how much a figure changed; the trend is UP, DOWN or FLAT."""

    value: float
    trend: str


class Growth(TypedDict, total=False):
    """How the latest event compares with the one before."""

    uniqueAudience: int
    latestTotal: int
    latestNetNewRate: float
    totalDelta: Delta | None
    netNewRateDelta: Delta | None


class Retention(TypedDict, total=False):
    """Who comes back."""

    returnRate: float | None
    returnRateDelta: Delta | None
    avgEventsPerPerson: float


class Overview(TypedDict, total=False):
    """Answer of `GET /path/overview`."""

    eventCount: int
    peopleCount: int
    channelCount: int
    newPeopleThisMonth: int
    totalCompanies: int
    diversification: dict[str, Any]
    growth: Growth
    retention: Retention


class OverviewStats(TypedDict, total=False):
    """Answer of `GET /path/overview/stats`."""

    totalPeople: int
    newPeopleThisMonth: int
    totalChannels: int
    totalEvents: int
    totalCompanies: int
    topChannels: list[dict[str, Any]]
    latestTrend: list[dict[str, Any]]


class Attribution(TypedDict, total=False):
    """Answer of `GET /path/analysis/channel/{channelId}/attribution`."""

    channel: dict[str, Any]
    events: list[dict[str, Any]]
    metrics: dict[str, Any]


class Overlap(TypedDict, total=False):
    """Answer of `GET /path/analysis/channel/audience`."""

    channels: list[dict[str, Any]]
    intersections: list[dict[str, Any]]
    metrics: dict[str, Any]


class Insights(TypedDict, total=False):
    """Answer of `GET /path/analysis/event/insights`; each signal may be absent or null."""

    limitedData: dict[str, Any] | None
    audienceMix: dict[str, Any] | None
    reachMomentum: dict[str, Any] | None
    standout: dict[str, Any] | None
    acquisitionDrop: dict[str, Any] | None
    concentrationRisk: dict[str, Any] | None


class Trend(TypedDict, total=False):
    """Answer of `GET /path/analysis/event/registration-trend`."""

    events: list[dict[str, Any]]
    summary: dict[str, Any]
