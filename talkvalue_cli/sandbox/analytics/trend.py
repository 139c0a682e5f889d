"""Who came to events for the first time and who again (sections 13 and 14).

All figures are about a list of events, oldest first. A person is net new at the first of them
that has the person, and returning at the others.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..db.store import Transaction
from ..people import tags

DIGITS = 4
#: in the order of section 14
SUMMARY = (
    "uniqueAudience", "latestTotal", "latestNetNewRate", "returnRate", "latestName", "totalDelta",
    "netNewRateDelta", "returnRateDelta",
)  # fmt: skip

EVENTS_SQL = """SELECT id, name, start_at FROM events WHERE organization_id = ?
    {condition} ORDER BY start_at, id"""
TAGGED_SQL = "AND id IN (SELECT source_id FROM tag_sources WHERE tag_id = ?)"
# json_each numbers the events in their order; each person counts at the smallest number.
FIRST_SQL = """SELECT first, COUNT(*) FROM (
        SELECT MIN(scope.key) AS first FROM json_each(?) AS scope
        JOIN event_people ON event_id = scope.value GROUP BY person_id)
    GROUP BY first"""
TOTAL_SQL = """SELECT scope.key, COUNT(*) FROM json_each(?) AS scope
    JOIN event_people ON event_id = scope.value GROUP BY scope.key"""
VISITS_SQL = """SELECT COUNT(*), COALESCE(SUM(visits > 1), 0), COALESCE(SUM(visits), 0) FROM (
    SELECT COUNT(*) AS visits FROM json_each(?) AS scope
    JOIN event_people ON event_id = scope.value GROUP BY person_id)"""


@dataclass(frozen=True)
class EventFigures:
    """One event: how many people it had, and how many of them for the first time."""

    id: int
    name: str
    start_at: str
    total: int
    net_new: int

    @property
    def rate(self) -> float:
        """The share of net new people, 0 for an event without any."""
        return self.net_new / self.total if self.total else 0.0


@dataclass(frozen=True)
class Visits:
    """All events together: different people, those who came twice or more, registrations."""

    people: int
    returning: int
    registrations: int

    @property
    def return_rate(self) -> float | None:
        """The share of people who came again; None without people."""
        return self.returning / self.people if self.people else None


def list_events(tx: Transaction, tag_id: int | None) -> list[sqlite3.Row]:
    """Return the events in scope, oldest first; raises the 404 of an unknown tag."""
    if tag_id is None:
        sql, values = EVENTS_SQL.format(condition=""), (tx.organization_id,)
        return tx.execute(sql, values).fetchall()
    tags.find_tag(tx, tag_id)
    sql = EVENTS_SQL.format(condition=TAGGED_SQL)
    return tx.execute(sql, (tx.organization_id, tag_id)).fetchall()


def _encode(events: Sequence[sqlite3.Row]) -> tuple[str]:
    return (json.dumps([event["id"] for event in events]),)


def count_events(tx: Transaction, events: Sequence[sqlite3.Row]) -> list[EventFigures]:
    """Return the figures of each event."""
    first = dict(tx.execute(FIRST_SQL, _encode(events)).fetchall())
    total = dict(tx.execute(TOTAL_SQL, _encode(events)).fetchall())
    return [
        EventFigures(
            event["id"], event["name"], event["start_at"], total.get(place, 0), first.get(place, 0)
        )
        for place, event in enumerate(events)
    ]


def count_visits(tx: Transaction, events: Sequence[sqlite3.Row]) -> Visits:
    """Return the figures of all events together."""
    return Visits(*tx.execute(VISITS_SQL, _encode(events)).fetchone())


def round_rate(rate: float) -> float:
    """Return a rate, from 0 to 1, as it travels."""
    return round(float(rate), DIGITS)


def make_delta(now: float | None, before: float | None) -> dict[str, Any] | None:
    """Return a Delta: by how much a figure has grown; None when there is nothing to compare."""
    if now is None or before is None:
        return None
    value = round_rate(now - before)
    return {"value": value, "trend": "UP" if value > 0 else "DOWN" if value < 0 else "FLAT"}


def _compare(
    latest: EventFigures | None, before: EventFigures | None, figure: str
) -> dict[str, Any] | None:
    if latest is None or before is None:
        return None
    return make_delta(getattr(latest, figure), getattr(before, figure))


def describe_growth(figures: Sequence[EventFigures], visits: Visits) -> dict[str, Any]:
    """Return what the latest event brought, compared with the one before it."""
    latest = figures[-1] if figures else None
    before = figures[-2] if len(figures) > 1 else None
    return {
        "uniqueAudience": visits.people,
        "latestTotal": latest.total if latest else 0,
        "latestNetNewRate": round_rate(latest.rate) if latest else 0.0,
        "totalDelta": _compare(latest, before, "total"),
        "netNewRateDelta": _compare(latest, before, "rate"),
    }


def describe_retention(
    tx: Transaction, events: Sequence[sqlite3.Row], visits: Visits
) -> dict[str, Any]:
    """Return how many people come again, and what the latest event did to their share."""
    rate = visits.return_rate
    before = count_visits(tx, events[:-1]).return_rate
    return {
        "returnRate": None if rate is None else round_rate(rate),
        "returnRateDelta": make_delta(rate, before),
    }


def describe_trend(tx: Transaction, events: Sequence[sqlite3.Row]) -> dict[str, Any]:
    """Return the registration trend as it travels."""
    figures = count_events(tx, events)
    visits = count_visits(tx, events)
    summary = {
        **describe_growth(figures, visits),
        **describe_retention(tx, events, visits),
        "latestName": figures[-1].name if figures else None,
    }
    return {
        "events": [
            {
                "id": event.id,
                "name": event.name,
                "startAt": event.start_at,
                "total": event.total,
                "netNew": event.net_new,
                "returning": event.total - event.net_new,
                "netNewRate": round_rate(event.rate),
                "returningRate": round_rate(1 - event.rate) if event.total else 0.0,
            }
            for event in figures
        ],
        "summary": {name: summary[name] for name in SUMMARY},
    }
