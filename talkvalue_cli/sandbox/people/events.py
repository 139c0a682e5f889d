"""Events in the database (section 10)."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from zoneinfo import ZoneInfo, available_timezones

from ..web import timestamps
from ..web.fields import Fields, read_json_object
from ..web.problems import Problem
from . import tags

MAX_NAME = 200
MAX_LOCATION = 200
MAX_TIME = 100

EVENT_SQL = """
    SELECT events.*, (SELECT COUNT(*) FROM event_people WHERE event_id = events.id) AS people
    FROM events WHERE organization_id = ?"""


@dataclass(frozen=True)
class EventBody:
    """The body of POST and PUT; times are ISO 8601 UTC."""

    name: str
    time_zone: str
    start_at: str
    end_at: str | None
    location: str | None


@lru_cache(maxsize=1)
def _list_zones() -> set[str]:
    return available_timezones()


def find_zone(name: str) -> ZoneInfo | None:
    """Return the time zone with an IANA name, or None."""
    return ZoneInfo(name) if name in _list_zones() else None


def read_event() -> EventBody:
    """Return the EventBody of this request; raises the 400.

    A time without an offset is local to the event's time zone.
    """
    fields = Fields(read_json_object())
    name = fields.take_text("name", MAX_NAME).strip()
    zone_name = fields.take_text("timeZone", MAX_NAME)
    start_text = fields.take_text("startAt", MAX_TIME)
    end_text = fields.take_optional_text("endAt", MAX_TIME)
    location = fields.take_optional_text("location", MAX_LOCATION)
    zone = find_zone(zone_name)
    if zone_name.strip() and zone is None:
        fields.refuse("timeZone", "must be an IANA time zone such as Europe/Berlin")
    zone = zone or ZoneInfo("UTC")
    start_at = timestamps.parse_iso(start_text, zone)
    if start_text.strip() and start_at is None:
        fields.refuse("startAt", "must be a date or time in ISO 8601")
    end_at = None if end_text is None else timestamps.parse_iso(end_text, zone)
    if end_text is not None and end_at is None:
        fields.refuse("endAt", "must be a date or time in ISO 8601")
    if start_at and end_at and end_at < start_at:
        fields.refuse("endAt", "must not be before startAt")
    fields.finish()
    return EventBody(name, zone_name, start_at or "", end_at, location)


def describe_events(
    connection: sqlite3.Connection, rows: list[sqlite3.Row]
) -> list[dict[str, Any]]:
    """Return events as they travel."""
    tags_by_event = tags.list_by_source(connection, (row["id"] for row in rows))
    return [
        {
            "id": row["id"],
            "name": row["name"],
            "timeZone": row["time_zone"],
            "startAt": row["start_at"],
            "endAt": row["end_at"],
            "location": row["location"],
            "peopleCount": row["people"],
            "tags": tags_by_event[row["id"]],
            "createdAt": row["created_at"],
        }
        for row in rows
    ]


def find_event(connection: sqlite3.Connection, organization_id: int, event_id: int) -> sqlite3.Row:
    """Return the event of an organization; raises the 404."""
    row = connection.execute(f"{EVENT_SQL} AND id = ?", (organization_id, event_id)).fetchone()
    if row is None:
        raise Problem(404, f"Event {event_id} does not exist.")
    return cast(sqlite3.Row, row)
