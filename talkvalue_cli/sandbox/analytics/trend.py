"""Who came to events for the first time and who again (sections 13 and 14).

All figures are about a list of events, oldest first. A person is net new at the first of them
that has the person, and returning at the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..db.store import Transaction
from ..people import tags
from ..web.answers import pick

DIGITS = 4
#: in the order of section 14
SUMMARY = (
    "uniqueAudience", "latestTotal", "latestNetNewRate", "returnRate", "latestName", "totalDelta",
    "netNewRateDelta", "returnRateDelta",
)  # fmt: skip

EVENTS_SQL = """
    WITH scope AS (
        SELECT id, name, start_at FROM events WHERE organization_id = ?1
        AND (?2 IS NULL OR id IN (SELECT source_id FROM tag_sources WHERE tag_id = ?2))),
    visits AS (
        SELECT event_id, ROW_NUMBER() OVER (PARTITION BY person_id ORDER BY start_at, id) AS number
        FROM scope JOIN event_people ON event_id = id)
    SELECT id, name, start_at, COUNT(number) AS total, COUNT(number) FILTER (WHERE number = 1)
        AS net_new, COUNT(number) FILTER (WHERE number = 2) AS second_time
    FROM scope LEFT JOIN visits ON event_id = id GROUP BY id ORDER BY start_at, id"""


@dataclass(frozen=True)
class Event:
    """One event: how many people it had, and how many of them for the first and second time."""

    id: int
    name: str
    start_at: str
    total: int
    net_new: int
    second_time: int

    @property
    def rate(self) -> float:
        """The share of net new people, 0 for an event without any."""
        return divide(self.net_new, self.total)


def list_events(tx: Transaction, tag_id: int | None) -> list[Event]:
    """Return the events in scope, oldest first; raises the 404 of an unknown tag."""
    if tag_id is not None:
        tags.find_tag(tx, tag_id)
    return [Event(*row) for row in tx.execute(EVENTS_SQL, (tx.organization_id, tag_id))]


def divide(part: float, whole: float) -> float:
    """Return a share, 0 of nothing."""
    return part / whole if whole else 0.0


def round_rate(rate: float) -> float:
    """Return a rate, from 0 to 1, as it travels."""
    return round(float(rate), DIGITS)


def count_people(events: Sequence[Event]) -> int:
    """Return how many different people came to events."""
    return sum(event.net_new for event in events)


def _find_return_rate(events: Sequence[Event]) -> float | None:
    """Return the share of people who came again; None without people."""
    people = count_people(events)
    return sum(event.second_time for event in events) / people if people else None


def _make_delta(now: float | None, before: float | None) -> dict[str, Any] | None:
    """Return a Delta: by how much a figure has grown; None when there is nothing to compare."""
    if now is None or before is None:
        return None
    value = round_rate(now - before)
    return {"value": value, "trend": "UP" if value > 0 else "DOWN" if value < 0 else "FLAT"}


def describe_growth(events: Sequence[Event]) -> dict[str, Any]:
    """Return what the latest event brought, compared with the one before it."""
    latest = events[-1] if events else None
    before = events[-2] if len(events) > 1 else None
    return {
        "uniqueAudience": count_people(events),
        "latestTotal": latest.total if latest else 0,
        "latestNetNewRate": round_rate(latest.rate) if latest else 0.0,
        "totalDelta": latest and before and _make_delta(latest.total, before.total),
        "netNewRateDelta": latest and before and _make_delta(latest.rate, before.rate),
    }


def describe_retention(events: Sequence[Event]) -> dict[str, Any]:
    """Return how many people come again, and what the latest event did to their share."""
    rate = _find_return_rate(events)
    return {
        "returnRate": None if rate is None else round_rate(rate),
        "returnRateDelta": _make_delta(rate, _find_return_rate(events[:-1])),
    }


def describe_trend(events: Sequence[Event]) -> dict[str, Any]:
    """Return the registration trend as it travels."""
    latest = {"latestName": events[-1].name if events else None}
    summary = {**describe_growth(events), **describe_retention(events), **latest}
    return {
        "events": [
            {
                **pick(vars(event), "id name startAt total netNew"),
                "returning": event.total - event.net_new,
                "netNewRate": round_rate(event.rate),
                "returningRate": round_rate(divide(event.total - event.net_new, event.total)),
            }
            for event in events
        ],
        "summary": {name: summary[name] for name in SUMMARY},
    }
