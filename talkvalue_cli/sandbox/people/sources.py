"""Sources of people: channels and events, which share one space of ids (section 12)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from ..web.problems import Problem

# Channels count from 1 and events from here, so that both have ids that are easy to type.
FIRST_EVENT_ID = 1001

FIND_SQL = """
    SELECT id, 'CHANNEL' AS type, name, icon, color, organization_id FROM channels
    UNION ALL SELECT id, 'EVENT', name, NULL, NULL, organization_id FROM events"""


def take_id(connection: sqlite3.Connection, table: str) -> int:
    """Return an id that no channel and no event ever had; `table`: channels or events."""
    last: dict[str, int] = dict(
        connection.execute(
            "SELECT name, seq FROM sqlite_sequence WHERE name IN ('channels', 'events')"
        ).fetchall()
    )
    channel, event = last.get("channels", 0), last.get("events", FIRST_EVENT_ID - 1)
    if table == "channels" and channel < FIRST_EVENT_ID - 1:
        return channel + 1
    return max(channel, event) + 1


def check_source(connection: sqlite3.Connection, organization_id: int, source_id: int) -> None:
    """Raise the 404 when an organization has no such channel or event."""
    found = connection.execute(
        f"SELECT 1 FROM ({FIND_SQL}) WHERE organization_id = ? AND id = ?",
        (organization_id, source_id),
    ).fetchone()
    if found is None:
        raise Problem(404, f"Neither a channel nor an event has the id {source_id}.")


def describe_sources(
    connection: sqlite3.Connection, source_ids: Iterable[int]
) -> dict[int, dict[str, Any]]:
    """Return id -> source as activity shows it; one that was deleted keeps its last name."""
    found: dict[int, dict[str, Any]] = {}
    for source_id in set(source_ids):
        row = connection.execute(
            f"SELECT id, type, name, icon, color FROM ({FIND_SQL}) WHERE id = ?1"
            " UNION ALL SELECT id, type, name, icon, color FROM removed_sources WHERE id = ?1",
            (source_id,),
        ).fetchone()
        if row is not None:
            found[source_id] = dict(row)
    return found


def remove_source(connection: sqlite3.Connection, kind: str, source_id: int, now: str) -> None:
    """Delete a channel or event with its memberships and tags; `kind`: channel or event.

    Its members' activity says so, and keeps that they joined, which followed from the membership.
    """
    connection.execute(
        "INSERT INTO activity (person_id, action, source_id, created_at)"
        f" SELECT person_id, 'SOURCE_CONNECTED', ?1, joined_at FROM {kind}_people AS m"
        f" WHERE {kind}_id = ?1 AND NOT EXISTS (SELECT 1 FROM activity AS a"
        " WHERE a.person_id = m.person_id AND a.source_id = ?1 AND a.action = 'SOURCE_CONNECTED')",
        (source_id,),
    )
    connection.execute(
        "INSERT INTO activity (person_id, action, source_id, created_at)"
        f" SELECT person_id, 'SOURCE_DISCONNECTED', ?1, ?2 FROM {kind}_people"
        f" WHERE {kind}_id = ?1",
        (source_id, now),
    )
    connection.execute(
        "INSERT INTO removed_sources (id, type, name, icon, color)"
        f" SELECT id, type, name, icon, color FROM ({FIND_SQL}) WHERE id = ?",
        (source_id,),
    )
    connection.execute("DELETE FROM tag_sources WHERE source_id = ?", (source_id,))
    connection.execute(f"DELETE FROM {kind}s WHERE id = ?", (source_id,))
