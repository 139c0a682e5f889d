"""Events in the database (section 10)."""

from __future__ import annotations

import sqlite3
from typing import Any

from ..db.store import Transaction
from ..web.answers import pick
from ..web.problems import found
from . import tags

EVENT_SQL = """
    SELECT events.*, (SELECT COUNT(*) FROM event_people WHERE event_id = events.id) AS people
    FROM events WHERE organization_id = ?"""


def list_events(tx: Transaction) -> list[sqlite3.Row]:
    """Return all events, by id."""
    return tx.execute(f"{EVENT_SQL} ORDER BY id", (tx.organization_id,)).fetchall()


def find_event(tx: Transaction, event_id: int) -> sqlite3.Row:
    """Return an event; raises the 404."""
    row = tx.find(f"{EVENT_SQL} AND id = ?", tx.organization_id, event_id)
    return found(row, f"Event {event_id}")


def describe_events(tx: Transaction, rows: list[sqlite3.Row]) -> list[dict[str, Any]]:
    """Return events as they travel."""
    tags_by_event = tags.list_by_source(tx, (row["id"] for row in rows))
    return [
        {
            **pick(row, "id name timeZone startAt endAt location peopleCount=people"),
            "tags": tags_by_event[row["id"]],
            **pick(row, "createdAt"),
        }
        for row in rows
    ]
