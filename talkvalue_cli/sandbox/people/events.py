"""Events in the database (section 10)."""

from __future__ import annotations

import sqlite3
from typing import Any, cast

from ..web.problems import Problem
from . import tags

EVENT_SQL = """
    SELECT events.*, (SELECT COUNT(*) FROM event_people WHERE event_id = events.id) AS people
    FROM events WHERE organization_id = ?"""


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
